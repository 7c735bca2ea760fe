//! All inputs of the site, read once, with their digest.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::RECIPE;

pub struct Inputs {
    /// The client as cargo built it.
    pub wasm: Vec<u8>,
    /// Of the client and the tools that shrink it: while it stays, the slow steps are skipped.
    pub code_digest: String,
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
        let digest = format!("{:x}", all.finalize());
        Ok(Self { wasm, code_digest, public, digest })
    }
}

/// main.css, then the other sheets by name.
pub fn joined_style(root: &Path) -> Result<Vec<u8>> {
    let mut sheets: Vec<_> =
        files_below(&root.join("style"))?.into_iter().filter(|(name, _)| name.ends_with(".css")).collect();
    // The sort is stable: `false`, the main sheet, comes first and the rest keeps its order.
    sheets.sort_by_key(|(name, _)| name != "main.css");
    let mut joined = Vec::new();
    for (_, content) in sheets {
        joined.extend(content);
        joined.push(b'\n');
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
