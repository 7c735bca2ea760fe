//! Months and years that the association closes.

pub use super::common::period_name as name;

super::texts!("periods");
