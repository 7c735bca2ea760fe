//! The screens, as Leptos components.
//!
//! Two worlds share texts, formats and style: `server_pages` (feature `ssr`: the front page, the municipality's page, the static
//! shell) and `phone` (feature `csr`: the volunteer's and the association's app inside the shell). Neither knows SQL,
//! IndexedDB or axum; the phone gets its device through [`phone::Device`].

pub mod format;
pub mod texts;

#[cfg(feature = "csr")]
pub mod phone;
#[cfg(feature = "ssr")]
pub mod server_pages;
