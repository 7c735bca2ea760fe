//! What is kept about one person, found and deleted.

use async_trait::async_trait;
use domain::{AssociationId, DeviceId, RecordId, Role, UserId};
use sqlx::{AssertSqlSafe, Row, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore, audit,
    decode::{bytes, content, kind, natural, uuid},
    invitations, quarantine, tokens,
};
use crate::store::{
    AuditEntry, BeforeCommit, Deletion, OwnContent, OwnCount, OwnData, OwnDevice, OwnMembership, OwnRows, Result,
    StoreError,
};

/// A reviewer's row `m`, where the association has no other.
pub(super) const LAST_REVIEWER: &str = "m.role = 'reviewer' and m.ended_at is null and not exists (
    select 1 from membership o where o.association_id = m.association_id and o.person_id <> m.person_id
    and o.role = 'reviewer' and o.ended_at is null)";

#[async_trait]
impl OwnData for SqliteStore {
    async fn own_rows(&self, user: UserId) -> Result<OwnRows> {
        let me = bytes(user.uuid());
        // A transaction, so that all statements read the same moment.
        let mut reading = self.readers.begin().await?;
        let memberships = sqlx::query(
            "select m.association_id, m.role, m.nickname, m.ended_at, coalesce(a.name, '') as name from membership m
             left join association a on a.id = m.association_id where m.person_id = $1 order by name, m.association_id",
        )
        .bind(me.clone())
        .fetch_all(&mut *reading)
        .await?;
        let memberships: Vec<OwnMembership> = memberships.iter().map(membership).collect::<Result<_>>()?;
        let let_in: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(
            "select sign_in_id, association_id from let_in where person_id = $1 order by sign_in_id, association_id",
        )
        .bind(me.clone())
        .fetch_all(&mut *reading)
        .await?;
        let devices = sqlx::query("select * from phone where person_id = $1 order by last_contact_at desc, id")
            .bind(me.clone())
            .fetch_all(&mut *reading)
            .await?;
        let mut counts = Vec::new();
        for association in memberships.iter().map(|membership| membership.association) {
            let rows = sqlx::query(
                "select kind, cast(strftime('%Y', day * 86400, 'unixepoch') as integer) as year, count(*) as count
                 from record where association_id = $1 and recorder = $2 and content is not null
                 group by kind, year order by kind, year",
            )
            .bind(bytes(association.uuid()))
            .bind(me.clone())
            .fetch_all(&mut *reading)
            .await?;
            for row in &rows {
                let year = row.try_get("year")?;
                counts.push(OwnCount { association, kind: kind(row)?, year, count: natural(row.try_get("count")?)? });
            }
        }
        let handed_in = sqlx::query(
            "select * from quarantine where person_id = $1 and decided is null order by association_id, handed_in_at, change_id",
        )
        .bind(me.clone())
        .fetch_all(&mut *reading)
        .await?;
        let made = sqlx::query("select * from invitation where made_by = $1 order by made_at desc, id")
            .bind(me.clone())
            .fetch_all(&mut *reading)
            .await?;
        let accepted: Vec<(Vec<u8>, i64)> = sqlx::query_as(
            "select invitation_id, accepted_at from acceptance where person_id = $1 order by accepted_at desc",
        )
        .bind(me.clone())
        .fetch_all(&mut *reading)
        .await?;
        let made_tokens = sqlx::query("select * from read_token where person_id = $1 order by made_at desc, id")
            .bind(me.clone())
            .fetch_all(&mut *reading)
            .await?;
        let log = sqlx::query("select * from audit where actor = $1 or subject = $1 order by seq desc")
            .bind(me)
            .fetch_all(&mut *reading)
            .await?;
        Ok(OwnRows {
            memberships,
            let_in: (let_in.into_iter())
                .map(|(sign_in, association)| Ok((uuid(sign_in)?, AssociationId::new(uuid(association)?))))
                .collect::<Result<_>>()?,
            devices: devices.iter().map(device).collect::<Result<_>>()?,
            counts,
            handed_in: handed_in.iter().map(quarantine::read).collect::<Result<_>>()?,
            invitations: made.iter().map(invitations::read).collect::<Result<_>>()?,
            accepted: accepted.into_iter().map(|(id, at)| Ok((uuid(id)?, at))).collect::<Result<_>>()?,
            tokens: made_tokens.iter().map(tokens::read).collect::<Result<_>>()?,
            audit: log.iter().map(audit::read).collect::<Result<_>>()?,
        })
    }

    async fn own_contents(&self, user: UserId) -> Result<Vec<OwnContent>> {
        let rows = sqlx::query(
            "select r.association_id, r.kind, r.id, r.rev, r.content from membership m
             cross join record r on r.association_id = m.association_id and r.recorder = m.person_id
             where m.person_id = $1 and r.content is not null order by r.association_id, r.seq",
        )
        .bind(bytes(user.uuid()))
        .fetch_all(&self.readers)
        .await?;
        let read = |row: &SqliteRow| {
            Ok(OwnContent {
                association: AssociationId::new(uuid(row.try_get("association_id")?)?),
                kind: kind(row)?,
                record: RecordId::new(uuid(row.try_get("id")?)?),
                rev: row.try_get("rev")?,
                content: content(row.try_get("content")?)?.ok_or(StoreError::Damaged("content"))?,
            })
        };
        rows.iter().map(read).collect()
    }

    async fn delete_person(&self, user: UserId, entry: AuditEntry, before: BeforeCommit<'_>) -> Result<Deletion> {
        let me = bytes(user.uuid());
        let mut tx = self.immediate().await?;
        let asked = async |tx: &mut SqliteConnection, sql: String| -> Result<bool> {
            Ok(sqlx::query_scalar(AssertSqlSafe(sql)).bind(me.clone()).fetch_one(tx).await?)
        };
        if !asked(&mut tx, "select exists (select 1 from person where id = $1)".to_owned()).await? {
            return Ok(Deletion::Unknown);
        }
        let last = format!("select exists (select 1 from membership m where m.person_id = $1 and {LAST_REVIEWER})");
        if asked(&mut tx, last).await? {
            return Ok(Deletion::LastReviewer);
        }
        let only = "select exists (select 1 from operator where person_id = $1)
                    and not exists (select 1 from operator where person_id <> $1)";
        if asked(&mut tx, only.to_owned()).await? {
            return Ok(Deletion::LastOperator);
        }
        // Whoever recorded something has belonged to its association.
        let associations: Vec<Vec<u8>> =
            sqlx::query_scalar("select association_id from membership where person_id = $1 order by association_id")
                .bind(me.clone())
                .fetch_all(&mut *tx)
                .await?;
        erase(&mut tx, user, &associations, entry.at_ms).await?;
        if associations.is_empty() {
            audit::append(&mut tx, &entry).await?;
        }
        for association in associations {
            let association = Some(AssociationId::new(uuid(association)?));
            audit::append(&mut tx, &AuditEntry { association, ..entry }).await?;
        }
        before().map_err(sqlx::Error::Io)?;
        tx.commit().await?;
        Ok(Deletion::Deleted)
    }
}

/// Every association.
pub(crate) async fn all_associations(connection: &mut SqliteConnection) -> Result<Vec<Vec<u8>>> {
    Ok(sqlx::query_scalar("select id from association").fetch_all(connection).await?)
}

/// Takes a person out of the tables, in the caller's transaction. Their records are looked for in these associations.
///
/// A table that is about persons has a column `person_id`, and its rows are deleted, whichever migration it came with. What is
/// more than that is written out here.
pub(crate) async fn erase(tx: &mut SqliteConnection, user: UserId, associations: &[Vec<u8>], at_ms: i64) -> Result<()> {
    let (me, nobody) = (bytes(user.uuid()), bytes(UserId::DELETED.uuid()));
    for association in associations {
        // Reviewers are told who recorded a gathering: it is told anew, after all others (S8).
        let told = sqlx::query(
            "update record set recorder = $3,
                seq = (select seq from association where id = $1) + n.place
             from (select id, row_number() over (order by seq) as place from record
                   where association_id = $1 and kind = 'gathering' and recorder = $2 and content is not null) n
             where record.association_id = $1 and record.kind = 'gathering' and record.id = n.id",
        )
        .bind(association.clone())
        .bind(me.clone())
        .bind(nobody.clone())
        .execute(&mut *tx)
        .await?
        .rows_affected();
        sqlx::query("update association set seq = seq + $2 where id = $1")
            .bind(association.clone())
            .bind(i64::try_from(told).unwrap_or(i64::MAX))
            .execute(&mut *tx)
            .await?;
        sqlx::query("update record set recorder = $3 where association_id = $1 and recorder = $2")
            .bind(association.clone())
            .bind(me.clone())
            .bind(nobody.clone())
            .execute(&mut *tx)
            .await?;
        sqlx::query("update revision set author = $3, device = $4 where association_id = $1 and author = $2")
            .bind(association.clone())
            .bind(me.clone())
            .bind(nobody.clone())
            .bind(bytes(Uuid::nil()))
            .execute(&mut *tx)
            .await?;
    }
    // What the person has invited others to is no longer theirs to give; a renewal of theirs is nobody's.
    sqlx::query("update invitation set revoked_at = $2 where made_by = $1 and revoked_at is null and expires_at > $2")
        .bind(me.clone())
        .bind(at_ms)
        .execute(&mut *tx)
        .await?;
    sqlx::query("update invitation set made_by = $2 where made_by = $1")
        .bind(me.clone())
        .bind(nobody)
        .execute(&mut *tx)
        .await?;
    sqlx::query("delete from invitation where renews = $1").bind(me.clone()).execute(&mut *tx).await?;
    let tables: Vec<String> = sqlx::query_scalar(
        "select t.name from sqlite_schema t join pragma_table_info(t.name) c on c.name = 'person_id'
         where t.type = 'table' order by t.name",
    )
    .fetch_all(&mut *tx)
    .await?;
    for table in tables {
        let sql = format!("delete from \"{table}\" where person_id = $1");
        sqlx::query(AssertSqlSafe(sql)).bind(me.clone()).execute(&mut *tx).await?;
    }
    sqlx::query("delete from person where id = $1").bind(me).execute(&mut *tx).await?;
    Ok(())
}

fn membership(row: &SqliteRow) -> Result<OwnMembership> {
    Ok(OwnMembership {
        association: AssociationId::new(uuid(row.try_get("association_id")?)?),
        name: row.try_get("name")?,
        nickname: row.try_get("nickname")?,
        role: Role::from_name(row.try_get("role")?).ok_or(StoreError::Damaged("role"))?,
        ended_ms: row.try_get("ended_at")?,
    })
}

fn device(row: &SqliteRow) -> Result<OwnDevice> {
    Ok(OwnDevice {
        device: DeviceId::new(uuid(row.try_get("id")?)?),
        last_contact_ms: row.try_get("last_contact_at")?,
        made: natural(row.try_get("counter")?)?,
        waiting: natural(row.try_get("waiting")?)?,
        thrown: natural(row.try_get("thrown")?)?,
        missing: natural(row.try_get("missing")?)?,
    })
}
