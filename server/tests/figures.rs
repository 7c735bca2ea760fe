//! Figures for Prometheus: where the operator asked for them, and nowhere else.

#[expect(dead_code, reason = "the siege uses the rest")]
#[path = "../examples/shared/http.rs"]
mod http;

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
};

use http::Connection;

/// Killed when the value is dropped.
struct Running {
    child: Child,
    /// What it printed up to the line that says that it is ready.
    said: Vec<String>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    fn start(data: &std::path::Path, more: &[&str]) -> Running {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hytevihko"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut said = Vec::new();
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        for line in lines.by_ref().map_while(Result::ok) {
            said.push(line);
            if said.last().is_some_and(|line| line.contains("is ready on")) {
                break;
            }
        }
        // Whoever prints into a full pipe stands still.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Running { child, said }
    }

    fn address(&self, before: &str) -> Option<SocketAddr> {
        let rest = self.said.iter().find_map(|line| line.strip_prefix(before))?;
        rest.trim_end_matches("/metrics").parse().ok()
    }
}

const READY: &str = "Hytevihko is ready on http://";
const FIGURES: &str = "Figures for Prometheus are on http://";

fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let answer = Connection::open(address).and_then(|mut open| open.get(path, "", "")).expect("an answer");
    (answer.status, String::from_utf8(answer.body).expect("text"))
}

#[test]
fn requests_are_counted_by_their_template_on_a_listener_of_their_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Running::start(folder.path(), &["--metrics", "127.0.0.1:0"]);
    let (browsers, figures) = (server.address(READY).expect("ready"), server.address(FIGURES).expect("figures"));
    assert_eq!(get(browsers, "/app/merkki7q?merkki7q").0, 200);
    assert_eq!(get(browsers, "/merkki7q").0, 404);
    assert_eq!(get(browsers, "/metrics").0, 404, "not where browsers reach it");
    let (status, text) = get(figures, "/metrics");
    assert_eq!(status, 200);
    assert!(!text.contains("merkki7q"), "{text}");
    let counted = r#"hytevihko_requests_total{method="GET",route="/app/{*path}",status="200"} 1"#;
    for line in
        [counted, r#"hytevihko_request_seconds_bucket{route="/app/{*path}",le="1"} 1"#, "hytevihko_writer_waiting 0"]
    {
        assert!(text.lines().any(|said| said == line), "{line} is not in\n{text}");
    }
    assert_eq!(get(figures, "/").0, 404);
}

#[test]
fn without_being_asked_there_are_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Running::start(folder.path(), &[]);
    assert_eq!(server.address(FIGURES), None);
    assert_eq!(get(server.address(READY).expect("ready"), "/metrics").0, 404);
}
