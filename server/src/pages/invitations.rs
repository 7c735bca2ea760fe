//! The coordinator's page of associations: those that ask, those that are in, and invitations. Never who is behind an association.

use app::{
    server_pages::{
        AnswerPage, AnswerPageProps, Invite, InvitesPage, InvitesPageProps, InvitesView, JoinedLine, MadePage,
        MadePageProps, MadeView, Moment, OpenLine, RequestLine,
    },
    texts::invites as t,
};
use axum::{
    extract::{Query, Request, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::Area;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    document::{FILES, language, render},
    form::{Fields, answered, go, prove_again, read},
};
use crate::{
    Server,
    http::{page_problem::message, problem::Problem},
    identity::{
        invitation::{self, ASSOCIATION_MS, EVENING_MS, EVENING_USES_MAX, OPEN_MAX, PERSON_MS},
        joining::{BringIn, bring_in, is_similar_known},
        sign_in::{self, Session},
    },
    store::{
        Act, Grant, Invitation,
        joining::{Ground, JoiningRequest},
    },
};

const PATH: &str = "/kunta/yhdistykset";
/// Associations that are listed, the latest.
const JOINED_MAX: u32 = 1_000;

/// `GET /kunta/yhdistykset`
pub async fn page(State(server): State<Server>, request: Request) -> Response {
    let view = load(&server, request.headers()).await;
    let (lang, files) = (language(&server, request.headers()), FILES.clone());
    match view {
        Ok(view) => {
            render(request, move || InvitesPage(InvitesPageProps { lang, files: files.clone(), view: view.clone() }))
                .await
        }
        Err(problem) => answered(&server, request, Err(problem)).await,
    }
}

/// `POST /kunta/yhdistykset/kutsu`: makes an invitation, which is shown once.
pub async fn invite(State(server): State<Server>, request: Request) -> Response {
    let (request, fields) = read(request).await;
    let made = make(&server, request.headers(), fields).await;
    let (lang, files) = (language(&server, request.headers()), FILES.clone());
    match made {
        Ok(Making::Made(made)) => {
            render(request, move || MadePage(MadePageProps { lang, files: files.clone(), made: (*made).clone() })).await
        }
        Ok(Making::ProveAgain) => prove_again(PATH),
        Ok(Making::TooManyOpen) => {
            let (title, help) = (t::too_many_open(lang), t::too_many_open_help(lang));
            message(request, lang, StatusCode::TOO_MANY_REQUESTS, title, help).await
        }
        Err(problem) => answered(&server, request, Err(problem)).await,
    }
}

/// `POST /kunta/yhdistykset/peru`: takes back an invitation.
pub async fn revoke(State(server): State<Server>, request: Request) -> Response {
    let (request, fields) = read(request).await;
    let headers = request.headers();
    let answer = async {
        let session = coordinator(&server, headers).await?;
        let id = id(fields?.get("id"))?;
        let entry = server.entry(Some(session.person.user), Act::InvitationRevoked, Some(id));
        if server.store.revoke_invitation(id, None, entry).await? { Ok(go(PATH, [])) } else { Err(Problem::NotFound) }
    };
    let answer = answer.await;
    answered(&server, request, answer).await
}

#[derive(Deserialize)]
pub struct Asked {
    id: String,
    vastaus: String,
}

/// `GET /kunta/yhdistykset/pyynto`: the question before a request is answered.
pub async fn confirm(State(server): State<Server>, request: Request) -> Response {
    let (headers, asked) = (request.headers(), Query::<Asked>::try_from_uri(request.uri()));
    let question = async {
        let session = coordinator(&server, headers).await?;
        let Query(Asked { id: asked, vastaus }) = asked.map_err(|_| Problem::NotFound)?;
        let accepts = accepts(&vastaus)?;
        let asked = open_request(&server, &session, id(&asked)?).await?;
        Ok((request_line(&server, asked).await?, accepts))
    };
    let question = question.await;
    let (lang, files) = (language(&server, request.headers()), FILES.clone());
    match question {
        Ok((line, accepts)) => {
            let page = move || {
                let (files, request) = (files.clone(), line.clone());
                AnswerPage(AnswerPageProps { lang, files, request, accepts })
            };
            render(request, page).await
        }
        Err(problem) => answered(&server, request, Err(problem)).await,
    }
}

/// `POST /kunta/yhdistykset/pyynto`
pub async fn answer(State(server): State<Server>, request: Request) -> Response {
    let (request, fields) = read(request).await;
    let answer = take_answer(&server, request.headers(), fields).await;
    answered(&server, request, answer).await
}

async fn coordinator(server: &Server, headers: &HeaderMap) -> Result<Session, Problem> {
    let session = sign_in::session(server, headers).await?.ok_or(Problem::NotSignedIn)?;
    if session.person.areas.is_empty() { Err(Problem::NotAllowed) } else { Ok(session) }
}

async fn load(server: &Server, headers: &HeaderMap) -> Result<InvitesView, Problem> {
    let session = coordinator(server, headers).await?;
    let (areas, now) = (session.person.areas, server.clock.now_ms());
    let mut requests = Vec::new();
    for request in server.store.open_joining_requests(&areas, now).await? {
        requests.push(request_line(server, request).await?);
    }
    let open = server.store.open_invitations_by(session.person.user, now).await?;
    let open = open.into_iter().filter_map(|invitation| open_line(server, &invitation)).collect();
    let joined = server.store.joined(&areas, JOINED_MAX).await?;
    let joined = joined
        .into_iter()
        .map(|one| JoinedLine { name: one.name, home: one.home, since: server.clock.day_of(one.joined_ms) })
        .collect();
    Ok(InvitesView { areas, requests, open, joined })
}

/// What a coordinator sees of a request: the association, and nothing of who asks.
async fn request_line(server: &Server, request: JoiningRequest) -> Result<RequestLine, Problem> {
    let similar = is_similar_known(server, &request.draft).await?;
    let association = request.draft.association();
    let business_id = association.as_ref().ok().and_then(|association| association.business_id.clone());
    let name = association.as_ref().map_or(request.draft.name.clone(), |association| association.name.clone());
    let contact = association.ok().and_then(|association| association.contact);
    let (home, asked) = (request.home, server.clock.day_of(request.asked_ms));
    Ok(RequestLine { id: request.id.to_string(), name, home, business_id, contact, asked, similar })
}

/// None of an invitation of another of the person's roles.
fn open_line(server: &Server, invitation: &Invitation) -> Option<OpenLine> {
    let invite = match (invitation.grant, invitation.uses_max) {
        (Grant::NewAssociation(_), Some(1)) => Invite::OneAssociation,
        (Grant::NewAssociation(_), _) => Invite::Evening,
        (Grant::Coordinator(_), _) => Invite::SecondCoordinator,
        _ => return None,
    };
    let used = (invite == Invite::Evening).then_some(invitation.uses);
    Some(OpenLine { id: invitation.id.to_string(), invite, until: moment(server, invitation.expires_ms), used })
}

fn moment(server: &Server, ms: i64) -> Moment {
    (server.clock.day_of(ms), server.clock.minute_of(ms))
}

/// What becomes of an invitation that is to be made.
enum Making {
    Made(Box<MadeView>),
    /// The person has to prove again who they are.
    ProveAgain,
    /// As many of theirs are open as may be.
    TooManyOpen,
}

async fn make(server: &Server, headers: &HeaderMap, fields: Result<Fields, Problem>) -> Result<Making, Problem> {
    let (session, fields) = (coordinator(server, headers).await?, fields?);
    let (kind, code) = fields.get("alue").split_once(':').unwrap_or_default();
    let area = Area::parse(kind, code).filter(|area| session.person.areas.contains(area)).ok_or(Problem::NotFound)?;
    let invite = Invite::from_name(fields.get("kutsu")).ok_or(Problem::NotFound)?;
    let now = server.clock.now_ms();
    let (grant, uses_max, lasts_ms) = match invite {
        Invite::Evening => (Grant::NewAssociation(Some(area)), Some(EVENING_USES_MAX), EVENING_MS),
        Invite::OneAssociation => (Grant::NewAssociation(Some(area)), Some(1), ASSOCIATION_MS),
        // A second coordinator sees all that the first one sees.
        Invite::SecondCoordinator if !session.is_fresh(now) => return Ok(Making::ProveAgain),
        Invite::SecondCoordinator => (Grant::Coordinator(area), Some(1), PERSON_MS),
    };
    if server.store.open_invitations_by(session.person.user, now).await?.len() >= OPEN_MAX {
        return Ok(Making::TooManyOpen);
    }
    let made = invitation::make(server, Some(session.person.user), grant, uses_max, lasts_ms).await?;
    Ok(Making::Made(Box::new(MadeView {
        invite,
        area,
        qr: invitation::qr(&made.url),
        code: made.code.to_string(),
        until: moment(server, made.invitation.expires_ms),
        url: made.url,
    })))
}

/// A request of the coordinator's area that can be answered; of another area's there is none.
async fn open_request(server: &Server, session: &Session, id: Uuid) -> Result<JoiningRequest, Problem> {
    let request = server.store.joining_request(id).await?;
    let is_theirs = |request: &JoiningRequest| session.person.areas.iter().any(|area| area.contains(request.home));
    request.filter(|request| request.is_open(server.clock.now_ms()) && is_theirs(request)).ok_or(Problem::NotFound)
}

async fn take_answer(
    server: &Server,
    headers: &HeaderMap,
    fields: Result<Fields, Problem>,
) -> Result<Response, Problem> {
    let (session, fields) = (coordinator(server, headers).await?, fields?);
    let accepts = accepts(fields.get("vastaus"))?;
    let request = open_request(server, &session, id(fields.get("id"))?).await?;
    if accepts {
        let (ground, actor) = (Ground::Request(request.id), session.person.user);
        let what = BringIn { draft: &request.draft, reviewer: request.user, device: None, ground, actor };
        bring_in(server, what).await?;
    } else {
        let entry = server.entry(Some(session.person.user), Act::AssociationRefused, Some(request.id));
        server.store.refuse_joining_request(request.id, entry).await?;
    }
    Ok(go(PATH, []))
}

fn accepts(answer: &str) -> Result<bool, Problem> {
    match answer {
        "hyvaksy" => Ok(true),
        "hylkaa" => Ok(false),
        _ => Err(Problem::NotFound),
    }
}

fn id(text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text).map_err(|_| Problem::NotFound)
}
