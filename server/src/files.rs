//! Spreadsheets: reading those that somebody brings, and writing our own.
//!
//! A file that is brought is hostile until it has been read. Nothing of it is believed: neither its name, nor the sizes and counts that it
//! says, nor that a sheet ends. Each part is unpacked as a stream, and only what a gathering can be made of is kept.
//!
//! **Memory**, at the very worst, of one file: the request 7 MB, the file 5 MB, the zip's directory 30 MB, the buffer of one XML event
//! `UNPACKED_BYTES_MAX` (one text without an end, after which nothing else is read), or else shared strings 18 MB, cells 16 MB and
//! their texts `TEXT_BYTES_MAX`, and the records made of them 60 MB: 140 MB. One file is read at a time
//! (`api/association/import.rs`).

mod csv;
pub mod export;
mod ods;
mod package;
pub mod report;
mod xlsx;

use domain::import::{COLUMNS_MAX, Cell, FILE_BYTES_MAX, ROWS_MAX, Sheet};

/// Most of what all parts of a file unpack to, in bytes. 10,000 rows of our own export are 20 MB.
const UNPACKED_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Bytes of all texts that are kept.
const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Rows that are kept: titles, totals and headings stand beside the gatherings.
const KEPT_ROWS_MAX: usize = ROWS_MAX + 1_000;
/// Sheets that are listed.
const SHEETS_MAX: usize = 100;
/// Characters of a sheet's name that are kept; spreadsheets let nobody write more than 31 or so.
const SHEET_NAME_CHARS: usize = 100;

/// Why a file cannot be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileProblem {
    Empty,
    TooLarge,
    /// A photo, a text document, anything else.
    NotATable,
    /// It has programs in it.
    Macros,
    /// `.xls`, `.xlsb`, or protected by a password.
    OldOrLocked,
    /// It unpacks to more than any list of gatherings does.
    TooMuchInside,
    TooManyRows,
    /// It says that it is a spreadsheet, and breaks off or contradicts itself.
    Broken,
    NoSuchSheet,
}

impl FileProblem {
    pub const ALL: [FileProblem; 9] = [
        FileProblem::Empty,
        FileProblem::TooLarge,
        FileProblem::NotATable,
        FileProblem::Macros,
        FileProblem::OldOrLocked,
        FileProblem::TooMuchInside,
        FileProblem::TooManyRows,
        FileProblem::Broken,
        FileProblem::NoSuchSheet,
    ];

    /// Stable; the screens have words for it.
    pub const fn code(self) -> &'static str {
        match self {
            FileProblem::Empty => "file-empty",
            FileProblem::TooLarge => "file-too-large",
            FileProblem::NotATable => "file-not-a-table",
            FileProblem::Macros => "file-macros",
            FileProblem::OldOrLocked => "file-old-or-locked",
            FileProblem::TooMuchInside => "file-too-much-inside",
            FileProblem::TooManyRows => "file-too-many-rows",
            FileProblem::Broken => "file-broken",
            FileProblem::NoSuchSheet => "file-no-such-sheet",
        }
    }

    /// For the reader of a log, in English.
    pub const fn message(self) -> &'static str {
        match self {
            FileProblem::Empty => "There is nothing in the file.",
            FileProblem::TooLarge => "The file is over 5 MB.",
            FileProblem::NotATable => "The file is no spreadsheet.",
            FileProblem::Macros => "The file has macros.",
            FileProblem::OldOrLocked => "The file is of an old format, or protected by a password.",
            FileProblem::TooMuchInside => "The file unpacks to more than is read.",
            FileProblem::TooManyRows => "The sheet has more than 10,000 rows.",
            FileProblem::Broken => "The file is broken.",
            FileProblem::NoSuchSheet => "The file has no such sheet.",
        }
    }
}

type Result<T> = std::result::Result<T, FileProblem>;

/// A sheet of a file, and all that it has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    pub sheets: Vec<String>,
    /// Which of them was read.
    pub chosen: usize,
    pub sheet: Sheet,
}

/// Reads a file by what is in it, whatever it is called. Of several sheets the one that was chosen, or the first that has something.
pub fn read(file: &[u8], chosen: Option<usize>) -> Result<Read> {
    if file.len() > FILE_BYTES_MAX {
        return Err(FileProblem::TooLarge);
    }
    if file.trim_ascii().is_empty() {
        return Err(FileProblem::Empty);
    }
    let mut read = if file.starts_with(b"PK") {
        let mut package = package::Package::open(file)?;
        if package.has("content.xml") { ods::read(&mut package, chosen)? } else { xlsx::read(&mut package, chosen)? }
    } else if file.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(FileProblem::OldOrLocked);
    } else {
        csv::read(file, chosen)?
    };
    // Of the columns that the file hides, those that have something in them.
    let Sheet { rows, hidden, .. } = &mut read.sheet;
    hidden.retain(|column| rows.iter().any(|(_, row)| row.get(*column).is_some_and(|cell| !cell.is_empty())));
    if rows.is_empty() { Err(FileProblem::Empty) } else { Ok(read) }
}

/// Of a sheet's name, what a screen can show.
fn name_of_sheet(name: &str) -> String {
    name.chars().take(SHEET_NAME_CHARS).collect()
}

/// The rows of a sheet as they are read, within their bounds.
#[derive(Default)]
struct Rows {
    kept: Vec<(u32, Vec<Cell>)>,
    text_bytes: usize,
}

/// Puts a cell into the row that is being read. What is further to the right than anybody's columns is not looked at.
fn put(row: &mut Vec<Cell>, column: usize, cell: Cell) {
    if cell.is_empty() || column >= COLUMNS_MAX {
        return;
    }
    if row.len() <= column {
        row.resize(column + 1, Cell::Empty);
    }
    row[column] = cell;
}

impl Rows {
    /// A text of this cell alone.
    fn text(&mut self, text: &str) -> Result<Cell> {
        let cell = Cell::text(text);
        if let Cell::Text(text) = &cell {
            self.text_bytes += text.len();
        }
        if self.text_bytes > TEXT_BYTES_MAX { Err(FileProblem::TooMuchInside) } else { Ok(cell) }
    }

    fn end(&mut self, number: u32, row: Vec<Cell>) -> Result<()> {
        if row.iter().all(Cell::is_empty) {
            return Ok(());
        }
        if self.kept.len() >= KEPT_ROWS_MAX {
            return Err(FileProblem::TooManyRows);
        }
        self.kept.push((number, row));
        Ok(())
    }
}
