//! The phone app inside the shell: the volunteer's screens, and the association's month and year. Every screen draws
//! from local records only.
//!
//! Rooms (`volunteer`, `association`, `device`, `join`) use `base` and `forms`, and never each other; `first` uses `base` and
//! the seam; only `seam` names rooms. `cargo xtask check` tests it.

mod association;
mod base;
mod device;
mod first;
mod forms;
mod join;
mod seam;
mod volunteer;

pub use base::{
    actions::{Actions, Failed, LocalFuture, Refused, Services, Undo},
    fetched_texts::fetch_texts,
    identity::{Me, Membership},
    method::method,
    phone::Phone,
    records::Row,
    status::{HANDED_IN, Memory, REMOVED, SIGN_IN_ENDED_LEFT},
};
pub use first::App;
pub use seam::{fetch_early, rooms_of};
