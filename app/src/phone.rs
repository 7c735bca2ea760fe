//! The app inside the shell: the volunteer's phone, and the association's month and year. It runs from local records only.
//!
//! Rooms (`volunteer`, `association`, `device`) know `base` and `forms`, and not each other; `first` knows `base` and the seam; only
//! `seam` names rooms. `cargo xtask check` holds it.

mod association;
mod base;
mod device;
mod first;
mod forms;
mod seam;
mod volunteer;

pub use base::{
    actions::{Actions, Failed, LocalFuture, Services, Undo},
    identity::{Me, Membership},
    method::method,
    phone::Phone,
    records::Row,
    status::Memory,
};
pub use first::App;
pub use seam::{fetch_early, rooms_of};
