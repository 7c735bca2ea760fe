//! Compresses answers that are made on request: JSON, pages, tables and the service worker. The browser's files were compressed beforehand
//! (`assets.rs`).
//!
//! Every browser accepts gzip, and its fastest level reduces a page of records to an eighth. Brotli reached a twelfth
//! and took ten times as long. What a phone waits for at its first visit is one answer of some 90 kB: a level that makes it a
//! quarter smaller takes a millisecond of the server and saves twenty on a slow network. The full pages of a long pull follow each
//! other, and stay at the fastest level. The size of an answer would reveal a secret in it to somebody who chose text beside it and
//! could have it asked for again and again; the ones with the words of several people are a pull, and `api/sync/pull.rs`
//! says why nobody can, and rows for programs, which are sent as they are ([`AsItIs`]).

use std::io::Write;

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};

use super::problem::Problem;
use crate::store::StoreError;

/// Smaller ones fit one packet anyway.
const BYTES_MIN: usize = 1000;

/// Answers up to this size are compressed at [`SMALL`], larger ones at the fastest level.
const SMALL_BYTES_MAX: usize = 128_000;
const SMALL: Compression = Compression::new(5);

/// In the extensions of an answer that is sent as it is. A program asks for the same rows again and again, so that whoever may put words
/// beside another's could measure a compressed one as often as they like; and a strong `ETag` names these bytes and no others.
#[derive(Clone, Copy)]
pub struct AsItIs;

/// Compresses what the browser takes compressed.
pub async fn compress(request: Request, next: Next) -> Response {
    let takes_gzip = takes_gzip(request.headers());
    let mut response = next.run(request).await;
    if !is_text(response.headers()) || response.extensions().get::<AsItIs>().is_some() {
        return response;
    }
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if !takes_gzip {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Problem::Store(StoreError::Stopped).into_response();
    };
    match (bytes.len() >= BYTES_MIN).then(|| gzip(&bytes)).flatten() {
        Some(packed) => {
            parts.headers.remove(header::CONTENT_LENGTH);
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            Response::from_parts(parts, Body::from(packed))
        }
        None => Response::from_parts(parts, Body::from(bytes)),
    }
}

fn is_text(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_text = ["application/json", "text/html", "text/csv", "text/javascript"]
        .iter()
        .any(|text| media_type.starts_with(text));
    is_text && !headers.contains_key(header::CONTENT_ENCODING)
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepts.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next() == Some("gzip") && !words.any(|weight| matches!(weight, "q=0" | "q=0.0"))
    })
}

/// None where nothing is gained.
fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let level = if bytes.len() <= SMALL_BYTES_MAX { SMALL } else { Compression::fast() };
    let mut packer = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), level);
    packer.write_all(bytes).ok()?;
    packer.finish().ok().filter(|packed| packed.len() < bytes.len())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_a_browser_takes_is_what_it_says() {
        let takes =
            |accepts| takes_gzip(&[(header::ACCEPT_ENCODING, HeaderValue::from_static(accepts))].into_iter().collect());
        assert!(takes("gzip, deflate, br, zstd") && takes("br, gzip;q=0.5"));
        assert!(!takes("identity") && !takes("") && !takes("br, gzip; q=0"));
    }

    #[test]
    fn what_was_packed_is_read_again() {
        let text = "Kahvit keitettiin kahteen kertaan. ".repeat(100);
        let mut read = String::new();
        let packed = gzip(text.as_bytes()).expect("smaller");
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut read).expect("whole");
        assert_eq!(read, text);
        assert_eq!(gzip(b"x"), None);
    }
}
