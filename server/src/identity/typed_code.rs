//! Codes that somebody reads in one place and types in another.

use std::fmt;

use domain::invitation_code::{ALPHABET, is_of_code, meant};

use super::secret;

/// Most of a typed code that is read, in bytes.
const TYPED_BYTES_MAX: usize = 100;

/// Why a code was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadCode {
    /// So many characters, and not as many as a code has.
    Length(usize),
    /// It is nobody's, another one, too late or used up, or has a character that no code has: it does not say which.
    Wrong,
}

/// A code of so many characters, of five bits each, as it is kept and compared. It is shown in groups of `GROUP` characters.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedCode<const CHARS: usize, const GROUP: usize>([u8; CHARS]);

impl<const CHARS: usize, const GROUP: usize> TypedCode<CHARS, GROUP> {
    pub fn random() -> Self {
        let random = secret::random();
        const { assert!(CHARS <= 32, "a random byte for each character") };
        // A byte each: 256 is a multiple of 32, so that each character is as likely as any other.
        TypedCode(std::array::from_fn(|index| ALPHABET[usize::from(random[index]) & 31]))
    }

    /// Reads a code however it was typed: in lower case, with spaces and dashes anywhere, with o for 0 and with i or l for 1.
    pub fn parse(typed: &str) -> Result<Self, BadCode> {
        if typed.len() > TYPED_BYTES_MAX {
            return Err(BadCode::Wrong);
        }
        let typed: Vec<char> = typed.chars().filter(|c| is_of_code(*c)).collect();
        if typed.len() != CHARS {
            return Err(BadCode::Length(typed.len()));
        }
        let mut text = [0; CHARS];
        for (character, c) in text.iter_mut().zip(typed) {
            let known = u8::try_from(meant(c)).ok().filter(|meant| ALPHABET.contains(meant));
            *character = known.ok_or(BadCode::Wrong)?;
        }
        Ok(TypedCode(text))
    }

    /// Its characters, without what stands between the groups.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// In groups: `ABCDE-FGHJK-MNPQR`.
impl<const CHARS: usize, const GROUP: usize> fmt::Display for TypedCode<CHARS, GROUP> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            let dash = if index > 0 && index.is_multiple_of(GROUP) { "-" } else { "" };
            write!(f, "{dash}{}", char::from(*byte))?;
        }
        Ok(())
    }
}

/// A code is in no log, and in no failed test's words.
impl<const CHARS: usize, const GROUP: usize> fmt::Debug for TypedCode<CHARS, GROUP> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}
