//! What a browser takes along to the provider and brings back: which sign-in it began, and with what secrets.
//!
//! It is a cookie, so that nothing is kept for those who never come back. It is authenticated under the server's key and good for one return:
//! those that came back are remembered until they would have expired. Tickets of another run of the server are worth nothing, so that what
//! one run remembered need not outlive it; whoever was on their way then begins again.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::identity::secret::{self, Secret};

/// `__Host-`: only this host may set and read it. Lax: it comes along when the provider's page leads back.
pub const COOKIE: &str = "__Host-hytevihko-oidc";
/// From the beginning to the return, milliseconds.
pub const LASTS_MS: i64 = 10 * 60 * 1000;
/// Longest ticket that is looked at, in bytes: an address of 200 bytes and three secrets of 43 in base64 have 600.
const BYTES_MAX: usize = 1500;
/// Tickets that came back and are remembered, 100 bytes each. Of one address one a second comes back at most.
const USED_MAX: usize = 20_000;
const PURPOSE: &str = "oidc ticket";

/// A sign-in that has begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Names the sign-in in both directions.
    pub state: String,
    /// Ties the ID token to it.
    pub nonce: String,
    /// Ties the code to it (RFC 7636).
    pub verifier: String,
    /// A path of ours to go on to; empty: where the person's role begins.
    pub to: String,
    /// Whoever is signed in proves again who they are.
    pub again: bool,
    /// Milliseconds since 1970.
    pub begun_ms: i64,
}

impl Ticket {
    pub fn new(to: &str, again: bool, now_ms: i64) -> Ticket {
        let random = || BASE64_URL_SAFE_NO_PAD.encode(secret::random());
        Ticket { state: random(), nonce: random(), verifier: random(), to: to.to_owned(), again, begun_ms: now_ms }
    }
}

/// Gives tickets out and takes them back.
#[derive(Debug)]
pub struct Tickets {
    /// Of this run of the server.
    run: [u8; 32],
    /// Those that came back, and until when they are remembered.
    used: Mutex<HashMap<String, i64>>,
}

impl Default for Tickets {
    fn default() -> Tickets {
        Tickets { run: secret::random(), used: Mutex::default() }
    }
}

impl Tickets {
    /// The `Set-Cookie` header of a ticket.
    pub fn cookie(&self, key: &Secret, ticket: &Ticket) -> String {
        let json = serde_json::to_vec(ticket).unwrap_or_default();
        let [body, seal] = [&json, &self.seal(key, &json)].map(|bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes));
        format!("{COOKIE}={body}.{seal}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}", LASTS_MS / 1000)
    }

    /// The `Set-Cookie` header that removes it.
    pub fn removed() -> String {
        format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
    }

    /// The ticket of a cookie's value, where it is the one of `state`, in time, and comes back for the first time.
    pub fn take(&self, key: &Secret, cookie: &str, state: &str, now_ms: i64) -> Option<Ticket> {
        if cookie.len() > BYTES_MAX {
            return None;
        }
        let (body, seal) = cookie.split_once('.')?;
        let [json, seal] = [body, seal].map(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok());
        let json = json?;
        if !is_same(&seal?, &self.seal(key, &json)) {
            return None;
        }
        let ticket: Ticket = serde_json::from_slice(&json).ok()?;
        let is_in_time = (0..LASTS_MS).contains(&(now_ms - ticket.begun_ms));
        let is_its = is_same(ticket.state.as_bytes(), state.as_bytes());
        (is_in_time && is_its && self.is_first(&ticket, now_ms)).then_some(ticket)
    }

    fn is_first(&self, ticket: &Ticket, now_ms: i64) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= USED_MAX {
            used.retain(|_, until| *until > now_ms);
        }
        // Rather nobody than somebody twice.
        used.len() < USED_MAX && used.insert(ticket.state.clone(), ticket.begun_ms + LASTS_MS).is_none()
    }

    fn seal(&self, key: &Secret, json: &[u8]) -> Vec<u8> {
        key.hash(PURPOSE, &[&self.run, json].concat())
    }
}

/// In a time that does not depend on where they differ.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_000_000;

    fn given(tickets: &Tickets, key: &Secret) -> (Ticket, String) {
        let ticket = Ticket::new("/kunta?vuosi=2026", false, NOW_MS);
        let cookie = tickets.cookie(key, &ticket);
        let value = cookie.split(['=', ';']).nth(1).expect("a value").to_owned();
        assert!(cookie.starts_with("__Host-") && cookie.contains("; Secure; HttpOnly; SameSite=Lax; Max-Age=600"));
        (ticket, value)
    }

    #[test]
    fn a_ticket_comes_back_once_and_in_time() {
        let (tickets, key) = (Tickets::default(), Secret::random());
        let (ticket, value) = given(&tickets, &key);
        assert!(value.len() < BYTES_MAX);
        assert_eq!(tickets.take(&key, &value, &ticket.state, NOW_MS + LASTS_MS), None, "too late");
        assert_eq!(tickets.take(&key, &value, &ticket.state, NOW_MS - 1), None, "before it was given");
        assert_eq!(tickets.take(&key, &value, &ticket.state, NOW_MS + 1), Some(ticket.clone()));
        assert_eq!(tickets.take(&key, &value, &ticket.state, NOW_MS + 2), None, "a second time");
    }

    #[test]
    fn a_ticket_is_of_one_sign_in_one_key_and_one_run() {
        let (tickets, key) = (Tickets::default(), Secret::random());
        let (ticket, value) = given(&tickets, &key);
        let (other, other_value) = given(&tickets, &key);
        assert_ne!((&ticket.state, &ticket.nonce, &ticket.verifier), (&other.state, &other.nonce, &other.verifier));
        assert_eq!(tickets.take(&key, &other_value, &ticket.state, NOW_MS), None);
        assert_eq!(tickets.take(&Secret::random(), &value, &ticket.state, NOW_MS), None);
        assert_eq!(Tickets::default().take(&key, &value, &ticket.state, NOW_MS), None);
        let (body, seal) = value.split_once('.').expect("two parts");
        let (other_body, _) = other_value.split_once('.').expect("two parts");
        for forged in
            [format!("{other_body}.{seal}"), format!("{body}."), body.to_owned(), String::new(), "a".repeat(5_000)]
        {
            for state in [&ticket.state, &other.state, ""] {
                assert_eq!(tickets.take(&key, &forged, state, NOW_MS), None, "{forged}");
            }
        }
        assert!(tickets.take(&key, &value, &ticket.state, NOW_MS).is_some(), "no refusal has used it up");
    }

    #[test]
    fn what_is_remembered_of_tickets_is_bounded() {
        let (tickets, key) = (Tickets::default(), Secret::random());
        for n in 0..USED_MAX {
            tickets.used.lock().expect("a lock").insert(n.to_string(), NOW_MS + 5);
        }
        let (ticket, value) = given(&tickets, &key);
        assert_eq!(tickets.take(&key, &value, &ticket.state, NOW_MS), None);
        assert_eq!(tickets.take(&key, &value, &ticket.state, NOW_MS + 5), Some(ticket));
    }
}
