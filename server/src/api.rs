//! The versioned JSON routes of the phone app. Each endpoint is one file, and its handler reads as a checklist.

mod body;
pub mod devices;
pub mod health;
pub mod me;
pub mod offer;
pub mod openapi;
pub mod pull;
pub mod push;
mod who;
