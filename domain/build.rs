//! Turns the official code lists in `domain/data` into static tables, so that the phone parses nothing.
//!
//! Codes, names and each property are separate tables, so that the browser side contains only those that it uses. The
//! names are one text with a line for each, because a table of their addresses would be larger than the names.

use std::{env, fmt::Write as _, fs, path::Path};

fn main() {
    println!("cargo:rerun-if-changed=data");
    let mut out = String::new();
    table(&mut out, "municipalities", "MUNICIPALITIES", |row| {
        let languages = &row["languages"];
        vec![
            ("COUNTY: &[&str]", format!("{:?}", row["county_code"])),
            ("LANGUAGES: &[(bool, bool)]", format!("({}, {})", languages.contains("fi"), languages.contains("sv"))),
            ("POPULATION: &[u32]", row["population_2022"].clone()),
        ]
    });
    table(&mut out, "counties", "COUNTIES", |_| Vec::new());
    table(&mut out, "activity_forms", "ACTIVITY_FORMS", |row| {
        let kind = match row["record_kind"].as_str() {
            "series" => "Series",
            "single" => "Single",
            "open_day" => "OpenDay",
            "contacts" => "Contacts",
            "any" => "Any",
            other => panic!("unknown record_kind {other} in activity_forms.csv"),
        };
        vec![("KIND: &[RecordKind]", format!("RecordKind::{kind}")), sensitive(row)]
    });
    table(&mut out, "target_groups", "TARGET_GROUPS", |row| vec![sensitive(row)]);
    table(&mut out, "themes", "THEMES", |_| Vec::new());
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
    let target = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("codes.rs");
    fs::write(target, out).expect("OUT_DIR is writable");
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
fn table(out: &mut String, file: &str, name: &str, properties: impl Fn(&Row) -> Vec<Column>) {
    let mut rows = rows(file);
    let in_file_order: Vec<String> = rows.iter().map(|row| row["code"].clone()).collect();
    rows.sort_by(|a, b| a["code"].cmp(&b["code"]));
    let codes: Vec<&str> = rows.iter().map(|row| row["code"].as_str()).collect();
    writeln!(out, "static {name}: &[&str] = &{codes:?};").expect("writing to a string");
    let names: Vec<String> = rows.iter().map(names).collect();
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

/// `suomi|svenska|English`; a name that is like the Finnish one is left empty.
fn names(row: &Row) -> String {
    let finnish = &row["name_fi"];
    let other = |name: &str| if row[name] == *finnish { "" } else { row[name].as_str() };
    let names = [finnish.as_str(), other("name_sv"), other("name_en")];
    assert!(!names.concat().contains(['|', '\n']) && !finnish.is_empty(), "{names:?} cannot be written in one line");
    names.join("|")
}
