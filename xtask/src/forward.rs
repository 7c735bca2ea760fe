//! The commands that only build something and pass their arguments on.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::Result;
use clap::Args;

use crate::test::browser;
use crate::{command, run, tools};

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

/// Without arguments the server's half and then the phone's; `--phone …` the phone's alone, any others the server's alone.
pub fn bench(root: &Path, arguments: &Arguments) -> Result<ExitCode> {
    let only_phone = arguments.rest.first().is_some_and(|first| first == "--phone");
    if !only_phone {
        command::run(server_example(root, "bench")?.args(&arguments.rest))?;
    }
    if only_phone || arguments.rest.is_empty() {
        let server = run::build_all(root)?;
        tools::node_modules(root)?;
        let mut phone = Command::new("node");
        phone.arg(root.join("end2end/bench/phone.mjs")).args(arguments.rest.iter().skip(1));
        command::run(phone.env("HYTEVIHKO_BIN", server).env("HYTEVIHKO_CHROMIUM", tools::chromium()?))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub fn kills(root: &Path, arguments: &Arguments) -> Result<ExitCode> {
    command::run(server_example(root, "kill")?.args(&arguments.rest))?;
    Ok(ExitCode::SUCCESS)
}

/// One of the server's examples, with the optimised server that it starts.
pub fn server_example(root: &Path, name: &str) -> Result<Command> {
    let server = server_beside(root, name)?;
    let mut example = command::cargo(root);
    example
        .args(["run", "--quiet", "--release", "--package", "server", "--example", name, "--", "--server"])
        .arg(server);
    Ok(example)
}

/// The optimised server, built together with one of its examples.
pub fn server_beside(root: &Path, example: &str) -> Result<PathBuf> {
    // In one build with the example: its features are those of the tests, and apart each would compile the server anew.
    let mut build = command::cargo(root);
    build.args(["build", "--release", "--package", "server", "--bin", "hytevihko", "--example", example]);
    command::build(&mut build, "hytevihko")
}

pub fn screenshots(root: &Path, arguments: &Arguments) -> Result<ExitCode> {
    let server = run::build_all(root)?;
    let mut playwright = browser::playwright(root, &server)?;
    playwright.arg("--project=screenshots");
    command::run(playwright.args(&arguments.rest))?;
    Ok(ExitCode::SUCCESS)
}
