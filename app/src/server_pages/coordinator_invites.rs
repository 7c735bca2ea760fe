//! The coordinator's page of associations: those that ask, those that are in, and invitations.

use domain::{Area, Date, Lang, codes::Municipality};
use leptos::prelude::*;
use sync::protocol::invitations::Qr;

use super::document::{Document, Files};
use crate::{
    format::{clock, day, number},
    texts::{bringing, invites as t},
};

const PATH: &str = "/kunta/yhdistykset";

/// What a coordinator invites to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invite {
    /// All associations of an evening.
    Evening,
    OneAssociation,
    SecondCoordinator,
}

impl Invite {
    pub const ALL: [Invite; 3] = [Invite::Evening, Invite::OneAssociation, Invite::SecondCoordinator];

    /// In forms.
    pub const fn name(self) -> &'static str {
        match self {
            Invite::Evening => "ilta",
            Invite::OneAssociation => "yhdistys",
            Invite::SecondCoordinator => "koordinaattori",
        }
    }

    pub fn from_name(name: &str) -> Option<Invite> {
        Invite::ALL.into_iter().find(|invite| invite.name() == name)
    }

    fn title(self, lang: Lang) -> &'static str {
        match self {
            Invite::Evening => t::evening(lang),
            Invite::OneAssociation => t::one(lang),
            Invite::SecondCoordinator => t::second(lang),
        }
    }
}

/// A day, and minutes since its midnight.
pub type Moment = (Date, u16);

/// A request as the coordinator may see it.
#[derive(Clone, Debug)]
pub struct RequestLine {
    pub id: String,
    pub name: String,
    pub home: Municipality,
    pub business_id: Option<String>,
    pub contact: Option<String>,
    pub asked: Date,
    /// Another association may be the same.
    pub similar: bool,
}

/// An invitation that can be accepted.
#[derive(Clone, Debug)]
pub struct OpenLine {
    pub id: String,
    pub invite: Invite,
    pub until: Moment,
    /// How many have accepted it, where it is for many.
    pub used: Option<u32>,
}

/// An association that is in.
#[derive(Clone, Debug)]
pub struct JoinedLine {
    pub name: String,
    pub home: Municipality,
    pub since: Date,
}

/// All of the page.
#[derive(Clone, Debug)]
pub struct InvitesView {
    /// The coordinator's areas, at least one.
    pub areas: Vec<Area>,
    pub requests: Vec<RequestLine>,
    pub open: Vec<OpenLine>,
    pub joined: Vec<JoinedLine>,
}

#[component]
pub fn InvitesPage(lang: Lang, files: Files, view: InvitesView) -> impl IntoView {
    let InvitesView { areas, requests, open, joined } = view;
    let names: Vec<&str> = areas.iter().map(|area| area.name(lang)).collect();
    let title = t::title(lang, names.join(", "));
    let is_one_home = matches!(areas.as_slice(), [Area::Municipality(_)]);
    let requests = requests.into_iter().map(|request| request_line(lang, request, is_one_home)).collect_view();
    let open = open.into_iter().map(|line| open_line(lang, line)).collect_view();
    let joined_rows = joined
        .iter()
        .map(|one| {
            view! {
                <tr>
                    <th scope="row">{one.name.clone()}</th>
                    {(!is_one_home).then(|| view! { <td>{one.home.name(lang)}</td> })}
                    <td>{day(lang, one.since)}</td>
                </tr>
            }
        })
        .collect_view();
    let ways = [
        (Invite::Evening, t::evening_lead(lang), t::evening_make(lang)),
        (Invite::OneAssociation, t::one_lead(lang), t::one_make(lang)),
        (Invite::SecondCoordinator, t::second_lead(lang), t::second_make(lang)),
    ];
    let ways = ways
        .map(|(invite, lead, make)| {
            view! {
                <section class="card" aria-labelledby=invite.name()>
                    <h3 id=invite.name()>{invite.title(lang)}</h3>
                    <p>{lead}</p>
                    <form class="edit-form" method="post" action="/kunta/yhdistykset/kutsu">
                        {area_field(lang, &areas, invite)}
                        <div class="row"><button class="button" name="kutsu" value=invite.name()>{make}</button></div>
                    </form>
                </section>
            }
        })
        .into_iter()
        .collect_view();
    view! {
        <Document lang files title=title.clone() here=PATH.to_owned()>
            <h1>{title}</h1>
            <p><a href="/kunta">{t::to_figures(lang)}</a></p>
            <section aria-labelledby="requests">
                <h2 id="requests">{t::requests_title(lang)}</h2>
                {if requests.is_empty() {
                    view! { <p>{t::requests_none(lang)}</p> }.into_any()
                } else {
                    view! { <ul class="list">{requests}</ul> }.into_any()
                }}
            </section>
            <section aria-labelledby="invite">
                <h2 id="invite">{t::invite_title(lang)}</h2>
                <div class="columns">{ways}</div>
            </section>
            <section aria-labelledby="open">
                <h2 id="open">{t::open_title(lang)}</h2>
                {if open.is_empty() {
                    view! { <p>{t::open_none(lang)}</p> }.into_any()
                } else {
                    view! { <ul class="list">{open}</ul> }.into_any()
                }}
            </section>
            <section>
                <h2 id="joined">{t::joined_title(lang)}</h2>
                <p>{t::joined_lead(lang)}</p>
                {if joined.is_empty() {
                    view! { <p>{t::joined_none(lang)}</p> }.into_any()
                } else {
                    view! {
                        <div class="scroll" tabindex="0" role="region" aria-labelledby="joined">
                            <table>
                                <thead>
                                    <tr>
                                        <th scope="col">{t::association(lang)}</th>
                                        {(!is_one_home).then(|| view! { <th scope="col">{bringing::home(lang)}</th> })}
                                        <th scope="col">{t::since(lang)}</th>
                                    </tr>
                                </thead>
                                <tbody>{joined_rows}</tbody>
                            </table>
                        </div>
                    }
                    .into_any()
                }}
            </section>
        </Document>
    }
}

/// Which area an invitation is for; nothing to choose where there is one.
fn area_field(lang: Lang, areas: &[Area], invite: Invite) -> impl IntoView + use<> {
    let value = |area: &Area| format!("{}:{}", area.kind(), area.code());
    if let [only] = areas {
        return view! { <input type="hidden" name="alue" value=value(only) /> }.into_any();
    }
    let id = format!("alue-{}", invite.name());
    let options =
        areas.iter().map(|area| view! { <option value=value(area)>{area.name(lang)}</option> }).collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{t::for_area(lang)}</label>
            <select id=id name="alue">{options}</select>
        </div>
    }
    .into_any()
}

fn request_line(lang: Lang, request: RequestLine, is_one_home: bool) -> impl IntoView {
    let answer = |answer: &str| format!("/kunta/yhdistykset/pyynto?id={}&vastaus={answer}", request.id);
    let (accept, refuse) = (answer("hyvaksy"), answer("hylkaa"));
    view! {
        <li>
            {request_facts(lang, &request, is_one_home)}
            <div class="row">
                <a class="button" href=accept>{t::accept(lang, request.name.clone())}</a>
                <a class="button quiet" href=refuse>{t::refuse(lang, request.name.clone())}</a>
            </div>
        </li>
    }
}

/// The name, the business id and the contact: nothing else of a request is the coordinator's to see.
fn request_facts(lang: Lang, request: &RequestLine, is_one_home: bool) -> impl IntoView + use<> {
    let id = request.business_id.clone().unwrap_or_else(|| bringing::no_id(lang).to_owned());
    view! {
        <strong>{request.name.clone()}</strong>
        {(!is_one_home).then(|| view! { <span>{bringing::home(lang)} ": " {request.home.name(lang)}</span> })}
        <span>{bringing::business_id(lang)} ": " {id}</span>
        {request.contact.clone().map(|contact| view! { <span>{bringing::contact(lang)} ": " {contact}</span> })}
        <span class="small">{t::asked(lang, day(lang, request.asked))}</span>
        {request.similar.then(|| view! { <p class="notice ask">{t::similar(lang)}</p> })}
    }
}

fn until(lang: Lang, (date, minutes): Moment) -> String {
    t::until(lang, day(lang, date), clock(lang, minutes))
}

fn open_line(lang: Lang, line: OpenLine) -> impl IntoView {
    let title = line.invite.title(lang);
    view! {
        <li>
            <strong>{title}</strong>
            <span>{until(lang, line.until)}</span>
            {line.used.map(|used| view! { <span>{t::used(lang, number(lang, used.into()))}</span> })}
            <form method="post" action="/kunta/yhdistykset/peru">
                <input type="hidden" name="id" value=line.id />
                <div class="row"><button class="button quiet">{t::revoke(lang, title)}</button></div>
            </form>
        </li>
    }
}

/// The question before a request is answered.
#[component]
pub fn AnswerPage(lang: Lang, files: Files, request: RequestLine, accepts: bool) -> impl IntoView {
    let (heading, lead, yes, answer) = match accepts {
        true => (t::accept_title(lang), t::accept_lead(lang), t::accept_yes(lang), "hyvaksy"),
        false => (t::refuse_title(lang), t::refuse_lead(lang), t::refuse_yes(lang), "hylkaa"),
    };
    let here = PATH.to_owned();
    view! {
        <Document lang files title=heading.to_owned() here>
            <h1>{heading}</h1>
            <ul class="list"><li>{request_facts(lang, &request, false)}</li></ul>
            <p>{lead}</p>
            <form method="post" action="/kunta/yhdistykset/pyynto">
                <input type="hidden" name="id" value=request.id />
                <div class="row">
                    <button class="button" name="vastaus" value=answer>{yes}</button>
                    <a class="button quiet" href=PATH>{t::back(lang)}</a>
                </div>
            </form>
        </Document>
    }
}

/// An invitation that was just made, with what is told only once.
#[derive(Clone, Debug)]
pub struct MadeView {
    pub invite: Invite,
    pub area: Area,
    pub url: String,
    pub code: String,
    pub qr: Option<Qr>,
    pub until: Moment,
}

/// For the screen or for a mail: the QR code, the link and the code.
#[component]
pub fn MadePage(lang: Lang, files: Files, made: MadeView) -> impl IntoView {
    let MadeView { invite, area, url, code, qr, until: moment } = made;
    let is_evening = invite == Invite::Evening;
    let heading = if is_evening { t::made_evening_title(lang) } else { t::made_title(lang) };
    // Where the code is typed: the link without its token, as short as it can be read out.
    let address = url.split('#').next().unwrap_or_default().trim_start_matches("https://").to_owned();
    let mail = format!(
        "mailto:?subject={}&body={}",
        encoded(t::mail_subject(lang)),
        encoded(&format!("{}\r\n\r\n{url}\r\n", t::mail_body(lang)))
    );
    let qr = qr.map(|Qr { size, path }| {
        // A quiet zone of four modules around it (ISO/IEC 18004).
        let whole = size + 8;
        view! {
            <svg class="invite-qr" viewBox=format!("-4 -4 {whole} {whole}") role="img" aria-label=t::scan(lang)>
                <rect x="-4" y="-4" width=whole height=whole fill="#fff"></rect>
                <path d=path fill="#000"></path>
            </svg>
        }
    });
    view! {
        <Document lang files title=heading.to_owned() here=PATH.to_owned()>
            <h1>{heading}</h1>
            <p class="lead">{area.name(lang)} " · " {invite.title(lang)}</p>
            <div class="invite-show">
                {qr}
                <div class="invite-words">
                    {is_evening.then(|| view! { <p class="lead">{t::scan(lang)}</p> })}
                    <p>{t::or_type(lang, address)}</p>
                    <p class="invite-code">{code}</p>
                    <p>{until(lang, moment)}</p>
                </div>
            </div>
            <div class="field">
                <label for="link">{t::link_label(lang)}</label>
                <p class="hint" id="link-hint">{t::shown_once(lang)}</p>
                <input type="text" id="link" value=url readonly=true aria-describedby="link-hint" />
            </div>
            <p class="row">
                {(!is_evening).then(|| view! { <a class="button" href=mail>{t::by_mail(lang)}</a> })}
                <a class="button quiet" href=PATH>{t::back(lang)}</a>
            </p>
        </Document>
    }
}

/// Percent-encoded for a `mailto:` address (RFC 6068).
fn encoded(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    text.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_into_a_mail_is_encoded() {
        assert_eq!(encoded("Kutsu: ä#&\r\n"), "Kutsu%3A%20%C3%A4%23%26%0D%0A");
    }
}
