//! `GET` and `POST /api/v1/tokens`, and `/end`: the tokens with which programs read an association, for its reviewers.

use axum::{
    Json,
    extract::{
        Query, State,
        rejection::{JsonRejection, QueryRejection},
    },
};
use domain::{
    AssociationId,
    bounds::{TOKEN_DAYS_MAX, TOKEN_DAYS_USUAL, TOKEN_NAME_MAX_CHARS},
    permission::{
        people::{self, Invite},
        scope::Scope,
    },
    personal, text,
};
use sync::protocol::tokens::{EndTokenRequest, TokenListed, TokenReply, TokenRequest, TokensReply};
use uuid::Uuid;

use super::members::AssociationParams;
use crate::{
    Server,
    http::problem::{Problem, ProblemBody},
    identity::{
        read_token::{self, Made},
        scope::{member, reviewer},
        sign_in::{Session, SignedIn},
    },
    store::{Act, AuditEntry},
};

/// Tells which tokens an association has.
#[utoipa::path(get, path = "/api/v1/tokens", params(AssociationParams), responses(
    (status = 200, body = TokensReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 503, body = ProblemBody),
))]
pub async fn tokens(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    params: Result<Query<AssociationParams>, QueryRejection>,
) -> Result<Json<TokensReply>, Problem> {
    let Query(AssociationParams { association }) = params?;
    reviewer(&person, association)?;
    list(&server, association).await
}

/// Makes a token. What it says is told once.
#[utoipa::path(post, path = "/api/v1/tokens", request_body = TokenRequest, responses(
    (status = 200, body = TokenReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "not a reviewer, or `prove-again`"),
    (status = 409, body = ProblemBody, description = "`tokens-full`"),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 503, body = ProblemBody),
))]
pub async fn make(
    State(server): State<Server>,
    session: Session,
    body: Result<Json<TokenRequest>, JsonRejection>,
) -> Result<Json<TokenReply>, Problem> {
    let Json(TokenRequest { association, name, scope, days }) = body?;
    let membership = member(&session.person, None, association)?.membership;
    match people::may_make_token(membership.role, session.is_fresh(server.clock.now_ms())) {
        Invite::Yes => {}
        Invite::ProveAgain => return Err(Problem::ProveAgain),
        Invite::No => return Err(Problem::NotAllowed),
    }
    let name = text::normalise(&name);
    if name.is_empty() || name.chars().count() > TOKEN_NAME_MAX_CHARS {
        return Err(Problem::Unreadable("A token's name has 1 to 60 characters."));
    }
    if personal::find(&name).is_some() {
        return Err(Problem::Unreadable("A token's name names nobody."));
    }
    let scope = Scope::parse(&scope).ok_or(Problem::Unreadable("There is no such scope."))?;
    let days = days.unwrap_or(TOKEN_DAYS_USUAL);
    if !(1..=TOKEN_DAYS_MAX).contains(&days) {
        return Err(Problem::Unreadable("A token is good for 1 to 730 days."));
    }
    let user = session.person.user;
    let Made { row, token } = read_token::make(&server, user, membership.association, name, scope, days).await?;
    let address = server.origin.url(&format!("/api/v1/associations/{}", row.association));
    Ok(Json(TokenReply { id: row.id.to_string(), token, address, expires: row.expires_ms }))
}

/// Ends a token, whoever of the association's reviewers made it, and answers as `GET /api/v1/tokens` does.
#[utoipa::path(post, path = "/api/v1/tokens/end", request_body = EndTokenRequest, responses(
    (status = 200, body = TokensReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "the association has no such token"),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 503, body = ProblemBody),
))]
pub async fn end(
    State(server): State<Server>,
    session: Session,
    body: Result<Json<EndTokenRequest>, JsonRejection>,
) -> Result<Json<TokensReply>, Problem> {
    let Json(EndTokenRequest { association, id }) = body?;
    reviewer(&session.person, association)?;
    let id = Uuid::parse_str(&id).map_err(|_| Problem::NotFound)?;
    let entry = server.entry(Some(session.person.user), Act::TokenEnded, Some(id));
    let audit = AuditEntry { association: Some(association), ..entry };
    if !server.store.end_read_token(association, id, audit).await? {
        return Err(Problem::NotFound);
    }
    list(&server, association).await
}

async fn list(server: &Server, association: AssociationId) -> Result<Json<TokensReply>, Problem> {
    let members = server.store.members(association).await?;
    let nickname = |user| members.iter().find(|one| one.user == user).map(|one| one.nickname.clone());
    let tokens = server.store.read_tokens(association).await?;
    let listed = tokens.into_iter().map(|one| TokenListed {
        id: one.id.to_string(),
        by: nickname(one.user).unwrap_or_default(),
        name: one.name,
        scope: one.scope.to_string(),
        made: one.made_ms,
        expires: one.expires_ms,
        last_used: one.last_used_ms,
    });
    Ok(Json(TokensReply { tokens: listed.collect() }))
}
