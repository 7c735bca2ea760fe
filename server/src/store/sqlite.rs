//! SQLite: one file, one writer, a few readers. `synchronous=FULL`: what a receipt says is on the disk.

mod people;
mod phones;
mod reports;
mod tx;

use std::{path::Path, time::Duration};

use domain::{AssociationId, DeviceId, Kind, Month, RecordId, Role, UserId, content::Content, permission::visible};
use sqlx::{
    Row, SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};
use sync::protocol::PullRecord;
use uuid::Uuid;

pub use self::tx::SqliteTx;
use super::{AssociationRow, Device, LastContact, PullPage, PullQuery, Result, Store, StoreError, TallyRow};

/// Readers beside the one writer: two cores, and a page that waits for the disk.
const READERS: u32 = 4;
/// The writer's cache, as SQLite counts it: 32 MB, so that the indexes of the associations that are at it stay in memory.
const WRITER_CACHE: &str = "-32768";
/// Pages of 4 kB in the log before they are brought into the file, 16 MB: a page that changes often is then written there once.
const CHECKPOINT_PAGES: &str = "4000";
/// How long a statement waits for another process (a backup) before it fails.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// What brings a database of an earlier release up to date.
pub(crate) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// The server's database in one file.
#[derive(Debug)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteStore {
    /// Opens or makes the database and brings its tables up to date.
    pub async fn open(file: &Path) -> Result<SqliteStore> {
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
        Ok(store)
    }

    /// The epoch of this database (S9).
    pub async fn epoch(&self) -> Result<String> {
        Ok(sqlx::query_scalar("select value from meta where name = 'epoch'").fetch_one(&self.writer).await?)
    }

    async fn set_meta_once(&self, name: &str, value: &str) -> Result<()> {
        sqlx::query("insert into meta (name, value) values ($1, $2) on conflict do nothing")
            .bind(name.to_owned())
            .bind(value.to_owned())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Whether the database answers.
    pub async fn is_ready(&self) -> bool {
        sqlx::query("select 1").execute(&self.readers).await.is_ok()
    }

    /// Lets every connection finish and closes the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl Store for SqliteStore {
    type Tx = SqliteTx;

    async fn begin(&self) -> Result<SqliteTx> {
        SqliteTx::begin(&self.writer).await
    }

    async fn pull(&self, query: PullQuery) -> Result<PullPage> {
        let rows = sqlx::query(
            "select r.kind, r.id, r.rev, r.seq, r.content, r.recorder, p.nickname
             from record r left join person p on p.id = r.recorder
             where r.association_id = $1 and r.seq > $2
               and (r.kind <> 'review' or $4 or exists (
                 select 1 from record g
                 where g.association_id = r.association_id and g.kind = 'gathering' and g.id = r.about
                   and g.recorder = $5 and coalesce(g.day >= $6, true)))
             order by r.seq limit $3",
        )
        .bind(bytes(query.association.uuid()))
        // A cursor that no sequence number reaches is after everything.
        .bind(i64::try_from(query.after).unwrap_or(i64::MAX))
        .bind(i64::from(query.limit))
        // A volunteer's phone gets the reviews of its own user's gatherings: the association's questions are for them.
        .bind(query.role == Role::Reviewer)
        .bind(bytes(query.user.uuid()))
        .bind(query.from_day.map(i64::from))
        .fetch_all(&self.readers)
        .await?;
        let mut page = PullPage { next: query.after, more: rows.len() == query.limit as usize, ..PullPage::default() };
        for row in &rows {
            let record = pulled(row, &query)?;
            page.next = record.seq;
            if is_for(&record, &query) {
                page.records.push(record);
            }
        }
        Ok(page)
    }

    async fn last_contacts(&self, user: UserId) -> Result<Vec<LastContact>> {
        phones::last_contacts(&self.readers, user).await
    }

    async fn devices(&self, association: AssociationId) -> Result<Vec<Device>> {
        phones::devices(&self.readers, association).await
    }

    async fn missing_seen(
        &self,
        association: AssociationId,
        user: UserId,
        device: DeviceId,
        missing: u64,
    ) -> Result<()> {
        phones::missing_seen(&self.writer, association, user, device, missing).await
    }

    async fn tallies(&self, municipality: &str, from: Month, to: Month) -> Result<Vec<TallyRow>> {
        reports::tallies(&self.readers, municipality, from, to).await
    }

    async fn associations(&self, municipality: &str, others: &[AssociationId]) -> Result<Vec<AssociationRow>> {
        reports::associations(&self.readers, municipality, others).await
    }
}

fn pulled(row: &SqliteRow, query: &PullQuery) -> Result<PullRecord> {
    let kind = Kind::from_name(row.try_get("kind")?).ok_or(StoreError::Damaged("kind of a record"))?;
    let recorder = UserId::new(uuid(row.try_get("recorder")?)?);
    let mine = recorder == query.user;
    let content = content(row.try_get("content")?)?.map(|content| visible(query.role, mine, kind, &content));
    let is_reviewer = query.role == Role::Reviewer;
    Ok(PullRecord {
        kind,
        id: RecordId::new(uuid(row.try_get("id")?)?),
        rev: row.try_get::<u32, _>("rev")?,
        seq: natural(row.try_get("seq")?)?,
        deleted: content.is_none(),
        content,
        mine,
        by: row.try_get::<Option<String>, _>("nickname")?.filter(|_| is_reviewer && kind == Kind::Gathering),
    })
}

/// A volunteer's phone gets the series and thirteen months of gatherings, and nothing that only the association settles.
fn is_for(record: &PullRecord, query: &PullQuery) -> bool {
    if query.role == Role::Volunteer && matches!(record.kind, Kind::Alternative | Kind::Settlement) {
        return false;
    }
    let day = || {
        let date = record.content.as_ref()?.get("date")?.as_str()?;
        domain::date::parse(date).map(domain::date::day_number)
    };
    match query.from_day {
        Some(from) if record.kind == Kind::Gathering => day().is_none_or(|day| day >= from),
        _ => true,
    }
}

fn bytes(uuid: Uuid) -> Vec<u8> {
    uuid.as_bytes().to_vec()
}

fn uuid(bytes: Vec<u8>) -> Result<Uuid> {
    Uuid::from_slice(&bytes).map_err(|_| StoreError::Damaged("id"))
}

fn content(text: Option<String>) -> Result<Option<Content>> {
    text.map(|text| serde_json::from_str(&text).map_err(|_| StoreError::Damaged("content"))).transpose()
}

/// SQLite's integers are signed; ours are not.
fn natural(value: i64) -> Result<u64> {
    u64::try_from(value).map_err(|_| StoreError::Damaged("negative number"))
}

fn integer(value: u64) -> Result<i64> {
    i64::try_from(value).map_err(|_| StoreError::Damaged("number over 63 bits"))
}
