//! `/kirjaudu/sahkoposti` and `/kirjaudu/koodi`: signing in with a code that was sent by e-mail, where the operator has set a mail server.

use app::server_pages::{BadMailCode, MailCode, MailCodePage, MailCodePageProps, MailForm, SignIn};
use axum::{
    Form,
    extract::{Query, Request, State, rejection::FormRejection, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use serde::Deserialize;

use super::{
    document::{FILES, language, render},
    first_page::first_page,
    form::{self, bare, go},
    sign_in::{self as page_of_sign_in, Asked},
};
use crate::{
    Server,
    http::{client_address::ClientAddress, own_path::in_query, page_problem, problem::Problem},
    identity::{
        mail_code::{self, BadCode},
        proof,
        sign_in::{self, NewSignIn},
    },
    store::{Person, Way},
};

/// Where the code is typed.
const HERE: &str = "/kirjaudu/koodi";

/// The fields of both forms, and the query of the page between them.
#[derive(Default, Deserialize)]
pub struct Fields {
    #[serde(default)]
    osoite: String,
    #[serde(default)]
    koodi: String,
    /// Nobody else uses this device: a checkbox.
    #[serde(default)]
    oma: String,
    #[serde(flatten)]
    asked: Asked,
}

/// `POST /kirjaudu/sahkoposti`: asks for a code. The answer is the same whether the address is known or not.
pub async fn ask(
    State(server): State<Server>,
    client: ClientAddress,
    headers: HeaderMap,
    fields: Result<Form<Fields>, FormRejection>,
) -> Response {
    let answer = asked(&server, client, &headers, fields).await;
    form::answered(&server, bare(headers), answer).await
}

async fn asked(
    server: &Server,
    client: ClientAddress,
    headers: &HeaderMap,
    fields: Result<Form<Fields>, FormRejection>,
) -> Result<Response, Problem> {
    if server.mail.is_none() {
        return Err(Problem::NotFound);
    }
    let Form(fields) = fields?;
    let person = sign_in::signed_in(server, headers).await?;
    let only = again(&fields.asked, person.as_ref());
    let lang = language(server, headers);
    match mail_code::ask(server, client, headers, &fields.osoite, lang, only.map(|person| person.user))? {
        Some(cookie) => {
            let (to, own) =
                (in_query(fields.asked.to().unwrap_or_default()), if fields.oma == "1" { "&oma=1" } else { "" });
            let again = if only.is_some() { "&varmista=1" } else { "" };
            Ok(go(&format!("{HERE}?to={to}{again}{own}"), [cookie]))
        }
        None => {
            let typed = fields.osoite.chars().take(254).collect();
            let mail = Some(MailForm { address: typed, is_bad: true });
            let shown = page_of_sign_in::shown(server, &fields.asked, only.is_some());
            let page = SignIn { mail, is_own_device: fields.oma == "1", ..shown };
            let mut answer = page_of_sign_in::show(server, bare(headers.clone()), page).await;
            *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(answer)
        }
    }
}

/// `GET /kirjaudu/koodi`: where the code is typed. It says nothing of whether one was sent.
pub async fn page(
    State(server): State<Server>,
    fields: Result<Query<Fields>, QueryRejection>,
    request: Request,
) -> Result<Response, Problem> {
    if server.mail.is_none() {
        return Ok(page_problem::not_found(State(server), request).await);
    }
    let fields = fields.map(|Query(fields)| fields).unwrap_or_default();
    let person = sign_in::signed_in(&server, request.headers()).await?;
    let page = shown(&fields, again(&fields.asked, person.as_ref()).is_some());
    Ok(show(&server, request, page).await)
}

/// `POST /kirjaudu/koodi`
pub async fn use_code(
    State(server): State<Server>,
    client: ClientAddress,
    headers: HeaderMap,
    fields: Result<Form<Fields>, FormRejection>,
) -> Response {
    let answer = used(&server, client, &headers, fields).await;
    form::answered(&server, bare(headers), answer).await
}

async fn used(
    server: &Server,
    client: ClientAddress,
    headers: &HeaderMap,
    fields: Result<Form<Fields>, FormRejection>,
) -> Result<Response, Problem> {
    if server.mail.is_none() {
        return Err(Problem::NotFound);
    }
    let Form(fields) = fields?;
    let person = sign_in::signed_in(server, headers).await?;
    let only = again(&fields.asked, person.as_ref()).map(|person| person.user);
    let mut waits = None;
    let problem = match mail_code::use_up(server, client, headers, &fields.koodi, only).await {
        Ok(Ok(user)) => {
            let new = NewSignIn { user, way: Way::Email, is_own_device: fields.oma == "1" };
            let came = proof::proved(server, headers, new).await?;
            let to = fields.asked.to().unwrap_or_else(|| first_page(&came.person));
            return Ok(go(to, came.cookies.into_iter().chain([mail_code::removed()])));
        }
        Ok(Err(BadCode::Length(count))) => BadMailCode::Length(count),
        Ok(Err(BadCode::Wrong)) => BadMailCode::Wrong,
        Err(Problem::TooMany(seconds)) => {
            waits = Some(seconds);
            BadMailCode::TooMany
        }
        Err(problem) => return Err(problem),
    };
    let code = fields.koodi.chars().take(40).collect();
    let page = MailCode { problem: Some(problem), code, ..shown(&fields, only.is_some()) };
    let mut answer = show(server, bare(headers.clone()), page).await;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(seconds) = waits {
        *answer.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    Ok(answer)
}

/// Whoever is signed in and is to prove again who they are.
fn again<'a>(asked: &Asked, person: Option<&'a Person>) -> Option<&'a Person> {
    person.filter(|_| asked.is_again())
}

fn shown(fields: &Fields, is_again: bool) -> MailCode {
    let to = fields.asked.to().unwrap_or_default().to_owned();
    let query = format!("?to={}{}", in_query(&to), if is_again { "&varmista=1" } else { "" });
    MailCode {
        here: in_query(&format!("{HERE}{query}")),
        other_ways: format!("/kirjaudu{query}"),
        to,
        is_again,
        is_own_device: fields.oma == "1",
        ..MailCode::default()
    }
}

async fn show(server: &Server, request: Request, page: MailCode) -> Response {
    let lang = language(server, request.headers());
    render(request, move || MailCodePage(MailCodePageProps { lang, files: FILES.clone(), page: page.clone() })).await
}
