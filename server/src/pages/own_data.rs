//! `/oma/tiedot`: what the service keeps about whoever is signed in. They see it, download it, and have it deleted.

use std::collections::BTreeMap;

use app::{
    format::day,
    server_pages::{DeletedPage, DeletedPageProps, DeletionShown, OwnDataPage, OwnDataPageProps, OwnDataShown},
    texts::own_data as t,
};
use axum::{
    Form, Json,
    extract::{Request, State, rejection::FormRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{AssociationId, Kind, Lang, Role, permission::people::may_leave};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    document::{FILES, language, render},
    form::{bare, prove_again, sign_in_first},
};
use crate::{
    Server,
    http::{cookies::with_cookies, problem::Problem},
    identity::{
        proof,
        sign_in::{self, Session},
    },
    retention,
    store::{Act, AuditRow, Deletion, MailAddress, OwnRows, Person, ReadToken, RemindTo, Reminder, SignIn, Way},
};

/// Its address.
const HERE: &str = "/oma/tiedot";
/// Lines of the log on the page; the file has all of them.
const LOG_LINES: usize = 50;

/// The form that deletes.
#[derive(Debug, Default, Deserialize)]
pub struct Delete {
    #[serde(default)]
    sana: String,
}

/// Whoever asks, with all that is kept about them.
struct Own {
    session: Session,
    /// The person, whatever this sign-in lets them be.
    person: Person,
    rows: OwnRows,
    sign_ins: Vec<SignIn>,
    /// Where codes are sent to them.
    mail_address: Option<MailAddress>,
    /// How they are reminded of deadlines.
    reminders: Vec<Reminder>,
}

/// `GET /oma/tiedot`
pub async fn page(State(server): State<Server>, request: Request) -> Result<Response, Problem> {
    let Some(own) = own(&server, request.headers()).await? else { return Ok(sign_in_first(HERE)) };
    show(&server, request, own, false).await
}

/// `POST /oma/tiedot.json`: a POST, because it is written down that the data was given away.
pub async fn download(State(server): State<Server>, headers: HeaderMap) -> Result<Response, Problem> {
    let Some(own) = own(&server, &headers).await? else { return Ok(sign_in_first(HERE)) };
    if own.session.hides {
        return Ok(prove_again(HERE));
    }
    let user = own.person.user;
    let contents = server.store.own_contents(user).await?;
    let records: Vec<Value> = contents
        .into_iter()
        .map(|one| {
            json!({"association": one.association, "kind": one.kind.name(), "id": one.record, "revision": one.rev,
                   "content": one.content})
        })
        .collect();
    let mut file = in_json(&own, server.clock.now_ms());
    file["records"] = Value::Array(records);
    server.store.audit(server.entry(Some(user), Act::DataDownloaded, Some(user.uuid()))).await?;
    let name = format!("attachment; filename=\"hytevihko-{}.json\"", server.clock.today());
    let headers = [(header::CONTENT_DISPOSITION, name), (header::CACHE_CONTROL, "no-store".to_owned())];
    Ok((headers, Json(file)).into_response())
}

/// `POST /oma/poista`
pub async fn delete(
    State(server): State<Server>,
    headers: HeaderMap,
    form: Result<Form<Delete>, FormRejection>,
) -> Result<Response, Problem> {
    let Some(own) = own(&server, &headers).await? else { return Ok(sign_in_first(HERE)) };
    let Form(form) = form?;
    let deletion = deletion(&server, &own).await?;
    if deletion == DeletionShown::ProveFirst {
        return Ok(prove_again(HERE));
    }
    let request = bare(headers.clone());
    let is_word = [Lang::Fi, Lang::Sv, Lang::En].iter().any(|lang| form.sana.trim().to_uppercase() == t::word(*lang));
    if !is_word || deletion != DeletionShown::Ready {
        let mut response = show(&server, request, own, !is_word).await?;
        *response.status_mut() = if is_word { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
        return Ok(response);
    }
    let user = own.person.user;
    match retention::delete(&server, user, Some(user)).await? {
        Deletion::Deleted => {}
        // Somebody else left a moment ago.
        Deletion::LastReviewer | Deletion::LastOperator => {
            let mut response = show(&server, request, own, false).await?;
            *response.status_mut() = StatusCode::CONFLICT;
            return Ok(response);
        }
        Deletion::Unknown => return Ok(sign_in_first(HERE)),
    }
    let cookie = sign_in::sign_out(&server, &headers).await?;
    let lang = language(&server, &headers);
    let page = render(request, move || DeletedPage(DeletedPageProps { lang, files: FILES.clone() })).await;
    Ok(with_cookies(page, [cookie]))
}

async fn own(server: &Server, headers: &HeaderMap) -> Result<Option<Own>, Problem> {
    let Some(session) = sign_in::session(server, headers).await? else { return Ok(None) };
    let user = session.person.user;
    let person = server.store.person(user).await?.ok_or(Problem::NotSignedIn)?;
    let (rows, sign_ins) = (server.store.own_rows(user).await?, server.store.sign_ins(user).await?);
    let mail_address = server.store.mail_address(user).await?;
    let reminders = server.store.reminders_of(user).await?;
    Ok(Some(Own { session, person, rows, sign_ins, mail_address, reminders }))
}

/// Whether the person can be deleted now. A volunteer proves nothing, because they have nothing to prove it with but the phone; whoever is
/// more has to.
async fn deletion(server: &Server, own: &Own) -> Result<DeletionShown, Problem> {
    let Own { session, person, .. } = own;
    if session.sign_in.way == Way::Demo {
        return Ok(DeletionShown::Demo);
    }
    for membership in person.memberships.iter().filter(|membership| membership.role == Role::Reviewer) {
        let members = server.store.members(membership.association).await?;
        let reviewers = members.iter().filter(|member| member.role == Role::Reviewer).count();
        if !may_leave(Role::Reviewer, reviewers) {
            return Ok(DeletionShown::LastReviewer(membership.name.clone()));
        }
    }
    if person.is_operator && server.store.officials().await?.iter().filter(|one| one.is_operator).count() == 1 {
        return Ok(DeletionShown::LastOperator);
    }
    Ok(if person.is_more_than_volunteer() && proof::require_fresh(server, session).is_err() {
        DeletionShown::ProveFirst
    } else {
        DeletionShown::Ready
    })
}

async fn show(server: &Server, request: Request, own: Own, wrong_word: bool) -> Result<Response, Problem> {
    let lang = language(server, request.headers());
    let date = |ms| day(lang, server.clock.day_of(ms));
    let hides = own.session.hides;
    let rows = &own.rows;
    let shown = OwnDataShown {
        is_partial: hides,
        memberships: memberships(lang, &own, date),
        sign_ins: own.sign_ins.iter().map(|one| sign_in_line(lang, &own, one, server.clock.now_ms(), date)).collect(),
        mail_address: (own.mail_address.iter().filter(|_| !hides))
            .map(|kept| t::mail_address(lang, &kept.address, date(kept.confirmed_ms)))
            .collect(),
        reminders: own.reminders.iter().filter(|_| !hides).map(|one| reminder(lang, &own, one)).collect(),
        devices: (rows.devices.iter())
            .map(|one| t::device(lang, date(one.last_contact_ms), one.made, one.waiting))
            .collect(),
        recorded: recorded(lang, &own),
        invitations: (rows.invitations.iter().filter(|_| !hides))
            .map(|one| t::invitation(lang, date(one.made_ms), date(one.expires_ms), one.uses))
            .collect(),
        tokens: (rows.tokens.iter().filter(|_| !hides)).map(|one| token(lang, &own, one, date)).collect(),
        log: (rows.audit.iter().filter(|_| !hides).take(LOG_LINES))
            .map(|row| t::entry(lang, date(row.at_ms), act(lang, row.act)))
            .collect(),
        log_is_longer: !hides && rows.audit.len() > LOG_LINES,
        deletion: deletion(server, &own).await?,
        wrong_word,
    };
    let page = move || OwnDataPage(OwnDataPageProps { lang, files: FILES.clone(), shown: shown.clone() });
    let mut response = render(request, page).await;
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    Ok(response)
}

fn memberships(lang: Lang, own: &Own, date: impl Fn(i64) -> String) -> Vec<String> {
    let person = &own.session.person;
    let memberships = person.memberships.iter().map(|one| match one.role {
        Role::Volunteer => t::volunteer(lang, &one.name, &one.nickname),
        Role::Reviewer => t::reviewer(lang, &one.name, &one.nickname),
    });
    let ended = own.rows.memberships.iter().filter_map(|one| Some(t::ended(lang, &one.name, date(one.ended_ms?))));
    let areas = person.areas.iter().map(|area| t::coordinator(lang, area.name(lang)));
    let operator = person.is_operator.then(|| t::operator(lang).to_owned());
    memberships.chain(ended).chain(areas).chain(operator).collect()
}

fn sign_in_line(lang: Lang, own: &Own, one: &SignIn, now_ms: i64, date: impl Fn(i64) -> String) -> String {
    let [begun, used, until] = [one.created_ms, one.last_used_ms, one.expires_ms].map(date);
    let line = match one.is_alive(now_ms) {
        true => t::sign_in(lang, begun, used, until),
        false => t::sign_in_ran_out(lang, begun, used),
    };
    let by = own.let_in_by(one).filter(|_| !own.session.hides);
    let names: Vec<&str> = by.filter_map(|association| own.name(association)).collect();
    if names.is_empty() { line } else { t::sign_in_let_in(lang, line, names.join(", ")) }
}

impl Own {
    /// The associations whose invitations let the browser of a sign-in in.
    fn let_in_by(&self, sign_in: &SignIn) -> impl Iterator<Item = AssociationId> {
        self.rows.let_in.iter().filter(|(id, _)| *id == sign_in.id).map(|(_, association)| *association)
    }

    /// Of an association to which the person belongs, or did.
    fn name(&self, association: AssociationId) -> Option<&str> {
        self.rows.memberships.iter().find(|one| one.association == association).map(|one| one.name.as_str())
    }
}

fn reminder(lang: Lang, own: &Own, one: &Reminder) -> String {
    let name = own.name(one.association).unwrap_or_default();
    match one.to {
        RemindTo::Mail(_) => t::reminder_by_mail(lang, name),
        RemindTo::Push(..) => t::reminder_in_browser(lang, name),
    }
}

/// Gatherings by association and year, and the rest by association.
fn recorded(lang: Lang, own: &Own) -> Vec<String> {
    let mut lines = Vec::new();
    for membership in &own.rows.memberships {
        let of_it = own.rows.counts.iter().filter(|count| count.association == membership.association);
        let mut years: BTreeMap<i16, u64> = BTreeMap::new();
        let mut others = 0;
        for count in of_it {
            match (count.kind, count.year) {
                (Kind::Gathering, Some(year)) => *years.entry(year).or_default() += count.count,
                _ => others += count.count,
            }
        }
        lines.extend(years.iter().rev().map(|(year, count)| t::gatherings(lang, &membership.name, year, count)));
        if others > 0 {
            lines.push(t::other_records(lang, &membership.name, others));
        }
    }
    for membership in &own.rows.memberships {
        let count = own.rows.handed_in.iter().filter(|one| one.association == membership.association).count();
        if count > 0 {
            lines.push(t::handed_in(lang, &membership.name, count));
        }
    }
    lines
}

fn token(lang: Lang, own: &Own, one: &ReadToken, date: impl Fn(i64) -> String) -> String {
    let association = own.name(one.association).unwrap_or_default();
    match one.ended_ms {
        None => t::token(lang, &one.name, association, date(one.made_ms), date(one.expires_ms)),
        Some(ended) => t::token_ended(lang, &one.name, association, date(one.made_ms), date(ended)),
    }
}

fn act(lang: Lang, act: Act) -> &'static str {
    match act {
        Act::SignedIn => t::act_signed_in(lang),
        Act::SignedOut => t::act_signed_out(lang),
        Act::SignInEnded => t::act_sign_in_ended(lang),
        Act::Invited => t::act_invited(lang),
        Act::InvitationRevoked => t::act_invitation_revoked(lang),
        Act::Joined => t::act_joined(lang),
        Act::Renamed => t::act_renamed(lang),
        Act::RoleChanged => t::act_role_changed(lang),
        Act::MemberRemoved => t::act_member_removed(lang),
        Act::PasskeyAdded | Act::PasskeyRemoved | Act::RecoveryCodesMade | Act::EmailSet | Act::EmailRemoved => {
            t::act_keys(lang)
        }
        Act::TokenMade => t::act_token_made(lang),
        Act::TokenEnded => t::act_token_ended(lang),
        Act::DataDownloaded => t::act_downloaded(lang),
        _ => t::act_other(lang),
    }
}

/// All of it but the contents of records, for a program to read. Other people's ids are left out.
fn in_json(own: &Own, now_ms: i64) -> Value {
    let Own { person, rows, sign_ins, .. } = own;
    let by_name = |association: AssociationId| own.name(association);
    let log = |row: &AuditRow| {
        let by = match row.actor {
            Some(actor) if actor == person.user => "me",
            Some(_) => "somebody else",
            None => "the service",
        };
        let is_about_me = row.subject == Some(person.user.uuid());
        json!({"at": moment(row.at_ms), "act": row.act.code(), "association": row.association, "by": by,
               "about_me": is_about_me})
    };
    json!({
        "made_at": moment(now_ms),
        "person": {
            "id": person.user,
            "nickname": person.nickname,
            "coordinates": person.areas.iter().map(|area| json!({"kind": area.kind(), "code": area.code()}))
                .collect::<Vec<_>>(),
            "operates_the_service": person.is_operator,
        },
        "memberships": rows.memberships.iter().map(|one| json!({
            "association": one.association, "name": one.name, "nickname": one.nickname, "role": one.role.name(),
            "ended": one.ended_ms.map(moment),
        })).collect::<Vec<_>>(),
        "sign_ins": sign_ins.iter().map(|one| json!({
            "id": one.id, "device": one.device, "class": one.class.name(), "way": one.way.name(),
            "created": moment(one.created_ms), "last_used": moment(one.last_used_ms),
            "proved": moment(one.proved_ms), "expires": moment(one.expires_ms), "has_run_out": !one.is_alive(now_ms),
            "let_in_by": own.let_in_by(one).map(|association| json!({"association": association, "name": by_name(association)}))
                .collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "mail_address": own.mail_address.as_ref().map(|kept| json!({
            "address": kept.address, "confirmed": moment(kept.confirmed_ms),
        })),
        "reminders": own.reminders.iter().map(|one| json!({
            "association": one.association, "name": by_name(one.association), "language": one.lang.tag(),
            "looked_up_to": one.looked.to_string(),
            "browser": match &one.to {
                RemindTo::Mail(_) => Value::Null,
                RemindTo::Push(sign_in, browser) => json!({"sign_in": sign_in, "endpoint": browser.endpoint}),
            },
        })).collect::<Vec<_>>(),
        "devices": rows.devices.iter().map(|one| json!({
            "id": one.device, "last_contact": moment(one.last_contact_ms), "changes_made": one.made,
            "waiting": one.waiting, "thrown_away": one.thrown, "missing": one.missing,
        })).collect::<Vec<_>>(),
        "counts": rows.counts.iter().map(|one| json!({
            "association": one.association, "name": by_name(one.association), "kind": one.kind.name(),
            "year": one.year, "count": one.count,
        })).collect::<Vec<_>>(),
        "handed_in": rows.handed_in.iter().map(|one| json!({
            "association": one.association, "name": by_name(one.association), "id": one.record,
            "at": moment(one.handed_in_ms), "content": one.content,
        })).collect::<Vec<_>>(),
        "invitations_made": rows.invitations.iter().map(|one| json!({
            "id": one.id, "kind": one.grant.kind(), "association": one.grant.association(),
            "made": moment(one.made_ms), "expires": moment(one.expires_ms), "uses": one.uses,
            "revoked": one.is_revoked,
        })).collect::<Vec<_>>(),
        "invitations_accepted": rows.accepted.iter().map(|(id, at)| json!({"id": id, "at": moment(*at)}))
            .collect::<Vec<_>>(),
        "tokens_made": rows.tokens.iter().map(|one| json!({
            "id": one.id, "association": one.association, "name": one.name, "scope": one.scope.name(),
            "made": moment(one.made_ms), "expires": moment(one.expires_ms),
            "last_used": one.last_used_ms.map(moment), "ended": one.ended_ms.map(moment),
        })).collect::<Vec<_>>(),
        "log": rows.audit.iter().map(log).collect::<Vec<_>>(),
    })
}

/// RFC 3339, in UTC.
fn moment(ms: i64) -> String {
    Timestamp::from_millisecond(ms).unwrap_or_default().to_string()
}
