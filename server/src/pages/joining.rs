//! How an association comes in: the steps of whoever was invited or asks, and what became of a request.
//!
//! Each step is kept as it was typed and answered with a redirect; what has to be mended is found anew when the page is shown. So going
//! back, reloading, leaving and coming back all show what was typed last.

use app::{
    format::{clock, day},
    server_pages::{
        Asked, AskedPage, AskedPageProps, JoinedPage, JoinedPageProps, JoiningPage, JoiningPageProps, StepView, Way,
    },
    texts::bringing as t,
};
use axum::{
    extract::{Query, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use domain::{
    Area, DeviceId, FieldError, Lang, Problem as FieldProblem, Role, UserId,
    joining::{Draft, Example, Step},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    document::{FILES, language, render},
    form::{Fields, answered, go, read, sign_in_first},
};
use crate::{
    Server,
    http::{client_address::ClientAddress, cookies::with_cookies, page_problem::message, problem::Problem},
    identity::{
        joining::{BringIn, bring_in, is_similar_known, is_somebody_to_ask, sign_in_reviewer},
        sign_in::{self, NewSignIn, Session},
    },
    store::{
        Act, Way as SignInWay,
        joining::{Answer, Ground, JoiningRequest, KeptDraft},
    },
};

/// How long a request can be answered, milliseconds: 14 days.
const REQUEST_MS: i64 = 14 * 24 * 60 * 60 * 1000;
/// An invitation that was accepted and not used for so long is forgotten, as a draft is, milliseconds.
const ACCEPTED_MS: i64 = 90 * 24 * 60 * 60 * 1000;
/// Requests of a municipality that wait at once.
const REQUESTS_MAX: u64 = 20;
/// Drafts that are touched in an hour before nobody new may begin one: each that begins makes a person.
const DRAFTS_AN_HOUR_MAX: u64 = 500;
const HOUR_MS: i64 = 60 * 60 * 1000;
const MINUTE_MS: i64 = 60 * 1000;

#[derive(Deserialize, Default)]
pub struct Which {
    vaihe: Option<String>,
    /// One came from the summary.
    muutos: Option<String>,
    /// The step was sent: what has to be mended is told.
    tarkista: Option<String>,
    /// Too many requests wait.
    taynna: Option<String>,
}

/// `GET /yhdistys/mukaan`
pub async fn invited(State(server): State<Server>, request: Request) -> Response {
    let page = show_invited(&server, request.headers(), which(&request)).await;
    shown(&server, request, page).await
}

/// `POST /yhdistys/mukaan`
pub async fn save_invited(State(server): State<Server>, request: Request) -> Response {
    let (request, fields) = read(request).await;
    let answer = take_invited(&server, request.headers(), fields).await;
    answered(&server, request, answer).await
}

/// `GET /yhdistys/pyynto`
pub async fn asking(State(server): State<Server>, request: Request) -> Response {
    let page = show_asking(&server, request.headers(), which(&request)).await;
    shown(&server, request, page).await
}

/// `POST /yhdistys/pyynto`
pub async fn save_asking(State(server): State<Server>, client: ClientAddress, request: Request) -> Response {
    let (request, fields) = read(request).await;
    let answer = match fields {
        Ok(fields) => take_asking(&server, client, request.headers(), &fields).await,
        Err(problem) => Err(problem),
    };
    let lang = language(&server, request.headers());
    match answer {
        Ok(Asking::Led(answer)) => answer,
        Ok(Asking::TooManyBegin) => {
            message(request, lang, StatusCode::SERVICE_UNAVAILABLE, t::busy(lang), t::busy_help(lang)).await
        }
        Ok(Asking::TooManyHere(wait_s)) => {
            // At the minute that is named it is time.
            let wait_ms = i64::try_from(wait_s).unwrap_or_default().saturating_mul(1_000) + MINUTE_MS;
            let again_ms = server.clock.now_ms().saturating_add(wait_ms);
            let (date, minutes) = (server.clock.day_of(again_ms), server.clock.minute_of(again_ms));
            let help = t::too_many_here_help(lang, day(lang, date), clock(lang, minutes));
            let title = t::too_many_here(lang);
            let mut answer = message(request, lang, StatusCode::TOO_MANY_REQUESTS, title, help).await;
            answer.headers_mut().insert(header::RETRY_AFTER, wait_s.into());
            answer
        }
        Err(problem) => answered(&server, request, Err(problem)).await,
    }
}

/// `POST /yhdistys/pyynto/peru`: a request becomes a draft again.
pub async fn take_back(State(server): State<Server>, request: Request) -> Response {
    let headers = request.headers();
    let answer = async {
        let session = session(&server, headers).await?;
        server.store.take_back_joining_request(session.person.user, server.clock.now_ms()).await?;
        Ok(go(Way::Asking.path(), []))
    };
    let answer = answer.await;
    answered(&server, request, answer).await
}

/// `POST /yhdistys/pyynto/jatka`: whoever asked comes in as a reviewer.
pub async fn collect(State(server): State<Server>, request: Request) -> Response {
    let (request, fields) = read(request).await;
    let answer = take_collected(&server, request.headers(), fields).await;
    answered(&server, request, answer).await
}

/// `GET /yhdistys/valmis`
pub async fn joined(State(server): State<Server>, request: Request) -> Response {
    let headers = request.headers();
    let page = async {
        let session = session(&server, headers).await?;
        let mine = session.person.memberships.iter().filter(|one| one.role == Role::Reviewer);
        let names: Vec<&str> = mine.map(|one| one.name.as_str()).collect();
        if names.is_empty() { Err(Problem::NotFound) } else { Ok(Shown::Joined(names.join(", "))) }
    };
    let page = page.await;
    shown(&server, request, page).await
}

/// A page, or the way to another one.
enum Shown {
    Step(StepView),
    Asked(String, Asked),
    Joined(String),
    Elsewhere(Response),
}

async fn shown(server: &Server, request: Request, page: Result<Shown, Problem>) -> Response {
    let (lang, files) = (language(server, request.headers()), FILES.clone());
    match page {
        Ok(Shown::Step(view)) => {
            render(request, move || JoiningPage(JoiningPageProps { lang, files: files.clone(), view: view.clone() }))
                .await
        }
        Ok(Shown::Asked(name, asked)) => {
            let page = move || {
                let (files, name, asked) = (files.clone(), name.clone(), asked.clone());
                AskedPage(AskedPageProps { lang, files, name, asked })
            };
            render(request, page).await
        }
        Ok(Shown::Joined(name)) => {
            render(request, move || JoinedPage(JoinedPageProps { lang, files: files.clone(), name: name.clone() }))
                .await
        }
        Ok(Shown::Elsewhere(answer)) => answer,
        Err(problem) => answered(server, request, Err(problem)).await,
    }
}

/// An address that cannot be read asks for nothing in particular.
fn which(request: &Request) -> Which {
    Query::<Which>::try_from_uri(request.uri()).map(|Query(which)| which).unwrap_or_default()
}

async fn session(server: &Server, headers: &HeaderMap) -> Result<Session, Problem> {
    sign_in::session(server, headers).await?.ok_or(Problem::NotSignedIn)
}

/// The accepted invitation of somebody whose association has not come in yet. Who has none is told as of a page that is not there.
async fn invitation_of(server: &Server, user: UserId) -> Result<(Uuid, Option<Area>), Problem> {
    server.store.waiting_association(user, server.clock.now_ms() - ACCEPTED_MS).await?.ok_or(Problem::NotFound)
}

/// What somebody who was invited has told so far, or what is known before they begin.
async fn draft_of(server: &Server, session: &Session, area: Option<Area>) -> Result<KeptDraft, Problem> {
    if let Some(kept) = server.store.joining_draft(session.person.user).await? {
        return Ok(kept);
    }
    let home = area.and_then(Area::municipality).map(|home| home.code().to_owned()).unwrap_or_default();
    let draft = Draft { home, nickname: session.person.nickname.clone(), ..Draft::default() };
    Ok(KeptDraft { draft, step: Step::Name, updated_ms: server.clock.now_ms() })
}

async fn show_invited(server: &Server, headers: &HeaderMap, which: Which) -> Result<Shown, Problem> {
    let session = session(server, headers).await?;
    let (_, area) = invitation_of(server, session.person.user).await?;
    let kept = draft_of(server, &session, area).await?;
    Ok(Shown::Step(step_view(server, Way::Invited, kept, &which).await?))
}

async fn show_asking(server: &Server, headers: &HeaderMap, which: Which) -> Result<Shown, Problem> {
    let Some(session) = sign_in::session(server, headers).await? else {
        let kept = KeptDraft { draft: Draft::default(), step: Step::Name, updated_ms: 0 };
        return Ok(Shown::Step(step_view(server, Way::Asking, kept, &which).await?));
    };
    let user = session.person.user;
    if server.store.waiting_association(user, server.clock.now_ms() - ACCEPTED_MS).await?.is_some() {
        return Ok(Shown::Elsewhere(go(Way::Invited.path(), [])));
    }
    let now = server.clock.now_ms();
    if let Some(request) = server.store.joining_request_of(user).await?
        && !may_ask_again(&request, &session, which.vaihe.is_some())
    {
        let asked = match request.answer {
            Answer::Accepted if session.hides => Asked::Accepted { is_unanswered: which.tarkista.is_some() },
            Answer::Accepted => return Ok(Shown::Elsewhere(go("/yhdistys/valmis", []))),
            Answer::Refused => Asked::Refused,
            Answer::Open if request.is_open(now) => {
                Asked::Waiting { home: request.home, until: server.clock.day_of(request.expires_ms) }
            }
            Answer::Open => Asked::Expired,
        };
        return Ok(Shown::Asked(request.draft.name, asked));
    }
    let kept = draft_of(server, &session, None).await?;
    Ok(Shown::Step(step_view(server, Way::Asking, kept, &which).await?))
}

/// Whether a request is out of the way of another one: its asker has come in, and begins anew.
fn may_ask_again(request: &JoiningRequest, session: &Session, begins: bool) -> bool {
    request.answer == Answer::Accepted && !session.hides && begins
}

async fn step_view(server: &Server, way: Way, kept: KeptDraft, which: &Which) -> Result<StepView, Problem> {
    let KeptDraft { draft, step, .. } = kept;
    // Nobody skips a step that something is wrong with.
    let asked = which.vaihe.as_deref().and_then(Step::from_name);
    let step = asked.unwrap_or(step).min(draft.first_unfinished());
    let is_sent = which.tarkista.is_some();
    let mut problems = if is_sent { draft.problems(step) } else { Vec::new() };
    if is_sent && step == Step::Summary && way == Way::Invited {
        problems.push(FieldError { field: "own_device", problem: FieldProblem::Missing });
    }
    let is_name = step == Step::Name && way == Way::Asking;
    let nobody_to_ask = is_sent && is_name && !is_somebody_to_ask(server, &draft).await?;
    let similar = step == Step::Summary && is_similar_known(server, &draft).await?;
    let (too_many, is_change) = (which.taynna.is_some(), which.muutos.is_some());
    Ok(StepView { way, step, draft, problems, nobody_to_ask, similar, too_many, is_change })
}

async fn take_invited(
    server: &Server,
    headers: &HeaderMap,
    fields: Result<Fields, Problem>,
) -> Result<Response, Problem> {
    let session = session(server, headers).await?;
    let is_reviewer = session.person.memberships.iter().any(|one| one.role == Role::Reviewer);
    let (invitation, area) = match invitation_of(server, session.person.user).await {
        // Pressed twice: the association is in.
        Err(Problem::NotFound) if is_reviewer && is_last_step(&fields) => return Ok(go("/yhdistys/valmis", [])),
        waiting => waiting?,
    };
    let (fields, kept) = (fields?, draft_of(server, &session, area).await?);
    if step_of(&fields)? != Step::Summary {
        return save(server, headers, Way::Invited, session.person.user, kept, &fields).await;
    }
    let unfinished = kept.draft.first_unfinished();
    if unfinished != Step::Summary {
        return Ok(go(&mend(Way::Invited, unfinished, false), []));
    }
    let Some(is_own_device) = own_device(&fields) else {
        return Ok(go(&mend(Way::Invited, Step::Summary, false), []));
    };
    if session.hides {
        return Ok(sign_in_first(Way::Invited.path()));
    }
    let user = session.person.user;
    let (device, ground) = (session.sign_in.device, Ground::Invitation(invitation));
    bring_in(server, BringIn { draft: &kept.draft, reviewer: user, device, ground, actor: user }).await?;
    // Pressed twice at once: the association is in all the same.
    let cookies = sign_in_reviewer(server, headers, &session, is_own_device).await?;
    Ok(go("/yhdistys/valmis", cookies))
}

/// What becomes of a step of whoever asks.
enum Asking {
    Led(Response),
    /// Everywhere; it will be less in an hour.
    TooManyBegin,
    /// From this neighbourhood; it may again after so many seconds.
    TooManyHere(u64),
}

async fn take_asking(
    server: &Server,
    client: ClientAddress,
    headers: &HeaderMap,
    fields: &Fields,
) -> Result<Asking, Problem> {
    let step = step_of(fields)?;
    let now = server.clock.now_ms();
    let Some(session) = sign_in::session(server, headers).await? else {
        if step != Step::Name {
            return Ok(Asking::Led(go(Way::Asking.path(), [])));
        }
        if server.store.joining_drafts_since(now - HOUR_MS).await? >= DRAFTS_AN_HOUR_MAX {
            return Ok(Asking::TooManyBegin);
        }
        if let Err(Problem::TooMany(wait_s)) = server.limits.begins_to_ask(client) {
            return Ok(Asking::TooManyHere(wait_s));
        }
        return begin_asking(server, headers, fields).await.map(Asking::Led);
    };
    let user = session.person.user;
    if server.store.waiting_association(user, server.clock.now_ms() - ACCEPTED_MS).await?.is_some() {
        return Ok(Asking::Led(go(Way::Invited.path(), [])));
    }
    if let Some(request) = server.store.joining_request_of(user).await?
        && !may_ask_again(&request, &session, true)
    {
        return Ok(Asking::Led(go(Way::Asking.path(), [])));
    }
    let kept = draft_of(server, &session, None).await?;
    if step != Step::Summary {
        return save(server, headers, Way::Asking, user, kept, fields).await.map(Asking::Led);
    }
    ask(server, client, &session, kept.draft).await
}

/// Somebody who is not signed in begins: from here on they are somebody, and their draft is theirs.
async fn begin_asking(server: &Server, headers: &HeaderMap, fields: &Fields) -> Result<Response, Problem> {
    let user = UserId::new(Uuid::new_v4());
    server.store.add_person(user, "").await?;
    let new = NewSignIn { user, way: SignInWay::Invitation, is_own_device: true };
    let kept = KeptDraft { draft: Draft::default(), step: Step::Name, updated_ms: server.clock.now_ms() };
    let answer = save(server, headers, Way::Asking, user, kept, fields).await?;
    Ok(with_cookies(answer, sign_in::sign_in(server, headers, new).await?))
}

/// Sends the request to the coordinator of the home municipality.
async fn ask(server: &Server, client: ClientAddress, session: &Session, draft: Draft) -> Result<Asking, Problem> {
    let unfinished = draft.first_unfinished();
    let home = draft.home();
    let Some(home) = home.filter(|_| unfinished == Step::Summary) else {
        return Ok(Asking::Led(go(&mend(Way::Asking, unfinished, false), [])));
    };
    if !is_somebody_to_ask(server, &draft).await? {
        return Ok(Asking::Led(go(&mend(Way::Asking, Step::Name, false), [])));
    }
    // What comes of it is a reviewer's sign-in on this browser: not on one that hides something already.
    if session.hides {
        return Ok(Asking::Led(sign_in_first(Way::Asking.path())));
    }
    if let Err(Problem::TooMany(wait_s)) = server.limits.asks(client) {
        return Ok(Asking::TooManyHere(wait_s));
    }
    let (now, device) = (server.clock.now_ms(), session.sign_in.device.unwrap_or(DeviceId::new(Uuid::nil())));
    let request = JoiningRequest {
        id: Uuid::new_v4(),
        user: session.person.user,
        device,
        home,
        draft,
        answer: Answer::Open,
        asked_ms: now,
        expires_ms: now + REQUEST_MS,
    };
    let audit = server.entry(Some(request.user), Act::AssociationAsked, Some(request.id));
    Ok(Asking::Led(match server.store.ask_to_join(&request, REQUESTS_MAX, audit).await? {
        true => go(Way::Asking.path(), []),
        false => go(&format!("{}?vaihe={}&taynna=1", Way::Asking.path(), Step::Summary.name()), []),
    }))
}

async fn take_collected(
    server: &Server,
    headers: &HeaderMap,
    fields: Result<Fields, Problem>,
) -> Result<Response, Problem> {
    let session = session(server, headers).await?;
    let request = server.store.joining_request_of(session.person.user).await?;
    let request = request.filter(|request| request.answer == Answer::Accepted).ok_or(Problem::NotFound)?;
    if session.hides && session.sign_in.device != Some(request.device) {
        return Ok(sign_in_first("/yhdistys/valmis"));
    }
    let Some(is_own_device) = own_device(&fields?) else {
        return Ok(go(&format!("{}?tarkista=1", Way::Asking.path()), []));
    };
    if !session.hides {
        // They have come in already: a new sign-in would be a proof of nothing.
        return Ok(go("/yhdistys/valmis", []));
    }
    let cookies = sign_in_reviewer(server, headers, &session, is_own_device).await?;
    Ok(go("/yhdistys/valmis", cookies))
}

/// Keeps a step as it was typed, and leads to the next one, or back to it where something is wrong.
async fn save(
    server: &Server,
    headers: &HeaderMap,
    way: Way,
    user: UserId,
    kept: KeptDraft,
    fields: &Fields,
) -> Result<Response, Problem> {
    let step = step_of(fields)?;
    let is_change = fields.get("muutos") == "1";
    let mut draft = kept.draft;
    fill_in(&mut draft, step, fields, language(server, headers));
    let mut is_right = draft.problems(step).is_empty();
    if step == Step::Name && way == Way::Asking {
        is_right = is_right && is_somebody_to_ask(server, &draft).await?;
    }
    let next = match (is_right, is_change && draft.first_unfinished() == Step::Summary) {
        (false, _) => step,
        (true, true) => Step::Summary,
        (true, false) => step.next(),
    };
    // Whoever comes back goes on where they were, and not before it.
    let furthest = if is_right { next.max(kept.step) } else { kept.step };
    let kept = KeptDraft { draft, step: furthest, updated_ms: server.clock.now_ms() };
    server.store.keep_joining_draft(user, &kept).await?;
    Ok(match is_right {
        true => go(&format!("{}?vaihe={}", way.path(), next.name()), []),
        false => go(&mend(way, step, is_change), []),
    })
}

/// Takes what was typed in a step.
fn fill_in(draft: &mut Draft, step: Step, fields: &Fields, lang: Lang) {
    let typed = |name: &str| fields.get(name).to_owned();
    match step {
        Step::Name => {
            draft.name = typed("name");
            draft.home = typed("home");
        }
        Step::BusinessId => {
            draft.business_id = typed("business_id");
            draft.has_no_business_id = fields.get("no_business_id") == "1";
        }
        Step::Contact => {
            draft.contact = typed("contact");
            draft.nickname = typed("nickname");
        }
        Step::Groups => {
            // Each once, called as it was on the page.
            let chosen: Vec<&str> = fields.all("group").collect();
            let examples = domain::joining::EXAMPLES.into_iter().filter(|one: &Example| chosen.contains(&one.code));
            draft.groups =
                examples.map(|example| (example.code.to_owned(), t::example(lang, example).to_owned())).collect();
        }
        Step::Summary => {}
    }
}

fn is_last_step(fields: &Result<Fields, Problem>) -> bool {
    fields.as_ref().is_ok_and(|fields| fields.get("vaihe") == Step::Summary.name())
}

fn step_of(fields: &Fields) -> Result<Step, Problem> {
    Step::from_name(fields.get("vaihe")).ok_or(Problem::Unreadable("The form is not what this route reads."))
}

fn own_device(fields: &Fields) -> Option<bool> {
    match fields.get("own_device") {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

/// Where a step is to be mended.
fn mend(way: Way, step: Step, is_change: bool) -> String {
    let change = if is_change { "&muutos=1" } else { "" };
    format!("{}?vaihe={}&tarkista=1{change}", way.path(), step.name())
}
