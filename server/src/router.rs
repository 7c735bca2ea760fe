//! Every route of the server, and the layers around all of them: size limit, same-site check, compression, headers.

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, header},
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};
use sync::limits;

use crate::{Server, api, assets, auth, compression, pages};

/// Room beyond a push, so that one that is too large is answered with our own words.
const BODY_BYTES_MAX: usize = limits::PUSH_BYTES_MAX * 2;

/// The whole server as a service.
pub fn router(server: Server) -> Router {
    // Leptos spawns on this; set once in a process, and a second router of a test finds it set.
    let _ = any_spawner::Executor::init_tokio();
    let mut router = Router::new()
        .route("/", get(pages::front))
        .route("/kieli/{lang}", get(pages::choose_language))
        .route("/kirjaudu/demo", post(pages::demo_sign_in))
        .route("/kirjaudu/ulos", post(pages::sign_out))
        .route("/kunta", get(pages::municipality))
        .route("/kunta/csv", get(pages::municipality_csv))
        .route("/app", get(pages::shell))
        .route("/app/", get(pages::shell))
        .route("/app/{*path}", get(pages::shell))
        .route("/sw.js", get(pages::service_worker))
        .route("/pkg/{file}", get(assets::package))
        .route("/healthz", get(api::health::healthz))
        .route("/readyz", get(api::health::readyz))
        .route("/api/v1/me", get(api::me::me))
        .route("/api/v1/devices", get(api::devices::devices))
        .route("/api/v1/devices/seen", post(api::devices::seen))
        .route("/api/v1/sync/push", post(api::push::push))
        .route("/api/v1/sync/offer", post(api::offer::offer))
        .route("/api/v1/sync/pull", get(api::pull::pull))
        .route("/api/v1/openapi.json", get(api::openapi::openapi));
    for asset in assets::list().iter().filter(|asset| asset.role == "public") {
        router = router.route(&asset.url, get(assets::public));
    }
    router
        .fallback(pages::not_found)
        .method_not_allowed_fallback(pages::wrong_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(server.clone(), auth::same_site))
        .layer(middleware::from_fn(compression::compress))
        .layer(middleware::from_fn(headers))
        .with_state(server)
}

/// Where a page's parts may come from. Only ourselves; the app compiles WebAssembly. `scripts` are further sources of scripts.
pub fn content_security_policy(scripts: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {scripts}; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

/// Headers of every answer.
async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = content_security_policy("").parse() {
        response.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    // Figures and sync answers belong to one user; whatever did not say how long it may be kept is not kept.
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
