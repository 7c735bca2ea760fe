//! All inputs of the site, read once, with their digest.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use languages::Catalogue;
use sha2::{Digest, Sha256};

use super::RECIPE;

pub struct Inputs {
    /// The client as cargo built it.
    pub wasm: Vec<u8>,
    /// Of the client and the tools that shrink it: while it stays, the slow steps are skipped.
    pub code_digest: String,
    /// Every text, checked.
    pub languages: Catalogue,
    /// By path below public/, with `/` between the parts.
    pub public: BTreeMap<String, Vec<u8>>,
    /// Of all the inputs.
    pub digest: String,
}

impl Inputs {
    pub fn read(root: &Path, wasm: &Path) -> Result<Self> {
        let wasm = fs::read(wasm).with_context(|| format!("{} cannot be read", wasm.display()))?;
        let public = files_below(&root.join("public"))?;
        let style = files_below(&root.join("style"))?;
        let languages = Catalogue::read(&root.join("domain/data/languages.csv"), &root.join("app/texts"))
            .map_err(|mistakes| anyhow!("app/texts: {}", mistakes.join("\n")))?;
        // The lock file stands for the versions of wasm-opt and esbuild.
        let npm_lock = fs::read(root.join("end2end/package-lock.json"))?;

        let mut code = Sha256::new();
        for part in RECIPE.map(str::as_bytes) {
            feed(&mut code, part);
        }
        feed(&mut code, &npm_lock);
        feed(&mut code, &wasm);
        let code_digest = format!("{:x}", code.clone().finalize());

        let mut all = code;
        for (name, content) in public.iter().chain(&style) {
            feed(&mut all, name.as_bytes());
            feed(&mut all, content);
        }
        for translation in &languages.translations {
            feed(&mut all, format!("{:?}", translation.language).as_bytes());
            feed(&mut all, languages.phone_file(translation).as_bytes());
            for room in languages.rooms() {
                feed(&mut all, languages.room_file(translation, room).as_bytes());
            }
        }
        let digest = format!("{:x}", all.finalize());
        Ok(Self { wasm, code_digest, languages, public, digest })
    }
}

/// The files of style/ in the order in which they are joined: of two rules of the same strength the later one wins.
const STYLE: [&str; 10] = [
    "tokens.css",
    "base.css",
    "controls.css",
    "forms.css",
    "boxes.css",
    "tables.css",
    "phone.css",
    "pages.css",
    "charts.css",
    "print.css",
];

/// The whole style sheet.
pub fn joined_style(root: &Path) -> Result<Vec<u8>> {
    let mut files = files_below(&root.join("style"))?;
    let mut joined = Vec::new();
    for name in STYLE {
        joined.extend(files.remove(name).with_context(|| format!("style/{name} is missing"))?);
        joined.push(b'\n');
    }
    if let Some(name) = files.keys().next() {
        bail!("style/{name} has no place in the order of xtask/src/site/inputs.rs");
    }
    Ok(joined)
}

/// All files of a folder and its sub-folders, but for hidden ones; a missing folder has none.
pub fn files_below(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    collect(folder, "", &mut files).with_context(|| format!("{} cannot be read", folder.display()))?;
    Ok(files)
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_str().with_context(|| format!("{} has a name that is not UTF-8", entry.path().display()))?;
        if name.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{name}");
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// The length goes first, so that moving a byte from one part to the next changes the digest.
fn feed(digest: &mut Sha256, part: &[u8]) {
    digest.update((part.len() as u64).to_le_bytes());
    digest.update(part);
}
