//! When a quarter is released, and how its protected cells are kept and read back.
//!
//! The rules are `domain::release`'s and `domain::protection`'s; here they meet the clock and the database (protection rule 5).

use domain::{
    Month, Quarter,
    codes::{County, Municipality},
    protection::{Breakdown, Place, ProtectedFigures, Published, SensitiveRelease, YearlyBreakdowns},
    release::{Release, due, next_to_release, yearly},
};
use serde_json::{Value, json};

use crate::{
    Server,
    store::{Freeze, ReleaseCell, Result, Store, StoreError, repeated},
};

const MUNICIPALITY: &str = "municipality";
const COUNTY: &str = "county";
/// Frozen yearly breakdowns of ordinary activity, made with the release of the fourth quarter.
const YEAR: &str = "year";

/// Computes every release whose day has come, oldest first. Cheap when there is none.
///
/// The first one is of the quarter that was to be released next when the server first ran, whatever is recorded later: were a
/// quarter of the past released when its first record arrives, that release would be this one gathering's headcount. Records
/// of earlier quarters are counted in it, as all late ones are.
pub async fn release_due(server: &Server) -> Result<()> {
    let today = server.clock.today();
    let next = match server.store.released().await?.last() {
        Some((last, _)) => last.next(),
        None => server.store.first_release(next_to_release(today)).await?,
    };
    for quarter in due(next, today) {
        repeated(|| release(&*server.store, quarter, server.clock.now_ms())).await?;
        tracing::info!(%quarter, "released");
    }
    Ok(())
}

/// Lets the releases of a database that is filled with history begin with it.
pub async fn begin_with_history(server: &Server) -> Result<()> {
    if let Some(day) = server.store.first_day().await? {
        server.store.first_release(Quarter::of(day)).await?;
    }
    Ok(())
}

/// Computes and freezes the release of a quarter in one transaction: load, decide, freeze what was decided by its ids. Does
/// nothing where the quarter has been released.
pub async fn release(store: &dyn Store, quarter: Quarter, now_ms: i64) -> Result<()> {
    let yearly = if quarter.number() == 4 { yearly_cells(store, quarter).await? } else { Vec::new() };
    let mut tx = store.begin(&[]).await?;
    if tx.is_released(quarter).await? {
        return Ok(());
    }
    let agreed = tx.shown_alone().await?;
    let waiting = tx.waiting(quarter.last_day()).await?;
    let release = Release::of(quarter, &waiting, |association| agreed.contains(&association));
    let mut cells = sensitive_cells(&release);
    cells.extend(yearly);
    tx.freeze(Freeze { quarter, counted: &release.counted, cells: &cells }, now_ms).await?;
    tx.commit().await
}

/// A municipality's releases of a year, with their numbers.
pub async fn of_municipality(
    store: &dyn Store,
    municipality: Municipality,
    year: i16,
) -> Result<Vec<(u32, SensitiveRelease)>> {
    let (Some(first), Some(last)) = (Quarter::new(year, 1), Quarter::new(year, 4)) else { return Ok(Vec::new()) };
    let cells = store.release_cells(MUNICIPALITY, municipality.code(), first, last).await?;
    let released = store.released().await?;
    Ok(released
        .into_iter()
        .filter(|(quarter, _)| quarter.year() == year)
        .map(|(quarter, number)| {
            let own = cells.iter().filter(|cell| cell.quarter == quarter).map(|cell| figures(&cell.figures));
            let cells = own.map(|figures| (Place::Municipality(municipality), figures));
            (number, SensitiveRelease::frozen(quarter, cells))
        })
        .collect())
}

/// A municipality's frozen breakdowns of a closed year; none where the year has not been released, or nothing was held.
pub async fn breakdowns(store: &dyn Store, municipality: Municipality, year: i16) -> Result<Option<YearlyBreakdowns>> {
    let Some(last) = Quarter::new(year, 4) else { return Ok(None) };
    let cells = store.release_cells(YEAR, municipality.code(), last, last).await?;
    if cells.is_empty() {
        return Ok(None);
    }
    let read = |form: &str| {
        let cell = cells.iter().find(|cell| cell.form == form);
        cell.and_then(|cell| breakdown(&cell.figures)).ok_or(StoreError::Damaged("breakdown of a year"))
    };
    Ok(Some(YearlyBreakdowns { ages: read("ages")?, genders: read("genders")?, residence: read("residence")? }))
}

fn sensitive_cells(release: &Release) -> Vec<ReleaseCell> {
    release
        .figures
        .cells()
        .map(|(place, figures)| {
            let (area_kind, area, form) = match place {
                Place::Municipality(municipality) => (MUNICIPALITY, municipality.code(), ""),
                Place::CountyForm(county, form) => (COUNTY, County::code(county), form.code()),
            };
            cell(release.quarter, area_kind, area, form, figures_json(&figures))
        })
        .collect()
}

async fn yearly_cells(store: &dyn Store, quarter: Quarter) -> Result<Vec<ReleaseCell>> {
    let last = Month::of(quarter.last_day());
    let sums = store.all_tallies(last.plus(-11), last).await?;
    let mut cells = Vec::new();
    for (municipality, year) in yearly(sums.iter().map(|(municipality, row)| (*municipality, &row.amounts))) {
        let YearlyBreakdowns { ages, genders, residence } = year;
        for (form, table) in [("ages", ages), ("genders", genders), ("residence", residence)] {
            let shown =
                json!({"cells": table.cells.iter().map(value).collect::<Vec<_>>(), "total": value(&table.total)});
            cells.push(cell(quarter, YEAR, municipality.code(), form, shown));
        }
    }
    Ok(cells)
}

fn cell(quarter: Quarter, area_kind: &str, area: &str, form: &str, figures: Value) -> ReleaseCell {
    ReleaseCell {
        quarter,
        number: 0,
        area_kind: area_kind.to_owned(),
        area: area.to_owned(),
        form: form.to_owned(),
        figures: figures.to_string(),
    }
}

fn figures_json(figures: &ProtectedFigures) -> Value {
    json!({
        "gatherings": value(&figures.gatherings), "visits": value(&figures.visits),
        "volunteers": value(&figures.volunteers), "hours": value(&figures.hours),
    })
}

/// `7` exact, `{"about": 10}` rounded, `null` hidden.
fn value(value: &Published<u64>) -> Value {
    match value {
        Published::Exact(exact) => json!(exact),
        Published::Rounded(rounded) => json!({"about": rounded}),
        Published::Suppressed => Value::Null,
    }
}

fn published(value: &Value) -> Published<u64> {
    match (value.as_u64(), value.get("about").and_then(Value::as_u64)) {
        (Some(exact), _) => Published::Exact(exact),
        (None, Some(rounded)) => Published::Rounded(rounded),
        // What cannot be read back is hidden: it errs on the side of the people counted.
        (None, None) => Published::Suppressed,
    }
}

/// A cell that cannot be read back is hidden whole: left out, it would read as zeros.
fn figures(text: &str) -> ProtectedFigures {
    let all: Value = serde_json::from_str(text).unwrap_or_default();
    let one = |name: &str| all.get(name).map_or(Published::Suppressed, published);
    ProtectedFigures {
        gatherings: one("gatherings"),
        visits: one("visits"),
        volunteers: one("volunteers"),
        hours: one("hours"),
    }
}

fn breakdown(text: &str) -> Option<Breakdown> {
    let all: Value = serde_json::from_str(text).ok()?;
    let cells = all.get("cells")?.as_array()?.iter().map(published).collect();
    Some(Breakdown { cells, total: published(all.get("total")?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_value_is_kept_as_hidden_and_never_as_zero() {
        for shown in [Published::Exact(0), Published::Exact(7), Published::Rounded(10), Published::Suppressed] {
            assert_eq!(published(&value(&shown)), shown);
        }
        assert_eq!(published(&json!("nonsense")), Published::Suppressed);
        assert_eq!(figures("torn"), ProtectedFigures::SUPPRESSED);
    }
}
