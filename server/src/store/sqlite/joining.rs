//! Associations that come in.

use async_trait::async_trait;
use domain::{
    Area, DeviceId, UserId,
    codes::Municipality,
    joining::{Draft, Known, Step},
};
use sqlx::{AssertSqlSafe, QueryBuilder, Row, Sqlite, SqliteConnection, sqlite::SqliteRow};
use uuid::Uuid;

use super::{
    SqliteStore, audit,
    decode::{bytes, content, municipality, natural, uuid},
    transaction::SqliteTx,
};
use crate::store::{
    AuditEntry, RecordsTx, Result, StoreError,
    joining::{Answer, DRAFT_LASTS_MS, Ground, Joined, Joining, JoiningRequest, KeptDraft, NewAssociation},
};

/// Of a request `r` whose asker can still come in.
const HAS_A_SIGN_IN: &str = "exists (select 1 from sign_in s where s.person_id = r.person_id)";
const STEP: StoreError = StoreError::Damaged("step of a draft");
const ANSWER: StoreError = StoreError::Damaged("answer to a request");

#[async_trait]
impl Joining for SqliteStore {
    async fn joining_draft(&self, user: UserId) -> Result<Option<KeptDraft>> {
        let row = sqlx::query("select draft, step, updated_at from joining_draft where person_id = $1")
            .bind(bytes(user.uuid()))
            .fetch_optional(&self.readers)
            .await?;
        let read = |row: SqliteRow| {
            Ok(KeptDraft {
                draft: draft(&row)?,
                step: Step::from_name(row.try_get("step")?).ok_or(STEP)?,
                updated_ms: row.try_get("updated_at")?,
            })
        };
        row.map(read).transpose()
    }

    async fn keep_joining_draft(&self, user: UserId, kept: &KeptDraft) -> Result<()> {
        let mut tx = self.immediate().await?;
        keep(&mut tx, user, kept).await?;
        for old in
            ["delete from joining_draft where updated_at < $1", "delete from joining_request where expires_at < $1"]
        {
            sqlx::query(old).bind(kept.updated_ms - DRAFT_LASTS_MS).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn joining_drafts_since(&self, ms: i64) -> Result<u64> {
        let count = sqlx::query_scalar("select count(*) from joining_draft where updated_at >= $1")
            .bind(ms)
            .fetch_one(&self.readers)
            .await?;
        natural(count)
    }

    async fn ask_to_join(&self, request: &JoiningRequest, open_max: u64, entry: AuditEntry) -> Result<bool> {
        let mut tx = self.immediate().await?;
        let others: i64 = sqlx::query_scalar(
            "select count(*) from joining_request
             where municipality = $1 and state = 'open' and expires_at > $2 and person_id <> $3",
        )
        .bind(request.home.code())
        .bind(request.asked_ms)
        .bind(bytes(request.user.uuid()))
        .fetch_one(&mut *tx)
        .await?;
        if natural(others)? >= open_max {
            return Ok(false);
        }
        sqlx::query("delete from joining_request where person_id = $1")
            .bind(bytes(request.user.uuid()))
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "insert into joining_request (id, person_id, device, municipality, draft, state, asked_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(bytes(request.id))
        .bind(bytes(request.user.uuid()))
        .bind(bytes(request.device.uuid()))
        .bind(request.home.code())
        .bind(json(&request.draft))
        .bind(request.answer.name())
        .bind(request.asked_ms)
        .bind(request.expires_ms)
        .execute(&mut *tx)
        .await?;
        forget_draft(&mut tx, request.user).await?;
        audit::commit(tx, true, &entry).await
    }

    async fn joining_request_of(&self, user: UserId) -> Result<Option<JoiningRequest>> {
        let row = sqlx::query("select * from joining_request where person_id = $1")
            .bind(bytes(user.uuid()))
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(request).transpose()
    }

    async fn joining_request(&self, id: Uuid) -> Result<Option<JoiningRequest>> {
        let row = sqlx::query("select * from joining_request where id = $1")
            .bind(bytes(id))
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(request).transpose()
    }

    async fn open_joining_requests(&self, areas: &[Area], now_ms: i64) -> Result<Vec<JoiningRequest>> {
        let Some(homes) = homes(areas) else { return Ok(Vec::new()) };
        let mut query =
            QueryBuilder::<Sqlite>::new("select * from joining_request r where state = 'open' and expires_at > ");
        query.push_bind(now_ms).push(" and ").push(HAS_A_SIGN_IN);
        of_homes(&mut query, "municipality", &homes);
        query.push(" order by asked_at, id");
        let rows = query.build().fetch_all(&self.readers).await?;
        rows.iter().map(request).collect()
    }

    async fn refuse_joining_request(&self, id: Uuid, entry: AuditEntry) -> Result<bool> {
        let mut tx = self.immediate().await?;
        let done = sqlx::query(
            "update joining_request set state = 'refused' where id = $1 and state = 'open' and expires_at > $2",
        )
        .bind(bytes(id))
        .bind(entry.at_ms)
        .execute(&mut *tx)
        .await?;
        audit::commit(tx, done.rows_affected() > 0, &entry).await
    }

    async fn take_back_joining_request(&self, user: UserId, now_ms: i64) -> Result<bool> {
        let mut tx = self.immediate().await?;
        let row =
            sqlx::query("delete from joining_request where person_id = $1 and state <> 'accepted' returning draft")
                .bind(bytes(user.uuid()))
                .fetch_optional(&mut *tx)
                .await?;
        let Some(row) = row else { return Ok(false) };
        keep(&mut tx, user, &KeptDraft { draft: draft(&row)?, step: Step::Summary, updated_ms: now_ms }).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn bring_in(&self, new: NewAssociation<'_>, entry: AuditEntry) -> Result<bool> {
        let mut tx = SqliteTx(self.immediate().await?);
        let used = match new.ground {
            Ground::Invitation(invitation) => {
                sqlx::query(
                    "update acceptance set taken_up_at = $3
                     where invitation_id = $1 and person_id = $2 and taken_up_at is null",
                )
                .bind(bytes(invitation))
                .bind(bytes(new.reviewer.uuid()))
                .bind(entry.at_ms)
                .execute(&mut *tx.0)
                .await?
            }
            Ground::Request(request) => {
                sqlx::query(AssertSqlSafe(format!(
                    "update joining_request as r set state = 'accepted'
                     where id = $1 and person_id = $2 and state = 'open' and expires_at > $3 and {HAS_A_SIGN_IN}"
                )))
                .bind(bytes(request))
                .bind(bytes(new.reviewer.uuid()))
                .bind(entry.at_ms)
                .execute(&mut *tx.0)
                .await?
            }
        };
        if used.rows_affected() == 0 {
            return Ok(false);
        }
        tx.apply(new.association, new.writes, entry.at_ms).await?;
        sqlx::query(
            "insert into membership (association_id, person_id, role, nickname) values ($1, $2, 'reviewer', $3)",
        )
        .bind(bytes(new.association.uuid()))
        .bind(bytes(new.reviewer.uuid()))
        .bind(new.nickname.to_owned())
        .execute(&mut *tx.0)
        .await?;
        if matches!(new.ground, Ground::Invitation(_)) {
            forget_draft(&mut tx.0, new.reviewer).await?;
        }
        audit::append(&mut tx.0, &entry).await?;
        tx.0.commit().await?;
        Ok(true)
    }

    async fn joined(&self, areas: &[Area], limit: u32) -> Result<Vec<Joined>> {
        let Some(homes) = homes(areas) else { return Ok(Vec::new()) };
        let mut query = QueryBuilder::<Sqlite>::new(
            "select a.name, a.home, r.stored_at from association a
             join revision r on r.association_id = a.id and r.kind = 'association' and r.record_id = a.id and r.rev = 1
             where a.home is not null",
        );
        of_homes(&mut query, "a.home", &homes);
        query.push(" order by r.stored_at desc, a.name limit ").push_bind(i64::from(limit));
        let rows = query.build().fetch_all(&self.readers).await?;
        let joined = |row: &SqliteRow| {
            Ok(Joined {
                name: row.try_get("name")?,
                home: municipality(row.try_get("home")?, "home of an association")?,
                joined_ms: row.try_get("stored_at")?,
            })
        };
        rows.iter().map(joined).collect()
    }

    async fn known_in(&self, home: Municipality) -> Result<Vec<Known>> {
        let rows = sqlx::query(
            "select r.content from association a
             join record r on r.association_id = a.id and r.kind = 'association' and r.id = a.id
             where a.home = $1 and r.content is not null",
        )
        .bind(home.code())
        .fetch_all(&self.readers)
        .await?;
        let known = |row: &SqliteRow| {
            let content = content(row.try_get("content")?)?.unwrap_or_default();
            let text = |name: &str| content.get(name).and_then(|value| value.as_str()).map(str::to_owned);
            Ok(Known { name: text("name").unwrap_or_default(), business_id: text("business_id") })
        };
        rows.iter().map(known).collect()
    }
}

async fn keep(tx: &mut SqliteConnection, user: UserId, kept: &KeptDraft) -> Result<()> {
    sqlx::query(
        "insert into joining_draft (person_id, draft, step, updated_at) values ($1, $2, $3, $4)
         on conflict (person_id) do update set
           draft = excluded.draft, step = excluded.step, updated_at = excluded.updated_at",
    )
    .bind(bytes(user.uuid()))
    .bind(json(&kept.draft))
    .bind(kept.step.name())
    .bind(kept.updated_ms)
    .execute(&mut *tx)
    .await?;
    Ok(())
}

async fn forget_draft(tx: &mut SqliteConnection, user: UserId) -> Result<()> {
    sqlx::query("delete from joining_draft where person_id = $1").bind(bytes(user.uuid())).execute(&mut *tx).await?;
    Ok(())
}

/// The municipalities of areas, each once; empty for the whole country, none where there is no area at all.
fn homes(areas: &[Area]) -> Option<Vec<Municipality>> {
    match areas {
        [] => None,
        areas if areas.contains(&Area::Nation) => Some(Vec::new()),
        areas => Some(Municipality::all().filter(|one| areas.iter().any(|area| area.contains(*one))).collect()),
    }
}

/// At most 308 of them: far below SQLite's 32,766 values in one statement.
fn of_homes(query: &mut QueryBuilder<Sqlite>, column: &str, homes: &[Municipality]) {
    if homes.is_empty() {
        return;
    }
    query.push(" and ").push(column).push(" in (");
    let mut list = query.separated(", ");
    for home in homes {
        list.push_bind(home.code());
    }
    query.push(")");
}

fn json(draft: &Draft) -> String {
    serde_json::Value::Object(draft.to_content()).to_string()
}

fn draft(row: &SqliteRow) -> Result<Draft> {
    Ok(Draft::from_content(&content(row.try_get("draft")?)?.unwrap_or_default()))
}

fn request(row: &SqliteRow) -> Result<JoiningRequest> {
    Ok(JoiningRequest {
        id: uuid(row.try_get("id")?)?,
        user: UserId::new(uuid(row.try_get("person_id")?)?),
        device: DeviceId::new(uuid(row.try_get("device")?)?),
        home: municipality(row.try_get("municipality")?, "municipality of a request")?,
        draft: draft(row)?,
        answer: Answer::from_name(row.try_get("state")?).ok_or(ANSWER)?,
        asked_ms: row.try_get("asked_at")?,
        expires_ms: row.try_get("expires_at")?,
    })
}
