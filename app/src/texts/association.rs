//! The association's words.

// Of the frame or of another room too, and so in every phone's file.
pub use super::common::{month_tab, try_again, year_tab};

super::texts!("association");
