//! Facts about a database itself: what it is, and what was done to it.

use async_trait::async_trait;

use super::Result;

/// A fact that is there or not, with a value that its user reads and writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// `1`: the demo filled it, so that everything in it is invented and anybody may sign in.
    Demo,
    /// When it was last restored from a backup, milliseconds since 1970 by the machine's clock.
    RestoredAt,
    /// `1`: nothing is released until the operator says so.
    ReleasesHeld,
    /// The last quarter that the operator confirmed, as [`domain::Quarter::index`] counts.
    ReleasesConfirmed,
    /// [`Facts::newest_ms`] when the operator said that the clock is right.
    ClockConfirmed,
}

impl Fact {
    /// What it is called in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Fact::Demo => "demo",
            Fact::RestoredAt => "restored_at",
            Fact::ReleasesHeld => "releases_held",
            Fact::ReleasesConfirmed => "releases_confirmed",
            Fact::ClockConfirmed => "clock_confirmed",
        }
    }
}

#[async_trait]
pub trait Facts: Send + Sync {
    async fn fact(&self, fact: Fact) -> Result<Option<String>>;

    /// Writes a fact in place of what it was.
    async fn set_fact(&self, fact: Fact, value: &str) -> Result<()>;

    async fn remove_fact(&self, fact: Fact) -> Result<()>;

    /// Whether nobody has used it: there is no association and no person.
    async fn is_empty(&self) -> Result<bool>;

    /// The latest moment that the server's clock gave a sign-in, a release or a device's last contact (every push is one).
    async fn newest_ms(&self) -> Result<Option<i64>>;
}
