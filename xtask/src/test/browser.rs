//! The end-to-end tests in `end2end/`: Playwright drives the system's browser against the real server.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::Value;

use super::tally::Tally;
use crate::{run, tools};

/// The report that end2end/playwright.config.mjs asks for.
const REPORT: &str = "end2end/test-results/report.json";

/// The specs, with the short form of the accessibility checks.
pub fn end_to_end(root: &Path) -> Result<Tally> {
    let server = run::build_all(root)?;
    run_specs(root, &mut playwright(root, &server)?)
}

/// Only the specs tagged `@a11y`, which do their long form when HYTEVIHKO_A11Y says so.
pub fn accessibility(root: &Path) -> Result<Tally> {
    let server = run::build_all(root)?;
    let mut playwright = playwright(root, &server)?;
    playwright.args(["--grep", "@a11y"]).env("HYTEVIHKO_A11Y", "long");
    run_specs(root, &mut playwright)
}

/// A call of Playwright that knows the server's program and the browser.
pub fn playwright(root: &Path, server: &Path) -> Result<Command> {
    tools::node_modules(root)?;
    let mut playwright = tools::node_program(root, "playwright");
    playwright
        .arg("test")
        .env("HYTEVIHKO_BIN", server)
        .env("HYTEVIHKO_CHROMIUM", tools::chromium()?)
        .current_dir(root.join("end2end"));
    Ok(playwright)
}

fn run_specs(root: &Path, playwright: &mut Command) -> Result<Tally> {
    // A report of an earlier run must not be taken for this one's.
    let report = root.join(REPORT);
    let _ = fs::remove_file(&report);
    let status =
        playwright.arg("--project=main").stdin(Stdio::null()).status().context("Playwright could not be started")?;
    let report = fs::read(&report).with_context(|| format!("Playwright left no {REPORT}"))?;
    let report: Value = serde_json::from_slice(&report)?;
    let tally = Tally::of_playwright_report(&report);
    if status.success() { Ok(tally) } else { Ok(tally.at_least_one_failure()) }
}
