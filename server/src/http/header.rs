//! Reading headers.

use axum::http::{HeaderMap, HeaderName, header};

/// Whether a body says that it is JSON.
pub fn is_json(headers: &HeaderMap) -> bool {
    let content_type = single(headers, &header::CONTENT_TYPE).flatten().unwrap_or_default();
    content_type.split(';').next().is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"))
}

/// A header's only value; `Some(None)` where it is there more than once, or is no text.
pub fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Option<&'a str>> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    Some(value.to_str().ok().filter(|_| values.next().is_none()))
}
