//! The versioned JSON routes of the phone app. Every handler reads like a checklist; one endpoint a file.

pub mod account;
pub mod association;
pub mod health;
pub mod openapi;
pub mod sync;
