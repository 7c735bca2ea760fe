//! Notices about the phone's storage: healed, lost or cleared. They are rare, and so in the second WebAssembly file.

use domain::date;
use leptos::prelude::*;

use crate::{
    format::short_day,
    phone::base::{
        phone::{Phone, phone},
        status::{HANDED_IN, Memory, REMOVED, SIGN_IN_ENDED_LEFT},
    },
    texts::{joining, volunteer as t},
};

#[component]
pub fn Notice(memory: Memory) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    // What needs doing stands above everything, what is only good to know under the groups.
    let (class, role) = if memory.is_calm() { ("notice", "status") } else { ("status-line ask", "alert") };
    view! {
        <div class=class role=role>
            <p>{text(phone, memory)}</p>
            <button class="button" on:click=move |_| seen(phone, memory)>{t::seen(lang)}</button>
        </div>
    }
}

fn seen(phone: Phone, memory: Memory) {
    let key = match memory {
        Memory::HandedIn(_) => Some(HANDED_IN),
        Memory::SignInEnded(_) => Some(SIGN_IN_ENDED_LEFT),
        _ => None,
    };
    if let (Some(key), Some(storage)) = (key, window().local_storage().ok().flatten()) {
        let _ = storage.remove_item(key);
    }
    phone.ask(|services| services.memory_seen());
}

fn text(phone: Phone, memory: Memory) -> String {
    let lang = phone.lang.get_untracked();
    match memory {
        Memory::Healed(count) => t::memory_healed(lang, count),
        Memory::Unreadable(count) => t::unreadable_rows(lang, count),
        Memory::Lost(count) => t::memory_lost(lang, count),
        Memory::Cleared { last_contact, waiting } => {
            let day = short_day(lang, date::in_helsinki(last_contact).0);
            let waited = if waiting > 0 {
                t::memory_cleared_waiting(lang, waiting)
            } else {
                t::memory_cleared_all_sent(lang).to_owned()
            };
            format!("{} {waited}", t::memory_cleared(lang, day))
        }
        Memory::NewPhone { last_contact, waiting } => {
            let day = short_day(lang, date::in_helsinki(last_contact).0);
            let waited = match waiting {
                0 => t::new_phone_all_sent(lang).to_owned(),
                count => t::new_phone_waiting(lang, count),
            };
            format!("{} {waited}", t::new_phone(lang, day))
        }
        Memory::Removed => joining::removed(lang, removed_from().unwrap_or_default()),
        Memory::HandedIn(count) => {
            // The notice before this one may not have been seen.
            let removed = removed_from().map(|name| format!("{} ", joining::removed(lang, name))).unwrap_or_default();
            format!("{removed}{}", joining::handed_in(lang, count))
        }
        Memory::SignInEnded(count) => joining::sign_in_ended(lang, count),
    }
}

fn removed_from() -> Option<String> {
    let stored = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(REMOVED).ok()?)?;
    stored.split_once(' ').map(|(_, name)| name.to_owned())
}
