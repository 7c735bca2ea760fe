//! Who asked to be reminded of deadlines, and of what there is to remind. When a reminder goes is decided in `domain::reminder`.

use async_trait::async_trait;
use domain::{AssociationId, Date, Lang, RecordId, Series, UserId, reminder::Brief};
use uuid::Uuid;

use super::Result;

/// Devices on which one person is reminded of one association's deadlines. Those whose sign-ins were used the longest ago give way.
pub const DEVICES_MAX: u32 = 10;

/// A browser, as its push service knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushTo {
    /// An address that was checked (`crate::push`).
    pub endpoint: String,
    /// The browser's public key, as 65 bytes of a point.
    pub p256dh: Vec<u8>,
    /// What the browser shares with us, 16 bytes.
    pub auth: Vec<u8>,
}

/// Where a reminder goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemindTo {
    /// A confirmed e-mail address.
    Mail(String),
    /// The browser of a sign-in.
    Push(Uuid, PushTo),
}

/// Somebody's wish to be reminded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    pub association: AssociationId,
    pub user: UserId,
    pub lang: Lang,
    /// Up to which day was looked whether there is something to send.
    pub looked: Date,
    pub to: RemindTo,
}

/// How whoever asks is reminded of one association's deadlines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    pub by_mail: bool,
    /// In the browser of their sign-in.
    pub here: bool,
}

#[async_trait]
pub trait Reminders: Send + Sync {
    /// How a person has chosen to be reminded, as seen from one of their sign-ins.
    async fn chosen(&self, association: AssociationId, user: UserId, sign_in: Uuid) -> Result<Chosen>;

    /// Takes a wish: in a browser in place of an earlier one of the same sign-in. False, and nothing of it, where the person is no reviewer of
    /// the association, has no address (any more) or that sign-in has ended.
    async fn remind(&self, reminder: &Reminder) -> Result<bool>;

    /// Forgets the wish to be reminded by e-mail. Nothing where there is none.
    async fn stop_mail(&self, association: AssociationId, user: UserId) -> Result<()>;

    /// Forgets the wish to be reminded in a sign-in's browser. Nothing where there is none.
    async fn stop_push(&self, association: AssociationId, sign_in: Uuid) -> Result<()>;

    /// The push service knows no such browser any more: forgets it, whatever it was to be reminded of.
    async fn forget_browser(&self, endpoint: &str) -> Result<()>;

    /// The wishes of those who are reviewers of the association now and, in a browser, signed in, for whom another day than `today` was
    /// looked at last. Those of one person by e-mail, and those of one sign-in, stand together.
    async fn not_looked(&self, today: Date, now_ms: i64) -> Result<Vec<Reminder>>;

    /// Remembers that the days up to `today` were looked at, in one transaction; for each of the wishes whether it was still there as it is
    /// given. Who is told yes may send, and nobody else is told so.
    async fn look_at(&self, reminders: &[Reminder], today: Date) -> Result<Vec<bool>>;

    /// Takes it back where it is certain that nothing was sent: the next look is as if there had been none on `today`.
    async fn give_back(&self, reminders: &[Reminder], today: Date) -> Result<()>;

    /// Everything that a person wishes, for themselves to see.
    async fn reminders_of(&self, user: UserId) -> Result<Vec<Reminder>>;

    /// An association's gatherings, as far as reminders count them, and its series. Of a gathering's content nothing is read.
    async fn in_brief(&self, association: AssociationId) -> Result<(Vec<Brief>, Vec<(RecordId, Series)>)>;
}
