//! One binary: pages, sync and reports over one database file.
//!
//! The composition root of the server side: it connects the rules of `domain` and `sync` to HTTP and SQL.

pub mod admin;
pub mod api;
pub mod assets;
pub mod backup;
pub mod clock;
pub mod config;
pub mod deletions;
pub mod demo;
pub mod files;
pub mod folder;
pub mod http;
pub mod identity;
pub mod mail;
pub mod pages;
pub mod push;
pub mod reminders;
pub mod reports;
pub mod retention;
pub mod store;

use std::{path::Path, sync::Arc};

use app::server_pages::Operator;
use assets::Older;
use clock::Clock;
use domain::UserId;
use http::{client_address::TrustedProxies, limits::Limits, origin::Origin, patience::Patience};
use identity::{guessing::Guessing, mail_code::MailCodes, oidc::OpenId, passkey::Ceremonies, secret::Secret};
use push::Push;
use store::{Act, AuditEntry, Store, StoreError, group::Writer};
use sync::seal::SealKey;
use uuid::Uuid;

/// Where the server listens, where nobody says another port.
const PORT: u16 = 3000;

/// What every handler shares.
#[derive(Clone)]
pub struct Server {
    pub store: Arc<dyn Store>,
    /// Takes the pushes.
    pub writer: Writer,
    pub clock: Clock,
    /// The browser's files of earlier releases.
    pub older: Arc<Older>,
    /// Demo sign-ins are offered on the front page.
    pub demo: bool,
    /// Who runs the service, for the statements.
    pub operator: Arc<Operator>,
    pub epoch: Arc<str>,
    /// Data folder; empty where a test has none.
    pub data: Arc<Path>,
    /// The key of what is told.
    pub seal_key: Arc<SealKey>,
    /// When the database was put in place by a restore, milliseconds since 1970; none where it never was.
    pub restored_at_ms: Option<i64>,
    /// Where browsers reach this server.
    pub origin: Arc<Origin>,
    /// Whose word about a client's address is taken; nobody's, if nobody is named.
    pub proxies: Arc<TrustedProxies>,
    pub patience: Patience,
    /// Keys the HMACs of what lets somebody in.
    pub secret: Secret,
    pub guessing: Arc<Guessing>,
    /// The provider whose accounts coordinators sign in with, where there is one.
    pub oidc: Option<Arc<OpenId>>,
    /// What sends codes to reviewers, where there is a mail server.
    pub mail: Option<Arc<MailCodes>>,
    /// What sends to browsers, where the operator lets it.
    pub push: Option<Arc<Push>>,
    pub limits: Arc<Limits>,
    /// Passkeys that are being made or used.
    pub ceremonies: Ceremonies,
}

impl Server {
    /// A server over an open database, reached on the local machine.
    pub async fn new(store: Arc<dyn Store>, clock: Clock, demo: bool) -> Result<Server, StoreError> {
        let epoch = store.epoch().await?.into();
        let seal_key = Arc::new(SealKey::new(&store.seal_key().await?));
        let restored_at_ms = store.restored_at_ms().await?;
        let writer = Writer::start(store.clone());
        Ok(Server {
            store,
            writer,
            clock,
            older: Arc::default(),
            demo,
            operator: Arc::default(),
            epoch,
            data: Path::new("").into(),
            seal_key,
            restored_at_ms,
            origin: Origin::loopback(PORT).into(),
            proxies: Arc::default(),
            patience: Patience::default(),
            secret: Secret::random(),
            guessing: Arc::default(),
            oidc: None,
            mail: None,
            push: None,
            limits: Arc::default(),
            ceremonies: Ceremonies::default(),
        })
    }

    /// An entry of the audit log, of now. `actor` is none for the operator's commands.
    pub fn entry(&self, actor: Option<UserId>, act: Act, subject: Option<Uuid>) -> AuditEntry {
        AuditEntry { at_ms: self.clock.now_ms(), actor, association: None, act, subject }
    }
}
