//! The association's people and its invitations, for its reviewers. All of it is the server's: nothing here works without a network.

use std::cell::RefCell;

use domain::{AssociationId, ChangeId, Role, UserId, bounds, codes::ActivityForm, date};
use leptos::{ev, prelude::*, task::spawn_local};
use serde_json::Value;
use sync::protocol::{
    invitations::{InviteReply, InviteRequest, OpenInvitation, OpenReply, RevokeRequest, codes},
    members::{Member, MembersReply, RemoveRequest, RenameRequest, RoleRequest},
    quarantine::{DecideRequest, QuarantineReply, QuarantinedRecord},
};

use super::allowed::Allowed;
use crate::{
    format::{clock, short_day},
    phone::base::{
        actions::Refused,
        phone::{Phone, phone},
        share::{can_share, copy, share},
        widgets::{Show, focus},
    },
    texts::{association, members as t, paper, volunteer},
};

/// A new invitation, and its role. It is said once by the server, so it outlives a change of screen and of language.
#[derive(Clone, PartialEq)]
struct Made {
    /// For whom it is shown.
    by: (UserId, AssociationId),
    role: Role,
    reply: InviteReply,
}

thread_local! {
    static MADE: RefCell<Option<Made>> = const { RefCell::new(None) };
}

/// What the server told last; none before it has, and `Err` where it could not.
type Told<T> = Option<Result<Vec<T>, ()>>;

/// Copied freely, like the phone.
#[derive(Clone, Copy)]
struct People {
    phone: Phone,
    members: RwSignal<Told<Member>>,
    open: RwSignal<Told<OpenInvitation>>,
    /// What people who have left handed in; nothing where the server does not tell.
    handed_in: RwSignal<Vec<QuarantinedRecord>>,
    made: RwSignal<Option<Made>>,
    /// What became of the last press, and whether something is to be done about it.
    said: RwSignal<Option<Said>>,
    /// A question is on its way: another press does nothing.
    asking: RwSignal<bool>,
}

#[derive(Clone, PartialEq)]
enum Said {
    Done(String),
    Not(&'static str),
    /// The server wants to know again who this is.
    ProveAgain,
    /// What was made stands on the screen.
    Seen,
}

/// `/app/yhdistys/ihmiset`
#[component]
pub fn PeoplePage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let people = People {
        phone,
        members: RwSignal::new(None),
        open: RwSignal::new(None),
        handed_in: RwSignal::new(Vec::new()),
        made: RwSignal::new(None),
        said: RwSignal::new(None),
        asking: RwSignal::new(false),
    };
    // Asked anew whenever the screen opens, or another association comes into view.
    Effect::new(move |_| {
        people.made.set(MADE.with_borrow(Clone::clone).filter(|made| Some(made.by) == people.by()));
        if phone.identity.association.get().is_some() {
            people.ask_both();
        }
    });
    view! {
        <h1 tabindex="-1">{t::title(lang)}</h1>
        <div role="status">{move || people.said.get().map(|said| match said {
            Said::Done(text) => view! { <p class="notice">{text}</p> }.into_any(),
            Said::Seen => ().into_any(),
            Said::Not(text) => view! { <p class="notice ask">{text}</p> }.into_any(),
            Said::ProveAgain => view! {
                <p class="notice ask">{t::prove_again(lang)}" "<a href="/kirjaudu?to=/app/yhdistys/ihmiset" rel="external">{t::prove(lang)}</a></p>
            }.into_any(),
        })}</div>
        {move || people.made.get().map(|made| view! { <Invitation people made /> })}
        <section class="card">
            <h2>{t::invite(lang)}</h2>
            <p>{t::invite_help(lang)}</p>
            <p class="row">
                <button class="button" disabled=people.asking on:click=move |_| people.invite(Role::Volunteer, None)>{t::invite_volunteer(lang)}</button>
                <button class="button quiet" disabled=people.asking on:click=move |_| people.invite(Role::Reviewer, None)>{t::invite_reviewer(lang)}</button>
            </p>
        </section>
        {move || match (people.members.get(), people.open.get()) {
            (Some(Err(())), _) | (_, Some(Err(()))) => view! {
                <section class="card">
                    <p>{t::need_network(lang)}</p>
                    <p><button class="button quiet" on:click=move |_| people.ask_both()>{association::try_again(lang)}</button></p>
                </section>
            }.into_any(),
            (None, _) | (_, None) => view! { <div class="bone tall" aria-busy="true"></div> }.into_any(),
            (Some(Ok(_)), Some(Ok(_))) => view! { <HandedIn people /> <Lists people /> }.into_any(),
        }}
        <Allowed />
    }
}

impl People {
    fn by(self) -> Option<(UserId, AssociationId)> {
        Some((self.phone.identity.user()?, self.phone.identity.association.get_untracked()?))
    }

    fn home(self) -> Option<AssociationId> {
        self.phone.identity.association.get_untracked()
    }

    fn ask_both(self) {
        let Some(association) = self.home() else { return };
        self.members.set(None);
        self.open.set(None);
        spawn_local(async move {
            let address = format!("/api/v1/members?association={association}");
            let told = self.ask(address, None).await.ok().and_then(|answer| MembersReply::read(&answer));
            self.put(self.members, association, told.map(|reply| reply.members));
        });
        self.ask_open(association);
        self.handed_in.set(Vec::new());
        spawn_local(async move {
            let address = format!("/api/v1/quarantine?association={association}");
            let told = self.ask(address, None).await.ok().and_then(|answer| QuarantineReply::read(&answer));
            self.put_handed_in(association, told.unwrap_or_default());
        });
    }

    fn put_handed_in(self, of: AssociationId, told: QuarantineReply) {
        if self.home() == Some(of) {
            let _ = self.handed_in.try_set(told.records);
        }
    }

    /// Takes in or throws away what was handed in; the answer is what still waits.
    fn decide(self, changes: Vec<ChangeId>, is_taken: bool) {
        let Some(association) = self.home() else { return };
        let lang = self.phone.lang.get_untracked();
        if !is_taken && !self.phone.ask(|services| services.confirm(&t::discard_sure(lang, changes.len()))) {
            return;
        }
        let count = changes.len();
        let address = if is_taken { "/api/v1/quarantine/take" } else { "/api/v1/quarantine/discard" };
        let request = DecideRequest { association, changes };
        self.tell(address, serde_json::to_string(&request).ok(), move |answer| {
            let reply = QuarantineReply::read(&answer)?;
            let left = reply.not_taken as usize;
            self.put_handed_in(association, reply);
            // What was taken in is among the association's records: it is asked for.
            spawn_local(async move { self.phone.actions().await.send_now() });
            Some(Said::Done(match (is_taken, left) {
                (true, 0) => t::taken_in(lang, count),
                (true, left) => {
                    format!("{} {}", t::taken_in(lang, count.saturating_sub(left)), t::not_taken_in(lang, left))
                }
                (false, _) => t::discarded(lang, count),
            }))
        });
    }

    fn ask_open(self, association: AssociationId) {
        spawn_local(async move {
            let address = format!("/api/v1/invitations?association={association}");
            let told = self.ask(address, None).await.ok().and_then(|answer| OpenReply::read(&answer));
            self.put(self.open, association, told.map(|reply| reply.open));
        });
    }

    /// Shows what was told of an association, if that is still in view.
    fn put<T: Send + Sync + 'static>(self, to: RwSignal<Told<T>>, of: AssociationId, told: Option<Vec<T>>) {
        if self.home() == Some(of) {
            let _ = to.try_set(Some(told.ok_or(())));
        }
    }

    async fn ask(self, address: String, body: Option<String>) -> Result<Value, Refused> {
        self.phone.actions().await.ask(address, body).await
    }

    /// Asks for something to be done, one thing at a time; says why it was not, where it was not.
    fn tell(self, address: &'static str, body: Option<String>, then: impl FnOnce(Value) -> Option<Said> + 'static) {
        if self.asking.get_untracked() || body.is_none() {
            return;
        }
        self.asking.set(true);
        self.said.set(None);
        spawn_local(async move {
            let answer = self.ask(address.to_owned(), body).await;
            if self.asking.try_set(false).is_some() {
                return;
            }
            let lang = self.phone.lang.get_untracked();
            let said = match answer {
                Ok(answer) => then(answer).unwrap_or(Said::Not(t::not_done(lang))),
                Err(Refused::Code { code, .. }) if code == codes::PROVE_AGAIN => Said::ProveAgain,
                Err(Refused::Code { code, .. }) if code == codes::LAST_REVIEWER => Said::Not(t::last_reviewer(lang)),
                Err(_) => Said::Not(t::not_done(lang)),
            };
            self.said.set(Some(said));
            focus("main h1");
        });
    }

    fn invite(self, role: Role, member: Option<String>) {
        let Some(by) = self.by() else { return };
        let request = InviteRequest { association: by.1, role: role.name().to_owned(), member };
        self.tell("/api/v1/invitations", serde_json::to_string(&request).ok(), move |answer| {
            let made = Made { by, role, reply: InviteReply::read(&answer)? };
            self.show_made(Some(made));
            self.ask_open(by.1);
            Some(Said::Seen)
        });
    }

    fn show_made(self, made: Option<Made>) {
        MADE.with_borrow_mut(|kept| kept.clone_from(&made));
        self.made.set(made);
    }

    fn revoke(self, id: String) {
        let Some(association) = self.home() else { return };
        let request = RevokeRequest { association, id: id.clone() };
        self.tell("/api/v1/invitations/revoke", serde_json::to_string(&request).ok(), move |_| {
            if self.made.with_untracked(|made| made.as_ref().is_some_and(|made| made.reply.id == id)) {
                self.show_made(None);
            }
            self.ask_open(association);
            Some(Said::Done(t::revoked(self.phone.lang.get_untracked()).to_owned()))
        });
    }

    /// Asks for something to be done with a member; the answer is the list as it is then.
    fn change(self, address: &'static str, body: Option<String>, member: &Member, done: String) {
        let Some(association) = self.home() else { return };
        // What one may do oneself is another thing then: all begins anew.
        let is_me = member.is_me && address != RENAME;
        self.tell(address, body, move |answer| {
            let reply = MembersReply::read(&answer)?;
            if is_me {
                let _ = window().location().assign("/app");
            }
            self.put(self.members, association, Some(reply.members));
            Some(Said::Done(done))
        });
    }
}

const RENAME: &str = "/api/v1/members/rename";
const ROLE: &str = "/api/v1/members/role";
const REMOVE: &str = "/api/v1/members/remove";

/// `ma 16.11. klo 15.02`
fn moment(phone: Phone, at: i64) -> String {
    let lang = phone.lang.get_untracked();
    let (day, minutes) = date::in_helsinki(at);
    format!("{} {}", short_day(lang, day), volunteer::at_time(lang, clock(lang, minutes)))
}

/// A new invitation, to be shown, sent or printed: the only time that its code can be seen.
#[component]
fn Invitation(people: People, made: Made) -> impl IntoView {
    let phone = people.phone;
    let lang = phone.lang.get_untracked();
    let InviteReply { id, url, code, expires, qr } = made.reply;
    let heading = match made.role {
        Role::Volunteer => t::invitation_volunteer(lang),
        Role::Reviewer => t::invitation_reviewer(lang),
    };
    // On paper it has to say whose it is.
    let association = phone.identity.me.get_untracked().and_then(|me| {
        let own = me.memberships.into_iter().find(|membership| membership.association == made.by.1);
        own.map(|membership| membership.name)
    });
    // A margin of four modules, as readers of QR codes expect it.
    let size = qr.size + 8;
    let address = url.split('#').next().unwrap_or_default().to_owned();
    let (first, second) = code
        .split_once('-')
        .map_or((code.clone(), String::new()), |(first, second)| (first.to_owned(), second.to_owned()));
    let (to_send, to_copy) = (url.clone(), url.clone());
    let (title, text) = (heading.to_owned(), to_send);
    let send = move |_| {
        let (title, text) = (title.clone(), text.clone());
        spawn_local(async move {
            let _ = share(title, text, None).await;
        });
    };
    let copies = move |_| {
        let url = to_copy.clone();
        spawn_local(async move {
            let said = match copy(&url).await {
                true => Said::Done(t::copied(lang).to_owned()),
                false => Said::Not(t::not_copied(lang)),
            };
            let _ = people.said.try_set(Some(said));
        });
    };
    view! {
        <section class="card invitation">
            <h2>{heading}</h2>
            <p class="lead">{association}</p>
            <p>{t::scan(lang)}</p>
            <svg class="qr" viewBox=format!("-4 -4 {size} {size}") role="img" aria-label=t::qr(lang)>
                <rect x="-4" y="-4" width=size height=size fill="#fff"></rect>
                <path d=qr.path fill="#000"></path>
            </svg>
            <p>{t::or_code(lang, address)}</p>
            <p class="invitation-code"><span>{first}</span>"-"<span>{second}</span></p>
            <p>{t::valid_until(lang, moment(phone, expires))}</p>
            <label class="field"><span>{t::link(lang)}</span><input readonly prop:value=url /></label>
            <p class="row">
                {can_share().then(|| view! { <button class="button" on:click=send>{t::share(lang)}</button> })}
                <button class="button quiet" on:click=copies>{t::copy(lang)}</button>
                <button class="button quiet" on:click=|_| { let _ = window().print(); }>{paper::print(lang)}</button>
            </p>
            <p class="row">
                <button class="button" on:click=move |_| { people.show_made(None); focus("main h1") }>{t::done(lang)}</button>
                <button class="button quiet" disabled=people.asking on:click=move |_| people.revoke(id.clone())>{t::revoke(lang)}</button>
            </p>
        </section>
    }
}

/// What people who have left handed in: each is taken in or thrown away.
#[component]
fn HandedIn(people: People) -> impl IntoView {
    let phone = people.phone;
    let lang = phone.lang.get_untracked();
    let waiting = move || people.handed_in.get();
    let all = move || people.handed_in.with_untracked(|all| all.iter().map(|one| one.change).collect::<Vec<_>>());
    let one_line = move |one: QuarantinedRecord| {
        let series = one.series.and_then(|id| phone.records.one_series(id)).map(|series| series.name);
        let name = series.or_else(|| Some(ActivityForm::parse(&one.form)?.name(lang).to_owned())).unwrap_or_default();
        let day = one.day().map(|day| short_day(lang, day)).unwrap_or_default();
        let heads = match one.participants {
            Some(count) => volunteer::participants_count(lang, count),
            None => volunteer::cancelled(lang).to_owned(),
        };
        let title = format!("{day} {name}");
        let by = if one.by.is_empty() { t::nameless(lang).to_owned() } else { one.by.clone() };
        let edit = one.is_edit.then(|| format!(" · {}", t::is_edit(lang)));
        let (take, discard) = (format!("{}: {title}", t::take_in(lang)), format!("{}: {title}", t::discard(lang)));
        let change = one.change;
        view! {
            <li>
                <p><strong>{title}</strong></p>
                <p class="small">{heads}" · "{by}{edit}</p>
                <p class="row">
                    <button class="button quiet" aria-label=take disabled=people.asking
                        on:click=move |_| people.decide(vec![change], true)>{t::take_in(lang)}</button>
                    <button class="button quiet" aria-label=discard disabled=people.asking
                        on:click=move |_| people.decide(vec![change], false)>{t::discard(lang)}</button>
                </p>
            </li>
        }
    };
    view! {
        <Show when=move || people.handed_in.with(|all| !all.is_empty())>
            <section>
                <h2>{move || t::handed_in(lang, people.handed_in.with(Vec::len))}</h2>
                <p>{t::handed_in_help(lang)}</p>
                <p class="row">
                    <button class="button" disabled=people.asking on:click=move |_| people.decide(all(), true)>{t::take_all(lang)}</button>
                    <button class="button quiet" disabled=people.asking on:click=move |_| people.decide(all(), false)>{t::discard_all(lang)}</button>
                </p>
                <ul class="list">{move || waiting().into_iter().map(one_line).collect_view()}</ul>
            </section>
        </Show>
    }
}

#[component]
fn Lists(people: People) -> impl IntoView {
    let phone = people.phone;
    let lang = phone.lang.get_untracked();
    let open = move || people.open.get().and_then(Result::ok).unwrap_or_default();
    let members = move || people.members.get().and_then(Result::ok).unwrap_or_default();
    let one_open = move |one: OpenInvitation| {
        let heading = match Role::from_name(&one.role) {
            Some(Role::Reviewer) => t::invitation_reviewer(lang),
            _ => t::invitation_volunteer(lang),
        };
        let made = short_day(lang, date::in_helsinki(one.made).0);
        let id = one.id;
        view! {
            <li>
                <p><strong>{heading}</strong></p>
                <p class="small">{t::valid_until(lang, moment(phone, one.expires))}" "{t::made(lang, made)}</p>
                <button class="button quiet" disabled=people.asking on:click=move |_| people.revoke(id.clone())>{t::revoke(lang)}</button>
            </li>
        }
    };
    view! {
        <Show when=move || !open().is_empty()>
            <section>
                <h2>{t::open(lang)}</h2>
                <ul class="list">{move || open().into_iter().map(one_open).collect_view()}</ul>
            </section>
        </Show>
        <section>
            <h2>{t::all(lang)}</h2>
            <ul class="list">
                <For each=members key=|one| serde_json::to_string(one).unwrap_or_default() let:one><Person people one /></For>
            </ul>
        </section>
    }
}

/// A member, and what can be done with them.
#[component]
fn Person(people: People, one: Member) -> impl IntoView {
    let lang = people.phone.lang.get_untracked();
    let name = if one.nickname.is_empty() { t::nameless(lang).to_owned() } else { one.nickname.clone() };
    let role = if one.is_reviewer() { t::reviewer(lang) } else { t::volunteer(lang) };
    let used = match one.last_used {
        Some(at) => t::last_used(lang, short_day(lang, date::in_helsinki(at).0)),
        None => t::never_used(lang).to_owned(),
    };
    let (is_me, renewable) = (one.is_me, one.renewable && !one.is_me);
    let nickname = RwSignal::new(one.nickname.clone());
    let removing = RwSignal::new(false);
    let change = t::change(lang, &name);
    let sure = t::remove_sure(lang, &name);
    let remove_do = t::remove_do(lang, &name);
    let removed = t::removed(lang, &name);
    let changed = t::role_changed(lang, &name);
    let own = if one.is_reviewer() { Role::Reviewer } else { Role::Volunteer };
    // Nobody becomes a reviewer but by an invitation, with a sign-in of their own that proves who they are.
    let is_reviewer = one.is_reviewer();
    let field = format!("nickname-{}", one.member);
    let one = StoredValue::new(one);
    let rename = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (Some(association), one) = (people.home(), one.get_value()) else { return };
        let nickname = nickname.get_untracked().trim().to_owned();
        let request = RenameRequest { association, member: one.member.clone(), nickname };
        people.change(RENAME, serde_json::to_string(&request).ok(), &one, t::renamed(lang).to_owned());
    };
    let make_volunteer = move || {
        let (Some(association), one) = (people.home(), one.get_value()) else { return };
        let request = RoleRequest { association, member: one.member.clone(), role: Role::Volunteer.name().to_owned() };
        people.change(ROLE, serde_json::to_string(&request).ok(), &one, changed.clone());
    };
    let remove = Callback::new(move |()| {
        let (Some(association), one) = (people.home(), one.get_value()) else { return };
        let request = RemoveRequest { association, member: one.member.clone() };
        people.change(REMOVE, serde_json::to_string(&request).ok(), &one, removed.clone());
    });
    let renew = move |_| people.invite(own, Some(one.with_value(|one| one.member.clone())));
    view! {
        <li>
            <p><strong>{name}</strong>{is_me.then(|| format!(" {}", t::me(lang)))}</p>
            <p class="small">{role}" · "{used}</p>
            <details>
                <summary>{change}</summary>
                <form class="field" on:submit=rename>
                    <label for=field.clone()>{t::nickname(lang)}</label>
                    <input id=field autocomplete="off" maxlength=bounds::NICKNAME_MAX_CHARS prop:value=move || nickname.get()
                        on:input=move |event| nickname.set(event_target_value(&event)) />
                    <p><button class="button quiet" disabled=people.asking>{volunteer::save(lang)}</button></p>
                </form>
                <p class="row">
                    {renewable.then(|| view! { <button class="button quiet" disabled=people.asking on:click=renew>{t::renew(lang)}</button> })}
                    {is_reviewer.then(|| view! {
                        <button class="button quiet" disabled=people.asking on:click=move |_| make_volunteer()>{t::make_volunteer(lang)}</button>
                    })}
                    <button class="button quiet" aria-expanded=move || removing.get().to_string()
                        on:click=move |_| removing.update(|open| *open = !*open)>{t::remove(lang)}</button>
                </p>
                <Show when=move || removing.get()>
                    <div class="notice ask" role="group">
                        <p>{sure.clone()}</p>
                        <p class="row">
                            <button class="button" disabled=people.asking on:click=move |_| remove.run(())>{remove_do.clone()}</button>
                            <button class="button quiet" on:click=move |_| removing.set(false)>{association::file_cancel(lang)}</button>
                        </p>
                    </div>
                </Show>
            </details>
        </li>
    }
}
