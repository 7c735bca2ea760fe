//! Nothing is changed for a page of another site: one check before every route that changes something.
//!
//! A browser says where a request comes from, in `Origin` and `Sec-Fetch-Site`, and no page can write these two itself. Where one is there,
//! it has to name us: the configured origin with its scheme, and `same-origin`. A form needs one of them. JSON needs our own header beside
//! its media type as well: another site's page cannot send either without asking first, and nobody here answers that. Apps of earlier
//! releases do not send the header, so the routes that they know take a browser's word alone.
//!
//! `Sec-Fetch-Site: none` is refused, too: that is an address which a person typed, and such a request changes nothing. `SameSite` of the
//! cookie does the same once more, in browsers that know it.

use axum::http::{HeaderMap, HeaderName, header};

use super::{
    header::{SEC_FETCH_SITE, is_json, single},
    origin::Origin,
    problem::Problem,
    route::{Route, Sort},
};

/// Our own header: the app sends it with all JSON.
pub const OURS: HeaderName = HeaderName::from_static("x-hytevihko");

/// Whose page a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sender {
    Ours,
    Another,
    /// No browser of today, or a header was taken away on the way.
    Unknown,
}

/// Whether a request may change what the route changes.
pub fn check(route: &Route, headers: &HeaderMap, origin: &Origin) -> Result<(), Problem> {
    // Who comes back from another site is known by their ticket, which the handler looks at.
    if !route.changes || route.sort == Sort::Return {
        return Ok(());
    }
    let is_ours = single(headers, &OURS) == Some(Some("1"));
    let may = match (sender(headers, origin), route.sort) {
        (Sender::Another, _) => false,
        (Sender::Ours, Sort::Form | Sort::Sync) => true,
        (Sender::Ours, _) => is_ours,
        (Sender::Unknown, Sort::Sync) => is_ours,
        (Sender::Unknown, _) => false,
    };
    if !may {
        return Err(Problem::CrossSite);
    }
    match route.sort == Sort::Form || is_json(headers) {
        true => Ok(()),
        false => Err(Problem::WrongMediaType),
    }
}

fn sender(headers: &HeaderMap, origin: &Origin) -> Sender {
    let site = single(headers, &SEC_FETCH_SITE).map(|site| site == Some("same-origin"));
    let is_ours = |said| if site == Some(true) { origin.may_be(said) } else { origin.is(said) };
    let said = [site, single(headers, &header::ORIGIN).map(|said| said.is_some_and(is_ours))];
    if said.contains(&Some(false)) {
        Sender::Another
    } else if said.contains(&Some(true)) {
        Sender::Ours
    } else {
        Sender::Unknown
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::post;

    use super::*;
    use crate::http::route::Access;

    fn may(route: &Route, pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), value.parse().expect("value"));
        }
        let origin = "https://hytevihko.fi".parse().expect("an origin");
        check(route, &headers, &origin).is_ok()
    }

    const FROM_US: (&str, &str) = ("sec-fetch-site", "same-origin");
    const ORIGIN: (&str, &str) = ("origin", "https://hytevihko.fi");
    const HEADER: (&str, &str) = ("x-hytevihko", "1");
    const JSON: (&str, &str) = ("content-type", "application/json");

    #[test]
    fn a_form_comes_from_a_page_of_ours() {
        let form = Route::form("/f", Access::Anyone, || post(|| async {}));
        assert!(may(&form, &[FROM_US]) && may(&form, &[ORIGIN]) && may(&form, &[FROM_US, ORIGIN]));
        assert!(!may(&form, &[]) && !may(&form, &[HEADER]));
        assert!(!may(&form, &[("sec-fetch-site", "cross-site"), ORIGIN]));
        assert!(!may(&form, &[("sec-fetch-site", "same-site")]) && !may(&form, &[("sec-fetch-site", "none")]));
        assert!(!may(&form, &[FROM_US, ("origin", "http://hytevihko.fi")]), "the scheme counts");
        assert!(!may(&form, &[FROM_US, ("origin", "null")]));
        assert!(!may(&form, &[ORIGIN, ("origin", "https://evil.example")]), "two are none");
    }

    #[test]
    fn json_comes_from_a_page_of_ours_with_our_header() {
        let json = Route::json("/j", Access::Anyone, || post(|| async {}));
        assert!(may(&json, &[ORIGIN, HEADER, JSON]) && may(&json, &[FROM_US, HEADER, JSON]));
        assert!(!may(&json, &[ORIGIN, JSON]) && !may(&json, &[HEADER, JSON]) && !may(&json, &[ORIGIN, HEADER]));
        assert!(!may(&json, &[ORIGIN, HEADER, ("content-type", "text/plain")]));
        assert!(!may(&json, &[ORIGIN, JSON, ("x-hytevihko", "0")]));
    }

    #[test]
    fn an_app_of_an_earlier_release_pushes_without_our_header() {
        let sync = Route::sync("/s", Access::Member, || post(|| async {}));
        assert!(may(&sync, &[ORIGIN, JSON]) && may(&sync, &[FROM_US, JSON]));
        assert!(may(&sync, &[HEADER, JSON]), "a program with a cookie of its own");
        assert!(!may(&sync, &[JSON]) && !may(&sync, &[ORIGIN]));
        assert!(!may(&sync, &[("origin", "https://evil.example"), HEADER, JSON]));
    }
}
