//! `POST /api/v1/sync/push`: a device's changes, each with its own result (S4–S6).

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::HeaderMap,
};
use sync::{
    account::DeviceCounts,
    limits,
    protocol::{PUSH_MAGIC, PushReply, PushRequest},
    rules,
};

use super::body;
use crate::{
    Server,
    http::problem::{Problem, ProblemBody},
    identity::{
        scope::{member, who},
        sign_in::SignedIn,
    },
    store::{DeviceReport, Person, group::Push},
};

/// What is told to the user of the sign-in whose membership has ended: their phone must not ask for a sign-in.
async fn removed(server: &Server, person: &Person, request: &PushRequest) -> Result<Option<Problem>, Problem> {
    if request.user != person.user {
        return Ok(None);
    }
    let ended = server.store.membership_ended(request.association, person.user).await?;
    Ok(ended.map(|_| Problem::Removed))
}

/// Takes a device's changes. Always 200 when the batch could be read; each change has its own result.
#[utoipa::path(post, path = "/api/v1/sync/push", request_body = PushRequest, responses(
    (status = 200, body = PushReply),
    (status = 400, body = ProblemBody, description = "the batch could not be read; nothing was taken"),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "not the user, or not a member (S10; `removed`: no more); nothing was taken"),
    (status = 413, body = ProblemBody, description = "over 256 kB or 50 changes: send fewer at a time"),
    (status = 415, body = ProblemBody),
    (status = 426, body = ProblemBody, description = "the client is too old (S13)"),
    (status = 503, body = ProblemBody),
))]
pub async fn push(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<PushReply>, Problem> {
    let request: PushRequest = body::read(&headers, body)?;
    if request.changes.len() > limits::CHANGES_PER_PUSH_MAX {
        return Err(Problem::TooLarge);
    }
    let changes = rules::read_changes(&request.changes)
        .ok_or(Problem::Unreadable("A change does not name its change and record. Nothing was taken."))?;
    let member = match member(&person, Some(request.user), request.association) {
        Ok(member) => member,
        Err(problem) => return Err(removed(&server, &person, &request).await?.unwrap_or(problem)),
    };
    let who = who(&server, member, request.device);
    server.limits.association(who.association)?;
    let now_ms = server.clock.now_ms();
    if rules::must_offer_first(&request.epoch, &server.epoch) {
        let results = rules::before_the_offer(&changes);
        let epoch = server.epoch.to_string();
        return Ok(Json(PushReply { magic: PUSH_MAGIC.into(), epoch, server_time: now_ms, results }));
    }
    // One transaction: load, decide, write (S5, S8).
    let counts = DeviceCounts { counter: request.counter, waiting: request.waiting.into(), thrown: request.thrown };
    // Whoever has something to send has counted it, or does not count.
    let counts = (counts.counter > 0).then_some(counts);
    let report = DeviceReport { device: request.device, user: person.user, counts, brought: None };
    let mut results = server.writer.take(Push { who, changes, report, now_ms }).await?;
    rules::seal(&server.seal_key, request.association, &mut results);
    // Answer: receipts, after the commit.
    Ok(Json(PushReply { magic: PUSH_MAGIC.into(), epoch: server.epoch.to_string(), server_time: now_ms, results }))
}
