//! WHAT associations talk about: gatherings, series, reviews, reports and the protection of small counts.
//!
//! Pure: no clock, no randomness, no network, no storage, no screens. It must never know how devices and the server
//! agree (`sync`), where records are kept (`store`, `server`) or how they look (`app`). Each rule is written here once
//! and runs on the phone and on the server.

pub mod alternative;
pub mod area;
pub mod association;
pub mod board;
pub mod bounds;
pub mod codes;
pub mod content;
pub mod date;
pub mod deadline;
pub mod gathering;
pub mod history;
pub mod id;
pub mod import;
pub mod invitation_code;
pub mod joining;
pub mod kind;
pub mod lang;
pub mod municipality_report;
pub mod numbers;
pub mod open;
pub mod own_page;
pub mod pair;
pub mod paste;
pub mod period;
pub mod permission;
pub mod personal;
pub mod protection;
pub mod public_page;
pub mod record;
pub mod release;
pub mod reminder;
pub mod report;
pub mod review;
pub mod series;
pub mod text;
pub mod turn;
pub mod yearly_people;

pub use alternative::Alternative;
pub use area::Area;
pub use content::{Content, FieldError, Problem};
pub use date::{Date, Month, Quarter};
pub use gathering::Gathering;
pub use id::{AssociationId, ChangeId, DeviceId, RecordId, UserId};
pub use kind::Kind;
pub use lang::Lang;
pub use permission::Role;
pub use series::Series;
