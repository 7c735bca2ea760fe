//! Sums over a group of gatherings: everything that a measure needs, added gathering by gathering.

use crate::{
    Gathering,
    codes::ActivityForm,
    gathering::{CountBasis, Mode},
    report::{
        measure::Measure,
        tidy::{Basis, Cover, Missing, Value},
    },
    review::ReviewState,
};

/// One gathering as the association sees it.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub gathering: &'a Gathering,
    pub state: ReviewState,
}

/// A sum over the gatherings that said it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    pub sum: u64,
    /// Visits of those gatherings.
    pub visits: u64,
    /// How their heads were counted; its sum is their number.
    pub basis: Basis,
}

impl Known {
    fn of(value: impl Into<u64>, visits: u32, basis: CountBasis) -> Known {
        let mut known = Known { sum: value.into(), visits: visits.into(), basis: Basis::default() };
        known.basis.add(basis, 1);
        known
    }

    fn add(&mut self, other: &Known) {
        self.sum += other.sum;
        self.visits += other.visits;
        self.basis.counted += other.basis.counted;
        self.basis.sample += other.basis.sample;
        self.basis.estimated += other.basis.estimated;
    }
}

/// Yes among those who said yes or no.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flag {
    pub yes: u32,
    pub known: u32,
}

impl Flag {
    fn of(said: Option<bool>) -> Flag {
        Flag { yes: u32::from(said == Some(true)), known: u32::from(said.is_some()) }
    }

    fn add(&mut self, other: Flag) {
        self.yes += other.yes;
        self.known += other.known;
    }
}

/// The forms whose gatherings are outings. Looked up once a report.
#[derive(Clone, Copy, Debug)]
pub struct OutingForms([Option<ActivityForm>; 2]);

impl OutingForms {
    /// Outings, camps.
    pub const CODES: [&str; 2] = ["retki", "leiri"];

    pub fn new() -> OutingForms {
        OutingForms(OutingForms::CODES.map(ActivityForm::parse))
    }

    pub fn contains(self, form: ActivityForm) -> bool {
        self.0.contains(&Some(form))
    }
}

impl Default for OutingForms {
    fn default() -> Self {
        Self::new()
    }
}

/// Sums of held gatherings. Cancelled ones are counted apart, and are in nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Held gatherings with their heads.
    pub heads: Known,
    pub cancelled: u32,
    /// Not approved: recorded, or asked about.
    pub waiting: u32,
    pub asked: u32,
    /// Participants of the fullest gathering.
    pub largest: u32,
    /// The most volunteers of one gathering.
    pub largest_volunteers: u32,
    pub first_timers: Known,
    pub residents: Known,
    pub digital: Known,
    pub ages: Known,
    pub by_age: [u64; 9],
    pub genders: Known,
    pub by_gender: [u64; 4],
    pub volunteers: u64,
    pub quarter_hours: u64,
    pub staff: Known,
    pub staff_quarter_hours: Known,
    pub minutes: Known,
    pub free: Flag,
    pub open: Flag,
    pub municipal_premises: Flag,
    /// Outings and camps.
    pub outings: Known,
    pub days: u64,
    pub person_days: u64,
    /// Outings that said their nights, or had one day.
    pub nights: Known,
    pub person_nights: u64,
    /// Of one gathering, at least so many aged 15 or more; the most of any.
    pub adults_least: u32,
    /// The same if everybody aged 13–17 were 15 or more.
    pub adults_with_13_17: u32,
    /// Heads who may be 15 or more, over all gatherings.
    pub adults_most: u64,
    /// Gatherings with somebody of whom that is not certain.
    pub with_unsure: u32,
}

impl Totals {
    pub fn of(row: Row<'_>, outing_forms: OutingForms) -> Totals {
        let Row { gathering, state } = row;
        let Some(heads) = &gathering.heads else { return Totals { cancelled: 1, ..Totals::default() } };
        let visits = heads.participants;
        let known =
            |value: Option<u32>| value.map_or_else(Known::default, |sum| Known::of(sum, visits, gathering.basis));
        let mut totals = Totals {
            heads: Known::of(visits, visits, gathering.basis),
            waiting: u32::from(state != ReviewState::Approved),
            asked: u32::from(state == ReviewState::Returned),
            largest: visits,
            largest_volunteers: heads.volunteers,
            first_timers: known(heads.first_timers),
            residents: known(heads.residents),
            digital: known(digital(gathering)),
            ages: known(heads.ages.map(|_| visits)),
            by_age: heads.ages.unwrap_or_default().map(u64::from),
            genders: known(heads.genders.map(|_| visits)),
            by_gender: heads.genders.unwrap_or_default().map(u64::from),
            volunteers: heads.volunteers.into(),
            quarter_hours: heads.volunteer_quarter_hours.into(),
            staff: known(heads.staff),
            staff_quarter_hours: known(heads.staff_quarter_hours),
            minutes: known(gathering.defaults.duration),
            free: Flag::of(gathering.defaults.free),
            open: Flag::of(gathering.defaults.open),
            municipal_premises: Flag::of(gathering.defaults.municipal_premises),
            ..Totals::default()
        };
        if outing_forms.contains(gathering.form) {
            // A gathering has one date: without days it is an outing of one day, and that has no night.
            let days = gathering.days.unwrap_or(1);
            let nights = gathering.nights.or((days == 1).then_some(0));
            totals.outings = known(Some(visits));
            totals.days = days.into();
            totals.person_days = u64::from(visits) * u64::from(days);
            totals.nights = known(nights);
            totals.person_nights = u64::from(visits) * u64::from(nights.unwrap_or(0));
        }
        match heads.ages {
            Some([_, _, from_13, rest @ .., unknown]) => {
                let surely: u32 = rest.iter().sum();
                totals.adults_least = surely;
                totals.adults_with_13_17 = surely + from_13;
                totals.adults_most = u64::from(surely + from_13 + unknown);
                totals.with_unsure = u32::from(surely < visits);
            }
            None => {
                totals.adults_most = visits.into();
                totals.with_unsure = u32::from(visits > 0);
            }
        }
        totals
    }

    pub fn add(&mut self, other: &Totals) {
        let knowns = [
            (&mut self.heads, &other.heads),
            (&mut self.first_timers, &other.first_timers),
            (&mut self.residents, &other.residents),
            (&mut self.digital, &other.digital),
            (&mut self.ages, &other.ages),
            (&mut self.genders, &other.genders),
            (&mut self.staff, &other.staff),
            (&mut self.staff_quarter_hours, &other.staff_quarter_hours),
            (&mut self.minutes, &other.minutes),
            (&mut self.outings, &other.outings),
            (&mut self.nights, &other.nights),
        ];
        for (sum, known) in knowns {
            sum.add(known);
        }
        self.cancelled += other.cancelled;
        self.waiting += other.waiting;
        self.asked += other.asked;
        self.largest = self.largest.max(other.largest);
        self.largest_volunteers = self.largest_volunteers.max(other.largest_volunteers);
        for (sum, count) in self.by_age.iter_mut().zip(other.by_age) {
            *sum += count;
        }
        for (sum, count) in self.by_gender.iter_mut().zip(other.by_gender) {
            *sum += count;
        }
        self.volunteers += other.volunteers;
        self.quarter_hours += other.quarter_hours;
        self.free.add(other.free);
        self.open.add(other.open);
        self.municipal_premises.add(other.municipal_premises);
        self.days += other.days;
        self.person_days += other.person_days;
        self.person_nights += other.person_nights;
        self.adults_least = self.adults_least.max(other.adults_least);
        self.adults_with_13_17 = self.adults_with_13_17.max(other.adults_with_13_17);
        self.adults_most += other.adults_most;
        self.with_unsure += other.with_unsure;
    }

    /// Held gatherings.
    pub fn gatherings(&self) -> u32 {
        self.heads.basis.sum()
    }

    pub fn visits(&self) -> u64 {
        self.heads.visits
    }

    /// Visits per gathering in tenths, rounded half up; none without gatherings.
    pub fn average_tenths(&self) -> Option<u64> {
        let gatherings = u64::from(self.gatherings());
        (gatherings > 0).then(|| (self.visits() * 20 + gatherings) / (gatherings * 2))
    }

    /// A figure of these gatherings alone; none of a measure that needs more: different people, weeks, verdicts.
    pub fn figure(&self, measure: Measure) -> Option<(Value, Cover, Basis)> {
        let held = self.gatherings();
        let cover = |known: u32, of: u32, visits: u64| Cover {
            known,
            of,
            visits,
            waiting: self.waiting,
            asked: self.asked,
            ..Cover::default()
        };
        let whole = |value: Value, basis: Basis| (value, cover(held, held, self.visits()), basis);
        let unless_nothing = |known: u32, of: u32, value: Value| match (known, of) {
            (_, 0) => Value::Missing(Missing::NothingHeld),
            (0, _) => Value::Missing(Missing::NotSaid),
            _ => value,
        };
        let part = |known: &Known, value: Value, of: u32| {
            let count = known.basis.sum();
            (unless_nothing(count, of, value), cover(count, of, known.visits), known.basis)
        };
        let flag = |flag: Flag| {
            let share = Value::Share { part: flag.yes.into(), of: flag.known.into() };
            (unless_nothing(flag.known, held, share), cover(flag.known, held, 0), Basis::default())
        };
        let by_basis = |count: u32| {
            let share = Value::Share { part: count.into(), of: held.into() };
            whole(unless_nothing(held, held, share), self.heads.basis)
        };
        let outings = self.outings.basis.sum();
        let outing = |value: u64| {
            let (value, basis) = (Value::Count(value), self.outings.basis);
            (value, cover(outings, outings, self.outings.visits), basis)
        };
        let not_counted = Basis::default();
        if let Some((first, last)) = measure.bands() {
            let sum = self.by_age[first..=last].iter().sum();
            return Some(part(&self.ages, Value::Count(sum), held));
        }
        Some(match measure {
            Measure::Gatherings => whole(Value::Count(held.into()), not_counted),
            Measure::Cancelled => whole(Value::Count(self.cancelled.into()), not_counted),
            Measure::Visits => whole(Value::Count(self.visits()), self.heads.basis),
            Measure::Average => {
                let value = self.average_tenths().map_or(Value::Missing(Missing::NothingHeld), Value::Tenths);
                whole(value, self.heads.basis)
            }
            Measure::FirstTimers => part(&self.first_timers, Value::Count(self.first_timers.sum), held),
            Measure::Residents => part(&self.residents, Value::Count(self.residents.sum), held),
            Measure::Digital => part(&self.digital, Value::Count(self.digital.sum), held),
            Measure::Women => part(&self.genders, Value::Count(self.by_gender[0]), held),
            Measure::Men => part(&self.genders, Value::Count(self.by_gender[1]), held),
            Measure::OtherGender => part(&self.genders, Value::Count(self.by_gender[2]), held),
            Measure::GenderUnknown => part(&self.genders, Value::Count(self.by_gender[3]), held),
            Measure::Age9To12 | Measure::Age18To24 => {
                (Value::Missing(Missing::NoSuchBands), cover(0, held, 0), not_counted)
            }
            Measure::Volunteers => whole(Value::Count(self.volunteers), not_counted),
            Measure::VolunteerHours => whole(Value::QuarterHours(self.quarter_hours), not_counted),
            Measure::Staff => part(&self.staff, Value::Count(self.staff.sum), held),
            Measure::StaffHours => {
                part(&self.staff_quarter_hours, Value::QuarterHours(self.staff_quarter_hours.sum), held)
            }
            Measure::InstructedHours => part(&self.minutes, Value::Minutes(self.minutes.sum), held),
            Measure::Outings => outing(outings.into()),
            Measure::OutingPeople => outing(self.outings.sum),
            Measure::OutingDays => outing(self.days),
            Measure::PersonDays => outing(self.person_days),
            Measure::OutingNights => match outings {
                0 => outing(0),
                outings => part(&self.nights, Value::Count(self.nights.sum), outings),
            },
            Measure::PersonNights => match outings {
                0 => outing(0),
                outings => part(&self.nights, Value::Count(self.person_nights), outings),
            },
            Measure::Free => flag(self.free),
            Measure::Open => flag(self.open),
            Measure::MunicipalPremises => flag(self.municipal_premises),
            Measure::Counted => by_basis(self.heads.basis.counted),
            Measure::Sample => by_basis(self.heads.basis.sample),
            Measure::Estimated => by_basis(self.heads.basis.estimated),
            Measure::Waiting => whole(Value::Count(self.waiting.into()), not_counted),
            _ => return None,
        })
    }
}

/// How many took part from afar: as said, or all of a remote meeting. On site is what a gathering is by default, so it says nothing.
fn digital(gathering: &Gathering) -> Option<u32> {
    let heads = gathering.heads.as_ref()?;
    heads.digital_participants.or((gathering.mode == Mode::Remote).then_some(heads.participants))
}
