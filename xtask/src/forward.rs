//! The commands that only prepare something and pass their arguments on.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::Result;
use clap::Args;

use crate::test::browser;
use crate::{command, run};

#[derive(Args)]
pub struct Arguments {
    /// Passed on as they are
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub fn simulate(root: &Path, arguments: &Arguments) -> Result<ExitCode> {
    command::run(
        command::cargo(root)
            .args(["run", "--quiet", "--release", "--package", "sync"])
            .args(["--features", "testing", "--example", "simulate", "--"])
            .args(&arguments.rest),
    )?;
    Ok(ExitCode::SUCCESS)
}

pub fn bench(root: &Path, arguments: &Arguments) -> Result<ExitCode> {
    command::run(server_example(root, "bench")?.args(&arguments.rest))?;
    Ok(ExitCode::SUCCESS)
}

pub fn kills(root: &Path, arguments: &Arguments) -> Result<ExitCode> {
    command::run(server_example(root, "kill")?.args(&arguments.rest))?;
    Ok(ExitCode::SUCCESS)
}

/// One of the server's examples, with the optimised server that it starts.
pub fn server_example(root: &Path, name: &str) -> Result<Command> {
    // In one build with the example: its features are those of the tests, and apart each would compile the server anew.
    let mut build = command::cargo(root);
    build.args(["build", "--release", "--package", "server", "--bin", "hytevihko", "--example", name]);
    let server = command::build(&mut build, "hytevihko")?;
    let mut example = command::cargo(root);
    example
        .args(["run", "--quiet", "--release", "--package", "server", "--example", name, "--", "--server"])
        .arg(server);
    Ok(example)
}

pub fn screenshots(root: &Path, arguments: &Arguments) -> Result<ExitCode> {
    let server = run::build_all(root)?;
    let mut playwright = browser::playwright(root, &server)?;
    playwright.arg("--project=screenshots");
    command::run(playwright.args(&arguments.rest))?;
    Ok(ExitCode::SUCCESS)
}
