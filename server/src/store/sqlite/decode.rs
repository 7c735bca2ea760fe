//! From SQLite's values to ours and back. What cannot be read is an error that names it.

use domain::{Content, Date, Kind, Month, Quarter, Role, codes::Municipality, date};
use sqlx::{Row, sqlite::SqliteRow};
use uuid::Uuid;

use crate::store::{Result, StoreError};

/// The last month and quarter of the calendar's year 9999.
const MONTHS_END: i32 = 10_000 * 12;
const QUARTERS_END: i32 = 10_000 * 4;

pub fn bytes(uuid: Uuid) -> Vec<u8> {
    uuid.as_bytes().to_vec()
}

pub fn uuid(bytes: Vec<u8>) -> Result<Uuid> {
    Uuid::from_slice(&bytes).map_err(|_| StoreError::Damaged("id"))
}

pub fn content(text: Option<String>) -> Result<Option<Content>> {
    text.map(|text| serde_json::from_str(&text).map_err(|_| StoreError::Damaged("content"))).transpose()
}

/// The kind in a row's column of this name.
pub fn kind(row: &SqliteRow) -> Result<Kind> {
    Kind::from_name(row.try_get("kind")?).ok_or(StoreError::Damaged("kind of a record"))
}

/// The role in a row's column of this name.
pub fn role(row: &SqliteRow) -> Result<Role> {
    Role::from_name(row.try_get("role")?).ok_or(StoreError::Damaged("role"))
}

/// A code of today, or of a municipality that has been merged into one.
pub fn municipality(code: &str, what: &'static str) -> Result<Municipality> {
    Municipality::parse_or_successor(code).ok_or(StoreError::Damaged(what))
}

pub fn month(index: i64, what: &'static str) -> Result<Month> {
    within(index, MONTHS_END).map(Month::from_index).ok_or(StoreError::Damaged(what))
}

pub fn quarter(index: i64, what: &'static str) -> Result<Quarter> {
    within(index, QUARTERS_END).map(Quarter::from_index).ok_or(StoreError::Damaged(what))
}

/// The date of a day number; a number beyond the calendar is no date.
pub fn day(number: i64, what: &'static str) -> Result<Date> {
    let number = i32::try_from(number).map_err(|_| StoreError::Damaged(what))?;
    let day = date::from_day_number(number);
    if date::day_number(day) == number { Ok(day) } else { Err(StoreError::Damaged(what)) }
}

fn within(index: i64, end: i32) -> Option<i32> {
    i32::try_from(index).ok().filter(|index| (0..end).contains(index))
}

/// SQLite's integers are signed; ours are not.
pub fn natural(value: i64) -> Result<u64> {
    u64::try_from(value).map_err(|_| StoreError::Damaged("negative number"))
}

pub fn integer(value: u64) -> Result<i64> {
    i64::try_from(value).map_err(|_| StoreError::Damaged("number over 63 bits"))
}

/// A device can tell any number; one that no signed integer holds is no reason to keep it waiting for ever.
pub fn at_most(told: u64) -> i64 {
    i64::try_from(told).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_beyond_the_calendar_is_damage() {
        assert!(
            month(2026 * 12, "month").is_ok() && quarter(2026 * 4, "quarter").is_ok() && day(20_000, "day").is_ok()
        );
        for number in [-1, 10_000 * 12, i64::MAX] {
            assert!(matches!(month(number, "month"), Err(StoreError::Damaged("month"))), "{number}");
            assert!(matches!(quarter(number, "quarter"), Err(StoreError::Damaged("quarter"))), "{number}");
        }
        assert!(day(99_999_999, "day").is_err() && day(i64::MAX, "day").is_err());
    }
}
