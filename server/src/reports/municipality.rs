//! A municipality's report of a year: loads the sums and the releases; `domain` makes the tables.

use domain::{
    Month,
    codes::Municipality,
    municipality_report::{Inputs, KnownAssociation, MunicipalityReport},
};

use super::releases;
use crate::{
    Server,
    store::{Result, StoreError},
};

/// The report of a year, of this one where none is asked for, as it may be shown.
pub async fn report(server: &Server, municipality: Municipality, year: Option<i16>) -> Result<MunicipalityReport> {
    let today = server.clock.today();
    let year = year.unwrap_or(today.year()).clamp(domain::bounds::FIRST_YEAR, today.year());
    let (Some(from), Some(to)) = (Month::new(year - 1, 1), Month::new(year, 12)) else {
        return Err(StoreError::Damaged("year"));
    };
    let rows = server.store.tallies(municipality, from, to).await?;
    let mut guests: Vec<_> = rows.iter().map(|row| row.association).collect();
    guests.sort_unstable();
    guests.dedup();
    let associations = server
        .store
        .associations(municipality, &guests)
        .await?
        .into_iter()
        .map(|row| KnownAssociation {
            id: row.id,
            home_is_here: row.home == Some(municipality),
            no_activity: row.no_activity,
        })
        .collect();
    Ok(MunicipalityReport::new(Inputs {
        municipality,
        year,
        today,
        rows,
        associations,
        releases: releases::of_municipality(&*server.store, municipality, year).await?,
        breakdowns: releases::breakdowns(&*server.store, municipality, year).await?,
    }))
}
