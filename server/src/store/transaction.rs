//! The write transaction, and what a store promises about two of them.

use async_trait::async_trait;
use domain::AssociationId;

use super::{DevicesTx, RecordsTx, ReleasesTx, Result, StoreError};

/// How often a transaction is begun before [`StoreError::Retry`] is what the request is answered.
pub const TIMES_MAX: usize = 4;

/// Begins write transactions.
///
/// Serial per association: of two transactions that name the same association, the second one sees all that the first one wrote,
/// or nothing if that was dropped; this is where sequence numbers without gaps come from (S8). Transactions that name different
/// associations may run at the same time. What is not an association's (a device's account, a release) may then make two of them
/// wait for one another: the database ends one of the two with [`StoreError::Retry`].
#[async_trait]
pub trait Transactions: Send + Sync + 'static {
    /// Begins a transaction that writes for these associations, and takes their locks in the order of their ids, whatever order
    /// they come in. None are named where nothing of an association is written: a release.
    ///
    /// SQLite has one writer, so that one transaction waits for the other whatever they name. PostgreSQL would lock the rows of
    /// the associations before it reads a sequence number.
    async fn begin(&self, associations: &[AssociationId]) -> Result<Box<dyn Transaction>>;
}

/// A write transaction. Dropped without [`Transaction::commit`], nothing happened.
#[async_trait]
pub trait Transaction: RecordsTx + DevicesTx + ReleasesTx + Send {
    async fn commit(self: Box<Self>) -> Result<()>;
}

/// Does what `transaction` does, from its beginning again where it met another one, a bounded number of times.
pub async fn repeated<T, F>(transaction: impl Fn() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    for _ in 1..TIMES_MAX {
        match transaction().await {
            Err(StoreError::Retry) => tracing::debug!("a transaction is repeated"),
            done => return done,
        }
    }
    transaction().await
}
