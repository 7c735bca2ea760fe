//! The columns of a table that somebody brings. They are those of our own export, with what else people call them
//! (`domain/data/row_columns.csv`).

use std::{collections::HashMap, fmt, sync::LazyLock};

use crate::{
    Lang,
    codes::{self, ColumnCell, ReadAs},
    text,
};

/// A column of the file with one row for each gathering ([`codes::Column`]) that a table may bring: what an export has twice, by code and by
/// name, is one column here, and what nobody brings is none.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Column {
    column: codes::Column,
    kind: ReadAs,
}

impl Column {
    fn of(column: codes::Column) -> Option<Column> {
        Some(Column { column, kind: column.read_as()? })
    }

    /// Every column, in the order of an export.
    pub fn all() -> impl Iterator<Item = Column> {
        codes::Column::all().filter_map(Column::of)
    }

    pub fn parse(code: &str) -> Option<Column> {
        codes::Column::parse(code).and_then(Column::of)
    }

    pub fn code(self) -> &'static str {
        self.column.code()
    }

    pub fn kind(self) -> ReadAs {
        self.kind
    }

    /// As it stands in an export.
    pub fn name(self, lang: Lang) -> &'static str {
        self.column.name(lang)
    }

    /// The field of the record that the column is about, as a problem names it.
    pub fn field(self) -> &'static str {
        self.column.field()
    }

    /// The column that has what a column of an export has, by name or by code.
    fn of_exported(exported: codes::Column) -> Option<Column> {
        let about = |column: codes::Column| (column.field(), column.part(), column.cell() == ColumnCell::Id);
        Column::all().find(|column| about(column.column) == about(exported))
    }

    /// The column that a heading names.
    pub fn of_heading(heading: &str) -> Option<Column> {
        let whole = key(heading);
        if whole.is_empty() {
            return None;
        }
        let shorter = without_counting_words(&whole);
        [whole.as_str(), shorter.as_str()].into_iter().find_map(|wanted| BY_KEY.get(wanted).copied())
    }
}

/// Every word by which a column is known. Of a word that two columns have, the first has it: what people call it goes before our codes.
static BY_KEY: LazyLock<HashMap<String, Column>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    for column in Column::all() {
        for word in column.column.others().chain([column.code()]) {
            words.entry(word.to_owned()).or_insert(column);
        }
    }
    for exported in codes::Column::all() {
        let Some(column) = Column::of_exported(exported) else { continue };
        let names = Lang::ALL.iter().map(|lang| key(exported.name(*lang)));
        for word in names.chain([exported.code().to_owned()]) {
            words.entry(word).or_insert(column);
        }
    }
    words
});

impl fmt::Debug for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A heading as it is compared: lower case, letters and digits only, one space between words. `_` belongs to our own codes.
pub(super) fn key(heading: &str) -> String {
    let normal = text::normalise(heading).to_lowercase();
    let mut out = String::with_capacity(normal.len());
    for c in normal.chars() {
        if c.is_alphanumeric() || c == '_' {
            out.push(c);
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// "Osallistujia yhteensä (kpl)" is "osallistujia".
fn without_counting_words(key: &str) -> String {
    const COUNTING: [&str; 24] = [
        "yhteensä",
        "yht",
        "lkm",
        "kpl",
        "määrä",
        "hlö",
        "henkilöä",
        "hlöä",
        "h",
        "t",
        "tuntia",
        "antal",
        "st",
        "totalt",
        "sammanlagt",
        "personer",
        "pers",
        "tim",
        "total",
        "number",
        "of",
        "count",
        "pcs",
        "klo",
    ];
    key.split(' ').filter(|word| !COUNTING.contains(word)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_heading_names_two_columns() {
        for lang in Lang::ALL {
            for column in Column::all() {
                assert_eq!(Column::of_heading(column.name(lang)), Some(column), "{}", column.name(lang));
                assert_eq!(Column::of_heading(column.code()), Some(column), "{}", column.code());
            }
        }
        let unread: Vec<_> = codes::Column::all()
            .filter(|column| Column::of_exported(*column).is_none())
            .map(codes::Column::field)
            .collect();
        assert_eq!(unread, ["review", "review"], "an import makes no reviews");
        for column in Column::all() {
            for other in column.column.others() {
                assert_eq!(key(other), other, "is not as a heading is compared");
                assert_eq!(Column::of_heading(other), Some(column), "{other}");
            }
        }
    }

    #[test]
    fn headings_are_found_as_people_write_them() {
        let of = |heading: &str| Column::of_heading(heading).map(Column::code);
        assert_eq!(of("OSALLISTUJIA yhteensä (kpl)"), Some("participants"));
        assert_eq!(of(" Pvm. "), Some("date"));
        assert_eq!(of("Vapaaehtoisia\n(hlö)"), Some("volunteers"));
        assert_eq!(of("Tunnit, h"), Some("volunteer_hours"));
        assert_eq!(of("Antal deltagare"), Some("participants"));
        assert_eq!(of("75+"), Some("ages_75"));
        assert_eq!(of("Kahvia kului"), None);
        assert_eq!(of("yhteensä"), None);
    }
}
