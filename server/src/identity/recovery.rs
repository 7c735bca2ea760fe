//! Recovery codes: ten for when no passkey is at hand, shown once, each used once.
//!
//! A code has 75 random bits and finds its person by itself; how long guessing takes is counted in [`super::guessing`]. Kept is its HMAC
//! under a key that is not in the database, so that a copy of the database is not enough to try codes at home.

use domain::UserId;

pub use super::typed_code::BadCode;
use super::{guessing::guess, proof, sign_in::Session, typed_code::TypedCode};
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
/// In three groups: `ABCDE-FGHJK-MNPQR`.
pub type Code = TypedCode<CODE_CHARS, GROUP_CHARS>;

fn hash(server: &Server, code: &Code) -> Vec<u8> {
    server.secret.hash("recovery code", code.bytes())
}

/// Makes a person's new set, in place of the one before. This is the only time that the codes are to be seen.
pub async fn new_set(server: &Server, session: &Session) -> Result<Vec<Code>, Problem> {
    let (user, by_mail) = (session.person.user, proof::is_by_mail(session));
    let codes: Vec<Code> = (0..CODES).map(|_| Code::random()).collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| hash(server, code)).collect();
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
    let hash = hash(server, &code);
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
    use domain::invitation_code::ALPHABET;

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
