//! `POST /api/v1/import/preview`, `/save` and `/undo`: last year's spreadsheet becomes gatherings. The file comes with each of them, so that
//! the server keeps none.

use domain::Content;
use serde::{Deserialize, Serialize};

/// Why a file cannot be read at all: the codes of the problem that is answered in place of a preview. The phone has a sentence for each.
pub const FILE_PROBLEMS: [&str; 9] = [
    "file-empty",
    "file-too-large",
    "file-not-a-table",
    "file-macros",
    "file-old-or-locked",
    "file-too-much-inside",
    "file-too-many-rows",
    "file-broken",
    "file-no-such-sheet",
];

/// A file, and what the reviewer says of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Import))]
pub struct ImportRequest {
    /// The file in base64, at most 5 MB of it.
    pub file: String,
    /// What the file is called; it may say the year.
    pub name: String,
    /// Which sheet, from 0; null: the first that has something.
    #[serde(default)]
    pub sheet: Option<u32>,
    /// What each column is, by code, empty where it is nothing; null: as the headings say.
    #[serde(default)]
    pub columns: Option<Vec<String>>,
    /// Of days without one.
    #[serde(default)]
    pub year: Option<i16>,
    /// Code of the activity form where neither the row nor its group says one.
    #[serde(default)]
    pub form: Option<String>,
}

/// What is in the file, before anything is written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ImportPreview))]
pub struct ImportReply {
    pub sheets: Vec<String>,
    /// Which of them was read.
    pub sheet: u32,
    pub headings: Vec<String>,
    /// What each column is, by code; empty where it is nothing.
    pub columns: Vec<String>,
    /// Headings of columns that the file hides. They are read.
    pub hidden: Vec<String>,
    /// Columns without which nothing can be read, by code.
    pub lacks: Vec<String>,
    /// The year of days without one.
    pub year: Option<i16>,
    /// Groups that will be made.
    pub new_groups: Vec<String>,
    /// Gatherings that will be made.
    pub new: u32,
    /// Rows that are there already.
    pub known: u32,
    /// Rows that somebody has deleted since: they stay deleted.
    pub deleted: u32,
    /// Rows in which something is wrong.
    pub bad: u32,
    /// Visits of the gatherings that will be made.
    pub visits: u64,
    pub rows: Vec<ImportRow>,
    pub left_out: Vec<LeftOutRow>,
}

/// A row: one of the first, or one in which something is wrong.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportRow {
    /// Its number in the file, from 1.
    pub row: u32,
    /// `new`, `known`, `deleted` or `bad`.
    pub state: String,
    /// The gathering's content; of a bad row, what could be read of it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub content: Content,
    /// Name of its group.
    pub group: Option<String>,
    pub problems: Vec<ImportProblem>,
}

/// What is wrong with a field of a row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportProblem {
    pub field: String,
    pub code: String,
    /// The bound, or the sum.
    pub number: Option<u32>,
    /// What the sum should be.
    pub expected: Option<u32>,
}

/// A row that is no gathering.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LeftOutRow {
    pub row: u32,
    /// `total` or `title`.
    pub why: String,
}

/// What was written by this call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportSaved {
    pub saved: u32,
    /// Rows that are still to be written: call again.
    pub left: u32,
    /// Rows that the server did not take.
    pub refused: u32,
    /// Rows for another day: a reviewer brings 10,000 records in one.
    pub another_day: u32,
}

/// What was taken back by this call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportUndone {
    pub undone: u32,
    /// Gatherings that are still to be taken back: call again.
    pub left: u32,
    /// Gatherings that somebody has changed since. Where there are any, nothing is taken back.
    pub edited: u32,
}
