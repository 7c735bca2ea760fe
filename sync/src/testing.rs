//! Test doubles for this and other crates: a server in memory with the real rules, and the simulator.

pub mod memory_server;
pub mod simulator;
