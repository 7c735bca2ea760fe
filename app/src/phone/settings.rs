//! Settings: language, who is signed in, sign out.

use domain::Lang;
use leptos::prelude::*;

use super::context::phone;
use crate::texts::{common, volunteer as t};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let sign_out = move |_| {
        let waits = phone.outbox.with_untracked(|outbox| outbox.waiting() > 0);
        let question = t::sign_out_waiting(lang);
        if !waits || phone.ask(|services| services.confirm(question)) {
            phone.act(|actions| actions.sign_out());
        }
    };
    view! {
        <h1 tabindex="-1">{t::settings(lang)}</h1>
        <div class="settings">
            <section>
                <h2>{common::language(lang)}</h2>
                <div class="languages"><LanguageList /></div>
            </section>
            <section>
                <h2>{t::association(lang)}</h2>
                {move || phone.me.get().map(|me| view! { <p>{t::signed_in_as(lang, me.nickname)}</p> })}
                <Associations />
                {move || phone.own_association().and_then(|own| own.contact).map(|contact| view! { <p>{t::whom_to_ask(lang, contact)}</p> })}
                <p class="small">{move || if phone.one_copy.get() { t::one_copy(lang) } else { t::two_copies(lang) }}</p>
                <button class="button quiet" on:click=sign_out>{common::sign_out(lang)}</button>
            </section>
        </div>
    }
}

/// The languages, in the header of every screen.
#[component]
pub fn Languages() -> impl IntoView {
    let phone = phone();
    view! { <nav class="languages" aria-label=common::language(phone.lang.get_untracked())><LanguageList /></nav> }
}

/// The languages as words.
#[component]
fn LanguageList() -> impl IntoView {
    let phone = phone();
    let button = move |other: Lang| {
        let current = (phone.lang.get_untracked() == other).then_some("true");
        view! {
            <li>
                <button class="link" lang=other.tag() aria-current=current
                    on:click=move |_| phone.ask(|services| services.set_language(other))>{other.own_name()}</button>
            </li>
        }
    };
    view! { <ul>{Lang::ALL.map(button).into_iter().collect_view()}</ul> }
}

/// The user's associations, to switch between.
#[component]
pub fn Associations() -> impl IntoView {
    let phone = phone();
    move || {
        let me = phone.me.get()?;
        if me.memberships.len() == 1 {
            return Some(view! { <p class="who">{me.memberships[0].name.clone()}</p> }.into_any());
        }
        let option = move |membership: super::Membership| {
            let id = membership.association;
            view! { <option value=id.to_string() selected=move || phone.association.get() == Some(id)>{membership.name}</option> }
        };
        Some(
            view! {
                <label class="field who">
                    <span class="visually-hidden">{t::association(phone.lang.get_untracked())}</span>
                    <select on:change=move |event| phone.association.set(domain::AssociationId::parse(&event_target_value(&event)))>
                        {me.memberships.into_iter().map(option).collect_view()}
                    </select>
                </label>
            }
            .into_any(),
        )
    }
}
