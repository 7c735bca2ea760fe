//! `/kirjaudu/oidc`: signing in with the accounts of one's organisation.

use app::{
    server_pages::{OpenIdPage, OpenIdPageProps, OtherPlace, OtherWay},
    texts::{open_id as t, pages},
};
use axum::{
    extract::{Query, Request, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    document::{FILES, language, render},
    first_page::first_page,
    form::{prove_again, sign_in_first},
};
use crate::{
    Server,
    http::{
        cookies::with_cookies,
        header::is_led_by_another,
        own_path::{in_query, own_path},
        page_problem,
        problem::Problem,
    },
    identity::{
        oidc::{Failure, Proved, Returned, ticket::Tickets},
        sign_in::{self, NewSignIn},
    },
    store::{Person, Way},
};

const BEGIN: &str = "/kirjaudu/oidc";
/// Where a form that signed somebody out leads, who came with such an account.
pub const SIGNED_OUT: &str = "/kirjaudu/oidc/ulos";

/// What `/kirjaudu/oidc` is opened with.
#[derive(Default, Deserialize)]
pub struct Asked {
    /// A path of ours to go on to.
    #[serde(default)]
    to: String,
    /// Whoever is signed in proves again who they are.
    #[serde(default)]
    varmista: String,
}

/// The link that begins a sign-in with the provider's accounts; none where there is no provider. `to`: a path of ours to go on to, or
/// nothing.
pub fn way(server: &Server, to: &str, again: bool) -> Option<OtherWay> {
    let provider = server.oidc.as_ref()?;
    let again = if again { "&varmista=1" } else { "" };
    Some(OtherWay { name: provider.name().to_owned(), href: format!("{BEGIN}?to={}{again}", in_query(to)) })
}

/// `GET /kirjaudu/oidc`: leads to the provider. A link, because a form may not lead to another site (`form-action`). Where another site
/// leads here, to the page with the link: a provider that somebody is signed in to would sign them in here without their doing anything.
pub async fn begin(
    State(server): State<Server>,
    asked: Result<Query<Asked>, QueryRejection>,
    request: Request,
) -> Response {
    let Some(provider) = server.oidc.clone() else { return page_problem::not_found(State(server), request).await };
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    let (to, again) = (own_path(&asked.to).unwrap_or_default(), asked.varmista == "1");
    if is_led_by_another(request.headers()) {
        return if again { prove_again(to) } else { sign_in_first(to) };
    }
    match provider.begin(&server, to, again).await {
        Ok((url, ticket)) => ([(header::SET_COOKIE, ticket)], Redirect::to(url.as_str())).into_response(),
        Err(failure) => failed(&server, request, failure).await,
    }
}

/// `GET /kirjaudu/oidc/paluu`: the provider leads back here.
pub async fn come_back(
    State(server): State<Server>,
    returned: Result<Query<Returned>, QueryRejection>,
    request: Request,
) -> Response {
    let Some(provider) = server.oidc.clone() else { return page_problem::not_found(State(server), request).await };
    let headers = request.headers();
    let returned = returned.map(|Query(returned)| returned).unwrap_or_default();
    let lang = language(&server, headers);
    let signed_in = match provider.finish(&server, headers, &returned, lang).await {
        Ok(proved) => {
            let new = NewSignIn { user: proved.user, way: Way::OpenId, is_own_device: false };
            let came = sign_in::sign_in_proved(&server, headers, new, proved.proved_ms).await;
            came.map(|came| (leads_on(&proved, &came.person), came.cookies)).map_err(Failure::from)
        }
        Err(failure) => Err(failure),
    };
    let (response, mut cookies) = match signed_in {
        Ok((to, cookies)) => (Redirect::to(&to).into_response(), cookies),
        Err(failure) => (failed(&server, request, failure).await, Vec::new()),
    };
    // A ticket is good for one return, whatever comes of it.
    cookies.push(Tickets::removed());
    with_cookies(response, cookies)
}

/// `GET /kirjaudu/oidc/ulos`: who signed out here may still be signed in at the provider, where the next person would be they.
pub async fn signed_out(State(server): State<Server>, request: Request) -> Response {
    let Some(provider) = server.oidc.clone() else { return Redirect::to("/").into_response() };
    let lang = language(&server, request.headers());
    let there = provider.sign_out_there().await;
    let place = there.map(|href| OtherPlace { name: t::sign_out_there(lang, provider.name()), href });
    let help = t::signed_out_help(lang, provider.name());
    show(&server, request, StatusCode::OK, t::signed_out(lang), help, place).await
}

/// Where somebody goes who has just signed in.
fn leads_on(proved: &Proved, person: &Person) -> String {
    match proved.to.is_empty() {
        true => first_page(person).to_owned(),
        false => proved.to.clone(),
    }
}

async fn failed(server: &Server, request: Request, failure: Failure) -> Response {
    let lang = language(server, request.headers());
    let name = server.oidc.as_ref().map(|provider| provider.name().to_owned()).unwrap_or_default();
    let (status, title, help) = match failure {
        Failure::Provider => (StatusCode::BAD_GATEWAY, t::provider(lang), t::provider_help(lang, &name)),
        Failure::Again => (StatusCode::BAD_REQUEST, t::again(lang), t::again_help(lang).to_owned()),
        Failure::NotThere => (StatusCode::BAD_REQUEST, t::not_there(lang), t::not_there_help(lang, &name)),
        Failure::Clock => (StatusCode::BAD_GATEWAY, t::clock(lang), t::clock_help(lang).to_owned()),
        Failure::NoArea => (StatusCode::UNPROCESSABLE_ENTITY, t::no_area(lang), t::no_area_help(lang).to_owned()),
        Failure::OtherPerson => (StatusCode::CONFLICT, t::other_person(lang), t::other_person_help(lang).to_owned()),
        Failure::Problem(problem @ (Problem::TooMany(_) | Problem::Busy(_))) => {
            return page_problem::refused(server, request, problem).await;
        }
        Failure::Problem(problem) => {
            tracing::error!(?problem, "signing in with a provider's account");
            (StatusCode::SERVICE_UNAVAILABLE, pages::try_again(lang), pages::back_to_start(lang).to_owned())
        }
    };
    let place = OtherPlace { name: t::try_again(lang).to_owned(), href: BEGIN.to_owned() };
    show(server, request, status, title, help, Some(place)).await
}

async fn show(
    server: &Server,
    request: Request,
    status: StatusCode,
    title: &'static str,
    help: String,
    place: Option<OtherPlace>,
) -> Response {
    let lang = language(server, request.headers());
    let page = move || {
        OpenIdPage(OpenIdPageProps { lang, files: FILES.clone(), title, help: help.clone(), place: place.clone() })
    };
    let mut response = render(request, page).await;
    *response.status_mut() = status;
    response
}
