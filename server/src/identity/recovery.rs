//! Recovery codes: ten for when no passkey is at hand, shown once, each used once.
//!
//! A code has 75 random bits and finds its person by itself; how long guessing takes is counted in [`super::guessing`]. Kept is its HMAC
//! under a key that is not in the database, so that a copy of the database is not enough to try codes at home.

use domain::{
    UserId,
    invitation_code::{ALPHABET, is_of_code, meant},
};

use super::{guessing::guess, proof, secret, sign_in::Session};
use crate::{
    Server,
    http::{client_address::ClientAddress, problem::Problem},
    store::{Act, Way},
};

/// Codes in a set.
pub const CODES: usize = 10;
/// Characters of a code, of five bits each.
pub const CODE_CHARS: usize = 15;
/// Characters of each of the three groups.
const GROUP_CHARS: usize = 5;
/// Most of a typed code that is read, in bytes.
const TYPED_BYTES_MAX: usize = 100;

/// Why a code was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadCode {
    /// So many characters, and not fifteen.
    Length(usize),
    /// It is nobody's, was used, or has a character that no code has: it does not say which.
    Wrong,
}

/// A code as it is kept and compared.
#[derive(Clone, PartialEq, Eq)]
pub struct Code([u8; CODE_CHARS]);

impl Code {
    fn random() -> Code {
        let mut text = [0; CODE_CHARS];
        // A byte each: 256 is a multiple of 32, so that each character is as likely as any other.
        for (character, byte) in text.iter_mut().zip(secret::random()) {
            *character = ALPHABET[usize::from(byte) & 31];
        }
        Code(text)
    }

    /// Reads a code however it was typed: in lower case, with spaces and dashes anywhere, with o for 0 and with i or l for 1.
    pub fn parse(typed: &str) -> Result<Code, BadCode> {
        if typed.len() > TYPED_BYTES_MAX {
            return Err(BadCode::Wrong);
        }
        let typed: Vec<char> = typed.chars().filter(|c| is_of_code(*c)).collect();
        if typed.len() != CODE_CHARS {
            return Err(BadCode::Length(typed.len()));
        }
        let mut text = [0; CODE_CHARS];
        for (character, c) in text.iter_mut().zip(typed) {
            let known = u8::try_from(meant(c)).ok().filter(|meant| ALPHABET.contains(meant));
            *character = known.ok_or(BadCode::Wrong)?;
        }
        Ok(Code(text))
    }

    fn hash(&self, server: &Server) -> Vec<u8> {
        server.secret.hash("recovery code", &self.0)
    }
}

/// In three groups: `ABCDE-FGHJK-MNPQR`.
impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            let dash = if index > 0 && index.is_multiple_of(GROUP_CHARS) { "-" } else { "" };
            write!(f, "{dash}{}", char::from(*byte))?;
        }
        Ok(())
    }
}

/// A code is in no log, and in no failed test's words.
impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(…)")
    }
}

/// Makes a person's new set, in place of the one before. This is the only time that the codes are to be seen.
pub async fn new_set(server: &Server, session: &Session) -> Result<Vec<Code>, Problem> {
    let (user, by_mail) = (session.person.user, proof::is_by_mail(session));
    let codes: Vec<Code> = (0..CODES).map(|_| Code::random()).collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| code.hash(server)).collect();
    server
        .store
        .set_recovery_codes(user, &hashes, by_mail, server.entry(Some(user), Act::RecoveryCodesMade, Some(user.uuid())))
        .await?;
    Ok(codes)
}

/// Uses a code up and says whose it was, and by which way they come: one that was made by e-mail proves no more than that. Where `only` is somebody, another person's code is as wrong as any, and is not used up.
///
/// A right code and a wrong one go the same way up to the look-up, which only reads.
///
/// # Errors
/// [`Problem::TooMany`] for an address with too many wrong ones, of which too many wait.
pub async fn use_up(
    server: &Server,
    client: ClientAddress,
    typed: &str,
    only: Option<UserId>,
) -> Result<Result<(UserId, Way), BadCode>, Problem> {
    let code = match Code::parse(typed) {
        Ok(code) => code,
        Err(bad) => return Ok(Err(bad)),
    };
    let hash = code.hash(server);
    let look = async {
        let owner = server.store.recovery_code(&hash).await?;
        Ok(owner.filter(|(user, _)| only.is_none_or(|only| only == *user)))
    };
    let Some((user, by_mail)) = guess(server, client, look).await? else { return Ok(Err(BadCode::Wrong)) };
    let used = server
        .store
        .use_recovery_code(user, &hash, server.entry(Some(user), Act::RecoveryCodeUsed, Some(user.uuid())))
        .await?;
    let way = if by_mail { Way::Email } else { Way::Recovery };
    Ok(used.map(|_| (user, way)).ok_or(BadCode::Wrong))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        for _ in 0..100 {
            let code = Code::random();
            let shown = code.to_string();
            assert_eq!((shown.len(), shown.find('-')), (CODE_CHARS + 2, Some(GROUP_CHARS)));
            let spoilt = shown.to_lowercase().replace('0', "o").replace('1', "l").replace('-', "  ");
            assert!(Code::parse(&shown) == Ok(code.clone()) && Code::parse(&spoilt) == Ok(code));
        }
        let problem = |typed: &str| Code::parse(typed).err();
        assert_eq!(problem("7K3FQ-M0N1P-T5X2"), Some(BadCode::Length(14)));
        assert_eq!(problem(""), Some(BadCode::Length(0)));
        assert_eq!(
            (problem("7K3FQ-M0N1P-T5X2U"), problem(&"7".repeat(101))),
            (Some(BadCode::Wrong), Some(BadCode::Wrong))
        );
    }

    #[test]
    fn codes_differ_and_use_every_character() {
        let all: String = (0..500).map(|_| Code::random().to_string()).collect();
        assert!(ALPHABET.iter().all(|character| all.contains(char::from(*character))));
        assert!(Code::random() != Code::random());
    }
}
