//! Errors as a reader sees them: a page with a sentence, in their language.

use app::{
    server_pages::{MessagePage, MessagePageProps},
    texts::{busy, common, pages},
};
use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use domain::Lang;

use super::problem::Problem;
use crate::{
    Server,
    pages::document::{FILES, language, render},
};

/// Everything that is not there: JSON under `/api`, a page elsewhere.
pub async fn not_found(State(server): State<Server>, request: Request) -> Response {
    if request.uri().path().starts_with("/api/") {
        return Problem::NotFound.into_response();
    }
    let lang = language(&server, request.headers());
    message(request, lang, StatusCode::NOT_FOUND, common::not_found(lang), pages::not_found_help(lang)).await
}

/// A route that is asked in a way that it has no answer to.
pub async fn wrong_method() -> Problem {
    Problem::WrongMethod
}

/// Asks a reader to wait. Every other refusal keeps its JSON.
pub async fn refused(server: &Server, request: Request, problem: Problem) -> Response {
    let lang = language(server, request.headers());
    let (title, help) = match problem {
        Problem::Busy(_) => (busy::busy(lang), busy::busy_help(lang)),
        Problem::TooMany(_) => (busy::too_many(lang), busy::too_many_help(lang)),
        other => return other.into_response(),
    };
    let of_problem = problem.into_response();
    let mut response = message(request, lang, of_problem.status(), title, help).await;
    if let Some(seconds) = of_problem.headers().get(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.clone());
    }
    response
}

pub async fn message(
    request: Request,
    lang: Lang,
    status: StatusCode,
    title: &'static str,
    help: impl Into<String>,
) -> Response {
    let help = help.into();
    let page = move || MessagePage(MessagePageProps { lang, files: FILES.clone(), title, help: help.clone() });
    let mut response = render(request, page).await;
    *response.status_mut() = status;
    response
}
