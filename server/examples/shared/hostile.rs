//! Clients that mean harm, beside clients that do not; and what the good ones notice of them.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    process::Command,
    sync::{
        LazyLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

use domain::date;

use crate::{
    http::Connection,
    program::Program,
    town::{self, Phone},
};

/// Clients that push, pull and open pages, as phones do.
pub const GOOD: usize = 8;
/// Between two requests of a good client.
const PAUSE: Duration = Duration::from_millis(20);
/// Between two bytes of a client that drips.
const DRIP: Duration = Duration::from_millis(500);
/// Between two attempts of one that is refused at once: a few hundred attempts a second of all together.
const AGAIN: Duration = Duration::from_millis(50);

/// What the good clients noticed.
#[derive(Debug)]
pub struct Noticed {
    /// Their requests' times, shortest first.
    pub times: Vec<Duration>,
    /// Answers other than expected, and connections that broke.
    pub failures: u64,
    /// What the hostile ones began.
    pub attempts: u64,
    /// The server's memory at its highest, MB.
    pub memory: f64,
    /// From SIGTERM to the end, while the hostile clients went on.
    pub stop: Duration,
    pub is_clean: bool,
}

impl Noticed {
    /// The time within which this many per cent of the good requests were answered.
    pub fn percentile(&self, part: usize) -> Duration {
        let at = (self.times.len() * part / 100).min(self.times.len().saturating_sub(1));
        self.times.get(at).copied().unwrap_or(Duration::MAX)
    }
}

/// Lets `hostile` clients loose on a server for a time, then stops it.
pub fn besiege(
    program: &mut Program,
    phones: &[Phone],
    hostile: usize,
    kinds: &[(&str, Attack)],
    time: Duration,
) -> Noticed {
    let (is_over, attempts) = (AtomicBool::new(false), AtomicU64::new(0));
    let address = program.address;
    std::thread::scope(|scope| {
        for n in 0..hostile {
            let (is_over, attempts) = (&is_over, &attempts);
            scope.spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    attempts.fetch_add(1, Ordering::Relaxed);
                    // What is refused or cut off is tried again.
                    let _ = kinds[n % kinds.len()].1(address, is_over);
                    sleep(AGAIN);
                }
            });
        }
        let end = Instant::now() + time;
        let good: Vec<_> = phones.iter().map(|phone| scope.spawn(move || use_it(address, phone, end))).collect();
        let mut times = Vec::new();
        let mut failures = 0;
        for client in good {
            let (own, failed) = client.join().expect("a good client");
            times.extend(own);
            failures += failed;
        }
        times.sort_unstable();
        let attempts = attempts.load(Ordering::Relaxed);
        let memory = memory(program);
        let (stop, is_clean) = stop(program);
        is_over.store(true, Ordering::Relaxed);
        Noticed { times, failures, attempts, memory, stop, is_clean }
    })
}

/// Pushes, pulls and opens pages in turn.
fn use_it(address: SocketAddr, phone: &Phone, end: Instant) -> (Vec<Duration>, u64) {
    let today = date::parse("2026-01-31").expect("a day");
    let pull = format!("/api/v1/sync/pull?association={}&after=0", phone.association);
    let (mut times, mut failures) = (Vec::new(), 0);
    let mut connection = None;
    for n in 0.. {
        if Instant::now() >= end {
            break;
        }
        let begun = Instant::now();
        let answered =
            connection.take().map_or_else(|| Connection::open(address), Ok).and_then(|mut open: Connection| {
                let answer = match n % 4 {
                    0 => {
                        let change = serde_json::to_value(phone.gathering(n, today)).expect("JSON");
                        open.post("/api/v1/sync/push", &phone.cookie, &phone.push_body(&[change], n / 4 + 1))
                    }
                    1 => open.get(&pull, &phone.cookie, "gzip"),
                    2 => open.get("/api/v1/me", &phone.cookie, ""),
                    _ => open.get("/", "", "gzip"),
                };
                answer.map(|answer| (open, answer.status))
            });
        times.push(begun.elapsed());
        match answered {
            Ok((open, 200)) => connection = Some(open),
            _ => failures += 1,
        }
        sleep(PAUSE);
    }
    (times, failures)
}

/// Resident memory at its highest, in MB, as Linux tells it.
fn memory(program: &Program) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1000.0
}

/// As a service manager stops it; a minute at most.
fn stop(program: &mut Program) -> (Duration, bool) {
    let begun = Instant::now();
    let told = Command::new("kill").args(["-TERM", &program.child.id().to_string()]).status();
    assert!(told.is_ok_and(|status| status.success()), "kill");
    while begun.elapsed() < Duration::from_secs(60) {
        if let Ok(Some(status)) = program.child.try_wait() {
            return (begun.elapsed(), status.success());
        }
        sleep(Duration::from_millis(10));
    }
    (begun.elapsed(), false)
}

pub type Attack = fn(SocketAddr, &AtomicBool) -> std::io::Result<()>;

/// What they do, by name.
pub const KINDS: [(&str, Attack); 10] = [
    ("silent", silent),
    ("slow-head", slow_head),
    ("slow-form", slow_form),
    ("slow-push", slow_push),
    ("huge-body", huge_body),
    ("huge-head", huge_head),
    ("malformed", malformed),
    ("endless-chunks", endless_chunks),
    ("never-reads", never_reads),
    ("forged", forged),
];

fn open(address: SocketAddr) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    stream.set_write_timeout(Some(Duration::from_secs(1)))?;
    Ok(stream)
}

/// Reads until the other side closes, or it is over.
fn wait_for_the_end(stream: &mut TcpStream, is_over: &AtomicBool) -> std::io::Result<()> {
    let mut buffer = [0; 4096];
    while !is_over.load(Ordering::Relaxed) {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Err(error) if !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break,
            _ => {}
        }
    }
    Ok(())
}

fn drip(mut stream: TcpStream, text: &[u8], is_over: &AtomicBool) -> std::io::Result<()> {
    for byte in text.iter().cycle() {
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        stream.write_all(&[*byte])?;
        sleep(DRIP);
    }
    Ok(())
}

fn silent(address: SocketAddr, is_over: &AtomicBool) -> std::io::Result<()> {
    wait_for_the_end(&mut open(address)?, is_over)
}

fn slow_head(address: SocketAddr, is_over: &AtomicBool) -> std::io::Result<()> {
    let mut stream = open(address)?;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n")?;
    drip(stream, b"x-slow: 1\r\n", is_over)
}

fn slow_form(address: SocketAddr, is_over: &AtomicBool) -> std::io::Result<()> {
    let mut stream = open(address)?;
    write!(
        stream,
        "POST /kirjaudu/demo HTTP/1.1\r\nhost: x\r\norigin: http://{address}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: 16000\r\n\r\n"
    )?;
    drip(stream, b"a", is_over)
}

fn slow_push(address: SocketAddr, is_over: &AtomicBool) -> std::io::Result<()> {
    let mut stream = open(address)?;
    write!(
        stream,
        "POST /api/v1/sync/push HTTP/1.1\r\nhost: x\r\nx-hytevihko: 1\r\ncookie: __Host-hytevihko={}\r\n\
         content-type: application/json\r\ncontent-length: 200000\r\n\r\n",
        "0".repeat(64)
    )?;
    drip(stream, b" ", is_over)
}

fn huge_body(address: SocketAddr, _: &AtomicBool) -> std::io::Result<()> {
    let mut stream = open(address)?;
    let length = 100_000_000;
    write!(
        stream,
        "POST /kirjaudu/demo HTTP/1.1\r\nhost: x\r\norigin: http://{address}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n"
    )?;
    let part = [b'a'; 64 * 1024];
    for _ in 0..length / part.len() {
        stream.write_all(&part)?;
    }
    Ok(())
}

fn huge_head(address: SocketAddr, _: &AtomicBool) -> std::io::Result<()> {
    static HEAD: LazyLock<String> =
        LazyLock::new(|| (0..10_000).map(|n| format!("x-{n}: {}\r\n", "a".repeat(200))).collect());
    let mut stream = open(address)?;
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n")?;
    stream.write_all(HEAD.as_bytes())
}

fn malformed(address: SocketAddr, is_over: &AtomicBool) -> std::io::Result<()> {
    const RUBBISH: [&[u8]; 8] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /\r\n\r\n",
        b"\0\0\0\0\0\0\0\0",
        b"GET / HTTP/1.1\r\nhost : x\r\n: \r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"POST /csp HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        b"GET /%ff%00%2e%2e/../../etc/passwd HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    ];
    for rubbish in RUBBISH {
        let mut stream = open(address)?;
        stream.write_all(rubbish)?;
        stream.shutdown(std::net::Shutdown::Write)?;
        wait_for_the_end(&mut stream, is_over)?;
    }
    Ok(())
}

fn endless_chunks(address: SocketAddr, is_over: &AtomicBool) -> std::io::Result<()> {
    let mut stream = open(address)?;
    write!(
        stream,
        "POST /csp HTTP/1.1\r\nhost: x\r\ncontent-type: application/csp-report\r\ntransfer-encoding: chunked\r\n\r\n"
    )?;
    drip(stream, b"1\r\na\r\n", is_over)
}

/// Asks for pages in one go, and reads none of them.
fn never_reads(address: SocketAddr, is_over: &AtomicBool) -> std::io::Result<()> {
    let mut stream = open(address)?;
    for _ in 0..200 {
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")?;
    }
    while !is_over.load(Ordering::Relaxed) {
        sleep(DRIP);
        stream.write_all(b"G")?;
    }
    Ok(())
}

fn forged(address: SocketAddr, is_over: &AtomicBool) -> std::io::Result<()> {
    let mut stream = open(address)?;
    write!(
        stream,
        "POST /kirjaudu/ulos HTTP/1.1\r\nhost: x\r\norigin: https://evil.example\r\nconnection: close\r\n\
         cookie: __Host-hytevihko={}; __Host-hytevihko-left=1\r\ncontent-length: 0\r\n\r\n",
        "0".repeat(64)
    )?;
    wait_for_the_end(&mut stream, is_over)
}

/// Associations whose reviewers are signed in, in a data folder where no server runs yet.
pub fn prepare(folder: &std::path::Path) -> Vec<Phone> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let server = town::open(folder).await;
        let mut phones: Vec<Phone> = (0..GOOD).map(|n| town::phone(n, town::MUNICIPALITY)).collect();
        for phone in &mut phones {
            town::found(&server, phone).await;
            phone.cookie = town::sign_in(&server, phone.user).await;
        }
        server.store.close().await;
        phones
    })
}
