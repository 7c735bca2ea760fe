//! Protection of small counts: what the coordinator may see. "Rule 1" to "rule 7" in this module are the rules of
//! docs/PRIVACY.md.
//!
//! One pure function makes each table, for the screen, CSV, XLSX, print and the API alike: [`ordinary_table`] and
//! [`yearly_breakdowns`] for ordinary activity, [`release`] for sensitive activity. `domain/tests/attacker.rs` tries to
//! undo them, and docs/adr/0007-protection-of-small-counts.md gives the reasons. Deliberately absent: any switch that
//! weakens a rule, and any way to turn a hidden value into a number (rule 6; the words for it are in `app`).

mod breakdown;
mod cell;
mod county;
mod ordinary;
mod published;
mod sensitive;

pub use breakdown::{Breakdown, YearlyBreakdowns, YearlyCounts, breakdown, sum_of_breakdowns, yearly_breakdowns};
pub use ordinary::{Activity, OrdinaryRow, OrdinaryTable, Share, ordinary_table};
pub use published::{Published, PublishedSum, Total, total};
pub use sensitive::{Place, ProtectedFigures, SensitiveRelease, SensitiveRow, YearFigures, release, year_of};

/// Possible values that a hidden count must leave to whoever tries to work it out. Rounding to the nearest 5 leaves as many,
/// so a hidden count is never known better than a shown one.
pub const POSSIBLE_VALUES_MIN: u64 = 5;
/// Fewest gatherings of a sensitive cell that is shown (rule 3).
pub const SENSITIVE_GATHERINGS_MIN: u64 = 3;
/// Participants and volunteers from 1 to this are hidden in a sensitive cell (rule 3).
pub const SENSITIVE_SMALL_MAX: u64 = 7;
/// Sensitive counts are rounded to the nearest multiple of this, hours to whole hours (rule 3).
pub const ROUNDING: u64 = 5;
/// Visits from 1 to this are hidden in a yearly breakdown of ordinary activity (rule 1).
pub const BREAKDOWN_SMALL_MAX: u64 = 4;
/// A yearly breakdown of fewer visits than this is not shown at all (strengthens rule 1).
pub const BREAKDOWN_TOTAL_MIN: u64 = 10;

/// What is counted of gatherings. Cancelled gatherings and their numbers are not in it.
///
/// The sums are of 64 bits: at the most participants that a gathering can have, no number of gatherings overflows them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub gatherings: u64,
    /// Heads summed over gatherings; volunteers are not included.
    pub visits: u64,
    /// Helpers summed over gatherings.
    pub volunteers: u64,
    /// Volunteer hours in quarter hours.
    pub quarter_hours: u64,
}

/// One of the four figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    Gatherings,
    Visits,
    Volunteers,
    Hours,
}

impl Measure {
    pub const ALL: [Measure; 4] = [Measure::Gatherings, Measure::Visits, Measure::Volunteers, Measure::Hours];
}

impl Figures {
    /// The figure of this measure; hours in quarter hours.
    pub const fn get(&self, measure: Measure) -> u64 {
        match measure {
            Measure::Gatherings => self.gatherings,
            Measure::Visits => self.visits,
            Measure::Volunteers => self.volunteers,
            Measure::Hours => self.quarter_hours,
        }
    }
}

impl std::ops::Add for Figures {
    type Output = Figures;

    fn add(self, other: Figures) -> Figures {
        Figures {
            gatherings: self.gatherings + other.gatherings,
            visits: self.visits + other.visits,
            volunteers: self.volunteers + other.volunteers,
            quarter_hours: self.quarter_hours + other.quarter_hours,
        }
    }
}

impl std::ops::AddAssign for Figures {
    fn add_assign(&mut self, other: Figures) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Figures {
    fn sum<I: Iterator<Item = Figures>>(figures: I) -> Figures {
        figures.fold(Figures::default(), std::ops::Add::add)
    }
}
