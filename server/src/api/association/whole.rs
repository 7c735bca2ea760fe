//! All records of an association that say something of its activity, as they are now.

use std::collections::{BTreeMap, HashMap};

use domain::{
    AssociationId, Gathering, Kind, RecordId, Series,
    report::{Row, rows::FileRow},
    review::{Review, ReviewState, Verdict},
    yearly_people::YearlyPeople,
};
use sync::{limits, rules::pull::PullRow};

use crate::{
    Server,
    store::{Result, RowsQuery, StoreError},
};

/// Gives every row of an association's records, page by page, in the order of its changes.
pub async fn each_row(
    server: &Server,
    association: AssociationId,
    mut take: impl FnMut(PullRow) -> Result<()>,
) -> Result<()> {
    let mut after = 0;
    loop {
        let query = RowsQuery { association, after, limit: limits::PULL_PAGE_MAX, reviews_for: None };
        let rows = server.store.rows_after(&query).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.seq;
        rows.into_iter().try_for_each(&mut take)?;
    }
}

/// What the pages of an association's records tell. A record that is written meanwhile comes once more, on a later page, as it is then.
#[derive(Debug, Default)]
pub struct Whole {
    /// The association's.
    pub name: String,
    /// With their revisions.
    pub gatherings: HashMap<RecordId, (u32, Gathering)>,
    pub series: BTreeMap<RecordId, Series>,
    /// Of a gathering, the latest.
    pub reviews: HashMap<RecordId, (u32, Verdict)>,
    /// What is asked once a year, by the records that answer it.
    pub people: HashMap<RecordId, YearlyPeople>,
}

impl Whole {
    /// Reads them, page by page.
    pub async fn read(server: &Server, association: AssociationId) -> Result<Whole> {
        let mut whole = Whole::default();
        each_row(server, association, |row| whole.take(&row)).await?;
        Ok(whole)
    }

    /// What a gathering's group is called.
    fn series_name(&self, gathering: &Gathering) -> Option<&str> {
        gathering.series.and_then(|id| self.series.get(&id)).map(|series| series.name.as_str())
    }

    /// Takes a row in the order of the association's changes.
    fn take(&mut self, row: &PullRow) -> Result<()> {
        match (row.kind, &row.content) {
            (Kind::Gathering, Some(content)) => {
                // A row that is left out unsaid would be a wrong figure.
                let one = Gathering::parse(content, domain::Date::MAX);
                let one = one.map_err(|_| StoreError::Damaged("a gathering"))?;
                self.gatherings.insert(row.id, (row.rev, one));
            }
            (Kind::Gathering, None) => {
                self.gatherings.remove(&row.id);
            }
            (Kind::Series, content) => {
                match content.as_ref().and_then(|content| Series::parse(content).ok()) {
                    Some(one) => self.series.insert(row.id, one),
                    None => self.series.remove(&row.id),
                };
            }
            (Kind::Review, Some(content)) => {
                if let Ok(review) = Review::parse(content) {
                    self.reviews.insert(review.gathering, (review.revision, review.verdict));
                }
            }
            // One that this version cannot read is none, as on a device.
            (Kind::YearlyPeople, content) => {
                match content.as_ref().and_then(|content| YearlyPeople::parse(content).ok()) {
                    Some(one) => self.people.insert(row.id, one),
                    None => self.people.remove(&row.id),
                };
            }
            (Kind::Association, Some(content)) => {
                content.get("name").and_then(|name| name.as_str()).unwrap_or_default().clone_into(&mut self.name);
            }
            _ => {}
        }
        Ok(())
    }

    /// The gatherings by their days.
    pub fn rows(&self) -> impl Iterator<Item = FileRow<'_>> {
        let mut gatherings: Vec<_> = self.gatherings.iter().collect();
        gatherings.sort_unstable_by_key(|(id, (_, gathering))| (gathering.date, gathering.start, **id));
        gatherings.into_iter().map(|(id, one)| self.file_row(*id, one))
    }

    /// The row of one of the gatherings.
    pub fn file_row<'a>(&'a self, id: RecordId, (rev, gathering): &'a (u32, Gathering)) -> FileRow<'a> {
        FileRow { id, gathering, series: self.series_name(gathering), state: self.state(id, *rev) }
    }

    /// The gatherings for a report, which takes them in any order.
    pub fn report_rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.gatherings.iter().map(|(id, (rev, gathering))| Row { gathering, state: self.state(*id, *rev) })
    }

    fn state(&self, id: RecordId, rev: u32) -> ReviewState {
        ReviewState::of(rev, self.reviews.get(&id).copied())
    }

    /// The answers about the people of each year.
    pub fn people(&self) -> Vec<YearlyPeople> {
        self.people.values().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use domain::UserId;
    use serde_json::{Value, json};

    use super::*;

    fn row(kind: Kind, id: u8, rev: u32, content: Option<Value>) -> PullRow {
        PullRow {
            kind,
            id: RecordId::from_bytes([id; 16]),
            rev,
            seq: 0,
            content: content.and_then(|content| content.as_object().cloned()),
            bytes: 0,
            recorder: UserId::from_bytes([1; 16]),
            nickname: None,
            day: None,
            gathering: None,
        }
    }

    fn gathering(date: &str, participants: i64) -> Option<Value> {
        Some(
            json!({"form": "kerho", "date": date, "municipality": "755", "participants": participants, "volunteers": 2,
                    "volunteer_quarter_hours": 16, "series": RecordId::from_bytes([9; 16])}),
        )
    }

    #[test]
    fn what_is_written_while_the_pages_are_read_is_told_once_as_it_is_then() {
        let mut found = Whole::default();
        let series = |name: &str| Some(json!({"name": name, "form": "kerho", "municipality": "755"}));
        let approved =
            |rev: u32| json!({"gathering": RecordId::from_bytes([1; 16]), "revision": rev, "verdict": "approved"});
        for row in [
            row(Kind::Association, 8, 1, Some(json!({"name": "Kuoro"}))),
            row(Kind::Series, 9, 1, series("Maanantait")),
            row(Kind::Gathering, 1, 1, gathering("2026-11-16", 14)),
            row(Kind::Gathering, 2, 1, gathering("2026-11-17", 15)),
            row(Kind::Gathering, 3, 1, gathering("2026-11-18", 16)),
            row(Kind::Review, 4, 1, Some(approved(1))),
            // And then, on the next page.
            row(Kind::Gathering, 1, 2, gathering("2026-11-19", 17)),
            row(Kind::Gathering, 2, 2, None),
            row(Kind::Series, 9, 2, series("Tiistait")),
            row(Kind::Review, 5, 1, Some(approved(2))),
        ] {
            found.take(&row).expect("a row");
        }
        let told = |whole: &Whole| -> Vec<_> {
            let told = |row: FileRow<'_>| {
                (row.gathering.heads.as_ref().map(|it| it.participants), row.series.map(str::to_owned), row.state)
            };
            whole.rows().map(told).collect()
        };
        let name = || Some("Tiistait".to_owned());
        assert_eq!(
            told(&found),
            [(Some(16), name(), ReviewState::Recorded), (Some(17), name(), ReviewState::Approved)]
        );
        found.take(&row(Kind::Series, 9, 3, None)).expect("a row");
        assert!(told(&found).iter().all(|(_, series, _)| series.is_none()));
        let broken = row(Kind::Gathering, 3, 2, Some(json!({"participants": -1})));
        assert!(found.take(&broken).is_err(), "it is not left out unsaid");
    }
}
