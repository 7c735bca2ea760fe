//! `hytevihko backup` and `hytevihko restore`.

pub mod carry;

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use domain::UserId;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use uuid::Uuid;

use crate::{
    deletions,
    folder::{self, Lock, with_ending},
    store::{
        Act, AuditEntry, Fact,
        sqlite::{BUSY_TIMEOUT, MIGRATIONS, audit, own_data},
    },
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// What every Hytevihko database has had from the first release on.
const TABLES: [&str; 5] = ["association", "change_result", "meta", "record", "revision"];
/// What a backup must not bring back: it may have been ended, used up, removed or taken back after it. A table that is missing is one
/// that this program does not have.
const ENDED: [&str; 7] =
    ["mail_reminder", "push_reminder", "sign_in", "invitation", "recovery_code", "mail_address", "read_token"];

/// Copies the database of a data folder into `file`, also while a server runs. Returns the copy's size in bytes.
///
/// `vacuum into` reads one moment of the database and holds nobody up. The copy gets its name when it is whole and on the disk.
pub async fn backup(data: &Path, file: &Path, force: bool) -> Result<u64> {
    if file.exists() && !force {
        return Err(format!("{} exists; --force replaces it", file.display()).into());
    }
    let part = beside(file, "part")?;
    // Made beforehand, so that nobody else can ever read it: it holds notes.
    new_file(&part)?;
    let copied = copy(&folder::database(data), &part).await;
    if let Err(error) = copied {
        // What is left of the copy is of no use to anybody.
        let _ = fs::remove_file(&part);
        return Err(error);
    }
    put(&part, file)?;
    if let Err(error) = folder::backup_made(data) {
        // The copy is as sound; only `hytevihko check` does not know of it.
        tracing::warn!(%error, "the data folder does not say that there is a backup");
    }
    Ok(fs::metadata(file)?.len())
}

async fn copy(database: &Path, part: &Path) -> Result<()> {
    let mut connection = connect(database).await?;
    let name = part.to_str().ok_or("the name of the backup is not Unicode")?.to_owned();
    sqlx::query("vacuum into $1").bind(name).execute(&mut connection).await?;
    connection.close().await?;
    let mut copy = connect(part).await?;
    check(&mut copy).await?;
    copy.close().await?;
    Ok(())
}

/// What a restore put in place, and where the database before it is now.
#[derive(Debug)]
pub struct Restored {
    pub epoch: String,
    pub kept: Option<Kept>,
    /// People of the backup who had been deleted since, and were deleted again.
    pub deleted: u64,
}

/// The database that a restore replaced.
#[derive(Debug)]
pub struct Kept {
    pub file: PathBuf,
    /// What was taken over from it, or why nothing was.
    pub carried: std::result::Result<carry::Carried, String>,
}

/// Puts a backup in a data folder, under a new epoch, by which phones notice and offer what they hold (S9).
///
/// Releases are held until the operator confirms them. What came after the backup and is on no phone is taken from the database that
/// was there, see [`carry`], and who was signed in stays so; where that one is damaged, the restore goes on without, and nobody is
/// signed in afterwards.
/// Whoever was deleted since the backup, by the data folder's list ([`deletions`]), is deleted again.
pub async fn restore(data: &Path, file: &Path, force: bool) -> Result<Restored> {
    let _lock = Lock::take(data)?;
    let database = folder::database(data);
    if database.exists() && !force {
        return Err(format!("{} exists; --force puts it aside", database.display()).into());
    }
    if with_ending(file, "-wal").metadata().is_ok_and(|wal| wal.len() > 0) {
        let why = "has a -wal file beside it: it was copied from a running server and may be torn";
        return Err(format!("{} {why}", file.display()).into());
    }
    let part = beside(&database, "part")?;
    let prepared = prepare(file, &part).await;
    let Epochs { old, new } = match prepared {
        Ok(epochs) => epochs,
        Err(error) => {
            let _ = fs::remove_file(&part);
            return Err(error);
        }
    };
    let carried = if database.exists() {
        let copy = beside(&database, "before")?;
        let carried = carry::carry(&database, &copy, &part, &old).await;
        for ending in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(with_ending(&copy, ending));
        }
        Some(carried.map_err(|error| error.to_string()))
    } else {
        None
    };
    let deleted = match delete_again(data, &part).await {
        Ok(deleted) => deleted,
        Err(error) => {
            let _ = fs::remove_file(&part);
            return Err(format!("who was deleted would be there again: {error}").into());
        }
    };
    if let Err(error) = log(&part).await {
        let _ = fs::remove_file(&part);
        return Err(error);
    }
    let kept = put_aside(&database).await?;
    put(&part, &database)?;
    Ok(Restored { epoch: new, kept: kept.zip(carried).map(|(file, carried)| Kept { file, carried }), deleted })
}

/// The epoch that a backup had, and the one that it has now.
struct Epochs {
    old: String,
    new: String,
}

/// Copies a backup, checks it, brings its tables up to date, ends what must not come back, and gives it a new epoch.
async fn prepare(file: &Path, part: &Path) -> Result<Epochs> {
    let mut copy = new_file(part)?;
    File::open(file)
        .and_then(|mut backup| io::copy(&mut backup, &mut copy))
        .map_err(|error| format!("cannot copy {}: {error}", file.display()))?;
    drop(copy);
    let mut connection = connect(part).await?;
    check(&mut connection).await.map_err(|error| format!("{} is not a sound backup: {error}", file.display()))?;
    // Also refuses the backup of a newer program, whose tables this one does not know.
    MIGRATIONS.run(&mut connection).await?;
    let old: Option<String> =
        sqlx::query_scalar("select value from meta where name = 'epoch'").fetch_optional(&mut connection).await?;
    let new = Uuid::new_v4().to_string();
    let now = jiff::Timestamp::now().as_millisecond().to_string();
    let facts = [("epoch", new.as_str()), (Fact::RestoredAt.name(), &now), (Fact::ReleasesHeld.name(), "1")];
    for (name, value) in facts {
        sqlx::query("insert into meta (name, value) values ($1, $2) on conflict do update set value = excluded.value")
            .bind(name)
            .bind(value.to_owned())
            .execute(&mut connection)
            .await?;
    }
    let names = tables(&mut connection).await?;
    for table in ENDED.iter().filter(|table| names.iter().any(|name| name == *table)) {
        sqlx::query(AssertSqlSafe(format!("delete from {table}"))).execute(&mut connection).await?;
    }
    // What came after the backup is not known to have come: without this, it would be taken for lost.
    sqlx::query("update phone set begins_anew = 1").execute(&mut connection).await?;
    connection.close().await?;
    Ok(Epochs { old: old.unwrap_or_default(), new })
}

/// Deletes whoever the data folder's list names, and returns how many they were.
async fn delete_again(data: &Path, part: &Path) -> Result<u64> {
    let list = deletions::read(data)?;
    if list.is_empty() {
        return Ok(0);
    }
    let now = jiff::Timestamp::now().as_millisecond();
    let mut connection = connect(part).await?;
    let mut tx = connection.begin().await?;
    let ids: Vec<Vec<u8>> = sqlx::query_scalar("select id from person").fetch_all(&mut *tx).await?;
    let people = ids.iter().filter_map(|id| Uuid::from_slice(id).ok()).map(UserId::new);
    let associations = own_data::all_associations(&mut tx).await?;
    let mut deleted = 0;
    for user in people.filter(|user| list.contains(&deletions::hash(*user))) {
        own_data::erase(&mut tx, user, &associations, now).await?;
        deleted += 1;
    }
    tx.commit().await?;
    connection.close().await?;
    Ok(deleted)
}

/// Says in the audit log that the database was restored, behind all that it has from before.
async fn log(part: &Path) -> Result<()> {
    let at_ms = jiff::Timestamp::now().as_millisecond();
    let mut connection = connect(part).await?;
    let mut tx = connection.begin().await?;
    let entry = AuditEntry { at_ms, actor: None, association: None, act: Act::Restored, subject: None };
    audit::append(&mut tx, &entry).await?;
    tx.commit().await?;
    connection.close().await?;
    Ok(())
}

async fn connect(file: &Path) -> Result<SqliteConnection> {
    if !file.exists() {
        return Err(format!("there is no {}", file.display()).into());
    }
    Ok(SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file).busy_timeout(BUSY_TIMEOUT)).await?)
}

/// Whether every page is sound, and it is one of ours.
async fn check(connection: &mut SqliteConnection) -> Result<()> {
    let said: Vec<String> = sqlx::query_scalar("pragma integrity_check").fetch_all(&mut *connection).await?;
    if said != ["ok"] {
        return Err(format!("SQLite finds it damaged: {}", said.join("; ")).into());
    }
    let names = tables(connection).await?;
    match TABLES.iter().find(|table| !names.iter().any(|name| name == *table)) {
        Some(missing) => Err(format!("it has no table `{missing}`: not a database of Hytevihko").into()),
        None => Ok(()),
    }
}

async fn tables(connection: &mut SqliteConnection) -> Result<Vec<String>> {
    let names = sqlx::query_scalar("select name from sqlite_schema where type = 'table'");
    Ok(names.fetch_all(connection).await?)
}

/// Renames the database, with what belongs to it, out of the way.
async fn put_aside(database: &Path) -> Result<Option<PathBuf>> {
    if !database.exists() {
        return Ok(None);
    }
    // Brings the log into the file, so that one rename is all. A damaged database, which is why people restore, keeps its log.
    let _ = empty_log(database).await;
    let now = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let aside = with_ending(database, &format!(".before-restore-{now}"));
    for ending in ["", "-wal", "-shm"] {
        let from = with_ending(database, ending);
        if from.exists() {
            fs::rename(from, with_ending(&aside, ending))?;
        }
    }
    Ok(Some(aside))
}

async fn empty_log(database: &Path) -> Result<()> {
    let mut connection = connect(database).await?;
    sqlx::query("pragma wal_checkpoint(truncate)").execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// Gives a finished file its name, durably.
fn put(part: &Path, file: &Path) -> Result<()> {
    File::open(part)?.sync_all()?;
    fs::rename(part, file)?;
    #[cfg(unix)]
    File::open(folder_of(file))?.sync_all()?;
    Ok(())
}

fn new_file(file: &Path) -> Result<File> {
    folder::new_file(file).map_err(|error| format!("cannot write {}: {error}", file.display()).into())
}

/// A name in the same folder, so that a rename is one step. Nobody can put something there beforehand: it is random.
fn beside(file: &Path, what: &str) -> Result<PathBuf> {
    let name = file.file_name().ok_or("that names no file")?.to_string_lossy();
    Ok(folder_of(file).join(format!(".{name}.{what}-{}", Uuid::new_v4().simple())))
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
