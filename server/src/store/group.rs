//! Group commit: pushes that wait for the disk together are committed together.
//!
//! One task writes. While it commits, further pushes gather, and the next transaction takes them all: the more devices wait, the
//! fewer times the disk is asked. Nobody is answered before the commit, so what a receipt says is durable.

use std::{collections::HashSet, sync::Arc};

use domain::ChangeId;
use sync::{
    protocol::ChangeResult,
    rules::{self, ReadChange, Who},
};
use tokio::sync::{mpsc, oneshot};

use super::{DeviceReport, Result, Store, StoreError, WriteTx};
use crate::phones::Brought;

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

type Waiting = (Push, oneshot::Sender<Result<Vec<ChangeResult>>>);

/// The one writer of pushes. It ends when the last clone is gone.
#[derive(Clone, Debug)]
pub struct Writer(mpsc::Sender<Waiting>);

impl Writer {
    pub fn start<S: Store>(store: Arc<S>) -> Writer {
        let (sender, receiver) = mpsc::channel(WAITING_MAX);
        tokio::spawn(write(store, receiver));
        Writer(sender)
    }

    /// Writes the push and returns its results when they are durable.
    pub async fn take(&self, push: Push) -> Result<Vec<ChangeResult>> {
        let (answer, answered) = oneshot::channel();
        self.0.send((push, answer)).await.map_err(|_| StoreError::Stopped)?;
        answered.await.map_err(|_| StoreError::Stopped)?
    }
}

async fn write<S: Store>(store: Arc<S>, mut receiver: mpsc::Receiver<Waiting>) {
    let mut waiting = Vec::new();
    while receiver.recv_many(&mut waiting, TOGETHER_MAX).await > 0 {
        let (pushes, answers): (Vec<Push>, Vec<_>) = waiting.drain(..).unzip();
        match in_one_transaction(&*store, &pushes).await {
            Ok(results) => answers.into_iter().zip(results).for_each(|(answer, results)| tell(answer, Ok(results))),
            // One of them, or the disk: each by itself, so that none fails for another's sake.
            Err(error) if pushes.len() > 1 => {
                tracing::warn!(%error, pushes = pushes.len(), "a common transaction failed; each push alone");
                for (push, answer) in pushes.iter().zip(answers) {
                    let alone = in_one_transaction(&*store, std::slice::from_ref(push)).await;
                    tell(answer, alone.map(|mut results| results.pop().unwrap_or_default()));
                }
            }
            Err(error) => {
                if let Some(answer) = answers.into_iter().next() {
                    tell(answer, Err(error));
                }
            }
        }
    }
}

/// A sender that does not listen any more has its push written all the same; it gets the stored results when it asks again (S5).
fn tell(answer: oneshot::Sender<Result<Vec<ChangeResult>>>, results: Result<Vec<ChangeResult>>) {
    drop(answer.send(results));
}

/// Load, decide, write, push by push; each sees what the ones before it left (S5, S8).
async fn in_one_transaction<S: Store>(store: &S, pushes: &[Push]) -> Result<Vec<Vec<ChangeResult>>> {
    let mut tx = store.begin().await?;
    let mut all = Vec::with_capacity(pushes.len());
    for push in pushes {
        let association = push.who.association;
        // A contact that brings nothing only says how many changes wait.
        if push.changes.is_empty() {
            tx.seen(association, push.report, push.now_ms).await?;
            all.push(Vec::new());
            continue;
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
        all.push(results);
    }
    tx.commit().await?;
    Ok(all)
}
