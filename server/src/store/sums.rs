//! Sums of ordinary activity, kept by the transactions that store gatherings.

use async_trait::async_trait;
use domain::{AssociationId, Date, Month, codes::Municipality, municipality_report::TallyRow};

use super::{AssociationRow, Result};

#[async_trait]
pub trait Sums: Send + Sync {
    /// Sums in a municipality, from and to a month, both included.
    async fn tallies(&self, municipality: Municipality, from: Month, to: Month) -> Result<Vec<TallyRow>>;

    /// Sums in every municipality, from and to a month, both included.
    async fn all_tallies(&self, from: Month, to: Month) -> Result<Vec<(Municipality, TallyRow)>>;

    /// Associations whose home is in the municipality, and those named.
    async fn associations(&self, municipality: Municipality, others: &[AssociationId]) -> Result<Vec<AssociationRow>>;

    /// The day of the oldest gathering, sensitive or in the sums.
    async fn first_day(&self) -> Result<Option<Date>>;
}
