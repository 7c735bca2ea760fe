//! What every screen uses: the phone's state, records, drafts, words and widgets. It uses no room and no form.

pub mod actions;
pub mod address;
pub mod choices;
pub mod clock;
pub mod draft;
pub mod drafts;
pub mod fetched_texts;
pub mod half_written;
pub mod icons;
pub mod identity;
pub mod keep;
pub mod method;
pub mod only_for;
pub mod part;
pub mod phone;
pub mod place;
pub mod records;
pub mod save_file;
pub mod share;
pub mod status;
pub mod turn;
pub mod unfinished;
pub mod widgets;
pub mod words;
