//! Pushes: all or nothing, in order, once (S5, S8, S11).

use domain::{AssociationId, ChangeId, DeviceId, Kind, RecordId, review::Verdict};
use serde_json::json;
use server::store::{DeviceReport, PullQuery};
use sync::{
    account::{Brought, DeviceCounts},
    protocol::Outcome,
    rules::{Keys, Loaded},
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::bench::*;
use crate::support::{NOW_MS, Scribe, change, club, content, new_record, with};

async fn load<D: Database>(db: &D, association: AssociationId, keys: &Keys) -> Loaded {
    let mut tx = db.store().begin(&[association]).await.expect("begin");
    tx.load(association, keys).await.expect("load")
}

pub async fn what_a_device_has_written_is_known_by_its_kind<D: Database>(db: &D) {
    let (store, own) = (db.store(), volunteer(AINO).0.device);
    let has = async |association, device, kind| store.has_written(association, device, kind).await.expect("an answer");
    assert!(!has(HERE, own, Kind::Gathering).await);
    volunteer(AINO).take(&**store, &[change(Kind::Gathering, new_record(), 0, club(14))]).await;
    assert!(has(HERE, own, Kind::Gathering).await && !has(HERE, own, Kind::Review).await);
    let another = volunteer(BERIT).0.device;
    assert!(!has(THERE, own, Kind::Gathering).await && !has(HERE, another, Kind::Gathering).await);
}

pub async fn a_dropped_transaction_leaves_nothing<D: Database>(db: &D) {
    let club = change(Kind::Gathering, new_record(), 0, club(14));
    let mut tx = db.store().begin(&[HERE]).await.expect("begin");
    let taken = volunteer(AINO).write(&mut *tx, std::slice::from_ref(&club)).await;
    assert_eq!(only(&taken.results).outcome, Outcome::Stored);
    drop(tx);

    assert!(pull_all(db, EVERYTHING).await.is_empty());
    let keys = Keys { changes: vec![club.change], records: vec![(Kind::Gathering, club.record)], ..Keys::default() };
    let loaded = load(db, HERE, &keys).await;
    assert_eq!((loaded.seq, loaded.results.len(), loaded.records.len()), (0, 0, 0));
    // What comes after takes the number that was not used.
    let taken = volunteer(AINO).take(&**db.store(), &[club]).await;
    assert_eq!(only(&taken.results).seq, 1);
}

/// The second write of one transaction cannot be done: the first one goes with it.
pub async fn a_push_that_fails_half_way_leaves_nothing<D: Database>(db: &D) {
    let first = change(Kind::Gathering, new_record(), 0, club(14));
    let mut tx = db.store().begin(&[HERE]).await.expect("begin");
    let taken = volunteer(AINO).write(&mut *tx, &[first]).await;
    let again = tx.apply(HERE, &taken.writes, NOW_MS).await;
    assert!(again.is_err(), "the same revision cannot be added twice");
    drop(tx);
    assert!(pull_all(db, EVERYTHING).await.is_empty());
}

pub async fn sequence_numbers_grow_without_gaps_in_commit_order_per_association<D: Database>(db: &D) {
    const PUSHES: u64 = 24;
    let mut pushes = JoinSet::new();
    let log = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    for n in 0..PUSHES {
        let (store, log) = (db.store().clone(), log.clone());
        let association = if n % 3 == 0 { THERE } else { HERE };
        pushes.spawn(async move {
            let scribe = Scribe::new(association, AINO, domain::Role::Volunteer);
            let changes: Vec<_> =
                (0..n % 4).map(|_| change(Kind::Gathering, new_record(), 0, club(n as u32))).collect();
            let mut tx = store.begin(&[association]).await.expect("begin");
            let taken = scribe.write(&mut *tx, &changes).await;
            // Written down while the transaction still holds the others up: the log is in commit order.
            let seqs = taken.writes.revisions.iter().map(|revision| (association, revision.seq));
            log.lock().expect("the log").extend(seqs);
            tx.commit().await.expect("commit");
        });
    }
    while let Some(done) = pushes.join_next().await {
        done.expect("a push");
    }
    let log = log.lock().expect("the log").clone();
    for association in [HERE, THERE] {
        let seqs: Vec<u64> = log.iter().filter(|(of, _)| *of == association).map(|(_, seq)| *seq).collect();
        let expected: Vec<u64> = (1..=seqs.len() as u64).collect();
        assert_eq!(seqs, expected);
        let query = PullQuery { association, ..EVERYTHING };
        let pulled: Vec<u64> = pull_all(db, query).await.iter().map(|record| record.seq).collect();
        assert_eq!(pulled, expected);
    }
}

pub async fn a_repeat_loads_the_stored_result<D: Database>(db: &D) {
    let good = change(Kind::Gathering, new_record(), 0, with(club(14), json!({"note": "  Kahvit  juotiin ä "})));
    let bad = change(Kind::Gathering, new_record(), 0, club(100_001));
    let changes = [good, bad];
    let first = volunteer(AINO).take(&**db.store(), &changes).await;
    assert_eq!(first.results.iter().map(|r| r.outcome).collect::<Vec<_>>(), [Outcome::Stored, Outcome::Refused]);
    let second = volunteer(AINO).take(&**db.store(), &changes).await;
    assert_eq!(second.results, first.results);
    assert!(second.writes.revisions.is_empty() && second.writes.results.is_empty());
    assert_eq!(second.writes.seq, 1);
}

pub async fn what_has_to_wait_is_not_stored_as_a_result<D: Database>(db: &D) {
    let series = new_record();
    let early = change(Kind::Gathering, new_record(), 0, with(club(14), json!({"series": series})));
    let first = volunteer(AINO).take(&**db.store(), std::slice::from_ref(&early)).await;
    assert_eq!(only(&first.results).outcome, Outcome::AgainLater);
    let keys = Keys { changes: vec![early.change], ..Keys::default() };
    assert!(load(db, HERE, &keys).await.results.is_empty());
    let set_up = json!({"name": "Maanantaikerho", "form": "kerho", "municipality": "755"});
    reviewer().take(&**db.store(), &[change(Kind::Series, series, 0, set_up)]).await;
    let second = volunteer(AINO).take(&**db.store(), &[early]).await;
    assert_eq!(only(&second.results).outcome, Outcome::Stored);
}

pub async fn older_revisions_load_as_bases<D: Database>(db: &D) {
    let id = new_record();
    for (base, participants) in [(0, 14), (1, 15), (2, 16)] {
        let edit = change(Kind::Gathering, id, base, club(participants));
        assert_eq!(only(&volunteer(AINO).take(&**db.store(), &[edit]).await.results).rev, base + 1);
    }
    let late = change(Kind::Gathering, id, 1, with(club(14), json!({"note": "Tuolit loppuivat."})));
    let taken = volunteer(BERIT).take(&**db.store(), &[late]).await;
    let base = taken.loaded.bases.values().next().expect("the base of the edit");
    assert_eq!((taken.loaded.bases.len(), base), (1, &content(club(14))));
    assert_eq!(only(&taken.results).outcome, Outcome::Merged);
}

pub async fn what_is_looked_up_is_what_a_transaction_loads<D: Database>(db: &D) {
    let (id, unknown) = (new_record(), new_record());
    for (base, participants) in [(0, 14), (1, 15)] {
        volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, id, base, club(participants))]).await;
    }
    review(db, id, 2, "approved").await;
    let keys = Keys {
        records: vec![(Kind::Gathering, id), (Kind::Gathering, unknown)],
        bases: vec![(Kind::Gathering, id, 1), (Kind::Gathering, id, 7)],
        about: vec![id],
        ..Keys::default()
    };
    let found = db.store().look_up(HERE, &keys).await.expect("a look-up");
    let mut tx = db.store().begin(&[HERE]).await.expect("begin");
    let loaded = tx.load(HERE, &keys).await.expect("load");
    assert_eq!((found.seq, &found.records, &found.bases), (3, &loaded.records, &loaded.bases));
    assert_eq!((found.records.len(), found.bases.len(), found.reviews.len()), (1, 1, 1));
    assert_eq!(found.reviews, loaded.reviews);
    // Nobody waits for the writer.
    let again = db.store().look_up(THERE, &keys).await.expect("a look-up while another writes");
    assert!(again.records.is_empty() && again.bases.is_empty() && again.reviews.is_empty());
}

pub async fn a_deleted_revision_is_no_base<D: Database>(db: &D) {
    let id = new_record();
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, id, 0, club(14))]).await;
    volunteer(AINO).take(&**db.store(), &[deletion(Kind::Gathering, id, 1)]).await;
    let back = change(Kind::Gathering, id, 2, club(15));
    let taken = volunteer(AINO).take(&**db.store(), &[back]).await;
    assert!(taken.loaded.bases.is_empty());
    let current = &taken.loaded.records[&(Kind::Gathering, id)];
    assert_eq!((current.rev, &current.content), (2, &None));
    assert_eq!((only(&taken.results).outcome, only(&taken.results).rev), (Outcome::Stored, 3));
}

pub async fn the_latest_review_loads<D: Database>(db: &D) {
    let (id, other) = (new_record(), new_record());
    let clubs = [id, other].map(|id| change(Kind::Gathering, id, 0, club(14)));
    volunteer(AINO).take(&**db.store(), &clubs).await;
    let first = review(db, id, 1, "approved").await;
    review(db, id, 1, "returned").await;
    review(db, other, 1, "approved").await;
    let keys = Keys { about: vec![id, other], ..Keys::default() };
    let loaded = load(db, HERE, &keys).await;
    assert_eq!(loaded.reviews[&id], (1, Verdict::Returned));
    assert_eq!(loaded.reviews[&other], (1, Verdict::Approved));
    // The first one is changed after the second was made: it is the latest now.
    let again = json!({"gathering": id, "revision": 1, "verdict": "approved", "comment": "Selvä."});
    reviewer().take(&**db.store(), &[change(Kind::Review, first, 1, again)]).await;
    assert_eq!(load(db, HERE, &keys).await.reviews[&id], (1, Verdict::Approved));
}

pub async fn open_alternatives_load_and_settled_ones_do_not<D: Database>(db: &D) {
    let id = new_record();
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, id, 0, club(14))]).await;
    reviewer().take(&**db.store(), &[change(Kind::Gathering, id, 1, club(12))]).await;
    let theirs = [volunteer(AINO), volunteer(BERIT)];
    for (index, scribe) in theirs.iter().enumerate() {
        let late = change(Kind::Gathering, id, 1, club(15 + index as u32));
        assert_eq!(only(&scribe.take(&**db.store(), &[late]).await.results).outcome, Outcome::Clash);
    }
    let open = |loaded: &Loaded| -> Vec<_> {
        loaded.alternatives.get(&id).into_iter().flatten().map(|(_, stored)| stored.recorder).collect()
    };
    let keys = Keys { about: vec![id], ..Keys::default() };
    assert_eq!(open(&load(db, HERE, &keys).await), [AINO, BERIT]);
    // A later edit by its author settles it (S11).
    theirs[0].take(&**db.store(), &[change(Kind::Gathering, id, 2, club(13))]).await;
    assert_eq!(open(&load(db, HERE, &keys).await), [BERIT]);
}

pub async fn a_record_changed_twice_in_one_push_has_its_last_state<D: Database>(db: &D) {
    let id = new_record();
    let both = [change(Kind::Gathering, id, 0, club(14)), change(Kind::Gathering, id, 1, club(15))];
    let taken = volunteer(AINO).take(&**db.store(), &both).await;
    assert_eq!(taken.results.iter().map(|r| (r.rev, r.seq)).collect::<Vec<_>>(), [(1, 1), (2, 2)]);
    let records = pull_all(db, EVERYTHING).await;
    assert_eq!(records.len(), 1);
    assert_eq!((records[0].rev, &records[0].content), (2, &Some(content(club(15)))));
    let keys = Keys { bases: rules_bases(id, &[1, 2]), ..Keys::default() };
    assert_eq!(load(db, HERE, &keys).await.bases.len(), 2);
}

/// One bad sender must not hold up the others of its batch (S6), whatever ids it makes.
pub async fn an_id_that_two_kinds_share_stops_nobody<D: Database>(db: &D) {
    let id = new_record();
    let series = json!({"name": "Kerho", "form": "kerho", "municipality": "755"});
    let both = [change(Kind::Gathering, id, 0, club(14)), change(Kind::Series, id, 0, series.clone())];
    let taken = reviewer().take(&**db.store(), &both).await;
    assert!(taken.results.iter().all(|result| result.outcome == Outcome::Stored));
    // Each kind has its own history.
    reviewer().take(&**db.store(), &[change(Kind::Gathering, id, 1, club(12))]).await;
    let renamed = with(series, json!({"name": "Tiistaikerho"}));
    let late = [
        change(Kind::Gathering, id, 1, with(club(14), json!({"note": "Kahvit."}))),
        change(Kind::Series, id, 1, renamed.clone()),
    ];
    let taken = reviewer().take(&**db.store(), &late).await;
    let outcomes: Vec<_> = taken.results.iter().map(|result| (result.outcome, result.rev)).collect();
    assert_eq!(outcomes, [(Outcome::Merged, 3), (Outcome::Stored, 2)]);
    let records = pull_all(db, EVERYTHING).await;
    assert_eq!(records[0].content, Some(content(with(club(12), json!({"note": "Kahvit."})))));
    assert_eq!(records[1].content, Some(content(renamed)));
    // An alternative takes the id of its change, which may be that of a record too.
    let mut clash = change(Kind::Gathering, id, 1, club(99));
    clash.change = ChangeId::new(id.uuid());
    let taken = reviewer().take(&**db.store(), &[clash]).await;
    assert_eq!(only(&taken.results).outcome, Outcome::Clash);
}

pub async fn associations_do_not_see_each_other<D: Database>(db: &D) {
    let club_here = change(Kind::Gathering, new_record(), 0, club(14));
    volunteer(AINO).take(&**db.store(), std::slice::from_ref(&club_here)).await;
    let there = Scribe::new(THERE, AINO, domain::Role::Volunteer);
    // The same ids in another association are other records, and another history.
    let edit = club_here.clone();
    let taken = there.take(&**db.store(), &[edit]).await;
    assert!(taken.loaded.results.is_empty() && taken.loaded.records.is_empty());
    assert_eq!((only(&taken.results).outcome, only(&taken.results).seq), (Outcome::Stored, 1));
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, club_here.record, 1, club(3))]).await;
    let there = pull_all(db, PullQuery { association: THERE, ..EVERYTHING }).await;
    assert_eq!(there[0].content, Some(content(club(14))));
}

/// A counter that no signed integer holds is no reason to keep a phone waiting for ever.
pub async fn a_device_may_tell_any_number_of_itself<D: Database>(db: &D) {
    let most = DeviceCounts { counter: u64::MAX, waiting: u64::MAX, thrown: u64::MAX };
    for counts in [most, DeviceCounts { counter: 0, ..most }, most] {
        let mut tx = db.store().begin(&[HERE]).await.expect("begin");
        let device = DeviceId::new(Uuid::nil());
        let brought = Some(Brought { new: u64::MAX, repeats: u64::MAX });
        let report = DeviceReport { device, user: AINO, counts: Some(counts), brought };
        tx.seen(HERE, report, NOW_MS).await.expect("seen");
        tx.commit().await.expect("commit");
    }
    db.join(HERE, AINO, "Aino").await;
    assert_eq!(db.store().devices(HERE).await.expect("devices").len(), 1);
}

fn rules_bases(id: RecordId, revisions: &[u32]) -> Vec<(Kind, RecordId, u32)> {
    revisions.iter().map(|rev| (Kind::Gathering, id, *rev)).collect()
}

pub async fn a_gatherings_revisions_are_told_newest_first_with_its_reviews_and_no_others<D: Database>(db: &D) {
    db.join(HERE, AINO, "Aino").await;
    let (store, record) = (db.store(), new_record());
    let told = async |association, limit| {
        let rows = store.revisions(association, record, limit).await.expect("revisions");
        rows.into_iter().map(|row| (row.kind, row.rev, row.content.is_some(), row.nickname)).collect::<Vec<_>>()
    };
    assert!(told(HERE, 9).await.is_empty());
    let made = change(Kind::Gathering, record, 0, club(14));
    volunteer(AINO).take(&**store, &[made, change(Kind::Gathering, new_record(), 0, club(3))]).await;
    review(db, record, 1, "approved").await;
    reviewer().take(&**store, &[deletion(Kind::Gathering, record, 1)]).await;
    // The same id in another association is another gathering.
    let elsewhere = Scribe::new(THERE, BERIT, domain::Role::Reviewer);
    elsewhere.take(&**store, &[change(Kind::Gathering, record, 0, club(99))]).await;
    let aino = Some("Aino".to_owned());
    let all = [(Kind::Gathering, 2, false, None), (Kind::Review, 1, true, None), (Kind::Gathering, 1, true, aino)];
    assert_eq!(told(HERE, 9).await, all);
    assert_eq!(told(HERE, 2).await, all[..2]);
    assert_eq!(told(THERE, 9).await.len(), 1);
    let rows = store.revisions(HERE, record, 9).await.expect("revisions");
    assert_eq!((rows[2].author, rows[2].device, rows[2].stored_at_ms), (AINO, volunteer(AINO).0.device, NOW_MS));
}
