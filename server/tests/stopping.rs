//! A server that is told to stop ends, whoever keeps it; and whoever was answered finds their records afterwards.
#![cfg(unix)]

#[path = "../examples/shared/http.rs"]
mod http;
#[path = "../examples/shared/program.rs"]
mod program;
#[path = "../examples/shared/town.rs"]
mod town;

use std::{
    io::Write,
    net::TcpStream,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use http::Connection;
use program::Program;
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_hytevihko");
/// What the issue allows.
const WITHIN: Duration = Duration::from_secs(15);

#[tokio::test]
async fn a_server_that_is_told_to_stop_ends_and_keeps_what_it_answered() {
    let data = tempfile::tempdir().expect("a folder");
    let mut phone = town::phone(0, town::MUNICIPALITY);
    let server = town::open(data.path()).await;
    town::found(&server, &phone).await;
    phone.cookie = town::sign_in(&server, phone.user).await;
    server.store.close().await;

    let mut program = Program::start(Path::new(PROGRAM), data.path());
    // Clients that never end their headers, or their bodies.
    let begun = format!(
        "POST /api/v1/sync/push HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n",
        program.address, phone.cookie
    );
    let slow = [begun.clone(), format!("{begun}\r\n{{")].map(|part| {
        let mut client = TcpStream::connect(program.address).expect("a connection");
        client.write_all(part.as_bytes()).expect("sent");
        client
    });
    let today = domain::date::parse("2026-01-31").expect("a day");
    let changes = [serde_json::to_value(phone.gathering(1, today)).expect("JSON")];
    let mut connection = Connection::open(program.address).expect("a connection");
    let answer = connection.post("/api/v1/sync/push", &phone.cookie, &phone.push_body(&changes, 1)).expect("an answer");
    assert_eq!(answer.status, 200);

    let began = Instant::now();
    let id = program.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().expect("a signal").success());
    while program.child.try_wait().expect("a child").is_none() {
        assert!(began.elapsed() < WITHIN, "it does not end");
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(slow);

    let program = Program::start(Path::new(PROGRAM), data.path());
    let mut connection = Connection::open(program.address).expect("a connection");
    let path = format!("/api/v1/sync/pull?association={}", phone.association);
    let page: Value =
        serde_json::from_slice(&connection.get(&path, &phone.cookie, "").expect("a page").body).expect("JSON");
    let is_there =
        page["records"].as_array().is_some_and(|all| all.iter().any(|one| one["id"] == changes[0]["record"]));
    assert!(is_there, "{page}");
}
