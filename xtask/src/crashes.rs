//! `cargo xtask crashes`: kills a real browser, damages its files or cuts it off from the server, again and again. The
//! programs and what they check are in `end2end/crash/`.

use std::env;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};

use crate::{run, tools};

#[derive(Args)]
pub struct Options {
    /// What is done to the browser
    part: Part,
    /// How often: kills, damages of each kind, or each fault of the network
    #[arg(long, value_name = "N")]
    times: Option<u32>,
    /// Plant faults that must be found, and nothing else
    #[arg(long)]
    self_check: bool,
    /// Passed on as they are, such as `-- --kind folder --seed 7`
    #[arg(last = true)]
    rest: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Part {
    /// SIGKILL in mid-write; every gathering called saved must be there once
    Kills,
    /// The database's files damaged, the site's data cleared
    Damage,
    /// Answers cut at each byte, replaced, late, doubled
    Network,
}

/// Runs one part; its last line is the sum. The server is built first, unless HYTEVIHKO_BIN names one.
pub fn run(root: &Path, options: &Options) -> Result<ExitCode> {
    let server = match env::var_os("HYTEVIHKO_BIN") {
        Some(program) => program,
        None => run::build_all(root)?.into(),
    };
    tools::node()?;
    let program = match options.part {
        Part::Kills => "kills.mjs",
        Part::Damage => "damage.mjs",
        Part::Network => "network.mjs",
    };
    let mut node = Command::new("node");
    node.arg(root.join("end2end/crash").join(program));
    if let Some(times) = options.times {
        node.args(["--times", &times.to_string()]);
    }
    if options.self_check {
        node.arg("--self-check");
    }
    node.args(&options.rest).env("HYTEVIHKO_BIN", server).env("HYTEVIHKO_CHROMIUM", tools::chromium()?);
    let status = node.status().context("Node.js could not be started")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
