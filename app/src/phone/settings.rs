//! Settings: language, who is signed in, sign out.

use domain::Lang;
use leptos::prelude::*;

use super::context::phone;
use crate::texts::{common, volunteer as t};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang;
    let sign_out = move |_| {
        let waits = phone.outbox.with_untracked(|outbox| outbox.waiting() > 0);
        let question = t::sign_out_waiting(lang.get_untracked());
        if !waits || phone.act(|actions| actions.confirm(question)) {
            phone.act(|actions| actions.sign_out());
        }
    };
    view! {
        <h1 tabindex="-1">{move || t::settings(lang.get())}</h1>
        <div class="settings">
            <section>
                <h2>{move || common::language(lang.get())}</h2>
                <Languages />
            </section>
            <section>
                <h2>{move || t::association(lang.get())}</h2>
                {move || phone.me.get().map(|me| view! { <p>{t::signed_in_as(lang.get(), me.nickname)}</p> })}
                <Associations />
                {move || phone.own_association().and_then(|own| own.contact).map(|contact| view! { <p>{t::whom_to_ask(lang.get(), contact)}</p> })}
                <button class="button quiet" on:click=sign_out>{move || common::sign_out(lang.get())}</button>
            </section>
        </div>
    }
}

/// The languages as words.
#[component]
pub fn Languages() -> impl IntoView {
    let phone = phone();
    let button = move |other: Lang| {
        view! {
            <li>
                <button class="link" lang=other.tag() aria-current=move || (phone.lang.get() == other).then_some("true")
                    on:click=move |_| phone.act(|actions| actions.set_language(other))>{other.own_name()}</button>
            </li>
        }
    };
    view! {
        <nav class="languages" aria-label=move || common::language(phone.lang.get())>
            <ul>{Lang::ALL.map(button).into_iter().collect_view()}</ul>
        </nav>
    }
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
                    <span class="visually-hidden">{move || t::association(phone.lang.get())}</span>
                    <select on:change=move |event| phone.association.set(domain::AssociationId::parse(&event_target_value(&event)))>
                        {me.memberships.into_iter().map(option).collect_view()}
                    </select>
                </label>
            }
            .into_any(),
        )
    }
}
