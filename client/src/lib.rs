//! The browser's entry point: mounts the app on the static shell and runs the sync loop.
//!
//! The composition root of the phone: it plugs IndexedDB (`store`), the network and the browser's clock into the pure engine
//! (`sync`) and the screens (`app`). Decisions live in those; here is only what a browser does.

// Views are nested types, and the whole app is one of them.
#![recursion_limit = "512"]

mod browser;
mod device;
mod me;
mod net;
mod sync_loop;
mod worker;

use std::rc::Rc;

use app::phone::{App, Phone};
use domain::Lang;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::prelude::wasm_bindgen;

use device::Device;

/// Mounts the app. Called once by `boot.js`.
#[wasm_bindgen]
pub fn mount() {
    // Before anything is spawned; mounting would do it too late. It fails only where it has been done.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let device = Device::new();
    let remembered = me::remembered();
    // What is made here lives as long as the page.
    let owner = Owner::new();
    owner.set();
    std::mem::forget(owner);
    let actions = Rc::new(device.clone());
    let phone = Phone::new(language(), remembered, browser::today(), browser::is_online(), actions);
    phone.minutes.set(browser::minutes());
    device.attach(phone);
    worker::watch(phone);
    spawn_local(async move {
        // Local records first: the form is usable before anything is asked of the network.
        device.open_store().await;
        phone.loaded.set(phone.me.get_untracked().is_some());
        show(phone);
        me::refresh(&device, phone).await;
        phone.loaded.set(true);
        device.start();
    });
}

/// Puts the app in the skeleton's place. The user who is remembered needs no network to get here.
pub(crate) fn show(phone: Phone) {
    // Only once: a slow database has it shown before there is anything to show.
    let Some(skeleton) = document().get_element_by_id("skeleton") else { return };
    skeleton.remove();
    mount_to_body(move || view! { <App phone /> });
}

/// The language that the pages and the app share by a cookie; else the browser's.
fn language() -> Lang {
    browser::cookie("kieli")
        .and_then(|tag| Lang::from_tag(&tag))
        .or_else(|| window().navigator().language().and_then(|tag| Lang::from_tag(&tag)))
        .unwrap_or_default()
}
