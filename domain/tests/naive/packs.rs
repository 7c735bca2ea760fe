//! One figure, from all contents, without a thought of speed.

use domain::{
    Date, Month, RecordId, date,
    gathering::AGE_BANDS,
    report::{
        key::{Group, Key, Table},
        measure::Measure,
        range::Range,
        tidy::{Figure, Missing, Span, Value as Figured, Verdict, VolunteerClass},
    },
    review::ReviewState,
    yearly_people::YearlyPeople,
};
use serde_json::Value;

use super::world::World;

type One<'a> = &'a (Value, ReviewState);

fn text<'a>(content: &'a Value, field: &str) -> &'a str {
    content[field].as_str().unwrap_or_default()
}

fn day(content: &Value) -> Date {
    text(content, "date").parse().expect("a date")
}

fn is_held(one: &One<'_>) -> bool {
    text(&one.0, "status") != "cancelled"
}

fn codes(content: &Value, field: &str) -> Vec<String> {
    let code = |value: &Value| match value.get("funder") {
        Some(funder) => format!("{} {}", funder.as_str().unwrap_or_default(), value["year"]),
        None => value.as_str().unwrap_or_default().to_owned(),
    };
    content[field].as_array().into_iter().flatten().map(code).collect()
}

fn part_of(form: &str) -> &'static str {
    match form {
        "vertaistuki" => "a",
        "kerho" | "retki" | "leiri" => "b",
        "luento" => "c",
        _ => "",
    }
}

fn belongs(content: &Value, group: &Group<'_>) -> bool {
    let code = group.code();
    let in_list = |field| {
        let codes = codes(content, field);
        if code.is_empty() { codes.is_empty() } else { codes.contains(&code) }
    };
    match group {
        Group::All => true,
        Group::Series(_) => text(content, "series") == code,
        Group::Month(_) => text(content, "date").starts_with(&code),
        Group::Form(_) => text(content, "form") == code,
        Group::Place(_) => text(content, "place") == code,
        Group::TargetGroup(_) => in_list("target_groups"),
        Group::Theme(_) => in_list("themes"),
        Group::Funder(_) => in_list("funders"),
        Group::Weekday(_) => day(content).weekday().to_monday_one_offset().to_string() == code,
        Group::Municipality(_) => text(content, "municipality") == code,
        Group::Language(_) => text(content, "language") == code,
        Group::Part(_) => part_of(text(content, "form")) == code,
    }
}

/// Those of the figure's group, held or not, whose day fits.
fn of_group<'a>(world: &'a World, figure: &Figure, fits: impl Fn(Date) -> bool) -> Vec<One<'a>> {
    let belongs = |content: &Value| belongs(content, &figure.group.0) && belongs(content, &figure.group.1);
    world.gatherings.iter().filter(|(content, _)| belongs(content) && fits(day(content))).collect()
}

fn sum(ones: &[One<'_>], field: &str) -> u64 {
    ones.iter().map(|one| one.0[field].as_u64().unwrap_or(0)).sum()
}

fn having<'a>(ones: &[One<'a>], field: &str) -> Vec<One<'a>> {
    ones.iter().copied().filter(|one| !one.0[field].is_null()).collect()
}

/// The value, over how many it is known, and of how many.
pub fn figure(world: &World, range: Range, figure: &Figure) -> (Figured, u32, u32) {
    let (first, last) = (range.first(), range.last());
    match figure.span {
        Span::Whole => of_whole(world, range, figure),
        span => {
            // Whole months behind today, and the same a year before; or the same days.
            let is_of_months = first.day() == 1 && last.tomorrow().expect("not the last day").day() == 1;
            let until = if is_of_months { date::plus_days(world.today.first_of_month(), -1) } else { world.today };
            let now = |day: Date| first <= day && day <= last.min(until);
            let before = |day: Date| {
                let month_day = (day.month(), day.day());
                let until = last.min(until);
                let is_after = (day.year() + 1, month_day) >= (first.year(), (first.month(), first.day()));
                is_after && (day.year() + 1, month_day) <= (until.year(), (until.month(), until.day()))
                    || is_of_months && month_day == (2, 29) && (day.year() + 1, 2) == (until.year(), until.month())
            };
            // The same month of the year before stands in the row of a month.
            let earlier = |group: &Group<'static>| match group {
                Group::Month(month) => Group::Month(Month::from_index(month.index() - 12)),
                group => group.clone(),
            };
            let of_before = Figure { group: Key(earlier(&figure.group.0), earlier(&figure.group.1)), ..figure.clone() };
            let now: Vec<One<'_>> = of_group(world, figure, now).into_iter().filter(is_held).collect();
            let before: Vec<One<'_>> = of_group(world, &of_before, before).into_iter().filter(is_held).collect();
            let count = |ones: &[One<'_>]| match figure.measure {
                Measure::Gatherings => ones.len() as u64,
                Measure::Visits => sum(ones, "participants"),
                Measure::Volunteers => sum(ones, "volunteers"),
                Measure::VolunteerHours => sum(ones, "volunteer_quarter_hours"),
                other => panic!("{other:?} is not compared"),
            };
            let is_hours = figure.measure == Measure::VolunteerHours;
            let (is, was) = (count(&now) as i64, count(&before) as i64);
            let wrap =
                |count: i64| if is_hours { Figured::QuarterHours(count as u64) } else { Figured::Count(count as u64) };
            let value = match span {
                Span::Compared => wrap(is),
                Span::YearBefore => wrap(was),
                Span::Change if is_hours => Figured::ChangeQuarterHours(is - was),
                Span::Change => Figured::Change(is - was),
                _ if was < if is_hours { 80 } else { 20 } => Figured::Missing(Missing::SmallBase),
                _ => Figured::Percent(((is - was) as f64 * 100.0 / was as f64).round() as i64),
            };
            let of = if span == Span::YearBefore { before.len() } else { now.len() } as u32;
            (value, of, of)
        }
    }
}

fn of_whole(world: &World, range: Range, figure: &Figure) -> (Figured, u32, u32) {
    let all = of_group(world, figure, |day| range.first() <= day && day <= range.last());
    let held: Vec<One<'_>> = all.iter().copied().filter(is_held).collect();
    let of = held.len() as u32;
    let whole = |value: Figured| (value, of, of);
    let count = |count: u64| Figured::Count(count);
    let over = |known: Vec<One<'_>>, base: &[One<'_>], value: Figured| {
        let value = match (known.len(), base.len()) {
            (_, 0) => Figured::Missing(Missing::NothingHeld),
            (0, _) => Figured::Missing(Missing::NotSaid),
            _ => value,
        };
        (value, known.len() as u32, base.len() as u32)
    };
    let asked = |field| {
        let known = having(&held, field);
        let value = count(sum(&known, field));
        over(known, &held, value)
    };
    let of_breakdown = |field: &str, names: &[&str]| {
        let known = having(&held, field);
        let amount = |one: &One<'_>| names.iter().map(|name| one.0[field][*name].as_u64().unwrap_or(0)).sum::<u64>();
        let value = count(known.iter().map(amount).sum());
        over(known, &held, value)
    };
    let bands = |first: &str, last: &str| {
        let at = |name| AGE_BANDS.iter().position(|band| *band == name).expect("a band");
        of_breakdown("ages", &AGE_BANDS[at(first)..=at(last)])
    };
    let flag = |field| {
        let known = having(&held, field);
        let part = known.iter().filter(|one| one.0[field] == true).count() as u64;
        let share = Figured::Share { part, of: known.len() as u64 };
        over(known, &held, share)
    };
    let basis = |code| {
        let part = held.iter().filter(|one| text(&one.0, "basis") == code).count() as u64;
        let share = Figured::Share { part, of: u64::from(of) };
        over(held.clone(), &held, share)
    };
    let outings: Vec<One<'_>> =
        held.iter().copied().filter(|one| matches!(text(&one.0, "form"), "retki" | "leiri")).collect();
    let days = |one: &One<'_>| one.0["days"].as_u64().unwrap_or(1);
    let of_outings = |value: u64| (count(value), outings.len() as u32, outings.len() as u32);
    let nights = |amount: &dyn Fn(&One<'_>, u64) -> u64| {
        let known = |one: &One<'_>| one.0["nights"].as_u64().or((days(one) == 1).then_some(0));
        let with: Vec<One<'_>> = outings.iter().copied().filter(|one| known(one).is_some()).collect();
        let value = with.iter().map(|one| amount(one, known(one).expect("filtered"))).sum();
        if outings.is_empty() { of_outings(0) } else { over(with, &outings, count(value)) }
    };
    let heads = |one: &One<'_>| one.0["participants"].as_u64().expect("held");
    match figure.measure {
        Measure::Gatherings => whole(count(of.into())),
        Measure::Cancelled => whole(count((all.len() - held.len()) as u64)),
        Measure::Visits => whole(count(sum(&held, "participants"))),
        Measure::Average if of == 0 => whole(Figured::Missing(Missing::NothingHeld)),
        Measure::Average => {
            let tenths = sum(&held, "participants") as f64 * 10.0 / f64::from(of);
            whole(Figured::Tenths((tenths + 1e-9).round() as u64))
        }
        Measure::Groups => whole(count(groups(&held).iter().filter(|series| !series.is_empty()).count() as u64)),
        Measure::DistinctPeople => different(world, range, figure, "participants", |answer| answer.distinct_people),
        Measure::DistinctVolunteers => {
            different(world, range, figure, "volunteers", |answer| answer.distinct_volunteers)
        }
        Measure::VolunteerClass => {
            let (value, known, of) = different(world, range, figure, "volunteers", |answer| answer.distinct_volunteers);
            let class = |least, most| {
                let most = if known == of { VolunteerClass::of(most) } else { VolunteerClass::From100 };
                Figured::Class { least: VolunteerClass::of(least), most }
            };
            let value = match value {
                Figured::Count(count) => class(count, count),
                Figured::Range { least, most } => class(least, most),
                other => other,
            };
            (value, known, of)
        }
        Measure::FirstTimers => asked("first_timers"),
        Measure::Residents => asked("residents"),
        Measure::Digital => {
            let said = |one: &One<'_>| {
                let remote = (text(&one.0, "mode") == "remote").then(|| heads(one));
                one.0["digital_participants"].as_u64().or(remote)
            };
            let known: Vec<One<'_>> = held.iter().copied().filter(|one| said(one).is_some()).collect();
            let value = count(known.iter().filter_map(said).sum());
            over(known, &held, value)
        }
        Measure::Women => of_breakdown("genders", &["women"]),
        Measure::Men => of_breakdown("genders", &["men"]),
        Measure::OtherGender => of_breakdown("genders", &["other"]),
        Measure::GenderUnknown => of_breakdown("genders", &["unknown"]),
        Measure::Age0To6 => bands("0_6", "0_6"),
        Measure::Age7To12 => bands("7_12", "7_12"),
        Measure::Age13To17 => bands("13_17", "13_17"),
        Measure::Age18To19 => bands("18_19", "18_19"),
        Measure::Age20To28 => bands("20_28", "20_28"),
        Measure::Age29To63 => bands("29_63", "29_63"),
        Measure::Age64To74 => bands("64_74", "64_74"),
        Measure::Age75 => bands("75", "75"),
        Measure::AgeUnknown => bands("unknown", "unknown"),
        Measure::Under29 => bands("0_6", "20_28"),
        Measure::Age7To28 => bands("7_12", "20_28"),
        Measure::Age29 => bands("29_63", "75"),
        Measure::Under20 => bands("0_6", "18_19"),
        Measure::Age20To63 => bands("20_28", "29_63"),
        Measure::Age64 => bands("64_74", "75"),
        Measure::Age9To12 | Measure::Age18To24 => (Figured::Missing(Missing::NoSuchBands), 0, of),
        Measure::Volunteers => whole(count(sum(&held, "volunteers"))),
        Measure::VolunteerHours => whole(Figured::QuarterHours(sum(&held, "volunteer_quarter_hours"))),
        Measure::Staff => asked("staff"),
        Measure::StaffHours => {
            let known = having(&held, "staff_quarter_hours");
            let value = Figured::QuarterHours(sum(&known, "staff_quarter_hours"));
            over(known, &held, value)
        }
        Measure::InstructedHours => {
            let known = having(&held, "duration");
            let value = Figured::Minutes(sum(&known, "duration"));
            over(known, &held, value)
        }
        Measure::Outings => of_outings(outings.len() as u64),
        Measure::OutingPeople => of_outings(sum(&outings, "participants")),
        Measure::OutingDays => of_outings(outings.iter().map(days).sum()),
        Measure::PersonDays => of_outings(outings.iter().map(|one| days(one) * heads(one)).sum()),
        Measure::OutingNights => nights(&|_, nights| nights),
        Measure::PersonNights => nights(&|one, nights| nights * heads(one)),
        Measure::Free => flag("free"),
        Measure::Open => flag("open"),
        Measure::MunicipalPremises => flag("municipal_premises"),
        Measure::Counted => basis("counted"),
        Measure::Sample => basis("sample"),
        Measure::Estimated => basis("estimated"),
        Measure::Waiting => whole(count(held.iter().filter(|one| one.1 != ReviewState::Approved).count() as u64)),
        Measure::MissingWeeks => whole(missing_weeks(world, range, &figure.group.0)),
        Measure::SivisPeople | Measure::SivisHours | Measure::Sivis => {
            // What the verdict is has tests of its own; here, that one of a year is whole when all said it.
            let field = if figure.measure == Measure::SivisPeople { "ages" } else { "duration" };
            let value = match (range.whole_year(), figure.value) {
                (None, _) => Figured::Missing(Missing::YearsOnly),
                (Some(_), Figured::Verdict(Verdict::Passes)) if figure.measure == Measure::SivisHours => {
                    assert!(sum(&held, "duration") >= 600);
                    figure.value
                }
                (Some(_), value) => value,
            };
            (value, having(&held, field).len() as u32, of)
        }
    }
}

/// Series of some gatherings, and "" where there is one outside; each once.
fn groups(held: &[One<'_>]) -> Vec<String> {
    let mut groups: Vec<String> = held.iter().map(|one| text(&one.0, "series").to_owned()).collect();
    groups.sort();
    groups.dedup();
    groups
}

fn different(
    world: &World,
    range: Range,
    figure: &Figure,
    field: &str,
    answered: impl Fn(&YearlyPeople) -> Option<u32>,
) -> (Figured, u32, u32) {
    let in_range = |day: Date| range.first() <= day && day <= range.last();
    let held: Vec<One<'_>> = of_group(world, figure, in_range).into_iter().filter(is_held).collect();
    let Some(year) = range.whole_year() else {
        return (Figured::Missing(Missing::YearsOnly), 0, held.len() as u32);
    };
    assert!(matches!(figure.table, Table::Whole | Table::BySeries | Table::ByFunder | Table::FunderBySeries));
    let (mut least, mut sum_of, mut known) = (0, 0, 0);
    let all = groups(&held);
    let said_of = |series: Option<RecordId>| {
        let answer = world.people.iter().find(|people| people.series == series && people.year == year);
        answer.and_then(&answered).map(u64::from)
    };
    let every = world.gatherings.iter().filter(|one| is_held(one) && in_range(day(&one.0))).count();
    let is_of_one = matches!(figure.group.0, Group::Series(_)) || matches!(figure.group.1, Group::Series(_));
    if let (Some(answer), true) = (said_of(None), held.len() == every && every > 0 && !is_of_one) {
        return (Figured::Count(answer), all.len() as u32, all.len() as u32);
    }
    for series in &all {
        let Some(id) = RecordId::parse(series) else { continue };
        let Some(answer) = said_of(Some(id)) else { continue };
        let own: Vec<u64> = held
            .iter()
            .filter(|one| text(&one.0, "series") == series)
            .map(|one| one.0[field].as_u64().unwrap_or(0))
            .collect();
        let whole = world
            .gatherings
            .iter()
            .filter(|one| text(&one.0, "series") == series && is_held(one) && in_range(day(&one.0)));
        known += 1;
        if whole.count() == own.len() {
            least = least.max(answer);
            sum_of += answer;
        } else {
            least = least.max(answer.min(own.iter().copied().max().unwrap_or(0)));
            sum_of += answer.min(own.iter().sum());
        }
    }
    if let Some(whole) = said_of(None)
        && sum_of > whole
    {
        sum_of = whole.max(least);
    }
    let value = match known {
        0 if held.is_empty() => Figured::Missing(Missing::NothingHeld),
        0 => Figured::Missing(Missing::NotSaid),
        _ if least == sum_of => Figured::Count(least),
        _ => Figured::Range { least, most: sum_of },
    };
    (value, known, all.len() as u32)
}

fn monday(day: Date) -> i32 {
    date::day_number(day) - i32::from(date::weekday(day))
}

fn missing_weeks(world: &World, range: Range, group: &Group<'_>) -> Figured {
    let mut of_any = None;
    let mut total = 0;
    for (id, series) in &world.series {
        let days: Vec<Date> = world
            .gatherings
            .iter()
            .filter(|one| text(&one.0, "series") == id.to_string())
            .map(|one| day(&one.0))
            .collect();
        let (Some(weekday), Some(begun), Some(ended)) =
            (series["weekday"].as_u64(), days.iter().min(), days.iter().max())
        else {
            continue;
        };
        let is_missing = |day: &Date| {
            let is_usual = u64::from(date::weekday(*day)) == weekday;
            let is_active = day >= begun && *day <= world.today && (series["archived"] != true || day <= ended);
            is_usual && is_active && !days.iter().any(|held| monday(*held) == monday(*day))
        };
        let all = date::day_number(range.first())..=date::day_number(range.last());
        let own = all.map(date::from_day_number).filter(is_missing).count() as u64;
        total += own;
        if group.code() == id.to_string() {
            of_any = Some(own);
        }
    }
    match group {
        Group::All => Figured::Count(total),
        _ => of_any.map_or(Figured::Missing(Missing::NotSaid), Figured::Count),
    }
}
