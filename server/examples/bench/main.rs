//! `cargo xtask bench`: measures the real server in a process of its own, with a durable database, over HTTP on
//! 127.0.0.1.
//!
//! The clients run on the same machine, so the figures include them. Request bodies are made before the measurement
//! starts.

#[path = "../shared/http.rs"]
mod http;
#[path = "../shared/program.rs"]
mod program;
#[path = "../shared/town.rs"]
mod town;

use std::{
    path::{Path, PathBuf},
    sync::Barrier,
    time::{Duration, Instant},
};

use clap::Parser;
use domain::{Area, Role, UserId, codes::Municipality, report::Amounts};
use http::Connection;
use program::Program;
use serde_json::{Value, json};
use server::Server;
use sqlx::{
    Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteSynchronous},
};
use town::Phone;

const BATCH: usize = 50;
const CLIENTS: [usize; 3] = [1, 8, 32];
/// Associations of the stored history; every tenth is of the coordinator's municipality.
const ASSOCIATIONS: usize = 1000;
/// Their numbers begin here, beyond those of the phones that push to an empty database.
const STORED: usize = 1000;
/// Other municipalities among which the rest are spread.
const MUNICIPALITIES: usize = 30;

#[derive(Parser)]
struct Options {
    /// The server's program.
    #[arg(long)]
    server: PathBuf,
    /// Measurements of each figure.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Gatherings in a push or a pull.
    #[arg(long, default_value_t = 10_000)]
    gatherings: usize,
    /// Gatherings stored beforehand for the large database.
    #[arg(long, default_value_t = 1_000_000)]
    stored: usize,
    /// Where the figures go.
    #[arg(long, default_value = "target/bench.json")]
    out: PathBuf,
    /// Where the large database is kept from run to run.
    #[arg(long, default_value = "target/bench")]
    keep: PathBuf,
    /// Only these parts: push, pull, stored.
    parts: Vec<String>,
}

/// The figures, printed as they come.
#[derive(Default)]
struct Table(Vec<Value>);

impl Table {
    fn add(&mut self, name: &str, unit: &str, goal: &str, mut values: Vec<f64>) {
        values.sort_by(f64::total_cmp);
        let (Some(least), Some(most)) = (values.first(), values.last()) else { return };
        let median = values[values.len() / 2];
        println!("{name:<52} {median:>10.1} {unit:<18} {least:>10.1} – {most:<10.1} {goal}");
        self.0.push(json!({"name": name, "unit": unit, "goal": goal, "median": median, "values": values}));
    }
}

fn main() {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let is_asked = |part: &str| options.parts.is_empty() || options.parts.iter().any(|asked| asked == part);
    let mut table = Table::default();
    println!("{:<52} {:>10} {:<18} {:>10} – {:<10} goal", "", "median", "", "least", "most");
    if is_asked("push") {
        for clients in CLIENTS {
            pushes(&options, &runtime, clients, &mut table);
        }
    }
    if is_asked("pull") {
        pulls(&options, &runtime, &mut table);
    }
    if is_asked("stored") {
        stored(&options, &runtime, &mut table);
    }
    let report =
        json!({"runs": options.runs, "gatherings": options.gatherings, "stored": options.stored, "figures": table.0});
    std::fs::write(&options.out, format!("{report:#}\n")).expect("the figures are written");
}

fn prepare(runtime: &tokio::runtime::Runtime, folder: &Path, phones: &mut [Phone]) {
    runtime.block_on(async {
        let server = town::open(folder).await;
        for phone in phones {
            if server.store.person(phone.user).await.expect("a look-up").is_none() {
                town::found(&server, phone).await;
            }
            phone.cookie = town::sign_in(&server, phone.user).await;
        }
        server.store.close().await;
    });
}

/// The bodies of each phone's pushes.
fn bodies(options: &Options, phones: &[Phone]) -> Vec<Vec<Vec<u8>>> {
    let today = domain::date::parse("2026-01-31").expect("a day");
    let each = options.gatherings / phones.len() / BATCH;
    let one = |phone: &Phone, push: usize| {
        let changes = (0..BATCH).map(|n| serde_json::to_value(phone.gathering(push * BATCH + n, today)).expect("JSON"));
        phone.push_body(&changes.collect::<Vec<_>>(), (push + 1) * BATCH)
    };
    phones.iter().map(|phone| (0..each).map(|push| one(phone, push)).collect()).collect()
}

/// Sends every phone's pushes at once; the time until the last one is answered, and the time of each.
fn send(program: &Program, phones: &[Phone], bodies: &[Vec<Vec<u8>>]) -> (Duration, Vec<Duration>) {
    let barrier = Barrier::new(phones.len() + 1);
    std::thread::scope(|scope| {
        let clients: Vec<_> = phones
            .iter()
            .zip(bodies)
            .map(|(phone, bodies)| {
                let barrier = &barrier;
                scope.spawn(move || {
                    let mut connection = Connection::open(program.address).expect("a connection");
                    barrier.wait();
                    let mut times = Vec::new();
                    for body in bodies {
                        let start = Instant::now();
                        let answer = connection.post("/api/v1/sync/push", &phone.cookie, body).expect("an answer");
                        times.push(start.elapsed());
                        let receipts = count(&answer.body, br#""outcome":"stored""#);
                        assert_eq!(
                            (answer.status, receipts),
                            (200, BATCH),
                            "{}",
                            String::from_utf8_lossy(&answer.body)
                        );
                    }
                    times
                })
            })
            .collect();
        barrier.wait();
        let start = Instant::now();
        let times = clients.into_iter().flat_map(|client| client.join().expect("a client")).collect();
        (start.elapsed(), times)
    })
}

fn count(text: &[u8], part: &[u8]) -> usize {
    text.windows(part.len()).filter(|window| *window == part).count()
}

fn rate(bodies: &[Vec<Vec<u8>>], time: Duration) -> f64 {
    (bodies.iter().map(Vec::len).sum::<usize>() * BATCH) as f64 / time.as_secs_f64()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn percentile(times: &mut [Duration], part: usize) -> f64 {
    times.sort_unstable();
    times.get((times.len() * part / 100).min(times.len().saturating_sub(1))).map_or(0.0, |time| ms(*time))
}

fn pushes(options: &Options, runtime: &tokio::runtime::Runtime, clients: usize, table: &mut Table) {
    let (mut first, mut again, mut slow, mut now, mut high) = (vec![], vec![], vec![], vec![], vec![]);
    let mut work = vec![];
    for _ in 0..options.runs {
        let folder = tempfile::tempdir_in(options.keep_folder()).expect("a folder");
        let mut phones: Vec<Phone> = (0..clients).map(|n| town::phone(n, town::MUNICIPALITY)).collect();
        prepare(runtime, folder.path(), &mut phones);
        let bodies = bodies(options, &phones);
        let program = Program::start(&options.server, folder.path());
        let before = processor(&program);
        let (time, mut times) = send(&program, &phones, &bodies);
        work.push((processor(&program) - before) * 1e6 / options.gatherings as f64);
        first.push(rate(&bodies, time));
        slow.push(percentile(&mut times, 95));
        let (rss, hwm) = memory(&program);
        now.push(rss);
        high.push(hwm);
        again.push(rate(&bodies, send(&program, &phones, &bodies).0));
    }
    let goal = if clients == 8 { "≥ 10000" } else { "" };
    table.add(&format!("push, {clients} clients, empty database"), "gatherings/s", goal, first);
    table.add(&format!("push, {clients} clients: the server's work"), "µs a gathering", "", work);
    table.add(&format!("push, {clients} clients: a batch of 50, p95"), "ms", "", slow);
    table.add(&format!("the same pushes again, {clients} clients"), "gatherings/s", "", again);
    table.add(&format!("memory after the push, {clients} clients"), "MB", "≤ 150", now);
    table.add(&format!("memory at its highest, {clients} clients"), "MB", "≤ 150", high);
}

fn pulls(options: &Options, runtime: &tokio::runtime::Runtime, table: &mut Table) {
    let folder = tempfile::tempdir_in(options.keep_folder()).expect("a folder");
    let mut phones = vec![town::phone(0, town::MUNICIPALITY)];
    prepare(runtime, folder.path(), &mut phones);
    runtime.block_on(async {
        let server = town::open(folder.path()).await;
        let phone = &phones[0];
        for start in (0..options.gatherings).step_by(500) {
            let changes = (start..start + 500).map(|n| phone.gathering(n, server.clock.today())).collect();
            town::take(&server, &phone.who(Role::Volunteer, server.clock.today()), changes).await;
        }
        server.store.close().await;
    });
    let program = Program::start(&options.server, folder.path());
    let phone = &phones[0];
    // Nothing, and what browsers take.
    for encoding in ["", "gzip, deflate, br"] {
        let (mut times, mut sizes, mut said) = (Vec::new(), Vec::new(), String::new());
        // The first one fills the caches, as the association's other phones have done.
        for run in 0..=options.runs {
            let mut connection = Connection::open(program.address).expect("a connection");
            let (mut after, mut epoch, mut records, mut size) = (0, String::new(), 0, 0);
            let mut time = Duration::ZERO;
            loop {
                let path = format!("/api/v1/sync/pull?association={}&after={after}&epoch={epoch}", phone.association);
                let start = Instant::now();
                let answer = connection.get(&path, &phone.cookie, encoding).expect("a page");
                time += start.elapsed();
                assert_eq!(answer.status, 200);
                size += answer.body.len();
                let encoding = answer.header("content-encoding").unwrap_or("none");
                let page = plain(&answer.body, encoding);
                // The last page may be too small to be worth it.
                if page["more"] == true {
                    said = encoding.to_owned();
                }
                records += page["records"].as_array().map_or(0, Vec::len);
                after = page["next"].as_u64().expect("a cursor");
                epoch = page["epoch"].as_str().unwrap_or_default().to_owned();
                if page["more"] != true {
                    break;
                }
            }
            assert_eq!(records, options.gatherings + 2);
            if run > 0 {
                times.push(ms(time));
                sizes.push(size as f64 / records as f64);
            }
        }
        let name = format!("pull of {}, encoding {said}", options.gatherings);
        table.add(&name, "ms", "≤ 150", times);
        table.add(&format!("{name}: a record"), "bytes", if encoding.is_empty() { "" } else { "≤ 60" }, sizes);
    }
}

fn plain(body: &[u8], encoding: &str) -> Value {
    let read = match encoding {
        "gzip" => serde_json::from_reader(flate2::read::GzDecoder::new(body)),
        _ => serde_json::from_slice(body),
    };
    read.expect("a page of records")
}

/// Makes the rest of the associations, each like the one of its municipality that was made by the rules.
async fn copy(folder: &Path, patterns: &[Phone]) -> Result<(), sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(folder.join("hytevihko.db"))
        // Nobody minds if it has to be made again.
        .synchronous(SqliteSynchronous::Off);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let amounts = Amounts::NAMES.join(", ");
    let statements = [
        "insert into association select $1, seq, home, shown_alone, volunteers_set_up_series, name, no_activity, volunteers_change_others
         from association where id = $2"
            .to_owned(),
        "insert into record select $1, kind, id, rev, seq, content, recorder, about, day
         from record where association_id = $2"
            .to_owned(),
        "insert into revision select $1, record_id, rev, seq, kind, content, change_id, author, device, made_at, stored_at
         from revision where association_id = $2"
            .to_owned(),
        "insert into change_result select $1, change_id, result from change_result where association_id = $2".to_owned(),
        format!(
            "insert into tally (municipality, month, association_id, form, {amounts})
             select municipality, month, $1, form, {amounts} from tally where association_id = $2"
        ),
    ];
    for n in patterns.len()..ASSOCIATIONS {
        let pattern = if n.is_multiple_of(10) { &patterns[0] } else { &patterns[1 + n % (patterns.len() - 1)] };
        let new = town::phone(STORED + n, pattern.municipality);
        let mut tx = connection.begin().await?;
        for statement in &statements {
            sqlx::query(sqlx::AssertSqlSafe(statement.clone()))
                .bind(new.association.uuid().as_bytes().to_vec())
                .bind(pattern.association.uuid().as_bytes().to_vec())
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
    }
    connection.close().await
}

/// The large database: made once and kept. One association of each municipality by the rules, the others as copies of it.
fn history(options: &Options, runtime: &tokio::runtime::Runtime) -> PathBuf {
    let kept = options.keep_folder().join(format!("stored-{}", options.stored));
    if kept.join("whole").exists() {
        return kept;
    }
    eprintln!("filling a database with {} gatherings (minutes, once)", options.stored);
    let _ = std::fs::remove_dir_all(&kept);
    let municipalities: Vec<&str> = Municipality::all().map(Municipality::code).take(MUNICIPALITIES).collect();
    let each = options.stored / ASSOCIATIONS;
    runtime.block_on(async {
        let server = town::open(&kept).await;
        let today = server.clock.today();
        let homes = [town::MUNICIPALITY].into_iter().chain(municipalities);
        let patterns: Vec<Phone> = homes.enumerate().map(|(n, home)| town::phone(STORED + n, home)).collect();
        for phone in &patterns {
            town::found(&server, phone).await;
            for start in (0..each).step_by(500) {
                let changes = (start..each.min(start + 500)).map(|n| phone.gathering(n, today)).collect();
                town::take(&server, &phone.who(Role::Volunteer, today), changes).await;
            }
        }
        server.store.close().await;
        copy(&kept, &patterns).await.expect("copied");
    });
    std::fs::write(kept.join("whole"), "").expect("a mark");
    kept
}

fn stored(options: &Options, runtime: &tokio::runtime::Runtime, table: &mut Table) {
    let kept = history(options, runtime);
    let folder = tempfile::tempdir_in(options.keep_folder()).expect("a folder");
    std::fs::copy(kept.join("hytevihko.db"), folder.path().join("hytevihko.db")).expect("a copy");
    let size = std::fs::metadata(folder.path().join("hytevihko.db")).expect("a file").len();
    table.add("a stored gathering in the file", "bytes", "", vec![size as f64 / options.stored as f64]);
    // Of the associations that have a history already.
    let mut phones: Vec<Phone> = (4..12).map(|n| town::phone(STORED + n * 10, town::MUNICIPALITY)).collect();
    prepare(runtime, folder.path(), &mut phones);
    let cookie = runtime.block_on(async {
        let server = town::open(folder.path()).await;
        let cookie = coordinator(&server).await;
        server.store.close().await;
        cookie
    });
    let program = Program::start(&options.server, folder.path());
    for path in ["/kunta", "/kunta?vuosi=2025"] {
        let mut connection = Connection::open(program.address).expect("a connection");
        let (mut half, mut slow) = (Vec::new(), Vec::new());
        for run in 0..=options.runs {
            let mut times = Vec::new();
            for _ in 0..40 {
                let start = Instant::now();
                let answer = connection.get(path, &cookie, "").expect("a page");
                times.push(start.elapsed());
                assert!(answer.status == 200 && answer.body.len() > 10_000, "{}", answer.status);
            }
            if run > 0 {
                half.push(percentile(&mut times, 50));
                slow.push(percentile(&mut times, 95));
            }
        }
        table.add(&format!("{path} at {} stored, p50 of 40", options.stored), "ms", "", half);
        table.add(&format!("{path} at {} stored, p95 of 40", options.stored), "ms", "≤ 50", slow);
    }
    let (mut first, mut slow, mut page, mut work) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..options.runs {
        let bodies = bodies(options, &phones);
        let before = processor(&program);
        let (time, mut times) = send(&program, &phones, &bodies);
        work.push((processor(&program) - before) * 1e6 / options.gatherings as f64);
        first.push(rate(&bodies, time));
        slow.push(percentile(&mut times, 95));
        let mut connection = Connection::open(program.address).expect("a connection");
        let start = Instant::now();
        connection.get("/kunta", &cookie, "").expect("a page");
        page.push(ms(start.elapsed()));
    }
    let (rss, hwm) = memory(&program);
    table.add(&format!("push, 8 clients, {} stored", options.stored), "gatherings/s", "≥ 10000", first);
    table.add(&format!("push, 8 clients, {} stored: the server's work", options.stored), "µs a gathering", "", work);
    table.add(&format!("push, 8 clients, {} stored: a batch, p95", options.stored), "ms", "", slow);
    table.add("/kunta right after a push", "ms", "≤ 50", page);
    table.add("memory after the pushes", "MB", "≤ 150", vec![rss]);
    table.add("memory at its highest", "MB", "≤ 150", vec![hwm]);
}

/// Adds the coordinator and signs them in.
async fn coordinator(server: &Server) -> String {
    let user = UserId::from_bytes([0xee; 16]);
    server.store.add_person(user, "Koordinaattori").await.expect("a person");
    server
        .store
        .add_coordinator(user, Area::parse("municipality", town::MUNICIPALITY).expect("an area"))
        .await
        .expect("a coordinator");
    town::sign_in(server, user).await
}

/// Resident memory now and at its highest, in MB, as Linux tells it.
fn memory(program: &Program) -> (f64, f64) {
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.child.id())).unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1000.0
    };
    (of("VmRSS:"), of("VmHWM:"))
}

/// Processor time that the server has used, in seconds.
fn processor(program: &Program) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", program.child.id())).unwrap_or_default();
    // The name in brackets may hold spaces; user and system time are the twelfth and thirteenth field after it.
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks: f64 = [11, 12].into_iter().filter_map(|n| fields.get(n)?.parse::<f64>().ok()).sum();
    ticks / 100.0
}

impl Options {
    /// On the disk that holds the repository: a temporary folder may be in memory, where nothing is durable.
    fn keep_folder(&self) -> PathBuf {
        std::fs::create_dir_all(&self.keep).expect("a folder");
        self.keep.clone()
    }
}
