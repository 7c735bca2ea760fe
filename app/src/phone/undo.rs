//! "Kumoa" for ten seconds instead of "are you sure".

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{
    context::{Phone, phone},
    method::method,
};
use crate::texts::volunteer as t;

/// How long it is offered.
const UNDO: std::time::Duration = std::time::Duration::from_millis(sync::limits::UNDO_MS);

#[component]
pub fn UndoBar() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    badge(phone);
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
        if let Some(timer) = timer.flatten() {
            timer.clear();
        }
        phone.undo.get()?;
        set_timeout_with_handle(move || phone.undo.set(None), UNDO).ok()
    });
    let undo = move |_| {
        let Some(undo) = phone.undo.get_untracked() else { return };
        phone.undo.set(None);
        phone.run(phone.act(|actions| actions.undo(undo.changes)));
    };
    move || {
        phone.undo.get().map(|offered| {
            view! {
                <div class="undo">
                    <span>{offered.text}</span>
                    <button class="button big" on:click=undo>{t::undo(lang)}</button>
                </div>
            }
        })
    }
}

/// The app's icon says how many wait, where the browser shows it.
fn badge(phone: Phone) {
    let waiting = Memo::new(move |_| phone.outbox.with(|outbox| outbox.waiting()));
    Effect::new(move |_| {
        let navigator = JsValue::from(window().navigator());
        if let Some(set) = method(&navigator, "setAppBadge") {
            // None takes it away.
            let _ = set.call1(&navigator, &(waiting.get() as u32).into());
        }
    });
}
