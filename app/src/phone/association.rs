//! The association's room: its month, its year and its people, for its reviewers. It is in a part of its own, which a volunteer's
//! phone never fetches.

mod allowed;
mod board;
mod deadlines;
mod devices;
mod gathering;
mod history;
mod import;
mod missing;
mod own;
mod people;
mod periods;
mod reminding;
mod unsettled;
mod values;
mod year;

use board::BoardPage;
use import::ImportPage;
use leptos::prelude::*;
use missing::MissingPage;
use people::PeoplePage;
use periods::PeriodsPage;
use year::YearPage;

/// The screen of an address of this room.
pub fn screen(path: &[&str]) -> Option<AnyView> {
    Some(match path {
        ["yhdistys"] => view! { <BoardPage /> }.into_any(),
        ["yhdistys", "kirjaamatta"] => view! { <MissingPage /> }.into_any(),
        ["yhdistys", "jaksot"] => view! { <PeriodsPage /> }.into_any(),
        ["yhdistys", "ihmiset"] => view! { <PeoplePage /> }.into_any(),
        ["yhdistys", "tuonti"] => view! { <ImportPage /> }.into_any(),
        ["vuosi"] => view! { <YearPage /> }.into_any(),
        _ => return None,
    })
}
