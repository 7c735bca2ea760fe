//! What everybody may open: the front page, the phone app's shell, the choice of language.

use app::server_pages::{
    AccessibilityPage, AccessibilityPageProps, FrontPage, FrontPageProps, PrivacyPage, PrivacyPageProps, Tour,
};
use axum::{
    extract::{Path, Query, Request, State, rejection::QueryRejection},
    http::{HeaderMap, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::Lang;
use serde::Deserialize;

use super::document::{FILES, SHELL, language, render};
use crate::{
    Server, demo,
    http::{own_path::own_path, problem::Problem},
};

/// `GET /`
pub async fn front(State(server): State<Server>, request: Request) -> Response {
    let lang = language(&server, request.headers());
    let tour = match server.demo {
        true => Some(tour(&server, request.headers()).await),
        false => None,
    };
    render(request, move || FrontPage(FrontPageProps { lang, files: FILES.clone(), tour })).await
}

/// How far the browser has come on the demo's tour. It is an ornament: without it the page is shown all the same.
async fn tour(server: &Server, headers: &HeaderMap) -> Tour {
    demo::tour(server, headers).await.unwrap_or_else(|error| {
        tracing::error!(%error, "the demo's tour");
        Tour::default()
    })
}

/// `GET /tietosuoja`
pub async fn privacy(State(server): State<Server>, request: Request) -> Response {
    let lang = language(&server, request.headers());
    let page =
        move || PrivacyPage(PrivacyPageProps { lang, files: FILES.clone(), operator: (*server.operator).clone() });
    render(request, page).await
}

/// `GET /saavutettavuus`
pub async fn accessibility(State(server): State<Server>, request: Request) -> Response {
    let lang = language(&server, request.headers());
    let operator = server.operator.clone();
    let page = move || {
        let operator = (*operator).clone();
        AccessibilityPage(AccessibilityPageProps { lang, files: FILES.clone(), operator })
    };
    render(request, page).await
}

/// `GET /app/**`: the static shell.
pub async fn shell() -> Response {
    ([(header::CACHE_CONTROL, "no-cache")], Html(SHELL.as_str())).into_response()
}

#[derive(Deserialize)]
pub struct ComeBack {
    #[serde(default)]
    to: String,
}

/// `GET /kieli/{lang}`: remembers the language and goes back to where the reader was.
pub async fn choose_language(
    State(server): State<Server>,
    Path(tag): Path<String>,
    back: Result<Query<ComeBack>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(back) = back?;
    let lang = Lang::from_tag(&tag).filter(|lang| lang.is_offered() || server.demo).ok_or(Problem::NotFound)?;
    let to = own_path(&back.to).unwrap_or("/");
    Ok(([(header::SET_COOKIE, language_cookie(lang))], Redirect::to(to)).into_response())
}

/// Not `HttpOnly`: the app reads and sets it too, so that the pages and the app speak the same language.
fn language_cookie(lang: Lang) -> String {
    format!("kieli={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.tag())
}
