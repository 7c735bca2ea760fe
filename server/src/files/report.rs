//! The association's figures as XLSX: a tidy sheet for each pack, and one that says what the figures are.

use std::collections::BTreeMap;

use domain::{
    Date, Lang, RecordId, Series,
    report::{
        export::Cell,
        measure::Measure,
        tidy::{self, Figure, Value, Words},
        words::{self, InWords},
    },
};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::export::{Formats, pick, put_row};
use crate::reports::association::Packs;

/// Of the columns of [`tidy::COLUMNS`], in characters. The rest are numbers.
const WIDTHS: [f64; 10] = [22.0, 30.0, 24.0, 20.0, 36.0, 10.0, 10.0, 10.0, 14.0, 36.0];
const WIDTH_OF_NUMBERS: f64 = 12.0;

/// How the sheets are read, in Finnish, Swedish and English. A word in braces is the column of that code.
const HOW_TO_READ: [[&str; 3]; 4] = [
    [
        "{known} / {known_of}: monestako kerrasta tai ryhmästä luku tiedetään.",
        "{known} / {known_of}: för hur många träffar eller grupper talet är känt.",
        "{known} / {known_of}: of how many gatherings or groups the figure is known.",
    ],
    [
        "{value} / {most}: luku on näiden välissä. {value} / {of}: näin moni niistä, joista se on kerrottu.",
        "{value} / {most}: talet ligger mellan dem. {value} / {of}: så många av dem för vilka det är angett.",
        "{value} / {most}: the figure is between them. {value} / {of}: so many of those that said it.",
    ],
    [
        "Puuttuva luku on tyhjä eikä koskaan nolla. Syy on sarakkeessa {note}.",
        "Ett tal som saknas är tomt och aldrig noll. Orsaken står i kolumnen {note}.",
        "A figure that is missing is empty and never a nought. The column {note} says why.",
    ],
    [
        "Kerta voi olla usealla rivillä kohderyhmän, teeman ja rahoittajan mukaan. Näitä rivejä ei voi laskea yhteen.",
        "En träff kan stå på flera rader per målgrupp, tema och finansiär. De raderna kan inte räknas ihop.",
        "A gathering may stand in several rows by target group, theme and funder. Those rows cannot be added up.",
    ],
];

/// What stands on the sheet of notes beside the figures.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub lang: Lang,
    pub association: &'a str,
    pub series: &'a BTreeMap<RecordId, Series>,
    pub today: Date,
}

/// Each pack's figures, one a row as in their CSV, and notes. None where they are too many ([`Packs::are_too_many`]).
pub fn workbook(about: About<'_>, packs: &Packs) -> Option<Vec<u8>> {
    if packs.are_too_many() {
        return None;
    }
    write(about, packs).ok()
}

fn write(about: About<'_>, packs: &Packs) -> Result<Vec<u8>, XlsxError> {
    let in_words = InWords { lang: about.lang, series: about.series };
    let formats = Formats::new();
    let mut book = Workbook::new();
    for (pack, figures) in &packs.packs {
        let sheet = book.add_worksheet().set_name(words::pack(about.lang, *pack))?;
        put_figures(sheet, &formats, &in_words, figures)?;
    }
    put_notes(book.add_worksheet(), &formats, about, packs)?;
    book.save_to_buffer()
}

fn put_figures(
    sheet: &mut Worksheet,
    formats: &Formats,
    in_words: &InWords<'_>,
    figures: &[Figure],
) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 0)?;
    let header = tidy::header(in_words);
    put_row(sheet, formats, 0, &header, true)?;
    let mut last = 0;
    for (row, figure) in (1..).zip(figures) {
        put_row(sheet, formats, row, &tidy::cells(in_words, figure), false)?;
        last = row;
    }
    let columns = u16::try_from(header.len()).unwrap_or(1).saturating_sub(1);
    sheet.autofilter(0, 0, last, columns)?;
    sheet.set_column_range_width(0, columns, WIDTH_OF_NUMBERS)?;
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    // On paper: the whole width of the table, and its heading on each page.
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok(())
}

fn put_notes(sheet: &mut Worksheet, formats: &Formats, about: About<'_>, packs: &Packs) -> Result<(), XlsxError> {
    let lang = about.lang;
    let in_words = InWords { lang, series: about.series };
    let of_column = |code| in_words.column(code);
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name(pick(lang, ["Selitykset", "Förklaringar", "Notes"]))?;
    sheet.set_column_width(0, 44)?.set_column_width(1, 16)?.set_column_width(2, 100)?;
    let named = |name: [&'static str; 3], cell: Cell| vec![Cell::text(pick(lang, name)), cell];
    let mut rows = vec![
        named(["Yhdistys", "Förening", "Association"], Cell::text(about.association)),
        named(["Ensimmäinen päivä", "Första dagen", "First day"], Cell::Date(packs.range.first())),
        named(["Viimeinen päivä", "Sista dagen", "Last day"], Cell::Date(packs.range.last())),
        named(["Tiedosto tehtiin", "Filen gjordes", "This file was made"], Cell::Date(about.today)),
        vec![Cell::text("Hytevihko"), Cell::text(env!("CARGO_PKG_VERSION"))],
        Vec::new(),
    ];
    rows.extend(packs.cover.iter().map(|figure| {
        let value = match figure.value {
            Value::Count(count) | Value::Share { part: count, .. } => number(count),
            _ => Cell::Empty,
        };
        vec![Cell::text(words::name(lang, figure.measure)), value]
    }));
    rows.push(Vec::new());
    let of_columns = |text: &str| {
        let name = |text: String, code: &'static str| text.replace(&format!("{{{code}}}"), &of_column(code));
        Cell::Text(["known", "known_of", "value", "most", "of", "note"].into_iter().fold(text.to_owned(), name))
    };
    rows.extend(HOW_TO_READ.map(|text| vec![of_columns(pick(lang, text))]));
    rows.push(Vec::new());
    let mut last = 0;
    for (row, cells) in (0..).zip(&rows) {
        put_row(sheet, formats, row, cells, false)?;
        last = row;
    }
    let heading = [
        Cell::Text(of_column("measure")),
        Cell::Text(of_column("unit")),
        Cell::text(pick(lang, ["Selitys", "Förklaring", "Definition"])),
    ];
    put_row(sheet, formats, last + 1, &heading, true)?;
    for (row, measure) in (last + 2..).zip(measures(packs)) {
        sheet.write_string_with_format(row, 0, words::name(lang, measure), &wrapped)?;
        sheet.write_string_with_format(row, 1, in_words.unit(measure.unit()), &wrapped)?;
        sheet.write_string_with_format(row, 2, words::definition(lang, measure), &wrapped)?;
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

fn number(count: u64) -> Cell {
    Cell::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Those that have a figure here, in the order of all.
fn measures(packs: &Packs) -> impl Iterator<Item = Measure> {
    let of_packs = packs.packs.iter().flat_map(|(_, figures)| figures);
    let there: Vec<Measure> = of_packs.chain(&packs.cover).map(|figure| figure.measure).collect();
    Measure::ALL.iter().copied().filter(move |measure| there.contains(measure))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::association::FIGURES_MAX;
    use domain::report::{
        key::{Key, Table},
        packs::Pack,
        range::Range,
        tidy::{Basis, Cover, Span},
    };

    #[test]
    fn more_figures_than_a_server_has_memory_for_are_no_file() {
        let figure = Figure {
            table: Table::Whole,
            group: Key::all(),
            span: Span::Whole,
            measure: Measure::Visits,
            value: Value::Count(1),
            covers: Cover::default(),
            basis: Basis::default(),
        };
        let series = BTreeMap::new();
        let today = Date::constant(2026, 11, 21);
        let about = About { lang: Lang::Fi, association: "Kuoro ry", series: &series, today };
        let made = |figures: usize| {
            let packs = vec![(Pack::Year, vec![figure.clone(); figures]), (Pack::Stea, vec![figure.clone()])];
            workbook(about, &Packs { range: Range::Year(2026), packs, cover: Vec::new() })
        };
        assert!(made(20).is_some());
        assert!(made(FIGURES_MAX).is_none());
    }

    #[test]
    fn every_pack_is_a_sheet_of_its_own_in_each_language() {
        let series = BTreeMap::new();
        for lang in Lang::ALL {
            let about = About { lang, association: "", series: &series, today: Date::constant(2026, 11, 21) };
            let packs = Pack::ALL.iter().map(|pack| (*pack, Vec::new())).collect();
            // A name that is too long, has a forbidden sign or is there twice would be none.
            assert!(
                workbook(about, &Packs { range: Range::Year(2026), packs, cover: Vec::new() }).is_some(),
                "{lang:?}"
            );
        }
    }
}
