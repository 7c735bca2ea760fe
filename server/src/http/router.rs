//! The router, made from the table of routes, and the layers around all of them: the log, the client's address, headers, compression.

use axum::{Router, extract::DefaultBodyLimit, middleware};

use super::{
    around, client_address, compression, headers, page_problem,
    routes::{PUBLIC_FILE, ROUTES},
    trace,
};
use crate::{Server, assets};

/// The whole server as a service.
pub fn router(server: Server) -> Router {
    // Leptos spawns on this; set once in a process, and a second router of a test finds it set.
    let _ = any_spawner::Executor::init_tokio();
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, around::mounted(&server, route));
    }
    for asset in assets::list().iter().filter(|asset| asset.role == "public") {
        router = router.route(&asset.url, around::mounted(&server, &PUBLIC_FILE));
    }
    router
        .fallback(page_problem::not_found)
        .method_not_allowed_fallback(page_problem::wrong_method)
        .layer(DefaultBodyLimit::max(0))
        .layer(middleware::from_fn(compression::compress))
        .layer(middleware::from_fn_with_state(server.clone(), headers::headers))
        .layer(middleware::from_fn_with_state(server.clone(), client_address::find))
        .layer(middleware::from_fn(trace::note))
        .with_state(server)
}
