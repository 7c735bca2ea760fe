//! Sums and completeness. No statement here touches a gathering's content.

use async_trait::async_trait;
use domain::{
    AssociationId, Date, Month,
    codes::{ActivityForm, Municipality},
    date,
    municipality_report::TallyRow,
    report::Amounts,
};
use sqlx::{QueryBuilder, Row, Sqlite, sqlite::SqliteRow};

use super::{
    SqliteStore,
    decode::{bytes, day, month, municipality, uuid},
};
use crate::store::{AssociationRow, Result, StoreError, Sums};

#[async_trait]
impl Sums for SqliteStore {
    async fn tallies(&self, municipality: Municipality, from: Month, to: Month) -> Result<Vec<TallyRow>> {
        let rows = sqlx::query("select * from tally where municipality = $1 and month between $2 and $3")
            .bind(municipality.code())
            .bind(i64::from(from.index()))
            .bind(i64::from(to.index()))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(tally).collect()
    }

    async fn all_tallies(&self, from: Month, to: Month) -> Result<Vec<(Municipality, TallyRow)>> {
        let rows = sqlx::query("select * from tally where month between $1 and $2")
            .bind(i64::from(from.index()))
            .bind(i64::from(to.index()))
            .fetch_all(&self.readers)
            .await?;
        let read =
            |row: &SqliteRow| Ok((municipality(row.try_get("municipality")?, "municipality of a sum")?, tally(row)?));
        rows.iter().map(read).collect()
    }

    async fn associations(&self, municipality: Municipality, others: &[AssociationId]) -> Result<Vec<AssociationRow>> {
        let mut query = QueryBuilder::<Sqlite>::new("select id, home, no_activity from association where home = ");
        query.push_bind(municipality.code());
        if !others.is_empty() {
            query.push(" or id in (");
            let mut list = query.separated(", ");
            for id in others {
                list.push_bind(bytes(id.uuid()));
            }
            query.push(")");
        }
        query.build().fetch_all(&self.readers).await?.iter().map(association).collect()
    }

    async fn first_day(&self) -> Result<Option<Date>> {
        let first_day: Option<i64> =
            sqlx::query_scalar("select min(day) from sensitive_gathering").fetch_one(&self.readers).await?;
        let first_month: Option<i64> =
            sqlx::query_scalar("select min(month) from tally").fetch_one(&self.readers).await?;
        let first_day = first_day.map(|number| day(number, "day of a sensitive gathering")).transpose()?;
        let first_month = first_month.map(|index| month(index, "month of a sum")).transpose()?;
        Ok(first_day.into_iter().chain(first_month.map(Month::first_day)).min())
    }
}

fn tally(row: &SqliteRow) -> Result<TallyRow> {
    let mut amounts = Amounts::default();
    for (amount, name) in amounts.0.iter_mut().zip(Amounts::NAMES) {
        *amount = row.try_get(name)?;
    }
    Ok(TallyRow {
        month: month(row.try_get("month")?, "month of a sum")?,
        association: AssociationId::new(uuid(row.try_get("association_id")?)?),
        form: ActivityForm::parse(row.try_get("form")?).ok_or(StoreError::Damaged("form of a sum"))?,
        amounts,
    })
}

fn association(row: &SqliteRow) -> Result<AssociationRow> {
    const NO_ACTIVITY: StoreError = StoreError::Damaged("months without activity");
    let home: Option<&str> = row.try_get("home")?;
    let months: Vec<String> = serde_json::from_str(row.try_get("no_activity")?).map_err(|_| NO_ACTIVITY)?;
    let read = |month: &String| date::parse(&format!("{month}-01")).map(Month::of).ok_or(NO_ACTIVITY);
    Ok(AssociationRow {
        id: AssociationId::new(uuid(row.try_get("id")?)?),
        home: home.map(|code| municipality(code, "home of an association")).transpose()?,
        no_activity: months.iter().map(read).collect::<Result<_>>()?,
    })
}
