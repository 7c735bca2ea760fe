//! Users, memberships, coordinators and operators.

use async_trait::async_trait;
use domain::{Area, AssociationId, Role, UserId};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{
    SqliteStore, audit,
    decode::{bytes, role, uuid},
    reminders, tokens,
};
use crate::store::{AuditEntry, Member, Membership, People, Person, Result, StoreError};

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
            "insert into membership (association_id, person_id, role, nickname)
             values ($1, $2, $3, coalesce((select nickname from person where id = $2), ''))
             on conflict (association_id, person_id) do update set role = excluded.role, ended_at = null",
        )
        .bind(bytes(association.uuid()))
        .bind(bytes(user.uuid()))
        .bind(role.name())
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    async fn add_coordinator(&self, user: UserId, area: Area) -> Result<()> {
        sqlx::query(
            "insert into coordinator_of (person_id, area_kind, area) values ($1, $2, $3) on conflict do nothing",
        )
        .bind(bytes(user.uuid()))
        .bind(area.kind())
        .bind(area.code())
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    async fn add_operator(&self, user: UserId) -> Result<()> {
        sqlx::query("insert into operator (person_id) values ($1) on conflict do nothing")
            .bind(bytes(user.uuid()))
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn person(&self, user: UserId) -> Result<Option<Person>> {
        let row = sqlx::query(
            "select nickname, exists (select 1 from operator where person_id = id) as is_operator,
                    exists (select 1 from oidc_account where person_id = id) as has_account
             from person where id = $1",
        )
        .bind(bytes(user.uuid()))
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let memberships = sqlx::query(
            "select m.association_id, m.role, m.nickname, a.name, a.volunteers_set_up_series, a.volunteers_change_others
             from membership m join association a on a.id = m.association_id
             where m.person_id = $1 and m.ended_at is null order by a.name, a.id",
        )
        .bind(bytes(user.uuid()))
        .fetch_all(&self.readers)
        .await?;
        let areas = sqlx::query("select area_kind, area from coordinator_of where person_id = $1 order by 1 desc, 2")
            .bind(bytes(user.uuid()))
            .fetch_all(&self.readers)
            .await?;
        let membership = |row: &SqliteRow| {
            Ok(Membership {
                association: AssociationId::new(uuid(row.try_get("association_id")?)?),
                name: row.try_get("name")?,
                nickname: row.try_get("nickname")?,
                role: role(row)?,
                volunteers_set_up_series: row.try_get("volunteers_set_up_series")?,
                volunteers_change_others: row.try_get("volunteers_change_others")?,
            })
        };
        let area = |row: &SqliteRow| {
            let area = Area::parse(row.try_get("area_kind")?, row.try_get("area")?);
            area.ok_or(StoreError::Damaged("area of a coordinator"))
        };
        Ok(Some(Person {
            user,
            nickname: row.try_get("nickname")?,
            memberships: memberships.iter().map(membership).collect::<Result<_>>()?,
            areas: areas.iter().map(area).collect::<Result<_>>()?,
            is_operator: row.try_get("is_operator")?,
            has_account: row.try_get("has_account")?,
        }))
    }

    async fn association_name(&self, association: AssociationId) -> Result<Option<String>> {
        Ok(sqlx::query_scalar("select name from association where id = $1")
            .bind(bytes(association.uuid()))
            .fetch_optional(&self.readers)
            .await?)
    }

    async fn members(&self, association: AssociationId) -> Result<Vec<Member>> {
        let rows = sqlx::query(
            "select m.person_id, m.role, m.nickname,
                    (select max(s.last_used_at) from sign_in s where s.person_id = m.person_id) as last_used_at
             from membership m where m.association_id = $1 and m.ended_at is null
             order by m.role, m.nickname, m.person_id",
        )
        .bind(bytes(association.uuid()))
        .fetch_all(&self.readers)
        .await?;
        let member = |row: &SqliteRow| {
            Ok(Member {
                user: UserId::new(uuid(row.try_get("person_id")?)?),
                nickname: row.try_get("nickname")?,
                role: role(row)?,
                last_used_ms: row.try_get("last_used_at")?,
            })
        };
        rows.iter().map(member).collect()
    }

    async fn rename_member(
        &self,
        association: AssociationId,
        user: UserId,
        nickname: &str,
        entry: AuditEntry,
    ) -> Result<bool> {
        let mut tx = self.immediate().await?;
        let done = sqlx::query(
            "update membership set nickname = $3 where association_id = $1 and person_id = $2 and ended_at is null",
        )
        .bind(bytes(association.uuid()))
        .bind(bytes(user.uuid()))
        .bind(nickname.to_owned())
        .execute(&mut *tx)
        .await?;
        audit::commit(tx, done.rows_affected() > 0, &entry).await
    }

    async fn make_volunteer(&self, association: AssociationId, user: UserId, entry: AuditEntry) -> Result<bool> {
        let mut tx = self.immediate().await?;
        if !may_go(&mut tx, association, user).await? {
            return Ok(false);
        }
        sqlx::query("update membership set role = 'volunteer' where association_id = $1 and person_id = $2")
            .bind(bytes(association.uuid()))
            .bind(bytes(user.uuid()))
            .execute(&mut *tx)
            .await?;
        revoke_open(&mut tx, association, user, entry.at_ms).await?;
        audit::commit(tx, true, &entry).await
    }

    async fn end_membership(&self, association: AssociationId, user: UserId, entry: AuditEntry) -> Result<bool> {
        let mut tx = self.immediate().await?;
        if !may_go(&mut tx, association, user).await? {
            return Ok(false);
        }
        sqlx::query("update membership set ended_at = $3 where association_id = $1 and person_id = $2")
            .bind(bytes(association.uuid()))
            .bind(bytes(user.uuid()))
            .bind(entry.at_ms)
            .execute(&mut *tx)
            .await?;
        revoke_open(&mut tx, association, user, entry.at_ms).await?;
        audit::commit(tx, true, &entry).await
    }

    async fn member_name(&self, association: AssociationId, user: UserId) -> Result<Option<String>> {
        Ok(sqlx::query_scalar("select nickname from membership where association_id = $1 and person_id = $2")
            .bind(bytes(association.uuid()))
            .bind(bytes(user.uuid()))
            .fetch_optional(&self.readers)
            .await?)
    }

    async fn membership_ended(&self, association: AssociationId, user: UserId) -> Result<Option<i64>> {
        let ended: Option<Option<i64>> =
            sqlx::query_scalar("select ended_at from membership where association_id = $1 and person_id = $2")
                .bind(bytes(association.uuid()))
                .bind(bytes(user.uuid()))
                .fetch_optional(&self.readers)
                .await?;
        Ok(ended.flatten())
    }

    async fn ended_memberships(&self, user: UserId) -> Result<Vec<AssociationId>> {
        let ids: Vec<Vec<u8>> = sqlx::query_scalar(
            "select association_id from membership where person_id = $1 and ended_at is not null
             order by association_id",
        )
        .bind(bytes(user.uuid()))
        .fetch_all(&self.readers)
        .await?;
        ids.into_iter().map(|id| Ok(AssociationId::new(uuid(id)?))).collect()
    }

    async fn end_coordinator(&self, user: UserId, area: Area, entry: AuditEntry) -> Result<bool> {
        let mut tx = self.immediate().await?;
        let done = sqlx::query("delete from coordinator_of where person_id = $1 and area_kind = $2 and area = $3")
            .bind(bytes(user.uuid()))
            .bind(area.kind())
            .bind(area.code())
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        // What they have invited others to, perhaps on a screen at an evening, is no longer theirs to give.
        sqlx::query(
            "update invitation set revoked_at = $4
             where made_by = $1 and area_kind = $2 and area = $3 and revoked_at is null and expires_at > $4",
        )
        .bind(bytes(user.uuid()))
        .bind(area.kind())
        .bind(area.code())
        .bind(entry.at_ms)
        .execute(&mut *tx)
        .await?;
        audit::commit(tx, true, &entry).await
    }

    async fn end_operator(&self, user: UserId, entry: AuditEntry) -> Result<bool> {
        let mut tx = self.immediate().await?;
        let done = sqlx::query("delete from operator where person_id = $1 and (select count(*) from operator) > 1")
            .bind(bytes(user.uuid()))
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        // But for those of an area that they coordinate as well.
        sqlx::query(
            "update invitation set revoked_at = $2
             where made_by = $1 and association_id is null and revoked_at is null and expires_at > $2
               and not exists (select 1 from coordinator_of c where c.person_id = $1
                               and c.area_kind = invitation.area_kind and c.area = invitation.area)",
        )
        .bind(bytes(user.uuid()))
        .bind(entry.at_ms)
        .execute(&mut *tx)
        .await?;
        audit::commit(tx, true, &entry).await
    }

    async fn officials(&self) -> Result<Vec<Person>> {
        let ids: Vec<Vec<u8>> = sqlx::query_scalar(
            "select person_id from coordinator_of union select person_id from operator order by person_id",
        )
        .fetch_all(&self.readers)
        .await?;
        let mut officials = Vec::with_capacity(ids.len());
        for id in ids {
            officials.extend(self.person(UserId::new(uuid(id)?)).await?);
        }
        Ok(officials)
    }
}

/// What a member has invited others to is no longer theirs to give, nobody comes back by their name, no program reads by their leave, and
/// they are reminded of nothing.
async fn revoke_open(tx: &mut SqliteConnection, association: AssociationId, user: UserId, at_ms: i64) -> Result<()> {
    sqlx::query(
        "update invitation set revoked_at = $3
         where association_id = $1 and (made_by = $2 or renews = $2) and revoked_at is null and expires_at > $3",
    )
    .bind(bytes(association.uuid()))
    .bind(bytes(user.uuid()))
    .bind(at_ms)
    .execute(&mut *tx)
    .await?;
    reminders::forget(tx, association, user).await?;
    tokens::end_of(tx, association, user, at_ms).await
}

/// Whether a member is one, and not the last reviewer: with the transaction's lock held, it stays true.
async fn may_go(tx: &mut SqliteConnection, association: AssociationId, user: UserId) -> Result<bool> {
    let is: Option<String> = sqlx::query_scalar(
        "select role from membership where association_id = $1 and person_id = $2 and ended_at is null",
    )
    .bind(bytes(association.uuid()))
    .bind(bytes(user.uuid()))
    .fetch_optional(&mut *tx)
    .await?;
    let reviewers: i64 = sqlx::query_scalar(
        "select count(*) from membership where association_id = $1 and role = 'reviewer' and ended_at is null",
    )
    .bind(bytes(association.uuid()))
    .fetch_one(&mut *tx)
    .await?;
    let role = is.as_deref().and_then(Role::from_name);
    Ok(role.is_some_and(|role| domain::permission::people::may_leave(role, usize::try_from(reviewers).unwrap_or(0))))
}
