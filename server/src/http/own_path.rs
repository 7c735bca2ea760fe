//! Where a page of ours leads to afterwards: a path of ours, and never another site.

/// Longest address to go to, in bytes; the longest of ours has 100.
const BYTES_MAX: usize = 200;

/// The address, where it is a path of our own, in plain characters. Browsers leave tabs and line ends away and read a backslash as a slash,
/// so that what begins as a path can lead to another site: whatever is not known to be harmless is none.
pub fn own_path(to: &str) -> Option<&str> {
    let (path, query) = to.split_once('?').unwrap_or((to, ""));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let is_own = to.len() <= BYTES_MAX
        && path.starts_with('/')
        && !to.contains("//")
        && path.split('/').all(|part| part.bytes().all(is_plain) && !part.starts_with('.'))
        // The page that signs in has in its query where it leads to.
        && query.bytes().all(|byte| is_plain(byte) || b"=&/%".contains(&byte));
    is_own.then_some(to)
}

/// A text as a value in the query of an address.
pub fn in_query(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            true => out.push(byte.into()),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_leads_to_pages_of_ours_only() {
        for own in [
            "/",
            "/app",
            "/app/",
            "/app/kerta/0190f3a0-0000-7000",
            "/kunta?vuosi=2026",
            "/kunta?vuosi=2026&a=b",
            "/kirjaudu?to=/kunta%3Fvuosi%3D2026&varmista=1",
        ] {
            assert_eq!(own_path(own), Some(own));
        }
        for other in [
            "",
            "app",
            "//evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r\n/evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/./evil.example",
            "/..//evil.example",
            "/app//evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/app#x",
            "/app?x=//evil.example",
            "/%09/evil.example",
            "/ä",
            "/@evil.example",
            &format!("/{}", "a".repeat(200)),
        ] {
            assert_eq!(own_path(other), None, "{other:?}");
        }
    }

    #[test]
    fn what_is_put_into_a_query_stays_one_value() {
        assert_eq!(in_query("/kunta?vuosi=2026&x=#1 ä"), "/kunta%3Fvuosi%3D2026%26x%3D%231%20%C3%A4");
    }
}
