//! When associations meet: the weekly rhythm, the breaks and the holidays of Finland.

use domain::{
    Date, date,
    series::{Break, join_breaks},
};

pub const MON: u8 = 0;
pub const TUE: u8 = 1;
pub const WED: u8 = 2;
pub const THU: u8 = 3;
pub const FRI: u8 = 4;
pub const SAT: u8 = 5;
pub const SUN: u8 = 6;

/// Every month: for a group that meets, say, on the second Thursday.
pub const MONTHLY: &[u8] = &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/// The days on which an activity usually is.
#[derive(Clone, Copy, Debug)]
pub enum Rhythm {
    /// A weekday, every so many weeks.
    Weeks { weekday: u8, every: i32 },
    /// The `nth` (1 … 4) such weekday of these months.
    Months { weekday: u8, nth: i8, months: &'static [u8] },
}

impl Rhythm {
    /// The weekday of a weekly rhythm. The others have none to say: where a weekday is usual, each week without a record is
    /// shown as missing.
    pub fn every_week(self) -> Option<u8> {
        match self {
            Rhythm::Weeks { weekday, every: 1 } => Some(weekday),
            _ => None,
        }
    }

    fn weekday(self) -> u8 {
        match self {
            Rhythm::Weeks { weekday, .. } | Rhythm::Months { weekday, .. } => weekday,
        }
    }

    pub fn falls_on(self, day: Date) -> bool {
        if date::weekday(day) != self.weekday() {
            return false;
        }
        match self {
            // Weeks since 1970 start on a Monday three days earlier.
            Rhythm::Weeks { every, .. } => (date::day_number(day) + 3).div_euclid(7).rem_euclid(every) == 0,
            Rhythm::Months { nth, months, .. } => {
                (day.day() - 1) / 7 + 1 == nth && months.contains(&(day.month() as u8))
            }
        }
    }
}

/// The summer break. Everybody has the Christmas break beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    None,
    July,
    /// As the schools, a week longer.
    Summer,
    /// Groups that start in October. They leave the third quarter to others, so that a sensitive cell is fed by one
    /// association only and the coordinator sees a protected quarter beside shown ones.
    UntilOctober,
}

impl Pause {
    pub fn covers(self, day: Date) -> bool {
        let at = (day.month(), day.day());
        let summer = match self {
            Pause::None => false,
            Pause::July => at.0 == 7,
            Pause::Summer => ((6, 1)..=(8, 15)).contains(&at),
            Pause::UntilOctober => (6..=9).contains(&at.0),
        };
        summer || at >= (12, 20) || at <= (1, 6)
    }

    /// The breaks of the demo's calendar years, whole: the same ones on every day of a year. The Christmas of the present year ends
    /// in the next one.
    pub fn breaks(self, today: Date) -> Vec<Break> {
        let first = date::day_number(Date::new(today.year() - 2, 1, 1).unwrap_or(Date::MIN));
        let last = date::day_number(Date::new(today.year() + 1, 1, 6).unwrap_or(Date::MAX));
        let days = (first..=last).map(date::from_day_number).filter(|day| self.covers(*day));
        join_breaks(days.map(|day| Break { from: day, to: day }).collect())
    }
}

/// Public holidays outside the Christmas break, and Midsummer Eve, when nobody meets.
pub fn is_holiday(day: Date) -> bool {
    let from_easter = date::day_number(day) - date::day_number(easter(day.year()));
    let weekday = date::weekday(day);
    // Good Friday, Easter, Easter Monday, Ascension Day, Whit Sunday.
    matches!(from_easter, -2 | 0 | 1 | 39 | 49)
        || match (day.month(), day.day()) {
            (5, 1) | (12, 6) => true,
            // Midsummer: the Friday and Saturday from 19 to 26 June.
            (6, 19..=25) if weekday == FRI => true,
            (6, 20..=26) if weekday == SAT => true,
            // All Saints' Day: the Saturday from 31 October to 6 November.
            (10, 31) | (11, 1..=6) => weekday == SAT,
            _ => false,
        }
}

/// Easter Sunday by the anonymous Gregorian computus (Nature, 1876), the letters as there.
fn easter(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let g = (b - (b + 8) / 25 + 1) / 3;
    let h = (19 * a + b - b / 4 - g + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let days_from_22_march = h + l - 7 * m;
    Date::new(year, 3, 22).map_or(Date::MIN, |first| date::plus_days(first, days_from_22_march))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_meets_on_a_holiday() {
        for (y, m, d) in [(2025, 4, 21), (2026, 4, 3), (2026, 4, 6), (2026, 5, 14), (2026, 6, 19), (2026, 10, 31)] {
            assert!(is_holiday(Date::constant(y, m, d)), "{y}-{m}-{d}");
        }
        assert!(!is_holiday(Date::constant(2026, 4, 13)));
    }

    #[test]
    fn every_second_week_leaves_one_out() {
        let rhythm = Rhythm::Weeks { weekday: MON, every: 2 };
        let monday = Date::constant(2026, 11, 16);
        assert_ne!(rhythm.falls_on(monday), rhythm.falls_on(date::plus_days(monday, 7)));
        assert_eq!(rhythm.falls_on(monday), rhythm.falls_on(date::plus_days(monday, 14)));
        let third = Rhythm::Months { weekday: MON, nth: 3, months: &[11] };
        assert!(third.falls_on(monday) && !third.falls_on(Date::constant(2026, 11, 9)));
    }
}
