//! Runs the simulator with each seeded bug until a check finds it: a simulator that finds none tests nothing.

use crate::mutant::{Mutant, choose};

/// How one hunt went.
#[derive(Clone, Debug)]
pub struct Hunt {
    pub mutant: Mutant,
    /// The seed that found it, and what it said; none when it lived through all of them.
    pub found: Option<(u64, String)>,
}

impl Hunt {
    /// The invariant whose check found it.
    pub fn invariant(&self) -> Option<&str> {
        self.found.as_ref().and_then(|(_, what)| what.split(':').next())
    }
}

/// Lives seed after seed with one seeded bug, until a check finds it.
pub fn hunt(mutant: Mutant, seeds: u64, days: u64) -> Hunt {
    choose(Some(mutant));
    let found = (0..seeds).find_map(|seed| super::run(seed, days).broken.map(|what| (seed, what)));
    choose(None);
    Hunt { mutant, found }
}
