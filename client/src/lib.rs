//! The browser's entry point.
use wasm_bindgen::prelude::wasm_bindgen;

/// Mounts the app on the static shell.
#[wasm_bindgen]
pub fn mount() {}
