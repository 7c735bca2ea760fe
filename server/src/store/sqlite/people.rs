//! Users, memberships and sign-ins.

use async_trait::async_trait;
use domain::{AssociationId, Role, UserId};
use sqlx::Row;

use super::{
    SqliteStore,
    decode::{bytes, uuid},
};
use crate::store::{Membership, People, Person, Result, SignIn, StoreError};

#[async_trait]
impl People for SqliteStore {
    async fn add_person(&self, user: UserId, nickname: &str) -> Result<()> {
        sqlx::query("insert into person (id, nickname) values ($1, $2) on conflict do nothing")
            .bind(bytes(user.uuid()))
            .bind(nickname.to_owned())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn add_member(&self, association: AssociationId, user: UserId, role: Role) -> Result<()> {
        sqlx::query(
            "insert into membership (association_id, person_id, role) values ($1, $2, $3)
             on conflict (association_id, person_id) do update set role = excluded.role",
        )
        .bind(bytes(association.uuid()))
        .bind(bytes(user.uuid()))
        .bind(role.name())
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    async fn add_coordinator(&self, user: UserId, municipality: &str) -> Result<()> {
        sqlx::query("insert into coordinator (person_id, municipality) values ($1, $2) on conflict do nothing")
            .bind(bytes(user.uuid()))
            .bind(municipality.to_owned())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn add_sign_in(&self, token_hash: &[u8], sign_in: SignIn, now_ms: i64) -> Result<()> {
        sqlx::query("delete from sign_in where expires_at < $1").bind(now_ms).execute(&self.writer).await?;
        sqlx::query("insert into sign_in (token_hash, person_id, created_at, expires_at) values ($1, $2, $3, $4)")
            .bind(token_hash.to_vec())
            .bind(bytes(sign_in.user.uuid()))
            .bind(now_ms)
            .bind(sign_in.expires_ms)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn remove_sign_in(&self, token_hash: &[u8]) -> Result<()> {
        sqlx::query("delete from sign_in where token_hash = $1")
            .bind(token_hash.to_vec())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn sign_in(&self, token_hash: &[u8]) -> Result<Option<SignIn>> {
        let row = sqlx::query("select person_id, expires_at from sign_in where token_hash = $1")
            .bind(token_hash.to_vec())
            .fetch_optional(&self.readers)
            .await?;
        row.map(|row| {
            Ok(SignIn { user: UserId::new(uuid(row.try_get("person_id")?)?), expires_ms: row.try_get("expires_at")? })
        })
        .transpose()
    }

    async fn person(&self, user: UserId) -> Result<Option<Person>> {
        let row = sqlx::query(
            "select p.nickname, c.municipality from person p left join coordinator c on c.person_id = p.id where p.id = $1",
        )
        .bind(bytes(user.uuid()))
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let rows = sqlx::query(
            "select m.association_id, m.role, a.name, a.volunteers_set_up_series
             from membership m join association a on a.id = m.association_id
             where m.person_id = $1 order by a.name, a.id",
        )
        .bind(bytes(user.uuid()))
        .fetch_all(&self.readers)
        .await?;
        let memberships = rows
            .iter()
            .map(|row| {
                Ok(Membership {
                    association: AssociationId::new(uuid(row.try_get("association_id")?)?),
                    name: row.try_get("name")?,
                    role: Role::from_name(row.try_get("role")?).ok_or(StoreError::Damaged("role"))?,
                    volunteers_set_up_series: row.try_get("volunteers_set_up_series")?,
                })
            })
            .collect::<Result<_>>()?;
        Ok(Some(Person {
            user,
            nickname: row.try_get("nickname")?,
            memberships,
            coordinates: row.try_get("municipality")?,
        }))
    }
}
