//! What to ask for next: the series whose usual time it is, and the year that ends.

use crate::{Date, RecordId, Series, date};

/// The series whose usual time is now or last passed, of those that are open for that day and not on a break.
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
    let in_use = |series: &Series| last(series).filter(|(day, _)| !series.is_on_break(*day));
    let all = series.iter().filter_map(|(id, series)| in_use(series).map(|at| (at, *id)));
    all.filter(|((day, _), id)| is_open(*id, *day)).max().map(|((day, _), id)| (id, day))
}

/// The day of the usual weekday that is today or last passed.
pub fn last_usual_day(weekday: u8, today: Date) -> Date {
    let back = (7 + i32::from(date::weekday(today)) - i32::from(weekday)) % 7;
    date::plus_days(today, -back)
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
    fn whoever_is_an_hour_early_is_in_time() {
        let all = [(RecordId::from_bytes([1; 16]), series(5, "18:00"))];
        let saturday = Date::constant(2026, 11, 21);
        let day_at = |minutes| in_turn(&all, saturday, minutes, |_, _| true).map(|(_, day)| day);
        assert_eq!(day_at(17 * 60), Some(saturday));
        assert_eq!(day_at(17 * 60 - 1), Some(Date::constant(2026, 11, 14)));
    }

    #[test]
    fn a_series_without_a_weekday_is_never_in_turn() {
        let content = serde_json::json!({"name": "x", "form": "kerho", "municipality": "005"});
        let irregular = Series::parse(content.as_object().expect("object")).expect("valid");
        let all = [(RecordId::from_bytes([1; 16]), irregular)];
        assert_eq!(in_turn(&all, Date::constant(2026, 11, 21), 12 * 60, |_, _| true), None);
    }

    #[test]
    fn a_series_on_a_break_is_not_in_turn() {
        let mut resting = series(0, "13:00");
        let (monday, saturday) = (Date::constant(2026, 11, 16), Date::constant(2026, 11, 21));
        resting.breaks = vec![crate::series::Break { from: monday, to: saturday }];
        let all = [(RecordId::from_bytes([1; 16]), resting)];
        let turn = |today| in_turn(&all, today, 14 * 60, |_, _| true).map(|(_, day)| day);
        assert_eq!(turn(saturday), None);
        // What was before the break may still be recorded.
        assert_eq!(turn(Date::constant(2026, 11, 15)), Some(Date::constant(2026, 11, 9)));
    }

    #[test]
    fn the_usual_day_is_today_or_the_last_one() {
        let saturday = Date::constant(2026, 11, 21);
        let days = [5, 4, 0, 6].map(|weekday| last_usual_day(weekday, saturday).day());
        assert_eq!(days, [21, 20, 16, 15]);
        assert_eq!(last_usual_day(6, Date::constant(2026, 1, 1)), Date::constant(2025, 12, 28));
    }

    #[test]
    fn it_is_asked_about_the_year_that_ends_or_has_just_ended() {
        let asked = |month| ending_year(Date::constant(2026, month, 15));
        assert_eq!([11, 12, 1, 2].map(asked), [None, Some(2026), Some(2025), None]);
    }
}
