//! A push service on this machine, as small as one can be, and a browser that reads what it was sent.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use aes_gcm::{
    Aes128Gcm, Nonce,
    aead::{Aead, KeyInit},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use p256::{PublicKey, SecretKey};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::timeout,
};

/// A message as the push service sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

pub struct PushService {
    pub address: SocketAddr,
    status: Arc<AtomicU16>,
    seen: mpsc::UnboundedReceiver<Seen>,
}

impl PushService {
    pub async fn open() -> PushService {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let status = Arc::new(AtomicU16::new(201));
        let (sends, seen) = mpsc::unbounded_channel();
        let now = status.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (status, sends) = (now.clone(), sends.clone());
                tokio::spawn(async move { drop(serve(stream, status, sends).await) });
            }
        });
        PushService { address, status, seen }
    }

    /// From now on it answers so.
    pub fn answers(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }

    pub async fn message(&mut self) -> Seen {
        timeout(Duration::from_secs(20), self.seen.recv()).await.expect("in time").expect("a message")
    }

    pub fn has_none(&mut self) -> bool {
        self.seen.try_recv().is_err()
    }
}

async fn serve(
    mut stream: TcpStream,
    status: Arc<AtomicU16>,
    sends: mpsc::UnboundedSender<Seen>,
) -> std::io::Result<()> {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        let text = String::from_utf8_lossy(&head).into_owned();
        let mut lines = text.lines();
        let path = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
        let headers: BTreeMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await?;
        let status = status.load(Ordering::Relaxed);
        // More than is read, of one that misbehaves.
        let more = if status == 400 { "x".repeat(100) } else { String::new() };
        let leads = if status == 307 { "location: http://127.0.0.1:1/elsewhere\r\n" } else { "" };
        let answer =
            format!("HTTP/1.1 {status} X\r\nretry-after: 3600\r\n{leads}content-length: {}\r\n\r\n{more}", more.len());
        drop(sends.send(Seen { path, headers, body }));
        stream.write_all(answer.as_bytes()).await?;
    }
}

/// A browser, as its push service knows it.
pub struct Browser {
    key: SecretKey,
    auth: [u8; 16],
    pub endpoint: String,
}

impl Browser {
    pub fn new(service: &PushService, name: &str) -> Browser {
        let byte = name.bytes().fold(1_u8, u8::wrapping_add).max(1);
        let key = SecretKey::from_slice(&[byte; 32]).expect("a key");
        Browser { key, auth: [byte; 16], endpoint: format!("http://{}/{name}", service.address) }
    }

    /// As a page tells of it.
    pub fn told(&self) -> Value {
        json!({"endpoint": self.endpoint, "p256dh": URL_SAFE_NO_PAD.encode(self.key.public_key().to_sec1_bytes()),
               "auth": URL_SAFE_NO_PAD.encode(self.auth)})
    }

    /// The message, read by RFC 8291 as it is written there.
    pub fn read(&self, seen: &Seen) -> Value {
        let (salt, rest) = seen.body.split_at(16);
        let (point, coded) = rest[5..].split_at(usize::from(rest[4]));
        let shared = self.key.diffie_hellman(&PublicKey::from_sec1_bytes(point).expect("a key"));
        let own = self.key.public_key().to_sec1_bytes();
        let prk = hmac(&self.auth, &[shared.raw_secret_bytes()]);
        let secret = hmac(&prk, &[b"WebPush: info\0", &own, point, &[1]]);
        let prk = hmac(salt, &[&secret]);
        let key = hmac(&prk, &[b"Content-Encoding: aes128gcm\0", &[1]]);
        let nonce = hmac(&prk, &[b"Content-Encoding: nonce\0", &[1]]);
        let nonce: [u8; 12] = nonce[..12].try_into().expect("twelve bytes");
        let cipher = Aes128Gcm::new_from_slice(&key[..16]).expect("a key");
        let plain = cipher.decrypt(&Nonce::from(nonce), coded).expect("for this browser");
        let end = plain.iter().rposition(|byte| *byte != 0).expect("an end");
        assert_eq!(plain[end], 2, "the last record");
        serde_json::from_slice(&plain[..end]).expect("JSON")
    }
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key");
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}
