//! Wrappers around the browser: clock, randomness, cookies, locks and storage.

use std::task::Poll;

use app::phone::{LocalFuture, method};
use domain::{ChangeId, RecordId};
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::{document, window};
use uuid::{NoContext, Timestamp, Uuid};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

/// The device's clock, milliseconds since 1970. Information only (S7).
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// A clock that only grows while the page lives, milliseconds.
pub fn monotonic_ms() -> u64 {
    window().performance().map_or_else(now_ms, |performance| performance.now()) as u64
}

pub fn dice() -> u64 {
    Uuid::new_v4().as_u64_pair().0
}

fn uuid_v7() -> Uuid {
    let ms = now_ms().max(0.0);
    let seconds = (ms / 1000.0) as u64;
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, (ms % 1000.0) as u32 * 1_000_000))
}

pub fn new_record_id() -> RecordId {
    RecordId::new(uuid_v7())
}

pub fn new_change_id() -> ChangeId {
    ChangeId::new(uuid_v7())
}

/// Only a hint: it says "maybe" at best.
pub fn is_online() -> bool {
    window().navigator().on_line()
}

pub fn set_cookie(text: &str) {
    let _ = Reflect::set(&document(), &"cookie".into(), &text.into());
}

pub fn local_get(key: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(key).ok()?
}

pub fn local_set(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, value);
    }
}

pub fn local_remove(key: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.remove_item(key);
    }
}

pub async fn sleep(ms: u32) {
    let rings = Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms as i32);
    });
    let _ = JsFuture::from(rings).await;
}

/// What `work` gives, or none when it takes longer.
pub async fn within<T>(ms: u32, mut work: LocalFuture<T>) -> Option<T> {
    let mut timeout = std::pin::pin!(sleep(ms));
    std::future::poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => timeout.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// A Web Lock, held until it is dropped.
pub struct Held(Option<Function>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// Waits for the named Web Lock, which orders the tabs and the tasks of this one; at most [`LOCK_WAIT_MS`], because a frozen tab may
/// hold it, and then goes on without: nothing that it guards loses a record.
pub fn lock(name: &'static str) -> LocalFuture<Held> {
    Box::pin(ask_for_lock(name))
}

async fn ask_for_lock(name: &str) -> Held {
    let Some((locks, request)) = locks() else { return Held(None) };
    let mut release = None;
    let released = Promise::new(&mut |resolve, _| release = Some(resolve));
    let mut go = None;
    let granted = Promise::new(&mut |resolve, _| go = Some(resolve));
    let (Some(release), Some(go)) = (release, go) else { return Held(None) };
    let gives_up = go.clone();
    let held = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
        let _ = go.call1(&JsValue::NULL, &JsValue::TRUE);
        released.into()
    });
    let options = Object::new();
    let _ = Reflect::set(&options, &"signal".into(), &web_sys::AbortSignal::timeout_with_u32(LOCK_WAIT_MS).into());
    let asked = request.apply(&locks, &Array::of3(&name.into(), &options, &held));
    if let Ok(asked) = asked.and_then(|asked| asked.dyn_into::<Promise>()) {
        leptos::task::spawn_local(async move {
            if JsFuture::from(asked).await.is_err() {
                let _ = gives_up.call1(&JsValue::NULL, &JsValue::FALSE);
            }
        });
    }
    let _ = JsFuture::from(granted).await;
    Held(Some(release))
}

const LOCK_WAIT_MS: u32 = 3_000;

fn locks() -> Option<(JsValue, Function)> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok().filter(|locks| locks.is_object())?;
    let request = method(&locks, "request")?;
    Some((locks, request))
}

/// Asks for the named Web Lock, waits for it however long, calls `granted` and keeps it until the tab is gone. Where the browser
/// has no locks it is granted at once: a change sent twice has the effect of once (S5).
pub fn when_leader(name: &str, granted: impl FnOnce() + 'static) {
    let Some((locks, request)) = locks() else { return granted() };
    let held = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
        granted();
        // Never resolves: the lock is let go of when the tab closes or crashes.
        Promise::new(&mut |_, _| {}).into()
    });
    let _ = request.apply(&locks, &Array::of2(&name.into(), &held));
}

/// Asks the browser not to throw this site's storage away when it needs room. It may say no; nothing depends on it.
pub fn persist() {
    let storage = Reflect::get(&window().navigator(), &"storage".into()).unwrap_or_default();
    let asked = method(&storage, "persist").and_then(|persist| persist.call0(&storage).ok());
    if let Some(asked) = asked.and_then(|asked| asked.dyn_into::<Promise>().ok()) {
        leptos::task::spawn_local(async move {
            let _ = JsFuture::from(asked).await;
        });
    }
}

/// Offers a text as a file.
pub fn download(name: &str, text: &str) -> Result<(), JsValue> {
    let blob = web_sys::Blob::new_with_str_sequence(&Array::of1(&text.into()))?;
    let url = web_sys::Url::create_object_url_with_blob(&blob)?;
    let link: web_sys::HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    web_sys::Url::revoke_object_url(&url)
}
