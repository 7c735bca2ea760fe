//! Hostile clients beside good ones: what the good ones notice, what memory it takes, and how long a stop takes meanwhile.
//!
//! `cargo run --release -p server --example hostile -- --server target/release/hytevihko`

#[path = "../shared/hostile.rs"]
mod hostile;
#[path = "../shared/http.rs"]
mod http;
#[path = "../shared/program.rs"]
mod program;
#[path = "../shared/town.rs"]
mod town;

use std::{path::PathBuf, time::Duration};

use clap::Parser;
use program::Program;

#[derive(Parser)]
struct Options {
    /// The server's program.
    #[arg(long)]
    server: PathBuf,
    /// How long it lasts.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    #[arg(long, default_value_t = 100)]
    clients: usize,
    /// Only these kinds of them.
    kinds: Vec<String>,
}

fn main() {
    let options = Options::parse();
    let folder = tempfile::tempdir().expect("a folder");
    let phones = hostile::prepare(folder.path());
    let mut program = Program::start(&options.server, folder.path());
    let is_asked = |name: &str| options.kinds.is_empty() || options.kinds.iter().any(|asked| asked == name);
    let kinds: Vec<_> = hostile::KINDS.into_iter().filter(|(name, _)| is_asked(name)).collect();
    let time = Duration::from_secs(options.seconds);
    let noticed = hostile::besiege(&mut program, &phones, options.clients, &kinds, time);
    println!("{} hostile clients for {} s: {} attempts", options.clients, options.seconds, noticed.attempts);
    println!("good requests        {:>9}, of which failed {}", noticed.times.len(), noticed.failures);
    for part in [50, 99, 100] {
        println!("p{part:<3}                 {:>9.1} ms", noticed.percentile(part).as_secs_f64() * 1000.0);
    }
    println!("memory at its highest{:>9.1} MB", noticed.memory);
    println!(
        "SIGTERM to the end   {:>9.1} s, {}",
        noticed.stop.as_secs_f64(),
        if noticed.is_clean { "clean" } else { "not clean" }
    );
}
