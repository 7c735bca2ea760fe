//! Generates Rust from the texts: a function for each text, and the tables of languages for the server.

use std::fmt::Write as _;

use crate::catalogue::{Catalogue, Place, Text};

/// The functions of a group, as text of a module of its own. Without those of the server where `for_phone`.
pub fn functions(catalogue: &Catalogue, group: &str, for_phone: bool) -> String {
    let mut out = String::from("use domain::Lang;\n");
    for (index, text) in catalogue.texts.iter().enumerate() {
        let from = match text.place {
            Place::Server if for_phone => continue,
            Place::Room(_) if for_phone => "text_of_room",
            _ => "text",
        };
        if text.group == group {
            out.push_str(&function(index, text, from));
        }
    }
    out
}

/// `from` is the function that has the text by its index.
fn function(index: usize, text: &Text, from: &str) -> String {
    let (key, finnish) = (&text.line.key, &text.line.text);
    let doc = format!("#[doc = {:?}]\n", format!("`{}`", finnish.replace('`', "'")));
    if text.line.arguments.is_empty() {
        return format!("{doc}pub fn {key}(lang: Lang) -> &'static str {{ crate::texts::{from}(lang, {index}) }}\n");
    }
    let names = text.line.arguments.iter().map(|argument| argument.name.as_str());
    let parameters: String = names.clone().map(|name| format!(", {name}: impl std::fmt::Display")).collect();
    let values: Vec<String> = names.map(|name| format!("&{name}")).collect();
    format!(
        "{doc}pub fn {key}(lang: Lang{parameters}) -> String {{ crate::texts::fill(crate::texts::{from}(lang, {index}), &[{}]) }}\n",
        values.join(", ")
    )
}

/// For a phone, what a file of texts has to look like; elsewhere all texts of all languages, in the order of `domain::Lang`.
pub fn tables(catalogue: &Catalogue, for_phone: bool) -> String {
    let mut out = String::new();
    if for_phone {
        let (digest, count) = (catalogue.digest(), catalogue.range(Place::Phone).len());
        let rooms: Vec<_> = catalogue.rooms().map(|room| (room, catalogue.range(Place::Room(room)))).collect();
        let languages = catalogue.translations.len();
        out.push_str(&format!(
            "pub(super) const DIGEST: &str = {digest:?};\npub(super) const COUNT: usize = {count};\n\
             pub(super) const LANGUAGES: usize = {languages};\n\
             pub(super) const ROOMS: [(&str, Range<usize>); {}] = {rooms:?};\n",
            rooms.len()
        ));
        return out;
    }
    let (languages, texts) = (catalogue.translations.len(), catalogue.texts.len());
    out.push_str(&format!("pub(super) static TABLES: [[&str; {texts}]; {languages}] = [\n"));
    for translation in &catalogue.translations {
        writeln!(out, "{:?},", translation.texts).expect("writing to a string");
    }
    out.push_str("];\n");
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::list::{Language, State};

    fn all() -> Catalogue {
        let finnish = "[server.pages]\n# Front.\nlead = \"Kirjaa\"\n[association]\n# Grid.\nboard = \"Taulukko\"\n[volunteer]\n# Tab.\nhome = \"Etusivu\"\n# Chip.\n# {count}: how many\nlast_time = \"viime kerralla {count}\"\n";
        let list = [Language { tag: "fi".to_owned(), own_name: "Suomi".to_owned(), state: State::Complete }];
        Catalogue::new(&list, &BTreeMap::from([("fi".to_owned(), finnish.to_owned())])).expect("no mistake")
    }

    #[test]
    fn a_text_is_a_function_of_the_language_and_of_its_arguments() {
        let functions = functions(&all(), "volunteer", true);
        assert!(functions.contains("pub fn home(lang: Lang) -> &'static str"), "{functions}");
        assert!(functions.contains("pub fn last_time(lang: Lang, count: impl std::fmt::Display) -> String"));
        assert!(functions.contains("fill(crate::texts::text(lang, 1), &[&count])"));
    }

    #[test]
    fn a_phone_has_neither_the_servers_texts_nor_any_words() {
        assert!(!functions(&all(), "pages", true).contains("fn lead"));
        assert!(functions(&all(), "pages", false).contains("fn lead"));
        let tables = tables(&all(), true);
        assert!(tables.contains("COUNT: usize = 2") && !tables.contains("Etusivu"), "{tables}");
        assert!(tables.contains("[(\"association\", 2..3)]") && !tables.contains("Taulukko"), "{tables}");
    }

    #[test]
    fn a_late_rooms_text_is_of_the_rooms_file_on_a_phone_and_of_the_one_table_elsewhere() {
        assert!(functions(&all(), "association", true).contains("{ crate::texts::text_of_room(lang, 2) }"));
        assert!(functions(&all(), "association", false).contains("{ crate::texts::text(lang, 2) }"));
    }
}
