//! The association: the body that organises the activity and owns its records.

use serde_json::Value;

use crate::{
    Content, FieldError, Month, Problem, bounds,
    codes::Municipality,
    content::{self, Reader, put},
    deadline::{self, Deadline},
};

/// An association whose every field has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Association {
    pub name: String,
    pub home: Municipality,
    /// Y-tunnus, checksum tested.
    pub business_id: Option<String>,
    /// Whom the volunteers, and the coordinator, ask. A role or an office number, never a private person's.
    pub contact: Option<String>,
    /// Agrees that its sensitive activity is shown even where it is the only one (protection rule 4).
    pub shown_alone: bool,
    /// Volunteers may set up series; most associations have no secretary.
    pub volunteers_set_up_series: bool,
    /// Volunteers may change and delete what other volunteers recorded.
    pub volunteers_change_others: bool,
    /// Months in which the association said "ei toimintaa".
    pub no_activity: Vec<Month>,
    /// By when its funders want its figures.
    pub deadlines: Vec<Deadline>,
}

/// Every field of an association's content that this version knows. Those of its page are read by [`crate::own_page`].
pub const FIELDS: &[&str] = &[
    "name",
    "home",
    "business_id",
    "contact",
    "shown_alone",
    "volunteers_set_up_series",
    "volunteers_change_others",
    "no_activity",
    "deadlines",
    "public_page",
    "public_contact",
    "about_support_fi",
    "about_support_sv",
    "about_support_en",
    "about_inclusion_fi",
    "about_inclusion_sv",
    "about_inclusion_en",
    "about_expertise_fi",
    "about_expertise_sv",
    "about_expertise_en",
];

/// Months of "no activity" that are kept: ten years of them.
const NO_ACTIVITY_MAX: usize = 120;

impl Association {
    pub fn parse(content: &Content) -> Result<Association, Vec<FieldError>> {
        let mut read = Reader::new(content);
        let name = read.required("name", content::line(bounds::ASSOCIATION_NAME_MAX_CHARS));
        let home = read.required("home", content::municipality);
        let business_id = read.optional("business_id", business_id);
        let contact = read.optional("contact", content::line(bounds::ASSOCIATION_NAME_MAX_CHARS));
        let shown_alone = read.optional("shown_alone", content::yes_or_no).unwrap_or(false);
        let volunteers_set_up_series = read.optional("volunteers_set_up_series", content::yes_or_no).unwrap_or(true);
        let volunteers_change_others = read.optional("volunteers_change_others", content::yes_or_no).unwrap_or(false);
        let no_activity = read.optional("no_activity", months).unwrap_or_default();
        let deadlines = read.optional("deadlines", deadline::read).unwrap_or_default();
        let whole = name.zip(home).map(|(name, home)| Association {
            name,
            home,
            business_id,
            contact,
            shown_alone,
            volunteers_set_up_series,
            volunteers_change_others,
            no_activity,
            deadlines,
        });
        read.finish(whole)
    }

    pub fn to_content(&self) -> Content {
        let mut out = Content::new();
        put(&mut out, "name", Some(self.name.clone()));
        put(&mut out, "home", Some(self.home.code()));
        put(&mut out, "business_id", self.business_id.clone());
        put(&mut out, "contact", self.contact.clone());
        put(&mut out, "shown_alone", self.shown_alone.then_some(true));
        put(&mut out, "volunteers_set_up_series", (!self.volunteers_set_up_series).then_some(false));
        put(&mut out, "volunteers_change_others", self.volunteers_change_others.then_some(true));
        let months: Vec<Value> = self.no_activity.iter().map(|month| month.to_string().into()).collect();
        put(&mut out, "no_activity", (!months.is_empty()).then_some(months));
        put(&mut out, "deadlines", (!self.deadlines.is_empty()).then(|| deadline::value(&self.deadlines)));
        out
    }
}

/// What an association lets its volunteers do beside recording, or does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VolunteersMay {
    SetUpSeries,
    ChangeOthers,
}

impl VolunteersMay {
    pub const ALL: [VolunteersMay; 2] = [VolunteersMay::SetUpSeries, VolunteersMay::ChangeOthers];

    /// The field of the association's record.
    pub fn field(self) -> &'static str {
        match self {
            VolunteersMay::SetUpSeries => "volunteers_set_up_series",
            VolunteersMay::ChangeOthers => "volunteers_change_others",
        }
    }

    /// What it is where the association has said nothing.
    const fn unsaid(self) -> bool {
        matches!(self, VolunteersMay::SetUpSeries)
    }

    pub fn of(self, association: &Association) -> bool {
        match self {
            VolunteersMay::SetUpSeries => association.volunteers_set_up_series,
            VolunteersMay::ChangeOthers => association.volunteers_change_others,
        }
    }

    /// The field's value in an edit: null, which takes the field away, for what goes without saying.
    pub fn edited(self, may: bool) -> Value {
        if may == self.unsaid() { Value::Null } else { may.into() }
    }
}

/// A business id as people type it, in the form in which it is stored: `FI01162976`, `0116297–6` and, of those given out before a seventh
/// digit was needed, `116297-6` are `0116297-6`. What is none comes back as it is, and is refused by [`Association::parse`].
pub fn typed_business_id(typed: &str) -> String {
    let is_between = |c: char| c.is_whitespace() || matches!(c, '-' | '.' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let bare: String = typed.chars().filter(|c| !is_between(*c)).collect::<String>().to_uppercase();
    let digits = bare.strip_prefix("FI").unwrap_or(&bare);
    let is_one = (7..=8).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    if !is_one {
        return typed.trim().to_owned();
    }
    let (number, check) = digits.split_at(digits.len() - 1);
    format!("{number:0>7}-{check}")
}

/// `1234567-8`: the last digit is a weighted checksum modulo 11 (Finnish Patent and Registration Office).
fn business_id(value: &Value) -> Result<String, Problem> {
    let text = value.as_str().ok_or(Problem::BadBusinessId)?;
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let shaped = text.len() == 9 && text.as_bytes()[7] == b'-' && digits.len() == 8;
    if !shaped {
        return Err(Problem::BadBusinessId);
    }
    let sum: u32 = digits.iter().zip([7, 9, 10, 5, 8, 4, 2]).map(|(digit, weight)| digit * weight).sum();
    let check = match sum % 11 {
        0 => 0,
        1 => return Err(Problem::BadBusinessId),
        rest => 11 - rest,
    };
    if check == digits[7] { Ok(text.to_owned()) } else { Err(Problem::BadBusinessId) }
}

fn months(value: &Value) -> Result<Vec<Month>, Problem> {
    let items = value.as_array().ok_or(Problem::NotADate)?;
    if items.len() > NO_ACTIVITY_MAX {
        return Err(Problem::TooMany { max: NO_ACTIVITY_MAX });
    }
    items
        .iter()
        .map(|item| {
            let text = item.as_str().ok_or(Problem::NotADate)?;
            let day = crate::date::parse(&format!("{text}-01")).ok_or(Problem::NotADate)?;
            Ok(Month::of(day))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_business_id_is_tested_by_its_checksum() {
        assert!(business_id(&json!("0116297-6")).is_ok());
        for wrong in ["0116297-5", "0116297", "01162976", "abcdefg-h", ""] {
            assert_eq!(business_id(&json!(wrong)), Err(Problem::BadBusinessId), "{wrong}");
        }
    }

    #[test]
    fn a_business_id_is_understood_as_it_is_typed() {
        for typed in ["0116297-6", "01162976", " 0116297 – 6 ", "FI01162976", "fi 0116297-6", "116297-6", "1162976"] {
            assert_eq!(typed_business_id(typed), "0116297-6", "{typed}");
        }
        for other in ["", "16297-6", "001162976", "ei ole", "0116297-X", "ÄÄ"] {
            assert_eq!(typed_business_id(other), other);
            assert_eq!(business_id(&json!(typed_business_id(other))), Err(Problem::BadBusinessId));
        }
    }

    #[test]
    fn what_volunteers_may_is_said_and_taken_back() {
        let bare = json!({"name": "Kylän Väki ry", "home": "005"}).as_object().cloned().expect("object");
        let own = Association::parse(&bare).expect("valid");
        assert_eq!(VolunteersMay::ALL.map(|one| one.of(&own)), [true, false], "what goes without saying");
        for one in VolunteersMay::ALL {
            for may in [true, false] {
                let edit = Content::from_iter([(one.field().to_owned(), one.edited(may))]);
                let content = content::overlay(&bare, &edit);
                let association = Association::parse(&content).expect("valid");
                assert_eq!(one.of(&association), may, "{one:?}");
                assert_eq!(association.to_content(), content, "in its normal form");
                for other in VolunteersMay::ALL.into_iter().filter(|other| *other != one) {
                    assert_eq!(other.of(&association), other.of(&own), "and nothing else is");
                }
            }
        }
    }

    #[test]
    fn an_association_is_read_and_written_back() {
        let content = json!({"name": "Kylän Väki ry", "home": "005", "no_activity": ["2026-07"],
                             "deadlines": [{"funder": "STEA", "day": "02-28"}]});
        let content = content.as_object().expect("object");
        let association = Association::parse(content).expect("valid");
        assert!(association.volunteers_set_up_series && !association.volunteers_change_others);
        assert_eq!(&association.to_content(), content);
        let mut allows = content.clone();
        allows.insert("volunteers_change_others".to_owned(), json!(true));
        let association = Association::parse(&allows).expect("valid");
        assert!(association.volunteers_change_others);
        assert_eq!(association.to_content(), allows);
    }
}
