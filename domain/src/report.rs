//! The association's figures, and what one gathering adds to the municipality's.
//!
//! The same functions compute the year on a phone and on the server. What the coordinator may see of it is decided in
//! [`crate::protection`].

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

use std::collections::BTreeMap;

pub use totals::Row;

use crate::{
    Date, Gathering, Month, RecordId,
    codes::ActivityForm,
    date,
    gathering::{AGE_BANDS, CountBasis, GENDERS},
    review::ReviewState,
};

/// Sums over held gatherings. Visits are heads summed over gatherings; distinct people cannot be summed and are not here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub gatherings: u32,
    pub visits: u64,
    pub first_timers: u64,
    pub volunteers: u64,
    /// Volunteer hours in quarter hours.
    pub quarter_hours: u64,
    /// Gatherings whose heads were counted (not sampled, not estimated).
    pub counted: u32,
    pub approved: u32,
}

impl Sums {
    fn add(&mut self, gathering: &Gathering, state: ReviewState) {
        let Some(heads) = &gathering.heads else { return };
        self.gatherings += 1;
        self.visits += u64::from(heads.participants);
        self.first_timers += u64::from(heads.first_timers.unwrap_or(0));
        self.volunteers += u64::from(heads.volunteers);
        self.quarter_hours += u64::from(heads.volunteer_quarter_hours);
        self.counted += u32::from(gathering.basis == CountBasis::Counted);
        self.approved += u32::from(state == ReviewState::Approved);
    }

    /// Visits per gathering to one decimal, in tenths, rounded half up; none without gatherings.
    pub fn average_tenths(&self) -> Option<u64> {
        let gatherings = u64::from(self.gatherings);
        (gatherings > 0).then(|| (self.visits * 20 + gatherings) / (gatherings * 2))
    }
}

/// The association's own figures of a period: everything is shown, sensitive or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssociationReport {
    pub total: Sums,
    pub by_series: BTreeMap<Option<RecordId>, Sums>,
    pub by_month: BTreeMap<Month, Sums>,
    pub by_form: BTreeMap<ActivityForm, Sums>,
    /// Gatherings that were recorded as not held.
    pub cancelled: u32,
}

impl AssociationReport {
    /// Sums the rows whose date is from `first` to `last`, both included.
    pub fn new<'a>(rows: impl IntoIterator<Item = Row<'a>>, first: Date, last: Date) -> AssociationReport {
        let mut report = AssociationReport::default();
        for Row { gathering, state } in rows {
            if gathering.date < first || gathering.date > last {
                continue;
            }
            if !gathering.is_held() {
                report.cancelled += 1;
                continue;
            }
            report.total.add(gathering, state);
            report.by_series.entry(gathering.series).or_default().add(gathering, state);
            report.by_month.entry(Month::of(gathering.date)).or_default().add(gathering, state);
            report.by_form.entry(gathering.form).or_default().add(gathering, state);
        }
        report
    }
}

/// Days of a series' usual weekday in `month`, up to and including `today`, on which nothing was recorded.
///
/// `recorded` are the dates of its held and cancelled gatherings. A gathering on another day of the same week (Monday to
/// Sunday) fills the week: clubs move by a day around holidays.
pub fn missing_days(weekday: u8, month: Month, today: Date, recorded: &[Date]) -> Vec<Date> {
    let week = |day: Date| (date::day_number(day) + 3).div_euclid(7);
    let last = month.last_day().min(today);
    let mut day = month.first_day();
    let mut missing = Vec::new();
    while day <= last {
        if date::weekday(day) == weekday && !recorded.iter().any(|held| week(*held) == week(day)) {
            missing.push(day);
        }
        day = date::plus_days(day, 1);
    }
    missing
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
    fn visits_are_heads_summed_and_cancelled_gatherings_do_not_count() {
        let held = [gathering(json!({})), gathering(json!({"participants": 9, "date": "2026-10-05"}))];
        let cancelled = gathering(json!({"status": "cancelled", "participants": null, "volunteers": null,
                                         "volunteer_quarter_hours": null}));
        let rows = held.iter().chain([&cancelled]).map(|gathering| Row { gathering, state: ReviewState::Approved });
        let report = AssociationReport::new(rows, Date::constant(2026, 1, 1), Date::constant(2026, 12, 31));
        assert_eq!((report.total.gatherings, report.total.visits, report.cancelled), (2, 23, 1));
        assert_eq!(report.total.average_tenths(), Some(115));
        assert_eq!(report.by_month.len(), 2);
    }

    #[test]
    fn an_empty_period_has_no_average() {
        assert_eq!(Sums::default().average_tenths(), None);
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
        let month = Month::new(2026, 11).expect("month");
        let today = Date::constant(2026, 11, 21);
        let held = [Date::constant(2026, 11, 2), Date::constant(2026, 11, 10)];
        assert_eq!(missing_days(0, month, today, &held), [Date::constant(2026, 11, 16)]);
    }
}
