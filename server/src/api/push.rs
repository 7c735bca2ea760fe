//! `POST /api/v1/sync/push`: a device's changes, each answered by itself (S4–S6).

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::{HeaderMap, header},
};
use domain::{AssociationId, DeviceId, UserId};
use sync::{
    limits,
    protocol::{PUSH_MAGIC, PushReply, PushRequest},
    rules::{self, Who},
};

use crate::{
    Server,
    auth::SignedIn,
    error::{Problem, ProblemBody},
    phones::Told,
    store::{DeviceReport, Person, group::Push},
};

/// Takes a device's changes. Always 200 when the batch could be read; each change has its own result.
#[utoipa::path(post, path = "/api/v1/sync/push", request_body = PushRequest, responses(
    (status = 200, body = PushReply),
    (status = 400, body = ProblemBody, description = "the batch could not be read; nothing was taken"),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "not the user of the sign-in, or not a member (S10); nothing was taken"),
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
    // What: JSON, plain.
    if !is_plain_json(&headers) {
        return Err(Problem::WrongMediaType);
    }
    let body = body?;
    if body.len() > limits::PUSH_BYTES_MAX {
        return Err(Problem::TooLarge);
    }
    let request: PushRequest =
        serde_json::from_slice(&body).map_err(|_| Problem::Unreadable("The body is not a push. Nothing was taken."))?;
    if request.magic != PUSH_MAGIC {
        return Err(Problem::Unreadable("The magic word is wrong. Nothing was taken."));
    }
    if request.schema < limits::SCHEMA_MIN {
        return Err(Problem::UpdateFirst);
    }
    if request.changes.len() > limits::CHANGES_PER_PUSH_MAX {
        return Err(Problem::TooLarge);
    }
    let changes = rules::read_changes(&request.changes)
        .ok_or(Problem::Unreadable("A change does not name its change and record. Nothing was taken."))?;
    let who = who(&server, &person, request.user, request.association, request.device)?;
    let now_ms = server.clock.now_ms();
    if rules::must_offer_first(&request.epoch, &server.epoch) {
        let results = rules::before_the_offer(&changes);
        let epoch = server.epoch.to_string();
        return Ok(Json(PushReply { magic: PUSH_MAGIC.into(), epoch, server_time: now_ms, results }));
    }
    // One transaction: load, decide, write (S5, S8).
    let told = Told { counter: request.counter, waiting: request.waiting.into(), thrown: request.thrown };
    // Whoever has something to send has counted it, or does not count.
    let told = (told.counter > 0).then_some(told);
    let report = DeviceReport { device: request.device, user: person.user, told, brought: None };
    let results = server.writer.take(Push { who, changes, report, now_ms }).await?;
    // Answer: receipts, after the commit.
    Ok(Json(PushReply { magic: PUSH_MAGIC.into(), epoch: server.epoch.to_string(), server_time: now_ms, results }))
}

/// Who writes: the user and the association of a request are those of the sign-in, or nothing is taken (S10).
pub(super) fn who(
    server: &Server,
    person: &Person,
    user: UserId,
    association: AssociationId,
    device: DeviceId,
) -> Result<Who, Problem> {
    let membership = person
        .memberships
        .iter()
        .find(|membership| membership.association == association && person.user == user)
        .ok_or(Problem::NotAllowed)?;
    Ok(Who {
        user,
        device,
        association,
        role: membership.role,
        volunteers_set_up_series: membership.volunteers_set_up_series,
        today: server.clock.today(),
    })
}

pub(super) fn is_plain_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json") && !headers.contains_key(header::CONTENT_ENCODING)
}
