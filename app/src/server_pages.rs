//! Pages that the server renders completely. They work without JavaScript, are never hydrated, and so carry no inline
//! script.

mod admin;
mod bar_chart;
mod document;
mod front;
mod message;
mod municipality;
mod open_id;
mod published;
mod shell;
mod statements;

pub use admin::{AdminPage, AdminPageProps, Invited, Looked, LookedState, Offered};
pub use document::{Files, page_language};
pub use front::{FrontPage, FrontPageProps};
pub use message::{MessagePage, MessagePageProps};
pub use municipality::{MunicipalityPage, MunicipalityPageProps};
pub use open_id::{OpenIdPage, OpenIdPageProps, OtherPlace};
pub use shell::shell_html;
pub use statements::{AccessibilityPage, AccessibilityPageProps, Operator, PrivacyPage, PrivacyPageProps};
