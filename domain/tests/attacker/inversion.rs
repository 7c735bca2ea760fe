//! A stronger attacker for tables small enough to try everything: it knows the code, publishes every possible truth
//! with it, and keeps those that give the published tables.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    AssociationId, Quarter,
    codes::{ActivityForm, County},
    protection::{Figures, Measure, Published, SensitiveRow, release},
};

/// What was published of a table, as a key.
type Key = Vec<(char, u64)>;

fn key_part(value: Published<u64>) -> (char, u64) {
    match value {
        Published::Exact(exact) => ('=', exact),
        Published::Rounded(rounded) => ('~', rounded),
        Published::Suppressed => ('?', 0),
    }
}

/// The values that each figure of one published table can have.
#[derive(Default)]
struct Possible {
    values: Vec<BTreeSet<u64>>,
    /// A truth stands at the edge of what was tried, so that larger ones may give the same table.
    at_edge: bool,
}

/// The fewest possible values of any figure that can be 1 to 7, over the tables that were tried whole.
fn fewest(tables: &BTreeMap<Key, Possible>) -> usize {
    let whole = tables.values().filter(|table| !table.at_edge);
    let small = whole.flat_map(|table| &table.values).filter(|values| values.range(1..=7).next().is_some());
    small.map(BTreeSet::len).min().expect("some table is tried whole")
}

/// Calls `visit` with every list of `length` counts from 0 to `max` whose sum is at most `sum_max`.
fn every(length: usize, max: u64, sum_max: u64, visit: &mut impl FnMut(&[u64])) {
    fn step(counts: &mut Vec<u64>, length: usize, max: u64, left: u64, visit: &mut impl FnMut(&[u64])) {
        if counts.len() == length {
            return visit(counts);
        }
        for count in 0..=max.min(left) {
            counts.push(count);
            step(counts, length, max, left - count, visit);
            counts.pop();
        }
    }
    step(&mut Vec::new(), length, max, sum_max, visit);
}

/// Over every breakdown of this many cells with a total of 4 to `total_max`, which the attacker knows.
pub fn fewest_values_of_breakdowns(
    cells: usize,
    total_max: u64,
    publish: impl Fn(&[u64]) -> Vec<Published<u64>>,
) -> usize {
    let mut tables: BTreeMap<Key, Possible> = BTreeMap::new();
    every(cells, total_max, total_max, &mut |counts| {
        let total: u64 = counts.iter().sum();
        let published = publish(counts);
        if total < 4 || !published.contains(&Published::Suppressed) {
            return;
        }
        let key = [('=', total)].into_iter().chain(published.iter().copied().map(key_part)).collect();
        let table = tables.entry(key).or_default();
        table.values.resize_with(cells, BTreeSet::new);
        for ((cell, values), count) in published.iter().zip(&mut table.values).zip(counts) {
            if cell.is_suppressed() {
                values.insert(*count);
            }
        }
    });
    fewest(&tables)
}

/// A county of a few municipalities with one association each, that may have agreed, and forms that are the same for all.
#[derive(Clone, Copy, Debug)]
pub struct SmallCounty {
    municipalities: usize,
    forms: usize,
    measure: Measure,
    /// Each figure is from 0 to this.
    max: u64,
    /// What one more municipality has, that is large enough to be shown; 0 for none.
    shown: u64,
}

pub const SMALL_COUNTIES: [SmallCounty; 6] = [
    SmallCounty { municipalities: 2, forms: 1, measure: Measure::Volunteers, max: 40, shown: 0 },
    SmallCounty { municipalities: 2, forms: 1, measure: Measure::Visits, max: 40, shown: 20 },
    SmallCounty { municipalities: 3, forms: 1, measure: Measure::Volunteers, max: 23, shown: 0 },
    SmallCounty { municipalities: 3, forms: 1, measure: Measure::Visits, max: 23, shown: 20 },
    SmallCounty { municipalities: 2, forms: 2, measure: Measure::Volunteers, max: 13, shown: 0 },
    SmallCounty { municipalities: 2, forms: 2, measure: Measure::Visits, max: 13, shown: 20 },
];

/// Over every truth of the county and every agreement: all other figures are known to the attacker.
pub fn fewest_values_of_counties(county: SmallCounty) -> usize {
    let places: Vec<_> = County::parse("21").expect("Lapland").municipalities().collect();
    let forms: Vec<_> = ActivityForm::all().collect();
    let row = |index: usize, form: usize, value: u64| SensitiveRow {
        municipality: places[index],
        form: forms[form],
        association: AssociationId::from_bytes([index as u8; 16]),
        figures: county.figures(value),
    };
    let mut tables: BTreeMap<Key, Possible> = BTreeMap::new();
    every(county.municipalities * county.forms, county.max, u64::MAX, &mut |figures| {
        let cells = figures.iter().enumerate();
        let mut rows: Vec<_> = cells
            .map(|(cell, value)| row(cell % county.municipalities, cell / county.municipalities, *value))
            .collect();
        if county.shown > 0 {
            rows.push(row(county.municipalities, 0, county.shown));
        }
        for agreement in 0..1_u32 << county.municipalities {
            let agreed = |association: AssociationId| {
                let index = usize::from(association.uuid().as_bytes()[0]);
                index >= county.municipalities || agreement & (1 << index) != 0
            };
            let published = release(Quarter::new(2026, 1).expect("quarter"), &rows, agreed);
            let shown = published.cells().flat_map(|(_, cell)| Measure::ALL.map(|measure| key_part(cell.get(measure))));
            let table = tables.entry(shown.collect()).or_default();
            table.at_edge |= figures.contains(&county.max);
            table.values.resize_with(county.municipalities, BTreeSet::new);
            for (index, values) in table.values.iter_mut().enumerate() {
                values.insert(figures.iter().skip(index).step_by(county.municipalities).sum());
            }
        }
    });
    fewest(&tables)
}

impl SmallCounty {
    /// Twelve gatherings with enough visits and volunteers, but for the measure that is tried.
    fn figures(self, value: u64) -> Figures {
        let mut figures = Figures { gatherings: 12, visits: 60, volunteers: 24, quarter_hours: 96 };
        match self.measure {
            Measure::Visits => figures.visits = value,
            _ => figures.volunteers = value,
        }
        figures
    }
}
