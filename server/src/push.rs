//! Sends a message to a browser by its push service (RFC 8030), for whoever asked for it. What is in it, and when it goes, is decided
//! elsewhere (`crate::reminders`).
//!
//! A browser names its push service by an address, so a stranger's word would lead our requests anywhere. Only the push services of
//! browsers are asked ([`service`]), over HTTPS, and no redirect is followed. They see that this server has sent something of a fixed size
//! to a browser, and nothing of what it says ([`message`]).

pub mod message;
pub mod service;

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, PoisonError},
};

use axum::http::{HeaderMap, Method, StatusCode, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::HttpRequest;
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::json;

use self::service::Services;
use crate::{
    http::origin::Origin,
    identity::{
        oidc::wire::{Wire, WireError},
        secret::Secret,
    },
    store::PushTo,
};

/// For so long a push service keeps a message for a browser that is switched off, in seconds: tomorrow it says something else.
const KEPT_S: u32 = 24 * 60 * 60;
/// For so long a proof of who sends is good, in seconds. RFC 8292 allows a day.
const PROOF_S: i64 = 12 * 60 * 60;
/// A push service that is told to be busy is left alone for at least so long, and at most a day, milliseconds.
const BUSY_MS_MIN: i64 = 15 * 60 * 1000;
const BUSY_MS_MAX: i64 = 24 * 60 * 60 * 1000;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushed {
    Taken,
    /// There is no such browser any more.
    Gone,
    /// It was certainly not sent: nobody was reached, or the push service asks to wait.
    NotYet,
    /// Refused, or nobody knows.
    Failed,
}

/// What sends.
pub struct Push {
    services: Services,
    wire: Wire,
    /// By which push services know this server (VAPID, RFC 8292).
    key: SigningKey,
    /// Push services that asked to wait, and until when, milliseconds since 1970.
    busy: Mutex<BTreeMap<String, i64>>,
}

/// Nobody reads a key in a log.
impl fmt::Debug for Push {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Push({:?})", self.services)
    }
}

impl Push {
    /// The key is made of the installation's secret, so it is in no backup, and nothing more has to be kept. None where no key can be made of it,
    /// which does not happen.
    pub fn new(secret: &Secret, services: Services) -> Option<Push> {
        // One number in 2^32 is no key of the curve.
        let key = (0_u8..8).find_map(|n| SigningKey::from_slice(&secret.hash("web push", &[n])).ok())?;
        let wire = Wire::new(services.has_local());
        Some(Push { services, wire, key, busy: Mutex::default() })
    }

    /// The public key, as browsers take it: 65 bytes in base64url.
    pub fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.key.verifying_key().to_sec1_point(false).as_bytes())
    }

    /// A browser as it has told of itself: its push service is one of those that are known, and its key is one. None otherwise.
    pub fn browser(&self, endpoint: &str, p256dh: &str, auth: &str) -> Option<PushTo> {
        let endpoint = self.services.endpoint(endpoint)?;
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
        let (p256dh, auth) = (decode(p256dh)?, decode(auth)?);
        let is_key = message::is_public_key(&p256dh) && auth.len() == message::AUTH_BYTES;
        is_key.then_some(PushTo { endpoint, p256dh, auth })
    }

    /// Sends a text. `now_ms` is the server's clock, `from` what push services may turn to.
    pub async fn send(&self, to: &PushTo, text: &str, from: &Origin, now_ms: i64) -> Pushed {
        // An operator may have taken a push service from the list.
        let Some(endpoint) = self.services.endpoint(&to.endpoint) else { return Pushed::Gone };
        let Some(service) = service::of(&endpoint) else { return Pushed::Gone };
        if self.busy_until(&service) > now_ms {
            return Pushed::NotYet;
        }
        let Some(body) = message::seal(to, text.as_bytes()) else { return Pushed::Gone };
        let request = axum::http::Request::builder()
            .method(Method::POST)
            .uri(&endpoint)
            .header(header::AUTHORIZATION, self.proof(&service, from, now_ms))
            .header(header::CONTENT_ENCODING, "aes128gcm")
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header("ttl", KEPT_S)
            .header("urgency", "normal")
            .body(body);
        let Ok(request): Result<HttpRequest, _> = request else { return Pushed::Failed };
        match self.wire.ask(request).await {
            Ok(answer) => match answer.status() {
                status if status.is_success() => Pushed::Taken,
                StatusCode::NOT_FOUND | StatusCode::GONE => Pushed::Gone,
                StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                    self.wait(service, answer.headers(), now_ms);
                    Pushed::NotYet
                }
                // The address is whose browser it is: it is in no log. The service is one of a few.
                status => {
                    tracing::warn!(%service, status = status.as_u16(), "a push service refuses a message");
                    Pushed::Failed
                }
            },
            Err(WireError::NoConnection(_)) => {
                tracing::warn!(%service, "a push service cannot be reached");
                self.wait(service, &HeaderMap::new(), now_ms);
                Pushed::NotYet
            }
            Err(_) => {
                tracing::warn!(%service, "a push service does not answer");
                self.wait(service, &HeaderMap::new(), now_ms);
                Pushed::Failed
            }
        }
    }

    fn busy_until(&self, service: &str) -> i64 {
        let busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.get(service).copied().unwrap_or_default()
    }

    fn wait(&self, service: String, headers: &HeaderMap, now_ms: i64) {
        let said = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
        let wait_ms = said.unwrap_or_default().saturating_mul(1000).clamp(BUSY_MS_MIN, BUSY_MS_MAX);
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.retain(|_, until| *until > now_ms);
        busy.insert(service, now_ms.saturating_add(wait_ms));
    }

    /// Who sends, for one push service and half a day.
    fn proof(&self, service: &str, from: &Origin, now_ms: i64) -> String {
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let claims = json!({"aud": service, "exp": now_ms / 1000 + PROOF_S, "sub": from.to_string()});
        let signed = format!("{}.{}", part(json!({"alg": "ES256", "typ": "JWT"})), part(claims));
        let signature: Signature = self.key.sign(signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
        format!("vapid t={signed}.{signature}, k={}", self.public_key())
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::{VerifyingKey, signature::Verifier};

    use super::*;

    fn push() -> Push {
        Push::new(&Secret::new([7; 32]), Services::default()).expect("a key")
    }

    #[test]
    fn the_key_is_that_of_the_installation_and_printed_nowhere() {
        let key = |byte| Push::new(&Secret::new([byte; 32]), Services::default()).expect("a key").public_key();
        assert_eq!(key(7), key(7));
        assert_ne!(key(7), key(8));
        assert_eq!(URL_SAFE_NO_PAD.decode(key(7)).map(|bytes| (bytes.len(), bytes[0])), Ok((65, 4)));
        assert!(!format!("{:?}", push()).contains("key"));
    }

    #[test]
    fn a_push_service_is_shown_a_proof_that_is_for_it_alone_and_for_half_a_day() {
        let push = push();
        let from: Origin = "https://hytevihko.example".parse().expect("an origin");
        let header = push.proof("https://push.example", &from, 1_800_000_000_000);
        let (token, key) = header.strip_prefix("vapid t=").and_then(|rest| rest.split_once(", k=")).expect("both");
        assert_eq!(key, push.public_key());
        let parts: Vec<&str> = token.split('.').collect();
        let read = |part: &str| -> serde_json::Value {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
        };
        assert_eq!(read(parts[0]), json!({"alg": "ES256", "typ": "JWT"}));
        assert_eq!(
            read(parts[1]),
            json!({"aud": "https://push.example", "exp": 1_800_043_200, "sub": "https://hytevihko.example"})
        );
        let key = VerifyingKey::from_sec1_bytes(&URL_SAFE_NO_PAD.decode(key).expect("base64url")).expect("a key");
        let signature =
            Signature::from_slice(&URL_SAFE_NO_PAD.decode(parts[2]).expect("base64url")).expect("a signature");
        let signed = format!("{}.{}", parts[0], parts[1]);
        assert!(key.verify(signed.as_bytes(), &signature).is_ok());
        assert!(key.verify(format!("{signed}x").as_bytes(), &signature).is_err());
    }

    #[test]
    fn a_push_service_is_left_alone_for_as_long_as_it_says_and_never_for_ever() {
        let push = push();
        let told = |seconds: &str| {
            let headers = HeaderMap::from_iter([(header::RETRY_AFTER, seconds.parse().expect("a value"))]);
            push.wait("https://push.example".to_owned(), &headers, 1_000);
            push.busy_until("https://push.example") - 1_000
        };
        assert_eq!(told("7200"), 7_200_000);
        assert_eq!((told("0"), told("-5"), told("soon")), (BUSY_MS_MIN, BUSY_MS_MIN, BUSY_MS_MIN));
        assert_eq!(told("9223372036854775807"), BUSY_MS_MAX);
        assert_eq!(push.busy_until("https://other.example"), 0);
    }

    #[test]
    fn a_browser_that_tells_nonsense_is_none() {
        let push = push();
        let endpoint = "https://fcm.googleapis.com/fcm/send/abc";
        let (key, auth) = (push.public_key(), URL_SAFE_NO_PAD.encode([1; 16]));
        let known = push.browser(endpoint, &key, &auth).expect("a browser");
        assert_eq!((known.p256dh.len(), known.auth.len()), (65, 16));
        assert!(push.browser(endpoint, &format!("{key}="), &format!("{auth}==")).is_some(), "with padding");
        let off_the_curve = URL_SAFE_NO_PAD.encode([[4].as_slice(), &[1; 64]].concat());
        let compressed = URL_SAFE_NO_PAD.encode(&URL_SAFE_NO_PAD.decode(&key).expect("base64url")[..33]);
        for (key, auth) in [
            ("", auth.as_str()),
            (&off_the_curve, &auth),
            (&compressed, &auth),
            (&key, ""),
            (&key, "AAAA"),
            (&key, "!"),
            (&"A".repeat(9000), &auth),
        ] {
            assert_eq!(push.browser(endpoint, key, auth), None, "{key} {auth}");
        }
        assert_eq!(push.browser("https://127.0.0.1/", &key, &auth), None);
    }
}
