//! Passkeys and recovery codes.

use async_trait::async_trait;
use domain::UserId;
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore, audit,
    decode::{bytes, uuid},
};
use crate::store::{
    AuditEntry, Keys, PasskeyRow, PasskeyUse, Result, StoreError,
    keys::{PASSKEYS_MAX, Removal},
};

#[async_trait]
impl Keys for SqliteStore {
    async fn add_passkey(&self, passkey: &PasskeyRow, entry: AuditEntry) -> Result<bool> {
        let mut tx = self.immediate().await?;
        let done = sqlx::query(
            "insert into passkey (id, credential, person_id, key, counter, name, created_at, last_used_at, suspect_at,
                                  by_mail)
             select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
             where (select count(*) from passkey where person_id = $3) < $11
             on conflict do nothing",
        )
        .bind(bytes(passkey.id))
        .bind(passkey.credential.clone())
        .bind(bytes(passkey.user.uuid()))
        .bind(passkey.key.clone())
        .bind(i64::from(passkey.counter))
        .bind(passkey.name.clone())
        .bind(passkey.created_ms)
        .bind(passkey.last_used_ms)
        .bind(passkey.suspect_ms)
        .bind(passkey.by_mail)
        .bind(i64::from(PASSKEYS_MAX))
        .execute(&mut *tx)
        .await?;
        audit::commit(tx, done.rows_affected() > 0, &entry).await
    }

    async fn passkeys(&self, user: UserId) -> Result<Vec<PasskeyRow>> {
        let rows = sqlx::query("select * from passkey where person_id = $1 order by created_at, id")
            .bind(bytes(user.uuid()))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(read).collect()
    }

    async fn passkey(&self, credential: &[u8]) -> Result<Option<PasskeyRow>> {
        let row = sqlx::query("select * from passkey where credential = $1")
            .bind(credential.to_vec())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(read).transpose()
    }

    async fn passkey_used(&self, id: Uuid, used: PasskeyUse<'_>) -> Result<bool> {
        let done = sqlx::query(
            "update passkey set key = $2, counter = $3, last_used_at = $4
             where id = $1 and suspect_at is null and (counter < $3 or (counter = 0 and $3 = 0))",
        )
        .bind(bytes(id))
        .bind(used.key.to_owned())
        .bind(i64::from(used.counter))
        .bind(used.at_ms)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    async fn suspect_passkey(&self, id: Uuid, entry: AuditEntry) -> Result<()> {
        let mut tx = self.immediate().await?;
        let done = sqlx::query("update passkey set suspect_at = $2 where id = $1 and suspect_at is null")
            .bind(bytes(id))
            .bind(entry.at_ms)
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() > 0 {
            audit::append(&mut tx, &entry).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn rename_passkey(&self, user: UserId, id: Uuid, name: &str) -> Result<bool> {
        let done = sqlx::query("update passkey set name = $3 where id = $1 and person_id = $2")
            .bind(bytes(id))
            .bind(bytes(user.uuid()))
            .bind(name.to_owned())
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    async fn remove_passkey(&self, user: UserId, id: Uuid, needs_way: bool, entry: AuditEntry) -> Result<Removal> {
        let mut tx = self.immediate().await?;
        // One that is accepted no more is no way in that could be lost.
        let found: Option<bool> =
            sqlx::query_scalar("select suspect_at is null from passkey where id = $1 and person_id = $2")
                .bind(bytes(id))
                .bind(bytes(user.uuid()))
                .fetch_optional(&mut *tx)
                .await?;
        let Some(is_accepted) = found else { return Ok(Removal::Unknown) };
        let others: i64 =
            sqlx::query_scalar("select count(*) from passkey where person_id = $1 and id <> $2 and suspect_at is null")
                .bind(bytes(user.uuid()))
                .bind(bytes(id))
                .fetch_one(&mut *tx)
                .await?;
        if needs_way && is_accepted && others == 0 && codes_left(&mut tx, user).await? == 0 {
            return Ok(Removal::LastWayIn);
        }
        sqlx::query("delete from passkey where id = $1").bind(bytes(id)).execute(&mut *tx).await?;
        audit::append(&mut tx, &entry).await?;
        tx.commit().await?;
        Ok(Removal::Removed)
    }

    async fn set_recovery_codes(
        &self,
        user: UserId,
        hashes: &[Vec<u8>],
        by_mail: bool,
        entry: AuditEntry,
    ) -> Result<()> {
        let mut tx = self.immediate().await?;
        sqlx::query("delete from recovery_code where person_id = $1")
            .bind(bytes(user.uuid()))
            .execute(&mut *tx)
            .await?;
        for hash in hashes {
            sqlx::query("insert into recovery_code (hash, person_id, by_mail) values ($1, $2, $3)")
                .bind(hash.clone())
                .bind(bytes(user.uuid()))
                .bind(by_mail)
                .execute(&mut *tx)
                .await?;
        }
        audit::append(&mut tx, &entry).await?;
        Ok(tx.commit().await?)
    }

    async fn recovery_codes_left(&self, user: UserId) -> Result<u32> {
        let mut reader = self.readers.acquire().await?;
        codes_left(&mut reader, user).await
    }

    async fn has_way_beside_mail(&self, user: UserId) -> Result<bool> {
        let has_any =
            "select exists (select 1 from passkey where person_id = $1 and suspect_at is null and by_mail = 0)
                           or exists (select 1 from recovery_code where person_id = $1 and by_mail = 0)";
        Ok(sqlx::query_scalar(has_any).bind(bytes(user.uuid())).fetch_one(&self.readers).await?)
    }

    async fn recovery_code(&self, hash: &[u8]) -> Result<Option<(UserId, bool)>> {
        let found: Option<(Vec<u8>, bool)> =
            sqlx::query_as("select person_id, by_mail from recovery_code where hash = $1")
                .bind(hash.to_vec())
                .fetch_optional(&self.readers)
                .await?;
        found.map(|(id, by_mail)| Ok((UserId::new(uuid(id)?), by_mail))).transpose()
    }

    async fn use_recovery_code(&self, user: UserId, hash: &[u8], entry: AuditEntry) -> Result<Option<u32>> {
        let mut tx = self.immediate().await?;
        let done = sqlx::query("delete from recovery_code where hash = $1 and person_id = $2")
            .bind(hash.to_vec())
            .bind(bytes(user.uuid()))
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(None);
        }
        let left = codes_left(&mut tx, user).await?;
        audit::append(&mut tx, &entry).await?;
        tx.commit().await?;
        Ok(Some(left))
    }
}

async fn codes_left(connection: &mut SqliteConnection, user: UserId) -> Result<u32> {
    let left: i64 = sqlx::query_scalar("select count(*) from recovery_code where person_id = $1")
        .bind(bytes(user.uuid()))
        .fetch_one(connection)
        .await?;
    u32::try_from(left).map_err(|_| StoreError::Damaged("recovery codes"))
}

fn read(row: &SqliteRow) -> Result<PasskeyRow> {
    let counter: i64 = row.try_get("counter")?;
    Ok(PasskeyRow {
        id: uuid(row.try_get("id")?)?,
        credential: row.try_get("credential")?,
        user: UserId::new(uuid(row.try_get("person_id")?)?),
        key: row.try_get("key")?,
        counter: u32::try_from(counter).map_err(|_| StoreError::Damaged("counter of a passkey"))?,
        name: row.try_get("name")?,
        created_ms: row.try_get("created_at")?,
        last_used_ms: row.try_get("last_used_at")?,
        suspect_ms: row.try_get("suspect_at")?,
        by_mail: row.try_get("by_mail")?,
    })
}
