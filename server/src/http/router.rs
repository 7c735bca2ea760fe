//! Every route of the server, and the layers around all of them: size limit, same-site check, compression, headers.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use sync::limits;

use super::{compression, headers, page_problem, same_site};
use crate::{
    Server,
    api::{
        account::me,
        association::devices,
        health, openapi,
        sync::{offer, pull, push},
    },
    assets,
    pages::{account, coordinator, public, worker},
};

/// Room beyond a push, so that one that is too large is answered with our own words.
const BODY_BYTES_MAX: usize = limits::PUSH_BYTES_MAX * 2;

/// The whole server as a service.
pub fn router(server: Server) -> Router {
    // Leptos spawns on this; set once in a process, and a second router of a test finds it set.
    let _ = any_spawner::Executor::init_tokio();
    let mut router = Router::new()
        .route("/", get(public::front))
        .route("/tietosuoja", get(public::privacy))
        .route("/saavutettavuus", get(public::accessibility))
        .route("/kieli/{lang}", get(public::choose_language))
        .route("/kirjaudu/demo", post(account::demo_sign_in))
        .route("/kirjaudu/ulos", post(account::sign_out))
        .route("/kunta", get(coordinator::municipality))
        .route("/kunta/csv", get(coordinator::municipality_csv))
        .route("/app", get(public::shell))
        .route("/app/", get(public::shell))
        .route("/app/{*path}", get(public::shell))
        .route("/sw.js", get(worker::service_worker))
        .route("/pkg/{file}", get(assets::package))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/api/v1/me", get(me::me))
        .route("/api/v1/devices", get(devices::devices))
        .route("/api/v1/devices/seen", post(devices::seen))
        .route("/api/v1/sync/push", post(push::push))
        .route("/api/v1/sync/offer", post(offer::offer))
        .route("/api/v1/sync/pull", get(pull::pull))
        .route("/api/v1/openapi.json", get(openapi::openapi));
    for asset in assets::list().iter().filter(|asset| asset.role == "public") {
        router = router.route(&asset.url, get(assets::public));
    }
    router
        .fallback(page_problem::not_found)
        .method_not_allowed_fallback(page_problem::wrong_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(server.clone(), same_site::same_site))
        .layer(middleware::from_fn(compression::compress))
        .layer(middleware::from_fn(headers::headers))
        .with_state(server)
}
