//! Accounts of an OpenID Connect provider: whose they are, and which areas they give.

use async_trait::async_trait;
use domain::{Area, UserId};

use super::Result;

#[async_trait]
pub trait Accounts: Send + Sync {
    /// The person of an account that signs in, who coordinates exactly these areas from now on: areas that the provider no longer gives
    /// are taken away, with what was invited to in them. An account that is not known yet gets a new person, called `nickname`.
    ///
    /// `account_hash` is the keyed hash of the account. None, and nothing is made, for an account that is not known and has no areas.
    async fn account_signs_in(
        &self,
        account_hash: &[u8],
        areas: &[Area],
        nickname: &str,
        now_ms: i64,
    ) -> Result<Option<UserId>>;
}
