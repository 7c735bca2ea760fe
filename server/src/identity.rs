//! Who asks, and what they belong to.

pub mod scope;
pub mod sign_in;
