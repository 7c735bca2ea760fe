//! A small municipality with two associations, and people who are signed in.

use std::{net::SocketAddr, path::Path, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{Area, AssociationId, Kind, RecordId, Role, UserId, permission::people::Class};
use serde_json::{Value, json};
use server::{
    Server,
    clock::Clock,
    http::{client_address::TrustedProxies, route::Route, router::router},
    identity::{
        mail_code::{self, MailCodes},
        oidc::{OpenId, Settings},
        sign_in::{self, NewSignIn},
    },
    mail::{self, Mailer, SmtpServer},
    push::{Push, service::Services},
    reports::releases,
    store::{Act, AuditEntry, Way, sqlite::SqliteStore},
};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;
use tower::ServiceExt;

use super::described::{PROBLEM, hold_against_description};
use crate::support::{NOW_MS, Scribe, change};

/// Whose home is the municipality of [`crate::support::club`]; Rauha reviews, Aino and Berit volunteer.
pub const CHOIR: AssociationId = AssociationId::from_bytes([0xc1; 16]);
/// Another association of the same municipality; Rauha reviews here too, Cecilia volunteers.
pub const SCOUTS: AssociationId = AssociationId::from_bytes([0xc2; 16]);
pub const RAUHA: UserId = UserId::from_bytes([0xe0; 16]);
pub const AINO: UserId = UserId::from_bytes([0xe1; 16]);
pub const BERIT: UserId = UserId::from_bytes([0xe2; 16]);
pub const CECILIA: UserId = UserId::from_bytes([0xe3; 16]);
pub const COORDINATOR: UserId = UserId::from_bytes([0xe9; 16]);
/// The choir's series, an ordinary club.
pub const MONDAYS: RecordId = RecordId::from_bytes([0xf1; 16]);

pub const NICKNAMES: [(UserId, &str); 4] =
    [(RAUHA, "Rauha-9Z"), (AINO, "Aino-7X"), (BERIT, "Berit-8Y"), (CECILIA, "Cecilia-6W")];

/// Noon of the tests' day.
pub const NOON: &str = "2026-11-21T10:00:00Z";

/// A server over a database file. Another one can be started on the same file, at another time.
pub struct World {
    pub server: Server,
    pub router: Router,
    folder: Arc<TempDir>,
}

/// A sign-in.
pub struct Person {
    pub user: UserId,
    cookie: String,
}

impl Person {
    /// Whoever an answer has signed in.
    pub fn of(user: UserId, answer: &Answer) -> Person {
        let cookie = answer.headers["set-cookie"].to_str().expect("text");
        Person::with_cookie(user, cookie)
    }

    /// Whoever a `Set-Cookie` header signs in.
    pub fn with_cookie(user: UserId, header: &str) -> Person {
        Person { user, cookie: header.split(';').next().unwrap_or_default().to_owned() }
    }

    pub fn cookie(&self) -> &str {
        &self.cookie
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }

    /// The stable code of an answer that failed with this status.
    pub fn code_of(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        let problem = self.json();
        let names: Vec<_> = problem.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default();
        // The end of a sign-in says besides whose it was, and nothing else does.
        let (envelope, more) = names.split_at(PROBLEM.len().min(names.len()));
        assert_eq!(envelope, PROBLEM, "the envelope of every answer that fails");
        let is_named = problem["code"] == "sign-in-ended";
        assert_eq!(more, if is_named { vec!["user"] } else { Vec::new() });
        assert!(problem["message"].as_str().is_some_and(|message| !message.is_empty()));
        problem["code"].as_str().expect("a code").to_owned()
    }
}

impl World {
    /// The municipality at noon of the tests' day.
    pub async fn new() -> World {
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let world = World::start(folder, NOON).await;
        world.fill().await;
        // As at every start.
        releases::release_due(&world.server).await.expect("releases");
        world
    }

    /// As this server is after a restore at noon: the same association and the same key, without what was received, in another epoch.
    pub async fn restored(&self) -> World {
        let after = World::new().await;
        let key = self.server.store.seal_key().await.expect("a key");
        let mut connection = after.connection().await;
        for (name, value) in [("seal_key", key), ("restored_at", NOW_MS.to_string())] {
            sqlx::query(
                "insert into meta (name, value) values ($1, $2) on conflict do update set value = excluded.value",
            )
            .bind(name)
            .bind(value)
            .execute(&mut connection)
            .await
            .expect("as a restore leaves it");
        }
        after.at(NOON).await
    }

    /// Another server on the same file, whose clock starts at `moment`.
    pub async fn at(&self, moment: &str) -> World {
        World::start(self.folder.clone(), moment).await
    }

    /// The same server, with the same secret, when its clock says `moment`.
    pub fn later(&self, moment: &str) -> World {
        let clock = Clock::new(Some(moment.parse().expect("a moment"))).expect("a clock");
        self.changed(|server| server.clock = clock)
    }

    /// Does to the database what no program of ours does.
    pub async fn damage(&self, sql: &'static str) {
        sqlx::query(sql).execute(&mut self.connection().await).await.expect("damaged");
    }

    /// What a statement that counts something says.
    pub async fn one_number(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&mut self.connection().await).await.expect("a number")
    }

    /// Takes the database's only place for writing, until the connection is dropped.
    pub async fn hold_the_writer(&self) -> SqliteConnection {
        let mut connection = self.connection().await;
        sqlx::query("begin immediate").execute(&mut connection).await.expect("begun");
        connection
    }

    async fn connection(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("test.db"));
        SqliteConnection::connect_with(&options).await.expect("a connection")
    }

    /// A server without anything in it.
    pub async fn empty() -> World {
        World::start(Arc::new(tempfile::tempdir().expect("a folder")), NOON).await
    }

    async fn start(folder: Arc<TempDir>, moment: &str) -> World {
        let file = Path::join(folder.path(), "test.db");
        let store = SqliteStore::open(&file).await.expect("a database");
        let clock = Clock::new(Some(moment.parse().expect("a moment"))).expect("a clock");
        let server = Server::new(Arc::new(store), clock, true).await.expect("a server");
        World { router: router(server.clone()), server, folder }
    }

    async fn fill(&self) {
        let store = &self.server.store;
        for (association, name) in [(CHOIR, "Kuoro ry"), (SCOUTS, "Partio ry")] {
            let own = RecordId::new(association.uuid());
            // Most tests have two volunteers at one gathering.
            let content = json!({"name": name, "home": "755", "volunteers_change_others": association == CHOIR});
            let taken = Scribe::new(association, RAUHA, Role::Reviewer)
                .take(&**store, &[change(Kind::Association, own, 0, content)])
                .await;
            let said = (taken.loaded.seq, taken.results[0].rev, taken.writes.seq);
            assert_eq!(said, (0, 1, 1), "the first record of a new association");
        }
        let mondays = json!({"name": "Maanantaikerho", "form": "kerho", "municipality": "755"});
        Scribe::new(CHOIR, RAUHA, Role::Reviewer).take(&**store, &[change(Kind::Series, MONDAYS, 0, mondays)]).await;
        for (user, nickname) in NICKNAMES {
            store.add_person(user, nickname).await.expect("a person");
        }
        for (association, user, role) in [
            (CHOIR, RAUHA, Role::Reviewer),
            (CHOIR, AINO, Role::Volunteer),
            (CHOIR, BERIT, Role::Volunteer),
            (SCOUTS, RAUHA, Role::Reviewer),
            (SCOUTS, CECILIA, Role::Volunteer),
        ] {
            store.add_member(association, user, role).await.expect("a member");
        }
        store.add_person(COORDINATOR, "Koordinaattori").await.expect("a person");
        let area = Area::parse("municipality", "755").expect("an area");
        store.add_coordinator(COORDINATOR, area).await.expect("a coordinator");
    }

    /// From now on the choir does not let its volunteers change what others recorded, as an association that has said nothing.
    pub async fn forbid_changing_others(&self) {
        let rauha = self.sign_in(RAUHA).await;
        let own = json!({"change": new_change(), "record": RecordId::new(CHOIR.uuid()), "kind": "association",
                         "base": 1, "content": {"volunteers_change_others": null}});
        assert_eq!(self.push(&rauha, &[own]).await[0]["outcome"], "stored");
    }

    pub async fn sign_in(&self, user: UserId) -> Person {
        self.sign_in_by(user, Way::Invitation).await
    }

    pub async fn sign_in_by(&self, user: UserId, way: Way) -> Person {
        self.signed_in(NewSignIn { user, way, is_own_device: true }).await
    }

    /// By a passkey, on a computer that others use too.
    pub async fn sign_in_on_a_shared_computer(&self, user: UserId) -> Person {
        self.signed_in(NewSignIn { user, way: Way::Passkey, is_own_device: false }).await
    }

    async fn signed_in(&self, new: NewSignIn) -> Person {
        let cookies = sign_in::sign_in(&self.server, &HeaderMap::new(), new).await.expect("a sign-in");
        let cookie = cookies[0].split(';').next().unwrap_or_default().to_owned();
        Person { user: new.user, cookie }
    }

    /// A sign-in by which a person is no more than a volunteer, whatever else they are.
    pub async fn sign_in_as_volunteer(&self, user: UserId) -> Person {
        let headers = HeaderMap::new();
        let made = sign_in::prepare(&self.server, &headers, user, Way::Invitation, Class::Volunteer);
        self.server.store.add_sign_in(&made.token_hash, made.sign_in, None, None).await.expect("a sign-in");
        let cookie = made.cookies[0].split(';').next().unwrap_or_default().to_owned();
        Person { user, cookie }
    }

    /// Somebody new who is a reviewer of this association and nothing else.
    pub async fn a_reviewer_of(&self, association: AssociationId) -> Person {
        let user = UserId::new(uuid::Uuid::new_v4());
        self.server.store.add_person(user, "Toinen hyväksyjä").await.expect("a person");
        self.server.store.add_member(association, user, Role::Reviewer).await.expect("a member");
        self.sign_in(user).await
    }

    /// Somebody new who coordinates these areas; `byte` makes their id.
    pub async fn a_coordinator_of(&self, areas: &[Area], byte: u8) -> Person {
        let user = UserId::from_bytes([byte; 16]);
        self.server.store.add_person(user, "Toinen koordinaattori").await.expect("a person");
        for area in areas {
            self.server.store.add_coordinator(user, *area).await.expect("a coordinator");
        }
        self.sign_in(user).await
    }

    pub async fn an_operator(&self) -> Person {
        let user = UserId::new(uuid::Uuid::new_v4());
        self.server.store.add_person(user, "Ylläpitäjä").await.expect("a person");
        self.server.store.add_operator(user).await.expect("an operator");
        self.sign_in(user).await
    }

    /// Somebody whose membership has ended, with the sign-in that they had.
    pub async fn somebody_removed_from(&self, association: AssociationId) -> Person {
        let user = UserId::new(uuid::Uuid::new_v4());
        self.server.store.add_person(user, "Entinen").await.expect("a person");
        self.server.store.add_member(association, user, Role::Volunteer).await.expect("a member");
        let person = self.sign_in(user).await;
        let (at_ms, subject) = (self.server.clock.now_ms(), Some(user.uuid()));
        let entry = AuditEntry { at_ms, actor: None, association: Some(association), act: Act::MemberRemoved, subject };
        assert!(self.server.store.end_membership(association, user, entry).await.expect("removed"));
        person
    }

    /// The same server without its demo.
    pub fn without_demo(&self) -> World {
        self.changed(|server| server.demo = false)
    }

    /// The same server with the key of another, as after a restart.
    pub fn with_secret_of(&self, other: &World) -> World {
        self.changed(|server| server.secret = other.server.secret.clone())
    }

    /// The same server, which takes the local machine's word about a client's address.
    pub fn behind_a_proxy(&self) -> World {
        self.changed(|server| {
            server.proxies = Arc::new(TrustedProxies(vec!["127.0.0.1".parse().expect("an address")]));
        })
    }

    fn changed(&self, change: impl FnOnce(&mut Server)) -> World {
        let mut server = self.server.clone();
        change(&mut server);
        World { router: router(server.clone()), server, folder: self.folder.clone() }
    }

    /// The same server, reached at an origin.
    pub fn reached_at(&self, origin: &str) -> World {
        self.changed(|server| server.origin = Arc::new(origin.parse().expect("an origin")))
    }

    /// The same server, with a provider of accounts that nobody can reach.
    pub fn with_a_provider(&self) -> World {
        let settings = Settings {
            issuer: "http://127.0.0.1:1".to_owned(),
            client_id: "hytevihko".to_owned(),
            client_secret: None,
            claim: "groups".to_owned(),
            map: vec![("hyte".to_owned(), Area::Nation)],
            scopes: Vec::new(),
            name: "Kunnan tunnukset".to_owned(),
        };
        self.changed(|server| server.oidc = Some(Arc::new(OpenId::new(settings).expect("a provider"))))
    }

    /// The same server, which sends letters by a mail server on this machine.
    pub fn with_mail_by(&self, address: SocketAddr) -> World {
        let settings = mail::Settings {
            server: SmtpServer::parse(&format!("smtp://{address}")).expect("a mail server"),
            login: None,
            from: "Hytevihko <hytevihko@kunta.example>".parse().expect("an address"),
        };
        let mailer = Mailer::new(settings).expect("a mailer");
        let world = self.changed(|server| server.mail = Some(Arc::new(MailCodes::new(mailer))));
        assert!(mail_code::start(&world.server).is_some());
        world
    }

    /// The same server, which also sends to browsers by a push service on this machine.
    pub fn with_push_by(&self, address: SocketAddr) -> World {
        let services = Services::with(vec![address.to_string()]);
        self.changed(|server| server.push = Push::new(&server.secret, services).map(Arc::new))
    }

    /// Sends a request as a page of ours does, but for the headers that are given otherwise, and holds the answer against the description.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let origin = self.server.origin.to_string();
        let mut headers = headers.to_vec();
        if method == Method::POST {
            for (name, value) in [("origin", origin.as_str()), ("sec-fetch-site", "same-origin"), ("x-hytevihko", "1")]
            {
                // A form has no header of ours.
                let is_form = headers.contains(&("content-type", "application/x-www-form-urlencoded"));
                let is_sent = !(is_form && name == "x-hytevihko");
                if is_sent && !headers.iter().any(|(given, _)| *given == name) {
                    headers.push((name, value));
                }
            }
        }
        self.send_as_it_is(method, path, &headers, body).await
    }

    /// Sends a request with these headers and no others, and holds the answer against the description.
    pub async fn send_as_it_is(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut request = Request::builder().method(method.clone()).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        let body = match parts.headers.get(header::CONTENT_ENCODING) {
            Some(coding) if coding == "gzip" => {
                std::io::read_to_string(flate2::read::GzDecoder::new(&*body)).expect("whole")
            }
            // A file that is no text, in base64.
            _ => String::from_utf8(body.to_vec()).unwrap_or_else(|file| STANDARD.encode(file.as_bytes())),
        };
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        hold_against_description(&method, path, &answer);
        answer
    }

    pub async fn get(&self, path: &str, person: Option<&Person>) -> Answer {
        let cookie = person.map(|person| (header::COOKIE.as_str(), person.cookie.as_str()));
        self.send(Method::GET, path, cookie.as_slice(), Vec::new()).await
    }

    /// The same in a language.
    pub async fn get_in(&self, language: &str, path: &str, person: Option<&Person>) -> Answer {
        let mut headers = vec![("accept-language", language)];
        headers.extend(person.map(|person| ("cookie", person.cookie.as_str())));
        self.send(Method::GET, path, &headers, Vec::new()).await
    }

    /// A push as it travels, so that a test can damage it.
    pub async fn post_push(&self, person: Option<&Person>, more: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let mut headers: Vec<(&str, &str)> = more.to_vec();
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            headers.push(("content-type", "application/json"));
        }
        if let Some(person) = person {
            headers.push(("cookie", &person.cookie));
        }
        self.send(Method::POST, "/api/v1/sync/push", &headers, body).await
    }

    /// Begins a push whose body never comes, until the task is aborted.
    pub fn begin_push(&self, person: &Person) -> tokio::task::JoinHandle<()> {
        struct Never;
        impl axum::body::HttpBody for Never {
            type Data = axum::body::Bytes;
            type Error = std::convert::Infallible;

            fn poll_frame(
                self: std::pin::Pin<&mut Self>,
                _: &mut std::task::Context<'_>,
            ) -> std::task::Poll<Option<Result<hyper::body::Frame<Self::Data>, Self::Error>>> {
                std::task::Poll::Pending
            }
        }
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/sync/push")
            .header("content-type", "application/json")
            .header("cookie", &person.cookie)
            .header("origin", self.server.origin.to_string())
            .header("sec-fetch-site", "same-origin")
            .body(Body::new(Never))
            .expect("a request");
        let router = self.router.clone();
        tokio::spawn(async move {
            let _ = router.oneshot(request).await;
        })
    }

    /// The same with a cookie beside the sign-in's.
    pub async fn get_with_cookie(&self, path: &str, person: &Person, cookie: &str) -> Answer {
        let cookies = format!("{}; {cookie}", person.cookie);
        self.send(Method::GET, path, &[("cookie", &cookies)], Vec::new()).await
    }

    pub async fn post(&self, person: Option<&Person>, path: &str, body: Vec<u8>) -> Answer {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(person.map(|person| ("cookie", person.cookie.as_str())));
        self.send(Method::POST, path, &headers, body).await
    }

    /// A form of a page.
    pub async fn form(&self, person: Option<&Person>, path: &str, body: &str) -> Answer {
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
        headers.extend(person.map(|person| ("cookie", person.cookie.as_str())));
        self.send(Method::POST, path, &headers, body.as_bytes().to_vec()).await
    }

    /// A push of the choir that has to be answered with results.
    pub async fn push(&self, person: &Person, changes: &[Value]) -> Vec<Value> {
        self.push_to(CHOIR, person, changes).await
    }

    pub async fn push_to(&self, association: AssociationId, person: &Person, changes: &[Value]) -> Vec<Value> {
        let answer = self.post_push(Some(person), &[], bytes(&push_body(person, association, changes))).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let results = answer.json()["results"].as_array().cloned().expect("results");
        assert_eq!(results.len(), changes.len(), "one result a change");
        results
    }

    /// Everything that a person pulls of an association, from the start.
    pub async fn pull(&self, person: &Person, association: AssociationId) -> Vec<Value> {
        let path = format!("/api/v1/sync/pull?association={association}");
        let answer = self.get(&path, Some(person)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["records"].as_array().cloned().expect("records")
    }

    /// What the choir's reviewer holds of one kind.
    pub async fn records(&self, kind: &str) -> Vec<Value> {
        let rauha = self.sign_in(RAUHA).await;
        let mut all = self.pull(&rauha, CHOIR).await;
        all.retain(|record| record["kind"] == kind);
        all
    }
}

/// The outcomes of several requests at once, in their order.
pub async fn all<T>(asked: impl IntoIterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut asked: Vec<_> = asked.into_iter().map(|one| (Box::pin(one), None)).collect();
    std::future::poll_fn(|cx| {
        for (one, outcome) in &mut asked {
            if outcome.is_none()
                && let std::task::Poll::Ready(ready) = one.as_mut().poll(cx)
            {
                *outcome = Some(ready);
            }
        }
        match asked.iter().all(|(_, outcome)| outcome.is_some()) {
            true => std::task::Poll::Ready(()),
            false => std::task::Poll::Pending,
        }
    })
    .await;
    asked.into_iter().filter_map(|(_, outcome)| outcome).collect()
}

/// An address of a route.
pub fn path_of(route: &Route) -> String {
    let path = route.path.replace("{lang}", "sv").replace("{*path}", "x").replace("{file}", "x.js");
    // Of an association that has not made its page public.
    path.replace("{id}", &SCOUTS.to_string()).replace("{association}", "x")
}

pub fn bytes(body: &Value) -> Vec<u8> {
    body.to_string().into_bytes()
}

pub fn push_body(person: &Person, association: AssociationId, changes: &[Value]) -> Value {
    json!({"magic": "hytevihko-push-1", "user": person.user, "association": association,
           "device": "0190f3a0-0000-7000-8000-00000000d001", "schema": 1, "epoch": "", "counter": changes.len(),
           "waiting": changes.len(), "changes": changes})
}

pub fn pull_body(person: &Person, association: AssociationId) -> Value {
    json!({"magic": "hytevihko-pull-1", "user": person.user, "association": association,
           "device": "0190f3a0-0000-7000-8000-00000000d001", "schema": 1, "after": 0, "epoch": ""})
}

/// A change as it travels.
pub fn sent(change: domain::ChangeId, record: RecordId, base: u32, content: Value) -> Value {
    json!({"change": change, "record": record, "kind": "gathering", "base": base, "content": content, "made_at": 1})
}

/// A new gathering, with a change id of its own.
pub fn new_gathering(content: Value) -> Value {
    edit_of(crate::support::new_record(), 0, content)
}

pub fn edit_of(record: RecordId, base: u32, content: Value) -> Value {
    sent(new_change(), record, base, content)
}

pub fn deletion_of(record: RecordId, base: u32) -> Value {
    json!({"change": new_change(), "record": record, "kind": "gathering", "base": base, "deleted": true})
}

pub fn new_change() -> domain::ChangeId {
    domain::ChangeId::new(uuid::Uuid::new_v4())
}
