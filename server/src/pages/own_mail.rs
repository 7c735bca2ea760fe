//! `/oma/sahkoposti`: where a reviewer has codes sent, in case no passkey is at hand.

use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;

use super::{
    document::language,
    form::{self, bare, sign_in_first},
    own::{HERE, done, not_for_keys},
};
use crate::{
    Server,
    http::{client_address::ClientAddress, problem::Problem},
    identity::{
        mail_code::{self, BadCode, Confirmed, Sent},
        sign_in::{self, Session},
    },
    store::Act,
};

#[derive(Deserialize)]
pub struct Fields {
    #[serde(default)]
    osoite: String,
    #[serde(default)]
    koodi: String,
}

/// `POST /oma/sahkoposti`: sends a code to an address that the person says is theirs.
pub async fn give(
    State(server): State<Server>,
    headers: HeaderMap,
    fields: Result<Form<Fields>, FormRejection>,
) -> Response {
    let answer = given(&server, &headers, fields).await;
    form::answered(&server, bare(headers), answer).await
}

async fn given(
    server: &Server,
    headers: &HeaderMap,
    fields: Result<Form<Fields>, FormRejection>,
) -> Result<Response, Problem> {
    let (session, fields) = match open(server, headers, fields).await? {
        Ok(open) => open,
        Err(answer) => return Ok(answer),
    };
    let lang = language(server, headers);
    let sent = mail_code::ask_to_confirm(server, &session, &fields.osoite, lang).await?;
    Ok(done(match sent {
        Sent::Yes => "posti-lahti",
        Sent::No => "posti-ei-lahtenyt",
        Sent::BadAddress => "posti-ei-osoite",
    }))
}

/// `POST /oma/sahkoposti/koodi`: the code that was sent there.
pub async fn confirm(
    State(server): State<Server>,
    client: ClientAddress,
    headers: HeaderMap,
    fields: Result<Form<Fields>, FormRejection>,
) -> Response {
    let answer = confirmed(&server, client, &headers, fields).await;
    form::answered(&server, bare(headers), answer).await
}

async fn confirmed(
    server: &Server,
    client: ClientAddress,
    headers: &HeaderMap,
    fields: Result<Form<Fields>, FormRejection>,
) -> Result<Response, Problem> {
    let (session, fields) = match open(server, headers, fields).await? {
        Ok(open) => open,
        Err(answer) => return Ok(answer),
    };
    Ok(done(match mail_code::confirm(server, client, &session, &fields.koodi).await? {
        Confirmed::Yes => "posti",
        Confirmed::Bad(BadCode::Length(_)) => "posti-pituus",
        Confirmed::Bad(BadCode::Wrong) => "posti-koodi",
        Confirmed::Taken => "posti-toisen",
    }))
}

/// `POST /oma/sahkoposti/poista`: also where no mail server is set any more, and without a further proof: it is the person's own datum.
pub async fn remove(State(server): State<Server>, headers: HeaderMap) -> Result<Response, Problem> {
    let Some(session) = sign_in::session(&server, &headers).await? else { return Ok(sign_in_first(HERE)) };
    let user = session.person.user;
    // A volunteer's phone on the hall's table changes nothing of what else its owner is.
    if session.hides {
        return Ok(done(""));
    }
    let entry = server.entry(Some(user), Act::EmailRemoved, Some(user.uuid()));
    let is_gone = server.store.remove_mail_address(user, entry).await?;
    if let Some(mail) = &server.mail {
        mail.forget(user);
    }
    Ok(done(if is_gone { "posti-poistettu" } else { "" }))
}

/// Who may give an address, with the form; or the answer to whoever may not.
async fn open(
    server: &Server,
    headers: &HeaderMap,
    fields: Result<Form<Fields>, FormRejection>,
) -> Result<Result<(Session, Fields), Response>, Problem> {
    let Some(session) = sign_in::session(server, headers).await? else { return Ok(Err(sign_in_first(HERE))) };
    let whole = server.store.person(session.person.user).await?.ok_or(Problem::NotSignedIn)?;
    if server.mail.is_none() || !mail_code::may_have_code(&whole, false) {
        return Ok(Err(done("")));
    }
    let Form(fields) = fields?;
    Ok(match not_for_keys(server, &session).await? {
        Some(answer) => Err(answer),
        None => Ok((session, fields)),
    })
}
