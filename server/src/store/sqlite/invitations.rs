//! Invitations, by the HMACs of their tokens and codes.

use async_trait::async_trait;
use domain::{Area, AssociationId, Role, UserId};
use sqlx::{AssertSqlSafe, Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore, audit,
    decode::{bytes, uuid},
    sign_ins,
};
use crate::store::{Acceptance, AuditEntry, Grant, Invitation, InvitationHashes, Invitations, Result, StoreError};

/// Of an invitation that can be accepted at `$2`.
pub(super) const OPEN: &str = "revoked_at is null and expires_at > $2 and (uses_max is null or uses < uses_max)";

#[async_trait]
impl Invitations for SqliteStore {
    async fn add_invitation(
        &self,
        invitation: &Invitation,
        hashes: &InvitationHashes,
        entry: AuditEntry,
    ) -> Result<()> {
        let (association, area) = match invitation.grant {
            Grant::Member(association, _) => (Some(association), None),
            Grant::Coordinator(area) => (None, Some(area)),
            Grant::NewAssociation(area) => (None, area),
            Grant::Operator => (None, None),
        };
        let mut tx = self.immediate().await?;
        sqlx::query(
            "insert into invitation (id, token_hash, code_hash, kind, association_id, area_kind, area, uses_max, uses,
                                     made_by, made_at, expires_at, renews)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        )
        .bind(bytes(invitation.id))
        .bind(hashes.token.clone())
        .bind(hashes.code.clone())
        .bind(invitation.grant.kind())
        .bind(association.map(|association| bytes(association.uuid())))
        .bind(area.map(Area::kind))
        .bind(area.map(Area::code))
        .bind(invitation.uses_max)
        .bind(invitation.uses)
        .bind(invitation.made_by.map(|user| bytes(user.uuid())))
        .bind(invitation.made_ms)
        .bind(invitation.expires_ms)
        .bind(invitation.renews.map(|user| bytes(user.uuid())))
        .execute(&mut *tx)
        .await?;
        audit::append(&mut tx, &entry).await?;
        Ok(tx.commit().await?)
    }

    async fn invitation(&self, hash: &[u8]) -> Result<Option<Invitation>> {
        let row = sqlx::query("select * from invitation where token_hash = $1 or code_hash = $1")
            .bind(hash.to_vec())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(read).transpose()
    }

    async fn open_invitations(&self, association: AssociationId, now_ms: i64) -> Result<Vec<Invitation>> {
        self.open_of("association_id", association.uuid(), now_ms).await
    }

    async fn open_invitations_by(&self, user: UserId, now_ms: i64) -> Result<Vec<Invitation>> {
        self.open_of("association_id is null and made_by", user.uuid(), now_ms).await
    }

    async fn revoke_invitation(&self, id: Uuid, association: Option<AssociationId>, entry: AuditEntry) -> Result<bool> {
        let mut tx = self.immediate().await?;
        let done = sqlx::query(
            "update invitation set revoked_at = $2
             where id = $1 and revoked_at is null
               and case when $3 is null then association_id is null and made_by is $4 else association_id = $3 end",
        )
        .bind(bytes(id))
        .bind(entry.at_ms)
        .bind(association.map(|association| bytes(association.uuid())))
        .bind(entry.actor.map(|user| bytes(user.uuid())))
        .execute(&mut *tx)
        .await?;
        audit::commit(tx, done.rows_affected() > 0, &entry).await
    }

    async fn accept(&self, acceptance: Acceptance<'_>, entry: AuditEntry) -> Result<bool> {
        let Acceptance { invitation, user, nickname, token_hash, sign_in, attempt, replaces } = acceptance;
        let mut tx = self.immediate().await?;
        // What was read before the lock may have been accepted by somebody else meanwhile.
        let done =
            sqlx::query(AssertSqlSafe(format!("update invitation set uses = uses + 1 where id = $1 and {OPEN}")))
                .bind(bytes(invitation.id))
                .bind(entry.at_ms)
                .execute(&mut *tx)
                .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query(
            "insert into acceptance (invitation_id, person_id, accepted_at, attempt) values ($1, $2, $3, $4)
             on conflict do nothing",
        )
        .bind(bytes(invitation.id))
        .bind(bytes(user.uuid()))
        .bind(entry.at_ms)
        .bind(attempt.map(bytes))
        .execute(&mut *tx)
        .await?;
        give(&mut tx, invitation, user, nickname).await?;
        sign_ins::add(&mut tx, token_hash, &sign_in, replaces, invitation.grant.association()).await?;
        audit::commit(tx, true, &entry).await
    }

    async fn accepted_by(&self, invitation: Uuid, attempt: Uuid, since_ms: i64) -> Result<Option<UserId>> {
        let person: Option<Vec<u8>> = sqlx::query_scalar(
            "select person_id from acceptance where invitation_id = $1 and attempt = $2 and accepted_at >= $3",
        )
        .bind(bytes(invitation))
        .bind(bytes(attempt))
        .bind(since_ms)
        .fetch_optional(&self.readers)
        .await?;
        person.map(|person| Ok(UserId::new(uuid(person)?))).transpose()
    }

    async fn waiting_association(&self, user: UserId, since_ms: i64) -> Result<Option<(Uuid, Option<Area>)>> {
        let row = sqlx::query(
            "select i.* from acceptance a join invitation i on i.id = a.invitation_id
             where a.person_id = $1 and i.kind = 'association' and a.taken_up_at is null and a.accepted_at > $2
             order by a.accepted_at desc limit 1",
        )
        .bind(bytes(user.uuid()))
        .bind(since_ms)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(|row| Ok((uuid(row.try_get("id")?)?, area(row)?))).transpose()
    }
}

impl SqliteStore {
    async fn open_of(&self, whose: &'static str, id: Uuid, now_ms: i64) -> Result<Vec<Invitation>> {
        let rows = sqlx::query(AssertSqlSafe(format!(
            "select * from invitation where {whose} = $1 and {OPEN} order by made_at desc, id"
        )))
        .bind(bytes(id))
        .bind(now_ms)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(read).collect()
    }
}

/// Makes of the user what the invitation says. Who is more already stays so.
async fn give(tx: &mut SqliteConnection, invitation: &Invitation, user: UserId, nickname: &str) -> Result<()> {
    sqlx::query("insert into person (id, nickname) values ($1, $2) on conflict do nothing")
        .bind(bytes(user.uuid()))
        .bind(nickname.to_owned())
        .execute(&mut *tx)
        .await?;
    match invitation.grant {
        Grant::Member(association, role) => {
            // A member again is a new member: what ended has ended. A reviewer does not become a volunteer by an invitation.
            sqlx::query(
                "insert into membership (association_id, person_id, role, nickname) values ($1, $2, $3, $4)
                 on conflict (association_id, person_id) do update set
                   role = case when ended_at is null and role = 'reviewer' then role else excluded.role end,
                   nickname = case when excluded.nickname = '' then nickname else excluded.nickname end,
                   ended_at = null",
            )
            .bind(bytes(association.uuid()))
            .bind(bytes(user.uuid()))
            .bind(role.name())
            .bind(nickname.to_owned())
            .execute(&mut *tx)
            .await?;
        }
        Grant::Coordinator(area) => {
            sqlx::query("insert into coordinator_of values ($1, $2, $3) on conflict do nothing")
                .bind(bytes(user.uuid()))
                .bind(area.kind())
                .bind(area.code())
                .execute(&mut *tx)
                .await?;
        }
        Grant::Operator => {
            sqlx::query("insert into operator values ($1) on conflict do nothing")
                .bind(bytes(user.uuid()))
                .execute(&mut *tx)
                .await?;
        }
        Grant::NewAssociation(_) => {}
    }
    Ok(())
}

fn area(row: &SqliteRow) -> Result<Option<Area>> {
    let kind: Option<&str> = row.try_get("area_kind")?;
    let code: Option<&str> = row.try_get("area")?;
    let read = |(kind, code)| Area::parse(kind, code).ok_or(StoreError::Damaged("area of an invitation"));
    kind.zip(code).map(read).transpose()
}

pub(super) fn read(row: &SqliteRow) -> Result<Invitation> {
    const DAMAGED: StoreError = StoreError::Damaged("kind of an invitation");
    let association = || -> Result<AssociationId> {
        let id: Option<Vec<u8>> = row.try_get("association_id")?;
        Ok(AssociationId::new(uuid(id.ok_or(DAMAGED)?)?))
    };
    let grant = match row.try_get("kind")? {
        "volunteer" => Grant::Member(association()?, Role::Volunteer),
        "reviewer" => Grant::Member(association()?, Role::Reviewer),
        "association" => Grant::NewAssociation(area(row)?),
        "coordinator" => Grant::Coordinator(area(row)?.ok_or(DAMAGED)?),
        "operator" => Grant::Operator,
        _ => return Err(DAMAGED),
    };
    let made_by: Option<Vec<u8>> = row.try_get("made_by")?;
    let renews: Option<Vec<u8>> = row.try_get("renews")?;
    let revoked: Option<i64> = row.try_get("revoked_at")?;
    Ok(Invitation {
        id: uuid(row.try_get("id")?)?,
        grant,
        renews: renews.map(|user| uuid(user).map(UserId::new)).transpose()?,
        uses_max: row.try_get("uses_max")?,
        uses: row.try_get("uses")?,
        made_by: made_by.map(|by| uuid(by).map(UserId::new)).transpose()?,
        made_ms: row.try_get("made_at")?,
        expires_ms: row.try_get("expires_at")?,
        is_revoked: revoked.is_some(),
    })
}
