//! Whom to ask: the association's contact at the foot of every screen, always in the same place (WCAG 3.2.6), and the
//! form in which the reviewer edits it.

use domain::{Kind, association::Association, bounds};
use leptos::prelude::*;
use serde_json::{Value, json};
use sync::local::Body;

use crate::{
    contact::address_of,
    phone::base::{phone::phone, widgets::OneTap},
    texts::volunteer as t,
};

#[component]
pub fn WhomToAsk() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let contact = Memo::new(move |_| phone.records.own_association().and_then(|own| own.contact));
    let reached = |contact: String| match address_of(&contact) {
        Some(address) => view! { <a href=address>{contact}</a> }.into_any(),
        None => view! { <span>{contact}</span> }.into_any(),
    };
    move || {
        contact
            .get()
            .map(|contact| view! { <footer class="contact-foot">{t::whom_to_ask(lang)}" "{reached(contact)}</footer> })
    }
}

/// For the reviewer, in the settings.
#[component]
pub fn ContactForm() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let contact = Memo::new(move |_| phone.records.own_association().and_then(|own| own.contact).unwrap_or_default());
    let text = RwSignal::new(contact.get_untracked());
    // What another phone has written comes into the field only where nobody writes.
    Effect::new(move |before: Option<String>| {
        let now = contact.get();
        if before.is_some_and(|before| text.get_untracked() == before) {
            text.set(now.clone());
        }
        now
    });
    let settles = OneTap::new();
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let own =
            phone.records.shown(Kind::Association).into_iter().find(|shown| Association::parse(&shown.content).is_ok());
        let Some(own) = own.filter(|_| settles.takes()) else { return };
        text.update(|text| *text = text.trim().to_owned());
        let typed = text.get_untracked();
        let new = if typed.is_empty() { Value::Null } else { json!(typed) };
        let mut content = own.content;
        content.insert("contact".into(), new);
        let edit = (own.id, Kind::Association, Body::Content(content));
        phone.run(settles.until(phone.save(vec![edit], t::contact_saved(lang).to_owned())));
    };
    view! {
        <form class="field" on:submit=save>
            <label for="contact">{t::contact(lang)}</label>
            <p class="hint" id="contact-hint">{t::contact_hint(lang)}</p>
            <input id="contact" autocomplete="off" maxlength=bounds::ASSOCIATION_NAME_MAX_CHARS aria-describedby="contact-hint"
                prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event)) />
            <p><button class="button" disabled=move || text.get().trim() == contact.get()>{t::save(lang)}<span class="visually-hidden">" "{t::contact(lang)}</span></button></p>
        </form>
    }
}
