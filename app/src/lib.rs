//! The screens, as Leptos components.
//!
//! Two halves share texts, formats and style, and are never compiled together: `server_pages` (feature `ssr`: the front
//! page, the municipality's page, the static shell) and `phone` (feature `csr`: the volunteer's and the association's
//! app inside the shell). Neither knows SQL, IndexedDB or axum; the phone reaches its device through the traits
//! `phone::Actions` and `phone::Services`, which `client` implements.

pub mod acts;
mod contact;
pub mod format;
mod public_page;
pub mod texts;

#[cfg(feature = "csr")]
pub mod phone;
#[cfg(feature = "ssr")]
pub mod server_pages;
