//! Signing in and out.

use axum::{
    Form, Json,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use sync::protocol::{self, sign_out::SignOutReply};

use super::{form::go, oidc};
use crate::{
    Server, demo,
    http::problem::Problem,
    identity::sign_in::{self, NewSignIn},
    store::Way,
};

#[derive(Deserialize)]
pub struct DemoSignIn {
    who: String,
    /// By the tour.
    kierros: Option<String>,
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
    let new = NewSignIn { user: role.user(), way: Way::Demo, is_own_device: true };
    let mut cookies = sign_in::sign_in(&server, &headers, new).await?;
    if form.kierros.is_some() && role == demo::DemoPerson::Coordinator {
        cookies.push(demo::LOOKED.to_owned());
    }
    Ok(go(role.first_page(), cookies))
}

/// `POST /kirjaudu/ulos`
pub async fn sign_out(State(server): State<Server>, headers: HeaderMap) -> Result<Response, Problem> {
    let before = match sign_in::token_hash(&headers) {
        Some(hash) if server.oidc.is_some() => server.store.sign_in(&hash).await?,
        _ => None,
    };
    let to = if before.is_some_and(|sign_in| sign_in.way == Way::OpenId) { oidc::SIGNED_OUT } else { "/" };
    let cookie = [(header::SET_COOKIE, sign_in::sign_out(&server, &headers).await?)];
    // The app takes nothing but our own words for done; a form is led to a page.
    Ok(match headers.contains_key(protocol::HEADER) {
        true => (cookie, Json(SignOutReply { signed_out: true })).into_response(),
        false => (cookie, Redirect::to(to)).into_response(),
    })
}
