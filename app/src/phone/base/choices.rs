//! The language and the association in view: chosen in the header and in the settings.

use domain::{AssociationId, Lang};
use leptos::prelude::*;

use super::{address::address, identity::Membership, phone::phone};
use crate::texts::{common, volunteer as t};

/// The languages, in the header of every screen.
#[component]
pub fn Languages() -> impl IntoView {
    let phone = phone();
    view! { <nav class="pick languages" aria-label=common::language(phone.lang.get_untracked())><LanguageList /></nav> }
}

/// The languages as words.
#[component]
pub fn LanguageList() -> impl IntoView {
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
    view! { <ul>{Lang::offered().map(button).collect_view()}</ul> }
}

/// The association in view; on Home another one of the user's can be chosen. Elsewhere a form may be open, which is of the association
/// that it was opened in.
#[component]
pub fn Associations() -> impl IntoView {
    let phone = phone();
    let address = address();
    move || {
        let me = phone.identity.me.get()?;
        if me.memberships.len() == 1 || !address.below().is_empty() {
            let in_view = phone.identity.association.get();
            let shown = me.memberships.into_iter().find(|membership| Some(membership.association) == in_view)?;
            return Some(view! { <p class="frame-who">{shown.name}</p> }.into_any());
        }
        let choose = move |event| {
            if let Some(id) = AssociationId::parse(&event_target_value(&event)) {
                phone.ask(|services| services.choose_association(id));
            }
        };
        let option = move |membership: Membership| {
            let id = membership.association;
            view! { <option value=id.to_string() selected=move || phone.identity.association.get() == Some(id)>{membership.name}</option> }
        };
        Some(
            view! {
                <label class="field frame-who">
                    <span class="visually-hidden">{t::association(phone.lang.get_untracked())}</span>
                    <select on:change=choose>
                        {me.memberships.into_iter().map(option).collect_view()}
                    </select>
                </label>
            }
            .into_any(),
        )
    }
}
