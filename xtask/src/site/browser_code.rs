//! From cargo's client to what the browser runs: JavaScript glue by wasm-bindgen, then both made small.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::esbuild;
use super::inputs::Inputs;
use crate::{command, tools};

pub struct BrowserCode {
    pub script: Vec<u8>,
    pub wasm: Vec<u8>,
}

/// What rustc 1.95 uses for wasm32-unknown-unknown; wasm-opt refuses a module with anything else.
const WASM_FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Makes the two files, or takes those of an earlier run with the same inputs.
pub fn make(root: &Path, work: &Path, inputs: &Inputs) -> Result<BrowserCode> {
    let folder = work.join("code");
    let made_from = folder.join("made-from");
    let current = fs::read_to_string(&made_from).is_ok_and(|it| it == inputs.code_digest);
    if !current {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        bind(&folder, inputs)?;
        shrink(root, &folder)?;
        fs::write(&made_from, &inputs.code_digest)?;
    }
    Ok(BrowserCode {
        // Bundled, so that the snippets of the dependencies' JavaScript need no requests of their own.
        script: esbuild(root, &folder.join("client.js"), &["--bundle", "--format=esm"])?,
        wasm: fs::read(folder.join("client.wasm"))?,
    })
}

fn bind(folder: &Path, inputs: &Inputs) -> Result<()> {
    println!("  making the JavaScript glue");
    Bindgen::new()
        .web(true)?
        .input_bytes("client", inputs.wasm.clone())
        .typescript(false)
        // boot.js passes the path, which carries the digest.
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
        .context("wasm-bindgen could not process the client")
}

fn shrink(root: &Path, folder: &Path) -> Result<()> {
    println!("  shrinking the WebAssembly");
    let mut wasm_opt = tools::node_program(root, "wasm-opt");
    wasm_opt
        .arg(folder.join("client_bg.wasm"))
        .arg("-o")
        .arg(folder.join("client.wasm"))
        .arg("-Oz")
        .args(WASM_FEATURES);
    command::run(&mut wasm_opt)
}
