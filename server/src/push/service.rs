//! Which push services are asked. There is no other check of an address: what is not on this list is asked nothing, so that a name that leads
//! to a machine of ours, a number or a private network does not have to be recognised.

use axum::http::{Uri, uri::Scheme};

use crate::identity::oidc::wire::is_local;

/// Longest address that is taken, in bytes. Those of Windows have about 400.
const ENDPOINT_BYTES_MAX: usize = 1024;
/// The push services of Chrome, Edge on Android and most others; of Firefox.
const HOSTS: [&str; 2] = ["fcm.googleapis.com", "updates.push.services.mozilla.com"];
/// Of Safari and of Edge, which have several hosts.
const DOMAINS: [&str; 2] = [".push.apple.com", ".notify.windows.com"];

/// Those that are asked.
#[derive(Clone, Debug, Default)]
pub struct Services {
    /// Hosts that the operator has added, with a port where they have one.
    others: Vec<String>,
}

impl Services {
    pub fn with(others: Vec<String>) -> Services {
        Services { others }
    }

    /// Whether one that the operator has added runs on this machine, as in a trial: it may be without encryption.
    pub fn has_local(&self) -> bool {
        self.others.iter().any(|other| is_local(host_of(other)))
    }

    /// An address as it is kept and asked, or none.
    pub fn endpoint(&self, text: &str) -> Option<String> {
        if text.len() > ENDPOINT_BYTES_MAX || text.contains('#') {
            return None;
        }
        let uri: Uri = text.parse().ok()?;
        let authority = uri.authority()?.as_str();
        let is_other = self.others.iter().any(|other| other == authority);
        let is_known = HOSTS.contains(&authority) || DOMAINS.iter().any(|domain| is_below(authority, domain));
        let is_allowed = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => is_known || is_other,
            Some(scheme) if *scheme == Scheme::HTTP => is_other && is_local(host_of(authority)),
            _ => false,
        };
        is_allowed.then(|| text.to_owned())
    }
}

/// The push service of an address: `https://fcm.googleapis.com`.
pub fn of(endpoint: &str) -> Option<String> {
    let uri: Uri = endpoint.parse().ok()?;
    Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?))
}

/// Whether a host has at least one part before a domain. A user, a port or an upper-case letter are in no address that a browser gives.
fn is_below(authority: &str, domain: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    authority.strip_suffix(domain).is_some_and(|parts| parts.split('.').all(is_part))
}

/// An authority without its port.
fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !host.is_empty() => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_push_services_of_browsers_are_asked() {
        for known in [
            "https://fcm.googleapis.com/fcm/send/dx:APA91b",
            "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
            "https://web.push.apple.com/QGuQyavXut",
            "https://db5p.notify.windows.com/w/?token=BQYAAA%3d%3d",
        ] {
            assert_eq!(Services::default().endpoint(known).as_deref(), Some(known));
        }
        assert_eq!(of("https://web.push.apple.com/Q?a=b").as_deref(), Some("https://web.push.apple.com"));
    }

    /// Whatever leads into a network of ours, or to somebody who is no push service.
    #[test]
    fn nobody_else_is_asked_however_it_is_written() {
        for host in [
            // This machine, networks of ours, a cloud's own services.
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "localhost",
            "localhost.",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[fe80::1]",
            "[fd00::1]",
            "0.0.0.0",
            "10.0.0.1",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "metadata.google.internal",
            "db",
            "printer.local",
            // Names that look like one that is known.
            "evil.example",
            "fcm.googleapis.com.evil.example",
            "evilfcm.googleapis.com",
            "storage.googleapis.com",
            "fcm.googleapis.com.",
            "FCM.googleapis.com",
            "fcm.googleapis.com:22",
            "user@fcm.googleapis.com",
            "fcm.googleapis.com@127.0.0.1",
            "fcm.googleapis.com%2f@127.0.0.1",
            "push.apple.com",
            ".push.apple.com",
            "evilpush.apple.com",
            "a..push.apple.com",
            "x@a.push.apple.com",
            "127.0.0.1:80@a.push.apple.com",
            "a.push.apple.com:8080",
            "notify.windows.com",
            "push.apple.com.evil.example",
            "a.push.apple.com.evil.example",
        ] {
            for path in ["/x", "", "/fcm.googleapis.com", "?fcm.googleapis.com", "/@fcm.googleapis.com/"] {
                for scheme in ["https", "http"] {
                    let endpoint = format!("{scheme}://{host}{path}");
                    assert_eq!(Services::default().endpoint(&endpoint), None, "{endpoint}");
                }
            }
        }
        for odd in [
            "",
            "/",
            "fcm.googleapis.com",
            "http://fcm.googleapis.com/x",
            "ftp://fcm.googleapis.com/x",
            "file:///etc/passwd",
            "gopher://fcm.googleapis.com/x",
            "javascript:alert(1)",
            "//fcm.googleapis.com/x",
            "https:fcm.googleapis.com/x",
            "https:///fcm.googleapis.com",
            "https://fcm.googleapis.com/x\r\nhost: evil.example",
            "https://fcm.googleapis.com/x y",
            "https://fcm.googleapis.com/x#y",
            "https://fcm.googleapis.com\\@evil.example/",
            "https://evil.example\\.push.apple.com/",
            "https://fcm.googleapis.com\u{2024}evil/",
        ] {
            assert_eq!(Services::default().endpoint(odd), None, "{odd:?}");
        }
        assert_eq!(Services::default().endpoint(&format!("https://fcm.googleapis.com/{}", "a".repeat(1024))), None);
    }

    #[test]
    fn what_the_operator_adds_is_asked_and_without_encryption_on_this_machine_only() {
        let services = Services::with(vec!["127.0.0.1:4000".to_owned(), "push.example.fi".to_owned()]);
        assert!(services.has_local());
        for known in ["http://127.0.0.1:4000/x", "https://127.0.0.1:4000/x", "https://push.example.fi/x"] {
            assert!(services.endpoint(known).is_some(), "{known}");
        }
        for other in [
            "http://push.example.fi/x",
            "http://127.0.0.1:4001/x",
            "http://127.0.0.1/x",
            "http://a@127.0.0.1:4000/x",
            "https://push.example.fi:444/x",
        ] {
            assert_eq!(services.endpoint(other), None, "{other}");
        }
        assert!(!Services::with(vec!["push.example.fi".to_owned()]).has_local());
    }
}
