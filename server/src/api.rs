//! The versioned JSON routes of the phone app. Every handler reads like a checklist; one endpoint a file.

mod body;
pub mod devices;
pub mod health;
pub mod me;
pub mod offer;
pub mod openapi;
pub mod pull;
pub mod push;
mod who;
