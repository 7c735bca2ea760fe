use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};

use super::*;
use crate::mutant::Mutant;

/// Enough lives of [`DAYS`] days for 200 device-years.
const SEEDS: u64 = 410;

/// Does `work` for every number below `end`, on two threads.
fn on_two_threads(end: u64, work: impl Fn(u64) + Sync) {
    let next = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= end {
                        break;
                    }
                    work(number);
                }
            });
        }
    });
}

#[test]
fn no_seed_of_two_hundred_device_years_breaks_a_promise() {
    let total = Mutex::new(Tally::default());
    on_two_threads(SEEDS, |seed| {
        let run = run(seed, DAYS);
        assert_eq!(run.broken, None, "seed {seed}");
        *total.lock().expect("no other seed broke") += &run.tally;
    });
    let total = total.into_inner().expect("no seed broke");
    assert!(total.device_years() >= 200.0, "{}", total.device_years());
    assert!(total.events >= 730_000, "{}", total.events);
    // The people and faults of the simulation reach the paths that they are there for.
    assert!(total.clashes > 100 && total.refused > 500 && total.undone > 500 && total.offered > 1_000, "{total:?}");
    for fault in Fault::ALL {
        assert!(total.of(*fault) >= 20, "{} happened {} times", fault.name(), total.of(*fault));
    }
}

#[test]
fn one_seed_replays_byte_for_byte() {
    assert_eq!(run_traced(42, DAYS).trace, run_traced(42, DAYS).trace);
    assert_eq!(run_traced(42, DAYS).digest, run(42, DAYS).digest, "with and without words");
    assert_ne!(run(42, DAYS).digest, run(43, DAYS).digest);
}

#[test]
fn every_seeded_bug_is_found() {
    let missed = Mutex::new(Vec::new());
    on_two_threads(Mutant::ALL.len() as u64, |number| {
        let hunt = mutants::hunt(Mutant::ALL[number as usize], 1_000, DAYS);
        if hunt.found.is_none() {
            missed.lock().expect("no other hunt failed").push(hunt.mutant);
        }
    });
    assert_eq!(missed.into_inner().expect("no hunt failed"), []);
}
