//! Finds the tools that the commands need, and installs those that can be installed without asking.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::command;

pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Playwright 1.65 and Lighthouse 12 need it; Debian 12's own package is older.
const NODE_MAJOR_MIN: u32 = 20;

/// Sees to it that rustc can compile for the browser: the target for tests and lints, and the standard library's source,
/// from which `site` makes a smaller one.
pub fn for_the_browser() -> Result<()> {
    let sysroot = command::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let libraries = Path::new(sysroot.trim()).join("lib/rustlib");
    if !libraries.join(WASM_TARGET).exists() {
        println!("  Rust's {WASM_TARGET} target is missing: adding it");
        rustup(&["target", "add", WASM_TARGET])?;
    }
    if !libraries.join("src/rust/library/Cargo.lock").exists() {
        println!("  the source of Rust's standard library is missing: adding it");
        rustup(&["component", "add", "rust-src"])?;
    }
    Ok(())
}

fn rustup(arguments: &[&str]) -> Result<()> {
    command::run(Command::new("rustup").args(arguments)).context(
        "the browser side needs Rust's wasm32-unknown-unknown target and rust-src; without rustup, install both with your Rust packages",
    )
}

/// Sees to it that `end2end/node_modules` is what `package-lock.json` says.
pub fn node_modules(root: &Path) -> Result<()> {
    let folder = root.join("end2end");
    let lock = fs::read(folder.join("package-lock.json")).context("end2end/package-lock.json cannot be read")?;
    let digest = format!("{:x}", Sha256::digest(lock));
    // Our own mark, not the files' ages: a checkout makes an old lock file look new.
    let mark = folder.join("node_modules/.installed-by-xtask");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == digest) {
        return Ok(());
    }
    node()?;
    println!("  npm packages are missing or old: installing them in end2end/node_modules");
    command::run(
        Command::new("npm")
            // No package here needs its install script, and the browser is the system's.
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .args(["--loglevel", "error"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .current_dir(&folder),
    )?;
    fs::write(mark, digest)?;
    Ok(())
}

/// A program that came with an npm package.
pub fn node_program(root: &Path, name: &str) -> Command {
    Command::new(root.join("end2end/node_modules/.bin").join(name))
}

/// Node.js, new enough for what is in end2end/.
pub fn node() -> Result<()> {
    let needed = format!("Node.js {NODE_MAJOR_MIN} or newer and npm are needed");
    let version = command::output(Command::new("node").arg("--version"))
        .with_context(|| format!("{needed}: install them from your system or nodejs.org"))?;
    let major = version.trim().trim_start_matches('v').split('.').next();
    let major: u32 = major
        .and_then(|digits| digits.parse().ok())
        .with_context(|| format!("`node --version` says `{}`", version.trim()))?;
    if major < NODE_MAJOR_MIN {
        bail!("{needed}; this is {}", version.trim());
    }
    Ok(())
}

/// The system's browser, by the names and places it has on Linux and macOS.
pub fn chromium() -> Result<PathBuf> {
    let find = || {
        named_by("HYTEVIHKO_CHROMIUM").or_else(|| {
            on_path(&[
                "chromium",
                "chromium-browser",
                "google-chrome",
                "google-chrome-stable",
                "/Applications/Chromium.app/Contents/MacOS/Chromium",
                "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
            ])
        })
    };
    find_or_install(
        find,
        "chromium",
        "Chromium or Google Chrome is needed: install it, or name its program in HYTEVIHKO_CHROMIUM",
    )
}

/// The program through which the `store` tests steer that browser.
pub fn chromedriver() -> Result<PathBuf> {
    let find = || {
        named_by("CHROMEDRIVER").or_else(|| {
            on_path(&["chromedriver", "/usr/lib/chromium-browser/chromedriver", "/usr/lib/chromium/chromedriver"])
        })
    };
    find_or_install(
        find,
        "chromium-driver",
        "chromedriver (of the browser's version) is needed: install it, or name its program in CHROMEDRIVER",
    )
}

/// schemathesis with all that it needs, as `xtask/schemathesis.txt` says, in a Python environment below `folder`.
pub fn schemathesis(root: &Path, folder: &Path) -> Result<PathBuf> {
    Ok(environment(root, folder, "schemathesis.txt")?.join("bin/schemathesis"))
}

/// A Python with pandas and openpyxl, as `xtask/recompute.txt` says, in an environment below `folder`.
pub fn pandas(root: &Path, folder: &Path) -> Result<PathBuf> {
    Ok(environment(root, folder, "recompute.txt")?.join("bin/python"))
}

/// A Python environment below `folder` with what one of our lists says.
fn environment(root: &Path, folder: &Path, list: &str) -> Result<PathBuf> {
    let list = root.join("xtask").join(list);
    let wanted = fs::read(&list).with_context(|| format!("{} cannot be read", list.display()))?;
    let digest = format!("{:x}", Sha256::digest(wanted));
    let environment = folder.join("python");
    let mark = environment.join(".installed-by-xtask");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == digest) {
        return Ok(environment);
    }
    let python = python()?;
    println!("  the packages of {} are missing or old: installing them in {}", list.display(), environment.display());
    fs::create_dir_all(folder)?;
    command::run(Command::new(python).args(["-m", "venv", "--clear"]).arg(&environment))?;
    command::run(
        Command::new(environment.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(list),
    )?;
    fs::write(mark, digest)?;
    Ok(environment)
}

/// A Python that makes environments: Debian's own needs a package for that.
fn python() -> Result<PathBuf> {
    let find = || {
        let python = on_path(&["python3"])?;
        let mut modules = Command::new(&python);
        modules.args(["-c", "import ensurepip, venv"]).stdin(Stdio::null()).stderr(Stdio::null());
        modules.status().is_ok_and(|status| status.success()).then_some(python)
    };
    find_or_install(
        find,
        "python3-venv",
        "Python 3.11 or newer with its modules venv and ensurepip is needed: install it",
    )
}

/// cargo-deny, compiled from source where it is missing: ten minutes on two cores, once.
pub fn cargo_deny(root: &Path) -> Result<()> {
    let present = || {
        let mut version = command::cargo(root);
        version.args(["deny", "--version"]).stdin(Stdio::null());
        version.output().is_ok_and(|output| output.status.success())
    };
    if present() {
        return Ok(());
    }
    println!("  cargo-deny is missing: compiling it (this takes minutes, once)");
    let install = |locked: &[&str]| {
        let mut install = command::cargo(root);
        install.args(["install", "cargo-deny", "--version", "^0.20"]);
        command::run(install.args(locked))
    };
    // A package's locked dependencies can be newer than what a registry mirror offers yet.
    install(&["--locked"]).or_else(|_| install(&[]))
}

fn find_or_install(find: impl Fn() -> Option<PathBuf>, debian_package: &str, advice: &str) -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let Some(apt_get) = apt_get() else {
        bail!("{advice} (on Debian: apt-get install {debian_package})");
    };
    println!("  {debian_package} is missing: installing it with apt-get");
    let call = |arguments: &[&str]| {
        let mut command = Command::new(apt_get[0]);
        command.args(&apt_get[1..]).args(arguments);
        command::run(command.env("DEBIAN_FRONTEND", "noninteractive"))
    };
    // An old package list makes the installation fail, a failed update does not have to.
    let _ = call(&["update", "-q"]);
    call(&["install", "-y", "-q", debian_package])?;
    find().with_context(|| format!("{debian_package} is installed, but: {advice}"))
}

/// How to call apt-get here without a password, if the system has it.
fn apt_get() -> Option<Vec<&'static str>> {
    if !Path::new("/etc/debian_version").exists() {
        return None;
    }
    let user = command::output(Command::new("id").arg("-u")).ok()?;
    if user.trim() == "0" {
        return Some(vec!["apt-get"]);
    }
    let sudo = Command::new("sudo").args(["-n", "true"]).stdin(Stdio::null()).stderr(Stdio::null()).status();
    sudo.is_ok_and(|status| status.success()).then(|| vec!["sudo", "-n", "apt-get"])
}

pub fn named_by(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The first of the names that is a file: in a folder of PATH, or where an absolute name says.
fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = env::split_paths(&path).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|file| file.is_file())
}
