//! Deadlines: the days of the year by which an association's funders want its figures.
//!
//! The app's own reminder is worked out on the device from its own records, and nothing is sent for it. Whoever wants to be reminded outside
//! the app as well says so ([`crate::reminder`]).

use serde_json::{Value, json};

use crate::{Date, Problem, bounds, content, review::ReviewState};

/// A funder, and the day of each year by which it wants the figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    pub funder: String,
    /// 1 … 12.
    pub month: u8,
    /// A day that the month has in some year: 29 February is the 28th in other years.
    pub day: u8,
}

/// For so many days before it a deadline is spoken of.
const NEAR_DAYS: i32 = 30;
/// Until this month a funder asks about the year before.
const OF_LAST_YEAR_UNTIL: i8 = 6;

impl Deadline {
    /// Of a day in any year.
    pub fn on(funder: String, day: Date) -> Deadline {
        Deadline { funder, month: day.month() as u8, day: day.day() as u8 }
    }

    /// The next such day, `today` included.
    pub fn next(&self, today: Date) -> Date {
        let of = |year| {
            let day = |day: u8| Date::new(year, self.month as i8, day as i8).ok();
            day(self.day).or_else(|| day(self.day.saturating_sub(1))).unwrap_or(Date::MAX)
        };
        Some(of(today.year())).filter(|day| *day >= today).unwrap_or_else(|| of(today.year().saturating_add(1)))
    }

    fn read(value: &Value) -> Result<Deadline, Problem> {
        let funder = content::line(bounds::FUNDER_MAX_CHARS)(value.get("funder").ok_or(Problem::Missing)?)?;
        let day = value.get("day").and_then(Value::as_str).ok_or(Problem::NotADate)?;
        // A leap year has every day that a deadline can have.
        let day = crate::date::parse(&format!("2000-{day}")).ok_or(Problem::NotADate)?;
        Ok(Deadline::on(funder, day))
    }
}

/// A list as the association's record has it.
///
/// # Errors
/// What is wrong with the first wrong one.
pub fn read(value: &Value) -> Result<Vec<Deadline>, Problem> {
    let items = value.as_array().ok_or(Problem::NotADate)?;
    if items.len() > bounds::DEADLINES_MAX {
        return Err(Problem::TooMany { max: bounds::DEADLINES_MAX });
    }
    items.iter().map(Deadline::read).collect()
}

/// The inverse of [`read`]: `[{"funder": "STEA", "day": "02-28"}]`.
pub fn value(deadlines: &[Deadline]) -> Value {
    let one = |one: &Deadline| json!({"funder": one.funder, "day": format!("{:02}-{:02}", one.month, one.day)});
    deadlines.iter().map(one).collect()
}

/// The deadlines of the next thirty days, the next one first.
pub fn near(deadlines: &[Deadline], today: Date) -> Vec<(Deadline, Date)> {
    let all = deadlines.iter().map(|one| (one.clone(), one.next(today)));
    let mut near: Vec<_> = all.filter(|(_, day)| *day <= crate::date::plus_days(today, NEAR_DAYS)).collect();
    near.sort_by_key(|(_, day)| *day);
    near
}

/// The year that is asked about by a deadline: in spring the year before.
pub fn year_asked(due: Date) -> i16 {
    if due.month() <= OF_LAST_YEAR_UNTIL { due.year() - 1 } else { due.year() }
}

/// How many gatherings wait for approval of the year that is asked about by a deadline.
pub fn to_approve(due: Date, gatherings: impl IntoIterator<Item = (Date, ReviewState)>) -> usize {
    let year = year_asked(due);
    gatherings.into_iter().filter(|(day, state)| day.year() == year && *state == ReviewState::Recorded).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i16, month: i8, day: i8) -> Date {
        Date::constant(year, month, day)
    }

    fn on(month: i8, of_month: i8) -> Deadline {
        Deadline::on("STEA".to_owned(), day(2000, month, of_month))
    }

    #[test]
    fn a_list_is_read_as_it_was_written() {
        let list = vec![on(2, 28), on(1, 31), on(2, 29)];
        assert_eq!(read(&value(&list)), Ok(list.clone()));
        assert_eq!(value(&list)[0], json!({"funder": "STEA", "day": "02-28"}));
        for (wrong, problem) in [
            (json!("STEA"), Problem::NotADate),
            (json!([{"day": "02-28"}]), Problem::Missing),
            (json!([{"funder": " ", "day": "02-28"}]), Problem::Missing),
            (json!([{"funder": "STEA", "day": "02-30"}]), Problem::NotADate),
            (json!([{"funder": "STEA", "day": "2026-02-28"}]), Problem::NotADate),
        ] {
            assert_eq!(read(&wrong), Err(problem), "{wrong}");
        }
        let many = vec![json!({"funder": "STEA", "day": "02-28"}); bounds::DEADLINES_MAX + 1];
        assert_eq!(read(&json!(many)), Err(Problem::TooMany { max: bounds::DEADLINES_MAX }));
    }

    #[test]
    fn a_deadline_comes_each_year_and_is_over_the_day_after() {
        assert_eq!(on(2, 28).next(day(2026, 2, 28)), day(2026, 2, 28));
        assert_eq!(on(2, 28).next(day(2026, 3, 1)), day(2027, 2, 28));
        assert_eq!([2026, 2027, 2028].map(|year| on(2, 29).next(day(year, 1, 1)).day()), [28, 28, 29]);
    }

    #[test]
    fn deadlines_are_spoken_of_for_thirty_days() {
        let all = [on(3, 31), on(2, 28), on(1, 31)];
        let days = |today| near(&all, today).into_iter().map(|(_, day)| day).collect::<Vec<_>>();
        assert_eq!(days(day(2026, 1, 1)), [day(2026, 1, 31)]);
        assert_eq!(days(day(2026, 1, 29)), [day(2026, 1, 31), day(2026, 2, 28)]);
        assert_eq!(days(day(2026, 1, 30)).len(), 2);
        assert_eq!(days(day(2026, 12, 31)), [], "31 days");
        assert_eq!(days(day(2026, 6, 1)), []);
    }

    #[test]
    fn in_spring_the_year_before_is_asked_about() {
        let gatherings = [
            (day(2025, 12, 31), ReviewState::Recorded),
            (day(2025, 5, 5), ReviewState::Approved),
            (day(2026, 1, 5), ReviewState::Recorded),
            (day(2026, 1, 12), ReviewState::Recorded),
            (day(2025, 5, 12), ReviewState::Returned),
        ];
        assert_eq!(to_approve(day(2026, 2, 28), gatherings), 1);
        assert_eq!(to_approve(day(2026, 11, 30), gatherings), 2);
    }
}
