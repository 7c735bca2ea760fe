//! What somebody said of the columns of an association's spreadsheets, remembered on this device: next year's has the same ones. Another
//! device asks again, and nothing of it is sent.
//!
//! Of a heading only a hash is kept. What people write over their columns is theirs, and a device is not always one person's.

use std::collections::BTreeMap;

use domain::{AssociationId, import::Column};
use leptos::prelude::window;
use serde::{Deserialize, Serialize};

use crate::phone::base::half_written::fnv;

/// Headings of an association that are remembered: those of several different tables.
const HEADINGS_MAX: usize = 200;

/// By the hash of its heading, the code of each column; empty where nothing is read from it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Remembered {
    columns: BTreeMap<String, String>,
    /// The activity form where neither a row nor its group says one.
    pub form: Option<String>,
}

fn key(association: AssociationId) -> String {
    format!("hytevihko-columns-{association}")
}

impl Remembered {
    /// Nothing where nothing was kept, or another version kept it.
    pub fn of(association: AssociationId) -> Remembered {
        let storage = window().local_storage().ok().flatten();
        let text = storage.and_then(|storage| storage.get_item(&key(association)).ok()?);
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    /// Where the browser keeps nothing, it is asked again next time.
    pub fn keep(&self, association: AssociationId) {
        let Ok(Some(storage)) = window().local_storage() else { return };
        let _ = match (*self == Remembered::default(), serde_json::to_string(self)) {
            (false, Ok(text)) => storage.set_item(&key(association), &text),
            _ => storage.remove_item(&key(association)),
        };
    }

    /// Takes what was said of a table's columns.
    pub fn learn(&mut self, headings: &[String], columns: &[String]) {
        if self.columns.len() + headings.len() > HEADINGS_MAX {
            self.columns.clear();
        }
        for (heading, code) in headings.iter().zip(columns).filter(|(heading, _)| !heading.trim().is_empty()) {
            self.columns.insert(hash(heading), code.clone());
        }
    }

    /// What the columns of a table are by what is remembered; none where that says no more than was found.
    pub fn over(&self, headings: &[String], found: &[String]) -> Option<Vec<String>> {
        let is_known = |code: &&String| code.is_empty() || Column::parse(code).is_some();
        let said = |heading: &String| self.columns.get(&hash(heading)).filter(is_known);
        let mut columns: Vec<String> =
            headings.iter().zip(found).map(|(heading, found)| said(heading).unwrap_or(found).clone()).collect();
        // A column is one of the table's: what was said goes before what was found, and of two that were said the first.
        let mut taken: Vec<String> = Vec::new();
        for is_said in [true, false] {
            for (heading, code) in headings.iter().zip(&mut columns).filter(|(_, code)| !code.is_empty()) {
                if said(heading).is_some() != is_said {
                    continue;
                }
                if taken.contains(code) {
                    code.clear();
                } else {
                    taken.push(code.clone());
                }
            }
        }
        (columns != *found).then_some(columns)
    }
}

fn hash(heading: &str) -> String {
    format!("{:08x}", fnv(&heading.trim().to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn the_columns_of_last_year_s_table_are_those_of_this_year_s() {
        let mut remembered = Remembered::default();
        remembered.learn(&texts(&["Koska", "Montako", "Pvm"]), &texts(&["date", "participants", ""]));
        // One more column, another order, and case.
        let headings = texts(&["Pvm", "KOSKA ", "Huom", "Montako"]);
        let found = texts(&["date", "", "note", ""]);
        assert_eq!(remembered.over(&headings, &found), Some(texts(&["", "date", "note", "participants"])));
        assert_eq!(remembered.over(&texts(&["Muu"]), &texts(&["note"])), None, "nothing to say of another table");
        let same = texts(&["", "date", "note", "participants"]);
        assert_eq!(remembered.over(&headings, &same), None);
    }

    #[test]
    fn what_was_said_goes_before_what_was_found_and_no_column_is_there_twice() {
        let mut remembered = Remembered::default();
        remembered.learn(&texts(&["Väkeä"]), &texts(&["participants"]));
        let headings = texts(&["Osallistujia", "Väkeä", "väkeä"]);
        let found = texts(&["participants", "", ""]);
        assert_eq!(remembered.over(&headings, &found), Some(texts(&["", "participants", ""])));
    }

    #[test]
    fn a_column_that_this_version_does_not_have_is_not_asked_for() {
        let mut remembered = Remembered::default();
        remembered.learn(&texts(&["Sää"]), &texts(&["weather"]));
        assert_eq!(remembered.over(&texts(&["Sää"]), &texts(&[""])), None);
    }

    #[test]
    fn it_does_not_grow_without_end_and_holds_no_heading() {
        let mut remembered = Remembered::default();
        for table in 0..50 {
            let headings: Vec<String> = (0..64).map(|at| format!("Maijan sarake {table} {at}")).collect();
            remembered.learn(&headings, &headings.iter().map(|_| "note".to_owned()).collect::<Vec<_>>());
        }
        assert!(remembered.columns.len() <= HEADINGS_MAX);
        let kept = serde_json::to_string(&remembered).expect("text");
        assert!(!kept.contains("Maijan"), "{kept}");
        assert_eq!(serde_json::from_str::<Remembered>(&kept).expect("read"), remembered);
    }
}
