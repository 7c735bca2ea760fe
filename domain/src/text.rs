//! Text in the form in which it is stored: trimmed, in Unicode's composed form (NFC), without control characters.

/// Normalises what somebody typed. Line breaks and tabs become spaces; other control characters vanish.
pub fn normalise(raw: &str) -> String {
    let spaced: String = raw
        .chars()
        .filter_map(|c| match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
            c if c.is_control() || is_invisible(c) => None,
            c => Some(c),
        })
        .collect();
    let trimmed = spaced.trim();
    if trimmed.chars().all(|c| c < FIRST_TO_COMPOSE) { trimmed.to_owned() } else { nfc(trimmed) }
}

/// Every character before the combining ones is its own composed form (Unicode Standard Annex 15, quick check), and Finnish and
/// Swedish need no other: of the thousands of texts of a start, few have to be asked about.
const FIRST_TO_COMPOSE: char = '\u{300}';

/// Direction overrides and other format characters that could make a text read as something else.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The browser carries Unicode's tables already; shipping them again would cost a tenth of the download.
#[cfg(target_arch = "wasm32")]
fn nfc(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFC").into()
}

#[cfg(not(target_arch = "wasm32"))]
fn nfc(text: &str) -> String {
    unicode_normalization::UnicodeNormalization::nfc(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_is_trimmed_composed_and_without_control_characters() {
        assert_eq!(normalise("  Pa\u{308}iva\u{308}kerho\u{0}\n "), "Päiväkerho");
        assert_eq!(normalise("yksi\nkaksi\t\u{202e}kolme"), "yksi kaksi kolme");
    }

    #[test]
    fn before_the_combining_characters_nothing_composes() {
        for c in '\0'..FIRST_TO_COMPOSE {
            assert_eq!(nfc(&format!("{c}{c}")), format!("{c}{c}"));
        }
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(raw in "\\PC{0,40}|[\\x00-\\x{7f}]{0,40}") {
            let once = normalise(&raw);
            prop_assert_eq!(normalise(&once), once);
        }
    }
}
