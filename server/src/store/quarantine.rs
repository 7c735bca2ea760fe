//! What people who have left handed in, apart from the records: nothing else reads it.

use async_trait::async_trait;
use domain::{AssociationId, ChangeId, Content, DeviceId, RecordId, UserId};

use super::{AuditEntry, Result};

/// A gathering that waits for the association's decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    pub association: AssociationId,
    pub change: ChangeId,
    pub record: RecordId,
    pub user: UserId,
    /// Of the sign-in.
    pub device: DeviceId,
    pub base: u32,
    /// As sent.
    pub content: Content,
    pub sent_hash: String,
    /// The device's clock, milliseconds since 1970; information only.
    pub made_at: i64,
    pub handed_in_ms: i64,
}

/// What may wait of one device.
#[derive(Clone, Copy, Debug)]
pub struct QuarantineBounds {
    pub records: u64,
    pub bytes: u64,
}

/// What became of something that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is there; also where it was before, and where it was decided meanwhile.
    There,
    /// The device has handed in as much as it may.
    Full,
    /// Something else is there under the change's id.
    SomethingElse,
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It is a record of the association now.
    Taken,
    Discarded,
}

#[async_trait]
pub trait Quarantine: Send + Sync {
    /// Keeps these, each as far as it may be, all in one transaction: what is answered `There` is on the disk. `entry` is written where
    /// something new was kept.
    async fn hand_in(&self, new: &[Quarantined], bounds: QuarantineBounds, entry: AuditEntry) -> Result<Vec<Kept>>;

    /// What waits for an association's decision, in the order in which it came, at most `limit`.
    async fn quarantined(&self, association: AssociationId, limit: u32) -> Result<Vec<Quarantined>>;

    /// Marks those of these that wait as decided, and forgets the contents of those that are thrown away; a restore may lose the record that
    /// was made of what is taken. An entry of the log is written for each, with its record as
    /// the subject of `entry`. How many there were.
    async fn decide_quarantined(
        &self,
        association: AssociationId,
        changes: &[ChangeId],
        decided: Decided,
        entry: AuditEntry,
    ) -> Result<u64>;
}
