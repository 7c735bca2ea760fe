//! HOW devices and the server agree: changes, merging, the outbox, the protocol and the rules that the server applies.
//!
//! Pure and sans-I/O: nothing here awaits, reads a clock or makes a random number. It must never know which database,
//! browser or socket carries it. The invariants S1–S14 are written in `docs/SYNC.md`; code and tests cite their
//! numbers.

pub mod account;
pub mod canonical;
pub mod engine;
pub mod file;
pub mod limits;
pub mod local;
pub mod merge;
pub mod mirror;
#[cfg(any(test, feature = "testing"))]
pub mod mutant;
#[cfg(not(any(test, feature = "testing")))]
mod mutant;
pub mod outbox;
pub mod protocol;
pub mod rules;
pub mod seal;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod view;

pub use canonical::content_hash;
pub use engine::{Command, Engine, Event, Now};
pub use local::{Body, Cursor, Entry, EntryState, LocalRecord, LocalWrites};
pub use outbox::Outbox;
