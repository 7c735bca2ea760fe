//! `POST /api/v1/sync/offer`: what a device holds, after the server was restored from a backup (S9).
//!
//! Open in the days after a restore. Later, and on a server that was never restored, nothing is asked for and nothing is taken.

use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::HeaderMap,
};
use sync::{
    limits,
    protocol::{OFFER_MAGIC, OfferReply, OfferRequest, Offered},
    rules::{Who, offer},
};

use super::body;
use crate::{
    Server,
    http::problem::{Problem, ProblemBody},
    identity::{
        scope::{member, who},
        sign_in::SignedIn,
    },
    store::{Result as StoreResult, repeated},
};

/// Takes what a device offers: a page of what it holds, answered by what is asked for, or the contents asked for.
#[utoipa::path(post, path = "/api/v1/sync/offer", request_body = OfferRequest, responses(
    (status = 200, body = OfferReply, description = "where the epoch is another than the offer's, or offers are closed, nothing was taken"),
    (status = 400, body = ProblemBody, description = "the offer could not be read; nothing was taken"),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "not the user of the sign-in, or not a member (S10); nothing was taken"),
    (status = 413, body = ProblemBody, description = "over 256 kB, 500 records held or 50 contents: offer fewer at a time"),
    (status = 415, body = ProblemBody),
    (status = 426, body = ProblemBody, description = "the client is too old (S13)"),
    (status = 503, body = ProblemBody),
))]
pub async fn offer(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<OfferReply>, Problem> {
    let request: OfferRequest = body::read(&headers, body)?;
    if request.holds.len() > limits::OFFER_HOLDS_MAX || request.records.len() > limits::CHANGES_PER_PUSH_MAX {
        return Err(Problem::TooLarge);
    }
    let who = who(&server, member(&person, Some(request.user), request.association)?, request.device);
    server.limits.association(who.association)?;
    let now_ms = server.clock.now_ms();
    let mut reply = OfferReply {
        magic: OFFER_MAGIC.into(),
        epoch: server.epoch.to_string(),
        wanted: Vec::new(),
        closed: !offer::is_open(server.restored_at_ms, now_ms),
    };
    if request.epoch != reply.epoch || reply.closed {
        return Ok(Json(reply));
    }
    let mut records = offer::read_records(&request.records);
    if !records.is_empty() {
        offer::check_seals(&server.seal_key, &who, &mut records);
        repeated(|| take(&server, &who, &records, now_ms)).await?;
    }
    // Only read, by a reader: a page of what a device holds writes nothing, and keeps nobody waiting.
    let holds = offer::read_holds(&request.holds);
    if !holds.is_empty() {
        let loaded = server.store.look_up(who.association, &offer::hold_keys(&holds)).await?;
        reply.wanted = offer::wanted(&loaded, &who, &holds);
    }
    Ok(Json(reply))
}

/// One transaction: takes the contents.
async fn take(server: &Server, who: &Who, records: &[Offered], now_ms: i64) -> StoreResult<()> {
    let mut tx = server.store.begin(&[who.association]).await?;
    let loaded = tx.load(who.association, &offer::keys(records)).await?;
    let writes = offer::decide(loaded, who, records);
    tx.apply(who.association, &writes, now_ms).await?;
    tx.commit().await
}
