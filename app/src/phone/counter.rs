//! Counting with − and +: 64 px buttons, hold to repeat, and a field for those who rather type.

use std::time::Duration;

use leptos::{ev, prelude::*};

use super::context::phone;
use crate::texts::volunteer as t;

/// Wait before a held button repeats, and between repeats.
const HOLD: Duration = Duration::from_millis(450);
const REPEAT: Duration = Duration::from_millis(90);

/// A number that starts as "–". `step` is in the number's own unit; `show` writes it, `read` reads what was typed.
#[component]
pub fn Counter(
    id: &'static str,
    label: &'static str,
    /// Empty where there is nothing to add.
    hint: &'static str,
    value: RwSignal<Option<u32>>,
    max: u32,
    #[prop(default = 1)] step: u32,
    #[prop(into)] show: Callback<u32, String>,
    #[prop(into)] read: Callback<String, Option<u32>>,
    #[prop(into)] changed: Callback<()>,
) -> impl IntoView {
    let phone = phone();
    let change = move |up: bool| {
        value.update(|value| {
            *value = match (*value, up) {
                (Some(now), true) => Some(now.saturating_add(step).min(max)),
                (Some(now), false) => Some(now.saturating_sub(step)),
                (None, true) => Some(step),
                (None, false) => Some(0),
            }
        });
        changed.run(());
    };
    let typed = move |event: ev::Event| {
        value.set(read.run(event_target_value(&event)));
        changed.run(());
    };
    let lang = phone.lang.get_untracked();
    view! {
        <div class="count" role="group" aria-labelledby=format!("{id}-label")>
            <label id=format!("{id}-label") for=id>{label}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
            <div class="stepper">
                <Hold label=t::less(lang, label) text="−" act=Callback::new(move |()| change(false)) />
                <input
                    id=id
                    class="number"
                    inputmode="decimal"
                    autocomplete="off"
                    placeholder="–"
                    aria-describedby=(!hint.is_empty()).then(|| format!("{id}-hint"))
                    prop:value=move || value.get().map(|number| show.run(number)).unwrap_or_default()
                    on:change=typed
                    on:focus=select_all
                />
                <Hold label=t::more(lang, label) text="+" act=Callback::new(move |()| change(true)) />
            </div>
        </div>
    }
}

/// A tap on the number is meant to write another one.
fn select_all(event: ev::FocusEvent) {
    event_target::<web_sys::HtmlInputElement>(&event).select();
}

/// A button that repeats while it is held. A click by keyboard or by an assistive device counts once.
#[component]
fn Hold(label: String, text: &'static str, act: Callback<()>) -> impl IntoView {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    // The click that ends a hold has been counted by the hold.
    let held = StoredValue::new(false);
    let stop = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    let start = move |event: ev::PointerEvent| {
        if event.button() != 0 {
            return;
        }
        held.set_value(false);
        stop();
        repeat(timer, HOLD, held, act);
    };
    on_cleanup(stop);
    view! {
        <button
            type="button"
            class="step"
            aria-label=label
            on:pointerdown=start
            on:pointerup=move |_| stop()
            on:pointerleave=move |_| stop()
            on:pointercancel=move |_| stop()
            on:contextmenu=|event| event.prevent_default()
            on:click=move |_| {
                stop();
                if !held.get_value() {
                    act.run(());
                }
                held.set_value(false);
            }
        >
            <span aria-hidden="true">{text}</span>
        </button>
    }
}

fn repeat(timer: StoredValue<Option<TimeoutHandle>>, after: Duration, held: StoredValue<bool>, act: Callback<()>) {
    let next = move || {
        held.set_value(true);
        act.run(());
        repeat(timer, REPEAT, held, act);
    };
    if let Ok(handle) = set_timeout_with_handle(next, after) {
        timer.set_value(Some(handle));
    }
}
