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
/// Set by the app when its user signs out where there is no network: the next request ends the sign-in, whatever it asks for. The second
/// name is what apps up to 0.1 set; a neighbouring host can set it too, and would sign somebody out by it. It goes with the next release.
const LEFT_COOKIES: [&str; 2] = ["__Host-hytevihko-left", "hytevihko-left"];
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
    let Some(token) = token(headers) else { return Ok(None) };
    // A reader knows whether there is such a sign-in: nobody who has none gets as far as the writer.
    let Some(sign_in) = server.store.sign_in(&hash(&token)).await? else { return Ok(None) };
    server.limits.person(sign_in.user)?;
    if LEFT_COOKIES.iter().any(|name| cookie(headers, name).as_deref() == Some("1")) {
        server.store.remove_sign_in(&hash(&token)).await?;
        return Ok(None);
    }
    if sign_in.expires_ms <= server.clock.now_ms() {
        return Ok(None);
    }
    Ok(server.store.person(sign_in.user).await?)
}

/// Signs a user in and returns the values of the `Set-Cookie` headers.
pub async fn sign_in(server: &Server, user: UserId) -> Result<[String; 3], Problem> {
    // Two random UUIDs: 244 random bits.
    let token = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let now = server.clock.now_ms();
    server.store.add_sign_in(&hash(&token), SignIn { user, expires_ms: now + SIGN_IN_MS }, now).await?;
    let cookie = format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}", SIGN_IN_MS / 1000);
    let [left, older] = LEFT_COOKIES;
    let left = format!("{left}=; Path=/; Secure; SameSite=Lax; Max-Age=0");
    Ok([cookie, left, format!("{older}=; Path=/; SameSite=Lax; Max-Age=0")])
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
pub fn device(server: &Server, headers: &HeaderMap) -> (DeviceId, Option<String>) {
    if let Some(device) = cookie(headers, DEVICE_COOKIE).as_deref().and_then(DeviceId::parse) {
        return (device, None);
    }
    let device = DeviceId::new(Uuid::new_v4());
    let secure = if server.origin.is_https() { "; Secure" } else { "" };
    let age = DEVICE_MS / 1000;
    (device, Some(format!("{DEVICE_COOKIE}={device}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}")))
}

fn token(headers: &HeaderMap) -> Option<String> {
    cookie(headers, COOKIE).filter(|token| token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
