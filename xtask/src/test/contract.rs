//! The server's answers held against its own OpenAPI description, with requests that schemathesis makes up.
//!
//! Random ids are nobody's: such requests would all meet the same refusal. So the ids, words and versions that a signed-in reviewer has are
//! put into most of the requests. A run in which a `GET`, or half of all operations, accepted nothing has failed.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::tally::Tally;
use crate::{forward, tools};

/// Below the repository's folder: the tool, what it is told, and what it tells.
const FOLDER: &str = "target/schemathesis";
/// The demo is made for the day on which its server starts: every run has the same.
const CLOCK: &str = "2026-11-16T13:30:00Z";
/// Making the demo takes seconds; a busy machine takes longer.
const START: Duration = Duration::from_secs(60);
/// Requests that are made up for each operation, beside those for each bound and each missing field.
const EXAMPLES: &str = "20";
/// What each answer has to be.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_schema_conformance,response_headers_conformance,unsupported_method";

/// Each operation of the description counts as one test.
pub fn run(root: &Path) -> Result<Tally> {
    let folder = root.join(FOLDER);
    let schemathesis = tools::schemathesis(root, &folder)?;
    let program = match tools::named_by("HYTEVIHKO_BIN") {
        Some(program) => program,
        None => forward::server_beside(root, "kill")?,
    };
    let server = Server::start(&program, &folder)?;
    let cookies = server.sign_in()?;
    fs::write(folder.join("schemathesis.toml"), settings(&server.known(&cookies)?)?)?;

    let report = folder.join("report.json");
    // A report of an earlier run must not be taken for this one's.
    let _ = fs::remove_file(&report);
    let origin = server.origin();
    let mut call = Command::new(schemathesis);
    call.args(["--config-file", "schemathesis.toml", "run"])
        .arg(format!("{origin}/api/v1/openapi.json"))
        .args(["--url", &origin, "--no-color", "--warnings", "off", "--continue-on-failure"])
        // One worker: two at once meet a fault of Python 3.11's parser. Deterministic: the same requests in each run.
        .args(["--workers", "1", "--generation-deterministic", "--max-examples", EXAMPLES])
        .args(["--phases", "examples,coverage,fuzzing", "--checks", CHECKS, "--request-timeout", "30"])
        .args(["--report", "json", "--report-json-path", "report.json"])
        .args(["--header", &format!("Cookie: {cookies}"), "--header", &format!("Origin: {origin}")])
        .args(["--header", "Sec-Fetch-Site: same-origin", "--header", "x-hytevihko: 1"])
        // It keeps files of its own beside where it runs.
        .current_dir(&folder)
        .stdin(Stdio::null());
    let status = call.status().context("schemathesis could not be started")?;
    let log = server.stop()?;
    let report = fs::read(&report).context("schemathesis left no report")?;
    let mut tally = of_report(&serde_json::from_slice(&report)?);
    if !status.success() {
        tally = tally.at_least_one_failure();
    }
    if log.contains("panicked") {
        eprintln!("error: the server met a mistake of its own; {FOLDER}/server.log names it");
        tally.failed += 1;
    }
    Ok(tally)
}

/// A server of the run's own.
struct Server {
    process: Child,
    address: String,
    folder: PathBuf,
}

impl Server {
    /// Starts it with the demo and waits until it answers.
    fn start(program: &Path, folder: &Path) -> Result<Self> {
        let data = folder.join("data");
        if data.exists() {
            fs::remove_dir_all(&data)?;
        }
        let log = File::create(folder.join("server.log"))?;
        let mut serve = Command::new(program);
        serve.args(["serve", "--listen", "127.0.0.1:0", "--demo", "--clock", CLOCK, "--data"]).arg(&data);
        serve.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let process = serve.spawn().with_context(|| format!("{} could not be started", program.display()))?;
        let mut server = Self { process, address: String::new(), folder: folder.to_owned() };
        let began = Instant::now();
        while server.address.is_empty() {
            ensure!(began.elapsed() < START, "the server was not ready in time; see {FOLDER}/server.log");
            if let Some(status) = server.process.try_wait()? {
                bail!("the server ended ({status}); see {FOLDER}/server.log");
            }
            sleep(Duration::from_millis(100));
            server.address = address(&server.log()?).unwrap_or_default().to_owned();
        }
        Ok(server)
    }

    fn log(&self) -> Result<String> {
        Ok(String::from_utf8_lossy(&fs::read(self.folder.join("server.log"))?).into_owned())
    }

    fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Signs the demo's reviewer in, and returns what a browser would send from then on.
    fn sign_in(&self) -> Result<String> {
        let origin = self.origin();
        let answer = self.exchange(&format!(
            "POST /kirjaudu/demo HTTP/1.1\r\nHost: {}\r\nOrigin: {origin}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 12\r\n\r\nwho=sihteeri",
            self.address
        ))?;
        let cookies = cookies(&answer);
        ensure!(!cookies.is_empty(), "the demo's reviewer was not signed in: {answer}");
        Ok(cookies)
    }

    fn get(&self, path: &str, cookies: &str) -> Result<Value> {
        let host = &self.address;
        let answer = self.exchange(&format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n"
        ))?;
        let body = answer.split_once("\r\n\r\n").and_then(|(_, body)| serde_json::from_str(body).ok());
        body.with_context(|| format!("{path} was not answered with JSON: {answer}"))
    }

    fn exchange(&self, request: &str) -> Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(START))?;
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// What the signed-in person knows, by the name that it has in requests.
    fn known(&self, cookies: &str) -> Result<Vec<(&'static str, Value)>> {
        let me = self.get("/api/v1/me", cookies)?;
        let association = me["associations"][0]["id"].as_str().context("the reviewer has no association")?;
        let members = self.get(&format!("/api/v1/members?association={association}"), cookies)?;
        let members: Vec<_> = members["members"].as_array().into_iter().flatten().map(|one| &one["member"]).collect();
        let pulled = self.get(&format!("/api/v1/sync/pull?association={association}"), cookies)?;
        let records = pulled["records"].as_array().into_iter().flatten();
        let gatherings: Vec<_> =
            records.filter(|one| one["kind"] == "gathering").map(|one| &one["id"]).take(3).collect();
        Ok(vec![
            ("association", json!([association])),
            ("gathering", json!(gatherings)),
            ("user", json!([me["user"]])),
            ("device", json!([me["device"]["id"]])),
            ("member", json!(members)),
            ("role", json!(["volunteer", "reviewer"])),
            ("from", json!(["2026-01-01"])),
            ("to", json!(["2026-12-31"])),
            ("pack", json!(["stea"])),
            ("schema", json!([1])),
        ])
    }

    /// Ends it and returns its log.
    fn stop(mut self) -> Result<String> {
        self.process.kill()?;
        self.process.wait()?;
        self.log()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(self.folder.join("data"));
    }
}

/// Where the server says that it listens.
fn address(log: &str) -> Option<&str> {
    log.lines().find_map(|line| line.strip_prefix("Hytevihko is ready on http://")).map(str::trim)
}

/// The cookies of an answer that are not taken away by it, as a browser sends them.
fn cookies(answer: &str) -> String {
    let head = answer.split_once("\r\n\r\n").map_or(answer, |(head, _)| head);
    let set = head.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("set-cookie").then(|| value.split(';').next().unwrap_or_default().trim())
    });
    set.filter(|pair| !pair.ends_with('=')).collect::<Vec<_>>().join("; ")
}

/// `Päivä;Ryhmä;Osallistujat;Vapaaehtoisia;Tunteja` and a gathering of five.
const TABLE: &str = "UMOkaXbDpDtSeWhtw6Q7T3NhbGxpc3R1amF0O1ZhcGFhZWh0b2lzaWE7VHVudGVqYQoxNC4zLjIwMjU7S2VyaG87NTsxOzIK";

/// What schemathesis is told: words that stand in most requests, and the magic word of each kind of sync.
fn settings(known: &[(&str, Value)]) -> Result<String> {
    // The reviewer's cookie opens what tokens open: made-up tokens would open nothing.
    let mut text = String::from("[generation]\nwith-security-parameters = false\n");
    let mut bindings = String::from("[parameters]\n");
    for (name, values) in known {
        // A list of strings or numbers is written in JSON as it is in TOML.
        text += &format!("[dictionaries.{name}]\nvalues = {}\n", serde_json::to_string(values)?);
        for place in ["path", "query", "body"] {
            bindings += &format!("\"{place}.{name}\" = {{ dictionary = \"{name}\", probability = 0.9 }}\n");
        }
    }
    let mut operations = String::new();
    for sync in ["push", "pull", "offer"] {
        text += &format!("[dictionaries.{sync}]\nvalues = [\"hytevihko-{sync}-1\"]\n");
        operations += &format!(
            "[[operations]]\ninclude-path = \"/api/v1/sync/{sync}\"\n[operations.parameters]\n\
             \"body.magic\" = {{ dictionary = \"{sync}\", probability = 0.9 }}\n"
        );
    }
    // Whoever accepts an invitation is signed in anew in that browser, and the sign-in before has ended: everything after it would be
    // refused. So that is done by somebody who is not signed in.
    operations += "[[operations]]\ninclude-path = \"/api/v1/invitations/accept\"\nheaders = { Cookie = \"\" }\n";
    // A table of one gathering, as bytes in base64: what is made up is never one.
    text += &format!("[dictionaries.file]\nvalues = [\"{TABLE}\"]\n[dictionaries.file_name]\nvalues = [\"a.csv\"]\n");
    for step in ["preview", "save", "undo"] {
        operations += &format!(
            "[[operations]]\ninclude-path = \"/api/v1/import/{step}\"\n[operations.parameters]\n\
             \"body.file\" = {{ dictionary = \"file\", probability = 0.9 }}\n\
             \"body.name\" = {{ dictionary = \"file_name\", probability = 0.9 }}\n"
        );
    }
    Ok(text + &bindings + &operations)
}

/// Reads schemathesis' own report. Each thing that is wrong is a failure, and so are requests that nobody accepts.
fn of_report(report: &Value) -> Tally {
    let tested = report["operations"]["tested"].as_u64().unwrap_or(0);
    let count = |name: &str| report[name].as_array().map_or(0, Vec::len) as u64;
    let mut failed = count("failures") + count("errors");
    let rates = report["valid_rates"].as_object();
    let accepted = |phases: &Value| {
        phases.as_object().is_some_and(|phases| phases.values().any(|phase| phase["accepted"].as_u64() > Some(0)))
    };
    let rates: Vec<_> = rates.into_iter().flatten().map(|(operation, phases)| (operation, accepted(phases))).collect();
    let refused: Vec<_> = rates.iter().filter(|(_, accepted)| !accepted).map(|(name, _)| name.as_str()).collect();
    println!("  never accepted: {}", if refused.is_empty() { "none".to_owned() } else { refused.join(", ") });
    // What only reads refuses the reviewer nothing that is asked as described.
    for name in refused.iter().filter(|name| name.starts_with("GET ")) {
        eprintln!("error: {name} accepted no request: it is described otherwise, or `known` has to say what it needs");
        failed += 1;
    }
    if refused.len() * 2 >= rates.len() {
        eprintln!("error: most operations accepted no request: the run looked at refusals only");
        failed += 1;
    }
    Tally { passed: tested.saturating_sub(failed), failed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_says_where_it_listens() {
        assert_eq!(address("INFO released\nHytevihko is ready on http://127.0.0.1:4711\n"), Some("127.0.0.1:4711"));
        assert_eq!(address("INFO released\n"), None);
    }

    #[test]
    fn cookies_that_are_taken_away_are_not_sent_again() {
        let answer = "HTTP/1.1 303 See Other\r\nset-cookie: a=1; Path=/; Secure\r\nSet-Cookie: gone=; Max-Age=0\r\n\
                      location: /\r\nset-cookie: b=2; HttpOnly\r\n\r\nset-cookie: body=3\r\n";
        assert_eq!(cookies(answer), "a=1; b=2");
    }

    #[test]
    fn what_is_known_is_bound_to_its_name_in_addresses_and_bodies() {
        let settings = settings(&[("role", json!(["volunteer", "reviewer"]))]).expect("a text");
        assert!(settings.contains("[dictionaries.role]\nvalues = [\"volunteer\",\"reviewer\"]\n"), "{settings}");
        assert!(settings.contains("\"body.role\" = { dictionary = \"role\", probability = 0.9 }\n"), "{settings}");
        assert!(settings.contains("include-path = \"/api/v1/sync/offer\"\n"), "{settings}");
    }

    fn report(failures: usize, accepted: [u64; 3]) -> Value {
        let rate = |accepted: u64| json!({"fuzzing": {"accepted": accepted, "rejected": 7}});
        json!({
            "operations": {"tested": 4},
            "failures": vec![json!({}); failures],
            "errors": [],
            "valid_rates": {"GET /a": rate(accepted[0]), "POST /b": rate(accepted[1]), "POST /c": rate(accepted[2])},
        })
    }

    #[test]
    fn every_failure_is_counted() {
        assert_eq!(of_report(&report(0, [1, 2, 0])), Tally { passed: 4, failed: 0 });
        assert_eq!(of_report(&report(3, [1, 2, 0])), Tally { passed: 1, failed: 3 });
    }

    #[test]
    fn a_run_of_refusals_has_failed() {
        assert_eq!(of_report(&report(0, [1, 0, 0])), Tally { passed: 3, failed: 1 });
    }

    #[test]
    fn an_address_that_nobody_may_read_is_described_wrongly() {
        assert_eq!(of_report(&report(0, [0, 1, 1])), Tally { passed: 3, failed: 1 });
    }
}
