//! Sign-in with a cookie. The database has only its SHA-256; the cookie itself is only in the browser.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use domain::{DeviceId, UserId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Server,
    http::{cookies::cookie, problem::Problem},
    store::{Person, SignIn},
};

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
        Some(token) => match server.store.sign_in(&hash(&token)).await? {
            Some(sign_in) if sign_in.expires_ms > server.clock.now_ms() => {
                server.limits.person(sign_in.user)?;
                Ok(server.store.person(sign_in.user).await?)
            }
            _ => Ok(None),
        },
        None => Ok(None),
    }
}

/// Signs a user in and returns the values of the `Set-Cookie` headers.
pub async fn sign_in(server: &Server, user: UserId) -> Result<[String; 2], Problem> {
    // Two random UUIDs: 244 random bits.
    let token = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let now = server.clock.now_ms();
    server.store.add_sign_in(&hash(&token), SignIn { user, expires_ms: now + SIGN_IN_MS }, now).await?;
    let cookie = format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}", SIGN_IN_MS / 1000);
    Ok([cookie, format!("{LEFT_COOKIE}=; Path=/; SameSite=Lax; Max-Age=0")])
}

/// Ends the request's sign-in and returns the `Set-Cookie` header that removes the cookie.
pub async fn sign_out(server: &Server, headers: &HeaderMap) -> Result<String, Problem> {
    if let Some(token) = token(headers) {
        server.store.remove_sign_in(&hash(&token)).await?;
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

fn token(headers: &HeaderMap) -> Option<String> {
    cookie(headers, COOKIE).filter(|token| token.len() == 64)
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
