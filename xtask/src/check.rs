//! `cargo xtask check`: format, documents, rooms, style, lints, licences, and which crate may depend on which.

mod classes;
mod comments;
mod decisions;
mod documents;
mod paths;
mod rooms;
mod tree;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::{command, tools};

#[derive(Args)]
pub struct Options {
    /// The checks to make [default: all]
    checks: Vec<Check>,
}

/// In the order of running: what is quick comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Check {
    /// rustfmt has nothing to change
    Format,
    /// Every path that a document or comment names exists, the decisions are listed, rustdoc has no warning
    Docs,
    /// Every class has a rule, every rule a class, and sizes are of the scale
    Style,
    /// No module of a crate imports in a circle, and no room another one
    Rooms,
    /// Clippy has no warning
    Lints,
    /// Clippy has no warning in what is compiled for the browser
    Browser,
    /// Licences, sources of packages, and which crate may depend on which
    Licences,
    /// Known vulnerabilities, where their database can be fetched
    Advisories,
}

/// Makes every check, also after one failed, and names those that did.
pub fn run(root: &Path, options: &Options) -> Result<ExitCode> {
    let mut chosen: BTreeSet<_> = options.checks.iter().copied().collect();
    if chosen.is_empty() {
        chosen.extend(Check::value_variants());
    }
    let mut failed = Vec::new();
    for check in chosen {
        println!("Checking {}", name(check));
        let began = Instant::now();
        if let Err(error) = run_check(root, check) {
            eprintln!("error: {error:#}");
            failed.push(name(check));
        }
        println!("  {} s", began.elapsed().as_secs());
    }
    if !failed.is_empty() {
        bail!("these checks failed: {}", failed.join(", "));
    }
    println!("All checks passed");
    Ok(ExitCode::SUCCESS)
}

fn name(check: Check) -> &'static str {
    match check {
        Check::Format => "format",
        Check::Docs => "documents and comments",
        Check::Style => "classes and rules of style",
        Check::Rooms => "rooms and circles of imports",
        Check::Lints => "lints",
        Check::Browser => "lints of the browser side",
        Check::Licences => "licences, sources and who uses what",
        Check::Advisories => "known vulnerabilities",
    }
}

fn run_check(root: &Path, check: Check) -> Result<()> {
    match check {
        Check::Format => command::run(command::cargo(root).args(["fmt", "--check"])),
        Check::Docs => docs(root),
        Check::Style => classes::check(root),
        Check::Rooms => rooms::check(root),
        Check::Lints => lints(root),
        Check::Browser => browser_lints(root),
        Check::Licences => licences(root),
        Check::Advisories => advisories(root),
    }
}

fn docs(root: &Path) -> Result<()> {
    let documents = documents::check(root);
    tools::for_the_browser()?;
    rustdoc(root, &[])?;
    // `app` once more: its other half, the phone's screens, is compiled only here.
    rustdoc(root, &["--package", "app", "--package", "store", "--package", "client", "--target", tools::WASM_TARGET])?;
    documents
}

/// A link to an item that does not exist is an error. In the profile of the lints, which have then checked the dependencies already.
fn rustdoc(root: &Path, packages: &[&str]) -> Result<()> {
    command::run(
        command::cargo(root)
            .args(["doc", "--release", "--no-deps", "--document-private-items", "--quiet"])
            .args(packages)
            .env("RUSTDOCFLAGS", "-D warnings"),
    )
}

fn lints(root: &Path) -> Result<()> {
    // In the release profile, so that the dependencies' macros and build scripts are those of the tests.
    command::run(command::cargo(root).args(["clippy", "--release", "--all-targets"]).args(["--", "-D", "warnings"]))
}

fn browser_lints(root: &Path) -> Result<()> {
    tools::for_the_browser()?;
    command::run(
        command::cargo(root)
            .args(["clippy", "--release", "--package", "store", "--package", "client"])
            .args(["--all-targets", "--target", tools::WASM_TARGET])
            .args(["--", "-D", "warnings"]),
    )
}

fn licences(root: &Path) -> Result<()> {
    tools::cargo_deny(root)?;
    command::run(&mut cargo_deny(root, &["check", "bans", "licenses", "sources"]))
}

/// The database of advisories is a git repository on the open web: where it cannot be fetched, the rest still counts.
fn advisories(root: &Path) -> Result<()> {
    tools::cargo_deny(root)?;
    if command::run(&mut cargo_deny(root, &["fetch", "db"])).is_err() {
        println!("  NOT CHECKED: the database of advisories could not be fetched here");
        return Ok(());
    }
    command::run(&mut cargo_deny(root, &["check", "--disable-fetch", "advisories"]))
}

fn cargo_deny(root: &Path, arguments: &[&str]) -> Command {
    let mut deny = command::cargo(root);
    deny.args(["deny", "--log-level", "error"]).args(arguments);
    deny
}
