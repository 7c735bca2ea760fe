//! What happens around every handler of the table: whoever asks too often waits, a forged request is refused, and body and answer have their time.

use axum::{
    body::HttpBody,
    extract::{DefaultBodyLimit, Request, State},
    http::HeaderMap,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};

use tokio::time::timeout;

use super::{
    body_timer::timed, client_address::ClientAddress, guard, limits::Place, page_problem::refused, patience::Patience,
    problem::Problem, routes::Route,
};
use crate::Server;

/// The row that a request met, in the answer's extensions: for the layers outside, which know no more than its path.
#[derive(Clone, Copy)]
pub struct Met(pub &'static Route);

/// The row's handler with all that stands around it.
pub fn mounted(server: &Server, route: &'static Route) -> MethodRouter<Server> {
    route
        .handler()
        .layer(DefaultBodyLimit::max(route.body_max))
        .layer(middleware::from_fn_with_state((server.clone(), route), around))
}

async fn around(
    State((server, route)): State<(Server, &'static Route)>,
    address: ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    let entered = enter(&server, route, address, request.headers()).await;
    let mut response = match entered {
        Ok(_place) => answer(&server, request, next).await,
        Err(problem) if route.is_page() => refused(&server, request, problem).await,
        Err(problem) => problem.into_response(),
    };
    response.extensions_mut().insert(Met(route));
    response
}

/// What a request needs before its handler sees it; the cheapest question first.
async fn enter(server: &Server, route: &Route, address: ClientAddress, headers: &HeaderMap) -> Result<Place, Problem> {
    server.limits.address(route, address)?;
    guard::check(route, headers, &server.origin)?;
    server.limits.place(route, address).await
}

/// The handler's answer, where it and the body come in time.
async fn answer(server: &Server, request: Request, next: Next) -> Response {
    let Patience { body_idle, body, request: whole, .. } = server.patience;
    let request = match request.body().is_end_stream() {
        true => request,
        false => request.map(|read| timed(read, body_idle, body)),
    };
    timeout(whole, next.run(request)).await.unwrap_or_else(|_| Problem::TookTooLong.into_response())
}
