//! The browser's entry point: mounts the app on the static shell and runs the sync loop.
//!
//! The composition root of the browser side: it plugs IndexedDB (`store`), the network and the browser's clock into the
//! pure engine (`sync`) and the screens (`app`). Rules live in those crates; this one only calls the browser.

// Views are nested types, and the whole app is one of them.
#![recursion_limit = "512"]

mod actions;
mod browser;
mod device;
mod leaving;
mod me;
mod net;
mod removal;
mod services;
mod stage;
mod sync_loop;
mod worker;

use std::rc::Rc;

use app::phone::Phone;
use domain::Lang;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::prelude::wasm_bindgen;

use device::Device;
use stage::show_after;

/// Mounts the app in a language. Called once by `boot.js`, with the language's tag and texts. False when the texts are not those of this build.
#[wasm_bindgen]
pub fn mount(tag: &str, texts: String) -> bool {
    if !app::texts::speak(texts) {
        return false;
    }
    let lang = Lang::from_tag(tag).unwrap_or_default();
    // Before anything is spawned; mounting would do it too late. It fails only where it has been done.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let device = Device::new();
    let remembered = me::remembered();
    // What is made here lives as long as the page.
    let owner = Owner::new();
    owner.set();
    std::mem::forget(owner);
    let phone = Phone::new(lang, remembered, browser::is_online(), Rc::new(device.clone()));
    phone.clock.look(browser::now_ms() as i64);
    device.attach(phone);
    worker::watch(phone);
    spawn_local(app::phone::fetch_early());
    spawn_local(async move {
        let first_visit = phone.identity.me.get_untracked().is_none();
        if first_visit {
            // The skeleton stands until it is known for whom to draw; a slow answer is not waited for.
            spawn_local(show_after(SKELETON_MS, phone));
        } else {
            // Local records first: Home is there before anything is asked of the network.
            device.open_store().await;
            phone.records.loaded.set(true);
            show_after(0, phone).await;
            // Whoever was here before may have unsent changes: their two copies are compared before anything is sent or taken.
            actions::take_up(&device).await;
        }
        let is_other_user = me::refresh(&device, phone).await;
        if first_visit {
            show_after(0, phone).await;
        }
        if is_other_user {
            device.open_store().await;
        }
        phone.records.loaded.set(true);
        // Who signs in again after having left is no new user: whatever waits is compared first.
        let has_history = device.store().is_some_and(|store| store.has_history());
        if first_visit && !has_history {
            device.load().await;
            device.start();
            // Nobody's records are none: whoever comes with an invitation does not wait for them.
            if phone.identity.me.get_untracked().is_some() {
                browser::sleep(RECORDS_FIRST_MS).await;
            }
            actions::take_up(&device).await;
        } else {
            if first_visit || is_other_user {
                actions::take_up(&device).await;
            }
            device.start();
        }
    });
    true
}

/// How long a first visit waits for the answer to who is signed in before it draws, milliseconds.
const SKELETON_MS: u32 = 1_500;

/// On a first visit the records have the network for themselves for so long, milliseconds: the second file is larger than all of them.
/// Until it is here what is typed is kept in memory only, and a save waits for it.
const RECORDS_FIRST_MS: u32 = 1_000;
