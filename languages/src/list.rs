//! The list of languages, `domain/data/languages.csv`.

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    /// The BCP 47 tag, which is also the name of the file with the texts.
    pub tag: String,
    /// The language's own name for itself.
    pub own_name: String,
    pub state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Offered in the header; the build fails where a text is missing.
    Complete,
    /// Offered in the header; what is missing is in Finnish, and listed by the build.
    SwitchedOn,
    /// Being translated: only a demo server has it, and only for whoever asks for it by its address or cookie.
    Trial,
    /// As [`State::Trial`], and made from Finnish instead of read from a file.
    Pseudo,
}

impl Language {
    /// Whether the header shows it and a browser's wish is answered with it.
    pub fn is_offered(&self) -> bool {
        matches!(self.state, State::Complete | State::SwitchedOn)
    }

    /// The name of its variant in `domain::Lang`: `fi` is `Fi`, `qps-ploc` is `QpsPloc`.
    pub fn variant(&self) -> String {
        let capitalised = |part: &str| {
            let mut letters = part.chars();
            letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
        };
        self.tag.split('-').map(capitalised).collect()
    }
}

/// Reads the list. The first language is the one that the others fall back to.
pub fn languages(csv: &str) -> Result<Vec<Language>, String> {
    let mut lines = csv.lines();
    let header = lines.next().unwrap_or_default();
    if header != "tag,own_name,state" {
        return Err(format!("the first line of the list of languages is {header:?}"));
    }
    let languages = lines.map(language).collect::<Result<Vec<_>, _>>()?;
    match languages.first() {
        Some(first) if first.state == State::Complete => Ok(languages),
        _ => Err("the list of languages has to begin with a complete one".to_owned()),
    }
}

fn language(line: &str) -> Result<Language, String> {
    let fields: Vec<&str> = line.split(',').collect();
    let [tag, own_name, state] = fields[..] else { return Err(format!("not a language: {line:?}")) };
    let is_tag = !tag.is_empty() && tag.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
    if !is_tag || own_name.is_empty() {
        return Err(format!("not a language: {line:?}"));
    }
    let state = match state {
        "complete" => State::Complete,
        "switched-on" => State::SwitchedOn,
        "trial" => State::Trial,
        "pseudo" => State::Pseudo,
        other => return Err(format!("{tag}: {other:?} is not one of complete, switched-on, trial and pseudo")),
    };
    Ok(Language { tag: tag.to_owned(), own_name: own_name.to_owned(), state })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_a_line() {
        let list = "tag,own_name,state\nfi,Suomi,complete\nse,Davvisámegiella,switched-on\nqps-ploc,Pseudo,pseudo\n";
        let list = languages(list).expect("a list");
        assert_eq!(list.iter().map(Language::variant).collect::<Vec<_>>(), ["Fi", "Se", "QpsPloc"]);
        assert_eq!(list.iter().map(Language::is_offered).collect::<Vec<_>>(), [true, true, false]);
    }

    #[test]
    fn a_line_that_says_nothing_sensible_is_an_error() {
        for line in ["se,Davvisámegiella", "se,Davvisámegiella,soon", "SE,Davvisámegiella,trial", "se,,trial", ""] {
            assert!(languages(&format!("tag,own_name,state\nfi,Suomi,complete\n{line}\n")).is_err(), "{line}");
        }
        assert!(languages("tag,own_name,state\nse,Davvisámegiella,trial\n").is_err());
        assert!(languages("").is_err());
    }
}
