//! How many guesses at codes there can be.
//!
//! An invitation's code has 60 random bits. With 1,000 of them open, and 1,000 guesses a second all year long,
//! `1,000 × 1,000 × 31,536,000 / 2^60 = 2.7 × 10^-5` is the chance that anybody guesses one: below the 10^-4 that is promised. 1,000 guesses a
//! second are what [`SLOTS`] slots of [`SLOT`] each let through; more wait for their turn. Recovery codes have 75 bits: with 10,000 open the
//! chance is `8 × 10^-9`.
//!
//! So nothing ever locks a code, and a flood of wrong guesses keeps no right one out: it is only slower. An address that guessed
//! wrongly [`WRONG_MAX`] times in [`WINDOW_MS`] guesses one at a time, [`SLOW`] each, before it comes to a slot like everybody: 4 a second,
//! which keep one slot busy for 3 % of the time. So one flood cannot take all slots, and a right code from behind the same address
//! (a hall, or a proxy that nobody named) waits for [`QUEUE`] others at most, 5 s. When the queue is full it is asked to come again.
//!
//! An invitation's token has 128 random bits and is nothing to guess: it does not come through here.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::Semaphore;

use crate::{Server, http::client_address::ClientAddress, http::problem::Problem};

/// Guesses that are looked up at one moment.
pub const SLOTS: usize = 8;
/// How long a guess keeps its slot at least.
pub const SLOT: Duration = Duration::from_millis(8);
/// How long an address that guesses wrongly too often waits for each guess.
pub const SLOW: Duration = Duration::from_millis(250);
/// Guesses of such an address that wait, with the one whose turn it is.
pub const QUEUE: usize = 20;
/// Seconds after which whoever found the queue full may come again: when it is empty.
const QUEUE_S: u64 = SLOW.as_millis() as u64 * QUEUE as u64 / 1000;
/// Wrong guesses that an address may make in a window before it becomes slow.
pub const WRONG_MAX: u32 = 10;
/// The window, milliseconds.
pub const WINDOW_MS: i64 = 60 * 1000;
/// Addresses that are remembered; beyond them all are forgotten. An entry takes about 50 bytes, that of a slow address 200.
const ADDRESSES_MAX: usize = 20_000;

/// Guesses under way, and who guessed wrongly.
#[derive(Debug)]
pub struct Guessing {
    slots: Semaphore,
    wrong: Mutex<HashMap<IpAddr, Wrong>>,
}

#[derive(Clone, Debug)]
struct Wrong {
    since_ms: i64,
    count: u32,
    /// Kept from one window to the next, so that there is never a second turn beside the first.
    slow: Option<Arc<Slow>>,
}

/// The queue of an address that guesses wrongly too often.
#[derive(Debug)]
struct Slow {
    queue: Semaphore,
    turn: Semaphore,
}

impl Slow {
    /// Waits for the address's turn.
    ///
    /// # Errors
    /// [`Problem::TooMany`] where too many wait.
    async fn wait(&self) -> Result<(), Problem> {
        let _place = self.queue.try_acquire().map_err(|_| Problem::TooMany(QUEUE_S))?;
        let _turn = self.turn.acquire().await;
        tokio::time::sleep(SLOW).await;
        Ok(())
    }
}

impl Default for Guessing {
    fn default() -> Self {
        Guessing { slots: Semaphore::new(SLOTS), wrong: Mutex::default() }
    }
}

impl Guessing {
    /// The queue that an address has to wait in; none where it may guess at once.
    fn slow(&self, network: IpAddr, now_ms: i64) -> Option<Arc<Slow>> {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let is_slow = |one: &&mut Wrong| one.count >= WRONG_MAX && now_ms - one.since_ms < WINDOW_MS;
        let slow = || Arc::new(Slow { queue: Semaphore::new(QUEUE), turn: Semaphore::new(1) });
        wrong.get_mut(&network).filter(is_slow).map(|one| one.slow.get_or_insert_with(slow).clone())
    }

    fn was_wrong(&self, network: IpAddr, now_ms: i64) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() >= ADDRESSES_MAX && !wrong.contains_key(&network) {
            wrong.retain(|_, one| now_ms - one.since_ms < WINDOW_MS);
            if wrong.len() >= ADDRESSES_MAX {
                wrong.clear();
            }
        }
        let one = wrong.entry(network).or_insert(Wrong { since_ms: now_ms, count: 0, slow: None });
        if now_ms - one.since_ms >= WINDOW_MS || one.since_ms > now_ms {
            (one.since_ms, one.count) = (now_ms, 0);
        }
        one.count = one.count.saturating_add(1);
    }
}

/// Looks a guess up when it is its turn. `look` answers none where the guess is wrong.
///
/// # Errors
/// [`Problem::TooMany`] for an address that has guessed wrongly too often and of which [`QUEUE`] guesses wait already; nothing is looked
/// up then.
pub async fn guess<T>(
    server: &Server,
    client: ClientAddress,
    look: impl Future<Output = Result<Option<T>, Problem>>,
) -> Result<Option<T>, Problem> {
    let network = client.network();
    if let Some(slow) = server.guessing.slow(network, server.clock.now_ms()) {
        slow.wait().await?;
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
    fn a_slow_address_takes_little_of_one_slot_and_nobody_in_its_queue_waits_long() {
        assert!(SLOT.as_secs_f64() / SLOW.as_secs_f64() < 0.04);
        assert_eq!(QUEUE_S, 5);
    }

    #[test]
    fn who_guesses_wrongly_too_often_becomes_slow_and_nobody_else() {
        let guessing = Guessing::default();
        let is_slow = |network, now_ms| guessing.slow(network, now_ms).is_some();
        for _ in 0..WRONG_MAX {
            assert!(!is_slow(HALL, 1_000));
            guessing.was_wrong(HALL, 1_000);
        }
        assert!(is_slow(HALL, 2_000) && !is_slow(HOME, 2_000));
        assert!(!is_slow(HALL, 1_000 + WINDOW_MS));
        guessing.was_wrong(HALL, 1_000 + WINDOW_MS);
        assert!(!is_slow(HALL, 1_001 + WINDOW_MS), "a new window begins with one");
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_address_has_one_turn_after_the_other_and_a_queue_with_an_end() {
        let guessing = Guessing::default();
        (0..WRONG_MAX).for_each(|_| guessing.was_wrong(HALL, 1_000));
        let slow = || guessing.slow(HALL, 1_000).expect("a slow address");
        let (all, began) = ((0..QUEUE + 1).map(|_| slow()).collect::<Vec<_>>(), tokio::time::Instant::now());
        let mut waiting = tokio::task::JoinSet::new();
        for one in all {
            waiting.spawn(async move { one.wait().await.is_ok() });
        }
        let passed = waiting.join_all().await.into_iter().filter(|passed| *passed).count();
        assert_eq!((passed, began.elapsed().as_millis()), (QUEUE, SLOW.as_millis() * QUEUE as u128));
        assert!(slow().wait().await.is_ok(), "the queue is empty again");
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
