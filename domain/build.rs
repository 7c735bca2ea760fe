//! Turns the official code lists in `domain/data` into static tables, so that the phone parses nothing.
//!
//! Codes, names and each property are separate tables, so that the browser side contains only those that it uses. The
//! names are one text with a line for each, because a table of their addresses would be larger than the names.

use std::{env, fmt::Write as _, fs, path::Path};

use languages::Language;

fn main() {
    println!("cargo:rerun-if-changed=data");
    let list = fs::read_to_string("data/languages.csv").expect("data/languages.csv is there");
    let languages = languages::languages(&list).unwrap_or_else(|mistake| panic!("data/languages.csv: {mistake}"));
    write("lang.rs", &lang(&languages));
    let mut out = String::new();
    table(&mut out, &languages, "municipalities", "MUNICIPALITIES", |row| {
        let spoken = &row["languages"];
        vec![
            ("COUNTY: &[&str]", format!("{:?}", row["county_code"])),
            ("LANGUAGES: &[(bool, bool)]", format!("({}, {})", spoken.contains("fi"), spoken.contains("sv"))),
            ("POPULATION: &[u32]", row["population_2022"].clone()),
        ]
    });
    table(&mut out, &languages, "counties", "COUNTIES", |_| Vec::new());
    table(&mut out, &languages, "activity_forms", "ACTIVITY_FORMS", |row| {
        let kind = match row["record_kind"].as_str() {
            "series" => "Series",
            "single" => "Single",
            "open_day" => "OpenDay",
            "contacts" => "Contacts",
            "any" => "Any",
            other => panic!("unknown record_kind {other} in activity_forms.csv"),
        };
        let part = match row["handbook_part"].as_str() {
            "A" => "Some(HandbookPart::Support)",
            "B" => "Some(HandbookPart::Inclusion)",
            "C" => "Some(HandbookPart::Expertise)",
            "" => "None",
            other => panic!("unknown handbook_part {other} in activity_forms.csv"),
        };
        vec![
            ("KIND: &[RecordKind]", format!("RecordKind::{kind}")),
            ("PART: &[Option<HandbookPart>]", part.to_owned()),
            sensitive(row),
        ]
    });
    table(&mut out, &languages, "target_groups", "TARGET_GROUPS", |row| vec![sensitive(row)]);
    table(&mut out, &languages, "themes", "THEMES", |_| Vec::new());
    table(&mut out, &languages, "row_columns", "ROW_COLUMNS", |row| {
        vec![
            ("FIELD: &[&str]", format!("{:?}", row["field"])),
            ("PART: &[&str]", format!("{:?}", row["part"])),
            ("CELL: &[ColumnCell]", format!("ColumnCell::{}", row["cell"])),
            ("READ_AS: &[Option<ReadAs>]", read_as(&row["read_as"])),
            ("ALSO: &[&str]", format!("{:?}", row["also"])),
        ]
    });
    table(&mut out, &languages, "row_values", "ROW_VALUES", |_| Vec::new());
    table(&mut out, &languages, "measures", "MEASURES", |_| Vec::new());
    table(&mut out, &languages, "definitions", "DEFINITIONS", |_| Vec::new());
    table(&mut out, &languages, "report_words", "REPORT_WORDS", |_| Vec::new());
    let mergers: Vec<String> = rows("mergers")
        .iter()
        .map(|row| format!("({:?}, {:?}, {:?})", row["old_code"], row["new_code"], row["from_date"]))
        .collect();
    writeln!(
        out,
        "/// Merged municipalities: old code, new code, first day of the new one.\npub static MERGERS: &[(&str, &str, &str)] = &[{}];",
        mergers.join(", ")
    )
    .expect("writing to a string");
    write("codes.rs", &out);
}

fn write(name: &str, content: &str) {
    let target = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join(name);
    fs::write(target, content).expect("OUT_DIR is writable");
}

/// `Lang`, and what is known of each language, in the order of the list.
fn lang(languages: &[Language]) -> String {
    let count = languages.len();
    let variants: Vec<String> = languages.iter().map(Language::variant).collect();
    let each = |value: fn(&Language) -> String| languages.iter().map(value).collect::<Vec<_>>().join(", ");
    format!(
        "/// A language of the user interface.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub enum Lang {{ #[default] {variants} }}
        impl Lang {{ pub const ALL: [Lang; {count}] = [{all}]; }}
        static TAGS: [&str; {count}] = [{tags}];
        static OWN_NAMES: [&str; {count}] = [{own_names}];
        static IS_OFFERED: [bool; {count}] = [{offered}];\n",
        variants = variants.join(", "),
        all = variants.iter().map(|variant| format!("Lang::{variant}")).collect::<Vec<_>>().join(", "),
        tags = each(|language| format!("{:?}", language.tag)),
        own_names = each(|language| format!("{:?}", language.own_name)),
        offered = each(|language| language.is_offered().to_string()),
    )
}

fn read_as(kind: &str) -> String {
    if kind.is_empty() { "None".to_owned() } else { format!("Some(ReadAs::{kind})") }
}

fn sensitive(row: &Row) -> Column {
    ("SENSITIVE: &[bool]", (row["sensitive"] == "1").to_string())
}

/// Name and type of a property's table, and the value in one row.
type Column = (&'static str, String);

type Row = std::collections::HashMap<String, String>;

fn rows(file: &str) -> Vec<Row> {
    let path = format!("data/{file}.csv");
    csv::Reader::from_path(&path)
        .unwrap_or_else(|error| panic!("{path}: {error}"))
        .deserialize()
        .map(|row| row.unwrap_or_else(|error| panic!("{path}: {error}")))
        .collect()
}

/// Writes the codes as `static {name}`, sorted, and beside it at the same index `{name}_NAMES` and the properties.
fn table(out: &mut String, languages: &[Language], file: &str, name: &str, properties: impl Fn(&Row) -> Vec<Column>) {
    let mut rows = rows(file);
    let in_file_order: Vec<String> = rows.iter().map(|row| row["code"].clone()).collect();
    rows.sort_by(|a, b| a["code"].cmp(&b["code"]));
    let codes: Vec<&str> = rows.iter().map(|row| row["code"].as_str()).collect();
    writeln!(out, "static {name}: &[&str] = &{codes:?};").expect("writing to a string");
    let names: Vec<String> = rows.iter().map(|row| names(languages, row)).collect();
    writeln!(out, "static {name}_NAMES: &str = {:?};", names.join("\n")).expect("writing to a string");
    let columns: Vec<Vec<Column>> = rows.iter().map(properties).collect();
    for (index, (column, _)) in columns[0].iter().enumerate() {
        let values: Vec<&str> = columns.iter().map(|row| row[index].1.as_str()).collect();
        writeln!(out, "static {name}_{column} = &[{}];", values.join(", ")).expect("writing to a string");
    }
    let order: Vec<String> = in_file_order
        .iter()
        .map(|code| rows.iter().position(|row| &row["code"] == code).expect("same rows").to_string())
        .collect();
    writeln!(out, "static {name}_ORDER: &[u16] = &[{}];", order.join(", ")).expect("writing to a string");
}

/// `suomi|svenska|English`, in the order of the languages. A name that a language lacks, or that is like the Finnish one, is left empty,
/// and so is what would be empty at the end.
fn names(languages: &[Language], row: &Row) -> String {
    let name = |language: &Language| row.get(&format!("name_{}", language.tag)).map(String::as_str).unwrap_or_default();
    let finnish = name(&languages[0]);
    let others = languages[1..].iter().map(|language| if name(language) == finnish { "" } else { name(language) });
    let names: Vec<&str> = [finnish].into_iter().chain(others).collect();
    assert!(!names.concat().contains(['|', '\n']) && !finnish.is_empty(), "{names:?} cannot be written in one line");
    names.join("|").trim_end_matches('|').to_owned()
}
