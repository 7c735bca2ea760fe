//! The tests of the store, in a real browser's IndexedDB.

#![cfg(target_arch = "wasm32")]

use domain::{AssociationId, ChangeId, Content, Kind, RecordId};
use rexie::{ObjectStore, Rexie, TransactionMode};
use serde_json::json;
use store::{Copies, PhoneStore};
use sync::{Body, LocalRecord, LocalWrites, Outbox, local::Cursor, mirror::Health, outbox::Edit};
use wasm_bindgen_futures::JsFuture;
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

fn received(n: u8, seq: u64, participants: u32) -> LocalRecord {
    LocalRecord {
        association: ASSOCIATION,
        kind: Kind::Gathering,
        id: RecordId::from_bytes([n; 16]),
        rev: 1,
        seq,
        content: Some(content(participants)),
        mine: true,
        by: None,
        received_at: Some(5),
        count_changed: None,
        seal: String::new(),
    }
}

/// A page of a pull, as one commit: each record has `participants` people.
fn page(numbers: std::ops::Range<u8>, seq: u64, participants: u32) -> LocalWrites {
    LocalWrites { put_records: numbers.map(|n| received(n, seq, participants)).collect(), ..LocalWrites::default() }
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
        store.commit(&writes, Some(&outbox)).await.expect("commits");
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
    store.commit(&writes, None).await.expect("commits");
    let record = received(1, 7, 14);
    let settled = LocalWrites {
        drop_entries: vec![ChangeId::from_bytes([1; 16])],
        put_records: vec![record.clone()],
        cursors: vec![(ASSOCIATION, Cursor { epoch: "e".into(), seq: 7 })],
        ..LocalWrites::default()
    };
    store.commit(&settled, None).await.expect("commits");
    let found = store.load().await.expect("loads").outbox;
    assert!(found.entries.is_empty());
    assert_eq!(found.counter, 1, "the number of changes ever made is not forgotten");
    assert_eq!(found.records.into_values().collect::<Vec<_>>(), [record]);
    assert_eq!(found.cursors[&ASSOCIATION].seq, 7);
}

#[wasm_bindgen_test]
async fn a_page_of_records_is_one_row_and_the_newest_of_each_is_read() {
    let store = open("page").await;
    let participants = async || {
        let found = open("page").await.load().await.expect("loads");
        assert_eq!(found.unreadable, 0);
        let count = |record: &LocalRecord| record.content.as_ref()?.get("participants")?.as_u64();
        found.outbox.records.values().map(|record| count(record).unwrap_or(0)).collect::<Vec<_>>()
    };
    store.commit(&page(0..30, 1, 1), None).await.expect("commits");
    assert_eq!(participants().await, [1; 30]);
    assert_eq!(rows("test-page").await, 1);
    // A row of its own is newer than the page before it, and a page newer than the pages and rows before it.
    store.commit(&page(0..2, 2, 2), None).await.expect("commits");
    assert_eq!(participants().await, [[2; 2].as_slice(), &[1; 28]].concat());
    store.commit(&page(1..25, 3, 3), None).await.expect("commits");
    assert_eq!(participants().await, [[2].as_slice(), &[3; 24], &[1; 5]].concat());
    assert_eq!(rows("test-page").await, 3);
    for round in 4..16 {
        store.commit(&page(0..30, round, round as u32), None).await.expect("commits");
    }
    assert_eq!(participants().await, [15; 30]);
}

#[wasm_bindgen_test]
async fn received_records_that_cannot_be_read_are_pulled_anew() {
    let store = open("damaged").await;
    let cursors = vec![(ASSOCIATION, Cursor { epoch: "e".into(), seq: 31 })];
    store.commit(&LocalWrites { cursors, ..page(0..30, 1, 1) }, None).await.expect("commits");
    store.commit(&Outbox::default().edit(edit(40, 14)), None).await.expect("commits");
    store.commit(&page(30..32, 2, 2), None).await.expect("commits");
    let tx = database("test-damaged").await.transaction(&["records"], TransactionMode::ReadWrite).expect("begins");
    let half = "[{\"association\":".into();
    tx.store("records").expect("store").put(&half, Some(&"+0000000000".into())).await.expect("puts");
    tx.done().await.expect("commits");
    store.reconcile().await.expect("reconciles");
    let found = open("damaged").await.load().await.expect("loads");
    assert_eq!((found.outbox.records.len(), found.outbox.entries.len(), found.unreadable), (2, 1, 0));
    assert_eq!(found.outbox.cursors[&ASSOCIATION], Cursor { epoch: "e".into(), seq: 0 });
    assert_eq!(rows("test-damaged").await, 2);
}

#[wasm_bindgen_test]
async fn s1_a_draft_is_kept_until_its_gathering_is_saved() {
    let store = open("draft").await;
    let id = RecordId::from_bytes([3; 16]);
    store.put_draft(id, r#"{"participants":3}"#).await.expect("keeps");
    store.put_draft(RecordId::from_bytes([4; 16]), "{}").await.expect("keeps");
    store.drop_draft(RecordId::from_bytes([4; 16])).await.expect("drops");
    assert_eq!(store.load().await.expect("loads").drafts, [(id, r#"{"participants":3}"#.to_owned())]);
    store.commit(&Outbox::default().edit(edit(3, 3)), None).await.expect("commits");
    assert!(store.load().await.expect("loads").drafts.is_empty());
}

#[wasm_bindgen_test]
async fn s10_each_user_has_a_database_of_their_own() {
    let one = open("user-one").await;
    one.commit(&Outbox::default().edit(edit(1, 14)), None).await.expect("commits");
    let other = open("user-two").await;
    assert_eq!(other.load().await.expect("loads").outbox, Outbox::default());
}

#[wasm_bindgen_test]
async fn what_was_received_of_an_association_that_was_left_is_forgotten_and_what_waits_stays() {
    const OTHER: AssociationId = AssociationId::from_bytes([8; 16]);
    let store = open("forgotten").await;
    let of = |association, n: u8| LocalRecord { association, ..received(n, 1, 14) };
    let cursor = |association| (association, Cursor { epoch: "e".to_owned(), seq: 1 });
    let mixed = (1..40).map(|n| of(if n % 2 == 0 { OTHER } else { ASSOCIATION }, n)).collect();
    let cursors = vec![cursor(ASSOCIATION), cursor(OTHER)];
    let page = LocalWrites { put_records: mixed, cursors, ..LocalWrites::default() };
    let whole = LocalWrites { put_records: (50..80).map(|n| of(OTHER, n)).collect(), ..LocalWrites::default() };
    let single = LocalWrites { put_records: vec![of(OTHER, 90), of(ASSOCIATION, 91)], ..LocalWrites::default() };
    for writes in [page, whole, single] {
        store.commit(&writes, None).await.expect("commits");
    }
    let outbox = store.load().await.expect("loads").outbox;
    let writes = outbox.edit(Edit { association: OTHER, ..edit(2, 22) });
    store.commit(&writes, Some(&outbox)).await.expect("commits");

    store.forget(OTHER).await.expect("forgets");
    let found = store.load().await.expect("loads");
    let left: Vec<_> = found.outbox.records.values().map(|record| record.association).collect();
    assert_eq!(left, vec![ASSOCIATION; 21]);
    assert_eq!(found.outbox.cursors.keys().copied().collect::<Vec<_>>(), [ASSOCIATION]);
    let waits: Vec<_> = found.outbox.entries.values().map(|entry| entry.association).collect();
    assert_eq!((waits, found.unreadable), (vec![OTHER], 0));
    // And of all associations, when the sign-in was ended from elsewhere.
    store.put_draft(RecordId::from_bytes([1; 16]), "{}").await.expect("kept");
    store.forget_received().await.expect("forgets");
    let after = store.load().await.expect("loads");
    assert!(after.outbox.records.is_empty() && after.outbox.cursors.is_empty());
    assert_eq!((after.outbox.entries, after.drafts.len()), (found.outbox.entries, 1));
}

#[wasm_bindgen_test]
async fn s3_a_database_that_was_lost_is_healed_from_the_mirror() {
    let mut outbox = Outbox::default();
    let store = open("mirrored").await;
    for (n, participants) in [(1, 14), (2, 22)] {
        let writes = outbox.edit(edit(n, participants));
        assert_eq!(store.commit(&writes, Some(&outbox)).await.expect("commits"), Copies::Two);
        outbox.apply(&writes);
    }
    // As a browser does with a damaged database: everything is gone, and nobody is told.
    delete_rows("test-mirrored").await;
    let store = open("mirrored").await;
    assert!(store.load().await.expect("loads").outbox.entries.is_empty());
    assert_eq!(store.reconcile().await.expect("reconciles").0.health(), Health::HealedDatabase(2));
    assert_eq!(store.load().await.expect("loads").outbox, outbox);
    assert_eq!(store.reconcile().await.expect("reconciles").0.health(), Health::AllWell);
}

#[wasm_bindgen_test]
async fn s3_a_mirror_that_was_lost_is_healed_from_the_database() {
    let writes = Outbox::default().edit(edit(1, 14));
    let store = open("unmirrored").await;
    store.commit(&writes, None).await.expect("commits");
    delete_mirror("test-unmirrored").await;
    let store = open("unmirrored").await;
    assert_eq!(store.reconcile().await.expect("reconciles").0.health(), Health::HealedMirror(1));
    delete_rows("test-unmirrored").await;
    let store = open("unmirrored").await;
    assert_eq!(store.reconcile().await.expect("reconciles").0.health(), Health::HealedDatabase(1));
}

#[wasm_bindgen_test]
async fn s3_a_loss_of_both_copies_is_told() {
    let writes = Outbox::default().edit(edit(1, 14));
    let store = open("both-lost").await;
    store.commit(&writes, None).await.expect("commits");
    delete_rows("test-both-lost").await;
    delete_mirror("test-both-lost").await;
    let store = open("both-lost").await;
    assert_eq!(store.reconcile().await.expect("reconciles").0.health(), Health::Lost(1));
}

#[wasm_bindgen_test]
async fn s3_what_was_taken_back_is_not_brought_back() {
    let mut outbox = Outbox::default();
    let store = open("undone").await;
    let made = edit(1, 14);
    let writes = outbox.edit(made.clone());
    store.commit(&writes, Some(&outbox)).await.expect("commits");
    let inverse = outbox.inverse(&made, &writes);
    outbox.apply(&writes);
    let undo = outbox.undo(&inverse, ChangeId::from_bytes([8; 16]));
    store.commit(&undo, Some(&outbox)).await.expect("commits");
    delete_rows("test-undone").await;
    let store = open("undone").await;
    store.reconcile().await.expect("reconciles");
    assert!(store.load().await.expect("loads").outbox.entries.is_empty());
}

const STORES: [&str; 5] = ["records", "outbox", "cursors", "drafts", "meta"];

/// The database itself, behind the store's back.
async fn database(name: &str) -> Rexie {
    let builder = STORES
        .iter()
        .fold(Rexie::builder(name).version(1), |builder, store| builder.add_object_store(ObjectStore::new(store)));
    builder.build().await.expect("opens")
}

/// How many rows its records take.
async fn rows(name: &str) -> u32 {
    let tx = database(name).await.transaction(&STORES, TransactionMode::ReadOnly).expect("begins");
    tx.store("records").expect("store").count(None).await.expect("counts")
}

/// Empties a database.
async fn delete_rows(name: &str) {
    let tx = database(name).await.transaction(&STORES, TransactionMode::ReadWrite).expect("begins");
    for store in STORES {
        tx.store(store).expect("store").clear().await.expect("clears");
    }
    tx.done().await.expect("commits");
}

async fn delete_mirror(database: &str) {
    let caches = web_sys::window().expect("window").caches().expect("caches");
    let name = database.replacen("test-", "test-mirror-", 1);
    JsFuture::from(caches.delete(&name)).await.expect("deletes");
}
