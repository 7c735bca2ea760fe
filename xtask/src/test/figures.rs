//! Years made at random, taken out as files, and every figure of every pack computed again from the gatherings' file: outside the product, with
//! pandas. The spreadsheets are held against the same files with openpyxl.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::tally::Tally;
use crate::{command, tools};

/// Below the repository's folder: Python with its packages, and the files.
const FOLDER: &str = "target/recompute";
/// An example of the server's, which writes the files, and beside it the program that computes again.
const EXAMPLE: &str = "recompute";

/// Each pack of each association counts as three tests: its figures, that none is lacking, and that a wrong one would be noticed.
pub fn run(root: &Path) -> Result<Tally> {
    let folder = root.join(FOLDER);
    let python = tools::pandas(root, &folder)?;
    let files = folder.join("files");
    if files.exists() {
        fs::remove_dir_all(&files).context("the files of an earlier run cannot be removed")?;
    }
    let mut write = match tools::named_by("HYTEVIHKO_RECOMPUTE") {
        Some(program) => Command::new(program),
        None => {
            let mut write = command::cargo(root);
            write.args(["run", "--quiet", "--release", "--package", "server", "--example", EXAMPLE, "--"]);
            write
        }
    };
    command::run(write.arg("--out").arg(&files))?;
    let mut sum = Tally::default();
    let mut recompute = Command::new(python);
    recompute.arg(root.join("server/examples").join(EXAMPLE).join("recompute.py")).arg(&files);
    let status =
        command::echoed_lines(recompute.arg(root.join("domain/data")), |line| sum += Tally::of_cargo_line(line))?;
    Ok(if status.success() { sum } else { sum.at_least_one_failure() })
}
