//! Makes associations' years at random, and writes the files that an association can take out of them: all gatherings, and the figures of
//! every pack, as CSV and as XLSX. `recompute.py`, beside this file, computes every figure again from the gatherings' file alone.
//!
//! The same seed gives the same files, but for the moment that an XLSX says it was made at.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use clap::Parser;
use domain::{
    Content, Date, Gathering, Lang, RecordId, Series, date,
    gathering::CountBasis,
    report::{
        Row, export,
        packs::Pack,
        range::Range,
        rows::{self, FileRow},
        tidy,
        words::InWords,
    },
    review::ReviewState,
    yearly_people::YearlyPeople,
};
use serde_json::{Value, json};
use server::{
    files::{export as row_file, report as report_file},
    reports::association,
};

#[derive(Parser)]
struct Options {
    /// The folder that gets a folder for each association.
    #[arg(long)]
    out: PathBuf,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long, default_value_t = 12)]
    associations: u64,
}

/// The first day of all gatherings, and on how many days they are.
const FIRST: Date = Date::constant(2024, 6, 1);
const DAYS: u64 = 800;
/// Each association's report is of one of these, in turn.
const RANGES: [&str; 8] =
    ["2025", "2026", "2025-H2", "2026-Q1", "2025", "2026-02", "2025-11-20..2026-02-10", "2025-01-01..2026-12-31"];
const LANGUAGES: [Lang; 3] = [Lang::Fi, Lang::Sv, Lang::En];
/// Groups that are known; one more is only named by gatherings.
const GROUPS: u64 = 7;

fn main() {
    let options = Options::parse();
    for number in 0..options.associations {
        let folder = options.out.join(format!("association-{number}"));
        fs::create_dir_all(&folder).expect("a folder");
        let at = number as usize;
        let range = Range::parse(RANGES[at % RANGES.len()]).expect("a range");
        let lang = LANGUAGES[at % LANGUAGES.len()];
        // The first has recorded nothing yet.
        let most = if number == 0 { 0 } else { 20 * number };
        Made::at_random(&mut Random(options.seed.wrapping_mul(1_000_003).wrapping_add(number)), most)
            .write(&folder, range, lang);
    }
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Yes, so many times out of a hundred.
    fn chance(&mut self, hundredths: u64) -> bool {
        self.below(100) < hundredths
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }

    fn some_of<T: Copy>(&mut self, all: &[T], hundredths: u64) -> Vec<T> {
        all.iter().copied().filter(|_| self.chance(hundredths)).collect()
    }
}

fn id(sort: u8, number: u64) -> RecordId {
    let mut bytes = [sort; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    RecordId::from_bytes(bytes)
}

/// What an association has recorded.
struct Made {
    today: Date,
    gatherings: Vec<(RecordId, Gathering, ReviewState)>,
    series: BTreeMap<RecordId, Series>,
    people: Vec<YearlyPeople>,
}

impl Made {
    fn at_random(random: &mut Random, gatherings: u64) -> Made {
        let today = date::plus_days(FIRST, 300 + random.below(600) as i32);
        let states = [ReviewState::Recorded, ReviewState::Approved, ReviewState::Approved, ReviewState::Returned];
        let gathering = |number| {
            let gathering = Gathering::parse(&content(random), Date::MAX).expect("a gathering");
            (id(1, number), gathering, random.one_of(&states))
        };
        let gatherings = (0..gatherings).map(gathering).collect();
        let series = (0..GROUPS).map(|number| (id(2, number), series(random, number))).collect();
        Made { today, gatherings, series, people: people(random) }
    }

    fn rows<'a>(&'a self) -> Vec<FileRow<'a>> {
        let mut in_order: Vec<_> = self.gatherings.iter().collect();
        in_order.sort_by_key(|(id, gathering, _)| (gathering.date, *id));
        let file_row = |(id, gathering, state): &'a (RecordId, Gathering, ReviewState)| {
            let series = gathering.series.and_then(|series| self.series.get(&series));
            FileRow { id: *id, gathering, series: series.map(|series| series.name.as_str()), state: *state }
        };
        in_order.into_iter().map(file_row).collect()
    }

    fn write(&self, folder: &Path, range: Range, lang: Lang) {
        let put = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).expect("written");
        let said = json!({"first": date::iso(range.first()), "last": date::iso(range.last()),
                          "today": date::iso(self.today), "lang": lang.tag()});
        put("about.json", said.to_string().as_bytes());

        let rows = self.rows();
        let mut text = export::csv(lang, [rows::header(lang).as_slice()]);
        for row in &rows {
            export::push_row(lang, &rows::cells(lang, *row), &mut text);
        }
        put("gatherings.csv", text.as_bytes());
        let book = row_file::workbook(lang, "Yhdistys ry", self.today, rows.into_iter()).expect("a file");
        put("gatherings.xlsx", &book);

        let rows = self.gatherings.iter().map(|(_, gathering, state)| Row { gathering, state: *state });
        let packs = association::packs(Pack::ALL, range, self.today, rows, &self.series, &self.people);
        let in_words = InWords { lang, series: &self.series };
        for (pack, figures) in &packs.packs {
            let mut text = export::csv(lang, [tidy::header(&in_words).as_slice()]);
            for figure in figures {
                export::push_row(lang, &tidy::cells(&in_words, figure), &mut text);
            }
            put(&format!("{}.csv", pack.code()), text.as_bytes());
        }
        let about = report_file::About { lang, association: "Yhdistys ry", series: &self.series, today: self.today };
        put("report.xlsx", &report_file::workbook(about, &packs).expect("a file"));
    }
}

/// Names that a spreadsheet or a reader of CSV would take for something else.
const NAMES: [&str; GROUPS as usize] =
    ["Maanantaikerho", "=Kerho; A", "-1", "\"Sitaatit\" | ja palkki", "'Heittomerkki", "NA", "007"];

fn series(random: &mut Random, number: u64) -> Series {
    let weekday = random.chance(60).then(|| random.below(7));
    let content = json!({"name": NAMES[number as usize], "form": "kerho", "municipality": "005", "weekday": weekday,
                         "archived": random.chance(20)});
    Series::parse(content.as_object().expect("an object")).expect("a series")
}

fn people(random: &mut Random) -> Vec<YearlyPeople> {
    let mut people = Vec::new();
    // Of each group, and now and then of the whole association.
    let all = (0..GROUPS).map(|series| (Some(id(2, series)), 60)).chain([(None, 40)]);
    for (series, hundredths) in all {
        for year in [2025, 2026] {
            if random.chance(hundredths) {
                people.push(YearlyPeople {
                    series,
                    year,
                    distinct_people: Some(random.below(40) as u32),
                    basis: random.one_of(CountBasis::ALL),
                    distinct_volunteers: random.chance(50).then(|| random.below(40) as u32),
                });
            }
        }
    }
    people
}

/// Heads dealt to bands.
fn dealt(random: &mut Random, heads: u64, names: &[&str]) -> Value {
    let mut bands = json!({});
    for _ in 0..heads {
        let name = random.one_of(names);
        bands[name] = json!(bands[name].as_u64().unwrap_or(0) + 1);
    }
    bands
}

fn content(random: &mut Random) -> Content {
    let ages = ["0_6", "7_12", "13_17", "18_19", "20_28", "29_63", "64_74", "75", "75", "unknown"];
    let day = date::plus_days(FIRST, random.below(DAYS) as i32);
    let mut content = json!({
        "date": date::iso(day),
        "form": random.one_of(&["kerho", "kerho", "retki", "leiri", "vertaistuki", "luento", "muu"]),
        "municipality": random.one_of(&["005", "091", "755"]),
        "basis": random.one_of(&["counted", "sample", "estimated"]),
        "mode": random.one_of(&["on_site", "on_site", "remote", "both"]),
        "target_groups": random.some_of(&["ikaihmiset", "miehet", "sairaat"], 30),
        "themes": random.some_of(&["luonto", "yhteisollisyys"], 40),
    });
    let tags = random.some_of(&[("STEA", 2025), ("STEA", 2026), ("Kunta | \\ A", 2026)], 30);
    content["funders"] = tags.iter().map(|(funder, year)| json!({"funder": funder, "year": year})).collect();
    let mut put = |hundredths: u64, field: &str, value: &mut dyn FnMut(&mut Random) -> Value| {
        if random.chance(hundredths) {
            content[field] = value(random);
        }
    };
    put(85, "series", &mut |random| json!(id(2, random.below(GROUPS + 1))));
    put(60, "place", &mut |random| json!(random.one_of(&["Kylätalo", "=Sali", "007", "Sali; \"B\""])));
    put(50, "postal_code", &mut |_| json!("00100"));
    put(50, "start", &mut |random| json!(format!("{:02}:{:02}", random.below(24), random.below(60))));
    put(60, "duration", &mut |random| json!(30 + random.below(300)));
    put(40, "days", &mut |random| json!(1 + random.below(4)));
    put(50, "language", &mut |random| json!(random.one_of(&["fi", "sv", "se", "other"])));
    for flag in ["free", "open", "municipal_premises"] {
        put(70, flag, &mut |random| json!(random.chance(50)));
    }
    put(20, "note", &mut |random| json!(random.one_of(&["sade", "=1+1", "kaksi\nriviä; ja \"lainaus\""])));
    if random.chance(10) {
        content["status"] = json!("cancelled");
        content["days"] = Value::Null;
        return read(content);
    }
    let heads = random.below(16);
    content["participants"] = json!(heads);
    let volunteers = random.below(4);
    content["volunteers"] = json!(volunteers);
    if volunteers > 0 {
        content["volunteer_quarter_hours"] = json!(random.below(60));
    }
    let mut put = |hundredths: u64, field: &str, value: &mut dyn FnMut(&mut Random) -> Value| {
        if random.chance(hundredths) {
            content[field] = value(random);
        }
    };
    for part in ["first_timers", "digital_participants", "residents"] {
        put(40, part, &mut |random| json!(random.below(heads + 1)));
    }
    put(60, "ages", &mut |random| dealt(random, heads, &ages));
    put(60, "genders", &mut |random| dealt(random, heads, &["women", "men", "other", "unknown"]));
    put(40, "staff", &mut |random| json!(1 + random.below(3)));
    if content["staff"].is_u64() && random.chance(70) {
        content["staff_quarter_hours"] = json!(random.below(30));
    }
    let days = content["days"].as_u64().unwrap_or(1);
    if random.chance(60) {
        content["nights"] = json!(random.below(days));
    }
    read(content)
}

fn read(content: Value) -> Content {
    content.as_object().cloned().expect("an object")
}
