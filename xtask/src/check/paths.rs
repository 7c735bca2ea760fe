//! Which words of a text name a path of the repository, and which of those do not exist.
//!
//! A word is a path when its first part is a file or folder at the top of the repository (`docs/SYNC.md`, `sync/src`), or when it
//! ends like a source file (`outbox.rs`, `src/outbox.rs`). It may leave out folders at its beginning. It is no path when it is
//! an address (`/app`, `https://…`), a pattern (`*`, `{…}`, `<…>`, `…`), what `.gitignore` names (`target/…`, `data/`), or the place
//! before a commit's subject (`sync/outbox:`). `docs/adr/0012` and "ADR 12" name the decision with that number.

use super::tree::Tree;

/// Endings by which a word with a `/` is a path.
const SOURCES: [&str; 10] = ["md", "rs", "mjs", "js", "css", "sql", "toml", "csv", "json", "yml"];
/// Endings by which a word without a `/` is a path. Not `js` or `json`: Node.js is no file, and `files.json` is made by a build.
const PAGES_AND_MODULES: [&str; 6] = ["md", "rs", "mjs", "css", "sql", "toml"];
/// Marks of a pattern or of code.
const NO_PATH: [char; 14] = ['*', '{', '}', '<', '>', '$', '%', '…', '=', '\\', '@', '?', '&', ':'];

/// One that does not exist, with the line that names it, counted from 1.
#[derive(Debug, PartialEq, Eq)]
pub struct Missing {
    pub line: usize,
    pub path: String,
}

/// Of a Markdown document in `folder`: also the targets of its links, which count from that folder.
pub fn missing_in_markdown(text: &str, folder: &str, tree: &Tree) -> Vec<Missing> {
    let (text, links) = without_fences_and_links(text);
    let mut missing: Vec<_> =
        links.into_iter().filter(|link| !link_leads_somewhere(&link.path, folder, tree)).collect();
    missing.extend(missing_in_text(&text, tree));
    missing.sort_by_key(|it| it.line);
    missing
}

/// Of plain text, such as comments.
pub fn missing_in_text(text: &str, tree: &Tree) -> Vec<Missing> {
    let mut missing = Vec::new();
    let mut after_adr = false;
    for (line, word) in words(text) {
        let path = path(word, tree).or_else(|| decision(word).filter(|_| after_adr));
        after_adr = word == "ADR";
        if let Some(path) = path.filter(|path| !exists(path, tree)) {
            missing.push(Missing { line, path });
        }
    }
    missing
}

/// A function of a source file that a text names, as `server/tests/api/pull.rs#function`.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub line: usize,
    pub file: String,
    pub name: String,
}

/// Every function that a text names with its file.
pub fn functions(text: &str) -> Vec<Function> {
    let of_word = |(line, word): (usize, &str)| {
        let (file, name) = word.trim_end_matches(['.', ',', ';']).split_once('#')?;
        let is_name = !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
        let is_source = file.ends_with(".rs") && file.contains('/');
        (is_name && is_source).then(|| Function { line, file: file.to_owned(), name: name.to_owned() })
    };
    words(text).filter_map(of_word).collect()
}

/// Every word with the number of its line, without what quotes or encloses it.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let between = |letter: char| letter.is_whitespace() || "`()[]\"|".contains(letter);
    let numbered = text.lines().zip(1..);
    numbered.flat_map(move |(line, number)| line.split(between).map(move |word| (number, word)))
}

/// The path that a word names, if it names one.
fn path(word: &str, tree: &Tree) -> Option<String> {
    let word = word.trim_start_matches(['\'', '_']).trim_end_matches(['.', ',', ';', '!', '\'', '_', '–']);
    let word = without_line_number(word);
    let subject = word.strip_suffix(':');
    let word = subject.unwrap_or(word);
    let mut word = word.split('#').next().unwrap_or(word);
    while let Some(rest) = word.strip_prefix("../").or_else(|| word.strip_prefix("./")) {
        word = rest;
    }
    if word.starts_with(['/', '-', '~']) || word.contains(NO_PATH) || tree.is_ignored(word.trim_end_matches('/')) {
        return None;
    }
    let is_path = match word.split_once('/') {
        Some((first, _)) => {
            ends_in(word, &SOURCES) || (subject.is_none() && tree.is_top_level(first) && !first.is_empty())
        }
        None => ends_in(word, &PAGES_AND_MODULES),
    };
    is_path.then(|| word.trim_end_matches('/').to_owned())
}

/// `main.rs:12` names line 12 of a file.
fn without_line_number(word: &str) -> &str {
    match word.rsplit_once(':') {
        Some((file, line)) if !line.is_empty() && line.bytes().all(|it| it.is_ascii_digit()) => file,
        _ => word,
    }
}

/// The number after "ADR", as the beginning of its file's path.
fn decision(word: &str) -> Option<String> {
    let digits = word.trim_end_matches(|letter: char| !letter.is_ascii_digit());
    let number: u32 = digits.parse().ok()?;
    Some(format!("docs/adr/{number:04}"))
}

fn ends_in(word: &str, extensions: &[&str]) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    name.rsplit_once('.').is_some_and(|(stem, extension)| !stem.is_empty() && extensions.contains(&extension))
}

fn exists(path: &str, tree: &Tree) -> bool {
    match path.strip_prefix("docs/adr/") {
        Some(number) if number.len() == 4 && number.bytes().all(|it| it.is_ascii_digit()) => {
            tree.files().any(|file| file.starts_with(&format!("{path}-")))
        }
        _ => tree.has_ending(path),
    }
}

/// The text with its code blocks and the targets of its links left out, and those targets.
fn without_fences_and_links(text: &str) -> (String, Vec<Missing>) {
    let mut words = String::new();
    let mut links = Vec::new();
    let mut in_fence = false;
    for (mut rest, line) in text.lines().zip(1..) {
        if rest.trim_start().starts_with("```") {
            in_fence = !in_fence;
        } else if !in_fence {
            while let Some((before, (target, after))) =
                rest.split_once("](").and_then(|(before, after)| Some((before, after.split_once(')')?)))
            {
                words.push_str(before);
                words.push(' ');
                links.push(Missing { line, path: target.to_owned() });
                rest = after;
            }
            words.push_str(rest);
        }
        words.push('\n');
    }
    (words, links)
}

/// Links to other sites and within the page are not looked at.
fn link_leads_somewhere(target: &str, folder: &str, tree: &Tree) -> bool {
    let path = target.split('#').next().unwrap_or(target);
    if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
        return true;
    }
    let mut parts: Vec<_> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.trim_end_matches('/').split('/') {
        match part {
            ".." if parts.pop().is_none() => return false,
            ".." | "." => {}
            part => parts.push(part),
        }
    }
    tree.has(&parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        let files = [
            "README.md",
            "docs/SYNC.md",
            "docs/adr/0007-protection-of-small-counts.md",
            "app/src/phone/draft.rs",
            "public/sw.js",
            "sync/src/outbox.rs",
            ".ci/run",
        ];
        Tree::of(&files, "/target\n/data\n*.db\n")
    }

    fn missing(text: &str) -> Vec<String> {
        missing_in_text(text, &tree()).into_iter().map(|it| it.path).collect()
    }

    #[test]
    fn a_page_or_file_that_is_not_there_is_named_with_its_line() {
        let text = "Where a record is:\nthe table of screens.md, and `sync/src/inbox.rs`.";
        let line = |line, path: &str| Missing { line, path: path.to_owned() };
        assert_eq!(missing_in_text(text, &tree()), [line(2, "screens.md"), line(2, "sync/src/inbox.rs")]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        assert_eq!(missing("the texts (app/src/texts/) and docs/screens"), ["app/src/texts", "docs/screens"]);
    }

    #[test]
    fn a_file_that_moved_into_a_room_is_named() {
        assert_eq!(missing("`phone/forms/draft.rs`"), ["phone/forms/draft.rs"]);
    }

    #[test]
    fn what_is_there_may_be_named_by_its_path_or_the_end_of_it() {
        let text = "docs/SYNC.md, `SYNC.md`; app/src/phone/draft.rs:12, phone/draft.rs (draft.rs) public/ `.ci/run` `docs/adr/0007`.";
        assert_eq!(missing(text), [""; 0]);
    }

    #[test]
    fn what_is_no_path_of_the_repository_is_passed_over() {
        let text = "/app https://example.fi/docs/a.md `app/**` docs/{a,b}.md target/site/files.json data/hytevihko.db \
                    `hytevihko.db` Node.js text/html `sync::outbox` sync/outbox: `app/<file>` and/or files.json app/…";
        assert_eq!(missing(text), [""; 0]);
    }

    #[test]
    fn a_decision_is_known_by_its_number() {
        assert_eq!(missing("ADR 7 and [ADR\n7], docs/adr/0007"), [""; 0]);
        assert_eq!(missing("ADR 8, [ADR\n9]; (docs/adr/0010)"), ["docs/adr/0008", "docs/adr/0009", "docs/adr/0010"]);
    }

    #[test]
    fn a_link_counts_from_the_folder_of_its_document() {
        let missing =
            |text| -> Vec<_> { missing_in_markdown(text, "docs", &tree()).into_iter().map(|it| it.path).collect() };
        let good = "[a](SYNC.md#s1) [b](adr/0007-protection-of-small-counts.md) [c](../README.md) [d](https://x.fi/y.md) [e](#f)";
        assert_eq!(missing(good), [""; 0]);
        assert_eq!(missing("[a](docs/SYNC.md) [b](../SYNC.md)"), ["docs/SYNC.md", "../SYNC.md"]);
    }

    #[test]
    fn a_function_is_named_with_its_file() {
        let text = "Held by `sync/src/outbox.rs#a_receipt`, and\n| x | (`xtask/src/main.rs#two_words.`) `SYNC.md#s1` outbox.rs#no_folder xtask/src/main.rs#no-name |";
        let names: Vec<_> = functions(text).into_iter().map(|it| (it.line, it.file, it.name)).collect();
        let name = |line, file: &str, name: &str| (line, file.to_owned(), name.to_owned());
        assert_eq!(names, [name(1, "sync/src/outbox.rs", "a_receipt"), name(2, "xtask/src/main.rs", "two_words")]);
    }

    #[test]
    fn blocks_of_code_are_passed_over() {
        assert_eq!(missing_in_markdown("```text\ndocs/gone.md\n```\n`docs/SYNC.md`", "", &tree()), []);
    }
}
