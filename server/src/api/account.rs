//! What a signed-in user asks of themselves.

pub mod me;
pub mod passkey;
