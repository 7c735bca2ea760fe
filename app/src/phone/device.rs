//! The device's room: settings, installing the app, notices about the storage, whom to ask. It is in the main part.

mod contact;
mod install;
mod memory;
mod settings;

use contact::WhomToAsk;
use install::Install;
use leptos::prelude::*;
use settings::SettingsPage;

use super::base::status::Memory;

/// The screen of an address of this room.
pub fn screen(path: &[&str]) -> Option<AnyView> {
    (path == ["asetukset"]).then(|| view! { <SettingsPage /> }.into_any())
}

/// The app on the home screen, offered on Home when there is a reason.
pub fn install_on_home() -> AnyView {
    view! { <Install on_home=true /> }.into_any()
}

pub fn whom_to_ask() -> AnyView {
    view! { <WhomToAsk /> }.into_any()
}

pub fn memory_notice(memory: Memory) -> AnyView {
    view! { <memory::Notice memory /> }.into_any()
}
