//! One cell of a sensitive table: its true figures, which of them are hidden, and what is published of it (rules 3 and 4).

use std::ops::RangeInclusive;

use super::{Figures, Measure, ProtectedFigures, Published, ROUNDING, SENSITIVE_GATHERINGS_MIN, SENSITIVE_SMALL_MAX};
use crate::AssociationId;

/// Quarter hours in the step to which hours are rounded.
const QUARTER_HOURS_ROUNDING: u64 = 4 * ROUNDING;

/// How much of a cell is hidden. Hiding only grows.
///
/// Few visits hide the whole cell, and not only themselves: were the rest shown, everybody would know that they are 1 to 7,
/// and two hidden sevens would show through a county's 15. Few volunteers hide only their hours beside themselves, which are
/// as a rule a fixed number for each; there it is the county's figures that keep the distance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hiding {
    #[default]
    Nothing,
    /// Volunteers and their hours.
    Volunteers,
    Everything,
}

impl Hiding {
    /// What has to be hidden in order to hide this measure.
    pub fn of(measure: Measure) -> Hiding {
        match measure {
            Measure::Gatherings | Measure::Visits => Hiding::Everything,
            Measure::Volunteers | Measure::Hours => Hiding::Volunteers,
        }
    }

    pub fn hides(self, measure: Measure) -> bool {
        self >= Hiding::of(measure)
    }
}

#[derive(Clone, Copy, Debug, Default)]
enum FedBy {
    #[default]
    Nobody,
    One(AssociationId),
    Several,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cell {
    pub figures: Figures,
    fed_by: FedBy,
    hiding: Hiding,
}

impl Cell {
    pub fn add(&mut self, association: AssociationId, figures: Figures) {
        self.figures += figures;
        self.fed_by = match self.fed_by {
            FedBy::Nobody => FedBy::One(association),
            FedBy::One(first) if first == association => self.fed_by,
            FedBy::One(_) | FedBy::Several => FedBy::Several,
        };
    }

    /// Rule 3, and of rule 4 that a cell fed by one association is not shown unless it has agreed.
    pub fn hide_small(&mut self, agreed: &impl Fn(AssociationId) -> bool) {
        const SMALL: RangeInclusive<u64> = 1..=SENSITIVE_SMALL_MAX;
        let alone = matches!(self.fed_by, FedBy::One(association) if !agreed(association));
        if alone || self.figures.gatherings < SENSITIVE_GATHERINGS_MIN || SMALL.contains(&self.figures.visits) {
            self.hide(Hiding::Everything);
        } else if SMALL.contains(&self.figures.volunteers) {
            self.hide(Hiding::Volunteers);
        }
    }

    /// Hides at least this much. A zero stays a zero: an empty cell and a cell without volunteers have nothing to hide, but in
    /// a cell that is hidden whole the zeros are hidden too.
    pub fn hide(&mut self, hiding: Hiding) {
        let nothing = match hiding {
            Hiding::Nothing | Hiding::Everything => self.figures.gatherings == 0,
            Hiding::Volunteers => self.figures.volunteers == 0,
        };
        if !nothing {
            self.hiding = self.hiding.max(hiding);
        }
    }

    pub fn hides(&self, measure: Measure) -> bool {
        self.hiding.hides(measure)
    }

    /// The most that a hidden figure can be, if that is known: volunteers hidden beside shown visits are 1 to 7. A cell that is
    /// hidden whole can be so for one association, for few gatherings or for few visits, and so be of any size.
    pub fn most(&self, measure: Measure) -> Option<u64> {
        (self.hiding == Hiding::Volunteers && measure == Measure::Volunteers).then_some(SENSITIVE_SMALL_MAX)
    }

    pub fn publish(&self) -> ProtectedFigures {
        let publish = |measure| match measure {
            hidden if self.hides(hidden) => Published::Suppressed,
            Measure::Hours => rounded(self.figures.quarter_hours, QUARTER_HOURS_ROUNDING),
            count => rounded(self.figures.get(count), ROUNDING),
        };
        ProtectedFigures {
            gatherings: publish(Measure::Gatherings),
            visits: publish(Measure::Visits),
            volunteers: publish(Measure::Volunteers),
            hours: publish(Measure::Hours),
        }
    }
}

/// The nearest multiple of 5, half up; `five` is what 5 is in the unit of `value`. What is not zero is at least 5: a shown zero says that nothing happened.
fn rounded(value: u64, five: u64) -> Published<u64> {
    if value == 0 {
        return Published::Exact(0);
    }
    Published::Rounded(((value + five / 2) / five * ROUNDING).max(ROUNDING))
}

#[cfg(test)]
mod tests {
    use super::Published::{Exact, Rounded, Suppressed};
    use super::*;

    const ONE: AssociationId = AssociationId::from_bytes([1; 16]);
    const OTHER: AssociationId = AssociationId::from_bytes([2; 16]);

    fn cell(gatherings: u64, visits: u64, volunteers: u64, quarter_hours: u64) -> Cell {
        let mut cell = Cell::default();
        cell.add(ONE, Figures { gatherings: gatherings - 1, visits, volunteers, quarter_hours });
        cell.add(OTHER, Figures { gatherings: 1, ..Figures::default() });
        cell
    }

    fn published(mut cell: Cell) -> [Published<u64>; 4] {
        cell.hide_small(&|_| false);
        let shown = cell.publish();
        Measure::ALL.map(|measure| shown.get(measure))
    }

    #[test]
    fn fewer_than_three_gatherings_hide_the_cell_with_its_zeros() {
        assert_eq!(published(cell(2, 50, 0, 0)), [Suppressed; 4]);
        assert_eq!(published(cell(3, 50, 0, 0)), [Rounded(5), Rounded(50), Exact(0), Exact(0)]);
    }

    #[test]
    fn one_to_seven_visits_hide_the_cell() {
        assert_eq!(published(cell(12, 7, 20, 80)), [Suppressed; 4]);
        assert_eq!(published(cell(12, 8, 20, 80)), [Rounded(10), Rounded(10), Rounded(20), Rounded(20)]);
        assert_eq!(published(cell(12, 0, 20, 80))[1], Exact(0));
    }

    #[test]
    fn one_to_seven_volunteers_hide_themselves_and_their_hours() {
        assert_eq!(published(cell(12, 90, 7, 80)), [Rounded(10), Rounded(90), Suppressed, Suppressed]);
        assert_eq!(published(cell(12, 90, 8, 80)), [Rounded(10), Rounded(90), Rounded(10), Rounded(20)]);
    }

    #[test]
    fn hours_are_whole_hours_rounded_to_five_and_never_to_zero() {
        assert_eq!(published(cell(12, 90, 8, 1))[3], Rounded(5));
        assert_eq!(published(cell(12, 90, 8, 29))[3], Rounded(5));
        assert_eq!(published(cell(12, 90, 8, 30))[3], Rounded(10));
        assert_eq!(published(cell(12, 90, 8, 0))[3], Exact(0));
    }

    #[test]
    fn a_cell_fed_by_one_association_is_hidden_without_its_agreement() {
        let mut alone = Cell::default();
        alone.add(ONE, Figures { gatherings: 12, visits: 90, volunteers: 24, quarter_hours: 200 });
        alone.add(ONE, Figures { gatherings: 12, visits: 90, volunteers: 24, quarter_hours: 200 });
        assert_eq!(published(alone), [Suppressed; 4]);
        alone.hide_small(&|association| association == ONE);
        assert_eq!(alone.publish().visits, Rounded(180));
    }
}
