//! A content of any kind of record: checking it, writing it in its normal form, and the groups of fields by which edits
//! merge (S11).

use crate::{
    Content, Date, FieldError, Gathering, Kind, Series, alternative,
    association::{self, Association},
    content::keep_unknown,
    gathering,
    own_page::{self, OwnPage, Showing},
    personal,
    review::{self, Review, Settlement},
    series,
    yearly_people::{self, YearlyPeople},
};

/// Checks `content` as a record of `kind` and writes it in its normal form: known fields normalised and defaults left out,
/// unknown fields kept as they came.
pub fn normalise(kind: Kind, content: &Content, today: Date) -> Result<Content, Vec<FieldError>> {
    let known = match kind {
        Kind::Association => {
            let (own, page) = both(Association::parse(content), OwnPage::parse(content))?;
            let mut known = own.to_content();
            page.write(&mut known);
            known
        }
        Kind::Series => {
            let (series, showing) = both(Series::parse(content), Showing::parse(content))?;
            let mut known = series.to_content();
            showing.write(&mut known);
            known
        }
        Kind::Gathering => Gathering::parse(content, today)?.to_content(),
        Kind::YearlyPeople => YearlyPeople::parse(content)?.to_content(),
        Kind::Review => Review::parse(content)?.to_content(),
        Kind::Settlement => Settlement::parse(content)?.to_content(),
        // Made by the server from contents that were checked when they came.
        Kind::Alternative => content.clone(),
    };
    Ok(keep_unknown(known, content, fields(kind)))
}

/// Both, or every problem of both.
fn both<A, B>(a: Result<A, Vec<FieldError>>, b: Result<B, Vec<FieldError>>) -> Result<(A, B), Vec<FieldError>> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (a, b) => Err([a.err(), b.err()].into_iter().flatten().flatten().collect()),
    }
}

/// Every text with personal data that none of `known` says already ([`personal::in_new_texts`]), the public ones included.
pub fn personal_in_new_texts(kind: Kind, content: &Content, known: &[&Content]) -> Vec<FieldError> {
    let mut found = personal::in_new_texts(kind, content, known);
    found.extend(own_page::personal_in_new_texts(kind, content, known));
    found
}

/// The fields of a kind that this version knows.
pub const fn fields(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Association => association::FIELDS,
        Kind::Series => series::FIELDS,
        Kind::Gathering => gathering::FIELDS,
        Kind::YearlyPeople => yearly_people::FIELDS,
        Kind::Review => review::FIELDS,
        Kind::Settlement => review::SETTLEMENT_FIELDS,
        Kind::Alternative => alternative::FIELDS,
    }
}

/// The group of fields that `field` merges with. Fields of one group are edited together on the screen and only make sense
/// together, so two people who change the same group differently are asked about; every other field is a group by itself.
pub fn field_group(kind: Kind, field: &str) -> &str {
    match kind {
        Kind::Gathering => gathering_group(field),
        // A number is only as good as the way it was counted.
        Kind::YearlyPeople if field == "basis" => "distinct_people",
        _ => field,
    }
}

fn gathering_group(field: &str) -> &str {
    match field {
        "participants" | "first_timers" | "digital_participants" | "residents" | "ages" | "genders" => "heads",
        "volunteers" | "volunteer_quarter_hours" | "duration" => "volunteers",
        "staff" | "staff_quarter_hours" => "staff",
        "date" | "start" | "days" | "nights" => "date",
        "municipality" | "place" | "postal_code" => "place",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_field_from_the_future_is_kept() {
        let content = json!({"form": "kerho", "date": "2026-11-16", "municipality": "005", "participants": 3,
                             "volunteers": 0, "volunteer_quarter_hours": 0, "weather": "rain", "note": null});
        let content = content.as_object().expect("object");
        let normal = normalise(Kind::Gathering, content, Date::constant(2026, 11, 21)).expect("valid");
        assert_eq!(normal["weather"], "rain");
        assert!(!normal.contains_key("note"));
    }

    #[test]
    fn normalising_is_idempotent() {
        let content = json!({"name": "  Kerho ", "form": "kerho", "municipality": "588", "sensitive": false});
        let once = normalise(Kind::Series, content.as_object().expect("object"), Date::MIN).expect("valid");
        assert_eq!(once["municipality"], "507");
        assert_eq!(normalise(Kind::Series, &once, Date::MIN), Ok(once));
    }

    #[test]
    fn breakdowns_merge_with_their_heads() {
        assert_eq!(field_group(Kind::Gathering, "ages"), field_group(Kind::Gathering, "participants"));
        assert_eq!(field_group(Kind::YearlyPeople, "basis"), field_group(Kind::YearlyPeople, "distinct_people"));
        assert_ne!(field_group(Kind::Gathering, "note"), field_group(Kind::Gathering, "participants"));
    }
}
