//! Pushes that are committed in one transaction have the same results as pushes that are committed alone.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use domain::{AssociationId, Date, DeviceId, Kind, Quarter, RecordId, Role, UserId, release::WaitingGathering};
use server::store::{
    DeviceReport, DevicesTx, Freeze, PullQuery, RecordsTx, ReleasesTx, Result, StoreError, Transaction, Transactions,
    group::{Push, Writer},
    transaction::TIMES_MAX,
};
use sync::{
    account::DeviceAccount,
    limits,
    protocol::{Change, ChangeResult, Outcome},
    rules::{Keys, Loaded, Who, Writes, rows::AboutRow},
};
use tokio::{sync::Semaphore, task::JoinHandle};

use super::bench::*;
use crate::support::{NOW_MS, Scribe, change, club, new_record};

/// A store whose transactions wait, are counted and fail as they are told.
struct Faulty {
    store: Arc<dyn Transactions>,
    state: Arc<State>,
}

struct State {
    /// A transaction begins when there is a permit.
    gate: Semaphore,
    /// The associations that each transaction was begun for.
    begun: Mutex<Vec<Vec<AssociationId>>>,
    /// Writing for this association fails.
    damaged: Option<AssociationId>,
    /// Writing this record fails.
    damaged_record: Mutex<Option<RecordId>>,
    /// Writing this record meets a mistake of the program.
    panics_at: Mutex<Option<RecordId>>,
    commits: AtomicUsize,
    commits_fail: AtomicBool,
    /// So many of the next commits meet another transaction.
    retries: AtomicUsize,
}

struct FaultyTx {
    tx: Box<dyn Transaction>,
    state: Arc<State>,
}

#[async_trait]
impl RecordsTx for FaultyTx {
    async fn load_rows(&mut self, association: AssociationId, keys: &Keys) -> Result<(Loaded, Vec<AboutRow>)> {
        self.tx.load_rows(association, keys).await
    }

    async fn apply(&mut self, association: AssociationId, writes: &Writes, now_ms: i64) -> Result<()> {
        // Half of it is written when it fails.
        self.tx.apply(association, writes, now_ms).await?;
        let panics_at = *self.state.panics_at.lock().expect("the record");
        if writes.revisions.iter().any(|revision| Some(revision.record) == panics_at) {
            panic!("on purpose");
        }
        let record = *self.state.damaged_record.lock().expect("the record");
        let is_damaged = writes.revisions.iter().any(|revision| Some(revision.record) == record);
        match is_damaged || self.state.damaged == Some(association) {
            true => Err(StoreError::Damaged("on purpose")),
            false => Ok(()),
        }
    }
}

#[async_trait]
impl DevicesTx for FaultyTx {
    async fn forget_devices(&mut self, user: UserId, device: DeviceId, most: u32) -> Result<()> {
        self.tx.forget_devices(user, device, most).await
    }

    async fn add_device(&mut self, association: AssociationId, user: UserId, device: DeviceId) -> Result<()> {
        self.tx.add_device(association, user, device).await
    }

    async fn device_account(&mut self, user: UserId, device: DeviceId) -> Result<Option<DeviceAccount>> {
        self.tx.device_account(user, device).await
    }

    async fn save_device_account(
        &mut self,
        user: UserId,
        device: DeviceId,
        account: &DeviceAccount,
        now_ms: i64,
    ) -> Result<()> {
        self.tx.save_device_account(user, device, account, now_ms).await
    }
}

#[async_trait]
impl ReleasesTx for FaultyTx {
    async fn is_released(&mut self, quarter: Quarter) -> Result<bool> {
        self.tx.is_released(quarter).await
    }

    async fn waiting(&mut self, up_to: Date) -> Result<Vec<WaitingGathering>> {
        self.tx.waiting(up_to).await
    }

    async fn shown_alone(&mut self) -> Result<HashSet<AssociationId>> {
        self.tx.shown_alone().await
    }

    async fn freeze(&mut self, release: Freeze<'_>, now_ms: i64) -> Result<u32> {
        self.tx.freeze(release, now_ms).await
    }
}

#[async_trait]
impl Transaction for FaultyTx {
    async fn commit(self: Box<Self>) -> Result<()> {
        self.state.commits.fetch_add(1, Ordering::Relaxed);
        if self.state.retries.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
            return Err(StoreError::Retry);
        }
        match self.state.commits_fail.load(Ordering::Relaxed) {
            true => Err(StoreError::Damaged("on purpose")),
            false => self.tx.commit().await,
        }
    }
}

#[async_trait]
impl Transactions for Faulty {
    async fn begin(&self, associations: &[AssociationId]) -> Result<Box<dyn Transaction>> {
        self.state.gate.acquire().await.expect("open").forget();
        self.state.begun.lock().expect("the list").push(associations.to_vec());
        Ok(Box::new(FaultyTx { tx: self.store.begin(associations).await?, state: self.state.clone() }))
    }
}

/// A writer whose transactions wait, and one push that waits in the first of them; what comes now is taken together.
async fn busy<D: Database>(db: &D, damaged: Option<AssociationId>) -> (Writer, Arc<State>) {
    let state = State {
        gate: Semaphore::new(0),
        begun: Mutex::default(),
        damaged,
        damaged_record: Mutex::default(),
        panics_at: Mutex::default(),
        commits: AtomicUsize::new(0),
        commits_fail: AtomicBool::new(false),
        retries: AtomicUsize::new(0),
    };
    let state = Arc::new(state);
    let writer = Writer::start(Arc::new(Faulty { store: db.store().clone(), state: state.clone() }));
    send(&writer, HERE).await;
    (writer, state)
}

/// Sends a push of one gathering, and lets it reach the writer.
async fn send(writer: &Writer, association: AssociationId) -> JoinHandle<Result<Vec<ChangeResult>>> {
    send_record(writer, association, new_record()).await
}

async fn send_record(
    writer: &Writer,
    association: AssociationId,
    record: RecordId,
) -> JoinHandle<Result<Vec<ChangeResult>>> {
    let who = Scribe::new(association, AINO, Role::Volunteer).0;
    let changes = vec![Ok(change(Kind::Gathering, record, 0, club(14)))];
    let report = DeviceReport { device: who.device, user: AINO, counts: None, brought: None };
    let push = Push { who, changes, report, now_ms: NOW_MS };
    let writer = writer.clone();
    let answer = tokio::spawn(async move { writer.take(push).await });
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    answer
}

async fn count<D: Database>(db: &D, association: AssociationId) -> usize {
    pull_all(db, PullQuery { association, ..EVERYTHING }).await.len()
}

fn is_stored(results: &Result<Vec<ChangeResult>>) -> bool {
    results.as_ref().is_ok_and(|results| only(results).outcome == Outcome::Stored)
}

pub async fn pushes_that_wait_are_committed_together<D: Database>(db: &D) {
    let (writer, state) = busy(db, None).await;
    let mut answers = Vec::new();
    for n in 0..8 {
        answers.push(send(&writer, if n % 2 == 0 { HERE } else { THERE }).await);
    }
    assert!(answers.iter().all(|answer| !answer.is_finished()), "nobody is answered before the commit");
    state.gate.add_permits(2);
    for answer in answers {
        assert!(is_stored(&answer.await.expect("an answer")));
    }
    assert_eq!(state.commits.load(Ordering::Relaxed), 2, "the one that was under way, and all the others");
    assert_eq!((count(db, HERE).await, count(db, THERE).await), (5, 4));
}

pub async fn a_push_that_fails_harms_no_other_in_its_transaction<D: Database>(db: &D) {
    let (writer, state) = busy(db, Some(THERE)).await;
    let answers = [send(&writer, HERE).await, send(&writer, THERE).await, send(&writer, HERE).await];
    state.gate.add_permits(10);
    let [first, damaged, last] = answers;
    assert!(is_stored(&first.await.expect("an answer")));
    assert!(damaged.await.expect("an answer").is_err());
    assert!(is_stored(&last.await.expect("an answer")));
    assert_eq!((count(db, HERE).await, count(db, THERE).await), (3, 0), "nothing doubled, nothing of the failed one");
    // Sequence numbers have no gap where the failed transaction was.
    let sequence: Vec<u64> = pull_all(db, EVERYTHING).await.iter().map(|record| record.seq).collect();
    assert_eq!(sequence, [1, 2, 3]);
}

pub async fn no_push_is_answered_where_the_commit_fails<D: Database>(db: &D) {
    let (writer, state) = busy(db, None).await;
    let answers = [send(&writer, HERE).await, send(&writer, HERE).await];
    state.commits_fail.store(true, Ordering::Relaxed);
    state.gate.add_permits(10);
    for answer in answers {
        assert!(answer.await.expect("an answer").is_err());
    }
    assert_eq!(count(db, HERE).await, 0);
    // The writer goes on.
    state.commits_fail.store(false, Ordering::Relaxed);
    assert!(is_stored(&send(&writer, HERE).await.await.expect("an answer")));
    assert_eq!(count(db, HERE).await, 1);
}

/// A database that locks associations never has two transactions wait for one another.
pub async fn the_associations_of_a_transaction_are_named_once_in_the_order_of_their_ids<D: Database>(db: &D) {
    let (writer, state) = busy(db, None).await;
    let mut answers = Vec::new();
    for association in [THERE, HERE, THERE, HERE] {
        answers.push(send(&writer, association).await);
    }
    state.gate.add_permits(2);
    for answer in answers {
        assert!(is_stored(&answer.await.expect("an answer")));
    }
    assert_eq!(*state.begun.lock().expect("the list"), [vec![HERE], vec![HERE, THERE]]);
}

pub async fn a_push_that_fails_harms_no_other_of_its_association<D: Database>(db: &D) {
    let (writer, state) = busy(db, None).await;
    let damaged = new_record();
    *state.damaged_record.lock().expect("the record") = Some(damaged);
    let good = [send(&writer, HERE).await, send(&writer, THERE).await];
    let bad = send_record(&writer, HERE, damaged).await;
    let last = send(&writer, HERE).await;
    state.gate.add_permits(20);
    assert!(bad.await.expect("an answer").is_err());
    for answer in good.into_iter().chain([last]) {
        assert!(is_stored(&answer.await.expect("an answer")));
    }
    assert_eq!((count(db, HERE).await, count(db, THERE).await), (3, 1));
    let sequence: Vec<u64> = pull_all(db, EVERYTHING).await.iter().map(|record| record.seq).collect();
    assert_eq!(sequence, [1, 2, 3]);
}

pub async fn a_transaction_that_met_another_is_repeated_and_not_for_ever<D: Database>(db: &D) {
    let (writer, state) = busy(db, None).await;
    state.gate.add_permits(100);
    while count(db, HERE).await == 0 {
        tokio::task::yield_now().await;
    }
    // All but the last of its times.
    state.retries.store(TIMES_MAX - 1, Ordering::Relaxed);
    assert!(is_stored(&send(&writer, HERE).await.await.expect("an answer")));
    assert_eq!(count(db, HERE).await, 2);
    state.commits.store(0, Ordering::Relaxed);
    state.retries.store(usize::MAX, Ordering::Relaxed);
    assert!(matches!(send(&writer, HERE).await.await.expect("an answer"), Err(StoreError::Retry)));
    assert_eq!(state.commits.load(Ordering::Relaxed), TIMES_MAX);
    assert_eq!(count(db, HERE).await, 2);
    // The writer goes on.
    state.retries.store(0, Ordering::Relaxed);
    assert!(is_stored(&send(&writer, HERE).await.await.expect("an answer")));
}

pub async fn a_push_that_panics_is_answered_and_harms_no_other<D: Database>(db: &D) {
    let (writer, state) = busy(db, None).await;
    let record = new_record();
    *state.panics_at.lock().expect("the record") = Some(record);
    let good = [send(&writer, HERE).await, send(&writer, THERE).await];
    let bad = send_record(&writer, HERE, record).await;
    let last = send(&writer, HERE).await;
    state.gate.add_permits(20);
    assert!(matches!(bad.await.expect("an answer"), Err(StoreError::Panicked)));
    for answer in good.into_iter().chain([last]) {
        assert!(is_stored(&answer.await.expect("an answer")));
    }
    assert_eq!((count(db, HERE).await, count(db, THERE).await), (3, 1), "nothing doubled, nothing of the failed one");
    // The writer goes on, also with what it could not write before.
    *state.panics_at.lock().expect("the record") = None;
    assert!(is_stored(&send_record(&writer, HERE, record).await.await.expect("an answer")));
    let sequence: Vec<u64> = pull_all(db, EVERYTHING).await.iter().map(|record| record.seq).collect();
    assert_eq!(sequence, [1, 2, 3, 4]);
    assert!(writer.is_ready().await);
}

pub async fn the_writer_says_whether_it_can_write<D: Database>(db: &D) {
    let (writer, state) = busy(db, None).await;
    let asked = {
        let writer = writer.clone();
        tokio::spawn(async move { writer.is_ready().await })
    };
    tokio::task::yield_now().await;
    assert!(!asked.is_finished(), "it is at work, and says nothing yet");
    state.gate.add_permits(10);
    assert!(asked.await.expect("an answer"));
    let begun = state.begun.lock().expect("the list").len();
    assert!(writer.is_ready().await);
    assert_eq!(state.begun.lock().expect("the list").len(), begun, "asked again at once, it is not held up");
    assert!(is_stored(&send(&writer, HERE).await.await.expect("an answer")), "the lock was given back");

    let closed = Writer::start(db.store().clone());
    db.store().close().await;
    assert!(!closed.is_ready().await);
}

pub async fn a_volunteer_makes_so_many_new_records_in_a_day_and_no_more<D: Database>(db: &D) {
    let writer = Writer::start(db.store().clone());
    let take = async |who: Who, changes: Vec<Change>| {
        let report = DeviceReport { device: who.device, user: who.user, counts: None, brought: None };
        let changes = changes.into_iter().map(Ok).collect();
        writer.take(Push { who, changes, report, now_ms: NOW_MS }).await.expect("taken")
    };
    let new = |many: usize| -> Vec<Change> {
        (0..many).map(|_| change(Kind::Gathering, new_record(), 0, club(14))).collect()
    };
    let codes = |results: Vec<ChangeResult>| -> Vec<(Outcome, Option<String>)> {
        results.into_iter().map(|result| (result.outcome, result.code)).collect()
    };
    let (aino, berit) = (volunteer(AINO).0, volunteer(BERIT).0);
    let first = new(limits::NEW_RECORDS_A_DAY_MAX as usize - 1);
    for part in first.chunks(50) {
        assert!(take(aino, part.to_vec()).await.iter().all(|result| result.outcome == Outcome::Stored));
    }
    let stored = (Outcome::Stored, None);
    let later = (Outcome::AgainLater, Some("too-many-today".to_owned()));
    assert_eq!(codes(take(aino, new(2)).await), [stored.clone(), later.clone()]);
    // What is there is changed, and a repeat is answered; others have made none.
    let edit = change(Kind::Gathering, first[0].record, 1, club(15));
    assert_eq!(codes(take(aino, vec![edit, first[1].clone()]).await), [stored.clone(), stored.clone()]);
    assert_eq!(codes(take(berit, new(1)).await)[0], stored);
    assert_eq!(codes(take(reviewer().0, new(1)).await)[0], stored);
    // Nothing was stored of it: the next day it is taken.
    let tomorrow = Who { today: domain::date::plus_days(aino.today, 1), ..aino };
    assert_eq!(codes(take(tomorrow, new(1)).await), [stored]);
}
