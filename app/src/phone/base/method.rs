//! Looks up browser functions by name, for those that only some browsers have.

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// None where this browser does not have it.
pub fn method(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}
