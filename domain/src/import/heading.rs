//! Where the heading of a sheet is, and which column each of its cells names.

use super::{COLUMNS_MAX, Cell, Column, HEADING_ROWS, Sheet, value};
use crate::codes::ReadAs;

/// The heading that was found.
pub(super) struct Found {
    pub headings: Vec<String>,
    pub columns: Vec<Option<Column>>,
    /// Place in the sheet's rows of the first one below the heading.
    pub first_row: usize,
}

impl Found {
    /// The columns without which no row is a gathering: its day, and how many came.
    pub fn lacks(&self) -> Vec<Column> {
        let has = |kind: fn(ReadAs) -> bool| self.columns.iter().flatten().any(|column| kind(column.kind()));
        let mut lacks = Vec::new();
        if !has(|kind| kind == ReadAs::Day) {
            lacks.extend(Column::parse("date"));
        }
        let counts = self.columns.iter().flatten().any(|column| column.code() == "participants")
            || has(|kind| matches!(kind, ReadAs::Age(_) | ReadAs::Gender(_)));
        if !counts {
            lacks.extend(Column::parse("participants"));
        }
        lacks
    }
}

/// Finds the row, or the two rows, that name most columns; of equals the first. `by_hand` says what the columns are, whatever they
/// are called.
pub(super) fn find(sheet: &Sheet, by_hand: Option<&[Option<Column>]>) -> Found {
    let rows = &sheet.rows;
    let width = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0).min(COLUMNS_MAX);
    let mut best = (0, Found { headings: vec![String::new(); width], columns: vec![None; width], first_row: 0 });
    for at in 0..rows.len().min(HEADING_ROWS) {
        let own = texts(&rows[at].1, width);
        let one = Found { columns: columns(&own), headings: own.clone(), first_row: at + 1 };
        let two = rows.get(at + 1).filter(|(number, _)| *number == rows[at].0 + 1).map(|(_, below)| {
            let below = texts(below, width);
            let (headings, columns) = in_two_rows(&own, &below);
            Found { headings, columns, first_row: at + 2 }
        });
        for found in [Some(one), two].into_iter().flatten() {
            let named = found.columns.iter().flatten().count();
            if named > best.0 {
                best = (named, found);
            }
        }
    }
    let mut found = best.1;
    if best.0 == 0 {
        // Nothing is named as we know it: the first row with several texts is the likeliest.
        let is_heading =
            |(_, cells): &(u32, Vec<Cell>)| texts(cells, width).iter().filter(|text| !text.is_empty()).count() > 1;
        if let Some(at) = rows.iter().take(HEADING_ROWS).position(is_heading) {
            found.headings = texts(&rows[at].1, width);
            found.first_row = at + 1;
        }
    }
    if let Some(by_hand) = by_hand {
        let mut chosen: Vec<Option<Column>> =
            by_hand.iter().copied().chain(std::iter::repeat(None)).take(width).collect();
        once_each(&mut chosen);
        found.columns = chosen;
    }
    found
}

fn texts(cells: &[Cell], width: usize) -> Vec<String> {
    let text = |cell: Option<&Cell>| match cell {
        Some(Cell::Text(text)) => text.chars().take(80).collect(),
        Some(Cell::Number(number)) if *number >= 0.0 && *number < 10_000.0 => number.to_string(),
        _ => String::new(),
    };
    (0..width).map(|column| text(cells.get(column))).collect()
}

fn columns(headings: &[String]) -> Vec<Option<Column>> {
    let mut columns: Vec<Option<Column>> = headings
        .iter()
        // A number heads no column by itself: 75 may be a count.
        .map(|heading| (!value::is_number(heading)).then(|| Column::of_heading(heading)).flatten())
        .collect();
    once_each(&mut columns);
    columns
}

/// "Osallistujat" over "naiset" and "miehet". A heading that is merged over several columns stands in the first of them only.
fn in_two_rows(above: &[String], below: &[String]) -> (Vec<String>, Vec<Option<Column>>) {
    let mut over = "";
    let mut headings = Vec::with_capacity(above.len());
    let mut columns = Vec::with_capacity(above.len());
    for (above, below) in above.iter().zip(below) {
        if !above.is_empty() {
            over = above;
        }
        let both = format!("{over} {below}");
        let (heading, column) = if below.is_empty() {
            (above.clone(), Column::of_heading(above))
        } else if value::is_number(below) {
            // A row with numbers is no heading.
            (below.clone(), None)
        } else {
            (both.trim().to_owned(), Column::of_heading(below).or_else(|| Column::of_heading(&both)))
        };
        headings.push(heading);
        columns.push(column);
    }
    once_each(&mut columns);
    (headings, columns)
}

/// A column is what it is once; of two that say so, the first.
fn once_each(columns: &mut [Option<Column>]) {
    for at in 0..columns.len() {
        if columns[at].is_some() && columns[..at].contains(&columns[at]) {
            columns[at] = None;
        }
    }
}
