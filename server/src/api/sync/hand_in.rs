//! `POST /api/v1/sync/hand-in`: what a device still holds whose user was removed, or whose sign-in was ended from elsewhere. It is kept apart
//! for thirty days; the association decides about it.

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::HeaderMap,
};
use domain::{AssociationId, DeviceId};
use sync::{
    limits,
    protocol::hand_in::{HAND_IN_MAGIC, HandInOutcome, HandInReply, HandInRequest, codes},
    rules::{
        self,
        hand_in::{is_in_time, judge, one_who_left, to_check},
    },
};

use super::body;
use crate::{
    Server,
    http::problem::{Problem, ProblemBody},
    identity::sign_in::HandingIn,
    store::{Act, AuditEntry, Kept, QuarantineBounds, Quarantined},
};

const BOUNDS: QuarantineBounds =
    QuarantineBounds { records: limits::HANDED_IN_MAX, bytes: limits::HANDED_IN_BYTES_MAX };

/// Keeps gatherings of somebody who has left, for the association to decide about. Always 200 when the batch could be read; each
/// change has its own result. Nothing is told of what the association has.
#[utoipa::path(post, path = "/api/v1/sync/hand-in", request_body = HandInRequest, responses(
    (status = 200, body = HandInReply),
    (status = 400, body = ProblemBody, description = "the batch could not be read; nothing was taken"),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "not the user, a member who may push, or too late; nothing was taken"),
    (status = 413, body = ProblemBody, description = "over 256 kB or 50 changes: send fewer at a time"),
    (status = 415, body = ProblemBody),
    (status = 426, body = ProblemBody, description = "the client is too old (S13)"),
    (status = 503, body = ProblemBody),
))]
pub async fn hand_in(
    State(server): State<Server>,
    by: HandingIn,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<HandInReply>, Problem> {
    let request: HandInRequest = body::read(&headers, body)?;
    if request.changes.len() > limits::CHANGES_PER_PUSH_MAX {
        return Err(Problem::TooLarge);
    }
    let changes = rules::read_changes(&request.changes)
        .ok_or(Problem::Unreadable("A change does not name its change and record. Nothing was taken."))?;
    let association = request.association;
    if request.user != by.user || !may_hand_in(&server, &by, association).await? {
        return Err(Problem::NotAllowed);
    }
    server.limits.association(association)?;
    // Where the sign-in has no device, all of the person's such sign-ins share one bound.
    let device = by.device.unwrap_or(DeviceId::from_bytes([0; 16]));
    let who = one_who_left(by.user, device, association, server.clock.today());
    let changes = to_check(changes, request.epoch.is_empty() || request.epoch == *server.epoch);
    let loaded = server.store.look_up(association, &rules::keys(&changes)).await?;
    let mut judged = judge(loaded, &who, &changes);
    // One transaction. What is answered as given is on the disk.
    let now_ms = server.clock.now_ms();
    let (mut at, mut new) = (Vec::new(), Vec::new());
    for (place, one) in judged.iter_mut().enumerate() {
        let Some(change) = one.keep.take() else { continue };
        let Some(content) = change.content else { continue };
        at.push(place);
        new.push(Quarantined {
            association,
            change: change.change,
            record: change.record,
            user: by.user,
            device,
            base: change.base,
            content,
            sent_hash: one.result.sent_hash.clone(),
            made_at: change.made_at,
            handed_in_ms: now_ms,
        });
    }
    if !new.is_empty() {
        let entry = server.entry(Some(by.user), Act::HandedIn, Some(by.user.uuid()));
        let entry = AuditEntry { association: Some(association), ..entry };
        let kept = server.store.hand_in(&new, BOUNDS, entry).await?;
        for (place, kept) in at.into_iter().zip(kept) {
            let result = &mut judged[place].result;
            let (outcome, code) = match kept {
                Kept::There => continue,
                Kept::Full => (HandInOutcome::Refused, codes::FULL),
                Kept::SomethingElse => (HandInOutcome::Refused, rules::codes::NOT_ALLOWED),
            };
            (result.outcome, result.code) = (outcome, Some(code.to_owned()));
        }
    }
    let results = judged.into_iter().map(|one| one.result).collect();
    Ok(Json(HandInReply { magic: HAND_IN_MAGIC.into(), server_time: now_ms, results }))
}

/// Whether this sign-in was there while its person belonged to the association, and either of the two ended no more than thirty days
/// ago. Whoever is a member with a sign-in that is alive pushes.
async fn may_hand_in(server: &Server, by: &HandingIn, association: AssociationId) -> Result<bool, Problem> {
    if let Some(left_ms) = server.store.membership_ended(association, by.user).await? {
        return Ok(by.created_ms <= left_ms && is_in_time(left_ms, server.clock.now_ms()));
    }
    let Some(person) = server.store.person(by.user).await? else { return Ok(false) };
    Ok(by.is_ended && person.memberships.iter().any(|membership| membership.association == association))
}
