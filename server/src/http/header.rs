//! Reading headers.

use axum::http::{HeaderMap, HeaderName, header};

/// Where a browser says that a request comes from.
pub const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a page of another site leads here: what a person asks for by a link of ours begins with the page that has it.
pub fn is_led_by_another(headers: &HeaderMap) -> bool {
    single(headers, &SEC_FETCH_SITE).is_some_and(|site| !matches!(site, Some("same-origin" | "none")))
}

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
