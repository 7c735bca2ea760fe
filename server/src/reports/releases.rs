//! When a quarter is released, and how its protected cells are kept and read back.
//!
//! The rules are `domain::release`'s and `domain::protection`'s; here they meet the clock and the database (protection rule 5).

use domain::{
    Date, Month, Quarter,
    codes::{County, Municipality},
    protection::{Breakdown, Place, ProtectedFigures, Published, SensitiveRelease, YearlyBreakdowns},
    release::{Release, due, next_to_release, yearly},
};
use serde_json::{Value, json};

use crate::{
    Server,
    clock::Clock,
    store::{Act, AuditEntry, Fact, Freeze, ReleaseCell, Result, Store, StoreError, repeated},
};

const MUNICIPALITY: &str = "municipality";
const COUNTY: &str = "county";
/// Frozen yearly breakdowns of ordinary activity, made with the release of the fourth quarter.
const YEAR: &str = "year";
/// Clocks are set back by seconds now and then; by an hour something is wrong. Milliseconds.
const CLOCK_SLACK_MS: i64 = 60 * 60 * 1000;

/// What decides which releases are made now.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The quarter to release next.
    pub next: Quarter,
    pub today: Date,
    /// The server's clock, and the latest moment that it was ever known to say; milliseconds since 1970.
    pub now_ms: i64,
    pub newest_ms: Option<i64>,
    /// Everything in the database is invented.
    pub is_demo: bool,
    /// A restore holds releases until the operator has confirmed them.
    pub is_held: bool,
    /// The last quarter that the operator has confirmed.
    pub confirmed: Option<Quarter>,
    /// The `newest_ms` at which the operator said that the clock is right.
    pub clock_confirmed_ms: Option<i64>,
}

/// The releases whose day has come, and why they wait for the operator, if they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Oldest first.
    pub due: Vec<Quarter>,
    /// None where nothing holds them.
    pub held: Vec<Hold>,
}

/// Why releases wait for the operator: what is released is never revised, so what looks wrong is not released by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Phones have not offered what came after the backup.
    Restored,
    /// More than one quarter at once: the server stood still for months, or its clock is ahead and a quarter is not over.
    Several,
    /// The clock says less than it said before.
    ClockBehind,
    /// The clock says a day before this program was written.
    ClockUnset,
}

impl std::fmt::Display for Hold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Hold::Restored => "the database was restored: let the phones offer what came after the backup, some days",
            Hold::Several => "more than one quarter is due at once: is the clock right?",
            Hold::ClockBehind => "the clock is behind what it said before: is it right now?",
            Hold::ClockUnset => "the clock is wrong: set it",
        })
    }
}

impl std::fmt::Display for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let joined = |texts: Vec<String>, with: &str| texts.join(with);
        match self.due.as_slice() {
            [] => f.write_str("no quarter is due")?,
            due => f.write_str(&joined(due.iter().map(Quarter::to_string).collect(), ", "))?,
        }
        let why = joined(self.held.iter().map(Hold::to_string).collect(), "; ");
        if why.is_empty() { Ok(()) } else { write!(f, " ({why})") }
    }
}

/// Which releases are due, and why they wait. In a demo nothing waits: its figures are invented, and its clock is set at will.
pub fn pending_releases(known: &Known) -> Pending {
    let due: Vec<Quarter> = due(known.next, known.today).collect();
    let several = due.len() > 1 && due.last() > known.confirmed.as_ref();
    let behind = known.newest_ms.is_some_and(|newest| {
        known.now_ms + CLOCK_SLACK_MS < newest && known.clock_confirmed_ms.is_none_or(|confirmed| confirmed < newest)
    });
    let holds = [(Hold::Restored, known.is_held), (Hold::Several, several), (Hold::ClockBehind, behind)];
    let held = holds.into_iter().filter(|(_, applies)| *applies && !known.is_demo).map(|(hold, _)| hold).collect();
    Pending { due, held }
}

/// What is pending in a database.
pub async fn pending(store: &dyn Store, clock: &Clock) -> Result<Pending> {
    let is_demo = store.fact(Fact::Demo).await?.is_some();
    if !clock.is_plausible() && !is_demo {
        return Ok(Pending { due: Vec::new(), held: vec![Hold::ClockUnset] });
    }
    const CONFIRMED: StoreError = StoreError::Damaged("confirmation of releases");
    let number = async |fact| -> Result<Option<i64>> {
        store.fact(fact).await?.map(|text| text.parse().map_err(|_| CONFIRMED)).transpose()
    };
    let confirmed = number(Fact::ReleasesConfirmed).await?;
    Ok(pending_releases(&Known {
        next: next(store, clock).await?,
        today: clock.today(),
        now_ms: clock.now_ms(),
        newest_ms: store.newest_ms().await?,
        is_demo,
        is_held: store.fact(Fact::ReleasesHeld).await?.is_some(),
        confirmed: confirmed
            .map(|index| i32::try_from(index).map(Quarter::from_index))
            .transpose()
            .map_err(|_| CONFIRMED)?,
        clock_confirmed_ms: number(Fact::ClockConfirmed).await?,
    }))
}

/// The operator says that what is pending may be released, and that the clock is right. Returns what was confirmed: these
/// quarters and no later ones. A clock that cannot be right is not confirmed, and stays in what is returned.
pub async fn confirm(store: &dyn Store, clock: &Clock) -> Result<Pending> {
    let pending = pending(store, clock).await?;
    if pending.held.contains(&Hold::ClockUnset) {
        return Ok(pending);
    }
    if let Some(last) = pending.due.last() {
        store.set_fact(Fact::ReleasesConfirmed, &last.index().to_string()).await?;
    }
    if let Some(newest) = store.newest_ms().await? {
        store.set_fact(Fact::ClockConfirmed, &newest.to_string()).await?;
    }
    let (at_ms, act) = (clock.now_ms(), Act::ReleaseConfirmed);
    store.audit(AuditEntry { at_ms, actor: None, association: None, act, subject: None }).await?;
    // Last: where this one stops half-way, releases are still held.
    store.remove_fact(Fact::ReleasesHeld).await?;
    Ok(Pending { held: Vec::new(), ..pending })
}

/// Computes every release whose day has come, oldest first, unless they wait for the operator. Cheap when there is none.
///
/// The first one is of the quarter that was to be released next when the server first ran, whatever is recorded later: were a
/// quarter of the past released when its first record arrives, that release would be this one gathering's headcount. Records
/// of earlier quarters are counted in it, as all late ones are.
pub async fn release_due(server: &Server) -> Result<()> {
    let (store, clock) = (&*server.store, &server.clock);
    // The usual case, asked at each coordinator's page.
    if clock.is_plausible() && due(next(store, clock).await?, clock.today()).next().is_none() {
        return Ok(());
    }
    let pending = pending(store, clock).await?;
    if !pending.held.is_empty() {
        return Ok(());
    }
    for quarter in pending.due {
        repeated(|| release(store, quarter, clock.now_ms())).await?;
        tracing::info!(%quarter, "released");
    }
    Ok(())
}

/// The quarter to release next.
async fn next(store: &dyn Store, clock: &Clock) -> Result<Quarter> {
    match store.released().await?.last() {
        Some((last, _)) => Ok(last.next()),
        None => store.first_release(next_to_release(clock.today())).await,
    }
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

    fn known(next: Quarter, today: Date) -> Known {
        Known {
            next,
            today,
            now_ms: 0,
            newest_ms: None,
            is_demo: false,
            is_held: false,
            confirmed: None,
            clock_confirmed_ms: None,
        }
    }

    #[test]
    fn one_quarter_is_released_by_itself_and_several_wait_until_they_are_confirmed() {
        let quarter = |number| Quarter::new(2026, number).expect("a quarter");
        let one = known(quarter(1), Date::constant(2026, 4, 15));
        assert_eq!(pending_releases(&one), Pending { due: vec![quarter(1)], held: Vec::new() });
        let two = Known { today: Date::constant(2026, 7, 15), ..one };
        let both = vec![quarter(1), quarter(2)];
        assert_eq!(pending_releases(&two), Pending { due: both.clone(), held: vec![Hold::Several] });
        let confirmed = Known { confirmed: Some(quarter(2)), ..two };
        assert_eq!(pending_releases(&confirmed), Pending { due: both, held: Vec::new() });
        // No more than what the operator saw.
        let later = Known { today: Date::constant(2026, 10, 15), ..confirmed };
        assert_eq!(pending_releases(&later).held, [Hold::Several]);
        assert_eq!(pending_releases(&Known { is_demo: true, is_held: true, ..two }).held, []);
    }

    #[test]
    fn a_clock_that_went_back_waits_until_the_operator_says_that_it_is_right() {
        let quarter = Quarter::new(2026, 1).expect("a quarter");
        let now_ms = 1_776_500_000_000;
        let at = known(quarter, Date::constant(2026, 4, 18));
        let with = |newest_ms, clock_confirmed_ms| {
            pending_releases(&Known { now_ms, newest_ms: Some(newest_ms), clock_confirmed_ms, ..at }).held
        };
        assert_eq!(with(now_ms - 1, None), []);
        assert_eq!(with(now_ms + CLOCK_SLACK_MS, None), [], "set back by seconds");
        let ahead = now_ms + CLOCK_SLACK_MS + 1;
        assert_eq!(with(ahead, None), [Hold::ClockBehind]);
        assert_eq!(with(ahead, Some(ahead)), []);
        assert_eq!(with(ahead + 1, Some(ahead)), [Hold::ClockBehind], "what came after the operator looked");
        assert_eq!(pending_releases(&Known { is_held: true, ..at }).held, [Hold::Restored]);
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
