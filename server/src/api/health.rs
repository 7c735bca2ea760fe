//! Health checks: whether the process is alive, and whether its database answers.

use axum::{extract::State, http::StatusCode};

use crate::Server;

/// The process answers.
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = String, description = "alive")))]
pub async fn healthz() -> &'static str {
    "ok"
}

/// The database answers too.
#[utoipa::path(get, path = "/readyz", responses(
    (status = 200, body = String, description = "ready"), (status = 503, body = String, description = "the database does not answer")
))]
pub async fn readyz(State(server): State<Server>) -> (StatusCode, &'static str) {
    if server.store.is_ready().await {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
    }
}
