//! What programs read of one association, with a token that a reviewer made ([`crate::identity::read_token`]): its gatherings row by row, its
//! groups, its figures. Only `GET`; nothing here sets a cookie. A signed-in reviewer may read the same.

mod answer;
pub mod cells;
pub mod gatherings;
pub mod groups;
pub mod page;
pub mod report;
