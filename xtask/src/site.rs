//! The asset pipeline: from the `client` crate, `style/` and `public/` to the files that the server embeds.
//!
//! `target/site` has the layout of the server's addresses: `pkg/` has files named by their content, which browsers may
//! cache for ever; the others keep their names. `files.json` lists all of them for the server and its service worker.
//! `target/site-work` has intermediate files and the digest of the inputs: when the digest is unchanged, the pipeline
//! does nothing.

mod browser_code;
mod import_names;
pub mod inputs;
mod publish;
mod unused;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use languages::Catalogue;

use crate::{command, tools};
use browser_code::{BrowserCode, Part};
use inputs::Inputs;
use publish::{Role, Site};

/// A change of the pipeline is a change of the result, so its text is part of the inputs' digest.
const RECIPE: [&str; 6] = [
    include_str!("site.rs"),
    include_str!("site/browser_code.rs"),
    include_str!("site/import_names.rs"),
    include_str!("site/inputs.rs"),
    include_str!("site/publish.rs"),
    include_str!("site/unused.rs"),
];

/// Shared by everything that esbuild makes; older browsers than these lack parts of WebAssembly that we need anyway.
const LANGUAGE: &str = "--target=es2022";

/// How the client is compiled. Its own list, as cargo takes this one in place of `.cargo/config.toml`'s.
const COMPILER: [&str; 6] = [
    "--cfg=erase_components",
    // A panic ends the app either way; without its words and places, both files are a tenth smaller.
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
    // What the split into two files is made by.
    "-Clink-args=--emit-relocs",
];

/// Installs the tools that the pipeline needs.
pub fn set_up(root: &Path) -> Result<()> {
    tools::for_the_browser()?;
    tools::node_modules(root)
}

/// Brings `target/site` up to date.
pub fn build(root: &Path) -> Result<()> {
    set_up(root)?;
    let wasm = command::build(
        command::cargo(root)
            .args(["build", "--package", "client", "--profile", "wasm-release"])
            .args(["--target", tools::WASM_TARGET])
            .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"])
            .env("CARGO_ENCODED_RUSTFLAGS", COMPILER.join("\u{1f}"))
            // The flags above are not stable yet; docs/adr/0012 weighs it.
            .env("RUSTC_BOOTSTRAP", "1"),
        "client",
    )?;

    let out = root.join("target/site");
    let work = root.join("target/site-work");
    fs::create_dir_all(&work)?;
    // Two commands at once must not write the same files; the second one waits and finds nothing to do.
    let lock = File::create(work.join("lock"))?;
    lock.lock()?;

    let inputs = Inputs::read(root, &wasm)?;
    let state = work.join("state");
    if fs::read_to_string(&state).is_ok_and(|before| before == publish::state(&out, &inputs.digest)) {
        println!("  the browser's files are unchanged");
        return Ok(());
    }
    // An interrupted run leaves no state, and the next one starts again.
    let _ = fs::remove_file(&state);

    let code = browser_code::make(root, &work, &inputs)?;
    let mut site = Site::new(&out)?;
    add_code(root, &mut site, &inputs, &code)?;
    add_style(root, &mut site)?;
    add_public(&mut site, &inputs)?;
    site.finish()?;
    fs::write(state, publish::state(&out, &inputs.digest))?;
    Ok(())
}

fn add_code(root: &Path, site: &mut Site, inputs: &Inputs, code: &BrowserCode) -> Result<()> {
    let mut script = String::from_utf8(code.script.clone()).context("the glue is not UTF-8")?;
    for (file, part) in &code.parts {
        let address = site.add_for_rooms(Role::Part, Part::name(file), "wasm", &part.wasm, &part.rooms)?;
        let asked = format!("./{file}.wasm");
        if !script.contains(&asked) {
            bail!("the glue does not ask for {asked}");
        }
        // Side by side in pkg/.
        script = script.replace(&asked, &address.replace("/pkg/", "./"));
    }
    let script = site.add_hashed(Role::Script, "client", "js", script.as_bytes())?;
    let wasm = site.add_hashed(Role::Wasm, "client", "wasm", &code.wasm)?;
    let Some(boot) = inputs.public.get("boot.js") else {
        bail!("public/boot.js is missing: nothing would start the client");
    };
    let boot = String::from_utf8(boot.clone()).context("public/boot.js is not UTF-8")?;
    let (languages, trials) = add_languages(site, &inputs.languages)?;
    let room_texts = add_room_texts(site, &inputs.languages, code)?;
    let mut boot = boot;
    for (placeholder, value) in [
        ("%CLIENT_JS%", script),
        ("%CLIENT_WASM%", wasm),
        ("\"%LANGUAGES%\"", languages),
        ("\"%TRIALS%\"", trials),
        ("\"%ROOM_TEXTS%\"", room_texts),
    ] {
        if !boot.contains(placeholder) {
            bail!("public/boot.js has no {placeholder}");
        }
        boot = boot.replace(placeholder, &value);
    }
    let file = root.join("target/site-work/boot.js");
    fs::write(&file, boot)?;
    let boot = esbuild(root, &file, &["--format=esm"])?;
    site.add_hashed(Role::Boot, "boot", "js", &boot)?;
    Ok(())
}

/// Adds a file of texts for each language; returns the addresses of those that are offered and of the others, by their tags.
fn add_languages(site: &mut Site, catalogue: &Catalogue) -> Result<(String, String)> {
    let (mut offered, mut trials) = (BTreeMap::new(), BTreeMap::new());
    for translation in &catalogue.translations {
        let language = &translation.language;
        let (role, addresses) = match language.is_offered() {
            true => (Role::Language, &mut offered),
            false => (Role::Trial, &mut trials),
        };
        let address = site.add_hashed(role, &language.tag, "txt", catalogue.phone_file(translation).as_bytes())?;
        addresses.insert(language.tag.clone(), address);
    }
    Ok((serde_json::to_string(&offered)?, serde_json::to_string(&trials)?))
}

/// Adds a file of texts for each late room and language, which the service worker keeps with the room; returns the addresses, by the
/// rooms' names and the languages' tags.
fn add_room_texts(site: &mut Site, catalogue: &Catalogue, code: &BrowserCode) -> Result<String> {
    let mut addresses: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    for room in catalogue.rooms() {
        if !code.parts.keys().any(|file| Part::name(file) == room) {
            bail!("app/texts has texts of the late room {room}, which app/src/phone/seam.rs does not have");
        }
        for translation in &catalogue.translations {
            let language = &translation.language;
            let stem = format!("{room}-{}", language.tag);
            let content = catalogue.room_file(translation, room);
            let address = match language.is_offered() {
                true => site.add_for_rooms(Role::Texts, &stem, "txt", content.as_bytes(), &[room.to_owned()])?,
                false => site.add_hashed(Role::Trial, &stem, "txt", content.as_bytes())?,
            };
            addresses.entry(room).or_default().insert(&language.tag, address);
        }
    }
    Ok(serde_json::to_string(&addresses)?)
}

/// One style sheet, of all files of style/.
fn add_style(root: &Path, site: &mut Site) -> Result<()> {
    let joined = root.join("target/site-work/main.css");
    fs::write(&joined, inputs::joined_style(root)?)?;
    let style = esbuild(root, &joined, &[])?;
    site.add_hashed(Role::Style, "main", "css", &style)?;
    Ok(())
}

fn add_public(site: &mut Site, inputs: &Inputs) -> Result<()> {
    for (name, content) in &inputs.public {
        match name.as_str() {
            "boot.js" => {}
            // The server fills in the list of files, so the template's compressed form would be of no use.
            "sw.js" => site.add_template(Role::Worker, name, content)?,
            _ => site.add(Role::Public, name, content)?,
        }
    }
    Ok(())
}

/// Passes one file through esbuild, which makes it small.
fn esbuild(root: &Path, file: &Path, arguments: &[&str]) -> Result<Vec<u8>> {
    let mut command: Command = tools::node_program(root, "esbuild");
    command
        .arg(file)
        .args(arguments)
        .args(["--minify", "--charset=utf8", "--log-level=warning"])
        .arg(LANGUAGE)
        .current_dir(root);
    Ok(command::output(&mut command)?.into_bytes())
}
