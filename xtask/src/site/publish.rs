//! Writes the site's folder: the files, their compressed forms and the list of them.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Hexadecimal digits of the digest in a file's name: 48 bits, for a handful of files.
const NAME_DIGITS: usize = 12;

/// What a file is for; the server picks the addresses for its pages by it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Script,
    Wasm,
    /// WebAssembly that is fetched after the first screen is there.
    Part,
    /// The texts of a language that is offered.
    Language,
    /// Those of a late room in it.
    Texts,
    /// The texts of one that only a demo has.
    Trial,
    Style,
    Boot,
    Worker,
    Public,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Role::Script => "script",
            Role::Wasm => "wasm",
            Role::Part => "part",
            Role::Language => "language",
            Role::Texts => "texts",
            Role::Trial => "trial",
            Role::Style => "style",
            Role::Boot => "boot",
            Role::Worker => "worker",
            Role::Public => "public",
        }
    }
}

pub struct Site {
    folder: PathBuf,
    written: BTreeSet<PathBuf>,
    list: Vec<Value>,
    /// Bytes, in brotli, of what is loaded before the first screen is there.
    first_load: usize,
    /// A phone loads one language with them: the largest is counted.
    language: usize,
}

impl Site {
    pub fn new(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self { folder: folder.to_owned(), written: BTreeSet::new(), list: Vec::new(), first_load: 0, language: 0 })
    }

    /// Adds a file under a name with its digest, and returns its address.
    pub fn add_hashed(&mut self, role: Role, stem: &str, extension: &str, content: &[u8]) -> Result<String> {
        let digest = hex_digest(content);
        let path = format!("pkg/{stem}-{}.{extension}", &digest[..NAME_DIGITS]);
        self.add(role, &path, content)?;
        Ok(format!("/{path}"))
    }

    /// Adds a file that is fetched after the first screen, for the late rooms that need it or, without any, for every phone.
    pub fn add_for_rooms(
        &mut self,
        role: Role,
        stem: &str,
        extension: &str,
        content: &[u8],
        rooms: &[String],
    ) -> Result<String> {
        let address = self.add_hashed(role, stem, extension, content)?;
        if let Some(added) = self.list.last_mut() {
            added["rooms"] = json!(rooms);
        }
        Ok(address)
    }

    /// Adds a file under its own name, with its compressed forms if that type of file shrinks.
    pub fn add(&mut self, role: Role, path: &str, content: &[u8]) -> Result<()> {
        let kind = Kind::of(path);
        let mut sizes = [None, None];
        if kind.shrinks {
            let brotli = brotli(content)?;
            let gzip = gzip(content)?;
            self.write(&format!("{path}.br"), &brotli)?;
            self.write(&format!("{path}.gz"), &gzip)?;
            sizes = [Some(brotli.len()), Some(gzip.len())];
        }
        if !matches!(role, Role::Worker | Role::Public) {
            let brotli = sizes[0].unwrap_or(content.len());
            match role {
                Role::Part | Role::Texts | Role::Trial => {}
                Role::Language => self.language = self.language.max(brotli),
                _ => self.first_load += brotli,
            }
            println!("  /{path}: {} bytes, {brotli} in brotli", content.len());
        }
        self.record(role, path, kind.mime, content, sizes)
    }

    /// Adds a file that the server completes before it sends it, so that there is nothing to compress yet.
    pub fn add_template(&mut self, role: Role, path: &str, content: &[u8]) -> Result<()> {
        self.record(role, path, Kind::of(path).mime, content, [None, None])
    }

    /// Writes the list and removes the files of earlier runs.
    pub fn finish(mut self) -> Result<()> {
        self.list.sort_by(|a, b| a["url"].as_str().cmp(&b["url"].as_str()));
        let list = serde_json::to_vec_pretty(&self.list)?;
        self.write("files.json", &list)?;
        remove_others(&self.folder, &self.written)?;
        println!("  first load: {} bytes in brotli", self.first_load + self.language);
        Ok(())
    }

    fn record(
        &mut self,
        role: Role,
        path: &str,
        mime: &str,
        content: &[u8],
        [brotli, gzip]: [Option<usize>; 2],
    ) -> Result<()> {
        self.write(path, content)?;
        self.list.push(json!({
            "url": format!("/{path}"),
            "role": role.name(),
            "type": mime,
            "sha256": hex_digest(content),
            "bytes": content.len(),
            "brotli": brotli,
            "gzip": gzip,
        }));
        Ok(())
    }

    /// Leaves an unchanged file alone: cargo rebuilds the server by the files' ages.
    fn write(&mut self, path: &str, content: &[u8]) -> Result<()> {
        let file = self.folder.join(path);
        if fs::read(&file).ok().as_deref() != Some(content) {
            let folder = file.parent().expect("a file lies in a folder");
            fs::create_dir_all(folder)?;
            fs::write(&file, content).with_context(|| format!("{} cannot be written", file.display()))?;
        }
        self.written.insert(file);
        Ok(())
    }
}

/// What to remember of a finished run: the digest of its inputs, and of every file it left, so that a file that was
/// changed or removed since is noticed.
pub fn state(folder: &Path, inputs: &str) -> String {
    let mut digest = Sha256::new();
    for (name, content) in super::inputs::files_below(folder).unwrap_or_default() {
        digest.update(name);
        digest.update(Sha256::digest(content));
    }
    format!("{inputs}\n{:x}\n", digest.finalize())
}

struct Kind {
    mime: &'static str,
    /// Pictures and fonts are compressed in themselves.
    shrinks: bool,
}

impl Kind {
    fn of(path: &str) -> Self {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let (mime, shrinks) = match extension {
            "js" => ("text/javascript; charset=utf-8", true),
            "wasm" => ("application/wasm", true),
            "css" => ("text/css; charset=utf-8", true),
            "html" => ("text/html; charset=utf-8", true),
            "txt" => ("text/plain; charset=utf-8", true),
            "json" => ("application/json", true),
            "webmanifest" => ("application/manifest+json", true),
            "svg" => ("image/svg+xml", true),
            "ico" => ("image/x-icon", false),
            "png" => ("image/png", false),
            "jpg" | "jpeg" => ("image/jpeg", false),
            "webp" => ("image/webp", false),
            "woff2" => ("font/woff2", false),
            _ => ("application/octet-stream", false),
        };
        Self { mime, shrinks }
    }
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, size_hint: content.len(), ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn hex_digest(content: &[u8]) -> String {
    format!("{:x}", Sha256::digest(content))
}

fn remove_others(folder: &Path, keep: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(&path, keep)?;
            // Fails, as it should, while the folder has files.
            let _ = fs::remove_dir(&path);
        } else if !keep.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_can_be_shrunk_and_a_picture_cannot() {
        assert!(Kind::of("pkg/main-0123.css").shrinks);
        assert!(!Kind::of("icons/icon-512.png").shrinks);
        assert_eq!(Kind::of("LICENSE").mime, "application/octet-stream");
    }

    #[test]
    fn the_compressed_form_is_smaller_and_the_same_each_time() -> Result<()> {
        let text = "the same words again and again, ".repeat(100);
        assert!(brotli(text.as_bytes())?.len() < text.len() / 10);
        assert_eq!(gzip(text.as_bytes())?, gzip(text.as_bytes())?);
        Ok(())
    }
}
