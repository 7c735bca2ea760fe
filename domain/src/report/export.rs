//! Tables as files: cells, and the CSV that a spreadsheet in Finland opens.

use crate::{Date, Lang, codes::ValueName, content, date};

/// One cell of a table that becomes a file. A spreadsheet writes each in its own type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(i64),
    /// A number with two decimals, in hundredths.
    Hundredths(i64),
    Date(Date),
    /// Minutes since midnight.
    Time(u16),
    YesNo(bool),
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }

    pub fn number(number: impl Into<i64>) -> Cell {
        Cell::Number(number.into())
    }

    /// Hours of quarter hours, exactly.
    pub fn hours(quarters: u64) -> Cell {
        Cell::Hundredths(i64::try_from(quarters).unwrap_or(i64::MAX / 25).saturating_mul(25))
    }
}

/// Rows as CSV: UTF-8 with a byte order mark, `;`, decimal comma in every language, `\r\n`. Dates are ISO. A text that a spreadsheet would
/// take for a formula is made text by an apostrophe, which [`text_of`] takes away again.
pub fn csv<'a>(lang: Lang, rows: impl IntoIterator<Item = &'a [Cell]>) -> String {
    let mut out = String::from("\u{feff}");
    for row in rows {
        push_row(lang, row, &mut out);
    }
    out
}

/// One row of [`csv`], for whoever writes in slices.
pub fn push_row(lang: Lang, row: &[Cell], out: &mut String) {
    for (at, cell) in row.iter().enumerate() {
        if at > 0 {
            out.push(';');
        }
        match cell {
            Cell::Text(text) => push_text(text, out),
            other => out.push_str(&plain(lang, other)),
        }
    }
    out.push_str("\r\n");
}

/// A cell that is not a text, as CSV has it. No number begins with a sign that [`push_text`] would escape but a negative one's.
fn plain(lang: Lang, cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Hundredths(hundredths) => {
            let (whole, rest) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
            let sign = if *hundredths < 0 { "-" } else { "" };
            match rest {
                0 => format!("{sign}{whole}"),
                rest if rest % 10 == 0 => format!("{sign}{whole},{}", rest / 10),
                rest => format!("{sign}{whole},{rest:02}"),
            }
        }
        Cell::Date(day) => date::iso(*day),
        Cell::Time(minutes) => content::clock(*minutes),
        Cell::YesNo(yes) => yes_or_no(lang, *yes).to_owned(),
    }
}

/// "Kyllä", "Ei".
pub fn yes_or_no(lang: Lang, yes: bool) -> &'static str {
    ValueName::parse(if yes { "yes" } else { "no" }).map_or("", |word| word.name(lang))
}

/// What a spreadsheet may run when a cell begins with it: OWASP, "CSV Injection".
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

fn push_text(text: &str, out: &mut String) {
    // A text that begins with an apostrophe gets one more, so that taking it away gives what was there.
    let is_made_text = text.starts_with(FORMULA) || text.starts_with('\'');
    let is_quoted = text.contains([';', '"', '\n', '\r', ',', '\t']) || text.starts_with(' ') || text.ends_with(' ');
    if is_quoted {
        out.push('"');
    }
    if is_made_text {
        out.push('\'');
    }
    for c in text.chars() {
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    if is_quoted {
        out.push('"');
    }
}

/// The text of a field of [`csv`], without the apostrophe that made it text. For whoever reads our own file again.
pub fn text_of(field: &str) -> &str {
    match field.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) || rest.starts_with('\'') => rest,
        _ => field,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(cells: &[Cell]) -> String {
        csv(Lang::Fi, [cells])
    }

    #[test]
    fn a_file_opens_in_a_finnish_spreadsheet() {
        let row = [
            Cell::text("Kerho"),
            Cell::Number(-3),
            Cell::hours(18),
            Cell::hours(1),
            Cell::hours(4),
            Cell::Date(Date::constant(2026, 3, 4)),
            Cell::Time(13 * 60 + 5),
            Cell::YesNo(true),
            Cell::Empty,
        ];
        assert_eq!(line(&row), "\u{feff}Kerho;-3;4,5;0,25;1;2026-03-04;13:05;Kyllä;\r\n");
    }

    #[test]
    fn a_text_is_never_a_formula_or_a_column_of_its_own() {
        for begins in FORMULA {
            let text = format!("{begins}1+1");
            let field = line(&[Cell::text(&text)]).trim_start_matches('\u{feff}').to_owned();
            assert!(field.starts_with('\'') || field.starts_with("\"'"), "{field}");
        }
        assert_eq!(line(&[Cell::text("a;b \"c\"")]), "\u{feff}\"a;b \"\"c\"\"\"\r\n");
    }

    proptest! {
        /// RFC 4180 with `;`, read by a few lines that know nothing of the writer.
        #[test]
        fn what_is_written_is_read_back(texts in proptest::collection::vec("[=+\\-@'\";,a-zäö \\n]{0,6}", 1..5)) {
            let cells: Vec<Cell> = texts.iter().map(Cell::text).collect();
            let whole = line(&cells);
            let mut fields = vec![String::new()];
            let (mut quoted, mut chars) = (false, whole[3..whole.len() - 2].chars().peekable());
            while let Some(c) = chars.next() {
                match c {
                    '"' if quoted && chars.peek() == Some(&'"') => {
                        chars.next();
                        fields.last_mut().expect("one").push('"');
                    }
                    '"' => quoted = !quoted,
                    ';' if !quoted => fields.push(String::new()),
                    c => fields.last_mut().expect("one").push(c),
                }
            }
            let read: Vec<&str> = fields.iter().map(|field| text_of(field)).collect();
            prop_assert_eq!(read, texts);
        }
    }
}
