//! How people prove who they are: passkeys and recovery codes.

use async_trait::async_trait;
use domain::UserId;
use uuid::Uuid;

use super::{AuditEntry, PasskeyRow, PasskeyUse, Result};

/// Passkeys that a person may have: a phone, a computer, two sticks, and as many of years past.
pub const PASSKEYS_MAX: u32 = 10;
/// Characters of what a person calls a passkey.
pub const NAME_CHARS_MAX: usize = 40;

#[async_trait]
pub trait Keys: Send + Sync {
    /// Adds a passkey. False where the credential is somebody's already, or the person has [`PASSKEYS_MAX`].
    async fn add_passkey(&self, passkey: &PasskeyRow, audit: AuditEntry) -> Result<bool>;

    /// A person's passkeys, the oldest first.
    async fn passkeys(&self, user: UserId) -> Result<Vec<PasskeyRow>>;

    /// The passkey of an authenticator's credential. On a reader.
    async fn passkey(&self, credential: &[u8]) -> Result<Option<PasskeyRow>>;

    /// Remembers that a passkey was used, and its counter: true where the counter has grown since the last use, or was and is nought. False,
    /// and nothing of it, where it has not: of two copies that count alike one is refused, also when both come at once.
    async fn passkey_used(&self, id: Uuid, used: PasskeyUse<'_>) -> Result<bool>;

    /// Remembers that there may be a copy of a passkey. Nothing where that is known.
    async fn suspect_passkey(&self, id: Uuid, audit: AuditEntry) -> Result<()>;

    /// Calls a passkey otherwise. False where the person has no such one.
    async fn rename_passkey(&self, user: UserId, id: Uuid, name: &str) -> Result<bool>;

    /// Removes a passkey. Where the person `needs_way`, one that is accepted is removed only when another one or a recovery code is left.
    async fn remove_passkey(&self, user: UserId, id: Uuid, needs_way: bool, audit: AuditEntry) -> Result<Removal>;

    /// Gives a person these recovery codes, by their HMACs, in place of those that they had. `by_mail`: as of a passkey.
    async fn set_recovery_codes(
        &self,
        user: UserId,
        hashes: &[Vec<u8>],
        by_mail: bool,
        audit: AuditEntry,
    ) -> Result<()>;

    /// How many recovery codes a person has left.
    async fn recovery_codes_left(&self, user: UserId) -> Result<u32>;

    /// Whether a person can prove who they are otherwise than by e-mail: by a passkey that is accepted or a recovery code, not made by e-mail.
    async fn has_way_beside_mail(&self, user: UserId) -> Result<bool>;

    /// Whose recovery code has this HMAC, and whether it was made by e-mail. On a reader: a flood of guesses does not touch the writer.
    async fn recovery_code(&self, hash: &[u8]) -> Result<Option<(UserId, bool)>>;

    /// Uses a person's recovery code up, and says how many are left. None where it is none, or no longer one.
    async fn use_recovery_code(&self, user: UserId, hash: &[u8], audit: AuditEntry) -> Result<Option<u32>>;
}

/// What became of a passkey that was to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    Removed,
    /// The person has no such one.
    Unknown,
    /// The person could not come in again.
    LastWayIn,
}
