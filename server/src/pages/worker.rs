//! `/sw.js`: the service worker, with the list of files that make this version, each with its digest.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{FILES, SHELL};
use crate::{
    assets::{self, Asset},
    error::Problem,
};

/// `GET /sw.js`
pub async fn service_worker() -> Result<Response, Problem> {
    let script = WORKER.as_ref().ok_or(Problem::NotFound)?;
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, script.as_str()).into_response())
}

static WORKER: LazyLock<Option<String>> = LazyLock::new(|| {
    let template = assets::bytes("/sw.js")?;
    let template = std::str::from_utf8(&template).ok()?.to_owned();
    let needed = [&FILES.style, &FILES.boot, &FILES.script, &FILES.wasm];
    let all = assets::list();
    let is_everybodys = |asset: &&Asset| {
        needed.contains(&&asset.url)
            || (asset.role == "part" && asset.rooms.is_empty())
            || asset.role == "language"
            || ["/manifest.webmanifest", "/icon.svg"].contains(&asset.url.as_str())
    };
    let entry = |asset: &Asset| json!([asset.url, asset.sha256]);
    let mut files: Vec<_> = all.iter().filter(is_everybodys).map(entry).collect();
    files.push(json!(["/app", hex(SHELL.as_bytes())]));
    let mut rooms: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for asset in &all {
        for room in &asset.rooms {
            rooms.entry(room).or_default().push(entry(asset));
        }
    }
    let (files, rooms) = (json!(files).to_string(), json!(rooms).to_string());
    let version = hex([files.as_bytes(), rooms.as_bytes()].concat().as_slice())[..16].to_owned();
    let script = template.replace("\"%FILES%\"", &files).replace("\"%ROOMS%\"", &rooms);
    Some(script.replace("%VERSION%", &version))
});

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
