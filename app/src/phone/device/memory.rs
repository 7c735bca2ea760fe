//! Notices about the phone's storage: healed, lost or cleared. They are rare, and so in the second WebAssembly file.

use domain::date;
use leptos::prelude::*;

use crate::{
    format::short_day,
    phone::base::{
        phone::{Phone, phone},
        status::{Memory, REMOVED},
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
            <button class="button" on:click=move |_| phone.ask(|services| services.memory_seen())>{t::seen(lang)}</button>
        </div>
    }
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
        Memory::Removed => {
            let stored = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(REMOVED).ok()?);
            let name = stored.as_deref().and_then(|stored| stored.split_once(' ')).map(|(_, name)| name.to_owned());
            joining::removed(lang, name.unwrap_or_default())
        }
    }
}
