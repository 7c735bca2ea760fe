//! Associations, invitations and sign-ins of everybody.

use async_trait::async_trait;
use domain::AssociationId;
use sqlx::{AssertSqlSafe, Row, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore, audit,
    decode::{bytes, municipality, natural, uuid},
    invitations, sign_ins,
};
use crate::store::{AssociationListed, AuditEntry, Invitation, Overview, Result, SignIn};

#[async_trait]
impl Overview for SqliteStore {
    async fn associations_listed(&self) -> Result<Vec<AssociationListed>> {
        let rows = sqlx::query(
            "select a.id, a.name, a.home, count(m.person_id) as members,
                    count(m.person_id) filter (where m.role = 'reviewer') as reviewers
             from association a left join membership m on m.association_id = a.id and m.ended_at is null
             group by a.id order by a.name, a.id",
        )
        .fetch_all(&self.readers)
        .await?;
        let listed = |row: &SqliteRow| {
            let home: Option<&str> = row.try_get("home")?;
            Ok(AssociationListed {
                id: AssociationId::new(uuid(row.try_get("id")?)?),
                name: row.try_get("name")?,
                home: home.map(|home| municipality(home, "home of an association")).transpose()?,
                members: natural(row.try_get("members")?)?,
                reviewers: natural(row.try_get("reviewers")?)?,
            })
        };
        rows.iter().map(listed).collect()
    }

    async fn all_open_invitations(&self, now_ms: i64) -> Result<Vec<Invitation>> {
        let open = invitations::OPEN;
        let rows = sqlx::query(AssertSqlSafe(format!(
            // `OPEN` speaks of the moment as the second argument.
            "select * from invitation where $1 is null and {open} order by made_at desc, id"
        )))
        .bind(None::<i64>)
        .bind(now_ms)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(invitations::read).collect()
    }

    async fn all_sign_ins(&self) -> Result<Vec<(SignIn, String)>> {
        let rows = sqlx::query(
            "select s.*, coalesce(p.nickname, '') as nickname from sign_in s left join person p on p.id = s.person_id
             order by s.last_used_at desc, s.id",
        )
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| Ok((sign_ins::read(row)?, row.try_get("nickname")?))).collect()
    }

    async fn revoke_any_invitation(&self, id: Uuid, entry: AuditEntry) -> Result<bool> {
        let mut tx = self.immediate().await?;
        let open = invitations::OPEN;
        let done =
            sqlx::query(AssertSqlSafe(format!("update invitation set revoked_at = $2 where id = $1 and {open}")))
                .bind(bytes(id))
                .bind(entry.at_ms)
                .execute(&mut *tx)
                .await?;
        audit::commit(tx, done.rows_affected() > 0, &entry).await
    }
}
