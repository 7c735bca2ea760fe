//! Reads the body of a sync request: uncompressed JSON of a bounded size, with its magic word, from a client that is
//! not too old.

use axum::{
    body::Bytes,
    extract::rejection::BytesRejection,
    http::{HeaderMap, header},
};
use serde::de::DeserializeOwned;
use sync::{
    limits,
    protocol::{
        OFFER_MAGIC, OfferRequest, PULL_MAGIC, PUSH_MAGIC, PullRequest, PushRequest,
        hand_in::{HAND_IN_MAGIC, HandInRequest},
    },
};

use crate::http::{header::is_json, problem::Problem};

/// What every sync request says of itself.
pub trait SyncRequest: DeserializeOwned {
    const MAGIC: &'static str;
    const UNREADABLE: &'static str;

    fn magic(&self) -> &str;
    fn schema(&self) -> u32;
}

impl SyncRequest for PushRequest {
    const MAGIC: &'static str = PUSH_MAGIC;
    const UNREADABLE: &'static str = "The body is not a push. Nothing was taken.";

    fn magic(&self) -> &str {
        &self.magic
    }

    fn schema(&self) -> u32 {
        self.schema
    }
}

impl SyncRequest for PullRequest {
    const MAGIC: &'static str = PULL_MAGIC;
    const UNREADABLE: &'static str = "The body is not a pull. Nothing was told.";

    fn magic(&self) -> &str {
        &self.magic
    }

    fn schema(&self) -> u32 {
        self.schema
    }
}

impl SyncRequest for OfferRequest {
    const MAGIC: &'static str = OFFER_MAGIC;
    const UNREADABLE: &'static str = "The body is not an offer. Nothing was taken.";

    fn magic(&self) -> &str {
        &self.magic
    }

    fn schema(&self) -> u32 {
        self.schema
    }
}

impl SyncRequest for HandInRequest {
    const MAGIC: &'static str = HAND_IN_MAGIC;
    const UNREADABLE: &'static str = "The body is not a hand-in. Nothing was taken.";

    fn magic(&self) -> &str {
        &self.magic
    }

    fn schema(&self) -> u32 {
        self.schema
    }
}

/// The request, or why nothing was taken.
pub fn read<T: SyncRequest>(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<T, Problem> {
    if !is_plain_json(headers) {
        return Err(Problem::WrongMediaType);
    }
    let body = body?;
    if body.len() > limits::PUSH_BYTES_MAX {
        return Err(Problem::TooLarge);
    }
    let request: T = serde_json::from_slice(&body).map_err(|_| Problem::Unreadable(T::UNREADABLE))?;
    if request.magic() != T::MAGIC {
        return Err(Problem::Unreadable("The magic word is wrong. Nothing was taken."));
    }
    if request.schema() < limits::SCHEMA_MIN {
        return Err(Problem::UpdateFirst);
    }
    Ok(request)
}

fn is_plain_json(headers: &HeaderMap) -> bool {
    is_json(headers) && !headers.contains_key(header::CONTENT_ENCODING)
}
