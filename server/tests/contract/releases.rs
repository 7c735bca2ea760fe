//! Releases of sensitive activity: each gathering is counted in exactly one, and none is revised (protection rule 5).

use std::collections::{BTreeMap, BTreeSet};

use domain::{AssociationId, Kind, Quarter, RecordId, release::WaitingGathering};
use serde_json::{Value, json};

use super::{bench::*, history::History, sums::counted};
use crate::support::{change, club, new_record, with};

fn quarter(number: u8) -> Quarter {
    Quarter::new(2026, number).expect("a quarter")
}

fn peers(day: &str, participants: u32) -> Value {
    with(club(participants), json!({"form": "vertaistuki", "date": day}))
}

fn ids(rows: Option<Vec<WaitingGathering>>) -> BTreeSet<RecordId> {
    rows.expect("the quarter is released now").iter().map(|row| row.gathering).collect()
}

pub async fn a_sensitive_gathering_is_counted_in_exactly_one_release<D: Database>(db: &D) {
    let days = ["2026-01-01", "2026-03-31", "2026-04-01", "2026-06-30"];
    let all = days.map(|day| (day, new_record()));
    let changes = all.map(|(day, id)| change(Kind::Gathering, id, 0, peers(day, 9)));
    volunteer(AINO).take(&**db.store(), &changes).await;
    let first = db.release(quarter(1), "{}").await;
    let row = first.as_ref().and_then(|rows| rows.first()).expect("a row");
    assert_eq!((row.association, row.municipality.code(), row.form.code()), (HERE, "755", "vertaistuki"));
    assert_eq!((row.figures.visits, row.figures.volunteers, row.figures.quarter_hours), (9, 2, 16));
    assert_eq!(ids(first), BTreeSet::from([all[0].1, all[1].1]));
    assert_eq!(ids(db.release(quarter(2), "{}").await), BTreeSet::from([all[2].1, all[3].1]));
    assert_eq!(ids(db.release(quarter(3), "{}").await), BTreeSet::new());
}

pub async fn a_release_is_never_revised<D: Database>(db: &D) {
    let [edited, deleted, moved, back] = [(); 4].map(|()| new_record());
    let changes = [edited, deleted, moved, back].map(|id| change(Kind::Gathering, id, 0, peers("2026-02-02", 9)));
    volunteer(AINO).take(&**db.store(), &changes).await;
    assert_eq!(ids(db.release(quarter(1), "as published").await).len(), 4);
    let before = db.frozen(quarter(1)).await;

    let late = [
        change(Kind::Gathering, edited, 1, peers("2026-02-02", 90)),
        deletion(Kind::Gathering, deleted, 1),
        change(Kind::Gathering, moved, 1, peers("2026-05-02", 9)),
        deletion(Kind::Gathering, back, 1),
        change(Kind::Gathering, back, 2, peers("2026-05-02", 11)),
    ];
    volunteer(AINO).take(&**db.store(), &late).await;
    review(db, edited, 2, "returned").await;
    assert_eq!(db.release(quarter(1), "revised").await, None);
    assert_eq!(db.frozen(quarter(1)).await, before);
    assert_eq!(
        before.iter().map(|cell| (cell.number, cell.figures.as_str())).collect::<Vec<_>>(),
        [(1, "as published")]
    );
    // What was counted once is not counted again, whatever became of it.
    assert_eq!(ids(db.release(quarter(2), "{}").await), BTreeSet::new());
    assert_eq!(db.frozen(quarter(2)).await[0].number, 2);
}

pub async fn a_late_gathering_is_counted_in_the_next_release<D: Database>(db: &D) {
    assert_eq!(ids(db.release(quarter(1), "{}").await), BTreeSet::new());
    let (late, returned) = (new_record(), new_record());
    let changes = [late, returned].map(|id| change(Kind::Gathering, id, 0, peers("2026-02-02", 9)));
    volunteer(AINO).take(&**db.store(), &changes).await;
    review(db, returned, 1, "returned").await;
    assert_eq!(ids(db.release(quarter(2), "{}").await), BTreeSet::from([late]));
    // Mended after that, the returned one is late too.
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, returned, 1, peers("2026-02-02", 10))]).await;
    assert_eq!(ids(db.release(quarter(3), "{}").await), BTreeSet::from([returned]));
}

pub async fn what_is_ordinary_by_its_release_is_not_counted_there<D: Database>(db: &D) {
    let [ordinary, deleted, cancelled, later] = [(); 4].map(|()| new_record());
    let changes =
        [ordinary, deleted, cancelled, later].map(|id| change(Kind::Gathering, id, 0, peers("2026-02-02", 9)));
    volunteer(AINO).take(&**db.store(), &changes).await;
    let nobody = json!({"form": "vertaistuki", "date": "2026-02-02", "municipality": "755", "status": "cancelled",
                        "participants": null, "volunteers": null, "volunteer_quarter_hours": null});
    let edits = [
        change(Kind::Gathering, ordinary, 1, with(club(9), json!({"date": "2026-02-02"}))),
        deletion(Kind::Gathering, deleted, 1),
        change(Kind::Gathering, cancelled, 1, nobody),
        change(Kind::Gathering, later, 1, peers("2026-04-02", 9)),
    ];
    let taken = volunteer(AINO).take(&**db.store(), &edits).await;
    assert!(taken.results.iter().all(|result| result.rev == 2), "{:?}", taken.results);
    assert_eq!(ids(db.release(quarter(1), "{}").await), BTreeSet::new());
    assert_eq!(ids(db.release(quarter(2), "{}").await), BTreeSet::from([later]));
}

pub async fn every_sensitive_gathering_is_counted_once_after_any_history<D: Database>(db: &D) {
    let mut history = History::new(4_711);
    let mut released: BTreeMap<(AssociationId, RecordId), Quarter> = BTreeMap::new();
    for number in 1..=8 {
        for _ in 0..20 {
            history.step(db).await;
        }
        let quarter = Quarter::from_index(quarter(1).index() + number);
        let waiting: BTreeMap<_, _> = counted(db)
            .await
            .into_iter()
            .filter(|(.., date, part)| part.sensitive && *date <= quarter.last_day())
            .map(|(association, id, _, part)| ((association, id), part))
            .filter(|(key, _)| !released.contains_key(key))
            .collect();
        let rows = db.release(quarter, "{}").await.expect("the first release of the quarter");
        for row in &rows {
            let key = (row.association, row.gathering);
            assert_eq!(released.insert(key, quarter), None, "{key:?} was counted twice");
            let part = waiting.get(&key).unwrap_or_else(|| panic!("{key:?} is not to be counted in {quarter}"));
            let amounts = part.amounts.0;
            assert_eq!(
                [row.figures.visits, row.figures.volunteers, row.figures.quarter_hours].map(|n| n as i64),
                [amounts[1], amounts[2], amounts[3]]
            );
            assert_eq!((row.municipality, row.form), (part.municipality, part.form));
        }
        assert_eq!(rows.len(), waiting.len(), "all that wait are counted in {quarter}");
    }
    assert!(released.len() > 20, "a history without sensitive gatherings shows nothing");
    assert!(released.values().collect::<BTreeSet<_>>().len() > 2);
}

/// Between what a release loads and what it freezes, a gathering arrives. It is not in the release's figures, so it is not marked.
pub async fn a_gathering_that_arrives_between_select_and_freeze_is_not_marked_as_released<D: Database>(db: &D) {
    let [early, late] = [(); 2].map(|()| new_record());
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, early, 0, peers("2026-02-02", 9))]).await;
    let mut tx = db.store().begin(&[HERE]).await.expect("begin");
    let waiting = tx.waiting(quarter(1).last_day()).await.expect("rows");
    let arrived = change(Kind::Gathering, late, 0, peers("2026-02-03", 11));
    volunteer(AINO).write(&mut *tx, &[arrived]).await;
    let counted = freeze(&mut *tx, quarter(1), &waiting, "{}").await;
    tx.commit().await.expect("commit");
    assert_eq!(counted, [(HERE, early)]);
    assert_eq!(ids(db.release(quarter(2), "{}").await), BTreeSet::from([late]), "it waited for the next release");
}

pub async fn what_a_release_does_not_count_is_not_frozen_by_it<D: Database>(db: &D) {
    let id = new_record();
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, id, 0, peers("2026-02-02", 9))]).await;
    let mut tx = db.store().begin(&[]).await.expect("begin");
    assert_eq!(freeze(&mut *tx, quarter(1), &[], "{}").await, []);
    tx.commit().await.expect("commit");
    // It is not frozen: an edit still counts.
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, id, 1, peers("2026-02-02", 12))]).await;
    let rows = db.release(quarter(2), "{}").await.expect("released now");
    assert_eq!(rows.iter().map(|row| (row.gathering, row.figures.visits)).collect::<Vec<_>>(), [(id, 12)]);
}

pub async fn releases_begin_with_the_quarter_that_was_said_first<D: Database>(db: &D) {
    for default in [quarter(2), quarter(1), quarter(4)] {
        assert_eq!(db.store().first_release(default).await.expect("a quarter"), quarter(2));
    }
    assert_eq!(db.store().released().await.expect("releases"), []);
    db.release(quarter(2), "{}").await;
    assert_eq!(db.store().released().await.expect("releases"), [(quarter(2), 1)]);
}
