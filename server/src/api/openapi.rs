//! The OpenAPI description of the API: `/api/v1/openapi.json`.

use axum::Json;
use utoipa::{Modify, OpenApi, openapi::Deprecated};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hytevihko",
        description = "How devices and the server agree. Within /api/v1 fields are only ever added."
    ),
    paths(
        super::sync::push::push,
        super::sync::offer::offer,
        super::sync::pull::pull,
        super::sync::pull::pull_by_address,
        super::account::me::me,
        super::association::devices::devices,
        super::association::devices::seen,
        super::health::healthz,
        super::health::readyz,
        openapi
    ),
    modifiers(&OfEarlierReleases),
    components(schemas(sync::protocol::Change, sync::protocol::Held, sync::protocol::Offered))
)]
pub struct Api;

/// What only apps of earlier releases call.
struct OfEarlierReleases;

impl Modify for OfEarlierReleases {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let pull = description.paths.paths.get_mut("/api/v1/sync/pull").and_then(|path| path.get.as_mut());
        if let Some(pull) = pull {
            pull.deprecated = Some(Deprecated::True);
        }
    }
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", responses((status = 200, body = Object)))]
pub async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(Api::openapi())
}
