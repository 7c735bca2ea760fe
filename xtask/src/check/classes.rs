//! Classes that the views name and no rule of style/ knows, and rules whose class nothing names.
//!
//! The views are Rust, and their classes are literals: this reads the literals and does not compile anything. It also reads the
//! selectors of end2end/, so that a class that was renamed is missed there at once and not by a spec that waits for it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Result, bail};

use crate::site::inputs::files_below;

/// Classes that only the specs look for, and why they are there.
const WITHOUT_A_RULE: [(&str, &str); 2] = [
    ("month-pair", "two records that may be one: the specs find the pair by it"),
    ("recorded", "a badge's state that needs no look of its own: the specs count it"),
];

/// Lengths in rem that are none of the scale's, with their reason. All others are one of the seven spaces of style/tokens.css.
const OUT_OF_SCALE: [(&str, &str); 6] = [
    ("7rem", "as high as Save"),
    ("9rem", "as high as Save and the lines of a text over it"),
    ("12rem", "out of sight"),
    ("4.6rem", "the height of the places' row, which the skeleton has not"),
    (".35rem", "half an arrow"),
    (".78rem", "the places' names on the narrowest phone"),
];

pub fn check(root: &Path) -> Result<()> {
    let mut problems = Vec::new();
    let mut ruled = BTreeMap::new();
    for (name, sheet) in sources(&root.join("style"), &[".css"])? {
        let at = format!("style/{name}");
        problems.extend(out_of_scale(&sheet).into_iter().map(|line| format!("{at}: {line} is not of the scale")));
        for class in classes_of_rules(&sheet) {
            ruled.entry(class).or_insert_with(|| at.clone());
        }
    }
    let mut used = BTreeMap::new();
    // The charts are drawn below the screens: the phone and the server have one function for them.
    let charts = ("domain/src/report/chart", [".rs"]);
    for (folder, endings) in [("app/src", [".rs"]), ("client/src", [".rs"]), ("public", [".js"]), charts] {
        for (name, source) in sources(&root.join(folder), &endings)? {
            for class in classes_of_views(&source, &ruled) {
                used.entry(class).or_insert_with(|| format!("{folder}/{name}"));
            }
        }
    }
    problems.extend(differences(&ruled, &used));
    for (name, source) in sources(&root.join("end2end"), &[".mjs", ".js"])? {
        if name.starts_with("node_modules/") {
            continue;
        }
        let missing = classes_of_selectors(&source).into_iter().filter(|class| !used.contains_key(class));
        problems.extend(missing.map(|class| format!("end2end/{name}: no view has the class {class}")));
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    Ok(())
}

fn sources(folder: &Path, endings: &[&str]) -> Result<Vec<(String, String)>> {
    let files = files_below(folder)?.into_iter();
    let wanted = files.filter(|(name, _)| endings.iter().any(|ending| name.ends_with(ending)));
    wanted.map(|(name, content)| Ok((name, String::from_utf8(content)?))).collect()
}

/// By class, the file that names it first.
type Places = BTreeMap<String, String>;

fn differences(ruled: &Places, used: &Places) -> Vec<String> {
    let is_known = |class: &str| ruled.contains_key(class) || WITHOUT_A_RULE.iter().any(|(known, _)| *known == class);
    let unruled = used.iter().filter(|(class, _)| !is_known(class));
    let unused = ruled.iter().filter(|(class, _)| !used.contains_key(*class));
    let stale = WITHOUT_A_RULE.iter().filter(|(class, _)| ruled.contains_key(*class) || !used.contains_key(*class));
    unruled
        .map(|(class, at)| format!("{at}: the class {class} has no rule in style/"))
        .chain(unused.map(|(class, at)| format!("{at}: nothing has the class {class}")))
        .chain(stale.map(|(class, _)| format!("{class} is an exception no longer")))
        .collect()
}

/// The classes in the selectors of a sheet.
fn classes_of_rules(sheet: &str) -> BTreeSet<String> {
    let sheet = without_comments(sheet);
    let mut classes = BTreeSet::new();
    for before_brace in sheet.split('{').rev().skip(1) {
        let selector = before_brace.rsplit(['}', ';']).next().unwrap_or_default();
        if !selector.trim_start().starts_with('@') {
            classes.extend(classes_of_selector(selector));
        }
    }
    classes
}

fn without_comments(sheet: &str) -> String {
    let mut parts = sheet.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + part.split_once("*/").map_or("", |(_, rest)| rest))
}

/// `.name`, but not of a number (`.5s`), and not within quotes.
fn classes_of_selector(selector: &str) -> BTreeSet<String> {
    let outside_quotes = selector.split(['"', '\'']).step_by(2);
    let parts = outside_quotes.flat_map(|part| part.split('.').skip(1));
    let names = parts.map(|part| part.split(|c: char| !is_of_name(c)).next().unwrap_or_default());
    names.filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase())).map(str::to_owned).collect()
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
}

/// The classes that a view's source can give to an element:
/// - the literals of `class=…`, `className = …` and `classList.…(…)`, `name` of `class:name=`;
/// - in `let class = …` and `let (class, …) = …` all literals, or the first one of each tuple;
/// - what is handed to a function and is the class of a rule: two or more words of which the first one is, as "badge waiting", or one
///   with a hyphen in it, as "chart-now". A single common word could be anything.
fn classes_of_views(source: &str, ruled: &Places) -> BTreeSet<String> {
    let tokens = tokens(source);
    let mut classes = BTreeSet::new();
    let mut add = |literal: &str| classes.extend(literal.split_whitespace().map(str::to_owned));
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Code(code) => {
                let rest = &tokens[at + 1..];
                // What stands between two literals is one token, so each of these is followed by its literals.
                if let Some(expression) = attribute(code) {
                    literals_of_expression(expression, rest, b">").into_iter().for_each(&mut add);
                }
                if let Some((_, expression)) = code.rsplit_once("className = ") {
                    literals_of_expression(expression, rest, b";").into_iter().for_each(&mut add);
                }
                if code.contains("classList.") {
                    rest.first().and_then(Token::literal).into_iter().for_each(&mut add);
                }
                for named in code.split("class:").skip(1) {
                    let name = named.split(|c: char| !is_of_name(c)).next().unwrap_or_default();
                    if named[name.len()..].starts_with('=') {
                        add(name);
                    }
                }
                if let Some((_, expression)) = code.rsplit_once("let class = ") {
                    literals_of_expression(expression, rest, b";").into_iter().for_each(&mut add);
                }
                let tuples = code.rsplit_once("let (class, ").and_then(|(_, names)| names.split_once(" = "));
                if let Some((_, expression)) = tuples {
                    first_of_tuples(expression, rest).into_iter().for_each(&mut add);
                }
            }
            Token::Literal(literal) => {
                let words: Vec<&str> = literal.split(' ').collect();
                let is_list = words.iter().all(|word| !word.is_empty() && word.chars().all(is_of_name));
                let is_many = words.len() > 1 || literal.contains('-');
                if is_list && is_many && ruled.contains_key(words[0]) && is_argument(&tokens[..at]) {
                    add(literal);
                }
            }
        }
    }
    classes
}

/// What stands after the last `class=` of some code, and not of `data-class=`.
fn attribute(code: &str) -> Option<&str> {
    let (before, after) = code.rsplit_once("class=")?;
    let is_whole_name = !before.ends_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_');
    is_whole_name.then_some(after)
}

/// Ends what the code before it does not end.
static NOTHING: Token = Token::Code(String::new());

/// The literals from here to where the expression ends: at an `end` outside of its brackets, or where its attribute does.
fn literals_of_expression<'a>(code: &'a str, rest: &'a [Token], end: &[u8]) -> Vec<&'a str> {
    let mut depth = 0_i32;
    let mut found = Vec::new();
    let is_attribute = end == b">";
    let mut code = code;
    for token in rest.iter().chain([&NOTHING]) {
        let mut bytes = code.bytes().peekable();
        while let Some(byte) = bytes.next() {
            match byte {
                b'(' | b'{' | b'[' => depth += 1,
                b')' | b'}' | b']' => depth -= 1,
                // `=>` and `->` end nothing.
                b'=' | b'-' if bytes.peek() == Some(&b'>') => {
                    bytes.next();
                }
                _ => {}
            }
            let is_over =
                depth < 0 || (depth == 0 && (end.contains(&byte) || (is_attribute && byte.is_ascii_whitespace())));
            if is_over {
                return found;
            }
        }
        match token {
            Token::Literal(literal) => {
                found.push(literal.as_str());
                code = "";
            }
            Token::Code(next) => code = next,
        }
    }
    found
}

/// The first literal of each tuple, until the statement ends.
fn first_of_tuples<'a>(code: &'a str, rest: &'a [Token]) -> Vec<&'a str> {
    let all = literals_of_expression(code, rest, b";");
    let mut opens = code.trim_end().ends_with('(');
    let mut found = Vec::new();
    for token in rest {
        match token {
            Token::Code(code) => opens = code.trim_end().ends_with('('),
            Token::Literal(literal) if opens && all.iter().any(|known| std::ptr::eq(*known, literal.as_str())) => {
                found.push(literal.as_str());
            }
            Token::Literal(_) => {}
        }
    }
    found
}

fn is_argument(before: &[Token]) -> bool {
    matches!(before.last(), Some(Token::Code(code)) if code.trim_end().ends_with(['(', ',']))
}

#[derive(Debug, PartialEq)]
enum Token {
    /// What is between two literals, without its comments.
    Code(String),
    /// A string without its quotes.
    Literal(String),
}

impl Token {
    fn literal(&self) -> Option<&str> {
        match self {
            Token::Literal(literal) => Some(literal),
            Token::Code(_) => None,
        }
    }
}

/// Rust or JavaScript as code and literals in turn. Enough of both to find strings: raw ones, and a quote as a character, too.
fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut code = String::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if rest.starts_with("/*") {
            rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
        } else if let Some(hashes) = raw_string(rest, &code) {
            let end = format!("\"{}", "#".repeat(hashes));
            let inside = &rest[hashes + 2..];
            let length = inside.find(&end).unwrap_or(inside.len());
            tokens.extend([Token::Code(std::mem::take(&mut code)), Token::Literal(inside[..length].to_owned())]);
            rest = inside.get(length + end.len()..).unwrap_or_default();
        } else if first == '"' {
            let inside = &rest[1..];
            let length = closing_quote(inside);
            tokens.extend([Token::Code(std::mem::take(&mut code)), Token::Literal(inside[..length].to_owned())]);
            rest = inside.get(length + 1..).unwrap_or_default();
        } else if let Some(after) = rest.strip_prefix("'\"'") {
            rest = after;
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    tokens.push(Token::Code(code));
    tokens
}

/// How many `#` a raw string has that begins here.
fn raw_string(rest: &str, before: &str) -> Option<usize> {
    if before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let after = rest.strip_prefix('r')?;
    let hashes = after.bytes().take_while(|byte| *byte == b'#').count();
    after[hashes..].starts_with('"').then_some(hashes)
}

fn closing_quote(inside: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            '"' if !is_escaped => return at,
            _ => is_escaped = c == '\\' && !is_escaped,
        }
    }
    inside.len()
}

/// The classes in what a spec looks for: strings that are handed to `locator` and its like, or stand after `ready:` and `press:`.
fn classes_of_selectors(source: &str) -> BTreeSet<String> {
    const ASKED: [&str; 8] =
        ["locator(", "querySelector(", "querySelectorAll(", "closest(", "matches(", "all(", "ready: ", "press: "];
    let mut found = BTreeSet::new();
    for asked in ASKED {
        for part in source.split(asked).skip(1) {
            let quote = part.chars().next().filter(|first| ['"', '\''].contains(first));
            let text = quote.and_then(|quote| part[1..].split(quote).next());
            found.extend(text.into_iter().flat_map(classes_of_selector));
        }
    }
    found
}

/// Declarations of spaces, letters and corners with a length in rem of their own.
fn out_of_scale(sheet: &str) -> Vec<String> {
    const SCALED: [&str; 9] =
        ["gap", "padding", "margin", "font-size", "border-radius", "inset", "top", "left", "scroll-padding"];
    let sheet = without_comments(sheet);
    let is_of_token = |length: &str| {
        let digits = length.trim_end_matches("rem").rsplit(|c: char| c != '.' && !c.is_ascii_digit()).next();
        let length = format!("{}rem", digits.unwrap_or_default());
        OUT_OF_SCALE.iter().any(|(known, _)| *known == length)
    };
    let declarations = sheet.split(['{', '}', ';']).map(str::trim).filter(|text| {
        let property = text.split(':').next().unwrap_or_default();
        let is_scaled = SCALED.iter().any(|scaled| property == *scaled || property.starts_with(&format!("{scaled}-")));
        let lengths = text.split([' ', ',', '(', ')']).filter(|word| word.ends_with("rem"));
        is_scaled && lengths.into_iter().any(|length| !is_of_token(length))
    });
    declarations.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(classes: &[&str]) -> Places {
        classes.iter().map(|class| ((*class).to_owned(), "here".to_owned())).collect()
    }

    fn names(classes: BTreeSet<String>) -> Vec<String> {
        classes.into_iter().collect()
    }

    #[test]
    fn every_class_of_the_repository_has_a_rule_and_every_rule_its_class() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies inside the workspace");
        if let Err(error) = check(root) {
            panic!("{error:#}");
        }
    }

    #[test]
    fn a_class_without_a_rule_and_a_rule_without_a_class_are_named() {
        let mut used = places(&["card", "lost"]);
        used.extend(places(&WITHOUT_A_RULE.map(|(class, _)| class)));
        let found = differences(&places(&["card", "dead"]), &used);
        assert_eq!(found, ["here: the class lost has no rule in style/", "here: nothing has the class dead"]);
    }

    #[test]
    fn an_exception_that_has_a_rule_or_that_nothing_names_is_none() {
        let used = places(&["month-pair", "recorded"]);
        assert_eq!(differences(&places(&["recorded"]), &used), ["recorded is an exception no longer"]);
        assert_eq!(differences(&places(&[]), &places(&["recorded"])), ["month-pair is an exception no longer"]);
    }

    #[test]
    fn rules_are_read_without_comments_numbers_and_at_rules() {
        let sheet = "/* .not { } */ .a > :is(.b-c, p.d)::before { margin: .5em; content: \".e\"; }\n\
                     @media (min-width: 15.01em) { .f { gap: .2rem } }\n@keyframes g { 50.5% { top: 0 } }";
        assert_eq!(names(classes_of_rules(sheet)), ["a", "b-c", "d", "f"]);
    }

    #[test]
    fn a_view_names_its_classes_in_many_ways() {
        let ruled = places(&["badge", "row"]);
        let read = |source: &str| names(classes_of_views(source, &ruled));
        assert_eq!(read(r#"<p class="card primary" id="x">"#), ["card", "primary"]);
        assert_eq!(read(r#"<div class="undo" class:undo-said=move || !is()>"#), ["undo", "undo-said"]);
        assert_eq!(read(r#"<li class=is_saved.then_some("saved") id="x">"no class""#), ["saved"]);
        assert_eq!(read(r#"let class = if a { "x y" } else { "z" }; let other = "no";"#), ["x", "y", "z"]);
        assert_eq!(
            read(r#"let (class, role) = if a { ("x", "status") } else { ("y z", "alert") }; f("no")"#),
            ["x", "y", "z"]
        );
        assert_eq!(read(r#"let (class, text) = match (a, b) { (0, _) => ("x", t()), _ => ("y", t()) };"#), ["x", "y"]);
        assert_eq!(read(r#"words("badge lost", PICTURE, text("two words"))"#), ["badge", "lost"]);
        assert_eq!(read(r#"rect(now, "row-high", 12) + rect(now, "row", 1)"#), Vec::<String>::new());
        assert_eq!(names(classes_of_views(r#"rect(now, "row-high", 12)"#, &places(&["row-high"]))), ["row-high"]);
        assert_eq!(read(r#"element.className = "a b"; element.classList.add("c");"#), ["a", "b", "c"]);
    }

    #[test]
    fn what_only_looks_like_a_class_is_none() {
        let ruled = places(&["row"]);
        let read = |source: &str| names(classes_of_views(source, &ruled));
        assert_eq!(read("// class=\"comment\"\n/// <p class=\"doc\">"), Vec::<String>::new());
        assert_eq!(read(r#"<a href="x" class=class id="main">"#), Vec::<String>::new());
        assert_eq!(read(r#"let text = "row of words"; Some("row")"#), Vec::<String>::new());
        assert_eq!(read(r###"let svg = r##"<g class="no">"##; let quote = '"'; <p class="yes">"###), ["yes"]);
    }

    #[test]
    fn a_spec_that_looks_for_a_class_is_read() {
        let spec = r#"page.locator("a.card.primary:not(.x) > p").first(); document.querySelector('nav.bar a[href="/a.js"]');
            { ready: ".figures", path: "/not.this" }; row.locator(`.not-read`); Date.now(); element.closest("p:not(.row)")"#;
        assert_eq!(names(classes_of_selectors(spec)), ["bar", "card", "figures", "primary", "row", "x"]);
    }

    #[test]
    fn a_length_of_its_own_is_named_where_the_scale_holds() {
        assert_eq!(out_of_scale("a { padding: .7rem var(--s1); }"), ["padding: .7rem var(--s1)"]);
        assert_eq!(out_of_scale("a { font-size: clamp(1.5rem, 8vw, 2rem); }"), ["font-size: clamp(1.5rem, 8vw, 2rem)"]);
        let fine = "a { padding: var(--s2); min-height: 3.2rem; top: -12rem; --s1: .2rem; margin: 0 calc(var(--bar) + 7rem); }";
        assert_eq!(out_of_scale(fine), Vec::<String>::new());
    }
}
