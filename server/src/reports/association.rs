//! The association's own figures on the server: the functions that its devices have, over the records that the server keeps.

use std::collections::BTreeMap;

use domain::{
    Date, RecordId, Series, bounds, date,
    report::{Row, key::Table, measure::Measure, packs::Pack, range::Range, summing::Report, tidy::Figure},
    yearly_people::YearlyPeople,
};

/// Figures of one answer or file. A busy association's ten years have 6,000. Each is 19 cells of some 100 bytes while a file is made, so that this
/// is 60 MB, as is the file of 10,000 gatherings. Somebody whose every gathering has a place of its own may have more.
pub const FIGURES_MAX: usize = 30_000;

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

impl Packs {
    /// Whether they are more than [`FIGURES_MAX`].
    pub fn are_too_many(&self) -> bool {
        self.packs.iter().map(|(_, figures)| figures.len()).sum::<usize>() > FIGURES_MAX
    }
}

/// The days that are asked for, as 2026-01-31. None of what are no days that a gathering can have, or of a first one after the last: beyond these
/// years there is no year before to compare with, and no calendar that ends.
pub fn days(first: &str, last: &str) -> Option<Range> {
    let day =
        |text: &str| date::parse(text).filter(|day| (bounds::FIRST_YEAR..=bounds::LAST_YEAR).contains(&day.year()));
    let (first, last) = (day(first)?, day(last)?);
    (first <= last).then_some(Range::Days(first, last))
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
