//! Signing in and out.

use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{Server, demo, http::problem::Problem, identity::sign_in};

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
    let cookies = sign_in::sign_in(&server, role.user()).await?;
    let mut answer = Redirect::to(role.first_page()).into_response();
    for cookie in cookies.into_iter().chain(sign_in::device(&server, &headers).1) {
        if let Ok(cookie) = cookie.parse() {
            answer.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    Ok(answer)
}

/// `POST /kirjaudu/ulos`
pub async fn sign_out(State(server): State<Server>, headers: HeaderMap) -> Result<Response, Problem> {
    let cookie = sign_in::sign_out(&server, &headers).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}
