//! A mail server on this machine, as small as one can be, which can also misbehave.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::timeout,
};

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    Takes,
    /// There is no such mailbox.
    Refuses,
    /// Comes again later, as one that does not know the sender yet.
    Later,
    /// Accepts the connection and says nothing.
    Hangs,
    /// Goes away in the middle of a letter.
    Dies,
    /// Goes away in the middle of a letter, and speaks something else from then on.
    Falls,
    /// Speaks something else.
    Babbles,
}

/// A letter as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub to: String,
    /// Header and text, as a reader sees them.
    pub text: String,
}

impl Arrived {
    /// The code in it.
    pub fn code(&self) -> String {
        let after = self.text.split("Koodisi: ").nth(1).expect("a code");
        after.lines().next().expect("a line").trim().to_owned()
    }
}

pub struct PostOffice {
    pub address: SocketAddr,
    manner: Arc<Mutex<Manner>>,
    arrived: mpsc::UnboundedReceiver<Arrived>,
}

impl PostOffice {
    pub async fn open() -> PostOffice {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let manner = Arc::new(Mutex::new(Manner::Takes));
        let (letters, arrived) = mpsc::unbounded_channel();
        let now = manner.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (manner, letters) = (now.clone(), letters.clone());
                tokio::spawn(async move { drop(serve(stream, manner, letters).await) });
            }
        });
        PostOffice { address, manner, arrived }
    }

    pub fn set(&self, manner: Manner) {
        *self.manner.lock().expect("a lock") = manner;
    }

    /// The next letter.
    pub async fn letter(&mut self) -> Arrived {
        timeout(Duration::from_secs(20), self.arrived.recv()).await.expect("in time").expect("a letter")
    }

    /// Whether there is none, after what was asked for had its time.
    pub async fn has_none(&mut self) -> bool {
        timeout(Duration::from_millis(300), self.arrived.recv()).await.is_err()
    }
}

async fn serve(
    stream: TcpStream,
    now: Arc<Mutex<Manner>>,
    letters: mpsc::UnboundedSender<Arrived>,
) -> std::io::Result<()> {
    let manner = *now.lock().expect("a lock");
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    match manner {
        Manner::Hangs => {
            while lines.next_line().await?.is_some() {}
            return Ok(());
        }
        Manner::Babbles => writer.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await?,
        _ => writer.write_all(b"220 post.example ESMTP\r\n").await?,
    }
    let mut to = String::new();
    while let Some(line) = lines.next_line().await? {
        let command = line.to_ascii_uppercase();
        let answer = if command.starts_with("EHLO") || command.starts_with("MAIL") {
            "250 post.example".to_owned()
        } else if command.starts_with("RCPT") {
            to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
            match manner {
                Manner::Refuses => format!("550 5.1.1 <{to}> is not here"),
                Manner::Later => format!("450 4.2.0 <{to}> come again"),
                _ => "250 yes".to_owned(),
            }
        } else if command.starts_with("DATA") {
            writer.write_all(b"354 go on\r\n").await?;
            let mut letter = String::new();
            while let Some(line) = lines.next_line().await? {
                if manner == Manner::Falls {
                    *now.lock().expect("a lock") = Manner::Babbles;
                }
                if matches!(manner, Manner::Dies | Manner::Falls) {
                    return Ok(());
                }
                if line == "." {
                    break;
                }
                letter.push_str(line.strip_prefix('.').unwrap_or(&line));
                letter.push_str("\r\n");
            }
            drop(letters.send(Arrived { to: to.clone(), text: readable(&letter) }));
            "250 taken".to_owned()
        } else if command.starts_with("NOOP") {
            "250 here".to_owned()
        } else if command.starts_with("QUIT") {
            writer.write_all(b"221 bye\r\n").await?;
            return Ok(());
        } else {
            "502 what?".to_owned()
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

/// Quoted-printable (RFC 2045, 6.7) as a reader sees it.
fn readable(letter: &str) -> String {
    let whole = letter.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = whole.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let coded = || std::str::from_utf8(others.get(..2)?).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (*first == b'=').then(coded).flatten() {
            Some(byte) => {
                bytes.push(byte);
                rest = &others[2..];
            }
            None => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
