//! A part: a WebAssembly file that is fetched after the first one. What screens can ask of it, and the placeholder
//! until it has loaded.
//!
//! No room is named here: `seam.rs` says what is in which file.

use std::time::Duration;

use domain::Lang;
use leptos::{prelude::*, task::spawn_local};

use super::{
    actions::LocalFuture,
    phone::phone,
    status::Memory,
    widgets::{Skeleton, focus},
};
use crate::texts::common;

/// What is asked of a part.
pub enum Wanted<'a> {
    /// The screen of an address below `/app`.
    Screen(&'a str),
    /// What Home has below the groups.
    BelowGroups,
    /// What stands on every screen while nobody is signed in.
    NotSignedIn,
    /// What every screen has at its foot.
    Foot,
    /// What the phone's memory has to say.
    Memory(Memory),
}

/// Draws what is asked of a part, once its file is here.
pub type Draw = fn(Wanted) -> AnyView;

/// Fetches a part's file, and where it has texts of its own, these in a language; none where something could not be had.
pub type Load = fn(Lang) -> LocalFuture<Option<Draw>>;

#[derive(Clone, Copy)]
enum State {
    NotYet,
    Coming,
    Here(Draw),
    /// The file could not be had: without a network before the service worker has kept it.
    Missing,
}

/// A part and how far it has come. Copied freely, like the phone.
#[derive(Clone, Copy)]
pub struct Part {
    state: RwSignal<State, LocalStorage>,
    load: Load,
    lang: Lang,
}

/// Home is drawn and answers to a tap; the network is free.
const AFTER_HOME: Duration = Duration::from_millis(300);

impl Part {
    pub fn new(load: Load, lang: Lang) -> Part {
        Part { state: RwSignal::new_local(State::NotYet), load, lang }
    }

    /// For Home, once it is drawn with its groups. Every other screen asks for the file at once.
    pub fn fetch_later(self) {
        let fetch = move || {
            // What could not be had is fetched again by its screen's button, and does not vanish under the finger.
            if matches!(self.state.get_untracked(), State::NotYet) {
                self.fetch();
            }
        };
        set_timeout(fetch, AFTER_HOME);
    }

    fn fetch(self) {
        if matches!(self.state.get_untracked(), State::Coming | State::Here(_)) {
            return;
        }
        self.state.set(State::Coming);
        let loading = (self.load)(self.lang);
        spawn_local(async move {
            let state = loading.await.map_or(State::Missing, State::Here);
            // A task of its own: what is drawn by it now has just been compiled. Its screen may have been left by then.
            let arrived = move || {
                let _ = self.state.try_set(state);
            };
            set_timeout(arrived, Duration::ZERO);
        });
    }

    fn get(self) -> Option<Draw> {
        match self.state.get() {
            State::Here(draw) => Some(draw),
            _ => None,
        }
    }
}

/// The part that has every screen beside Home; of this component tree.
pub fn main_part() -> Part {
    expect_context::<Part>()
}

/// The parts of the late rooms that have been entered, each in the languages that it was entered in. They stay as long as the page:
/// whoever comes again sees no skeleton.
#[derive(Clone, Copy)]
pub struct LateParts {
    /// That of the page: a signal goes with the owner under which it was made.
    owner: StoredValue<Option<Owner>>,
    parts: StoredValue<Vec<(&'static str, Part)>, LocalStorage>,
}

impl LateParts {
    pub fn provide() {
        provide_context(LateParts {
            owner: StoredValue::new(Owner::current()),
            parts: StoredValue::new_local(Vec::new()),
        });
    }

    /// The part of a room by its name.
    pub fn get(room: &'static str, load: Load, lang: Lang) -> Part {
        let LateParts { owner, parts } = expect_context::<LateParts>();
        let is_it = |(name, part): &&(&str, Part)| *name == room && part.lang == lang;
        let known = parts.with_value(|parts| parts.iter().find(is_it).map(|(_, part)| *part));
        known.unwrap_or_else(|| {
            let make = || Part::new(load, lang);
            let part = owner.get_value().map_or_else(make, |owner| owner.with(make));
            parts.update_value(|parts| parts.push((room, part)));
            part
        })
    }
}

/// Draws from a part; until its file is here, a skeleton, and where it cannot be had, a way to fetch it again.
#[component]
pub fn LazyScreen(part: Part, draw: Box<dyn Fn(Draw) -> AnyView + Send + Sync>) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    part.fetch();
    // The button goes: the focus waits on the heading of what comes.
    let again = move |_| {
        part.fetch();
        focus("main h1");
    };
    move || match part.state.get() {
        State::Here(here) => draw(here),
        State::NotYet | State::Coming => view! { <Skeleton /> }.into_any(),
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

/// A piece of the first screen that nobody misses before the main part is here.
#[component]
pub fn Lazy(wanted: fn() -> Wanted<'static>) -> impl IntoView {
    let part = main_part();
    move || part.get().map(|draw| draw(wanted()))
}

/// What the phone's memory has to say. Whoever found it out had the main part: it can be had. What is calm waits until it comes.
#[component]
pub fn MemoryNotice(memory: Memory) -> impl IntoView {
    let part = main_part();
    if !memory.is_calm() {
        part.fetch();
    }
    move || part.get().map(|draw| draw(Wanted::Memory(memory)))
}
