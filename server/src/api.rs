//! The versioned JSON routes of the phone app. Each endpoint is one file, and its handler reads as a checklist.

pub mod account;
pub mod association;
pub mod health;
pub mod invitations;
pub mod openapi;
pub mod programs;
pub mod sync;
