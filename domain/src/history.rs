//! What happened to a record from one revision to the next, and what two versions of it differ in.

use serde_json::Value;

use crate::{Content, Kind, record};

/// One field that two contents say differently. None where one does not say it.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    pub field: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// What a revision did.
#[derive(Clone, Debug, PartialEq)]
pub enum Happened {
    Recorded,
    /// Nothing where it said the same once more.
    Changed(Vec<Difference>),
    Deleted,
    /// It had been deleted.
    BroughtBack,
}

/// What the revision with content `now` did after one with content `before`; a content is none where it was deleted, and
/// `before` is none of a first revision.
pub fn happened(kind: Kind, before: Option<Option<&Content>>, now: Option<&Content>) -> Happened {
    match (before, now) {
        (_, None) => Happened::Deleted,
        (None, Some(_)) => Happened::Recorded,
        (Some(None), Some(_)) => Happened::BroughtBack,
        (Some(Some(before)), Some(now)) => Happened::Changed(differences(kind, before, now)),
    }
}

/// The fields that two contents say differently: those of the kind in their order, then those that this version does not know.
/// `null` says nothing.
pub fn differences(kind: Kind, before: &Content, after: &Content) -> Vec<Difference> {
    let known = record::fields(kind);
    let is_unknown = |name: &&str| !known.contains(name);
    let mut others: Vec<&str> = before.keys().chain(after.keys()).map(String::as_str).filter(is_unknown).collect();
    others.sort_unstable();
    others.dedup();
    let value = |content: &Content, field: &str| content.get(field).filter(|value| !value.is_null()).cloned();
    let difference = |field: &str| {
        let (before, after) = (value(before, field), value(after, field));
        (before != after).then(|| Difference { field: field.to_owned(), before, after })
    };
    known.iter().copied().chain(others).filter_map(difference).collect()
}

/// Fields that only make sense together ([`record::field_group`]) and that two versions of a record say differently.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The group's name.
    pub group: String,
    pub fields: Vec<Difference>,
}

/// What can be chosen between two versions of a record, group by group in the order of the fields.
pub fn choices(kind: Kind, first: &Content, second: &Content) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for difference in differences(kind, first, second) {
        let group = record::field_group(kind, &difference.field);
        match choices.iter_mut().find(|choice| choice.group == group) {
            Some(choice) => choice.fields.push(difference),
            None => choices.push(Choice { group: group.to_owned(), fields: vec![difference] }),
        }
    }
    choices
}

/// The first version with the groups that were chosen from the second. As it is sent: `null` where a field is cleared.
pub fn chosen(first: &Content, choices: &[Choice], is_second: impl Fn(&Choice) -> bool) -> Content {
    let mut content = first.clone();
    for difference in choices.iter().filter(|choice| is_second(choice)).flat_map(|choice| &choice.fields) {
        content.insert(difference.field.clone(), difference.after.clone().unwrap_or_default());
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::overlay;
    use proptest::prelude::*;
    use serde_json::json;

    fn content(value: Value) -> Content {
        value.as_object().cloned().expect("object")
    }

    #[test]
    fn what_was_changed_is_told_field_by_field_in_the_forms_order() {
        let before = content(json!({"participants": 12, "note": "Sataa", "form": "kerho", "weather": "rain"}));
        let now = content(json!({"participants": 14, "form": "kerho", "place": "Talo", "weather": null}));
        let changed = |field: &str, before: Option<Value>, after: Option<Value>| Difference {
            field: field.to_owned(),
            before,
            after,
        };
        let expected = [
            changed("place", None, Some(json!("Talo"))),
            changed("participants", Some(json!(12)), Some(json!(14))),
            changed("note", Some(json!("Sataa")), None),
            changed("weather", Some(json!("rain")), None),
        ];
        assert_eq!(happened(Kind::Gathering, Some(Some(&before)), Some(&now)), Happened::Changed(expected.into()));
        assert_eq!(happened(Kind::Gathering, Some(Some(&now)), Some(&now)), Happened::Changed(Vec::new()));
    }

    #[test]
    fn a_record_is_made_deleted_and_brought_back() {
        let now = content(json!({"participants": 12}));
        assert_eq!(happened(Kind::Gathering, None, Some(&now)), Happened::Recorded);
        assert_eq!(happened(Kind::Gathering, Some(Some(&now)), None), Happened::Deleted);
        assert_eq!(happened(Kind::Gathering, Some(None), Some(&now)), Happened::BroughtBack);
    }

    #[test]
    fn heads_and_their_breakdown_are_chosen_together() {
        let first = content(json!({"participants": 12, "ages": {"75": 12}, "note": "Sataa", "volunteers": 2}));
        let second = content(json!({"participants": 14, "volunteers": 3}));
        let all = choices(Kind::Gathering, &first, &second);
        let names: Vec<&str> = all.iter().map(|choice| choice.group.as_str()).collect();
        assert_eq!(names, ["heads", "volunteers", "note"]);
        let taken = chosen(&first, &all, |choice| choice.group == "heads");
        let expected = json!({"participants": 14, "ages": null, "note": "Sataa", "volunteers": 2});
        assert_eq!(taken, content(expected), "what is cleared is said to be: an absent field would stay");
    }

    proptest! {
        #[test]
        fn choosing_all_gives_the_second_and_choosing_none_the_first(
            first in prop::collection::btree_map("[a-d]|participants|ages|note|date|start", 0_u8..3, 0..8),
            second in prop::collection::btree_map("[a-d]|participants|ages|note|date|start", 0_u8..3, 0..8),
        ) {
            let of = |map: std::collections::BTreeMap<String, u8>| -> Content {
                map.into_iter().map(|(name, value)| (name, json!(value))).collect()
            };
            let (first, second) = (of(first), of(second));
            let all = choices(Kind::Gathering, &first, &second);
            let plain = |content: &Content| overlay(&Content::new(), content);
            prop_assert_eq!(chosen(&first, &all, |_| false), first.clone());
            prop_assert_eq!(plain(&chosen(&first, &all, |_| true)), second);
            let groups: std::collections::BTreeSet<_> = all.iter().map(|choice| choice.group.clone()).collect();
            prop_assert_eq!(groups.len(), all.len(), "each group is asked about once");
        }
    }
}
