//! Sign-ins, by the hash of their cookie.

use async_trait::async_trait;
use domain::{AssociationId, DeviceId, UserId, permission::people::Class};
use sqlx::{AssertSqlSafe, Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore, audit,
    decode::{bytes, role, uuid},
};
use crate::store::{AuditEntry, EndedSignIn, LetIn, Result, SignIn, SignIns, StoreError, Way};

/// In SQL, whether the sign-in of a row `s` is alive: what [`SignIn::is_alive`] says of one.
pub(super) fn alive(now_ms: i64) -> String {
    let used = Class::ALL.map(|class| {
        let since = now_ms.saturating_sub(class.idle_ms());
        format!("s.class = '{}' and s.last_used_at > {since}", class.name())
    });
    format!("(s.expires_at > {now_ms} and ({}))", used.join(" or "))
}

/// Adds a sign-in in the caller's transaction, of a browser that an association's invitation let in.
pub(super) async fn add(
    tx: &mut SqliteConnection,
    token_hash: &[u8],
    sign_in: &SignIn,
    replaces: Option<&[u8]>,
    let_in_by: Option<AssociationId>,
) -> Result<()> {
    // Whoever let this person in on this browser before has let them in still.
    sqlx::query(
        "insert into let_in (association_id, sign_in_id, person_id)
         select l.association_id, $1, s.person_id from sign_in s join let_in l on l.sign_in_id = s.id
         where (s.token_hash = $2 or s.previous_hash = $2) and s.person_id = $3
         union select $4, $1, $3 where $4 is not null",
    )
    .bind(bytes(sign_in.id))
    .bind(replaces.map(<[u8]>::to_vec))
    .bind(bytes(sign_in.user.uuid()))
    .bind(let_in_by.map(|association| bytes(association.uuid())))
    .execute(&mut *tx)
    .await?;
    sqlx::query("delete from sign_in where expires_at < $1 or token_hash = $2 or previous_hash = $2")
        .bind(sign_in.created_ms)
        .bind(replaces.map(<[u8]>::to_vec))
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "insert into sign_in (token_hash, id, person_id, device, class, way, created_at, rotated_at, last_used_at,
                              proved_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(token_hash.to_vec())
    .bind(bytes(sign_in.id))
    .bind(bytes(sign_in.user.uuid()))
    .bind(sign_in.device.map(|device| bytes(device.uuid())))
    .bind(sign_in.class.name())
    .bind(sign_in.way.name())
    .bind(sign_in.created_ms)
    .bind(sign_in.rotated_ms)
    .bind(sign_in.last_used_ms)
    .bind(sign_in.proved_ms)
    .bind(sign_in.expires_ms)
    .execute(&mut *tx)
    .await?;
    Ok(())
}

#[async_trait]
impl SignIns for SqliteStore {
    async fn add_sign_in_let_in(
        &self,
        token_hash: &[u8],
        sign_in: SignIn,
        replaces: Option<&[u8]>,
        entry: Option<AuditEntry>,
        let_in_by: Option<AssociationId>,
    ) -> Result<()> {
        let mut tx = self.immediate().await?;
        add(&mut tx, token_hash, &sign_in, replaces, let_in_by).await?;
        if let Some(entry) = entry {
            audit::append(&mut tx, &entry).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn sign_in(&self, token_hash: &[u8]) -> Result<Option<SignIn>> {
        let row = sqlx::query(
            "select * from sign_in where token_hash = $1
             union all select * from sign_in where previous_hash = $1 limit 1",
        )
        .bind(token_hash.to_vec())
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(read).transpose()
    }

    async fn sign_ins(&self, user: UserId) -> Result<Vec<SignIn>> {
        let rows = sqlx::query("select * from sign_in where person_id = $1 order by last_used_at desc, id")
            .bind(bytes(user.uuid()))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(read).collect()
    }

    async fn sign_ins_let_in(&self, association: AssociationId) -> Result<Vec<LetIn>> {
        let rows = sqlx::query(
            "select s.*, m.nickname, m.role from let_in l
             join sign_in s on s.id = l.sign_in_id
             join membership m on m.association_id = l.association_id and m.person_id = s.person_id and m.ended_at is null
             where l.association_id = $1 order by m.nickname, s.person_id, s.last_used_at desc, s.id",
        )
        .bind(bytes(association.uuid()))
        .fetch_all(&self.readers)
        .await?;
        let read =
            |row: &SqliteRow| Ok(LetIn { nickname: row.try_get("nickname")?, role: role(row)?, sign_in: read(row)? });
        rows.iter().map(read).collect()
    }

    async fn sign_in_used(&self, id: Uuid, token_hash: &[u8], now_ms: i64) -> Result<()> {
        sqlx::query(
            "update sign_in set last_used_at = max(last_used_at, $3),
                    previous_hash = case when token_hash = $2 then null else previous_hash end
             where id = $1",
        )
        .bind(bytes(id))
        .bind(token_hash.to_vec())
        .bind(now_ms)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    async fn is_replaced(&self, token_hash: &[u8]) -> Result<bool> {
        Ok(sqlx::query_scalar("select exists (select 1 from sign_in where previous_hash = $1)")
            .bind(token_hash.to_vec())
            .fetch_one(&self.readers)
            .await?)
    }

    async fn rotate_sign_in(
        &self,
        id: Uuid,
        token_hash: &[u8],
        rotated_ms: i64,
        new_hash: &[u8],
        now_ms: i64,
    ) -> Result<bool> {
        let done = sqlx::query(
            "update sign_in set previous_hash = $2, token_hash = $3, rotated_at = $4
             where id = $1 and (token_hash = $2 or previous_hash = $2) and rotated_at = $5",
        )
        .bind(bytes(id))
        .bind(token_hash.to_vec())
        .bind(new_hash.to_vec())
        .bind(now_ms)
        .bind(rotated_ms)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    async fn proved_again(&self, id: Uuid, entry: AuditEntry) -> Result<()> {
        let mut tx = self.immediate().await?;
        let done = sqlx::query("update sign_in set proved_at = $2 where id = $1")
            .bind(bytes(id))
            .bind(entry.at_ms)
            .execute(&mut *tx)
            .await?;
        audit::commit(tx, done.rows_affected() > 0, &entry).await?;
        Ok(())
    }

    async fn remove_sign_in(&self, token_hash: &[u8], entry: Option<AuditEntry>) -> Result<()> {
        let mut tx = self.immediate().await?;
        let done = sqlx::query("delete from sign_in where token_hash = $1 or previous_hash = $1")
            .bind(token_hash.to_vec())
            .execute(&mut *tx)
            .await?;
        if let (Some(entry), true) = (entry, done.rows_affected() > 0) {
            audit::append(&mut tx, &entry).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn end_sign_in(&self, user: UserId, id: Uuid, entry: AuditEntry) -> Result<bool> {
        let mut tx = self.immediate().await?;
        let count = end(&mut tx, user, "id = $2", id, entry.at_ms).await?;
        audit::commit(tx, count > 0, &entry).await
    }

    async fn end_sign_ins(&self, user: UserId, but: Option<Uuid>, entry: AuditEntry) -> Result<()> {
        let mut tx = self.immediate().await?;
        end(&mut tx, user, "id <> $2", but.unwrap_or_default(), entry.at_ms).await?;
        audit::append(&mut tx, &entry).await?;
        Ok(tx.commit().await?)
    }

    async fn ended_sign_in(&self, token_hash: &[u8]) -> Result<Option<EndedSignIn>> {
        let row = sqlx::query("select * from ended_sign_in where token_hash = $1")
            .bind(token_hash.to_vec())
            .fetch_optional(&self.readers)
            .await?;
        let read = |row: SqliteRow| {
            let device: Option<Vec<u8>> = row.try_get("device")?;
            Ok(EndedSignIn {
                id: uuid(row.try_get("id")?)?,
                user: UserId::new(uuid(row.try_get("person_id")?)?),
                device: device.map(|device| uuid(device).map(DeviceId::new)).transpose()?,
                created_ms: row.try_get("created_at")?,
                ended_ms: row.try_get("ended_at")?,
            })
        };
        row.map(read).transpose()
    }
}

/// Ends those of a person's sign-ins that `which` names, and remembers them by each cookie that was valid. How many there were.
async fn end(tx: &mut SqliteConnection, user: UserId, which: &'static str, id: Uuid, at_ms: i64) -> Result<u64> {
    let remember = format!(
        "with ending as (select * from sign_in where person_id = $1 and {which})
         insert or ignore into ended_sign_in (token_hash, id, person_id, device, created_at, ended_at)
         select token_hash, id, person_id, device, created_at, $3 from ending
         union all select previous_hash, id, person_id, device, created_at, $3 from ending where previous_hash is not null"
    );
    sqlx::query(AssertSqlSafe(remember)).bind(bytes(user.uuid())).bind(bytes(id)).bind(at_ms).execute(&mut *tx).await?;
    let done = sqlx::query(AssertSqlSafe(format!("delete from sign_in where person_id = $1 and {which}")))
        .bind(bytes(user.uuid()))
        .bind(bytes(id))
        .execute(&mut *tx)
        .await?;
    Ok(done.rows_affected())
}

pub(super) fn read(row: &SqliteRow) -> Result<SignIn> {
    let device: Option<Vec<u8>> = row.try_get("device")?;
    Ok(SignIn {
        id: uuid(row.try_get("id")?)?,
        user: UserId::new(uuid(row.try_get("person_id")?)?),
        device: device.map(|device| uuid(device).map(DeviceId::new)).transpose()?,
        class: Class::from_name(row.try_get("class")?).ok_or(StoreError::Damaged("class of a sign-in"))?,
        way: Way::from_name(row.try_get("way")?).ok_or(StoreError::Damaged("way of a sign-in"))?,
        created_ms: row.try_get("created_at")?,
        rotated_ms: row.try_get("rotated_at")?,
        last_used_ms: row.try_get("last_used_at")?,
        proved_ms: row.try_get("proved_at")?,
        expires_ms: row.try_get("expires_at")?,
    })
}
