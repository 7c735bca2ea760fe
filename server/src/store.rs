//! Where the server keeps everything: facets behind one trait object, and SQLite behind them.
//!
//! A store loads and saves rows. What the rows mean is decided by pure functions: `sync::rules` (what becomes of a change, what a
//! device is told), `sync::account` (what a device misses) and `domain::release` (what a release counts). No SQL text is shared
//! between databases: the models, the facets and the suite in `tests/store_contract.rs` are.

pub mod accounts;
pub mod audit;
pub mod devices;
pub mod error;
pub mod facts;
pub mod group;
pub mod invitations;
pub mod joining;
pub mod keys;
pub mod mail_addresses;
pub mod models;
pub mod overview;
pub mod own_data;
pub mod people;
pub mod quarantine;
pub mod records;
pub mod releases;
pub mod reminders;
pub mod retention;
pub mod sign_ins;
pub mod sqlite;
pub mod sums;
pub mod tokens;
pub mod transaction;

use async_trait::async_trait;

pub use self::{
    accounts::Accounts,
    audit::Audit,
    devices::{Devices, DevicesTx},
    error::{Result, StoreError},
    facts::{Fact, Facts},
    invitations::Invitations,
    joining::Joining,
    keys::Keys,
    mail_addresses::{MailAddress, MailAddresses},
    models::{
        Acceptance, Act, AssociationListed, AssociationRow, AuditEntry, AuditNumbered, AuditRow, DeviceReport,
        DeviceRow, EndedSignIn, Freeze, Grant, Invitation, InvitationHashes, InvitationState, LastContact, LetIn,
        Member, Membership, PasskeyRow, PasskeyUse, Person, PullQuery, ReleaseCell, RevisionRow, RowsQuery, SignIn,
        Way,
    },
    overview::Overview,
    own_data::{BeforeCommit, Deletion, OwnContent, OwnCount, OwnData, OwnDevice, OwnMembership, OwnRows},
    people::People,
    quarantine::{Decided, Kept, Quarantine, QuarantineBounds, Quarantined},
    records::{Records, RecordsTx},
    releases::{Releases, ReleasesTx},
    reminders::{Chosen, PushTo, RemindTo, Reminder, Reminders},
    retention::{Account, Cutoffs, Forgotten, Retention},
    sign_ins::SignIns,
    sums::Sums,
    tokens::{ReadToken, ReadTokens},
    transaction::{Transaction, Transactions, repeated},
};

/// A database of the whole server.
#[async_trait]
pub trait Store:
    Records
    + Devices
    + Sums
    + Releases
    + People
    + SignIns
    + ReadTokens
    + Keys
    + MailAddresses
    + Invitations
    + Joining
    + Overview
    + Accounts
    + OwnData
    + Quarantine
    + Retention
    + Reminders
    + Audit
    + Facts
    + Transactions
{
    /// The epoch of this database (S9).
    async fn epoch(&self) -> Result<String>;

    /// The key of what the server tells (`sync::seal`). It is made with the database, goes with its backups, and stays after a restore.
    async fn seal_key(&self) -> Result<String>;

    /// When this database was put in place by a restore, milliseconds since 1970; none where it never was.
    async fn restored_at_ms(&self) -> Result<Option<i64>>;

    /// Whether the database answers.
    async fn is_ready(&self) -> bool;

    /// Lets every connection finish and closes the database.
    async fn close(&self);
}
