//! A line of many gatherings, from paper or from a spreadsheet, as it was typed.

use domain::{Date, FieldError, Problem, RecordId, Series, bounds, date};
use leptos::prelude::*;

use crate::phone::forms::{
    counter::{read_hours, read_whole},
    gathering_form::GatheringForm,
};

/// The fields of a line, as its columns.
pub const FIELDS: [&str; 4] = ["date", "participants", "volunteers", "volunteer_quarter_hours"];
/// Lines that are typed or pasted before they are saved.
pub const ROWS_MAX: usize = 200;

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
