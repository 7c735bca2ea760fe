//! A line of many gatherings, from paper or from a spreadsheet, as it was typed.

use std::collections::HashMap;

use domain::{Date, FieldError, Problem, RecordId, Series, bounds, date};
use leptos::prelude::*;

use crate::{
    phone::{
        base::{phone::Phone, turn::same_evening},
        forms::{
            counter::{read_hours, read_whole},
            gathering_form::GatheringForm,
        },
    },
    texts::paper,
};

/// The fields of a line, as its columns.
pub const FIELDS: [&str; 4] = ["date", "participants", "volunteers", "volunteer_quarter_hours"];
/// Lines that are typed or pasted before they are saved.
pub const ROWS_MAX: usize = 200;

/// A line's id follows from that of its table's draft, which is random: a table of which the tab died in the middle of its saving has the
/// same gatherings again, and one that was taken back, whose draft has another id, has others.
pub fn line_id(table: RecordId, key: usize) -> RecordId {
    let mut bytes = *table.uuid().as_bytes();
    // From one on, so that no line has the draft's own id.
    for (byte, of_line) in bytes[14..].iter_mut().zip(((key + 1) as u16).to_be_bytes()) {
        *byte ^= of_line;
    }
    RecordId::from_bytes(bytes)
}

/// A line, by [`FIELDS`], as a gathering filled from its group; what cannot be read is named.
pub fn filled(
    id: RecordId,
    cells: [String; 4],
    (series_id, series): (RecordId, &Series),
    today: Date,
) -> Result<GatheringForm, FieldError> {
    let [day, participants, volunteers, hours] = cells;
    let day = read_day(&day, today).ok_or(FieldError { field: "date", problem: Problem::NotADate })?;
    let form = GatheringForm::new(id, Some((series_id, series)), None, series.municipality, day);
    // What is not on the paper is not made up.
    form.volunteers.set(Some(0));
    form.quarter_hours.set(Some(0));
    let number = |text: String, field: &'static str, read: fn(String) -> Option<u32>| {
        let wrong = FieldError { field, problem: Problem::NotANumber };
        if text.trim().is_empty() { Ok(None) } else { read(text).map(Some).ok_or(wrong) }
    };
    // A line drawn: it was not held.
    if matches!(participants.trim(), "-" | "–" | "—") {
        form.cancelled.set(true);
    } else {
        form.participants.set(number(participants, "participants", read_whole)?);
    }
    if let Some(volunteers) = number(volunteers, "volunteers", read_whole)? {
        form.volunteers.set(Some(volunteers));
    }
    if let Some(quarters) = number(hours, "volunteer_quarter_hours", read_hours)? {
        form.quarter_hours.set(Some(quarters));
    }
    Ok(form)
}

/// How many lines have each day, of the cells of their days.
pub fn count_days(
    phone: Phone,
    cells: impl Fn() -> Vec<RwSignal<String>> + Send + Sync + 'static,
) -> Memo<HashMap<Date, u32>> {
    Memo::new(move |_| {
        let today = phone.clock.today.get();
        let mut days = HashMap::new();
        for day in cells().into_iter().filter_map(|cell| cell.with(|text| read_day(text, today))) {
            *days.entry(day).or_default() += 1;
        }
        days
    })
}

/// Two gatherings of one day are allowed, and rarely meant: what is said of it, of a line by its id and the cell of its day.
pub fn same_day(
    phone: Phone,
    series: RecordId,
    (line, cell): (RecordId, RwSignal<String>),
    days: Memo<HashMap<Date, u32>>,
) -> Memo<Option<String>> {
    Memo::new(move |_| {
        let day = cell.with(|text| read_day(text, phone.clock.today.get()))?;
        if days.with(|days| days.get(&day).is_some_and(|count| *count > 1)) {
            return Some(paper::same_day_twice(phone.lang.get_untracked()).to_owned());
        }
        same_evening(phone, series, day, line).map(|(text, _)| text)
    })
}

/// The id of what is wrong with a line, by its place.
pub fn problem_id(line: usize) -> String {
    format!("line-{line}-problem")
}

/// `16.11.2026`, `16.11.` of the last year in which it has been, `2026-11-16`.
pub fn read_day(text: &str, today: Date) -> Option<Date> {
    let text = text.trim();
    if let Some(day) = date::parse(text) {
        return Some(day);
    }
    // As it stands on the paper: "ma 3.8."
    let text = text.trim_start_matches(|letter: char| letter.is_alphabetic() || letter == ' ');
    let parts: Vec<&str> = text.split(['.', '/']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let (day, month) = (parts.first()?.parse().ok()?, parts.get(1)?.parse().ok()?);
    match parts.get(2) {
        Some(year) => {
            let year: i16 = year.parse().ok()?;
            Date::new(if year < 100 { 2000 + year } else { year }, month, day).ok()
        }
        None => {
            let this = Date::new(today.year(), month, day).ok();
            let last_day = date::plus_days(today, bounds::DAYS_AHEAD_MAX);
            this.filter(|day| *day <= last_day).or_else(|| Date::new(today.year() - 1, month, day).ok())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_people_write_it() {
        let today = Date::constant(2026, 11, 22);
        let day = |text| read_day(text, today).map(date::iso);
        assert_eq!(day("16.11.2026").as_deref(), Some("2026-11-16"));
        assert_eq!(day(" 16.11. ").as_deref(), Some("2026-11-16"));
        assert_eq!(day("1.12").as_deref(), Some("2025-12-01"));
        assert_eq!(day("3.2.26").as_deref(), Some("2026-02-03"));
        assert_eq!(day("2026-11-16").as_deref(), Some("2026-11-16"));
        assert_eq!(day("ma 3.8").as_deref(), Some("2026-08-03"));
        assert_eq!(day("31.9."), None);
        for nonsense in ["", "maanantai", "32.1.2026", "16", "16.13."] {
            assert_eq!(day(nonsense), None, "{nonsense}");
        }
    }
}
