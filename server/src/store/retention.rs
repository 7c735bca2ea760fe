//! What is kept no longer than it is needed. How long that is, and which accounts go, is decided in `crate::retention`.

use async_trait::async_trait;
use domain::UserId;

use super::Result;

/// An account, as far as it may be unused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    pub user: UserId,
    /// Days on which the server ran and that have passed since it was last used.
    pub idle_days: u32,
    /// They are signed in somewhere.
    pub is_signed_in: bool,
    /// The last reviewer of an association, or the only operator.
    pub is_needed: bool,
}

/// Up to when what is kept. All are milliseconds since 1970; what is older goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cutoffs {
    pub now_ms: i64,
    /// Nicknames of ended memberships, invitations that have expired, acceptances, what was handed in.
    pub ended_ms: i64,
    /// Which sign-ins were ended from elsewhere.
    pub ended_sign_ins_ms: i64,
    /// Devices on which nothing waits and nothing is missing.
    pub devices_ms: i64,
    /// Who made a revision, on which device; tokens of programs that have expired or were ended.
    pub authors_ms: i64,
}

/// How many rows went, or lost what said whose they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    pub sign_ins: u64,
    pub invitations: u64,
    pub acceptances: u64,
    pub nicknames: u64,
    /// Gatherings that were handed in: decided, or of those who are no members any more.
    pub handed_in: u64,
    pub devices: u64,
    pub authors: u64,
    /// Of those who are no reviewers any more.
    pub mail_addresses: u64,
    /// Of programs.
    pub tokens: u64,
}

#[async_trait]
pub trait Retention: Send + Sync {
    /// Counts one more day for each account that was not used since `since_ms`, and begins anew for the others.
    async fn count_idle_day(&self, since_ms: i64, now_ms: i64) -> Result<()>;

    /// All accounts, as of `now_ms`.
    async fn accounts(&self, now_ms: i64) -> Result<Vec<Account>>;

    /// Forgets what is older than the cutoffs.
    async fn forget(&self, cutoffs: Cutoffs) -> Result<Forgotten>;
}
