//! `cargo xtask kills`: kills the real server (SIGKILL) while phones push; every change that got a receipt must still
//! be there.
//!
//! After each kill the server is started again on the same folder. The database must be sound; every answered push is
//! sent again and must get the same answer, byte for byte; an unanswered push is now accepted; each phone's pull has
//! every record once; sequence numbers have no gap, and the sums equal those of the records. A killed process is not a
//! power cut: what the disk does with `fsync` is not tested here.

#[path = "../shared/http.rs"]
mod http;
#[path = "../shared/program.rs"]
mod program;
#[path = "../shared/town.rs"]
mod town;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use http::Connection;
use program::Program;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{Connection as _, SqliteConnection};
use town::Phone;

/// A push has 1 to this many changes.
const CHANGES_MAX: u128 = 20;
/// The kill comes at most this long after the phones begin.
const KILL_MS_MAX: u128 = 150;

#[derive(Parser)]
struct Options {
    /// The server's program.
    #[arg(long)]
    server: PathBuf,
    /// How often to kill it.
    #[arg(long, default_value_t = 20)]
    times: u64,
    /// Phones that push.
    #[arg(long, default_value_t = 6)]
    phones: usize,
    /// The sum over all runs; a later run goes on from it.
    #[arg(long, default_value = "target/kill.json")]
    tally: PathBuf,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Tally {
    kills: u64,
    /// Kills while at least one push was under way.
    in_mid_push: u64,
    /// Pushes and changes with a receipt before the kill.
    answered_pushes: u64,
    receipts: u64,
    /// Pushes that the kill left without an answer, and those of them that had been committed all the same.
    unanswered_pushes: u64,
    unanswered_but_stored: u64,
    /// What must not happen.
    problems: Vec<String>,
}

/// What one phone did until the server was gone.
struct Story {
    /// Each push as it was sent, with the results that it was answered.
    answered: Vec<(Vec<u8>, Value)>,
    unanswered: Option<(Vec<u8>, usize)>,
    changes: usize,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let mut tally: Tally =
        std::fs::read(&options.tally).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let start = Instant::now();
    let known = tally.problems.len();
    let template = tempfile::tempdir().expect("a folder");
    let mut phones: Vec<Phone> = (0..options.phones).map(|n| town::phone(n, town::MUNICIPALITY)).collect();
    runtime.block_on(async {
        let server = town::open(template.path()).await;
        for phone in &mut phones {
            town::found(&server, phone).await;
            phone.cookie = town::sign_in(&server, phone.user).await;
        }
        server.store.close().await;
    });
    for _ in 0..options.times {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::copy(template.path().join("hytevihko.db"), folder.path().join("hytevihko.db")).expect("a copy");
        kill_once(&options.server, folder.path(), &phones, &runtime, &mut tally);
        tally.kills += 1;
        let text = serde_json::to_string_pretty(&tally).expect("JSON");
        std::fs::write(&options.tally, text + "\n").expect("the tally is written");
    }
    let seconds = start.elapsed().as_secs_f64();
    let Tally { kills, in_mid_push, receipts, unanswered_but_stored, unanswered_pushes, .. } = &tally;
    println!(
        "{} kills in {seconds:.1} s. In all {kills}, {in_mid_push} of them in mid-push: {receipts} receipts; of {unanswered_pushes} \
         pushes without an answer {unanswered_but_stored} had been stored",
        options.times
    );
    for problem in &tally.problems {
        println!("PROBLEM: {problem}");
    }
    // As cargo's own tests say it, for whoever sums them up.
    let failed = tally.problems.len() - known;
    println!("test result: kills. {} passed; {failed} failed;", u64::from(failed == 0));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn kill_once(program: &Path, folder: &Path, phones: &[Phone], runtime: &tokio::runtime::Runtime, tally: &mut Tally) {
    let running = Program::start(program, folder);
    let address = running.address;
    let stories: Vec<Story> = std::thread::scope(|scope| {
        let clients: Vec<_> = phones.iter().map(|phone| scope.spawn(move || push_on(address, phone))).collect();
        std::thread::sleep(Duration::from_millis(u64::try_from(chance(KILL_MS_MAX)).unwrap_or(0)));
        drop(running);
        clients.into_iter().map(|client| client.join().expect("a phone")).collect()
    });
    tally.in_mid_push += u64::from(stories.iter().any(|story| story.unanswered.is_some()));

    let running = Program::start(program, folder);
    let mut problems = Vec::new();
    for (phone, story) in phones.iter().zip(&stories) {
        problems.extend(check(running.address, phone, story, tally).err());
    }
    problems.extend(runtime.block_on(check_database(folder)).err());
    let kill = tally.kills + 1;
    tally.problems.extend(problems.into_iter().map(|problem| format!("kill {kill}: {problem}")));
}

fn json(answer: &http::Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

fn chance(below: u128) -> u128 {
    uuid::Uuid::new_v4().as_u128() % below
}

/// Pushes until the server is gone.
fn push_on(address: SocketAddr, phone: &Phone) -> Story {
    let mut story = Story { answered: Vec::new(), unanswered: None, changes: 0 };
    let Ok(mut connection) = Connection::open(address) else { return story };
    let today = domain::date::parse("2026-01-31").expect("a day");
    loop {
        let size = 1 + usize::try_from(chance(CHANGES_MAX)).unwrap_or(0);
        let changes: Vec<Value> = (0..size)
            .map(|n| serde_json::to_value(phone.gathering((story.changes + n) % 10, today)).expect("JSON"))
            .collect();
        story.changes += size;
        let body = phone.push_body(&changes, story.changes);
        match connection.post("/api/v1/sync/push", &phone.cookie, &body) {
            Ok(answer) if answer.status == 200 => story.answered.push((body, json(&answer)["results"].clone())),
            _ => {
                story.unanswered = Some((body, size));
                return story;
            }
        }
    }
}

/// What the phone holds receipts for is there, and what it does not is taken once.
fn check(address: SocketAddr, phone: &Phone, story: &Story, tally: &mut Tally) -> Result<(), String> {
    let gone = |error: std::io::Error| format!("the server did not answer: {error}");
    let mut connection = Connection::open(address).map_err(gone)?;
    let push = |connection: &mut Connection, body: &[u8]| {
        connection
            .post("/api/v1/sync/push", &phone.cookie, body)
            .map(|answer| json(&answer)["results"].clone())
            .map_err(gone)
    };
    let pull = |connection: &mut Connection, after: u64| {
        let path = format!("/api/v1/sync/pull?association={}&after={after}", phone.association);
        connection.get(&path, &phone.cookie, "").map(|answer| json(&answer)).map_err(gone)
    };
    let mut last = 2;
    for (body, results) in &story.answered {
        tally.answered_pushes += 1;
        tally.receipts += results.as_array().map_or(0, Vec::len) as u64;
        let again = push(&mut connection, body)?;
        if again != *results {
            return Err(format!("a receipt was {results} and is {again}"));
        }
        last =
            results.as_array().into_iter().flatten().filter_map(|result| result["seq"].as_u64()).fold(last, u64::max);
    }
    if let Some((body, size)) = &story.unanswered {
        let had = pull(&mut connection, last)?["records"].as_array().map_or(0, Vec::len);
        if had != 0 && had != *size {
            return Err(format!("of an unanswered push of {size} changes {had} are there"));
        }
        let results = push(&mut connection, body)?;
        let stored: Vec<u64> = results.as_array().into_iter().flatten().filter_map(|r| r["seq"].as_u64()).collect();
        let expected: Vec<u64> = (1..=*size as u64).map(|n| last + n).collect();
        if stored != expected {
            return Err(format!("the unanswered push has {stored:?} and not {expected:?}"));
        }
        tally.unanswered_pushes += 1;
        tally.unanswered_but_stored += u64::from(had > 0);
    }
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    let (mut after, mut numbers) = (0, Vec::new());
    loop {
        let page = pull(&mut connection, after)?;
        for record in page["records"].as_array().into_iter().flatten() {
            *seen.entry(record["id"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
            numbers.push(record["seq"].as_u64().unwrap_or_default());
        }
        after = page["next"].as_u64().unwrap_or_default();
        if page["more"] != true {
            break;
        }
    }
    let whole: Vec<u64> = (1..=story.changes as u64 + 2).collect();
    match numbers == whole && seen.values().all(|times| *times == 1) {
        true => Ok(()),
        false => Err(format!("a pull has {} records and not {}", numbers.len(), whole.len())),
    }
}

/// The file is sound, and the sums are those of the records.
async fn check_database(folder: &Path) -> Result<(), String> {
    let fails = |error: sqlx::Error| format!("the database cannot be read: {error}");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("hytevihko.db"));
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(fails)?;
    let sound: String = sqlx::query_scalar("pragma integrity_check").fetch_one(&mut connection).await.map_err(fails)?;
    let (summed, held): (i64, i64) = sqlx::query_as(
        "select (select coalesce(sum(gatherings), 0) from tally), (select count(*) from record where kind = 'gathering')",
    )
    .fetch_one(&mut connection)
    .await
    .map_err(fails)?;
    match (sound.as_str(), summed == held) {
        ("ok", true) => Ok(()),
        ("ok", false) => Err(format!("the sums count {summed} gatherings, and there are {held}")),
        _ => Err(sound),
    }
}
