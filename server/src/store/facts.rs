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
    /// Where browsers reach the server, as the operator has set it.
    Origin,
    /// The origin with which the server was last started.
    OriginServed,
    /// Who operates the server, in words.
    OperatorName,
    /// How to reach them, in words.
    OperatorContact,
    /// The two with which the server was last started.
    OperatorNameServed,
    OperatorContactServed,
    /// The mail server, and from which address, with which the server was last started.
    MailServed,
    /// Id of the invitation that the last start printed.
    SetUpInvitation,
    /// When what is no longer needed was last looked for, milliseconds since 1970.
    RetainedAt,
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
            Fact::Origin => "origin",
            Fact::OriginServed => "origin_served",
            Fact::OperatorName => "operator_name",
            Fact::OperatorContact => "operator_contact",
            Fact::OperatorNameServed => "operator_name_served",
            Fact::OperatorContactServed => "operator_contact_served",
            Fact::MailServed => "mail_served",
            Fact::SetUpInvitation => "set_up_invitation",
            Fact::RetainedAt => "retained_at",
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
