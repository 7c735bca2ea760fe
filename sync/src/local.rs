//! What a device keeps of its own: its unsent changes, the records as received, how far it has read, and what one transaction of the
//! local store writes of these. Plain data; the rules by which it changes are in `outbox`.

use domain::{AssociationId, ChangeId, Content, Kind, RecordId};
use serde::{Deserialize, Serialize};

use crate::{canonical::body_hash, protocol::Change, rules::codes};

/// What the server waits for when it answers `again-later`: its code, the field that refers to it, and its kind.
pub(crate) const REFERENCES: [(&str, &str, Kind); 2] =
    [(codes::UNKNOWN_SERIES, "series", Kind::Series), (codes::UNKNOWN_GATHERING, "gathering", Kind::Gathering)];

/// What a change says of its record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    Content(Content),
    Deleted,
}

impl Body {
    pub fn content(&self) -> Option<&Content> {
        match self {
            Body::Content(content) => Some(content),
            Body::Deleted => None,
        }
    }

    /// The hash that a receipt for this body has to name (S4).
    pub fn hash(&self) -> String {
        body_hash(self.content())
    }
}

/// Where an entry of the outbox stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    Waiting,
    /// Stays until its author mends it or throws it away (S6).
    Refused {
        code: String,
        fields: Vec<String>,
    },
}

/// One unsent change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub change: ChangeId,
    pub association: AssociationId,
    pub record: RecordId,
    pub kind: Kind,
    pub base: u32,
    pub body: Body,
    /// The device's clock when made, milliseconds since 1970.
    pub made_at: i64,
    /// Place in the queue; also the number of changes that the device has ever made.
    pub order: u64,
    pub state: EntryState,
    /// It has been on the wire: the server may hold it, so it is never changed, joined or undone by dropping.
    #[serde(default)]
    pub sent: bool,
    /// It has been saved in a file (`file`), and may reach the server from another phone.
    #[serde(default)]
    pub filed: bool,
    /// How often this entry was written before: of two copies the higher one is newer (S3).
    #[serde(default)]
    pub version: u32,
}

impl Entry {
    pub fn to_change(&self) -> Change {
        Change {
            change: self.change,
            record: self.record,
            kind: self.kind,
            base: self.base,
            content: self.body.content().cloned(),
            deleted: self.body == Body::Deleted,
            made_at: self.made_at,
            filed: self.filed,
        }
    }

    /// This entry, to be changed and written once more.
    pub(crate) fn next(&self) -> Entry {
        Entry { version: self.version + 1, ..self.clone() }
    }

    /// This entry as one that may be with the server.
    pub(crate) fn as_sent(&self) -> Entry {
        Entry { sent: true, ..self.next() }
    }

    /// This entry as one of which it is not known what it started from.
    pub(crate) fn without_base(&self) -> Entry {
        Entry { base: 0, ..self.next() }
    }

    pub(crate) fn gone(&self) -> Gone {
        Gone { change: self.change, version: self.version }
    }

    pub(crate) fn is_waiting(&self) -> bool {
        self.state == EntryState::Waiting
    }

    /// The server has given no final answer to it: what is too large to travel, or refers to something unknown, is refused by
    /// the device itself.
    pub(crate) fn is_unheard(&self) -> bool {
        match &self.state {
            EntryState::Waiting => true,
            EntryState::Refused { code, .. } => {
                code == codes::TOO_LARGE || REFERENCES.iter().any(|(unknown, ..)| unknown == code)
            }
        }
    }
}

/// A record as the server last told it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LocalRecord {
    pub association: AssociationId,
    pub kind: Kind,
    pub id: RecordId,
    pub rev: u32,
    pub seq: u64,
    /// None when deleted.
    pub content: Option<Content>,
    #[serde(default)]
    pub mine: bool,
    #[serde(default)]
    pub by: Option<String>,
    /// The server's time of the last receipt for it, milliseconds since 1970.
    #[serde(default)]
    pub received_at: Option<i64>,
    /// The association changed a head count of mine: what it was and what it is, until the user has seen it.
    #[serde(default)]
    pub count_changed: Option<(u64, u64)>,
    /// The server's mark on it as it was told, for an offer (S9).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seal: String,
}

/// How far an association's changes have been read, and in which epoch of the server (S9).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub epoch: String,
    pub seq: u64,
}

/// A change that the user's own act dropped, and the last version that it had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    pub change: ChangeId,
    pub version: u32,
}

/// What one transaction of the local store has to write.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LocalWrites {
    pub put_entries: Vec<Entry>,
    pub drop_entries: Vec<ChangeId>,
    pub put_records: Vec<LocalRecord>,
    pub cursors: Vec<(AssociationId, Cursor)>,
    /// The draft that became a record.
    pub drop_draft: Option<RecordId>,
    /// Of the dropped entries, those that the user's own act dropped: taken back, thrown away, or replaced by an edit. The
    /// mirror remembers them (S3).
    pub gone: Vec<Gone>,
    /// A place in the queue was given out.
    pub counts: bool,
    /// How many changes this device has ever made, where the database has forgotten it.
    pub counter: Option<u64>,
    /// How many counted changes no longer come, because the user took them back or threw them away before the server had them;
    /// negative where one stands again.
    pub thrown: i64,
}

impl LocalWrites {
    pub fn is_empty(&self) -> bool {
        *self == LocalWrites::default()
    }
}
