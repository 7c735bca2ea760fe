//! Starts other programs, and reports what went wrong when they fail.

use std::env;
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

/// A call of the cargo that started us, in the workspace.
pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Runs the program with our own output streams; anything but success is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = start(command, |command| command.stdin(Stdio::null()).status())?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(command));
    }
    Ok(())
}

/// Runs the program and returns what it printed.
pub fn output(command: &mut Command) -> Result<String> {
    let output = start(command, |command| command.stdin(Stdio::null()).stderr(Stdio::inherit()).output())?;
    if !output.status.success() {
        bail!("`{}` failed ({})", shown(command), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs the program and passes each line that it prints to `on_line`, as soon as it is there.
pub fn lines(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<ExitStatus> {
    let mut child = start(command, |command| command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn())?;
    let stdout = child.stdout.take().expect("the output is piped");
    let mut stdout = BufReader::new(stdout);
    let mut line = Vec::new();
    // Not `BufRead::lines`: a test may print bytes that are no UTF-8, and the run goes on all the same.
    while stdout.read_until(b'\n', &mut line)? > 0 {
        on_line(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']));
        line.clear();
    }
    Ok(child.wait()?)
}

/// As [`lines`], and the lines are shown, too.
pub fn echoed_lines(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<ExitStatus> {
    lines(command, |line| {
        let mut stdout = io::stdout().lock();
        // A closed pipe (`… | head`) is no reason to stop counting.
        let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
        on_line(line);
    })
}

/// Runs `cargo build …` and returns the file that it made for `target`: a program, or a library for the browser.
pub fn build(cargo_build: &mut Command, target: &str) -> Result<PathBuf> {
    cargo_build.arg("--message-format=json-render-diagnostics");
    let mut found = None;
    let status = lines(cargo_build, |line| {
        if let Some(file) = artifact(line, target) {
            found = Some(file);
        }
    })?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(cargo_build));
    }
    found.with_context(|| format!("cargo did not say where it put `{target}`"))
}

/// A program with tests.
#[derive(Debug, PartialEq, Eq)]
pub struct TestProgram {
    pub file: PathBuf,
    /// Its package's.
    pub folder: PathBuf,
}

/// Runs `cargo test --no-run …` and returns the programs that it made, without those of examples.
pub fn test_programs(cargo_test: &mut Command) -> Result<Vec<TestProgram>> {
    cargo_test.arg("--message-format=json-render-diagnostics");
    let mut found = Vec::new();
    let status = lines(cargo_test, |line| found.extend(test_program(line)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", shown(cargo_test));
    }
    Ok(found)
}

/// The program with tests that one of cargo's JSON messages reports, if it is such a message.
fn test_program(message: &str) -> Option<TestProgram> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    let is_test = message["reason"] == "compiler-artifact" && message["profile"]["test"] == true;
    let file = message["executable"].as_str().filter(|_| is_test)?;
    let folder = Path::new(message["manifest_path"].as_str()?).parent()?;
    Some(TestProgram { file: file.into(), folder: folder.to_owned() })
}

/// The file that one of cargo's JSON messages reports for `target`, if it is such a message.
fn artifact(message: &str, target: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    if message["reason"] != "compiler-artifact" || message["target"]["name"] != target {
        return None;
    }
    let program = message["executable"].as_str();
    let library = || {
        let mut files = message["filenames"].as_array()?.iter();
        files.find_map(|file| file.as_str().filter(|name| name.ends_with(".wasm")))
    };
    program.or_else(library).map(PathBuf::from)
}

fn start<T>(command: &mut Command, how: impl FnOnce(&mut Command) -> io::Result<T>) -> Result<T> {
    how(command).with_context(|| format!("`{}` could not be started", shown(command)))
}

/// The command line as a person would type it, without the folder of the program.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program());
    let words: Vec<_> = std::iter::once(name).chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_in_cargos_messages() {
        let message = r#"{"reason":"compiler-artifact","target":{"name":"hytevihko"},"filenames":["t/hytevihko"],"executable":"t/hytevihko"}"#;
        assert_eq!(artifact(message, "hytevihko"), Some(PathBuf::from("t/hytevihko")));
    }

    #[test]
    fn a_library_for_the_browser_is_found_in_cargos_messages() {
        let message = r#"{"reason":"compiler-artifact","target":{"name":"client"},"filenames":["t/client.d","t/client.wasm"],"executable":null}"#;
        assert_eq!(artifact(message, "client"), Some(PathBuf::from("t/client.wasm")));
    }

    #[test]
    fn a_program_with_tests_is_found_in_cargos_messages_and_no_other() {
        let message = |test: bool| {
            format!(
                r#"{{"reason":"compiler-artifact","manifest_path":"/r/domain/Cargo.toml","target":{{"name":"domain"}},
                    "profile":{{"test":{test}}},"executable":"/t/domain-1"}}"#
            )
        };
        let expected = TestProgram { file: "/t/domain-1".into(), folder: "/r/domain".into() };
        assert_eq!(test_program(&message(true)), Some(expected));
        assert_eq!(test_program(&message(false)), None, "an example, or the server's own program");
        assert_eq!(test_program("not JSON"), None);
    }

    #[test]
    fn other_messages_are_passed_over() {
        let message = r#"{"reason":"compiler-artifact","target":{"name":"server"},"filenames":["t/libserver.rlib"],"executable":null}"#;
        assert_eq!(artifact(message, "hytevihko"), None);
        assert_eq!(artifact("not JSON", "hytevihko"), None);
    }
}
