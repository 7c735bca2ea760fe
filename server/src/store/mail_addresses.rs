//! Where reviewers have codes sent.

use async_trait::async_trait;
use domain::UserId;

use super::{AuditEntry, Result};

/// A person's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailAddress {
    pub address: String,
    /// When they showed that they read what is sent there, milliseconds since 1970.
    pub confirmed_ms: i64,
}

#[async_trait]
pub trait MailAddresses: Send + Sync {
    async fn mail_address(&self, user: UserId) -> Result<Option<MailAddress>>;

    /// Whose address it is, written in lower case. On a reader.
    async fn person_at(&self, address: &str) -> Result<Option<UserId>>;

    /// Gives a person this address in place of the one that they had. False where it is another person's, or there is no such person.
    async fn set_mail_address(&self, user: UserId, address: &str, audit: AuditEntry) -> Result<bool>;

    /// Forgets a person's address. False where they have none.
    async fn remove_mail_address(&self, user: UserId, audit: AuditEntry) -> Result<bool>;
}
