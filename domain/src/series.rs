//! A series: a recurring activity, such as "Maanantaikerho", with the defaults of its gatherings.

use serde_json::{Value, json};

use crate::{
    Content, Date, FieldError, Problem, bounds,
    codes::{ActivityForm, Municipality},
    content::{self, Reader, put},
    date,
    gathering::{self, Defaults},
};

/// Days on which a series does not meet, the first and the last included: a summer, or a hall under repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    pub from: Date,
    pub to: Date,
}

/// A series whose every field has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    pub name: String,
    pub form: ActivityForm,
    pub municipality: Municipality,
    /// Usual weekday, 0 is Monday.
    pub weekday: Option<u8>,
    /// Usual start, minutes since midnight.
    pub start: Option<u16>,
    pub defaults: Defaults,
    pub archived: bool,
    /// In the order of their days; no two overlap or touch ([`join_breaks`]).
    pub breaks: Vec<Break>,
}

/// Every field of a series' content that this version knows. The last two are read by [`crate::own_page`].
pub const FIELDS: &[&str] = &[
    "name",
    "form",
    "municipality",
    "weekday",
    "start",
    "archived",
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
    "breaks",
    "shown",
    "shown_sensitive",
];

impl Break {
    pub fn contains(&self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// The summer that goes on or comes next, for whoever asks for a suggestion: from June to August.
    pub fn next_summer(today: Date) -> Option<Break> {
        let year = if today.month() <= 8 { today.year() } else { today.year() + 1 };
        Some(Break { from: Date::new(year, 6, 1).ok()?, to: Date::new(year, 8, 31).ok()? })
    }

    /// The breaks that cover the days of `answered` that are marked `true`. Those that follow each other are one break, unless a day
    /// with another answer or a gathering of `recorded` stands between them. `answered` are in the order of their days.
    pub fn of_days(answered: &[(Date, bool)], recorded: &[Date]) -> Vec<Break> {
        let mut breaks: Vec<Break> = Vec::new();
        let mut goes_on = false;
        for (day, is_break) in answered {
            match breaks.last_mut() {
                Some(last) if goes_on && *is_break && !recorded.iter().any(|held| last.to < *held && held < day) => {
                    last.to = *day;
                }
                _ if *is_break => breaks.push(Break { from: *day, to: *day }),
                _ => {}
            }
            goes_on = *is_break;
        }
        breaks
    }
}

/// In the order of their days, those that overlap or touch joined into one.
pub fn join_breaks(mut breaks: Vec<Break>) -> Vec<Break> {
    let mut joined: Vec<Break> = Vec::new();
    // They are few: a sort would be five times the code, in the file that Home waits for.
    while let Some(first) = (0..breaks.len()).min_by_key(|index| breaks[*index].from) {
        let one = breaks.swap_remove(first);
        match joined.last_mut() {
            Some(last) if one.from <= date::plus_days(last.to, 1) => last.to = last.to.max(one.to),
            _ => joined.push(one),
        }
    }
    joined
}

/// Breaks as a content has them.
pub fn breaks_value(breaks: &[Break]) -> Value {
    breaks.iter().map(|one| json!({"from": date::iso(one.from), "to": date::iso(one.to)})).collect()
}

/// Breaks may lie ahead: a summer is known in spring.
fn breaks(value: &Value) -> Result<Vec<Break>, Problem> {
    let items = value.as_array().ok_or(Problem::NotADate)?;
    if items.len() > bounds::BREAKS_MAX {
        return Err(Problem::TooMany { max: bounds::BREAKS_MAX });
    }
    let mut breaks = Vec::new();
    for item in items {
        let (from, to) = (break_day(item, "from")?, break_day(item, "to")?);
        if to < from {
            return Err(Problem::NotADate);
        }
        breaks.push(Break { from, to });
    }
    Ok(join_breaks(breaks))
}

fn break_day(item: &Value, field: &str) -> Result<Date, Problem> {
    let day = item.get(field).and_then(Value::as_str).and_then(date::parse).ok_or(Problem::NotADate)?;
    if (bounds::FIRST_YEAR..=bounds::LAST_YEAR).contains(&day.year()) { Ok(day) } else { Err(Problem::NotADate) }
}

impl Series {
    pub fn parse(content: &Content) -> Result<Series, Vec<FieldError>> {
        let mut read = Reader::new(content);
        let name = read.required("name", content::line(bounds::SERIES_NAME_MAX_CHARS));
        let form = read.required("form", content::code(ActivityForm::parse));
        let municipality = read.required("municipality", content::municipality);
        let weekday = read.optional("weekday", content::number(0, 6)).map(|day| day as u8);
        let start = read.optional("start", content::time_of_day);
        let defaults = Defaults::read(&mut read);
        let archived = read.optional("archived", content::yes_or_no).unwrap_or(false);
        let breaks = read.optional("breaks", breaks).unwrap_or_default();
        let whole = name.zip(form).zip(municipality).map(|((name, form), municipality)| Series {
            name,
            form,
            municipality,
            weekday,
            start,
            defaults,
            archived,
            breaks,
        });
        read.finish(whole)
    }

    pub fn to_content(&self) -> Content {
        let mut out = Content::new();
        put(&mut out, "name", Some(self.name.clone()));
        put(&mut out, "form", Some(self.form.code()));
        put(&mut out, "municipality", Some(self.municipality.code()));
        put(&mut out, "weekday", self.weekday.map(u32::from));
        put(&mut out, "start", self.start.map(content::clock));
        self.defaults.write(&mut out);
        put(&mut out, "archived", self.archived.then_some(true));
        put(&mut out, "breaks", (!self.breaks.is_empty()).then(|| breaks_value(&self.breaks)));
        out
    }

    /// Whether nobody is asked about a day, because the series is on a break.
    pub fn is_on_break(&self, day: Date) -> bool {
        self.breaks.iter().any(|one| one.contains(day))
    }

    pub fn is_sensitive(&self) -> bool {
        gathering::is_sensitive(self.form, &self.defaults)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(extra: Value) -> Result<Series, Vec<FieldError>> {
        let mut content = json!({"name": "Maanantaikerho", "form": "kerho", "municipality": "005", "weekday": 0,
                                 "start": "13:00", "duration": 120, "free": true});
        content.as_object_mut().expect("object").extend(extra.as_object().cloned().expect("object"));
        Series::parse(content.as_object().expect("object"))
    }

    fn one(from: (u8, u8), to: (u8, u8)) -> Break {
        let day = |(day, month): (u8, u8)| Date::constant(2026, month as i8, day as i8);
        Break { from: day(from), to: day(to) }
    }

    #[test]
    fn a_series_is_read_and_written_back() {
        let content = json!({"name": "Maanantaikerho", "form": "kerho", "municipality": "005", "weekday": 0,
                             "start": "13:00", "duration": 120, "free": true,
                             "breaks": [{"from": "2026-06-01", "to": "2026-08-31"}]});
        let content = content.as_object().expect("object");
        let series = Series::parse(content).expect("valid");
        assert_eq!(series.start, Some(13 * 60));
        assert_eq!(&series.to_content(), content);
    }

    #[test]
    fn a_series_needs_a_name() {
        let content = json!({"name": "  ", "form": "kerho", "municipality": "005"});
        let errors = Series::parse(content.as_object().expect("object")).expect_err("no name");
        assert_eq!(errors[0].field, "name");
    }

    #[test]
    fn a_break_has_two_days_in_their_order() {
        for wrong in [
            json!("kesä"),
            json!([{"from": "2026-06-01"}]),
            json!([{"from": "2026-08-31", "to": "2026-06-01"}]),
            json!([{"from": "1999-06-01", "to": "2026-06-01"}]),
            json!([{"from": "2026-06-01", "to": "9999-12-31"}]),
            json!([null]),
        ] {
            let errors = read(json!({"breaks": wrong})).expect_err("no break");
            assert_eq!(errors, [FieldError { field: "breaks", problem: Problem::NotADate }], "{wrong}");
        }
        let many = vec![json!({"from": "2026-06-01", "to": "2026-06-01"}); bounds::BREAKS_MAX + 1];
        let errors = read(json!({"breaks": many})).expect_err("too many");
        assert_eq!(errors[0].problem, Problem::TooMany { max: bounds::BREAKS_MAX });
    }

    #[test]
    fn breaks_that_overlap_or_touch_are_one() {
        let sent = json!([{"from": "2026-12-20", "to": "2027-01-06"}, {"from": "2026-07-01", "to": "2026-08-31"},
                          {"from": "2026-06-01", "to": "2026-06-30"}, {"from": "2026-07-15", "to": "2026-07-20"}]);
        let series = read(json!({"breaks": sent})).expect("valid");
        let winter = Break { from: Date::constant(2026, 12, 20), to: Date::constant(2027, 1, 6) };
        assert_eq!(series.breaks, [one((1, 6), (31, 8)), winter]);
        let on = |day, month| series.is_on_break(Date::constant(2026, month, day));
        assert_eq!([on(31, 5), on(1, 6), on(31, 8), on(1, 9)], [false, true, true, false]);
    }

    #[test]
    fn the_summer_is_suggested_until_it_has_ended() {
        let summer = |month| Break::next_summer(Date::constant(2026, month, 31)).map(|one| one.from.year());
        assert_eq!([1, 8, 10].map(summer), [Some(2026), Some(2026), Some(2027)]);
    }

    #[test]
    fn days_on_a_break_that_follow_each_other_are_one_break() {
        let day = |day| Date::constant(2026, 6, day);
        let answered = |marks: [bool; 4]| [1, 8, 15, 22].map(day).into_iter().zip(marks).collect::<Vec<_>>();
        let of = |marks, recorded: &[Date]| Break::of_days(&answered(marks), recorded);
        assert_eq!(of([true; 4], &[]), [one((1, 6), (22, 6))]);
        assert_eq!(of([true, true, false, true], &[]), [one((1, 6), (8, 6)), one((22, 6), (22, 6))]);
        assert_eq!(of([false; 4], &[]), []);
        // It met on a Wednesday in between.
        assert_eq!(of([true; 4], &[day(10)]), [one((1, 6), (8, 6)), one((15, 6), (22, 6))]);
    }

    proptest! {
        #[test]
        fn joining_breaks_changes_no_day_and_is_done_once(
            days in proptest::collection::vec((0_i32..400, 0_i32..40), 0..20),
            asked in 0_i32..450,
        ) {
            let first = Date::constant(2026, 1, 1);
            let at = |day| date::plus_days(first, day);
            let breaks: Vec<Break> =
                days.iter().map(|(from, length)| Break { from: at(*from), to: at(from + length) }).collect();
            let joined = join_breaks(breaks.clone());
            let is_on = |breaks: &[Break]| breaks.iter().any(|one| one.contains(at(asked)));
            prop_assert_eq!(is_on(&joined), is_on(&breaks));
            prop_assert!(joined.windows(2).all(|pair| date::plus_days(pair[0].to, 1) < pair[1].from));
            prop_assert_eq!(join_breaks(joined.clone()), joined);
        }
    }
}
