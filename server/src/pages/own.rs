//! `/oma`: what a person sees and changes of themselves: who they are here, where they are signed in, and their keys.

use app::{
    format::day,
    server_pages::{CodesPage, CodesPageProps, Key, Own, OwnMail, OwnPage, OwnPageProps, Role as RoleLine, SignInLine},
    texts::own as t,
};
use axum::{
    Form,
    extract::{Query, Request, State, rejection::FormRejection, rejection::QueryRejection},
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{Lang, Role};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    document::{FILES, language, render},
    first_page::first_page,
    form::{prove_again, sign_in_first},
};
use crate::{
    Server,
    http::{own_path::own_path, problem::Problem},
    identity::{
        mail_code, passkey, proof, recovery,
        sign_in::{self, Session},
    },
    store::{Act, PasskeyRow, Person, Way, keys::Removal},
};

/// Its address.
pub(super) const HERE: &str = "/oma";

/// What the page is opened with after something was done.
#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    tehty: String,
    /// A path of ours to go on to.
    #[serde(default)]
    to: String,
}

/// One of the person's sign-ins or passkeys.
#[derive(Deserialize)]
pub struct One {
    id: Uuid,
    /// What the passkey is to be called.
    #[serde(default)]
    nimi: String,
}

/// `GET /oma`
pub async fn page(
    State(server): State<Server>,
    asked: Result<Query<Asked>, QueryRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let Some(session) = sign_in::session(&server, request.headers()).await? else { return Ok(sign_in_first(HERE)) };
    let lang = language(&server, request.headers());
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    let user = session.person.user;
    let whole = server.store.person(user).await?.ok_or(Problem::NotSignedIn)?;
    let codes_left = server.store.recovery_codes_left(user).await?;
    let sign_ins = server.store.sign_ins(user).await?;
    let date = |ms| day(lang, server.clock.day_of(ms));
    let now_ms = server.clock.now_ms();
    let page = Own {
        roles: roles(lang, &session.person),
        sign_ins: sign_ins
            .into_iter()
            // One that has run out stays for long, and nobody is signed in by it.
            .filter(|one| one.is_alive(now_ms))
            .map(|one| SignInLine {
                id: one.id.to_string(),
                way: way(lang, one.way),
                begun: date(one.created_ms),
                used: date(one.last_used_ms),
                is_current: one.id == session.sign_in.id,
            })
            .collect(),
        keys: server.store.passkeys(user).await?.iter().map(|key| line(key, date)).collect(),
        codes_left,
        needs_key: whole.is_more_than_volunteer(),
        is_fresh: not_for_keys(&server, &session).await?.is_none(),
        passkey_domain: passkey::domain(&server.origin),
        mail: mail(&server, &session, &whole).await?,
        said: said(lang, &asked.tehty, codes_left),
        go_on: own_path(&asked.to).unwrap_or(first_page(&session.person)).to_owned(),
    };
    Ok(render(request, move || OwnPage(OwnPageProps { lang, files: FILES.clone(), page: page.clone() })).await)
}

/// Where codes are sent: for whoever may have them, and for whoever has an address still.
async fn mail(server: &Server, session: &Session, whole: &Person) -> Result<Option<OwnMail>, Problem> {
    if session.hides {
        return Ok(None);
    }
    let address = server.store.mail_address(whole.user).await?.map(|kept| kept.address);
    let codes = server.mail.as_ref().filter(|_| mail_code::may_have_code(whole, false));
    if address.is_none() && codes.is_none() {
        return Ok(None);
    }
    let to_confirm = codes.and_then(|codes| codes.to_confirm(session.sign_in.id, server.clock.now_ms()));
    Ok(Some(OwnMail { address, to_confirm, is_set_up: codes.is_some() }))
}

/// `POST /oma/kirjautuminen`: ends one of the person's sign-ins, perhaps this one.
pub async fn end_sign_in(
    State(server): State<Server>,
    headers: HeaderMap,
    form: Result<Form<One>, FormRejection>,
) -> Result<Response, Problem> {
    let Some(session) = sign_in::session(&server, &headers).await? else { return Ok(sign_in_first(HERE)) };
    let Form(one) = form?;
    if one.id == session.sign_in.id {
        let cookie = [(header::SET_COOKIE, sign_in::sign_out(&server, &headers).await?)];
        return Ok((cookie, Redirect::to("/")).into_response());
    }
    if let Some(answer) = may_not_end(&session) {
        return Ok(answer);
    }
    server
        .store
        .end_sign_in(
            session.person.user,
            one.id,
            server.entry(Some(session.person.user), Act::SignInEnded, Some(one.id)),
        )
        .await?;
    Ok(done("lopetettu"))
}

/// `POST /oma/muut`: ends all of the person's sign-ins but this one.
pub async fn end_others(State(server): State<Server>, headers: HeaderMap) -> Result<Response, Problem> {
    let Some(session) = sign_in::session(&server, &headers).await? else { return Ok(sign_in_first(HERE)) };
    if let Some(answer) = may_not_end(&session) {
        return Ok(answer);
    }
    let user = session.person.user;
    let audit = server.entry(Some(user), Act::SignInEnded, Some(user.uuid()));
    server.store.end_sign_ins(user, Some(session.sign_in.id), audit).await?;
    Ok(done("lopetettu"))
}

/// `POST /oma/avain`: calls a passkey otherwise.
pub async fn rename_key(
    State(server): State<Server>,
    headers: HeaderMap,
    form: Result<Form<One>, FormRejection>,
) -> Result<Response, Problem> {
    let Some(session) = sign_in::session(&server, &headers).await? else { return Ok(sign_in_first(HERE)) };
    let Form(One { id, nimi }) = form?;
    let is_there = server.store.rename_passkey(session.person.user, id, &passkey::key_name(&nimi)).await?;
    Ok(done(if is_there { "nimi" } else { "" }))
}

/// `POST /oma/avain/poista`
pub async fn remove_key(
    State(server): State<Server>,
    headers: HeaderMap,
    form: Result<Form<One>, FormRejection>,
) -> Result<Response, Problem> {
    let Some(session) = sign_in::session(&server, &headers).await? else { return Ok(sign_in_first(HERE)) };
    let Form(one) = form?;
    if let Some(answer) = not_for_keys(&server, &session).await? {
        return Ok(answer);
    }
    let user = session.person.user;
    let person = server.store.person(user).await?.ok_or(Problem::NotSignedIn)?;
    let audit = server.entry(Some(user), Act::PasskeyRemoved, Some(one.id));
    let removal = server.store.remove_passkey(user, one.id, person.is_more_than_volunteer(), audit).await?;
    Ok(done(match removal {
        Removal::Removed => "poistettu",
        Removal::Unknown => "",
        Removal::LastWayIn => "viimeinen",
    }))
}

/// `POST /oma/varakoodit`: a new set of recovery codes, which this answer alone shows.
pub async fn new_codes(State(server): State<Server>, request: Request) -> Result<Response, Problem> {
    let Some(session) = sign_in::session(&server, request.headers()).await? else { return Ok(sign_in_first(HERE)) };
    if let Some(answer) = not_for_keys(&server, &session).await? {
        return Ok(answer);
    }
    let lang = language(&server, request.headers());
    let codes = recovery::new_set(&server, &session).await?;
    let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
    Ok(render(request, move || CodesPage(CodesPageProps { lang, files: FILES.clone(), codes: codes.clone() })).await)
}

/// The way to a further proof for a sign-in that hides what its person is: ending another has its device forget, and a volunteer's phone
/// on the hall's table does that to nobody's devices.
fn may_not_end(session: &Session) -> Option<Response> {
    session.hides.then(|| prove_again(HERE))
}

/// The way to a further proof, where one is needed.
pub(super) async fn not_for_keys(server: &Server, session: &Session) -> Result<Option<Response>, Problem> {
    match proof::require_for_keys(server, session).await {
        Err(Problem::ProveAgain) => Ok(Some(prove_again(HERE))),
        other => other.map(|()| None),
    }
}

pub(super) fn done(what: &str) -> Response {
    Redirect::to(&format!("{HERE}?tehty={what}")).into_response()
}

/// What was done, or was not.
fn said(lang: Lang, done: &str, codes_left: u32) -> Option<String> {
    Some(match done {
        "lopetettu" => t::sign_in_ended(lang).to_owned(),
        "nimi" => t::key_renamed(lang).to_owned(),
        "avain" => t::key_added(lang).to_owned(),
        "poistettu" => t::key_removed(lang).to_owned(),
        "viimeinen" => t::last_way_in(lang).to_owned(),
        "posti-lahti" => t::mail_sent(lang).to_owned(),
        "posti-ei-lahtenyt" => t::mail_not_sent(lang).to_owned(),
        "posti-ei-osoite" => t::mail_no_address(lang).to_owned(),
        "posti-pituus" => t::mail_code_length(lang).to_owned(),
        "posti-koodi" => t::mail_code_wrong(lang).to_owned(),
        "posti-toisen" => t::mail_taken(lang).to_owned(),
        "posti" => t::mail_set(lang).to_owned(),
        "posti-poistettu" => t::mail_removed(lang).to_owned(),
        "varakoodi" => t::code_used(lang, codes_left),
        _ => return None,
    })
}

fn line(key: &PasskeyRow, date: impl Fn(i64) -> String) -> Key {
    Key {
        id: key.id.to_string(),
        name: key.name.clone(),
        made: date(key.created_ms),
        used: key.last_used_ms.map(date),
        is_suspect: key.suspect_ms.is_some(),
    }
}

fn way(lang: Lang, way: Way) -> &'static str {
    match way {
        Way::Demo => t::way_demo(lang),
        Way::Invitation => t::way_invitation(lang),
        Way::Passkey => t::way_passkey(lang),
        Way::Recovery => t::way_recovery(lang),
        Way::Email => t::way_email(lang),
        Way::OpenId => t::way_openid(lang),
    }
}

/// What the person is, by way of this sign-in, and where.
fn roles(lang: Lang, person: &Person) -> Vec<RoleLine> {
    let memberships = person.memberships.iter().map(|membership| RoleLine {
        place: membership.name.clone(),
        role: match membership.role {
            Role::Reviewer => t::role_reviewer(lang),
            Role::Volunteer => t::role_volunteer(lang),
        },
        nickname: Some(membership.nickname.clone()),
    });
    let areas = person.areas.iter().map(|area| RoleLine {
        place: area.name(lang).to_owned(),
        role: t::role_coordinator(lang),
        nickname: None,
    });
    let operator = person.is_operator.then(|| RoleLine {
        place: t::this_service(lang).to_owned(),
        role: t::role_operator(lang),
        nickname: None,
    });
    memberships.chain(areas).chain(operator).collect()
}
