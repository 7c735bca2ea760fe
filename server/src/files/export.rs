//! Our own tables as XLSX: typed cells under a heading that stays in view, and a sheet that says what they are.

use domain::{
    Date, Lang,
    codes::Column,
    report::{
        export::Cell,
        rows::{self, FileRow},
    },
};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

pub const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// All gatherings, and beside them a sheet that names each column's code, the day and this version. None where a table is larger than a
/// sheet can be.
pub fn workbook<'a>(
    lang: Lang,
    association: &str,
    today: Date,
    gatherings: impl Iterator<Item = FileRow<'a>>,
) -> Option<Vec<u8>> {
    write(lang, association, today, gatherings).ok()
}

fn write<'a>(
    lang: Lang,
    association: &str,
    today: Date,
    gatherings: impl Iterator<Item = FileRow<'a>>,
) -> Result<Vec<u8>, XlsxError> {
    let formats = Formats::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name(pick(lang, ["Kerrat", "Träffar", "Gatherings"]))?;
    sheet.set_freeze_panes(1, 0)?;
    let header = rows::header(lang);
    put_row(sheet, &formats, 0, &header, true)?;
    let mut count = 0;
    for row in gatherings {
        count += 1;
        put_row(sheet, &formats, count, &rows::cells(lang, row), false)?;
    }
    let last = u16::try_from(header.len()).unwrap_or(1).saturating_sub(1);
    sheet.autofilter(0, 0, count, last)?;
    sheet.set_column_range_width(0, last, 16)?;
    let notes = book.add_worksheet().set_name(pick(lang, ["Selitykset", "Förklaringar", "Notes"]))?;
    notes.set_column_width(0, 44)?.set_column_width(1, 30)?;
    let said = [
        [pick(lang, ["Yhdistys", "Förening", "Association"]).to_owned(), association.to_owned()],
        [pick(lang, ["Päivä", "Datum", "Date"]).to_owned(), domain::date::iso(today)],
        [pick(lang, ["Kertoja", "Träffar", "Gatherings"]).to_owned(), count.to_string()],
        ["Hytevihko".to_owned(), env!("CARGO_PKG_VERSION").to_owned()],
    ];
    for (row, [name, value]) in (0_u32..).zip(said) {
        notes.write_string(row, 0, name)?.write_string(row, 1, value)?;
    }
    let first = 6;
    notes.write_string_with_format(first - 1, 0, pick(lang, ["Sarake", "Kolumn", "Column"]), &formats.heading)?;
    notes.write_string_with_format(first - 1, 1, pick(lang, ["Koodi", "Kod", "Code"]), &formats.heading)?;
    for (row, column) in (first..).zip(Column::all()) {
        notes.write_string(row, 0, column.name(lang))?.write_string(row, 1, column.code())?;
    }
    book.save_to_buffer()
}

/// The words of the file itself. A language that lacks them has the Finnish ones.
pub(super) fn pick(lang: Lang, words: [&'static str; 3]) -> &'static str {
    words.get(lang as usize).copied().unwrap_or(words[0])
}

pub(super) struct Formats {
    heading: Format,
    day: Format,
    time: Format,
    hours: Format,
}

impl Formats {
    pub(super) fn new() -> Formats {
        Formats {
            heading: Format::new().set_bold().set_text_wrap(),
            day: Format::new().set_num_format("d.m.yyyy"),
            time: Format::new().set_num_format("h:mm"),
            hours: Format::new().set_num_format("0.00"),
        }
    }
}

/// A text is a text, whatever it begins with: what would be a formula in a CSV is none here.
pub(super) fn put_row(
    sheet: &mut Worksheet,
    formats: &Formats,
    row: u32,
    cells: &[Cell],
    is_heading: bool,
) -> Result<(), XlsxError> {
    for (column, cell) in (0_u16..).zip(cells) {
        match cell {
            Cell::Empty => {}
            Cell::Text(text) if is_heading => {
                sheet.write_string_with_format(row, column, text, &formats.heading)?;
            }
            Cell::Text(text) => {
                sheet.write_string(row, column, text)?;
            }
            Cell::Number(number) => {
                sheet.write_number(row, column, *number as f64)?;
            }
            Cell::Hundredths(hundredths) => {
                sheet.write_number_with_format(row, column, *hundredths as f64 / 100.0, &formats.hours)?;
            }
            Cell::Date(day) => {
                let day = ExcelDateTime::from_ymd(
                    day.year().unsigned_abs(),
                    day.month().unsigned_abs(),
                    day.day().unsigned_abs(),
                )?;
                sheet.write_datetime_with_format(row, column, &day, &formats.day)?;
            }
            Cell::Time(minutes) => {
                let time = ExcelDateTime::from_hms(minutes / 60, (minutes % 60) as u8, 0)?;
                sheet.write_datetime_with_format(row, column, &time, &formats.time)?;
            }
            Cell::YesNo(yes) => {
                sheet.write_boolean(row, column, *yes)?;
            }
        }
    }
    Ok(())
}
