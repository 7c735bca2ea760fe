//! The file of a language: the small part of TOML that a list of texts needs, with each text's note.
//!
//! ```toml
//! [volunteer]
//! # Under the counter, when the number is far above last time's.
//! # {count}: what was typed
//! # {last}: last time's number
//! much_more = "Viime kerralla {last}. Onko {count} oikein?"
//! ```
//!
//! A parser of TOML would drop the comments, and with them the notes and the order of the arguments.

/// A text as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The heading, such as `volunteer` or `server.coordinator`.
    pub heading: String,
    pub key: String,
    /// The comment above it, without what is said of the arguments.
    pub note: String,
    /// The arguments that the comment explains, in the order of the function's parameters.
    pub arguments: Vec<Argument>,
    pub text: String,
    /// Counted from one.
    pub number: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    pub name: String,
    /// A language may leave it out: `{name}?` in the note.
    pub is_optional: bool,
}

/// Reads a file; each mistake is one line, with its place.
pub fn parse(file: &str) -> Result<Vec<Line>, Vec<String>> {
    let (mut lines, mut mistakes) = (Vec::new(), Vec::new());
    let mut heading = String::new();
    let (mut note, mut arguments): (Vec<&str>, Vec<Argument>) = (Vec::new(), Vec::new());
    for (index, line) in file.lines().enumerate() {
        let (number, line) = (index + 1, line.trim());
        if let Some(comment) = line.strip_prefix('#') {
            match argument(comment.trim()) {
                Some(argument) => arguments.push(argument),
                None => note.push(comment.trim()),
            }
            continue;
        }
        if let Some((key, value)) = line.split_once('=') {
            let key = key.trim();
            match text(value.trim()) {
                Ok(text) if is_name(key) && !heading.is_empty() => lines.push(Line {
                    heading: heading.clone(),
                    key: key.to_owned(),
                    note: note.join(" "),
                    arguments: std::mem::take(&mut arguments),
                    text,
                    number,
                }),
                Ok(_) => mistakes.push(format!("line {number}: {key:?} is not a name under a heading")),
                Err(why) => mistakes.push(format!("line {number}: {key}: {why}")),
            }
        } else if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            heading = name.to_owned();
        } else if !line.is_empty() {
            mistakes.push(format!("line {number}: neither a heading, a comment nor a text"));
        }
        // A comment belongs to the text right below it.
        note.clear();
        arguments.clear();
    }
    if mistakes.is_empty() { Ok(lines) } else { Err(mistakes) }
}

/// `{name}: what it is` or, where a language may leave it out, `{name}?: what it is`.
fn argument(comment: &str) -> Option<Argument> {
    let (name, after) = comment.strip_prefix('{')?.split_once('}')?;
    let is_optional = after.starts_with("?:");
    let is_argument = is_name(name) && (is_optional || after.starts_with(':'));
    is_argument.then(|| Argument { name: name.to_owned(), is_optional })
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// A TOML basic string: in quotes, with `\"`, `\\` and `\uXXXX`.
fn text(value: &str) -> Result<String, String> {
    let inner = value.strip_prefix('"').ok_or("the text is not in quotes")?;
    let mut letters = inner.chars();
    let mut out = String::new();
    loop {
        match letters.next().ok_or("the text has no closing quote")? {
            '"' => break,
            '\\' => out.push(escaped(&mut letters)?),
            letter => out.push(letter),
        }
    }
    match letters.as_str().trim() {
        "" => Ok(out),
        _ => Err("something stands after the text; a quote inside it is written \\\"".to_owned()),
    }
}

fn escaped(letters: &mut std::str::Chars<'_>) -> Result<char, String> {
    match letters.next() {
        Some(letter @ ('"' | '\\')) => Ok(letter),
        Some('u') => {
            let digits: String = letters.take(4).collect();
            let letter = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
            letter.filter(|letter| !letter.is_control()).ok_or_else(|| format!("\\u{digits} is no letter"))
        }
        other => Err(format!("\\{} is not known; there are \\\", \\\\ and \\u00a0", other.unwrap_or_default())),
    }
}

/// The pieces of a text: words, and the arguments between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Words(&'a str),
    Argument(&'a str),
}

/// Takes a text apart; none where its braces do not match.
pub fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        if words.contains('}') || !is_name(name) {
            return None;
        }
        pieces.extend([Piece::Words(words), Piece::Argument(name)]);
        rest = after;
    }
    pieces.push(Piece::Words(rest));
    (!rest.contains('}')).then_some(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_its_heading_its_note_and_its_arguments_in_the_notes_order() {
        let file = "[a]\n\n# Not of the text below.\n\n# On Home.\n# Short.\n# {last}: then\n# {count}?: now\nmuch_more = \"{count} \\\"\\u00a0{last}\"\nother=\"=\"\n";
        let lines = parse(file).expect("a file");
        assert_eq!(lines[0].note, "On Home. Short.");
        let arguments = lines[0].arguments.iter().map(|argument| (argument.name.as_str(), argument.is_optional));
        assert_eq!(arguments.collect::<Vec<_>>(), [("last", false), ("count", true)]);
        assert_eq!((lines[0].text.as_str(), lines[0].number), ("{count} \"\u{a0}{last}", 9));
        assert_eq!((lines[1].text.as_str(), lines[1].note.as_str(), lines[1].arguments.len()), ("=", "", 0));
    }

    #[test]
    fn each_mistake_is_told_with_its_line() {
        let file = "lost = \"x\"\n[a]\nhome = Koti\nend = \"Koti\nfour = \"\\x\"\nnul = \"\\u0000\"\nBad = \"x\"\nwords\ntwo = \"a\" \"b\"\n";
        let mistakes = parse(file).expect_err("mistakes");
        let places: Vec<&str> = mistakes.iter().filter_map(|mistake| mistake.split(':').next()).collect();
        let all = ["line 1", "line 3", "line 4", "line 5", "line 6", "line 7", "line 8", "line 9"];
        assert_eq!(places, all, "{mistakes:?}");
    }

    #[test]
    fn a_text_is_words_and_arguments() {
        use Piece::{Argument, Words};
        assert_eq!(pieces("a {b}c"), Some(vec![Words("a "), Argument("b"), Words("c")]));
        for text in ["a {b", "a }b", "{}", "{a b}", "{a}}", "}{a}"] {
            assert_eq!(pieces(text), None, "{text}");
        }
    }
}
