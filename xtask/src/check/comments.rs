//! The comments of a source file, line by line.

/// How a language marks its comments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Syntax {
    /// `// …` to the end of the line, and `/* … */`: Rust, JavaScript; CSS has the second only, which does no harm here
    Slashes,
    /// `-- …`: SQL
    Dashes,
    /// `# …`: TOML, YAML, shell
    Hash,
}

/// The syntax of a file by its name, where it has comments that are checked.
pub fn syntax(file: &str) -> Option<Syntax> {
    let name = file.rsplit('/').next().unwrap_or(file);
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("rs" | "js" | "mjs" | "css") => Some(Syntax::Slashes),
        Some("sql") => Some(Syntax::Dashes),
        Some("toml" | "yml" | "gitignore") => Some(Syntax::Hash),
        _ if file == ".ci/run" => Some(Syntax::Hash),
        _ => None,
    }
}

/// The text as it is, but for everything outside comments, which is left out: lines keep their numbers.
pub fn only_comments(text: &str, syntax: Syntax) -> String {
    let mut comments = String::new();
    let mut in_block = false;
    for line in text.lines() {
        let mut rest = line;
        loop {
            if in_block {
                let end = rest.find("*/");
                comments.push_str(&rest[..end.unwrap_or(rest.len())]);
                let Some(end) = end else { break };
                in_block = false;
                rest = &rest[end + 2..];
            } else if let Some(comment) = to_the_end_of_the_line(rest, syntax) {
                comments.push_str(comment);
                break;
            } else if let Some(start) = rest.find("/*").filter(|_| syntax == Syntax::Slashes) {
                in_block = true;
                rest = &rest[start + 2..];
            } else {
                break;
            }
        }
        comments.push('\n');
    }
    comments
}

/// The comment that goes on to the end of the line. It stands first or after a space: `https://…` in a string begins none.
fn to_the_end_of_the_line(line: &str, syntax: Syntax) -> Option<&str> {
    let mark = match syntax {
        Syntax::Slashes => "//",
        Syntax::Dashes => "--",
        Syntax::Hash => "#",
    };
    let stands_alone = |&(start, _): &(usize, &str)| line[..start].chars().next_back().is_none_or(char::is_whitespace);
    let (start, _) = line.match_indices(mark).find(stands_alone)?;
    Some(line[start..].trim_start_matches(['/', '!', '-', '#']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comments_of_rust_are_found_and_its_strings_are_not() {
        let text = "//! One.\nlet url = \"https://example.fi/a.rs\"; // two\n/// Three.\nfn four() {}\n";
        assert_eq!(only_comments(text, Syntax::Slashes), " One.\n two\n Three.\n\n");
    }

    #[test]
    fn a_comment_over_several_lines_keeps_the_numbers_of_its_lines() {
        let text = ".a { color: red } /* one\n two */ .b {}\n.c { /* three */ }\n";
        assert_eq!(only_comments(text, Syntax::Slashes), " one\n two \n three \n");
    }

    #[test]
    fn sql_and_toml_have_their_own_marks() {
        assert_eq!(only_comments("-- one\nselect 1 -- two\n", Syntax::Dashes), " one\n two\n");
        assert_eq!(only_comments("# one\na = 1 # two\nb = \"c#d\"\n", Syntax::Hash), " one\n two\n\n");
    }

    #[test]
    fn the_syntax_follows_from_the_name() {
        assert_eq!(syntax("app/src/lib.rs"), Some(Syntax::Slashes));
        assert_eq!(syntax("server/migrations/sqlite/0001_records.sql"), Some(Syntax::Dashes));
        assert_eq!(syntax(".ci/run"), Some(Syntax::Hash));
        assert_eq!(syntax("docs/SYNC.md"), None);
        assert_eq!(syntax("public/icon.svg"), None);
    }
}
