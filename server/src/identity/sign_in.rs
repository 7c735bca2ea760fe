//! Sign-in with a cookie. The database has only its SHA-256; the cookie itself is only in the browser.
//!
//! A sign-in has a class, which bounds what the person may do with it (`domain::permission::people`): what a handler is given is the
//! person as this sign-in makes them.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use domain::{
    AssociationId, DeviceId, UserId,
    permission::people::{self, Class},
};
use sha2::{Digest, Sha256};
use sync::rules::hand_in::is_in_time;
use uuid::Uuid;

use super::secret;
use crate::{
    Server,
    http::{cookies::cookie, problem::Problem},
    store::{Act, EndedSignIn, Person, SignIn, Way},
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
/// That a sign-in or a token was used is written down this often, milliseconds: the writer has better things to do.
pub(super) const USED_MS: i64 = 60 * 60 * 1000;
/// A cookie is changed when it is this old, milliseconds.
const ROTATE_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// An answer with a new cookie is lost when the old one still comes after this time, milliseconds: longer than any answer is under way
/// (`Patience::request`), so that two cookies never race for a browser.
const LOST_MS: i64 = 2 * 60 * 1000;

/// The user of the request's sign-in. A route that takes it answers 401 to everybody else.
pub struct SignedIn(pub Person);

impl FromRequestParts<Server> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        signed_in(server, &parts.headers).await?.map(SignedIn).ok_or(Problem::NotSignedIn)
    }
}

/// A person together with the sign-in by which they came.
#[derive(Clone, Debug)]
pub struct Session {
    /// As the sign-in makes them.
    pub person: Person,
    pub sign_in: SignIn,
    /// The person is more than this sign-in lets them be.
    pub hides: bool,
    /// Of the cookie.
    pub token_hash: Vec<u8>,
}

impl Session {
    /// Whether the person has proved who they are in the last minutes.
    pub fn is_fresh(&self, now_ms: i64) -> bool {
        people::is_fresh(self.sign_in.proved_ms, now_ms)
    }
}

impl FromRequestParts<Server> for Session {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        session(server, &parts.headers).await?.ok_or(Problem::NotSignedIn)
    }
}

/// The user of the request's sign-in, if there is one.
pub async fn signed_in(server: &Server, headers: &HeaderMap) -> Result<Option<Person>, Problem> {
    Ok(session(server, headers).await?.map(|session| session.person))
}

/// Whose sign-in the request's cookie is, alive or not: enough to bound what is kept for one person, and for nothing else.
pub async fn user_of(server: &Server, headers: &HeaderMap) -> Result<Option<UserId>, Problem> {
    let Some(token_hash) = token_hash(headers) else { return Ok(None) };
    if let Some(sign_in) = server.store.sign_in(&token_hash).await? {
        return Ok(Some(sign_in.user));
    }
    Ok(server.store.ended_sign_in(&token_hash).await?.map(|ended| ended.user))
}

/// The request's sign-in, where it was ended from elsewhere, however long ago that is known.
pub async fn ended(server: &Server, headers: &HeaderMap) -> Result<Option<EndedSignIn>, Problem> {
    let Some(token_hash) = token_hash(headers) else { return Ok(None) };
    let Some(ended) = server.store.ended_sign_in(&token_hash).await? else { return Ok(None) };
    server.limits.person(ended.user)?;
    Ok(Some(ended))
}

/// Whoever hands in: by a sign-in that is alive, or by one that was ended from elsewhere in the last thirty days.
#[derive(Clone, Copy, Debug)]
pub struct HandingIn {
    pub user: UserId,
    /// The browser that the sign-in was made on, whatever the request says.
    pub device: Option<DeviceId>,
    /// When the sign-in was made, milliseconds since 1970.
    pub created_ms: i64,
    pub is_ended: bool,
}

impl FromRequestParts<Server> for HandingIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        if let Some(session) = session(server, &parts.headers).await? {
            let SignIn { user, device, created_ms, .. } = session.sign_in;
            return Ok(HandingIn { user, device, created_ms, is_ended: false });
        }
        let now_ms = server.clock.now_ms();
        let ended = ended(server, &parts.headers).await?.filter(|ended| is_in_time(ended.ended_ms, now_ms));
        let ended = ended.ok_or(Problem::NotSignedIn)?;
        let EndedSignIn { user, device, created_ms, .. } = ended;
        Ok(HandingIn { user, device, created_ms, is_ended: true })
    }
}

/// The request's sign-in, if it is one that is alive.
pub async fn session(server: &Server, headers: &HeaderMap) -> Result<Option<Session>, Problem> {
    let Some(token_hash) = token_hash(headers) else { return Ok(None) };
    // A reader knows whether there is such a sign-in: nobody who has none gets as far as the writer.
    let Some(sign_in) = server.store.sign_in(&token_hash).await? else { return Ok(None) };
    server.limits.person(sign_in.user)?;
    if LEFT_COOKIES.iter().any(|name| cookie(headers, name).as_deref() == Some("1")) {
        sign_out(server, headers).await?;
        return Ok(None);
    }
    let now = server.clock.now_ms();
    if !sign_in.is_alive(now) {
        return Ok(None);
    }
    let Some(person) = server.store.person(sign_in.user).await? else { return Ok(None) };
    if now - sign_in.last_used_ms >= USED_MS {
        server.store.sign_in_used(sign_in.id, &token_hash, now).await?;
    }
    let seen = as_seen(person.clone(), sign_in.class, sign_in.way);
    Ok(Some(Session { hides: seen != person, person: seen, sign_in, token_hash }))
}

/// The person with what a sign-in of this class and way lets them be.
fn as_seen(mut person: Person, class: Class, way: Way) -> Person {
    for membership in &mut person.memberships {
        membership.role = people::role_with(class, membership.role);
    }
    // A mailbox is read by more people and programs than a passkey, and is no key to what a coordinator or an operator sees.
    if !people::is_official_with(class) || way == Way::Email {
        person.areas.clear();
        person.is_operator = false;
    }
    // A passkey that somebody made before they left would outlive their organisation's account.
    if person.has_account && way != Way::OpenId {
        person.areas.clear();
    }
    person
}

/// What is known of somebody who has just proved who they are.
#[derive(Clone, Copy, Debug)]
pub struct NewSignIn {
    pub user: UserId,
    pub way: Way,
    /// They said that nobody else uses this device.
    pub is_own_device: bool,
}

/// Somebody who has come in.
#[derive(Clone, Debug)]
pub struct CameIn {
    /// As the sign-in makes them.
    pub person: Person,
    /// The values of the `Set-Cookie` headers; none where the browser's sign-in stays.
    pub cookies: Vec<String>,
}

/// A sign-in that is not stored yet: its row, its token's hash, and the values of the `Set-Cookie` headers.
pub struct Prepared {
    pub sign_in: SignIn,
    pub token_hash: Vec<u8>,
    pub cookies: Vec<String>,
}

impl Prepared {
    /// Stores it, in place of the browser's sign-in before (`replaces`, by its cookie's hash), and returns the cookies.
    pub async fn keep(self, server: &Server, replaces: Option<Vec<u8>>) -> Result<Vec<String>, Problem> {
        self.keep_let_in(server, replaces, None).await
    }

    /// As [`Prepared::keep`], on a browser that an association's invitation let in.
    pub async fn keep_let_in(
        self,
        server: &Server,
        replaces: Option<Vec<u8>>,
        let_in_by: Option<AssociationId>,
    ) -> Result<Vec<String>, Problem> {
        let SignIn { id, user, way, .. } = self.sign_in;
        let entry = Some(server.entry(Some(user), Act::SignedIn, Some(id))).filter(|_| way != Way::Demo);
        let replaces = replaces.as_deref();
        server.store.add_sign_in_let_in(&self.token_hash, self.sign_in, replaces, entry, let_in_by).await?;
        Ok(self.cookies)
    }
}

/// Makes a sign-in of a class for the browser that sent `headers`.
pub fn prepare(server: &Server, headers: &HeaderMap, user: UserId, way: Way, class: Class) -> Prepared {
    let token = secret::token();
    let now = server.clock.now_ms();
    let (device, device_cookie) = device(server, headers);
    let sign_in = SignIn {
        id: Uuid::new_v4(),
        user,
        device: Some(device),
        class,
        way,
        created_ms: now,
        rotated_ms: now,
        last_used_ms: now,
        proved_ms: now,
        expires_ms: now + class.whole_ms(),
    };
    let [left, older] = LEFT_COOKIES;
    let mut cookies = vec![
        session_cookie(&token, class.whole_ms()),
        format!("{left}=; Path=/; Secure; SameSite=Lax; Max-Age=0"),
        format!("{older}=; Path=/; SameSite=Lax; Max-Age=0"),
    ];
    cookies.extend(device_cookie);
    Prepared { sign_in, token_hash: hash(&token), cookies }
}

/// Signs a user in, ends the browser's sign-in before, and returns the values of the `Set-Cookie` headers. The first is the sign-in's.
pub async fn sign_in(server: &Server, headers: &HeaderMap, new: NewSignIn) -> Result<Vec<String>, Problem> {
    Ok(sign_in_proved(server, headers, new, server.clock.now_ms()).await?.cookies)
}

/// As [`sign_in`], for a person who proved who they are at another moment: an account that stays open for a working day proves nothing
/// about who sits there now. It says, too, who came.
pub async fn sign_in_proved(
    server: &Server,
    headers: &HeaderMap,
    new: NewSignIn,
    proved_ms: i64,
) -> Result<CameIn, Problem> {
    let person = server.store.person(new.user).await?.ok_or(Problem::NotSignedIn)?;
    let class = class_of(&person, new.is_own_device);
    let mut prepared = prepare(server, headers, new.user, new.way, class);
    prepared.sign_in.proved_ms = proved_ms.min(prepared.sign_in.created_ms);
    let cookies = prepared.keep(server, token_hash(headers)).await?;
    Ok(CameIn { person: as_seen(person, class, new.way), cookies })
}

/// The class of a sign-in of this person.
pub fn class_of(person: &Person, is_own_device: bool) -> Class {
    Class::of(person.is_official(), person.is_reviewer(), is_own_device)
}

/// Gives the request's sign-in a new cookie when the one it has is old, and returns the `Set-Cookie` header. An answer can be lost: the
/// old cookie stays valid until the new one comes back, and is changed again after `LOST_MS`. Of several requests at once (two tabs)
/// one changes it, and only its answer has a cookie: that of another would no longer be known when it arrived last.
pub async fn rotate(server: &Server, session: &Session) -> Result<Option<String>, Problem> {
    let now = server.clock.now_ms();
    let SignIn { id, rotated_ms, expires_ms, .. } = session.sign_in;
    let is_due = match now - rotated_ms {
        ROTATE_MS.. => true,
        LOST_MS.. => server.store.is_replaced(&session.token_hash).await?,
        _ => false,
    };
    if !is_due {
        return Ok(None);
    }
    let token = secret::token();
    let is_ours = server.store.rotate_sign_in(id, &session.token_hash, rotated_ms, &hash(&token), now).await?;
    Ok(is_ours.then(|| session_cookie(&token, expires_ms - now)))
}

/// Ends the request's sign-in and returns the `Set-Cookie` header that removes the cookie.
pub async fn sign_out(server: &Server, headers: &HeaderMap) -> Result<String, Problem> {
    if let Some(token_hash) = token_hash(headers)
        && let Some(sign_in) = server.store.sign_in(&token_hash).await?
    {
        let entry = server.entry(Some(sign_in.user), Act::SignedOut, Some(sign_in.id));
        server.store.remove_sign_in(&token_hash, Some(entry).filter(|_| sign_in.way != Way::Demo)).await?;
    }
    Ok(format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"))
}

/// Hash of the request's cookie, where it has one of the right shape.
pub fn token_hash(headers: &HeaderMap) -> Option<Vec<u8>> {
    token(headers).as_deref().map(hash)
}

/// The request's device, where the browser knows it.
pub fn known_device(headers: &HeaderMap) -> Option<DeviceId> {
    cookie(headers, DEVICE_COOKIE).as_deref().and_then(DeviceId::parse)
}

/// The request's device, and the `Set-Cookie` header where the browser does not know it yet. The cookie outlives the browser's
/// storage, so that storage that was cleared is told from a new phone. It signs nobody in.
pub fn device(server: &Server, headers: &HeaderMap) -> (DeviceId, Option<String>) {
    if let Some(device) = known_device(headers) {
        return (device, None);
    }
    let device = DeviceId::new(Uuid::new_v4());
    let secure = if server.origin.is_https() { "; Secure" } else { "" };
    let age = DEVICE_MS / 1000;
    (device, Some(format!("{DEVICE_COOKIE}={device}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}")))
}

fn session_cookie(token: &str, lasts_ms: i64) -> String {
    format!("{COOKIE}={token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}", lasts_ms / 1000)
}

fn token(headers: &HeaderMap) -> Option<String> {
    cookie(headers, COOKIE).filter(|token| token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
