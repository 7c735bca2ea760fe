//! Opens the phone's share sheet.

use js_sys::{Array, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, File, FilePropertyBag, HtmlCanvasElement, HtmlImageElement};

use crate::phone::base::method::method;

/// Offers a text, and where the browser shares files a picture with it. False where the browser shares nothing.
pub async fn share(title: String, text: String, picture: Option<(String, u32, u32)>) -> bool {
    let navigator = JsValue::from(window().navigator());
    let Some(share) = method(&navigator, "share") else { return false };
    let what = Object::new();
    let put = |name: &str, value: &JsValue| Reflect::set(&what, &name.into(), value).is_ok();
    if let Some((svg, width, height)) = picture
        && let Some(file) = png(&svg, width, height).await
    {
        let files = Object::new();
        let list = Array::of1(&file);
        let can = Reflect::set(&files, &"files".into(), &list).is_ok()
            && method(&navigator, "canShare")
                .and_then(|can| can.call1(&navigator, &files).ok())
                .is_some_and(|can| can.is_truthy());
        if can {
            put("files", &list);
        }
    }
    put("title", &title.into());
    put("text", &text.into());
    // Whoever closes the sheet has changed their mind, and nothing is wrong.
    if let Some(promise) = share.call1(&navigator, &what).ok().and_then(|promise| promise.dyn_into::<Promise>().ok()) {
        let _ = JsFuture::from(promise).await;
    }
    true
}

/// Whether the browser has a sheet to share by.
pub fn can_share() -> bool {
    method(&window().navigator(), "share").is_some()
}

/// Puts a text on the clipboard. False where the browser does not let it.
pub async fn copy(text: &str) -> bool {
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into()).unwrap_or_default();
    let asked = method(&clipboard, "writeText").and_then(|write| write.call1(&clipboard, &text.into()).ok());
    match asked.and_then(|asked| asked.dyn_into::<Promise>().ok()) {
        Some(promise) => JsFuture::from(promise).await.is_ok(),
        None => false,
    }
}

/// As an address that an image can have.
pub fn as_address(svg: &str) -> String {
    let encoded = js_sys::encode_uri_component(svg).as_string().unwrap_or_default();
    format!("data:image/svg+xml,{encoded}")
}

/// What other apps can show.
async fn png(svg: &str, width: u32, height: u32) -> Option<File> {
    let image = HtmlImageElement::new().ok()?;
    image.set_src(&as_address(svg));
    JsFuture::from(image.decode()).await.ok()?;
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.draw_image_with_html_image_element(&image, 0.0, 0.0).ok()?;
    let drawn = Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        let _ = canvas.to_blob(done.unchecked_ref());
    });
    let blob = JsFuture::from(drawn).await.ok().filter(JsValue::is_object)?;
    let options = FilePropertyBag::new();
    options.set_type("image/png");
    File::new_with_blob_sequence_and_options(&Array::of1(&blob), "hytevihko.png", &options).ok()
}
