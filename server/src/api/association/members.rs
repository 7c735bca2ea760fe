//! `GET /api/v1/members` and `POST /api/v1/members/rename`, `/role`, `/remove`: an association's people, for its reviewers.

use axum::{
    Json,
    extract::{
        Query, State,
        rejection::{JsonRejection, QueryRejection},
    },
};
use domain::{AssociationId, Role, UserId, bounds, text};
use serde::Deserialize;
use sync::protocol::members::{Member, MembersReply, RemoveRequest, RenameRequest, RoleRequest};

use crate::{
    Server,
    http::problem::{Problem, ProblemBody},
    identity::{
        invitation::is_renewable,
        scope::reviewer,
        sign_in::{Session, SignedIn},
    },
    store::{self, Act, AuditEntry},
};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AssociationParams {
    #[param(value_type = String, format = Uuid)]
    pub association: AssociationId,
}

/// Tells who belongs to an association.
#[utoipa::path(get, path = "/api/v1/members", params(AssociationParams), responses(
    (status = 200, body = MembersReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 503, body = ProblemBody),
))]
pub async fn members(
    State(server): State<Server>,
    SignedIn(person): SignedIn,
    params: Result<Query<AssociationParams>, QueryRejection>,
) -> Result<Json<MembersReply>, Problem> {
    let Query(params) = params?;
    reviewer(&person, params.association)?;
    list(&server, params.association, person.user).await
}

/// Calls a member otherwise.
#[utoipa::path(post, path = "/api/v1/members/rename", request_body = RenameRequest, responses(
    (status = 200, body = MembersReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "the association has no such member"),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 503, body = ProblemBody),
))]
pub async fn rename(
    State(server): State<Server>,
    session: Session,
    body: Result<Json<RenameRequest>, JsonRejection>,
) -> Result<Json<MembersReply>, Problem> {
    let Json(RenameRequest { association, member, nickname }) = body?;
    reviewer(&session.person, association)?;
    let nickname = text::normalise(&nickname);
    if nickname.is_empty() || nickname.chars().count() > bounds::NICKNAME_MAX_CHARS {
        return Err(Problem::Unreadable("A nickname has 1 to 40 characters."));
    }
    let found = find(&server, association, &member).await?;
    let audit = entry(&server, &session, association, Act::Renamed, found.user);
    if !server.store.rename_member(association, found.user, &nickname, audit).await? {
        return Err(Problem::NotFound);
    }
    list(&server, association, session.person.user).await
}

/// Makes a reviewer a volunteer. Nobody becomes a reviewer here: that takes an invitation, and whoever accepts it.
#[utoipa::path(post, path = "/api/v1/members/role", request_body = RoleRequest, responses(
    (status = 200, body = MembersReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "the association has no such member"),
    (status = 409, body = ProblemBody, description = "`last-reviewer` or `invite-instead`"),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 503, body = ProblemBody),
))]
pub async fn role(
    State(server): State<Server>,
    session: Session,
    body: Result<Json<RoleRequest>, JsonRejection>,
) -> Result<Json<MembersReply>, Problem> {
    let Json(RoleRequest { association, member, role }) = body?;
    reviewer(&session.person, association)?;
    let role = Role::from_name(&role).ok_or(Problem::Unreadable("There is no such role."))?;
    let found = find(&server, association, &member).await?;
    if role == Role::Reviewer && found.role != Role::Reviewer {
        return Err(Problem::InviteInstead);
    }
    if role != found.role {
        let audit = entry(&server, &session, association, Act::RoleChanged, found.user);
        if !server.store.make_volunteer(association, found.user, audit).await? {
            return Err(Problem::LastReviewer);
        }
    }
    list(&server, association, session.person.user).await
}

/// Ends a membership: from this moment the member is given nothing more.
#[utoipa::path(post, path = "/api/v1/members/remove", request_body = RemoveRequest, responses(
    (status = 200, body = MembersReply),
    (status = 400, body = ProblemBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "the association has no such member"),
    (status = 409, body = ProblemBody, description = "`last-reviewer`"),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 503, body = ProblemBody),
))]
pub async fn remove(
    State(server): State<Server>,
    session: Session,
    body: Result<Json<RemoveRequest>, JsonRejection>,
) -> Result<Json<MembersReply>, Problem> {
    let Json(RemoveRequest { association, member }) = body?;
    reviewer(&session.person, association)?;
    let found = find(&server, association, &member).await?;
    let audit = entry(&server, &session, association, Act::MemberRemoved, found.user);
    if !server.store.end_membership(association, found.user, audit).await? {
        return Err(Problem::LastReviewer);
    }
    list(&server, association, session.person.user).await
}

fn entry(server: &Server, session: &Session, association: AssociationId, act: Act, whom: UserId) -> AuditEntry {
    let entry = server.entry(Some(session.person.user), act, Some(whom.uuid()));
    AuditEntry { association: Some(association), ..entry }
}

pub(super) async fn find(server: &Server, association: AssociationId, name: &str) -> Result<store::Member, Problem> {
    let members = server.store.members(association).await?;
    members.into_iter().find(|one| name_of(server, association, one.user) == name).ok_or(Problem::NotFound)
}

/// Names a member within one association: two associations cannot find out by it that they have a member in common.
fn name_of(server: &Server, association: AssociationId, user: UserId) -> String {
    server.secret.name_within(association, "member", user.uuid())
}

async fn list(server: &Server, association: AssociationId, me: UserId) -> Result<Json<MembersReply>, Problem> {
    let members = server.store.members(association).await?;
    let mut told = Vec::with_capacity(members.len());
    for one in members {
        told.push(Member {
            member: name_of(server, association, one.user),
            is_me: one.user == me,
            renewable: one.role == Role::Volunteer
                && server
                    .store
                    .person(one.user)
                    .await?
                    .as_ref()
                    .is_some_and(|person| is_renewable(person, association)),
            nickname: one.nickname,
            role: one.role.name().to_owned(),
            last_used: one.last_used_ms,
        });
    }
    Ok(Json(MembersReply { members: told }))
}
