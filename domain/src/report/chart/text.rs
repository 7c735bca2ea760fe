//! How wide a text is, where it is broken, and how it becomes safe in SVG. A drawing breaks no line by itself, and nobody can measure the
//! reader's letters, so widths are those of a wide face (DejaVu Sans): in another one there is some room left, and nothing is cut.

use super::scale::Tenths;

/// The most that a letter takes of its size, in thousandths; of a bold one a tenth more.
fn advance(c: char) -> i64 {
    match c {
        'i' | 'j' | 'l' | '\'' | '|' | '!' | 'í' | 'ì' | 'ï' => 300,
        ' ' | '\u{a0}' | '.' | ',' | ':' | ';' | '/' | '·' | 'I' | 'J' => 345,
        'f' | 't' | '-' => 395,
        'r' | '(' | ')' | '[' | ']' | '"' => 460,
        '–' => 500,
        'm' | '%' | '@' | 'W' | '—' | '…' => 1_000,
        'w' | 'M' | '+' | '=' | '<' | '>' | '−' | '×' | '&' => 870,
        'D' | 'G' | 'H' | 'N' | 'O' | 'Q' | 'Ö' | 'Õ' | 'Ø' => 790,
        'a'..='z' | '0'..='9' | 'ß'..='ÿ' => 640,
        'A'..='Z' | 'À'..='Þ' => 730,
        // Latin letters with other marks, as in Northern Sámi; then everything else, up to letters and signs as wide as two.
        'Ā'..='ɏ' => 790,
        ' '..='~' => 850,
        _ => 1_350,
    }
}

/// `size` and the result in tenths of a unit.
pub fn width(text: &str, size: Tenths, is_bold: bool) -> Tenths {
    let sum: i64 = text.chars().map(advance).sum();
    let sum = if is_bold { sum * 11 / 10 } else { sum };
    // Rounded up.
    (sum * size + 999) / 1_000
}

/// Lines that are not wider than `max`: broken at spaces, after hyphens and slashes, and a word that is wider by itself anywhere, with a
/// hyphen. Nothing of the text is left out.
pub fn wrap(text: &str, max: Tenths, size: Tenths, is_bold: bool) -> Vec<String> {
    let fits = |text: &str| width(text, size, is_bold) <= max;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let begun = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if fits(&begun) {
            line = begun;
            continue;
        }
        let mut is_first = true;
        for part in word.split_inclusive(['-', '–', '/']) {
            let space = if is_first && !line.is_empty() { " " } else { "" };
            is_first = false;
            let begun = format!("{line}{space}{part}");
            if fits(&begun) {
                line = begun;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            let mut letters = part.chars().peekable();
            while let Some(c) = letters.next() {
                // A letter that is not the last one leaves room for a hyphen. At least one letter a line, however narrow it is.
                let begun = format!("{line}{c}");
                let is_room = if letters.peek().is_none() { fits(&begun) } else { fits(&format!("{begun}-")) };
                if !line.is_empty() && !is_room {
                    let rest = line.split_off(syllable(&line, c, letters.peek().copied()));
                    line.push('-');
                    lines.push(std::mem::replace(&mut line, rest));
                }
                line.push(c);
            }
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Where a word is broken that does not go on with `next` and what follows: before the last consonant that has a vowel after it, as
/// Finnish does, and at the end where there is none near.
fn syllable(line: &str, next: char, after: Option<char>) -> usize {
    const NEAR: usize = 6;
    let is_vowel = |c: char| "aeiouyåäöAEIOUYÅÄÖ".contains(c);
    let begins = |c: char, then: Option<char>| c.is_alphabetic() && !is_vowel(c) && then.is_some_and(is_vowel);
    if begins(next, after) {
        return line.len();
    }
    let mut then = next;
    for (at, c) in line.char_indices().rev().take(NEAR) {
        // Two letters at least stay in the line.
        if begins(c, Some(then)) && line[..at].chars().nth(1).is_some() {
            return at;
        }
        then = c;
    }
    line.len()
}

/// As text or in an attribute: no markup, and no character that XML forbids.
pub fn push_escaped(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
}

/// [`push_escaped`] of one text.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_escaped(text, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_long_finnish_word_is_broken_and_never_cut() {
        let lines = wrap("Maahanmuuttajataustaisten naisten keskusteluryhmä", 1_000, 130, false);
        assert_eq!(lines, ["Maahanmuut-", "tajataustais-", "ten naisten", "keskustelu-", "ryhmä"]);
        assert_eq!(wrap("Äiti-lapsikerho", 800, 130, false), ["Äiti-", "lapsikerho"]);
        assert_eq!(wrap("", 1_000, 130, false), [""]);
    }

    #[test]
    fn what_somebody_typed_is_never_markup() {
        let mut out = String::new();
        push_escaped("<script>alert('\u{0}\"&')</script>", &mut out);
        assert_eq!(out, "&lt;script&gt;alert(&#39; &quot;&amp;&#39;)&lt;/script&gt;");
    }

    proptest! {
        #[test]
        fn every_letter_is_on_some_line_and_no_line_is_too_wide(text in "[a-zäöA-Z0-9 –/-]{0,60}", max in 300_i64..3_000) {
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>();
            let lines = wrap(&text, max, 130, true);
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
            for line in lines {
                prop_assert!(width(&line, 130, true) <= max, "{}", line);
            }
        }
    }
}
