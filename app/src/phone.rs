//! The app inside the shell: the volunteer's phone, and the association's month and year. It runs from local records only.

mod address;
mod app;
mod calendar;
mod context;
mod counter;
mod details;
mod draft;
mod gathering_form;
mod gathering_list;
mod groups;
mod home;
mod icons;
mod memory;
mod missing;
mod month;
mod outgoing;
mod phones;
mod record;
mod reviewers;
mod screens;
mod settings;
mod show;
mod status;
mod undo;
mod year;

pub use app::App;
pub use context::{Actions, Failed, LocalFuture, Me, Membership, Memory, Phone, PhoneOf, Services, Undo};
pub use screens::fetch_early;
