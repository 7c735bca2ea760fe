//! `cargo xtask test`: runs every kind of test, one after the other, and prints one sum at the end.

pub mod browser;
mod contract;
mod figures;
mod store;
mod tally;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::{command, forward, fuzz};
use tally::Tally;

#[derive(Args)]
pub struct Options {
    /// The parts to run [default: unit, server, contract, figures, store and e2e]
    parts: Vec<Part>,
}

/// In the order of running: what is quick and finds most comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Part {
    /// The pure crates, with their examples, and this tool
    Unit,
    /// The server, over real databases and sockets
    Server,
    /// The server's answers against its OpenAPI description, with requests that schemathesis makes up
    Contract,
    /// The figures of every pack, computed again outside the product from the file of all gatherings
    Figures,
    /// The phone's database, in a browser
    Store,
    /// What a person does, in a browser, against the real server
    E2e,
    /// Accessibility: every page in every state (e2e has the short form)
    A11y,
    /// How soon ten years are on the screen, with the processor slowed; five minutes on a machine that does nothing else
    Years,
}

/// Runs the parts, prints the sum as the last line, and fails if anything did.
pub fn run(root: &Path, options: &Options) -> ExitCode {
    let mut parts: BTreeSet<_> = options.parts.iter().copied().collect();
    if parts.is_empty() {
        parts.extend([Part::Unit, Part::Server, Part::Contract, Part::Figures, Part::Store, Part::E2e]);
    }
    let mut sum = Tally::default();
    for part in parts {
        println!("== {}", name(part));
        let began = Instant::now();
        let tally = run_part(root, part).map(Tally::at_least_one_test).unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Tally::FAILED
        });
        println!("== {}: {tally}, {} s", name(part), began.elapsed().as_secs());
        sum += tally;
    }
    println!("{sum}");
    if sum.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn name(part: Part) -> &'static str {
    match part {
        Part::Unit => "unit",
        Part::Server => "server",
        Part::Contract => "contract",
        Part::Figures => "figures",
        Part::Store => "store",
        Part::E2e => "e2e",
        Part::A11y => "a11y",
        Part::Years => "years",
    }
}

fn run_part(root: &Path, part: Part) -> Result<Tally> {
    match part {
        Part::Unit => unit(root),
        Part::Server => server(root),
        Part::Contract => contract::run(root),
        Part::Figures => figures::run(root),
        Part::Store => store::run(root),
        Part::E2e => browser::end_to_end(root),
        Part::A11y => browser::accessibility(root),
        Part::Years => browser::ten_years(root),
    }
}

fn server(root: &Path) -> Result<Tally> {
    let mut sum =
        cargo_test(command::cargo(root).args(["test", "--release", "--no-fail-fast", "--package", "server"]))?
            .at_least_one_test();
    // Counts as one test. `cargo xtask kills --times 500` is the long form.
    sum += cargo_test(forward::server_example(root, "kill")?.args(["--times", "20"]))?.at_least_one_test();
    Ok(sum)
}

/// Tested by `unit`. What they need is chosen together with the server, though its tests are another part: alone, their dependencies would have
/// other features, and cargo would compile a hundred of them (Leptos, the app and its own crates among them) once more for the server.
fn selected(root: &Path) -> Command {
    let mut test = command::cargo(root);
    test.args(["test", "--release", "--no-fail-fast", "--features", "app/ssr,sync/testing"]);
    for package in ["languages", "domain", "sync", "demo", "app", SERVER] {
        test.args(["--package", package]);
    }
    test
}

const SERVER: &str = "server";

fn unit(root: &Path) -> Result<Tally> {
    let mut sum = Tally::default();
    let programs = command::test_programs(selected(root).arg("--no-run"))?;
    for program in programs.iter().filter(|program| !program.folder.ends_with(SERVER)) {
        println!("     Running {}", program.file.display());
        // As cargo would start it.
        let mut test = Command::new(&program.file);
        let tally = cargo_test(test.current_dir(&program.folder).env("CARGO_MANIFEST_DIR", &program.folder))?;
        sum += tally;
    }
    sum = sum.at_least_one_test();
    // The examples in the documentation; the server has none.
    sum += cargo_test(selected(root).arg("--doc"))?;
    // The phone's half of the app by itself: Leptos draws either on a server or in a browser.
    sum += cargo_test(command::cargo(root).args([
        "test",
        "--release",
        "--no-fail-fast",
        "--package",
        "app",
        "--features",
        "csr",
    ]))?
    .at_least_one_test();
    // Apart, so that its dependencies are those with which cargo has just built this very tool.
    sum += cargo_test(command::cargo(root).args(["test", "--release", "--no-fail-fast", "--package", "xtask"]))?;
    // Each target counts as one test. `cargo xtask fuzz` is the long form.
    let (passed, failed) = fuzz::short(root)?;
    sum += Tally { passed, failed };
    Ok(sum)
}

/// Runs `cargo test …`, shows what it prints and sums up its results.
fn cargo_test(cargo_test: &mut Command) -> Result<Tally> {
    let mut sum = Tally::default();
    let status = command::echoed_lines(cargo_test, |line| sum += Tally::of_cargo_line(line))?;
    if !status.success() {
        sum = sum.at_least_one_failure();
    }
    Ok(sum)
}
