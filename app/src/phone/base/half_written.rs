//! Half-written texts: what was typed in a form of one or two fields and not saved.
//!
//! They are in the store of drafts. A draft is JSON, and a half-written text begins with a mark with which no JSON
//! begins, so that neither is parsed as the other.

use domain::RecordId;

/// A field of which a half-written text is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The question with which a gathering is returned; about the gathering.
    ReturnComment,
    /// How many different people came, and how they were counted; about the record of a series' year.
    DistinctPeople,
    /// A field of the association's own record, by its name; about that record.
    Own(&'static str),
}

/// A text that is not saved yet, of one field, about one record.
#[derive(Clone, Debug, PartialEq)]
pub struct HalfWritten {
    pub field: Field,
    pub about: RecordId,
    pub text: String,
}

const MARK: char = '?';

/// FNV-1a of 32 bits: enough to tell some dozens of texts apart. What lies in a browser's store is found by it.
pub fn fnv(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl Field {
    /// The id under which the text lies: not the record's own, which may have a draft. No record has texts of both a comment and an
    /// answer; each field of the association's own has a place of its own.
    pub fn id(self, about: RecordId) -> RecordId {
        let mut id = *about.uuid().as_bytes();
        id[15] ^= MARK as u8;
        if let Field::Own(name) = self {
            // Versions of the app agree on the hash, and on the names.
            for (byte, of_name) in id[10..14].iter_mut().zip(fnv(name).to_be_bytes()) {
                *byte ^= of_name;
            }
        }
        RecordId::from_bytes(id)
    }

    /// What is kept of this field about a record, among all drafts.
    pub fn read(self, about: RecordId, drafts: &[(RecordId, String)]) -> Option<HalfWritten> {
        let id = self.id(about);
        let (_, state) = drafts.iter().find(|(other, _)| *other == id)?;
        Some(HalfWritten { field: self, about, text: state.strip_prefix(MARK)?.to_owned() })
    }
}

impl HalfWritten {
    pub fn id(&self) -> RecordId {
        self.field.id(self.about)
    }

    /// As it lies in the store; an empty text leaves nothing there.
    pub fn state(&self) -> String {
        let mut state = String::new();
        if !self.text.is_empty() {
            state.push(MARK);
            state.push_str(&self.text);
        }
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::base::draft::Draft;

    const GATHERING: RecordId = RecordId::from_bytes([0x11; 16]);

    #[test]
    fn what_the_version_before_has_kept_is_read() {
        let id = RecordId::parse("11111111-1111-1111-1111-11111111112e").expect("id");
        let drafts = [(GATHERING, r#"{"participants":14}"#.to_owned()), (id, "?Oliko koululuokka mukana?".to_owned())];
        let kept = Field::ReturnComment.read(GATHERING, &drafts).expect("kept");
        assert_eq!(kept.text, "Oliko koululuokka mukana?");
        assert_eq!((kept.id(), kept.state()), drafts[1], "and is written as it was");
        assert_eq!(Draft::read(&drafts[1]), None, "it is no draft");
        let answer = Field::DistinctPeople.read(GATHERING, &[(id, "?34 estimated".to_owned())]);
        assert_eq!(answer.expect("kept").text, "34 estimated");
    }

    #[test]
    fn each_text_of_the_association_s_own_page_has_a_place() {
        use domain::own_page::{PARTS, about_field, languages};
        let of_part = |part| languages().map(move |lang| about_field(part, lang));
        let names = PARTS.into_iter().flat_map(of_part).chain(["public_contact"]);
        let mut ids: Vec<_> = names.map(|name| Field::Own(name).id(GATHERING)).collect();
        let count = ids.len();
        ids.extend([GATHERING, Field::DistinctPeople.id(GATHERING)]);
        let each_once: std::collections::BTreeSet<_> = ids.into_iter().collect();
        assert_eq!(each_once.len(), count + 2);
    }

    #[test]
    fn a_draft_is_not_read_as_half_written() {
        let id = Field::ReturnComment.id(GATHERING);
        assert_eq!(Field::ReturnComment.read(GATHERING, &[(id, r#"{"participants":14}"#.to_owned())]), None);
        assert_eq!(Field::ReturnComment.read(GATHERING, &[]), None);
    }

    #[test]
    fn nothing_is_kept_of_an_empty_text() {
        let empty = HalfWritten { field: Field::ReturnComment, about: GATHERING, text: String::new() };
        assert_eq!(empty.state(), "");
    }
}
