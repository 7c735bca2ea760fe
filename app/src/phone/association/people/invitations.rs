//! Invitations: a new one to be shown, and those that nobody has used yet.

use domain::{Role, date};
use leptos::{prelude::*, task::spawn_local};
use sync::protocol::invitations::{InviteReply, OpenInvitation};

use super::{
    model::{Made, People},
    part::or_why,
};
use crate::{
    format::short_day,
    phone::{
        association::press::Said,
        base::{
            place::moment,
            share::{can_share, copy, share},
            widgets::focus,
        },
    },
    texts::{members as t, paper},
};

/// A new invitation, to be shown, sent or printed: the only time that its code can be seen.
#[component]
pub fn Invitation(people: People, made: Made) -> impl IntoView {
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
            let _ = people.press.said.try_set(Some(said));
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
            <p>{t::valid_until(lang, moment(lang, expires))}</p>
            <label class="field"><span>{t::link(lang)}</span><input readonly prop:value=url /></label>
            <p class="row">
                {can_share().then(|| view! { <button class="button" on:click=send>{t::share(lang)}</button> })}
                <button class="button quiet" on:click=copies>{t::copy(lang)}</button>
                <button class="button quiet" on:click=|_| { let _ = window().print(); }>{paper::print(lang)}</button>
            </p>
            <p class="row">
                <button class="button" on:click=move |_| { people.show_made(None); focus("main h1") }>{t::done(lang)}</button>
                <button class="button quiet" disabled=people.press.asking on:click=move |_| people.revoke(id.clone())>{t::revoke(lang)}</button>
            </p>
        </section>
    }
}

/// Those that can still be used.
#[component]
pub fn Open(people: People) -> impl IntoView {
    let phone = people.phone;
    let lang = phone.lang.get_untracked();
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
                <p class="small">{t::valid_until(lang, moment(lang, one.expires))}" "{t::made(lang, made)}</p>
                <button class="button quiet" disabled=people.press.asking on:click=move |_| people.revoke(id.clone())>{t::revoke(lang)}</button>
            </li>
        }
    };
    or_why(people, people.open, move |open| match open.is_empty() {
        true => view! { <p>{t::open_none(lang)}</p> }.into_any(),
        false => view! { <ul class="list">{open.into_iter().map(one_open).collect_view()}</ul> }.into_any(),
    })
}
