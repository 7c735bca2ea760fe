//! What whoever operates the server sees of all associations and people: names, ids and times. Never a gathering, never a note.

use async_trait::async_trait;
use uuid::Uuid;

use super::{AssociationListed, AuditEntry, Invitation, Result, SignIn};

#[async_trait]
pub trait Overview: Send + Sync {
    /// Every association, by name.
    async fn associations_listed(&self) -> Result<Vec<AssociationListed>>;

    /// All invitations that can be accepted at `now_ms`, the newest first.
    async fn all_open_invitations(&self, now_ms: i64) -> Result<Vec<Invitation>>;

    /// All sign-ins, alive or not, with what the person is called; the last used first.
    async fn all_sign_ins(&self) -> Result<Vec<(SignIn, String)>>;

    /// Revokes an invitation, whoever made it. False where there is none that can still be accepted.
    async fn revoke_any_invitation(&self, id: Uuid, audit: AuditEntry) -> Result<bool>;
}
