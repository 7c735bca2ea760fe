//! The server's clock. Tests and demos can start it at another moment; from there it runs at normal speed.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use domain::Date;
use jiff::{Timestamp, tz::TimeZone};

/// A machine without a battery starts in 1970 until it has asked for the time. 2026-01-01 UTC, milliseconds since 1970.
const PLAUSIBLE_FROM_MS: i64 = 1_767_225_600_000;

/// A clock that knows Helsinki's day.
#[derive(Clone, Debug)]
pub struct Clock {
    helsinki: TimeZone,
    /// A moment to start from, and when that was.
    fixed: Option<(Timestamp, Instant)>,
}

impl Clock {
    /// The machine's clock, or one that says `start` now. None when Europe/Helsinki is not in the bundled zones.
    pub fn new(start: Option<Timestamp>) -> Option<Clock> {
        let helsinki = TimeZone::get("Europe/Helsinki").ok()?;
        Some(Clock { helsinki, fixed: start.map(|start| (start, Instant::now())) })
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub fn now_ms(&self) -> i64 {
        match &self.fixed {
            Some((start, since)) => start.as_millisecond() + i64::try_from(since.elapsed().as_millis()).unwrap_or(0),
            None => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
        }
    }

    /// Whether it can be right: it says a time after this program was written.
    pub fn is_plausible(&self) -> bool {
        self.now_ms() >= PLAUSIBLE_FROM_MS
    }

    /// The day in Helsinki.
    pub fn today(&self) -> Date {
        self.day_of(self.now_ms())
    }

    /// Minutes since midnight in Helsinki of a moment.
    pub fn minute_of(&self, ms: i64) -> u16 {
        let time = Timestamp::from_millisecond(ms).unwrap_or_default().to_zoned(self.helsinki.clone()).time();
        u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs())
    }

    /// The day in Helsinki of a moment.
    pub fn day_of(&self, ms: i64) -> Date {
        Timestamp::from_millisecond(ms).unwrap_or_default().to_zoned(self.helsinki.clone()).date()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_midnight_in_helsinki() {
        let clock = Clock::new(None).expect("bundled zones");
        let late: Timestamp = "2026-06-30T20:59:59Z".parse().expect("a moment");
        let later: Timestamp = "2026-06-30T21:00:00Z".parse().expect("a moment");
        assert_eq!(clock.day_of(late.as_millisecond()), Date::constant(2026, 6, 30));
        assert_eq!(clock.day_of(later.as_millisecond()), Date::constant(2026, 7, 1));
        assert_eq!(clock.minute_of(late.as_millisecond()), 23 * 60 + 59);
        assert_eq!(clock.minute_of(later.as_millisecond()), 0);
    }
}
