//! The association's figures, and what one gathering adds to the municipality's.
//!
//! The same functions compute the year on a phone and on the server. What the coordinator may see of it is decided in
//! [`crate::protection`].

pub mod chart;
pub mod export;
pub mod key;
pub mod measure;
pub mod packs;
pub mod range;
pub mod rows;
pub mod summing;
pub mod tidy;
pub mod totals;
pub mod words;
pub mod written;

pub use totals::Row;

use crate::{
    Date, Gathering, Month, Series,
    codes::ActivityForm,
    date,
    gathering::{AGE_BANDS, CountBasis, GENDERS},
    review::ReviewState,
};

/// Days of a series' usual weekday from `first` to `last` on which nothing was recorded. None where it has no usual weekday, and none while
/// it is on a break. Only the days count on which the group is known to have been there: from its first gathering on, and of an ended one
/// until its last.
///
/// `recorded` are the dates of all its gatherings, held and cancelled. A gathering on another day of the same week (Monday to
/// Sunday) fills the week: clubs move by a day around holidays.
pub fn missing_of_group(series: &Series, first: Date, last: Date, recorded: &[Date]) -> Vec<Date> {
    let Some(weekday) = series.weekday else { return Vec::new() };
    let (Some(begin), Some(end)) = (recorded.iter().min(), recorded.iter().max()) else { return Vec::new() };
    let first = first.max(*begin);
    let last = if series.archived { last.min(*end) } else { last };
    let week = |day: Date| (date::day_number(day) + 3).div_euclid(7);
    let mut weeks: Vec<i32> = recorded.iter().map(|day| week(*day)).collect();
    weeks.sort_unstable();
    let is_missing = |day: &Date| !series.is_on_break(*day) && weeks.binary_search(&week(*day)).is_err();
    date::each_weekday(weekday, first, last).filter(is_missing).collect()
}

/// What one gathering adds to its municipality's month. The server keeps sums of these, so that a report never scans gatherings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contribution {
    pub municipality: crate::codes::Municipality,
    pub month: Month,
    pub form: ActivityForm,
    pub sensitive: bool,
    pub amounts: Amounts,
}

/// The amounts of a contribution, in the order of [`Amounts::NAMES`]; they add up, and subtract when a gathering changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amounts(pub [i64; Amounts::COUNT]);

impl Amounts {
    pub const COUNT: usize = 10 + AGE_BANDS.len() + GENDERS.len() + 2;
    /// Column names; the breakdowns follow their own lists.
    pub const NAMES: [&str; Amounts::COUNT] = [
        "gatherings",
        "visits",
        "volunteers",
        "quarter_hours",
        "provisional",
        "free",
        "open",
        "municipal_premises",
        "first_timers",
        "counted",
        "age_0_6",
        "age_7_12",
        "age_13_17",
        "age_18_19",
        "age_20_28",
        "age_29_63",
        "age_64_74",
        "age_75",
        "age_unknown",
        "women",
        "men",
        "gender_other",
        "gender_unknown",
        "residents",
        "residence_known",
    ];
    pub const GATHERINGS: usize = 0;
    pub const VISITS: usize = 1;
    pub const VOLUNTEERS: usize = 2;
    pub const QUARTER_HOURS: usize = 3;
    pub const PROVISIONAL: usize = 4;
    pub const FREE: usize = 5;
    pub const OPEN: usize = 6;
    pub const MUNICIPAL_PREMISES: usize = 7;
    pub const FIRST_TIMERS: usize = 8;
    pub const COUNTED: usize = 9;
    /// The first of the nine age bands.
    pub const AGES: usize = 10;
    /// The first of the four genders.
    pub const GENDERS: usize = 19;
    pub const RESIDENTS: usize = 23;
    /// Visits of the gatherings that said how many were residents.
    pub const RESIDENCE_KNOWN: usize = 24;

    pub fn get(&self, index: usize) -> u64 {
        u64::try_from(self.0[index]).unwrap_or(0)
    }

    pub fn add(&mut self, other: &Amounts) {
        for (sum, amount) in self.0.iter_mut().zip(other.0) {
            *sum += amount;
        }
    }

    pub fn negated(&self) -> Amounts {
        Amounts(self.0.map(|amount| -amount))
    }
}

/// What a gathering adds; nothing when it was cancelled or stands returned.
pub fn contribution(gathering: &Gathering, state: ReviewState) -> Option<Contribution> {
    let heads = gathering.heads.as_ref().filter(|_| state != ReviewState::Returned)?;
    let flag = |yes: Option<bool>| i64::from(yes == Some(true));
    let mut amounts = [0; Amounts::COUNT];
    amounts[Amounts::GATHERINGS] = 1;
    amounts[Amounts::VISITS] = heads.participants.into();
    amounts[Amounts::VOLUNTEERS] = heads.volunteers.into();
    amounts[Amounts::QUARTER_HOURS] = heads.volunteer_quarter_hours.into();
    amounts[Amounts::PROVISIONAL] = i64::from(state == ReviewState::Recorded);
    amounts[Amounts::FREE] = flag(gathering.defaults.free);
    amounts[Amounts::OPEN] = flag(gathering.defaults.open);
    amounts[Amounts::MUNICIPAL_PREMISES] = flag(gathering.defaults.municipal_premises);
    amounts[Amounts::FIRST_TIMERS] = heads.first_timers.unwrap_or(0).into();
    amounts[Amounts::COUNTED] = i64::from(gathering.basis == CountBasis::Counted);
    for (index, count) in heads.ages.into_iter().flatten().enumerate() {
        amounts[Amounts::AGES + index] = count.into();
    }
    for (index, count) in heads.genders.into_iter().flatten().enumerate() {
        amounts[Amounts::GENDERS + index] = count.into();
    }
    if let Some(residents) = heads.residents {
        amounts[Amounts::RESIDENTS] = residents.into();
        amounts[Amounts::RESIDENCE_KNOWN] = heads.participants.into();
    }
    Some(Contribution {
        municipality: gathering.municipality,
        month: Month::of(gathering.date),
        form: gathering.form,
        sensitive: gathering.is_sensitive(),
        amounts: Amounts(amounts),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Content;
    use serde_json::{Value, json};

    fn gathering(extra: Value) -> Gathering {
        let mut content: Content =
            json!({"form": "kerho", "date": "2026-11-16", "municipality": "005", "participants": 14,
                                          "volunteers": 2, "volunteer_quarter_hours": 16})
            .as_object()
            .cloned()
            .expect("object");
        content = crate::content::overlay(&content, extra.as_object().expect("object"));
        Gathering::parse(&content, Date::constant(2026, 11, 21)).expect("valid")
    }

    #[test]
    fn a_returned_gathering_does_not_count_until_mended() {
        let club = gathering(json!({}));
        assert_eq!(contribution(&club, ReviewState::Returned), None);
        let recorded = contribution(&club, ReviewState::Recorded).expect("counts");
        assert_eq!(recorded.amounts.get(Amounts::PROVISIONAL), 1);
        let approved = contribution(&club, ReviewState::Approved).expect("counts");
        assert_eq!(approved.amounts.get(Amounts::PROVISIONAL), 0);
    }

    #[test]
    fn what_is_added_can_be_taken_back() {
        let contribution = contribution(&gathering(json!({"ages": {"75": 14}, "free": true})), ReviewState::Recorded);
        let amounts = contribution.expect("counts").amounts;
        let mut sum = amounts;
        sum.add(&amounts.negated());
        assert_eq!(sum, Amounts::default());
        assert_eq!(Amounts::NAMES[Amounts::AGES + 7], "age_75");
        assert_eq!(amounts.get(Amounts::AGES + 7), 14);
        assert_eq!(Amounts::NAMES[Amounts::GENDERS], "women");
        assert_eq!(Amounts::NAMES[Amounts::RESIDENCE_KNOWN], "residence_known");
    }

    #[test]
    fn a_week_without_a_gathering_is_missing() {
        let (first, today) = (Date::constant(2026, 11, 1), Date::constant(2026, 11, 21));
        let held = [Date::constant(2026, 11, 2), Date::constant(2026, 11, 10)];
        assert_eq!(missing_of_group(&mondays(json!({})), first, today, &held), [Date::constant(2026, 11, 16)]);
        let without_a_weekday = mondays(json!({"weekday": null}));
        assert_eq!(missing_of_group(&without_a_weekday, first, today, &held), []);
    }

    #[test]
    fn nothing_is_missing_while_the_group_is_on_a_break() {
        let series = mondays(json!({"breaks": [{"from": "2026-06-01", "to": "2026-08-31"}]}));
        let missing = |month| {
            let month = Month::new(2026, month).expect("month");
            missing_of_group(&series, month.first_day(), month.last_day(), &[Date::constant(2026, 4, 27)])
        };
        assert_eq!([5, 6, 7, 8, 9].map(|month| missing(month).len()), [4, 0, 0, 0, 4]);
    }

    #[test]
    fn a_group_is_asked_about_from_its_first_gathering_on_and_an_ended_one_until_its_last() {
        let day = |month, day| Date::constant(2026, month, day);
        let year = |series: &Series, recorded: &[Date]| missing_of_group(series, day(1, 1), day(11, 27), recorded);
        let recorded = [day(10, 12), day(11, 2)];
        let goes_on = [day(10, 19), day(10, 26), day(11, 9), day(11, 16), day(11, 23)];
        assert_eq!(year(&mondays(json!({})), &recorded), goes_on);
        assert_eq!(year(&mondays(json!({"archived": true})), &recorded), goes_on[..2]);
        assert_eq!(year(&mondays(json!({})), &[]), []);
        assert_eq!(year(&mondays(json!({})), &[day(12, 7)]), []);
    }

    fn mondays(extra: Value) -> Series {
        let content = json!({"name": "x", "form": "kerho", "municipality": "005", "weekday": 0});
        let content = crate::content::overlay(content.as_object().expect("object"), extra.as_object().expect("object"));
        Series::parse(&content).expect("valid")
    }
}
