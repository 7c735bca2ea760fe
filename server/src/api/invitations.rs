//! `POST /api/v1/invitations/look` and `/accept`: how somebody comes in. Looking uses nothing up; nobody has to be signed in.

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::{Area, bounds, invitation_code::Invitation as Named, text};
use sync::protocol::invitations::{AcceptReply, AcceptRequest, InvitationKind, JoinAs, LookReply, LookRequest};

use crate::{
    Server,
    http::{
        client_address::ClientAddress,
        cookies::with_cookies,
        problem::{Problem, ProblemBody},
    },
    identity::{
        guessing::guess,
        invitation::{self, find},
        sign_in::session,
    },
    store::{Grant, Invitation, InvitationState},
};
use domain::Role;

/// Tells what an invitation is for.
#[utoipa::path(post, path = "/api/v1/invitations/look", request_body = LookRequest, responses(
    (status = 200, body = LookReply),
    (status = 400, body = ProblemBody), (status = 403, body = ProblemBody, description = "from another site"),
    (status = 404, body = ProblemBody, description = "no such invitation"),
    (status = 410, body = ProblemBody, description = "used, expired or taken back"),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody),
    (status = 429, body = ProblemBody, description = "too many wrong codes from this address wait; Retry-After says for how long"),
    (status = 503, body = ProblemBody),
))]
pub async fn look(
    State(server): State<Server>,
    client: ClientAddress,
    headers: HeaderMap,
    body: Result<Json<LookRequest>, JsonRejection>,
) -> Result<Json<LookReply>, Problem> {
    let Json(request) = body?;
    let invitation = named(&server, client, &request).await?;
    match invitation.state(server.clock.now_ms()) {
        InvitationState::Open => {}
        over => return Err(Problem::InvitationOver(over)),
    }
    let session = session(&server, &headers).await?;
    let person = session.as_ref().map(|session| &session.person);
    let (association, area) = match invitation.grant {
        Grant::Member(association, _) => (server.store.association_name(association).await?, None),
        Grant::Coordinator(area) => (None, Some(area)),
        Grant::NewAssociation(area) => (None, area),
        Grant::Operator => (None, None),
    };
    let is_member = person.is_some_and(|person| match invitation.grant {
        Grant::Member(association, _) => person.memberships.iter().any(|one| one.association == association),
        Grant::Coordinator(area) => person.areas.contains(&area),
        Grant::Operator => person.is_operator,
        Grant::NewAssociation(_) => false,
    });
    let member = match (invitation.renews, invitation.grant) {
        (Some(user), Grant::Member(association, _)) => {
            let members = server.store.members(association).await?;
            members.into_iter().find(|one| one.user == user).map(|one| one.nickname)
        }
        _ => None,
    };
    Ok(Json(LookReply {
        kind: kind(&invitation),
        association,
        area: area.map(|area| area.name(domain::Lang::default()).to_owned()),
        expires: invitation.expires_ms,
        signed_in: person
            .map(|person| person.memberships.first().map_or(&person.nickname, |one| &one.nickname).clone()),
        is_member,
        member,
    }))
}

/// Takes up an invitation and signs the person in.
#[utoipa::path(post, path = "/api/v1/invitations/accept", request_body = AcceptRequest, responses(
    (status = 200, body = AcceptReply),
    (status = 400, body = ProblemBody), (status = 403, body = ProblemBody, description = "from another site"),
    (status = 404, body = ProblemBody, description = "no such invitation"),
    (status = 410, body = ProblemBody, description = "used, expired or taken back"),
    (status = 413, body = ProblemBody), (status = 415, body = ProblemBody), (status = 429, body = ProblemBody),
    (status = 503, body = ProblemBody),
))]
pub async fn accept(
    State(server): State<Server>,
    client: ClientAddress,
    headers: HeaderMap,
    body: Result<Json<AcceptRequest>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(request) = body?;
    let nickname = text::normalise(&request.nickname);
    if nickname.chars().count() > bounds::NICKNAME_MAX_CHARS {
        return Err(Problem::Unreadable("The nickname is too long. Nothing was accepted."));
    }
    let invitation = named(&server, client, &request.invitation).await?;
    let me = match request.join_as {
        JoinAs::Me => session(&server, &headers).await?,
        JoinAs::New => None,
    };
    let attempt = request.attempt.map(|attempt| attempt.uuid());
    let nickname = match (me.as_ref().map(|session| &session.person), nickname.is_empty()) {
        // A member who comes again keeps the name that they have; a person of another association brings theirs.
        (Some(me), true) => me.memberships.first().map_or_else(|| me.nickname.clone(), |one| one.nickname.clone()),
        (None, true) if invitation.renews.is_some() => String::new(),
        (None, true) => a_name(&server, &invitation).await?,
        _ => nickname,
    };
    let cookies = invitation::accept(&server, &headers, &invitation, me.as_ref(), &nickname, attempt).await?;
    let place = match invitation.grant {
        Grant::Member(_, Role::Volunteer) => "/app",
        Grant::Member(_, Role::Reviewer) => "/app/yhdistys",
        Grant::NewAssociation(_) => "/yhdistys/mukaan",
        Grant::Coordinator(Area::Municipality(_)) => "/kunta",
        // Counties and the nation have no page of figures yet.
        Grant::Coordinator(_) => "/kunta/yhdistykset",
        Grant::Operator => "/yllapito",
    };
    // Whoever comes back by a passkey makes one first.
    let lacks_key = match (&invitation.grant, &me) {
        (Grant::Coordinator(_) | Grant::Operator, Some(me)) => server.store.passkeys(me.person.user).await?.is_empty(),
        (Grant::Coordinator(_) | Grant::Operator, None) => true,
        _ => false,
    };
    let next = if lacks_key { format!("/oma?to={place}") } else { place.to_owned() };
    let reply = AcceptReply { next, association: invitation.grant.association() };
    Ok(with_cookies(Json(reply).into_response(), cookies))
}

/// The invitation that a request names. A wrong code counts as a guess; nobody guesses a token.
async fn named(server: &Server, client: ClientAddress, request: &LookRequest) -> Result<Invitation, Problem> {
    let found = match request.named() {
        Some(code @ Named::Code(_)) => guess(server, client, find(server, &code)).await?,
        Some(token @ Named::Token(_)) => find(server, &token).await?,
        None => None,
    };
    found.ok_or(Problem::InvitationUnknown)
}

/// A name for whoever does not say one: a role and a number, in Finnish as the association's other words are.
async fn a_name(server: &Server, invitation: &Invitation) -> Result<String, Problem> {
    Ok(match invitation.grant {
        Grant::Member(association, role) => {
            let number = server.store.members(association).await?.len() + 1;
            match role {
                Role::Volunteer => format!("Vapaaehtoinen {number}"),
                Role::Reviewer => format!("Hyväksyjä {number}"),
            }
        }
        Grant::NewAssociation(_) => "Hyväksyjä".to_owned(),
        Grant::Coordinator(_) => "Koordinaattori".to_owned(),
        Grant::Operator => "Ylläpitäjä".to_owned(),
    })
}

fn kind(invitation: &Invitation) -> InvitationKind {
    match invitation.grant {
        Grant::Member(_, Role::Volunteer) => InvitationKind::Volunteer,
        Grant::Member(_, Role::Reviewer) => InvitationKind::Reviewer,
        Grant::NewAssociation(_) => InvitationKind::Association,
        Grant::Coordinator(_) => InvitationKind::Coordinator,
        Grant::Operator => InvitationKind::Operator,
    }
}
