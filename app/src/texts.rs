//! Every text of the product, as a function of the language: `volunteer::home(lang)`, `volunteer::last_time(lang, 12)`.
//!
//! The texts are in `app/texts`, one file for each language, and `app/build.rs` makes the functions. A server has all
//! languages compiled in. The WebAssembly has no texts: a phone fetches the file of its language beside it, another
//! one when the language is changed (docs/adr/0017), and with a late room the file of that room's texts (docs/adr/0025).
//!
//! A late room's texts are part of the room: whoever takes them elsewhere is told by `cargo xtask check`.

use std::fmt::{Display, Write as _};

/// The functions of a group of texts.
macro_rules! texts {
    ($group:literal) => {
        mod words {
            include!(concat!(env!("OUT_DIR"), "/texts/", $group, ".rs"));
        }
        pub use words::*;
    };
}
pub(crate) use texts;

#[cfg(not(target_arch = "wasm32"))]
pub mod accessibility;
#[cfg(not(target_arch = "wasm32"))]
pub mod admin;
pub mod asked;
pub mod association;
pub mod board;
#[cfg(not(target_arch = "wasm32"))]
pub mod bringing;
#[cfg(not(target_arch = "wasm32"))]
pub mod busy;
pub mod common;
#[cfg(not(target_arch = "wasm32"))]
pub mod coordinator;
pub mod details;
pub mod formats;
#[cfg(not(target_arch = "wasm32"))]
pub mod front;
pub mod gaps;
pub mod groups;
pub mod importing;
pub mod install;
#[cfg(not(target_arch = "wasm32"))]
pub mod invites;
pub mod join;
pub mod joining;
pub mod log;
#[cfg(not(target_arch = "wasm32"))]
pub mod mail;
pub mod members;
pub mod my_year;
#[cfg(not(target_arch = "wasm32"))]
pub mod open_id;
#[cfg(not(target_arch = "wasm32"))]
pub mod own;
#[cfg(not(target_arch = "wasm32"))]
pub mod own_data;
pub mod own_page;
#[cfg(not(target_arch = "wasm32"))]
pub mod pages;
pub mod paper;
pub mod periods;
#[cfg(not(target_arch = "wasm32"))]
pub mod privacy;
pub mod problems;
#[cfg(not(target_arch = "wasm32"))]
pub mod reminders;
#[cfg(not(target_arch = "wasm32"))]
pub mod sign_in;
pub mod table;
pub mod tokens;
pub mod volunteer;

#[cfg(not(target_arch = "wasm32"))]
use compiled::text;
#[cfg(not(target_arch = "wasm32"))]
pub use compiled::{has_room, speak_in_room};
#[cfg(target_arch = "wasm32")]
pub use fetched::{has_room, speak, speak_in_room};
#[cfg(target_arch = "wasm32")]
use fetched::{text, text_of_room};

/// All languages, as on a server.
#[cfg(not(target_arch = "wasm32"))]
mod compiled {
    include!(concat!(env!("OUT_DIR"), "/texts/tables.rs"));

    pub fn text(lang: domain::Lang, index: usize) -> &'static str {
        TABLES[lang as usize][index]
    }

    /// All texts of all rooms are here; see `fetched`.
    pub fn has_room(_room: &str, _lang: domain::Lang) -> bool {
        true
    }

    pub fn speak_in_room(_room: &str, _lang: domain::Lang, _file: String) -> bool {
        true
    }
}

/// One language at a time, from a file; of the late rooms each language that they were drawn in.
#[cfg(target_arch = "wasm32")]
mod fetched {
    use std::{cell::Cell, ops::Range};

    include!(concat!(env!("OUT_DIR"), "/texts/tables.rs"));

    /// Texts by their index, or by what is above `COUNT` of it. What has not come is empty, and nothing draws it.
    type Texts = &'static [&'static str];

    thread_local! {
        static TEXTS: Cell<Texts> = const { Cell::new(&[]) };
        static OF_ROOMS: Cell<[Texts; LANGUAGES]> = const { Cell::new([&[]; LANGUAGES]) };
    }

    /// Takes the texts of a language in use, in place of the language before; false when they are those of another build, which would
    /// put the right words in the wrong places. They are never freed: a language is changed about once in a phone's life.
    pub fn speak(file: String) -> bool {
        let texts = lines(file, "", COUNT);
        texts.map(|texts| TEXTS.set(texts)).is_some()
    }

    /// The texts in a file of the room with that name, or of all phones where it has none, if it is a file of this build.
    fn lines(file: String, room: &str, count: usize) -> Option<Texts> {
        let file: &'static str = file.leak();
        let mut lines = file.split('\n');
        let is_of_this_build = lines.next().and_then(|first| first.strip_prefix(DIGEST)) == Some(room);
        let texts = lines.collect::<Vec<_>>();
        (is_of_this_build && texts.len() == count).then(|| &*texts.leak())
    }

    fn range(room: &str) -> Option<Range<usize>> {
        let (_, range) = ROOMS.iter().find(|(name, _)| *name == room)?;
        Some(range.start - COUNT..range.end - COUNT)
    }

    /// Whether a late room can be drawn in a language: its texts are here, or it has none.
    pub fn has_room(room: &str, lang: domain::Lang) -> bool {
        let texts = OF_ROOMS.get()[lang as usize];
        range(room).is_none_or(|range| texts.get(range.start).is_some_and(|first| !first.is_empty()))
    }

    /// Takes the texts of a late room in use, beside those of the rooms and the languages before; false when they are of another room
    /// or build.
    pub fn speak_in_room(room: &str, lang: domain::Lang, file: String) -> bool {
        let Some(range) = range(room) else { return false };
        let Some(texts) = lines(file, room, range.len()) else { return false };
        let mut of_rooms = OF_ROOMS.get();
        let mut all = of_rooms[lang as usize].to_vec();
        all.resize(all.len().max(range.end), "");
        all[range].copy_from_slice(texts);
        of_rooms[lang as usize] = all.leak();
        OF_ROOMS.set(of_rooms);
        true
    }

    /// The screens are in the language of the file, so nothing is chosen by `lang` here.
    pub fn text(_lang: domain::Lang, index: usize) -> &'static str {
        TEXTS.get().get(index).copied().unwrap_or_default()
    }

    /// Here `lang` chooses: whoever goes back to a language finds the room in it.
    pub fn text_of_room(lang: domain::Lang, index: usize) -> &'static str {
        OF_ROOMS.get()[lang as usize].get(index - COUNT).copied().unwrap_or_default()
    }
}

/// Puts the arguments into a text: `{1}` is the second one. One function for all, so that a text with arguments is hardly more code
/// than one without.
fn fill(template: &str, arguments: &[&dyn Display]) -> String {
    let mut out = String::new();
    // The build has checked the braces: each second piece is a number.
    for (index, piece) in template.split(['{', '}']).enumerate() {
        match piece.parse::<usize>() {
            Ok(number) if index % 2 == 1 => {
                if let Some(argument) = arguments.get(number) {
                    let _ = write!(out, "{argument}");
                }
            }
            _ => out.push_str(piece),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs, path::Path};

    use domain::Lang;
    use languages::{Catalogue, Language, Place, State};

    use super::*;

    const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../domain/data/languages.csv");
    const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/texts");

    fn catalogue() -> Catalogue {
        Catalogue::read(Path::new(LIST), Path::new(FOLDER)).expect("the build has read it too")
    }

    #[test]
    fn arguments_go_where_each_language_has_them() {
        assert_eq!(fill("", &[]), "");
        assert_eq!(fill("{1} – {0}{1}", &[&"a", &12]), "12 – a12");
        assert_eq!(volunteer::much_more(Lang::Fi, 120, 12), "Viime kerralla 12. Onko 120 oikein?");
        assert_eq!(volunteer::home(Lang::Sv), "Hem");
    }

    #[test]
    fn what_is_typed_is_never_taken_for_a_place_of_an_argument() {
        assert_eq!(fill("{0}: {1}", &[&"{1}", &"}{0"]), "{1}: }{0");
    }

    #[test]
    fn the_words_that_volunteers_do_not_use_are_avoided() {
        for text in catalogue().texts.iter().filter(|text| text.place != Place::Server) {
            for word in ["synkron", "offline", "jono", "palvelin"] {
                let finnish = text.line.text.to_lowercase();
                assert!(!finnish.contains(word), "{}: {finnish}", text.name());
            }
        }
    }

    #[test]
    fn a_phone_fetches_no_text_that_it_never_shows() {
        let mut sources = String::new();
        for folder in ["src", "../client/src", "../server/src"] {
            read_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut sources);
        }
        for text in catalogue().texts {
            let key = &text.line.key;
            // Called here or elsewhere, or handed over as a function.
            let uses = sources.match_indices(key.as_str()).filter(|(at, _)| {
                let before = sources[..*at].chars().next_back().unwrap_or(' ');
                let after = sources[at + key.len()..].chars().next().unwrap_or(' ');
                !is_of_name(before) && (after == '(' || (before == ':' && !is_of_name(after)))
            });
            assert!(uses.count() > 0, "{} is used nowhere", text.name());
        }
    }

    fn is_of_name(letter: char) -> bool {
        letter.is_alphanumeric() || letter == '_'
    }

    fn read_below(folder: &Path, out: &mut String) {
        for entry in fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                read_below(&path, out);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                out.push_str(&fs::read_to_string(path).expect("a source"));
            }
        }
    }

    #[test]
    fn northern_sami_is_a_line_in_the_list_and_a_file() {
        let read = |tag: &str| fs::read_to_string(format!("{FOLDER}/{tag}.toml")).expect("a file of texts");
        let mut list: Vec<Language> = catalogue().translations.into_iter().map(|one| one.language).collect();
        list.push(Language { tag: "se".to_owned(), own_name: "Davvisámegiella".to_owned(), state: State::SwitchedOn });
        let mut files: BTreeMap<_, _> = ["fi", "sv", "en"].map(|tag| (tag.to_owned(), read(tag))).into();
        files.insert("se".to_owned(), include_str!("../tests/fixtures/se.toml").to_owned());
        let all = Catalogue::new(&list, &files).expect("ten texts and no mistake");
        let sami = all.translations.last().expect("the language that was added");
        let in_language = |name: &str| {
            let at = all.texts.iter().position(|text| text.name() == name).expect("a text");
            sami.texts[at].as_str()
        };
        assert_eq!(in_language("volunteer.today"), "odne");
        assert_eq!(in_language("common.weekday_0"), "vuossárga");
        // The rest is Finnish, and the build lists it by name.
        assert_eq!(in_language("volunteer.save"), "Tallenna");
        assert_eq!(sami.missing.len(), all.texts.len() - 10);
        assert!(
            sami.missing.contains(&"volunteer.save".to_owned())
                && !sami.missing.contains(&"volunteer.today".to_owned())
        );
        assert_eq!(all.phone_file(sami).lines().count(), all.range(Place::Phone).len() + 1);
    }
}
