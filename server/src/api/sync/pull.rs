//! `POST /api/v1/sync/pull`: the records of an association that changed after a device's cursor.
//!
//! A body, because the addresses of requests end in the logs of proxies, and these would name users and devices. Apps of earlier
//! releases ask with `GET`; that changes nothing, so what they tell of themselves there is not remembered.
//!
//! An answer is compressed, and has the words of several members in it. Whoever could put words beside another's, and could measure
//! the answer again and again, could guess from its length what the others are (BREACH). Here they cannot measure twice: what a
//! device was told is behind its cursor and is not told again, and no page of another site can ask in a user's name (the guard of
//! `http`, and the cookie's `SameSite`). So a note meets a guess once for each device of the association.

use axum::{
    Json,
    body::Bytes,
    extract::{
        Query, State,
        rejection::{BytesRejection, QueryRejection},
    },
    http::HeaderMap,
};
use domain::{AssociationId, DeviceId, UserId};
use serde::Deserialize;
use sync::{
    account::DeviceCounts,
    limits,
    protocol::{PULL_MAGIC, PullReply, PullRequest},
    rules::pull::{Reader, seal},
};

use super::body;
use crate::{
    Server,
    http::problem::{Problem, ProblemBody},
    identity::{
        scope::{Member, member, who},
        sign_in::SignedIn,
    },
    store::{DeviceReport, PullQuery, group::Push},
};

/// A device that tells the same again is written down this often only, milliseconds.
const SAME_AGAIN_MS: i64 = 10 * 60 * 1000;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PullParams {
    #[param(value_type = String, format = Uuid)]
    association: AssociationId,
    /// Whose device this is: another tab may have signed somebody else in (S10).
    #[param(value_type = Option<String>, format = Uuid)]
    user: Option<UserId>,
    /// Sequence number up to which the device has read; 0 at first.
    #[serde(default)]
    after: u64,
    /// The epoch of that cursor; a cursor of another epoch is read from zero (S9).
    #[serde(default)]
    epoch: String,
    /// Records in a page, at most 500.
    limit: Option<u32>,
}

/// Tells the newest revision of each record after a sequence number, in its order.
#[utoipa::path(post, path = "/api/v1/sync/pull", request_body = PullRequest, responses(
    (status = 200, body = PullReply),
    (status = 400, body = ProblemBody, description = "the request could not be read"),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "not the user of the sign-in, or not a member (S10)"),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody),
    (status = 426, body = ProblemBody, description = "the client is too old (S13)"),
    (status = 503, body = ProblemBody),
))]
pub async fn pull(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<PullReply>, Problem> {
    let request: PullRequest = body::read(&headers, body)?;
    let member = member(&person, Some(request.user), request.association)?;
    let reply = tell(&server, member, request.after, &request.epoch, request.limit).await?;
    // What the device tells of itself (a phone that lost records has nothing to push).
    let PullRequest { device, counter, waiting, thrown, .. } = request;
    remember(&server, member, device, DeviceCounts { counter, waiting, thrown }).await?;
    Ok(Json(reply))
}

/// The same for apps of earlier releases, whose devices are not remembered.
#[utoipa::path(get, path = "/api/v1/sync/pull", params(PullParams), responses(
    (status = 200, body = PullReply),
    (status = 400, body = ProblemBody, description = "the address names no association, or a number that is none"),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 503, body = ProblemBody),
))]
pub async fn pull_by_address(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    params: Result<Query<PullParams>, QueryRejection>,
) -> Result<Json<PullReply>, Problem> {
    let Query(params) = params?;
    let member = member(&person, params.user, params.association)?;
    Ok(Json(tell(&server, member, params.after, &params.epoch, params.limit).await?))
}

async fn tell(
    server: &Server,
    member: Member<'_>,
    after: u64,
    epoch: &str,
    limit: Option<u32>,
) -> Result<PullReply, Problem> {
    let Member { user, membership } = member;
    server.limits.association(membership.association)?;
    // What: from the cursor, or from zero when it is of another epoch.
    let reset = !epoch.is_empty() && epoch != &*server.epoch;
    let query = PullQuery {
        association: membership.association,
        reader: Reader::new(user, membership.role, server.clock.today()),
        after: if reset { 0 } else { after },
        limit: limit.unwrap_or(limits::PULL_PAGE_MAX).clamp(1, limits::PULL_PAGE_MAX),
    };
    let mut page = server.store.pull(query).await?;
    seal(&server.seal_key, membership.association, user, &mut page.records);
    Ok(PullReply {
        magic: PULL_MAGIC.into(),
        epoch: server.epoch.to_string(),
        records: page.records,
        next: page.next,
        more: page.more,
        reset,
    })
}

async fn remember(server: &Server, member: Member<'_>, device: DeviceId, counts: DeviceCounts) -> Result<(), Problem> {
    let now_ms = server.clock.now_ms();
    let last = server.store.last_contacts(member.user).await?.into_iter().find(|last| last.device == device);
    if last.is_some_and(|last| last.counts == counts && now_ms - last.at_ms < SAME_AGAIN_MS) {
        return Ok(());
    }
    let who = who(server, member, device);
    let report = DeviceReport { device, user: member.user, counts: Some(counts), brought: None };
    server.writer.take(Push { who, changes: Vec::new(), report, now_ms }).await?;
    Ok(())
}
