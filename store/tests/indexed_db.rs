//! The store in a real browser's IndexedDB.

#![cfg(target_arch = "wasm32")]

use domain::{AssociationId, ChangeId, Content, Kind, RecordId};
use serde_json::json;
use store::PhoneStore;
use sync::{
    Body, LocalRecord, Outbox, Writes,
    outbox::{Cursor, Edit},
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const ASSOCIATION: AssociationId = AssociationId::from_bytes([9; 16]);

fn content(participants: u32) -> Content {
    json!({"participants": participants}).as_object().cloned().expect("object")
}

fn edit(n: u8, participants: u32) -> Edit {
    Edit {
        change: ChangeId::from_bytes([n; 16]),
        association: ASSOCIATION,
        record: RecordId::from_bytes([n; 16]),
        kind: Kind::Gathering,
        body: Body::Content(content(participants)),
        made_at: 1,
    }
}

/// A database of its own for each test: its name is the test's.
async fn open(name: &str) -> PhoneStore {
    PhoneStore::open_named(format!("test-{name}")).await.expect("opens")
}

#[wasm_bindgen_test]
async fn s2_what_was_committed_is_there_after_opening_again() {
    let mut outbox = Outbox::default();
    let store = open("committed").await;
    for (n, participants) in [(1, 14), (2, 22)] {
        let writes = outbox.edit(edit(n, participants));
        store.commit(&writes).await.expect("commits");
        outbox.apply(&writes);
    }
    drop(store);
    let found = open("committed").await.load().await.expect("loads");
    assert_eq!(found.outbox, outbox);
    assert_eq!(found.unreadable, 0);
}

#[wasm_bindgen_test]
async fn a_receipt_drops_the_entry_and_keeps_the_record_and_the_counter() {
    let store = open("receipt").await;
    let writes = Outbox::default().edit(edit(1, 14));
    store.commit(&writes).await.expect("commits");
    let record = LocalRecord {
        association: ASSOCIATION,
        kind: Kind::Gathering,
        id: RecordId::from_bytes([1; 16]),
        rev: 1,
        seq: 7,
        content: Some(content(14)),
        mine: true,
        by: None,
        received_at: Some(5),
        count_changed: None,
    };
    let settled = Writes {
        drop_entries: vec![ChangeId::from_bytes([1; 16])],
        put_records: vec![record.clone()],
        cursors: vec![(ASSOCIATION, Cursor { epoch: "e".into(), seq: 7 })],
        ..Writes::default()
    };
    store.commit(&settled).await.expect("commits");
    let found = store.load().await.expect("loads").outbox;
    assert!(found.entries.is_empty());
    assert_eq!(found.counter, 1, "the number of changes ever made is not forgotten");
    assert_eq!(found.records.into_values().collect::<Vec<_>>(), [record]);
    assert_eq!(found.cursors[&ASSOCIATION].seq, 7);
}

#[wasm_bindgen_test]
async fn s1_a_draft_is_kept_until_its_gathering_is_saved() {
    let store = open("draft").await;
    let id = RecordId::from_bytes([3; 16]);
    store.put_draft(id, r#"{"participants":3}"#).await.expect("keeps");
    store.put_draft(RecordId::from_bytes([4; 16]), "{}").await.expect("keeps");
    store.drop_draft(RecordId::from_bytes([4; 16])).await.expect("drops");
    assert_eq!(store.load().await.expect("loads").drafts, [(id, r#"{"participants":3}"#.to_owned())]);
    store.commit(&Outbox::default().edit(edit(3, 3))).await.expect("commits");
    assert!(store.load().await.expect("loads").drafts.is_empty());
}

#[wasm_bindgen_test]
async fn s10_each_user_has_a_database_of_their_own() {
    let one = open("user-one").await;
    one.commit(&Outbox::default().edit(edit(1, 14))).await.expect("commits");
    let other = open("user-two").await;
    assert_eq!(other.load().await.expect("loads").outbox, Outbox::default());
}
