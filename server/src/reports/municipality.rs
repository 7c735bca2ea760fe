//! A municipality's report of a year: loads the sums and the releases; `domain` makes the tables.

use domain::{
    Month,
    codes::{ActivityForm, Municipality},
    municipality_report::{Inputs, KnownAssociation, MunicipalityReport, TallyRow},
};

use super::releases;
use crate::{
    Server,
    store::{Result, Store, StoreError},
};

/// The report of a year, of this one where none is asked for, as it may be shown.
pub async fn report(server: &Server, municipality: Municipality, year: Option<i16>) -> Result<MunicipalityReport> {
    let today = server.clock.today();
    let year = year.unwrap_or(today.year()).clamp(domain::bounds::FIRST_YEAR, today.year());
    let (Some(from), Some(to)) = (Month::new(year - 1, 1), Month::new(year, 12)) else {
        return Err(StoreError::Damaged("year"));
    };
    let rows: Vec<TallyRow> = server
        .store
        .tallies(municipality.code(), from, to)
        .await?
        .into_iter()
        .filter_map(|row| {
            let form = ActivityForm::parse(&row.form)?;
            Some(TallyRow { month: row.month, association: row.association, form, amounts: row.amounts })
        })
        .collect();
    let mut guests: Vec<_> = rows.iter().map(|row| row.association).collect();
    guests.sort_unstable();
    guests.dedup();
    let associations = server
        .store
        .associations(municipality.code(), &guests)
        .await?
        .into_iter()
        .map(|row| KnownAssociation {
            id: row.id,
            home_is_here: row.home.as_deref() == Some(municipality.code()),
            no_activity: row.no_activity,
        })
        .collect();
    Ok(MunicipalityReport::new(Inputs {
        municipality,
        year,
        today,
        rows,
        associations,
        releases: releases::of_municipality(server, municipality, year).await?,
        breakdowns: releases::breakdowns(server, municipality, year).await?,
    }))
}
