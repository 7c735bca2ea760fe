//! Who asks, and what they belong to.

pub mod guessing;
pub mod invitation;
pub mod oidc;
pub mod scope;
pub mod secret;
pub mod sign_in;
