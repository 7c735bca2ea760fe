//! What goes into a store and comes out of it, the same for every database. Codes are parsed: a row with an unknown one does not
//! come out at all, it is [`super::StoreError::Damaged`].

use domain::{
    Area, AssociationId, Content, DeviceId, Kind, Month, Quarter, RecordId, Role, UserId,
    codes::Municipality,
    permission::people::{self, Class},
};
use sync::{
    account::{Brought, DeviceCounts},
    rules::pull::Reader,
};
use uuid::Uuid;

/// Who pulls what.
#[derive(Clone, Copy, Debug)]
pub struct PullQuery {
    pub association: AssociationId,
    pub reader: Reader,
    /// Sequence number up to which the device has read.
    pub after: u64,
    pub limit: u32,
}

/// Rows of an association's records in sequence order.
#[derive(Clone, Copy, Debug)]
pub struct RowsQuery {
    pub association: AssociationId,
    pub after: u64,
    pub limit: u32,
    /// Of the reviews, only those of gatherings that this reader's user recorded, from the reader's first day on; none: all. It
    /// bounds what is read. What the reader is given is decided by `sync::rules::pull`.
    pub reviews_for: Option<Reader>,
}

/// A revision, and who made it.
#[derive(Clone, Debug, PartialEq)]
pub struct RevisionRow {
    pub kind: Kind,
    pub rev: u32,
    /// None where it was a deletion.
    pub content: Option<Content>,
    pub stored_at_ms: i64,
    /// [`UserId::DELETED`] where it is not known any more; the device is nobody's then.
    pub author: UserId,
    pub device: DeviceId,
    /// What the association calls the author, or called them until it forgot.
    pub nickname: Option<String>,
}

/// What a device tells of itself at a contact.
#[derive(Clone, Copy, Debug)]
pub struct DeviceReport {
    pub device: DeviceId,
    pub user: UserId,
    /// None from an app that does not count yet.
    pub counts: Option<DeviceCounts>,
    /// What came of its changes, where the contact was a push.
    pub brought: Option<Brought>,
}

/// A device of an association's member, as its reviewers may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRow {
    pub user: UserId,
    pub device: DeviceId,
    /// What the association calls the user.
    pub nickname: String,
    pub waiting: u64,
    pub last_contact_ms: i64,
    /// Changes that are missing, and how many of them a reviewer has seen the notice of.
    pub missing: u64,
    pub missing_seen: u64,
}

/// The last contact of a user's device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastContact {
    pub device: DeviceId,
    pub at_ms: i64,
    pub counts: DeviceCounts,
}

/// A user and everything that they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub user: UserId,
    /// What they are called where no association calls them anything.
    pub nickname: String,
    /// Those that have not ended, by the associations' names.
    pub memberships: Vec<Membership>,
    /// Areas whose protected counts the user sees.
    pub areas: Vec<Area>,
    pub is_operator: bool,
    /// Their areas come from an account of their organisation, which says at each sign-in whether they still have them.
    pub has_account: bool,
}

impl Person {
    /// A coordinator of an area, or an operator.
    pub fn is_official(&self) -> bool {
        self.is_operator || !self.areas.is_empty()
    }

    /// A reviewer of any association.
    pub fn is_reviewer(&self) -> bool {
        self.memberships.iter().any(|membership| membership.role == Role::Reviewer)
    }

    /// Has something to prove: whoever is a volunteer and nothing else is let in again by an invitation.
    pub fn is_more_than_volunteer(&self) -> bool {
        self.is_official() || self.is_reviewer()
    }
}

impl Person {
    /// What an operator reads of them.
    pub fn nickname_or_id(&self) -> String {
        if self.nickname.is_empty() { self.user.to_string() } else { self.nickname.clone() }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub association: AssociationId,
    /// The association's name.
    pub name: String,
    /// What the association calls the member.
    pub nickname: String,
    pub role: Role,
    pub volunteers_set_up_series: bool,
    pub volunteers_change_others: bool,
}

/// A member as their association's reviewers see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub user: UserId,
    pub nickname: String,
    pub role: Role,
    /// When a sign-in of theirs was last used, milliseconds since 1970; none when they have none.
    pub last_used_ms: Option<i64>,
}

/// How a person came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Demo,
    Invitation,
    Passkey,
    Recovery,
    Email,
    OpenId,
}

impl Way {
    pub const ALL: [Way; 6] = [Way::Demo, Way::Invitation, Way::Passkey, Way::Recovery, Way::Email, Way::OpenId];

    pub const fn name(self) -> &'static str {
        match self {
            Way::Demo => "demo",
            Way::Invitation => "invitation",
            Way::Passkey => "passkey",
            Way::Recovery => "recovery",
            Way::Email => "email",
            Way::OpenId => "openid",
        }
    }

    pub fn from_name(name: &str) -> Option<Way> {
        Way::ALL.into_iter().find(|way| way.name() == name)
    }
}

/// A sign-in. All times are milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Names it in lists; it signs nobody in.
    pub id: Uuid,
    pub user: UserId,
    /// The browser that it was made on.
    pub device: Option<DeviceId>,
    pub class: Class,
    pub way: Way,
    pub created_ms: i64,
    /// When its cookie was last changed.
    pub rotated_ms: i64,
    pub last_used_ms: i64,
    /// When the person last proved who they are.
    pub proved_ms: i64,
    pub expires_ms: i64,
}

impl SignIn {
    /// Whether it still signs its person in: it has not expired, and was used within the time that its class allows.
    pub const fn is_alive(&self, now_ms: i64) -> bool {
        people::is_alive(self.class, self.last_used_ms, self.expires_ms, now_ms)
    }
}

/// A member's sign-in, on a browser that the association let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetIn {
    /// What the association calls the member.
    pub nickname: String,
    /// What they are in the association, whatever this sign-in makes them.
    pub role: Role,
    pub sign_in: SignIn,
}

/// A sign-in that was ended from elsewhere, by its person or by a reviewer. Its cookie hands in what waits, for thirty days, and is
/// told for a year that its phone is to forget; it does nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EndedSignIn {
    pub id: Uuid,
    pub user: UserId,
    pub device: Option<DeviceId>,
    /// Milliseconds since 1970.
    pub created_ms: i64,
    pub ended_ms: i64,
}

/// A passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyRow {
    pub id: Uuid,
    /// What the authenticator calls it.
    pub credential: Vec<u8>,
    pub user: UserId,
    /// The public key with what belongs to it; only [`crate::identity::passkey`] reads it.
    pub key: String,
    /// How often it was used, as the authenticator counts; nought where it does not count.
    pub counter: u32,
    /// What the person calls it, at most [`super::keys::NAME_CHARS_MAX`] characters.
    pub name: String,
    pub created_ms: i64,
    pub last_used_ms: Option<i64>,
    /// Since when there may be a copy of it; it is then accepted no more.
    pub suspect_ms: Option<i64>,
    /// Whoever made it had proved by a code by e-mail who they are: it proves no more than that.
    pub by_mail: bool,
}

/// That a passkey was used.
#[derive(Clone, Copy, Debug)]
pub struct PasskeyUse<'a> {
    /// The key as it is from now on.
    pub key: &'a str,
    pub counter: u32,
    pub at_ms: i64,
}

/// What an invitation makes of whoever accepts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    Member(AssociationId, Role),
    /// The first reviewer of an association that does not exist yet. The area is its inviter's.
    NewAssociation(Option<Area>),
    Coordinator(Area),
    Operator,
}

impl Grant {
    /// The association whose members it makes more, where it is there already.
    pub const fn association(self) -> Option<AssociationId> {
        match self {
            Grant::Member(association, _) => Some(association),
            Grant::NewAssociation(_) | Grant::Coordinator(_) | Grant::Operator => None,
        }
    }

    pub const fn kind(self) -> &'static str {
        match self {
            Grant::Member(_, Role::Volunteer) => "volunteer",
            Grant::Member(_, Role::Reviewer) => "reviewer",
            Grant::NewAssociation(_) => "association",
            Grant::Coordinator(_) => "coordinator",
            Grant::Operator => "operator",
        }
    }
}

/// An invitation, without its token and code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: Uuid,
    pub grant: Grant,
    /// A member whose new phone it is for: whoever accepts it is they. None: somebody new.
    pub renews: Option<UserId>,
    /// How many may accept it; none: all until it expires.
    pub uses_max: Option<u32>,
    pub uses: u32,
    /// None: the operator's command.
    pub made_by: Option<UserId>,
    pub made_ms: i64,
    pub expires_ms: i64,
    pub is_revoked: bool,
}

/// Whether an invitation can be accepted now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationState {
    Open,
    Used,
    Expired,
    Revoked,
}

impl Invitation {
    pub fn state(&self, now_ms: i64) -> InvitationState {
        if self.is_revoked {
            InvitationState::Revoked
        } else if self.uses_max.is_some_and(|max| self.uses >= max) {
            InvitationState::Used
        } else if now_ms >= self.expires_ms {
            InvitationState::Expired
        } else {
            InvitationState::Open
        }
    }
}

/// HMACs of an invitation's token and of its typed code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationHashes {
    pub token: Vec<u8>,
    pub code: Vec<u8>,
}

/// Somebody accepts an invitation and is signed in.
#[derive(Clone, Debug)]
pub struct Acceptance<'a> {
    pub invitation: &'a Invitation,
    pub user: UserId,
    /// What the association is to call them; empty: the store finds a name.
    pub nickname: &'a str,
    pub token_hash: &'a [u8],
    pub sign_in: SignIn,
    /// Made by the phone, the same when it tries again.
    pub attempt: Option<Uuid>,
    /// The browser's sign-in before this one, which ends.
    pub replaces: Option<&'a [u8]>,
}

/// An entry of the audit log before it has its place in the chain. No free text, ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    pub at_ms: i64,
    /// None: the operator's command, or nobody.
    pub actor: Option<UserId>,
    pub association: Option<AssociationId>,
    pub act: Act,
    /// The person, sign-in, invitation or record that it was done to.
    pub subject: Option<Uuid>,
}

/// An entry as it was read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    pub seq: u64,
    pub at_ms: i64,
    pub actor: Option<UserId>,
    pub association: Option<AssociationId>,
    pub act: Act,
    pub subject: Option<Uuid>,
    pub hash: Vec<u8>,
}

/// An entry of an association's part of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditNumbered {
    /// The association's first entry has 1. The place in the whole log would tell how much happens elsewhere.
    pub number: u64,
    pub row: AuditRow,
}

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)+) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Act { $($(#[$doc])* $name,)+ }

        impl Act {
            pub const ALL: &'static [Act] = &[$(Act::$name,)+];

            /// Stable: it is in the database and under the chain's hashes.
            pub const fn code(self) -> &'static str {
                match self { $(Act::$name => $code,)+ }
            }

            pub fn parse(code: &str) -> Option<Act> {
                Act::ALL.iter().copied().find(|act| act.code() == code)
            }
        }
    };
}

acts! {
    SignedIn = "signed-in",
    ProvedAgain = "proved-again",
    SignedOut = "signed-out",
    SignInEnded = "sign-in-ended",
    Invited = "invited",
    InvitationRevoked = "invitation-revoked",
    Joined = "joined",
    Renamed = "renamed",
    RoleChanged = "role-changed",
    MemberRemoved = "member-removed",
    CoordinatorEnded = "coordinator-ended",
    OperatorEnded = "operator-ended",
    /// Gatherings came from a device of somebody who has left.
    HandedIn = "handed-in",
    HandedInTaken = "handed-in-taken",
    HandedInDiscarded = "handed-in-discarded",
    /// Nobody decided in time about a gathering of somebody who is no member any more.
    HandedInExpired = "handed-in-expired",
    AssociationMade = "association-made",
    AssociationAsked = "association-asked",
    AssociationRefused = "association-refused",
    PasskeyAdded = "passkey-added",
    PasskeyRemoved = "passkey-removed",
    /// A passkey's counter went back: there may be a copy of it.
    PasskeyCopied = "passkey-copied",
    RecoveryCodesMade = "recovery-codes-made",
    RecoveryCodeUsed = "recovery-code-used",
    EmailSet = "email-set",
    EmailRemoved = "email-removed",
    TokenMade = "token-made",
    TokenEnded = "token-ended",
    DataDownloaded = "data-downloaded",
    PersonDeleted = "person-deleted",
    Exported = "exported",
    ThresholdChanged = "threshold-changed",
    ReleaseConfirmed = "release-confirmed",
    Restored = "restored",
    SettingChanged = "setting-changed",
}

/// An association as whoever operates the server sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssociationListed {
    pub id: AssociationId,
    pub name: String,
    pub home: Option<Municipality>,
    /// Reviewers and volunteers whose membership has not ended.
    pub members: u64,
    pub reviewers: u64,
}

/// An association as completeness sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssociationRow {
    pub id: AssociationId,
    pub home: Option<Municipality>,
    pub no_activity: Vec<Month>,
}

/// One frozen cell of a release. `figures` is the JSON that `reports::releases` writes and reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseCell {
    pub quarter: Quarter,
    pub number: u32,
    pub area_kind: String,
    pub area: String,
    pub form: String,
    pub figures: String,
}

/// A release that is frozen: its cells, and the gatherings that it counted, by their ids.
#[derive(Clone, Copy, Debug)]
pub struct Freeze<'a> {
    pub quarter: Quarter,
    pub counted: &'a [(AssociationId, RecordId)],
    /// Their numbers are given by the store.
    pub cells: &'a [ReleaseCell],
}
