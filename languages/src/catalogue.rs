//! The catalogue: every text, and its form in each language.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::Path;

use crate::list::{Language, State, languages};
use crate::parse::{Line, Piece, parse, pieces};
use crate::pseudo::pseudo;

/// The heading of texts that only the server's pages use: a phone does not fetch them.
const OF_THE_SERVER: &str = "server";
/// The late rooms of the phone that have texts of their own: a heading that is a room's name, or begins with it and a dot, is of the
/// file that is fetched with the room (docs/adr/0025).
const LATE_ROOMS: [&str; 2] = ["association", "join"];
/// Dates and numbers, which are written and not spoken: the pseudo-language leaves them alone.
const FORMATS: &str = "formats";

/// The file that has a text. In the catalogue's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Each phone fetches it before its first screen.
    Phone,
    /// Fetched with a late room, by the room's name.
    Room(&'static str),
    /// Compiled into the server, which has all the others too.
    Server,
}

/// A text of the product, as the Finnish file has it.
#[derive(Clone, Debug)]
pub struct Text {
    /// The module of the generated function.
    pub group: String,
    pub place: Place,
    pub line: Line,
}

/// What a language makes of each text, in the catalogue's order.
#[derive(Clone, Debug)]
pub struct Translation {
    pub language: Language,
    pub texts: Vec<String>,
    /// Names of the texts that are in Finnish because the language has none.
    pub missing: Vec<String>,
}

/// Every text in every language. It exists only where nothing is wrong.
#[derive(Clone, Debug)]
pub struct Catalogue {
    /// By their places: a phone's table is the beginning of the server's.
    pub texts: Vec<Text>,
    pub translations: Vec<Translation>,
}

impl Text {
    pub fn name(&self) -> String {
        format!("{}.{}", self.group, self.line.key)
    }

    /// With the arguments by their number: `Viime kerralla {1}.`
    fn numbered(&self, text: &str) -> String {
        let number = |name: &str| self.line.arguments.iter().position(|argument| argument.name == name);
        let parts = pieces(text).unwrap_or_default().into_iter().map(|piece| match piece {
            Piece::Words(words) => words.to_owned(),
            Piece::Argument(name) => format!("{{{}}}", number(name).unwrap_or_default()),
        });
        parts.collect()
    }

    /// What is wrong with this text in a language.
    fn mistake(&self, text: &str) -> Option<String> {
        let Some(pieces) = pieces(text) else { return Some("its braces do not match".to_owned()) };
        if text.trim().is_empty() {
            return Some("it is empty".to_owned());
        }
        let used: BTreeSet<&str> = pieces
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Argument(name) => Some(name),
                Piece::Words(_) => None,
            })
            .collect();
        let arguments = &self.line.arguments;
        if let Some(unknown) = used.iter().find(|name| !arguments.iter().any(|argument| argument.name == **name)) {
            return Some(format!("there is no {{{unknown}}} in it"));
        }
        let left_out = arguments.iter().find(|it| !it.is_optional && !used.contains(it.name.as_str()))?;
        Some(format!("{{{}}} is left out", left_out.name))
    }
}

impl Catalogue {
    /// Reads the list and the files of `app/texts`. All mistakes are told at once.
    pub fn read(list: &Path, folder: &Path) -> Result<Catalogue, Vec<String>> {
        let file = |path: &Path| fs::read_to_string(path).map_err(|error| vec![format!("{}: {error}", path.display())]);
        let list = languages(&file(list)?).map_err(|mistake| vec![mistake])?;
        let mut files = BTreeMap::new();
        for language in list.iter().filter(|language| language.state != State::Pseudo) {
            files.insert(language.tag.clone(), file(&folder.join(format!("{}.toml", language.tag)))?);
        }
        Catalogue::new(&list, &files)
    }

    /// Of the files' contents by the language's tag.
    pub fn new(list: &[Language], files: &BTreeMap<String, String>) -> Result<Catalogue, Vec<String>> {
        let lines = |tag: &str| {
            let file = files.get(tag).map(String::as_str).unwrap_or_default();
            parse(file).map_err(|mistakes| mistakes.iter().map(|it| format!("{tag}.toml, {it}")).collect::<Vec<_>>())
        };
        let first = list.first().ok_or_else(|| vec!["there is no language".to_owned()])?;
        let (texts, mut mistakes) = texts(&first.tag, lines(&first.tag)?);
        let mut translations = Vec::new();
        for language in list {
            let own = match language.state {
                State::Pseudo => made_up(&texts),
                _ => lines(&language.tag)?,
            };
            let (translation, found) = translate(language, &texts, own);
            translations.push(translation);
            // The pseudo-language has the mistakes of Finnish once more.
            if language.state != State::Pseudo {
                mistakes.extend(found);
            }
        }
        if mistakes.is_empty() { Ok(Catalogue { texts, translations }) } else { Err(mistakes) }
    }

    /// Which texts are in a place.
    pub fn range(&self, place: Place) -> Range<usize> {
        let first = self.texts.partition_point(|text| text.place < place);
        first..self.texts.partition_point(|text| text.place <= place)
    }

    /// The late rooms that have texts.
    pub fn rooms(&self) -> impl Iterator<Item = &'static str> {
        LATE_ROOMS.into_iter().filter(|room| !self.range(Place::Room(room)).is_empty())
    }

    /// Of the headings, names and arguments of all that phones fetch, in hexadecimal: the files of texts fit the program that has the
    /// same one.
    pub fn digest(&self) -> String {
        let mut digest = 0xcbf2_9ce4_8422_2325_u64;
        for Text { line, .. } in self.texts.iter().filter(|text| text.place != Place::Server) {
            let arguments: Vec<&str> = line.arguments.iter().map(|argument| argument.name.as_str()).collect();
            for byte in format!("{}.{}({})\n", line.heading, line.key, arguments.join(",")).bytes() {
                // FNV-1a: it guards against a mistake, and not against anybody.
                digest = (digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        format!("{digest:016x}")
    }

    /// A language's file for every phone: the digest, and then a text in each line.
    pub fn phone_file(&self, translation: &Translation) -> String {
        self.file(translation, Place::Phone, "")
    }

    /// A language's file for a late room: the digest with the room's name behind it, and then a text in each line.
    pub fn room_file(&self, translation: &Translation, room: &'static str) -> String {
        self.file(translation, Place::Room(room), room)
    }

    fn file(&self, translation: &Translation, place: Place, name: &str) -> String {
        let mut out = self.digest() + name;
        for text in &translation.texts[self.range(place)] {
            out.push('\n');
            out.push_str(text);
        }
        out
    }
}

/// The texts that there are, by their places, and what is wrong with their notes.
fn texts(tag: &str, lines: Vec<Line>) -> (Vec<Text>, Vec<String>) {
    let mut mistakes = Vec::new();
    let mut texts: Vec<Text> = Vec::new();
    for line in lines {
        let (first, rest) = line.heading.split_once('.').unwrap_or((&line.heading, ""));
        let room = LATE_ROOMS.into_iter().find(|room| *room == first);
        let place = match first {
            OF_THE_SERVER => Place::Server,
            _ => room.map_or(Place::Phone, Place::Room),
        };
        if place == Place::Phone && !rest.is_empty() {
            mistakes
                .push(format!("{tag}.toml, line {}: [{}]: there is no late room {first}", line.number, line.heading));
        }
        let group = if rest.is_empty() { first } else { rest }.to_owned();
        let text = Text { group, place, line };
        if text.line.note.is_empty() {
            mistakes.push(format!(
                "{tag}.toml, line {}: {} has no note for the translator",
                text.line.number,
                text.name()
            ));
        }
        texts.push(text);
    }
    texts.sort_by_key(|text| text.place);
    (texts, mistakes)
}

fn translate(language: &Language, texts: &[Text], lines: Vec<Line>) -> (Translation, Vec<String>) {
    let tag = &language.tag;
    let mut mistakes = Vec::new();
    let mut own: BTreeMap<(String, String), Line> = BTreeMap::new();
    for line in lines {
        let place = format!("{tag}.toml, line {}: {}.{}", line.number, line.heading, line.key);
        let known = texts.iter().find(|text| text.line.heading == line.heading && text.line.key == line.key);
        match known.map(|text| text.mistake(&line.text)) {
            None => mistakes.push(format!("{place}: there is no such text")),
            Some(Some(mistake)) => mistakes.push(format!("{place}: {mistake}")),
            Some(None) => {}
        }
        if own.insert((line.heading.clone(), line.key.clone()), line).is_some() {
            mistakes.push(format!("{place}: it is there twice"));
        }
    }
    let mut missing = Vec::new();
    let mut all = Vec::new();
    for text in texts {
        let line = own.get(&(text.line.heading.clone(), text.line.key.clone()));
        if line.is_none() {
            missing.push(text.name());
        }
        all.push(text.numbered(line.map_or(&text.line.text, |line| &line.text)));
    }
    if language.state == State::Complete {
        mistakes.extend(missing.iter().map(|name| format!("{tag}.toml: {name} is missing")));
    }
    (Translation { language: language.clone(), texts: all, missing }, mistakes)
}

fn made_up(texts: &[Text]) -> Vec<Line> {
    let line = |text: &Text| match text.group.as_str() {
        FORMATS => text.line.clone(),
        _ => Line { text: pseudo(&text.line.text), ..text.line.clone() },
    };
    texts.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINNISH: &str = "[server.pages]\n# The front page.\nlead = \"Kirjaa\"\n\n[association]\n# The grid.\nboard = \"Taulukko\"\n\n[volunteer]\n# The tab.\nhome = \"Etusivu\"\n# A chip.\n# {last}: then\n# {count}: now\n# {unit}?: of what\nmuch = \"{count}, ei {last}\"\n";
    const SWEDISH: &str = "[volunteer]\nhome = \"Hem\"\nmuch = \"{last}, inte {count} {unit}\"\n[server.pages]\nlead = \"Anteckna\"\n[association]\nboard = \"Tabell\"\n";

    fn read(other: &str, state: State) -> Result<Catalogue, Vec<String>> {
        read_both(FINNISH, other, state)
    }

    fn read_both(finnish: &str, other: &str, state: State) -> Result<Catalogue, Vec<String>> {
        let language = |tag: &str, state| Language { tag: tag.to_owned(), own_name: tag.to_owned(), state };
        let list = [language("fi", State::Complete), language("xx", state), language("qps-ploc", State::Pseudo)];
        let files = [("fi".to_owned(), finnish.to_owned()), ("xx".to_owned(), other.to_owned())];
        Catalogue::new(&list, &BTreeMap::from(files))
    }

    fn mistake(other: &str, state: State) -> String {
        read(other, state).expect_err("a mistake").join("; ")
    }

    #[test]
    fn the_phones_texts_come_first_with_their_arguments_by_number() {
        let all = read(SWEDISH, State::Complete).expect("no mistake");
        assert_eq!(all.translations[0].texts, ["Etusivu", "{1}, ei {0}", "Taulukko", "Kirjaa"]);
        assert_eq!(all.translations[1].texts, ["Hem", "{0}, inte {1} {2}", "Tabell", "Anteckna"]);
        assert_eq!(all.phone_file(&all.translations[1]), format!("{}\nHem\n{{0}}, inte {{1}} {{2}}", all.digest()));
        assert!(all.translations[2].texts[1].contains("{1}"), "the pseudo-language has all texts too");
    }

    #[test]
    fn a_late_rooms_texts_are_in_a_file_of_their_own() {
        let more = format!("{FINNISH}[association.people]\n# A heading.\ntitle = \"Ihmiset\"\n");
        let all = read_both(&more, SWEDISH, State::Trial).expect("no mistake");
        let names: Vec<String> = all.texts.iter().map(Text::name).collect();
        assert_eq!(names, ["volunteer.home", "volunteer.much", "association.board", "people.title", "pages.lead"]);
        assert_eq!(all.rooms().collect::<Vec<_>>(), ["association"]);
        assert_eq!((all.range(Place::Phone), all.range(Place::Room("association"))), (0..2, 2..4));
        let [of_all, of_room] =
            [all.phone_file(&all.translations[1]), all.room_file(&all.translations[1], "association")];
        assert_eq!(of_room, format!("{}association\nTabell\nIhmiset", all.digest()));
        assert!(!of_all.contains("Tabell") && !of_room.contains("Hem") && !of_room.contains("Anteckna"));
    }

    #[test]
    fn a_heading_below_a_room_that_has_no_file_is_a_mistake() {
        let finnish = "[neighbours.board]\n# A heading.\ntitle = \"Naapurit\"\n";
        let mistakes = read_both(finnish, "", State::Trial).expect_err("a mistake");
        assert_eq!(mistakes, ["fi.toml, line 3: [neighbours.board]: there is no late room neighbours"]);
    }

    #[test]
    fn a_complete_language_lacks_nothing() {
        let swedish = SWEDISH.replace("much", "# much");
        let mistake = mistake(&swedish, State::Complete);
        assert_eq!(mistake, "xx.toml: volunteer.much is missing");
    }

    #[test]
    fn what_another_language_lacks_is_finnish_and_listed() {
        for state in [State::SwitchedOn, State::Trial] {
            let all = read("[volunteer]\nhome = \"Ruoktu\"\n", state).expect("no mistake");
            assert_eq!(all.translations[1].texts, ["Ruoktu", "{1}, ei {0}", "Taulukko", "Kirjaa"]);
            assert_eq!(all.translations[1].missing, ["volunteer.much", "association.board", "pages.lead"]);
        }
    }

    #[test]
    fn each_language_has_the_arguments_that_finnish_has() {
        for (text, said) in [
            ("{last}", "{count} is left out"),
            ("{count} {last} {more}", "there is no {more} in it"),
            ("{count} {last", "its braces do not match"),
        ] {
            let file = format!("[volunteer]\nmuch = \"{text}\"\n");
            assert_eq!(mistake(&file, State::Trial), format!("xx.toml, line 2: volunteer.much: {said}"));
        }
    }

    #[test]
    fn no_text_is_empty_unknown_or_there_twice() {
        let said = mistake("[volunteer]\nhome = \" \"\n", State::Trial);
        assert_eq!(said, "xx.toml, line 2: volunteer.home: it is empty");
        let said = mistake("[volunteer]\nhouse = \"x\"\n", State::Trial);
        assert_eq!(said, "xx.toml, line 2: volunteer.house: there is no such text");
        let said = mistake("[volunteer]\nhome = \"x\"\nhome = \"y\"\n", State::Trial);
        assert_eq!(said, "xx.toml, line 3: volunteer.home: it is there twice");
    }

    #[test]
    fn every_text_has_a_note_and_every_argument_is_explained() {
        let finnish =
            "[a]\nbare = \"Koti\"\n# Noted.\nwith = \"{count}\"\n# Noted.\n# {count}: how many\nwithout = \"Koti\"\n";
        let mistakes = read_both(finnish, "", State::Trial).expect_err("mistakes");
        let all = [
            "fi.toml, line 2: a.bare has no note for the translator",
            "fi.toml, line 4: a.with: there is no {count} in it",
            "fi.toml, line 7: a.without: {count} is left out",
        ];
        assert_eq!(mistakes, all);
    }

    #[test]
    fn another_name_or_argument_is_another_digest_and_another_wording_is_not() {
        let digest = |finnish: &str| read_both(finnish, "", State::Trial).expect("no mistake").digest();
        let all = digest(FINNISH);
        assert_eq!(digest(&FINNISH.replace("Etusivu", "Koti")), all);
        assert_ne!(digest(&FINNISH.replace("home", "house")), all);
        assert_ne!(digest(&FINNISH.replace("count", "number")), all);
        // A room's file belongs to the same program; the server's pages have no file.
        assert_ne!(digest(&FINNISH.replace("board", "grid")), all);
        assert_ne!(digest(&FINNISH.replace("[association]", "[join]")), all);
        assert_eq!(digest(&FINNISH.replace("lead", "head")), all);
        let swapped = FINNISH.replace("# {last}: then\n# {count}: now\n", "# {count}: now\n# {last}: then\n");
        assert_ne!(digest(&swapped), all);
    }
}
