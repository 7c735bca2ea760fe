//! Sends a letter by the operator's mail server. Who gets one, and what is in it, is decided elsewhere (`identity::mail_code`).
//!
//! An address and a mail server's own words are in no log and no error: a refusal of a mail server repeats whom it refused.

use std::{fmt, net::IpAddr, time::Duration};

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{authentication::Credentials, extension::ClientId},
};
use uuid::Uuid;

/// From the first packet to the mail server's last word. It bounds every step: name, connection, encryption, greeting, sign-in and letter.
pub const SEND_WITHIN: Duration = Duration::from_secs(10);
/// Longest address that is looked at, in bytes (RFC 5321: a path of 256 with its brackets).
const ADDRESS_BYTES_MAX: usize = 254;

/// How the connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// From the first byte.
    Whole,
    /// After a greeting; without it nothing is sent.
    StartTls,
    /// Not at all: on this machine only.
    None,
}

/// A mail server, as `smtps://mail.example.fi`, `smtp://mail.example.fi:587` or, on this machine, `smtp://127.0.0.1:25`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpServer {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
}

impl SmtpServer {
    /// # Errors
    /// What is wrong, for the operator. A user and a password do not belong in an address, which every list of processes shows.
    pub fn parse(text: &str) -> Result<SmtpServer, String> {
        const HOW: &str = "write smtps://mail.example.fi or smtp://mail.example.fi:587";
        let (is_whole, rest) = match (text.strip_prefix("smtps://"), text.strip_prefix("smtp://")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) => return Err(HOW.to_owned()),
        };
        if rest.contains('@') {
            return Err("the user and the password are set by --smtp-user and --smtp-password-file".to_owned());
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => {
                let port = port.parse::<u16>().ok().filter(|port| *port > 0).ok_or("that is no port")?;
                (host, Some(port))
            }
            _ => (rest, None),
        };
        let in_brackets = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let is_name = |host: &str| {
            !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
        };
        let is_host = match in_brackets {
            Some(address) => address.parse::<IpAddr>().is_ok(),
            None => is_name(host),
        };
        if !is_host {
            return Err(HOW.to_owned());
        }
        let host = in_brackets.unwrap_or(host).to_owned();
        let is_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let encryption = match (is_whole, is_here) {
            (true, _) => Encryption::Whole,
            (false, true) => Encryption::None,
            (false, false) => Encryption::StartTls,
        };
        let usual = match encryption {
            Encryption::Whole => 465,
            Encryption::StartTls => 587,
            Encryption::None => 25,
        };
        Ok(SmtpServer { host, port: port.unwrap_or(usual), encryption })
    }
}

/// What the operator has set.
#[derive(Clone)]
pub struct Settings {
    pub server: SmtpServer,
    /// User and password, where the mail server asks for them.
    pub login: Option<(String, String)>,
    /// The address that letters come from, perhaps with a name before it.
    pub from: Mailbox,
}

/// Nobody reads a password in a log.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settings({}:{}, {})", self.server.host, self.server.port, self.from.email)
    }
}

/// Why a letter was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The mail server did not answer, or not in time.
    NoAnswer,
    /// Its certificate is none that we trust, or it does not encrypt.
    NotEncrypted,
    /// It refused for the time being, with this code.
    Later(u16),
    /// It refused for good, with this code: perhaps there is no such mailbox.
    Refused(u16),
    /// The letter could not be written, or the mail server spoke something else.
    Failed,
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotSent::NoAnswer => f.write_str("the mail server does not answer"),
            NotSent::NotEncrypted => f.write_str("the connection to the mail server cannot be encrypted"),
            NotSent::Later(code) | NotSent::Refused(code) => write!(f, "the mail server refuses with the code {code}"),
            NotSent::Failed => f.write_str("the mail server cannot be understood"),
        }
    }
}

/// A letter of plain text.
pub struct Letter {
    pub to: Address,
    pub subject: String,
    pub text: String,
}

/// Sends letters, each by a connection of its own.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    settings: Settings,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt(f)
    }
}

impl Mailer {
    /// # Errors
    /// For the operator: a name that no certificate can have. The mail server is not asked yet: it may start later than this one.
    pub fn new(settings: Settings) -> Result<Mailer, String> {
        let SmtpServer { host, port, encryption } = &settings.server;
        type Transport = AsyncSmtpTransport<Tokio1Executor>;
        let builder = match encryption {
            Encryption::Whole => Transport::relay(host),
            Encryption::StartTls => Transport::starttls_relay(host),
            Encryption::None => Ok(Transport::builder_dangerous(host)),
        };
        let builder = builder.map_err(|error| format!("{host}: {error}"))?.port(*port).timeout(Some(SEND_WITHIN));
        let builder = builder.hello_name(ClientId::Domain(settings.from.email.domain().to_owned()));
        let builder = match &settings.login {
            Some((user, password)) => builder.credentials(Credentials::new(user.clone(), password.clone())),
            None => builder,
        };
        Ok(Mailer { transport: builder.build(), settings })
    }

    /// Where letters go, and from which address.
    pub fn described(&self) -> String {
        let Settings { server, from, .. } = &self.settings;
        format!("{}:{}, {}", server.host, server.port, from.email)
    }

    /// Whether the mail server is there, within [`SEND_WITHIN`]. Nothing is sent.
    pub async fn answers(&self) -> bool {
        let asked = tokio::time::timeout(SEND_WITHIN, self.transport.test_connection()).await;
        matches!(asked, Ok(Ok(true)))
    }

    /// Sends a letter, within [`SEND_WITHIN`].
    pub async fn send(&self, letter: Letter) -> Result<(), NotSent> {
        let message = self.message(letter).ok_or(NotSent::Failed)?;
        match tokio::time::timeout(SEND_WITHIN, self.transport.send(message)).await {
            Err(_) => Err(NotSent::NoAnswer),
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(match error.status().map(u16::from) {
                Some(code) if error.is_permanent() => NotSent::Refused(code),
                Some(code) => NotSent::Later(code),
                None if error.is_tls() || error.is_client() => NotSent::NotEncrypted,
                None if error.is_response() => NotSent::Failed,
                None => NotSent::NoAnswer,
            }),
        }
    }

    fn message(&self, letter: Letter) -> Option<Message> {
        let Letter { to, subject, text } = letter;
        let from = self.settings.from.clone();
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .message_id(Some(format!("<{}@{}>", Uuid::new_v4(), from.email.domain())))
            .from(from)
            .to(Mailbox::new(None, to))
            .subject(subject)
            // No program that is away on holiday answers it (RFC 3834).
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(text)
            .ok()
    }
}

/// An address as it is kept and compared: in lower case. None where it is none, or one that not every mail server takes: with quotation
/// marks, with a number in place of a domain, or with other letters than ASCII has.
pub fn address(typed: &str) -> Option<Address> {
    let typed = typed.trim();
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\"\\()<>[],;:".contains(&byte);
    if typed.len() > ADDRESS_BYTES_MAX || !typed.bytes().all(is_plain) {
        return None;
    }
    let address: Address = typed.to_ascii_lowercase().parse().ok()?;
    address.domain().contains('.').then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<(String, u16, Encryption), String> {
        SmtpServer::parse(text).map(|server| (server.host, server.port, server.encryption))
    }

    #[test]
    fn a_mail_server_elsewhere_is_always_spoken_to_under_encryption() {
        let host = "mail.example.fi".to_owned();
        assert_eq!(of("smtps://mail.example.fi"), Ok((host.clone(), 465, Encryption::Whole)));
        assert_eq!(of("smtp://mail.example.fi"), Ok((host.clone(), 587, Encryption::StartTls)));
        assert_eq!(of("smtp://mail.example.fi:25/"), Ok((host, 25, Encryption::StartTls)));
        assert_eq!(of("smtp://192.0.2.7:25"), Ok(("192.0.2.7".to_owned(), 25, Encryption::StartTls)));
        for here in ["127.0.0.1", "localhost"] {
            assert_eq!(of(&format!("smtp://{here}:2525")), Ok((here.to_owned(), 2525, Encryption::None)));
        }
        assert_eq!(of("smtp://[::1]"), Ok(("::1".to_owned(), 25, Encryption::None)));
        for bad in [
            "",
            "mail.example.fi",
            "http://a.fi",
            "smtp://",
            "smtp://a.fi:0",
            "smtp://a.fi:x",
            "smtps://a b",
            "smtp://a.fi/x",
        ] {
            assert!(of(bad).is_err(), "{bad:?}");
        }
        let with_password = of("smtp://user:hunter2@mail.example.fi").expect_err("a password in an address");
        assert!(with_password.contains("--smtp-password-file") && !with_password.contains("hunter2"));
    }

    #[test]
    fn an_address_is_kept_in_one_form_and_nothing_else_gets_through() {
        assert_eq!(
            address(" Rauha.Korhonen@Kuoro.Example ").map(|it| it.to_string()).as_deref(),
            Some("rauha.korhonen@kuoro.example")
        );
        let long = format!("{}@kuoro.example", "a".repeat(250));
        for bad in [
            "",
            "rauha",
            "rauha@",
            "@kuoro.example",
            "rauha@localhost",
            "a@b@c.fi",
            "rauha@[127.0.0.1]",
            "\"a b\"@c.fi",
            "a@c.fi\r\nBcc: x@y.fi",
            "a@c.fi,b@c.fi",
            "a b@c.fi",
            "Rauha <a@c.fi>",
            "räuha@kuoro.example",
            "a@c.fi\0",
            &long,
        ] {
            assert_eq!(address(bad), None, "{bad:?}");
        }
    }

    fn settings() -> Settings {
        let server = SmtpServer::parse("smtps://mail.example.fi").expect("a server");
        let from = "Hytevihko <hytevihko@example.fi>".parse().expect("an address");
        Settings { server, login: Some(("hytevihko".to_owned(), "hunter2".to_owned())), from }
    }

    #[tokio::test]
    async fn a_letter_is_plain_text_that_says_that_nobody_has_to_answer_it() {
        let mailer = Mailer::new(settings()).expect("a mailer");
        let to = address("rauha@kuoro.example").expect("an address");
        let letter = Letter { to, subject: "Koodi: ä".to_owned(), text: "Käy 10 minuuttia\r\n".to_owned() };
        let text = String::from_utf8(mailer.message(letter).expect("a letter").formatted()).expect("ASCII");
        for part in [
            "From: Hytevihko <hytevihko@example.fi>\r\n",
            "To: rauha@kuoro.example\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Content-Type: text/plain; charset=utf-8\r\n",
        ] {
            assert!(text.contains(part), "{part} {text}");
        }
        assert!(text.is_ascii() && text.contains("@example.fi>\r\n") && text.contains("Date: "));
    }

    #[test]
    fn a_password_is_printed_nowhere() {
        let mailer = Mailer::new(settings());
        let printed = format!("{:?} {:?}", settings(), mailer);
        assert!(printed.contains("mail.example.fi") && !printed.contains("hunter2"), "{printed}");
    }
}
