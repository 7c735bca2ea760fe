//! An invitation as it is typed or pasted: twelve characters in two groups, or the link itself.
//!
//! The alphabet is Crockford's base 32 (<https://www.crockford.com/base32.html>): no I, L, O or U, and whoever types `i`, `l` or `o` means
//! 1, 1 or 0.

use std::fmt;

/// Characters of a code; of five bits each, 60 in all.
pub const CODE_CHARS: usize = 12;
/// Characters of each of the two groups.
pub const GROUP_CHARS: usize = 6;
/// Characters of a link's token: 128 bits in base 64 for addresses, without padding.
pub const TOKEN_CHARS: usize = 22;

/// Of Crockford's base 32, in the order of the values.
pub const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code that can have been given out: whether it was is for the server to say.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct InvitationCode([u8; CODE_CHARS]);

/// Why what was typed is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeProblem {
    /// So many characters, and not twelve.
    Length(usize),
    /// No code has this character, as it was typed.
    Character(char),
}

impl InvitationCode {
    /// The code of the lowest 60 of random bits.
    pub fn from_bits(bits: u64) -> InvitationCode {
        let mut text = [0; CODE_CHARS];
        for (place, character) in text.iter_mut().rev().enumerate() {
            *character = ALPHABET[(bits >> (5 * place)) as usize & 31];
        }
        InvitationCode(text)
    }

    /// Reads a code in lower or upper case, with or without its dash, with spaces anywhere, with o for 0 and with i or l for 1.
    pub fn parse(typed: &str) -> Result<InvitationCode, CodeProblem> {
        let mut text = [0; CODE_CHARS];
        let mut count = 0;
        for c in typed.chars().filter(|c| is_of_code(*c)) {
            let known = u8::try_from(meant(c)).ok().filter(|meant| ALPHABET.contains(meant));
            let known = known.ok_or(CodeProblem::Character(c))?;
            if let Some(place) = text.get_mut(count) {
                *place = known;
            }
            count += 1;
        }
        if count == CODE_CHARS { Ok(InvitationCode(text)) } else { Err(CodeProblem::Length(count)) }
    }

    /// The twelve characters without the dash: what a server makes its hash of.
    pub fn canonical(&self) -> String {
        self.0.iter().map(|byte| char::from(*byte)).collect()
    }
}

/// In two groups: `ABCDEF-GHJKMN`.
impl fmt::Display for InvitationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.canonical();
        let (first, second) = text.split_at(GROUP_CHARS);
        write!(f, "{first}-{second}")
    }
}

/// Whoever has a code can join: it is in no log.
impl fmt::Debug for InvitationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationCode(…)")
    }
}

/// What stands between characters counts for nothing: spaces, and dashes of every length.
pub fn is_of_code(c: char) -> bool {
    !(c.is_whitespace() || matches!(c, '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '_' | '.' | ','))
}

/// The character of the alphabet that somebody means who types this one, as far as there is one.
pub fn meant(c: char) -> char {
    match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}

/// A code while it is being typed: in upper case, in two groups, and with the caret behind the character that it was behind. Positions are
/// those of a browser, in UTF-16 units. What no code has is left for [`InvitationCode::parse`] to name.
pub fn in_groups(typed: &str, caret: usize) -> (String, usize) {
    let mut text = String::new();
    let (mut count, mut at, mut new_caret) = (0, 0, 0);
    for c in typed.chars() {
        let is_before_caret = at < caret;
        at += c.len_utf16();
        if is_of_code(c) {
            if count == GROUP_CHARS {
                text.push('-');
            }
            text.push(meant(c));
            count += 1;
        }
        if is_before_caret {
            new_caret = text.encode_utf16().count();
        }
    }
    (text, new_caret)
}

/// An invitation as the server is asked about it.
#[derive(Clone, PartialEq, Eq)]
pub enum Invitation {
    /// Of a link.
    Token(String),
    Code(InvitationCode),
}

impl Invitation {
    /// Reads what was typed or pasted: a code, a link, or what a link has behind its `#`.
    pub fn parse(typed: &str) -> Result<Invitation, CodeProblem> {
        let tail = typed.rsplit_once('#').map_or(typed, |(_, tail)| tail);
        match is_token(tail.trim()) {
            true => Ok(Invitation::Token(tail.trim().to_owned())),
            false => InvitationCode::parse(typed).map(Invitation::Code),
        }
    }
}

/// Whether a text can be a link's token.
pub fn is_token(text: &str) -> bool {
    text.len() == TOKEN_CHARS && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(typed: &str) -> Result<String, CodeProblem> {
        InvitationCode::parse(typed).map(|code| code.to_string())
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        for typed in
            ["7K3FQ9-M0N1PT", "7k3fq9m0n1pt", " 7K3 FQ9 – moN lpt ", "7K3F-Q9MO-NIPT", "7k3fq9\u{a0}m0n\u{2011}1pt"]
        {
            assert_eq!(read(typed).as_deref(), Ok("7K3FQ9-M0N1PT"), "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_is_told_with_what_is_wrong() {
        assert_eq!(read(""), Err(CodeProblem::Length(0)));
        assert_eq!(read("7K3FQ9-M0N1P"), Err(CodeProblem::Length(11)));
        assert_eq!(read("7K3FQ9-M0N1PTX"), Err(CodeProblem::Length(13)));
        assert_eq!(read("7K3FQ9-M0u1PT"), Err(CodeProblem::Character('u')));
        assert_eq!(read("7K3FQ9-M0Ä1PT"), Err(CodeProblem::Character('Ä')));
        assert_eq!(read("7K3FQ9-M0😀1PT"), Err(CodeProblem::Character('😀')));
    }

    #[test]
    fn sixty_bits_are_a_code_and_the_rest_does_not_count() {
        assert_eq!(InvitationCode::from_bits(0).to_string(), "000000-000000");
        assert_eq!(InvitationCode::from_bits(u64::MAX).to_string(), "ZZZZZZ-ZZZZZZ");
        assert_eq!(InvitationCode::from_bits(1 << 60).to_string(), "000000-000000");
        assert_eq!(InvitationCode::from_bits(0b00001_00010).to_string(), "000000-000012");
        assert_eq!(format!("{:?}", InvitationCode::from_bits(7)), "InvitationCode(…)");
    }

    #[test]
    fn while_it_is_typed_it_stands_in_groups_and_the_caret_stays_where_it_was() {
        // What is in the field, with the caret as `|`, and what it becomes.
        for (typed, shown) in [
            ("|", "|"),
            ("7k|", "7K|"),
            ("7k3fq9|", "7K3FQ9|"),
            ("7k3fq9m|", "7K3FQ9-M|"),
            ("7K3FQ9-M|", "7K3FQ9-M|"),
            // The dash was rubbed out; the next one takes a character.
            ("7K3FQ9|M0", "7K3FQ9|-M0"),
            ("7K3FQ9-|", "7K3FQ9|"),
            // One more in the first group pushes its last one over.
            ("7Kx|3FQ9-M0", "7KX|3FQ-9M0"),
            ("o|il", "0|11"),
            ("7K3FQ9 -  m0n|1pt", "7K3FQ9-M0N|1PT"),
            ("7K3FQ9-M😀|0", "7K3FQ9-M😀|0"),
        ] {
            let (before, after) = typed.split_once('|').expect("a caret");
            let (text, caret) = in_groups(&format!("{before}{after}"), before.encode_utf16().count());
            let units: Vec<u16> = text.encode_utf16().collect();
            let halves = [&units[..caret], &units[caret..]].map(String::from_utf16_lossy);
            assert_eq!(halves.join("|"), shown, "{typed}");
        }
    }

    #[test]
    fn a_link_may_be_pasted_in_a_codes_place() {
        let token = "AbCdEfGhIjKlMnOpQr_-0w";
        let is_token = |typed: &str| Invitation::parse(typed) == Ok(Invitation::Token(token.to_owned()));
        assert!(is_token(&format!("https://hyte.example/app/kutsu#{token}")));
        assert!(is_token(&format!(" {token}\n")));
        assert!(is_token(&format!("Tule mukaan! https://hyte.example/app/kutsu#{token} ")));
        let code = InvitationCode::parse("7K3FQ9-M0N1PT").map(Invitation::Code);
        assert!(Invitation::parse("7k3fq9 m0n1pt") == code);
        assert!(Invitation::parse("https://hyte.example/app/kutsu#7K3F").is_err());
    }

    proptest! {
        #[test]
        fn every_code_is_read_back(bits: u64) {
            let code = InvitationCode::from_bits(bits);
            prop_assert_eq!(InvitationCode::parse(&code.to_string()), Ok(code));
            prop_assert_eq!(InvitationCode::parse(&code.canonical().to_lowercase()), Ok(code));
        }

        #[test]
        fn grouping_twice_changes_nothing_and_the_code_is_the_same(typed in "\\PC{0,20}", caret in 0_usize..30) {
            let (once, at) = in_groups(&typed, caret);
            prop_assert_eq!(in_groups(&once, at).0, once.clone());
            prop_assert!(at <= once.encode_utf16().count());
            let (before, after) = (InvitationCode::parse(&typed).ok(), InvitationCode::parse(&once).ok());
            prop_assert_eq!(before, after);
        }
    }
}
