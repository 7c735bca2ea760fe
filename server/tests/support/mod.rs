//! Helpers of both suites: makes changes as a phone does, and has the server accept them without a socket.

use domain::{AssociationId, ChangeId, Content, Date, DeviceId, Kind, RecordId, Role, UserId};
use serde_json::{Value, json};
use server::store::{Store, Transaction};
use sync::{
    protocol::{Change, ChangeResult},
    rules::{self, Loaded, ReadChange, Who, Writes},
};
use uuid::Uuid;

/// The server's clock in these tests: a Saturday noon in Helsinki.
pub const TODAY: Date = Date::constant(2026, 11, 21);
/// The server's time when a test does not care, milliseconds since 1970.
pub const NOW_MS: i64 = 1_795_255_200_000;

pub fn content(value: Value) -> Content {
    value.as_object().cloned().expect("an object")
}

pub fn new_record() -> RecordId {
    RecordId::new(Uuid::new_v4())
}

/// A change with an id of its own.
pub fn change(kind: Kind, record: RecordId, base: u32, of: Value) -> Change {
    Change {
        change: ChangeId::new(Uuid::new_v4()),
        record,
        kind,
        base,
        content: Some(content(of)),
        deleted: false,
        made_at: NOW_MS,
        filed: false,
    }
}

/// An ordinary club meeting in November.
pub fn club(participants: u32) -> Value {
    json!({"form": "kerho", "date": "2026-11-16", "municipality": "755", "participants": participants, "volunteers": 2,
           "volunteer_quarter_hours": 16})
}

/// `base` with the fields of `more` over it.
pub fn with(base: Value, more: Value) -> Value {
    let mut whole = content(base);
    whole.extend(content(more));
    Value::Object(whole)
}

/// What a transaction found, answered and wrote.
#[derive(Debug)]
pub struct Taken {
    pub loaded: Loaded,
    pub results: Vec<ChangeResult>,
    pub writes: Writes,
}

/// Somebody who writes in an association.
#[derive(Clone, Copy, Debug)]
pub struct Scribe(pub Who);

impl Scribe {
    pub fn new(association: AssociationId, user: UserId, role: Role) -> Scribe {
        let device = DeviceId::new(user.uuid());
        Scribe(Who {
            user,
            device,
            association,
            role,
            volunteers_set_up_series: true,
            volunteers_change_others: true,
            today: TODAY,
        })
    }

    /// The steps of a push, up to the commit.
    pub async fn write(&self, tx: &mut dyn Transaction, changes: &[Change]) -> Taken {
        let changes: Vec<ReadChange> = changes.iter().cloned().map(Ok).collect();
        let loaded = tx.load(self.0.association, &rules::keys(&changes)).await.expect("load");
        let (results, writes) = rules::decide(loaded.clone(), &self.0, &changes);
        tx.apply(self.0.association, &writes, NOW_MS).await.expect("apply");
        Taken { loaded, results, writes }
    }

    /// A whole push.
    pub async fn take(&self, store: &dyn Store, changes: &[Change]) -> Taken {
        let mut tx = store.begin(&[self.0.association]).await.expect("begin");
        let taken = self.write(&mut *tx, changes).await;
        tx.commit().await.expect("commit");
        taken
    }
}
