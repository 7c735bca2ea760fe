//! The write transaction: what a push loads and writes.

use std::collections::BTreeMap;

use domain::{
    AssociationId, ChangeId, Kind, RecordId, UserId,
    association::Association,
    codes::{ActivityForm, Municipality},
    date,
    report::{Amounts, Contribution},
    review::Review,
};
use sqlx::{QueryBuilder, Row, Sqlite, SqlitePool, Transaction, sqlite::SqliteRow};
use sync::{
    canonical::canonical,
    rules::{Effect, Keys, Loaded, NewRevision, Stored, Writes},
};

use super::{bytes, content, integer, natural, phones, uuid};
use crate::store::{DeviceReport, Result, StoreError, WriteTx};

/// The one write transaction of the server.
#[derive(Debug)]
pub struct SqliteTx(pub(super) Transaction<'static, Sqlite>);

impl SqliteTx {
    pub(super) async fn begin(writer: &SqlitePool) -> Result<SqliteTx> {
        // Immediate: the lock is taken now, not at the first write, so that what is read stays true.
        Ok(SqliteTx(writer.begin_with("begin immediate").await?))
    }
}

impl WriteTx for SqliteTx {
    async fn load(&mut self, association: AssociationId, keys: &Keys) -> Result<Loaded> {
        let owner = bytes(association.uuid());
        let mut loaded = Loaded::default();
        let seq: Option<i64> = sqlx::query_scalar("select seq from association where id = $1")
            .bind(owner.clone())
            .fetch_optional(&mut *self.0)
            .await?;
        loaded.seq = natural(seq.unwrap_or(0))?;

        let mut query =
            QueryBuilder::<Sqlite>::new("select change_id, result from change_result where association_id = ");
        query.push_bind(owner.clone()).push(" and change_id in ");
        push_list(&mut query, keys.changes.iter().map(|change| bytes(change.uuid())));
        for row in query.build().fetch_all(&mut *self.0).await? {
            let result =
                serde_json::from_str(row.try_get("result")?).map_err(|_| StoreError::Damaged("stored result"))?;
            loaded.results.insert(ChangeId::new(uuid(row.try_get("change_id")?)?), result);
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
            for row in query.build().fetch_all(&mut *self.0).await? {
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
            for row in query.build().fetch_all(&mut *self.0).await? {
                if let Some(content) = content(row.try_get("content")?)? {
                    let kind =
                        Kind::from_name(row.try_get("kind")?).ok_or(StoreError::Damaged("kind of a revision"))?;
                    let id = RecordId::new(uuid(row.try_get("record_id")?)?);
                    loaded.bases.insert((kind, id, row.try_get("rev")?), content);
                }
            }
        }

        if keys.about.is_empty() {
            return Ok(loaded);
        }
        let mut query = QueryBuilder::<Sqlite>::new("with k (id) as (");
        query.push_values(&keys.about, |mut row, id| {
            row.push_bind(bytes(id.uuid()));
        });
        query.push(
            ") select r.kind, r.id, r.rev, r.seq, r.content, r.recorder, r.about from k
             cross join record r indexed by record_about on r.about = k.id and r.kind in ('review', 'alternative')
             and r.association_id = ",
        );
        query.push_bind(owner).push(" order by r.seq");
        for row in query.build().fetch_all(&mut *self.0).await? {
            let about = RecordId::new(uuid(row.try_get("about")?)?);
            let (kind, id, stored) = stored(&row)?;
            let Some(content) = &stored.content else { continue };
            if kind == Kind::Review {
                if let Ok(review) = Review::parse(content) {
                    loaded.reviews.insert(about, (review.revision, review.verdict));
                }
            } else if !content.contains_key("settled") {
                loaded.alternatives.entry(about).or_default().push((id, stored));
            }
        }
        Ok(loaded)
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
        self.add_revisions(&owner, &writes.revisions, now_ms).await?;
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
        for revision in writes.revisions.iter().filter(|revision| revision.kind == Kind::Association) {
            self.copy_association(&owner, revision).await?;
        }
        self.apply_effects(&owner, &writes.effects).await
    }

    async fn seen(&mut self, association: AssociationId, report: DeviceReport, now_ms: i64) -> Result<()> {
        phones::seen(&mut self.0, association, report, now_ms).await
    }

    async fn commit(self) -> Result<()> {
        Ok(self.0.commit().await?)
    }
}

impl SqliteTx {
    async fn add_revisions(&mut self, owner: &[u8], revisions: &[NewRevision], now_ms: i64) -> Result<()> {
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
                .push_bind(revision.seq as i64)
                .push_bind(revision.kind.name())
                .push_bind(text.clone())
                .push_bind(bytes(revision.change.uuid()))
                .push_bind(bytes(revision.author.uuid()))
                .push_bind(bytes(revision.device.uuid()))
                .push_bind(revision.made_at)
                .push_bind(now_ms);
        });
        query.build().execute(&mut *self.0).await?;
        // Of a record that changed twice in one batch the last revision is the newest.
        let newest: BTreeMap<(Kind, RecordId), (&NewRevision, Option<String>)> = revisions
            .iter()
            .zip(texts)
            .map(|(revision, text)| ((revision.kind, revision.record), (revision, text)))
            .collect();
        let mut query = QueryBuilder::<Sqlite>::new(
            "insert into record (association_id, kind, id, rev, seq, content, recorder, about, day) ",
        );
        query.push_values(newest.into_values(), |mut row, (revision, text)| {
            row.push_bind(owner.to_vec())
                .push_bind(revision.kind.name())
                .push_bind(bytes(revision.record.uuid()))
                .push_bind(i64::from(revision.rev))
                .push_bind(revision.seq as i64)
                .push_bind(text)
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

    async fn copy_association(&mut self, owner: &[u8], revision: &NewRevision) -> Result<()> {
        let Some(Ok(association)) = revision.content.as_ref().map(Association::parse) else { return Ok(()) };
        let months: Vec<String> = association.no_activity.iter().map(ToString::to_string).collect();
        sqlx::query(
            "update association set home = $2, shown_alone = $3, volunteers_set_up_series = $4, name = $5, no_activity = $6
             where id = $1",
        )
        .bind(owner.to_vec())
        .bind(association.home.code())
        .bind(association.shown_alone)
        .bind(association.volunteers_set_up_series)
        .bind(association.name)
        .bind(serde_json::json!(months).to_string())
        .execute(&mut *self.0)
        .await?;
        Ok(())
    }

    /// Takes each gathering's old part out of the sums and puts its new part in.
    async fn apply_effects(&mut self, owner: &[u8], effects: &[Effect]) -> Result<()> {
        let mut sums: BTreeMap<(Municipality, i32, ActivityForm), Amounts> = BTreeMap::new();
        let mut add = |part: &Contribution, amounts: &Amounts| {
            sums.entry((part.municipality, part.month.index(), part.form)).or_default().add(amounts);
        };
        for effect in effects {
            if let Some(before) = effect.before.as_ref().filter(|part| !part.sensitive) {
                add(before, &before.amounts.negated());
            }
            if let Some(after) = effect.after.as_ref().filter(|part| !part.sensitive) {
                add(after, &after.amounts);
            }
        }
        sums.retain(|_, amounts| *amounts != Amounts::default());
        if !sums.is_empty() {
            let mut query = QueryBuilder::<Sqlite>::new("insert into tally (municipality, month, association_id, form");
            for name in Amounts::NAMES {
                query.push(", ").push(name);
            }
            query.push(") ");
            // Of a push at most two rows a change, of 29 values: far below SQLite's 32,766 in one statement.
            query.push_values(sums, |mut row, ((municipality, month, form), amounts)| {
                row.push_bind(municipality.code()).push_bind(i64::from(month));
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
        }
        for effect in effects {
            self.wait_for_release(owner, effect).await?;
        }
        Ok(())
    }

    /// A sensitive gathering waits for its release; one that a release has counted is frozen there.
    async fn wait_for_release(&mut self, owner: &[u8], effect: &Effect) -> Result<()> {
        let gathering = bytes(effect.gathering.uuid());
        if effect.before.as_ref().is_some_and(|part| part.sensitive) {
            sqlx::query(
                "delete from sensitive_gathering where association_id = $1 and gathering_id = $2 and released_in is null",
            )
            .bind(owner.to_vec())
            .bind(gathering.clone())
            .execute(&mut *self.0)
            .await?;
        }
        if let (Some(part), Some(day)) = (effect.after.as_ref().filter(|part| part.sensitive), effect.date) {
            sqlx::query(
                "insert into sensitive_gathering
                    (association_id, gathering_id, municipality, day, form, visits, volunteers, quarter_hours)
                 values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing",
            )
            .bind(owner.to_vec())
            .bind(gathering)
            .bind(part.municipality.code())
            .bind(i64::from(date::day_number(day)))
            .bind(part.form.code())
            .bind(part.amounts.0[Amounts::VISITS])
            .bind(part.amounts.0[Amounts::VOLUNTEERS])
            .bind(part.amounts.0[Amounts::QUARTER_HOURS])
            .execute(&mut *self.0)
            .await?;
        }
        Ok(())
    }
}

fn stored(row: &SqliteRow) -> Result<(Kind, RecordId, Stored)> {
    let kind = Kind::from_name(row.try_get("kind")?).ok_or(StoreError::Damaged("kind of a record"))?;
    let stored = Stored {
        rev: row.try_get("rev")?,
        seq: natural(row.try_get("seq")?)?,
        content: content(row.try_get("content")?)?,
        recorder: UserId::new(uuid(row.try_get("recorder")?)?),
    };
    Ok((kind, RecordId::new(uuid(row.try_get("id")?)?), stored))
}

/// `(a, b, c)`; an empty list is legal in SQLite.
fn push_list(query: &mut QueryBuilder<Sqlite>, values: impl Iterator<Item = Vec<u8>>) {
    query.push("(");
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    query.push(")");
}
