//! `cargo xtask check`: format, lints, licences, the arrows between the crates, and the classes of the style sheet.

mod classes;

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

use crate::{command, tools};

type Check = fn(&Path) -> Result<()>;

/// Makes every check, also after one failed, and names those that did.
pub fn run(root: &Path) -> Result<ExitCode> {
    tools::for_the_browser()?;
    let checks: [(&str, Check); 6] = [
        ("format", format),
        ("classes and rules of style", classes::check),
        ("lints", lints),
        ("lints of the browser side", browser_lints),
        ("licences, sources and who uses what", deny),
        ("known vulnerabilities", advisories),
    ];
    let mut failed = Vec::new();
    for (name, check) in checks {
        println!("Checking {name}");
        if let Err(error) = check(root) {
            eprintln!("error: {error:#}");
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        bail!("these checks failed: {}", failed.join(", "));
    }
    println!("All checks passed");
    Ok(ExitCode::SUCCESS)
}

fn format(root: &Path) -> Result<()> {
    command::run(command::cargo(root).args(["fmt", "--check"]))
}

fn lints(root: &Path) -> Result<()> {
    // In the release profile, so that the dependencies' macros and build scripts are those of the tests.
    command::run(command::cargo(root).args(["clippy", "--release", "--all-targets"]).args(["--", "-D", "warnings"]))
}

fn browser_lints(root: &Path) -> Result<()> {
    command::run(
        command::cargo(root)
            .args(["clippy", "--release", "--package", "store", "--package", "client"])
            .args(["--all-targets", "--target", tools::WASM_TARGET])
            .args(["--", "-D", "warnings"]),
    )
}

fn deny(root: &Path) -> Result<()> {
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
