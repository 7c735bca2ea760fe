//! Releases and their frozen cells, and the sensitive gatherings that wait for one.

use std::collections::HashSet;

use async_trait::async_trait;
use domain::{
    AssociationId, Date, Quarter, RecordId, codes::ActivityForm, date, protection::Figures, release::WaitingGathering,
};
use sqlx::{QueryBuilder, Row, Sqlite, sqlite::SqliteRow};

use super::{
    SqliteStore,
    decode::{bytes, day, municipality, natural, quarter, uuid},
    transaction::SqliteTx,
};
use crate::store::{Freeze, ReleaseCell, Releases, ReleasesTx, Result, StoreError};

/// Cells or gatherings in one statement: some thousand values, far below SQLite's 32,766.
const AT_A_TIME: usize = 500;

#[async_trait]
impl Releases for SqliteStore {
    async fn release_cells(&self, area_kind: &str, area: &str, from: Quarter, to: Quarter) -> Result<Vec<ReleaseCell>> {
        let rows = sqlx::query(
            "select r.number, r.quarter, c.area_kind, c.area, c.form, c.figures
             from release r join release_cell c on c.release = r.number
             where c.area_kind = $1 and c.area = $2 and r.quarter between $3 and $4 order by r.quarter",
        )
        .bind(area_kind.to_owned())
        .bind(area.to_owned())
        .bind(i64::from(from.index()))
        .bind(i64::from(to.index()))
        .fetch_all(&self.readers)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(ReleaseCell {
                    quarter: quarter(row.try_get("quarter")?, "quarter of a release")?,
                    number: row.try_get("number")?,
                    area_kind: row.try_get("area_kind")?,
                    area: row.try_get("area")?,
                    form: row.try_get("form")?,
                    figures: row.try_get("figures")?,
                })
            })
            .collect()
    }

    async fn released(&self) -> Result<Vec<(Quarter, u32)>> {
        let rows = sqlx::query("select quarter, number from release order by quarter").fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| Ok((quarter(row.try_get("quarter")?, "quarter of a release")?, row.try_get("number")?)))
            .collect()
    }

    async fn first_release(&self, default: Quarter) -> Result<Quarter> {
        const SAID: &str = "select value from meta where name = 'first_release'";
        // Asked at each coordinator's page: only the first time waits for whoever writes.
        let index: String = match sqlx::query_scalar(SAID).fetch_optional(&self.readers).await? {
            Some(index) => index,
            None => {
                self.set_meta_once("first_release", &default.index().to_string()).await?;
                sqlx::query_scalar(SAID).fetch_one(&self.writer).await?
            }
        };
        const WHAT: &str = "quarter of the first release";
        quarter(index.parse().map_err(|_| StoreError::Damaged(WHAT))?, WHAT)
    }
}

#[async_trait]
impl ReleasesTx for SqliteTx {
    async fn is_released(&mut self, quarter: Quarter) -> Result<bool> {
        let known: i64 = sqlx::query_scalar("select count(*) from release where quarter = $1")
            .bind(i64::from(quarter.index()))
            .fetch_one(&mut *self.0)
            .await?;
        Ok(known > 0)
    }

    async fn waiting(&mut self, up_to: Date) -> Result<Vec<WaitingGathering>> {
        let rows = sqlx::query("select * from sensitive_gathering where released_in is null and day <= $1")
            .bind(i64::from(date::day_number(up_to)))
            .fetch_all(&mut *self.0)
            .await?;
        rows.iter().map(waiting).collect()
    }

    async fn shown_alone(&mut self) -> Result<HashSet<AssociationId>> {
        let ids: Vec<Vec<u8>> =
            sqlx::query_scalar("select id from association where shown_alone").fetch_all(&mut *self.0).await?;
        ids.into_iter().map(|id| uuid(id).map(AssociationId::new)).collect()
    }

    async fn freeze(&mut self, release: Freeze<'_>, now_ms: i64) -> Result<u32> {
        let number: u32 = sqlx::query_scalar(
            "insert into release (number, quarter, computed_at)
             select coalesce(max(number), 0) + 1, $1, $2 from release returning number",
        )
        .bind(i64::from(release.quarter.index()))
        .bind(now_ms)
        .fetch_one(&mut *self.0)
        .await?;
        for cells in release.cells.chunks(AT_A_TIME) {
            let mut query =
                QueryBuilder::<Sqlite>::new("insert into release_cell (release, area_kind, area, form, figures) ");
            query.push_values(cells, |mut row, cell| {
                row.push_bind(number)
                    .push_bind(cell.area_kind.clone())
                    .push_bind(cell.area.clone())
                    .push_bind(cell.form.clone())
                    .push_bind(cell.figures.clone());
            });
            query.build().execute(&mut *self.0).await?;
        }
        for counted in release.counted.chunks(AT_A_TIME) {
            let mut query = QueryBuilder::<Sqlite>::new("with k (association_id, gathering_id) as (");
            query.push_values(counted, |mut row, (association, gathering)| {
                row.push_bind(bytes(association.uuid())).push_bind(bytes(gathering.uuid()));
            });
            query.push(") update sensitive_gathering set released_in = ").push_bind(number).push(
                " where released_in is null and (association_id, gathering_id) in
                  (select association_id, gathering_id from k)",
            );
            let marked = query.build().execute(&mut *self.0).await?.rows_affected();
            if marked != counted.len() as u64 {
                return Err(StoreError::Damaged("sensitive gathering of a release"));
            }
        }
        Ok(number)
    }
}

fn waiting(row: &SqliteRow) -> Result<WaitingGathering> {
    const FORM: StoreError = StoreError::Damaged("form of a sensitive gathering");
    Ok(WaitingGathering {
        association: AssociationId::new(uuid(row.try_get("association_id")?)?),
        gathering: RecordId::new(uuid(row.try_get("gathering_id")?)?),
        day: day(row.try_get("day")?, "day of a sensitive gathering")?,
        municipality: municipality(row.try_get("municipality")?, "municipality of a sensitive gathering")?,
        form: ActivityForm::parse(row.try_get("form")?).ok_or(FORM)?,
        figures: Figures {
            gatherings: 1,
            visits: natural(row.try_get("visits")?)?,
            volunteers: natural(row.try_get("volunteers")?)?,
            quarter_hours: natural(row.try_get("quarter_hours")?)?,
        },
    })
}
