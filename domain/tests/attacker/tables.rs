//! The published tables of one county and quarter, as a reader sees them.

use std::collections::BTreeMap;

use domain::{
    codes::{ActivityForm, Municipality},
    protection::{Measure, Place, ProtectedFigures, Published, SensitiveRelease},
};

/// Cells that are not in it are zeros.
#[derive(Default)]
pub struct Tables {
    pub municipalities: BTreeMap<Municipality, ProtectedFigures>,
    pub forms: BTreeMap<ActivityForm, ProtectedFigures>,
}

impl Tables {
    /// The tables of a release in which only one county has anything.
    pub fn of_release(release: &SensitiveRelease) -> Tables {
        let mut tables = Tables::default();
        for (place, figures) in release.cells() {
            match place {
                Place::Municipality(municipality) => _ = tables.municipalities.insert(municipality, figures),
                Place::CountyForm(_, form) => _ = tables.forms.insert(form, figures),
            }
        }
        tables
    }
}

/// Where a cell stands: it decides what hiding a part of it tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Municipality,
    Form,
}

/// The least and the most that a published figure can be, by itself. Hours in quarter hours; no most is none.
pub fn range(cell: &ProtectedFigures, measure: Measure, side: Side, all_hidden: bool) -> (i64, Option<i64>) {
    match (cell.get(measure), measure) {
        (Published::Exact(exact), Measure::Hours) => (4 * exact as i64, Some(4 * exact as i64)),
        (Published::Exact(exact), _) => (exact as i64, Some(exact as i64)),
        // Half up: 12.5 hours are shown as 15. A zero would have been shown as exact.
        (Published::Rounded(hours), Measure::Hours) => {
            let low = if hours == 5 { 1 } else { 4 * hours as i64 - 10 };
            (low.max(1), Some(4 * hours as i64 + 9))
        }
        (Published::Rounded(count), _) => ((count as i64 - 2).max(1), Some(count as i64 + 2)),
        // When every form is hidden, those where nothing happened are as well.
        (Published::Suppressed, _) if all_hidden => (0, None),
        (Published::Suppressed, Measure::Gatherings) => (1, None),
        (Published::Suppressed, Measure::Hours) => (0, None),
        // The rest of the cell is shown, so the count itself must be the reason: in a municipality it is 1 to 7; in a county it
        // is not zero, but may be hidden for a municipality's sake.
        (Published::Suppressed, _) if !cell.gatherings.is_suppressed() => match side {
            Side::Municipality => (1, Some(7)),
            Side::Form => (1, None),
        },
        (Published::Suppressed, _) => (0, None),
    }
}
