//! Keyed hashes of what lets somebody in. The key is in the data folder and not in the database: whoever has a copy of the database
//! cannot try codes against it.

use std::sync::Arc;

use domain::AssociationId;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The key.
#[derive(Clone)]
pub struct Secret(Arc<[u8; 32]>);

impl Secret {
    pub fn new(key: [u8; 32]) -> Secret {
        Secret(Arc::new(key))
    }

    /// A key that lasts as long as the process: what it has hashed is worth nothing afterwards.
    pub fn random() -> Secret {
        Secret::new(random())
    }

    /// HMAC-SHA-256 of what is hashed for one purpose; the same bytes for another purpose have another hash.
    pub fn hash(&self, purpose: &str, bytes: &[u8]) -> Vec<u8> {
        // HMAC takes keys of every length: it does not fail.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&*self.0) else { return Vec::new() };
        mac.update(&(purpose.len() as u64).to_be_bytes());
        mac.update(purpose.as_bytes());
        mac.update(bytes);
        mac.finalize().into_bytes().to_vec()
    }

    /// What something is called within one association, in the form of a version 8 UUID. Nobody can make the name without the key, and
    /// two associations cannot find out by it that they have something in common.
    pub fn name_within(&self, association: AssociationId, purpose: &str, id: Uuid) -> String {
        self.name(purpose, &[*association.uuid().as_bytes(), *id.as_bytes()].concat()).to_string()
    }

    fn name(&self, purpose: &str, bytes: &[u8]) -> Uuid {
        let mut name = [0; 16];
        for (byte, hashed) in name.iter_mut().zip(self.hash(purpose, bytes)) {
            *byte = hashed;
        }
        uuid::Builder::from_custom_bytes(name).into_uuid()
    }
}

/// Nobody reads a key in a log.
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// 256 random bits of the operating system's: each UUID has 122, and three of them are more than the digest holds.
pub fn random() -> [u8; 32] {
    let mut digest = Sha256::new();
    for _ in 0..3 {
        digest.update(Uuid::new_v4().as_bytes());
    }
    digest.finalize().into()
}

/// What a cookie says: 256 random bits in 64 hexadecimal digits.
pub fn token() -> String {
    random().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_of_one_key_and_one_purpose() {
        let secret = Secret::new([7; 32]);
        assert_eq!(secret.hash("code", b"ABC"), Secret::new([7; 32]).hash("code", b"ABC"));
        assert_ne!(secret.hash("code", b"ABC"), secret.hash("token", b"ABC"));
        assert_ne!(secret.hash("code", b"ABC"), secret.hash("codeA", b"BC"));
        assert_ne!(secret.hash("code", b"ABC"), Secret::random().hash("code", b"ABC"));
        assert_eq!(secret.name("member", b"x").get_version_num(), 8);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }

    #[test]
    fn a_name_is_of_one_association_and_one_purpose() {
        let secret = Secret::new([7; 32]);
        let [here, elsewhere] = [1, 2].map(|byte| AssociationId::from_bytes([byte; 16]));
        let id = Uuid::from_bytes([3; 16]);
        let name = secret.name_within(here, "member", id);
        assert_eq!(name, "c82f1d54-ece8-8efc-ae05-d81fbc131196");
        assert_ne!(name, secret.name_within(elsewhere, "member", id));
        assert_ne!(name, secret.name_within(here, "sign-in", id));
    }

    #[test]
    fn a_token_is_of_the_shape_that_cookies_are_read_in_and_never_the_same() {
        let (one, other) = (token(), token());
        assert!(one.len() == 64 && one.bytes().all(|byte| byte.is_ascii_hexdigit()) && one != other);
    }
}
