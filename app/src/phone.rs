//! The phone app inside the shell: the volunteer's screens, and the association's month and year. Every screen draws
//! from local records only.

mod address;
mod ahead;
mod app;
mod calendar;
mod contact;
mod context;
mod counter;
mod details;
mod draft;
mod editing;
mod gathering_form;
mod gathering_list;
mod groups;
mod home;
mod home_more;
mod icons;
mod install;
mod memory;
mod method;
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
pub use method::method;
pub use screens::fetch_early;
