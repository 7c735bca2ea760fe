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
}

/// A text that is not saved yet, of one field, about one record.
#[derive(Clone, Debug, PartialEq)]
pub struct HalfWritten {
    pub field: Field,
    pub about: RecordId,
    pub text: String,
}

const MARK: char = '?';

impl Field {
    /// The id under which the text lies: not the record's own, which may have a draft. No record has texts of both fields.
    pub fn id(self, about: RecordId) -> RecordId {
        let mut id = *about.uuid().as_bytes();
        id[15] ^= match self {
            Field::ReturnComment | Field::DistinctPeople => MARK as u8,
        };
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
