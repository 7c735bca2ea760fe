//! The browser's files: built by `cargo xtask site`, named by their content, compressed beforehand, embedded in the
//! binary.

mod older;

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;
use serde::Deserialize;

pub use self::older::Older;
use crate::{Server, http::problem::Problem};

#[derive(RustEmbed)]
#[folder = "../target/site"]
struct Site;

/// One file of the browser side, as `xtask` lists it.
#[derive(Clone, Debug, Deserialize)]
pub struct Asset {
    pub url: String,
    /// `boot`, `script`, `wasm`, `part`, `language`, `texts`, `trial`, `style`, `worker` or `public`.
    pub role: String,
    pub sha256: String,
    /// The late rooms that need it; none of a file that every phone needs.
    #[serde(default)]
    pub rooms: Vec<String>,
    #[serde(rename = "type")]
    pub media_type: String,
}

/// Every file; empty when the server was built without its browser side, as lints and tests do.
pub fn list() -> Vec<Asset> {
    let files = Site::get("files.json").map(|file| file.data).unwrap_or_default();
    serde_json::from_slice(&files).unwrap_or_default()
}

/// The bytes of a file by its URL, in their final form.
pub fn bytes(url: &str) -> Option<Cow<'static, [u8]>> {
    Site::get(url.trim_start_matches('/')).map(|file| file.data)
}

/// `GET /pkg/{file}`: named by content, so kept for a year. An app that is older than this release finds its own files still.
pub async fn package(
    State(server): State<Server>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    const CACHE: &str = "public, max-age=31536000, immutable";
    let url = format!("/pkg/{file}");
    // A language that is not offered yet.
    if !server.demo && ASSETS.get(&url).is_some_and(|asset| asset.role == "trial") {
        return Err(Problem::NotFound);
    }
    match serve(&url, &headers, CACHE) {
        Err(Problem::NotFound) => tokio::task::spawn_blocking(move || {
            let older = &server.older;
            let (found, coding) = best(&headers, |ending| older.bytes(&url, ending)).ok_or(Problem::NotFound)?;
            let (media_type, bytes) = found;
            Ok(answer(Body::from(bytes), media_type, coding, CACHE))
        })
        .await
        .unwrap_or(Err(Problem::NotFound)),
        served => served,
    }
}

/// A file of `public/`, under its own name.
pub async fn public(uri: axum::http::Uri, headers: HeaderMap) -> Result<Response, Problem> {
    serve(uri.path(), &headers, "public, max-age=3600")
}

static ASSETS: LazyLock<HashMap<String, Asset>> =
    LazyLock::new(|| list().into_iter().map(|asset| (asset.url.clone(), asset)).collect());

fn serve(url: &str, headers: &HeaderMap, cache: &'static str) -> Result<Response, Problem> {
    let asset = ASSETS.get(url).filter(|asset| asset.role != "worker").ok_or(Problem::NotFound)?;
    let (bytes, coding) = best(headers, |ending| bytes(&format!("{url}{ending}"))).ok_or(Problem::NotFound)?;
    Ok(answer(Body::from(bytes), &asset.media_type, coding, cache))
}

fn answer(body: Body, media_type: &str, coding: Option<&'static str>, cache: &'static str) -> Response {
    let mut response = (StatusCode::OK, body).into_response();
    let out = response.headers_mut();
    let pairs = [
        (header::CONTENT_TYPE, Some(media_type)),
        (header::CACHE_CONTROL, Some(cache)),
        (header::VARY, Some("accept-encoding")),
        (header::CONTENT_ENCODING, coding),
    ];
    for (name, value) in pairs {
        if let Some(value) = value.and_then(|value| value.parse().ok()) {
            out.insert(name, value);
        }
    }
    response
}

/// The smallest form of a file that the browser takes; `form` is the file with an ending, where there is one.
fn best<T>(headers: &HeaderMap, form: impl Fn(&str) -> Option<T>) -> Option<(T, Option<&'static str>)> {
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes =
        |coding: &str| accepts.split(',').any(|part| part.split(';').next().is_some_and(|c| c.trim() == coding));
    for (coding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if takes(coding)
            && let Some(found) = form(ending)
        {
            return Some((found, Some(coding)));
        }
    }
    form("").map(|found| (found, None))
}
