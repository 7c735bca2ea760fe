//! The server-rendered pages, the shell and the service worker.

pub mod account;
pub mod admin;
pub mod association;
pub mod coordinator;
pub mod document;
pub mod first_page;
pub mod form;
pub mod invitations;
pub mod joining;
pub mod mail_code;
pub mod oidc;
pub mod own;
pub mod own_data;
pub mod own_mail;
pub mod public;
pub mod sign_in;
pub mod worker;
