//! What is shown on a condition, and while it is waited for.

use leptos::{children::ViewFn, prelude::*};

use super::context::phone;
use crate::texts::common;

/// As Leptos's `Show`, but one type for all conditions and contents: that one is compiled anew for each place.
#[component]
pub fn Show(
    #[prop(into)] when: Signal<bool>,
    children: ChildrenFn,
    #[prop(optional, into)] fallback: ViewFn,
) -> AnyView {
    let when = Memo::new(move |_| when.get());
    (move || if when.get() { children() } else { fallback.run() }).into_any()
}

/// What is folded, drawn when it is opened for the first time: a form's rarer fields cost a cheap phone as much as all the others.
#[component]
pub fn Folded(summary: &'static str, open: RwSignal<bool>, children: ChildrenFn) -> AnyView {
    let drawn = Memo::new(move |before: Option<&bool>| before == Some(&true) || open.get());
    let toggled =
        move |event: leptos::ev::Event| open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
    view! {
        <details class="more" prop:open=move || open.get() on:toggle=toggled>
            <summary>{summary}</summary>
            {move || drawn.get().then(|| children())}
        </details>
    }
    .into_any()
}

/// In the place of a screen that is on its way.
#[component]
pub fn Coming() -> AnyView {
    let lang = phone().lang.get_untracked();
    view! {
        <h1 tabindex="-1" class="visually-hidden">{common::product(lang)}</h1>
        <Bones />
    }
    .into_any()
}

/// As in the shell, so that nothing moves when the app takes its place.
#[component]
pub fn Bones() -> AnyView {
    view! { <div class="bone tall"></div><div class="bone"></div><div class="bone"></div> }.into_any()
}
