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
mod home_more;
mod icons;
mod install;
mod memory;
mod missing;
mod month;
mod my_year;
mod outgoing;
mod paper;
mod people;
mod phones;
mod record;
mod reviewers;
mod screen;
mod screens;
mod settings;
mod share;
mod show;
mod status;
mod undo;
mod year;

pub use app::App;
pub use context::{Actions, Failed, LocalFuture, Me, Membership, Memory, Phone, PhoneOf, Services, Undo};
pub use screens::fetch_early;
