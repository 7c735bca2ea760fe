//! All gatherings, one row each: every field by name and by code, so that nobody is locked in.
//!
//! The columns are `domain/data/row_columns.csv`. [`cells`] writes a gathering, and an import ([`crate::import`]) of what was written is the
//! same gathering. Fields of a later version are not written.

use serde_json::Value;

use crate::{
    Content, Gathering, Lang, RecordId,
    codes::{ActivityForm, Column, ColumnCell, Municipality, TargetGroup, Theme, ValueName},
    content, date,
    gathering::FunderTag,
    report::export::Cell,
    review::ReviewState,
};

/// A gathering with what a row says beside its content.
#[derive(Clone, Copy, Debug)]
pub struct FileRow<'a> {
    pub id: RecordId,
    pub gathering: &'a Gathering,
    /// Name of the series, if the gathering has one that is known.
    pub series: Option<&'a str>,
    pub state: ReviewState,
}

/// The header: each column's name in `lang`.
pub fn header(lang: Lang) -> Vec<Cell> {
    Column::all().map(|column| Cell::text(column.name(lang))).collect()
}

/// The cells of a row, one for each of [`Column::all`].
pub fn cells(lang: Lang, row: FileRow<'_>) -> Vec<Cell> {
    let content = row.gathering.to_content();
    Column::all().map(|column| cell(lang, &content, row, column)).collect()
}

fn cell(lang: Lang, content: &Content, row: FileRow<'_>, column: Column) -> Cell {
    let code = |code: &str| Cell::text(code);
    match (column.field(), column.cell()) {
        ("id", _) => Cell::text(row.id.to_string()),
        ("review", ColumnCell::Name) => word(lang, "review", row.state.code()),
        ("review", _) => code(row.state.code()),
        ("series", ColumnCell::Name) => row.series.map_or(Cell::Empty, Cell::text),
        // A held gathering's status, a counted basis and a meeting on site are left out of a content; a row says them.
        (field @ ("status" | "basis" | "mode"), kind) => {
            let said = content.get(field).and_then(Value::as_str).unwrap_or(match field {
                "status" => "held",
                "basis" => "counted",
                _ => "on_site",
            });
            if kind == ColumnCell::Name { word(lang, field, said) } else { code(said) }
        }
        ("sensitive", _) => Cell::YesNo(row.gathering.defaults.sensitive),
        (field, kind) => content.get(field).map_or(Cell::Empty, |value| said(lang, field, column.part(), kind, value)),
    }
}

/// A value of the content as a cell.
fn said(lang: Lang, field: &str, part: Option<&str>, kind: ColumnCell, value: &Value) -> Cell {
    if let Some(part) = part {
        // A breakdown leaves its zeros out; where it was given, a row says them.
        return Cell::number(value.get(part).and_then(Value::as_u64).unwrap_or(0) as i64);
    }
    let text = value.as_str();
    match kind {
        ColumnCell::Number => value.as_i64().map_or(Cell::Empty, Cell::Number),
        ColumnCell::Hours => value.as_u64().map_or(Cell::Empty, Cell::hours),
        ColumnCell::YesNo => value.as_bool().map_or(Cell::Empty, Cell::YesNo),
        ColumnCell::Date => text.and_then(date::parse).map_or(Cell::Empty, Cell::Date),
        ColumnCell::Time => content::time_of_day(value).map_or(Cell::Empty, Cell::Time),
        ColumnCell::Id | ColumnCell::Text | ColumnCell::Code => text.map_or(Cell::Empty, Cell::text),
        ColumnCell::Codes => Cell::Text(join(texts(value))),
        ColumnCell::Tags => Cell::Text(join(tags(value).iter().map(|tag| format!("{} {}", tag.funder, tag.year)))),
        ColumnCell::Name => match value.as_array() {
            Some(_) => Cell::Text(join(texts(value).map(|code| name(lang, field, code)))),
            None => text.map_or(Cell::Empty, |code| Cell::text(name(lang, field, code))),
        },
    }
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn tags(value: &Value) -> Vec<FunderTag> {
    let tag = |tag: &Value| {
        let year = tag.get("year")?.as_i64()?;
        Some(FunderTag { funder: tag.get("funder")?.as_str()?.to_owned(), year: year as i16 })
    };
    value.as_array().into_iter().flatten().filter_map(tag).collect()
}

/// The name of a field's code; of one that is in no list, the code.
fn name<'a>(lang: Lang, field: &str, code: &'a str) -> &'a str {
    let found = match field {
        "form" => ActivityForm::parse(code).map(|form| form.name(lang)),
        "municipality" => Municipality::parse(code).map(|municipality| municipality.name(lang)),
        "target_groups" => TargetGroup::parse(code).map(|group| group.name(lang)),
        "themes" => Theme::parse(code).map(|theme| theme.name(lang)),
        field => ValueName::parse(&format!("{field}.{code}")).map(|word| word.name(lang)),
    };
    found.unwrap_or(code)
}

fn word(lang: Lang, field: &str, code: &str) -> Cell {
    Cell::text(name(lang, field, code))
}

/// Items of a list in one cell. Names have commas, so a bar divides them; a bar in an item has a backslash before it.
fn join<T: AsRef<str>>(items: impl Iterator<Item = T>) -> String {
    let escaped = items.map(|item| item.as_ref().replace('\\', "\\\\").replace('|', "\\|"));
    escaped.collect::<Vec<_>>().join(" | ")
}

/// The items of a cell that [`cells`] wrote, or of one where commas divide codes.
pub fn split(cell: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut chars = cell.chars();
    while let (Some(c), Some(last)) = (chars.next(), items.last_mut()) {
        match c {
            '\\' => last.extend(chars.next()),
            '|' => items.push(String::new()),
            c => last.push(c),
        }
    }
    items.into_iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gathering::{self, AGE_BANDS, GENDERS};
    use std::collections::BTreeSet;

    #[test]
    fn every_field_has_a_column_and_every_column_a_field() {
        let fields: BTreeSet<&str> = Column::all().map(Column::field).collect();
        let known: BTreeSet<&str> = gathering::FIELDS.iter().copied().chain(["id", "review"]).collect();
        assert_eq!(fields, known);
        for (field, parts) in [("ages", &AGE_BANDS[..]), ("genders", &GENDERS)] {
            let columns: Vec<Column> = Column::all().filter(|column| column.field() == field).collect();
            assert_eq!(columns.iter().filter_map(|column| column.part()).collect::<Vec<_>>(), parts);
            let codes: Vec<String> = parts.iter().map(|part| format!("{field}_{part}")).collect();
            assert_eq!(columns.iter().map(|column| column.code()).collect::<Vec<_>>(), codes);
        }
    }

    #[test]
    fn a_header_is_one_column_in_every_language() {
        let mut seen = BTreeSet::new();
        for column in Column::all() {
            let names: BTreeSet<String> = Lang::ALL
                .into_iter()
                .map(|lang| column.name(lang).to_lowercase())
                .chain([column.code().into()])
                .collect();
            for name in names {
                assert!(seen.insert(name.clone()), "{name} names two columns");
            }
        }
    }

    #[test]
    fn every_code_of_a_closed_list_has_a_name() {
        let lists: [(&str, Vec<&str>); 5] = [
            ("status", gathering::Status::ALL.iter().map(|one| one.code()).collect()),
            ("basis", gathering::CountBasis::ALL.iter().map(|one| one.code()).collect()),
            ("mode", gathering::Mode::ALL.iter().map(|one| one.code()).collect()),
            ("language", gathering::GatheringLanguage::ALL.iter().map(|one| one.code()).collect()),
            ("partner", gathering::Partner::ALL.iter().map(|one| one.code()).collect()),
        ];
        for (field, codes) in lists {
            for code in codes {
                assert_ne!(name(Lang::Fi, field, code), code, "{field}.{code}");
            }
        }
        for state in [ReviewState::Recorded, ReviewState::Approved, ReviewState::Returned] {
            assert_ne!(name(Lang::Fi, "review", state.code()), state.code());
        }
    }
}
