//! Whom to ask: the association's contact at the foot of every screen, in the same place (WCAG 3.2.6), and the reviewer's form for it.

use domain::{Kind, association::Association, bounds};
use leptos::prelude::*;
use serde_json::{Value, json};
use sync::outbox::Body;

use super::context::phone;
use crate::texts::volunteer as t;

#[component]
pub fn WhomToAsk() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let contact = Memo::new(move |_| phone.own_association().and_then(|own| own.contact));
    let reached = |contact: String| match address_of(&contact) {
        Some(address) => view! { <a href=address>{contact}</a> }.into_any(),
        None => view! { <span>{contact}</span> }.into_any(),
    };
    move || {
        contact.get().map(|contact| view! { <footer class="whom">{t::whom_to_ask(lang)}" "{reached(contact)}</footer> })
    }
}

/// Fewer digits are a room or an opening hour.
const PHONE_DIGITS_MIN: usize = 7;

/// Where a tap on a contact leads: its e-mail address, or else its telephone number.
fn address_of(contact: &str) -> Option<String> {
    let words = contact.split([' ', ',', ';', '(', ')']).map(|word| word.trim_end_matches('.'));
    if let Some(mail) = words.into_iter().find(|word| word.contains('@')) {
        return Some(format!("mailto:{mail}"));
    }
    let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '\u{a0}');
    let numbers = contact.split(|c| !is_of_number(c)).map(|part| part.replace(['-', ' ', '\u{a0}'], ""));
    numbers.into_iter().find(|digits| digits.len() >= PHONE_DIGITS_MIN).map(|digits| format!("tel:{digits}"))
}

/// For the reviewer, in the settings.
#[component]
pub fn ContactForm() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let contact = Memo::new(move |_| phone.own_association().and_then(|own| own.contact).unwrap_or_default());
    let text = RwSignal::new(contact.get_untracked());
    Effect::new(move |_| text.set(contact.get()));
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let own = phone.shown(Kind::Association).into_iter().find(|shown| Association::parse(&shown.content).is_ok());
        let Some(own) = own else { return };
        let typed = text.get_untracked();
        let new = if typed.trim().is_empty() { Value::Null } else { json!(typed.trim()) };
        let mut content = own.content;
        content.insert("contact".into(), new);
        phone.run(
            phone.save(vec![(own.id, Kind::Association, Body::Content(content))], t::contact_saved(lang).to_owned()),
        );
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tap_on_a_contact_writes_or_calls() {
        let address = |contact: &str| address_of(contact);
        assert_eq!(address("Sihteeri, sihteeri@yhdistys.example"), Some("mailto:sihteeri@yhdistys.example".into()));
        assert_eq!(address("Toimisto 044 123 4567, ma 10-14"), Some("tel:0441234567".into()));
        assert_eq!(address("+358 44-123 4567 (toimisto)"), Some("tel:+358441234567".into()));
        assert_eq!(address("Järjestötalo, huone 12, ma 10–14"), None);
    }
}
