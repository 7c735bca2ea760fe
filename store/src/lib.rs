//! The phone's own database: IndexedDB behind one function for each transaction, and beside it the mirror of unsent
//! changes (S3). The only crate that knows rexie.
//!
//! Its rules were found by trials (docs/SYNC.md): values are serialised before a transaction opens; inside it nothing
//! but its own requests is awaited; a write counts only when the transaction reports *committed* (S2), because a `put`
//! can succeed and its transaction abort afterwards; the list of object stores is append-only, and every version names
//! all of them.

mod database;
mod mirror;

use std::cell::RefCell;

use domain::{AssociationId, ChangeId, RecordId, UserId};
use futures_util::future::try_join3;
use rexie::{Rexie, TransactionMode};
use serde::{Serialize, de::DeserializeOwned};
use sync::{
    Cursor, Entry, LocalRecord, LocalWrites, Outbox,
    mirror::{self as copies, Reconciled, Witness},
};
use wasm_bindgen::JsValue;

pub use database::StoreError;
use mirror::Mirror;

const RECORDS: &str = "records";
const OUTBOX: &str = "outbox";
const CURSORS: &str = "cursors";
const DRAFTS: &str = "drafts";
const META: &str = "meta";
const COUNTER: &str = "counter";
const THROWN: &str = "thrown";

/// From this many records on a commit keeps them in one row: putting a row costs a cheap phone about a millisecond, and the first
/// visit brings hundreds (docs/TESTING.md).
const PAGE_ROW_MIN: usize = 20;
/// What the key of such a row begins with, before its number. It sorts before the key of any single record, and the numbers by
/// age: of what is read in the order of its keys, the later is the newer.
const PAGE: &str = "+";

/// One user's database on this device (S10).
pub struct PhoneStore {
    name: String,
    /// None while it is being opened again after a dead connection.
    database: RefCell<Option<std::rc::Rc<Rexie>>>,
    /// None where the browser has no Cache Storage.
    mirror: Option<Mirror>,
}

/// How safe a committed write is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copies {
    /// In the database and in the mirror.
    Two,
    /// In the database only: the mirror could not be written.
    One,
}

/// What was found in the database at start.
#[derive(Debug, Default)]
pub struct Contents {
    pub outbox: Outbox,
    /// What is unfinished, by id: the forms' own text, of which the store knows nothing.
    pub drafts: Vec<(RecordId, String)>,
    /// Unsent changes that could not be read. They are left where they are.
    pub unreadable: usize,
    /// Their ids, as far as their keys tell.
    unreadable_changes: Vec<ChangeId>,
    /// Rows of received records that could not be read: the server has them, see [`PhoneStore::reconcile`].
    unreadable_records: usize,
}

impl PhoneStore {
    /// Opens or makes the database of `user`.
    pub async fn open(user: UserId) -> Result<PhoneStore, StoreError> {
        Self::open_named(format!("hytevihko-{user}")).await
    }

    /// As [`PhoneStore::open`], under any name; for tests.
    pub async fn open_named(name: String) -> Result<PhoneStore, StoreError> {
        let mirror = Mirror::open(&name);
        let database = database::open(&name).await?;
        let mirror = mirror.await;
        Ok(PhoneStore { name, database: RefCell::new(Some(database.into())), mirror })
    }

    /// Whether this user has ever saved anything in this browser, as far as is known without the database.
    pub fn has_history(&self) -> bool {
        self.witness().counter > 0
    }

    /// Compares the database with the mirror and heals the poorer one (S3); received records that cannot be read are pulled anew. With it
    /// comes what the database holds after that, read once where nothing had to be healed.
    /// To be called once at start, before anything is saved.
    pub async fn reconcile(&self) -> Result<(Reconciled, Contents), StoreError> {
        let found = self.load().await?;
        let rows = match &self.mirror {
            Some(mirror) => mirror.read().await.unwrap_or_default(),
            None => Default::default(),
        };
        let witness = self.witness();
        let reconciled = copies::reconcile(copies::AtStart {
            outbox: &found.outbox,
            unreadable: &found.unreadable_changes,
            mirror: &rows,
            witness: &witness,
        });
        let is_whole = reconciled.database.is_empty() && found.unreadable_records == 0;
        if !reconciled.database.is_empty() {
            self.commit_database(&reconciled.database).await?;
        }
        if found.unreadable_records > 0 {
            self.forget_unreadable_records(&found.outbox).await?;
        }
        if let Some(mirror) = &self.mirror {
            // A mirror that cannot be healed now is healed at the next start; the next save says that there is no second copy.
            let _ = mirror.write(&reconciled.mirror).await;
        }
        let found = if is_whole { found } else { self.load().await? };
        self.put_witness(&Witness::of(&found.outbox));
        Ok((reconciled, found))
    }

    /// Reads everything, in one transaction.
    pub async fn load(&self) -> Result<Contents, StoreError> {
        let database = self.database().await?;
        let stores = [RECORDS, OUTBOX, CURSORS, DRAFTS, META];
        let tx = database.transaction(&stores, TransactionMode::ReadOnly)?;
        let records = tx.store(RECORDS)?.get_all(None, None).await?;
        let entry_keys = tx.store(OUTBOX)?.get_all_keys(None, None).await?;
        let entries = tx.store(OUTBOX)?.get_all(None, None).await?;
        let cursor_keys = tx.store(CURSORS)?.get_all_keys(None, None).await?;
        let cursors = tx.store(CURSORS)?.get_all(None, None).await?;
        let draft_keys = tx.store(DRAFTS)?.get_all_keys(None, None).await?;
        let drafts = tx.store(DRAFTS)?.get_all(None, None).await?;
        let counter = number(&tx.store(META)?, COUNTER).await?;
        let thrown = number(&tx.store(META)?, THROWN).await?;
        tx.done().await?;

        let mut found = Contents::default();
        for row in &records {
            match records_of(row) {
                Some(records) => found.outbox.records.extend(records.into_iter().map(|it| ((it.kind, it.id), it))),
                None => found.unreadable_records += 1,
            }
        }
        let unreadable = |(key, row): (&JsValue, &JsValue)| match from_js::<Entry>(row) {
            Some(_) => None,
            None => ChangeId::parse(&key.as_string()?),
        };
        found.unreadable_changes = entry_keys.iter().zip(&entries).filter_map(unreadable).collect();
        for entry in found.read_all::<Entry>(&entries) {
            found.outbox.counter = found.outbox.counter.max(entry.order);
            found.outbox.entries.insert((entry.order, entry.change), entry);
        }
        for (key, cursor) in cursor_keys.iter().zip(&cursors) {
            if let (Some(association), Some(cursor)) =
                (key.as_string().and_then(|key| AssociationId::parse(&key)), from_js::<Cursor>(cursor))
            {
                found.outbox.cursors.insert(association, cursor);
            }
        }
        let keys = draft_keys.iter().map(|key| key.as_string().and_then(|key| RecordId::parse(&key)));
        found.drafts = keys.zip(&drafts).filter_map(|(key, draft)| Some((key?, draft.as_string()?))).collect();
        found.outbox.counter = found.outbox.counter.max(counter);
        found.outbox.thrown = thrown;
        Ok(found)
    }

    /// Commits what the outbox or the engine asks for, all of it or nothing (S2), with the mirror before and after (S3).
    /// `before` is the outbox that the writes were made from; with it, a mirror that ran ahead of a failed commit is put back.
    pub async fn commit(&self, writes: &LocalWrites, before: Option<&Outbox>) -> Result<Copies, StoreError> {
        let mut copies = self.mirror_writes(&writes.mirror_before()).await;
        if let Err(error) = self.commit_database(writes).await {
            if let Some(before) = before {
                self.mirror_writes(&writes.mirror_back(before)).await;
            }
            return Err(error);
        }
        if !(writes.put_entries.is_empty() && writes.drop_entries.is_empty()) {
            let mut witness = self.witness();
            for change in &writes.drop_entries {
                witness.remove(*change);
            }
            for entry in &writes.put_entries {
                witness.add(entry.change);
                witness.counter = witness.counter.max(entry.order);
            }
            witness.thrown = witness.thrown.saturating_add_signed(writes.thrown);
            self.put_witness(&witness);
        }
        if self.mirror_writes(&writes.mirror_after()).await == Copies::One {
            copies = Copies::One;
        }
        Ok(copies)
    }

    async fn mirror_writes(&self, writes: &[copies::MirrorWrite]) -> Copies {
        if writes.is_empty() {
            return Copies::Two;
        }
        match &self.mirror {
            Some(mirror) if mirror.write(writes).await.is_ok() => Copies::Two,
            _ => Copies::One,
        }
    }

    /// What should be waiting, by name only: kept in a third place, so that a loss of both copies is told.
    fn witness(&self) -> Witness {
        let text = local_storage().and_then(|storage| storage.get_item(&self.witness_key()).ok()?);
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    fn put_witness(&self, witness: &Witness) {
        if let (Some(storage), Ok(text)) = (local_storage(), serde_json::to_string(witness)) {
            let _ = storage.set_item(&self.witness_key(), &text);
        }
    }

    fn witness_key(&self) -> String {
        format!("{}-waits", self.name)
    }

    async fn commit_database(&self, writes: &LocalWrites) -> Result<(), StoreError> {
        // Serialised before the transaction opens: awaiting anything else inside would end it.
        let entries: Vec<_> = writes.put_entries.iter().map(|entry| (entry_key(entry.change), to_js(entry))).collect();
        let record_keys: Vec<String> = writes.put_records.iter().map(record_key).collect();
        let page = (record_keys.len() >= PAGE_ROW_MIN).then(|| to_js(&writes.put_records));
        let records: Vec<(JsValue, JsValue)> = match page {
            Some(_) => Vec::new(),
            None => record_keys.iter().map(JsValue::from).zip(writes.put_records.iter().map(to_js)).collect(),
        };
        let cursors: Vec<_> = writes
            .cursors
            .iter()
            .map(|(association, cursor)| (association.to_string().into(), to_js(cursor)))
            .collect();
        let dropped: Vec<JsValue> = writes.drop_entries.iter().map(|change| entry_key(*change)).collect();
        let draft: Option<JsValue> = writes.drop_draft.map(|draft| draft.to_string().into());
        let counter = writes.put_entries.iter().map(|entry| entry.order).chain(writes.counter).max();

        self.write(&[RECORDS, OUTBOX, CURSORS, DRAFTS, META], async |tx| {
            let rows = async {
                for key in &dropped {
                    tx.store(OUTBOX)?.delete(key.clone()).await?;
                }
                for (store, rows) in [(OUTBOX, &entries), (RECORDS, &records), (CURSORS, &cursors)] {
                    let store = tx.store(store)?;
                    for (key, value) in rows {
                        store.put(value, Some(key)).await?;
                    }
                }
                if let Some(page) = &page {
                    put_page(&tx.store(RECORDS)?, page, &record_keys).await?;
                }
                Ok(())
            };
            let numbers = async {
                let meta = tx.store(META)?;
                if let Some(counter) = counter {
                    put_number(&meta, COUNTER, number(&meta, COUNTER).await?.max(counter)).await?;
                }
                if writes.thrown != 0 {
                    put_number(&meta, THROWN, number(&meta, THROWN).await?.saturating_add_signed(writes.thrown))
                        .await?;
                }
                Ok(())
            };
            let draft = async {
                match &draft {
                    Some(draft) => Ok(tx.store(DRAFTS)?.delete(draft.clone()).await?),
                    None => Ok(()),
                }
            };
            // Side by side: a cheap phone waits some milliseconds for each answer.
            try_join3(rows, numbers, draft).await.map(drop)
        })
        .await
    }

    /// Drops the rows of received records that cannot be read, and has all be pulled from the beginning.
    async fn forget_unreadable_records(&self, outbox: &Outbox) -> Result<(), StoreError> {
        let cursors = outbox.cursors.iter().map(|(association, cursor)| {
            (JsValue::from(association.to_string()), to_js(&Cursor { seq: 0, ..cursor.clone() }))
        });
        let cursors: Vec<_> = cursors.collect();
        self.write(&[RECORDS, CURSORS], async |tx| {
            let rows = tx.store(RECORDS)?;
            let keys = rows.get_all_keys(None, None).await?;
            let found = rows.get_all(None, None).await?;
            for (key, _) in keys.into_iter().zip(&found).filter(|(_, row)| records_of(row).is_none()) {
                rows.delete(key).await?;
            }
            for (key, cursor) in &cursors {
                tx.store(CURSORS)?.put(cursor, Some(key)).await?;
            }
            Ok(())
        })
        .await
    }

    /// Forgets what was received of an association that the server says the user has left. What waits of it stays (S4).
    pub async fn forget(&self, association: AssociationId) -> Result<(), StoreError> {
        let cursor: JsValue = association.to_string().into();
        self.write(&[RECORDS, CURSORS], async |tx| {
            let rows = tx.store(RECORDS)?;
            let keys = rows.get_all_keys(None, None).await?;
            let found = rows.get_all(None, None).await?;
            for (key, row) in keys.into_iter().zip(&found) {
                let Some(mut records) = records_of(row) else { continue };
                let before = records.len();
                records.retain(|record| record.association != association);
                match records.len() {
                    0 => rows.delete(key).await?,
                    // A page of more than one association's.
                    after if after < before => rows.put(&to_js(&records), Some(&key)).await.map(drop)?,
                    _ => {}
                }
            }
            Ok(tx.store(CURSORS)?.delete(cursor.clone()).await?)
        })
        .await
    }

    /// Forgets what was received of every association: the user's sign-in was ended from elsewhere, and something could not be handed in.
    /// What waits stays (S4), and so does what is unfinished.
    pub async fn forget_received(&self) -> Result<(), StoreError> {
        self.clear(&[RECORDS, CURSORS]).await
    }

    /// Forgets all that was received, and what is unfinished: the user's sign-in was ended from elsewhere. The counts of changes stay, so
    /// that nobody takes for lost what was handed in; so does whatever still waits.
    pub async fn forget_all(&self) -> Result<(), StoreError> {
        self.clear(&[RECORDS, CURSORS, DRAFTS]).await
    }

    async fn clear(&self, stores: &[&str]) -> Result<(), StoreError> {
        self.write(stores, async |tx| {
            for name in stores {
                tx.store(name)?.clear().await?;
            }
            Ok(())
        })
        .await
    }

    /// Keeps the state of an unfinished form (S1).
    pub async fn put_draft(&self, id: RecordId, state: &str) -> Result<(), StoreError> {
        let (key, value): (JsValue, JsValue) = (id.to_string().into(), state.into());
        self.write(&[DRAFTS], async |tx| {
            tx.store(DRAFTS)?.put(&value, Some(&key)).await?;
            Ok(())
        })
        .await
    }

    /// Throws an unfinished form away.
    pub async fn drop_draft(&self, id: RecordId) -> Result<(), StoreError> {
        let key: JsValue = id.to_string().into();
        self.write(&[DRAFTS], async |tx| Ok(tx.store(DRAFTS)?.delete(key.clone()).await?)).await
    }

    /// Runs one write transaction; on a closed or dead connection opens it again and repeats once.
    async fn write(
        &self,
        stores: &[&str],
        work: impl AsyncFn(&rexie::Transaction) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match self.try_write(stores, &work).await {
            Err(error) if error.is_dead_connection() => {
                self.database.replace(None);
                self.try_write(stores, &work).await
            }
            done => done,
        }
    }

    async fn try_write(
        &self,
        stores: &[&str],
        work: &impl AsyncFn(&rexie::Transaction) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let database = self.database().await?;
        let tx = database.transaction(stores, TransactionMode::ReadWrite)?;
        work(&tx).await?;
        if tx.done().await?.is_committed() { Ok(()) } else { Err(StoreError::Aborted) }
    }

    async fn database(&self) -> Result<std::rc::Rc<Rexie>, StoreError> {
        if let Some(database) = self.database.borrow().clone() {
            return Ok(database);
        }
        let database = std::rc::Rc::new(database::open(&self.name).await?);
        self.database.replace(Some(database.clone()));
        Ok(database)
    }
}

impl Contents {
    fn read_all<T: DeserializeOwned>(&mut self, rows: &[JsValue]) -> Vec<T> {
        let read: Vec<T> = rows.iter().filter_map(from_js).collect();
        self.unreadable += rows.len() - read.len();
        read
    }
}

/// A number that the database keeps of itself; 0 where it has none.
async fn number(meta: &rexie::Store, name: &str) -> Result<u64, StoreError> {
    Ok(meta.get(name.into()).await?.and_then(|value| value.as_f64()).unwrap_or(0.0) as u64)
}

async fn put_number(meta: &rexie::Store, name: &str, number: u64) -> Result<(), StoreError> {
    meta.put(&JsValue::from_f64(number as f64), Some(&name.into())).await?;
    Ok(())
}

fn local_storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn entry_key(change: ChangeId) -> JsValue {
    change.to_string().into()
}

fn record_key(record: &LocalRecord) -> String {
    format!("{}:{}", record.kind.name(), record.id)
}

/// Puts many records as one row behind the pages before it. Of its records, those that have a row of their own lose it, or the
/// older would be read after the newer.
async fn put_page(rows: &rexie::Store, page: &JsValue, records: &[String]) -> Result<(), StoreError> {
    let mut number = 0;
    for key in rows.get_all_keys(None, None).await? {
        let Some(text) = key.as_string() else { continue };
        if let Some(known) = text.strip_prefix(PAGE) {
            number = known.parse().unwrap_or(0) + 1;
        } else if records.contains(&text) {
            rows.delete(key).await?;
        }
    }
    // Wide enough to sort as text for any number of pages.
    let key = format!("{PAGE}{number:010}");
    rows.put(page, Some(&key.into())).await?;
    Ok(())
}

/// The records of a row: one of them, or a page.
fn records_of(row: &JsValue) -> Option<Vec<LocalRecord>> {
    let text = row.as_string()?;
    if text.starts_with('[') {
        return serde_json::from_str(&text).ok();
    }
    Some(vec![serde_json::from_str(&text).ok()?])
}

/// Rows are JSON text: our own types write it, and no second serialiser is shipped to the phone.
fn to_js<T: Serialize>(value: &T) -> JsValue {
    serde_json::to_string(value).map_or(JsValue::NULL, JsValue::from)
}

fn from_js<T: DeserializeOwned>(value: &JsValue) -> Option<T> {
    serde_json::from_str(&value.as_string()?).ok()
}
