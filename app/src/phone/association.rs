//! The association's room: its month, its year and its people, for its reviewers. It is in a part of its own, which a volunteer's
//! phone never fetches.

mod allowed;
mod asked;
mod board;
mod deadlines;
mod devices;
mod gathering;
mod history;
mod import;
mod log;
mod missing;
mod own;
mod own_page;
mod people;
mod periods;
mod press;
mod reminding;
mod table;
mod tokens;
mod unsettled;
mod values;
mod wide;
mod year;

use board::BoardPage;
use import::ImportPage;
use leptos::prelude::*;
use log::LogPage;
use missing::MissingPage;
use own_page::OwnPagePage;
use people::PeoplePage;
use periods::PeriodsPage;
use table::{TableGroups, TablePage};
use tokens::TokensPage;
use year::YearPage;

/// The screen of an address of this room.
pub fn screen(path: &[&str]) -> Option<AnyView> {
    Some(match path {
        ["yhdistys"] => view! { <BoardPage /> }.into_any(),
        ["yhdistys", "kirjaamatta"] => view! { <MissingPage /> }.into_any(),
        ["yhdistys", "jaksot"] => view! { <PeriodsPage /> }.into_any(),
        ["yhdistys", "ihmiset"] => view! { <PeoplePage /> }.into_any(),
        ["yhdistys", "loki"] => view! { <LogPage /> }.into_any(),
        ["yhdistys", "sivu"] => view! { <OwnPagePage /> }.into_any(),
        ["yhdistys", "tuonti"] => view! { <ImportPage /> }.into_any(),
        ["yhdistys", "taulukko"] => view! { <TableGroups /> }.into_any(),
        ["yhdistys", "taulukko", id] => view! { <TablePage id=(*id).to_owned() /> }.into_any(),
        ["yhdistys", "rajapinta"] => view! { <TokensPage /> }.into_any(),
        ["vuosi"] => view! { <YearPage /> }.into_any(),
        _ => return None,
    })
}
