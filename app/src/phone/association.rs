//! The association's room: its month, its year and its people, for its reviewers. It is in a part of its own, which a volunteer's
//! phone never fetches.

mod board;
mod devices;
mod gathering;
mod history;
mod people;
mod unsettled;
mod values;
mod year;

use board::BoardPage;
use leptos::prelude::*;
use people::PeoplePage;
use year::YearPage;

/// The screen of an address of this room.
pub fn screen(path: &[&str]) -> Option<AnyView> {
    Some(match path {
        ["yhdistys"] => view! { <BoardPage /> }.into_any(),
        ["yhdistys", "ihmiset"] => view! { <PeoplePage /> }.into_any(),
        ["vuosi"] => view! { <YearPage /> }.into_any(),
        _ => return None,
    })
}
