//! `hytevihko admin` and `hytevihko check`, run as whoever operates the server runs them, beside a running server and without one.

#[path = "../examples/shared/http.rs"]
mod http;

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::Arc,
};

use axum::http::HeaderMap;
use domain::{AssociationId, Role, UserId};
use http::Connection;
use serde_json::{Value, json};
use server::{
    Server,
    clock::Clock,
    identity::sign_in::{self, NewSignIn},
    store::{Act, PasskeyRow, Way, sqlite::SqliteStore},
};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;
use uuid::Uuid;

const PROGRAM: &str = env!("CARGO_BIN_EXE_hytevihko");
const VILLAGE: AssociationId = AssociationId::from_bytes([0xa7; 16]);
const REVIEWER: UserId = UserId::from_bytes([0xb7; 16]);

/// A running server, killed when the value is dropped.
struct Program {
    child: Child,
    address: SocketAddr,
    /// What it printed before it was ready.
    said: String,
}

impl Program {
    fn start(data: &Path) -> Program {
        Program::start_with(data, &[])
    }

    fn start_with(data: &Path, options: &[&str]) -> Program {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(options)
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut lines = BufReader::new(child.stdout.take().expect("the output is piped")).lines().map_while(Result::ok);
        let mut said = String::new();
        let address = lines.by_ref().find_map(|line| {
            said.push_str(&line);
            said.push('\n');
            line.strip_prefix("Hytevihko is ready on http://")?.parse().ok()
        });
        // Whoever prints into a full pipe stands still.
        std::thread::spawn(move || lines.for_each(drop));
        Program { child, address: address.unwrap_or_else(|| panic!("it does not start: {said}")), said }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // An error here means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn hytevihko(words: &str, data: &Path) -> Output {
    Command::new(PROGRAM).args(words.split(' ')).arg("--data").arg(data).output().expect("the program runs")
}

/// What a command that has to succeed prints.
fn said(words: &str, data: &Path) -> String {
    let output = hytevihko(words, data);
    assert!(output.status.success(), "{words}: {output:?}");
    String::from_utf8(output.stdout).expect("text")
}

/// What a command that has to fail says.
fn refused(words: &str, data: &Path) -> String {
    let output = hytevihko(words, data);
    assert_eq!(output.status.code(), Some(1), "{words}: {output:?}");
    String::from_utf8(output.stderr).expect("text")
}

/// The rest of the line that begins so.
fn line<'a>(text: &'a str, begins: &str) -> &'a str {
    let found = text.lines().find_map(|line| line.trim_start().strip_prefix(begins));
    found.unwrap_or_else(|| panic!("no {begins} in {text}")).trim()
}

fn token(text: &str) -> &str {
    line(text, "link:").split_once('#').expect("a fragment").1
}

fn json(answer: &http::Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

fn ask(program: &Program, path: &str, cookie: &str, body: &Value) -> http::Answer {
    let mut connection = Connection::open(program.address).expect("a connection");
    connection.post(path, cookie, &serde_json::to_vec(body).expect("JSON")).expect("an answer")
}

fn look(program: &Program, token: &str) -> http::Answer {
    ask(program, "/api/v1/invitations/look", "", &json!({"token": token}))
}

/// Accepts an invitation as somebody new; the `Cookie` header.
fn accept(program: &Program, token: &str) -> Result<String, u16> {
    let body = json!({"token": token, "nickname": "Ylva", "as": "new"});
    let answer = ask(program, "/api/v1/invitations/accept", "", &body);
    let cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value);
    let cookie = cookies.filter_map(|value| value.split(';').next()).find(|one| one.starts_with("__Host-hytevihko="));
    cookie.map(str::to_owned).ok_or(answer.status)
}

fn page(program: &Program, path: &str, cookie: &str) -> u16 {
    Connection::open(program.address).expect("a connection").get(path, cookie, "").expect("an answer").status
}

/// A data folder with one association, and the cookie of its reviewer.
async fn village() -> (TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = SqliteStore::open(&folder.path().join("hytevihko.db")).await.expect("a database");
    let server = Server::new(Arc::new(store), Clock::new(None).expect("a clock"), false).await.expect("a server");
    let found = "insert into association (id, name, home) values (x'a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7', 'Kyläyhdistys ry', '755')";
    sqlx::query(found).execute(&mut database(folder.path()).await).await.expect("an association");
    server.store.add_person(REVIEWER, "Sihteeri").await.expect("a person");
    server.store.add_member(VILLAGE, REVIEWER, Role::Reviewer).await.expect("a member");
    let new = NewSignIn { user: REVIEWER, way: Way::Invitation, is_own_device: true };
    let cookies = sign_in::sign_in(&server, &HeaderMap::new(), new).await.expect("a sign-in");
    let cookie = cookies[0].split(';').next().expect("a cookie").to_owned();
    server.store.close().await;
    (folder, cookie)
}

async fn database(data: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(data.join("hytevihko.db"));
    SqliteConnection::connect_with(&options).await.expect("a database")
}

/// The id of whoever is in a list under this name.
fn id_of(list: &str, name: &str) -> String {
    let row = list.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("no {name} in {list}"));
    row.split_whitespace().find(|word| UserId::parse(word).is_some()).expect("an id").to_owned()
}

#[test]
fn the_help_says_every_command_and_shows_examples() {
    let help = |words: &[&str]| {
        let output = Command::new(PROGRAM).args(words).arg("--help").output().expect("the program runs");
        String::from_utf8(output.stdout).expect("text")
    };
    let all: [(&[&str], &[&str]); 7] = [
        (&[], &["serve", "backup", "restore", "admin", "check"]),
        (&["admin"], &["invite", "list", "end", "move-role", "set", "unset", "show", "audit"]),
        (&["admin", "invite"], &["operator", "coordinator", "association", "reviewer"]),
        (&["admin", "list"], &["operators", "coordinators", "associations", "invitations", "sign-ins", "members"]),
        (&["admin", "end"], &["coordinator", "operator", "sign-in", "invitation", "membership"]),
        (&["admin", "set"], &["origin", "operator-name", "operator-contact"]),
        (&["admin", "audit"], &["verify", "show"]),
    ];
    for (command, words) in all {
        let help = help(command);
        for word in words {
            assert!(
                help.contains(&format!("  {word}")) || help.contains(&format!("- {word}")),
                "{command:?} {word}: {help}"
            );
        }
        assert!(command.is_empty() || help.contains("Example"), "{command:?}: {help}");
    }
    assert!(help(&["check"]).contains("Example"));
}

#[tokio::test]
async fn the_first_start_prints_a_link_that_lets_one_operator_in() {
    let data = tempfile::tempdir().expect("a folder");
    let first = Program::start(data.path());
    let old = token(&first.said).to_owned();
    assert_eq!(first.said.matches(&old).count(), 1, "once");
    assert_eq!(json(&look(&first, &old))["kind"], "operator");
    drop(first);
    // Nobody has come in: the next start makes another one.
    let second = Program::start(data.path());
    let new = token(&second.said).to_owned();
    assert_eq!(json(&look(&second, &old))["code"], "invitation-revoked");
    let cookie = accept(&second, &new).expect("signed in");
    assert_eq!(page(&second, "/yllapito", &cookie), 200);
    assert_eq!(accept(&second, &new), Err(410), "it opens once");
    drop(second);
    let third = Program::start(data.path());
    assert!(!third.said.contains("link:"), "{}", third.said);
    assert_eq!(page(&third, "/yllapito", &cookie), 200);
    assert!(said("admin audit verify", data.path()).contains("The log is whole."));
}

#[tokio::test]
async fn the_link_is_in_no_log() {
    let data = tempfile::tempdir().expect("a folder");
    let mut child = Command::new(PROGRAM)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data.path())
        .env("RUST_LOG", "trace")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    std::thread::sleep(std::time::Duration::from_secs(2));
    let _ = child.kill();
    let output = child.wait_with_output().expect("an end");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let token = token(&text);
    let lines: Vec<_> = text.lines().filter(|line| line.contains(token)).collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].trim_start().starts_with("link:"));
    let code = line(&text, "code:").split(' ').next().expect("a code");
    assert_eq!(text.matches(code).count(), 1);
}

#[tokio::test]
async fn a_running_server_sees_at_once_whom_a_command_invites_and_ends() {
    let (data, reviewer) = village().await;
    let data = data.path();
    let program = Program::start(data);

    let invited = said("admin invite coordinator --area municipality:Siuntio", data);
    assert!(line(&invited, "link:").starts_with(&format!("http://{}/app/kutsu#", program.address)), "{invited}");
    assert!(said("admin list invitations", data).contains("coordinator municipality:755 Siuntio"));
    let coordinator = accept(&program, token(&invited)).expect("signed in");
    assert_eq!(page(&program, "/kunta", &coordinator), 200);
    assert!(!said("admin list invitations", data).contains("coordinator"), "it is used up");

    let operator = accept(&program, token(&said("admin invite operator", data))).expect("signed in");
    let another = accept(&program, token(&said("admin invite operator", data))).expect("signed in");
    assert_eq!((page(&program, "/yllapito", &operator), page(&program, "/yllapito", &another)), (200, 200));

    // A role is moved by inviting the other first.
    let person = id_of(&said("admin list coordinators", data), "Siuntio");
    let moved = said(&format!("admin move-role {person}"), data);
    assert!(accept(&program, token(&moved)).is_ok());
    assert_eq!(page(&program, "/kunta", &coordinator), 200, "nothing was taken yet");
    let ends = moved.lines().find_map(|line| line.trim().strip_prefix("hytevihko ")).expect("a command to run");
    said(ends, data);
    assert_eq!(page(&program, "/kunta", &coordinator), 403);
    assert!(refused(ends, data).contains("admin list coordinators"));

    // Operators, but for the last one.
    let operators = said("admin list operators", data);
    let ids: Vec<&str> = operators.split_whitespace().filter(|word| UserId::parse(word).is_some()).collect();
    said(&format!("admin end operator {}", ids[0]), data);
    assert!(refused(&format!("admin end operator {}", ids[1]), data).contains("invite operator"));
    let left = [&operator, &another].map(|cookie| page(&program, "/yllapito", cookie));
    assert!(left.contains(&200) && left.contains(&403), "{left:?}");

    // A phone that was lost.
    assert_eq!(page(&program, "/api/v1/me", &reviewer), 200);
    let sign_ins = said("admin list sign-ins", data);
    said(&format!("admin end sign-in {}", id_of(&sign_ins, "Sihteeri")), data);
    assert_eq!(page(&program, "/api/v1/me", &reviewer), 401);

    // An invitation, whoever made it.
    let invited = said("admin invite association", data);
    said(&format!("admin end invitation {}", line(&invited, "id:")), data);
    assert_eq!(json(&look(&program, token(&invited)))["code"], "invitation-revoked");
    assert!(said("admin audit verify", data).contains("The log is whole."));
    let log = said("admin audit show", data);
    for act in ["invited", "joined", "coordinator-ended", "operator-ended", "sign-in-ended", "invitation-revoked"] {
        assert!(log.contains(act), "{act}: {log}");
    }
}

#[tokio::test]
async fn an_association_that_lost_its_last_reviewer_is_given_another() {
    let (data, reviewer) = village().await;
    let data = data.path();
    let program = Program::start(data);
    let listed = said("admin list associations", data);
    assert_eq!(id_of(&listed, "Kyläyhdistys ry"), VILLAGE.to_string());
    let (association, first) = (VILLAGE, REVIEWER);
    let end = format!("admin end membership {association} {first}");
    assert!(refused(&end, data).contains("invite reviewer"));
    let invited = said(&format!("admin invite reviewer --association {association}"), data);
    let cookie = accept(&program, token(&invited)).expect("signed in");
    let members = said(&format!("admin list members --association {association}"), data);
    assert!(members.contains("Sihteeri") && members.contains("Ylva"), "{members}");
    said(&end, data);
    let devices = format!("/api/v1/devices?association={association}");
    assert_eq!((page(&program, &devices, &cookie), page(&program, &devices, &reviewer)), (200, 403));
    // The association's own log tells it.
    let log = said(&format!("admin audit show --association {association}"), data);
    assert!(log.contains("invited") && log.contains("member-removed"), "{log}");
}

#[tokio::test]
async fn what_is_set_is_in_force_from_the_next_start_on() {
    let data = tempfile::tempdir().expect("a folder");
    let data = data.path();
    let folder = data.join("new");
    assert!(refused("admin show", &folder).contains("start the server there once"));
    assert!(!folder.exists(), "a mistyped folder is not made");
    assert!(said("admin set origin https://hytevihko.example.fi/", &folder).contains("Made a new database"));
    let output = Command::new(PROGRAM)
        .args(["admin", "set", "operator-name", "Siuntion kunta", "--data"])
        .arg(&folder)
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{output:?}");
    let shown = said("admin show", &folder);
    assert_eq!(line(&shown, "origin:"), "https://hytevihko.example.fi");
    assert_eq!((line(&shown, "operator-name:"), line(&shown, "demo:")), ("Siuntion kunta", "no"));
    assert!(!line(&shown, "epoch:").is_empty() && line(&shown, "program:").starts_with("hytevihko 0."));

    let program = Program::start(&folder);
    assert!(line(&program.said, "link:").starts_with("https://hytevihko.example.fi/app/kutsu#"), "{}", program.said);
    // The command line has the last word, and links of commands lead to where the server was started.
    drop(program);
    let options = ["--origin", "https://other.example.fi"];
    let program = Program::start_with(&folder, &options);
    assert!(line(&program.said, "link:").starts_with("https://other.example.fi/"), "{}", program.said);
    assert!(line(&said("admin invite operator", &folder), "link:").starts_with("https://other.example.fi/"));
    let said_so = said("admin invite operator --origin https://third.example.fi", &folder);
    assert!(line(&said_so, "link:").starts_with("https://third.example.fi/"));
    said("admin unset origin", &folder);
    assert_eq!(line(&said("admin show", &folder), "origin:"), "not set");
    let bad = hytevihko("admin set origin http://hytevihko.example.fi", &folder);
    assert!(String::from_utf8_lossy(&bad.stderr).contains("https://"), "{bad:?}");
}

#[tokio::test]
async fn a_log_that_somebody_changed_is_named_by_its_row() {
    let data = tempfile::tempdir().expect("a folder");
    let data = data.path();
    said("admin set origin https://hytevihko.example.fi", data);
    for _ in 0..4 {
        said("admin invite operator", data);
    }
    let whole = said("admin audit verify", data);
    assert_eq!(line(&whole, "rows:"), "5", "what was set is in it, too");
    assert_eq!(line(&whole, "hash:").len(), 64);
    for (sql, row) in [
        ("update audit set act = 'joined' where seq = 3", 3),
        ("update audit set act = 'nothing that is known' where seq = 3", 3),
        ("delete from audit where seq in (2, 3)", 4),
        ("update audit set at = at + 1 where seq = 1", 1),
    ] {
        sqlx::query(sql).execute(&mut database(data).await).await.expect(sql);
        let output = hytevihko("admin audit verify", data);
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains(&format!("broken at row {row}")), "{sql}: {said}");
    }
    assert!(
        String::from_utf8_lossy(&hytevihko("check", data).stdout)
            .contains("missing  The log of who did what was changed")
    );
}

#[tokio::test]
async fn check_says_what_is_missing_until_nothing_is() {
    let outer = tempfile::tempdir().expect("a folder");
    // Made by the program, so that it is nobody else's.
    let data = &outer.path().join("data");
    assert!(refused("check", data).contains("there is no database"));
    let program = Program::start(data);
    let check = |words: &str| {
        let output = hytevihko(words, data);
        (output.status.code(), String::from_utf8(output.stdout).expect("text"))
    };
    let missing = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with("missing")).map(|line| line.to_lowercase()).collect()
    };
    let (code, text) = check("check --online");
    assert_eq!(code, Some(1));
    for what in ["address", "operator", "coordinator", "backup"] {
        assert!(missing(&text).iter().any(|line| line.contains(what)), "{what}: {text}");
    }
    assert!(missing(&text).iter().all(|line| line.contains("command: hytevihko ")), "each says what to do: {text}");
    assert!(text.contains(&format!("ok       The address answers: http://{}", program.address)), "{text}");
    assert!(text.contains("The log of who did what is whole"), "{text}");

    let invited = said("admin invite coordinator --area municipality:755", data);
    accept(&program, token(&invited)).expect("signed in");
    accept(&program, token(&program.said)).expect("signed in");
    said("admin set origin https://hytevihko.example.fi", data);
    said("admin set operator-name Siuntio", data);
    said("admin set operator-contact hytevihko@example.fi", data);
    let copy = data.join("copy.db");
    said(&format!("backup {}", copy.display()), data);
    // Both have nothing but the sign-in of the invitation: tomorrow nobody could come back.
    let (code, text) = check("check");
    let all = missing(&text);
    let listed = |what: &str, name: &str| id_of(&said(&format!("admin list {what}"), data), name);
    let (operator, coordinator) = (listed("operators", "Ylva"), listed("coordinators", "Siuntio"));
    assert_eq!((all.len(), code), (1, Some(1)), "{text}");
    for who in [format!("{operator} (operating)"), format!("{coordinator} (coordinator: siuntio)")] {
        assert!(all[0].contains(&who), "{who}: {text}");
    }
    let store = SqliteStore::open(&data.join("hytevihko.db")).await.expect("a database");
    let server = Server::new(Arc::new(store), Clock::new(None).expect("a clock"), false).await.expect("a server");
    let user = |id: &str| UserId::parse(id).expect("an id");
    let entry = |user| server.entry(Some(user), Act::RecoveryCodesMade, None);
    let (operator, coordinator) = (user(&operator), user(&coordinator));
    server.store.set_recovery_codes(operator, &[vec![1; 32]], false, entry(operator)).await.expect("codes");
    let key = PasskeyRow {
        id: Uuid::new_v4(),
        credential: vec![1],
        user: coordinator,
        key: String::new(),
        counter: 0,
        name: String::new(),
        created_ms: 1,
        last_used_ms: None,
        suspect_ms: None,
        by_mail: false,
    };
    assert!(server.store.add_passkey(&key, entry(coordinator)).await.expect("a passkey"));
    let (code, text) = check("check");
    assert_eq!((missing(&text), code), (vec![], Some(0)), "{text}");
    // A key that may have been copied is accepted no more, and a code that was used is none.
    server.store.suspect_passkey(key.id, entry(coordinator)).await.expect("suspected");
    let (_, text) = check("check");
    assert!(missing(&text).iter().any(|line| line.contains(&coordinator.to_string())), "{text}");
    assert!(!text.contains(&operator.to_string()), "{text}");
    server.store.set_recovery_codes(coordinator, &[vec![2; 32]], false, entry(coordinator)).await.expect("codes");
    server.store.use_recovery_code(operator, &[1; 32], entry(operator)).await.expect("used");
    let (_, text) = check("check");
    assert!(missing(&text).iter().any(|line| line.contains(&operator.to_string())), "{text}");
    assert!(!text.contains(&coordinator.to_string()), "{text}");
    server.store.set_recovery_codes(operator, &[vec![3; 32]], false, entry(operator)).await.expect("codes");
    server.store.close().await;
    let (code, text) = check("check");
    assert_eq!((missing(&text), code), (vec![], Some(0)), "{text}");
    assert!(text.contains("Nothing is missing."));

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let set = |mode| std::fs::set_permissions(data, std::fs::Permissions::from_mode(mode)).expect("set");
        set(0o755);
        let (code, text) = check("check");
        set(0o700);
        assert_eq!((missing(&text).len(), code), (1, Some(1)), "{text}");
        assert!(text.contains("chmod go="), "{text}");
    }
    // A clock that is behind what is in the database.
    let far = "update sign_in set created_at = 99999999999999";
    sqlx::query(far).execute(&mut database(data).await).await.expect(far);
    assert!(missing(&check("check").1)[0].contains("clock"));
}

#[tokio::test]
async fn a_database_of_another_release_is_not_changed_under_a_running_server() {
    let (data, _) = village().await;
    let data = data.path();
    let program = Program::start(data);
    // As if the server that runs were older than this program: it has not made the newest table yet.
    let older = "delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)";
    sqlx::query(older).execute(&mut database(data).await).await.expect(older);
    let why = refused("admin list", data);
    assert!(why.contains("earlier release") && why.contains("stop it first"), "{why}");
    drop(program);
}
