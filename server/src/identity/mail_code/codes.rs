//! Codes that were sent and wait to be typed.

use std::collections::HashMap;

use domain::UserId;
use uuid::Uuid;

use crate::identity::{secret::Secret, typed_code::TypedCode};

/// Characters of a code, of five bits each.
pub const CODE_CHARS: usize = 8;
/// Characters of each of the two groups.
const GROUP_CHARS: usize = 4;
/// From the request to the last moment at which the code is taken, milliseconds.
pub const LASTS_MS: i64 = 10 * 60 * 1000;
/// After so many wrong guesses a code is worth nothing.
pub const WRONG_MAX: u32 = 5;
/// Codes that wait, 300 bytes each. Only known addresses have codes, five an hour each: 10,000 are of 2,000 reviewers at once.
const WAITING_MAX: usize = 10_000;

/// In two groups: `ABCD-EFGH`.
pub type Code = TypedCode<CODE_CHARS, GROUP_CHARS>;

/// Where a code may be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// By the hash of its cookie: whoever signs in there.
    Browser([u8; 32]),
    /// By whoever confirms their address with this sign-in.
    SignIn(Uuid),
}

impl Place {
    /// The hash of a code for this place: the same code elsewhere is another one.
    pub fn hash(&self, secret: &Secret, code: &Code) -> Vec<u8> {
        match self {
            Place::Browser(browser) => secret.hash("mail code", &[&browser[..], code.bytes()].concat()),
            Place::SignIn(id) => secret.hash("mail address", &[&id.as_bytes()[..], code.bytes()].concat()),
        }
    }
}

/// A code that was typed rightly.
#[derive(Clone, PartialEq, Eq)]
pub struct Waited {
    pub user: UserId,
    /// To which it was sent.
    pub address: String,
}

/// An address is in no log.
impl std::fmt::Debug for Waited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Waited({})", self.user)
    }
}

#[derive(Debug)]
struct One {
    hash: Vec<u8>,
    waited: Waited,
    asked_ms: i64,
    wrong: u32,
}

impl One {
    fn is_good(&self, now_ms: i64) -> bool {
        (0..LASTS_MS).contains(&(now_ms - self.asked_ms))
    }
}

/// The codes: one for a place.
#[derive(Debug, Default)]
pub struct Waiting(HashMap<Place, One>);

impl Waiting {
    /// Adds a code in place of the one before. False where there is no room.
    pub fn add(&mut self, place: Place, hash: Vec<u8>, user: UserId, address: String, asked_ms: i64) -> bool {
        if self.0.len() >= WAITING_MAX {
            self.0.retain(|_, one| one.is_good(asked_ms));
        }
        let has_room = self.0.len() < WAITING_MAX;
        if has_room {
            self.0.insert(place, One { hash, waited: Waited { user, address }, asked_ms, wrong: 0 });
        }
        has_room
    }

    /// The code of a place, where it is this one. It is then gone, and so is one that was guessed wrongly too often.
    pub fn take(&mut self, place: &Place, hash: &[u8], now_ms: i64) -> Option<Waited> {
        let one = self.0.get_mut(place)?;
        // HMACs: how long comparing them takes tells nothing of what would be right.
        if one.is_good(now_ms) && one.hash == hash {
            return self.0.remove(place).map(|one| one.waited);
        }
        one.wrong += 1;
        if one.wrong >= WRONG_MAX || !one.is_good(now_ms) {
            self.0.remove(place);
        }
        None
    }

    /// Removes the code of a place, where it is this one and nobody has guessed at it. False where there is none such.
    pub fn remove_untouched(&mut self, place: &Place, hash: &[u8]) -> bool {
        let is_untouched = self.0.get(place).is_some_and(|one| one.hash == hash && one.wrong == 0);
        is_untouched && self.0.remove(place).is_some()
    }

    pub fn remove(&mut self, place: &Place) {
        self.0.remove(place);
    }

    /// Drops all codes of a person.
    pub fn forget(&mut self, user: UserId) {
        self.0.retain(|_, one| one.waited.user != user);
    }

    /// Where the code of a place was sent.
    pub fn address(&self, place: &Place, now_ms: i64) -> Option<String> {
        self.0.get(place).filter(|one| one.is_good(now_ms)).map(|one| one.waited.address.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{
        mail_code::asked::{ADDRESS_DAY_MAX, RESERVE_DAY_MAX},
        typed_code::BadCode,
    };

    const RAUHA: UserId = UserId::from_bytes([1; 16]);
    const HERE: Place = Place::Browser([1; 32]);
    const NOW_MS: i64 = 1_000_000;

    fn sent(waiting: &mut Waiting, place: Place) -> Vec<u8> {
        let hash = place.hash(&Secret::new([7; 32]), &Code::random());
        assert!(waiting.add(place, hash.clone(), RAUHA, "rauha@kuoro.example".to_owned(), NOW_MS));
        hash
    }

    #[test]
    fn the_chance_to_guess_a_code_in_a_year_is_below_what_is_promised() {
        let guesses = (ADDRESS_DAY_MAX + RESERVE_DAY_MAX) as f64 * f64::from(WRONG_MAX) * 365.0 * 1_000.0;
        assert!(guesses / 2_f64.powi(5 * CODE_CHARS as i32) <= 1e-4);
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        for _ in 0..100 {
            let code = Code::random();
            let shown = code.to_string();
            assert_eq!((shown.len(), shown.find('-')), (CODE_CHARS + 1, Some(GROUP_CHARS)));
            let spoilt = shown.to_lowercase().replace('0', "o").replace('1', "l").replace('-', "  ");
            assert!(Code::parse(&shown) == Ok(code.clone()) && Code::parse(&spoilt) == Ok(code));
        }
        assert_eq!(Code::parse("7K3F-QM0").err(), Some(BadCode::Length(7)));
        assert_eq!(Code::parse("7K3F-QM0U").err(), Some(BadCode::Wrong));
        assert_eq!(Code::parse(&"7".repeat(101)).err(), Some(BadCode::Wrong));
        assert_eq!(format!("{:?}", Code::random()), "Code(…)");
    }

    #[test]
    fn a_code_is_good_once_at_its_place_and_in_time() {
        let mut waiting = Waiting::default();
        let hash = sent(&mut waiting, HERE);
        assert_eq!(waiting.take(&Place::Browser([2; 32]), &hash, NOW_MS), None, "another browser");
        assert_eq!(waiting.take(&HERE, &hash, NOW_MS + LASTS_MS - 1).map(|it| it.user), Some(RAUHA));
        assert_eq!(waiting.take(&HERE, &hash, NOW_MS), None, "a second time");
        for late in [NOW_MS + LASTS_MS, NOW_MS - 1] {
            let hash = sent(&mut waiting, HERE);
            assert_eq!((waiting.take(&HERE, &hash, late), waiting.take(&HERE, &hash, NOW_MS)), (None, None));
        }
    }

    #[test]
    fn a_code_is_worth_nothing_after_five_wrong_guesses() {
        let mut waiting = Waiting::default();
        for (wrong, is_good) in [(WRONG_MAX - 1, true), (WRONG_MAX, false)] {
            let hash = sent(&mut waiting, HERE);
            (0..wrong).for_each(|_| assert_eq!(waiting.take(&HERE, b"wrong", NOW_MS), None));
            assert_eq!(waiting.take(&HERE, &hash, NOW_MS).is_some(), is_good);
        }
    }

    #[test]
    fn a_code_is_hashed_with_its_place_and_its_purpose() {
        let (secret, code) = (Secret::new([7; 32]), Code::random());
        let id = Uuid::from_bytes([1; 16]);
        let hashes = [HERE, Place::Browser([2; 32]), Place::SignIn(id)].map(|place| place.hash(&secret, &code));
        assert!(hashes[0] != hashes[1] && hashes[1] != hashes[2] && hashes[0] != hashes[2]);
    }

    #[test]
    fn a_new_code_ends_the_one_before_and_all_of_a_person_go_together() {
        let mut waiting = Waiting::default();
        let (first, second) = (sent(&mut waiting, HERE), sent(&mut waiting, HERE));
        assert_eq!(waiting.take(&HERE, &first, NOW_MS), None);
        waiting.forget(RAUHA);
        assert_eq!(waiting.take(&HERE, &second, NOW_MS), None);
    }

    #[test]
    fn codes_that_wait_are_bounded_and_old_ones_make_room() {
        let mut waiting = Waiting::default();
        let mut add = |n: usize, at_ms| {
            let place = Place::SignIn(Uuid::from_u128(n as u128));
            waiting.add(place, Vec::new(), RAUHA, String::new(), at_ms)
        };
        assert!((0..WAITING_MAX).all(|n| add(n, NOW_MS)));
        assert!(!add(WAITING_MAX, NOW_MS));
        assert!(add(WAITING_MAX, NOW_MS + LASTS_MS));
    }
}
