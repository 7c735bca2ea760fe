//! What is missing before associations can use the server, for `hytevihko check` and for the operator's page.

use std::{
    io::{Read, Write},
    net::{TcpStream, ToSocketAddrs},
    path::Path,
    process::Command,
    time::Duration,
};

use app::{server_pages::Operator, texts::admin as t};
use domain::Lang;

use super::moment;
use crate::{
    Server, folder,
    http::origin::Origin,
    reports::releases::{self, Hold},
    store::{Fact, Person, Result, audit},
};

const HOUR_MS: i64 = 60 * 60 * 1000;
/// A backup that is older is too old, milliseconds: one a day, and a night in which it failed.
const BACKUP_MS: i64 = 48 * HOUR_MS;
/// So much has to be free beside room for two more copies of the database (a backup, a restore), bytes.
const FREE_BYTES: u64 = 1024 * 1024 * 1024;
/// How long something at the origin has for its answer, a third of it for the name, the connection and the answer each.
const ANSWER: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Ok,
    /// Not before this is done.
    Missing,
    /// Worth knowing.
    Note,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub state: State,
    /// How it is.
    pub said: String,
    /// What to do.
    pub to_do: Option<String>,
}

impl Finding {
    fn ok(said: String) -> Finding {
        Finding { state: State::Ok, said, to_do: None }
    }

    fn missing(said: String, to_do: String) -> Finding {
        Finding { state: State::Missing, said, to_do: Some(to_do) }
    }

    fn note(said: String, to_do: Option<String>) -> Finding {
        Finding { state: State::Note, said, to_do }
    }

    /// As the command prints it.
    pub fn line(&self) -> String {
        let state = match self.state {
            State::Ok => "ok",
            State::Missing => "missing",
            State::Note => "note",
        };
        let to_do = self.to_do.as_deref().map(|to_do| format!(" {to_do}")).unwrap_or_default();
        format!("{state:8} {}{to_do}", self.said)
    }
}

/// Everything, for the command.
pub async fn of_program(server: &Server, online: bool) -> Result<Vec<Finding>> {
    let lang = Lang::En;
    let mut findings = of_server(server, lang).await?;
    if online {
        let origin = server.origin.clone();
        let asked = tokio::task::spawn_blocking(move || answers(lang, &origin)).await;
        findings.insert(1, asked.unwrap_or_else(|_| Finding::note(t::answers_unknown(lang).to_owned(), None)));
    }
    let log = audit::verify(&*server.store).await?;
    findings.push(match log.broken_at {
        None => Finding::ok(t::log_whole(lang).to_owned()),
        Some(row) => Finding::missing(t::log_broken(lang, row), t::by_command(lang, "hytevihko admin audit verify")),
    });
    Ok(findings)
}

/// What a page can say at once: it asks nobody outside, and does not read the whole log.
pub async fn of_server(server: &Server, lang: Lang) -> Result<Vec<Finding>> {
    let store = &server.store;
    let now = server.clock.now_ms();
    let mut findings = vec![origin(lang, &server.origin)];
    findings.push(match store.fact(Fact::Demo).await? {
        None => Finding::ok(t::no_demo(lang).to_owned()),
        Some(_) => Finding::missing(t::is_demo(lang).to_owned(), t::is_demo_help(lang).to_owned()),
    });
    let Operator { name, contact } = &*server.operator;
    let (named, missing) = (t::name_of_operator(lang), t::operator_name_missing(lang));
    findings.push(statement(lang, name, named, missing, "operator-name"));
    let (named, missing) = (t::contact_of_operator(lang), t::operator_contact_missing(lang));
    findings.push(statement(lang, contact, named, missing, "operator-contact"));
    findings.extend(officials(server, lang).await?);
    findings.push(mail(server, lang).await?);
    let pending = releases::pending(&**store, &server.clock).await?;
    let is_wrong = pending.held.iter().any(|hold| matches!(hold, Hold::ClockBehind | Hold::ClockUnset));
    findings.push(match (is_wrong, store.newest_ms().await?) {
        (true, newest) => {
            let said = t::clock_behind(lang, moment(now), moment(newest.unwrap_or_default()));
            Finding::missing(said, t::clock_help(lang).to_owned())
        }
        (false, _) => Finding::ok(t::clock_sane(lang, moment(now))),
    });
    findings.push(if pending.held.is_empty() {
        Finding::ok(t::releases_on_time(lang).to_owned())
    } else {
        let command = t::by_command(lang, "hytevihko releases confirm");
        Finding::missing(t::releases_held(lang).to_owned(), command)
    });
    let data = server.data.clone();
    if !data.as_os_str().is_empty() {
        let of_folder = tokio::task::spawn_blocking(move || of_folder(&data, lang, now)).await;
        findings.extend(of_folder.unwrap_or_default());
    }
    Ok(findings)
}

fn origin(lang: Lang, origin: &Origin) -> Finding {
    let to_do = || t::by_command(lang, "hytevihko admin set origin https://…");
    match (origin.is_configured(), origin.is_https()) {
        (true, true) => Finding::ok(t::origin_ok(lang, origin.to_string())),
        (true, false) => Finding::missing(t::origin_local(lang, origin.to_string()), to_do()),
        (false, _) => Finding::missing(t::origin_missing(lang).to_owned(), to_do()),
    }
}

/// What the statements say of whoever operates the service.
fn statement(lang: Lang, value: &str, named: &str, missing: &str, setting: &str) -> Finding {
    match value {
        "" => Finding::missing(missing.to_owned(), t::by_command(lang, format!("hytevihko admin set {setting} …"))),
        value => Finding::ok(format!("{named}: {value}")),
    }
}

/// Somebody operates the server, somebody coordinates an area, and each of them can come back.
async fn officials(server: &Server, lang: Lang) -> Result<Vec<Finding>> {
    let officials = server.store.officials().await?;
    let operators = officials.iter().filter(|person| person.is_operator).count();
    let coordinators = officials.iter().filter(|person| !person.areas.is_empty()).count();
    let mut findings = vec![match operators {
        0 => {
            let command = t::by_command(lang, "hytevihko admin invite operator");
            Finding::missing(t::no_operator(lang).to_owned(), command)
        }
        count => Finding::ok(t::operators(lang, count)),
    }];
    findings.push(match coordinators {
        0 => {
            let command = t::by_command(lang, "hytevihko admin invite coordinator --area municipality:…");
            Finding::missing(t::no_coordinator(lang).to_owned(), command)
        }
        count => Finding::ok(t::coordinators(lang, count)),
    });
    let mut without = Vec::new();
    for person in &officials {
        if !has_way_back(server, person).await? {
            without.push(who(lang, person));
        }
    }
    if !without.is_empty() {
        findings.push(Finding::missing(t::no_way_back(lang, without.join(", ")), t::no_way_back_help(lang, "/oma")));
    }
    Ok(findings)
}

/// Whether an official can sign in as one again on another device or tomorrow: by a passkey that is accepted, a recovery code that is left,
/// or an account of their organisation.
async fn has_way_back(server: &Server, person: &Person) -> Result<bool> {
    Ok(person.has_account || server.store.has_way_beside_mail(person.user).await?)
}

/// An official by the id that `hytevihko admin list` shows, with their roles.
fn who(lang: Lang, person: &Person) -> String {
    let operator = person.is_operator.then(|| t::operator(lang).to_owned());
    let areas = person.areas.iter().map(|area| t::coordinator_of(lang, area.name(lang)));
    let roles: Vec<String> = operator.into_iter().chain(areas).collect();
    format!("{} ({})", person.user, roles.join(", "))
}

/// One-time codes by e-mail are for reviewers who have no passkey: a server does without them.
async fn mail(server: &Server, lang: Lang) -> Result<Finding> {
    let served = server.store.fact(Fact::MailServed).await?;
    let failed_ms = server.mail.as_ref().and_then(|mail| mail.failed_ms());
    Ok(match (served, failed_ms) {
        (None, _) => Finding::note(t::no_mail(lang).to_owned(), Some(t::no_mail_help(lang, "--smtp-url"))),
        (Some(by), None) => Finding::ok(t::mail_by(lang, by)),
        (Some(by), Some(at)) => {
            Finding::missing(t::mail_failed(lang, by, moment(at)), t::mail_failed_help(lang).to_owned())
        }
    })
}

fn of_folder(data: &Path, lang: Lang, now: i64) -> Vec<Finding> {
    let mut findings = Vec::new();
    let open = folder::open_to_others(folder::files(data).into_iter().chain([data.to_owned()]));
    findings.push(if open.is_empty() {
        Finding::ok(t::files_closed(lang).to_owned())
    } else {
        let names: Vec<String> = open.iter().map(|file| file.display().to_string()).collect();
        let command = t::by_command(lang, format!("chmod go= {}", names.join(" ")));
        Finding::missing(t::files_open(lang, names.join(", ")), command)
    });
    findings.push(match folder::secret(data) {
        Ok(_) => Finding::ok(t::secret_ok(lang).to_owned()),
        // It says what to do.
        Err(error) => Finding::missing(t::secret_bad(lang).to_owned(), error.to_string()),
    });
    findings.push(backup(lang, folder::last_backup_ms(data), now));
    findings.push(match free_bytes(data) {
        None => Finding::note(t::disk_unknown(lang).to_owned(), None),
        Some(free) => {
            let database = std::fs::metadata(folder::database(data)).map_or(0, |metadata| metadata.len());
            let needed = FREE_BYTES.saturating_add(database.saturating_mul(2));
            let (free_mb, needed_mb) = (free / (1024 * 1024), needed / (1024 * 1024));
            if free >= needed {
                Finding::ok(t::disk_ok(lang, free_mb))
            } else {
                Finding::missing(t::disk_full(lang, free_mb), t::disk_help(lang, needed_mb))
            }
        }
    });
    findings
}

fn backup(lang: Lang, last: Option<i64>, now: i64) -> Finding {
    let command = || t::by_command(lang, "hytevihko backup …");
    match last {
        Some(at) if now.saturating_sub(at) <= BACKUP_MS => Finding::ok(t::backup_ok(lang, moment(at))),
        Some(at) => Finding::missing(t::backup_old(lang, moment(at)), command()),
        None => Finding::missing(t::backup_never(lang).to_owned(), command()),
    }
}

/// What POSIX's `df -Pk` says is free where a folder is.
fn free_bytes(folder: &Path) -> Option<u64> {
    let said = Command::new("df").arg("-Pk").arg(folder).env("LC_ALL", "C").output().ok()?;
    free_of_df(&String::from_utf8_lossy(&said.stdout))
}

/// The column before the one of the per cent: the name of a file system may have spaces.
fn free_of_df(said: &str) -> Option<u64> {
    let line: Vec<&str> = said.lines().nth(1)?.split_whitespace().collect();
    let percent = line.iter().position(|word| word.strip_suffix('%').is_some_and(|n| n.parse::<u32>().is_ok()))?;
    line.get(percent.checked_sub(1)?)?.parse::<u64>().ok()?.checked_mul(1024)
}

/// Whether something answers at the origin, as this machine sees it. Of HTTPS only that a connection is accepted: whether the
/// certificate is right is for a browser to say.
fn answers(lang: Lang, origin: &Origin) -> Finding {
    let origin_text = origin.to_string();
    match ask(origin) {
        Ok(()) if origin.is_https() => Finding::ok(t::answers_https(lang, origin_text)),
        Ok(()) => Finding::ok(t::answers(lang, origin_text)),
        Err(error) => Finding::missing(t::answers_not(lang, origin_text, error), t::answers_help(lang).to_owned()),
    }
}

fn ask(origin: &Origin) -> std::io::Result<()> {
    let host = origin.host().trim_start_matches('[').trim_end_matches(']');
    let mut tried = Err(std::io::ErrorKind::NotFound.into());
    for address in (host, origin.port()).to_socket_addrs()?.take(3) {
        tried = TcpStream::connect_timeout(&address, ANSWER).and_then(|mut stream| {
            if origin.is_https() {
                return Ok(());
            }
            stream.set_read_timeout(Some(ANSWER))?;
            stream.write_all(format!("GET /healthz HTTP/1.0\r\nhost: {}\r\n\r\n", origin.host()).as_bytes())?;
            let mut answer = [0; 12];
            stream.read_exact(&mut answer)?;
            match answer.ends_with(b" 200") {
                true => Ok(()),
                false => Err(std::io::Error::other("something else answers there")),
            }
        });
        if tried.is_ok() {
            break;
        }
    }
    tried
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_room_is_read_whatever_the_file_system_is_called() {
        let said =
            "Filesystem 1024-blocks Used Available Capacity Mounted on\n//nas/our files 1000 400 600 40% /srv/a b\n";
        assert_eq!(free_of_df(said), Some(600 * 1024));
        assert_eq!(free_of_df("df: nothing"), None);
        assert!(free_bytes(&std::env::temp_dir()).is_some_and(|free| free > 0));
    }

    #[test]
    fn a_backup_is_new_for_two_days() {
        let state = |last| backup(Lang::En, last, 100 * HOUR_MS).state;
        assert_eq!(state(Some(52 * HOUR_MS)), State::Ok);
        assert_eq!((state(Some(51 * HOUR_MS)), state(None)), (State::Missing, State::Missing));
        assert_eq!(state(Some(101 * HOUR_MS)), State::Ok, "clocks differ");
    }

    #[test]
    fn an_origin_is_enough_when_it_is_set_and_encrypted() {
        let of = |text: &str| origin(Lang::En, &text.parse().expect("an origin")).state;
        assert_eq!((of("https://hytevihko.fi"), of("http://127.0.0.1:3000")), (State::Ok, State::Missing));
        assert_eq!(origin(Lang::En, &Origin::loopback(3000)).state, State::Missing);
    }

    #[test]
    fn a_line_says_how_it_is_and_what_to_do() {
        let line = Finding::missing("No backup.".to_owned(), "Make one.".to_owned()).line();
        assert_eq!(line, "missing  No backup. Make one.");
        assert_eq!(Finding::ok("Fine.".to_owned()).line(), "ok       Fine.");
    }
}
