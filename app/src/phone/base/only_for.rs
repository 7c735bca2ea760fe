//! A guard for screens of one role: shows them to a user who has the role in the association in view, once its records
//! have arrived.

use domain::Role;
use leptos::prelude::*;

use crate::{
    phone::base::{address::Link, phone::phone, widgets::Skeleton},
    texts::{common, volunteer as v},
};

#[component]
pub fn OnlyFor(role: Role, children: ChildrenFn) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    // A memo: what is received later must not draw the screen anew.
    let shows = Memo::new(move |_| match phone.identity.role() == Some(role) {
        // No figure before there is anything to count.
        true if phone.records.has_received() => Some(true),
        // Who is signed in may turn out to be somebody else than this device remembers.
        false if phone.records.loaded.get() => Some(false),
        _ => None,
    });
    move || match shows.get() {
        Some(true) => children(),
        Some(false) => view! {
            <h1 tabindex="-1">{common::reviewers_only(lang)}</h1>
            <p><Link href="/app" class="button">{v::home(lang)}</Link></p>
        }
        .into_any(),
        None => view! { <Skeleton /> }.into_any(),
    }
}
