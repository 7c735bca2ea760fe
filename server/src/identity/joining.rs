//! Bringing in an association: its first records by the same rules as a push, its first reviewer, and their sign-in.

use axum::http::HeaderMap;
use domain::{
    AssociationId, ChangeId, Content, DeviceId, Kind, RecordId, Role, UserId,
    joining::{Draft, may_be_same},
};
use sync::{
    protocol::{Change, Outcome},
    rules::{self, Loaded, Who},
};
use uuid::{Builder, Uuid};

use super::sign_in::{self, Session};
use crate::{
    Server,
    http::problem::Problem,
    store::{
        Act, AuditEntry, StoreError, Way,
        joining::{Ground, NewAssociation},
    },
};

/// Who brings in what, and by which right.
pub struct BringIn<'a> {
    pub draft: &'a Draft,
    pub reviewer: UserId,
    /// Where the reviewer is; none where somebody else says the last word.
    pub device: Option<DeviceId>,
    pub ground: Ground,
    /// Who says the last word: the reviewer or a coordinator.
    pub actor: UserId,
}

/// Makes the association of a draft, with its first groups, and its first reviewer a member, in one transaction. False, and nothing
/// of it, where the ground was used before.
///
/// # Errors
/// [`Problem::Unreadable`] where something is wrong with the draft.
pub async fn bring_in(server: &Server, what: BringIn<'_>) -> Result<bool, Problem> {
    const WRONG: Problem = Problem::Unreadable("The association's details are not whole.");
    let BringIn { draft, reviewer, device, ground, actor } = what;
    let new = draft.association().map_err(|_| WRONG)?;
    let nickname = draft.checked_nickname().map_err(|_| WRONG)?;
    let now_ms = server.clock.now_ms();
    let association = AssociationId::new(new_id(now_ms));
    let change = |kind, record, content: Content| {
        Ok(Change {
            change: ChangeId::new(new_id(now_ms)),
            record,
            kind,
            base: 0,
            content: Some(content),
            deleted: false,
            made_at: now_ms,
            filed: false,
        })
    };
    let mut changes = vec![change(Kind::Association, RecordId::new(association.uuid()), new.to_content())];
    for series in draft.series(new.home) {
        changes.push(change(Kind::Series, RecordId::new(new_id(now_ms)), series.to_content()));
    }
    let who = Who {
        user: reviewer,
        device: device.unwrap_or(DeviceId::new(Uuid::nil())),
        association,
        role: Role::Reviewer,
        volunteers_set_up_series: new.volunteers_set_up_series,
        volunteers_change_others: new.volunteers_change_others,
        today: server.clock.today(),
    };
    // Nothing is stored of an association that has just got its id.
    let (results, writes) = rules::decide(Loaded::default(), &who, &changes);
    if results.iter().any(|result| result.outcome != Outcome::Stored) {
        return Err(StoreError::Damaged("the first records of an association").into());
    }
    let subject = match ground {
        Ground::Invitation(id) | Ground::Request(id) => id,
    };
    let audit = AuditEntry {
        at_ms: now_ms,
        actor: Some(actor),
        association: Some(association),
        act: Act::AssociationMade,
        subject: Some(subject),
    };
    let new = NewAssociation { association, reviewer, nickname: &nickname, ground, writes: &writes };
    Ok(server.store.bring_in(new, audit).await?)
}

/// Ids that are made in sequence are stored side by side: version 7.
fn new_id(now_ms: i64) -> Uuid {
    let mut random = [0; 10];
    random.copy_from_slice(&Uuid::new_v4().as_bytes()[6..]);
    Builder::from_unix_timestamp_millis(now_ms.unsigned_abs(), &random).into_uuid()
}

/// Whether an association of the same home may be the one of a draft.
pub async fn is_similar_known(server: &Server, draft: &Draft) -> Result<bool, Problem> {
    let Ok(new) = draft.association() else { return Ok(false) };
    let known = server.store.known_in(new.home).await?;
    Ok(known.iter().any(|one| may_be_same(&new, one)))
}

/// Whether some coordinator answers for a draft's home.
pub async fn is_somebody_to_ask(server: &Server, draft: &Draft) -> Result<bool, Problem> {
    let Some(home) = draft.home() else { return Ok(true) };
    let officials = server.store.officials().await?;
    Ok(officials.iter().any(|person| person.areas.iter().any(|area| area.contains(home))))
}

/// Signs the new reviewer in as one, where their sign-in is not a reviewer's yet, and returns the `Set-Cookie` headers.
///
/// The sign-in before is left to run out: should the answer be lost on its way, its cookie is all that the association's only reviewer
/// has. The browser that gets the answer forgets it.
pub async fn sign_in_reviewer(
    server: &Server,
    headers: &HeaderMap,
    session: &Session,
    is_own_device: bool,
) -> Result<Vec<String>, Problem> {
    let user = session.person.user;
    let person = server.store.person(user).await?.ok_or(Problem::NotSignedIn)?;
    let class = sign_in::class_of(&person, is_own_device);
    if class == session.sign_in.class {
        return Ok(Vec::new());
    }
    sign_in::prepare(server, headers, user, Way::Invitation, class).keep(server, None).await
}
