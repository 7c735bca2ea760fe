//! Seals: how a restored server knows what it once said itself (S9).
//!
//! After a restore the server lacks what came after the backup, and only devices have it. Nothing in a record that a device offers
//! says where it comes from: its id, its number and its words are known to every device that was given it, and a field that others
//! are not given can be made up. So the server marks what it tells with a key that the backups have too. What comes back with its
//! seal is, byte for byte, what this server has told, and `mine` under it is what the server said of whose record it is.
//!
//! A seal is the first eight bytes of an HMAC-SHA256 (RFC 2104). It is told with each record, so it is short: one person's limit
//! (`server/src/http/limits.rs`) lets them try fewer than 2 × 10^9 of the 2^64 seals in the whole time in which offers are taken.

use domain::{AssociationId, Kind, RecordId, UserId};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Bytes of a seal; two hexadecimal digits each.
const SEAL_BYTES: usize = 8;

/// The key of one server's seals. It belongs to its data, and not to the machine.
#[derive(Clone)]
pub struct SealKey(Box<[u8]>);

/// What the server has told of a record, and to whom.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub association: AssociationId,
    pub kind: Kind,
    pub id: RecordId,
    pub rev: u32,
    /// SHA-256 of the canonical content as told, in hexadecimal.
    pub hash: &'a str,
    /// The user to whom it was told as their own.
    pub mine: Option<UserId>,
}

impl SealKey {
    /// A key of 64 random hexadecimal digits, or any other text.
    pub fn new(text: &str) -> SealKey {
        SealKey(text.as_bytes().into())
    }

    /// The seal of what is told.
    pub fn seal(&self, told: &Told<'_>) -> String {
        let Told { association, kind, id, rev, hash, mine } = told;
        let mine = mine.map(|user| user.to_string()).unwrap_or_default();
        let text = format!("{association} {} {id} {rev} {hash} {mine}", kind.name());
        self.hmac(text.as_bytes())[..SEAL_BYTES].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether this server has told precisely this.
    pub fn is_of(&self, told: &Told<'_>, seal: &str) -> bool {
        let expected = self.seal(told);
        // Every byte is looked at, so that the time tells nothing of how many were right.
        let differs = expected.bytes().zip(seal.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b));
        expected.len() == seal.len() && differs == 0
    }

    fn hmac(&self, text: &[u8]) -> [u8; 32] {
        // HMAC takes a key of any length.
        let Ok(hmac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return [0; 32] };
        hmac.chain_update(text).finalize().into_bytes().into()
    }
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: UserId = UserId::from_bytes([1; 16]);

    const TOLD: Told<'static> = Told {
        association: AssociationId::from_bytes([2; 16]),
        kind: Kind::Gathering,
        id: RecordId::from_bytes([3; 16]),
        rev: 4,
        hash: "5a",
        mine: Some(USER),
    };

    #[test]
    fn the_codes_are_those_of_rfc_4231() {
        let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let second = SealKey::new("Jefe").hmac(b"what do ya want for nothing?");
        assert_eq!(hex(second), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        // Longer than a block: the key's own hash takes its place. Calculated with Python's `hmac`, as the seal below.
        let long = SealKey::new(&"a".repeat(65)).hmac(b"what do ya want for nothing?");
        assert_eq!(hex(long), "b2b5ef2be1689e1d9ca7f34d768349bfe833303ad6dbb5e76fa9e44ac046c9e2");
        assert_eq!(SealKey::new("0123").seal(&TOLD), "d990d56a16c0e411");
    }

    #[test]
    fn a_seal_is_of_one_thing_told_to_one_user_by_one_server() {
        let key = SealKey::new("0123");
        let seal = key.seal(&TOLD);
        assert_eq!(seal.len(), 16);
        assert!(key.is_of(&TOLD, &seal));
        let others = [
            Told { association: AssociationId::from_bytes([9; 16]), ..TOLD },
            Told { kind: Kind::Series, ..TOLD },
            Told { id: RecordId::from_bytes([9; 16]), ..TOLD },
            Told { rev: 5, ..TOLD },
            Told { hash: "5b", ..TOLD },
            Told { mine: None, ..TOLD },
            Told { mine: Some(UserId::from_bytes([9; 16])), ..TOLD },
        ];
        assert!(others.iter().all(|other| !key.is_of(other, &seal)));
        assert!(!SealKey::new("0124").is_of(&TOLD, &seal));
        assert!(!key.is_of(&TOLD, "") && !key.is_of(&TOLD, &seal[1..]) && !key.is_of(&TOLD, &format!("{seal}0")));
    }
}
