//! What is kept about one person, and how it is deleted.

use async_trait::async_trait;
use domain::{AssociationId, Content, DeviceId, Kind, RecordId, Role, UserId};
use uuid::Uuid;

use super::{AuditEntry, AuditRow, Invitation, Quarantined, ReadToken, Result};

/// What has to have happened before a deletion is committed: where it fails, nothing is deleted.
pub type BeforeCommit<'a> = &'a (dyn Fn() -> std::io::Result<()> + Send + Sync);

/// Everything that is kept about a person beside [`super::Person`] and their [`super::SignIn`]s, but for the contents of records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnRows {
    /// Also those that have ended.
    pub memberships: Vec<OwnMembership>,
    /// By which associations' invitations the browser of a sign-in came in.
    pub let_in: Vec<(Uuid, AssociationId)>,
    /// The latest contact first.
    pub devices: Vec<OwnDevice>,
    pub counts: Vec<OwnCount>,
    /// What the person handed in after they had left, and nobody has decided about.
    pub handed_in: Vec<Quarantined>,
    /// That the person made, open or not, the newest first.
    pub invitations: Vec<Invitation>,
    /// That the person accepted: which, and when.
    pub accepted: Vec<(Uuid, i64)>,
    /// Tokens for programs that the person made, whatever has become of them, the newest first.
    pub tokens: Vec<ReadToken>,
    /// Entries of the audit log by the person or about them, the newest first.
    pub audit: Vec<AuditRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnMembership {
    pub association: AssociationId,
    /// The association's name.
    pub name: String,
    /// What the association calls the person.
    pub nickname: String,
    pub role: Role,
    pub ended_ms: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnDevice {
    pub device: DeviceId,
    pub last_contact_ms: i64,
    /// Changes made on it, and those that wait, were thrown away or are missing.
    pub made: u64,
    pub waiting: u64,
    pub thrown: u64,
    pub missing: u64,
}

/// How many records of a kind the person has made in an association.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnCount {
    pub association: AssociationId,
    pub kind: Kind,
    /// Of a gathering, the year in which it was.
    pub year: Option<i16>,
    pub count: u64,
}

/// A record that the person made, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnContent {
    pub association: AssociationId,
    pub kind: Kind,
    pub record: RecordId,
    pub rev: u32,
    pub content: Content,
}

/// What became of a wish to delete somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    Deleted,
    /// There is no such person.
    Unknown,
    /// An association would be without a reviewer.
    LastReviewer,
    /// The server would be without an operator.
    LastOperator,
}

#[async_trait]
pub trait OwnData: Send + Sync {
    async fn own_rows(&self, user: UserId) -> Result<OwnRows>;

    /// The records that the person made and that are not deleted, association by association.
    async fn own_contents(&self, user: UserId) -> Result<Vec<OwnContent>>;

    /// Deletes a person: the account, memberships, sign-ins, devices and whatever else is theirs, at once. What they invited others to is
    /// revoked. Records and revisions stay, as [`UserId::DELETED`]'s; their gatherings get new sequence numbers, so that the phones of
    /// reviewers forget the nickname. `entry` is written once for each association that the person belonged to.
    ///
    /// `before` is called when everything is done but the commit.
    async fn delete_person(&self, user: UserId, entry: AuditEntry, before: BeforeCommit<'_>) -> Result<Deletion>;
}
