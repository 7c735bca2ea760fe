//! Files of texts, which `public/boot.js` fetches: it knows their addresses.

use domain::Lang;
use js_sys::Promise;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::{actions::LocalFuture, method::method};

/// Asks at once for a language's file, that of a late room or, without a name, that of every phone; none where it could not be had.
pub fn fetch_texts(lang: Lang, room: &str) -> LocalFuture<Option<String>> {
    let asked = method(&window(), "hytevihkoTexts")
        .and_then(|texts| texts.call2(&JsValue::NULL, &lang.tag().into(), &room.into()).ok())
        .and_then(|asked| asked.dyn_into::<Promise>().ok())
        .map(JsFuture::from);
    Box::pin(async { asked?.await.ok()?.as_string() })
}
