//! The write transaction.

use async_trait::async_trait;
use domain::AssociationId;
use sqlx::Sqlite;

use super::SqliteStore;
use crate::store::{Result, Transaction, Transactions};

/// The one write transaction of the server.
#[derive(Debug)]
pub(super) struct SqliteTx(pub(super) sqlx::Transaction<'static, Sqlite>);

#[async_trait]
impl Transactions for SqliteStore {
    /// One writer: whatever associations are named, nobody else writes.
    async fn begin(&self, _associations: &[AssociationId]) -> Result<Box<dyn Transaction>> {
        Ok(Box::new(SqliteTx(self.immediate().await?)))
    }
}

#[async_trait]
impl Transaction for SqliteTx {
    async fn commit(self: Box<Self>) -> Result<()> {
        Ok(self.0.commit().await?)
    }
}
