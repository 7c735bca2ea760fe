//! What happens around every handler of the table: whoever asks too often waits, a forged request is refused, and body and answer have their time.

use std::{convert::Infallible, net::IpAddr};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{DefaultBodyLimit, FromRequest, Request, State},
    http::HeaderMap,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};

use tokio::time::timeout;

use super::{
    body_timer::timed,
    client_address::ClientAddress,
    guard,
    limits::{Place, Share},
    page_problem::refused,
    patience::Patience,
    problem::Problem,
    route::{Route, Sort},
};
use crate::{Server, identity::sign_in};

/// The row that a request met, in the answer's extensions: for the layers outside, which know no more than its path.
#[derive(Clone, Copy)]
pub struct Met(pub &'static Route);

/// The row's handler with all that stands around it.
pub fn mounted(server: &Server, route: &'static Route) -> MethodRouter<Server> {
    route
        .handler()
        .layer::<_, Infallible>(middleware::from_fn_with_state((server.clone(), route), around))
        // Outermost: it only says how much is read, by `around` or by the handler.
        .layer(DefaultBodyLimit::max(route.body_max))
}

async fn around(
    State((server, route)): State<(Server, &'static Route)>,
    address: ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    let entered = enter(&server, route, address, request.headers());
    let mut response = match entered {
        Ok(_place) => answer(&server, route, request, next).await,
        Err(problem) if route.is_page() => refused(&server, request, problem).await,
        Err(problem) => problem.into_response(),
    };
    response.extensions_mut().insert(Met(route));
    response
}

/// What a request needs before anything is read of it; the cheapest question first.
fn enter(
    server: &Server,
    route: &Route,
    address: ClientAddress,
    headers: &HeaderMap,
) -> Result<Option<Share<IpAddr>>, Problem> {
    server.limits.address(route, address)?;
    guard::check(route, headers, &server.origin)?;
    server.limits.of_address(route, address)
}

/// The handler's answer, where the body, a place and the answer itself come in time.
async fn answer(server: &Server, route: &Route, request: Request, next: Next) -> Response {
    let Patience { body_idle, body, request: whole, .. } = server.patience;
    let request = match request.body().is_end_stream() {
        true => request,
        false => request.map(|read| timed(read, body_idle, body)),
    };
    let answered = async {
        match route.sort {
            Sort::Sync => synced(server, request, next).await,
            Sort::Report => reported(server, route, request, next).await,
            Sort::Page | Sort::Return | Sort::Form | Sort::Json | Sort::File | Sort::Probe | Sort::Counted => {
                next.run(request).await
            }
        }
    };
    timeout(whole, answered).await.unwrap_or_else(|_| Problem::TookTooLong.into_response())
}

async fn synced(server: &Server, request: Request, next: Next) -> Response {
    match received(server, request).await {
        Ok((request, _place)) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// A sync request takes its place when its body is here: whoever lets a body drip keeps nobody else out. Without a sign-in nothing is
/// read, and the handler says so at once.
async fn received(server: &Server, request: Request) -> Result<(Request, Option<Place>), Problem> {
    let Some(user) = sign_in::user_of(server, request.headers()).await? else { return Ok((request, None)) };
    let (parts, body) = request.into_parts();
    let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await?;
    let place = server.limits.sync_place(user).await?;
    Ok((Request::from_parts(parts, Body::from(bytes)), Some(place)))
}

async fn reported(server: &Server, route: &Route, request: Request, next: Next) -> Response {
    match server.limits.report_place().await {
        Ok(_place) => next.run(request).await,
        Err(problem) if !route.is_page() => problem.into_response(),
        Err(problem) => refused(server, request, problem).await,
    }
}
