//! When a quarter is released, and how its protected cells are kept and read back.
//!
//! The rules are `domain::protection`'s; here is only the calendar and the database (protection rule 5).

use domain::{
    AssociationId, Date, Month, Quarter,
    codes::{ActivityForm, County, Municipality},
    protection::{
        Breakdown, Figures, Place, ProtectedFigures, Published, SensitiveRelease, SensitiveRow, YearlyBreakdowns,
        YearlyCounts, release, yearly_breakdowns,
    },
    report::Amounts,
};
use serde_json::{Value, json};

use crate::{
    Server,
    store::{ReleaseCell, Result, Store, UnreleasedRow},
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
    let mut quarter = match server.store.released().await?.last() {
        Some((last, _)) => last.next(),
        None => server.store.first_release(next_to_release(today)).await?,
    };
    while quarter.release_day() <= today {
        let breakdowns = if quarter.number() == 4 { yearly_cells(server, quarter).await? } else { Vec::new() };
        server
            .store
            .release(quarter, server.clock.now_ms(), move |rows, agreed| {
                let mut cells = sensitive_cells(quarter, rows, agreed);
                cells.extend(breakdowns);
                cells
            })
            .await?;
        tracing::info!(%quarter, "released");
        quarter = quarter.next();
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

/// The first quarter whose release day is still to come.
fn next_to_release(today: Date) -> Quarter {
    let last_closed = Quarter::from_index(Quarter::of(today).index() - 1);
    if last_closed.release_day() > today { last_closed } else { last_closed.next() }
}

/// A municipality's releases of a year, with their numbers.
pub async fn of_municipality(
    server: &Server,
    municipality: Municipality,
    year: i16,
) -> Result<Vec<(u32, SensitiveRelease)>> {
    let (Some(first), Some(last)) = (Quarter::new(year, 1), Quarter::new(year, 4)) else { return Ok(Vec::new()) };
    let cells = server.store.release_cells(MUNICIPALITY, municipality.code(), first, last).await?;
    let released = server.store.released().await?;
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

/// A municipality's frozen breakdowns of a closed year.
pub async fn breakdowns(server: &Server, municipality: Municipality, year: i16) -> Result<Option<YearlyBreakdowns>> {
    let Some(last) = Quarter::new(year, 4) else { return Ok(None) };
    let cells = server.store.release_cells(YEAR, municipality.code(), last, last).await?;
    let read = |form: &str| cells.iter().find(|cell| cell.form == form).and_then(|cell| breakdown(&cell.figures));
    Ok(read("ages").zip(read("genders")).zip(read("residence")).map(|((ages, genders), residence)| YearlyBreakdowns {
        ages,
        genders,
        residence,
    }))
}

fn sensitive_cells(
    quarter: Quarter,
    rows: &[UnreleasedRow],
    agreed: &dyn Fn(AssociationId) -> bool,
) -> Vec<ReleaseCell> {
    let rows: Vec<SensitiveRow> = rows
        .iter()
        .filter_map(|row| {
            Some(SensitiveRow {
                municipality: Municipality::parse(&row.municipality)?,
                form: ActivityForm::parse(&row.form)?,
                association: row.association,
                figures: Figures {
                    gatherings: 1,
                    visits: row.visits,
                    volunteers: row.volunteers,
                    quarter_hours: row.quarter_hours,
                },
            })
        })
        .collect();
    release(quarter, &rows, agreed)
        .cells()
        .map(|(place, figures)| {
            let (area_kind, area, form) = match place {
                Place::Municipality(municipality) => (MUNICIPALITY, municipality.code(), ""),
                Place::CountyForm(county, form) => (COUNTY, County::code(county), form.code()),
            };
            cell(quarter, area_kind, area, form, figures_json(&figures))
        })
        .collect()
}

async fn yearly_cells(server: &Server, quarter: Quarter) -> Result<Vec<ReleaseCell>> {
    let first = Month::of(quarter.last_day()).plus(-11);
    let mut cells = Vec::new();
    for municipality in Municipality::all() {
        let rows = server.store.tallies(municipality.code(), first, first.plus(11)).await?;
        if rows.is_empty() {
            continue;
        }
        let mut sum = Amounts::default();
        for row in &rows {
            sum.add(&row.amounts);
        }
        let counts = YearlyCounts {
            ages: std::array::from_fn(|index| sum.get(Amounts::AGES + index)),
            genders: std::array::from_fn(|index| sum.get(Amounts::GENDERS + index)),
            residents: sum.get(Amounts::RESIDENTS),
            others: sum.get(Amounts::RESIDENCE_KNOWN).saturating_sub(sum.get(Amounts::RESIDENTS)),
        };
        let YearlyBreakdowns { ages, genders, residence } = yearly_breakdowns(&counts);
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
    fn the_first_release_is_the_next_one_to_come() {
        let next = |month, day| next_to_release(Date::constant(2026, month, day)).to_string();
        assert_eq!((next(11, 21), next(10, 15), next(10, 14)), ("2026-Q4".into(), "2026-Q4".into(), "2026-Q3".into()));
        assert_eq!((next(1, 14), next(1, 15)), ("2025-Q4".into(), "2026-Q1".into()));
    }

    #[test]
    fn a_hidden_value_is_kept_as_hidden_and_never_as_zero() {
        for shown in [Published::Exact(0), Published::Exact(7), Published::Rounded(10), Published::Suppressed] {
            assert_eq!(published(&value(&shown)), shown);
        }
        assert_eq!(published(&json!("nonsense")), Published::Suppressed);
        assert_eq!(figures("torn"), ProtectedFigures::SUPPRESSED);
    }
}
