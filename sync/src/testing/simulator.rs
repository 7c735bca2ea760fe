//! The simulator: three phones of four people, two associations, their server, and every fault between them. Engine,
//! outbox, mirror and rules are the real ones; one seed replays byte for byte.
//!
//! In the first phase faults happen, and safety is checked after every step at a cost that does not grow with the
//! history. In the second phase no more faults happen, and liveness is checked (S12). The seeded bugs of
//! [`crate::mutant`] show that the checks can fail.
//!
//! - [`world`]: simulated time, and what happens next
//! - [`phone`]: a browser: its two copies, its crashes, its tabs
//! - [`network`]: requests and replies, and what befalls them
//! - [`people`]: what they do, and what their screens promised them
//! - [`faults`]: the kinds of faults, and the tally of them
//! - [`checks`]: the invariants
//! - [`mutants`]: the seeded bugs, and which check finds each

pub mod checks;
pub mod dice;
pub mod faults;
pub mod mutants;
pub mod network;
pub mod people;
pub mod phone;
pub mod world;

pub use dice::Dice;
pub use faults::{Fault, Tally};

use crate::testing::memory_server::{MemoryServer, SimServer};
use world::World;

/// Days of one life: long enough for backups, restores and months of records, short enough for many seeds.
pub const DAYS: u64 = 60;

/// A finished run.
#[derive(Clone, Debug)]
pub struct Run {
    pub tally: Tally,
    /// Digest of every step; two runs of one seed have the same.
    pub digest: u64,
    /// Every step in words, where it was asked for.
    pub trace: String,
    /// The first broken promise, with its invariant; none when all held.
    pub broken: Option<String>,
}

/// Lives `days` days of `seed` under faults, then lets everything settle.
pub fn run(seed: u64, days: u64) -> Run {
    run_over(seed, days, false, MemoryServer::new)
}

/// As [`run`], with every step in words.
pub fn run_traced(seed: u64, days: u64) -> Run {
    run_over(seed, days, true, MemoryServer::new)
}

/// As [`run`], over any server; `server` makes an empty one of an association, with its first epoch.
pub fn run_over<S: SimServer>(seed: u64, days: u64, traced: bool, server: impl Fn(&str) -> S) -> Run {
    let mut world = World::new(seed, traced, server);
    world.live(days);
    world.settle();
    world.finish()
}

#[cfg(test)]
mod tests;
