//! `GET /api/v1/sign-ins` and `POST /api/v1/sign-ins/end`: an association's reviewers end the sign-in of a volunteer's lost phone. The phone
//! hands in what it holds at its next contact, for each of its user's associations, and forgets the rest (SYNC, "Whoever has left").

use axum::{
    Json,
    extract::{
        Query, State,
        rejection::{JsonRejection, QueryRejection},
    },
};
use domain::{
    AssociationId,
    permission::people::{MembersSignIn, may_end_sign_in},
};
use sync::protocol::sign_ins::{EndRequest, SignInShown, SignInsReply};

use super::{devices::code, members::AssociationParams};
use crate::{
    Server,
    http::problem::{Problem, ProblemBody},
    identity::{
        scope::{Member, reviewer},
        sign_in::Session,
    },
    store::{Act, AuditEntry, LetIn},
};

/// Tells on which of an association's phones its volunteers are signed in.
#[utoipa::path(get, path = "/api/v1/sign-ins", params(AssociationParams), responses(
    (status = 200, body = SignInsReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 503, body = ProblemBody),
))]
pub async fn sign_ins(
    State(server): State<Server>,
    session: Session,
    params: Result<Query<AssociationParams>, QueryRejection>,
) -> Result<Json<SignInsReply>, Problem> {
    let Query(params) = params?;
    let by = reviewer(&session.person, params.association)?;
    list(&server, by).await
}

/// Ends a volunteer's sign-in on a phone that the association let in.
#[utoipa::path(post, path = "/api/v1/sign-ins/end", request_body = EndRequest, responses(
    (status = 200, body = SignInsReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "no such sign-in, or one that is not the association's to end"),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 503, body = ProblemBody),
))]
pub async fn end(
    State(server): State<Server>,
    session: Session,
    body: Result<Json<EndRequest>, JsonRejection>,
) -> Result<Json<SignInsReply>, Problem> {
    let Json(request) = body?;
    let by = reviewer(&session.person, request.association)?;
    let association = by.membership.association;
    let found = shown(&server, by).await?;
    let of = found.into_iter().find(|one| name_of(&server, association, one) == request.sign_in);
    let of = of.ok_or(Problem::NotFound)?.sign_in;
    // Whose it was, and not which: the association's log names people.
    let entry = server.entry(Some(session.person.user), Act::SignInEnded, Some(of.user.uuid()));
    let audit = AuditEntry { association: Some(association), ..entry };
    if !server.store.end_sign_in(of.user, of.id, audit).await? {
        return Err(Problem::NotFound);
    }
    list(&server, by).await
}

/// What a reviewer sees of what the association let in.
async fn shown(server: &Server, by: Member<'_>) -> Result<Vec<LetIn>, Problem> {
    let mut all = server.store.sign_ins_let_in(by.membership.association).await?;
    all.retain(|one| {
        let of = MembersSignIn { whose: one.role, class: one.sign_in.class, is_let_in_here: true };
        may_end_sign_in(Some(by.membership.role), of)
    });
    Ok(all)
}

async fn list(server: &Server, by: Member<'_>) -> Result<Json<SignInsReply>, Problem> {
    let association = by.membership.association;
    let now_ms = server.clock.now_ms();
    let told = |one: LetIn| {
        let sign_in = one.sign_in;
        SignInShown {
            sign_in: name_of(server, association, &one),
            device: sign_in.device.map(|device| code(association, sign_in.user, device)),
            last_used: sign_in.last_used_ms,
            has_run_out: !sign_in.is_alive(now_ms),
            by: one.nickname,
        }
    };
    Ok(Json(SignInsReply { sign_ins: shown(server, by).await?.into_iter().map(told).collect() }))
}

/// Names a sign-in within one association: another one that let in the same phone calls it otherwise.
fn name_of(server: &Server, association: AssociationId, one: &LetIn) -> String {
    server.secret.name_within(association, "sign-in", one.sign_in.id)
}
