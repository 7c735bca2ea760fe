//! Which room is in which WebAssembly file. The only file that names rooms (docs/adr/0012, docs/adr/0018).
//!
//! The first file has Home. What the functions marked `wasm_split` reach, and the first file does not, is in files of their own: the
//! main part with the volunteer's and the device's rooms, and one part for each line of `late_rooms`. The service worker keeps the
//! main part for everybody, and a late room for whoever has its role. A late room's texts are a file for each language, which comes and
//! stays with the room (docs/adr/0025).

use domain::{Lang, Role};
use leptos::prelude::*;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::{
    association,
    base::{
        actions::LocalFuture,
        address::{Link, address, below, current_path},
        fetched_texts::fetch_texts,
        identity::Me,
        only_for::OnlyFor,
        part::{Draw, LateParts, LazyScreen, Load, Part, Wanted},
        phone::phone,
        place,
        widgets::{NextFrame, focus},
    },
    device, join, volunteer,
};
use crate::texts::{self, common, joining, volunteer as t};

/// For each late room its name, which is its part's and its file's, the role that enters it (none: anybody, signed in or not), and the
/// first words of its addresses below `/app`.
macro_rules! late_rooms {
    ($($room:ident for $role:expr => $($word:literal)|+;)+) => {
        /// The late rooms that the user enters by a role in any association: the service worker keeps their files. What anybody enters
        /// needs the network anyway.
        pub fn rooms_of(me: &Me) -> Vec<&'static str> {
            let has = |role: Role| me.memberships.iter().any(|membership| membership.role == role);
            let rooms: [(Option<Role>, _); _] = [$(($role, stringify!($room))),+];
            rooms.into_iter().filter(|(role, _)| role.is_some_and(has)).map(|(_, room)| room).collect()
        }

        /// The late room of an address, and who enters it.
        fn late_room(path: &[&str]) -> Option<(Option<Role>, &'static str, Load)> {
            match path {
                $([$($word)|+, ..] => {
                    #[wasm_split($room, fallible)]
                    fn $room() -> Result<Draw, SplitLoaderError> {
                        Ok(|wanted| match wanted {
                            Wanted::Screen(path) => {
                                keep_focus();
                                screen_or(path, $room::screen, not_found)
                            }
                            _ => ().into_any(),
                        })
                    }
                    fn load(lang: Lang) -> LocalFuture<Option<Draw>> {
                        with_texts(stringify!($room), lang, Box::pin(async { $room().await.ok() }))
                    }
                    Some(($role, stringify!($room), load))
                })+
                _ => None,
            }
        }
    };
}

late_rooms! {
    association for Some(Role::Reviewer) => "yhdistys" | "vuosi";
    join for None => "kutsu";
}

/// Everything that this function reaches, and nothing else does, is in the main part.
#[wasm_split(screens, fallible)]
fn main_part() -> Result<Draw, SplitLoaderError> {
    Ok(|wanted| match wanted {
        Wanted::Screen(path) => {
            keep_focus();
            screen_or(path, in_main_part, in_late_room)
        }
        Wanted::BelowGroups => {
            view! { <NextFrame>{volunteer::below_groups(device::install_on_home)}</NextFrame> }.into_any()
        }
        Wanted::NotSignedIn => not_signed_in(),
        Wanted::Foot => {
            place::say_what_arrives();
            (device::whom_to_ask(), volunteer::undo_bar()).into_any()
        }
        Wanted::Memory(memory) => device::memory_notice(memory),
    })
}

fn in_main_part(path: &[&str]) -> Option<AnyView> {
    if path.is_empty() {
        return Some(view! { <NoAssociation /> }.into_any());
    }
    volunteer::screen(path).or_else(|| device::screen(path))
}

/// Whoever is not signed in may have an invitation, and nothing else is for them.
fn not_signed_in() -> AnyView {
    let address = address();
    let has_invitation = Memo::new(move |_| address.path() == join::ADDRESS);
    (move || match has_invitation.get() {
        true => in_late_room("/kutsu", &["kutsu"]),
        false => view! { <NotSignedIn /> }.into_any(),
    })
    .into_any()
}

/// Starts the main part for this component tree.
pub fn provide_main_part() {
    // Its texts are those of every phone, in whichever language.
    provide_context(Part::new(|_| Box::pin(async { main_part().await.ok() }), Lang::default()));
    LateParts::provide();
}

/// Fetches the main part for an address that needs it, while the database is being opened.
pub async fn fetch_early() {
    if below(&current_path()).is_some_and(|screen| !screen.is_empty()) {
        // What is missing is said, and fetched again, by the screen.
        let _ = main_part().await;
    }
}

/// The screen that one of this file's rooms has for an address, or else what is drawn of other addresses.
fn screen_or(path: &str, own: fn(&[&str]) -> Option<AnyView>, other: fn(&str, &[&str]) -> AnyView) -> AnyView {
    let words: Vec<&str> = path.split('/').skip(1).collect();
    own(&words).unwrap_or_else(|| other(path, &words))
}

fn in_late_room(path: &str, words: &[&str]) -> AnyView {
    let Some((role, room, load)) = late_room(words) else { return not_found(path, words) };
    let path = path.to_owned();
    let lang = phone().lang.get_untracked();
    // Whoever may not enter does not fetch it either.
    let screen = move || {
        let path = path.clone();
        view! { <LazyScreen part=LateParts::get(room, load, lang) draw=Box::new(move |draw| draw(Wanted::Screen(&path))) /> }
    };
    match role {
        Some(role) => view! { <OnlyFor role>{screen()}</OnlyFor> }.into_any(),
        None => screen().into_any(),
    }
}

/// A late room's code, once its texts in a language are here too; they are asked for at once. One function for all rooms: each future
/// is code of its own.
fn with_texts(room: &'static str, lang: Lang, code: LocalFuture<Option<Draw>>) -> LocalFuture<Option<Draw>> {
    let file = (!texts::has_room(room, lang)).then(|| fetch_texts(lang, room));
    Box::pin(async move {
        let draw = code.await;
        let speaks = match file {
            Some(file) => file.await.is_some_and(|file| texts::speak_in_room(room, lang, file)),
            None => true,
        };
        draw.filter(|_| speaks)
    })
}

/// Whoever came here before the file has the focus on the heading of what stood in the screen's place.
fn keep_focus() {
    if document().active_element().is_some_and(|active| active.has_attribute("tabindex")) {
        focus("main h1");
    }
}

fn not_found(_: &str, _: &[&str]) -> AnyView {
    view! { <NotFound /> }.into_any()
}

#[component]
fn NotFound() -> impl IntoView {
    let lang = phone().lang.get_untracked();
    view! {
        <h1 tabindex="-1">{common::not_found(lang)}</h1>
        <p><Link href="/app" class="button">{t::home(lang)}</Link></p>
    }
}

#[component]
fn NotSignedIn() -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let address = address();
    // They come back to the screen that they wanted.
    let sign_in = move || format!("/kirjaudu?to={}", address.path());
    view! {
        <h1 tabindex="-1">{t::not_signed_in(lang)}</h1>
        <p class="lead">{t::not_signed_in_help(lang)}</p>
        <p>{t::may_wait_here(lang)}</p>
        <p class="row">
            <Link href=join::ADDRESS class="button big">{joining::title(lang)}</Link>
            <a class="button big quiet" href=sign_in rel="external">{t::sign_in(lang)}</a>
        </p>
    }
}

/// Home of whoever has been removed from their only association, or has none yet.
#[component]
fn NoAssociation() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let waits = move || phone.records.outbox.with(|outbox| outbox.waiting() > 0);
    view! {
        <h1 tabindex="-1">{joining::no_association(lang)}</h1>
        <p class="lead">{joining::no_association_help(lang)}</p>
        <p class="row">
            <Link href=join::ADDRESS class="button big">{joining::title(lang)}</Link>
            {move || waits().then(|| view! { <Link href="/app/lahtevat" class="button big quiet">{t::outgoing(lang)}</Link> })}
        </p>
    }
}
