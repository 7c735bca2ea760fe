//! Rows of a spreadsheet on their way into a table of gatherings: what its clipboard says, and which cell of it goes where. Nothing of it is
//! lost: what has no place is told.

/// Columns of the table: day, participants, volunteers, hours, note.
pub const COLUMNS: usize = 5;
const HOURS: usize = 3;
const NOTE: usize = 4;

/// A line of the table, as it was typed.
pub type Line = [String; COLUMNS];

/// What became of a clipboard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fitted {
    /// Of each line of the table from the one pasted into, the cells that are written; none: the cell stays.
    pub lines: Vec<[Option<String>; COLUMNS]>,
    /// The first row named the columns, and is none of the lines.
    pub heading: bool,
    pub left: Vec<Left>,
}

/// Cells that have no place in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The line of the table, or where the table has ended the line that it would have been; from 0.
    pub line: usize,
    pub why: Why,
    pub cells: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The table has no more lines.
    NoLine,
    /// The row has more columns than the table.
    NoColumn,
    /// It stood in the table where something else was pasted.
    Replaced,
}

impl Why {
    pub const ALL: [Why; 3] = [Why::NoLine, Why::NoColumn, Why::Replaced];

    /// As a draft keeps it.
    pub const fn code(self) -> &'static str {
        match self {
            Why::NoLine => "no-line",
            Why::NoColumn => "no-column",
            Why::Replaced => "replaced",
        }
    }

    pub fn parse(code: &str) -> Option<Why> {
        Why::ALL.into_iter().find(|why| why.code() == code)
    }
}

/// The rows of a clipboard, without those that have nothing in them. A cell with a line break or a tab in it stands in quotes, and a quote in
/// such a cell is written twice.
pub fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut cell = String::new();
    let mut is_quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            // Elsewhere in a cell it is a quote like any other, and where none follows it ends nothing.
            '"' if cell.is_empty() && ends_quoted(chars.clone()) => is_quoted = true,
            '\t' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\n' | '\r' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            c => cell.push(c),
        }
    }
    row.push(cell);
    rows.push(row);
    let tidy = |row: Vec<String>| row.iter().map(|cell| one_line(cell)).collect::<Vec<_>>();
    rows.into_iter().map(tidy).filter(|row| row.iter().any(|cell| !cell.is_empty())).collect()
}

/// Whether a cell that began with a quote ends with one before the next cell begins.
fn ends_quoted(mut rest: std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    while let Some(c) = rest.next() {
        if c == '"' {
            match rest.peek() {
                Some('"') => rest.next(),
                None | Some('\t' | '\n' | '\r') => return true,
                Some(_) => return false,
            };
        }
    }
    false
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Puts rows into a table that has `lines`, and may have `room` of them in all, from a cell on. `is_hours` reads a cell of hours: where a table
/// has no such column, the note follows the volunteers.
pub fn fit(
    rows: Vec<Vec<String>>,
    (line, column): (usize, usize),
    lines: &[Line],
    room: usize,
    is_hours: impl Fn(&str) -> bool,
) -> Fitted {
    let mut fitted = Fitted::default();
    let mut rows = rows;
    // Of a day and its numbers each has a digit.
    let has_digit = |row: &Vec<String>| row.iter().any(|cell| cell.contains(|c: char| c.is_ascii_digit()));
    if column == 0 && rows.len() > 1 && !has_digit(&rows[0]) && rows[1..].iter().any(has_digit) {
        fitted.heading = true;
        rows.remove(0);
    }
    let column = column.min(NOTE);
    let has_hours = has_hours(&rows, column, is_hours);
    for (at, row) in (line..).zip(rows) {
        if at >= room {
            fitted.left.push(Left { line: at, why: Why::NoLine, cells: without_empty(row) });
            continue;
        }
        let mut written: [Option<String>; COLUMNS] = Default::default();
        let (mut over, mut replaced) = (Vec::new(), Vec::new());
        for (nth, cell) in (column..).zip(row) {
            let to = if nth >= HOURS && !has_hours { nth + 1 } else { nth };
            let Some(place) = written.get_mut(to) else {
                over.push(cell);
                continue;
            };
            let before = lines.get(at).map(|line| line[to].trim()).unwrap_or_default();
            if !before.is_empty() && before != cell {
                replaced.push(before.to_owned());
            }
            *place = Some(cell);
        }
        fitted.lines.push(written);
        for (why, cells) in [(Why::NoColumn, over), (Why::Replaced, replaced)] {
            let cells = without_empty(cells);
            if !cells.is_empty() {
                fitted.left.push(Left { line: at, why, cells });
            }
        }
    }
    fitted
}

/// Whether the fourth column is one of hours: unless it is the last, and most of what stands in it is no number of hours.
fn has_hours(rows: &[Vec<String>], column: usize, is_hours: impl Fn(&str) -> bool) -> bool {
    let Some(at) = HOURS.checked_sub(column) else { return true };
    let said = |at: usize| rows.iter().filter_map(move |row| row.get(at)).filter(|cell| !cell.is_empty());
    let hours = said(at).filter(|cell| is_hours(cell)).count();
    said(at + 1).next().is_some() || hours * 2 >= said(at).count()
}

fn without_empty(cells: Vec<String>) -> Vec<String> {
    cells.into_iter().filter(|cell| !cell.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_hours(text: &str) -> bool {
        text.replace(',', ".").parse::<f64>().is_ok()
    }

    fn line(cells: [&str; COLUMNS]) -> Line {
        cells.map(str::to_owned)
    }

    fn pasted(text: &str, at: (usize, usize), lines: &[Line], room: usize) -> Fitted {
        fit(rows(text), at, lines, room, is_hours)
    }

    fn written(fitted: &Fitted) -> Vec<Vec<&str>> {
        fitted.lines.iter().map(|line| line.iter().map(|cell| cell.as_deref().unwrap_or("·")).collect()).collect()
    }

    #[test]
    fn a_clipboard_is_read_as_spreadsheets_write_it() {
        let text = "1.9.\t14\t\"Pullaa\nja \"\"kahvia\"\"\"\r\n\r\n8.9.\t12\t5\" lautoja\n\t\t\n\"15.9.\t9";
        let wanted: [&[&str]; 3] =
            [&["1.9.", "14", "Pullaa ja \"kahvia\""], &["8.9.", "12", "5\" lautoja"], &["\"15.9.", "9"]];
        assert_eq!(rows(text), wanted);
        assert!(rows(" \n\t").is_empty());
    }

    #[test]
    fn a_note_follows_the_volunteers_where_nobody_wrote_hours() {
        let with_note = pasted("1.9.\t14\t2\tPullaa\n8.9.\t12\t2\t\n15.9.\t9\t1\t3 uutta", (0, 0), &[], 9);
        assert_eq!(written(&with_note)[0], ["1.9.", "14", "2", "·", "Pullaa"]);
        let with_hours = pasted("1.9.\t14\t2\t4,5\n8.9.\t12\t2\t?\n15.9.\t9\t1\t3", (0, 0), &[], 9);
        assert_eq!(written(&with_hours)[1], ["8.9.", "12", "2", "?", "·"], "one that is wrong is mended in its place");
        let with_both = pasted("1.9.\t14\t2\tei tiedossa\tPullaa", (0, 0), &[], 9);
        assert_eq!(written(&with_both), [["1.9.", "14", "2", "ei tiedossa", "Pullaa"]]);
        let from_the_heads = pasted("14\t2\tPullaa", (0, 1), &[], 9);
        assert_eq!(written(&from_the_heads), [["·", "14", "2", "·", "Pullaa"]]);
        assert_eq!(written(&pasted("Pullaa", (0, 4), &[], 9)), [["·", "·", "·", "·", "Pullaa"]]);
    }

    #[test]
    fn a_heading_is_none_of_the_lines() {
        let fitted = pasted("Pvm\tOsallistujia\n1.9.\t14", (0, 0), &[], 9);
        assert!(fitted.heading && fitted.left.is_empty());
        assert_eq!(written(&fitted), [["1.9.", "14", "·", "·", "·"]]);
        assert!(!pasted("joskus\tpaljon", (0, 0), &[], 9).heading, "alone it is what somebody wrote");
    }

    #[test]
    fn what_has_no_place_is_told() {
        let before = [line(["1.9.", "14", "", "", ""])];
        let fitted = pasted("1.9.\t15\t\t\t\tx\ty\n8.9.\t9\n15.9.\t3", (0, 0), &before, 2);
        let left: Vec<_> = fitted.left.iter().map(|left| (left.line, left.why, left.cells.join(" "))).collect();
        assert_eq!(
            left,
            [
                (0, Why::NoColumn, "x y".to_owned()),
                (0, Why::Replaced, "14".to_owned()),
                (2, Why::NoLine, "15.9. 3".to_owned())
            ]
        );
        assert_eq!(fitted.lines.len(), 2);
        for why in Why::ALL {
            assert_eq!(Why::parse(why.code()), Some(why));
        }
    }

    fn cells() -> impl Strategy<Value = Vec<Vec<String>>> {
        let cell = prop_oneof!["[0-9]{1,3}", "[a-zåäö \"\t\n]{0,6}", Just(String::new())];
        prop::collection::vec(prop::collection::vec(cell, 1..9), 1..12)
    }

    /// As a spreadsheet puts it on the clipboard.
    fn clipboard(rows: &[Vec<String>]) -> String {
        let quoted = |cell: &String| match cell.contains(['\t', '\n', '"']) {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell.clone(),
        };
        let row = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join("\t");
        rows.iter().map(row).collect::<Vec<_>>().join("\r\n")
    }

    proptest! {
        #[test]
        fn a_clipboard_says_what_was_copied(table in cells()) {
            let wanted: Vec<Vec<String>> = table
                .iter()
                .map(|row| row.iter().map(|cell| one_line(cell)).collect::<Vec<_>>())
                .filter(|row| row.iter().any(|cell| !cell.is_empty()))
                .collect();
            prop_assert_eq!(rows(&clipboard(&table)), wanted);
        }

        #[test]
        fn nothing_is_lost(text in prop_oneof!["[0-9a-c\t\n\" .]{0,80}", cells().prop_map(|rows| clipboard(&rows))],
                           at in (0..4_usize, 0..COLUMNS), before in prop::collection::vec("[0-9a-c]{0,2}", 15), room in 4..9_usize) {
            let lines: Vec<Line> = before.chunks(COLUMNS).map(|cells| std::array::from_fn(|at| cells[at].clone())).collect();
            let came = rows(&text);
            let fitted = fit(came.clone(), at, &lines, room, is_hours);
            let mut wanted: Vec<String> = came.into_iter().skip(usize::from(fitted.heading)).flatten().collect();
            wanted.extend(lines.iter().flatten().cloned());
            // The table afterwards, and what is told.
            let mut table = lines.clone();
            for (line, written) in (at.0..).zip(&fitted.lines) {
                prop_assert!(line < room);
                while table.len() <= line {
                    table.push(Line::default());
                }
                for (cell, text) in table[line].iter_mut().zip(written) {
                    if let Some(text) = text {
                        cell.clone_from(text);
                    }
                }
            }
            let told = fitted.left.iter().flat_map(|left| left.cells.clone());
            let found: std::collections::BTreeSet<String> = table.into_iter().flatten().chain(told).collect();
            for cell in wanted.into_iter().filter(|cell| !cell.is_empty()) {
                prop_assert!(found.contains(&cell), "{cell}");
            }
        }
    }
}
