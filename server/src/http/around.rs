//! What happens around every handler of the table: its template is named, a forged request is refused, and a body has a limit.

use axum::{
    body::HttpBody,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};

use tokio::time::timeout;

use super::{body_timer::timed, guard, patience::Patience, problem::Problem, routes::Route};
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

async fn around(State((server, route)): State<(Server, &'static Route)>, request: Request, next: Next) -> Response {
    let mut response = match guard::check(route, request.headers(), &server.origin) {
        Ok(()) => answer(&server, request, next).await,
        Err(problem) => problem.into_response(),
    };
    response.extensions_mut().insert(Met(route));
    response
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
