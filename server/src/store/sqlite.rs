//! SQLite: one file, one writer, a few readers. `synchronous=FULL`: what a receipt says is on the disk.
//!
//! These files load and save. Only here and in the start-up, the commands, the backup and the tests is this database named.

mod accounts;
pub(crate) mod audit;
mod decode;
mod devices;
mod facts;
mod invitations;
mod joining;
mod keys;
mod mail_addresses;
mod overview;
pub(crate) mod own_data;
mod people;
mod quarantine;
mod records;
mod releases;
mod reminders;
mod retention;
mod sign_ins;
mod sums;
mod tokens;
mod transaction;

use std::{path::Path, time::Duration};

use async_trait::async_trait;
use sqlx::{
    Connection, Sqlite, SqliteConnection, SqlitePool, Transaction,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use uuid::Uuid;

use super::{Result, Store, StoreError};
use crate::folder;

/// Readers beside the one writer: two cores, and a page that waits for the disk.
const READERS: u32 = 4;
/// The writer's cache, as SQLite counts it: 32 MB, so that the indexes of the associations that are at it stay in memory.
const WRITER_CACHE: &str = "-32768";
/// Pages of 4 kB in the log before they are brought into the file, 16 MB: a page that changes often is then written there once.
const CHECKPOINT_PAGES: &str = "4000";
/// How long a statement waits for another process (a backup) before it fails.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a closing database waits for its readers, and then for its writer.
const CLOSE_WITHIN: Duration = Duration::from_secs(3);

/// What brings a database of an earlier release up to date.
pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// The server's database in one file.
#[derive(Debug)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteStore {
    /// Opens or makes the database, which only its owner can read, and brings its tables up to date.
    pub async fn open(file: &Path) -> Result<SqliteStore> {
        folder::own_database(file).map_err(sqlx::Error::Io)?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let writing = options.clone().pragma("cache_size", WRITER_CACHE).pragma("wal_autocheckpoint", CHECKPOINT_PAGES);
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(writing).await?;
        MIGRATIONS.run(&writer).await?;
        let readers = SqlitePoolOptions::new().max_connections(READERS).connect_with(options.read_only(true)).await?;
        let store = SqliteStore { writer, readers };
        store.set_meta_once("epoch", &Uuid::new_v4().to_string()).await?;
        // Of 244 random bits.
        let key = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        store.set_meta_once("seal_key", &key).await?;
        Ok(store)
    }

    /// Whether the tables of a database that exists are those of this program, so that opening it changes none of them.
    pub async fn is_current(file: &Path) -> Result<bool> {
        let options = SqliteConnectOptions::new().filename(file).busy_timeout(BUSY_TIMEOUT);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let has_any = "select exists (select 1 from sqlite_schema where name = '_sqlx_migrations')";
        let done: Vec<i64> = match sqlx::query_scalar(has_any).fetch_one(&mut connection).await? {
            true => {
                let done = "select version from _sqlx_migrations where success order by version";
                sqlx::query_scalar(done).fetch_all(&mut connection).await?
            }
            false => Vec::new(),
        };
        connection.close().await?;
        Ok(MIGRATIONS.iter().map(|migration| migration.version).eq(done))
    }

    async fn meta(&self, name: &str) -> Result<Option<String>> {
        let value = sqlx::query_scalar("select value from meta where name = $1").bind(name.to_owned());
        Ok(value.fetch_optional(&self.readers).await?)
    }

    /// The write transaction. Immediate: the lock is taken now, not at the first write, so that what is read stays true.
    async fn immediate(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("begin immediate").await?)
    }

    async fn set_meta_once(&self, name: &str, value: &str) -> Result<()> {
        sqlx::query("insert into meta (name, value) values ($1, $2) on conflict do nothing")
            .bind(name.to_owned())
            .bind(value.to_owned())
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn epoch(&self) -> Result<String> {
        Ok(sqlx::query_scalar("select value from meta where name = 'epoch'").fetch_one(&self.writer).await?)
    }

    async fn seal_key(&self) -> Result<String> {
        self.meta("seal_key").await?.ok_or(StoreError::Damaged("seal_key in meta"))
    }

    async fn restored_at_ms(&self) -> Result<Option<i64>> {
        let restored_at = self.meta("restored_at").await?;
        restored_at.map(|text| text.parse().map_err(|_| StoreError::Damaged("restored_at in meta"))).transpose()
    }

    async fn is_ready(&self) -> bool {
        sqlx::query("select 1").execute(&self.readers).await.is_ok()
    }

    async fn close(&self) {
        // A page or a push that does not end must not keep the process: what was answered is on the disk. The writer goes last: it
        // empties the log into the file.
        let readers = tokio::time::timeout(CLOSE_WITHIN, self.readers.close()).await;
        let writer = tokio::time::timeout(CLOSE_WITHIN, self.writer.close()).await;
        if readers.is_err() || writer.is_err() {
            tracing::warn!("the database is closed while somebody is at it");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_is_closed_although_somebody_is_at_it() {
        let folder = std::env::temp_dir().join(format!("hytevihko-close-{}", Uuid::new_v4()));
        folder::make(&folder).expect("a folder");
        let store = SqliteStore::open(&folder.join("test.db")).await.expect("a database");
        let reading = store.readers.acquire().await.expect("a reader");
        let writing = store.immediate().await.expect("a writer");
        let closed = tokio::time::timeout(CLOSE_WITHIN * 2 + Duration::from_secs(1), store.close()).await;
        assert!(closed.is_ok(), "it waits for ever");
        assert!(!store.is_ready().await);
        drop((reading, writing));
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
