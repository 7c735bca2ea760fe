//! Accounts of an OpenID Connect provider, by their keyed hash.

use async_trait::async_trait;
use domain::{Area, UserId};
use sqlx::{Row, SqliteConnection};
use uuid::Uuid;

use super::{
    SqliteStore, audit,
    decode::{bytes, uuid},
};
use crate::store::{Accounts, Act, AuditEntry, Result, StoreError};

#[async_trait]
impl Accounts for SqliteStore {
    async fn account_signs_in(
        &self,
        account_hash: &[u8],
        areas: &[Area],
        nickname: &str,
        now_ms: i64,
    ) -> Result<Option<UserId>> {
        let mut tx = self.immediate().await?;
        // A person who was deleted is nobody: whoever comes after them is somebody new.
        let known: Option<Vec<u8>> = sqlx::query_scalar(
            "select person_id from oidc_account join person on id = person_id where account_hash = $1",
        )
        .bind(account_hash.to_vec())
        .fetch_optional(&mut *tx)
        .await?;
        let entry = |act, user: UserId| AuditEntry {
            at_ms: now_ms,
            actor: Some(user),
            association: None,
            act,
            subject: Some(user.uuid()),
        };
        let (user, gains) = match known {
            Some(id) => (UserId::new(uuid(id)?), Act::RoleChanged),
            None if areas.is_empty() => return Ok(None),
            None => {
                let user = UserId::new(Uuid::new_v4());
                add(&mut tx, account_hash, user, nickname).await?;
                (user, Act::Joined)
            }
        };
        let before = areas_of(&mut tx, user).await?;
        for area in before.iter().filter(|area| !areas.contains(area)) {
            take_away(&mut tx, user, *area, now_ms).await?;
            audit::append(&mut tx, &entry(Act::CoordinatorEnded, user)).await?;
        }
        let mut gained = false;
        for area in areas.iter().filter(|area| !before.contains(area)) {
            sqlx::query(
                "insert into coordinator_of (person_id, area_kind, area) values ($1, $2, $3) on conflict do nothing",
            )
            .bind(bytes(user.uuid()))
            .bind(area.kind())
            .bind(area.code())
            .execute(&mut *tx)
            .await?;
            gained = true;
        }
        if gained {
            audit::append(&mut tx, &entry(gains, user)).await?;
        }
        tx.commit().await?;
        Ok(Some(user))
    }
}

async fn add(tx: &mut SqliteConnection, account_hash: &[u8], user: UserId, nickname: &str) -> Result<()> {
    sqlx::query("insert into person (id, nickname) values ($1, $2)")
        .bind(bytes(user.uuid()))
        .bind(nickname.to_owned())
        .execute(&mut *tx)
        .await?;
    sqlx::query("insert or replace into oidc_account (account_hash, person_id) values ($1, $2)")
        .bind(account_hash.to_vec())
        .bind(bytes(user.uuid()))
        .execute(&mut *tx)
        .await?;
    Ok(())
}

async fn areas_of(tx: &mut SqliteConnection, user: UserId) -> Result<Vec<Area>> {
    let rows = sqlx::query("select area_kind, area from coordinator_of where person_id = $1")
        .bind(bytes(user.uuid()))
        .fetch_all(tx)
        .await?;
    let area = |row: &sqlx::sqlite::SqliteRow| {
        let area = Area::parse(row.try_get("area_kind")?, row.try_get("area")?);
        area.ok_or(StoreError::Damaged("area of a coordinator"))
    };
    rows.iter().map(area).collect()
}

/// As in `end_coordinator`: what they have invited others to is no longer theirs to give.
async fn take_away(tx: &mut SqliteConnection, user: UserId, area: Area, now_ms: i64) -> Result<()> {
    sqlx::query("delete from coordinator_of where person_id = $1 and area_kind = $2 and area = $3")
        .bind(bytes(user.uuid()))
        .bind(area.kind())
        .bind(area.code())
        .execute(&mut *tx)
        .await?;
    sqlx::query(
        "update invitation set revoked_at = $4
         where made_by = $1 and area_kind = $2 and area = $3 and revoked_at is null and expires_at > $4",
    )
    .bind(bytes(user.uuid()))
    .bind(area.kind())
    .bind(area.code())
    .bind(now_ms)
    .execute(&mut *tx)
    .await?;
    Ok(())
}
