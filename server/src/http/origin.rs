//! Where browsers reach this server: scheme, host and port. Every address that the server writes is built from it, and it is what
//! the `Origin` of a request that changes something has to be; never the `Host` header, which whoever asks may choose.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

/// Longest host name, in bytes (RFC 1035).
const HOST_BYTES_MAX: usize = 253;

/// A scheme, a host and a port (RFC 6454), set by `--origin`, or guessed for the local machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    scheme: Scheme,
    /// Lower-case; an IPv6 address stands in square brackets.
    host: String,
    port: u16,
    /// Nobody has set it: the local machine under each of its names.
    is_guess: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

/// Why a text is no origin; for the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadOrigin(&'static str);

impl fmt::Display for BadOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::error::Error for BadOrigin {}

impl Origin {
    /// The local machine, for a server that nobody told its origin.
    pub fn of_listener(address: SocketAddr) -> Origin {
        Origin::loopback(address.port())
    }

    /// `http://127.0.0.1:PORT`, and the same machine by its other names.
    pub fn loopback(port: u16) -> Origin {
        Origin { scheme: Scheme::Http, host: "127.0.0.1".to_owned(), port, is_guess: true }
    }

    pub fn is_https(&self) -> bool {
        self.scheme == Scheme::Https
    }

    /// Whether an operator has set it with `--origin`.
    pub fn is_configured(&self) -> bool {
        !self.is_guess
    }

    /// The host alone, without a port; an IPv6 address in square brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, also where it is the scheme's own.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The whole address of a path of ours, which begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{self}{path}")
    }

    /// Whether a request's `Origin` header is ours: byte for byte, as browsers write it. A guessed origin is the local machine, which a
    /// browser may have reached as `localhost` just as well.
    pub fn is(&self, header: &str) -> bool {
        header == self.to_string() || self.local(header).is_some_and(|said| said.port == self.port)
    }

    /// Whether the header may be ours by way of another port: where nobody said the origin, something on the same machine may stand between
    /// (a forwarded port, a test's proxy). Only together with the browser's own word that the page is of the same origin.
    pub fn may_be(&self, header: &str) -> bool {
        self.is(header) || self.local(header).is_some()
    }

    /// The local machine, where this is a guess.
    fn local(&self, header: &str) -> Option<Origin> {
        let said: Origin = self.is_guess.then(|| header.parse().ok())??;
        (is_local(&said.host) && !said.is_https() && said.to_string() == header).then_some(said)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, usual) = match self.scheme {
            Scheme::Http => ("http", 80),
            Scheme::Https => ("https", 443),
        };
        write!(f, "{scheme}://{}", self.host)?;
        if self.port != usual { write!(f, ":{}", self.port) } else { Ok(()) }
    }
}

impl FromStr for Origin {
    type Err = BadOrigin;

    /// `https://host` or `https://host:port`; `http` for the local machine only, because a browser keeps this server's cookies over HTTPS
    /// only. A slash at the end is forgiven.
    fn from_str(text: &str) -> Result<Origin, BadOrigin> {
        let lower = text.to_ascii_lowercase();
        let (scheme, rest) = match lower.split_once("://") {
            Some(("https", rest)) => (Scheme::Https, rest),
            Some(("http", rest)) => (Scheme::Http, rest),
            _ => return Err(BadOrigin("an origin begins with https://, such as https://hytevihko.example.fi")),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let host_ends = if rest.starts_with('[') { rest.find(']').map_or(0, |end| end + 1) } else { 0 };
        let (host, port) = match rest.get(host_ends..).and_then(|after| after.find(':')) {
            Some(colon) => rest.split_at(host_ends + colon),
            None => (rest, ""),
        };
        let port = match port.strip_prefix(':') {
            None if scheme == Scheme::Https => 443,
            None => 80,
            Some(digits) => {
                number(digits).ok_or(BadOrigin("the port of the origin is not a number from 1 to 65535"))?
            }
        };
        if !is_host(host) {
            return Err(BadOrigin(
                "the origin is a scheme, a host name in its ASCII form and perhaps a port, without a path: \
                 https://hytevihko.example.fi",
            ));
        }
        if scheme == Scheme::Http && !is_local(host) {
            return Err(BadOrigin(
                "the origin has to begin with https://: browsers keep this server's cookies over HTTPS only",
            ));
        }
        Ok(Origin { scheme, host: host.to_owned(), port, is_guess: false })
    }
}

fn number(digits: &str) -> Option<u16> {
    let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|port| is_plain && *port > 0)
}

fn is_host(host: &str) -> bool {
    if let Some(v6) = address_in_brackets(host) {
        return v6.is_ipv6();
    }
    let is_label = |label: &str| {
        let inner = label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        !label.is_empty() && label.len() <= 63 && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    host.len() <= HOST_BYTES_MAX && host.split('.').all(is_label)
}

fn is_local(host: &str) -> bool {
    let address = host.parse::<IpAddr>().ok().or_else(|| address_in_brackets(host));
    host == "localhost" || address.is_some_and(|address| address.is_loopback())
}

fn address_in_brackets(host: &str) -> Option<IpAddr> {
    host.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn an_origin_is_written_as_browsers_write_it() {
        for (given, written) in [
            ("https://hytevihko.example.fi", "https://hytevihko.example.fi"),
            ("HTTPS://Hytevihko.Example.FI:443/", "https://hytevihko.example.fi"),
            ("https://hytevihko.example.fi:8443", "https://hytevihko.example.fi:8443"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ] {
            assert_eq!(origin(given).to_string(), written, "{given}");
        }
        assert_eq!(origin("https://a.fi").url("/app/kutsu"), "https://a.fi/app/kutsu");
        assert_eq!((origin("https://a.fi").port(), origin("https://a.fi:81").host()), (443, "a.fi"));
    }

    #[test]
    fn what_is_no_origin_is_refused_with_a_reason() {
        for text in [
            "",
            "hytevihko.example.fi",
            "https://",
            "https:///",
            "https://a.fi/polku",
            "https://a.fi?x",
            "https://a.fi#x",
            "https://a.fi:",
            "https://a.fi:0",
            "https://a.fi:+1",
            "https://a.fi:65536",
            "https://a.fi:1:2",
            "https://maija@a.fi",
            "https://kylä.fi",
            "https://a..fi",
            "https://-a.fi",
            "https://[::1",
            "https://[a.fi]",
            "https://[::1]x",
            "ftp://a.fi",
            "http://hytevihko.example.fi",
            "http://192.168.1.5:3000",
            "null",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_the_configured_origin_is_ours() {
        let ours = origin("https://hytevihko.example.fi");
        assert!(ours.is_https() && ours.is_configured() && ours.is("https://hytevihko.example.fi"));
        for other in [
            "http://hytevihko.example.fi",
            "https://hytevihko.example.fi:444",
            "https://hytevihko.example.fi.evil.example",
            "https://evil.example",
            "https://hytevihko.example.fi/",
            "http://localhost:3000",
            "null",
            "",
        ] {
            assert!(!ours.is(other), "{other}");
        }
    }

    #[test]
    fn a_guessed_origin_is_the_local_machine_by_each_of_its_names() {
        let guess = Origin::of_listener("0.0.0.0:4111".parse().expect("an address"));
        assert_eq!(guess.to_string(), "http://127.0.0.1:4111");
        assert!(!guess.is_https() && !guess.is_configured());
        for own in ["http://127.0.0.1:4111", "http://localhost:4111", "http://[::1]:4111"] {
            assert!(guess.is(own), "{own}");
        }
        for other in
            ["http://localhost:4112", "https://localhost:4111", "http://evil.example:4111", "http://LOCALHOST:4111"]
        {
            assert!(!guess.is(other), "{other}");
        }
        assert!(guess.may_be("http://localhost:4112") && !guess.may_be("http://evil.example:4111"));
        assert!(!origin("http://localhost:4111").may_be("http://localhost:4112"), "no guess");
    }
}
