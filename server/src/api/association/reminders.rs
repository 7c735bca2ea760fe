//! `GET /api/v1/reminders` and `POST /api/v1/reminders/mail`, `/here`: how a reviewer is reminded of an association's deadlines.

use axum::{
    Json,
    extract::{
        Query, State,
        rejection::{JsonRejection, QueryRejection},
    },
};
use domain::{AssociationId, Lang, permission::people::Class};
use sync::protocol::reminders::{RemindByMailRequest, RemindHereRequest, RemindersReply};

use super::members::AssociationParams;
use crate::{
    Server,
    http::problem::{Problem, ProblemBody},
    identity::{scope::reviewer, sign_in::Session},
    push::Push,
    store::{RemindTo, Reminder},
};

/// Tells how whoever asks is reminded, and what is possible.
#[utoipa::path(get, path = "/api/v1/reminders", params(AssociationParams), responses(
    (status = 200, body = RemindersReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 503, body = ProblemBody),
))]
pub async fn reminders(
    State(server): State<Server>,
    session: Session,
    params: Result<Query<AssociationParams>, QueryRejection>,
) -> Result<Json<RemindersReply>, Problem> {
    let Query(AssociationParams { association }) = params?;
    reviewer(&session.person, association)?;
    reply(&server, &session, association).await
}

/// Begins or ends the reminders by e-mail. Without a confirmed address, or where the server sends no letters, it stays as it is.
#[utoipa::path(post, path = "/api/v1/reminders/mail", request_body = RemindByMailRequest, responses(
    (status = 200, body = RemindersReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 503, body = ProblemBody),
))]
pub async fn mail(
    State(server): State<Server>,
    session: Session,
    body: Result<Json<RemindByMailRequest>, JsonRejection>,
) -> Result<Json<RemindersReply>, Problem> {
    let Json(RemindByMailRequest { association, on, lang }) = body?;
    reviewer(&session.person, association)?;
    if !on {
        server.store.stop_mail(association, session.person.user).await?;
    } else if server.mail.is_some() {
        let to = RemindTo::Mail(String::new());
        server.store.remind(&wish(&server, &session, association, &lang, to)).await?;
    }
    reply(&server, &session, association).await
}

/// Begins or ends the reminders in the browser of this sign-in.
#[utoipa::path(post, path = "/api/v1/reminders/here", request_body = RemindHereRequest, responses(
    (status = 200, body = RemindersReply),
    (status = 400, body = ProblemBody, description = "also a browser whose push service is none that is known"),
    (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 503, body = ProblemBody),
))]
pub async fn here(
    State(server): State<Server>,
    session: Session,
    body: Result<Json<RemindHereRequest>, JsonRejection>,
) -> Result<Json<RemindersReply>, Problem> {
    let Json(RemindHereRequest { association, browser, lang }) = body?;
    reviewer(&session.person, association)?;
    match (push_of(&server, &session), browser) {
        (_, None) => server.store.stop_push(association, session.sign_in.id).await?,
        (Some(push), Some(told)) => {
            const UNKNOWN: Problem = Problem::Unreadable("This is no browser of a push service that is known.");
            let browser = push.browser(&told.endpoint, &told.p256dh, &told.auth).ok_or(UNKNOWN)?;
            let to = RemindTo::Push(session.sign_in.id, browser);
            server.store.remind(&wish(&server, &session, association, &lang, to)).await?;
        }
        // Nothing can be sent to this one: it stays as it is.
        (None, Some(_)) => {}
    }
    reply(&server, &session, association).await
}

/// What sends to the browser of this sign-in. None where the operator lets nothing be sent, and on a computer that others use too: the sign-in is
/// over before a reminder goes, and the next one at that computer would read it.
fn push_of<'a>(server: &'a Server, session: &Session) -> Option<&'a Push> {
    server.push.as_deref().filter(|_| session.sign_in.class == Class::Own)
}

/// From today on: of days that have passed whoever wishes it has read on the screen.
fn wish(server: &Server, session: &Session, association: AssociationId, lang: &str, to: RemindTo) -> Reminder {
    let lang = Lang::from_tag(lang).unwrap_or(Lang::Fi);
    Reminder { association, user: session.person.user, lang, looked: server.clock.today(), to }
}

async fn reply(
    server: &Server,
    session: &Session,
    association: AssociationId,
) -> Result<Json<RemindersReply>, Problem> {
    let user = session.person.user;
    let chosen = server.store.chosen(association, user, session.sign_in.id).await?;
    let has_mail = server.mail.is_some();
    Ok(Json(RemindersReply {
        has_mail,
        has_address: has_mail && server.store.mail_address(user).await?.is_some(),
        by_mail: chosen.by_mail,
        key: push_of(server, session).map(Push::public_key),
        here: chosen.here,
    }))
}
