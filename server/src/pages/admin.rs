//! `/yllapito`: what whoever operates the server sees, and whom they let in first.

use std::sync::Arc;

use app::{
    server_pages::{AdminPage, AdminPageProps, Invited, Looked, LookedState, Offered},
    texts::admin as t,
};
use axum::{
    Form,
    extract::{Request, State, rejection::FormRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use domain::{Area, Lang};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    document::{FILES, language, render},
    form::{bare, not_done, prove_again},
};
use crate::{
    Server,
    admin::{
        check::{self, State as Looks},
        moment,
    },
    http::problem::Problem,
    identity::{
        invitation::{self, Made, PERSON_MS},
        sign_in::{self, Session},
    },
    store::{Act, Grant, Invitation},
};

const PAGE: &str = "/yllapito";

/// Whom the form invites: the coordinator of an area, written `municipality:755`, or an operator.
#[derive(Debug, Default, Deserialize)]
pub struct Invite {
    #[serde(default)]
    area: String,
    operator: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Revoke {
    id: Uuid,
}

/// What the page shows beside what is always on it.
#[derive(Default)]
struct More {
    made: Option<Made>,
    area_missing: bool,
}

/// `GET /yllapito`
pub async fn page(State(server): State<Server>, request: Request) -> Response {
    let shown = match operator(&server, request.headers()).await {
        Ok(_) => show(&server, request.headers(), More::default()).await,
        Err(problem) => Err(problem),
    };
    answer(&server, request, shown).await
}

/// `POST /yllapito/kutsu`: makes an invitation, and shows it in its answer, because nobody can show it again.
pub async fn invite(
    State(server): State<Server>,
    headers: HeaderMap,
    form: Result<Form<Invite>, FormRejection>,
) -> Response {
    let shown = match invited(&server, &headers, form).await {
        Ok(more) => show(&server, &headers, more).await,
        Err(problem) => Err(problem),
    };
    answer(&server, read_of(headers), shown).await
}

/// `POST /yllapito/peru`
pub async fn revoke(
    State(server): State<Server>,
    headers: HeaderMap,
    form: Result<Form<Revoke>, FormRejection>,
) -> Response {
    match revoked(&server, &headers, form).await {
        Ok(()) => Redirect::to(PAGE).into_response(),
        Err(problem) => answer(&server, read_of(headers), Err(problem)).await,
    }
}

async fn operator(server: &Server, headers: &HeaderMap) -> Result<Session, Problem> {
    let session = sign_in::session(server, headers).await?.ok_or(Problem::NotSignedIn)?;
    if session.person.is_operator { Ok(session) } else { Err(Problem::NotAllowed) }
}

async fn invited(
    server: &Server,
    headers: &HeaderMap,
    form: Result<Form<Invite>, FormRejection>,
) -> Result<More, Problem> {
    let session = operator(server, headers).await?;
    if !session.is_fresh(server.clock.now_ms()) {
        return Err(Problem::ProveAgain);
    }
    let Form(form) = form?;
    let (kind, code) = form.area.split_once(':').unwrap_or_default();
    let grant = match (form.operator, Area::parse(kind, code)) {
        (Some(_), _) => Grant::Operator,
        (None, Some(area)) => Grant::Coordinator(area),
        (None, None) => return Ok(More { made: None, area_missing: true }),
    };
    let made = invitation::make(server, Some(session.person.user), grant, Some(1), PERSON_MS).await?;
    Ok(More { made: Some(made), area_missing: false })
}

/// An official's invitation, whoever made it: an association's are its own. One that is over already is as good as revoked.
async fn revoked(
    server: &Server,
    headers: &HeaderMap,
    form: Result<Form<Revoke>, FormRejection>,
) -> Result<(), Problem> {
    let session = operator(server, headers).await?;
    let Form(form) = form?;
    let now = server.clock.now_ms();
    if offered(server, now).await?.iter().any(|one| one.id == form.id) {
        let audit = server.entry(Some(session.person.user), Act::InvitationRevoked, Some(form.id));
        server.store.revoke_any_invitation(form.id, audit).await?;
    }
    Ok(())
}

/// The invitations that are no association's.
async fn offered(server: &Server, now_ms: i64) -> Result<Vec<Invitation>, Problem> {
    let mut all = server.store.all_open_invitations(now_ms).await?;
    all.retain(|one| one.grant.association().is_none());
    Ok(all)
}

async fn show(server: &Server, headers: &HeaderMap, more: More) -> Result<AdminPageProps, Problem> {
    let lang = language(server, headers);
    let store = &server.store;
    let mut officials = Vec::new();
    for person in store.officials().await? {
        let name = if person.nickname.is_empty() { t::nameless(lang).to_owned() } else { person.nickname };
        if person.is_operator {
            officials.push((name.clone(), t::operator(lang).to_owned()));
        }
        officials.extend(person.areas.iter().map(|area| (name.clone(), granted(Grant::Coordinator(*area), lang))));
    }
    let offered = offered(server, server.clock.now_ms()).await?;
    let offered = offered.iter().map(|one| Offered {
        id: one.id.to_string(),
        what: granted(one.grant, lang),
        until: moment(one.expires_ms),
    });
    let looked = check::of_server(server, lang).await?.into_iter().map(|one| Looked {
        state: match one.state {
            Looks::Ok => LookedState::Ok,
            Looks::Missing => LookedState::Missing,
            Looks::Note => LookedState::Note,
        },
        said: one.said,
        to_do: one.to_do,
    });
    let invited = more.made.map(|made| Invited {
        what: granted(made.invitation.grant, lang),
        qr: invitation::qr(&made.url).map(|qr| (qr.size, qr.path)),
        url: made.url,
        code: made.code.to_string(),
        until: moment(made.invitation.expires_ms),
    });
    let set = |value: &String| Some(value.clone()).filter(|value| !value.is_empty());
    let origin = server.origin.is_configured().then(|| server.origin.to_string());
    Ok(AdminPageProps {
        lang,
        files: FILES.clone(),
        settings: vec![
            (t::origin_name(lang), origin),
            (t::name_of_operator(lang), set(&server.operator.name)),
            (t::contact_of_operator(lang), set(&server.operator.contact)),
            (t::version_name(lang), Some(env!("CARGO_PKG_VERSION").to_owned())),
        ],
        looked: looked.collect(),
        officials,
        offered: offered.collect(),
        invited,
        area_missing: more.area_missing,
    })
}

/// What an invitation makes of a person, or a person is.
fn granted(grant: Grant, lang: Lang) -> String {
    match grant {
        Grant::Coordinator(area) => t::coordinator_of(lang, area.name(lang)),
        Grant::NewAssociation(Some(area)) => t::association_of(lang, area.name(lang)),
        // A member's is never among those that are shown here.
        Grant::NewAssociation(None) | Grant::Member(..) => t::association_any(lang).to_owned(),
        Grant::Operator => t::operator(lang).to_owned(),
    }
}

async fn answer(server: &Server, request: Request, shown: Result<AdminPageProps, Problem>) -> Response {
    match shown {
        Ok(props) => {
            let is_mistaken = props.area_missing;
            let props = Arc::new(props);
            let page = move || {
                let AdminPageProps { lang, files, settings, looked, officials, offered, invited, area_missing } =
                    &*props;
                AdminPage(AdminPageProps {
                    lang: *lang,
                    files: files.clone(),
                    settings: settings.clone(),
                    looked: looked.clone(),
                    officials: officials.clone(),
                    offered: offered.clone(),
                    invited: invited.clone(),
                    area_missing: *area_missing,
                })
            };
            let mut response = render(request, page).await;
            if is_mistaken {
                *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            }
            response
        }
        Err(Problem::ProveAgain) => prove_again(PAGE),
        Err(problem) => not_done(server, request, problem, t::not_operator_help).await,
    }
}

/// What a page is rendered for, after a form was read.
fn read_of(headers: HeaderMap) -> Request {
    let mut request = bare(headers);
    *request.uri_mut() = axum::http::Uri::from_static(PAGE);
    request
}
