//! A record's content as it travels: a flat JSON object. Parsing it gives a type that can be trusted.
//!
//! `null` clears a field, an absent field leaves it as it is, and a field that this version does not know is kept
//! (S13). So the server stores the [`overlay`] of a sent content on its base, and every parser reads through
//! [`Reader`].

use serde_json::Value;

use crate::{bounds, codes, date, date::Date, text};

/// The fields of one record, by name.
pub type Content = serde_json::Map<String, Value>;

/// What is wrong with one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    Missing,
    NotANumber,
    TooSmall {
        min: u32,
    },
    TooLarge {
        max: u32,
    },
    NotADate,
    /// Before the year 2000.
    TooEarly,
    /// After tomorrow.
    InTheFuture,
    NotATime,
    UnknownCode,
    NotText,
    TooLong {
        max: usize,
    },
    NotYesOrNo,
    TooMany {
        max: usize,
    },
    /// A breakdown has to sum to the number of participants.
    DoesNotSum {
        sum: u32,
        expected: u32,
    },
    /// More of some kind of participant than participants.
    MoreThanParticipants {
        participants: u32,
    },
    /// A cancelled gathering has no numbers.
    NumbersOfCancelled,
    /// The check digit of a business id does not match.
    BadBusinessId,
    NotAnId,
    /// A new text seems to have a Finnish identity code ([`crate::personal`]).
    IdentityCode,
    /// The same with a phone number.
    PhoneNumber,
    /// The same with an e-mail address.
    EmailAddress,
}

impl Problem {
    /// The stable code on the wire; the UI translates it.
    pub const fn code(self) -> &'static str {
        match self {
            Problem::Missing => "missing",
            Problem::NotANumber => "not-a-number",
            Problem::TooSmall { .. } => "too-small",
            Problem::TooLarge { .. } => "too-large",
            Problem::NotADate => "not-a-date",
            Problem::TooEarly => "too-early",
            Problem::InTheFuture => "in-the-future",
            Problem::NotATime => "not-a-time",
            Problem::UnknownCode => "unknown-code",
            Problem::NotText => "not-text",
            Problem::TooLong { .. } => "too-long",
            Problem::NotYesOrNo => "not-yes-or-no",
            Problem::TooMany { .. } => "too-many",
            Problem::DoesNotSum { .. } => "does-not-sum",
            Problem::MoreThanParticipants { .. } => "more-than-participants",
            Problem::NumbersOfCancelled => "numbers-of-cancelled",
            Problem::BadBusinessId => "bad-business-id",
            Problem::NotAnId => "not-an-id",
            Problem::IdentityCode => "identity-code",
            Problem::PhoneNumber => "phone-number",
            Problem::EmailAddress => "email-address",
        }
    }
}

/// A field and what is wrong with it. A form shows all of them, the wire carries the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: &'static str,
    pub problem: Problem,
}

/// `base` with `patch` laid over it: `null` removes, a value replaces, absence keeps.
pub fn overlay(base: &Content, patch: &Content) -> Content {
    let mut whole = base.clone();
    for (name, value) in patch {
        if value.is_null() {
            whole.remove(name);
        } else {
            whole.insert(name.clone(), value.clone());
        }
    }
    whole
}

/// Reads fields and gathers every problem instead of stopping at the first.
pub struct Reader<'a> {
    content: &'a Content,
    errors: Vec<FieldError>,
}

impl<'a> Reader<'a> {
    pub fn new(content: &'a Content) -> Self {
        Self { content, errors: Vec::new() }
    }

    pub fn fail(&mut self, field: &'static str, problem: Problem) {
        self.errors.push(FieldError { field, problem });
    }

    /// `value` when no field had a problem.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<FieldError>> {
        match value {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => Err(self.errors),
        }
    }

    pub fn has(&self, field: &str) -> bool {
        self.value(field).is_some()
    }

    fn value(&self, field: &str) -> Option<&'a Value> {
        self.content.get(field).filter(|value| !value.is_null())
    }

    /// The field through `parse`; none when absent, and none with a noted problem when wrong.
    pub fn optional<T>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(&'a Value) -> Result<T, Problem>,
    ) -> Option<T> {
        match parse(self.value(field)?) {
            Ok(value) => Some(value),
            Err(problem) => {
                self.fail(field, problem);
                None
            }
        }
    }

    /// As [`Reader::optional`], and absence is a problem too.
    pub fn required<T>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(&'a Value) -> Result<T, Problem>,
    ) -> Option<T> {
        if !self.has(field) {
            self.fail(field, Problem::Missing);
        }
        self.optional(field, parse)
    }

    /// A list of codes or tags, at most [`bounds::CODES_MAX`]; absent means empty.
    pub fn list<T>(&mut self, field: &'static str, parse: impl Fn(&'a Value) -> Result<T, Problem>) -> Vec<T> {
        self.optional(field, |value| {
            let items = value.as_array().ok_or(Problem::UnknownCode)?;
            if items.len() > bounds::CODES_MAX {
                return Err(Problem::TooMany { max: bounds::CODES_MAX });
            }
            items.iter().map(&parse).collect()
        })
        .unwrap_or_default()
    }
}

/// A whole number from `min` to `max`. Fractions, negative numbers and numbers in quotes are refused.
pub fn number(min: u32, max: u32) -> impl Fn(&Value) -> Result<u32, Problem> {
    move |value| {
        if !value.is_number() {
            return Err(Problem::NotANumber);
        }
        match value.as_u64() {
            Some(n) if n < u64::from(min) => Err(Problem::TooSmall { min }),
            Some(n) if n > u64::from(max) => Err(Problem::TooLarge { max }),
            Some(n) => Ok(n as u32),
            None if value.as_f64().is_some_and(|n| n < 0.0) => Err(Problem::TooSmall { min }),
            None => Err(Problem::NotANumber),
        }
    }
}

/// A day from 2000-01-01 to the day after `today` (the server's or the phone's day in Helsinki).
pub fn day(today: Date) -> impl Fn(&Value) -> Result<Date, Problem> {
    move |value| {
        let day = value.as_str().and_then(date::parse).ok_or(Problem::NotADate)?;
        if day.year() < bounds::FIRST_YEAR {
            Err(Problem::TooEarly)
        } else if day > date::plus_days(today, bounds::DAYS_AHEAD_MAX) {
            Err(Problem::InTheFuture)
        } else {
            Ok(day)
        }
    }
}

/// A local time of day, `HH:MM`, as minutes since midnight.
pub fn time_of_day(value: &Value) -> Result<u16, Problem> {
    let text = value.as_str().ok_or(Problem::NotATime)?;
    let (hours, minutes) = text.split_once(':').ok_or(Problem::NotATime)?;
    let two_digits = |part: &str, end: u16| {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u16>().ok())
            .flatten()
            .filter(|n| *n < end)
            .ok_or(Problem::NotATime)
    };
    Ok(two_digits(hours, 24)? * 60 + two_digits(minutes, 60)?)
}

/// `HH:MM` of minutes since midnight.
pub fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Normalised text of at most `max` characters; a text of nothing but space is a problem, clear the field with `null`.
pub fn line(max: usize) -> impl Fn(&Value) -> Result<String, Problem> {
    move |value| {
        let raw = value.as_str().ok_or(Problem::NotText)?;
        // Cut before normalising: ten megabytes are refused without being walked through.
        if raw.len() > max.saturating_mul(16) {
            return Err(Problem::TooLong { max });
        }
        let text = text::normalise(raw);
        match text.chars().count() {
            0 => Err(Problem::Missing),
            n if n > max => Err(Problem::TooLong { max }),
            _ => Ok(text),
        }
    }
}

pub fn yes_or_no(value: &Value) -> Result<bool, Problem> {
    value.as_bool().ok_or(Problem::NotYesOrNo)
}

/// One of a closed list by its code.
pub fn code<T>(parse: impl Fn(&str) -> Option<T>) -> impl Fn(&Value) -> Result<T, Problem> {
    move |value| value.as_str().and_then(&parse).ok_or(Problem::UnknownCode)
}

pub fn id<T>(parse: impl Fn(&str) -> Option<T>) -> impl Fn(&Value) -> Result<T, Problem> {
    move |value| value.as_str().and_then(&parse).ok_or(Problem::NotAnId)
}

pub fn municipality(value: &Value) -> Result<codes::Municipality, Problem> {
    value.as_str().and_then(codes::Municipality::parse_or_successor).ok_or(Problem::UnknownCode)
}

/// Five digits.
pub fn postal_code(value: &Value) -> Result<String, Problem> {
    value
        .as_str()
        .filter(|text| text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit()))
        .map(str::to_owned)
        .ok_or(Problem::UnknownCode)
}

/// Puts a value where there is one; an empty optional leaves no field.
pub(crate) fn put<T: Into<Value>>(content: &mut Content, field: &str, value: Option<T>) {
    if let Some(value) = value {
        content.insert(field.to_owned(), value.into());
    }
}

/// Puts a list of codes where it is not empty.
pub(crate) fn put_codes(content: &mut Content, field: &str, codes: impl Iterator<Item = &'static str>) {
    let list: Vec<Value> = codes.map(Value::from).collect();
    if !list.is_empty() {
        content.insert(field.to_owned(), Value::Array(list));
    }
}

/// `known` (what a parsed record writes) and beside it the fields of `original` that its parser does not know.
pub(crate) fn keep_unknown(known: Content, original: &Content, fields: &[&str]) -> Content {
    let mut whole = known;
    for (name, value) in original {
        if !value.is_null() && !fields.contains(&name.as_str()) {
            whole.insert(name.clone(), value.clone());
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_number_is_whole_not_negative_and_within_bounds() {
        let parse = number(0, 100);
        assert_eq!(parse(&json!(14)), Ok(14));
        assert_eq!(parse(&json!(101)), Err(Problem::TooLarge { max: 100 }));
        assert_eq!(parse(&json!(-1)), Err(Problem::TooSmall { min: 0 }));
        for wrong in [json!(1.5), json!("14"), json!(true), json!([14])] {
            assert_eq!(parse(&wrong), Err(Problem::NotANumber), "{wrong}");
        }
    }

    #[test]
    fn a_day_in_1890_and_the_day_after_tomorrow_are_refused() {
        let parse = day(Date::constant(2026, 11, 21));
        assert!(parse(&json!("2026-11-22")).is_ok());
        assert_eq!(parse(&json!("1890-03-01")), Err(Problem::TooEarly));
        assert_eq!(parse(&json!("2026-11-23")), Err(Problem::InTheFuture));
        assert_eq!(parse(&json!("yesterday")), Err(Problem::NotADate));
    }

    #[test]
    fn a_note_of_ten_megabytes_is_too_long() {
        assert_eq!(line(500)(&json!("a".repeat(10 << 20))), Err(Problem::TooLong { max: 500 }));
        assert_eq!(line(3)(&json!("äöå")), Ok("äöå".to_owned()));
    }

    #[test]
    fn null_clears_and_absence_keeps() {
        let base = json!({"note": "a", "place": "b"}).as_object().cloned().expect("object");
        let patch = json!({"note": null, "days": 2}).as_object().cloned().expect("object");
        assert_eq!(Value::Object(overlay(&base, &patch)), json!({"place": "b", "days": 2}));
    }
}
