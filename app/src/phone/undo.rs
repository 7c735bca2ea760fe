//! "Kumoa" for ten seconds instead of "are you sure".

use leptos::{prelude::*, task::spawn_local};

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::context::{Phone, phone};
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
        spawn_local(async move {
            let undoing = phone.act(|actions| actions.undo(undo.changes));
            if let Err(reason) = undoing.await {
                phone.storage_problem.set(Some(reason.0));
            }
        });
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
        let set = Reflect::get(&navigator, &"setAppBadge".into()).ok().and_then(|set| set.dyn_into::<Function>().ok());
        if let Some(set) = set {
            // None takes it away.
            let _ = set.call1(&navigator, &(waiting.get() as u32).into());
        }
    });
}
