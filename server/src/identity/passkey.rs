//! Passkeys (<https://www.w3.org/TR/webauthn-3/>): ceremonies under way, and what is checked at their end.
//!
//! A key is *discoverable*: the browser knows which ones it has for us, so that nobody types a name. The authenticator verifies its user, by a
//! finger, a face or a PIN. No clock takes part but the server's own monotonic one.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use domain::text::normalise;
use serde_json::Value;
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url,
    Webauthn, WebauthnBuilder, WebauthnError,
};

use super::{proof, refused::Refused, sign_in::Session};
use crate::{
    Server,
    http::{client_address::ClientAddress, origin::Origin, problem::Problem},
    store::{
        Act, PasskeyRow, PasskeyUse, Person, StoreError, Way,
        keys::{NAME_CHARS_MAX, PASSKEYS_MAX},
    },
};

/// Ceremonies that may be under way, each of some kilobytes.
const OPEN_MAX: usize = 1_000;
/// Of them, sign-ins that were begun from one network: a hall full of people behind one address.
const OPEN_OF_NETWORK_MAX: usize = 100;
/// How long somebody has for it; the browser is told the same.
const OPEN_FOR: Duration = Duration::from_secs(5 * 60);

/// The ceremonies under way, in memory only: nobody who is not signed in makes the server write, and a restored database revives none.
#[derive(Clone, Default)]
pub struct Ceremonies(Arc<Mutex<VecDeque<Ceremony>>>);

struct Ceremony {
    id: Uuid,
    begun: Instant,
    owner: Owner,
    state: State,
}

/// For whom a ceremony was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Owner {
    /// A sign-in, by its id: one that has begun again has only the newer one.
    SignIn(Uuid),
    Network(IpAddr),
}

impl Owner {
    const fn open_max(self) -> usize {
        match self {
            Owner::SignIn(_) => 1,
            Owner::Network(_) => OPEN_OF_NETWORK_MAX,
        }
    }
}

enum State {
    Registration(PasskeyRegistration),
    Authentication(DiscoverableAuthentication),
    #[cfg(test)]
    Nothing,
}

impl Ceremonies {
    /// Keeps a ceremony's state until it is finished. Where there are too many, the oldest of whoever has most goes: a flood from one network
    /// puts an end to its own only.
    fn begin(&self, owner: Owner, state: State, now: Instant) -> Uuid {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while open.front().is_some_and(|oldest| now.duration_since(oldest.begun) >= OPEN_FOR) {
            open.pop_front();
        }
        let mut counts: HashMap<Owner, usize> = HashMap::new();
        for ceremony in &*open {
            *counts.entry(ceremony.owner).or_default() += 1;
        }
        let full = if counts.get(&owner).is_some_and(|count| *count >= owner.open_max()) {
            Some(owner)
        } else if open.len() >= OPEN_MAX {
            counts.into_iter().max_by_key(|(_, count)| *count).map(|(owner, _)| owner)
        } else {
            None
        };
        if let Some(at) = full.and_then(|full| open.iter().position(|ceremony| ceremony.owner == full)) {
            open.remove(at);
        }
        let id = Uuid::new_v4();
        open.push_back(Ceremony { id, begun: now, owner, state });
        id
    }

    /// Takes a ceremony out, once.
    fn take(&self, id: Uuid, now: Instant) -> Option<(Owner, State)> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = open.iter().position(|ceremony| ceremony.id == id)?;
        let ceremony = open.remove(at)?;
        (now.duration_since(ceremony.begun) < OPEN_FOR).then_some((ceremony.owner, ceremony.state))
    }
}

/// The domain that keys are made for: the configured origin's host. Of a guessed origin it is `localhost`, because browsers make no keys for
/// a number. None where the operator has set one.
pub fn domain(origin: &Origin) -> Option<String> {
    relying_party(origin).map(|(domain, _)| domain)
}

fn relying_party(origin: &Origin) -> Option<(String, Webauthn)> {
    let (host, url) = match origin.is_configured() {
        true => (origin.host().to_owned(), origin.to_string()),
        false => ("localhost".to_owned(), format!("http://localhost:{}", origin.port())),
    };
    let url = Url::parse(&url).ok()?;
    // Something may stand between a browser on this machine and a guessed origin, on a port of its own.
    let builder = WebauthnBuilder::new(&host, &url).ok()?.rp_name("Hytevihko").allow_any_port(!origin.is_configured());
    let webauthn = builder.timeout(OPEN_FOR).build().ok()?;
    Some((host, webauthn))
}

fn webauthn(server: &Server) -> Result<Webauthn, Refused> {
    relying_party(&server.origin).map(|(_, webauthn)| webauthn).ok_or(Refused::NoDomain)
}

/// A ceremony's id, and the `publicKey` of what the browser is asked.
pub type Begun = (Uuid, Value);

/// Begins a sign-in of anybody.
pub fn begin_sign_in(server: &Server, from: ClientAddress) -> Result<Begun, Refused> {
    let (asked, state) = webauthn(server)?.start_discoverable_authentication().map_err(refused)?;
    let mut options = serde_json::to_value(asked.public_key).map_err(|_| Refused::Failed)?;
    // No browser knows the extension that the library asks for.
    options.as_object_mut().map(|options| options.remove("extensions"));
    let state = State::Authentication(state);
    Ok((server.ceremonies.begin(Owner::Network(from.network()), state, Instant::now()), options))
}

/// Whose passkey it was. The key's counter has been taken down.
pub async fn finish_sign_in(server: &Server, ceremony: Uuid, credential: Value) -> Result<PasskeyRow, Problem> {
    let Some((_, State::Authentication(state))) = server.ceremonies.take(ceremony, Instant::now()) else {
        return Err(Refused::Expired.into());
    };
    let credential: PublicKeyCredential =
        serde_json::from_value(credential).map_err(|_| Problem::Unreadable("The credential is not one."))?;
    let row = server.store.passkey(credential.get_credential_id()).await?.ok_or(Refused::Unknown)?;
    if credential.get_user_unique_id() != Some(row.user.uuid().as_bytes()) {
        return Err(Refused::Failed.into());
    }
    let mut passkey: Passkey =
        serde_json::from_str(&row.key).map_err(|_| Problem::Store(StoreError::Damaged("passkey")))?;
    let checked = webauthn(server)?.finish_discoverable_authentication_v2(&credential, state, &passkey);
    // What is said of the key itself is said only after its signature was found good.
    let result = match checked {
        Err(WebauthnError::CredentialPossibleCompromise) => return Err(copied(server, &row).await),
        Err(error) => return Err(refused(error).into()),
        Ok(_) if row.suspect_ms.is_some() => return Err(Refused::Copied.into()),
        Ok(result) => result,
    };
    passkey.update_credential(&result);
    let key = written(&passkey)?;
    let used = PasskeyUse { key: &key, counter: result.counter(), at_ms: server.clock.now_ms() };
    if !server.store.passkey_used(row.id, used).await? {
        // Between then and now it was removed, or used with a counter as high as this one.
        let is_there = server.store.passkey(&row.credential).await?.is_some();
        return Err(if is_there { copied(server, &row).await } else { Refused::Unknown.into() });
    }
    Ok(row)
}

/// By which way a person comes who has used this key: one that was made by e-mail proves no more than that.
pub fn way(key: &PasskeyRow) -> Way {
    if key.by_mail { Way::Email } else { Way::Passkey }
}

/// Marks a key of which there may be a copy.
async fn copied(server: &Server, row: &PasskeyRow) -> Problem {
    match server.store.suspect_passkey(row.id, server.entry(Some(row.user), Act::PasskeyCopied, Some(row.id))).await {
        Ok(()) => Refused::Copied.into(),
        Err(error) => error.into(),
    }
}

/// Begins to make a passkey of whoever is signed in and has just proved it.
pub async fn begin_registration(server: &Server, session: &Session) -> Result<Begun, Problem> {
    let webauthn = webauthn(server)?;
    proof::require_for_keys(server, session).await?;
    let user = session.person.user;
    let keys = server.store.passkeys(user).await?;
    if keys.len() >= PASSKEYS_MAX as usize {
        return Err(Refused::TooMany.into());
    }
    let known = keys.into_iter().map(|key| key.credential).collect();
    let (account, name) = names(&session.person);
    let (asked, state) =
        webauthn.start_passkey_registration(user.uuid(), &account, &name, Some(known)).map_err(refused)?;
    let mut options = serde_json::to_value(asked.public_key).map_err(|_| Refused::Failed)?;
    // The library asks for keys that need a name to be typed; ours are found without.
    if let Some(selection) = options["authenticatorSelection"].as_object_mut() {
        selection.insert("residentKey".to_owned(), "required".into());
        selection.insert("requireResidentKey".to_owned(), true.into());
    }
    let state = State::Registration(state);
    Ok((server.ceremonies.begin(Owner::SignIn(session.sign_in.id), state, Instant::now()), options))
}

/// What the person's phone or computer calls the key: whose it is, and where.
fn names(person: &Person) -> (String, String) {
    let membership = person.memberships.first();
    let name = membership.map_or(&person.nickname, |membership| &membership.nickname);
    match membership {
        Some(membership) => (format!("{name} ({})", membership.name), name.clone()),
        None => (name.clone(), name.clone()),
    }
}

/// Keeps the passkey that was made.
pub async fn finish_registration(
    server: &Server,
    session: &Session,
    ceremony: Uuid,
    name: &str,
    credential: Value,
) -> Result<PasskeyRow, Problem> {
    // One that was begun while the proof was fresh may end a little later.
    let begun = server.ceremonies.take(ceremony, Instant::now());
    let Some((owner, State::Registration(state))) = begun else { return Err(Refused::Expired.into()) };
    if owner != Owner::SignIn(session.sign_in.id) {
        return Err(Refused::Expired.into());
    }
    let credential: RegisterPublicKeyCredential =
        serde_json::from_value(credential).map_err(|_| Problem::Unreadable("The credential is not one."))?;
    let passkey = webauthn(server)?.finish_passkey_registration(&credential, &state).map_err(refused)?;
    let row = PasskeyRow {
        id: Uuid::new_v4(),
        credential: passkey.cred_id().to_vec(),
        user: session.person.user,
        key: written(&passkey)?,
        counter: 0,
        name: key_name(name),
        created_ms: server.clock.now_ms(),
        last_used_ms: None,
        suspect_ms: None,
        by_mail: proof::is_by_mail(session),
    };
    match server.store.add_passkey(&row, server.entry(Some(row.user), Act::PasskeyAdded, Some(row.id))).await? {
        true => Ok(row),
        false if server.store.passkey(&row.credential).await?.is_some() => Err(Refused::AlreadyThere.into()),
        false => Err(Refused::TooMany.into()),
    }
}

/// A key's name as it is kept. Empty where nothing is left: the page then has a name for it.
pub fn key_name(typed: &str) -> String {
    normalise(typed).chars().take(NAME_CHARS_MAX).collect()
}

fn written(passkey: &Passkey) -> Result<String, Problem> {
    serde_json::to_string(passkey).map_err(|_| Problem::Store(StoreError::Damaged("passkey")))
}

fn refused(error: WebauthnError) -> Refused {
    tracing::debug!(%error, "a passkey was refused");
    match error {
        WebauthnError::InvalidRPOrigin | WebauthnError::InvalidRPIDHash | WebauthnError::CredentialCrossOrigin => {
            Refused::OtherOrigin
        }
        WebauthnError::CredentialAlreadyExists => Refused::AlreadyThere,
        WebauthnError::CredentialPossibleCompromise => Refused::Copied,
        _ => Refused::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALL: Owner = Owner::Network(IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)));

    fn network(n: u8) -> Owner {
        Owner::Network(IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, n)))
    }

    #[test]
    fn a_ceremony_is_finished_once_and_in_time() {
        let (open, now) = (Ceremonies::default(), Instant::now());
        let id = open.begin(HALL, State::Nothing, now);
        assert!(open.take(Uuid::new_v4(), now).is_none());
        assert!(open.take(id, now + OPEN_FOR - Duration::from_millis(1)).is_some_and(|(owner, _)| owner == HALL));
        assert!(open.take(id, now).is_none());
        let late = open.begin(HALL, State::Nothing, now);
        assert!(open.take(late, now + OPEN_FOR).is_none());
    }

    #[test]
    fn a_sign_in_that_begins_again_has_only_the_newer_ceremony() {
        let (open, now) = (Ceremonies::default(), Instant::now());
        let owner = Owner::SignIn(Uuid::new_v4());
        let (first, second) = (open.begin(owner, State::Nothing, now), open.begin(owner, State::Nothing, now));
        assert!(open.take(first, now).is_none() && open.take(second, now).is_some());
    }

    #[test]
    fn a_flood_puts_an_end_to_its_own_ceremonies_only() {
        let (open, now) = (Ceremonies::default(), Instant::now());
        let mine = open.begin(HALL, State::Nothing, now);
        let signed_in = open.begin(Owner::SignIn(Uuid::new_v4()), State::Nothing, now);
        for n in 0..20 {
            for _ in 0..2 * OPEN_OF_NETWORK_MAX {
                open.begin(network(n), State::Nothing, now);
            }
        }
        assert_eq!(open.0.lock().expect("a list").len(), OPEN_MAX);
        assert!(open.take(mine, now).is_some() && open.take(signed_in, now).is_some());
        // What ran out makes room.
        open.begin(HALL, State::Nothing, now + OPEN_FOR);
        assert_eq!(open.0.lock().expect("a list").len(), 1);
    }

    #[test]
    fn keys_are_made_for_a_name_and_never_for_a_number() {
        let of = |origin: &str| domain(&origin.parse().expect("an origin"));
        assert_eq!(of("https://hytevihko.example.fi:8443").as_deref(), Some("hytevihko.example.fi"));
        assert_eq!(of("http://localhost:3000").as_deref(), Some("localhost"));
        assert_eq!(domain(&Origin::loopback(3000)).as_deref(), Some("localhost"));
        assert_eq!((of("https://192.0.2.1"), of("http://127.0.0.1:3000"), of("http://[::1]:3000")), (None, None, None));
    }

    #[test]
    fn a_keys_name_is_short_and_plain() {
        assert_eq!(key_name("  Työ\npuhelin "), "Työ puhelin");
        assert_eq!(key_name(&"ä".repeat(99)).chars().count(), NAME_CHARS_MAX);
    }
}
