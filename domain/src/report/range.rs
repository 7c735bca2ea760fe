//! The days that a report is about, and the days of the year before with which it is compared.

use std::fmt;

use crate::{Date, Month, Quarter, date};

/// What a report is about. `Display` writes its stable code, [`Range::parse`] reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Range {
    /// `2026`
    Year(i16),
    /// `2026-H1`; the half is 1 or 2.
    HalfYear(i16, u8),
    /// `2026-Q1`
    Quarter(Quarter),
    /// `2026-03`
    Month(Month),
    /// `2026-01-05..2026-02-03`, both days included.
    Days(Date, Date),
}

/// Days from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub first: Date,
    pub last: Date,
}

impl Days {
    pub fn contains(self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }
}

/// The days that are compared: as many months, of the same names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub now: Days,
    pub before: Days,
}

impl Range {
    pub fn first(self) -> Date {
        match self {
            Range::Year(year) => month(year, 1).first_day(),
            Range::HalfYear(year, half) => month(year, if half == 1 { 1 } else { 7 }).first_day(),
            Range::Quarter(quarter) => quarter.first_month().first_day(),
            Range::Month(month) => month.first_day(),
            Range::Days(first, _) => first,
        }
    }

    pub fn last(self) -> Date {
        match self {
            Range::Year(year) => month(year, 12).last_day(),
            Range::HalfYear(year, half) => month(year, if half == 1 { 6 } else { 12 }).last_day(),
            Range::Quarter(quarter) => quarter.last_day(),
            Range::Month(month) => month.last_day(),
            Range::Days(_, last) => last,
        }
    }

    pub fn days(self) -> Days {
        Days { first: self.first(), last: self.last() }
    }

    /// Months with a day in it.
    pub fn months(self) -> i32 {
        Month::of(self.last()).index() - Month::of(self.first()).index() + 1
    }

    /// The calendar year that this is, from its first day to its last; what is asked once a year is known of such a range only.
    pub fn whole_year(self) -> Option<i16> {
        let year = self.first().year();
        (self.days() == Range::Year(year).days()).then_some(year)
    }

    /// What can be compared with the year before: of a range of months, those that lie wholly behind `today`, against the same months
    /// a year before; of other days, those up to `today`, against the same days. None when nothing lies behind, or for more than a year.
    pub fn comparison(self, today: Date) -> Option<Comparison> {
        let Days { first, last } = self.days();
        let is_of_months = Month::of(first).first_day() == first && Month::of(last).last_day() == last;
        let last =
            if is_of_months { last.min(date::plus_days(Month::of(today).first_day(), -1)) } else { last.min(today) };
        if last < first || last >= a_year(first, 1) {
            return None;
        }
        let last_before = if is_of_months { Month::of(last).plus(-12).last_day() } else { a_year(last, -1) };
        Some(Comparison { now: Days { first, last }, before: Days { first: a_year(first, -1), last: last_before } })
    }

    /// The range of the same kind, some of them later or earlier; of days, as many days.
    pub fn step(self, steps: i32) -> Range {
        match self {
            Range::Year(year) => Range::Year(year.saturating_add(i16::try_from(steps).unwrap_or(0))),
            Range::HalfYear(year, half) => {
                let index = i32::from(year) * 2 + i32::from(half) - 1 + steps;
                Range::HalfYear(index.div_euclid(2) as i16, index.rem_euclid(2) as u8 + 1)
            }
            Range::Quarter(quarter) => Range::Quarter(Quarter::from_index(quarter.index() + steps)),
            Range::Month(month) => Range::Month(month.plus(steps)),
            Range::Days(first, last) => {
                let by = (date::day_number(last) - date::day_number(first) + 1).saturating_mul(steps);
                Range::Days(date::plus_days(first, by), date::plus_days(last, by))
            }
        }
    }

    /// The half of a year that a day lies in.
    pub fn half_of(day: Date) -> Range {
        Range::HalfYear(day.year(), if day.month() <= 6 { 1 } else { 2 })
    }

    pub fn parse(code: &str) -> Option<Range> {
        if let Some((first, last)) = code.split_once("..") {
            let (first, last) = (date::parse(first)?, date::parse(last)?);
            return (first <= last).then_some(Range::Days(first, last));
        }
        let (year, rest) = code.split_at_checked(4)?;
        let number = |text: &str, digits: usize| -> Option<i16> {
            (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
        };
        let year = number(year, 4)?;
        match rest {
            "" => Some(Range::Year(year)),
            "-H1" => Some(Range::HalfYear(year, 1)),
            "-H2" => Some(Range::HalfYear(year, 2)),
            rest => match rest.strip_prefix("-Q") {
                Some(quarter) => Quarter::new(year, number(quarter, 1)? as u8).map(Range::Quarter),
                None => Month::new(year, number(rest.strip_prefix('-')?, 2)? as u8).map(Range::Month),
            },
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Range::Year(year) => write!(f, "{year:04}"),
            Range::HalfYear(year, half) => write!(f, "{year:04}-H{half}"),
            Range::Quarter(quarter) => quarter.fmt(f),
            Range::Month(month) => month.fmt(f),
            Range::Days(first, last) => write!(f, "{}..{}", date::iso(*first), date::iso(*last)),
        }
    }
}

fn month(year: i16, number: u8) -> Month {
    Month::from_index(i32::from(year) * 12 + i32::from(number) - 1)
}

/// The same day some years later; of 29 February, the last of February.
fn a_year(day: Date, years: i16) -> Date {
    let month = Month::of(day).plus(i32::from(years) * 12);
    date::plus_days(month.first_day(), i32::from(day.day()) - 1).min(month.last_day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn compared(code: &str, today: Date) -> Option<[String; 4]> {
        let Comparison { now, before } = Range::parse(code).expect("a code").comparison(today)?;
        Some([now.first, now.last, before.first, before.last].map(date::iso))
    }

    #[test]
    fn a_range_is_its_code() {
        for code in ["2026", "2026-H1", "2026-H2", "2026-Q4", "2026-02", "2026-01-05..2026-02-03"] {
            assert_eq!(Range::parse(code).map(|range| range.to_string()).as_deref(), Some(code));
        }
        for wrong in
            ["", "26", "2026-13", "2026-Q5", "2026-H3", "2026-1", "20 6", "2026-02-03..2026-01-05", "äää", "2026-"]
        {
            assert_eq!(Range::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_months_that_lie_behind_are_compared() {
        let today = Date::constant(2026, 11, 27);
        let same = |now_last: &str, before_last: &str| {
            Some(["2026-01-01", now_last, "2025-01-01", before_last].map(str::to_owned))
        };
        assert_eq!(compared("2026", today), same("2026-10-31", "2025-10-31"));
        assert_eq!(compared("2026-H1", today), same("2026-06-30", "2025-06-30"));
        assert_eq!(compared("2026-11", today), None);
        assert_eq!(compared("2027", today), None);
        assert_eq!(compared("2024-01-01..2026-12-31", today), None);
    }

    #[test]
    fn february_of_a_leap_year_is_compared_with_the_whole_of_february() {
        let today = Date::constant(2026, 11, 27);
        assert_eq!(compared("2024-02", today).expect("behind")[3], "2023-02-28");
        assert_eq!(compared("2025-02", today).expect("behind")[3], "2024-02-29");
        assert_eq!(compared("2024-02-10..2024-02-29", today).expect("behind")[3], "2023-02-28");
        assert_eq!(
            compared("2026-11-20..2026-12-05", today).expect("begun")[1..],
            ["2026-11-27", "2025-11-20", "2025-11-27"]
        );
    }

    proptest! {
        #[test]
        fn the_years_halves_quarters_and_months_divide_it(day in 0_i32..40_000) {
            let day = date::from_day_number(day);
            let year = day.year();
            let within = |ranges: &[Range]| ranges.iter().filter(|range| range.days().contains(day)).count();
            prop_assert_eq!(within(&[1, 2].map(|half| Range::HalfYear(year, half))), 1);
            prop_assert_eq!(within(&[1, 2, 3, 4].map(|quarter| Range::Quarter(Quarter::new(year, quarter).expect("one")))), 1);
            let all = [
                Range::Year(year), Range::half_of(day), Range::Quarter(Quarter::of(day)), Range::Month(Month::of(day)),
                Range::Days(date::plus_days(day, -3), day),
            ];
            for range in all {
                prop_assert!(range.days().contains(day));
                prop_assert_eq!(date::plus_days(range.last(), 1), range.step(1).first());
                prop_assert_eq!(range.step(1).step(-1), range);
            }
            prop_assert!(Range::Year(year).days().contains(day));
            prop_assert_eq!(Range::Days(Range::Year(year).first(), Range::Year(year).last()).whole_year(), Some(year));
        }
    }
}
