//! The state of the record form, and the content that it makes. Plain data and rules without a view; `record.rs`
//! displays it.

use domain::{
    Content, Date, FieldError, Gathering, Kind, Problem, RecordId, Series,
    codes::Municipality,
    content::overlay,
    date,
    gathering::{AGE_BANDS, CountBasis, GENDERS, Heads, Mode},
    personal,
};
use leptos::prelude::*;
use serde_json::{Value, json};

use crate::phone::{base::records::Row, forms::editing::field_of};

/// Fields that a gathering takes from its series when it is recorded.
const FROM_SERIES: [&str; 14] = [
    "form",
    "municipality",
    "start",
    "place",
    "postal_code",
    "duration",
    "target_groups",
    "themes",
    "sensitive",
    "free",
    "open",
    "municipal_premises",
    "language",
    "funders",
];

/// Optional numbers of a gathering, by their names on the wire.
pub const MORE_NUMBERS: [&str; 7] =
    ["first_timers", "residents", "digital_participants", "staff", "staff_quarter_hours", "days", "nights"];

/// What the form holds. Everything is a signal, so that a draft can be kept after each change.
#[derive(Clone, Copy)]
pub struct GatheringForm {
    pub id: RecordId,
    pub series: RwSignal<Option<RecordId>>,
    /// Fields that the form does not show, and those it was opened with.
    pub rest: RwSignal<Content>,
    pub participants: RwSignal<Option<u32>>,
    pub volunteers: RwSignal<Option<u32>>,
    pub quarter_hours: RwSignal<Option<u32>>,
    pub date: RwSignal<Date>,
    pub form: RwSignal<String>,
    pub municipality: RwSignal<String>,
    pub place: RwSignal<String>,
    pub note: RwSignal<String>,
    /// Why it is changed after its period was closed.
    pub changed_because: RwSignal<String>,
    pub basis: RwSignal<CountBasis>,
    pub cancelled: RwSignal<bool>,
    /// By [`MORE_NUMBERS`].
    pub more: [RwSignal<Option<u32>>; MORE_NUMBERS.len()],
    /// By [`AGE_BANDS`] and [`GENDERS`].
    pub ages: [RwSignal<Option<u32>>; AGE_BANDS.len()],
    pub genders: [RwSignal<Option<u32>>; GENDERS.len()],
    pub mode: RwSignal<String>,
    pub partner: RwSignal<String>,
    /// Ids of the fields that hold something else than a number: the field's name, with `-` and a part of it behind.
    pub wrong: RwSignal<Vec<&'static str>>,
    /// Quarter hours of one volunteer, by which the hours follow the number of volunteers.
    pub quarters_each: RwSignal<u32>,
}

impl GatheringForm {
    /// A new gathering of a series (or of none), filled from the series and the last time.
    pub fn new(
        id: RecordId,
        series: Option<(RecordId, &Series)>,
        last: Option<&Row>,
        home: Municipality,
        today: Date,
    ) -> Self {
        let mut rest = Content::new();
        if let Some((_, series)) = series {
            let content = series.to_content();
            rest.extend(FROM_SERIES.iter().filter_map(|name| Some(((*name).to_owned(), content.get(*name)?.clone()))));
        } else {
            rest.insert("municipality".into(), json!(home.code()));
        }
        let heads = last.and_then(|row| row.gathering.heads.as_ref());
        let (volunteers, quarters_each) =
            usual_volunteers(heads, series.and_then(|(_, series)| series.defaults.duration));
        let form = Self::from_content(id, &rest, today);
        form.series.set(series.map(|(id, _)| id));
        form.volunteers.set(Some(volunteers));
        form.quarters_each.set(quarters_each);
        form.quarter_hours.set(Some(volunteers * quarters_each));
        form
    }

    /// A gathering or a draft being edited.
    pub fn from_content(id: RecordId, content: &Content, today: Date) -> Self {
        let number = |name: &str| content.get(name).and_then(Value::as_u64).map(|number| number as u32);
        let text = |name: &str| content.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let part = |name: &str, part: &str| Some(content.get(name)?.get(part)?.as_u64()? as u32);
        let (volunteers, quarters) = (number("volunteers"), number("volunteer_quarter_hours"));
        Self {
            id,
            series: RwSignal::new(RecordId::parse(&text("series"))),
            participants: RwSignal::new(number("participants")),
            volunteers: RwSignal::new(volunteers),
            quarter_hours: RwSignal::new(quarters),
            date: RwSignal::new(date::parse(&text("date")).unwrap_or(today)),
            form: RwSignal::new(text("form")),
            municipality: RwSignal::new(text("municipality")),
            place: RwSignal::new(text("place")),
            note: RwSignal::new(text("note")),
            changed_because: RwSignal::new(text("changed_because")),
            basis: RwSignal::new(CountBasis::parse(&text("basis")).unwrap_or(CountBasis::Counted)),
            cancelled: RwSignal::new(text("status") == "cancelled"),
            more: MORE_NUMBERS.map(|name| RwSignal::new(number(name))),
            ages: AGE_BANDS.map(|band| RwSignal::new(part("ages", band))),
            genders: GENDERS.map(|gender| RwSignal::new(part("genders", gender))),
            mode: RwSignal::new(text("mode")),
            partner: RwSignal::new(text("partner")),
            wrong: RwSignal::new(Vec::new()),
            quarters_each: RwSignal::new(quarters.unwrap_or(0) / volunteers.unwrap_or(1).max(1)),
            rest: RwSignal::new(content.clone()),
        }
    }

    /// The whole content; `null` where the form clears a field that it was opened with.
    pub fn content(&self) -> Content {
        let mut content = self.rest.get();
        let mut put = |name: &str, value: Value| {
            content.insert(name.to_owned(), value);
        };
        let text = |signal: RwSignal<String>| match signal.get() {
            text if text.trim().is_empty() => Value::Null,
            text => Value::String(text),
        };
        put("series", self.series.get().map_or(Value::Null, |id| json!(id.to_string())));
        put("form", text(self.form));
        put("date", json!(date::iso(self.date.get())));
        put("municipality", text(self.municipality));
        put("place", text(self.place));
        put("note", text(self.note));
        put("changed_because", text(self.changed_because));
        put("mode", text(self.mode));
        put("partner", text(self.partner));
        for (name, number) in MORE_NUMBERS.into_iter().zip(self.more) {
            put(name, json!(number.get()));
        }
        put("ages", parts(&AGE_BANDS, &self.ages));
        put("genders", parts(&GENDERS, &self.genders));
        if self.cancelled.get() {
            put("status", json!("cancelled"));
            for name in NUMBERS {
                put(name, Value::Null);
            }
            put("basis", Value::Null);
        } else {
            put("status", Value::Null);
            put("participants", json!(self.participants.get()));
            put("volunteers", json!(self.volunteers.get()));
            put("volunteer_quarter_hours", json!(self.quarter_hours.get()));
            put("basis", json!(self.basis.get().code()));
        }
        content
    }

    /// The gathering as the form's content would be read, or what to mend. Texts of `known` were not typed here.
    pub fn parse(&self, today: Date, known: &[&Content]) -> Result<Content, Vec<FieldError>> {
        let sent = self.content();
        let personal = personal::in_new_texts(Kind::Gathering, &sent, known);
        let parsed = Gathering::parse(&overlay(&Content::new(), &sent), today);
        let wrong = self.wrong.get();
        // Nobody has said that there were none.
        let required = [("volunteers", self.volunteers), ("volunteer_quarter_hours", self.quarter_hours)];
        let is_empty = |field: &'static str, value: RwSignal<Option<u32>>| {
            !self.cancelled.get() && value.get().is_none() && !wrong.contains(&field)
        };
        let missing = required.into_iter().filter(|(field, value)| is_empty(field, *value));
        let missing: Vec<_> = missing.map(|(field, _)| FieldError { field, problem: Problem::Missing }).collect();
        if wrong.is_empty() && missing.is_empty() && personal.is_empty() {
            return parsed.map(|_| sent);
        }
        let mut errors: Vec<FieldError> =
            wrong.iter().map(|id| FieldError { field: field_of(id), problem: Problem::NotANumber }).collect();
        let others = parsed.err().unwrap_or_default();
        errors.extend(missing);
        errors.extend(others.into_iter().filter(|error| !wrong.iter().any(|id| field_of(id) == error.field)));
        errors.extend(personal);
        Err(errors)
    }

    /// The signal of one of [`MORE_NUMBERS`].
    pub fn number(&self, name: &str) -> RwSignal<Option<u32>> {
        let at = MORE_NUMBERS.iter().position(|known| *known == name).expect("one of them");
        self.more[at]
    }

    /// The gathering belongs to another series, whose form, target groups and the like it takes; or to none.
    pub fn move_to(&self, series: Option<&(RecordId, Series)>) {
        self.series.set(series.map(|(id, _)| *id));
        let Some((_, series)) = series else { return };
        let given = series.to_content();
        self.rest.update(|rest| {
            for name in FROM_SERIES {
                rest.insert(name.to_owned(), given.get(name).cloned().unwrap_or(Value::Null));
            }
        });
        self.form.set(series.form.code().to_owned());
        self.municipality.set(series.municipality.code().to_owned());
        if let Some(place) = &series.defaults.place {
            self.place.set(place.clone());
        }
    }

    pub fn choose_mode(&self, mode: Mode) {
        self.mode.set(if mode == Mode::OnSite { String::new() } else { mode.code().to_owned() });
        if mode == Mode::OnSite {
            self.number("digital_participants").set(None);
        }
    }

    /// Hours follow the number of volunteers.
    pub fn volunteers_changed(&self) {
        let volunteers = self.volunteers.get_untracked().unwrap_or(0);
        self.quarter_hours.set(Some(volunteers * self.quarters_each.get_untracked()));
    }

    /// The user's own hours are the new hours of one volunteer.
    pub fn hours_changed(&self) {
        let volunteers = self.volunteers.get_untracked().unwrap_or(0).max(1);
        self.quarters_each.set(self.quarter_hours.get_untracked().unwrap_or(0) / volunteers);
    }
}

/// A breakdown as it is sent: the parts that were given, or nothing at all.
fn parts(names: &[&str], counts: &[RwSignal<Option<u32>>]) -> Value {
    let given = names.iter().zip(counts).filter_map(|(name, count)| Some(((*name).to_owned(), json!(count.get()?))));
    let given: Content = given.collect();
    if given.is_empty() { Value::Null } else { Value::Object(given) }
}

/// Numbers that a cancelled gathering does not have.
const NUMBERS: [&str; 10] = [
    "participants",
    "first_timers",
    "volunteers",
    "volunteer_quarter_hours",
    "ages",
    "genders",
    "residents",
    "digital_participants",
    "staff",
    "staff_quarter_hours",
];

/// Volunteers and quarter hours of one of them: as last time; the first time one volunteer for the series' duration.
fn usual_volunteers(last: Option<&Heads>, duration_minutes: Option<u32>) -> (u32, u32) {
    match last {
        Some(heads) if heads.volunteers > 0 => (heads.volunteers, heads.volunteer_quarter_hours / heads.volunteers),
        Some(_) => (0, duration_minutes.map_or(0, |minutes| minutes.div_ceil(15))),
        None => (1, duration_minutes.map_or(0, |minutes| minutes.div_ceil(15))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_come_from_last_time_or_from_the_duration() {
        let last = Heads { volunteers: 2, volunteer_quarter_hours: 18, ..Heads::default() };
        assert_eq!(usual_volunteers(Some(&last), Some(120)), (2, 9));
        assert_eq!(usual_volunteers(None, Some(125)), (1, 9));
        assert_eq!(usual_volunteers(None, None), (1, 0));
    }
}
