//! Releases of sensitive figures: numbered, frozen, each gathering in exactly one (protection rule 5).

use std::collections::HashSet;

use async_trait::async_trait;
use domain::{AssociationId, Date, Quarter, release::WaitingGathering};

use super::{Freeze, ReleaseCell, Result};

#[async_trait]
pub trait Releases: Send + Sync {
    /// The releases' cells of an area in a span of quarters, both included, in the order of the quarters.
    async fn release_cells(&self, area_kind: &str, area: &str, from: Quarter, to: Quarter) -> Result<Vec<ReleaseCell>>;

    /// The quarters that have been released, with their numbers, in order.
    async fn released(&self) -> Result<Vec<(Quarter, u32)>>;

    /// The quarter with which releases begin: `default`, unless it was said before.
    async fn first_release(&self, default: Quarter) -> Result<Quarter>;
}

#[async_trait]
pub trait ReleasesTx: Send {
    /// Whether the quarter has been released. No other transaction releases it until this one ends.
    async fn is_released(&mut self, quarter: Quarter) -> Result<bool>;

    /// The sensitive gatherings up to a day that no release has counted. Others may arrive while the transaction lasts.
    async fn waiting(&mut self, up_to: Date) -> Result<Vec<WaitingGathering>>;

    /// The associations that agreed to be shown where they are the only one.
    async fn shown_alone(&mut self) -> Result<HashSet<AssociationId>>;

    /// Freezes a release under the next number, and marks by their ids the gatherings that it counted.
    async fn freeze(&mut self, release: Freeze<'_>, now_ms: i64) -> Result<u32>;
}
