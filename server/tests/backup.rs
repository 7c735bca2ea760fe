//! The backup drill: backs up a server while it works, and restores from the backup.

#[path = "../examples/shared/http.rs"]
mod http;
#[path = "../examples/shared/program.rs"]
mod program;
#[path = "../examples/shared/town.rs"]
mod town;

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use domain::AssociationId;
use http::Connection;
use program::Program;
use serde_json::Value;
use server::store::{Act, AuditEntry, audit};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;
use town::Phone;

const PROGRAM: &str = env!("CARGO_BIN_EXE_hytevihko");

fn hytevihko(words: &[&str], data: &Path) -> Output {
    Command::new(PROGRAM).args(words).arg("--data").arg(data).output().expect("the program runs")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a name")
}

/// A data folder with one association, and its reviewer's phone.
async fn town() -> (TempDir, Phone) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut phone = town::phone(0, town::MUNICIPALITY);
    let server = town::open(folder.path()).await;
    town::found(&server, &phone).await;
    phone.cookie = town::sign_in(&server, phone.user).await;
    server.store.close().await;
    (folder, phone)
}

async fn database(data: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(data.join("hytevihko.db"));
    SqliteConnection::connect_with(&options).await.expect("a database")
}

/// Does to a database what no program of today does.
async fn write(data: &Path, sql: &'static str) {
    sqlx::query(sql).execute(&mut database(data).await).await.expect(sql);
}

/// One number or text of a database, as text.
async fn read(data: &Path, sql: &'static str) -> Option<String> {
    sqlx::query_scalar(sql).fetch_optional(&mut database(data).await).await.expect(sql)
}

/// A new sign-in, as whoever was invited again has one.
async fn sign_in_again(data: &Path, phone: &Phone) -> String {
    let server = town::open(data).await;
    let cookie = town::sign_in(&server, phone.user).await;
    server.store.close().await;
    cookie
}

fn push(connection: &mut Connection, phone: &Phone, n: usize) -> Vec<Value> {
    let today = domain::date::parse("2026-01-31").expect("a day");
    let changes: Vec<Value> =
        (0..5).map(|i| serde_json::to_value(phone.gathering((n + i) % 10, today)).expect("JSON")).collect();
    let answer = connection.post("/api/v1/sync/push", &phone.cookie, &phone.push_body(&changes, n)).expect("an answer");
    assert_eq!(answer.status, 200);
    json(&answer)["results"].as_array().cloned().expect("results")
}

fn json(answer: &http::Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

fn pull(program: &Program, phone: &Phone) -> (String, Vec<Value>) {
    let mut connection = Connection::open(program.address).expect("a connection");
    let (mut after, mut records) = (0, Vec::new());
    loop {
        let path = format!("/api/v1/sync/pull?association={}&after={after}", phone.association);
        let page = json(&connection.get(&path, &phone.cookie, "").expect("a page"));
        records.extend(page["records"].as_array().cloned().expect("records"));
        after = page["next"].as_u64().expect("a cursor");
        if page["more"] != true {
            return (page["epoch"].as_str().expect("an epoch").to_owned(), records);
        }
    }
}

#[tokio::test]
async fn a_backup_of_a_server_at_work_comes_back_whole_under_a_new_epoch() {
    let (data, phone) = town().await;
    let signed_out = sign_in_again(data.path(), &phone).await;
    let file = data.path().join("copy.db");
    let program = Program::start(Path::new(PROGRAM), data.path());
    let (epoch, _) = pull(&program, &phone);
    let stop = AtomicBool::new(false);
    let receipts = std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut connection = Connection::open(program.address).expect("a connection");
            (0..)
                .take_while(|_| !stop.load(Ordering::Relaxed))
                .for_each(|n| drop(push(&mut connection, &phone, n * 5)));
        });
        let mut connection = Connection::open(program.address).expect("a connection");
        let mut receipts = Vec::new();
        for n in 0..20 {
            receipts.extend(push(&mut connection, &phone, n * 5));
        }
        let made = hytevihko(&["backup", text(&file)], data.path());
        assert!(made.status.success(), "{made:?}");
        std::thread::sleep(Duration::from_millis(50));
        stop.store(true, Ordering::Relaxed);
        writing.join().expect("a phone");
        receipts
    });
    let (_, all) = pull(&program, &phone);

    // After the backup somebody signs out.
    let mut connection = Connection::open(program.address).expect("a connection");
    let left = format!("__Host-hytevihko-left=1; {signed_out}");
    assert_eq!(connection.get("/api/v1/me", &left, "").expect("an answer").status, 401);

    // Not over a running server, and not over what is there without being told so.
    let refused = hytevihko(&["restore", text(&file), "--force"], data.path());
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("stop it first"));
    drop(program);
    let refused = hytevihko(&["restore", text(&file)], data.path());
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("--force"));
    let restored = hytevihko(&["restore", text(&file), "--force"], data.path());
    assert!(restored.status.success(), "{restored:?}");

    let program = Program::start(Path::new(PROGRAM), data.path());
    let path = format!("/api/v1/sync/pull?association={}", phone.association);
    let mut connection = Connection::open(program.address).expect("a connection");
    assert_eq!(connection.get(&path, &signed_out, "").expect("an answer").status, 401, "who had signed out is out");
    let (new_epoch, back) = pull(&program, &phone);
    assert_ne!(epoch, new_epoch);
    for receipt in &receipts {
        let found = back.iter().find(|record| record["id"] == receipt["record"]);
        assert_eq!(found.map(|record| &record["rev"]), Some(&receipt["rev"]), "everything before the backup is in it");
    }
    // A state that was: the first records in the association's order, and nothing of later ones.
    assert_eq!(back[..], all[..back.len()]);
    assert!(!push(&mut Connection::open(program.address).expect("a connection"), &phone, 0).is_empty());
    drop(program);

    // What was replaced lies beside it, whole.
    let aside = std::fs::read_dir(data.path())
        .expect("a folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .find(|name| {
            name.starts_with("hytevihko.db.before-restore-") && !name.ends_with("-wal") && !name.ends_with("-shm")
        })
        .expect("the database before");
    let other = tempfile::tempdir().expect("a folder");
    let again = hytevihko(&["restore", text(&data.path().join(aside))], other.path());
    assert!(again.status.success(), "{again:?}");
    // In a folder where nothing is known of what came later, nobody stays signed in.
    let phone = Phone { cookie: sign_in_again(other.path(), &phone).await, ..phone };
    let program = Program::start(Path::new(PROGRAM), other.path());
    assert_eq!(pull(&program, &phone).1, all);
}

#[tokio::test]
async fn a_backup_does_not_replace_another_unless_told_to() {
    let (data, _) = town().await;
    let file = data.path().join("copy.db");
    assert!(hytevihko(&["backup", text(&file)], data.path()).status.success());
    assert!(!hytevihko(&["backup", text(&file)], data.path()).status.success());
    assert!(hytevihko(&["backup", text(&file), "--force"], data.path()).status.success());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "it holds notes");
    }
    let nothing = tempfile::tempdir().expect("a folder");
    let missing = hytevihko(&["backup", text(&nothing.path().join("copy.db"))], nothing.path());
    assert!(!missing.status.success());
    assert_eq!(std::fs::read_dir(nothing.path()).expect("a folder").count(), 0, "nothing is left behind");
}

/// Under the usual umask, so that a file whose mode is nobody's care can be read by everybody.
#[cfg(unix)]
#[tokio::test]
async fn nobody_but_its_owner_can_read_what_the_program_makes() {
    use std::os::unix::fs::PermissionsExt;

    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    let open_files = |folder: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
        let open = entries.filter(|entry| mode(&entry.path()) & 0o077 != 0);
        open.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    };
    let outer = tempfile::tempdir().expect("a folder");
    let data = outer.path().join("made").join("data");
    let program = Program::start(Path::new(PROGRAM), &data);
    assert_eq!((mode(&data), mode(&outer.path().join("made"))), (0o700, 0o700));
    let file = outer.path().join("copy.db");
    assert!(hytevihko(&["backup", text(&file)], &data).status.success());
    assert!(data.join("hytevihko.db-wal").exists(), "the server is at work");
    assert_eq!(open_files(&data), [""; 0]);
    drop(program);

    // A database of an earlier release, and a backup that somebody made with another program.
    let all_read = std::fs::Permissions::from_mode(0o644);
    for file in [data.join("hytevihko.db"), data.join("hytevihko.db-wal"), file.clone()] {
        std::fs::set_permissions(file, all_read.clone()).expect("set");
    }
    drop(Program::start(Path::new(PROGRAM), &data));
    assert_eq!(open_files(&data), [""; 0]);
    let restored = hytevihko(&["restore", text(&file), "--force"], &data);
    assert!(restored.status.success(), "{restored:?}");
    assert_eq!(open_files(&data), [""; 0]);
}

#[tokio::test]
async fn what_is_no_sound_database_of_ours_is_not_restored() {
    let (data, _) = town().await;
    let file = data.path().join("copy.db");
    assert!(hytevihko(&["backup", text(&file)], data.path()).status.success());
    let whole = std::fs::read(&file).expect("a file");
    let mut torn = whole.clone();
    let half = torn.len() / 2;
    torn[half..].fill(0x5a);
    let other = data.path().join("other.db");
    for bad in [b"no database".to_vec(), Vec::new(), whole[..half].to_vec(), torn] {
        std::fs::write(&other, bad).expect("written");
        let target = tempfile::tempdir().expect("a folder");
        let refused = hytevihko(&["restore", text(&other)], target.path());
        assert!(!refused.status.success(), "{refused:?}");
        assert!(!target.path().join("hytevihko.db").exists());
    }
}

/// The town's database after the backup: a release, a gathering that it counted and that came after the backup, another one that
/// is in the backup too; the reviewer of then has become a volunteer, another one has taken over, and somebody has left. The last phone
/// is of an association that came in after the backup; somebody else is in the middle of bringing in one.
async fn town_with_later_days() -> (TempDir, Phone, PathBuf, Phone) {
    let (data, phone) = town().await;
    log(data.path(), Act::SignedIn, None).await;
    let waiting = "insert into sensitive_gathering
        (association_id, gathering_id, municipality, day, form, visits, volunteers, quarter_hours)
        select id, x'11', '755', 20000, 'vertaistuki', 9, 2, 16 from association";
    let left =
        "insert into membership (association_id, person_id, role) select id, x'33', 'volunteer' from association";
    write(data.path(), waiting).await;
    write(data.path(), left).await;
    write(data.path(), "insert into recovery_code (hash, person_id) values (x'c1', x'44'), (x'c2', x'44')").await;
    write(data.path(), "insert into passkey values (x'01', x'a1', x'44', '{}', 0, 'Puhelin', 1, null, null, 0)").await;
    write(
        data.path(),
        "insert into mail_address values (x'44', 'old@kuoro.example', 1), (x'45', 'x@kuoro.example', 1)",
    )
    .await;
    let token = "insert into read_token select x'81', x'a1', id, x'44', 'Tilasto', 'figures', 1, 9, null, null from association";
    write(data.path(), token).await;
    let wishes = "insert into mail_reminder select id, x'44', 'fi', 1 from association
        union all select id, x'45', 'fi', 1 from association";
    write(data.path(), wishes).await;
    let file = data.path().join("copy.db");
    assert!(hytevihko(&["backup", text(&file)], data.path()).status.success());
    for later in [
        "update read_token set ended_at = 5",
        "insert into read_token select x'82', x'a2', id, x'44', 'Toinen', 'figures', 1, 9, null, null from association",
        "insert into read_token values (x'83', x'a3', x'55', x'44', 'Kolmas', 'figures', 1, 9, null, null)",
        "update mail_reminder set looked_on = 20800",
        "delete from mail_address where person_id = x'45'",
        "update mail_address set address = 'new@kuoro.example'",
        "insert into sensitive_gathering
            select association_id, x'22', municipality, day, form, 5, volunteers, quarter_hours, null from sensitive_gathering",
        "update sensitive_gathering set visits = 10 where gathering_id = x'11'",
        "update sensitive_gathering set released_in = 1",
        "insert into release (number, quarter, computed_at) values (1, 8098, 1795255200000)",
        "insert into release_cell values (1, 'municipality', '755', '', '{\"gatherings\":2}')",
        "insert or replace into meta values ('first_release', '8098')",
        "update membership set role = 'volunteer' where person_id <> x'33'",
        "delete from membership where person_id = x'33'",
        "insert into person values (x'44', 'Uusi sihteeri')",
        "insert into membership (association_id, person_id, role) select id, x'44', 'reviewer' from association",
        "insert into membership (association_id, person_id, role) values (x'55', x'44', 'reviewer')",
        "delete from recovery_code where hash = x'c1'",
        "delete from passkey",
        "insert into passkey values (x'02', x'a2', x'44', '{}', 0, 'Uusi puhelin', 1, null, null, 0)",
        "insert into ended_sign_in values (x'e1', x'e2', x'44', null, 1, 2)",
        "insert into quarantine select id, x'91', x'92', x'44', x'93', 7, '{}', 2, 'hash', 1, 2, null from association limit 1",
        "insert into quarantine values (x'55', x'91', x'92', x'44', x'93', 0, '{}', 2, 'hash', 1, 2, null)",
        "insert into invitation (id, token_hash, code_hash, kind, uses_max, uses, made_at, expires_at) values
            (x'71', x'a1', x'b1', 'association', 1, 1, 1, 2), (x'72', x'a2', x'b2', 'association', 1, 0, 1, 2),
            (x'73', x'a3', x'b3', 'association', 1, 1, 1, 2), (x'74', x'a4', x'b4', 'volunteer', null, 1, 1, 2)",
        "insert into acceptance (invitation_id, person_id, accepted_at, taken_up_at) values
            (x'71', x'44', 1, null), (x'73', x'44', 1, 2), (x'74', x'44', 1, null)",
    ] {
        write(data.path(), later).await;
    }
    let mut later = town::phone(1, town::MUNICIPALITY);
    let server = town::open(data.path()).await;
    town::found(&server, &later).await;
    later.cookie = town::sign_in(&server, later.user).await;
    server.store.close().await;
    log(data.path(), Act::SignedOut, None).await;
    log(data.path(), Act::Renamed, Some(later.association)).await;
    (data, phone, file, later)
}

async fn log(data: &Path, act: Act, association: Option<AssociationId>) {
    let server = town::open(data).await;
    let entry = AuditEntry { at_ms: 1, actor: None, association, act, subject: None };
    server.store.audit(entry).await.expect("logged");
    server.store.close().await;
}

/// The acts of the audit log, whose chain is whole.
async fn logged(data: &Path) -> Vec<Act> {
    let server = town::open(data).await;
    let verified = audit::verify(&*server.store).await.expect("the log");
    let rows = server.store.audit_rows(0, 1_000).await.expect("the log");
    server.store.close().await;
    assert_eq!((verified.broken_at, verified.rows), (None, rows.len() as u64));
    rows.iter().map(|row| row.act).collect()
}

const COUNTED: &str =
    "select group_concat(hex(gathering_id) || ' ' || visits || ' ' || coalesce(released_in, 'waits'), ', ')
    from (select * from sensitive_gathering order by gathering_id)";
const ROLES: &str = "select group_concat(hex(person_id) || ' ' || role, ', ') from
    (select person_id, role from membership where length(person_id) = 1 order by person_id)";
const KEYS: &str = "select group_concat(name, ', ') from passkey";
const CODES: &str = "select coalesce(group_concat(hex(hash), ', '), '') from recovery_code";
/// Whoever said no, or whose address is gone, is not reminded, and nobody a second time.
const WISHES: &str =
    "select coalesce(group_concat(distinct hex(person_id) || ' ' || looked_on), '') from mail_reminder";
const ADDRESSES: &str = "select coalesce(group_concat(address, ', '), '') from mail_address";
const INVITATIONS: &str =
    "select coalesce(group_concat(hex(id) || ' ' || (revoked_at > 1000000000000)), '') from invitation";
const REVIEWERS: &str = "select cast(count(*) as text) from membership where role = 'reviewer'";
const RELEASED: &str =
    "select group_concat(quarter || ' ' || figures) from release join release_cell on release = number";

#[tokio::test]
async fn a_restore_takes_over_what_was_published_and_who_was_removed_after_the_backup() {
    let (data, phone, file, later) = town_with_later_days().await;
    let (_, mut held) = pull(&Program::start(Path::new(PROGRAM), data.path()), &later);
    let before_it = logged(data.path()).await;
    let before = jiff::Timestamp::now().as_millisecond();
    let restored = hytevihko(&["restore", text(&file), "--force"], data.path());
    assert!(restored.status.success(), "{restored:?}");
    let said = String::from_utf8_lossy(&restored.stdout).into_owned();
    assert!(
        said.contains("who belongs to what, and releases that came after the backup: 1.")
            && said.contains("Who was signed in stays so, and invitations")
            && said.contains("releases confirm --data"),
        "{said}"
    );

    let told = async |sql| read(data.path(), sql).await.unwrap_or_default();
    assert_eq!(told(RELEASED).await, "8098 {\"gatherings\":2}");
    assert_eq!(told("select value from meta where name = 'first_release'").await, "8098");
    // Both are frozen as they were counted: offered again by a phone, none of them is counted a second time.
    assert_eq!(told(COUNTED).await, "11 10 1, 22 5 1");
    assert_eq!(told(ROLES).await, "44 reviewer", "who had left has left");
    assert_eq!(
        told(REVIEWERS).await,
        "2",
        "the reviewer of then is a volunteer, and nobody of an association in neither"
    );
    assert_eq!(told("select nickname from person where id = x'44'").await, "Uusi sihteeri");
    assert_eq!(told("select cast(count(*) as text) from sign_in").await, "2", "who is signed in stays so");
    assert_eq!(told(KEYS).await, "Uusi puhelin", "a key of a phone that was lost does not come back");
    assert_eq!(told(CODES).await, "C2", "nor a code that was used");
    assert_eq!(told(ADDRESSES).await, "new@kuoro.example", "nor an address that was removed or changed");
    assert_eq!(told(WISHES).await, "44 20800", "nor a wish to be reminded, or a day on which it was");
    assert_eq!(told("select hex(token_hash) from ended_sign_in").await, "E1", "its phone is told again to forget");
    let tokens = "select group_concat(hex(id) || ' ' || coalesce(ended_at, 'open'), ', ') from (select * from read_token order by id)";
    assert_eq!(told(tokens).await, "81 5, 82 open", "a token that was ended does not read again");
    let bases = "select group_concat(base) from quarantine";
    assert_eq!(told(bases).await, "0", "the revision that the edit started from may be another one here");
    let handed_in = "select group_concat(hex(change_id) || ' ' || hex(record_id)) from quarantine";
    assert_eq!(told(handed_in).await, "91 92", "what no phone has any more, but for an association that is nowhere");
    assert_eq!(
        told(INVITATIONS).await,
        "71 1",
        "who is in the middle of bringing in an association goes on; nobody else"
    );
    let after_it = [before_it, vec![Act::Restored]].concat();
    assert_eq!(logged(data.path()).await, after_it);
    let at: i64 = told("select value from meta where name = 'restored_at'").await.parse().expect("a time");
    assert!((before..=jiff::Timestamp::now().as_millisecond()).contains(&at));
    let left: Vec<_> = std::fs::read_dir(data.path())
        .expect("a folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with('.'))
        .collect();
    assert_eq!(left, [""; 0], "nothing unfinished is left");

    // Releases are held until the operator confirms them.
    let shown = |word| String::from_utf8_lossy(&hytevihko(&["releases", word], data.path()).stdout).into_owned();
    assert!(shown("show").contains("the database was restored"), "{}", shown("show"));
    assert!(shown("confirm").contains("Confirmed"));
    assert!(!shown("show").contains("the database was restored"));
    let after_it = [after_it, vec![Act::ReleaseConfirmed]].concat();
    assert_eq!(logged(data.path()).await, after_it);

    // The wrong backup may have been restored: after the next one, too, who was removed stays so.
    let again = hytevihko(&["restore", text(&file), "--force"], data.path());
    assert!(again.status.success(), "{again:?}");
    assert_eq!((told(ROLES).await, told(REVIEWERS).await), ("44 reviewer".into(), "2".into()));
    assert_eq!(logged(data.path()).await, [after_it, vec![Act::Restored]].concat());
    assert_eq!(told(COUNTED).await, "11 10 1, 22 5 1");
    let program = Program::start(Path::new(PROGRAM), data.path());
    let (epoch, records) = pull(&program, &phone);
    assert_eq!(records.len(), 2, "it is served");
    // An association that came in after the backup begins at the beginning, and gets back what its phones hold.
    assert_eq!(pull(&program, &later), (epoch.clone(), Vec::new()));
    for record in held.iter_mut().filter_map(Value::as_object_mut) {
        record.retain(|name, _| name != "seq" && name != "by");
    }
    let mut connection = Connection::open(program.address).expect("a connection");
    let offer = serde_json::json!({"magic": "hytevihko-offer-1", "user": later.user, "association": later.association,
        "device": later.device, "schema": 1, "epoch": epoch, "holds": [], "records": held});
    let answer = connection.post("/api/v1/sync/offer", &later.cookie, offer.to_string().as_bytes()).expect("an answer");
    assert_eq!(answer.status, 200);
    assert_eq!((held.len(), pull(&program, &later).1.len()), (2, 2));
    let me = json(&connection.get("/api/v1/me", &later.cookie, "").expect("an answer"));
    assert_eq!(me["associations"][0]["name"], "Kyläyhdistys ry");
}

#[tokio::test]
async fn a_restore_over_a_damaged_or_a_foreign_database_takes_nothing_over_and_says_so() {
    let (data, _, file, _) = town_with_later_days().await;
    let (foreign, ..) = town_with_later_days().await;
    let whole = std::fs::read(data.path().join("hytevihko.db")).expect("a file");
    let mut torn = whole.clone();
    let half = torn.len() / 2;
    torn[half..].fill(0x5a);
    std::fs::write(data.path().join("hytevihko.db"), torn).expect("written");
    for (folder, why) in [(&data, "malformed"), (&foreign, "not known to be a later state")] {
        let restored = hytevihko(&["restore", text(&file), "--force"], folder.path());
        assert!(restored.status.success(), "{restored:?}");
        let said = String::from_utf8_lossy(&restored.stdout).into_owned();
        assert!(said.contains("NOTHING could be taken over") && said.contains(why), "{said}");
        assert!(said.contains("Nobody is signed in any more"), "{said}");
        assert_eq!(read(folder.path(), INVITATIONS).await.as_deref(), Some(""));
        assert_eq!(logged(folder.path()).await.last(), Some(&Act::Restored));
        assert_eq!(read(folder.path(), "select cast(count(*) as text) from release").await.as_deref(), Some("0"));
        assert_eq!(read(folder.path(), COUNTED).await.as_deref(), Some("11 9 waits"));
        assert_eq!(read(folder.path(), ROLES).await.as_deref(), Some("33 volunteer"));
        let held = read(folder.path(), "select value from meta where name = 'releases_held'").await;
        assert_eq!(held.as_deref(), Some("1"));
        assert_eq!(read(folder.path(), "select cast(count(*) as text) from sign_in").await.as_deref(), Some("0"));
        assert_eq!(read(folder.path(), KEYS).await.as_deref(), Some("Puhelin"));
        assert_eq!(read(folder.path(), CODES).await.as_deref(), Some(""), "they may have been used");
        assert_eq!(read(folder.path(), ADDRESSES).await.as_deref(), Some(""), "they may be somebody else's");
        assert_eq!(read(folder.path(), WISHES).await.as_deref(), Some(""), "they may have said no");
    }
}

#[tokio::test]
async fn whoever_was_deleted_after_the_backup_is_deleted_again_by_the_restore() {
    let (data, phone) = town().await;
    let (file, other) = (data.path().join("copy.db"), tempfile::tempdir().expect("a folder"));
    let server = town::open(data.path()).await;
    let volunteer = domain::UserId::from_bytes([0x77; 16]);
    server.store.add_person(volunteer, "Kahvivuoro").await.expect("a person");
    server.store.add_member(phone.association, volunteer, domain::Role::Volunteer).await.expect("a member");
    write(data.path(), "update record set recorder = x'77777777777777777777777777777777' where kind = 'series'").await;
    write(data.path(), "update revision set author = x'77777777777777777777777777777777' where kind = 'series'").await;
    assert!(hytevihko(&["backup", text(&file)], data.path()).status.success());
    let server = server::Server { data: data.path().into(), ..server };
    let deleted = server::retention::delete(&server, volunteer, Some(volunteer)).await.expect("an answer");
    assert_eq!(deleted, server::store::Deletion::Deleted);
    server.store.close().await;
    // On this machine, and on another one to which the list was brought.
    std::fs::copy(data.path().join("deleted"), other.path().join("deleted")).expect("copied");
    for folder in [data.path(), other.path()] {
        let restored = hytevihko(&["restore", text(&file), "--force"], folder);
        assert!(restored.status.success(), "{restored:?}");
        let said = String::from_utf8_lossy(&restored.stdout).into_owned();
        assert!(said.contains("Deleted again, because they had been deleted since the backup: 1 people."), "{said}");
        const ID: &str = "x'77777777777777777777777777777777'";
        for (table, column) in
            [("person", "id"), ("membership", "person_id"), ("record", "recorder"), ("revision", "author")]
        {
            let sql = format!("select count(*) from {table} where {column} = {ID}");
            let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
                .fetch_one(&mut database(folder).await)
                .await
                .expect("a number");
            assert_eq!(left, 0, "{table}");
        }
        let nobodys = read(folder, "select cast(count(*) as text) from record where recorder = zeroblob(16)").await;
        assert_eq!(nobodys.as_deref(), Some("0"), "a deleted person is not an unknown one");
    }
}

/// What a start that has to fail says.
fn refused_start(data: &Path, with: &[&str]) -> String {
    let words = [&["serve", "--listen", "127.0.0.1:0"], with].concat();
    let refused = hytevihko(&words, data);
    assert!(!refused.status.success(), "{refused:?}");
    String::from_utf8_lossy(&refused.stderr).into_owned()
}

#[tokio::test]
async fn a_demo_and_a_real_database_are_never_mixed() {
    let (data, phone) = town().await;
    let said = refused_start(data.path(), &["--demo"]);
    assert!(said.contains("real database") && said.contains("without --demo"), "{said}");
    let program = Program::start(Path::new(PROGRAM), data.path());
    assert_eq!(pull(&program, &phone).1.len(), 2, "nothing was put into it");
    drop(program);

    // A database that an earlier release filled with the demo, and one that this one did.
    let demo = tempfile::tempdir().expect("a folder");
    let server = town::open(demo.path()).await;
    server::demo::fill(&server).await.expect("the demo");
    server.store.close().await;
    for _ in 0..2 {
        let said = refused_start(demo.path(), &[]);
        assert!(said.contains("filled with --demo") && said.contains("start with --demo"), "{said}");
        for sql in ["delete from meta where name = 'demo'", "delete from _sqlx_migrations where version = 6"] {
            write(demo.path(), sql).await;
        }
    }
    // A backup of a demo is a demo.
    let (file, other) = (demo.path().join("copy.db"), tempfile::tempdir().expect("a folder"));
    assert!(hytevihko(&["backup", text(&file)], demo.path()).status.success());
    assert!(hytevihko(&["restore", text(&file)], other.path()).status.success());
    assert!(refused_start(other.path(), &[]).contains("filled with --demo"));
}

#[tokio::test]
async fn two_servers_do_not_share_a_folder() {
    let (data, _) = town().await;
    let _first = Program::start(Path::new(PROGRAM), data.path());
    let second = hytevihko(&["serve", "--listen", "127.0.0.1:0"], data.path());
    assert!(!second.status.success() && String::from_utf8_lossy(&second.stderr).contains("stop it first"));
}
