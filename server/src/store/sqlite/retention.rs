//! What is kept no longer than it is needed.

use async_trait::async_trait;
use domain::{AssociationId, UserId};
use sqlx::{AssertSqlSafe, Row, Sqlite, query::Query, sqlite::SqliteArguments, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore, audit,
    decode::{bytes, uuid},
    own_data::LAST_REVIEWER,
    sign_ins,
};
use crate::store::{Account, Act, AuditEntry, Cutoffs, Forgotten, Result, Retention};

#[async_trait]
impl Retention for SqliteStore {
    async fn count_idle_day(&self, since_ms: i64, now_ms: i64) -> Result<()> {
        let mut tx = self.immediate().await?;
        sqlx::query("insert into idle (person_id, days) select id, 0 from person where true on conflict do nothing")
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "update idle set days = case when
                exists (select 1 from sign_in s where s.person_id = idle.person_id and s.last_used_at between $1 and $2)
                or exists (select 1 from phone f where f.person_id = idle.person_id and f.last_contact_at between $1 and $2)
             then 0 else days + 1 end",
        )
        .bind(since_ms)
        .bind(now_ms)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    async fn accounts(&self, now_ms: i64) -> Result<Vec<Account>> {
        let alive = sign_ins::alive(now_ms);
        let rows = sqlx::query(AssertSqlSafe(format!(
            "select p.id, coalesce(i.days, 0) as days,
                exists (select 1 from sign_in s where s.person_id = p.id and {alive}) as signed_in,
                exists (select 1 from membership m where m.person_id = p.id and {LAST_REVIEWER})
                or (exists (select 1 from operator o where o.person_id = p.id)
                    and not exists (select 1 from operator o where o.person_id <> p.id)) as needed
             from person p left join idle i on i.person_id = p.id order by p.id"
        )))
        .fetch_all(&self.readers)
        .await?;
        let read = |row: &SqliteRow| {
            Ok(Account {
                user: UserId::new(uuid(row.try_get("id")?)?),
                idle_days: row.try_get("days")?,
                is_signed_in: row.try_get("signed_in")?,
                is_needed: row.try_get("needed")?,
            })
        };
        rows.iter().map(read).collect()
    }

    async fn forget(&self, cutoffs: Cutoffs) -> Result<Forgotten> {
        let Cutoffs { now_ms, ended_ms, ended_sign_ins_ms, devices_ms, authors_ms } = cutoffs;
        let mut gone = Forgotten::default();
        let old = |sql: &'static str, ms: i64| sqlx::query(sql).bind(ms);
        // One that was not used for long signs nobody in, and stays until it expires: it can still be ended, so that its phone forgets.
        gone.sign_ins = self.changed(old("delete from sign_in where expires_at <= $1", now_ms)).await?;
        self.changed(sqlx::query(
            "delete from let_in where not exists (select 1 from sign_in s where s.id = let_in.sign_in_id)",
        ))
        .await?;
        // Who is still to bring in an association keeps the invitation.
        gone.acceptances = self
            .changed(old(
                "delete from acceptance where accepted_at < $1 and (taken_up_at is not null or not exists (
                    select 1 from invitation i where i.id = acceptance.invitation_id and i.kind = 'association'))",
                ended_ms,
            ))
            .await?;
        gone.invitations = self
            .changed(old(
                "delete from invitation where expires_at < $1
                 and not exists (select 1 from acceptance a where a.invitation_id = invitation.id)",
                ended_ms,
            ))
            .await?;
        gone.nicknames = self
            .changed(old("update membership set nickname = '' where ended_at < $1 and nickname <> ''", ended_ms))
            .await?;
        gone.handed_in = self.forget_handed_in(now_ms, ended_ms).await?;
        self.changed(old("delete from ended_sign_in where ended_at < $1", ended_sign_ins_ms)).await?;
        gone.devices = self
            .changed(old("delete from phone where last_contact_at < $1 and waiting = 0 and missing = 0", devices_ms))
            .await?;
        self.changed(sqlx::query(
            "delete from device where not exists (
                select 1 from phone f where f.person_id = device.person_id and f.id = device.id)",
        ))
        .await?;
        gone.mail_addresses = self
            .changed(sqlx::query(
                "delete from mail_address where not exists (
                    select 1 from membership m where m.person_id = mail_address.person_id
                    and m.role = 'reviewer' and m.ended_at is null)",
            ))
            .await?;
        gone.tokens = self
            .changed(old(
                "delete from read_token where min(coalesce(ended_at, expires_at), expires_at) < $1",
                authors_ms,
            ))
            .await?;
        // A browser whose sign-in was not used for as long as its class allows is reminded no more, although the sign-in stays.
        let unused = format!(
            "delete from push_reminder where not exists (select 1 from sign_in s where s.id = sign_in_id and {})",
            sign_ins::alive(now_ms)
        );
        self.changed(sqlx::query(AssertSqlSafe(unused))).await?;
        // They go with the role; this is for a way to lose it that forgot them.
        for table in ["mail_reminder", "push_reminder"] {
            let left = format!(
                "delete from {table} where not exists (
                    select 1 from membership m where m.association_id = {table}.association_id
                    and m.person_id = {table}.person_id and m.role = 'reviewer' and m.ended_at is null)"
            );
            self.changed(sqlx::query(AssertSqlSafe(left))).await?;
        }
        // Found by a reader and written association by association, so that no push waits for long.
        let associations: Vec<Vec<u8>> =
            sqlx::query_scalar("select distinct association_id from revision where stored_at < $1 and author <> $2")
                .bind(authors_ms)
                .bind(bytes(UserId::DELETED.uuid()))
                .fetch_all(&self.readers)
                .await?;
        for association in associations {
            let authors = sqlx::query(
                "update revision set author = $3, device = $4
                 where association_id = $1 and stored_at < $2 and author <> $3",
            );
            let authors = authors.bind(association).bind(authors_ms).bind(bytes(UserId::DELETED.uuid()));
            gone.authors += self.changed(authors.bind(bytes(Uuid::nil()))).await?;
        }
        Ok(gone)
    }
}

impl SqliteStore {
    /// Forgets what was handed in and decided, and what nobody decided of those who have left the association; that is logged, with one
    /// entry for each that names nothing. What a member's lost phone handed in is on no other disk: it stays until somebody decides.
    async fn forget_handed_in(&self, now_ms: i64, ended_ms: i64) -> Result<u64> {
        let mut tx = self.immediate().await?;
        let decided = sqlx::query("delete from quarantine where handed_in_at < $1 and decided is not null");
        let mut count = decided.bind(ended_ms).execute(&mut *tx).await?.rows_affected();
        let expired: Vec<Vec<u8>> = sqlx::query_scalar(
            "delete from quarantine where handed_in_at < $1 and not exists (
                select 1 from membership m
                where m.association_id = quarantine.association_id and m.person_id = quarantine.person_id
                and (m.ended_at is null or m.ended_at >= $1))
             returning association_id",
        )
        .bind(ended_ms)
        .fetch_all(&mut *tx)
        .await?;
        for association in expired {
            let association = Some(AssociationId::new(uuid(association)?));
            let act = Act::HandedInExpired;
            audit::append(&mut tx, &AuditEntry { at_ms: now_ms, actor: None, association, act, subject: None }).await?;
            count += 1;
        }
        tx.commit().await?;
        Ok(count)
    }

    /// Each statement is a transaction of its own.
    async fn changed(&self, statement: Query<'_, Sqlite, SqliteArguments>) -> Result<u64> {
        Ok(statement.execute(&self.writer).await?.rows_affected())
    }
}
