//! A spreadsheet of somebody's own becomes gatherings: which row is the heading, what its columns are, and what each row says.
//!
//! Pure: where the cells come from (XLSX, ODS, CSV) is the server's, and nothing is written here. A row goes through the parser that the
//! form and the sync endpoint use ([`crate::Gathering::parse`]); what is wrong with one row is said beside it, and the others go on.

mod column;
mod heading;
mod row;
mod value;

use std::{collections::HashMap, sync::Arc};

pub use column::Column;
pub use row::{LeftOut, Outcome, Row};
pub use value::day_of_serial;

use crate::{
    Content, Date, RecordId, Series,
    codes::{ActivityForm, Municipality},
};

/// Rows of one import that have something in them, the heading not among them. A busy association records 500 gatherings a year: these
/// are twenty years of it, and as many as a reviewer may bring in a day.
pub const ROWS_MAX: usize = 10_000;
/// Most of a file, in bytes: 10,000 rows of 47 columns take two.
pub const FILE_BYTES_MAX: usize = 5 * 1024 * 1024;
/// Columns that are looked at. Our own export has 58.
pub const COLUMNS_MAX: usize = 64;
/// Rows in which the heading is looked for: above it are a title, a name and a year.
const HEADING_ROWS: usize = 30;
/// Characters of a cell that are kept: twice the longest text that a gathering has, so that a longer one is said to be too long.
pub const CELL_MAX_CHARS: usize = 1_000;

/// What stands in a cell. A formula's value counts, never the formula.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    #[default]
    Empty,
    /// Shared, because a file can name one text in many cells.
    Text(Arc<str>),
    Number(f64),
    /// A day, or a day and a time: days since 1899-12-30, as spreadsheets count.
    Moment(f64),
    /// A length of time, days.
    Length(f64),
    Bool(bool),
}

impl Cell {
    pub fn text(text: &str) -> Cell {
        match text.trim() {
            "" => Cell::Empty,
            text => Cell::Text(text.chars().take(CELL_MAX_CHARS).collect::<String>().into()),
        }
    }

    pub fn is_empty(&self) -> bool {
        *self == Cell::Empty
    }
}

/// A sheet's rows that have something in them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    pub name: String,
    /// The row's number in the file, from 1, and its cells from the first column.
    pub rows: Vec<(u32, Vec<Cell>)>,
    /// Columns that the file hides, from 0.
    pub hidden: Vec<usize>,
}

/// What the reviewer says of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// What the columns are, where that was chosen by hand: of each column, from the first.
    pub columns: Option<Vec<Option<Column>>>,
    /// The year of days without one; none: the one that the heading, the sheet or the file says.
    pub year: Option<i16>,
    /// The form of a gathering whose group and row say none.
    pub form: ActivityForm,
}

/// What the association has already.
#[derive(Clone, Debug)]
pub struct Known {
    pub home: Municipality,
    pub series: Vec<(RecordId, Series, Content)>,
    /// The reader's day in Helsinki.
    pub today: Date,
}

/// What was found in a sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Of each column, what its heading says.
    pub headings: Vec<String>,
    /// Of each column, what it is; as long as the headings.
    pub columns: Vec<Option<Column>>,
    /// The year that days without one have.
    pub year: Option<i16>,
    /// Names of groups that the association does not have, in the order of the file.
    pub new_series: Vec<(String, Series)>,
    pub rows: Vec<Row>,
    /// Rows that are no gatherings, by their number.
    pub left_out: Vec<(u32, LeftOut)>,
    /// Columns without which nothing can be read.
    pub lacks: Vec<Column>,
}

/// Reads a sheet. `file` is the file's name, which may say a year; `series_id` makes the id of a group that is new, from its name.
pub fn read(
    sheet: &Sheet,
    file: &str,
    settings: &Settings,
    known: &Known,
    series_id: &dyn Fn(&str) -> RecordId,
) -> Reading {
    let found = heading::find(sheet, settings.columns.as_deref());
    let year = settings.year.or_else(|| {
        let above =
            sheet.rows.iter().take(found.first_row).flat_map(|(_, cells)| cells).filter_map(|cell| match cell {
                Cell::Text(text) => Some(&**text),
                _ => None,
            });
        above.chain([&*sheet.name, file]).find_map(value::year_in)
    });
    let lacks = found.lacks();
    let mut reading = Reading {
        headings: found.headings,
        columns: found.columns,
        year,
        new_series: Vec::new(),
        rows: Vec::new(),
        left_out: Vec::new(),
        lacks,
    };
    if reading.lacks.is_empty() {
        row::read_all(&mut reading, &sheet.rows[found.first_row..], settings, known, series_id);
    }
    reading
}

/// The name by which a group is found: without case and without what stands between the words.
pub fn series_key(name: &str) -> String {
    column::key(name)
}

/// The groups by their keys.
fn by_key(known: &Known) -> HashMap<String, usize> {
    known.series.iter().enumerate().map(|(index, (_, series, _))| (series_key(&series.name), index)).collect()
}

#[cfg(test)]
mod tests;
