//! `GET` and `POST /api/v1/invitations`, and `/revoke`: whom an association's reviewers invite.

use axum::{
    Json,
    extract::{
        Query, State,
        rejection::{JsonRejection, QueryRejection},
    },
};
use domain::{
    Role,
    permission::people::{self, Invite},
};
use sync::protocol::invitations::{InviteReply, InviteRequest, OpenInvitation, OpenReply, RevokeRequest};
use uuid::Uuid;

use super::members::{self, AssociationParams};
use crate::{
    Server,
    http::problem::{Problem, ProblemBody},
    identity::{
        invitation::{self, OPEN_MAX, PERSON_MS, is_renewable},
        scope::{member, reviewer},
        sign_in::Session,
    },
    store::{Act, AuditEntry, Grant},
};

/// Makes an invitation of one person. What it says is told once.
#[utoipa::path(post, path = "/api/v1/invitations", request_body = InviteRequest, responses(
    (status = 200, body = InviteReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "not a reviewer, or `prove-again`"),
    (status = 404, body = ProblemBody, description = "no such member, or one who is more than a volunteer here"),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 503, body = ProblemBody),
))]
pub async fn invite(
    State(server): State<Server>,
    session: Session,
    body: Result<Json<InviteRequest>, JsonRejection>,
) -> Result<Json<InviteReply>, Problem> {
    let Json(request) = body?;
    let membership = member(&session.person, None, request.association)?.membership;
    let role = Role::from_name(&request.role).ok_or(Problem::Unreadable("There is no such role."))?;
    match people::may_invite(membership.role, role, session.is_fresh(server.clock.now_ms())) {
        Invite::Yes => {}
        Invite::ProveAgain => return Err(Problem::ProveAgain),
        Invite::No => return Err(Problem::NotAllowed),
    }
    let open = server.store.open_invitations(membership.association, server.clock.now_ms()).await?;
    if open.len() >= OPEN_MAX {
        return Err(Problem::TooMany(60));
    }
    let made = match &request.member {
        Some(name) => {
            let member = members::find(&server, membership.association, name).await?;
            let person = server
                .store
                .person(member.user)
                .await?
                .filter(|person| is_renewable(person, membership.association))
                .ok_or(Problem::NotFound)?;
            invitation::renew(&server, session.person.user, membership.association, person.user).await?
        }
        None => {
            let grant = Grant::Member(membership.association, role);
            invitation::make(&server, Some(session.person.user), grant, Some(1), PERSON_MS).await?
        }
    };
    let qr = invitation::qr(&made.url).ok_or(Problem::Unreadable("The address is too long for a QR code."))?;
    Ok(Json(InviteReply {
        id: made.invitation.id.to_string(),
        url: made.url,
        code: made.code.to_string(),
        expires: made.invitation.expires_ms,
        qr,
    }))
}

/// Tells which of an association's invitations can still be accepted.
#[utoipa::path(get, path = "/api/v1/invitations", params(AssociationParams), responses(
    (status = 200, body = OpenReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 503, body = ProblemBody),
))]
pub async fn open(
    State(server): State<Server>,
    session: Session,
    params: Result<Query<AssociationParams>, QueryRejection>,
) -> Result<Json<OpenReply>, Problem> {
    let Query(params) = params?;
    reviewer(&session.person, params.association)?;
    let open = server.store.open_invitations(params.association, server.clock.now_ms()).await?;
    let open = open.into_iter().map(|one| OpenInvitation {
        id: one.id.to_string(),
        role: one.grant.kind().to_owned(),
        made: one.made_ms,
        expires: one.expires_ms,
    });
    Ok(Json(OpenReply { open: open.collect() }))
}

/// Takes an invitation back, and answers as `GET /api/v1/invitations` does.
#[utoipa::path(post, path = "/api/v1/invitations/revoke", request_body = RevokeRequest, responses(
    (status = 200, body = OpenReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "the association has no such invitation"),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 503, body = ProblemBody),
))]
pub async fn revoke(
    State(server): State<Server>,
    session: Session,
    body: Result<Json<RevokeRequest>, JsonRejection>,
) -> Result<Json<OpenReply>, Problem> {
    let Json(request) = body?;
    reviewer(&session.person, request.association)?;
    let id = Uuid::parse_str(&request.id).map_err(|_| Problem::NotFound)?;
    let entry = server.entry(Some(session.person.user), Act::InvitationRevoked, Some(id));
    let audit = AuditEntry { association: Some(request.association), ..entry };
    if !server.store.revoke_invitation(id, Some(request.association), audit).await? {
        return Err(Problem::NotFound);
    }
    open(State(server), session, Ok(Query(AssociationParams { association: request.association }))).await
}
