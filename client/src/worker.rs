//! The service worker as the app sees it: whether it has stored the app, and whether a new version waits.

use app::phone::{Phone, method, rooms_of};
use js_sys::{Array, Function, Promise, Reflect};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// Watches for the worker that makes the app open without a network, and for a version that waits.
pub fn watch(phone: Phone) {
    spawn_local(async move {
        let Some(ready) = property(&container(), "ready").and_then(|ready| ready.dyn_into::<Promise>().ok()) else {
            return;
        };
        let Ok(registration) = JsFuture::from(ready).await else { return };
        keep_rooms(phone);
        offer_waiting(phone, &registration);
        let watched = registration.clone();
        let found = Closure::<dyn Fn()>::new(move || {
            let Some(installing) = property(&watched, "installing") else { return };
            let registration = watched.clone();
            let changed = Closure::<dyn Fn()>::new(move || offer_waiting(phone, &registration));
            let _ = Reflect::set(&installing, &"onstatechange".into(), changed.as_ref());
            changed.forget();
        });
        let _ = Reflect::set(&registration, &"onupdatefound".into(), found.as_ref());
        found.forget();
    });
}

/// The app opens without a network once the worker also holds the rooms of the user's roles (`boot.js`), and of whoever comes next.
fn keep_rooms(phone: Phone) {
    Effect::new(move |_| {
        let rooms = phone.identity.me.with(|me| me.as_ref().map(rooms_of));
        spawn_local(async move {
            let is_kept = match rooms {
                Some(rooms) => keep(rooms).await.is_some_and(|kept| kept.is_truthy()),
                None => true,
            };
            phone.status.ready_without_network.set(is_kept);
        });
    });
}

async fn keep(rooms: Vec<&'static str>) -> Option<JsValue> {
    let keep = method(&window(), "hytevihkoKeep")?;
    let rooms: Array = rooms.into_iter().map(JsValue::from).collect();
    let answer = keep.call1(&JsValue::NULL, &rooms).ok()?.dyn_into::<Promise>().ok()?;
    JsFuture::from(answer).await.ok()
}

fn offer_waiting(phone: Phone, registration: &JsValue) {
    let waits = property(registration, "waiting").is_some();
    let controlled = property(&container(), "controller").is_some();
    phone.status.new_version.set(waits && controlled);
}

/// Lets the waiting version take over and opens the app anew with it.
pub fn take_over() {
    spawn_local(async move {
        let container = container();
        let reload = Closure::once_into_js(|| {
            let _ = window().location().reload();
        });
        let _ = Reflect::set(&container, &"oncontrollerchange".into(), &reload);
        let Some(ready) = property(&container, "ready").and_then(|ready| ready.dyn_into::<Promise>().ok()) else {
            return;
        };
        let Ok(registration) = JsFuture::from(ready).await else { return };
        let Some(waiting) = property(&registration, "waiting") else { return };
        if let Some(post) = property(&waiting, "postMessage").and_then(|post| post.dyn_into::<Function>().ok()) {
            let _ = post.call1(&waiting, &"take-over".into());
        }
    });
}

fn container() -> JsValue {
    Reflect::get(&window().navigator(), &"serviceWorker".into()).unwrap_or_default()
}

fn property(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_null() && !value.is_undefined())
}
