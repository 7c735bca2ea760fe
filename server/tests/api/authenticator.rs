//! A passkey in software, as a phone or a stick is one for a browser, with whatever is to be wrong about it.

use domain::UserId;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::world::{Answer, Person, World, bytes};

/// Base point of the curve P-256 (NIST SP 800-186) and the order of its group. The private key is 1, so that the public key is this point,
/// and so is the nonce: nothing is secret in a test, and signing needs no arithmetic on the curve.
const GX: &str = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
const GY: &str = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

/// Where a page of the tests' server is open, for which keys can be made.
pub const HERE: &str = "http://localhost:3000";

#[derive(Clone)]
pub struct Authenticator {
    pub credential: Vec<u8>,
    pub user: UserId,
    /// Counts its uses; one that does not count stays at nought.
    pub counter: Option<u32>,
    /// What the browser says where the page is.
    pub origin: &'static str,
    /// Its user has shown a finger, or has not.
    pub verifies: bool,
}

impl Authenticator {
    pub fn new(user: UserId, credential: &str) -> Authenticator {
        let credential = credential.as_bytes().to_vec();
        Authenticator { credential, user, counter: Some(0), origin: HERE, verifies: true }
    }

    fn data(&self, begun: &Value, flags: u8) -> Vec<u8> {
        let options = &begun["options"];
        let domain = options["rpId"].as_str().or(options["rp"]["id"].as_str()).expect("a domain");
        let verified = if self.verifies { VERIFIED } else { 0 };
        let mut data = Sha256::digest(domain).to_vec();
        data.push(PRESENT | verified | flags);
        data.extend(self.counter.unwrap_or_default().to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, begun: &Value) -> Vec<u8> {
        bytes(&json!({"type": kind, "challenge": begun["options"]["challenge"], "origin": self.origin}))
    }

    /// Answers `navigator.credentials.create`.
    pub fn create(&self, begun: &Value) -> Value {
        let mut data = self.data(begun, WITH_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.credential.len()).expect("short").to_be_bytes());
        data.extend(&self.credential);
        // COSE: an elliptic key of two coordinates, for ES256 on P-256.
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(number(GX));
        data.extend([0x22, 0x58, 0x20]);
        data.extend(number(GY));
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).expect("short"));
        object.extend(data);
        let response = json!({"attestationObject": base64(&object),
            "clientDataJSON": base64(&self.client_data("webauthn.create", begun))});
        json!({"id": base64(&self.credential), "rawId": base64(&self.credential), "type": "public-key",
            "response": response})
    }

    /// Answers `navigator.credentials.get`, and counts it.
    pub fn get(&mut self, begun: &Value) -> Value {
        self.counter = self.counter.map(|counter| counter + 1);
        let data = self.data(begun, 0);
        let client_data = self.client_data("webauthn.get", begun);
        let signed = [data.as_slice(), Sha256::digest(&client_data).as_slice()].concat();
        let response = json!({"authenticatorData": base64(&data), "clientDataJSON": base64(&client_data),
            "signature": base64(&signature(&signed)), "userHandle": base64(self.user.uuid().as_bytes())});
        json!({"id": base64(&self.credential), "rawId": base64(&self.credential), "type": "public-key",
            "response": response})
    }

    /// The whole of making this key.
    pub async fn register(&self, world: &World, person: &Person, name: &str) -> Answer {
        let begun = world.post(Some(person), "/api/v1/passkey/register/begin", b"{}".to_vec()).await;
        if begun.status != 200 {
            return begun;
        }
        let begun = begun.json();
        let body = json!({"ceremony": begun["ceremony"], "name": name, "credential": self.create(&begun)});
        world.post(Some(person), "/api/v1/passkey/register/finish", bytes(&body)).await
    }

    /// The whole of signing in, with more that the page says; `person` is signed in on this browser already.
    pub async fn sign_in(&mut self, world: &World, person: Option<&Person>, more: Value) -> Answer {
        let begun = world.post(None, "/api/v1/passkey/begin", b"{}".to_vec()).await;
        assert_eq!(begun.status, 200, "{}", begun.body);
        let begun = begun.json();
        let mut body = json!({"ceremony": begun["ceremony"], "credential": self.get(&begun)});
        body.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
        world.post(person, "/api/v1/passkey/finish", bytes(&body)).await
    }
}

/// ECDSA with the private key 1 and the nonce 1: r is the base point's x, and s is the digest and r together.
fn signature(message: &[u8]) -> Vec<u8> {
    let (r, order) = (number(GX), number(ORDER));
    let (mut s, mut over) = add(&Sha256::digest(message).into(), &r);
    while over || s >= order {
        let (rest, under) = subtract(&s, &order);
        (s, over) = (rest, over && !under);
    }
    let (r, s) = (der(&r), der(&s));
    let mut out = vec![0x30, u8::try_from(r.len() + s.len()).expect("short")];
    out.extend(r);
    out.extend(s);
    out
}

fn add(a: &[u8; 32], b: &[u8; 32]) -> ([u8; 32], bool) {
    let (mut out, mut carry) = ([0; 32], false);
    for at in (0..32).rev() {
        let (sum, first) = a[at].overflowing_add(b[at]);
        let (sum, second) = sum.overflowing_add(u8::from(carry));
        (out[at], carry) = (sum, first || second);
    }
    (out, carry)
}

fn subtract(a: &[u8; 32], b: &[u8; 32]) -> ([u8; 32], bool) {
    let (mut out, mut borrow) = ([0; 32], false);
    for at in (0..32).rev() {
        let (rest, first) = a[at].overflowing_sub(b[at]);
        let (rest, second) = rest.overflowing_sub(u8::from(borrow));
        (out[at], borrow) = (rest, first || second);
    }
    (out, borrow)
}

/// An INTEGER: without leading noughts, but for one that says that it is not negative.
fn der(value: &[u8; 32]) -> Vec<u8> {
    let mut digits: Vec<u8> = value.iter().copied().skip_while(|byte| *byte == 0).collect();
    if digits[0] >= 0x80 {
        digits.insert(0, 0);
    }
    [&[0x02, u8::try_from(digits.len()).expect("short")][..], &digits].concat()
}

fn number(hex: &str) -> [u8; 32] {
    std::array::from_fn(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hex"))
}

/// Base 64 for addresses, without padding (RFC 4648).
pub fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        let signs = (0..=three.len()).map(|place| SIGNS[(bits >> (18 - 6 * place)) as usize & 63]);
        out.extend(signs.map(char::from));
    }
    out
}
