//! The server-rendered pages, the shell and the service worker.

mod municipality;
mod worker;

use std::sync::LazyLock;

use app::server_pages::{Files, FrontPage, FrontPageProps, MessagePage, MessagePageProps, page_language, shell_html};
use axum::{
    Form,
    body::Body,
    extract::{
        Path, Query, Request, State,
        rejection::{FormRejection, QueryRejection},
    },
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::Lang;
use leptos::prelude::{IntoView, use_context};
use serde::Deserialize;

pub use self::{
    municipality::{municipality, municipality_csv},
    worker::service_worker,
};
use crate::{Server, assets, auth, demo, error::Problem, router::content_security_policy};
use app::texts::{common, pages};

/// URLs of the browser's files, for documents.
pub(crate) static FILES: LazyLock<Files> = LazyLock::new(|| {
    let all = assets::list();
    let url =
        |role: &str| all.iter().find(|asset| asset.role == role).map(|asset| asset.url.clone()).unwrap_or_default();
    Files { style: url("style"), boot: url("boot"), script: url("script"), wasm: url("wasm") }
});

/// The shell's bytes: made once, the same for every path and visitor.
pub(crate) static SHELL: LazyLock<String> = LazyLock::new(|| shell_html(FILES.clone()));

/// `GET /`
pub async fn front(State(server): State<Server>, request: Request) -> Response {
    let lang = language(&server, request.headers());
    let demo = server.demo;
    render(request, move || FrontPage(FrontPageProps { lang, files: FILES.clone(), demo })).await
}

/// `GET /app/**`: the static shell.
pub async fn shell() -> Response {
    ([(header::CACHE_CONTROL, "no-cache")], Html(SHELL.as_str())).into_response()
}

#[derive(Deserialize)]
pub struct DemoSignIn {
    who: String,
}

/// `POST /kirjaudu/demo`: signs in as one of the demo's people.
pub async fn demo_sign_in(
    State(server): State<Server>,
    headers: HeaderMap,
    form: Result<Form<DemoSignIn>, FormRejection>,
) -> Result<Response, Problem> {
    if !server.demo {
        return Err(Problem::NotFound);
    }
    let Form(form) = form?;
    let role = demo::DemoPerson::parse(&form.who).ok_or(Problem::NotFound)?;
    let cookies = auth::sign_in(&server, role.user()).await?;
    let mut answer = Redirect::to(role.first_page()).into_response();
    for cookie in cookies.into_iter().chain(auth::device(&headers).1) {
        if let Ok(cookie) = cookie.parse() {
            answer.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    Ok(answer)
}

/// `POST /kirjaudu/ulos`
pub async fn sign_out(State(server): State<Server>, headers: HeaderMap) -> Result<Response, Problem> {
    let cookie = auth::sign_out(&server, &headers).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response())
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
    // Only a path of our own: never another site.
    let is_path = back.to.starts_with('/') && !back.to.starts_with("//") && !back.to.contains('\\');
    let to = if is_path { back.to.as_str() } else { "/" };
    Ok(([(header::SET_COOKIE, language_cookie(lang))], Redirect::to(to)).into_response())
}

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

/// Not `HttpOnly`: the app reads and sets it too, so that the pages and the app speak the same language.
fn language_cookie(lang: Lang) -> String {
    format!("kieli={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.tag())
}

/// A demo server also speaks what is not offered, so that whoever translates sees their words where they will stand.
pub(crate) fn language(server: &Server, headers: &HeaderMap) -> Lang {
    let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    page_language(auth::cookie(headers, "kieli").as_deref(), accept, server.demo)
}

pub(crate) async fn message(
    request: Request,
    lang: Lang,
    status: StatusCode,
    title: &'static str,
    help: &'static str,
) -> Response {
    let page = move || MessagePage(MessagePageProps { lang, files: FILES.clone(), title, help });
    let mut response = render(request, page).await;
    *response.status_mut() = status;
    response
}

/// leptos_axum writes its (empty) hydration data as inline scripts; a nonce lets those and no others run.
fn allow_own_scripts() {
    leptos::nonce::provide_nonce();
    let nonce = leptos::nonce::use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    let policy = content_security_policy(&format!("'nonce-{nonce}'"));
    if let (Some(response), Ok(policy)) = (use_context::<leptos_axum::ResponseOptions>(), policy.parse()) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

pub(crate) async fn render<V: IntoView + 'static>(
    request: Request<Body>,
    page: impl Fn() -> V + Clone + Send + Sync + 'static,
) -> Response {
    leptos_axum::render_app_async_with_context(allow_own_scripts, page)(request).await
}
