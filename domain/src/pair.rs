//! Pairs ("Sama kerta?"): two gatherings that may be the same one, recorded twice (S14).

use crate::{Date, Gathering, RecordId, review::Settlement};

/// The pairs about which the association is asked: held gatherings of one series and date, without an answer about the two.
///
/// `gatherings` stand in the order of their days, either way; the pairs come in the same order.
pub fn unsettled_pairs<'a>(
    gatherings: impl IntoIterator<Item = (RecordId, &'a Gathering)>,
    settlements: &[Settlement],
) -> Vec<(RecordId, RecordId)> {
    let may_be_twice = |(_, gathering): &(RecordId, &Gathering)| gathering.is_held() && gathering.series.is_some();
    let held: Vec<_> = gatherings.into_iter().filter(may_be_twice).collect();
    let mut pairs = Vec::new();
    for (index, (a, gathering)) in held.iter().enumerate() {
        let same_day = held[index + 1..].iter().take_while(|(_, other)| other.date == gathering.date);
        let twins = same_day.filter(|(b, other)| other.series == gathering.series && !are_settled(*a, *b, settlements));
        pairs.extend(twins.map(|(b, _)| (*a, *b)));
    }
    pairs
}

/// Said before saving: a gathering of this series and day that is there already, and is not `but`.
pub fn same_evening<'a>(
    gatherings: impl IntoIterator<Item = (RecordId, &'a Gathering)>,
    series: RecordId,
    day: Date,
    but: RecordId,
) -> Option<(RecordId, &'a Gathering)> {
    let is_same =
        |(id, other): &(RecordId, &Gathering)| *id != but && other.series == Some(series) && other.date == day;
    gatherings.into_iter().find(is_same)
}

/// Whether the association has answered about these two, in either order.
fn are_settled(a: RecordId, b: RecordId, settlements: &[Settlement]) -> bool {
    settlements.iter().any(|settlement| match settlement {
        Settlement::Pair { first, second, .. } => (*first, *second) == (a, b) || (*first, *second) == (b, a),
        Settlement::Alternative { .. } | Settlement::Period(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Content;
    use serde_json::{Value, json};

    fn id(n: u8) -> RecordId {
        RecordId::from_bytes([n; 16])
    }

    fn gathering(series: Option<u8>, day: u8, extra: Value) -> Gathering {
        let mut content: Content = json!({"form": "kerho", "date": format!("2026-11-{day:02}"), "municipality": "005",
                                          "participants": 14, "volunteers": 2, "volunteer_quarter_hours": 16})
        .as_object()
        .cloned()
        .expect("object");
        if let Some(series) = series {
            content.insert("series".to_owned(), json!(id(series).to_string()));
        }
        content = crate::content::overlay(&content, extra.as_object().expect("object"));
        Gathering::parse(&content, Date::constant(2026, 11, 30)).expect("valid")
    }

    fn asked(gatherings: &[Gathering], settlements: &[Settlement]) -> Vec<(RecordId, RecordId)> {
        unsettled_pairs((1..).map(id).zip(gatherings), settlements)
    }

    #[test]
    fn two_held_gatherings_of_one_series_and_day_are_asked_about() {
        let held = |series, day| gathering(Some(series), day, json!({}));
        let all = [held(7, 23), held(7, 16), held(8, 16), held(7, 16), held(7, 9)];
        assert_eq!(asked(&all, &[]), [(id(2), id(4))]);
    }

    #[test]
    fn of_three_each_pair_is_asked_about() {
        let all = [(); 3].map(|()| gathering(Some(7), 16, json!({})));
        assert_eq!(asked(&all, &[]), [(id(1), id(2)), (id(1), id(3)), (id(2), id(3))]);
    }

    #[test]
    fn a_cancelled_gathering_and_one_of_no_series_are_no_ones_twin() {
        let cancelled = json!({"status": "cancelled", "participants": null, "volunteers": null,
                               "volunteer_quarter_hours": null});
        let held = || gathering(Some(7), 16, json!({}));
        assert_eq!(asked(&[held(), gathering(Some(7), 16, cancelled)], &[]), []);
        assert_eq!(asked(&[(); 2].map(|()| gathering(None, 16, json!({}))), &[]), []);
    }

    #[test]
    fn a_pair_is_settled_in_either_order_and_whatever_the_answer() {
        let all = [(); 2].map(|()| gathering(Some(7), 16, json!({})));
        let answer = |first, second, same| [Settlement::Pair { first: id(first), second: id(second), same }];
        assert_eq!(asked(&all, &answer(1, 2, false)), []);
        assert_eq!(asked(&all, &answer(2, 1, true)), []);
        assert_eq!(asked(&all, &answer(1, 3, true)), [(id(1), id(2))]);
        let of_an_alternative = [Settlement::Alternative { alternative: id(1), taken: true }];
        assert_eq!(asked(&all, &of_an_alternative), [(id(1), id(2))]);
    }

    #[test]
    fn another_gathering_of_the_evening_is_found_and_the_form_itself_is_not() {
        let all = [gathering(Some(7), 16, json!({})), gathering(Some(8), 16, json!({}))];
        let found = |series, day, but| {
            let day = Date::constant(2026, 11, day);
            same_evening((1..).map(id).zip(&all), id(series), day, id(but)).map(|(id, _)| id)
        };
        assert_eq!(found(7, 16, 9), Some(id(1)));
        assert_eq!(found(8, 16, 9), Some(id(2)));
        assert_eq!(found(7, 16, 1), None);
        assert_eq!(found(7, 17, 9), None);
    }
}
