//! From the compiled client to what the browser runs: splits it into the first WebAssembly file and the others, makes
//! the JavaScript glue with wasm-bindgen, and minifies both.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::esbuild;
use super::inputs::Inputs;
use super::{import_names, unused};
use crate::{command, tools};

pub struct BrowserCode {
    pub script: Vec<u8>,
    pub wasm: Vec<u8>,
    /// Later files by the name that the splitter gives them, without an ending.
    pub parts: BTreeMap<String, Part>,
}

/// A WebAssembly file that is fetched after the first one.
pub struct Part {
    pub wasm: Vec<u8>,
    /// The late rooms that need it; none of a file that every phone needs.
    pub rooms: Vec<String>,
}

impl Part {
    /// A name for people: that of the room, or of what rooms share.
    pub fn name(file: &str) -> &str {
        file.strip_prefix("split_").unwrap_or(file)
    }
}

/// The part with everything that is no late room's: `app/src/phone/seam.rs` names it.
const MAIN_PART: &str = "screens";

/// What each part needs to be loaded, by the part's name in `wasm_split`: its own file, and those that it shares with others.
type Needs = BTreeMap<String, Vec<String>>;

/// The late rooms that need a file, of what the parts need; none if the main part does, which every phone has.
fn rooms_of(file: &str, needs: &Needs) -> Vec<String> {
    let users = needs.iter().filter(|(_, files)| files.iter().any(|needed| needed == file)).map(|(part, _)| part);
    let users: Vec<String> = users.cloned().collect();
    if users.iter().any(|user| user == MAIN_PART) { Vec::new() } else { users }
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

/// Flattened and looped anew, the code is a hundredth smaller in brotli than by `-Oz` alone. The lowest kilobyte of memory is the
/// end of the stack, where nothing has an address: offsets may be folded.
const SHRINKING: [&str; 7] =
    ["--flatten", "--rereloop", "-Oz", "-Oz", "--low-memory-unused", "--strip-debug", "--strip-producers"];

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
        let needs = split(&folder, &inputs.wasm)?;
        bind(&folder)?;
        shorten_names(&folder)?;
        shrink(root, &folder, "client_bg", "client")?;
        // Shared files are named more than once.
        let files: BTreeSet<_> = needs.values().flatten().collect();
        for file in files {
            shrink(root, &folder, file, &format!("{file}{SMALL}"))?;
        }
        fs::write(folder.join(ENTRY), "export { default, mount } from \"./client.js\";\n")?;
        fs::write(folder.join(NEEDS), serde_json::to_vec(&needs)?)?;
        fs::write(&made_from, &inputs.code_digest)?;
    }
    Ok(BrowserCode {
        // Bundled, so that the snippets of the dependencies' JavaScript need no requests of their own, and what `boot.js` does not call goes.
        script: esbuild(root, &folder.join(ENTRY), &["--bundle", "--format=esm"])?,
        wasm: fs::read(folder.join("client.wasm"))?,
        parts: parts(&folder)?,
    })
}

/// What `boot.js` calls of the glue.
const ENTRY: &str = "entry.js";
const SMALL: &str = ".small";
const NEEDS: &str = "needs.json";

fn parts(folder: &Path) -> Result<BTreeMap<String, Part>> {
    let needs: Needs = serde_json::from_slice(&fs::read(folder.join(NEEDS))?)?;
    let files: BTreeSet<_> = needs.values().flatten().collect();
    let part = |file: &String| {
        let wasm = fs::read(folder.join(format!("{file}{SMALL}.wasm")))?;
        Ok((file.clone(), Part { wasm, rooms: rooms_of(file, &needs) }))
    };
    files.into_iter().map(part).collect()
}

/// Takes what only a split function reaches into files of their own, and what several of them share into files beside them; returns
/// which part needs which of these.
fn split(folder: &Path, wasm: &[u8]) -> Result<Needs> {
    println!("  splitting the WebAssembly");
    let main = folder.join("main.wasm");
    let wasm = unused::drop_exports(wasm)?;
    let mut options = wasm_split_cli_support::Options::new(&wasm);
    options.output_dir = folder;
    options.main_out_path = &main;
    // The glue of `bind`, which imports the splitter's and is imported by it; esbuild makes one of the two.
    options.main_module = "./client.js";
    let split = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("the client could not be split: {error}"))?;
    let needs: Needs = split.prefetch_map.into_iter().collect();
    // A file that no part names would never be published, and a phone would look for it in vain.
    for file in &split.split_modules {
        let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let is_empty = !file.exists();
        if !is_empty && !needs.values().flatten().any(|needed| needed == name) {
            bail!("no part needs {name}, which the splitter has made");
        }
    }
    Ok(needs)
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

fn shorten_names(folder: &Path) -> Result<()> {
    let (wasm, script) = (folder.join("client_bg.wasm"), folder.join("client.js"));
    let (short_wasm, short_script) = import_names::shorten(&fs::read(&wasm)?, &fs::read_to_string(&script)?)?;
    fs::write(wasm, short_wasm)?;
    fs::write(script, short_script)?;
    Ok(())
}

fn shrink(root: &Path, folder: &Path, from: &str, to: &str) -> Result<()> {
    println!("  shrinking {from}");
    let mut wasm_opt = tools::node_program(root, "wasm-opt");
    wasm_opt
        .arg(folder.join(format!("{from}.wasm")))
        .arg("-o")
        .arg(folder.join(format!("{to}.wasm")))
        .args(SHRINKING)
        .args(WASM_FEATURES);
    command::run(&mut wasm_opt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_main_part_needs_is_everybodys_and_the_rest_is_the_rooms_that_need_it() {
        let needs =
            |part: &str, files: &[&str]| (part.to_owned(), files.iter().map(|file| (*file).to_owned()).collect());
        let needs = Needs::from([
            needs("screens", &["chunk_3", "split_screens"]),
            needs("association", &["chunk_3", "chunk_4", "split_association"]),
            needs("neighbours", &["chunk_4", "split_neighbours"]),
        ]);
        assert_eq!(rooms_of("split_screens", &needs), [""; 0]);
        assert_eq!(rooms_of("chunk_3", &needs), [""; 0]);
        assert_eq!(rooms_of("chunk_4", &needs), ["association", "neighbours"]);
        assert_eq!(rooms_of("split_association", &needs), ["association"]);
    }
}
