//! What a municipality is shown, and when it is released.

pub mod association;
pub mod export;
pub mod municipality;
pub mod releases;
