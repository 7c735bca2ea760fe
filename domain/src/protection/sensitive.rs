//! Sensitive activity: a numbered release of protected tables for each closed quarter (rules 2 to 5).

use std::collections::BTreeMap;

use super::county::CountyTables;
use super::{Figures, Measure, Published, PublishedSum};
use crate::{
    AssociationId, Quarter,
    codes::{ActivityForm, County, Municipality},
};

/// Sensitive gatherings of one association, form and municipality, among those counted in one release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SensitiveRow {
    pub municipality: Municipality,
    /// Any form: an association or a target group can make a gathering of an ordinary form sensitive.
    pub form: ActivityForm,
    pub association: AssociationId,
    /// Rows without gatherings are left out.
    pub figures: Figures,
}

/// A published cell. Gatherings, visits and volunteers are counts; hours are whole hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProtectedFigures {
    pub gatherings: Published<u64>,
    pub visits: Published<u64>,
    pub volunteers: Published<u64>,
    pub hours: Published<u64>,
}

impl ProtectedFigures {
    pub const ZERO: ProtectedFigures = ProtectedFigures::all(Published::Exact(0));
    pub const SUPPRESSED: ProtectedFigures = ProtectedFigures::all(Published::Suppressed);

    const fn all(value: Published<u64>) -> ProtectedFigures {
        ProtectedFigures { gatherings: value, visits: value, volunteers: value, hours: value }
    }

    pub const fn get(&self, measure: Measure) -> Published<u64> {
        match measure {
            Measure::Gatherings => self.gatherings,
            Measure::Visits => self.visits,
            Measure::Volunteers => self.volunteers,
            Measure::Hours => self.hours,
        }
    }
}

/// What a sensitive cell is of. There are no others: two filters that could be subtracted do not exist (rules 2 and 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// All sensitive forms together.
    Municipality(Municipality),
    CountyForm(County, ActivityForm),
}

/// The sensitive figures of one quarter, computed once and then frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SensitiveRelease {
    quarter: Quarter,
    cells: BTreeMap<Place, ProtectedFigures>,
}

/// Computes the release of `quarter` from the rows counted in it (late records of earlier quarters among them, rule 5).
/// `agreed` says whether an association has agreed to be shown where it is the only one (rule 4).
pub fn release(quarter: Quarter, rows: &[SensitiveRow], agreed: impl Fn(AssociationId) -> bool) -> SensitiveRelease {
    let mut counties: BTreeMap<County, CountyTables> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.figures.gatherings > 0) {
        counties.entry(row.municipality.county()).or_default().add(row);
    }
    let mut cells = BTreeMap::new();
    for (county, mut tables) in counties {
        tables.protect(&agreed);
        cells.extend(tables.published_municipalities().map(|(place, shown)| (Place::Municipality(place), shown)));
        cells
            .extend(tables.published_forms().into_iter().map(|(form, shown)| (Place::CountyForm(county, form), shown)));
    }
    SensitiveRelease { quarter, cells }
}

impl SensitiveRelease {
    /// A frozen release, as it was kept, or the part of it about the places that it will be asked for. A cell that is left out
    /// reads as zeros, so one that cannot be read back is given as [`ProtectedFigures::SUPPRESSED`].
    pub fn frozen(quarter: Quarter, cells: impl IntoIterator<Item = (Place, ProtectedFigures)>) -> SensitiveRelease {
        SensitiveRelease { quarter, cells: cells.into_iter().collect() }
    }

    pub fn quarter(&self) -> Quarter {
        self.quarter
    }

    /// The published figures of any place; a place without activity has zeros.
    pub fn figures(&self, place: Place) -> ProtectedFigures {
        self.cells.get(&place).copied().unwrap_or(ProtectedFigures::ZERO)
    }

    /// Every cell that is not all zeros, for keeping and for exports.
    pub fn cells(&self) -> impl Iterator<Item = (Place, ProtectedFigures)> {
        self.cells.iter().map(|(place, figures)| (*place, *figures))
    }
}

/// The sum of a year's published quarters (rule 3). It says "at least" when a quarter is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearFigures {
    /// Quarters released so far, 0 to 4.
    pub quarters: u8,
    pub gatherings: PublishedSum,
    pub visits: PublishedSum,
    pub volunteers: PublishedSum,
    /// Whole hours.
    pub hours: PublishedSum,
}

/// Sums what the releases of `year` publish of a place. It takes releases and not records, so that it cannot tell more.
pub fn year_of<'a>(releases: impl IntoIterator<Item = &'a SensitiveRelease>, year: i16, place: Place) -> YearFigures {
    let quarters: Vec<_> = releases.into_iter().filter(|release| release.quarter.year() == year).collect();
    let sum = |measure| quarters.iter().map(|release| release.figures(place).get(measure).into()).sum();
    YearFigures {
        quarters: quarters.len() as u8,
        gatherings: sum(Measure::Gatherings),
        visits: sum(Measure::Visits),
        volunteers: sum(Measure::Volunteers),
        hours: sum(Measure::Hours),
    }
}

#[cfg(test)]
mod tests {
    use super::Published::{Exact, Rounded, Suppressed};
    use super::*;

    fn released(quarter: u8, gatherings: u64, visits: u64) -> SensitiveRelease {
        let rows = [1, 2].map(|association| SensitiveRow {
            municipality: Municipality::parse("047").expect("code"),
            form: ActivityForm::parse("vertaistuki").expect("code"),
            association: AssociationId::from_bytes([association; 16]),
            figures: Figures { gatherings, visits, volunteers: 10, quarter_hours: 40 },
        });
        release(Quarter::new(2026, quarter).expect("quarter"), &rows, |_| false)
    }

    fn place(code: &str) -> Place {
        Place::Municipality(Municipality::parse(code).expect("code"))
    }

    #[test]
    fn an_empty_municipality_is_zero_and_not_hidden() {
        assert_eq!(released(1, 6, 30).figures(place("148")), ProtectedFigures::ZERO);
        assert_eq!(released(1, 6, 30).figures(place("047")).visits, Rounded(60));
    }

    #[test]
    fn rows_without_gatherings_are_left_out() {
        assert_eq!(released(1, 0, 30).cells().count(), 0);
    }

    #[test]
    fn a_release_is_frozen_as_it_was_computed() {
        let release = released(1, 6, 30);
        assert_eq!(SensitiveRelease::frozen(release.quarter(), release.cells()), release);
    }

    #[test]
    fn a_year_is_the_sum_of_its_published_quarters_and_says_at_least() {
        let shown = [released(1, 6, 30), released(2, 6, 40)];
        let year = year_of(&shown, 2026, place("047"));
        assert_eq!((year.quarters, year.visits), (2, PublishedSum::Rounded(140)));
        let hidden = [released(1, 6, 30), released(2, 1, 40)];
        assert_eq!(hidden[1].figures(place("047")).visits, Suppressed);
        assert_eq!(year_of(&hidden, 2026, place("047")).visits, PublishedSum::AtLeast(60));
        assert_eq!(year_of(&hidden[1..], 2026, place("047")).visits, PublishedSum::Suppressed);
        assert_eq!(year_of(&hidden, 2025, place("047")).quarters, 0);
        assert_eq!(released(1, 6, 30).figures(place("148")).hours, Exact(0));
    }
}
