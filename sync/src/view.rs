//! What the screens show: the received records with the device's own pending edits laid over them, and the status of
//! each.

use domain::{AssociationId, ChangeId, Content, Kind, RecordId};
use litemap::LiteMap;

use crate::{
    local::{Entry, EntryState, LocalRecord},
    outbox::{Outbox, with_edits},
};

/// Where a record is, for the words on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// On this phone only; goes when a network is found.
    Waiting { change: ChangeId },
    /// Not accepted: has to be mended.
    Refused { change: ChangeId, code: String, fields: Vec<String> },
    /// With the server, at its time in milliseconds since 1970; none where another device sent it.
    Received { at: Option<i64> },
}

/// One record as the screen shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub association: AssociationId,
    pub kind: Kind,
    pub id: RecordId,
    /// The server's revision underneath; 0 when it has none yet.
    pub rev: u32,
    /// The server's order; later than any for a record that it does not have.
    pub seq: u64,
    pub content: Content,
    pub delivery: Delivery,
    pub mine: bool,
    pub by: Option<String>,
    pub count_changed: Option<(u64, u64)>,
}

/// Everything that is not deleted, of one kind.
pub fn shown(outbox: &Outbox, kind: Kind) -> Vec<Shown> {
    let mut pending: LiteMap<RecordId, Vec<&Entry>> = LiteMap::new();
    for entry in outbox.entries.values().filter(|entry| entry.kind == kind) {
        pending.entry(entry.record).or_default().push(entry);
    }
    let received = outbox.records.values().filter(|record| record.kind == kind);
    let mut all: Vec<Shown> =
        received.filter_map(|record| one(Some(record), pending.remove(&record.id).unwrap_or_default())).collect();
    all.extend(pending.into_iter().filter_map(|(_, entries)| one(None, entries)));
    all
}

fn one(record: Option<&LocalRecord>, entries: Vec<&Entry>) -> Option<Shown> {
    let received = record.and_then(|record| record.content.clone());
    let content = with_edits(received, entries.iter().copied())?;
    let delivery = match entries.last() {
        None => Delivery::Received { at: record.and_then(|record| record.received_at) },
        Some(entry) => match &entry.state {
            EntryState::Waiting => Delivery::Waiting { change: entry.change },
            EntryState::Refused { code, fields } => {
                Delivery::Refused { change: entry.change, code: code.clone(), fields: fields.clone() }
            }
        },
    };
    let (association, kind, id) = match (record, entries.first()) {
        (Some(record), _) => (record.association, record.kind, record.id),
        (None, Some(entry)) => (entry.association, entry.kind, entry.record),
        (None, None) => return None,
    };
    Some(Shown {
        association,
        kind,
        id,
        rev: record.map_or(0, |record| record.rev),
        seq: record.map_or(u64::MAX, |record| record.seq),
        content,
        delivery,
        mine: record.is_none_or(|record| record.mine),
        by: record.and_then(|record| record.by.clone()),
        count_changed: record.and_then(|record| record.count_changed),
    })
}
