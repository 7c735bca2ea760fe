//! Who asked to be reminded of deadlines.

use async_trait::async_trait;
use domain::{
    AssociationId, Date, Lang, RecordId, Series, UserId, date,
    reminder::Brief,
    review::{ReviewState, Verdict},
};
use sqlx::{AssertSqlSafe, Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore,
    decode::{self, bytes, content, uuid},
    sign_ins,
};
use crate::store::{Chosen, PushTo, RemindTo, Reminder, Reminders, Result, StoreError, reminders::DEVICES_MAX};

/// Where the person of a row `r` is a reviewer of its association.
const IS_REVIEWER: &str = "exists (select 1 from membership m where m.association_id = r.association_id
    and m.person_id = r.person_id and m.role = 'reviewer' and m.ended_at is null)";

/// Those of the two tables, alike. What is asked of both tables' rows `r` follows.
const BY_MAIL: &str = "select r.association_id, r.person_id, r.lang, r.looked_on, a.address, null as sign_in_id,
        null as endpoint, null as p256dh, null as auth
     from mail_reminder r join mail_address a on a.person_id = r.person_id";
const BY_PUSH: &str = "select r.association_id, r.person_id, r.lang, r.looked_on, null as address, r.sign_in_id,
        r.endpoint, r.p256dh, r.auth
     from push_reminder r join sign_in s on s.id = r.sign_in_id";

#[async_trait]
impl Reminders for SqliteStore {
    async fn chosen(&self, association: AssociationId, user: UserId, sign_in: Uuid) -> Result<Chosen> {
        let row = sqlx::query(
            "select exists (select 1 from mail_reminder where association_id = $1 and person_id = $2) as by_mail,
                    exists (select 1 from push_reminder where association_id = $1 and sign_in_id = $3) as here",
        )
        .bind(bytes(association.uuid()))
        .bind(bytes(user.uuid()))
        .bind(bytes(sign_in))
        .fetch_one(&self.readers)
        .await?;
        Ok(Chosen { by_mail: row.try_get("by_mail")?, here: row.try_get("here")? })
    }

    async fn remind(&self, reminder: &Reminder) -> Result<bool> {
        let mut tx = self.immediate().await?;
        let (association, person) = (bytes(reminder.association.uuid()), bytes(reminder.user.uuid()));
        let looked = i64::from(date::day_number(reminder.looked));
        let may = "from (select $1 as association_id, $2 as person_id) r";
        let done = match &reminder.to {
            RemindTo::Mail(_) => {
                // Asked twice, it stays as it is but for the language.
                let sql = format!(
                    "insert into mail_reminder (association_id, person_id, lang, looked_on)
                     select $1, $2, $3, $4 {may} where {IS_REVIEWER}
                     and exists (select 1 from mail_address a where a.person_id = $2)
                     on conflict (association_id, person_id) do update set lang = excluded.lang"
                );
                sqlx::query(AssertSqlSafe(sql))
                    .bind(association)
                    .bind(person)
                    .bind(reminder.lang.tag())
                    .bind(looked)
                    .execute(&mut *tx)
                    .await?
            }
            RemindTo::Push(sign_in, to) => {
                let sql = format!(
                    "insert into push_reminder
                        (association_id, person_id, lang, looked_on, sign_in_id, endpoint, p256dh, auth)
                     select $1, $2, $3, $4, $5, $6, $7, $8 {may} where {IS_REVIEWER}
                     and exists (select 1 from sign_in s where s.id = $5 and s.person_id = $2)
                     on conflict (association_id, sign_in_id) do update set
                        lang = excluded.lang, endpoint = excluded.endpoint, p256dh = excluded.p256dh, auth = excluded.auth"
                );
                let done = sqlx::query(AssertSqlSafe(sql))
                    .bind(association.clone())
                    .bind(person.clone())
                    .bind(reminder.lang.tag())
                    .bind(looked)
                    .bind(bytes(*sign_in))
                    .bind(to.endpoint.clone())
                    .bind(to.p256dh.clone())
                    .bind(to.auth.clone())
                    .execute(&mut *tx)
                    .await?;
                // Nothing of a wish that is not taken: nor do others give way to it.
                if done.rows_affected() == 0 {
                    tx.rollback().await?;
                    return Ok(false);
                }
                // A browser is reminded once, whichever of its sign-ins asked.
                sqlx::query(
                    "delete from push_reminder where association_id = $1 and endpoint = $2 and sign_in_id <> $3",
                )
                .bind(association.clone())
                .bind(to.endpoint.clone())
                .bind(bytes(*sign_in))
                .execute(&mut *tx)
                .await?;
                sqlx::query(
                    "delete from push_reminder where association_id = $1 and person_id = $2 and sign_in_id not in (
                        select r.sign_in_id from push_reminder r join sign_in s on s.id = r.sign_in_id
                        where r.association_id = $1 and r.person_id = $2
                        order by (r.sign_in_id = $3) desc, s.last_used_at desc limit $4)",
                )
                .bind(association)
                .bind(person)
                .bind(bytes(*sign_in))
                .bind(i64::from(DEVICES_MAX))
                .execute(&mut *tx)
                .await?;
                done
            }
        };
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    async fn stop_mail(&self, association: AssociationId, user: UserId) -> Result<()> {
        sqlx::query("delete from mail_reminder where association_id = $1 and person_id = $2")
            .bind(bytes(association.uuid()))
            .bind(bytes(user.uuid()))
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn stop_push(&self, association: AssociationId, sign_in: Uuid) -> Result<()> {
        sqlx::query("delete from push_reminder where association_id = $1 and sign_in_id = $2")
            .bind(bytes(association.uuid()))
            .bind(bytes(sign_in))
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn forget_browser(&self, endpoint: &str) -> Result<()> {
        sqlx::query("delete from push_reminder where endpoint = $1")
            .bind(endpoint.to_owned())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn not_looked(&self, today: Date, now_ms: i64) -> Result<Vec<Reminder>> {
        let sql = format!(
            "{BY_MAIL} where r.looked_on <> $1 and {IS_REVIEWER}
             union all {BY_PUSH} where r.looked_on <> $1 and {IS_REVIEWER} and {}
             order by 6, 2, 1",
            sign_ins::alive(now_ms)
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(date::day_number(today)).fetch_all(&self.readers).await?;
        rows.iter().map(read).collect()
    }

    async fn look_at(&self, reminders: &[Reminder], today: Date) -> Result<Vec<bool>> {
        let mut tx = self.immediate().await?;
        let mut claimed = Vec::with_capacity(reminders.len());
        for reminder in reminders {
            claimed.push(set_looked(&mut tx, reminder, reminder.looked, today).await?);
        }
        tx.commit().await?;
        Ok(claimed)
    }

    async fn give_back(&self, reminders: &[Reminder], today: Date) -> Result<()> {
        let mut tx = self.immediate().await?;
        for reminder in reminders {
            set_looked(&mut tx, reminder, today, reminder.looked).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn reminders_of(&self, user: UserId) -> Result<Vec<Reminder>> {
        let sql = format!("{BY_MAIL} where r.person_id = $1 union all {BY_PUSH} where r.person_id = $1 order by 6, 1");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(bytes(user.uuid())).fetch_all(&self.readers).await?;
        rows.iter().map(read).collect()
    }

    async fn in_brief(&self, association: AssociationId) -> Result<(Vec<Brief>, Vec<(RecordId, Series)>)> {
        // A transaction, so that both statements read the same moment.
        let mut reading = self.readers.begin().await?;
        // The latest review is looked up for each gathering: the index is named, as in `records.rs`.
        let rows = sqlx::query(
            "select r.about, r.day, r.rev, v.content ->> 'revision' as seen, v.content ->> 'verdict' as verdict
             from record r left join record v on v.association_id = r.association_id and v.kind = 'review' and v.id = (
                select l.id from record l indexed by record_about
                where l.association_id = r.association_id and l.about = r.id and l.kind = 'review' and l.content is not null
                order by l.seq desc limit 1)
             where r.association_id = $1 and r.kind = 'gathering' and r.content is not null and r.day is not null",
        )
        .bind(bytes(association.uuid()))
        .fetch_all(&mut *reading)
        .await?;
        let brief = rows.iter().map(brief).collect::<Result<_>>()?;
        let rows = sqlx::query(
            "select id, content from record where association_id = $1 and kind = 'series' and content is not null",
        )
        .bind(bytes(association.uuid()))
        .fetch_all(&mut *reading)
        .await?;
        let mut all = Vec::new();
        for row in &rows {
            let content = content(row.try_get("content")?)?.ok_or(StoreError::Damaged("content"))?;
            // Of one that this version cannot read it does not know what is missing.
            if let Ok(series) = Series::parse(&content) {
                all.push((RecordId::new(uuid(row.try_get("id")?)?), series));
            }
        }
        Ok((brief, all))
    }
}

/// Where a wish is as it is given, and its day `from`: `to` is its day then. False otherwise.
async fn set_looked(tx: &mut SqliteConnection, reminder: &Reminder, from: Date, to: Date) -> Result<bool> {
    let sql = match &reminder.to {
        RemindTo::Mail(_) => {
            "update mail_reminder set looked_on = $4 where association_id = $1 and person_id = $2 and looked_on = $3"
        }
        RemindTo::Push(..) => {
            "update push_reminder set looked_on = $4 where association_id = $1 and sign_in_id = $2 and looked_on = $3"
        }
    };
    let whose = match &reminder.to {
        RemindTo::Mail(_) => reminder.user.uuid(),
        RemindTo::Push(sign_in, _) => *sign_in,
    };
    let done = sqlx::query(sql)
        .bind(bytes(reminder.association.uuid()))
        .bind(bytes(whose))
        .bind(date::day_number(from))
        .bind(date::day_number(to))
        .execute(tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Forgets what somebody who is no reviewer of an association any more has wished, in the caller's transaction.
pub(super) async fn forget(tx: &mut SqliteConnection, association: AssociationId, user: UserId) -> Result<()> {
    for sql in [
        "delete from mail_reminder where association_id = $1 and person_id = $2",
        "delete from push_reminder where association_id = $1 and person_id = $2",
    ] {
        sqlx::query(sql).bind(bytes(association.uuid())).bind(bytes(user.uuid())).execute(&mut *tx).await?;
    }
    Ok(())
}

fn brief(row: &SqliteRow) -> Result<Brief> {
    let series: Option<Vec<u8>> = row.try_get("about")?;
    let seen: Option<u32> = row.try_get("seen")?;
    let verdict: Option<&str> = row.try_get("verdict")?;
    Ok(Brief {
        series: series.map(|id| uuid(id).map(RecordId::new)).transpose()?,
        day: decode::day(row.try_get("day")?, "day of a gathering")?,
        state: ReviewState::of(row.try_get("rev")?, seen.zip(verdict.and_then(Verdict::parse))),
    })
}

fn read(row: &SqliteRow) -> Result<Reminder> {
    let to = match row.try_get::<Option<String>, _>("address")? {
        Some(address) => RemindTo::Mail(address),
        None => RemindTo::Push(
            uuid(row.try_get("sign_in_id")?)?,
            PushTo { endpoint: row.try_get("endpoint")?, p256dh: row.try_get("p256dh")?, auth: row.try_get("auth")? },
        ),
    };
    Ok(Reminder {
        association: AssociationId::new(uuid(row.try_get("association_id")?)?),
        user: UserId::new(uuid(row.try_get("person_id")?)?),
        lang: Lang::from_tag(row.try_get("lang")?).unwrap_or(Lang::Fi),
        looked: decode::day(row.try_get("looked_on")?, "day of a reminder")?,
        to,
    })
}
