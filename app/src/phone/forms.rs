//! What every form is made of: a draft that is kept, fields, what has to be mended, saving once. Knows no room.

pub mod calendar;
pub mod counter;
pub mod details;
pub mod editing;
pub mod gathering_form;
pub mod people;
