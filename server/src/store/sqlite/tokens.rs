//! Tokens with which programs read an association, by the HMAC of each.

use async_trait::async_trait;
use domain::{AssociationId, UserId, permission::scope::Scope};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore, audit,
    decode::{bytes, uuid},
};
use crate::store::{AuditEntry, ReadToken, ReadTokens, Result, StoreError};

#[async_trait]
impl ReadTokens for SqliteStore {
    async fn add_read_token(&self, token: &ReadToken, hash: &[u8], most: u32, entry: AuditEntry) -> Result<bool> {
        let mut tx = self.immediate().await?;
        let done = sqlx::query(
            "insert into read_token (id, token_hash, association_id, person_id, name, scope, made_at, expires_at)
             select $1, $2, $3, $4, $5, $6, $7, $8
             where (select count(*) from read_token
                    where association_id = $3 and ended_at is null and expires_at > $7) < $9
             and exists (select 1 from membership
                         where association_id = $3 and person_id = $4 and role = 'reviewer' and ended_at is null)",
        )
        .bind(bytes(token.id))
        .bind(hash.to_vec())
        .bind(bytes(token.association.uuid()))
        .bind(bytes(token.user.uuid()))
        .bind(token.name.clone())
        .bind(token.scope.name())
        .bind(token.made_ms)
        .bind(token.expires_ms)
        .bind(most)
        .execute(&mut *tx)
        .await?;
        audit::commit(tx, done.rows_affected() > 0, &entry).await
    }

    async fn read_token(&self, hash: &[u8]) -> Result<Option<ReadToken>> {
        let row = sqlx::query("select * from read_token where token_hash = $1")
            .bind(hash.to_vec())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(read).transpose()
    }

    async fn read_tokens(&self, association: AssociationId) -> Result<Vec<ReadToken>> {
        let rows = sqlx::query(
            "select * from read_token where association_id = $1 and ended_at is null order by made_at desc, id",
        )
        .bind(bytes(association.uuid()))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(read).collect()
    }

    async fn read_token_used(&self, id: Uuid, now_ms: i64) -> Result<()> {
        sqlx::query("update read_token set last_used_at = max(coalesce(last_used_at, 0), $2) where id = $1")
            .bind(bytes(id))
            .bind(now_ms)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn end_read_token(&self, association: AssociationId, id: Uuid, entry: AuditEntry) -> Result<bool> {
        let mut tx = self.immediate().await?;
        let done = sqlx::query(
            "update read_token set ended_at = $3 where id = $2 and association_id = $1 and ended_at is null",
        )
        .bind(bytes(association.uuid()))
        .bind(bytes(id))
        .bind(entry.at_ms)
        .execute(&mut *tx)
        .await?;
        audit::commit(tx, done.rows_affected() > 0, &entry).await
    }
}

/// Ends the tokens that somebody made for an association of which they are no reviewer any more, in the caller's transaction: they stay
/// ended when the person comes back.
pub(super) async fn end_of(
    tx: &mut SqliteConnection,
    association: AssociationId,
    user: UserId,
    at_ms: i64,
) -> Result<()> {
    sqlx::query(
        "update read_token set ended_at = $3 where association_id = $1 and person_id = $2 and ended_at is null",
    )
    .bind(bytes(association.uuid()))
    .bind(bytes(user.uuid()))
    .bind(at_ms)
    .execute(&mut *tx)
    .await?;
    Ok(())
}

pub(super) fn read(row: &SqliteRow) -> Result<ReadToken> {
    Ok(ReadToken {
        id: uuid(row.try_get("id")?)?,
        association: AssociationId::new(uuid(row.try_get("association_id")?)?),
        user: UserId::new(uuid(row.try_get("person_id")?)?),
        name: row.try_get("name")?,
        scope: Scope::parse(row.try_get("scope")?).ok_or(StoreError::Damaged("scope of a token"))?,
        made_ms: row.try_get("made_at")?,
        expires_ms: row.try_get("expires_at")?,
        last_used_ms: row.try_get("last_used_at")?,
        ended_ms: row.try_get("ended_at")?,
    })
}
