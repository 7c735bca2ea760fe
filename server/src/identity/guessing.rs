//! How many guesses at codes there can be.
//!
//! An invitation's code has 60 random bits. With 1,000 of them open, and 1,000 guesses a second all year long,
//! `1,000 × 1,000 × 31,536,000 / 2^60 = 2.7 × 10^-5` is the chance that anybody guesses one: below the 10^-4 that is promised. 1,000 guesses a
//! second are what [`SLOTS`] slots of [`SLOT`] each let through; more wait for their turn. Recovery codes have 75 bits: with 10,000 open the
//! chance is `8 × 10^-9`.
//!
//! So nothing ever locks a code, and a flood of wrong guesses keeps no right one out: it is only slower. An address that
//! guesses wrongly [`WRONG_MAX`] times in [`WINDOW_MS`] has to wait, so that one flood cannot take all slots; who guesses rightly, such as a
//! whole hall behind one address, never has to.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::Semaphore;

use crate::{Server, http::client_address::ClientAddress, http::problem::Problem};

/// Guesses that are looked up at one moment.
pub const SLOTS: usize = 8;
/// How long a guess keeps its slot at least.
pub const SLOT: Duration = Duration::from_millis(8);
/// Wrong guesses that an address may make in a window.
pub const WRONG_MAX: u32 = 10;
/// The window, milliseconds.
pub const WINDOW_MS: i64 = 60 * 1000;
/// Addresses that are remembered; beyond them the oldest are forgotten. An entry takes about 50 bytes.
const ADDRESSES_MAX: usize = 20_000;

/// Guesses under way, and who guessed wrongly.
#[derive(Debug)]
pub struct Guessing {
    slots: Semaphore,
    wrong: Mutex<HashMap<IpAddr, Wrong>>,
}

#[derive(Clone, Copy, Debug)]
struct Wrong {
    since_ms: i64,
    count: u32,
}

impl Default for Guessing {
    fn default() -> Self {
        Guessing { slots: Semaphore::new(SLOTS), wrong: Mutex::default() }
    }
}

impl Guessing {
    /// How long an address has to wait before it may guess again; none when it may.
    fn waits_ms(&self, network: IpAddr, now_ms: i64) -> Option<i64> {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let left = |one: &Wrong| one.since_ms + WINDOW_MS - now_ms;
        wrong.get(&network).filter(|one| one.count >= WRONG_MAX).map(left).filter(|left| *left > 0)
    }

    fn was_wrong(&self, network: IpAddr, now_ms: i64) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() >= ADDRESSES_MAX && !wrong.contains_key(&network) {
            wrong.retain(|_, one| now_ms - one.since_ms < WINDOW_MS);
            if wrong.len() >= ADDRESSES_MAX {
                wrong.clear();
            }
        }
        let one = wrong.entry(network).or_insert(Wrong { since_ms: now_ms, count: 0 });
        if now_ms - one.since_ms >= WINDOW_MS || one.since_ms > now_ms {
            *one = Wrong { since_ms: now_ms, count: 0 };
        }
        one.count = one.count.saturating_add(1);
    }
}

/// Looks a guess up when it is its turn. `look` answers none where the guess is wrong.
///
/// # Errors
/// [`Problem::TooMany`] for an address that has guessed wrongly too often; nothing is looked up then.
pub async fn guess<T>(
    server: &Server,
    client: ClientAddress,
    look: impl Future<Output = Result<Option<T>, Problem>>,
) -> Result<Option<T>, Problem> {
    let network = client.network();
    if let Some(left) = server.guessing.waits_ms(network, server.clock.now_ms()) {
        return Err(Problem::TooMany(u64::try_from(left / 1000 + 1).unwrap_or(1)));
    }
    let slot = server.guessing.slots.acquire().await;
    let (found, ()) = tokio::join!(look, tokio::time::sleep(SLOT));
    drop(slot);
    let found = found?;
    if found.is_none() {
        server.guessing.was_wrong(network, server.clock.now_ms());
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALL: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn the_chance_to_guess_a_code_in_a_year_is_below_what_is_promised() {
        let a_year = SLOTS as f64 / SLOT.as_secs_f64() * 365.0 * 86_400.0;
        let invitations = a_year * 1_000.0 / 2_f64.powi(5 * domain::invitation_code::CODE_CHARS as i32);
        assert!(invitations <= 1e-4, "{invitations}");
    }

    #[test]
    fn who_guesses_wrongly_too_often_waits_and_nobody_else() {
        let guessing = Guessing::default();
        for _ in 0..WRONG_MAX {
            assert_eq!(guessing.waits_ms(HALL, 1_000), None);
            guessing.was_wrong(HALL, 1_000);
        }
        assert_eq!(guessing.waits_ms(HALL, 2_000), Some(WINDOW_MS - 1_000));
        assert_eq!(guessing.waits_ms(HOME, 2_000), None);
        assert_eq!(guessing.waits_ms(HALL, 1_000 + WINDOW_MS), None);
        guessing.was_wrong(HALL, 1_000 + WINDOW_MS);
        assert_eq!(guessing.waits_ms(HALL, 1_001 + WINDOW_MS), None, "a new window begins with one");
    }

    #[test]
    fn what_is_remembered_of_guesses_is_bounded() {
        let guessing = Guessing::default();
        for n in 0..ADDRESSES_MAX as u32 + 10 {
            guessing.was_wrong(IpAddr::V4(n.into()), 1_000);
        }
        assert!(guessing.wrong.lock().expect("a lock").len() <= ADDRESSES_MAX);
    }
}
