//! The end-to-end tests in `end2end/`: Playwright drives the system's browser against the real server.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::Value;

use super::tally::Tally;
use crate::{run, tools};

/// The specs that time something, and all others: end2end/playwright.config.mjs says which they are. One after the other, so that nothing
/// runs beside a measurement.
const PROJECTS: [&str; 2] = ["timed", MAIN];
const MAIN: &str = "main";

/// The specs, with the short form of the accessibility checks.
pub fn end_to_end(root: &Path) -> Result<Tally> {
    let began = Instant::now();
    let server = run::build_all(root)?;
    println!("Built in {} s", began.elapsed().as_secs());
    let mut sum = Tally::default();
    for project in PROJECTS {
        // The others still run.
        sum += run_specs(root, project, &mut playwright(root, &server)?).unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Tally::FAILED
        });
    }
    Ok(sum)
}

/// Only the specs tagged `@a11y`, which do their long form when HYTEVIHKO_A11Y says so.
pub fn accessibility(root: &Path) -> Result<Tally> {
    let server = run::build_all(root)?;
    let mut playwright = playwright(root, &server)?;
    playwright.args(["--grep", "@a11y"]).env("HYTEVIHKO_A11Y", "long");
    run_specs(root, MAIN, &mut playwright)
}

/// What a reviewer's device waits for with ten years on it.
pub fn ten_years(root: &Path) -> Result<Tally> {
    let server = run::build_all(root)?;
    run_specs(root, "ten-years", &mut playwright(root, &server)?)
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

fn run_specs(root: &Path, project: &str, playwright: &mut Command) -> Result<Tally> {
    let began = Instant::now();
    let report = root.join(format!("target/e2e/{project}.json"));
    // A report of an earlier run must not be taken for this one's.
    let _ = fs::remove_file(&report);
    let status = playwright
        .args(["--project", project])
        .env("HYTEVIHKO_REPORT", &report)
        .stdin(Stdio::null())
        .status()
        .context("Playwright could not be started")?;
    let report = fs::read(&report).with_context(|| format!("Playwright left no {}", report.display()))?;
    let report: Value = serde_json::from_slice(&report)?;
    let tally = Tally::of_playwright_report(&report).at_least_one_test();
    println!("{project}: {tally}, {} s", began.elapsed().as_secs());
    if status.success() { Ok(tally) } else { Ok(tally.at_least_one_failure()) }
}
