//! How phones exchange records with the server.

mod body;
pub mod offer;
pub mod pull;
pub mod push;
