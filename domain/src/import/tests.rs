use serde_json::{Value, json};

use super::*;
use crate::{
    Gathering, Lang, Problem, date,
    report::{
        export,
        rows::{self, FileRow},
    },
    review::ReviewState,
};

const TODAY: Date = Date::constant(2026, 11, 21);

fn sheet(rows: &[&[&str]]) -> Sheet {
    fn cells(row: &[&str]) -> Vec<Cell> {
        let cell = |text: &&str| text.parse::<f64>().map_or_else(|_| Cell::text(text), Cell::Number);
        row.iter().map(cell).collect()
    }
    let rows = rows.iter().enumerate().map(|(at, row)| (at as u32 + 1, cells(row)));
    let rows = rows.filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty())).collect();
    Sheet { name: "Taul1".to_owned(), rows, hidden: Vec::new() }
}

fn known() -> Known {
    let content =
        json!({"name": "Maanantaikerho", "form": "liikuntaryhma", "municipality": "005", "place": "Kylätalo"});
    let content = content.as_object().cloned().expect("object");
    let series = Series::parse(&content).expect("a series");
    Known {
        home: Municipality::parse("755").expect("home"),
        series: vec![(RecordId::from_bytes([1; 16]), series, content)],
        today: TODAY,
    }
}

fn settings() -> Settings {
    Settings { columns: None, year: None, form: ActivityForm::parse("kerho").expect("a form") }
}

fn new_id(_: &str) -> RecordId {
    RecordId::from_bytes([2; 16])
}

fn reading(rows: &[&[&str]]) -> Reading {
    read(&sheet(rows), "kirja.xlsx", &settings(), &known(), &new_id)
}

fn good(reading: &Reading) -> Vec<&Content> {
    reading
        .rows
        .iter()
        .filter_map(|row| match &row.outcome {
            Outcome::Good(content) => Some(content),
            Outcome::Bad(_) => None,
        })
        .collect()
}

fn errors(reading: &Reading) -> Vec<(u32, &'static str, Problem)> {
    let of = |row: &Row| match &row.outcome {
        Outcome::Bad(errors) => errors.iter().map(|error| (row.number, error.field, error.problem)).collect(),
        Outcome::Good(_) => Vec::new(),
    };
    reading.rows.iter().flat_map(of).collect()
}

#[test]
fn a_plain_table_becomes_gatherings() {
    let reading = reading(&[
        &["Pvm", "Ryhmä", "Osallistujia", "Vapaaehtoisia", "Tunnit", "Huom."],
        &["13.1.2025", "maanantaikerho", "14", "2", "4,5", "Pullaa"],
        &["20.1.2025", "Maanantaikerho ", "17", "3", "6", ""],
    ]);
    assert_eq!(errors(&reading), []);
    assert_eq!(
        good(&reading)[0],
        json!({"series": "01010101-0101-0101-0101-010101010101", "form": "liikuntaryhma",
        "date": "2025-01-13", "municipality": "005", "place": "Kylätalo", "participants": 14, "volunteers": 2,
        "volunteer_quarter_hours": 18, "note": "Pullaa"})
        .as_object()
        .expect("object")
    );
    assert_eq!(good(&reading).len(), 2);
    assert!(reading.new_series.is_empty());
}

#[test]
fn what_is_wrong_with_a_row_is_said_beside_it_and_the_others_go_on() {
    let reading = reading(&[
        &["Päivä", "Osallistujat", "Vapaaehtoiset", "Tunnit"],
        &["13.1.2025", "14", "2", "4"],
        &["32.1.2025", "14", "", ""],
        &["20.1.2025", "paljon", "", ""],
        &["27.1.2025", "", "", ""],
        &["3.2.2025", "5", "1", "25"],
        &["3.2.2027", "5", "", ""],
        &["10.2.2025", "6", "", ""],
    ]);
    assert_eq!(good(&reading).len(), 2);
    assert_eq!(
        errors(&reading),
        [
            (3, "date", Problem::NotADate),
            (4, "participants", Problem::NotANumber),
            (5, "participants", Problem::Missing),
            (6, "volunteer_quarter_hours", Problem::TooLarge { max: 96 }),
            (7, "date", Problem::InTheFuture),
        ]
    );
}

#[test]
fn titles_merged_heads_and_two_heading_rows_are_found() {
    let reading = reading(&[
        &["Kerhon kävijät 2025"],
        &[],
        &["", "Osallistujat", "", "", "Vapaaehtoiset", ""],
        &["Pvm", "Naiset", "Miehet", "Yht.", "Määrä", "Tunnit"],
        &["13.1.", "10", "4", "14", "2", "4"],
    ]);
    assert_eq!(errors(&reading), []);
    assert_eq!(reading.year, Some(2025), "the title says it");
    let first = good(&reading)[0];
    assert_eq!(
        (&first["date"], &first["participants"], &first["volunteers"]),
        (&json!("2025-01-13"), &json!(14), &json!(2))
    );
    assert_eq!(first["genders"], json!({"women": 10, "men": 4}));
    assert_eq!(reading.headings[1], "Osallistujat Naiset");
}

#[test]
fn totals_titles_between_rows_and_repeated_headings_are_left_out_with_a_word() {
    let reading = reading(&[
        &["Pvm", "Ryhmä", "Osallistujia"],
        &["Tammikuu"],
        &["13.1.2025", "Kerho", "14"],
        &["20.1.2025", "Kerho", "17"],
        &["Yhteensä", "", "31"],
        &["Pvm", "Ryhmä", "Osallistujia"],
        &["3.2.2025", "Kerho", "5"],
        &["", "Keskiarvo", "12"],
        &["", "", "36"],
    ]);
    assert_eq!(good(&reading).len(), 3);
    use LeftOut::{Title, Total};
    assert_eq!(reading.left_out, [(2, Title), (5, Total), (6, Title), (8, Total), (9, Total)]);
    assert_eq!(errors(&reading), []);
}

#[test]
fn a_row_without_a_day_is_never_silently_dropped() {
    let reading = reading(&[&["Pvm", "Osallistujia"], &["", "14"], &["joskus", "3"], &["13.1.2025", "5"]]);
    assert_eq!(errors(&reading), [(2, "date", Problem::Missing), (3, "date", Problem::NotADate)]);
}

#[test]
fn new_groups_come_once_and_not_of_rows_that_do_not_come() {
    let reading = reading(&[
        &["Pvm", "Ryhmä", "Toimintamuoto", "Osallistujia"],
        &["12.1.2025", "Väärä", "Retki", "paljon"],
        &["13.1.2025", "Lukupiiri", "", "14"],
        &["20.1.2025", "LUKUPIIRI", "", "17"],
        &["21.1.2025", "Retket", "Utflykt", "17"],
    ]);
    let names: Vec<_> = reading.new_series.iter().map(|(name, series)| (name.as_str(), series.form.code())).collect();
    assert_eq!(names, [("Lukupiiri", "kerho"), ("Retket", "retki")]);
    assert_eq!(good(&reading)[2]["form"], "retki");
}

#[test]
fn cancelled_gatherings_have_no_numbers_and_about_so_many_is_an_estimate() {
    let reading = reading(&[
        &["Pvm", "Osallistujia", "Vapaaehtoisia"],
        &["13.1.2025", "peruttu", "0"],
        &["20.1.2025", "noin 30", "2"],
    ]);
    assert_eq!(errors(&reading), []);
    assert_eq!(good(&reading)[0]["status"], "cancelled");
    assert!(!good(&reading)[0].contains_key("volunteers"));
    assert_eq!(good(&reading)[1]["basis"], "estimated");
}

#[test]
fn personal_data_in_a_note_is_refused_beside_its_row() {
    let reading =
        reading(&[&["Pvm", "Osallistujia", "Huom"], &["13.1.2025", "3", "Matti 010100-123D"], &["14.1.2025", "3", ""]]);
    assert_eq!(good(&reading).len(), 1);
    assert!(
        errors(&reading).iter().all(|(row, field, _)| (*row, *field) == (2, "note")) && !errors(&reading).is_empty()
    );
}

#[test]
fn columns_are_chosen_by_hand_and_what_lacks_is_said() {
    let rows: &[&[&str]] = &[&["Koska", "Montako"], &["13.1.2025", "14"]];
    let unnamed = reading(rows);
    assert_eq!(unnamed.lacks.iter().map(|column| column.code()).collect::<Vec<_>>(), ["date", "participants"]);
    assert_eq!(unnamed.headings, ["Koska", "Montako"]);
    assert!(unnamed.rows.is_empty());
    let by_hand = Settings { columns: Some(vec![Column::parse("date"), Column::parse("participants")]), ..settings() };
    let chosen = read(&sheet(rows), "", &by_hand, &known(), &new_id);
    assert_eq!(good(&chosen).len(), 1);
}

#[test]
fn two_equal_rows_are_equal_in_what_they_say_of_themselves() {
    let reading =
        reading(&[&["Pvm", "Osallistujia"], &["13.1.2025", "14"], &["13.1.2025", "14"], &["13.1.2025", "15"]]);
    assert_eq!(reading.rows[0].own, reading.rows[1].own);
    assert_ne!(reading.rows[0].own, reading.rows[2].own);
}

#[test]
fn an_empty_sheet_has_nothing() {
    let reading = reading(&[]);
    assert!(reading.rows.is_empty() && reading.columns.is_empty());
    assert_eq!(reading.lacks.len(), 2);
}

#[test]
fn a_table_without_a_column_of_heads_but_with_women_and_men_is_summed() {
    let reading = reading(&[&["Pvm", "Naisia", "Miehiä"], &["13.1.2025", "10", "4"]]);
    assert_eq!(good(&reading)[0]["participants"], 14);
}

#[test]
fn serials_are_days() {
    let mut table = sheet(&[&["Pvm", "Osallistujia"], &["45730", "14"]]);
    table.rows.push((3, vec![Cell::Moment(45_731.0), Cell::Number(3.0)]));
    let reading = read(&table, "", &settings(), &known(), &new_id);
    let days: Vec<&Value> = good(&reading).iter().map(|content| &content["date"]).collect();
    assert_eq!(days, ["2025-03-14", "2025-03-15"]);
    assert_eq!(day_of_serial(45_730.0), date::parse("2025-03-14"));
}

#[test]
fn a_row_that_names_a_group_by_its_id_is_that_group_s_also_where_two_have_one_name() {
    let mut known = known();
    let mut other = known.series[0].clone();
    other.0 = RecordId::from_bytes([3; 16]);
    other.1.name = "MAANANTAIKERHO".to_owned();
    other.1.municipality = Municipality::parse("091").expect("a municipality");
    known.series.push(other);
    let ids = ["01010101-0101-0101-0101-010101010101", "03030303-0303-0303-0303-030303030303"];
    let reading = read(
        &sheet(&[
            &["series_id", "Ryhmä", "Pvm", "Osallistujia"],
            &[ids[0], "Maanantaikerho", "13.1.2025", "14"],
            &[ids[1], "Maanantaikerho", "13.1.2025", "14"],
        ]),
        "kirja.xlsx",
        &settings(),
        &known,
        &new_id,
    );
    let of = |field: &str| good(&reading).iter().map(|content| content[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("series"), [json!(ids[0]), json!(ids[1])]);
    assert_eq!(of("municipality"), [json!("005"), json!("091")]);
    assert!(reading.new_series.is_empty());
}

#[test]
fn a_cancelled_row_has_no_numbers_where_it_has_noughts() {
    let reading = reading(&[
        &["Pvm", "Tila", "Osallistujia", "Ensikertalaisia", "Vapaaehtoisia"],
        &["13.1.2025", "peruttu", "0", "0", "0"],
    ]);
    assert_eq!(errors(&reading), []);
    assert_eq!(good(&reading)[0]["status"], json!("cancelled"));
}

/// As a spreadsheet has it again.
fn exported(cell: export::Cell) -> Cell {
    match cell {
        export::Cell::Empty => Cell::Empty,
        export::Cell::Text(text) => Cell::text(&text),
        export::Cell::Number(number) => Cell::Number(number as f64),
        export::Cell::Hundredths(hundredths) => Cell::Number(hundredths as f64 / 100.0),
        export::Cell::Date(day) => Cell::Moment(f64::from(date::day_number(day) + 25_569)),
        export::Cell::Time(minutes) => Cell::Moment(f64::from(minutes) / 1_440.0),
        export::Cell::YesNo(yes) => Cell::Bool(yes),
    }
}

fn round_trip(content: Value) {
    let content = content.as_object().expect("object");
    let gathering = Gathering::parse(content, Date::MAX).expect("valid");
    let mut known = Known { today: Date::MAX, ..known() };
    known.series[0].0 = RecordId::parse("0190f3a0-0000-7000-8000-000000000001").expect("an id");
    let series = gathering.series.map(|_| "=Kerho");
    for lang in Lang::ALL {
        let id = RecordId::from_bytes([1; 16]);
        let row = FileRow { id, gathering: &gathering, series, state: ReviewState::Returned };
        let cells = |cells: Vec<export::Cell>| cells.into_iter().map(exported).collect();
        let rows = vec![(1, cells(rows::header(lang))), (2, cells(rows::cells(lang, row)))];
        let sheet = Sheet { name: String::new(), rows, hidden: Vec::new() };
        let reading = read(&sheet, "", &settings(), &known, &new_id);
        assert_eq!(errors(&reading), []);
        assert_eq!(reading.rows[0].id, Some(id));
        assert_eq!(Gathering::parse(good(&reading)[0], Date::MAX), Ok(gathering.clone()), "{reading:?}");
    }
}

#[test]
fn a_row_is_read_back_as_the_same_gathering() {
    round_trip(json!({"form": "kerho", "date": "2026-11-16", "municipality": "005", "participants": 14}));
    round_trip(json!({"form": "retki", "date": "2026-11-16", "municipality": "005", "status": "cancelled"}));
    round_trip(json!({"form": "kerho", "date": "2026-11-16", "municipality": "005", "participants": 0,
                      "ages": {}, "genders": {}}));
    round_trip(json!({
        "series": "0190f3a0-0000-7000-8000-000000000001", "form": "leiri", "date": "2026-11-16", "start": "09:30",
        "municipality": "091", "place": "Kylätalo; sali \"B\" | C", "postal_code": "00100", "duration": 120,
        "target_groups": ["ikaihmiset", "miehet"], "themes": ["luonto", "yhteisollisyys"], "sensitive": true,
        "free": true, "open": false, "municipal_premises": true, "language": "se",
        "funders": [{"funder": "A | B \\ C", "year": 2026}, {"funder": "STEA", "year": 2025}],
        "participants": 14, "first_timers": 1, "digital_participants": 0, "residents": 10,
        "ages": {"75": 10, "unknown": 4}, "genders": {"women": 14}, "volunteers": 2, "volunteer_quarter_hours": 17,
        "staff": 1, "staff_quarter_hours": 3, "basis": "estimated", "mode": "both", "days": 2, "nights": 1,
        "partner": "parish", "note": "=sade", "changed_because": "Luku puuttui"
    }));
}
