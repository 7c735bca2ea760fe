//! The screen of an invitation.

// Those that other screens say too are in every phone's file.
pub use super::{common::try_again, joining::title};

super::texts!("join");
