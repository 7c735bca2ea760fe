//! Which group is next: by its usual weekday and time, and by what has been recorded.

use domain::{Date, RecordId, Series, date};
use leptos::prelude::*;

use super::{phone::Phone, records::Row, words::count_text};
use crate::{format::short_day, texts::volunteer as t};

/// The series in turn, with its day. What has been recorded is not asked for again.
pub fn next_to_record(phone: Phone) -> Option<(RecordId, Date)> {
    let rows = phone.records.gatherings();
    let is_open = |id, day| !rows.iter().any(|row| row.gathering.series == Some(id) && row.gathering.date >= day);
    in_turn(&phone.records.series_in_use(), phone.clock.today.get(), phone.clock.minutes.get(), is_open)
}

/// The series whose usual time is now or last passed, of those that are open for that day.
pub fn in_turn(
    series: &[(RecordId, Series)],
    today: Date,
    now: u16,
    is_open: impl Fn(RecordId, Date) -> bool,
) -> Option<(RecordId, Date)> {
    let last = |series: &Series| {
        let weekday = series.weekday?;
        let start = series.start.unwrap_or(0);
        let day = last_usual_day(weekday, today);
        // An hour early is in time: people record while the coffee is being made.
        let day = if day == today && now + 60 < start { date::plus_days(day, -7) } else { day };
        Some((day, start))
    };
    let all = series.iter().filter_map(|(id, series)| last(series).map(|at| (at, *id)));
    all.filter(|((day, _), id)| is_open(*id, *day)).max().map(|((day, _), id)| (id, day))
}

/// The day of the usual weekday that is today or last passed.
pub fn last_usual_day(weekday: u8, today: Date) -> Date {
    let back = (7 + i32::from(date::weekday(today)) - i32::from(weekday)) % 7;
    date::plus_days(today, -back)
}

/// Said before saving: another gathering of this series and day is there already (S14); with its id.
pub fn same_evening(phone: Phone, series: RecordId, day: Date, but: RecordId) -> Option<(String, RecordId)> {
    let same = |row: &&Row| row.shown.id != but && row.gathering.series == Some(series) && row.gathering.date == day;
    let rows = phone.records.gatherings();
    let row = rows.iter().find(same)?;
    let lang = phone.lang.get_untracked();
    let text = t::same_evening(lang, count_text(lang, &row.gathering).to_lowercase(), short_day(lang, day));
    Some((text, row.shown.id))
}

/// The year about which is asked: in December the one that ends, in January the one that has ended.
pub fn ending_year(today: Date) -> Option<i16> {
    match today.month() {
        12 => Some(today.year()),
        1 => Some(today.year() - 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn series(weekday: u8, start: &str) -> Series {
        let content = json!({"name": "x", "form": "kerho", "municipality": "005", "weekday": weekday, "start": start});
        Series::parse(content.as_object().expect("object")).expect("valid")
    }

    #[test]
    fn the_series_in_turn_is_the_one_whose_time_is_now_or_last_passed() {
        let id = |n| RecordId::from_bytes([n; 16]);
        let all = [(id(1), series(0, "13:00")), (id(2), series(5, "18:00"))];
        let saturday = Date::constant(2026, 11, 21);
        let any = |_, _| true;
        assert_eq!(in_turn(&all, saturday, 12 * 60, any), Some((id(1), Date::constant(2026, 11, 16))));
        assert_eq!(in_turn(&all, saturday, 17 * 60 + 30, any), Some((id(2), saturday)));
        let unrecorded = |other, _| other != id(2);
        assert_eq!(in_turn(&all, saturday, 17 * 60 + 30, unrecorded), Some((id(1), Date::constant(2026, 11, 16))));
        assert_eq!(in_turn(&all, saturday, 17 * 60 + 30, |_, _| false), None);
    }

    #[test]
    fn it_is_asked_about_the_year_that_ends_or_has_just_ended() {
        let asked = |month| ending_year(Date::constant(2026, month, 15));
        assert_eq!([11, 12, 1, 2].map(asked), [None, Some(2026), Some(2025), None]);
    }
}
