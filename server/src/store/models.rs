//! What goes into a store and comes out of it, the same for every database. Codes are parsed: a row with an unknown one does not
//! come out at all, it is [`super::StoreError::Damaged`].

use domain::{AssociationId, DeviceId, Month, Quarter, RecordId, Role, UserId, codes::Municipality};
use sync::{
    account::{Brought, DeviceCounts},
    rules::pull::Reader,
};

/// Who pulls what.
#[derive(Clone, Copy, Debug)]
pub struct PullQuery {
    pub association: AssociationId,
    pub reader: Reader,
    /// Sequence number up to which the device has read.
    pub after: u64,
    pub limit: u32,
}

/// Rows of an association's records in sequence order.
#[derive(Clone, Copy, Debug)]
pub struct RowsQuery {
    pub association: AssociationId,
    pub after: u64,
    pub limit: u32,
    /// Of the reviews, only those of gatherings that this reader's user recorded, from the reader's first day on; none: all. It
    /// bounds what is read. What the reader is given is decided by `sync::rules::pull`.
    pub reviews_for: Option<Reader>,
}

/// What a device tells of itself at a contact.
#[derive(Clone, Copy, Debug)]
pub struct DeviceReport {
    pub device: DeviceId,
    pub user: UserId,
    /// None from an app that does not count yet.
    pub counts: Option<DeviceCounts>,
    /// What came of its changes, where the contact was a push.
    pub brought: Option<Brought>,
}

/// A device of an association's member, as its reviewers may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRow {
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
    pub counts: DeviceCounts,
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

/// A sign-in, as its cookie's hash finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignIn {
    pub user: UserId,
    pub expires_ms: i64,
}

/// An association as completeness sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssociationRow {
    pub id: AssociationId,
    pub home: Option<Municipality>,
    pub no_activity: Vec<Month>,
}

/// One frozen cell of a release. `figures` is the JSON that `reports::releases` writes and reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseCell {
    pub quarter: Quarter,
    pub number: u32,
    pub area_kind: String,
    pub area: String,
    pub form: String,
    pub figures: String,
}

/// A release that is frozen: its cells, and the gatherings that it counted, by their ids.
#[derive(Clone, Copy, Debug)]
pub struct Freeze<'a> {
    pub quarter: Quarter,
    pub counted: &'a [(AssociationId, RecordId)],
    /// Their numbers are given by the store.
    pub cells: &'a [ReleaseCell],
}
