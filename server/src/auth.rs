//! Sign-in with a cookie. The database has only its SHA-256; the cookie itself is only in the browser.

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, Method, header, request::Parts},
    middleware::Next,
    response::Response,
};
use domain::{DeviceId, UserId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Server, error::Problem, store::Person};

/// `__Host-`: only this host may set and read it, only over HTTPS or the local machine.
const COOKIE: &str = "__Host-hytevihko";
/// Which browser it is; not who uses it.
const DEVICE_COOKIE: &str = "hytevihko-device";
/// Set by the app when its user signs out where there is no network: the next request ends the sign-in, whatever it asks for.
const LEFT_COOKIE: &str = "hytevihko-left";
/// Browsers keep a cookie for 400 days at most; each visit to `/api/v1/me` without one makes another.
const DEVICE_MS: i64 = 400 * 24 * 60 * 60 * 1000;
/// How long a sign-in lasts, milliseconds: half a year, because a volunteer's club rests in the summer.
const SIGN_IN_MS: i64 = 180 * 24 * 60 * 60 * 1000;

/// The user of the request's sign-in. A route that takes it answers 401 to everybody else.
pub struct SignedIn(pub Person);

impl FromRequestParts<Server> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        signed_in(server, &parts.headers).await?.map(SignedIn).ok_or(Problem::NotSignedIn)
    }
}

/// The user of the request's sign-in, if there is one.
pub async fn signed_in(server: &Server, headers: &HeaderMap) -> Result<Option<Person>, Problem> {
    if cookie(headers, LEFT_COOKIE).as_deref() == Some("1") {
        sign_out(server, headers).await?;
        return Ok(None);
    }
    match token(headers) {
        Some(token) => Ok(server.store.signed_in(hash(&token), server.clock.now_ms()).await?),
        None => Ok(None),
    }
}

/// Signs a user in and returns the values of the `Set-Cookie` headers.
pub async fn sign_in(server: &Server, user: UserId) -> Result<[String; 2], Problem> {
    // Two random UUIDs: 244 random bits.
    let token = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let now = server.clock.now_ms();
    server.store.add_sign_in(hash(&token), user, now, now + SIGN_IN_MS).await?;
    let cookie = format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}", SIGN_IN_MS / 1000);
    Ok([cookie, format!("{LEFT_COOKIE}=; Path=/; SameSite=Lax; Max-Age=0")])
}

/// Ends the request's sign-in and returns the `Set-Cookie` header that removes the cookie.
pub async fn sign_out(server: &Server, headers: &HeaderMap) -> Result<String, Problem> {
    if let Some(token) = token(headers) {
        server.store.remove_sign_in(hash(&token)).await?;
    }
    Ok(format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"))
}

/// The request's device, and the `Set-Cookie` header where the browser does not know it yet. The cookie outlives the browser's
/// storage, so that storage that was cleared is told from a new phone. It signs nobody in.
pub fn device(headers: &HeaderMap) -> (DeviceId, Option<String>) {
    if let Some(device) = cookie(headers, DEVICE_COOKIE).as_deref().and_then(DeviceId::parse) {
        return (device, None);
    }
    let device = DeviceId::new(Uuid::new_v4());
    let secure = if is_https(headers) { "; Secure" } else { "" };
    let age = DEVICE_MS / 1000;
    (device, Some(format!("{DEVICE_COOKIE}={device}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}")))
}

/// Whether the browser came by HTTPS: the proxy before us says so, or the browser's own page does.
fn is_https(headers: &HeaderMap) -> bool {
    let begins = |name: &str, with: &str| {
        headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.starts_with(with))
    };
    begins("x-forwarded-proto", "https") || begins("origin", "https://") || begins("referer", "https://")
}

/// Refuses to change anything for a page of another site. `SameSite` does the same in browsers that know it.
pub async fn same_site(State(_): State<Server>, request: Request, next: Next) -> Result<Response, Problem> {
    if matches!(*request.method(), Method::GET | Method::HEAD) || is_same_site(request.headers()) {
        Ok(next.run(request).await)
    } else {
        Err(Problem::CrossSite)
    }
}

fn is_same_site(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, rest)| rest == host),
        // Neither header: not a browser, and so no cookie that somebody else's page could use.
        (None, _) => true,
        (Some(_), None) => false,
    }
}

fn token(headers: &HeaderMap) -> Option<String> {
    cookie(headers, COOKIE).filter(|token| token.len() == 64)
}

/// The value of one cookie.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().expect("value")))
            .collect()
    }

    #[test]
    fn a_page_of_another_site_changes_nothing() {
        assert!(is_same_site(&headers(&[("sec-fetch-site", "same-origin")])));
        assert!(!is_same_site(&headers(&[("sec-fetch-site", "cross-site")])));
        assert!(is_same_site(&headers(&[("origin", "http://127.0.0.1:3000"), ("host", "127.0.0.1:3000")])));
        assert!(!is_same_site(&headers(&[("origin", "https://evil.example"), ("host", "127.0.0.1:3000")])));
    }

    #[test]
    fn one_cookie_is_found_among_others() {
        assert_eq!(cookie(&headers(&[("cookie", "a=1; kieli=sv; b=2")]), "kieli").as_deref(), Some("sv"));
    }
}
