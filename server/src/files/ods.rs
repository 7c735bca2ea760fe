//! OpenDocument spreadsheets (ISO/IEC 26300): one part with all sheets, in which rows and cells say how often they are repeated.

use domain::import::{COLUMNS_MAX, Cell, Sheet};
use quick_xml::events::{BytesStart, Event};

use super::{
    FileProblem, Read, Result, Rows, SHEETS_MAX, name_of_sheet,
    package::{Package, attribute, push_reference},
    put,
};

/// A row that is repeated: below their tables spreadsheets repeat empty rows to the last that they have.
fn repeated(element: &BytesStart<'_>, name: &str) -> u32 {
    attribute(element, name).and_then(|count| count.parse().ok()).unwrap_or(1).max(1)
}

pub(super) fn read(package: &mut Package<'_>, chosen: Option<usize>) -> Result<Read> {
    if package.has("Basic/script-lc.xml") {
        return Err(FileProblem::Macros);
    }
    let mut read = Read::default();
    let mut found: Option<(usize, Sheet)> = None;
    let mut sheet = Sheet::default();
    let mut rows = Rows::default();
    // The first row that is being read, and how many are like it.
    let (mut number, mut times, mut row) = (1_u32, 1_u32, Vec::new());
    let (mut column, mut hidden_from) = (0_usize, 0_usize);
    let mut cell = Open::default();
    let mut is_wanted = false;
    // Tables in cells, and what somebody remarked about a cell, are no cells.
    let (mut depth, mut is_text, mut is_aside) = (0_u32, false, false);
    let Some(mut xml) = package.part("content.xml")? else { return Err(FileProblem::NotATable) };
    loop {
        match xml.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "table" => {
                    depth += 1;
                    if depth == 1 && read.sheets.len() < SHEETS_MAX {
                        let index = read.sheets.len();
                        let name = name_of_sheet(&attribute(&element, "name").unwrap_or_default());
                        read.sheets.push(name.clone());
                        is_wanted = found.is_none() && chosen.is_none_or(|chosen| chosen == index);
                        sheet = Sheet { name, ..Sheet::default() };
                        rows = Rows::default();
                        (number, hidden_from) = (1, 0);
                    }
                }
                _ if depth != 1 || !is_wanted => {}
                "table-column" => {
                    let columns = repeated(&element, "number-columns-repeated") as usize;
                    let until = hidden_from.saturating_add(columns).min(COLUMNS_MAX);
                    if attribute(&element, "visibility").is_some_and(|said| said != "visible") {
                        sheet.hidden.extend(hidden_from.min(COLUMNS_MAX)..until);
                    }
                    hidden_from = until;
                }
                "table-row" => {
                    times = repeated(&element, "number-rows-repeated");
                    row = Vec::new();
                    column = 0;
                }
                "table-cell" | "covered-table-cell" => cell = Open::begin(&element),
                "annotation" => is_aside = true,
                "p" if !is_aside => {
                    is_text = true;
                    if !cell.text.is_empty() {
                        cell.text.push(' ');
                    }
                }
                "s" if is_text => cell.text.push(' '),
                _ => {}
            },
            Event::Text(text) if is_text => cell.text.push_str(&text.xml10_content()),
            Event::CData(text) if is_text => cell.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) if is_text => push_reference(&reference, &mut cell.text),
            Event::End(element) => match element.local_name().as_ref() {
                "table" => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 && is_wanted {
                        sheet.rows = std::mem::take(&mut rows.kept);
                        is_wanted = false;
                        let is_something = !sheet.rows.is_empty() || chosen.is_some();
                        if is_something {
                            found = Some((read.sheets.len() - 1, std::mem::take(&mut sheet)));
                        }
                    }
                }
                "annotation" => is_aside = false,
                "p" if !is_aside => is_text = false,
                _ if depth != 1 || !is_wanted => {}
                "table-cell" | "covered-table-cell" => {
                    let value = cell.value(&mut rows)?;
                    let until = column.saturating_add(cell.times as usize);
                    if !value.is_empty() {
                        for at in column..until.min(COLUMNS_MAX) {
                            put(&mut row, at, value.clone());
                        }
                    }
                    column = until;
                }
                "table-row" => {
                    let row = std::mem::take(&mut row);
                    if !row.is_empty() {
                        for at in 0..times {
                            rows.end(number.saturating_add(at), row.clone())?;
                        }
                    }
                    number = number.saturating_add(times);
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    if depth != 0 {
        return Err(FileProblem::Broken);
    }
    match (found, chosen) {
        (Some((index, sheet)), _) => {
            read.chosen = index;
            read.sheet = sheet;
            Ok(read)
        }
        (None, Some(_)) => Err(FileProblem::NoSuchSheet),
        (None, None) => Err(FileProblem::Empty),
    }
}

/// The cell that is being read.
#[derive(Default)]
struct Open {
    sort: String,
    value: String,
    times: u32,
    text: String,
}

impl Open {
    fn begin(element: &BytesStart<'_>) -> Open {
        let sort = attribute(element, "value-type").unwrap_or_default();
        let value = match sort.as_str() {
            "date" => attribute(element, "date-value"),
            "time" => attribute(element, "time-value"),
            "boolean" => attribute(element, "boolean-value"),
            "string" => attribute(element, "string-value"),
            _ => attribute(element, "value"),
        };
        let times = repeated(element, "number-columns-repeated");
        Open { sort, value: value.unwrap_or_default(), times, text: String::new() }
    }

    fn value(&self, rows: &mut Rows) -> Result<Cell> {
        Ok(match self.sort.as_str() {
            "float" | "percentage" | "currency" => match self.value.parse::<f64>() {
                Ok(number) if number.is_finite() => Cell::Number(number),
                _ => rows.text(&self.text)?,
            },
            "boolean" => Cell::Bool(self.value == "true"),
            "time" => match days(&self.value) {
                Some(days) => Cell::Length(days),
                None => rows.text(&self.text)?,
            },
            "date" => rows.text(&self.value)?,
            "string" if !self.value.is_empty() => rows.text(&self.value)?,
            _ => rows.text(&self.text)?,
        })
    }
}

/// Days of `PT4H30M00S`.
fn days(text: &str) -> Option<f64> {
    let mut rest = text.strip_prefix("PT")?;
    let mut seconds = 0.0;
    for (sign, each) in [('H', 3_600.0), ('M', 60.0), ('S', 1.0)] {
        if let Some((number, after)) = rest.split_once(sign) {
            seconds += number.parse::<f64>().ok().filter(|number| number.is_finite())? * each;
            rest = after;
        }
    }
    rest.is_empty().then_some(seconds / 86_400.0)
}
