//! "Kumoa" for ten seconds instead of "are you sure".

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::{
    context::{Phone, Undo, phone},
    draft::keep,
    method::method,
};
use crate::texts::volunteer as t;

/// How long it is offered.
const UNDO: Duration = Duration::from_millis(sync::limits::UNDO_MS);
/// The bar comes where "Tallenna" was: whoever pressed that twice has asked for nothing.
const NOT_YET: Duration = Duration::from_millis(1_000);
/// How long it is said that something was taken back.
const SAID: Duration = Duration::from_millis(4_000);

#[component]
pub fn UndoBar() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    badge(phone);
    let is_ready = RwSignal::new(false);
    Effect::new(move |timers: Option<Vec<TimeoutHandle>>| {
        timers.into_iter().flatten().for_each(|timer| timer.clear());
        is_ready.set(false);
        let Some(offered) = phone.undo.get() else { return Vec::new() };
        let gone = set_timeout_with_handle(move || phone.undo.set(None), if offered.is_offer() { UNDO } else { SAID });
        let ready = set_timeout_with_handle(move || is_ready.set(true), NOT_YET);
        [gone, ready].into_iter().flatten().collect()
    });
    let undo = move |_| {
        let Some(undo) = phone.undo.get_untracked() else { return };
        phone.undo.set(None);
        phone.run(async move {
            // The draft first: whatever happens in between, one of the two is there.
            let text = match undo.draft {
                Some(draft) => {
                    keep(phone, &draft);
                    t::undone_to_draft(lang)
                }
                None => t::undone(lang),
            };
            phone.act(|actions| actions.undo(undo.changes)).await?;
            phone.said.set(text.to_owned());
            phone.undo.set(Some(Undo { text: text.to_owned(), ..Undo::default() }));
            Ok(())
        });
    };
    move || {
        phone.undo.get().map(|offered| {
            view! {
                <div class="undo" class:said=!offered.is_offer()>
                    <span>{offered.text.clone()}</span>
                    {offered.is_offer().then(|| view! {
                        <button class="button big" disabled=move || !is_ready.get() on:click=undo>{t::undo(lang)}</button>
                    })}
                </div>
            }
        })
    }
}

impl Undo {
    /// There is something to take back, and not only to be said.
    fn is_offer(&self) -> bool {
        !self.changes.is_empty() || self.draft.is_some()
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
