//! Opens the database, and handles what can fail while it opens.

use rexie::{ObjectStore, Rexie};

use crate::{CURSORS, DRAFTS, META, OUTBOX, RECORDS};

/// Raise by one when an object store is added; never take one away: opening deletes every store that is not named.
const VERSION: u32 = 1;

pub(crate) async fn open(name: &str) -> Result<Rexie, StoreError> {
    let stores = [RECORDS, OUTBOX, CURSORS, DRAFTS, META];
    let builder = stores.iter().fold(Rexie::builder(name).version(VERSION), |builder, store| {
        builder.add_object_store(ObjectStore::new(store))
    });
    Ok(builder.build().await?)
}

/// Why the phone's database did not do what it should. Nothing was saved then, and the screen says so.
#[derive(Debug)]
pub enum StoreError {
    /// The transaction was aborted, as on a full disk.
    Aborted,
    Database(rexie::Error),
}

impl StoreError {
    /// Whether opening the database again may help: it was closed by another tab or by the system.
    pub(crate) fn is_dead_connection(&self) -> bool {
        let text = format!("{self:?}");
        text.contains("InvalidStateError") || text.contains("TransactionOpenFailed")
    }

    /// The browser's own name for it, for the screen that helps to find the cause.
    pub fn name(&self) -> String {
        match self {
            StoreError::Aborted => "AbortError".to_owned(),
            StoreError::Database(error) => {
                let text = format!("{error:?}");
                let known =
                    ["QuotaExceededError", "InvalidStateError", "VersionError", "UnknownError", "NotFoundError"];
                known.iter().find(|name| text.contains(**name)).map_or(text.clone(), |name| (*name).to_owned())
            }
        }
    }
}

impl From<rexie::Error> for StoreError {
    fn from(error: rexie::Error) -> Self {
        StoreError::Database(error)
    }
}
