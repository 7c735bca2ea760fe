//! From the compiled client to what the browser runs: splits it into the first WebAssembly file and the others, makes
//! the JavaScript glue with wasm-bindgen, and minifies both.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use super::esbuild;
use super::inputs::Inputs;
use crate::{command, tools};

pub struct BrowserCode {
    pub script: Vec<u8>,
    pub wasm: Vec<u8>,
    /// Later files by their name in `wasm_split`.
    pub parts: BTreeMap<String, Vec<u8>>,
}

/// The name that the splitter gives to a part's file.
pub fn part_file(name: &str) -> String {
    format!("{PART}{name}")
}

const PART: &str = "split_";

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
        let parts = split(&folder, &inputs.wasm)?;
        bind(&folder)?;
        shrink(root, &folder, "client_bg", "client")?;
        for part in parts {
            shrink(root, &folder, &part, &format!("{part}.small"))?;
        }
        fs::write(&made_from, &inputs.code_digest)?;
    }
    Ok(BrowserCode {
        // Bundled, so that the snippets of the dependencies' JavaScript need no requests of their own.
        script: esbuild(root, &folder.join("client.js"), &["--bundle", "--format=esm"])?,
        wasm: fs::read(folder.join("client.wasm"))?,
        parts: parts(&folder)?,
    })
}

fn parts(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut parts = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if let Some(part) = name.strip_prefix(PART).and_then(|name| name.strip_suffix(".small.wasm")) {
            parts.insert(part.to_owned(), fs::read(&path)?);
        }
    }
    Ok(parts)
}

/// Takes what only a split function reaches into files of their own; returns their names.
fn split(folder: &Path, wasm: &[u8]) -> Result<Vec<String>> {
    println!("  splitting the WebAssembly");
    let main = folder.join("main.wasm");
    let mut options = wasm_split_cli_support::Options::new(wasm);
    options.output_dir = folder;
    options.main_out_path = &main;
    // The glue of `bind`, which imports the splitter's and is imported by it; esbuild makes one of the two.
    options.main_module = "./client.js";
    let split = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("the client could not be split: {error}"))?;
    let names = split.split_modules.iter().filter_map(|file| file.file_stem()?.to_str().map(str::to_owned));
    Ok(names.collect())
}

fn bind(folder: &Path) -> Result<()> {
    println!("  making the JavaScript glue");
    Bindgen::new()
        .web(true)?
        .input_bytes("client", fs::read(folder.join("main.wasm"))?)
        // The other files find what they share by these names.
        .keep_lld_exports(true)
        .typescript(false)
        // boot.js passes the path, which carries the digest.
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
        .context("wasm-bindgen could not process the client")
}

fn shrink(root: &Path, folder: &Path, from: &str, to: &str) -> Result<()> {
    println!("  shrinking {from}");
    let mut wasm_opt = tools::node_program(root, "wasm-opt");
    wasm_opt
        .arg(folder.join(format!("{from}.wasm")))
        .arg("-o")
        .arg(folder.join(format!("{to}.wasm")))
        .args(["-Oz", "--strip-debug", "--strip-producers"])
        .args(WASM_FEATURES);
    command::run(&mut wasm_opt)
}
