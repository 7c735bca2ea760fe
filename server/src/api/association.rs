//! What an association's reviewers ask beside its records.

pub mod devices;
pub mod history;
pub mod invitations;
pub mod members;
