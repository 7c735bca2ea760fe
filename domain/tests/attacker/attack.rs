//! The attack: turns all published and all previously known figures into intervals, narrows them, and compares the
//! truth with what is left.

use std::{collections::BTreeMap, fmt};

use domain::{
    bounds,
    codes::{ActivityForm, Municipality},
    protection::{Figures, Measure, ProtectedFigures, Published, SensitiveRow},
};

use super::intervals::{Intervals, UNBOUNDED, Unknown};
use super::tables::{Side, Tables, range};

/// Forms that can last several days; in all others nobody helps for more than 24 hours of a gathering.
const FORMS_OF_DAYS: [&str; 2] = ["retki", "leiri"];

/// What an attacker found.
#[derive(Default)]
pub struct Findings {
    pub municipalities: u64,
    /// Municipalities' quarters and counties' forms in which something happened, and those of them hidden whole.
    municipality_cells: (u64, u64),
    form_cells: (u64, u64),
    /// Counts that are truly 1 to 7, of cells and of what a form is in a municipality.
    pub small: u64,
    /// Those of them that the attacker narrowed to fewer than five values.
    pub pinned: u64,
    /// Of the pinned, visits and volunteers; the others are gatherings and hours.
    pub pinned_heads: u64,
    /// The first of these.
    example: Option<String>,
    /// The fewest values that a small count was left with, when any was seen.
    fewest: Option<i64>,
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (municipalities, small, pinned) = (self.municipalities, self.small, self.pinned);
        write!(
            f,
            "{municipalities} municipalities, {small} small counts, {pinned} pinned, {} of them heads",
            self.pinned_heads
        )?;
        if let Some(fewest) = self.fewest {
            write!(f, ", fewest possible values {fewest}")?;
        }
        for ((all, hidden), what) in [(self.municipality_cells, "municipality"), (self.form_cells, "county")] {
            if let Some(percent) = (hidden * 100).checked_div(all) {
                write!(f, ", {percent} % of {what} cells hidden")?;
            }
        }
        self.example.as_ref().map_or(Ok(()), |example| write!(f, "; first: {example}"))
    }
}

impl Findings {
    /// Judges what is left of one count. Hours are in quarter hours.
    fn compare(&mut self, truth: u64, measure: Measure, (low, high): (i64, i64), what: &str) {
        let small_max = if measure == Measure::Hours { 4 * 7 } else { 7 };
        let truth_signed = truth as i64;
        assert!(
            low <= truth_signed && truth_signed <= high,
            "the attacker is wrong: {what} {truth} not in {low} … {high}"
        );
        if truth == 0 || truth > small_max {
            return;
        }
        let values = high - low + 1;
        self.small += 1;
        if values < 5 {
            self.pinned += 1;
            self.pinned_heads += u64::from(matches!(measure, Measure::Visits | Measure::Volunteers));
            self.example.get_or_insert_with(|| format!("{what}: {truth} in {low} … {high}"));
        }
        self.fewest = Some(self.fewest.map_or(values, |fewest| fewest.min(values)));
    }
}

/// Attacks one county's tables of one quarter. `rows` is the truth, which is looked at only to judge the result and to know
/// which pairs of municipality and form cannot be excluded.
pub fn attack_tables(tables: &Tables, rows: &[SensitiveRow], findings: &mut Findings) {
    let all_hidden = tables.forms.len() == ActivityForm::all().len();
    let mut known = Intervals::default();
    let mut municipalities: BTreeMap<(Municipality, Measure), Unknown> = BTreeMap::new();
    let mut forms: BTreeMap<(ActivityForm, Measure), Unknown> = BTreeMap::new();
    let mut parts: BTreeMap<(Municipality, ActivityForm, Measure), Unknown> = BTreeMap::new();
    for measure in Measure::ALL {
        for (place, cell) in &tables.municipalities {
            let (low, high) = range(cell, measure, Side::Municipality, false);
            municipalities.insert((*place, measure), known.unknown(low, high.unwrap_or(UNBOUNDED)));
        }
        for (form, cell) in &tables.forms {
            let (low, high) = range(cell, measure, Side::Form, all_hidden);
            forms.insert((*form, measure), known.unknown(low, high.unwrap_or(UNBOUNDED)));
            for place in tables.municipalities.keys() {
                parts.insert((*place, *form, measure), known.unknown(0, UNBOUNDED));
            }
        }
        for place in tables.municipalities.keys() {
            known.sum(
                municipalities[&(*place, measure)],
                tables.forms.keys().map(|form| parts[&(*place, *form, measure)]),
            );
        }
        for form in tables.forms.keys() {
            known.sum(
                forms[&(*form, measure)],
                tables.municipalities.keys().map(|place| parts[&(*place, *form, measure)]),
            );
        }
        let county = known.unknown(0, UNBOUNDED);
        known.sum(county, tables.municipalities.keys().map(|place| municipalities[&(*place, measure)]));
        known.sum(county, tables.forms.keys().map(|form| forms[&(*form, measure)]));
    }
    for place in tables.municipalities.keys() {
        limit(&mut known, |measure| municipalities[&(*place, measure)], i64::from(bounds::DAYS_MAX));
    }
    for form in tables.forms.keys() {
        let days = if FORMS_OF_DAYS.contains(&form.code()) { i64::from(bounds::DAYS_MAX) } else { 1 };
        limit(&mut known, |measure| forms[&(*form, measure)], days);
        for place in tables.municipalities.keys() {
            limit(&mut known, |measure| parts[&(*place, *form, measure)], days);
        }
    }
    known.propagate();

    let truth = |keep: &dyn Fn(&SensitiveRow) -> bool| -> Figures {
        rows.iter().filter(|row| keep(row)).map(|row| row.figures).sum()
    };
    for measure in Measure::ALL {
        let mut compare = |figures: Figures, unknown: &Unknown, what: String| {
            findings.compare(figures.get(measure), measure, known.range(*unknown), &what);
        };
        // Gatherings of a shown cell are no secret: they are rounded, and other cells may tell them better. Heads and hours
        // must stay unknown wherever they are small, in cells that are never published too.
        let secret = |cell: &ProtectedFigures| measure != Measure::Gatherings || cell.gatherings.is_suppressed();
        for (place, cell) in tables.municipalities.iter().filter(|(_, cell)| secret(cell)) {
            let figures = truth(&|row| row.municipality == *place);
            compare(figures, &municipalities[&(*place, measure)], format!("{measure:?} of {place:?} {cell:?}"));
        }
        for (form, cell) in tables.forms.iter().filter(|(_, cell)| secret(cell)) {
            let figures = truth(&|row| row.form == *form);
            compare(figures, &forms[&(*form, measure)], format!("{measure:?} of {form:?} {cell:?}"));
        }
        for ((place, form, _), part) in
            parts.iter().filter(|((_, _, of), _)| *of == measure && measure != Measure::Gatherings)
        {
            let figures = truth(&|row| row.form == *form && row.municipality == *place);
            compare(figures, part, format!("{measure:?} of {form:?} in {place:?}"));
        }
    }
    for cell in tables.municipalities.values() {
        findings.municipality_cells.0 += 1;
        findings.municipality_cells.1 += u64::from(cell.visits.is_suppressed());
    }
    for cell in tables.forms.values() {
        findings.form_cells.0 += 1;
        findings.form_cells.1 += u64::from(cell.visits.is_suppressed());
    }
}

/// What everybody knows of any cell: the bounds of what the forms accept.
fn limit(known: &mut Intervals, of: impl Fn(Measure) -> Unknown, days: i64) {
    known.at_most_times(of(Measure::Visits), bounds::PARTICIPANTS_MAX.into(), of(Measure::Gatherings));
    known.at_most_times(of(Measure::Volunteers), bounds::VOLUNTEERS_MAX.into(), of(Measure::Gatherings));
    known.at_most_times(of(Measure::Hours), days * i64::from(bounds::QUARTER_HOURS_PER_DAY), of(Measure::Volunteers));
}

/// Attacks a breakdown whose total is known, and whose zeros are shown unless everything is hidden.
pub fn attack_breakdown(cells: &[Published<u64>], counts: &[u64], findings: &mut Findings) {
    let total = counts.iter().sum::<u64>() as i64;
    let all_hidden = cells.iter().all(Published::is_suppressed);
    let mut known = Intervals::default();
    let whole = known.unknown(total, total);
    let unknowns: Vec<_> = cells
        .iter()
        .map(|cell| match cell {
            Published::Exact(exact) => known.unknown(*exact as i64, *exact as i64),
            Published::Rounded(_) => unreachable!("breakdowns are not rounded"),
            Published::Suppressed => known.unknown(i64::from(!all_hidden), UNBOUNDED),
        })
        .collect();
    known.sum(whole, unknowns.iter().copied());
    known.propagate();
    // A total of 3 leaves at most four values to any cell, whatever is hidden.
    for ((cell, unknown), count) in cells.iter().zip(unknowns).zip(counts) {
        if cell.is_suppressed() && total >= 4 {
            findings.compare(*count, Measure::Visits, known.range(unknown), "a cell of a breakdown");
        }
    }
}
