//! Files of earlier releases, so that an app that was open while the server was updated continues to work.
//!
//! Each release puts its hashed files (`/pkg/…`) into `assets/<digest>/` of the data folder at its first start. The
//! names are made from the contents, so two releases never use one name for different files.

use std::{
    borrow::Cow,
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Asset;

/// Releases whose files are kept, this one among them. A megabyte each; a phone that was not opened for longer starts afresh.
const RELEASES_MAX: usize = 5;
const LIST: &str = "list.json";
/// Digests of the releases that are kept, the latest started first.
const ORDER: &str = "order.json";
/// As they are, and as `xtask` compressed them.
const ENDINGS: [&str; 3] = ["", ".br", ".gz"];

/// What older releases left, by address.
#[derive(Debug, Default)]
pub struct Older(HashMap<String, (PathBuf, Kept)>);

/// One file of an older release.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    url: String,
    #[serde(rename = "type")]
    media_type: String,
}

impl Older {
    /// Puts this release's files beside those of the ones before it, removes what is too old, and finds what is left.
    pub fn keep(
        data: &Path,
        release: &[Asset],
        bytes: impl Fn(&str) -> Option<Cow<'static, [u8]>>,
    ) -> io::Result<Older> {
        let folder = data.join("assets");
        let hashed: Vec<&Asset> = release.iter().filter(|asset| asset.url.starts_with("/pkg/")).collect();
        let order: Vec<String> =
            fs::read(folder.join(ORDER)).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
        let mut releases: Vec<String> = Vec::new();
        // Without its browser side, as in a test, a server is no release.
        if !hashed.is_empty() {
            let digest = digest(&hashed);
            if !folder.join(&digest).join(LIST).exists() {
                write(&folder, &digest, &hashed, bytes)?;
            }
            releases.push(digest);
        }
        let own = releases.first().cloned();
        releases.extend(order.into_iter().filter(|digest| own.as_ref() != Some(digest)));
        releases.truncate(RELEASES_MAX);
        if folder.exists() {
            replace(&folder.join(ORDER), &serde_json::to_vec(&releases)?)?;
            remove_others(&folder, &releases)?;
        }
        let mut found = HashMap::new();
        for digest in releases.iter().filter(|digest| own.as_ref() != Some(digest)) {
            let Ok(list) = fs::read(folder.join(digest).join(LIST)) else { continue };
            let list: Vec<Kept> = serde_json::from_slice(&list).unwrap_or_default();
            for kept in list {
                found.entry(kept.url.clone()).or_insert_with(|| (folder.join(digest), kept));
            }
        }
        Ok(Older(found))
    }

    /// The media type of a file that an older release had, and its bytes in one of its forms.
    pub fn bytes(&self, url: &str, ending: &str) -> Option<(&str, Vec<u8>)> {
        let (folder, kept) = self.0.get(url)?;
        let bytes = fs::read(folder.join(format!("{}{ending}", name(url)?))).ok()?;
        Some((&kept.media_type, bytes))
    }
}

/// The digest of a release: of the names and contents of all its files.
fn digest(assets: &[&Asset]) -> String {
    let mut lines: Vec<String> = assets.iter().map(|asset| format!("{} {}\n", asset.url, asset.sha256)).collect();
    lines.sort_unstable();
    Sha256::digest(lines.concat()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The list last: a release that has one is whole.
fn write(
    folder: &Path,
    digest: &str,
    assets: &[&Asset],
    bytes: impl Fn(&str) -> Option<Cow<'static, [u8]>>,
) -> io::Result<()> {
    let own = folder.join(digest);
    crate::folder::make(&own)?;
    let mut list = Vec::new();
    for asset in assets {
        let Some(name) = name(&asset.url) else { continue };
        for ending in ENDINGS {
            if let Some(bytes) = bytes(&format!("{}{ending}", asset.url)) {
                fs::write(own.join(format!("{name}{ending}")), bytes)?;
            }
        }
        list.push(Kept { url: asset.url.clone(), media_type: asset.media_type.clone() });
    }
    replace(&own.join(LIST), &serde_json::to_vec(&list)?)
}

fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = file.with_extension("part");
    fs::write(&part, bytes)?;
    fs::rename(part, file)
}

fn remove_others(folder: &Path, releases: &[String]) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_kept = entry.file_name().to_str().is_some_and(|name| releases.iter().any(|digest| digest == name));
        if entry.file_type()?.is_dir() && !is_kept {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// The file's name in its folder: one step, never a way out of it.
fn name(url: &str) -> Option<&str> {
    let name = url.strip_prefix("/pkg/")?;
    (!name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\'])).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(name: &str) -> Asset {
        Asset {
            url: format!("/pkg/{name}"),
            role: "script".to_owned(),
            sha256: name.to_owned(),
            rooms: Vec::new(),
            media_type: "text/javascript".to_owned(),
        }
    }

    fn keep(data: &Path, name: &str) -> Older {
        let bytes = |url: &str| (!url.ends_with(".gz")).then(|| Cow::Owned(url.as_bytes().to_vec()));
        Older::keep(data, &[asset(name)], bytes).expect("kept")
    }

    #[test]
    fn an_older_releases_files_are_there_until_five_came_after_it() {
        let data = std::env::temp_dir().join(format!("hytevihko-assets-{}", uuid::Uuid::new_v4()));
        assert!(keep(&data, "app-1.js").bytes("/pkg/app-1.js", "").is_none(), "its own are in the program");
        for release in 2..=5 {
            let older = keep(&data, &format!("app-{release}.js"));
            let (media_type, bytes) = older.bytes("/pkg/app-1.js", ".br").expect("kept");
            assert_eq!((media_type, bytes.as_slice()), ("text/javascript", b"/pkg/app-1.js.br".as_slice()));
            assert!(older.bytes("/pkg/app-1.js", ".gz").is_none(), "only the forms that it had");
        }
        // Going back to an older program is a start like any other.
        assert!(keep(&data, "app-1.js").bytes("/pkg/app-5.js", "").is_some());
        let older = keep(&data, "app-6.js");
        assert!(older.bytes("/pkg/app-1.js", "").is_some() && older.bytes("/pkg/app-2.js", "").is_none());
        assert!(older.bytes("/pkg/app-9.js", "").is_none());
        // What lies beside the files is nobody's.
        for url in ["/pkg/list.json", "/pkg/../order.json", "/pkg/"] {
            assert!(older.bytes(url, "").is_none(), "{url}");
        }
        fs::remove_dir_all(data).expect("removed");
    }
}
