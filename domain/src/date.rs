//! Calendar dates, months and quarters in Europe/Helsinki. There are no timestamps: a gathering is held on a day.

use std::fmt;

pub use jiff::civil::{Date, Weekday};

/// Reads `2026-11-21` and nothing else: four, two and two digits of a day that exists.
pub fn parse(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| -> Option<i16> {
        bytes[range]
            .iter()
            .try_fold(0_i16, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + i16::from(digit - b'0')))
    };
    Date::new(number(0..4)?, number(5..7)? as i8, number(8..10)? as i8).ok()
}

/// The ISO form, `2026-11-21`.
pub fn iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// Days since 1970-01-01, for differences and for stepping.
pub fn day_number(date: Date) -> i32 {
    // Howard Hinnant's days_from_civil; jiff's own span arithmetic costs ten times its size in the browser.
    let month = i32::from(date.month());
    let year = i32::from(date.year()) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i32::from(date.day()) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The day that is `days` after `date` (before, when negative); the ends of the calendar stay where they are.
pub fn plus_days(date: Date, days: i32) -> Date {
    from_day_number(day_number(date).saturating_add(days))
}

/// The date of a day number, the inverse of [`day_number`].
pub fn from_day_number(number: i32) -> Date {
    let z = i64::from(number) + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    i16::try_from(year).ok().and_then(|year| Date::new(year, month as i8, day as i8).ok()).unwrap_or(if number < 0 {
        Date::MIN
    } else {
        Date::MAX
    })
}

/// Day, and minutes since midnight, in Helsinki of a moment in milliseconds since 1970. Summer time by directive 2000/84/EC: from
/// 01:00 UTC of the last Sunday of March to that of October. The phone asks no calendar of its browser for it, which takes a cheap
/// one 40 ms; a test compares it with the time zone database.
pub fn in_helsinki(ms: i64) -> (Date, u16) {
    const HOUR_MS: i64 = 3_600_000;
    const DAY_MS: i64 = 24 * HOUR_MS;
    let day = |ms: i64| from_day_number(i32::try_from(ms.div_euclid(DAY_MS)).unwrap_or(i32::MAX));
    let year = day(ms).year();
    // Both months have 31 days.
    let change = |month: i8| {
        let last = Date::new(year, month, 31).unwrap_or(Date::MAX);
        let sunday = day_number(last) - (i32::from(weekday(last)) + 1) % 7;
        i64::from(sunday) * DAY_MS + HOUR_MS
    };
    let is_summer = (change(3)..change(10)).contains(&ms);
    let local = ms.saturating_add(if is_summer { 3 } else { 2 } * HOUR_MS);
    (day(local), (local.rem_euclid(DAY_MS) / 60_000) as u16)
}

/// Weekday from 0 (Monday) to 6 (Sunday).
pub fn weekday(date: Date) -> u8 {
    (day_number(date) + 3).rem_euclid(7) as u8
}

/// The days of a weekday (0 is Monday) from `first` to `last`, both included.
pub fn each_weekday(weekday: u8, first: Date, last: Date) -> impl Iterator<Item = Date> {
    let ahead = (7 + i32::from(weekday) - i32::from(self::weekday(first))) % 7;
    (0..).map(move |weeks| plus_days(first, ahead + 7 * weeks)).take_while(move |day| *day <= last)
}

/// The number of the week (ISO 8601) in which a day is, as calendars print it: that of its Thursday.
pub fn week_number(day: Date) -> u8 {
    let thursday = plus_days(day, 3 - i32::from(weekday(day)));
    let new_year = Date::new(thursday.year(), 1, 1).unwrap_or(thursday);
    ((day_number(thursday) - day_number(new_year)) / 7 + 1) as u8
}

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    /// 1 … 12.
    month: u8,
}

impl Month {
    /// None when `month` is not 1 … 12.
    pub const fn new(year: i16, month: u8) -> Option<Month> {
        if month >= 1 && month <= 12 { Some(Month { year, month }) } else { None }
    }

    pub fn of(date: Date) -> Month {
        Month { year: date.year(), month: date.month() as u8 }
    }

    pub const fn year(self) -> i16 {
        self.year
    }

    /// 1 … 12.
    pub const fn number(self) -> u8 {
        self.month
    }

    /// Months since year 0, for stepping and as a database key.
    pub const fn index(self) -> i32 {
        self.year as i32 * 12 + self.month as i32 - 1
    }

    pub const fn from_index(index: i32) -> Month {
        Month { year: index.div_euclid(12) as i16, month: index.rem_euclid(12) as u8 + 1 }
    }

    pub const fn plus(self, months: i32) -> Month {
        Month::from_index(self.index() + months)
    }

    pub fn first_day(self) -> Date {
        Date::new(self.year, self.month as i8, 1).unwrap_or(Date::MIN)
    }

    pub fn last_day(self) -> Date {
        plus_days(self.plus(1).first_day(), -1)
    }

    pub fn contains(self, date: Date) -> bool {
        Month::of(date) == self
    }

    pub const fn quarter(self) -> Quarter {
        Quarter { year: self.year, quarter: (self.month - 1) / 3 + 1 }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// A quarter of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    year: i16,
    /// 1 … 4.
    quarter: u8,
}

impl Quarter {
    /// Day of the month after the quarter's end on which its sensitive figures are computed (protection rule 5).
    pub const RELEASE_DAY: i32 = 15;

    /// None when `quarter` is not 1 … 4.
    pub const fn new(year: i16, quarter: u8) -> Option<Quarter> {
        if quarter >= 1 && quarter <= 4 { Some(Quarter { year, quarter }) } else { None }
    }

    pub fn of(date: Date) -> Quarter {
        Month::of(date).quarter()
    }

    pub const fn year(self) -> i16 {
        self.year
    }

    /// 1 … 4.
    pub const fn number(self) -> u8 {
        self.quarter
    }

    /// Quarters since year 0, for stepping and as a database key.
    pub const fn index(self) -> i32 {
        self.year as i32 * 4 + self.quarter as i32 - 1
    }

    pub const fn from_index(index: i32) -> Quarter {
        Quarter { year: index.div_euclid(4) as i16, quarter: index.rem_euclid(4) as u8 + 1 }
    }

    pub const fn next(self) -> Quarter {
        Quarter::from_index(self.index() + 1)
    }

    pub const fn first_month(self) -> Month {
        Month { year: self.year, month: self.quarter * 3 - 2 }
    }

    pub fn last_day(self) -> Date {
        self.first_month().plus(2).last_day()
    }

    /// The day on which this quarter's sensitive figures are computed and frozen.
    pub fn release_day(self) -> Date {
        plus_days(self.last_day(), Quarter::RELEASE_DAY)
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-Q{}", self.year, self.quarter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_that_do_not_exist_are_not_read() {
        assert_eq!(parse("2026-02-28"), Date::new(2026, 2, 28).ok());
        for text in ["2026-02-29", "2026-13-01", "2026-1-01", "20260101", "2026-01-01T", "", "äöå-01-01", "2026-01-0a"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn weekdays_start_on_monday() {
        assert_eq!(weekday(Date::constant(2026, 11, 23)), 0);
        assert_eq!(weekday(Date::constant(2026, 11, 21)), 5);
        assert_eq!(weekday(Date::constant(1969, 12, 28)), 6);
    }

    #[test]
    fn the_mondays_between_two_days_include_both() {
        let mondays = |first, last| {
            let (first, last) = (Date::constant(2026, 11, first), Date::constant(2026, 11, last));
            each_weekday(0, first, last).map(|day| day.day()).collect::<Vec<_>>()
        };
        assert_eq!(mondays(2, 16), [2, 9, 16]);
        assert_eq!(mondays(3, 15), [9]);
        assert_eq!((mondays(10, 15), mondays(16, 9)), (vec![], vec![]));
    }

    #[test]
    fn helsinki_s_time_is_that_of_the_time_zone_database() {
        let zone = jiff::tz::TimeZone::get("Europe/Helsinki").expect("bundled zones");
        // Half-hours of forty years; before 1996 summer ended in September.
        let (from, to) = (820_454_400_000, 820_454_400_000 + 40 * 366 * 86_400_000);
        for ms in (from..to).step_by(1_800_000) {
            let at = jiff::Timestamp::from_millisecond(ms).expect("in range").to_zoned(zone.clone());
            let minutes = i16::from(at.hour()) * 60 + i16::from(at.minute());
            assert_eq!(in_helsinki(ms), (at.date(), minutes as u16), "{at}");
        }
    }

    #[test]
    fn a_quarter_is_released_on_the_fifteenth_after_its_end() {
        let quarter = Quarter::of(Date::constant(2026, 11, 21));
        assert_eq!(quarter.to_string(), "2026-Q4");
        assert_eq!(iso(quarter.release_day()), "2027-01-15");
        assert_eq!(iso(quarter.last_day()), "2026-12-31");
        assert_eq!(quarter.next().to_string(), "2027-Q1");
    }

    proptest! {
        #[test]
        fn stepping_days_agrees_with_the_calendar(days in -200_000_i32..200_000) {
            let date = from_day_number(days);
            prop_assert_eq!(day_number(date), days);
            prop_assert_eq!(parse(&iso(date)), Some(date));
            prop_assert_eq!(i32::from(weekday(date)), i32::from(date.weekday().to_monday_zero_offset()));
            prop_assert_eq!(date.tomorrow().ok(), Some(plus_days(date, 1)));
        }

        #[test]
        fn month_indices_step_over_years(index in 20_000_i32..30_000) {
            prop_assert_eq!(Month::from_index(index).index(), index);
            prop_assert!(Month::from_index(index).last_day() < Month::from_index(index).plus(1).first_day());
        }
    }
}
