//! Who is signed in, and where.

use async_trait::async_trait;
use domain::{AssociationId, UserId};
use uuid::Uuid;

use super::{AuditEntry, EndedSignIn, LetIn, Result, SignIn};

#[async_trait]
pub trait SignIns: Send + Sync {
    /// Adds a sign-in, ends the browser's one before (`replaces`, by its cookie's hash), and forgets those that have expired.
    async fn add_sign_in(
        &self,
        token_hash: &[u8],
        sign_in: SignIn,
        replaces: Option<&[u8]>,
        audit: Option<AuditEntry>,
    ) -> Result<()> {
        self.add_sign_in_let_in(token_hash, sign_in, replaces, audit, None).await
    }

    /// As [`SignIns::add_sign_in`], on a browser that an association's invitation let in. Those that let the same person in on it before
    /// have let them in still.
    async fn add_sign_in_let_in(
        &self,
        token_hash: &[u8],
        sign_in: SignIn,
        replaces: Option<&[u8]>,
        audit: Option<AuditEntry>,
        let_in_by: Option<AssociationId>,
    ) -> Result<()>;

    /// Of the sign-ins on browsers that an association let in, those of its members, by nickname; the last used first.
    async fn sign_ins_let_in(&self, association: AssociationId) -> Result<Vec<LetIn>>;

    /// The sign-in of a cookie, of today's or of the one before the last rotation, whether or not it is still alive.
    async fn sign_in(&self, token_hash: &[u8]) -> Result<Option<SignIn>>;

    /// A person's sign-ins, the last used first.
    async fn sign_ins(&self, user: UserId) -> Result<Vec<SignIn>>;

    /// Remembers that a sign-in was used, at `now_ms`, with the cookie of this hash: a cookie before it is no longer valid.
    async fn sign_in_used(&self, id: Uuid, token_hash: &[u8], now_ms: i64) -> Result<()>;

    /// Whether a cookie was replaced by one that has not come back yet.
    async fn is_replaced(&self, token_hash: &[u8]) -> Result<bool>;

    /// Gives a sign-in a new cookie; the one of `token_hash` stays valid until the new one comes back. False, and nothing is changed, where
    /// the sign-in was not rotated for the last time at `rotated_ms`: another request has been faster, and its cookie is the one.
    async fn rotate_sign_in(
        &self,
        id: Uuid,
        token_hash: &[u8],
        rotated_ms: i64,
        new_hash: &[u8],
        now_ms: i64,
    ) -> Result<bool>;

    /// Remembers that the person has proved again who they are, at the moment of the entry.
    async fn proved_again(&self, id: Uuid, audit: AuditEntry) -> Result<()>;

    /// Ends the sign-in of a cookie. Nothing where there is none.
    async fn remove_sign_in(&self, token_hash: &[u8], audit: Option<AuditEntry>) -> Result<()>;

    /// Ends one of a person's sign-ins, and remembers that it was. False where it is not theirs.
    async fn end_sign_in(&self, user: UserId, id: Uuid, audit: AuditEntry) -> Result<bool>;

    /// Ends all of a person's sign-ins, but for the one of `but`, and remembers that they were.
    async fn end_sign_ins(&self, user: UserId, but: Option<Uuid>, audit: AuditEntry) -> Result<()>;

    /// The sign-in of a cookie that was ended from elsewhere, with today's cookie or with the one before the last rotation.
    async fn ended_sign_in(&self, token_hash: &[u8]) -> Result<Option<EndedSignIn>>;
}
