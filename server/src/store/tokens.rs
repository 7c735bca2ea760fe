//! Tokens with which programs read an association.

use async_trait::async_trait;
use domain::{AssociationId, UserId, permission::scope::Scope};
use uuid::Uuid;

use super::{AuditEntry, Result};

/// A token, without what opens the door. All times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadToken {
    /// Names it in lists; it opens nothing.
    pub id: Uuid,
    pub association: AssociationId,
    /// The reviewer who made it.
    pub user: UserId,
    /// What the association calls it.
    pub name: String,
    pub scope: Scope,
    pub made_ms: i64,
    pub expires_ms: i64,
    pub last_used_ms: Option<i64>,
    pub ended_ms: Option<i64>,
}

impl ReadToken {
    /// Whether it opens something, where its maker is a reviewer still.
    pub fn is_alive(&self, now_ms: i64) -> bool {
        self.ended_ms.is_none() && now_ms < self.expires_ms
    }
}

#[async_trait]
pub trait ReadTokens: Send + Sync {
    /// Adds a token of this hash. False where `most` of its association's are alive already, or its maker is no reviewer of it.
    async fn add_read_token(&self, token: &ReadToken, hash: &[u8], most: u32, audit: AuditEntry) -> Result<bool>;

    /// The token of a hash, whatever has become of it. On a reader.
    async fn read_token(&self, hash: &[u8]) -> Result<Option<ReadToken>>;

    /// An association's tokens that were not ended, the newest first; also those that have expired.
    async fn read_tokens(&self, association: AssociationId) -> Result<Vec<ReadToken>>;

    /// Remembers that a token was used.
    async fn read_token_used(&self, id: Uuid, now_ms: i64) -> Result<()>;

    /// Ends an association's token, at the moment of the entry. False where it has no such token, or it was ended before.
    async fn end_read_token(&self, association: AssociationId, id: Uuid, audit: AuditEntry) -> Result<bool>;
}
