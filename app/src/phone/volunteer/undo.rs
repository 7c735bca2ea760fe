//! The undo bar: "Kumoa" is offered for ten seconds, instead of a question before the action.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::{
    phone::base::{
        actions::Undo,
        address::{Address, address},
        draft::{About, Draft},
        keep::{keep, keep_state},
        method::method,
        phone::{Phone, phone},
    },
    texts::volunteer as t,
};

/// How long it is offered.
const UNDO: Duration = Duration::from_millis(sync::limits::UNDO_MS);
/// The bar comes where "Tallenna" was: whoever pressed that twice has asked for nothing.
const NOT_YET: Duration = Duration::from_millis(1_000);
/// How long it is said that something was taken back.
const SAID: Duration = Duration::from_millis(4_000);

pub fn undo_bar() -> AnyView {
    view! { <UndoBar /> }.into_any()
}

#[component]
fn UndoBar() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    badge(phone);
    let is_ready = RwSignal::new(false);
    Effect::new(move |timers: Option<Vec<TimeoutHandle>>| {
        timers.into_iter().flatten().for_each(|timer| timer.clear());
        is_ready.set(false);
        let Some(offered) = phone.undo.get() else { return Vec::new() };
        phone.status.said.set(offered.text.clone());
        let gone = set_timeout_with_handle(move || phone.undo.set(None), if offered.is_offer() { UNDO } else { SAID });
        let ready = set_timeout_with_handle(move || is_ready.set(true), NOT_YET);
        [gone, ready].into_iter().flatten().collect()
    });
    let address = address();
    let undo = move |_| {
        let Some(undo) = phone.undo.get_untracked() else { return };
        phone.undo.set(None);
        phone.run(async move {
            // First what was typed: should the rest fail, both are there.
            let draft = undo.draft.map(|draft| unfinished_again(phone, draft));
            undo.half_written.into_iter().for_each(|text| keep_state(phone, text.id(), text.state()));
            phone.actions().await.undo(undo.changes).await?;
            if let Some(draft) = draft {
                go_on(phone, address, &draft);
            }
            let text = t::undone(lang);
            phone.undo.set(Some(Undo { text: text.to_owned(), ..Undo::default() }));
            Ok(())
        });
    };
    move || {
        phone.undo.get().map(|offered| {
            view! {
                <div class="undo" class:undo-said=!offered.is_offer()>
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

/// Nothing that was typed is gone. Something new is so again under an id of its own: what was taken back after it had been sent is
/// deleted for good, and its id with it.
fn unfinished_again(phone: Phone, draft: Draft) -> Draft {
    let id = if draft.is_new() { phone.ask(|services| services.new_id()) } else { draft.id };
    let draft = Draft { id, ..draft };
    keep(phone, &draft);
    draft
}

/// The draft's form is open again, in the association that it was opened in.
fn go_on(phone: Phone, address: Address, draft: &Draft) {
    if let Some(association) = draft.association
        && phone.identity.association.get_untracked() != Some(association)
    {
        phone.ask(|services| services.choose_association(association));
    }
    let id = draft.id;
    match (&draft.about, draft.series()) {
        (About::Group { .. }, _) => address.go(&format!("/app/ryhma/{id}")),
        (About::Paper, _) => address.go(&draft.place_of_many()),
        _ => address.go(&format!("/app/kesken/{id}")),
    }
}

/// The app's icon says how many wait, where the browser shows it.
fn badge(phone: Phone) {
    let waiting = Memo::new(move |_| phone.records.outbox.with(|outbox| outbox.waiting()));
    Effect::new(move |_| {
        let navigator = JsValue::from(window().navigator());
        if let Some(set) = method(&navigator, "setAppBadge") {
            // None takes it away.
            let _ = set.call1(&navigator, &(waiting.get() as u32).into());
        }
    });
}
