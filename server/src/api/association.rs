//! What an association's reviewers ask beside its records.

pub mod audit;
pub mod devices;
pub mod export;
pub mod history;
pub mod import;
pub mod invitations;
pub mod members;
pub mod quarantine;
pub mod reminders;
pub mod report;
pub mod sign_ins;
pub mod tokens;
pub mod whole;
