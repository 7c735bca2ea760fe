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

use std::time::Duration;

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

/// What comes sooner needs no words.
const LONG: Duration = Duration::from_secs(1);

/// Figures that are still growing say so: the first time, ten years of gatherings come in many parts.
#[component]
fn Receiving() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let receives = Memo::new(move |_| phone.records.phase.with(|phase| matches!(phase, Phase::Pulling { .. })));
    let is_long = RwSignal::new(false);
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
        timer.flatten().inspect(TimeoutHandle::clear);
        is_long.set(false);
        let long = move || {
            let _ = is_long.try_set(true);
        };
        receives.get().then(|| set_timeout_with_handle(long, LONG).ok()).flatten()
    });
    let words = move || is_long.get().then(|| t::receiving(lang));
    move || {
        receives.get().then(|| view! { <p id="receiving" class="undo undo-said" role="status" hidden=move || !is_long.get()>{words}</p> })
    }
}
