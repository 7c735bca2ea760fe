//! Where the server keeps everything: a transaction-shaped trait, and SQLite behind it.
//!
//! A store loads what `sync::rules` asks for, and applies what they decided, in one transaction. `tests/store_contract.rs` is
//! the suite that every implementation passes.

pub mod group;
pub mod sqlite;

use std::future::Future;

use domain::{AssociationId, DeviceId, Month, Quarter, Role, UserId, report::Amounts};
use sync::{
    protocol::PullRecord,
    rules::{Keys, Loaded, Writes},
};

use crate::phones::{Brought, Told};

/// The database did not do what it should; the request is answered "try again".
#[derive(Debug)]
pub enum StoreError {
    Sql(sqlx::Error),
    Migration(sqlx::migrate::MigrateError),
    /// Something in the database cannot be read back.
    Damaged(&'static str),
    /// The server is about to stop.
    Stopped,
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            StoreError::Sql(error) => write!(f, "SQL: {error}"),
            StoreError::Migration(error) => write!(f, "migration: {error}"),
            StoreError::Damaged(what) => write!(f, "damaged: {what}"),
            StoreError::Stopped => f.write_str("stopped"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        StoreError::Sql(error)
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        StoreError::Migration(error)
    }
}

pub type Result<T> = std::result::Result<T, StoreError>;

/// What a device tells of itself at a contact.
#[derive(Clone, Copy, Debug)]
pub struct DeviceReport {
    pub device: DeviceId,
    pub user: UserId,
    /// None from an app that does not count yet.
    pub told: Option<Told>,
    /// What came of its changes, where the contact was a push.
    pub brought: Option<Brought>,
}

/// A device of an association's member, as its reviewers may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    pub user: UserId,
    pub device: DeviceId,
    /// What the association calls the user.
    pub nickname: String,
    pub waiting: u64,
    pub last_contact_ms: i64,
    /// Changes that are missing, and how many of them a reviewer has seen the notice of.
    pub missing: u64,
    pub missing_seen: u64,
}

/// The last contact of a user's device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastContact {
    pub device: DeviceId,
    pub at_ms: i64,
    pub told: Told,
}

/// Who pulls what.
#[derive(Clone, Copy, Debug)]
pub struct PullQuery {
    pub association: AssociationId,
    pub user: UserId,
    pub role: Role,
    pub after: u64,
    pub limit: u32,
    /// Gatherings before this day number are left out; none for a reviewer.
    pub from_day: Option<i32>,
}

/// A page of records in sequence order.
#[derive(Clone, Debug, Default)]
pub struct PullPage {
    pub records: Vec<PullRecord>,
    pub next: u64,
    pub more: bool,
}

/// A signed-in user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub user: UserId,
    pub nickname: String,
    pub memberships: Vec<Membership>,
    /// Code of the municipality whose protected counts the user sees.
    pub coordinates: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub association: AssociationId,
    pub name: String,
    pub role: Role,
    pub volunteers_set_up_series: bool,
}

/// One row of the sums: an association's month of one form in one municipality. Ordinary activity only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TallyRow {
    pub month: Month,
    pub association: AssociationId,
    pub form: String,
    pub amounts: Amounts,
}

/// An association as completeness sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssociationRow {
    pub id: AssociationId,
    pub home: Option<String>,
    pub no_activity: Vec<Month>,
}

/// A sensitive gathering that no release has counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreleasedRow {
    pub association: AssociationId,
    pub gathering: domain::RecordId,
    pub municipality: String,
    pub form: String,
    pub visits: u64,
    pub volunteers: u64,
    pub quarter_hours: u64,
}

/// One frozen cell of a release. `figures` is the JSON that `releases` writes and reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseCell {
    pub quarter: Quarter,
    pub number: u32,
    pub area_kind: String,
    pub area: String,
    pub form: String,
    pub figures: String,
}

/// A write transaction. Dropped without [`WriteTx::commit`], nothing happened.
pub trait WriteTx: Send {
    /// Loads what the rules need, under the association's lock (S8).
    fn load(&mut self, association: AssociationId, keys: &Keys) -> impl Future<Output = Result<Loaded>> + Send;

    /// Writes what the rules decided; `now_ms` is the server's clock.
    fn apply(
        &mut self,
        association: AssociationId,
        writes: &Writes,
        now_ms: i64,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Remembers what a device said of itself, and holds it against what was received from it.
    fn seen(
        &mut self,
        association: AssociationId,
        report: DeviceReport,
        now_ms: i64,
    ) -> impl Future<Output = Result<()>> + Send;

    fn commit(self) -> impl Future<Output = Result<()>> + Send;
}

/// A database of the whole server.
pub trait Store: Send + Sync + 'static {
    type Tx: WriteTx;

    /// Begins the one write transaction; waits for the one before it.
    fn begin(&self) -> impl Future<Output = Result<Self::Tx>> + Send;

    /// A page of an association's records after a sequence number.
    fn pull(&self, query: PullQuery) -> impl Future<Output = Result<PullPage>> + Send;

    /// When each of a user's devices last told of itself, and what; the latest first.
    fn last_contacts(&self, user: UserId) -> impl Future<Output = Result<Vec<LastContact>>> + Send;

    /// The devices that an association has to do with, those of its members only; the latest contact first.
    fn devices(&self, association: AssociationId) -> impl Future<Output = Result<Vec<Device>>> + Send;

    /// Remembers that a reviewer has seen how many changes of a device are missing.
    fn missing_seen(
        &self,
        association: AssociationId,
        user: UserId,
        device: DeviceId,
        missing: u64,
    ) -> impl Future<Output = Result<()>> + Send;

    /// Sums of ordinary activity in a municipality, from and to a month, both included.
    fn tallies(&self, municipality: &str, from: Month, to: Month)
    -> impl Future<Output = Result<Vec<TallyRow>>> + Send;

    /// Associations whose home is in the municipality, and those named.
    fn associations(
        &self,
        municipality: &str,
        others: &[AssociationId],
    ) -> impl Future<Output = Result<Vec<AssociationRow>>> + Send;
}
