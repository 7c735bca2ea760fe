//! The server-rendered pages, the shell and the service worker.

pub mod account;
pub mod admin;
pub mod coordinator;
pub mod document;
pub mod oidc;
pub mod public;
pub mod worker;
