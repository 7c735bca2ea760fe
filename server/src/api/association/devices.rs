//! `GET /api/v1/devices` and `POST /api/v1/devices/seen`: which devices of an association may have lost records.

use axum::{
    Json,
    extract::{
        Query, State,
        rejection::{JsonRejection, QueryRejection},
    },
};
use domain::{AssociationId, DeviceId, UserId};
use sha2::{Digest, Sha256};
use sync::protocol::devices::{DeviceShown, DevicesReply, SeenRequest};

use super::members::AssociationParams;
use crate::{
    Server,
    http::problem::{Problem, ProblemBody},
    identity::{scope::reviewer, sign_in::SignedIn},
};

/// Tells which devices an association has to do with, and which of them may have lost records. For its reviewers only.
#[utoipa::path(get, path = "/api/v1/devices", params(AssociationParams), responses(
    (status = 200, body = DevicesReply),
    (status = 400, body = ProblemBody, description = "the address names no association"),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 503, body = ProblemBody),
))]
pub async fn devices(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    params: Result<Query<AssociationParams>, QueryRejection>,
) -> Result<Json<DevicesReply>, Problem> {
    let Query(params) = params?;
    reviewer(&person, params.association)?;
    Ok(Json(shown(&server, params.association).await?))
}

/// Remembers that a reviewer has seen how many changes of a device are missing, and answers as `GET /api/v1/devices` does.
#[utoipa::path(post, path = "/api/v1/devices/seen", request_body = SeenRequest, responses(
    (status = 200, body = DevicesReply),
    (status = 400, body = ProblemBody, description = "the body could not be read"),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "the association has no such device"),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody),
    (status = 503, body = ProblemBody),
))]
pub async fn seen(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    body: Result<Json<SeenRequest>, JsonRejection>,
) -> Result<Json<DevicesReply>, Problem> {
    let Json(seen) = body?;
    reviewer(&person, seen.association)?;
    let devices = server.store.devices(seen.association).await?;
    let device = devices
        .iter()
        .find(|device| code(seen.association, device.user, device.device) == seen.device)
        .ok_or(Problem::NotFound)?;
    server.store.missing_seen(seen.association, device.user, device.device, device.missing).await?;
    Ok(Json(shown(&server, seen.association).await?))
}

async fn shown(server: &Server, association: AssociationId) -> Result<DevicesReply, Problem> {
    let devices = server.store.devices(association).await?;
    let devices = devices
        .into_iter()
        .map(|device| DeviceShown {
            device: code(association, device.user, device.device),
            waiting: device.waiting,
            last_contact: device.last_contact_ms,
            missing: device.missing.saturating_sub(device.missing_seen),
            by: device.nickname,
        })
        .collect();
    Ok(DevicesReply { devices })
}

/// Thirty bits, as six letters that are not mistaken for one another. The device's id stays with its user.
pub(super) fn code(association: AssociationId, user: UserId, device: DeviceId) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut digest = Sha256::new();
    for id in [association.uuid(), user.uuid(), device.uuid()] {
        digest.update(id.as_bytes());
    }
    let mut code: String =
        digest.finalize().iter().take(6).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
    code.insert(4, '-');
    code
}
