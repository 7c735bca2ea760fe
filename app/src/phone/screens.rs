//! The screens beside Home, in a WebAssembly file of their own: Home is there sooner, and the rest comes while it is read
//! (docs/adr/0012). The service worker keeps both files, so that a step to another screen never needs a network.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::{
    address::{Link, below, current_path},
    contact::WhomToAsk,
    context::{Memory, phone},
    gathering_list::GatheringsPage,
    groups::{GroupPage, GroupsPage},
    home_more::BelowGroups,
    memory,
    month::MonthPage,
    my_year::MyYearPage,
    outgoing::OutgoingPage,
    paper::{FromPaperPage, PaperPage},
    record::RecordPage,
    screen::Screen,
    settings::SettingsPage,
    show::{Coming, Soon, focus},
    status,
    undo::UndoBar,
    year::YearPage,
};
use crate::texts::{common, volunteer as t};

/// Draws each of the other screens, once their file is here.
#[derive(Clone, Copy)]
pub struct Screens {
    /// The screen of an address below `/app`.
    pub at: fn(&str) -> AnyView,
    /// What Home has below the groups.
    pub below_groups: fn() -> AnyView,
    pub not_signed_in: fn() -> AnyView,
    /// What every screen has at its foot.
    pub foot: fn() -> AnyView,
    pub memory: fn(Memory) -> AnyView,
}

/// Everything that this function reaches, and nothing else does, is in the second file.
#[wasm_split(screens, fallible)]
fn load() -> Result<Screens, SplitLoaderError> {
    Ok(Screens {
        at: |path| {
            keep_focus();
            draw(Screen::at(path))
        },
        below_groups: || view! { <Soon><BelowGroups /></Soon> }.into_any(),
        not_signed_in: || view! { <NotSignedIn /> }.into_any(),
        foot: || {
            status::say_what_arrives();
            view! { <WhomToAsk /><UndoBar /> }.into_any()
        },
        memory: |memory| view! { <memory::Notice memory /> }.into_any(),
    })
}

/// Whoever came here before the file has the focus on the heading of what stood in the screen's place.
fn keep_focus() {
    if document().active_element().is_some_and(|active| active.has_attribute("tabindex")) {
        focus("main h1");
    }
}

fn draw(screen: Screen) -> AnyView {
    match screen {
        Screen::Gatherings => view! { <GatheringsPage /> }.into_any(),
        Screen::Outgoing => view! { <OutgoingPage /> }.into_any(),
        Screen::Settings => view! { <SettingsPage /> }.into_any(),
        Screen::Month => view! { <MonthPage /> }.into_any(),
        Screen::Year => view! { <YearPage /> }.into_any(),
        Screen::MyYear => view! { <MyYearPage /> }.into_any(),
        Screen::Groups => view! { <GroupsPage /> }.into_any(),
        Screen::Group(id) => view! { <GroupPage id /> }.into_any(),
        Screen::Paper(id) => view! { <PaperPage id /> }.into_any(),
        Screen::FromPaper(id) => view! { <FromPaperPage id /> }.into_any(),
        Screen::Record { what, id, day } => view! { <RecordPage what id day /> }.into_any(),
        Screen::NotFound => view! { <NotFound /> }.into_any(),
    }
}

#[component]
fn NotFound() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    view! {
        <h1 tabindex="-1">{common::not_found(lang)}</h1>
        <p><Link href="/app" class="button">{t::home(lang)}</Link></p>
    }
}

#[component]
fn NotSignedIn() -> impl IntoView {
    let lang = phone().lang.get_untracked();
    view! {
        <h1 tabindex="-1">{t::not_signed_in(lang)}</h1>
        <p class="lead">{t::not_signed_in_help(lang)}</p>
        <p>{t::may_wait_here(lang)}</p>
        <p><a class="button big" href="/" rel="external">{t::sign_in(lang)}</a></p>
    }
}

/// Fetches the second file for an address that needs it, while the database is being opened.
pub async fn fetch_early() {
    if below(&current_path()).is_some_and(|screen| !screen.is_empty()) {
        // What is missing is said, and fetched again, by the screen.
        let _ = load().await;
    }
}

/// Home is drawn and answers to a tap; the network is free.
const AFTER_HOME: Duration = Duration::from_millis(300);

#[derive(Clone, Copy)]
enum State {
    NotYet,
    Coming,
    Here(Screens),
    /// The file could not be had: without a network before the service worker has kept it.
    Missing,
}

/// The second file, for all screens. Copied freely, like the phone.
#[derive(Clone, Copy)]
pub struct SecondFile(RwSignal<State, LocalStorage>);

impl SecondFile {
    pub fn provide() {
        provide_context(SecondFile(RwSignal::new_local(State::NotYet)));
    }

    /// For Home, once it is drawn with its groups. Every other screen asks for the file at once.
    pub fn fetch_later() {
        let file = expect_context::<SecondFile>();
        let fetch = move || {
            // What could not be had is fetched again by its screen's button, and does not vanish under the finger.
            if matches!(file.0.get_untracked(), State::NotYet) {
                file.fetch();
            }
        };
        set_timeout(fetch, AFTER_HOME);
    }

    fn fetch(self) {
        if matches!(self.0.get_untracked(), State::Coming | State::Here(_)) {
            return;
        }
        self.0.set(State::Coming);
        spawn_local(async move {
            let state = load().await.map_or(State::Missing, State::Here);
            // A task of its own: what is drawn by it now has just been compiled.
            set_timeout(move || self.0.set(state), Duration::ZERO);
        });
    }
}

/// A screen of the second file.
#[component]
pub fn Second(draw: Box<dyn Fn(Screens) -> AnyView + Send + Sync>) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let file = expect_context::<SecondFile>();
    file.fetch();
    // The button goes: the focus waits on the heading of what comes.
    let again = move |_| {
        file.fetch();
        focus("main h1");
    };
    move || match file.0.get() {
        State::Here(screens) => draw(screens),
        State::NotYet | State::Coming => view! { <Coming /> }.into_any(),
        State::Missing => view! {
            <h1 tabindex="-1" class="visually-hidden">{common::product(lang)}</h1>
            <div class="notice ask" role="alert">
                <p>{common::part_is_missing(lang)}</p>
                <p><button class="button" on:click=again>{common::fetch_again(lang)}</button></p>
            </div>
        }
        .into_any(),
    }
}

/// A part of the first screen that nobody misses before the second file is here.
#[component]
pub fn Later(draw: fn(Screens) -> AnyView) -> impl IntoView {
    let file = expect_context::<SecondFile>();
    move || match file.0.get() {
        State::Here(screens) => Some(draw(screens)),
        _ => None,
    }
}

/// What the phone's memory has to say. Whoever found it out had the second file: it can be had. What is calm waits until it comes.
#[component]
pub fn MemoryNotice(memory: Memory) -> impl IntoView {
    let file = expect_context::<SecondFile>();
    if !memory.is_calm() {
        file.fetch();
    }
    move || match file.0.get() {
        State::Here(screens) => Some((screens.memory)(memory)),
        _ => None,
    }
}
