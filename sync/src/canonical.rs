//! The canonical form of a content, and its hash, which a receipt names to prove what it is for (S4).

use domain::Content;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// JSON with sorted names and no white space. `null` is written: a change that clears a field is not one that keeps it.
pub fn canonical(content: &Content) -> String {
    // An object is a tree sorted by its names, at every depth, as long as nobody asks serde_json to keep another order: `deny.toml`
    // forbids that. Names are text and every value is JSON's own, so nothing in it can fail.
    serde_json::to_string(content).unwrap_or_default()
}

/// SHA-256 of the canonical content, in lower-case hexadecimal.
pub fn content_hash(content: &Content) -> String {
    hex(canonical(content).as_bytes())
}

/// The hash of a deletion, in the place of a content's.
pub fn deletion_hash() -> String {
    hex(b"deleted")
}

/// The hash that a receipt names (S4): of a content, or of its deletion.
pub fn body_hash(content: Option<&Content>) -> String {
    content.map_or_else(deletion_hash, content_hash)
}

/// SHA-256 of a text, in lower-case hexadecimal.
pub(crate) fn text_hash(text: &str) -> String {
    hex(text.as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(64);
    push_hex(&Sha256::digest(bytes), &mut out);
    out
}

/// Appends bytes in lower-case hexadecimal.
pub(crate) fn push_hex(bytes: &[u8], out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// How deep a value nests; a scalar is 1.
pub fn depth(value: &Value) -> usize {
    let inner = match value {
        Value::Object(object) => object.values().map(depth).max(),
        Value::Array(items) => items.iter().map(depth).max(),
        _ => None,
    };
    1 + inner.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_are_sorted_at_every_depth() {
        let content = json!({"b": [{"z": 1, "a": null}], "a": "ä\"\n"});
        assert_eq!(canonical(content.as_object().expect("object")), r#"{"a":"ä\"\n","b":[{"a":null,"z":1}]}"#);
    }

    #[test]
    fn clearing_a_field_is_another_content_than_keeping_it() {
        let clears = json!({"a": 1, "note": null});
        let keeps = json!({"a": 1});
        let hash = |value: &Value| content_hash(value.as_object().expect("object"));
        assert_ne!(hash(&clears), hash(&keeps));
        assert_eq!(hash(&keeps).len(), 64);
    }

    #[test]
    fn depth_counts_levels() {
        assert_eq!(depth(&json!(1)), 1);
        assert_eq!(depth(&json!({"a": [{"b": 1}]})), 4);
    }
}
