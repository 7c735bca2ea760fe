//! Who may sign in, and who is signed in.

use async_trait::async_trait;
use domain::{AssociationId, Role, UserId};

use super::{Person, Result, SignIn};

#[async_trait]
pub trait People: Send + Sync {
    /// Adds a user, known by `nickname` within their association; one who is known already stays as they are.
    async fn add_person(&self, user: UserId, nickname: &str) -> Result<()>;

    /// Gives a user a role in an association, in place of the one that they had.
    async fn add_member(&self, association: AssociationId, user: UserId, role: Role) -> Result<()>;

    async fn add_coordinator(&self, user: UserId, municipality: &str) -> Result<()>;

    async fn person(&self, user: UserId) -> Result<Option<Person>>;

    /// Adds a sign-in, and forgets those that have run out at `now_ms`.
    async fn add_sign_in(&self, token_hash: &[u8], sign_in: SignIn, now_ms: i64) -> Result<()>;

    async fn remove_sign_in(&self, token_hash: &[u8]) -> Result<()>;

    /// The sign-in of a cookie, whether or not it has run out.
    async fn sign_in(&self, token_hash: &[u8]) -> Result<Option<SignIn>>;
}
