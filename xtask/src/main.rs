//! Every daily command, as `cargo xtask …`. It needs Rust, Node.js with npm, and for the tests a Chromium and a Python; it
//! installs the rest itself or says what is missing.
//!
//! This crate must never know what the product does: it builds, starts and checks the other crates from the outside.

mod check;
mod command;
mod crashes;
mod forward;
mod fuzz;
mod run;
mod sbom;
mod site;
mod test;
mod tools;

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Builds, starts and checks Hytevihko")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Sets everything up, builds both sides and starts the server with demo data
    Run(run::Options),
    /// Runs the tests: all parts, or the named ones
    Test(test::Options),
    /// Checks format, lints, documents, licences and who may use which crate: all of them, or the named ones
    Check(check::Options),
    /// Builds only what the browser loads, into target/site
    Site,
    /// Runs the sync simulator; all arguments go to it (try --help)
    #[command(disable_help_flag = true)]
    Simulate(forward::Arguments),
    /// Kills, damages and cuts off a real browser, and looks for every gathering
    Crashes(crashes::Options),
    /// Measures the server (pushes, pulls, the coordinator's page) and a slow phone (saves, cold starts, a long list); `--phone` that
    /// alone, any other arguments go to the server's half (try --help)
    #[command(disable_help_flag = true)]
    Bench(forward::Arguments),
    /// Kills the server while phones push, and looks for lost records; all arguments go to it (try --help)
    #[command(disable_help_flag = true)]
    Kills(forward::Arguments),
    /// Feeds any bytes to the push decoder, the merge and the receipt parser
    Fuzz(fuzz::Options),
    /// Lists the packages that ship, in CycloneDX 1.6
    Sbom(sbom::Options),
    /// Takes the screenshots of the documentation anew
    Screenshots(forward::Arguments),
}

fn main() -> ExitCode {
    let root = repository_root();
    let outcome = match Arguments::parse().task {
        Task::Run(options) => run::run(&root, &options).map(|()| ExitCode::SUCCESS),
        Task::Test(options) => Ok(test::run(&root, &options)),
        Task::Check(options) => check::run(&root, &options),
        Task::Site => site::build(&root).map(|()| ExitCode::SUCCESS),
        Task::Simulate(arguments) => forward::simulate(&root, &arguments),
        Task::Crashes(options) => crashes::run(&root, &options),
        Task::Bench(arguments) => forward::bench(&root, &arguments),
        Task::Kills(arguments) => forward::kills(&root, &arguments),
        Task::Fuzz(options) => fuzz::run(&root, &options),
        Task::Sbom(options) => sbom::run(&root, &options).map(|()| ExitCode::SUCCESS),
        Task::Screenshots(arguments) => forward::screenshots(&root, &arguments),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

/// The folder that holds the workspace, whatever folder the command was called from.
fn repository_root() -> PathBuf {
    // Cargo sets the variable for `cargo run`; the compiled-in value would be stale after the repository was moved.
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&package).parent().expect("xtask lies inside the workspace").to_owned()
}
