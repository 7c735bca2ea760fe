//! `/kirjaudu`: signing in with a passkey or a recovery code, and proving again who one is.

use app::server_pages::{BadRecoveryCode, MailForm, SignIn, SignInPage, SignInPageProps};
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
    form::{bare, go},
    oidc,
};
use crate::{
    Server,
    http::{
        client_address::ClientAddress,
        own_path::{in_query, own_path},
        problem::Problem,
    },
    identity::{
        mail_code, passkey, proof,
        recovery::{self, BadCode},
        sign_in::{self, NewSignIn},
    },
    store::Person,
};

/// What `/kirjaudu` is opened with.
#[derive(Default, Deserialize)]
pub struct Asked {
    /// A path of ours to go on to.
    #[serde(default)]
    to: String,
    /// Whoever is signed in proves again who they are.
    #[serde(default)]
    varmista: String,
    /// The app comes here when its sign-in was ended from elsewhere.
    #[serde(default)]
    lopetettu: String,
}

#[derive(Deserialize)]
pub struct RecoverySignIn {
    #[serde(default)]
    koodi: String,
    /// Nobody else uses this device: a checkbox.
    #[serde(default)]
    oma: String,
    #[serde(flatten)]
    asked: Asked,
}

impl Asked {
    pub(super) fn to(&self) -> Option<&str> {
        own_path(&self.to)
    }

    pub(super) fn is_again(&self) -> bool {
        self.varmista == "1"
    }
}

/// `GET /kirjaudu`
pub async fn page(
    State(server): State<Server>,
    asked: Result<Query<Asked>, QueryRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    let person = sign_in::signed_in(&server, request.headers()).await?;
    // Who is not signed in has nothing to prove again, and signs in.
    let is_again = asked.is_again() && person.is_some();
    let mut page = shown(&server, &asked, is_again);
    if let Some(person) = &person {
        page.signed_in = Some(name(person));
        if is_again && page.mail.is_some() {
            // Whoever is signed in as a volunteer may be more.
            let may = match server.store.person(person.user).await? {
                Some(whole) => mail_code::may_prove_again(&server, &whole).await?,
                None => false,
            };
            page.mail = page.mail.filter(|_| may);
        }
    }
    Ok(show(&server, request, page).await)
}

/// `POST /kirjaudu/varakoodi`: a form without a script, for when there is no passkey at hand.
pub async fn recover(
    State(server): State<Server>,
    client: ClientAddress,
    headers: HeaderMap,
    form: Result<Form<RecoverySignIn>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(form) = form?;
    let person = sign_in::signed_in(&server, &headers).await?;
    let is_again = form.asked.is_again() && person.is_some();
    let only = person.as_ref().filter(|_| is_again).map(|person| person.user);
    let mut waits = None;
    let problem = match recovery::use_up(&server, client, &form.koodi, only).await {
        Ok(Ok((user, way))) => {
            let new = NewSignIn { user, way, is_own_device: form.oma == "1" };
            let came = proof::proved(&server, &headers, new).await?;
            let to = form.asked.to().unwrap_or_else(|| first_page(&came.person));
            // The page says how many codes are left, and leads on.
            return Ok(go(&format!("/oma?tehty=varakoodi&to={}", in_query(to)), came.cookies));
        }
        Ok(Err(BadCode::Length(count))) => BadRecoveryCode::Length(count),
        Ok(Err(BadCode::Wrong)) => BadRecoveryCode::Wrong,
        Err(Problem::TooMany(seconds)) => {
            waits = Some(seconds);
            BadRecoveryCode::TooMany
        }
        Err(problem) => return Err(problem),
    };
    let page = SignIn {
        signed_in: person.map(|person| name(&person)),
        problem: Some(problem),
        code: form.koodi.chars().take(40).collect(),
        is_own_device: form.oma == "1",
        ..shown(&server, &form.asked, is_again)
    };
    let mut answer = show(&server, bare(headers), page).await;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(seconds) = waits {
        *answer.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    Ok(answer)
}

pub(super) fn shown(server: &Server, asked: &Asked, is_again: bool) -> SignIn {
    let to = asked.to().unwrap_or_default().to_owned();
    let again = if is_again { "&varmista=1" } else { "" };
    SignIn {
        here: in_query(&format!("/kirjaudu?to={}{again}", in_query(&to))),
        other_ways: oidc::way(server, &to, is_again).into_iter().collect(),
        to,
        is_again,
        is_ended: asked.lopetettu == "1",
        passkey_domain: passkey::domain(&server.origin),
        mail: server.mail.as_ref().map(|_| MailForm::default()),
        ..SignIn::default()
    }
}

/// What a person is called on this page.
fn name(person: &Person) -> String {
    person.memberships.first().map_or(&person.nickname, |membership| &membership.nickname).clone()
}

pub(super) async fn show(server: &Server, request: Request, page: SignIn) -> Response {
    let lang = language(server, request.headers());
    render(request, move || SignInPage(SignInPageProps { lang, files: FILES.clone(), page: page.clone() })).await
}
