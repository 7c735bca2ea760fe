//! The log has what an operator needs, and nothing that a user wrote or is.
//!
//! A process of its own: what a line of the program is worth to the subscriber is decided once in a process, by whichever thread comes first.

mod support;

#[expect(dead_code, reason = "the other tests use the rest")]
mod api {
    pub mod described;
    pub mod post_office;
    pub mod world;
}

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::http::Method;
use serde_json::json;
use server::{http::routes::ROUTES, store::Act};
use tracing_subscriber::fmt::MakeWriter;

use self::{
    api::{
        post_office::{Manner, PostOffice},
        world::*,
    },
    support::{club, with},
};

/// What would have been printed.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().expect("whole").clone()).expect("text")
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("whole").extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Log;

    fn make_writer(&'a self) -> Log {
        self.clone()
    }
}

/// In every place where whoever asks can write something.
const MARK: &str = "merkki7q";

#[tokio::test]
async fn no_line_has_a_name_a_note_a_code_or_a_token() {
    let office = PostOffice::open().await;
    let world = World::new().await.with_mail_by(office.address);
    let address = format!("{MARK}@kuoro.example");
    let entry = world.server.entry(None, Act::EmailSet, None);
    assert!(world.server.store.set_mail_address(RAUHA, &address, entry).await.expect("an address"));
    let aino = world.sign_in(AINO).await;
    let rauha = world.sign_in(RAUHA).await;
    let log = Log::default();
    // Everything that any part of the program says, but the database driver's own statements, which have no values.
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(log.clone());
    let _captured = tracing::subscriber::set_default(subscriber.finish());

    let noted = with(club(14), json!({"note": MARK, "place": MARK}));
    world.push(&aino, &[new_gathering(noted)]).await;
    let marked = format!("/api/v1/sync/pull?association={CHOIR}&epoch={MARK}&{MARK}={MARK}");
    assert_eq!(world.get(&marked, Some(&aino)).await.status, 200);
    for path in [format!("/{MARK}"), format!("/app/{MARK}?x={MARK}"), format!("/pkg/{MARK}"), format!("/kieli/{MARK}")]
    {
        world.get(&path, Some(&aino)).await;
    }
    let cookie = format!("{}; {MARK}={MARK}; kieli={MARK}", aino.cookie());
    let headers = [("cookie", cookie.as_str()), ("user-agent", MARK), ("referer", MARK), ("x-forwarded-for", MARK)];
    world.send(Method::GET, "/api/v1/me", &headers, Vec::new()).await;
    world.send(Method::from_bytes(MARK.as_bytes()).expect("a method"), "/", &[], Vec::new()).await;
    let form = [("content-type", "application/x-www-form-urlencoded")];
    world.send(Method::POST, "/kirjaudu/demo", &form, format!("who={MARK}").into_bytes()).await;
    world.send(Method::POST, "/kirjaudu/ulos", &[("cookie", aino.cookie())], Vec::new()).await;
    world.send(Method::POST, "/csp", &[("content-type", "application/csp-report")], MARK.into()).await;
    world.post_push(Some(&aino), &[("origin", MARK)], Vec::new()).await;
    // A mail server that says in its refusal whom it refuses, and a code that is wrong.
    office.set(Manner::Later);
    world.send(Method::POST, "/kirjaudu/sahkoposti", &form, format!("osoite={address}").into_bytes()).await;
    let mail = world.server.mail.clone().expect("a mail server");
    while mail.failed_ms().is_none() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    world.send(Method::POST, "/kirjaudu/koodi", &form, format!("koodi={MARK}").into_bytes()).await;

    // A token for a program: made, used, and wrong.
    let wanted = json!({"association": CHOIR, "name": MARK, "scope": "gatherings"});
    let made = world.post(Some(&rauha), "/api/v1/tokens", bytes(&wanted)).await.json();
    let opens = made["token"].as_str().expect("a token");
    let here = format!("/api/v1/associations/{CHOIR}/gatherings");
    for said in [opens, MARK] {
        let bearer = format!("Bearer {said}");
        world.send(Method::GET, &here, &[("authorization", &bearer)], Vec::new()).await;
    }

    let text = log.text();
    assert!(!text.contains(opens), "a token is in the log:\n{text}");
    let token = aino.cookie().split_once('=').expect("a cookie").1;
    let ids = [CHOIR.to_string(), AINO.to_string(), MONDAYS.to_string()];
    for private in [MARK, token, "Aino-7X", "Maanantaikerho"].into_iter().chain(ids.iter().map(String::as_str)) {
        assert!(!text.contains(private), "{private} is in the log:\n{text}");
    }
    let lines: Vec<&str> = text.lines().filter(|line| line.contains(" request: ")).collect();
    assert!(text.contains("the mail server refuses with the code 450"), "{text}");
    assert_eq!(lines.len(), 17, "one line a request:\n{text}");
    for line in &lines {
        let route = line.split("route=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a route");
        assert!(route == "-" || ROUTES.iter().any(|listed| listed.path == route), "{line}");
    }
    let push = lines.iter().find(|line| line.contains("route=\"/api/v1/sync/push\"")).expect("the push");
    assert!(push.contains("method=\"POST\"") && push.contains("status=200 ms=") && push.contains(" bytes="), "{push}");
}
