//! The association's own figures on the server: the functions that its devices have, over the records that the server keeps.

use std::collections::BTreeMap;

use domain::{
    Date, RecordId, Series,
    report::{Row, key::Table, measure::Measure, packs::Pack, range::Range, summing::Report, tidy::Figure},
    yearly_people::YearlyPeople,
};

/// What a file of figures says of the gatherings beside its packs.
const COVER: &[Measure] = &[
    Measure::Gatherings,
    Measure::Cancelled,
    Measure::Counted,
    Measure::Sample,
    Measure::Estimated,
    Measure::Waiting,
    Measure::MissingWeeks,
];

/// Packs of one range.
#[derive(Clone, Debug)]
pub struct Packs {
    pub range: Range,
    /// In the order in which they were asked for.
    pub packs: Vec<(Pack, Vec<Figure>)>,
    /// Of all gatherings of the range together: how they were counted, and what is still open.
    pub cover: Vec<Figure>,
}

/// Sums all gatherings of an association once, whatever their days: those outside the range tell when a group was active, and what the year
/// before had.
pub fn packs<'a>(
    packs: &[Pack],
    range: Range,
    today: Date,
    rows: impl Iterator<Item = Row<'a>>,
    series: &BTreeMap<RecordId, Series>,
    people: &[YearlyPeople],
) -> Packs {
    let tables = packs.iter().flat_map(|pack| pack.tables()).chain(&[Table::Whole]).copied();
    let compared = packs.iter().flat_map(|pack| pack.compared()).copied();
    let mut report = Report::new(range, today, tables, compared);
    for row in rows {
        report.add(row);
    }
    let summed = report.finish(series, people);
    let packs = packs.iter().map(|pack| (*pack, pack.figures(&summed))).collect();
    Packs { range, packs, cover: summed.table(Table::Whole, COVER) }
}
