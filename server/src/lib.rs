//! One binary: pages, sync and reports over one database file.
//!
//! The composition root of the server side: it connects the rules of `domain` and `sync` to HTTP and SQL.

pub mod api;
pub mod assets;
pub mod auth;
pub mod backup;
pub mod clock;
pub mod compression;
pub mod config;
pub mod demo;
pub mod error;
pub mod folder;
pub mod pages;
pub mod phones;
pub mod releases;
pub mod router;
pub mod store;

use std::sync::Arc;

use assets::Older;
use clock::Clock;
use store::{StoreError, group::Writer, sqlite::SqliteStore};

/// What every handler shares.
#[derive(Clone)]
pub struct Server {
    pub store: Arc<SqliteStore>,
    /// Takes the pushes.
    pub writer: Writer,
    pub clock: Clock,
    /// The browser's files of earlier releases.
    pub older: Arc<Older>,
    /// Demo sign-ins are offered on the front page.
    pub demo: bool,
    pub epoch: Arc<str>,
}

impl Server {
    /// A server over an open database.
    pub async fn new(store: SqliteStore, clock: Clock, demo: bool) -> Result<Server, StoreError> {
        let epoch = store.epoch().await?.into();
        let store = Arc::new(store);
        let writer = Writer::start(store.clone());
        Ok(Server { store, writer, clock, older: Arc::default(), demo, epoch })
    }
}
