//! One row below the heading: a gathering, something wrong with one, or no gathering at all.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{Cell, Column, Known, Reading, Settings, by_key, column::key, series_key, value};
use crate::{
    Content, FieldError, Gathering, Kind, Problem, RecordId, Series, bounds,
    codes::{ActivityForm, Municipality, ReadAs},
    date,
    gathering::{AGE_BANDS, Defaults, GENDERS, NUMBER_FIELDS, Status},
    personal,
    report::rows::split,
};

/// A row that is a gathering, or would be one.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number in the file, from 1.
    pub number: u32,
    /// What the row says of itself, without what the group and the settings add: two rows are equal when this is. Where something could
    /// not be read, that is left out.
    pub own: Content,
    /// The record that the row names, as our own export does.
    pub id: Option<RecordId>,
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// In the normal form of [`Gathering::to_content`].
    Good(Content),
    Bad(Vec<FieldError>),
}

/// Why a row is no gathering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// A sum or an average of the rows above it.
    Total,
    /// A title between the rows, or the heading once more.
    Title,
}

impl LeftOut {
    pub const fn code(self) -> &'static str {
        match self {
            LeftOut::Total => "total",
            LeftOut::Title => "title",
        }
    }
}

/// What stands in the cells of one row, by its columns.
type Cells<'a> = Vec<(Column, &'a Cell)>;

pub(super) fn read_all(
    reading: &mut Reading,
    rows: &[(u32, Vec<Cell>)],
    settings: &Settings,
    known: &Known,
    series_id: &dyn Fn(&str) -> RecordId,
) {
    let mut groups = Groups { known, by_key: by_key(known), series_id, new: HashMap::new() };
    let is_export = reading.columns.iter().flatten().any(|column| column.kind() == ReadAs::Id);
    let mut sum = 0.0;
    for (at, (number, cells)) in rows.iter().enumerate() {
        let named: Cells<'_> = reading
            .columns
            .iter()
            .zip(cells)
            .filter_map(|(column, cell)| Some(((*column)?, cell)).filter(|(_, cell)| !cell.is_empty()))
            .collect();
        let is_last = at + 1 == rows.len();
        if let Some(why) = left_out(&named, cells, is_last.then_some(sum)) {
            reading.left_out.push((*number, why));
            continue;
        }
        if named.is_empty() {
            continue;
        }
        let heads = named.iter().find(|(column, _)| column.code() == "participants");
        sum += heads.and_then(|(_, cell)| Some(value::number(cell).ok()?.0)).unwrap_or(0.0);
        let row = read_one(*number, &named, reading.year, is_export, settings, &mut groups, &mut reading.new_series);
        reading.rows.push(row);
    }
}

/// Why a row is no gathering. A row with a day is always one; of the last row, `sum` is the sum of the participants above it.
fn left_out(named: &Cells<'_>, cells: &[Cell], sum: Option<f64>) -> Option<LeftOut> {
    const TOTALS: [&str; 14] = [
        "yhteensä",
        "yht",
        "summa",
        "kaikki yhteensä",
        "koko vuosi",
        "keskiarvo",
        "totalt",
        "sammanlagt",
        "medeltal",
        "total",
        "sum",
        "average",
        "grand total",
        "loppusumma",
    ];
    let has_day = named.iter().any(|(column, cell)| {
        // A text in the column of days is a day that is wrong, unless it is a word of a total.
        column.kind() == ReadAs::Day && (value::day(cell, Some(bounds::FIRST_YEAR)).is_ok())
    });
    if has_day {
        return None;
    }
    // A number that the file has as a text is a number.
    let is_text = |text: &str| !value::is_number(text);
    let texts: Vec<String> = cells
        .iter()
        .filter_map(|cell| match cell {
            Cell::Text(text) if is_text(text) => Some(key(text)),
            _ => None,
        })
        .collect();
    let is_total = |text: &String| {
        let first = text.split(' ').next().unwrap_or_default();
        TOTALS.contains(&text.as_str()) || TOTALS.contains(&first)
    };
    if texts.iter().any(is_total) {
        return Some(LeftOut::Total);
    }
    let numbers: Vec<f64> = named.iter().filter_map(|(_, cell)| Some(value::number(cell).ok()?.0)).collect();
    // A sum without a word.
    if texts.is_empty() && sum.is_some_and(|sum| sum > 0.0 && numbers.contains(&sum)) {
        return Some(LeftOut::Total);
    }
    let headings = texts.iter().filter(|text| Column::of_heading(text).is_some()).count();
    let is_title = numbers.is_empty()
        && (texts.len() == 1 && cells.iter().filter(|cell| !cell.is_empty()).count() == 1 || headings > 1);
    is_title.then_some(LeftOut::Title)
}

/// The association's groups and those that the file brings.
struct Groups<'a> {
    known: &'a Known,
    by_key: HashMap<String, usize>,
    series_id: &'a dyn Fn(&str) -> RecordId,
    new: HashMap<String, usize>,
}

/// What a row's group gives it.
struct Group {
    id: RecordId,
    form: ActivityForm,
    municipality: Municipality,
    defaults: Defaults,
}

impl Group {
    fn of((id, series, _): &(RecordId, Series, Content)) -> Group {
        let (form, municipality) = (series.form, series.municipality);
        Group { id: *id, form, municipality, defaults: series.defaults.clone() }
    }
}

impl Groups<'_> {
    /// One of the association's own, by its id: two may have one name.
    fn own(&self, id: RecordId) -> Option<Group> {
        self.known.series.iter().find(|(own, ..)| *own == id).map(Group::of)
    }

    fn named(&mut self, name: &str, form: ActivityForm, new: &mut Vec<(String, Series)>) -> Group {
        let key = series_key(name);
        if let Some(index) = self.by_key.get(&key) {
            return Group::of(&self.known.series[*index]);
        }
        let id = (self.series_id)(&key);
        let index = *self.new.entry(key).or_insert_with(|| {
            let series = Series {
                name: name.to_owned(),
                form,
                municipality: self.known.home,
                weekday: None,
                start: None,
                defaults: Defaults::default(),
                archived: false,
                breaks: Vec::new(),
            };
            new.push((name.to_owned(), series));
            new.len() - 1
        });
        let series = &new[index].1;
        Group { id, form: series.form, municipality: series.municipality, defaults: Defaults::default() }
    }
}

fn read_one(
    number: u32,
    named: &Cells<'_>,
    year: Option<i16>,
    is_export: bool,
    settings: &Settings,
    groups: &mut Groups<'_>,
    new: &mut Vec<(String, Series)>,
) -> Row {
    let mut reading = Own::default();
    for (column, cell) in named {
        reading.take(*column, cell, year);
    }
    let Own { mut content, errors, id, series_id, series, ages, genders, is_estimate } = reading;
    for (field, names, counts) in [("ages", &AGE_BANDS[..], &ages[..]), ("genders", &GENDERS[..], &genders[..])] {
        if counts.iter().any(Option::is_some) {
            let said =
                names.iter().zip(counts).filter_map(|(name, count)| Some(((*name).to_owned(), json!((*count)?))));
            content.insert(field.to_owned(), Value::Object(said.collect()));
            if !content.contains_key("participants") && !errors.iter().any(|error| error.field == "participants") {
                content.insert("participants".to_owned(), json!(sum(counts)));
            }
        }
    }
    if is_estimate && !content.contains_key("basis") {
        content.insert("basis".to_owned(), json!("estimated"));
    }
    let is_cancelled = content.get("status").and_then(Value::as_str) == Some(Status::Cancelled.code());
    if is_cancelled {
        // A table has noughts where there was nothing.
        for field in NUMBER_FIELDS {
            let is_nought = content.get(field).is_some_and(|value| match value {
                Value::Object(counts) => counts.values().all(|count| count == &json!(0)),
                value => value == &json!(0),
            });
            if is_nought {
                content.remove(field);
            }
        }
    } else {
        content.remove("status");
    }
    let mut own = content.clone();
    if let Some(series) = &series {
        own.insert("group".to_owned(), json!(series));
    }
    let form = content.get("form").and_then(Value::as_str).and_then(ActivityForm::parse).unwrap_or(settings.form);
    let count = new.len();
    // Of another association's export the group is known by its name.
    let own_group = series_id.and_then(|id| groups.own(id));
    let group = own_group.or_else(|| Some(groups.named(series.as_deref()?, form, new)));
    let outcome = complete(content, errors, group, is_export, settings, groups.known);
    if matches!(outcome, Outcome::Bad(_)) && new.len() > count {
        // No group comes of a row that does not come.
        new.truncate(count);
        groups.new.retain(|_, index| *index < count);
    }
    Row { number, own, id, outcome }
}

fn sum(counts: &[Option<u32>]) -> u32 {
    counts.iter().flatten().fold(0, |sum, count| sum.saturating_add(*count))
}

/// Adds what the group and the settings say, and checks the whole.
fn complete(
    mut content: Content,
    mut errors: Vec<FieldError>,
    group: Option<Group>,
    is_export: bool,
    settings: &Settings,
    known: &Known,
) -> Outcome {
    let mut sources = Content::new();
    let mut form = settings.form;
    let mut municipality = known.home;
    if let Some(group) = group {
        content.insert("series".to_owned(), json!(group.id.to_string()));
        form = group.form;
        municipality = group.municipality;
        if !is_export {
            group.defaults.write(&mut sources);
        }
    }
    for (field, value) in &sources {
        content.entry(field.clone()).or_insert_with(|| value.clone());
    }
    content.entry("form").or_insert_with(|| json!(form.code()));
    content.entry("municipality").or_insert_with(|| json!(municipality.code()));
    let parsed = Gathering::parse(&content, known.today);
    let found = parsed.as_ref().err().into_iter().flatten().copied();
    // A field that could not be read is missing now, too: what was wrong with the cell says more.
    let fresh: Vec<FieldError> = found.filter(|one| errors.iter().all(|error| error.field != one.field)).collect();
    errors.extend(fresh);
    errors.extend(personal::in_new_texts(Kind::Gathering, &content, &[&sources]));
    match parsed {
        Ok(gathering) if errors.is_empty() => Outcome::Good(gathering.to_content()),
        _ => Outcome::Bad(errors),
    }
}

/// What the cells of a row say.
#[derive(Default)]
struct Own {
    content: Content,
    errors: Vec<FieldError>,
    id: Option<RecordId>,
    series_id: Option<RecordId>,
    series: Option<String>,
    ages: [Option<u32>; AGE_BANDS.len()],
    genders: [Option<u32>; GENDERS.len()],
    is_estimate: bool,
}

impl Own {
    fn take(&mut self, column: Column, cell: &Cell, year: Option<i16>) {
        let field = column.field();
        if let Err(problem) = self.read(column, cell, year) {
            self.errors.push(FieldError { field, problem });
        }
    }

    fn read(&mut self, column: Column, cell: &Cell, year: Option<i16>) -> Result<(), Problem> {
        let words = || match cell {
            Cell::Text(text) => Ok(text.to_string()),
            Cell::Number(number) => Ok(number.to_string()),
            _ => Err(Problem::NotText),
        };
        let value: Value = match column.kind() {
            ReadAs::Id => {
                // Another's id is none: the row is then known by what it says.
                self.id = words().ok().and_then(|text| RecordId::parse(&text));
                return Ok(());
            }
            ReadAs::SeriesId => {
                self.series_id = words().ok().and_then(|text| RecordId::parse(&text));
                return Ok(());
            }
            ReadAs::Day => json!(date::iso(value::day(cell, year)?)),
            ReadAs::Time => json!(crate::content::clock(value::time(cell)?)),
            ReadAs::Series => {
                let name = json!(words()?);
                self.series = Some(crate::content::line(bounds::SERIES_NAME_MAX_CHARS)(&name)?);
                return Ok(());
            }
            ReadAs::Form => json!(value::form(&words()?)?.code()),
            ReadAs::Municipality => json!(value::municipality(&words()?)?.code()),
            // A number in the column of places is the name of a room.
            ReadAs::Text => json!(words()?),
            ReadAs::PostalCode => match cell {
                Cell::Number(number) if (0.0..100_000.0).contains(number) => json!(format!("{number:05}")),
                _ => json!(words()?),
            },
            ReadAs::Minutes => json!(value::minutes(cell)?),
            ReadAs::Number if column.code() == "participants" && value::says_cancelled(cell) => {
                self.content.insert("status".to_owned(), json!(Status::Cancelled.code()));
                return Ok(());
            }
            ReadAs::Number => {
                let (count, about) = value::count(cell)?;
                self.is_estimate |= about && column.code() == "participants";
                json!(count)
            }
            ReadAs::Hours => json!(value::quarter_hours(cell)?),
            ReadAs::YesNo => json!(value::yes_or_no(cell)?),
            ReadAs::Status if matches!(cell, Cell::Bool(_)) => {
                let held = if *cell == Cell::Bool(true) { Status::Held } else { Status::Cancelled };
                json!(held.code())
            }
            ReadAs::Basis | ReadAs::Status | ReadAs::Mode | ReadAs::Language | ReadAs::Partner => {
                json!(value::code(column.kind(), cell)?)
            }
            ReadAs::TargetGroups => list(&words()?, |name| Ok(json!(value::target_group(name)?.code())))?,
            ReadAs::Themes => list(&words()?, |name| Ok(json!(value::theme(name)?.code())))?,
            ReadAs::Funders => list(&words()?, |tag| {
                let (funder, year) = tag.rsplit_once(' ').ok_or(Problem::Missing)?;
                Ok(json!({"funder": funder.trim(), "year": year.parse::<u32>().map_err(|_| Problem::NotANumber)?}))
            })?,
            ReadAs::Age(band) => {
                self.ages[band] = Some(value::count(cell)?.0);
                return Ok(());
            }
            ReadAs::Gender(gender) => {
                self.genders[gender] = Some(value::count(cell)?.0);
                return Ok(());
            }
        };
        self.content.insert(column.field().to_owned(), value);
        Ok(())
    }
}

/// Of `a | b` as an export has them, or of `a; b`, each.
fn list(text: &str, each: impl Fn(&str) -> Result<Value, Problem>) -> Result<Value, Problem> {
    let parts = match text.contains(['|', '\\']) {
        true => split(text),
        false => text.split(';').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect(),
    };
    Ok(Value::Array(parts.iter().map(|part| each(part)).collect::<Result<_, _>>()?))
}
