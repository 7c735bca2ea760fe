//! Health checks: whether the process is alive, and whether its database answers and takes what is written.

use std::time::Duration;

use axum::{extract::State, http::StatusCode};

use crate::Server;

/// How long the database may take. A full queue of pushes takes about two seconds.
const READY_WITHIN: Duration = Duration::from_secs(5);

/// The process answers.
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = String, description = "alive")))]
pub async fn healthz() -> &'static str {
    "ok"
}

/// The database answers too, and whoever writes into it.
#[utoipa::path(get, path = "/readyz", responses(
    (status = 200, body = String, description = "ready"), (status = 503, body = String, description = "the database does not answer")
))]
pub async fn readyz(State(server): State<Server>) -> (StatusCode, &'static str) {
    let asked = async { server.store.is_ready().await && server.writer.is_ready().await };
    if tokio::time::timeout(READY_WITHIN, asked).await == Ok(true) {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
    }
}
