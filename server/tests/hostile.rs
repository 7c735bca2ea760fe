//! A short siege of the real program: `cargo run --example hostile` is the long one.

#[path = "../examples/shared/hostile.rs"]
mod hostile;
#[path = "../examples/shared/http.rs"]
mod http;
#[path = "../examples/shared/program.rs"]
mod program;
#[path = "../examples/shared/town.rs"]
mod town;

use std::{path::Path, time::Duration};

use program::Program;

const PROGRAM: &str = env!("CARGO_BIN_EXE_hytevihko");

#[test]
fn a_hundred_hostile_clients_disturb_no_good_one_and_hold_up_no_stop() {
    let folder = tempfile::tempdir().expect("a folder");
    let phones = hostile::prepare(folder.path());
    let mut program = Program::start(Path::new(PROGRAM), folder.path());
    let noticed = hostile::besiege(&mut program, &phones, 100, &hostile::KINDS, Duration::from_secs(10));
    let said = format!(
        "{} attempts; {} good requests, {} failed, p50 {:?}, p99 {:?}, {} MB, stop {:?}",
        noticed.attempts,
        noticed.times.len(),
        noticed.failures,
        noticed.percentile(50),
        noticed.percentile(99),
        noticed.memory,
        noticed.stop
    );
    println!("{said}");
    assert!(noticed.attempts >= 200 && noticed.times.len() >= 200, "{said}");
    assert_eq!(noticed.failures, 0, "{said}");
    assert!(noticed.percentile(99) <= Duration::from_secs(1), "{said}");
    assert!(noticed.memory <= 256.0, "{said}");
    assert!(noticed.is_clean && noticed.stop <= Duration::from_secs(15), "{said}");
}
