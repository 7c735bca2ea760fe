//! Deliberately weaker protections, for the attacker to break. They are separate implementations, so that the real ones
//! need no switch.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    AssociationId,
    protection::{Figures, Measure, ProtectedFigures, Published},
};

use super::{tables::Tables, world::County};

/// The seven rules as first written (docs/PRIVACY.md), without what ADR 7 adds, and switches that leave out one of them.
#[derive(Clone, Copy)]
pub struct Rules {
    /// Fewer than 3 gatherings hide the cell; participants and volunteers of 1 to 7 are hidden.
    pub hide_small: bool,
    /// A county figure is shown only where none, or at least two, of its municipalities are hidden in it.
    pub county_rule: bool,
    /// Hours are hidden wherever volunteers are: not in the letter.
    pub hide_hours: bool,
}

impl Rules {
    pub const AS_WRITTEN: Rules = Rules { hide_small: true, county_rule: true, hide_hours: false };
}

#[derive(Default)]
struct Cell {
    figures: Figures,
    associations: BTreeSet<AssociationId>,
}

pub fn protect(county: &County, rules: Rules) -> Tables {
    let mut municipalities: BTreeMap<_, Cell> = BTreeMap::new();
    let mut forms: BTreeMap<_, Cell> = BTreeMap::new();
    let mut parts: BTreeMap<_, Figures> = BTreeMap::new();
    for row in &county.rows {
        let municipality = municipalities.entry(row.municipality).or_default();
        municipality.figures += row.figures;
        municipality.associations.insert(row.association);
        forms.entry(row.form).or_default().figures += row.figures;
        *parts.entry((row.municipality, row.form)).or_default() += row.figures;
    }
    let mut tables = Tables::default();
    for (municipality, cell) in &municipalities {
        let alone = cell.associations.len() == 1 && cell.associations.is_disjoint(&county.agreed);
        let shown = if alone { ProtectedFigures::SUPPRESSED } else { publish(&cell.figures, rules) };
        tables.municipalities.insert(*municipality, shown);
    }
    for (form, cell) in &forms {
        let mut shown = publish(&cell.figures, rules);
        for measure in Measure::ALL {
            let hidden_in_it = tables.municipalities.iter().filter(|(municipality, cell)| {
                let part = parts.get(&(**municipality, *form));
                cell.get(measure).is_suppressed() && part.is_some_and(|part| part.get(measure) > 0)
            });
            if rules.county_rule && hidden_in_it.count() == 1 {
                hide(&mut shown, measure);
            }
        }
        tables.forms.insert(*form, shown);
    }
    tables
}

fn publish(figures: &Figures, rules: Rules) -> ProtectedFigures {
    if rules.hide_small && figures.gatherings < 3 {
        return ProtectedFigures::SUPPRESSED;
    }
    let count = |value: u64| match value {
        0 => Published::Exact(0),
        1..=7 if rules.hide_small => Published::Suppressed,
        _ => Published::Rounded((value + 2) / 5 * 5),
    };
    let mut shown = ProtectedFigures {
        gatherings: Published::Rounded((figures.gatherings + 2) / 5 * 5),
        visits: count(figures.visits),
        volunteers: count(figures.volunteers),
        hours: match figures.quarter_hours {
            0 => Published::Exact(0),
            quarters => Published::Rounded(((quarters + 10) / 20 * 5).max(5)),
        },
    };
    if rules.hide_hours && shown.volunteers.is_suppressed() {
        shown.hours = Published::Suppressed;
    }
    shown
}

fn hide(cell: &mut ProtectedFigures, measure: Measure) {
    match measure {
        Measure::Gatherings => cell.gatherings = Published::Suppressed,
        Measure::Visits => cell.visits = Published::Suppressed,
        Measure::Volunteers => cell.volunteers = Published::Suppressed,
        Measure::Hours => cell.hours = Published::Suppressed,
    }
}

/// Hides 1 to 4 and nothing else.
pub fn breakdown_without_a_second_cell(counts: &[u64]) -> Vec<Published<u64>> {
    let publish = |count: &u64| if (1..=4).contains(count) { Published::Suppressed } else { Published::Exact(*count) };
    counts.iter().map(publish).collect()
}

/// Hides 1 to 4 and then the smallest that is shown, until the sum leaves five values: enough for whoever does not know that
/// it is the smallest.
pub fn breakdown_with_the_smallest_second_cell(counts: &[u64]) -> Vec<Published<u64>> {
    let mut cells = breakdown_without_a_second_cell(counts);
    let hidden = |cells: &[Published<u64>]| -> (u64, u64) {
        let hidden = cells.iter().zip(counts).filter(|(cell, _)| cell.is_suppressed());
        hidden.fold((0, 0), |(number, sum), (_, count)| (number + 1, sum + count))
    };
    loop {
        let (number, sum) = hidden(&cells);
        if number == 0 || (number >= 2 && sum >= number + 4) {
            return cells;
        }
        let shown = (0..counts.len()).filter(|index| !cells[*index].is_suppressed() && counts[*index] > 0);
        match shown.min_by_key(|index| counts[*index]) {
            Some(smallest) => cells[smallest] = Published::Suppressed,
            None => return vec![Published::Suppressed; counts.len()],
        }
    }
}
