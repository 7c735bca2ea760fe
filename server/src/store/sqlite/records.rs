//! Records, revisions, results, and the rows that follow from them: sums, and what waits for a release.

use async_trait::async_trait;
use domain::{AssociationId, ChangeId, Content, DeviceId, Kind, RecordId, UserId, date, report::Amounts};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, sqlite::SqliteRow};
use sync::{
    canonical::canonical,
    rules::{
        Keys, Loaded, Stored, Writes,
        pull::PullRow,
        rows::{AboutRow, WaitingChange},
    },
};

use super::{
    SqliteStore,
    decode::{at_most, bytes, content, integer, kind, natural, uuid},
    transaction::SqliteTx,
};
use crate::store::{Records, RecordsTx, Result, RevisionRow, RowsQuery, StoreError};

#[async_trait]
impl Records for SqliteStore {
    async fn rows_after(&self, query: &RowsQuery) -> Result<Vec<PullRow>> {
        let reader = query.reviews_for;
        let rows = sqlx::query(
            "select r.kind, r.id, r.rev, r.seq, r.content, r.recorder, r.day, 
                    case when m.ended_at is not null then nullif(m.nickname, '')
                         else coalesce(m.nickname, p.nickname) end as nickname,
                    g.recorder as gathering_recorder, g.day as gathering_day
             from record r left join person p on p.id = r.recorder
             left join membership m on m.association_id = r.association_id and m.person_id = r.recorder
             left join record g on $4 is not null and r.kind = 'review'
               and g.association_id = r.association_id and g.kind = 'gathering' and g.id = r.about
             where r.association_id = $1 and r.seq > $2
               and (r.kind <> 'review' or $4 is null or (g.recorder = $4 and coalesce(g.day >= $5, true)))
             order by r.seq limit $3",
        )
        .bind(bytes(query.association.uuid()))
        // A cursor that no sequence number reaches is after everything.
        .bind(at_most(query.after))
        .bind(i64::from(query.limit))
        .bind(reader.map(|reader| bytes(reader.user.uuid())))
        .bind(reader.and_then(|reader| reader.first_day))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(pull_row).collect()
    }

    async fn has_written(&self, association: AssociationId, device: DeviceId, kind: Kind) -> Result<bool> {
        Ok(sqlx::query_scalar(
            "select exists (select 1 from revision where association_id = $1 and kind = $2 and device = $3)",
        )
        .bind(bytes(association.uuid()))
        .bind(kind.name())
        .bind(bytes(device.uuid()))
        .fetch_one(&self.readers)
        .await?)
    }

    async fn contents(&self, association: AssociationId, kind: Kind, limit: u32) -> Result<Vec<(RecordId, Content)>> {
        let rows = sqlx::query(
            "select id, content from record
             where association_id = $1 and kind = $2 and content is not null order by id limit $3",
        )
        .bind(bytes(association.uuid()))
        .bind(kind.name())
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        let read = |row: &SqliteRow| {
            let id = RecordId::new(uuid(row.try_get("id")?)?);
            Ok(content(row.try_get("content")?)?.map(|content| (id, content)))
        };
        rows.iter().filter_map(|row| read(row).transpose()).collect()
    }

    async fn revisions(&self, association: AssociationId, gathering: RecordId, limit: u32) -> Result<Vec<RevisionRow>> {
        // `cross join` keeps the order of the two, as in `load_rows`.
        let rows = sqlx::query(
            "with k (kind, id) as (
                 select 'gathering', $2
                 union all select 'review', id from record where association_id = $1 and about = $2 and kind = 'review'
             )
             select r.kind, r.rev, r.content, r.stored_at, r.author, r.device,
                    case when m.ended_at is not null then nullif(m.nickname, '')
                         else coalesce(m.nickname, p.nickname) end as nickname
             from k cross join revision r on r.association_id = $1 and r.kind = k.kind and r.record_id = k.id
             left join person p on p.id = r.author
             left join membership m on m.association_id = r.association_id and m.person_id = r.author
             order by r.seq desc limit $3",
        )
        .bind(bytes(association.uuid()))
        .bind(bytes(gathering.uuid()))
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(revision_row).collect()
    }

    async fn look_up_rows(&self, association: AssociationId, keys: &Keys) -> Result<(Loaded, Vec<AboutRow>)> {
        // A transaction, so that all statements read the same moment.
        let mut reading = self.readers.begin().await?;
        load_rows(&mut reading, association, keys).await
    }
}

#[async_trait]
impl RecordsTx for SqliteTx {
    async fn load_rows(&mut self, association: AssociationId, keys: &Keys) -> Result<(Loaded, Vec<AboutRow>)> {
        load_rows(&mut self.0, association, keys).await
    }

    async fn apply(&mut self, association: AssociationId, writes: &Writes, now_ms: i64) -> Result<()> {
        let owner = bytes(association.uuid());
        sqlx::query(
            "insert into association (id, seq) values ($1, $2) on conflict (id) do update set seq = excluded.seq",
        )
        .bind(owner.clone())
        .bind(integer(writes.seq)?)
        .execute(&mut *self.0)
        .await?;
        self.add_revisions(&owner, writes, now_ms).await?;
        for corrected in &writes.corrected {
            sqlx::query(
                "update record set recorder = $4, seq = $5 where association_id = $1 and kind = $2 and id = $3",
            )
            .bind(owner.clone())
            .bind(corrected.kind.name())
            .bind(bytes(corrected.record.uuid()))
            .bind(bytes(corrected.recorder.uuid()))
            .bind(integer(corrected.seq)?)
            .execute(&mut *self.0)
            .await?;
        }
        if !writes.results.is_empty() {
            let mut query =
                QueryBuilder::<Sqlite>::new("insert into change_result (association_id, change_id, result) ");
            query.push_values(&writes.results, |mut row, result| {
                row.push_bind(owner.clone())
                    .push_bind(bytes(result.change.uuid()))
                    .push_bind(serde_json::to_string(result).unwrap_or_default());
            });
            query.build().execute(&mut *self.0).await?;
        }
        self.copy_association(&owner, writes).await?;
        self.apply_tally_changes(&owner, writes).await?;
        for change in writes.waiting_changes(association) {
            self.apply_waiting_change(&owner, change).await?;
        }
        Ok(())
    }
}

async fn load_rows(
    connection: &mut SqliteConnection,
    association: AssociationId,
    keys: &Keys,
) -> Result<(Loaded, Vec<AboutRow>)> {
    let owner = bytes(association.uuid());
    let mut loaded = Loaded::default();
    let seq: Option<i64> = sqlx::query_scalar("select seq from association where id = $1")
        .bind(owner.clone())
        .fetch_optional(&mut *connection)
        .await?;
    loaded.seq = natural(seq.unwrap_or(0))?;

    if !keys.changes.is_empty() {
        let mut query =
            QueryBuilder::<Sqlite>::new("select change_id, result from change_result where association_id = ");
        query.push_bind(owner.clone()).push(" and change_id in (");
        let mut list = query.separated(", ");
        for change in &keys.changes {
            list.push_bind(bytes(change.uuid()));
        }
        query.push(")");
        for row in query.build().fetch_all(&mut *connection).await? {
            let result =
                serde_json::from_str(row.try_get("result")?).map_err(|_| StoreError::Damaged("stored result"))?;
            loaded.results.insert(ChangeId::new(uuid(row.try_get("change_id")?)?), result);
        }
    }

    // `cross join` keeps the order of the two: each key is looked up. With `in (values …)` SQLite reads the whole association.
    if !keys.records.is_empty() {
        let mut query = QueryBuilder::<Sqlite>::new("with k (kind, id) as (");
        query.push_values(&keys.records, |mut row, (kind, id)| {
            row.push_bind(kind.name()).push_bind(bytes(id.uuid()));
        });
        query.push(
            ") select r.kind, r.id, r.rev, r.seq, r.content, r.recorder from k cross join record r
             on r.kind = k.kind and r.id = k.id and r.association_id = ",
        );
        query.push_bind(owner.clone());
        for row in query.build().fetch_all(&mut *connection).await? {
            let (kind, id, stored) = stored(&row)?;
            loaded.records.insert((kind, id), stored);
        }
    }

    if !keys.bases.is_empty() {
        let mut query = QueryBuilder::<Sqlite>::new("with k (kind, id, rev) as (");
        query.push_values(&keys.bases, |mut row, (kind, id, rev)| {
            row.push_bind(kind.name()).push_bind(bytes(id.uuid())).push_bind(i64::from(*rev));
        });
        query.push(
            ") select r.kind, r.record_id, r.rev, r.content from k cross join revision r
             on r.kind = k.kind and r.record_id = k.id and r.rev = k.rev and r.association_id = ",
        );
        query.push_bind(owner.clone());
        for row in query.build().fetch_all(&mut *connection).await? {
            if let Some(content) = content(row.try_get("content")?)? {
                let id = RecordId::new(uuid(row.try_get("record_id")?)?);
                loaded.bases.insert((kind(&row)?, id, row.try_get("rev")?), content);
            }
        }
    }

    let mut about = Vec::new();
    if !keys.about.is_empty() {
        let mut query = QueryBuilder::<Sqlite>::new("with k (id) as (");
        query.push_values(&keys.about, |mut row, id| {
            row.push_bind(bytes(id.uuid()));
        });
        // The index is named because SQLite would read every review of the association instead. The other kinds are left out
        // because a series has hundreds of gatherings about it.
        query.push(
            ") select r.kind, r.id, r.rev, r.seq, r.content, r.recorder, r.about from k
             cross join record r indexed by record_about on r.about = k.id and r.kind in ('review', 'alternative')
             and r.association_id = ",
        );
        query.push_bind(owner);
        for row in query.build().fetch_all(&mut *connection).await? {
            let (kind, id, stored) = stored(&row)?;
            about.push(AboutRow { about: RecordId::new(uuid(row.try_get("about")?)?), kind, id, stored });
        }
    }
    Ok((loaded, about))
}

impl SqliteTx {
    async fn add_revisions(&mut self, owner: &[u8], writes: &Writes, now_ms: i64) -> Result<()> {
        let revisions = &writes.revisions;
        if revisions.is_empty() {
            return Ok(());
        }
        let texts: Vec<Option<String>> =
            revisions.iter().map(|revision| revision.content.as_ref().map(canonical)).collect();
        let mut query = QueryBuilder::<Sqlite>::new(
            "insert into revision (association_id, record_id, rev, seq, kind, content, change_id, author, device, made_at, stored_at) ",
        );
        query.push_values(revisions.iter().zip(&texts), |mut row, (revision, text)| {
            row.push_bind(owner.to_vec())
                .push_bind(bytes(revision.record.uuid()))
                .push_bind(i64::from(revision.rev))
                .push_bind(at_most(revision.seq))
                .push_bind(revision.kind.name())
                .push_bind(text.clone())
                .push_bind(bytes(revision.change.uuid()))
                .push_bind(bytes(revision.author.uuid()))
                .push_bind(bytes(revision.device.uuid()))
                .push_bind(revision.made_at)
                .push_bind(now_ms);
        });
        query.build().execute(&mut *self.0).await?;
        let mut query = QueryBuilder::<Sqlite>::new(
            "insert into record (association_id, kind, id, rev, seq, content, recorder, about, day) ",
        );
        query.push_values(writes.newest(), |mut row, (index, revision)| {
            row.push_bind(owner.to_vec())
                .push_bind(revision.kind.name())
                .push_bind(bytes(revision.record.uuid()))
                .push_bind(i64::from(revision.rev))
                .push_bind(at_most(revision.seq))
                .push_bind(texts[index].clone())
                .push_bind(bytes(revision.recorder.uuid()))
                .push_bind(revision.about.map(|id| bytes(id.uuid())))
                .push_bind(revision.day.map(|day| i64::from(date::day_number(day))));
        });
        query.push(
            " on conflict (association_id, kind, id) do update set rev = excluded.rev, seq = excluded.seq,
              content = excluded.content, about = excluded.about, day = excluded.day",
        );
        query.build().execute(&mut *self.0).await?;
        Ok(())
    }

    /// Copies what a page about associations needs of the association's own record, so that it does not parse it.
    async fn copy_association(&mut self, owner: &[u8], writes: &Writes) -> Result<()> {
        let Some(association) = writes.association()? else { return Ok(()) };
        let months: Vec<String> = association.no_activity.iter().map(ToString::to_string).collect();
        sqlx::query(
            "update association set home = $2, shown_alone = $3, volunteers_set_up_series = $4, name = $5, no_activity = $6,
                volunteers_change_others = $7 where id = $1",
        )
        .bind(owner.to_vec())
        .bind(association.home.code())
        .bind(association.shown_alone)
        .bind(association.volunteers_set_up_series)
        .bind(association.name)
        .bind(serde_json::json!(months).to_string())
        .bind(association.volunteers_change_others)
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    async fn apply_tally_changes(&mut self, owner: &[u8], writes: &Writes) -> Result<()> {
        let sums = writes.tally_changes();
        if sums.is_empty() {
            return Ok(());
        }
        let mut query = QueryBuilder::<Sqlite>::new("insert into tally (municipality, month, association_id, form");
        for name in Amounts::NAMES {
            query.push(", ").push(name);
        }
        query.push(") ");
        // Of a push at most two rows a change, of 29 values: far below SQLite's 32,766 in one statement.
        query.push_values(sums, |mut row, ((municipality, month, form), amounts)| {
            row.push_bind(municipality.code()).push_bind(i64::from(month.index()));
            row.push_bind(owner.to_vec()).push_bind(form.code());
            for amount in amounts.0 {
                row.push_bind(amount);
            }
        });
        query.push(" on conflict (municipality, month, association_id, form) do update set ");
        for (index, name) in Amounts::NAMES.into_iter().enumerate() {
            query.push(if index > 0 { ", " } else { "" });
            query.push(format_args!("{name} = tally.{name} + excluded.{name}"));
        }
        query.build().execute(&mut *self.0).await?;
        Ok(())
    }

    async fn apply_waiting_change(&mut self, owner: &[u8], change: WaitingChange) -> Result<()> {
        match change {
            WaitingChange::Remove(gathering) => {
                sqlx::query(
                    "delete from sensitive_gathering
                     where association_id = $1 and gathering_id = $2 and released_in is null",
                )
                .bind(owner.to_vec())
                .bind(bytes(gathering.uuid()))
                .execute(&mut *self.0)
                .await?;
            }
            WaitingChange::Add(waiting) => {
                sqlx::query(
                    "insert into sensitive_gathering
                        (association_id, gathering_id, municipality, day, form, visits, volunteers, quarter_hours)
                     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
                )
                .bind(owner.to_vec())
                .bind(bytes(waiting.gathering.uuid()))
                .bind(waiting.municipality.code())
                .bind(i64::from(date::day_number(waiting.day)))
                .bind(waiting.form.code())
                .bind(integer(waiting.figures.visits)?)
                .bind(integer(waiting.figures.volunteers)?)
                .bind(integer(waiting.figures.quarter_hours)?)
                .execute(&mut *self.0)
                .await?;
            }
        }
        Ok(())
    }
}

fn stored(row: &SqliteRow) -> Result<(Kind, RecordId, Stored)> {
    let stored = Stored {
        rev: row.try_get("rev")?,
        seq: natural(row.try_get("seq")?)?,
        content: content(row.try_get("content")?)?,
        recorder: UserId::new(uuid(row.try_get("recorder")?)?),
    };
    Ok((kind(row)?, RecordId::new(uuid(row.try_get("id")?)?), stored))
}

fn revision_row(row: &SqliteRow) -> Result<RevisionRow> {
    Ok(RevisionRow {
        kind: kind(row)?,
        rev: row.try_get("rev")?,
        content: content(row.try_get("content")?)?,
        stored_at_ms: row.try_get("stored_at")?,
        author: UserId::new(uuid(row.try_get("author")?)?),
        device: DeviceId::new(uuid(row.try_get("device")?)?),
        nickname: row.try_get("nickname")?,
    })
}

fn pull_row(row: &SqliteRow) -> Result<PullRow> {
    let by: Option<Vec<u8>> = row.try_get("gathering_recorder")?;
    let gathering_day: Option<i32> = row.try_get("gathering_day")?;
    let text: Option<String> = row.try_get("content")?;
    Ok(PullRow {
        kind: kind(row)?,
        id: RecordId::new(uuid(row.try_get("id")?)?),
        rev: row.try_get("rev")?,
        seq: natural(row.try_get("seq")?)?,
        bytes: text.as_ref().map_or(0, String::len),
        content: content(text)?,
        recorder: UserId::new(uuid(row.try_get("recorder")?)?),
        nickname: row.try_get("nickname")?,
        day: row.try_get("day")?,
        gathering: by.map(|by| Ok::<_, StoreError>((UserId::new(uuid(by)?), gathering_day))).transpose()?,
    })
}
