//! What a restore takes over from the database that it replaces: what was published, and who belongs to what.
//!
//! A backup knows nothing of what came after it. Records come back from the phones; a release that was published, a membership
//! that was ended and a role that was taken away do not. Where the database before is sound, and is known to be a later state of
//! the one that the backup was made of, they are taken from it, all or nothing.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{Result, check, connect, new_file};
use crate::store::sqlite::MIGRATIONS;

/// In `meta`: the epochs of the databases that this one succeeds with everything that these tables had, with commas between.
const SUCCEEDS: &str = "succeeds";

/// How a table of people is taken over.
enum How {
    /// Who is not in the backup is added: others refer to them.
    Added,
    /// As `Added`, for associations: one that came in after the backup has given no sequence number yet, and its records come from
    /// the phones of its members, who belong to it.
    Began,
    /// The backup's rows give way to the later ones, so that what was taken away stays so.
    Whole,
    /// As `Whole`, without rows of associations that neither database has.
    OfAssociations,
}

/// The tables that say who may do what, in the order in which they refer to each other. One that comes with a later migration
/// and says so (keys of sign-in, what was deleted on somebody's request) belongs here.
const PEOPLE: [(&str, How); 20] = [
    ("person", How::Added),
    ("association", How::Began),
    ("membership", How::OfAssociations),
    ("coordinator_of", How::Whole),
    ("operator", How::Whole),
    ("passkey", How::Whole),
    ("recovery_code", How::Whole),
    ("oidc_account", How::Whole),
    ("mail_address", How::Whole),
    // Those that were ended stay ended, and nobody who is signed in has to come in anew to offer what their phone holds.
    ("sign_in", How::Whole),
    ("let_in", How::Whole),
    // Whoever said no to reminders is not reminded, and nobody is a second time.
    ("mail_reminder", How::OfAssociations),
    ("push_reminder", How::OfAssociations),
    // A phone that was told to forget is told again, and what it handed in is on no phone any more.
    ("ended_sign_in", How::Whole),
    ("quarantine", How::OfAssociations),
    // A token that was ended stays ended, and a program whose token was not need not be set up anew.
    ("read_token", How::OfAssociations),
    ("acceptance", How::Whole),
    ("joining_draft", How::Whole),
    ("joining_request", How::Whole),
    // Every row, or the chain is broken.
    ("audit", How::Whole),
];

/// What was taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Releases that came after the backup.
    pub releases: u64,
}

/// Takes over from `before` into the restored database in `part`, whose epoch in the backup was `epoch`. `copy` is the name of
/// a file for the time being; the caller removes it.
///
/// # Errors
///
/// Where `before` is damaged, of a newer program, or not known to be a later state of the backup's database. Nothing was taken
/// over then.
pub async fn carry(before: &Path, copy: &Path, part: &Path, epoch: &str) -> Result<Carried> {
    // A copy, so that what is put aside stays as it was; with the log, and with today's tables.
    new_file(copy)?;
    let name = copy.to_str().ok_or("the name of the folder is not Unicode")?.to_owned();
    let mut connection = connect(before).await?;
    let copied = copy_sound(&mut connection, &name).await;
    // Also where it failed: a connection that is only dropped may still be at work when the files are renamed.
    let closed = connection.close().await;
    copied?;
    closed?;
    let mut connection = connect(copy).await?;
    let migrated = MIGRATIONS.run(&mut connection).await;
    connection.close().await?;
    migrated?;

    // Rows are replaced table by table: what refers to what is looked at when all are there.
    let options = SqliteConnectOptions::new().filename(part).foreign_keys(false);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let carried = take_over(&mut connection, &name, epoch).await;
    connection.close().await?;
    carried
}

async fn copy_sound(connection: &mut SqliteConnection, copy: &str) -> Result<()> {
    check(connection).await?;
    sqlx::query("vacuum into $1").bind(copy.to_owned()).execute(connection).await?;
    Ok(())
}

/// In one transaction: all of it or nothing.
async fn take_over(connection: &mut SqliteConnection, copy: &str, epoch: &str) -> Result<Carried> {
    sqlx::query("attach database $1 as before").bind(copy.to_owned()).execute(&mut *connection).await?;
    let mut tx = connection.begin().await?;
    let succeeded = epochs_of(&mut tx).await?;
    if !succeeded.iter().any(|one| one == epoch) {
        return Err("it is not known to be a later state of the backup's database".into());
    }
    let releases = releases(&mut tx).await?;
    for (table, how) in &PEOPLE {
        people(&mut tx, table, how).await?;
    }
    // What an edit started from was a revision of the database before: the backup may have another under its number (S9).
    sqlx::query("update main.quarantine set base = 0").execute(&mut *tx).await?;
    invitations(&mut tx, jiff::Timestamp::now().as_millisecond()).await?;
    if !sqlx::query("pragma main.foreign_key_check").fetch_all(&mut *tx).await?.is_empty() {
        return Err("what it has does not fit the backup".into());
    }
    sqlx::query("insert into main.meta (name, value) values ($1, $2) on conflict do update set value = excluded.value")
        .bind(SUCCEEDS)
        .bind(succeeded.join(","))
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(Carried { releases })
}

/// The epoch of the database before, and those that it succeeds.
async fn epochs_of(connection: &mut SqliteConnection) -> Result<Vec<String>> {
    let values: Vec<String> =
        sqlx::query_scalar("select value from before.meta where name in ('epoch', $1) order by name")
            .bind(SUCCEEDS)
            .fetch_all(connection)
            .await?;
    Ok(values.iter().flat_map(|value| value.split(',')).map(str::to_owned).collect())
}

/// Adds the releases that came after the backup, with their cells and with what they counted: a gathering that a phone offers
/// again is then not counted a second time.
async fn releases(connection: &mut SqliteConnection) -> Result<u64> {
    let numbered_otherwise: bool = sqlx::query_scalar(
        "select exists (select 1 from before.release b join main.release m
            on (m.number = b.number) <> (m.quarter = b.quarter))",
    )
    .fetch_one(&mut *connection)
    .await?;
    if numbered_otherwise {
        return Err("it numbers its releases otherwise than the backup".into());
    }
    sqlx::query(
        "create temp table carried as select number from before.release except select number from main.release",
    )
    .execute(&mut *connection)
    .await?;
    let mut carried = 0;
    for (table, number) in [("release", "number"), ("release_cell", "release")] {
        let columns = columns(connection, table).await?.join(", ");
        let sql = format!(
            "insert into main.{table} ({columns}) select {columns} from before.{table}
             where {number} in (select number from carried)"
        );
        let added = sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await?.rows_affected();
        if table == "release" {
            carried = added;
        }
    }
    let columns = columns(connection, "sensitive_gathering").await?.join(", ");
    let sql = format!(
        "insert or replace into main.sensitive_gathering ({columns}) select {columns} from before.sensitive_gathering
         where released_in in (select number from carried)"
    );
    sqlx::query(AssertSqlSafe(sql)).execute(&mut *connection).await?;
    // The quarter that releases begin with, where the backup is from before it was said.
    sqlx::query("insert or ignore into main.meta select name, value from before.meta where name = 'first_release'")
        .execute(&mut *connection)
        .await?;
    Ok(carried)
}

async fn people(connection: &mut SqliteConnection, table: &str, how: &How) -> Result<()> {
    let names = columns(connection, table).await?;
    let columns = names.join(", ");
    let values: Vec<&str> = names
        .iter()
        .map(|name| match (how, name.as_str()) {
            (How::Began, "seq") => "0",
            (_, name) => name,
        })
        .collect();
    let values = values.join(", ");
    let mut add = format!("insert or ignore into main.{table} ({columns}) select {values} from before.{table}");
    if let How::Whole | How::OfAssociations = how {
        let all = format!("delete from main.{table}");
        sqlx::query(AssertSqlSafe(all)).execute(&mut *connection).await?;
    }
    if let How::OfAssociations = how {
        add.push_str(" where association_id in (select id from main.association)");
    }
    sqlx::query(AssertSqlSafe(add)).execute(&mut *connection).await?;
    Ok(())
}

/// The invitations by which somebody is in the middle of bringing in an association: they go on. To others they are of no use any more,
/// as all that were made before a restore.
async fn invitations(connection: &mut SqliteConnection, now_ms: i64) -> Result<()> {
    let names = columns(connection, "invitation").await?;
    let values: Vec<&str> = names
        .iter()
        .map(|name| match name.as_str() {
            "revoked_at" => "coalesce(revoked_at, $1)",
            name => name,
        })
        .collect();
    let add = format!(
        "insert or ignore into main.invitation ({}) select {} from before.invitation i
         where i.kind = 'association' and exists (
            select 1 from before.acceptance a where a.invitation_id = i.id and a.taken_up_at is null)",
        names.join(", "),
        values.join(", ")
    );
    sqlx::query(AssertSqlSafe(add)).bind(now_ms).execute(&mut *connection).await?;
    Ok(())
}

/// The columns of a table; both databases have today's.
async fn columns(connection: &mut SqliteConnection, table: &str) -> Result<Vec<String>> {
    let names = sqlx::query_scalar("select name from pragma_table_info($1, 'main') order by cid");
    Ok(names.bind(table.to_owned()).fetch_all(connection).await?)
}
