//! The room of whoever has an invitation, signed in or not: a link's or a typed one. It is a late room, that whoever joined never fetches again.
//!
//! Looking uses nothing up. Nobody needs it to record: whoever is signed in on this phone goes on, whatever becomes of the invitation.

mod code;
mod kept;
mod page;

pub use kept::ADDRESS;
use leptos::prelude::*;
use page::JoinPage;

/// The screen of an address of this room.
pub fn screen(path: &[&str]) -> Option<AnyView> {
    (path == ["kutsu"]).then(|| view! { <JoinPage /> }.into_any())
}
