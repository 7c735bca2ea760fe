//! Invitations: made, looked at, accepted at most as often as they say, revoked.

use async_trait::async_trait;
use domain::{Area, AssociationId, UserId};
use uuid::Uuid;

use super::{Acceptance, AuditEntry, Invitation, InvitationHashes, Result};

#[async_trait]
pub trait Invitations: Send + Sync {
    async fn add_invitation(&self, invitation: &Invitation, hashes: &InvitationHashes, audit: AuditEntry)
    -> Result<()>;

    /// The invitation whose token or whose code has this HMAC, whatever has become of it. On a reader: a flood of guesses does not
    /// touch the writer.
    async fn invitation(&self, hash: &[u8]) -> Result<Option<Invitation>>;

    /// An association's invitations that can be accepted at `now_ms`, the newest first.
    async fn open_invitations(&self, association: AssociationId, now_ms: i64) -> Result<Vec<Invitation>>;

    /// A coordinator's or an operator's own invitations that can be accepted at `now_ms`, the newest first.
    async fn open_invitations_by(&self, user: UserId, now_ms: i64) -> Result<Vec<Invitation>>;

    /// Revokes one of an association's invitations, or where `association` is none, one that `by` made. False where there is none.
    async fn revoke_invitation(&self, id: Uuid, association: Option<AssociationId>, audit: AuditEntry) -> Result<bool>;

    /// Takes up an invitation and signs the person in, in one transaction. False, and nothing of it, where it can no longer be accepted.
    async fn accept(&self, acceptance: Acceptance<'_>, audit: AuditEntry) -> Result<bool>;

    /// Who accepted an invitation by this attempt, since `since_ms`: an answer can be lost.
    async fn accepted_by(&self, invitation: Uuid, attempt: Uuid, since_ms: i64) -> Result<Option<UserId>>;

    /// Whether a person has accepted, since `since_ms`, an invitation to bring in an association that they have not brought in yet; the
    /// inviter's area.
    async fn waiting_association(&self, user: UserId, since_ms: i64) -> Result<Option<(Uuid, Option<Area>)>>;
}
