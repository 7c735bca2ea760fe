//! Turns the official code lists in `data/` into static tables, so that nothing is parsed on the phone.
//!
//! Codes and names stand in separate tables: the browser needs every municipality's code, and only on demand its names.

use std::{env, fmt::Write as _, fs, path::Path};

fn main() {
    println!("cargo:rerun-if-changed=data");
    let mut out = String::new();
    table(&mut out, "municipalities", "MUNICIPALITIES", |row| {
        let languages = &row["languages"];
        format!(
            "county: {:?}, finnish: {}, swedish: {}, population: {}",
            row["county_code"],
            languages.contains("fi"),
            languages.contains("sv"),
            row["population_2022"]
        )
    });
    table(&mut out, "counties", "COUNTIES", |_| String::new());
    table(&mut out, "activity_forms", "ACTIVITY_FORMS", |row| {
        let kind = match row["record_kind"].as_str() {
            "series" => "Series",
            "single" => "Single",
            "open_day" => "OpenDay",
            "contacts" => "Contacts",
            "any" => "Any",
            other => panic!("unknown record_kind {other} in activity_forms.csv"),
        };
        format!("kind: RecordKind::{kind}, sensitive: {}", row["sensitive"] == "1")
    });
    table(&mut out, "target_groups", "TARGET_GROUPS", |row| format!("sensitive: {}", row["sensitive"] == "1"));
    table(&mut out, "themes", "THEMES", |_| String::new());
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

type Row = std::collections::HashMap<String, String>;

fn rows(file: &str) -> Vec<Row> {
    let path = format!("data/{file}.csv");
    csv::Reader::from_path(&path)
        .unwrap_or_else(|error| panic!("{path}: {error}"))
        .deserialize()
        .map(|row| row.unwrap_or_else(|error| panic!("{path}: {error}")))
        .collect()
}

/// Writes `static {name}: &[Entry]` sorted by code, with names beside it in `{name}_NAMES` at the same index.
fn table(out: &mut String, file: &str, name: &str, extra: impl Fn(&Row) -> String) {
    let mut rows = rows(file);
    let in_file_order: Vec<String> = rows.iter().map(|row| row["code"].clone()).collect();
    rows.sort_by(|a, b| a["code"].cmp(&b["code"]));
    let entry = match name {
        "MUNICIPALITIES" => "MunicipalityRow",
        "ACTIVITY_FORMS" => "ActivityFormRow",
        "TARGET_GROUPS" => "TargetGroupRow",
        _ => "PlainRow",
    };
    writeln!(out, "static {name}: &[{entry}] = &[").expect("writing to a string");
    for row in &rows {
        writeln!(out, "    {entry} {{ code: {:?}, {} }},", row["code"], extra(row)).expect("writing to a string");
    }
    writeln!(out, "];\nstatic {name}_NAMES: &[[&str; 3]] = &[").expect("writing to a string");
    for row in &rows {
        writeln!(out, "    [{:?}, {:?}, {:?}],", row["name_fi"], row["name_sv"], row["name_en"])
            .expect("writing to a string");
    }
    let order: Vec<String> = in_file_order
        .iter()
        .map(|code| rows.iter().position(|row| &row["code"] == code).expect("same rows").to_string())
        .collect();
    writeln!(out, "];\nstatic {name}_ORDER: &[u16] = &[{}];", order.join(", ")).expect("writing to a string");
}
