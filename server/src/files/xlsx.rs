//! Office Open XML (ECMA-376): the parts of it that a table of gatherings needs.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use domain::import::{COLUMNS_MAX, Cell, Sheet};
use quick_xml::events::{BytesStart, Event};

use super::{
    FileProblem, Read, Result, Rows, SHEETS_MAX, TEXT_BYTES_MAX, name_of_sheet,
    package::{PARTS_MAX, Package, attribute, push_reference, says_yes},
    put,
};

/// Shared strings that are kept: twenty of each row.
const STRINGS_MAX: usize = 200_000;
/// Formats of cells that are kept; a workbook has some dozens, one that was copied together for years some thousands.
const FORMATS_MAX: usize = 100_000;
/// Days from 1900 to 1904, the zero of some workbooks.
const DAYS_TO_1904: f64 = 1_462.0;

/// How a number of a cell is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Number,
    Moment,
    Length,
}

struct Workbook {
    /// Name, and the part that it is in.
    sheets: Vec<(String, String)>,
    is_1904: bool,
    strings: Vec<Arc<str>>,
    formats: Vec<Format>,
}

pub(super) fn read(package: &mut Package<'_>, chosen: Option<usize>) -> Result<Read> {
    if package.has("xl/vbaProject.bin") {
        return Err(FileProblem::Macros);
    }
    if package.has("xl/workbook.bin") {
        return Err(FileProblem::OldOrLocked);
    }
    let workbook = Workbook::read(package)?;
    let sheets: Vec<String> = workbook.sheets.iter().map(|(name, _)| name.clone()).collect();
    let wanted = match chosen {
        Some(chosen) if chosen < sheets.len() => vec![chosen],
        Some(_) => return Err(FileProblem::NoSuchSheet),
        None => (0..sheets.len()).collect(),
    };
    let mut read = Read { sheets, ..Read::default() };
    for index in wanted {
        let (name, part) = &workbook.sheets[index];
        read.sheet = workbook.sheet(package, name, part)?;
        read.chosen = index;
        if !read.sheet.rows.is_empty() {
            break;
        }
    }
    Ok(read)
}

impl Workbook {
    fn read(package: &mut Package<'_>) -> Result<Workbook> {
        let mut parts = HashMap::new();
        let Some(mut xml) = package.part("xl/_rels/workbook.xml.rels")? else { return Err(FileProblem::NotATable) };
        loop {
            match xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "Relationship" => {
                    if let (Some(id), Some(target)) = (attribute(&element, "Id"), attribute(&element, "Target")) {
                        // As many as a file may have.
                        if parts.len() >= PARTS_MAX {
                            return Err(FileProblem::TooMuchInside);
                        }
                        let part = match target.strip_prefix('/') {
                            Some(absolute) => absolute.to_owned(),
                            None => format!("xl/{target}"),
                        };
                        parts.insert(id, part);
                    }
                }
                Event::Eof => break,
                _ => {}
            }
        }
        drop(xml);
        let mut sheets = Vec::new();
        let mut is_1904 = false;
        let Some(mut xml) = package.part("xl/workbook.xml")? else { return Err(FileProblem::NotATable) };
        loop {
            match xml.next()? {
                Event::Start(element) if element.local_name().as_ref() == "sheet" => {
                    let part = attribute(&element, "id").and_then(|id| parts.get(&id).cloned());
                    if let (Some(name), Some(part)) = (attribute(&element, "name"), part)
                        && part.contains("worksheets/")
                        && sheets.len() < SHEETS_MAX
                    {
                        let is_hidden = attribute(&element, "state").is_some_and(|state| state != "visible");
                        sheets.push((is_hidden, (name_of_sheet(&name), part)));
                    }
                }
                Event::Start(element) if element.local_name().as_ref() == "workbookPr" => {
                    is_1904 = says_yes(&element, "date1904");
                }
                Event::Eof => break,
                _ => {}
            }
        }
        drop(xml);
        // What the file hides comes last.
        sheets.sort_by_key(|(is_hidden, _)| *is_hidden);
        let sheets = sheets.into_iter().map(|(_, sheet)| sheet).collect();
        Ok(Workbook { sheets, is_1904, strings: strings(package)?, formats: formats(package)? })
    }

    fn sheet(&self, package: &mut Package<'_>, name: &str, part: &str) -> Result<Sheet> {
        let Some(mut xml) = package.part(part)? else { return Err(FileProblem::Broken) };
        let mut rows = Rows::default();
        // One time each, however often a file says it.
        let mut hidden = BTreeSet::new();
        let (mut number, mut row) = (0_u32, Vec::new());
        let mut cell = Open::default();
        // Of `v` and `t` the text is the cell's; of a formula, or of how kanji are read, it is not.
        let (mut is_value, mut is_aside) = (false, false);
        loop {
            match xml.next()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "col" if says_yes(&element, "hidden") => {
                        let column = |name| attribute(&element, name)?.parse::<usize>().ok();
                        if let (Some(first), Some(last)) = (column("min"), column("max")) {
                            hidden.extend((first.max(1)..=last.min(COLUMNS_MAX)).map(|column| column - 1));
                        }
                    }
                    "row" => {
                        let said = attribute(&element, "r").and_then(|number| number.parse().ok());
                        number = said.unwrap_or(number.saturating_add(1));
                        row = Vec::new();
                        cell.column = 0;
                    }
                    "c" => cell.begin(&element),
                    "v" | "t" => is_value = !is_aside,
                    "f" => (is_aside, cell.is_formula) = (true, true),
                    "rPh" => is_aside = true,
                    _ => {}
                },
                Event::Text(text) if is_value => cell.text.push_str(&text.xml10_content()),
                Event::CData(text) if is_value => cell.text.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) if is_value => push_reference(&reference, &mut cell.text),
                Event::End(element) => match element.local_name().as_ref() {
                    "v" | "t" => is_value = false,
                    "rPh" | "f" => is_aside = false,
                    "c" => {
                        let value = self.value(&cell, &mut rows)?;
                        put(&mut row, cell.column, value);
                        cell.column = cell.column.saturating_add(1);
                    }
                    "row" => rows.end(number, std::mem::take(&mut row))?,
                    "sheetData" => break,
                    _ => {}
                },
                // It broke off.
                Event::Eof => return Err(FileProblem::Broken),
                _ => {}
            }
        }
        Ok(Sheet { name: name.to_owned(), rows: rows.kept, hidden: hidden.into_iter().collect() })
    }

    fn value(&self, cell: &Open, rows: &mut Rows) -> Result<Cell> {
        let text = cell.text.as_str();
        // Nobody has computed it: a text that is no number, so that it is asked about and not taken for nothing.
        if cell.is_formula && text.is_empty() && cell.sort != "str" {
            return rows.text("=");
        }
        Ok(match cell.sort.as_str() {
            "s" => match text.trim().parse::<usize>().ok().and_then(|index| self.strings.get(index)) {
                Some(shared) if shared.is_empty() => Cell::Empty,
                Some(shared) => Cell::Text(shared.clone()),
                None => Cell::Empty,
            },
            "b" => Cell::Bool(text.trim() == "1"),
            // An error (`#REF!`) is a text that is no number, so that nobody takes it for nothing.
            "str" | "inlineStr" | "e" | "d" => rows.text(text)?,
            _ => match text.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => {
                    match self.formats.get(cell.style).copied().unwrap_or(Format::Number) {
                        Format::Number => Cell::Number(number),
                        Format::Length => Cell::Length(number),
                        Format::Moment if self.is_1904 && number >= 1.0 => Cell::Moment(number + DAYS_TO_1904),
                        Format::Moment => Cell::Moment(number),
                    }
                }
                _ => rows.text(text)?,
            },
        })
    }
}

/// The cell that is being read.
#[derive(Default)]
struct Open {
    column: usize,
    sort: String,
    style: usize,
    text: String,
    is_formula: bool,
}

impl Open {
    fn begin(&mut self, element: &BytesStart<'_>) {
        if let Some(place) = attribute(element, "r") {
            let letters = place.bytes().take_while(u8::is_ascii_uppercase);
            let column = letters.take(4).fold(0_usize, |column, letter| column * 26 + usize::from(letter - b'A') + 1);
            self.column = column.saturating_sub(1);
        }
        self.sort = attribute(element, "t").unwrap_or_default();
        self.style = attribute(element, "s").and_then(|style| style.parse().ok()).unwrap_or(0);
        self.text.clear();
        self.is_formula = false;
    }
}

/// The texts that cells name by their number. The number of them that the file says is not believed.
fn strings(package: &mut Package<'_>) -> Result<Vec<Arc<str>>> {
    let Some(mut xml) = package.part("xl/sharedStrings.xml")? else { return Ok(Vec::new()) };
    let mut strings: Vec<Arc<str>> = Vec::new();
    let mut bytes = 0;
    let mut text = String::new();
    let (mut is_text, mut is_aside) = (false, false);
    loop {
        match xml.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "si" => text.clear(),
                "t" => is_text = !is_aside,
                "rPh" => is_aside = true,
                _ => {}
            },
            Event::Text(part) if is_text => text.push_str(&part.xml10_content()),
            Event::CData(part) if is_text => text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) if is_text => push_reference(&reference, &mut text),
            Event::End(element) => match element.local_name().as_ref() {
                "t" => is_text = false,
                "rPh" => is_aside = false,
                "si" => {
                    let shared = match Cell::text(&text) {
                        Cell::Text(shared) => shared,
                        _ => "".into(),
                    };
                    bytes += shared.len();
                    if bytes > TEXT_BYTES_MAX || strings.len() >= STRINGS_MAX {
                        return Err(FileProblem::TooMuchInside);
                    }
                    strings.push(shared);
                }
                _ => {}
            },
            Event::Eof => return Ok(strings),
            _ => {}
        }
    }
}

/// Of each format of cells, how its numbers are meant.
fn formats(package: &mut Package<'_>) -> Result<Vec<Format>> {
    let Some(mut xml) = package.part("xl/styles.xml")? else { return Ok(Vec::new()) };
    let mut own: HashMap<u32, Format> = HashMap::new();
    let mut formats = Vec::new();
    let mut is_of_cells = false;
    loop {
        match xml.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "numFmt" if own.len() < FORMATS_MAX => {
                    let id = attribute(&element, "numFmtId").and_then(|id| id.parse().ok());
                    if let (Some(id), Some(code)) = (id, attribute(&element, "formatCode")) {
                        own.insert(id, format_of(&code));
                    }
                }
                "cellXfs" => is_of_cells = true,
                "xf" if is_of_cells && formats.len() < FORMATS_MAX => {
                    let id = attribute(&element, "numFmtId").and_then(|id| id.parse::<u32>().ok()).unwrap_or(0);
                    formats.push(match (own.get(&id), id) {
                        (Some(format), _) => *format,
                        (None, 14..=22 | 27..=36 | 50..=58) => Format::Moment,
                        (None, 45..=47) => Format::Length,
                        _ => Format::Number,
                    });
                }
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "cellXfs" => return Ok(formats),
            Event::Eof => return Ok(formats),
            _ => {}
        }
    }
}

/// `d.m.yyyy`, `[h]:mm`, `0,00 "h"`.
fn format_of(code: &str) -> Format {
    let (mut plain, mut bracket) = (String::new(), None::<String>);
    let (mut is_quoted, mut is_escaped) = (false, false);
    for c in code.to_ascii_lowercase().chars() {
        match (c, &mut bracket) {
            _ if std::mem::take(&mut is_escaped) => {}
            ('\\' | '_' | '*', None) if !is_quoted => is_escaped = true,
            ('"', None) => is_quoted = !is_quoted,
            _ if is_quoted => {}
            (']', Some(inside)) => {
                if !inside.is_empty() && inside.chars().all(|c| matches!(c, 'h' | 'm' | 's')) {
                    return Format::Length;
                }
                bracket = None;
            }
            (c, Some(inside)) => inside.push(c),
            ('[', None) => bracket = Some(String::new()),
            (c, None) => plain.push(c),
        }
    }
    let first = plain.split(';').next().unwrap_or_default();
    if first != "general" && first.contains(['y', 'd', 'm', 'h', 's']) { Format::Moment } else { Format::Number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_says_what_a_number_is() {
        for code in ["d.m.yyyy", "yyyy\\-mm\\-dd", "[$-40B]d. mmmm yyyy;@", "h:mm", "dd/mm/yy"] {
            assert_eq!(format_of(code), Format::Moment, "{code}");
        }
        assert_eq!(format_of("[h]:mm"), Format::Length);
        for code in ["General", "0.00", "0 \"henkeä\"", "#,##0.00\\ [$€-1]", "[Red]0", "0.00E+00"] {
            assert_eq!(format_of(code), Format::Number, "{code}");
        }
    }
}
