//! Reminders of deadlines that reach a reviewer outside the app: on which days there is one, and of how much it tells. Counts only: no
//! group, no day of a gathering, no head.

use crate::{
    Date, RecordId, Series, date,
    deadline::{Deadline, year_asked},
    open::days_of_series,
    period::Period,
    report::missing_of_group,
    review::ReviewState,
};

/// So many days before a deadline there is a reminder of it.
pub const DAYS_BEFORE: [i32; 4] = [30, 14, 7, 1];
/// Minutes since midnight in Helsinki from and until which reminders go: a server that was down in the morning does not wake anybody at night.
const FROM_MINUTE: u16 = 10 * 60;
const UNTIL_MINUTE: u16 = 20 * 60;
/// A clock that goes back by more days than this was wrong before, and not now.
const AHEAD_DAYS_MAX: i32 = 31;

/// Whether reminders go at this time of day.
pub fn is_time(minute: u16) -> bool {
    (FROM_MINUTE..UNTIL_MINUTE).contains(&minute)
}

/// What is to be done for whoever asked for reminders, and for whom the last day was looked at on `looked`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The day was looked at. So it is where the clock has gone back a little: what was sent may not be sent again.
    Wait,
    /// The clock was far ahead. It begins anew with today, and nothing is sent.
    Note,
    /// The days since then are looked at, today the last.
    Look,
}

pub fn turn(looked: Date, today: Date) -> Turn {
    match date::day_number(today) - date::day_number(looked) {
        1.. => Turn::Look,
        ahead if ahead < -AHEAD_DAYS_MAX => Turn::Note,
        _ => Turn::Wait,
    }
}

/// The deadlines to remind of today, the next one first: one of [`DAYS_BEFORE`] falls on a day after `looked`, and on today at the latest. A
/// server that was down on it is late, and says it once for all the days that it missed. A deadline that is over is not spoken of.
pub fn due(deadlines: &[Deadline], looked: Date, today: Date) -> Vec<(Deadline, Date)> {
    let is_due = |day: Date| {
        DAYS_BEFORE.iter().map(|days| date::plus_days(day, -days)).any(|step| looked < step && step <= today)
    };
    let all = deadlines.iter().map(|one| (one.clone(), one.next(today)));
    let mut due: Vec<_> = all.filter(|(_, day)| is_due(*day)).collect();
    due.sort_by_key(|(_, day)| *day);
    due
}

/// A gathering, as far as it is counted here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brief {
    pub series: Option<RecordId>,
    pub day: Date,
    pub state: ReviewState,
}

/// What is open before a deadline, of the year that it asks about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    pub to_approve: u32,
    /// Returned with a question.
    pub asked: u32,
    /// Weeks of which nothing was recorded.
    pub missing: u32,
}

impl Waiting {
    /// As [`crate::open::Open`] counts them. Weeks are missing until the day before `today`.
    pub fn of(due: Date, gatherings: &[Brief], series: &[(RecordId, Series)], today: Date) -> Waiting {
        let year = Period::Year(year_asked(due));
        let last = year.last_day().min(date::plus_days(today, -1));
        let days = days_of_series(gatherings.iter().map(|one| (one.series, one.day)));
        let missing = |(id, series): &(RecordId, Series)| {
            let recorded = days.get(id).map_or(&[][..], Vec::as_slice);
            missing_of_group(series, year.first_day(), last, recorded).len()
        };
        let count = |state| gatherings.iter().filter(|one| one.state == state && year.contains(one.day)).count();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Waiting {
            to_approve: number(count(ReviewState::Recorded)),
            asked: number(count(ReviewState::Returned)),
            missing: number(series.iter().map(missing).sum()),
        }
    }

    pub fn is_nothing(&self) -> bool {
        *self == Waiting::default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        Content, Gathering,
        content::overlay,
        open::{Known, Open},
        review::Listed,
    };

    fn day(year: i16, month: i8, day: i8) -> Date {
        Date::constant(year, month, day)
    }

    fn stea(month: i8, of_month: i8) -> Deadline {
        Deadline::on("STEA".to_owned(), day(2000, month, of_month))
    }

    #[test]
    fn reminders_come_30_14_7_and_1_days_before() {
        let all = [stea(2, 28)];
        let days: Vec<Date> = (0..365)
            .map(|n| date::plus_days(day(2026, 1, 1), n))
            .filter(|today| !due(&all, date::plus_days(*today, -1), *today).is_empty())
            .collect();
        assert_eq!(days, [day(2026, 1, 29), day(2026, 2, 14), day(2026, 2, 21), day(2026, 2, 27)]);
    }

    #[test]
    fn a_server_that_was_down_is_late_once_and_silent_when_the_deadline_is_over() {
        let all = [stea(2, 28)];
        let spoken = |looked, today| due(&all, looked, today).len();
        assert_eq!(spoken(day(2026, 1, 20), day(2026, 2, 25)), 1, "three days at once");
        assert_eq!(spoken(day(2026, 2, 25), day(2026, 2, 26)), 0);
        assert_eq!(spoken(day(2026, 2, 26), day(2026, 2, 28)), 1, "on the day itself");
        assert_eq!(spoken(day(2026, 2, 20), day(2026, 3, 1)), 0, "over");
    }

    #[test]
    fn whoever_asks_today_is_not_told_of_days_that_have_passed() {
        assert_eq!(due(&[stea(2, 28)], day(2026, 2, 14), day(2026, 2, 20)), []);
        assert_eq!(due(&[stea(2, 28)], day(2026, 2, 14), day(2026, 2, 21)).len(), 1);
    }

    #[test]
    fn the_next_deadline_comes_first_and_a_leap_day_has_its_reminders() {
        let all = [stea(3, 1), stea(2, 29)];
        let days = |looked, today| due(&all, looked, today).into_iter().map(|(_, day)| day).collect::<Vec<_>>();
        assert_eq!(days(day(2028, 2, 14), day(2028, 2, 23)), [day(2028, 2, 29), day(2028, 3, 1)]);
        assert_eq!(days(day(2026, 2, 20), day(2026, 2, 21)), [day(2026, 2, 28)]);
    }

    #[test]
    fn a_clock_that_goes_back_sends_nothing_again_and_one_that_was_far_ahead_begins_anew() {
        let today = day(2026, 2, 14);
        assert_eq!(turn(day(2026, 2, 13), today), Turn::Look);
        assert_eq!(turn(today, today), Turn::Wait);
        assert_eq!(turn(day(2026, 3, 10), today), Turn::Wait);
        assert_eq!(turn(day(2031, 1, 1), today), Turn::Note);
    }

    #[test]
    fn nobody_is_reminded_at_night() {
        let at = |hour: u16, minute: u16| is_time(hour * 60 + minute);
        assert!(at(10, 0) && at(19, 59));
        assert!(!at(9, 59) && !at(20, 0) && !at(0, 0) && !at(3, 30));
    }

    fn id(n: u8) -> RecordId {
        RecordId::from_bytes([n; 16])
    }

    fn series(n: u8, more: Value) -> (RecordId, Series) {
        let all = json!({"name": "Kerho", "form": "kerho", "municipality": "005", "weekday": n % 7});
        let all = overlay(all.as_object().expect("object"), more.as_object().expect("object"));
        (id(n), Series::parse(&all).expect("valid"))
    }

    proptest! {
        /// Whatever days the server is up, wherever its clock jumps within a month, and whatever is asked: no reminder of a deadline
        /// comes twice for the same day before it, none comes without one of those days, and never two on a day.
        #[test]
        fn never_twice_and_never_without_reason(
            deadlines in prop::collection::vec((1_i8..=12, 1_i8..=28), 0..6),
            asked in 0_i32..400,
            jumps in prop::collection::vec((-20_i32..25, any::<bool>()), 1..300),
        ) {
            let deadlines: Vec<Deadline> = deadlines.iter().enumerate()
                .map(|(n, (month, of_month))| Deadline { funder: n.to_string(), ..stea(*month, *of_month) }).collect();
            let begin = date::plus_days(day(2026, 1, 1), asked);
            let (mut looked, mut today) = (begin, begin);
            let mut told = BTreeSet::new();
            let mut days = BTreeSet::new();
            for (jump, leaps) in jumps {
                today = date::plus_days(today, if leaps { jump } else { 1 });
                match turn(looked, today) {
                    Turn::Wait => {}
                    // Only where the jumps add up to more than a month back: what was sent ahead of its time does not count.
                    Turn::Note => { looked = today; told.clear(); days.clear(); }
                    Turn::Look => {
                        let spoken = due(&deadlines, looked, today);
                        prop_assert!(spoken.is_empty() || days.insert(today));
                        for (deadline, due) in spoken {
                            let steps = DAYS_BEFORE.map(|days| date::plus_days(due, -days));
                            let now: Vec<Date> = steps.into_iter().filter(|step| looked < *step && *step <= today).collect();
                            prop_assert!(!now.is_empty() && due >= today);
                            for step in now {
                                prop_assert!(told.insert((deadline.funder.clone(), due, step)), "twice: {due} {step}");
                            }
                        }
                        looked = today;
                    }
                }
            }
        }

        /// The phone's own list of what is open says the same.
        #[test]
        fn the_counts_are_those_of_the_phone(
            rows in prop::collection::vec((0_u8..4, 0_i32..800, 0_u8..3), 0..40),
            now in 0_i32..800,
            due in (1_i8..=12, 1_i8..=28),
        ) {
            let begin = day(2024, 11, 1);
            let today = date::plus_days(begin, now);
            let due = stea(due.0, due.1).next(today);
            let series = [series(1, json!({})), series(2, json!({"archived": true})), series(3, json!({"weekday": null}))];
            let states = [ReviewState::Recorded, ReviewState::Approved, ReviewState::Returned];
            let made: Vec<(Listed, Gathering)> = rows.iter().zip(10_u8..).map(|((group, on, state), n)| {
                let mut content: Content = json!({"form": "kerho", "date": date::iso(date::plus_days(begin, *on)), "municipality": "005",
                    "participants": 3, "volunteers": 0, "volunteer_quarter_hours": 0}).as_object().cloned().expect("object");
                if *group > 0 {
                    content.insert("series".to_owned(), json!(id(*group).to_string()));
                }
                let state = states[usize::from(*state)];
                let listed = Listed { gathering: id(n), revision: 1, state, is_received: true };
                (listed, Gathering::parse(&content, Date::MAX).expect("valid"))
            }).collect();
            let brief: Vec<Brief> = made.iter()
                .map(|(listed, one)| Brief { series: one.series, day: one.date, state: listed.state }).collect();
            let gatherings: Vec<_> = made.iter().map(|(listed, one)| (*listed, one)).collect();
            let days = days_of_series(made.iter().map(|(_, one)| (one.series, one.date)));
            let known = Known { gatherings: &gatherings, days: &days, series: &series, settlements: &[], alternatives: &[], answered: &[] };
            let open = Open::of(Period::Year(year_asked(due)), &known, today);
            let waiting = Waiting::of(due, &brief, &series, today);
            prop_assert_eq!((waiting.to_approve, waiting.asked, waiting.missing), (open.to_approve, open.asked, open.missing));
        }
    }
}
