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
use crate::{Server, demo, http::problem::Problem};

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

/// Longest address to go back to, in bytes; the longest of ours has 60.
const BACK_BYTES_MAX: usize = 200;

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
    let to = if is_page_of_ours(&back.to) { back.to.as_str() } else { "/" };
    Ok(([(header::SET_COOKIE, language_cookie(lang))], Redirect::to(to)).into_response())
}

/// Whether an address is a path of our own, in plain characters. Browsers leave tabs and line ends away and read a backslash as a slash, so
/// that what begins as a path can lead to another site: whatever is not known to be harmless is none.
fn is_page_of_ours(to: &str) -> bool {
    let (path, query) = to.split_once('?').unwrap_or((to, ""));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    to.len() <= BACK_BYTES_MAX
        && path.starts_with('/')
        && !path.contains("//")
        && path.split('/').all(|part| part.bytes().all(is_plain) && !part.starts_with('.'))
        && query.bytes().all(|byte| is_plain(byte) || b"=&".contains(&byte))
}

/// Not `HttpOnly`: the app reads and sets it too, so that the pages and the app speak the same language.
fn language_cookie(lang: Lang) -> String {
    format!("kieli={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.tag())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_leads_to_pages_of_ours_only() {
        for own in ["/", "/app", "/app/", "/app/kerta/0190f3a0-0000-7000", "/kunta?vuosi=2026", "/kunta?vuosi=2026&a=b"]
        {
            assert!(is_page_of_ours(own), "{own}");
        }
        for other in [
            "",
            "app",
            "//evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r\n/evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/./evil.example",
            "/..//evil.example",
            "/app//evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/app#x",
            "/app?x=//evil.example",
            "/%09/evil.example",
            "/ä",
            "/@evil.example",
            &format!("/{}", "a".repeat(200)),
        ] {
            assert!(!is_page_of_ours(other), "{other:?}");
        }
    }
}
