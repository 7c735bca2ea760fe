//! The audit log's rows. Whatever else writes them passes its own transaction.

use async_trait::async_trait;
use domain::{AssociationId, UserId};
use sqlx::{Row, Sqlite, SqliteConnection, Transaction, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    decode::{bytes, integer, natural, uuid},
};
use crate::store::{Act, Audit, AuditEntry, AuditNumbered, AuditRow, Result, StoreError, audit::chain};

/// Adds the entry in the caller's transaction: it is there exactly when what it says has happened.
pub(crate) async fn append(tx: &mut SqliteConnection, entry: &AuditEntry) -> Result<()> {
    let last: Option<(i64, Vec<u8>)> =
        sqlx::query_as("select seq, hash from audit order by seq desc limit 1").fetch_optional(&mut *tx).await?;
    let (seq, before) = last.unwrap_or_default();
    let seq = seq + 1;
    sqlx::query(
        "insert into audit (seq, at, actor, association_id, act, subject, hash) values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(seq)
    .bind(entry.at_ms)
    .bind(entry.actor.map(|actor| bytes(actor.uuid())))
    .bind(entry.association.map(|association| bytes(association.uuid())))
    .bind(entry.act.code())
    .bind(entry.subject.map(bytes))
    .bind(chain(&before, natural(seq)?, entry))
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Ends a transaction that is logged: with its entry where something was done, which it answers, and without a trace where nothing was.
pub(super) async fn commit(mut tx: Transaction<'static, Sqlite>, is_done: bool, entry: &AuditEntry) -> Result<bool> {
    if is_done {
        append(&mut tx, entry).await?;
        tx.commit().await?;
    }
    Ok(is_done)
}

#[async_trait]
impl Audit for SqliteStore {
    async fn audit(&self, entry: AuditEntry) -> Result<()> {
        let mut tx = self.immediate().await?;
        append(&mut tx, &entry).await?;
        Ok(tx.commit().await?)
    }

    async fn audit_of(&self, association: AssociationId, limit: u32) -> Result<Vec<AuditRow>> {
        let rows = sqlx::query("select * from audit where association_id = $1 order by seq desc limit $2")
            .bind(bytes(association.uuid()))
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(read).collect()
    }

    async fn audit_before(
        &self,
        association: AssociationId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<AuditNumbered>> {
        // Rows are only added: a number stays with its row.
        let rows = sqlx::query(
            "select * from (select a.*, row_number() over (order by seq) as number from audit a where association_id = $1)
             where number < $2 order by number desc limit $3",
        )
        .bind(bytes(association.uuid()))
        .bind(before.map_or(i64::MAX, |before| i64::try_from(before).unwrap_or(i64::MAX)))
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        let numbered =
            |row: &SqliteRow| Ok(AuditNumbered { number: natural(row.try_get("number")?)?, row: read(row)? });
        rows.iter().map(numbered).collect()
    }

    async fn audit_rows(&self, after: u64, limit: u32) -> Result<Vec<AuditRow>> {
        let rows = sqlx::query("select * from audit where seq > $1 order by seq limit $2")
            .bind(integer(after)?)
            .bind(i64::from(limit))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(read).collect()
    }
}

pub(super) fn read(row: &SqliteRow) -> Result<AuditRow> {
    let id = |name: &str| -> Result<Option<Uuid>> {
        let found: Option<Vec<u8>> = row.try_get(name)?;
        found.map(uuid).transpose()
    };
    Ok(AuditRow {
        seq: natural(row.try_get("seq")?)?,
        at_ms: row.try_get("at")?,
        actor: id("actor")?.map(UserId::new),
        association: id("association_id")?.map(AssociationId::new),
        act: Act::parse(row.try_get("act")?).ok_or(StoreError::Damaged("act of the audit log"))?,
        subject: id("subject")?,
        hash: row.try_get("hash")?,
    })
}
