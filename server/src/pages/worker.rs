//! `/sw.js`: the service worker, with the list of files that make this version, each with its digest.

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::document::{FILES, SHELL};
use crate::{assets, http::problem::Problem};

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
    let mut files: Vec<_> = all
        .iter()
        .filter(|asset| {
            needed.contains(&&asset.url)
                || asset.role == "part"
                || ["/manifest.webmanifest", "/icon.svg"].contains(&asset.url.as_str())
        })
        .map(|asset| json!([asset.url, asset.sha256]))
        .collect();
    files.push(json!(["/app", hex(SHELL.as_bytes())]));
    let list = serde_json::Value::Array(files).to_string();
    let version = hex(list.as_bytes())[..16].to_owned();
    Some(template.replace("\"%FILES%\"", &list).replace("%VERSION%", &version))
});

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
