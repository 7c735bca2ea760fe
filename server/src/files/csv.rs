//! Text with a sign between its columns: `;`, a tab or `,`; in UTF-8, UTF-16 with its mark, or Windows-1252.

use csv::ReaderBuilder;
use domain::{
    import::{Cell, Sheet},
    report::export::text_of,
};
use encoding_rs::{Encoding, WINDOWS_1252};

use super::{FileProblem, Read, Result, Rows, put};

/// Lines that are looked at to find the sign between columns.
const LINES: usize = 20;

pub(super) fn read(file: &[u8], chosen: Option<usize>) -> Result<Read> {
    if chosen.is_some_and(|chosen| chosen > 0) {
        return Err(FileProblem::NoSuchSheet);
    }
    let text = match Encoding::for_bom(file) {
        Some((encoding, mark)) => encoding.decode_without_bom_handling(&file[mark..]).0,
        None => match std::str::from_utf8(file) {
            Ok(text) => text.into(),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(file).0,
        },
    };
    // Pictures and programs have what no text has; a web page is none of our tables.
    let is_binary = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{80}'..='\u{9f}');
    if text.contains(is_binary) || text.trim_start().starts_with(['<', '{']) || text.starts_with("%PDF") {
        return Err(FileProblem::NotATable);
    }
    let (separator, text) = separator(&text);
    let mut rows = Rows::default();
    let mut reader =
        ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| FileProblem::Broken)? {
        let number = record.position().map_or(0, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        let mut row = Vec::new();
        for (column, text) in record.iter().enumerate() {
            let cell = match plain_number(text) {
                Some(number) => Cell::Number(number),
                None => rows.text(text_of(text))?,
            };
            put(&mut row, column, cell);
        }
        rows.end(number, row)?;
    }
    Ok(Read { sheets: vec![String::new()], chosen: 0, sheet: Sheet { rows: rows.kept, ..Sheet::default() } })
}

/// The sign that most lines have equally often, and the text without the line that says it.
fn separator(text: &str) -> (u8, &str) {
    if let Some(rest) = text.strip_prefix("sep=")
        && let Some(separator @ (b';' | b',' | b'\t')) = rest.bytes().next()
    {
        return (separator, &rest[1..]);
    }
    let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(LINES);
    let often = |separator: u8| {
        let mut counts: Vec<usize> = lines().map(|line| outside_quotes(line, separator)).collect();
        counts.sort_unstable();
        counts.get(counts.len() / 2).copied().unwrap_or(0)
    };
    // Of equals the first: a decimal comma is in every line, too.
    let found = [b';', b'\t', b','].into_iter().find(|separator| often(*separator) > 0);
    (found.unwrap_or(b';'), text)
}

fn outside_quotes(line: &str, separator: u8) -> usize {
    let mut is_quoted = false;
    line.bytes()
        .filter(|byte| {
            is_quoted ^= *byte == b'"';
            !is_quoted && *byte == separator
        })
        .count()
}

/// A number as it stands, where no sign of it would be lost: not a postal code with its noughts, and no day.
fn plain_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let has_nought = text.len() > 1 && text.starts_with('0') && !text.starts_with("0,");
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b',');
    (is_plain && !has_nought && text.len() < 16).then(|| text.replace(',', ".").parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use domain::{Lang, report::export};

    use super::*;

    #[test]
    fn what_our_own_csv_made_text_is_read_as_it_was() {
        let texts = ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "'=1", "'t", "''t", "'\t=1", "a'b", "a=b"];
        let row: Vec<export::Cell> = texts.into_iter().map(export::Cell::text).collect();
        let file = export::csv(Lang::Fi, [&row[..]]);
        let read = read(file.as_bytes(), None).expect("read").sheet;
        let wanted: Vec<Cell> = texts.into_iter().map(Cell::text).collect();
        assert_eq!(read.rows, [(1, wanted)]);
    }
}
