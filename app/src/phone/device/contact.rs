//! Whom to ask: the association's contact at the foot of every screen, always in the same place (WCAG 3.2.6), and the
//! form in which the reviewer edits it.

use domain::{Kind, association::Association, bounds};
use leptos::prelude::*;
use serde_json::{Value, json};
use sync::local::Body;

use crate::{
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

/// Where a tap on a contact leads: its e-mail address, or else its telephone number. What is not surely one is only text.
fn address_of(contact: &str) -> Option<String> {
    let is_mail = |word: &&str| {
        word.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.trim_matches('.').contains('.'))
    };
    let words =
        contact.split([' ', '\u{a0}', ',', ';', ':', '<', '>', '(', ')']).map(|word| word.trim_end_matches('.'));
    let mail = words.into_iter().find(is_mail).map(|mail| format!("mailto:{mail}"));
    mail.or_else(|| telephone(contact).map(|number| format!("tel:{number}")))
}

/// Digits of a telephone number, with its area code. Fewer are a room or a postal code; more, the hours that are written behind it.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=13;
const DIGITS_MAX_AT_HOME: usize = 10;

fn telephone(contact: &str) -> Option<String> {
    let begins = |(at, c): &(usize, char)| {
        let before = contact[..*at].chars().next_back();
        matches!(c, '0' | '+') && !before.is_some_and(|before| before.is_alphanumeric() || before == '-')
    };
    contact.char_indices().filter(begins).find_map(|(at, first)| {
        let max = if first == '+' { *DIGITS.end() } else { DIGITS_MAX_AT_HOME };
        let is_of_number = |c: &char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '\u{a0}');
        let text: String = contact[at..].chars().take_while(is_of_number).collect();
        let mut number = String::new();
        for group in text.split(['-', ' ', '\u{a0}']) {
            if (number.clone() + group).trim_start_matches('+').len() > max {
                break;
            }
            number += group;
        }
        DIGITS.contains(&number.trim_start_matches('+').len()).then_some(number)
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tap_on_a_contact_writes_or_calls() {
        for (contact, leads_to) in [
            ("Sihteeri, sihteeri@yhdistys.example", "mailto:sihteeri@yhdistys.example"),
            ("Toimisto, sähköposti:toimisto@yhdistys.example.", "mailto:toimisto@yhdistys.example"),
            ("Toimisto 044 000 0000, ma 10-14", "tel:0440000000"),
            ("Toimisto ma 10-14 044 000 0000 13-15", "tel:0440000000"),
            ("+358 44-000 0000 (toimisto)", "tel:+358440000000"),
        ] {
            assert_eq!(address_of(contact).as_deref(), Some(leads_to), "{contact}");
        }
        for text in
            ["Järjestötalo, huone 12, ma 10–14", "Keskuskatu 12, 00100 Helsinki", "1234567-8", "kysy @kerho", ""]
        {
            assert_eq!(address_of(text), None, "{text}");
        }
    }
}
