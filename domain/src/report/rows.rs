//! All gatherings, one row each: every field by name and by code, so that nobody is locked in.
//!
//! The columns are `domain/data/row_columns.csv`; whoever reads such a file again uses the same table. A header is the column's name in any
//! of the languages, or its code ([`column_of`]). [`cells`] writes a gathering, [`put_cell`] reads a cell into a content, and
//! [`Gathering::parse`] of that content is the gathering that was written. Fields of a later version are not written.

use serde_json::{Value, json};

use crate::{
    Content, Gathering, Lang, Problem, RecordId,
    codes::{ActivityForm, Column, ColumnCell, Municipality, TargetGroup, Theme, ValueName},
    content, date,
    gathering::{AGE_BANDS, FunderTag, GENDERS},
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

/// The column that a header names: by its code, or by its name in any language, in any letter case and with any spaces around.
pub fn column_of(header: &str) -> Option<Column> {
    let wanted = header.trim().to_lowercase();
    let named = |column: &Column| Lang::ALL.into_iter().any(|lang| column.name(lang).to_lowercase() == wanted);
    Column::parse(&wanted).or_else(|| Column::all().find(named))
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

/// Puts what a cell says into a content, so that [`Gathering::parse`] checks it. An empty cell, a name, the id and the review say nothing.
///
/// The cell is of the column's type: whoever reads a file of texts makes dates, numbers and hours of them first.
pub fn put_cell(content: &mut Content, column: Column, cell: &Cell) -> Result<(), Problem> {
    let field = column.field();
    if matches!(column.cell(), ColumnCell::Name) || matches!(field, "id" | "review") || *cell == Cell::Empty {
        return Ok(());
    }
    let wrong = match column.cell() {
        ColumnCell::Number | ColumnCell::Hours => Problem::NotANumber,
        ColumnCell::Date => Problem::NotADate,
        ColumnCell::Time => Problem::NotATime,
        ColumnCell::YesNo => Problem::NotYesOrNo,
        ColumnCell::Id => Problem::NotAnId,
        _ => Problem::NotText,
    };
    let value = match (column.cell(), cell) {
        (ColumnCell::Number, Cell::Number(number)) => json!(number),
        (ColumnCell::Hours, Cell::Number(hours)) => json!(hours.saturating_mul(4)),
        (ColumnCell::Hours, Cell::Hundredths(hundredths)) if hundredths % 25 == 0 => json!(hundredths / 25),
        (ColumnCell::Date, Cell::Date(day)) => json!(date::iso(*day)),
        (ColumnCell::Time, Cell::Time(minutes)) => json!(content::clock(*minutes)),
        (ColumnCell::YesNo, Cell::YesNo(yes)) => json!(yes),
        (ColumnCell::Id | ColumnCell::Text | ColumnCell::Code, Cell::Text(text)) => json!(text),
        (ColumnCell::Codes, Cell::Text(text)) => json!(split(text)),
        (ColumnCell::Tags, Cell::Text(text)) => split(text).iter().map(|tag| read_tag(tag)).collect(),
        _ => return Err(wrong),
    };
    match column.part() {
        Some(part) => {
            let whole = content.entry(field).or_insert_with(|| json!({}));
            if let Some(whole) = whole.as_object_mut().filter(|_| value != 0) {
                whole.insert(part.to_owned(), value);
            }
        }
        None => {
            content.insert(field.to_owned(), value);
        }
    }
    Ok(())
}

/// `STEA 2026`. What has no year is left for the parser to refuse.
fn read_tag(text: &str) -> Value {
    let year = text.rsplit_once(' ').and_then(|(funder, year)| Some((funder, year.parse::<i16>().ok()?)));
    year.map_or_else(|| json!({"funder": text}), |(funder, year)| json!({"funder": funder.trim(), "year": year}))
}

/// The columns of a breakdown, in the order of its list.
pub fn breakdown_columns(field: &str) -> impl Iterator<Item = Column> {
    let parts: &[&str] = match field {
        "ages" => &AGE_BANDS,
        "genders" => &GENDERS,
        _ => &[],
    };
    let field = field.to_owned();
    parts.iter().filter_map(move |part| Column::parse(&format!("{field}_{part}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Date, gathering};
    use std::collections::BTreeSet;

    #[test]
    fn every_field_has_a_column_and_every_column_a_field() {
        let fields: BTreeSet<&str> = Column::all().map(Column::field).collect();
        let known: BTreeSet<&str> = gathering::FIELDS.iter().copied().chain(["id", "review"]).collect();
        assert_eq!(fields, known);
        let parts = |field| breakdown_columns(field).filter_map(Column::part).collect::<Vec<_>>();
        assert_eq!(parts("ages"), AGE_BANDS);
        assert_eq!(parts("genders"), GENDERS);
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
                assert_eq!(column_of(&format!(" {} ", name.to_uppercase())), Some(column), "{name}");
                assert!(seen.insert(name.clone()), "{name} names two columns");
            }
        }
        assert_eq!(column_of("Kahvin määrä"), None);
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

    fn round_trip(content: Value) {
        let content = content.as_object().expect("object");
        let gathering = Gathering::parse(content, Date::MAX).expect("valid");
        for lang in Lang::ALL {
            let id = RecordId::from_bytes([1; 16]);
            let row = FileRow { id, gathering: &gathering, series: Some("=Kerho"), state: ReviewState::Returned };
            let mut read = Content::new();
            for (column, cell) in Column::all().zip(cells(lang, row)) {
                put_cell(&mut read, column, &cell).expect("its own type");
            }
            assert_eq!(Gathering::parse(&read, Date::MAX), Ok(gathering.clone()), "{read:?}");
        }
    }

    #[test]
    fn a_row_is_read_back_as_the_same_gathering() {
        round_trip(json!({"form": "kerho", "date": "2026-11-16", "municipality": "005", "participants": 14}));
        round_trip(json!({"form": "retki", "date": "2026-11-16", "municipality": "005", "status": "cancelled"}));
        round_trip(json!({"form": "kerho", "date": "2026-11-16", "municipality": "005", "participants": 0,
                          "ages": {}, "genders": {}}));
        round_trip(json!({
            "series": "0190f3a0-0000-7000-8000-000000000001", "form": "leiri", "date": "2026-11-16", "start": "09:30",
            "municipality": "091", "place": "Kylätalo; sali \"B\" | C", "postal_code": "00100", "duration": 120,
            "target_groups": ["ikaihmiset", "miehet"], "themes": ["luonto", "yhteisollisyys"], "sensitive": true,
            "free": true, "open": false, "municipal_premises": true, "language": "se",
            "funders": [{"funder": "A | B \\ C", "year": 2026}, {"funder": "STEA", "year": 2025}],
            "participants": 14, "first_timers": 1, "digital_participants": 0, "residents": 10,
            "ages": {"75": 10, "unknown": 4}, "genders": {"women": 14}, "volunteers": 2, "volunteer_quarter_hours": 17,
            "staff": 1, "staff_quarter_hours": 3, "basis": "estimated", "mode": "both", "days": 2, "nights": 1,
            "partner": "parish", "note": "=sade", "changed_because": "Luku puuttui"
        }));
    }
}
