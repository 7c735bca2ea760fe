//! `GET /api/v1/sync/pull`: the records of an association that changed after a device's cursor.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use domain::{AssociationId, DeviceId, UserId};
use serde::Deserialize;
use sync::{
    account::DeviceCounts,
    limits,
    protocol::{PULL_MAGIC, PullReply},
    rules::pull::Reader,
};

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
    /// The device, if it tells of itself: the next three are read with it only.
    #[param(value_type = Option<String>, format = Uuid)]
    device: Option<DeviceId>,
    /// How many changes this device has ever made.
    counter: Option<u64>,
    /// How many changes wait on the device.
    #[serde(default)]
    waiting: u64,
    /// How many changes this device has ever thrown away, undone or joined before they were sent.
    #[serde(default)]
    thrown: u64,
}

/// Tells the newest revision of each record after a sequence number, in its order.
#[utoipa::path(get, path = "/api/v1/sync/pull", params(PullParams), responses(
    (status = 200, body = PullReply),
    (status = 400, body = ProblemBody, description = "the address names no association, or a number that is none"),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 503, body = ProblemBody),
))]
pub async fn pull(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    params: Result<Query<PullParams>, QueryRejection>,
) -> Result<Json<PullReply>, Problem> {
    let Query(params) = params?;
    let member = member(&person, params.user, params.association)?;
    let membership = member.membership;
    server.limits.association(membership.association)?;
    // What: from the cursor, or from zero when it is of another epoch.
    let reset = !params.epoch.is_empty() && params.epoch.as_str() != &*server.epoch;
    let query = PullQuery {
        association: membership.association,
        reader: Reader::new(person.user, membership.role, server.clock.today()),
        after: if reset { 0 } else { params.after },
        limit: params.limit.unwrap_or(limits::PULL_PAGE_MAX).clamp(1, limits::PULL_PAGE_MAX),
    };
    let page = server.store.pull(query).await?;
    // What the device tells of itself (a phone that lost records has nothing to push).
    if let (Some(device), Some(counter)) = (params.device, params.counter) {
        let counts = DeviceCounts { counter, waiting: params.waiting, thrown: params.thrown };
        remember(&server, member, device, counts).await?;
    }
    Ok(Json(PullReply {
        magic: PULL_MAGIC.into(),
        epoch: server.epoch.to_string(),
        records: page.records,
        next: page.next,
        more: page.more,
        reset,
    }))
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
