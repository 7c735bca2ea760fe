//! What every form is made of: a draft, fields, errors to mend, and a Save that saves once. It uses no room.

pub mod calendar;
pub mod closed;
pub mod counter;
pub mod details;
pub mod editing;
pub mod gathering_form;
pub mod line;
pub mod people;
