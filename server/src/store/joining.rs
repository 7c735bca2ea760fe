//! Associations that come in: drafts, requests to a municipality's coordinator, and the association itself.

use async_trait::async_trait;
use domain::{
    Area, AssociationId, DeviceId, UserId,
    codes::Municipality,
    joining::{Draft, Known, Step},
};
use sync::rules::Writes;
use uuid::Uuid;

use super::{AuditEntry, Result};

/// A draft that nobody has touched for this long is forgotten, milliseconds: 90 days.
pub const DRAFT_LASTS_MS: i64 = 90 * 24 * 60 * 60 * 1000;

/// What a person has told so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDraft {
    pub draft: Draft,
    /// The step to go on with.
    pub step: Step,
    /// Milliseconds since 1970.
    pub updated_ms: i64,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Open,
    Accepted,
    Refused,
}

impl Answer {
    pub const ALL: [Answer; 3] = [Answer::Open, Answer::Accepted, Answer::Refused];

    pub const fn name(self) -> &'static str {
        match self {
            Answer::Open => "open",
            Answer::Accepted => "accepted",
            Answer::Refused => "refused",
        }
    }

    pub fn from_name(name: &str) -> Option<Answer> {
        Answer::ALL.into_iter().find(|answer| answer.name() == name)
    }
}

/// Somebody asks to bring in an association. Times are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoiningRequest {
    pub id: Uuid,
    pub user: UserId,
    /// The browser that asked: only it gets in.
    pub device: DeviceId,
    pub home: Municipality,
    pub draft: Draft,
    pub answer: Answer,
    pub asked_ms: i64,
    pub expires_ms: i64,
}

impl JoiningRequest {
    /// Whether the coordinator can still say yes.
    pub fn is_open(&self, now_ms: i64) -> bool {
        self.answer == Answer::Open && now_ms < self.expires_ms
    }
}

/// By which right an association comes in. Each can be used once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The user has accepted this invitation.
    Invitation(Uuid),
    /// A coordinator accepts this request.
    Request(Uuid),
}

/// An association that comes in with its first reviewer.
#[derive(Clone, Debug)]
pub struct NewAssociation<'a> {
    pub association: AssociationId,
    pub reviewer: UserId,
    /// What the association calls them.
    pub nickname: &'a str,
    pub ground: Ground,
    /// Its first records, as the rules decided.
    pub writes: &'a Writes,
}

/// An association of an area, as its coordinator may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    pub name: String,
    pub home: Municipality,
    /// When its first record was stored, milliseconds since 1970.
    pub joined_ms: i64,
}

#[async_trait]
pub trait Joining: Send + Sync {
    async fn joining_draft(&self, user: UserId) -> Result<Option<KeptDraft>>;

    /// Keeps a draft in place of the one before, and forgets those that nobody has touched for [`DRAFT_LASTS_MS`], and requests whose
    /// time has been over for as long.
    async fn keep_joining_draft(&self, user: UserId, draft: &KeptDraft) -> Result<()>;

    /// How many drafts were touched since a moment.
    async fn joining_drafts_since(&self, ms: i64) -> Result<u64>;

    /// Makes a request of a draft, which goes, in place of the person's request before. False, and nothing of it, where `open_max`
    /// others of the municipality are open.
    async fn ask_to_join(&self, request: &JoiningRequest, open_max: u64, audit: AuditEntry) -> Result<bool>;

    /// A person's request, whatever has become of it.
    async fn joining_request_of(&self, user: UserId) -> Result<Option<JoiningRequest>>;

    async fn joining_request(&self, id: Uuid) -> Result<Option<JoiningRequest>>;

    /// The requests of these areas that can be answered at `now_ms`, the oldest first. Not of somebody who has no sign-in any more:
    /// nobody could come in.
    async fn open_joining_requests(&self, areas: &[Area], now_ms: i64) -> Result<Vec<JoiningRequest>>;

    /// Refuses an open request. False where there is none.
    async fn refuse_joining_request(&self, id: Uuid, audit: AuditEntry) -> Result<bool>;

    /// Makes a request that was not accepted a draft again. False where there is none.
    async fn take_back_joining_request(&self, user: UserId, now_ms: i64) -> Result<bool>;

    /// Makes an association, its first reviewer a member, and uses up the ground; the draft of an invitation's person goes. All of it
    /// in one transaction, or false and nothing where the ground was used before, or its asker has no sign-in any more.
    async fn bring_in(&self, new: NewAssociation<'_>, audit: AuditEntry) -> Result<bool>;

    /// The associations whose home is in one of the areas, the latest first, at most `limit`.
    async fn joined(&self, areas: &[Area], limit: u32) -> Result<Vec<Joined>>;

    /// The associations of a home, as whoever brings in another one is warned of them.
    async fn known_in(&self, home: Municipality) -> Result<Vec<Known>>;
}
