//! The tests of the `store` crate: compiled for the browser, run in it on its real IndexedDB.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::json;

use super::tally::Tally;
use crate::{command, tools};

/// Seconds for all tests of one file; wasm-bindgen's own limit is for tests without a database.
const TIME_LIMIT_SECONDS: &str = "120";

pub fn run(root: &Path) -> Result<Tally> {
    tools::for_the_browser()?;
    let chromium = tools::chromium()?;
    let chromedriver = tools::chromedriver()?;
    let capabilities = root.join("target/browser-runner/webdriver.json");
    write_capabilities(&capabilities, &chromium)?;
    let runner = command::build(
        command::cargo(root)
            .args(["build", "--release", "--package", "xtask"])
            .args(["--bin", "browser-runner", "--features", "browser-runner"])
            // The runner's HTTP server has old dependencies; each build would say so, and nobody here can mend it.
            .env("CARGO_FUTURE_INCOMPAT_REPORT_FREQUENCY", "never"),
        "browser-runner",
    )?;

    // As a list: a path with a space in it is still one word.
    let runner = runner.to_str().context("the runner's path is not UTF-8")?;
    let runner = format!("target.{}.runner=[{}]", tools::WASM_TARGET, json!(runner));
    super::cargo_test(
        command::cargo(root)
            .args(["test", "--release", "--no-fail-fast", "--package", "store"])
            // Not the examples in the documentation: the runner would call them passed without running them.
            .args(["--lib", "--tests", "--target", tools::WASM_TARGET])
            .args(["--config", &runner])
            .env("CHROMEDRIVER", chromedriver)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities)
            .env("WASM_BINDGEN_TEST_TIMEOUT", TIME_LIMIT_SECONDS),
    )
}

/// Which browser to start, and how: alone, with nothing to say to anybody else on the network.
fn write_capabilities(file: &Path, chromium: &Path) -> Result<()> {
    let capabilities = json!({
        "goog:chromeOptions": {
            "binary": chromium,
            "args": [
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        },
    });
    let folder = file.parent().expect("a file lies in a folder");
    fs::create_dir_all(folder)?;
    fs::write(file, serde_json::to_vec_pretty(&capabilities)?)?;
    Ok(())
}
