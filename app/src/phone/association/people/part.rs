//! A part of the page about the association's people: folded where there is no room, with how much is in it.

use leptos::prelude::*;

use super::model::{People, Told};
use crate::{
    phone::association::wide,
    texts::{association, members as t},
};

/// A heading that folds out. `count` says how much is in it, once that is known.
#[component]
pub fn Part(title: &'static str, #[prop(into)] count: Signal<Option<usize>>, children: Children) -> impl IntoView {
    let is_open = wide::is_wide_now();
    let heading = move || match count.get() {
        Some(count) => format!("{title}: {count}"),
        None => title.to_owned(),
    };
    view! {
        <details open=is_open>
            <summary><h2>{heading}</h2></summary>
            <div class="part">{children()}</div>
        </details>
    }
}

/// How much was told.
pub fn count<T: Send + Sync + 'static>(told: RwSignal<Told<T>>) -> Signal<Option<usize>> {
    Signal::derive(move || told.with(|told| told.as_ref()?.as_ref().ok().map(Vec::len)))
}

/// What was told, or why it is not there.
pub fn or_why<T: Clone + Send + Sync + 'static>(
    people: People,
    told: RwSignal<Told<T>>,
    shown: impl Fn(Vec<T>) -> AnyView + Send + 'static,
) -> impl IntoView {
    let lang = people.phone.lang.get_untracked();
    view! {
        {move || match told.get() {
            None => view! { <div class="bone" aria-busy="true"></div> }.into_any(),
            Some(Err(())) => view! {
                <p>{t::need_network(lang)}</p>
                <p><button class="button quiet" on:click=move |_| people.ask_all()>{association::try_again(lang)}</button></p>
            }.into_any(),
            Some(Ok(all)) => shown(all),
        }}
    }
}
