//! The audit log: append-only, each row's hash over the row and the hash before it.

use async_trait::async_trait;
use domain::AssociationId;
use sha2::{Digest, Sha256};

use super::{AuditEntry, AuditNumbered, AuditRow, Result, StoreError};

#[async_trait]
pub trait Audit: Send + Sync {
    /// Adds an entry of something that changes nothing else in this database.
    async fn audit(&self, entry: AuditEntry) -> Result<()>;

    /// An association's entries, the newest first, at most `limit`.
    async fn audit_of(&self, association: AssociationId, limit: u32) -> Result<Vec<AuditRow>>;

    /// An association's entries before the one of the number `before` (none: from the newest on), the newest first, at most `limit`.
    async fn audit_before(
        &self,
        association: AssociationId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<AuditNumbered>>;

    /// Rows from `after` on, in their order, at most `limit`: to verify the chain.
    async fn audit_rows(&self, after: u64, limit: u32) -> Result<Vec<AuditRow>>;
}

/// Hash of the row that follows `before` (empty for the first).
pub fn chain(before: &[u8], seq: u64, entry: &AuditEntry) -> Vec<u8> {
    let mut digest = Sha256::new();
    let mut part = |bytes: &[u8]| {
        // The length first, so that no two rows are written alike.
        digest.update((bytes.len() as u64).to_be_bytes());
        digest.update(bytes);
    };
    part(before);
    part(&seq.to_be_bytes());
    part(&entry.at_ms.to_be_bytes());
    part(entry.actor.map(|actor| actor.uuid().into_bytes()).as_ref().map_or(&[], |bytes| bytes.as_slice()));
    part(entry.association.map(|id| id.uuid().into_bytes()).as_ref().map_or(&[], |bytes| bytes.as_slice()));
    part(entry.act.code().as_bytes());
    part(entry.subject.map(|subject| subject.into_bytes()).as_ref().map_or(&[], |bytes| bytes.as_slice()));
    digest.finalize().to_vec()
}

/// How far a chain is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Rows that follow one another.
    pub rows: u64,
    /// Hash of the last of them: whoever keeps it elsewhere notices when the end is cut off.
    pub head: Vec<u8>,
    /// The first row that does not follow or cannot be read, by its sequence number.
    pub broken_at: Option<u64>,
}

/// Follows the chain from its beginning.
pub async fn verify(store: &(impl Audit + ?Sized)) -> Result<Verified> {
    const ROWS: u32 = 1_000;
    let mut at_a_time = ROWS;
    let mut verified = Verified { rows: 0, head: Vec::new(), broken_at: None };
    loop {
        let page = match store.audit_rows(verified.rows, at_a_time).await {
            // One of them cannot be read: which one?
            Err(StoreError::Damaged(_)) if at_a_time > 1 => {
                at_a_time = 1;
                continue;
            }
            Err(StoreError::Damaged(_)) => {
                verified.broken_at = Some(verified.rows + 1);
                return Ok(verified);
            }
            page => page?,
        };
        for row in &page {
            let AuditRow { at_ms, actor, association, act, subject, .. } = *row;
            let entry = AuditEntry { at_ms, actor, association, act, subject };
            let seq = verified.rows + 1;
            if row.seq != seq || row.hash != chain(&verified.head, seq, &entry) {
                verified.broken_at = Some(row.seq);
                return Ok(verified);
            }
            verified.rows = seq;
            verified.head.clone_from(&row.hash);
        }
        if page.len() < at_a_time as usize {
            return Ok(verified);
        }
    }
}
