//! How phones exchange records with the server.

mod body;
pub mod hand_in;
pub mod offer;
pub mod pull;
pub mod push;
