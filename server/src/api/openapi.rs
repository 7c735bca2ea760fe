//! The OpenAPI description of the API: `/api/v1/openapi.json`.

use axum::Json;
use utoipa::OpenApi;

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
        super::account::me::me,
        super::association::devices::devices,
        super::association::devices::seen,
        super::invitations::look,
        super::invitations::accept,
        super::association::invitations::open,
        super::association::invitations::invite,
        super::association::invitations::revoke,
        super::association::members::members,
        super::association::members::rename,
        super::association::members::role,
        super::association::members::remove,
        super::health::healthz,
        super::health::readyz,
        openapi
    ),
    components(schemas(sync::protocol::Change, sync::protocol::Held, sync::protocol::Offered))
)]
pub struct Api;

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", responses((status = 200, body = Object)))]
pub async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(Api::openapi())
}
