//! Group commit: pushes that wait for the disk together are committed together.
//!
//! One task writes. While it commits, further pushes gather, and the next transaction takes them all: the more devices wait, the
//! fewer times the disk is asked. Nobody is answered before the commit, so what a receipt says is durable.
//!
//! The pushes of a transaction are grouped by association, and the associations are taken in the order of their ids: a database
//! that locks them then never has two transactions wait for one another. Where a transaction fails, each association's pushes
//! are tried by themselves, and of an association that fails again each push: what cannot be written harms nobody else. A panic
//! is a failure like any other, so that one push that meets a mistake of ours does not end the writing of all.

use std::{
    collections::{HashMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};

use domain::{AssociationId, ChangeId, Date, Role, UserId};
use sync::{
    account::Brought,
    limits,
    protocol::ChangeResult,
    rules::{self, ReadChange, Who},
};
use tokio::sync::{Mutex, mpsc, oneshot};

use super::{DeviceReport, Result, StoreError, Transaction, Transactions, repeated};

/// Pushes in one transaction: 32 times 50 changes take a few tenths of a second, and no device waits longer for another's.
const TOGETHER_MAX: usize = 32;
/// Pushes that wait; more than these are held back by their connections.
const WAITING_MAX: usize = 256;
/// So old may the writer's answer be that [`Writer::is_ready`] repeats, so that who asks often does not hold up pushes.
const ANSWER_LASTS: Duration = Duration::from_secs(1);

/// A push that was read and permitted: what is left of it happens in a transaction.
#[derive(Clone, Debug)]
pub struct Push {
    pub who: Who,
    /// None at a contact that only tells of the device.
    pub changes: Vec<ReadChange>,
    pub report: DeviceReport,
    /// The server's clock.
    pub now_ms: i64,
}

type Answer = oneshot::Sender<Result<Vec<ChangeResult>>>;
type Waiting = (Push, Answer);

/// What the writer is asked to do.
#[derive(Debug)]
enum Job {
    Push(Box<Push>, Answer),
    /// To say whether it can write.
    Tell(oneshot::Sender<bool>),
}

/// What became of a push.
struct Taken {
    results: Vec<ChangeResult>,
    /// How many new records it made.
    new: u32,
}

/// How many new records each member has made today. In memory only: a restart forgives, and a bound that is far above what anybody
/// needs may be forgiven.
#[derive(Default)]
struct Made {
    day: Option<Date>,
    by: HashMap<(AssociationId, UserId), u32>,
}

impl Made {
    fn left(&self, who: &Who) -> u32 {
        let most = match who.role {
            Role::Volunteer => limits::NEW_RECORDS_A_DAY_MAX,
            Role::Reviewer => limits::REVIEWERS_NEW_RECORDS_A_DAY_MAX,
        };
        let made = self.by.get(&(who.association, who.user)).filter(|_| self.day == Some(who.today));
        most.saturating_sub(made.copied().unwrap_or(0))
    }

    fn add(&mut self, who: &Who, new: u32) {
        if self.day != Some(who.today) {
            self.day = Some(who.today);
            self.by.clear();
        }
        if new > 0 {
            *self.by.entry((who.association, who.user)).or_default() += new;
        }
    }
}

fn is_same_member(one: &Who, other: &Who) -> bool {
    (one.association, one.user) == (other.association, other.user)
}

/// The one writer of pushes. It ends when the last clone is gone.
#[derive(Clone, Debug)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
    /// When it last said that it can write.
    was_ready: Arc<Mutex<Option<Instant>>>,
}

impl Writer {
    pub fn start(store: Arc<dyn Transactions>) -> Writer {
        let (jobs, mut receiver) = mpsc::channel(WAITING_MAX);
        tokio::spawn(async move {
            let mut made = Made::default();
            // Whatever happens to it, somebody writes: only the last sender's end ends it.
            while or_panic(write(&*store, &mut receiver, &mut made)).await.is_err() {
                tracing::error!("the writer panicked, and is started again");
            }
        });
        Writer { jobs, was_ready: Arc::default() }
    }

    /// Pushes that wait and are not being written yet.
    pub fn waiting(&self) -> usize {
        self.jobs.max_capacity() - self.jobs.capacity()
    }

    /// Writes the push and returns its results when they are durable.
    pub async fn take(&self, push: Push) -> Result<Vec<ChangeResult>> {
        let (answer, answered) = oneshot::channel();
        self.jobs.send(Job::Push(Box::new(push), answer)).await.map_err(|_| StoreError::Stopped)?;
        answered.await.map_err(|_| StoreError::Stopped)?
    }

    /// Whether pushes are taken and written: the writer says so after those that came before, and after it held the database's
    /// lock for a moment. It may take as long as they do; who asks gives up when they like.
    pub async fn is_ready(&self) -> bool {
        // One question at a time; who waited here is told what the one before was.
        let mut was_ready = self.was_ready.lock().await;
        if was_ready.is_some_and(|at| at.elapsed() < ANSWER_LASTS) {
            return true;
        }
        let (answer, answered) = oneshot::channel();
        let is_ready = self.jobs.send(Job::Tell(answer)).await.is_ok() && answered.await.unwrap_or(false);
        *was_ready = is_ready.then(Instant::now);
        is_ready
    }
}

async fn write(store: &dyn Transactions, receiver: &mut mpsc::Receiver<Job>, made: &mut Made) {
    let mut waiting = Vec::new();
    while receiver.recv_many(&mut waiting, TOGETHER_MAX).await > 0 {
        let (mut batch, mut asking): (Vec<Waiting>, Vec<_>) = (Vec::new(), Vec::new());
        for job in waiting.drain(..) {
            match job {
                Job::Push(push, answer) => batch.push((*push, answer)),
                Job::Tell(answer) => asking.push(answer),
            }
        }
        if !batch.is_empty() {
            write_batch(store, batch, made).await;
        }
        if !asking.is_empty() {
            let is_ready = matches!(or_panic(store.begin(&[])).await, Ok(Ok(_)));
            for answer in asking {
                // Who does not listen any more has given up.
                let _ = answer.send(is_ready);
            }
        }
    }
}

async fn write_batch(store: &dyn Transactions, mut batch: Vec<Waiting>, made: &mut Made) {
    // Of one association, in the order in which they came.
    batch.sort_by_key(|(push, _)| push.who.association);
    let mut parts = vec![batch];
    while let Some(part) = parts.pop() {
        let written = or_panic(repeated(|| in_one_transaction(store, &part, made))).await;
        match written.unwrap_or(Err(StoreError::Panicked)) {
            Ok(taken) => {
                for ((push, answer), Taken { results, new }) in part.into_iter().zip(taken) {
                    made.add(&push.who, new);
                    tell(answer, Ok(results));
                }
            }
            Err(error) if part.len() > 1 => {
                tracing::warn!(%error, pushes = part.len(), "a common transaction failed; its parts by themselves");
                parts.extend(smaller(part).into_iter().rev());
            }
            Err(error) => {
                if let Some((_, answer)) = part.into_iter().next() {
                    tell(answer, Err(error));
                }
            }
        }
    }
}

/// The panicked one's transaction was dropped with it, as it is where one fails.
struct Panicked;

/// What comes of a future, or that it panicked. The panic's own words are in the log already.
async fn or_panic<F: Future>(future: F) -> std::result::Result<F::Output, Panicked> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context| {
        // Nothing that a panic could leave half-done is looked at again: the future is not polled after it.
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(_) => Poll::Ready(Err(Panicked)),
        }
    })
    .await
}

/// The pushes of each association by themselves; those of one association one by one.
fn smaller(part: Vec<Waiting>) -> Vec<Vec<Waiting>> {
    let of = |(push, _): &Waiting| push.who.association;
    let is_one_association = part.first().map(of) == part.last().map(of);
    let mut parts: Vec<Vec<Waiting>> = Vec::new();
    for waiting in part {
        match parts.last_mut() {
            Some(last) if !is_one_association && last.last().map(of) == Some(of(&waiting)) => last.push(waiting),
            _ => parts.push(vec![waiting]),
        }
    }
    parts
}

/// A sender that does not listen any more has its push written all the same; it gets the stored results when it asks again (S5).
fn tell(answer: Answer, results: Result<Vec<ChangeResult>>) {
    drop(answer.send(results));
}

/// Load, decide, write, push by push; each sees what the ones before it left (S5, S8).
async fn in_one_transaction(store: &dyn Transactions, part: &[Waiting], made: &Made) -> Result<Vec<Taken>> {
    let mut associations: Vec<AssociationId> = part.iter().map(|(push, _)| push.who.association).collect();
    associations.dedup();
    let mut tx = store.begin(&associations).await?;
    let mut all: Vec<Taken> = Vec::with_capacity(part.len());
    for (push, _) in part {
        // Those of the same member before it in this transaction count, too.
        let before = part.iter().zip(&all).filter(|((other, _), _)| is_same_member(&other.who, &push.who));
        let before: u32 = before.map(|(_, taken)| taken.new).sum();
        let left = made.left(&push.who).saturating_sub(before);
        all.push(take(&mut *tx, push, left).await?);
    }
    tx.commit().await?;
    Ok(all)
}

async fn take(tx: &mut dyn Transaction, push: &Push, left: u32) -> Result<Taken> {
    let association = push.who.association;
    // A contact that brings nothing only says how many changes wait.
    if push.changes.is_empty() {
        tx.seen(association, push.report, push.now_ms).await?;
        return Ok(Taken { results: Vec::new(), new: 0 });
    }
    let mut loaded = tx.load(association, &rules::keys(&push.changes)).await?;
    loaded.new_left = Some(left);
    // What a file may have brought is nobody's to account for.
    let filed: HashSet<ChangeId> =
        push.changes.iter().flatten().filter(|change| change.filed).map(|change| change.change).collect();
    let repeats = loaded.results.keys().filter(|change| !filed.contains(change)).count() as u64;
    let (results, writes) = rules::decide(loaded, &push.who, &push.changes);
    tx.apply(association, &writes, push.now_ms).await?;
    let new = writes.results.iter().filter(|result| !filed.contains(&result.change)).count() as u64;
    let brought = Some(Brought { new, repeats });
    tx.seen(association, DeviceReport { brought, ..push.report }, push.now_ms).await?;
    Ok(Taken { results, new: writes.made })
}
