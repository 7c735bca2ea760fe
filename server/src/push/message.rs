//! A message that only one browser can read: RFC 8291 (`aes128gcm` of RFC 8188), with an elliptic-curve key of its own for each.

use aes_gcm::{
    Aes128Gcm, Nonce,
    aead::{Aead, KeyInit},
};
use hmac::{Hmac, Mac};
use p256::{PublicKey, SecretKey};
use sha2::Sha256;

use crate::{identity::secret::random, store::PushTo};

/// Bytes that a browser shares with whoever may send to it.
pub const AUTH_BYTES: usize = 16;
const SALT_BYTES: usize = 16;
/// A public key as a point, uncompressed.
const POINT_BYTES: usize = 65;
const TAG_BYTES: usize = 16;
/// Every message has this many bytes before it is encrypted, whatever it says: its size tells nothing.
const PADDED_BYTES: usize = 2048;
/// Longest text, in bytes: one more says where the padding begins.
pub const TEXT_BYTES_MAX: usize = PADDED_BYTES - 1;
/// The one record of a message; push services take at least 4096 bytes in all.
const RECORD_BYTES: u32 = 4096;
/// Ends the last record (RFC 8188, 2).
const LAST: u8 = 2;

pub fn is_public_key(bytes: &[u8]) -> bool {
    bytes.len() == POINT_BYTES && PublicKey::from_sec1_bytes(bytes).is_ok()
}

/// Encrypts a text for a browser. None where its key is none, or the text is longer than [`TEXT_BYTES_MAX`].
pub fn seal(to: &PushTo, text: &[u8]) -> Option<Vec<u8>> {
    let mut salt = [0; SALT_BYTES];
    salt.copy_from_slice(&random()[..SALT_BYTES]);
    let mut plain = text.to_vec();
    plain.push(LAST);
    if plain.len() > PADDED_BYTES {
        return None;
    }
    plain.resize(PADDED_BYTES, 0);
    // One number in 2^32 is no key of the curve.
    let own = (0..8).find_map(|_| SecretKey::from_slice(&random()).ok())?;
    sealed(to, &plain, &salt, &own)
}

fn sealed(to: &PushTo, plain: &[u8], salt: &[u8], own: &SecretKey) -> Option<Vec<u8>> {
    let theirs = PublicKey::from_sec1_bytes(&to.p256dh).ok()?;
    let point = own.public_key().to_sec1_bytes();
    let shared = own.diffie_hellman(&theirs);
    let (key, nonce) = keys(shared.raw_secret_bytes(), &to.auth, salt, &to.p256dh, &point);
    let cipher = Aes128Gcm::new_from_slice(&key).ok()?;
    let coded = cipher.encrypt(&Nonce::from(nonce), plain).ok()?;
    let mut body = Vec::with_capacity(SALT_BYTES + 5 + POINT_BYTES + plain.len() + TAG_BYTES);
    body.extend_from_slice(salt);
    body.extend_from_slice(&RECORD_BYTES.to_be_bytes());
    body.push(u8::try_from(point.len()).ok()?);
    body.extend_from_slice(&point);
    body.extend_from_slice(&coded);
    Some(body)
}

/// Key and nonce of a message (RFC 8291, 3.4), from what the two keys have in common.
fn keys(shared: &[u8], auth: &[u8], salt: &[u8], browser: &[u8], sender: &[u8]) -> ([u8; 16], [u8; 12]) {
    let about = [b"WebPush: info\0", browser, sender].concat();
    let secret = expand(&extract(auth, shared), &about);
    let secret = extract(salt, &secret);
    let (mut key, mut nonce) = ([0; 16], [0; 12]);
    key.copy_from_slice(&expand(&secret, b"Content-Encoding: aes128gcm\0")[..16]);
    nonce.copy_from_slice(&expand(&secret, b"Content-Encoding: nonce\0")[..12]);
    (key, nonce)
}

/// HKDF-SHA-256 (RFC 5869), step 1.
fn extract(salt: &[u8], secret: &[u8]) -> [u8; 32] {
    hmac(salt, &[secret])
}

/// Step 2, of at most 32 bytes: then it is one HMAC.
fn expand(key: &[u8; 32], about: &[u8]) -> [u8; 32] {
    hmac(key, &[about, &[1]])
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of every length: it does not fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; 32] };
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// What a browser does, for tests: the text that was sealed for the key. None where it cannot be read.
#[cfg(test)]
fn opened(body: &[u8], key: &SecretKey, auth: &[u8]) -> Option<Vec<u8>> {
    let (salt, rest) = body.split_at_checked(SALT_BYTES)?;
    let (head, rest) = rest.split_at_checked(5)?;
    let (point, coded) = rest.split_at_checked(usize::from(head[4]))?;
    let shared = key.diffie_hellman(&PublicKey::from_sec1_bytes(point).ok()?);
    let own = key.public_key().to_sec1_bytes();
    let (key, nonce) = keys(shared.raw_secret_bytes(), auth, salt, &own, point);
    let mut plain = Aes128Gcm::new_from_slice(&key).ok()?.decrypt(&Nonce::from(nonce), coded).ok()?;
    let end = plain.iter().rposition(|byte| *byte != 0)?;
    (plain[end] == LAST).then(|| plain.truncate(end))?;
    Some(plain)
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).expect("base64url")
    }

    /// The example of RFC 8291, section 5 and appendix A.
    #[test]
    fn a_message_is_sealed_as_the_standard_does() {
        let browser = SecretKey::from_slice(&bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")).expect("a key");
        let to = PushTo {
            endpoint: String::new(),
            p256dh: bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
            auth: bytes("BTBZMqHH6r4Tts7J_aSIgg"),
        };
        assert_eq!(*browser.public_key().to_sec1_bytes(), *to.p256dh);
        let own = SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).expect("a key");
        let text = b"When I grow up, I want to be a watermelon";
        let plain = [text.as_slice(), &[LAST]].concat();
        let body = sealed(&to, &plain, &bytes("DGv6ra1nlYgDCS1FRnbzlw"), &own).expect("sealed");
        let expected = concat!(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_",
            "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
        assert_eq!(URL_SAFE_NO_PAD.encode(&body), expected);
        assert_eq!(opened(&body, &browser, &to.auth).as_deref(), Some(text.as_slice()));
    }

    fn browser() -> (SecretKey, PushTo) {
        let key = SecretKey::from_slice(&random()).expect("a key");
        let p256dh = key.public_key().to_sec1_bytes().to_vec();
        (key, PushTo { endpoint: String::new(), p256dh, auth: random()[..16].to_vec() })
    }

    #[test]
    fn a_message_is_read_by_its_browser_alone_and_its_size_tells_nothing() {
        let (key, to) = browser();
        let (other, _) = browser();
        let longest = "ä".repeat(TEXT_BYTES_MAX / 2);
        let mut sizes = Vec::new();
        for text in ["", "3 kertaa", &longest] {
            let body = seal(&to, text.as_bytes()).expect("sealed");
            assert_eq!(opened(&body, &key, &to.auth).as_deref(), Some(text.as_bytes()));
            assert_eq!(opened(&body, &other, &to.auth), None);
            assert_eq!(opened(&body, &key, &[0; 16]), None);
            assert!(!body.windows(8).any(|part| part == b"3 kertaa"));
            sizes.push(body.len());
        }
        assert!(sizes.iter().all(|size| *size == sizes[0] && *size <= 4096), "{sizes:?}");
        assert_ne!(seal(&to, b"x"), seal(&to, b"x"), "a key and a salt of its own");
        assert_eq!(seal(&to, &[b'x'; TEXT_BYTES_MAX + 1]), None);
        assert_eq!(seal(&PushTo { p256dh: vec![4; 65], ..to }, b"x"), None);
    }
}
