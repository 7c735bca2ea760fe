//! What waits on a phone, as a file: for a phone whose network or sign-in does not come back. Its user saves the file,
//! and a reviewer of the association takes it up on another device.
//!
//! The changes keep their ids. When the first phone does connect again, the server recognises its changes by them and
//! answers with the stored results (S5), so that no record is doubled.

use std::collections::HashSet;

use domain::{AssociationId, ChangeId, Role, permission::may_change};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    canonical::depth,
    limits,
    local::{Body, Entry, EntryState, LocalWrites},
    outbox::Outbox,
    protocol::Change,
};

/// What the file says of itself.
pub const MAGIC: &str = "hytevihko-outbox-1";
/// Larger than any outbox of a year, in bytes.
pub const BYTES_MAX: usize = 16 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
struct OutboxFile {
    magic: String,
    changes: Vec<Value>,
}

/// One change of a file, and whose it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FiledChange {
    pub association: AssociationId,
    pub change: Change,
}

/// Why a file could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileProblem {
    /// Not a file of ours, or cut short.
    Unreadable,
    TooLarge,
}

/// What was read of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filed {
    pub changes: Vec<FiledChange>,
    /// Changes that could not be read; the others count.
    pub unreadable: usize,
}

impl Outbox {
    /// To be committed before a file is given away: from then on the server may hold its changes, and whoever brings them, they do
    /// not count as this phone's ([`LocalWrites::thrown`]).
    pub fn mark_filed(&self) -> LocalWrites {
        let unfiled = self.entries.values().filter(|entry| !entry.filed);
        let put_entries: Vec<Entry> = unfiled.map(|entry| Entry { filed: true, ..entry.as_sent() }).collect();
        let thrown = put_entries.iter().filter(|entry| entry.is_unheard()).count() as i64;
        LocalWrites { put_entries, thrown, ..LocalWrites::default() }
    }
}

/// The file's text: all that waits or was refused, in the order of the queue.
pub fn write(outbox: &Outbox) -> String {
    let filed = |entry: &Entry| FiledChange { association: entry.association, change: entry.to_change() };
    let changes = outbox.entries.values().filter_map(|entry| serde_json::to_value(filed(entry)).ok()).collect();
    serde_json::to_string(&OutboxFile { magic: MAGIC.to_owned(), changes }).unwrap_or_default()
}

/// Reads a file's text, change by change. `volunteers_set_up_series` is what the association says of itself.
pub fn read(text: &str, volunteers_set_up_series: bool) -> Result<Filed, FileProblem> {
    if text.len() > BYTES_MAX {
        return Err(FileProblem::TooLarge);
    }
    let file: OutboxFile = serde_json::from_str(text).map_err(|_| FileProblem::Unreadable)?;
    if file.magic != MAGIC {
        return Err(FileProblem::Unreadable);
    }
    let total = file.changes.len();
    let mut seen = HashSet::new();
    let changes: Vec<FiledChange> = file
        .changes
        .into_iter()
        .filter(|item| depth(item) <= limits::JSON_DEPTH_MAX)
        .filter_map(|item| serde_json::from_value::<FiledChange>(item).ok())
        .filter(|FiledChange { change, .. }| {
            // A reviewer takes it up with their own rights: what a volunteer may not do is not taken from a file.
            let is_volunteers = may_change(Role::Volunteer, change.kind, volunteers_set_up_series);
            is_volunteers && change.deleted != change.content.is_some() && seen.insert(change.change)
        })
        .collect();
    Ok(Filed { unreadable: total - changes.len(), changes })
}

impl Outbox {
    /// Takes up changes of a file, behind what waits here. Those that wait here already are left out. A change of a record that
    /// also has a change of its own here goes in all the same: what differs is asked about (S11).
    pub fn take_in(&self, changes: &[FiledChange]) -> LocalWrites {
        let waits: HashSet<ChangeId> = self.entries.values().map(|entry| entry.change).collect();
        let new = changes.iter().filter(|filed| !waits.contains(&filed.change.change));
        let put_entries: Vec<Entry> = new
            .zip(self.counter + 1..)
            .map(|(FiledChange { association, change }, order)| Entry {
                change: change.change,
                association: *association,
                record: change.record,
                kind: change.kind,
                base: change.base,
                body: change.content.clone().map_or(Body::Deleted, Body::Content),
                made_at: change.made_at,
                order,
                state: EntryState::Waiting,
                // The phone that it comes from may have sent it: nothing may join it or take its place.
                sent: true,
                filed: true,
                version: 0,
            })
            .collect();
        LocalWrites {
            counts: !put_entries.is_empty(),
            thrown: put_entries.len() as i64,
            put_entries,
            ..LocalWrites::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{Content, Kind, RecordId};
    use serde_json::json;

    use super::*;
    use crate::{
        outbox::Edit,
        protocol::{ChangeResult, Outcome},
    };

    const ASSOCIATION: AssociationId = AssociationId::from_bytes([9; 16]);

    fn content(participants: u32) -> Content {
        json!({"participants": participants}).as_object().cloned().expect("object")
    }

    fn with(edits: &[(u8, Body)]) -> Outbox {
        let mut outbox = Outbox::default();
        for (n, body) in edits {
            let writes = outbox.edit(Edit {
                change: ChangeId::from_bytes([*n; 16]),
                association: ASSOCIATION,
                record: RecordId::from_bytes([*n; 16]),
                kind: Kind::Gathering,
                body: body.clone(),
                made_at: 1_795_000_000_000,
            });
            outbox.apply(&writes);
        }
        outbox
    }

    #[test]
    fn what_was_saved_as_a_file_is_taken_up_elsewhere_with_its_ids() {
        let mut phone = with(&[(1, Body::Content(content(14))), (2, Body::Content(content(22)))]);
        let marks = phone.mark_filed();
        phone.apply(&marks);
        assert!(phone.mark_filed().is_empty());
        assert!(phone.entries.values().all(|entry| entry.sent), "an edit may not join what has been given away");
        let filed = read(&write(&phone), true).expect("our own file");
        let mut other = with(&[(3, Body::Content(content(6)))]);
        other.apply(&other.take_in(&filed.changes));
        assert_eq!((other.entries.len(), other.counter, filed.unreadable), (3, 3, 0));
        // Neither phone has to account for them.
        assert_eq!((phone.counter - phone.thrown, other.counter - other.thrown), (0, 1));
        for entry in phone.entries.values() {
            let taken = other.entry(entry.change).expect("taken up");
            assert_eq!((taken.record, &taken.body, taken.base), (entry.record, &entry.body, entry.base));
        }
        // Again: nothing more.
        assert!(other.take_in(&filed.changes).is_empty());
    }

    /// Recorded, saved as a file, corrected, saved again: whoever sends both, the correction is no second opinion.
    #[test]
    fn s11_a_correction_of_what_was_filed_twice_is_not_a_clash() {
        let mut phone = with(&[(1, Body::Content(content(14)))]);
        phone.apply(&phone.mark_filed());
        let writes = phone.edit(Edit {
            change: ChangeId::from_bytes([2; 16]),
            association: ASSOCIATION,
            record: RecordId::from_bytes([1; 16]),
            kind: Kind::Gathering,
            body: Body::Content(content(15)),
            made_at: 1_795_000_000_000,
        });
        phone.apply(&writes);
        phone.apply(&phone.mark_filed());
        assert_eq!((phone.entries.len(), phone.unheard(), phone.counter - phone.thrown), (2, 0, 0));
        let first = phone.entries.values().next().expect("the first").clone();
        let receipt = ChangeResult {
            change: first.change,
            outcome: Outcome::Stored,
            record: first.record,
            sent_hash: first.body.hash(),
            rev: 1,
            seq: 7,
            hash: first.body.hash(),
            content: None,
            fields: Vec::new(),
            code: None,
            seal: String::new(),
            whose: None,
        };
        let (writes, _) = phone.settle(&[first.change], &[receipt], 5);
        phone.apply(&writes);
        let corrected = phone.entries.values().next().expect("the correction");
        assert_eq!((phone.entries.len(), corrected.base, &corrected.body), (1, 1, &Body::Content(content(15))));
    }

    #[test]
    fn a_group_comes_by_a_file_only_where_volunteers_set_up_groups() {
        let mut phone = with(&[(1, Body::Content(content(14)))]);
        let series = json!({"name": "Tiistaikerho", "form": "kerho", "municipality": "755"});
        let writes = phone.edit(Edit {
            change: ChangeId::from_bytes([2; 16]),
            association: ASSOCIATION,
            record: RecordId::from_bytes([2; 16]),
            kind: Kind::Series,
            body: Body::Content(series.as_object().cloned().expect("object")),
            made_at: 0,
        });
        phone.apply(&writes);
        let kinds = |allowed| {
            let filed = read(&write(&phone), allowed).expect("our own file");
            (filed.changes.iter().map(|filed| filed.change.kind).collect::<Vec<_>>(), filed.unreadable)
        };
        assert_eq!(kinds(true), (vec![Kind::Gathering, Kind::Series], 0));
        assert_eq!(kinds(false), (vec![Kind::Gathering], 1));
    }

    #[test]
    fn a_file_that_is_not_ours_is_refused_and_of_a_damaged_one_the_rest_counts() {
        let cut = write(&with(&[(1, Body::Deleted), (2, Body::Content(content(1)))]));
        for text in ["", "{}", "hei", r#"{"magic":"other","changes":[]}"#, &cut[..cut.len() / 2]] {
            assert_eq!(read(text, true), Err(FileProblem::Unreadable), "{text}");
        }
        assert_eq!(read(&" ".repeat(BYTES_MAX + 1), true), Err(FileProblem::TooLarge));
        let mut file: Value = serde_json::from_str(&cut).expect("JSON");
        let changes = file["changes"].as_array_mut().expect("changes");
        let twice = changes[0].clone();
        let mut review = twice.clone();
        review["change"]["change"] = json!(ChangeId::from_bytes([7; 16]));
        review["change"]["kind"] = json!("review");
        changes.extend([json!({"change": 1}), json!("hei"), twice, review]);
        let filed = read(&file.to_string(), true).expect("our file");
        assert_eq!((filed.changes.len(), filed.unreadable), (1, 4));
    }
}
