//! Conditional display, placeholders while something loads, and helpers that wait for the browser to paint.

use std::time::Duration;

use leptos::{children::ViewFn, prelude::*};
use wasm_bindgen::JsCast;

use crate::{phone::base::phone::phone, texts::common};

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

/// In a task of its own, once the browser has drawn what is there.
pub fn after_paint(work: impl FnOnce() + 'static) {
    request_animation_frame(move || set_timeout(work, Duration::ZERO));
}

/// Moves the focus to what a selector finds, once the browser is about to draw it.
pub fn focus(selector: &str) {
    let selector = selector.to_owned();
    request_animation_frame(move || {
        let found = document().query_selector(&selector).ok().flatten();
        if let Some(element) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// The rest of a screen, a frame after its beginning: a cheap phone shows something sooner, and answers to taps in between. The style
/// keeps room for it where something else would move.
#[component]
pub fn NextFrame(children: ChildrenFn) -> AnyView {
    let is_time = RwSignal::new(false);
    after_paint(move || {
        let _ = is_time.try_set(true);
    });
    view! { <Show when=is_time fallback=|| view! { <div class="soon"></div> }>{children()}</Show> }.into_any()
}

/// What is folded, drawn when it is opened for the first time: a form's rarer fields cost a cheap phone as much as all the others.
#[component]
pub fn Folded(summary: &'static str, open: RwSignal<bool>, children: ChildrenFn) -> AnyView {
    let drawn = Memo::new(move |before: Option<&bool>| before == Some(&true) || open.get());
    let toggled =
        move |event: leptos::ev::Event| open.set(event_target::<web_sys::Element>(&event).has_attribute("open"));
    view! {
        <details prop:open=move || open.get() on:toggle=toggled>
            <summary>{summary}</summary>
            {move || drawn.get().then(|| children())}
        </details>
    }
    .into_any()
}

/// Lets one tap through, and the next one when what it asked for is done, the list has closed up and a double tap is over.
#[derive(Clone, Copy)]
pub struct OneTap(StoredValue<bool>);

impl OneTap {
    const SETTLES: Duration = Duration::from_millis(1_000);

    pub fn new() -> OneTap {
        OneTap(StoredValue::new(false))
    }

    /// Whether this tap counts. Whoever is told so does its work by [`OneTap::until`].
    pub fn takes(self) -> bool {
        !self.0.get_value() && self.0.try_set_value(true).is_none()
    }

    pub async fn until<T>(self, work: impl Future<Output = T>) -> T {
        let done = work.await;
        let settled = move || {
            let _ = self.0.try_set_value(false);
        };
        set_timeout(settled, Self::SETTLES);
        done
    }
}

/// One of a few values to choose from, pressed while it is chosen.
#[component]
pub fn Chip<T: Clone + PartialEq + Send + Sync + 'static>(
    #[prop(into)] label: String,
    value: RwSignal<T>,
    of: T,
) -> impl IntoView {
    let is_it = {
        let of = of.clone();
        Signal::derive(move || value.with(|value| *value == of))
    };
    view! { <Pressed label=label is_it press=Callback::new(move |()| value.set(of.clone())) /> }
}

/// As [`Chip`], where choosing is more than setting a value.
#[component]
pub fn Pressed(#[prop(into)] label: Signal<String>, #[prop(into)] is_it: Signal<bool>, press: Callback<()>) -> AnyView {
    let pressed = move || if is_it.get() { "true" } else { "false" };
    view! {
        <button type="button" class="chip" aria-pressed=pressed on:click=move |_| press.run(())>{move || label.get()}</button>
    }
    .into_any()
}

/// The time that is shown, with a step back and one on.
#[component]
pub fn Steps(
    #[prop(into)] earlier: Signal<String>,
    #[prop(into)] later: Signal<String>,
    /// There is nothing later.
    #[prop(into)]
    is_last: Signal<bool>,
    step: Callback<i32>,
) -> AnyView {
    view! {
        <p class="row">
            <button class="button quiet" on:click=move |_| step.run(-1)>"‹ "{move || earlier.get()}</button>
            <button class="button quiet" disabled=move || is_last.get() on:click=move |_| step.run(1)>{move || later.get()}" ›"</button>
        </p>
    }
    .into_any()
}

/// A year, until the present one.
#[component]
pub fn YearSteps(year: RwSignal<i16>) -> AnyView {
    let today = phone().clock.today;
    view! {
        <Steps
            earlier=Signal::derive(move || (year.get() - 1).to_string())
            later=Signal::derive(move || (year.get() + 1).to_string())
            is_last=Signal::derive(move || year.get() >= today.get().year())
            step=Callback::new(move |years: i32| year.update(|year| *year += years as i16))
        />
    }
    .into_any()
}

/// In the place of a screen that is on its way.
#[component]
pub fn Skeleton() -> AnyView {
    let lang = phone().lang.get_untracked();
    view! {
        <h1 tabindex="-1" class="visually-hidden">{common::product(lang)}</h1>
        <SkeletonBars />
    }
    .into_any()
}

/// As in the shell, so that nothing moves when the app takes its place.
#[component]
pub fn SkeletonBars() -> AnyView {
    view! { <div class="bone tall"></div><div class="bone"></div><div class="bone"></div> }.into_any()
}
