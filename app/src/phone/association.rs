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
mod slices;
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
use sync::engine::Phase;
use table::{TableGroups, TablePage};
use tokens::TokensPage;
use year::YearPage;

use crate::{phone::base::phone::phone, texts::association as t};

/// The screen of an address of this room.
pub fn screen(path: &[&str]) -> Option<AnyView> {
    let screen = match path {
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
    };
    Some(view! { {screen}<Receiving /> }.into_any())
}

/// Figures that are still growing say so: the first time, ten years of gatherings come in many parts. What comes at once is said by nobody:
/// the words appear after a second (`.receiving`).
#[component]
fn Receiving() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let receives = Memo::new(move |_| phone.records.phase.with(|phase| matches!(phase, Phase::Pulling { .. })));
    move || receives.get().then(|| view! { <p class="receiving" role="status">{t::receiving(lang)}</p> })
}
