//! Group commit: pushes that wait for the disk together are committed together.
//!
//! One task writes. While it commits, further pushes gather, and the next transaction takes them all: the more devices wait, the
//! fewer times the disk is asked. Nobody is answered before the commit, so what a receipt says is durable.
//!
//! The pushes of a transaction are grouped by association, and the associations are taken in the order of their ids: a database
//! that locks them then never has two transactions wait for one another. Where a transaction fails, each association's pushes
//! are tried by themselves, and of an association that fails again each push: what cannot be written harms nobody else.

use std::{collections::HashSet, sync::Arc};

use domain::{AssociationId, ChangeId};
use sync::{
    account::Brought,
    protocol::ChangeResult,
    rules::{self, ReadChange, Who},
};
use tokio::sync::{mpsc, oneshot};

use super::{DeviceReport, Result, StoreError, Transaction, Transactions, repeated};

/// Pushes in one transaction: 32 times 50 changes take a few tenths of a second, and no device waits longer for another's.
const TOGETHER_MAX: usize = 32;
/// Pushes that wait; more than these are held back by their connections.
const WAITING_MAX: usize = 256;

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

/// The one writer of pushes. It ends when the last clone is gone.
#[derive(Clone, Debug)]
pub struct Writer(mpsc::Sender<Waiting>);

impl Writer {
    pub fn start(store: Arc<dyn Transactions>) -> Writer {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        tokio::spawn(write(store, receiver));
        Writer(sender)
    }

    /// Pushes that wait and are not being written yet.
    pub fn waiting(&self) -> usize {
        self.0.max_capacity() - self.0.capacity()
    }

    /// Writes the push and returns its results when they are durable.
    pub async fn take(&self, push: Push) -> Result<Vec<ChangeResult>> {
        let (answer, answered) = oneshot::channel();
        self.0.send((push, answer)).await.map_err(|_| StoreError::Stopped)?;
        answered.await.map_err(|_| StoreError::Stopped)?
    }
}

async fn write(store: Arc<dyn Transactions>, mut receiver: mpsc::Receiver<Waiting>) {
    let mut waiting = Vec::new();
    while receiver.recv_many(&mut waiting, TOGETHER_MAX).await > 0 {
        let mut batch: Vec<Waiting> = std::mem::take(&mut waiting);
        // Of one association, in the order in which they came.
        batch.sort_by_key(|(push, _)| push.who.association);
        let mut parts = vec![batch];
        while let Some(part) = parts.pop() {
            match repeated(|| in_one_transaction(&*store, &part)).await {
                Ok(results) => part.into_iter().zip(results).for_each(|((_, answer), of)| tell(answer, Ok(of))),
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
async fn in_one_transaction(store: &dyn Transactions, part: &[Waiting]) -> Result<Vec<Vec<ChangeResult>>> {
    let mut associations: Vec<AssociationId> = part.iter().map(|(push, _)| push.who.association).collect();
    associations.dedup();
    let mut tx = store.begin(&associations).await?;
    let mut all = Vec::with_capacity(part.len());
    for (push, _) in part {
        all.push(take(&mut *tx, push).await?);
    }
    tx.commit().await?;
    Ok(all)
}

async fn take(tx: &mut dyn Transaction, push: &Push) -> Result<Vec<ChangeResult>> {
    let association = push.who.association;
    // A contact that brings nothing only says how many changes wait.
    if push.changes.is_empty() {
        tx.seen(association, push.report, push.now_ms).await?;
        return Ok(Vec::new());
    }
    let loaded = tx.load(association, &rules::keys(&push.changes)).await?;
    // What a file may have brought is nobody's to account for.
    let filed: HashSet<ChangeId> =
        push.changes.iter().flatten().filter(|change| change.filed).map(|change| change.change).collect();
    let repeats = loaded.results.keys().filter(|change| !filed.contains(change)).count() as u64;
    let (results, writes) = rules::decide(loaded, &push.who, &push.changes);
    tx.apply(association, &writes, push.now_ms).await?;
    let new = writes.results.iter().filter(|result| !filed.contains(&result.change)).count() as u64;
    let brought = Some(Brought { new, repeats });
    tx.seen(association, DeviceReport { brought, ..push.report }, push.now_ms).await?;
    Ok(results)
}
