//! `cargo xtask fuzz`: runs the fuzz targets of `fuzz/` with libFuzzer. It does what cargo-fuzz would do, with the
//! installed compiler.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Args;

use crate::command;

const TARGETS: [&str; 3] = ["push_decoder", "merge", "receipt"];
/// In an ordinary test run. Long enough to find what a careless change breaks: each seed and some hundred thousand of its children.
const SHORT: Duration = Duration::from_secs(5);
/// Coverage by counters at each edge, and no sanitiser: there is no unsafe code to watch.
const FLAGS: [&str; 6] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cdebug-assertions=on",
];

#[derive(Args)]
pub struct Options {
    /// The targets to run [default: all]
    #[arg(value_parser = TARGETS)]
    targets: Vec<String>,
    /// How long each of them runs
    #[arg(long, default_value_t = 600)]
    seconds: u64,
}

pub fn run(root: &Path, options: &Options) -> Result<ExitCode> {
    let chosen =
        TARGETS.iter().filter(|name| options.targets.is_empty() || options.targets.iter().any(|it| it == *name));
    let mut all_hold = true;
    for target in chosen {
        all_hold &= holds(root, target, Duration::from_secs(options.seconds))?;
    }
    Ok(if all_hold { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The short run, target by target: how many held, and how many did not.
pub fn short(root: &Path) -> Result<(u64, u64)> {
    let mut failed = 0;
    for target in TARGETS {
        failed += u64::from(!holds(root, target, SHORT)?);
    }
    Ok((TARGETS.len() as u64 - failed, failed))
}

/// Whether nothing was found. What was found lies in `target/fuzz/found`.
fn holds(root: &Path, target: &str, time: Duration) -> Result<bool> {
    let program = build(root, target)?;
    let folder = root.join("target/fuzz");
    // What one run learned helps the next; the seeds are only read.
    let corpus = folder.join("corpus").join(target);
    let found = folder.join("found");
    for folder in [&corpus, &found] {
        std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    println!("  fuzzing {target} for {} s", time.as_secs());
    let status = Command::new(program)
        .arg(&corpus)
        .arg(root.join("fuzz/seeds").join(target))
        .arg(format!("-max_total_time={}", time.as_secs()))
        .arg(format!("-artifact_prefix={}/{target}-", found.display()))
        .args(["-max_len=16384", "-verbosity=0", "-print_final_stats=1", "-use_value_profile=1"])
        .stdin(std::process::Stdio::null())
        .status()?;
    println!(
        "  {target}: {}",
        if status.success() { "nothing found" } else { "found something: see target/fuzz/found" }
    );
    Ok(status.success())
}

fn build(root: &Path, target: &str) -> Result<PathBuf> {
    let version = command::output(Command::new("rustc").arg("-vV"))?;
    // Named, so that build scripts and macros are built without the flags.
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc does not name its host")?;
    let mut build = command::cargo(root);
    build
        .args(["build", "--release", "--package", "fuzz", "--bin", target, "--target", host])
        .args(["--target-dir", "target/fuzz"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}"));
    command::build(&mut build, target)
}
