//! The messages: the bodies of `/api/v1/sync/push`, `/api/v1/sync/pull` and `/api/v1/sync/offer`; [`hand_in`], [`history`], [`me`],
//! [`devices`], [`import`], [`invitations`], [`members`], [`quarantine`], [`reminders`], [`sign_ins`], [`audit`], [`sign_out`] and
//! [`tokens`] have those of the other addresses.
//!
//! Within `/api/v1` fields are only added (S13). A reply without the right `magic` does not come from our server.

use domain::{AssociationId, ChangeId, Content, DeviceId, Kind, RecordId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub mod audit;
pub mod devices;
pub mod hand_in;
pub mod history;
pub mod import;
pub mod invitations;
pub mod me;
pub mod members;
pub mod quarantine;
pub mod reminders;
pub mod sign_ins;
pub mod sign_out;
pub mod tokens;

/// The app sends it, as `1`, with everything that changes something: a page of another site cannot.
pub const HEADER: &str = "x-hytevihko";

/// The code of a push's 403 where the user belonged to the association and does no more: no sign-in would change it.
pub const REMOVED: &str = "removed";

pub const PUSH_MAGIC: &str = "hytevihko-push-1";
pub const PULL_MAGIC: &str = "hytevihko-pull-1";
pub const OFFER_MAGIC: &str = "hytevihko-offer-1";

/// Body of a push. Changes are read one by one, so that a bad one does not spoil the others (S6).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushRequest {
    #[cfg_attr(feature = "openapi", schema(example = "hytevihko-push-1"))]
    pub magic: String,
    /// Who made the changes; nothing is taken where it is not the user of the sign-in (S10).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub user: UserId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub association: AssociationId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub device: DeviceId,
    /// Version of the contents, see `limits::SCHEMA`.
    pub schema: u32,
    /// The server's epoch as the device last saw it; empty before the first contact (S9).
    #[serde(default)]
    pub epoch: String,
    /// How many changes this device has ever made.
    #[serde(default)]
    pub counter: u64,
    /// How many changes wait on the device, these included.
    #[serde(default)]
    pub waiting: u32,
    /// How many changes this device has ever thrown away, undone or joined before they were sent.
    #[serde(default)]
    pub thrown: u64,
    /// At most 50, each a `Change`.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Change>))]
    pub changes: Vec<Value>,
}

/// One edit made on a device. The whole content and the revision it started from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Change {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub change: ChangeId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub record: RecordId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "gathering"))]
    pub kind: Kind,
    /// Revision on which the edit was made; 0 for a new record.
    #[serde(default)]
    pub base: u32,
    /// `null` clears a field, absence keeps it. Absent in a deletion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub content: Option<Content>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// The device's clock, milliseconds since 1970. Information only: no clock decides anything (S7).
    #[serde(default)]
    pub made_at: i64,
    /// It has been given away as a file, or comes from one: no device has to account for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub filed: bool,
}

/// What became of one change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Outcome {
    /// Stored as sent.
    Stored,
    /// Others had changed other fields meanwhile: both changes stand.
    Merged,
    /// Others had changed the same fields: theirs stand, this one is kept as an alternative, and the association is asked.
    Clash,
    /// Not valid; `code` and `fields` say why. It stays on the phone to be mended.
    Refused,
    /// Not now; send it again later.
    AgainLater,
}

/// The receipt for one change (S4): it names the change, the record and the hash of the content as sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeResult {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub change: ChangeId,
    pub outcome: Outcome,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub record: RecordId,
    /// SHA-256 of the canonical content as sent, in hexadecimal.
    pub sent_hash: String,
    /// Resulting revision.
    #[serde(default)]
    pub rev: u32,
    /// Place in the association's order of changes (S8).
    #[serde(default)]
    pub seq: u64,
    /// SHA-256 of the canonical content as stored.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hash: String,
    /// The content as stored, where it differs from the content as sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub content: Option<Content>,
    /// Fields that clashed or were refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Why it was refused or has to wait, a stable code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The server's mark on the record as it is told here, to be kept with it and given back in an offer (S9).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seal: String,
    /// Of which kind the record is, and the sender where they made it: what the seal says beside the rest.
    #[serde(skip)]
    pub whose: Option<(Kind, Option<UserId>)>,
}

/// Answer to a push that could be read; always status 200.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushReply {
    pub magic: String,
    pub epoch: String,
    /// The server's clock, milliseconds since 1970.
    pub server_time: i64,
    pub results: Vec<ChangeResult>,
}

/// Body of a pull.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PullRequest {
    #[cfg_attr(feature = "openapi", schema(example = "hytevihko-pull-1"))]
    pub magic: String,
    /// Whose device this is; nothing is told where it is not the user of the sign-in (S10).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub user: UserId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub association: AssociationId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub device: DeviceId,
    /// Version of the contents, see `limits::SCHEMA`.
    pub schema: u32,
    /// Sequence number up to which the device has read; 0 at first.
    #[serde(default)]
    pub after: u64,
    /// The epoch of that cursor; a cursor of another epoch is read from zero (S9).
    #[serde(default)]
    pub epoch: String,
    /// Records in a page, at most 500.
    #[serde(default)]
    pub limit: Option<u32>,
    /// How many changes this device has ever made.
    #[serde(default)]
    pub counter: u64,
    /// How many changes wait on the device.
    #[serde(default)]
    pub waiting: u64,
    /// How many changes this device has ever thrown away, undone or joined before they were sent.
    #[serde(default)]
    pub thrown: u64,
}

/// A page of what happened in an association after a sequence number.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PullReply {
    pub magic: String,
    pub epoch: String,
    pub records: Vec<PullRecord>,
    /// Cursor for the next page.
    pub next: u64,
    pub more: bool,
    /// The cursor was of another epoch: this is the first page from zero. The device keeps what it holds and its outbox.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reset: bool,
}

/// The newest revision of one record, with the fields that the asking user may see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PullRecord {
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "gathering"))]
    pub kind: Kind,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: RecordId,
    pub rev: u32,
    pub seq: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub content: Option<Content>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// The asking user made the record.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mine: bool,
    /// Who made the record, as the association calls them; told to reviewers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The server's mark on what is told here, to be kept with it and given back in an offer (S9).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seal: String,
}

/// Body of an offer (S9): what a device holds of an association whose server was restored. A page of what it holds, or the
/// contents that the server asked for. Items are read one by one, so that a bad one does not spoil the others.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferRequest {
    #[cfg_attr(feature = "openapi", schema(example = "hytevihko-offer-1"))]
    pub magic: String,
    /// Who offers; nothing is taken where it is not the user of the sign-in (S10).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub user: UserId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub association: AssociationId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub device: DeviceId,
    /// Version of the contents, see `limits::SCHEMA`.
    pub schema: u32,
    /// The server's new epoch, as the device has heard it. Nothing is taken where it is not the server's.
    pub epoch: String,
    /// At most 500, each a `Held`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Held>))]
    pub holds: Vec<Value>,
    /// At most 50, each an `Offered`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Offered>))]
    pub records: Vec<Value>,
}

/// One record that a device holds, as the server once told it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Held {
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "gathering"))]
    pub kind: Kind,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: RecordId,
    pub rev: u32,
    /// SHA-256 of the canonical content as held, in hexadecimal.
    pub hash: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
}

/// A record whose content the server asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Offered {
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "gathering"))]
    pub kind: Kind,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: RecordId,
    pub rev: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub content: Option<Content>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// The offering user made the record; it counts under the server's own seal only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mine: bool,
    /// The mark with which the server told the record, where it did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seal: String,
    /// The seal is the server's: see `rules::offer::check_seals`.
    #[serde(skip)]
    pub sealed: bool,
}

/// Names one record of an association.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordKey {
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "gathering"))]
    pub kind: Kind,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub id: RecordId,
}

/// Answer to an offer that could be read; always status 200.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OfferReply {
    pub magic: String,
    /// Where it is not the epoch of the offer, nothing was taken and the offer begins again.
    pub epoch: String,
    /// Of the records held, those whose content the server asks for.
    #[serde(default)]
    pub wanted: Vec<RecordKey>,
    /// The server was restored too long ago, or never: it takes no offers. What it has may be other revisions of the same numbers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
}
