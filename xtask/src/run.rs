//! `cargo xtask run`: from a fresh clone to a server with demo data.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::{command, site};

#[derive(Args)]
pub struct Options {
    /// Where the server listens
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:3000")]
    listen: String,
    /// The folder of the server's data [default: data, in the repository]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Start empty, without the demo associations
    #[arg(long)]
    no_demo: bool,
    /// Build the server without optimisation
    #[arg(long)]
    debug: bool,
    /// Pretend that it is this moment, such as 2026-05-04T12:00:00Z
    #[arg(long, value_name = "ISO")]
    clock: Option<String>,
}

/// Returns only if something fails: the server takes this process's place.
pub fn run(root: &Path, options: &Options) -> Result<()> {
    println!("1/4 Tools");
    site::set_up(root)?;
    println!("2/4 Browser side (minutes the first time)");
    site::build(root)?;
    println!("3/4 Server (minutes the first time)");
    let server = build_server(root, !options.debug)?;
    println!("4/4 Starting on http://{}", options.listen);

    let mut serve = Command::new(server);
    serve.args(["serve", "--listen", &options.listen]);
    serve.arg("--data");
    serve.arg(options.data.clone().unwrap_or_else(|| root.join("data")));
    if !options.no_demo {
        serve.arg("--demo");
    }
    if let Some(clock) = &options.clock {
        serve.args(["--clock", clock]);
    }
    replace_this_process(&mut serve)
}

/// Builds the server and returns its program. `target/site` must be up to date before: the program carries it inside.
pub fn build_server(root: &Path, release: bool) -> Result<PathBuf> {
    let mut build = command::cargo(root);
    build.args(["build", "--package", "server"]);
    if release {
        build.arg("--release");
    }
    command::build(&mut build, "hytevihko")
}

/// The site and an optimised server: what the browser's tests and the screenshots start from.
pub fn build_all(root: &Path) -> Result<PathBuf> {
    println!("Building the browser side and the server");
    site::build(root)?;
    build_server(root, true)
}

/// The server gets signals itself this way, and stops as it does in operation.
#[cfg(unix)]
fn replace_this_process(serve: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;

    let error = serve.exec();
    Err(error.into())
}

#[cfg(not(unix))]
fn replace_this_process(serve: &mut Command) -> Result<()> {
    command::run(serve)
}
