//! What people who have left handed in.

use async_trait::async_trait;
use domain::{AssociationId, ChangeId, DeviceId, RecordId, UserId};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use sync::canonical::canonical;

use super::{
    SqliteStore, audit,
    decode::{bytes, content, integer, natural, uuid},
};
use crate::store::{AuditEntry, Decided, Kept, Quarantine, QuarantineBounds, Quarantined, Result, StoreError};

#[async_trait]
impl Quarantine for SqliteStore {
    async fn hand_in(&self, new: &[Quarantined], bounds: QuarantineBounds, entry: AuditEntry) -> Result<Vec<Kept>> {
        let mut tx = self.immediate().await?;
        let mut told = Vec::with_capacity(new.len());
        let mut is_any_new = false;
        for one in new {
            let (kept, is_new) = keep(&mut tx, one, bounds).await?;
            told.push(kept);
            is_any_new |= is_new;
        }
        audit::commit(tx, is_any_new, &entry).await?;
        Ok(told)
    }

    async fn quarantined(&self, association: AssociationId, limit: u32) -> Result<Vec<Quarantined>> {
        let rows = sqlx::query(
            "select * from quarantine where association_id = $1 and decided is null
             order by handed_in_at, change_id limit $2",
        )
        .bind(bytes(association.uuid()))
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(read).collect()
    }

    async fn decide_quarantined(
        &self,
        association: AssociationId,
        changes: &[ChangeId],
        decided: Decided,
        entry: AuditEntry,
    ) -> Result<u64> {
        let mut tx = self.immediate().await?;
        let mut count = 0;
        for change in changes {
            let record: Option<Vec<u8>> = sqlx::query_scalar(
                "update quarantine set decided = $3, content = case $3 when 'taken' then content end
                 where association_id = $1 and change_id = $2 and decided is null returning record_id",
            )
            .bind(bytes(association.uuid()))
            .bind(bytes(change.uuid()))
            .bind(match decided {
                Decided::Taken => "taken",
                Decided::Discarded => "discarded",
            })
            .fetch_optional(&mut *tx)
            .await?;
            if let Some(record) = record {
                audit::append(&mut tx, &AuditEntry { subject: Some(uuid(record)?), ..entry }).await?;
                count += 1;
            }
        }
        tx.commit().await?;
        Ok(count)
    }
}

/// What became of it, and whether it was not there before.
async fn keep(tx: &mut SqliteConnection, one: &Quarantined, bounds: QuarantineBounds) -> Result<(Kept, bool)> {
    let there: Option<(Vec<u8>, Vec<u8>, String)> = sqlx::query_as(
        "select record_id, person_id, sent_hash from quarantine where association_id = $1 and change_id = $2",
    )
    .bind(bytes(one.association.uuid()))
    .bind(bytes(one.change.uuid()))
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(there) = there {
        let is_same = there == (bytes(one.record.uuid()), bytes(one.user.uuid()), one.sent_hash.clone());
        return Ok((if is_same { Kept::There } else { Kept::SomethingElse }, false));
    }
    let (records, all_bytes): (i64, i64) = sqlx::query_as(
        "select count(*), coalesce(sum(bytes), 0) from quarantine
         where association_id = $1 and person_id = $2 and device = $3 and decided is null",
    )
    .bind(bytes(one.association.uuid()))
    .bind(bytes(one.user.uuid()))
    .bind(bytes(one.device.uuid()))
    .fetch_one(&mut *tx)
    .await?;
    let text = canonical(&one.content);
    let size = text.len() as u64;
    if natural(records)? >= bounds.records || natural(all_bytes)? + size > bounds.bytes {
        return Ok((Kept::Full, false));
    }
    sqlx::query(
        "insert into quarantine (association_id, change_id, record_id, person_id, device, base, content, bytes, sent_hash,
                                 made_at, handed_in_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(bytes(one.association.uuid()))
    .bind(bytes(one.change.uuid()))
    .bind(bytes(one.record.uuid()))
    .bind(bytes(one.user.uuid()))
    .bind(bytes(one.device.uuid()))
    .bind(one.base)
    .bind(text)
    .bind(integer(size)?)
    .bind(one.sent_hash.clone())
    .bind(one.made_at)
    .bind(one.handed_in_ms)
    .execute(&mut *tx)
    .await?;
    Ok((Kept::There, true))
}

pub(super) fn read(row: &SqliteRow) -> Result<Quarantined> {
    Ok(Quarantined {
        association: AssociationId::new(uuid(row.try_get("association_id")?)?),
        change: ChangeId::new(uuid(row.try_get("change_id")?)?),
        record: RecordId::new(uuid(row.try_get("record_id")?)?),
        user: UserId::new(uuid(row.try_get("person_id")?)?),
        device: DeviceId::new(uuid(row.try_get("device")?)?),
        base: row.try_get("base")?,
        content: content(row.try_get("content")?)?.ok_or(StoreError::Damaged("content in quarantine"))?,
        sent_hash: row.try_get("sent_hash")?,
        made_at: row.try_get("made_at")?,
        handed_in_ms: row.try_get("handed_in_at")?,
    })
}
