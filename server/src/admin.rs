//! `hytevihko admin` and `hytevihko check`: what whoever operates the server does to it, beside the server or before its first start.
//!
//! The commands work on the database and not through the server: whoever can read the data folder needs no sign-in. A running server
//! sees what they change at once, because it remembers nothing of people between two requests; only what is set for the server
//! itself is read at its start.

pub mod check;
mod end;
mod invite;
mod list;
mod log;
pub mod set_up;
pub mod settings;
mod table;

use std::{path::Path, sync::Arc};

use domain::{Area, Lang, UserId};
use jiff::{Timestamp, tz::TimeZone};
use uuid::Uuid;

use crate::{
    Server,
    clock::Clock,
    config::admin::{Admin, AdminCommand, AuditCommand, Check},
    folder::{self, Lock},
    http::problem::Problem,
    identity::secret::Secret,
    store::{Act, AuditEntry, sqlite::SqliteStore},
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Runs a command, and prints what came of it. False where what was asked for is not so (a broken chain).
pub async fn run(options: Admin) -> Result<bool> {
    let Admin { data, command } = options;
    if matches!(command, AdminCommand::Set(_)) {
        make(&data).await?;
    }
    let server = open(&data).await?;
    let done = carry_out(&server, command).await;
    server.store.close().await;
    done
}

async fn carry_out(server: &Server, command: AdminCommand) -> Result<bool> {
    match command {
        AdminCommand::Invite(options) => invite::invite(server, options).await?,
        AdminCommand::List(options) => list::list(server, options).await?,
        AdminCommand::End(options) => end::end(server, options.what).await?,
        AdminCommand::MoveRole { person, link } => invite::move_role(server, person, link).await?,
        AdminCommand::Set(options) => settings::set(server, options.what).await?,
        AdminCommand::Unset { what } => settings::unset(server, what).await?,
        AdminCommand::Show => settings::show(server).await?,
        AdminCommand::Audit(options) => match options.what {
            AuditCommand::Verify => return log::verify(server).await,
            AuditCommand::Show { association, limit } => log::show(server, association, limit).await?,
        },
    }
    Ok(true)
}

/// `hytevihko check`: prints what is missing. False where something is.
pub async fn check(options: Check) -> Result<bool> {
    let mut server = open(&options.data).await?;
    server.origin = settings::origin_of_links(&server, options.origin).await?.into();
    server.operator = settings::operator(&*server.store).await?.into();
    let findings = check::of_program(&server, options.online).await;
    server.store.close().await;
    let findings = findings?;
    for finding in &findings {
        println!("{}", finding.line());
    }
    let missing = findings.iter().filter(|finding| finding.state == check::State::Missing).count();
    match missing {
        0 => println!("Nothing is missing."),
        _ => println!("Missing: {missing}"),
    }
    Ok(missing == 0)
}

/// The database of a data folder with what a server has, also beside a running server.
async fn open(data: &Path) -> Result<Server> {
    let file = folder::database(data);
    let cannot = |error: String| {
        let how = "run this as the user that the server runs as, or as root";
        format!("cannot use {}: {error} ({how})", file.display())
    };
    if !file.try_exists().map_err(|error| cannot(error.to_string()))? {
        let why = "start the server there once, or name the folder of its database with --data";
        return Err(format!("there is no database in {}: {why}", data.display()).into());
    }
    // Tables are changed under nobody: a server that runs here, and whose program is another one, knows the tables of today.
    let _lock = match SqliteStore::is_current(&file).await.map_err(|error| cannot(error.to_string()))? {
        true => None,
        false => Some(Lock::take(data).map_err(|error| format!("the database is of an earlier release; {error}"))?),
    };
    let store = SqliteStore::open(&file).await.map_err(|error| cannot(error.to_string()))?;
    let clock = Clock::new(None).ok_or("the time zone Europe/Helsinki is missing")?;
    let mut server = Server::new(Arc::new(store), clock, false).await?;
    server.secret = Secret::new(folder::secret(data)?);
    server.data = data.into();
    give_to_owner(data);
    Ok(server)
}

/// Makes a database where there is none, so that something can be set before the first start.
async fn make(data: &Path) -> Result<()> {
    if folder::database(data).exists() {
        return Ok(());
    }
    let _lock = Lock::take(data)?;
    SqliteStore::open(&folder::database(data)).await?;
    println!("Made a new database in {}.", data.display());
    Ok(())
}

/// What root has just made in the folder of another user is that user's, or the server could not read it.
#[cfg(unix)]
fn give_to_owner(data: &Path) {
    use std::os::unix::fs::{MetadataExt, chown};
    let Ok(owner) = std::fs::metadata(data) else { return };
    for file in folder::files(data) {
        if std::fs::metadata(&file).is_ok_and(|made| made.uid() != owner.uid()) {
            // Nobody but root can; `check` says whose file stands in the way.
            let _ = chown(&file, Some(owner.uid()), Some(owner.gid()));
        }
    }
}

#[cfg(not(unix))]
fn give_to_owner(_: &Path) {}

/// An entry of the audit log about what a command does now.
fn entry(server: &Server, act: Act, association: Option<domain::AssociationId>, subject: Option<Uuid>) -> AuditEntry {
    AuditEntry { association, ..server.entry(None, act, subject) }
}

/// What an operator reads of a refusal.
fn plain(problem: Problem) -> String {
    match problem {
        Problem::Store(error) => error.to_string(),
        other => format!("{other:?}"),
    }
}

/// A moment on the clock of whoever reads it, in Finland.
pub fn moment(ms: i64) -> String {
    let moment = Timestamp::from_millisecond(ms).unwrap_or_default();
    let zone = TimeZone::get("Europe/Helsinki").unwrap_or(TimeZone::UTC);
    moment.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
}

/// `municipality:755 Siuntio`.
fn area_and_name(area: Area) -> String {
    match area {
        Area::Nation => "nation".to_owned(),
        area => format!("{} {}", area_as_typed(area), area.name(Lang::En)),
    }
}

/// As the command line takes it.
fn area_as_typed(area: Area) -> String {
    match area {
        Area::Nation => "nation".to_owned(),
        area => format!("{}:{}", area.kind(), area.code()),
    }
}

/// The person, or what to do where there is none.
async fn person(server: &Server, user: UserId) -> Result<crate::store::Person> {
    let person = server.store.person(user).await?;
    person.ok_or_else(|| format!("there is no person {user}: `hytevihko admin list` says the ids").into())
}
