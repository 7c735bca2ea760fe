//! What the coordinator's pages read: sums, completeness and releases. No statement here touches a gathering's content.

use domain::{AssociationId, Date, Month, Quarter, RecordId, date, report::Amounts};
use sqlx::{QueryBuilder, Row, Sqlite, SqlitePool};

use super::{SqliteStore, bytes, natural, tx::SqliteTx, uuid};
use crate::store::{AssociationRow, ReleaseCell, Result, Store, StoreError, TallyRow, UnreleasedRow, WriteTx};

pub(super) async fn tallies(readers: &SqlitePool, municipality: &str, from: Month, to: Month) -> Result<Vec<TallyRow>> {
    let rows = sqlx::query("select * from tally where municipality = $1 and month between $2 and $3")
        .bind(municipality.to_owned())
        .bind(i64::from(from.index()))
        .bind(i64::from(to.index()))
        .fetch_all(readers)
        .await?;
    rows.iter()
        .map(|row| {
            let mut amounts = Amounts::default();
            for (index, name) in Amounts::NAMES.into_iter().enumerate() {
                amounts.0[index] = row.try_get(name)?;
            }
            Ok(TallyRow {
                month: Month::from_index(row.try_get("month")?),
                association: AssociationId::new(uuid(row.try_get("association_id")?)?),
                form: row.try_get("form")?,
                amounts,
            })
        })
        .collect()
}

pub(super) async fn associations(
    readers: &SqlitePool,
    municipality: &str,
    others: &[AssociationId],
) -> Result<Vec<AssociationRow>> {
    let mut query = QueryBuilder::<Sqlite>::new("select id, home, no_activity from association where home = ");
    query.push_bind(municipality.to_owned()).push(" or id in (");
    let mut list = query.separated(", ");
    for id in others {
        list.push_bind(bytes(id.uuid()));
    }
    query.push(")");
    let rows = query.build().fetch_all(readers).await?;
    rows.iter()
        .map(|row| {
            let months: Vec<String> = serde_json::from_str(row.try_get("no_activity")?)
                .map_err(|_| StoreError::Damaged("months without activity"))?;
            Ok(AssociationRow {
                id: AssociationId::new(uuid(row.try_get("id")?)?),
                home: row.try_get("home")?,
                no_activity: months.iter().filter_map(|m| date::parse(&format!("{m}-01"))).map(Month::of).collect(),
            })
        })
        .collect()
}

impl SqliteStore {
    /// The releases' cells of an area in a span of quarters, both included.
    pub async fn release_cells(
        &self,
        area_kind: &str,
        area: &str,
        from: Quarter,
        to: Quarter,
    ) -> Result<Vec<ReleaseCell>> {
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
                    quarter: Quarter::from_index(row.try_get("quarter")?),
                    number: row.try_get("number")?,
                    area_kind: row.try_get("area_kind")?,
                    area: row.try_get("area")?,
                    form: row.try_get("form")?,
                    figures: row.try_get("figures")?,
                })
            })
            .collect()
    }

    /// The quarters that have been released, with their numbers.
    pub async fn released(&self) -> Result<Vec<(Quarter, u32)>> {
        let rows = sqlx::query("select quarter, number from release order by quarter").fetch_all(&self.readers).await?;
        rows.iter().map(|row| Ok((Quarter::from_index(row.try_get("quarter")?), row.try_get("number")?))).collect()
    }

    /// The quarter with which releases begin: `default`, unless it was said before.
    pub async fn first_release(&self, default: Quarter) -> Result<Quarter> {
        const SAID: &str = "select value from meta where name = 'first_release'";
        // Asked at each coordinator's page: only the first time waits for whoever writes.
        let index: String = match sqlx::query_scalar(SAID).fetch_optional(&self.readers).await? {
            Some(index) => index,
            None => {
                self.set_meta_once("first_release", &default.index().to_string()).await?;
                sqlx::query_scalar(SAID).fetch_one(&self.writer).await?
            }
        };
        index.parse().map(Quarter::from_index).map_err(|_| StoreError::Damaged("quarter of the first release"))
    }

    /// The day of the oldest gathering, sensitive or in the sums.
    pub async fn first_day(&self) -> Result<Option<Date>> {
        let day: Option<i64> =
            sqlx::query_scalar("select min(day) from sensitive_gathering").fetch_one(&self.readers).await?;
        let month: Option<i64> = sqlx::query_scalar("select min(month) from tally").fetch_one(&self.readers).await?;
        let day = day.and_then(|day| i32::try_from(day).ok()).map(date::from_day_number);
        let month = month.and_then(|month| i32::try_from(month).ok()).map(|month| Month::from_index(month).first_day());
        Ok(day.into_iter().chain(month).min())
    }

    /// Computes and freezes the release of a quarter in one transaction: counts every sensitive gathering up to its end that
    /// no release has counted. `publish` is the protection. Does nothing where the quarter has been released.
    pub async fn release(
        &self,
        quarter: Quarter,
        now_ms: i64,
        publish: impl FnOnce(&[UnreleasedRow], &dyn Fn(AssociationId) -> bool) -> Vec<ReleaseCell> + Send,
    ) -> Result<()> {
        let mut tx: SqliteTx = self.begin().await?;
        let known: i64 = sqlx::query_scalar("select count(*) from release where quarter = $1")
            .bind(i64::from(quarter.index()))
            .fetch_one(&mut *tx.0)
            .await?;
        if known > 0 {
            return Ok(());
        }
        let last_day = i64::from(date::day_number(quarter.last_day()));
        let rows = sqlx::query(
            "select association_id, gathering_id, municipality, form, visits, volunteers, quarter_hours
             from sensitive_gathering where released_in is null and day <= $1",
        )
        .bind(last_day)
        .fetch_all(&mut *tx.0)
        .await?;
        let rows = rows
            .iter()
            .map(|row| {
                Ok(UnreleasedRow {
                    association: AssociationId::new(uuid(row.try_get("association_id")?)?),
                    gathering: RecordId::new(uuid(row.try_get("gathering_id")?)?),
                    municipality: row.try_get("municipality")?,
                    form: row.try_get("form")?,
                    visits: natural(row.try_get("visits")?)?,
                    volunteers: natural(row.try_get("volunteers")?)?,
                    quarter_hours: natural(row.try_get("quarter_hours")?)?,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let agreed: Vec<Vec<u8>> =
            sqlx::query_scalar("select id from association where shown_alone = 1").fetch_all(&mut *tx.0).await?;
        let agreed: std::collections::HashSet<Vec<u8>> = agreed.into_iter().collect();
        let cells = publish(&rows, &|association| agreed.contains(association.uuid().as_bytes().as_slice()));
        let number: i64 = sqlx::query_scalar(
            "insert into release (number, quarter, computed_at)
             select coalesce(max(number), 0) + 1, $1, $2 from release returning number",
        )
        .bind(i64::from(quarter.index()))
        .bind(now_ms)
        .fetch_one(&mut *tx.0)
        .await?;
        for chunk in cells.chunks(500) {
            let mut query =
                QueryBuilder::<Sqlite>::new("insert into release_cell (release, area_kind, area, form, figures) ");
            query.push_values(chunk, |mut row, cell| {
                row.push_bind(number)
                    .push_bind(cell.area_kind.clone())
                    .push_bind(cell.area.clone())
                    .push_bind(cell.form.clone())
                    .push_bind(cell.figures.clone());
            });
            query.build().execute(&mut *tx.0).await?;
        }
        sqlx::query("update sensitive_gathering set released_in = $1 where released_in is null and day <= $2")
            .bind(number)
            .bind(last_day)
            .execute(&mut *tx.0)
            .await?;
        tx.commit().await
    }
}
