//! From a claim of the ID token to the areas that its person coordinates.

use domain::Area;
use serde_json::Value;

/// The areas of a claim's value: a text, or a list of texts. Each value counts only as it is written in the map; whatever else is in the
/// claim says nothing.
pub fn areas(claim: Option<&Value>, map: &[(String, Area)]) -> Vec<Area> {
    let said: Vec<&str> = match claim {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let mut areas: Vec<Area> =
        map.iter().filter(|(value, _)| said.contains(&value.as_str())).map(|(_, area)| *area).collect();
    areas.sort();
    areas.dedup();
    areas
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_claim_gives_the_areas_that_its_values_stand_for_and_no_other() {
        let siuntio = Area::parse("municipality", "755").expect("an area");
        let map = [("hyte-755".to_owned(), siuntio), ("siuntio".to_owned(), siuntio), ("stm".to_owned(), Area::Nation)];
        let of = |claim: Value| areas(Some(&claim), &map);
        assert_eq!(of(json!("hyte-755")), [siuntio]);
        assert_eq!(of(json!(["other", "hyte-755", "siuntio"])), [siuntio]);
        let mut both = of(json!(["stm", "hyte-755", 7, null, ["stm"]]));
        both.sort_by_key(|area| area.kind() == "nation");
        assert_eq!(both, [siuntio, Area::Nation]);
        for nothing in [
            json!("HYTE-755"),
            json!("hyte-755 "),
            json!("hyte"),
            json!("hyte-755,stm"),
            json!(""),
            json!([]),
            json!(755),
            json!(true),
            json!({"stm": true}),
            json!([["stm"]]),
            Value::Null,
        ] {
            assert!(of(nothing.clone()).is_empty(), "{nothing}");
        }
        assert!(areas(None, &map).is_empty());
    }
}
