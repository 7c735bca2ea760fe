//! Every figure of every pack, recomputed from contents by a deliberately naive reader that shares no sum with the product: it goes over all
//! gatherings again for each figure, by the texts in their JSON.

mod naive {
    pub mod packs;
    pub mod world;
}

use std::collections::BTreeMap;

use domain::{
    Date, Gathering, Month, RecordId, Series,
    content::overlay,
    gathering::{self, CountBasis},
    period::{Period, Seen},
    report::{
        Row, contribution,
        key::{Group, Key, Table},
        measure::{Measure, Sums},
        packs::{Pack, annual_report},
        range::Range,
        summing::{Report, Summed},
        tidy::{self, Figure, Span, Value, Verdict, VolunteerClass},
    },
    review::ReviewState,
    yearly_people::YearlyPeople,
};
use naive::world::{World, worlds};
use proptest::prelude::*;
use serde_json::json;

fn all_tables() -> impl Iterator<Item = Table> {
    Pack::ALL.iter().flat_map(|pack| pack.tables().iter().copied())
}

fn all_compared() -> impl Iterator<Item = Table> {
    Pack::ALL.iter().flat_map(|pack| pack.compared().iter().copied())
}

fn summed(world: &World, range: Range, backwards: bool) -> Summed {
    let parsed: Vec<(Gathering, ReviewState)> = world.parsed();
    let mut report = Report::new(range, world.today, all_tables(), all_compared());
    let mut rows: Vec<Row<'_>> = parsed.iter().map(|(gathering, state)| Row { gathering, state: *state }).collect();
    if backwards {
        rows.reverse();
    }
    for row in rows {
        report.add(row);
    }
    report.finish(&world.series_by_id(), &world.people)
}

fn ranges() -> impl Strategy<Value = Range> {
    let codes = ["2025", "2026", "2025-H2", "2026-Q1", "2026-02", "2025-11-20..2026-02-10", "2025-01-01..2026-12-31"];
    prop::sample::select(codes.to_vec()).prop_map(|code| Range::parse(code).expect("a code"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_figure_of_every_pack_is_what_a_naive_reader_finds(world in worlds(), range in ranges()) {
        let summed = summed(&world, range, false);
        for pack in Pack::ALL {
            for figure in pack.figures(&summed) {
                let (value, known, of) = naive::packs::figure(&world, range, &figure);
                prop_assert_eq!(figure.value, value, "{:?} {:?}", pack, figure);
                prop_assert_eq!((figure.covers.known, figure.covers.of), (known, of), "{:?} {:?}", pack, figure);
            }
        }
    }

    #[test]
    fn no_gathering_is_lost_between_the_rows(world in worlds(), range in ranges()) {
        let summed = summed(&world, range, false);
        let whole = |measure| summed.figure(Table::Whole, &Key::all(), measure).value;
        for table in all_tables() {
            for measure in Measure::ALL.iter().filter(|measure| measure.sums() == Sums::Adds && **measure != Measure::MissingWeeks) {
                let amount = |value| match value {
                    Value::Count(count) | Value::QuarterHours(count) | Value::Minutes(count) => count,
                    _ => 0,
                };
                let of_rows: u64 = summed.table(table, &[*measure]).iter().map(|figure| amount(figure.value)).sum();
                if table.overlaps() {
                    prop_assert!(of_rows >= amount(whole(*measure)), "{:?} {:?}", table, measure);
                } else {
                    prop_assert_eq!(of_rows, amount(whole(*measure)), "{:?} {:?}", table, measure);
                }
            }
        }
    }

    #[test]
    fn the_order_of_the_rows_changes_nothing(world in worlds(), range in ranges()) {
        let (forth, back) = (summed(&world, range, false), summed(&world, range, true));
        for pack in Pack::ALL {
            prop_assert_eq!(pack.figures(&forth), pack.figures(&back));
        }
    }

    #[test]
    fn every_number_of_the_annual_report_s_sentences_is_in_its_table(world in worlds(), range in ranges()) {
        let summed = summed(&world, range, false);
        let table = Pack::AnnualReport.figures(&summed);
        let sentences = annual_report::sentences(range, &table);
        prop_assert!(!sentences.is_empty());
        for sentence in sentences {
            for figure in sentence.figures {
                prop_assert!(table.contains(&figure), "{:?}", figure);
            }
        }
    }

    #[test]
    fn a_file_has_a_cell_for_each_column_and_every_figure_s_numbers(world in worlds(), range in ranges()) {
        let summed = summed(&world, range, false);
        let figures = Pack::Year.figures(&summed);
        let header = tidy::header(&tidy::Codes);
        let rows: Vec<_> = figures.iter().map(|figure| tidy::cells(&tidy::Codes, figure)).collect();
        prop_assert!(rows.iter().all(|row| row.len() == header.len()));
        for (row, figure) in rows.iter().zip(&figures) {
            let is_missing = matches!(figure.value, Value::Missing(_));
            prop_assert_eq!(row[5] == domain::report::export::Cell::Empty, is_missing);
        }
    }
}

#[test]
fn a_report_of_one_pack_alone_has_the_figures_that_it_has_among_all() {
    let range = Range::Year(2025);
    let evening = |date| club(id(1), date, 14, json!({"volunteers": 2, "duration": 90}));
    let gatherings = ["2024-03-04", "2024-06-03", "2025-03-03", "2025-12-01"].map(evening);
    let summed = |packs: &[Pack]| {
        let tables = packs.iter().flat_map(|pack| pack.tables().iter().copied());
        let compared = packs.iter().flat_map(|pack| pack.compared().iter().copied());
        let mut report = Report::new(range, Date::constant(2026, 1, 20), tables, compared);
        for gathering in &gatherings {
            report.add(Row { gathering, state: ReviewState::Approved });
        }
        report.finish(&[(id(1), series("x"))].into(), &[])
    };
    let of_all = summed(Pack::ALL);
    for pack in Pack::ALL {
        assert_eq!(pack.figures(&summed(&[*pack])), pack.figures(&of_all), "{pack:?}");
    }
}

fn id(number: u16) -> RecordId {
    let mut bytes = [7; 16];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    RecordId::from_bytes(bytes)
}

fn series(name: &str) -> Series {
    let content = json!({"name": name, "form": "kerho", "municipality": "005"});
    Series::parse(content.as_object().expect("object")).expect("valid")
}

fn gathering(content: serde_json::Value) -> Gathering {
    Gathering::parse(content.as_object().expect("object"), Date::MAX).expect("valid")
}

fn club(series: RecordId, date: &str, participants: u32, extra: serde_json::Value) -> Gathering {
    let mut content = json!({"series": series.to_string(), "form": "kerho", "date": date, "municipality": "005",
                             "participants": participants});
    for (field, value) in extra.as_object().expect("object") {
        content[field] = value.clone();
    }
    gathering(content)
}

fn answer_of(series: RecordId, people: Option<u32>, basis: CountBasis, volunteers: Option<u32>) -> YearlyPeople {
    let series = Some(series);
    YearlyPeople { series, year: 2025, distinct_people: people, basis, distinct_volunteers: volunteers }
}

/// The answer for the whole association.
fn of_whole(people: Option<u32>, volunteers: Option<u32>) -> YearlyPeople {
    YearlyPeople { series: None, ..answer_of(id(0), people, CountBasis::Estimated, volunteers) }
}

/// A year that has ended.
fn year_2025(gatherings: &[Gathering], people: &[YearlyPeople]) -> Summed {
    let mut report = Report::new(Range::Year(2025), Date::constant(2026, 1, 20), all_tables(), all_compared());
    for gathering in gatherings {
        report.add(Row { gathering, state: ReviewState::Approved });
    }
    let ids = gatherings.iter().filter_map(|gathering| gathering.series);
    let all: BTreeMap<RecordId, Series> = ids.map(|id| (id, series("x"))).collect();
    report.finish(&all, people)
}

fn whole(summed: &Summed, measure: Measure) -> Figure {
    summed.figure(Table::Whole, &Key::all(), measure)
}

#[test]
fn a_published_year_of_85_gatherings_and_1496_visits_is_exact() {
    // 34 of 17 and 51 of 18.
    let heads = (0..85).map(|at| if at < 34 { 17 } else { 18 });
    let day = |at: i32| domain::date::iso(domain::date::plus_days(Date::constant(2025, 1, 1), at * 4));
    let year: Vec<Gathering> =
        heads.enumerate().map(|(at, heads)| club(id(1), &day(at as i32), heads, json!({}))).collect();
    let summed = year_2025(&year, &[]);
    assert_eq!(whole(&summed, Measure::Gatherings).value, Value::Count(85));
    assert_eq!(whole(&summed, Measure::Visits).value, Value::Count(1_496));
    assert_eq!(whole(&summed, Measure::Average).value, Value::Tenths(176));
    for pack in [Pack::Stea, Pack::Municipality, Pack::YouthAndSport, Pack::County, Pack::AnnualReport] {
        let figures = pack.figures(&summed);
        let visits = figures.iter().find(|figure| figure.measure == Measure::Visits).expect("every pack has visits");
        assert_eq!(visits.value, Value::Count(1_496), "{pack:?}");
    }
}

#[test]
fn a_published_year_of_673_people_in_55_groups_is_a_range_and_never_a_sum_by_itself() {
    // 2,600 visits and 673 people over 55 groups: 15 groups of 13 and 39 of 12 are 663, and one of 10; each met four times.
    let people_of = |group: u16| {
        if group < 15 {
            13
        } else if group < 54 {
            12
        } else {
            10
        }
    };
    let mut year = Vec::new();
    let mut people = Vec::new();
    for group in 0..55 {
        let all = people_of(group);
        // Of 2,692 places 92 stayed empty.
        let away = if group < 46 { 2 } else { 0 };
        for (at, heads) in [all, all, all, all - away].into_iter().enumerate() {
            year.push(club(id(group), &format!("2025-{:02}-10", at + 1), heads, json!({})));
        }
        let (basis, distinct_volunteers) = (CountBasis::Counted, None);
        people.push(YearlyPeople {
            series: Some(id(group)),
            year: 2025,
            distinct_people: Some(all),
            basis,
            distinct_volunteers,
        });
    }
    let summed = year_2025(&year, &people);
    assert_eq!(whole(&summed, Measure::Visits).value, Value::Count(2_600));
    assert_eq!(whole(&summed, Measure::Groups).value, Value::Count(55));
    let distinct = whole(&summed, Measure::DistinctPeople);
    assert_eq!(distinct.value, Value::Range { least: 13, most: 673 });
    assert_eq!((distinct.covers.known, distinct.covers.of, distinct.basis.counted), (55, 55, 55));
    // Where the association knows, the report says it, with how that was counted.
    people.push(of_whole(Some(673), Some(31)));
    for answers in [&people[..], &people[55..]] {
        let summed = year_2025(&year, answers);
        let distinct = whole(&summed, Measure::DistinctPeople);
        assert_eq!((distinct.value, distinct.basis.estimated, distinct.basis.sum()), (Value::Count(673), 1, 1));
        assert_eq!((distinct.covers.known, distinct.covers.of), (55, 55));
        assert_eq!(whole(&summed, Measure::DistinctVolunteers).value, Value::Count(31));
        let class = VolunteerClass::From30To99;
        assert_eq!(whole(&summed, Measure::VolunteerClass).value, Value::Class { least: class, most: class });
    }
    let group = |answers: &[YearlyPeople]| {
        let key = Key::from(Group::Series(Some(id(0))));
        year_2025(&year, answers).figure(Table::BySeries, &key, Measure::DistinctPeople).value
    };
    assert_eq!(group(&people), Value::Count(13), "a group's own answer is its own");
    assert!(matches!(group(&people[55..]), Value::Missing(_)), "and nobody else's is");
}

#[test]
fn of_a_part_there_are_no_more_people_than_of_the_whole() {
    let tagged = |series, date: &str| {
        let funders = json!({"funders": [{"funder": "STEA", "year": 2025}]});
        club(id(series), date, 9, funders)
    };
    let all = [tagged(1, "2025-02-03"), tagged(2, "2025-02-04")];
    let some = [all[0].clone(), all[1].clone(), club(id(3), "2025-02-05", 4, json!({}))];
    let answers = |of: u32| {
        let answer = |series| answer_of(id(series), Some(of), CountBasis::Counted, None);
        [answer(1), answer(2), of_whole(Some(14), None)]
    };
    let of_funder = |year: &[Gathering], answers: &[YearlyPeople]| {
        let figures = Pack::Stea.figures(&year_2025(year, answers));
        let is_it = |figure: &&Figure| {
            figure.table == Table::ByFunder
                && matches!(figure.group, Key(Group::Funder(Some(_)), Group::All))
                && figure.measure == Measure::DistinctPeople
        };
        let found = figures.iter().find(is_it).expect("tagged");
        (found.value, found.covers.known, found.covers.of)
    };
    assert_eq!(of_funder(&all, &answers(9)), (Value::Count(14), 2, 2), "the funder has the whole year");
    assert_eq!(of_funder(&some, &answers(9)), (Value::Range { least: 9, most: 14 }, 2, 2));
    assert_eq!(of_funder(&some, &answers(9)[..2]), (Value::Range { least: 9, most: 18 }, 2, 2));
    assert_eq!(of_funder(&some, &answers(20)), (Value::Count(20), 2, 2), "odd, and asked about where it was said");
    assert_eq!(of_funder(&some, &answers(9)[2..]).1, 0, "the whole's answer is not that of a part");
}

#[test]
fn people_are_not_told_of_a_year_in_which_nothing_was_held() {
    let nothing = Value::Missing(tidy::Missing::NothingHeld);
    assert_eq!(whole(&year_2025(&[], &[of_whole(Some(5), None)]), Measure::DistinctPeople).value, nothing);
    let held = [club(id(1), "2025-02-03", 9, json!({}))];
    let volunteers_only = year_2025(&held, &[of_whole(None, Some(3))]);
    assert!(matches!(whole(&volunteers_only, Measure::DistinctPeople).value, Value::Missing(_)));
    assert_eq!(whole(&volunteers_only, Measure::DistinctVolunteers).value, Value::Count(3));
}

#[test]
fn one_answer_of_two_is_said_to_be_of_one_group() {
    let year = [club(id(1), "2025-02-03", 9, json!({})), club(id(2), "2025-02-04", 30, json!({}))];
    let (basis, distinct_volunteers) = (CountBasis::Estimated, Some(12));
    let answer = answer_of(id(1), Some(14), basis, distinct_volunteers);
    let other_year = YearlyPeople { year: 2024, distinct_people: Some(99), ..answer.clone() };
    let summed = year_2025(&year, &[answer, other_year]);
    let distinct = whole(&summed, Measure::DistinctPeople);
    assert_eq!((distinct.value, distinct.covers.known, distinct.covers.of), (Value::Count(14), 1, 2));
    assert!(!distinct.covers.is_whole());
    assert_eq!(distinct.basis.estimated, 1);
    // Of the other group nobody knows, so the class has no upper end.
    let class = Value::Class { least: VolunteerClass::From10To29, most: VolunteerClass::From100 };
    assert_eq!(whole(&summed, Measure::VolunteerClass).value, class);
}

#[test]
fn a_change_of_few_is_told_without_per_cents() {
    let year = [
        club(id(1), "2024-02-05", 19, json!({})),
        club(id(1), "2025-02-03", 38, json!({})),
        club(id(2), "2024-02-05", 20, json!({})),
        club(id(2), "2025-02-03", 31, json!({})),
    ];
    let summed = year_2025(&year, &[]);
    let figures = Pack::Year.figures(&summed);
    let of = |series, span| {
        let key = Key::from(Group::Series(Some(series)));
        let is_it = |figure: &&Figure| (figure.span, figure.measure, &figure.group) == (span, Measure::Visits, &key);
        figures.iter().find(is_it).expect("compared").value
    };
    assert_eq!(of(id(1), Span::Change), Value::Change(19));
    assert!(matches!(of(id(1), Span::ChangePercent), Value::Missing(_)));
    assert_eq!(of(id(2), Span::Change), Value::Change(11));
    assert_eq!(of(id(2), Span::ChangePercent), Value::Percent(55));
}

#[test]
fn a_month_stands_beside_the_same_month_of_the_year_before() {
    let year = [
        club(id(1), "2024-03-05", 12, json!({})),
        club(id(1), "2024-07-05", 9, json!({})),
        club(id(1), "2025-03-03", 15, json!({})),
    ];
    let figures = Pack::Year.figures(&year_2025(&year, &[]));
    let of = |month, span| {
        let is_it = |figure: &&Figure| {
            (figure.table, figure.span, figure.measure) == (Table::ByMonth, span, Measure::Visits)
                && figure.group == Key::from(Group::Month(Month::new(2025, month).expect("a month")))
        };
        figures.iter().find(is_it).map(|figure| figure.value)
    };
    assert_eq!(
        [Span::Compared, Span::YearBefore].map(|span| of(3, span)),
        [15, 12].map(|visits| Some(Value::Count(visits)))
    );
    assert_eq!(
        [Span::Compared, Span::YearBefore].map(|span| of(7, span)),
        [0, 9].map(|visits| Some(Value::Count(visits)))
    );
    assert_eq!(of(4, Span::YearBefore), None);
}

#[test]
fn groups_are_not_crossed_with_the_months_of_ten_years() {
    let year = [club(id(1), "2025-03-03", 15, json!({}))];
    let rows = |range: &str| {
        let range = Range::parse(range).expect("a code");
        let mut report = Report::new(range, Date::constant(2026, 1, 20), all_tables(), all_compared());
        report.add(Row { gathering: &year[0], state: ReviewState::Approved });
        report.finish(&BTreeMap::new(), &[]).rows(Table::SeriesByMonth).count()
    };
    assert_eq!(["2025", "2024-01-01..2025-12-31", "2023-12-31..2025-12-31"].map(rows), [1, 1, 0]);
}

fn sivis(gatherings: &[Gathering], people: &[YearlyPeople]) -> [Verdict; 3] {
    let figures = Pack::Sivis.figures(&year_2025(gatherings, people));
    [Measure::SivisPeople, Measure::SivisHours, Measure::Sivis].map(|measure| {
        let found = figures.iter().find(|figure| figure.measure == measure).expect("a verdict").value;
        let Value::Verdict(verdict) = found else { panic!("{found:?}") };
        verdict
    })
}

#[test]
fn a_study_group_passes_fails_or_cannot_be_known() {
    let evening = |ages: serde_json::Value, heads, minutes: u32| {
        let day = |at| format!("2025-03-{:02}", at + 1);
        let one = |at| club(id(1), &day(at), heads, json!({"ages": ages, "duration": minutes}));
        (0..5).map(one).collect::<Vec<_>>()
    };
    let answer = |distinct_people| {
        let (basis, distinct_volunteers) = (CountBasis::Counted, None);
        [answer_of(id(1), Some(distinct_people), basis, distinct_volunteers)]
    };
    use Verdict::{AgesNotSaid, DurationNotSaid, Fails, Passes, PeopleNotAsked, StraddlesFifteen};
    let five = evening(json!({"75": 3, "18_19": 2}), 5, 120);
    assert_eq!(sivis(&five, &[]), [Passes, Passes, Passes]);
    assert_eq!(sivis(&evening(json!({"75": 5}), 5, 119), &[]), [Passes, Fails, Fails]);
    // Four adults and three of 13–17: whether one of these is 15 decides.
    let young = evening(json!({"75": 4, "13_17": 3}), 7, 120);
    assert_eq!(sivis(&young, &[]), [StraddlesFifteen, Passes, StraddlesFifteen]);
    // Four at a time: five different ones, or the same four?
    let four = evening(json!({"75": 4}), 4, 120);
    assert_eq!(sivis(&four, &[]), [PeopleNotAsked, Passes, PeopleNotAsked]);
    assert_eq!(sivis(&four, &answer(5)), [Passes, Passes, Passes]);
    assert_eq!(sivis(&four, &answer(4)), [Fails, Passes, Fails]);
    assert_eq!(sivis(&evening(json!({"7_12": 20}), 20, 120), &[])[0], Fails);
    assert_eq!(sivis(&evening(json!({"unknown": 20}), 20, 120), &[])[0], AgesNotSaid);
    let untold: Vec<Gathering> = (1..9).map(|day| club(id(1), &format!("2025-03-0{day}"), 20, json!({}))).collect();
    assert_eq!(sivis(&untold, &[]), [AgesNotSaid, DurationNotSaid, AgesNotSaid]);
    assert_eq!(sivis(&untold, &answer(4))[2], Fails);
}

#[test]
fn a_group_that_does_not_pass_in_a_year_that_goes_on_is_not_failed() {
    let one = club(id(1), "2025-03-01", 3, json!({"ages": {"75": 3}, "duration": 60}));
    let mut report = Report::new(Range::Year(2025), Date::constant(2025, 12, 31), all_tables(), all_compared());
    report.add(Row { gathering: &one, state: ReviewState::Recorded });
    let figures = Pack::Sivis.figures(&report.finish(&BTreeMap::new(), &[]));
    let verdicts: Vec<_> =
        figures.iter().filter(|figure| figure.measure == Measure::Sivis).map(|one| one.value).collect();
    assert_eq!(verdicts, [Value::Verdict(Verdict::NotYet)]);
}

#[test]
fn an_outing_counts_its_days_and_nights_in_the_month_of_its_first() {
    let camp = gathering(json!({"form": "leiri", "date": "2025-06-29", "municipality": "005", "participants": 20,
                                "days": 4, "nights": 3}));
    let outing = gathering(json!({"form": "retki", "date": "2025-06-01", "municipality": "005", "participants": 10}));
    // Nights of a club are nobody's outing.
    let club = club(id(1), "2025-06-02", 5, json!({"days": 2, "nights": 1}));
    let summed = year_2025(&[camp, outing, club], &[]);
    let expected = [
        (Measure::Outings, 2),
        (Measure::OutingPeople, 30),
        (Measure::OutingDays, 5),
        (Measure::OutingNights, 3),
        (Measure::PersonDays, 90),
        (Measure::PersonNights, 60),
    ];
    for (measure, value) in expected {
        assert_eq!(whole(&summed, measure).value, Value::Count(value), "{measure:?}");
    }
    assert_eq!(summed.rows(Table::ByMonth).count(), 1);
}

#[test]
fn what_is_tagged_with_a_funder_is_that_funder_s_alone() {
    let tagged = |date: &str, heads| club(id(1), date, heads, json!({"funders": [{"funder": "STEA", "year": 2025}]}));
    let year = [tagged("2025-02-03", 8), tagged("2025-02-10", 9), club(id(1), "2025-02-17", 30, json!({}))];
    let (basis, distinct_volunteers) = (CountBasis::Counted, None);
    let answer = answer_of(id(1), Some(40), basis, distinct_volunteers);
    let figures = Pack::Stea.figures(&year_2025(&year, &[answer]));
    let of = |measure| {
        let is_it = |figure: &&Figure| {
            figure.table == Table::ByFunder
                && matches!(figure.group.0, Group::Funder(Some(_)))
                && figure.measure == measure
        };
        figures.iter().find(is_it).expect("tagged").value
    };
    assert_eq!(of(Measure::Visits), Value::Count(17));
    // The answer is about three evenings, of which two are the funder's.
    assert_eq!(of(Measure::DistinctPeople), Value::Range { least: 9, most: 17 });
}

#[test]
fn volunteers_of_what_a_funder_has_a_part_of_are_bounded_by_volunteers() {
    let evening = |day: u32, extra: serde_json::Value| {
        let mut all = json!({"volunteers": 1, "volunteer_quarter_hours": 4});
        all.as_object_mut().expect("object").extend(extra.as_object().cloned().expect("object"));
        club(id(1), &format!("2025-02-{day:02}"), 30, all)
    };
    let tag = || json!({"funders": [{"funder": "STEA", "year": 2025}]});
    let year: Vec<_> = (1..=20).map(|day| evening(day, if day <= 3 { tag() } else { json!({}) })).collect();
    let summed = year_2025(&year, &[answer_of(id(1), Some(40), CountBasis::Counted, Some(10))]);
    let of = |measure| {
        let of_stea = summed.table(Table::ByFunder, &[measure]).into_iter();
        of_stea.filter(|figure| matches!(figure.group.0, Group::Funder(Some(_)))).map(|one| one.value).next()
    };
    // Ten helped in the year; on the funder's three evenings one at a time.
    assert_eq!(of(Measure::DistinctVolunteers), Some(Value::Range { least: 1, most: 3 }));
    let class = VolunteerClass::From1To9;
    assert_eq!(of(Measure::VolunteerClass), Some(Value::Class { least: class, most: class }));
    assert_eq!(of(Measure::DistinctPeople), Some(Value::Range { least: 30, most: 40 }));
}

/// Every figure that a report can have of one gathering, the municipality's included.
fn all_figures_of(gathering: &Gathering) -> String {
    let (today, mondays) = (Date::constant(2026, 1, 20), Series { weekday: Some(0), ..series("x") });
    let all = || Table::ALL.iter().copied();
    let mut report = Report::new(Range::Year(2025), today, all(), all());
    report.add(Row { gathering, state: ReviewState::Approved });
    let summed = report.finish(&[(id(1), mondays.clone()), (id(2), mondays)].into(), &[]);
    let of_tables = Table::ALL.iter().flat_map(|table| summed.table(*table, Measure::ALL));
    let figures: Vec<Figure> = of_tables.chain(Pack::ALL.iter().flat_map(|pack| pack.figures(&summed))).collect();
    format!("{figures:?} {:?}", contribution(gathering, ReviewState::Approved))
}

#[test]
fn a_closed_period_notices_whatever_changes_a_figure() {
    let whole = json!({
        "series": id(1).to_string(), "form": "leiri", "date": "2025-11-17", "start": "09:30", "municipality": "005",
        "place": "Talo", "postal_code": "00100", "duration": 120, "target_groups": ["ikaihmiset"], "themes": ["luonto"],
        "free": true, "open": true, "municipal_premises": true, "language": "fi",
        "funders": [{"funder": "STEA", "year": 2025}], "participants": 14, "first_timers": 1,
        "residents": 10, "ages": {"75": 14}, "genders": {"women": 14}, "volunteers": 2, "volunteer_quarter_hours": 16,
        "staff": 1, "staff_quarter_hours": 3, "days": 2, "nights": 1, "partner": "parish", "note": "Kahvit",
        "changed_because": "Luku puuttui"
    });
    let of_heads = [
        "first_timers",
        "residents",
        "ages",
        "genders",
        "volunteers",
        "volunteer_quarter_hours",
        "staff",
        "staff_quarter_hours",
        "participants",
    ];
    let cancelled = of_heads.iter().fold(json!({"status": "cancelled"}), |mut edit, field| {
        edit[*field] = json!(null);
        edit
    });
    let edit = |field: &str| match field {
        "series" => json!({"series": id(2).to_string()}),
        "date" => json!({"date": "2025-11-25"}),
        "start" => json!({"start": "10:00"}),
        "form" => json!({"form": "retki"}),
        "municipality" => json!({"municipality": "091"}),
        "target_groups" => json!({"target_groups": ["miehet"]}),
        "themes" => json!({"themes": ["yhteisollisyys"]}),
        "language" => json!({"language": "sv"}),
        "funders" => json!({"funders": [{"funder": "STEA", "year": 2024}]}),
        "participants" => json!({"participants": 15, "ages": null, "genders": null}),
        "ages" => json!({"ages": {"64_74": 14}}),
        "genders" => json!({"genders": {"men": 14}}),
        "basis" => json!({"basis": "estimated"}),
        "status" => cancelled.clone(),
        "mode" => json!({"mode": "remote"}),
        "digital_participants" => json!({"digital_participants": 2}),
        "partner" => json!({"partner": "county"}),
        "place" | "postal_code" | "note" | "changed_because" => json!({field: "00200"}),
        "sensitive" => json!({field: true}),
        "free" | "open" | "municipal_premises" => json!({field: false}),
        // Numbers.
        field => json!({field: whole[field].as_u64().expect("a number") + 1}),
    };
    let before = gathering(whole.clone());
    let seen = |gathering: &Gathering| Seen::of([(id(9), gathering)], Period::Year(2025));
    let mut of_figures = Vec::new();
    for field in gathering::FIELDS {
        let content = overlay(whole.as_object().expect("object"), edit(field).as_object().expect("object"));
        let after = gathering(content.into());
        assert_ne!(after, before, "{field}");
        if all_figures_of(&after) != all_figures_of(&before) {
            assert!(!seen(&after).is_same(&seen(&before)), "{field} changes a figure");
            of_figures.push(*field);
        }
    }
    // The others are words, and what only a row says.
    let others: Vec<&str> = gathering::FIELDS.iter().copied().filter(|field| !of_figures.contains(field)).collect();
    assert_eq!(others, ["start", "postal_code", "partner", "note", "changed_because"]);
}

/// Prints how long 5,000 gatherings take in every pack. `cargo test -p domain --release --test report -- --ignored --nocapture`
#[test]
#[ignore = "a measurement, not a check"]
fn how_long_ten_years_of_a_busy_association_take() {
    let tags = json!([{"funder": "STEA", "year": 2025}, {"funder": "Kunta", "year": 2025}]);
    let year: Vec<Gathering> = (0..5_000)
        .map(|at| {
            let day = domain::date::iso(domain::date::plus_days(Date::constant(2016, 1, 1), at * 73 / 100));
            let extra = json!({"place": format!("Paikka {}", at % 30), "funders": tags, "ages": {"75": 10, "64_74": 4},
                               "target_groups": ["ikaihmiset", "miehet"], "themes": ["luonto"], "volunteers": 2});
            club(id((at % 55) as u16), &day, 14, extra)
        })
        .collect();
    let range = Range::parse("2016-01-01..2025-12-31").expect("a code");
    let all: BTreeMap<RecordId, Series> = (0..55).map(|number| (id(number), series("x"))).collect();
    // The least of several: the machine does other things, too.
    for tables in [Pack::Year.tables().to_vec(), all_tables().collect()] {
        let compared = Pack::Year.compared().iter().copied();
        let once = |_| {
            let begun = std::time::Instant::now();
            let mut report = Report::new(range, Date::constant(2026, 1, 20), tables.iter().copied(), compared.clone());
            for gathering in &year {
                report.add(Row { gathering, state: ReviewState::Approved });
            }
            let added = begun.elapsed();
            let summed = report.finish(&all, &[]);
            let finished = begun.elapsed();
            let figures = Pack::Year.figures(&summed).len();
            (begun.elapsed(), added, finished, figures)
        };
        println!("{:?}", (0..20).map(once).min());
    }
}
