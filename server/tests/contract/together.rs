//! Pushes that are committed in one transaction have the same results as pushes that are committed alone.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use domain::{AssociationId, DeviceId, Kind, Month, Role, UserId};
use server::store::{
    AssociationRow, Device, DeviceReport, LastContact, PullPage, PullQuery, Result, Store, StoreError, TallyRow,
    WriteTx,
    group::{Push, Writer},
};
use sync::{
    protocol::{ChangeResult, Outcome},
    rules::{Keys, Loaded, Writes},
};
use tokio::{sync::Semaphore, task::JoinHandle};

use super::bench::*;
use crate::support::{NOW_MS, Scribe, change, club, new_record};

/// A store that waits, counts and fails as it is told.
struct Faulty<S> {
    store: Arc<S>,
    state: Arc<State>,
}

struct State {
    /// A transaction begins when there is a permit.
    gate: Semaphore,
    /// Writing for this association fails.
    damaged: Option<AssociationId>,
    commits: AtomicUsize,
    commits_fail: AtomicBool,
}

struct FaultyTx<T> {
    tx: T,
    state: Arc<State>,
}

impl<T: WriteTx> WriteTx for FaultyTx<T> {
    async fn load(&mut self, association: AssociationId, keys: &Keys) -> Result<Loaded> {
        self.tx.load(association, keys).await
    }

    async fn apply(&mut self, association: AssociationId, writes: &Writes, now_ms: i64) -> Result<()> {
        // Half of it is written when it fails.
        self.tx.apply(association, writes, now_ms).await?;
        match self.state.damaged == Some(association) {
            true => Err(StoreError::Damaged("on purpose")),
            false => Ok(()),
        }
    }

    async fn seen(&mut self, association: AssociationId, report: DeviceReport, now_ms: i64) -> Result<()> {
        self.tx.seen(association, report, now_ms).await
    }

    async fn commit(self) -> Result<()> {
        self.state.commits.fetch_add(1, Ordering::Relaxed);
        match self.state.commits_fail.load(Ordering::Relaxed) {
            true => Err(StoreError::Damaged("on purpose")),
            false => self.tx.commit().await,
        }
    }
}

impl<S: Store> Store for Faulty<S> {
    type Tx = FaultyTx<S::Tx>;

    async fn begin(&self) -> Result<Self::Tx> {
        self.state.gate.acquire().await.expect("open").forget();
        Ok(FaultyTx { tx: self.store.begin().await?, state: self.state.clone() })
    }

    async fn pull(&self, query: PullQuery) -> Result<PullPage> {
        self.store.pull(query).await
    }

    async fn last_contacts(&self, user: UserId) -> Result<Vec<LastContact>> {
        self.store.last_contacts(user).await
    }

    async fn devices(&self, association: AssociationId) -> Result<Vec<Device>> {
        self.store.devices(association).await
    }

    async fn missing_seen(
        &self,
        association: AssociationId,
        user: UserId,
        device: DeviceId,
        missing: u64,
    ) -> Result<()> {
        self.store.missing_seen(association, user, device, missing).await
    }

    async fn tallies(&self, municipality: &str, from: Month, to: Month) -> Result<Vec<TallyRow>> {
        self.store.tallies(municipality, from, to).await
    }

    async fn associations(&self, municipality: &str, others: &[AssociationId]) -> Result<Vec<AssociationRow>> {
        self.store.associations(municipality, others).await
    }
}

/// A writer whose transactions wait, and one push that waits in the first of them; what comes now is taken together.
async fn busy<D: Database>(db: &D, damaged: Option<AssociationId>) -> (Writer, Arc<State>) {
    let state =
        State { gate: Semaphore::new(0), damaged, commits: AtomicUsize::new(0), commits_fail: AtomicBool::new(false) };
    let state = Arc::new(state);
    let writer = Writer::start(Arc::new(Faulty { store: db.store().clone(), state: state.clone() }));
    send(&writer, HERE).await;
    (writer, state)
}

/// Sends a push of one gathering, and lets it reach the writer.
async fn send(writer: &Writer, association: AssociationId) -> JoinHandle<Result<Vec<ChangeResult>>> {
    let who = Scribe::new(association, AINO, Role::Volunteer).0;
    let changes = vec![Ok(change(Kind::Gathering, new_record(), 0, club(14)))];
    let report = DeviceReport { device: who.device, user: AINO, told: None, brought: None };
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
