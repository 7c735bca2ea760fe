//! Random associations: contents as they travel, with reviews, groups and answers.

use std::collections::BTreeMap;

use domain::{
    Date, Gathering, RecordId, Series, date, gathering::CountBasis, review::ReviewState, yearly_people::YearlyPeople,
};
use proptest::prelude::*;
use serde_json::{Value, json};

#[derive(Clone, Debug)]
pub struct World {
    pub today: Date,
    pub gatherings: Vec<(Value, ReviewState)>,
    pub series: Vec<(RecordId, Value)>,
    pub people: Vec<YearlyPeople>,
}

impl World {
    pub fn parsed(&self) -> Vec<(Gathering, ReviewState)> {
        let parse = |content: &Value| Gathering::parse(content.as_object().expect("object"), Date::MAX).expect("valid");
        self.gatherings.iter().map(|(content, state)| (parse(content), *state)).collect()
    }

    pub fn series_by_id(&self) -> BTreeMap<RecordId, Series> {
        let parse = |content: &Value| Series::parse(content.as_object().expect("object")).expect("valid");
        self.series.iter().map(|(id, content)| (*id, parse(content))).collect()
    }
}

fn id(number: u8) -> RecordId {
    RecordId::from_bytes([number; 16])
}

/// A part of the participants, or not asked.
fn part(participants: u32) -> impl Strategy<Value = Option<u32>> {
    prop::option::weighted(0.4, 0..=participants)
}

/// Heads dealt to bands.
fn dealt(participants: u32, names: &'static [&'static str]) -> impl Strategy<Value = Option<Value>> {
    let deals = prop::collection::vec(0..names.len(), participants as usize);
    prop::option::weighted(0.6, deals).prop_map(|deals| {
        let mut bands = json!({});
        for name in deals?.into_iter().map(|at| names[at]) {
            bands[name] = json!(bands[name].as_u64().unwrap_or(0) + 1);
        }
        Some(bands)
    })
}

fn held(participants: u32) -> impl Strategy<Value = Value> {
    const AGES: &[&str] = &["0_6", "7_12", "13_17", "18_19", "20_28", "29_63", "64_74", "75", "75", "75", "unknown"];
    const GENDERS: &[&str] = &["women", "men", "other", "unknown"];
    let parts = (part(participants), part(participants), part(participants));
    let breakdowns = (dealt(participants, AGES), dealt(participants, GENDERS));
    let helpers = (0..4_u32, 0..40_u32, prop::option::of(0..3_u32));
    (parts, breakdowns, helpers).prop_map(move |((first, digital, residents), (ages, genders), helpers)| {
        let (volunteers, quarters, staff) = helpers;
        let mut content = json!({"participants": participants, "volunteers": volunteers});
        let mut put = |field: &str, value: Option<Value>| {
            if let Some(value) = value {
                content[field] = value;
            }
        };
        put("first_timers", first.map(Value::from));
        put("digital_participants", digital.map(Value::from));
        put("residents", residents.map(Value::from));
        put("ages", ages);
        put("genders", genders);
        put("volunteer_quarter_hours", (volunteers > 0).then(|| json!(quarters)));
        put("staff", staff.map(Value::from));
        put("staff_quarter_hours", staff.filter(|staff| *staff > 0).map(|staff| json!(staff * 7)));
        content
    })
}

fn content() -> impl Strategy<Value = Value> {
    let heads = prop::option::weighted(0.9, (0..12_u32).prop_flat_map(held));
    // 2024-06-01 and 800 days.
    let when = 0..800_i32;
    let which = (
        prop::option::weighted(0.8, 1..5_u8),
        prop::sample::select(vec!["kerho", "retki", "leiri", "vertaistuki", "luento", "muu"]),
        prop::sample::select(vec!["005", "091"]),
        prop::option::of(prop::sample::select(vec!["Kylätalo", "=Sali"])),
    );
    let codes = (
        prop::sample::subsequence(vec!["ikaihmiset", "miehet", "sairaat"], 0..3),
        prop::sample::subsequence(vec!["luonto", "mieli"], 0..2),
        prop::sample::subsequence(vec![("STEA", 2025), ("STEA", 2026), ("Kunta", 2026)], 0..3),
        prop::option::of(prop::sample::select(vec!["fi", "sv"])),
    );
    let flags = (prop::option::of(any::<bool>()), prop::option::of(any::<bool>()), prop::option::of(any::<bool>()));
    let rest = (
        prop::sample::select(vec!["counted", "sample", "estimated"]),
        prop::sample::select(vec!["on_site", "remote", "both"]),
        prop::option::of(1..4_u32),
        prop::option::of(0..3_u32),
        prop::option::of(30..300_u32),
    );
    (heads, when, which, codes, flags, rest).prop_map(|(heads, when, which, codes, flags, rest)| {
        let (series, form, municipality, place) = which;
        let (groups, themes, funders, language) = codes;
        let (basis, mode, days, nights, duration) = rest;
        let tags: Vec<Value> = funders.iter().map(|(funder, year)| json!({"funder": funder, "year": year})).collect();
        let day = date::iso(date::plus_days(Date::constant(2024, 6, 1), when));
        let mut content = heads.unwrap_or_else(|| json!({"status": "cancelled"}));
        let fields = [
            ("series", json!(series.map(|series| id(series).to_string()))),
            ("form", json!(form)),
            ("date", json!(day)),
            ("municipality", json!(municipality)),
            ("place", json!(place)),
            ("target_groups", json!(groups)),
            ("themes", json!(themes)),
            ("funders", json!(tags)),
            ("language", json!(language)),
            ("free", json!(flags.0)),
            ("open", json!(flags.1)),
            ("municipal_premises", json!(flags.2)),
            ("basis", json!(basis)),
            ("mode", json!(mode)),
            ("days", json!(days)),
            ("nights", json!(nights)),
            ("duration", json!(duration)),
        ];
        for (field, value) in fields.into_iter().filter(|(_, value)| !value.is_null()) {
            content[field] = value;
        }
        content
    })
}

fn answer() -> impl Strategy<Value = YearlyPeople> {
    let basis = prop::sample::select(CountBasis::ALL.to_vec());
    let numbers = (prop::option::weighted(0.8, 0..30_u32), 0..12_u32, any::<bool>());
    // Of one in five, the whole association's.
    (prop::option::weighted(0.8, 1..5_u8), 2025..2027_i16, numbers, basis).prop_map(
        |(series, year, (distinct_people, volunteers, both), basis)| YearlyPeople {
            series: series.map(id),
            year,
            distinct_people,
            basis,
            distinct_volunteers: (both || distinct_people.is_none()).then_some(volunteers),
        },
    )
}

pub fn worlds() -> impl Strategy<Value = World> {
    let states = prop::sample::select(vec![ReviewState::Recorded, ReviewState::Approved, ReviewState::Returned]);
    let series = prop::collection::vec((prop::option::of(0..7_u32), any::<bool>()), 3);
    let gatherings = prop::collection::vec((content(), states), 0..25);
    (gatherings, series, prop::collection::vec(answer(), 0..6), 0..900_i32).prop_map(
        |(gatherings, series, mut people, today)| {
            // The fourth series is not known on this phone.
            let one = |(number, (weekday, archived)): (usize, (Option<u32>, bool))| {
                let content = json!({"name": "x", "form": "kerho", "municipality": "005", "weekday": weekday, "archived": archived});
                (id(number as u8 + 1), content)
            };
            people.sort_by_key(|people| (people.series, people.year));
            people.dedup_by_key(|people| (people.series, people.year));
            World {
                today: date::plus_days(Date::constant(2025, 6, 1), today),
                gatherings,
                series: series.into_iter().enumerate().map(one).collect(),
                people,
            }
        },
    )
}
