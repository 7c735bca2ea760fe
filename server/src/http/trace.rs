//! One line of the log for each request, and the same in figures.
//!
//! A path, a query, a header or a body may hold an id, a code, a note or a name: the line has the route's template instead, and nothing that
//! whoever asks has written. `RUST_LOG=info,request=off` leaves the lines out.

use std::time::Instant;

use axum::{body::HttpBody, extract::Request, http::Method, middleware::Next, response::Response};

use super::around::Met;

/// Where no route of the table was met.
const NONE: &str = "-";

/// Notes what was answered.
pub async fn note(request: Request, next: Next) -> Response {
    let method = name(request.method());
    let begun = Instant::now();
    let response = next.run(request).await;
    let route = response.extensions().get().map_or(NONE, |Met(route)| route.path);
    let status = response.status();
    let took = begun.elapsed();
    // Unknown where an answer is made while it is sent.
    let bytes = response.body().size_hint().exact();
    let ms = took.as_micros() as f64 / 1000.0;
    tracing::info!(target: "request", method, route, status = status.as_u16(), ms, bytes);
    metrics::counter!("hytevihko_requests_total", "method" => method, "route" => route, "status" => status.as_str().to_owned())
        .increment(1);
    metrics::histogram!("hytevihko_request_seconds", "route" => route).record(took);
    response
}

/// A method's name, where it is one that HTTP knows: another one is text of whoever asks.
fn name(method: &Method) -> &'static str {
    const KNOWN: [(Method, &str); 7] = [
        (Method::GET, "GET"),
        (Method::POST, "POST"),
        (Method::HEAD, "HEAD"),
        (Method::OPTIONS, "OPTIONS"),
        (Method::PUT, "PUT"),
        (Method::PATCH, "PATCH"),
        (Method::DELETE, "DELETE"),
    ];
    KNOWN.iter().find(|(known, _)| known == method).map_or(NONE, |(_, name)| name)
}
