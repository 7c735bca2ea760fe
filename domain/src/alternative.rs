//! An alternative: the value that lost a clash, kept until the association settles it (S11).

use serde_json::Value;

use crate::{
    Content, FieldError, Kind, RecordId,
    content::{self, Reader, overlay, put},
    review::Settlement,
};

/// What one side of a clash would have made of a record. The server makes it, and the record itself says what the other side said.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// The record that it is of, and that record's kind.
    pub record: RecordId,
    pub kind: Kind,
    /// The revision that the record had after the clash; 0 where nobody said.
    pub against: u32,
    pub proposal: Proposal,
    /// Its own author has edited the record since: nobody is asked about it any more.
    pub settled_by_author: bool,
}

/// What is kept of a clash.
#[derive(Clone, Debug, PartialEq)]
pub enum Proposal {
    /// The whole content as its author wanted it, and the fields in which it clashed.
    Edit { content: Content, fields: Vec<String> },
    /// The record was deleted by somebody who had not seen its last edit.
    Deletion,
}

/// Every field of an alternative's content that this version knows.
pub const FIELDS: &[&str] = &["record", "kind", "against", "content", "fields", "deletion", SETTLED];

const SETTLED: &str = "settled";
const BY_ITS_AUTHOR: &str = "by its author";

impl Alternative {
    pub fn parse(content: &Content) -> Result<Alternative, Vec<FieldError>> {
        let mut read = Reader::new(content);
        let record = read.required("record", content::id(RecordId::parse));
        let kind = read.required("kind", content::code(Kind::from_name));
        let against = read.optional("against", content::number(0, u32::MAX)).unwrap_or(0);
        let proposal = match content.get("content").and_then(Value::as_object) {
            Some(content_of_it) => {
                Proposal::Edit { content: content_of_it.clone(), fields: names(content.get("fields")) }
            }
            None => Proposal::Deletion,
        };
        let settled_by_author = !is_open(content);
        let whole =
            record.zip(kind).map(|(record, kind)| Alternative { record, kind, against, proposal, settled_by_author });
        read.finish(whole)
    }

    pub fn to_content(&self) -> Content {
        let mut out = Content::new();
        put(&mut out, "record", Some(self.record.to_string()));
        put(&mut out, "kind", Some(self.kind.name()));
        put(&mut out, "against", Some(self.against));
        match &self.proposal {
            Proposal::Edit { content, fields } => {
                put(&mut out, "content", Some(content.clone()));
                put(&mut out, "fields", Some(fields.clone()));
            }
            Proposal::Deletion => put(&mut out, "deletion", Some(true)),
        }
        if self.settled_by_author {
            out = settled_by_author(out);
        }
        out
    }

    /// Whether the association is still asked about the alternative of this id.
    pub fn is_open(&self, id: RecordId, settlements: &[Settlement]) -> bool {
        let settles = |settlement: &Settlement| match settlement {
            Settlement::Alternative { alternative, .. } => *alternative == id,
            Settlement::Pair { .. } | Settlement::Period(_) => false,
        };
        !self.settled_by_author && !settlements.iter().any(settles)
    }

    /// What the record says when the alternative is taken, where it says `now`: the fields in which it clashed are the alternative's, all
    /// others stay. None when it is deleted.
    pub fn taken(&self, now: &Content) -> Option<Content> {
        let Proposal::Edit { content, fields } = &self.proposal else { return None };
        // A field that the alternative does not say is cleared.
        let clashed = fields.iter().map(|field| (field.clone(), content.get(field).cloned().unwrap_or_default()));
        Some(overlay(now, &clashed.collect()))
    }
}

/// Whether the author of an alternative has not settled it: by its content, which is read no further.
pub fn is_open(content: &Content) -> bool {
    !content.contains_key(SETTLED)
}

/// An alternative's content as one that its author has settled; fields that this version does not know stay (S13).
pub fn settled_by_author(mut content: Content) -> Content {
    content.insert(SETTLED.to_owned(), BY_ITS_AUTHOR.into());
    content
}

fn names(list: Option<&Value>) -> Vec<String> {
    let all = list.and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|name| Some(name.as_str()?.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const RECORD: &str = "0190f3a0-0000-7000-8000-000000000001";

    fn content(value: Value) -> Content {
        value.as_object().cloned().expect("object")
    }

    fn edit() -> Value {
        json!({"record": RECORD, "kind": "gathering", "against": 3, "fields": ["participants", "note"],
               "content": {"participants": 15, "volunteers": 2}})
    }

    #[test]
    fn an_edit_is_written_as_it_always_was() {
        let alternative = Alternative {
            record: RecordId::parse(RECORD).expect("id"),
            kind: Kind::Gathering,
            against: 3,
            proposal: Proposal::Edit {
                content: content(json!({"participants": 15, "volunteers": 2})),
                fields: vec!["participants".to_owned(), "note".to_owned()],
            },
            settled_by_author: false,
        };
        assert_eq!(Value::Object(alternative.to_content()), edit());
        assert_eq!(Alternative::parse(&content(edit())), Ok(alternative));
    }

    #[test]
    fn a_deletion_that_its_author_settled_is_written_as_it_always_was() {
        let written = json!({"record": RECORD, "kind": "series", "against": 2, "deletion": true,
                             "settled": "by its author"});
        let alternative = Alternative::parse(&content(written.clone())).expect("valid");
        assert_eq!((&alternative.proposal, alternative.settled_by_author), (&Proposal::Deletion, true));
        assert_eq!(Value::Object(alternative.to_content()), written);
    }

    #[test]
    fn settling_keeps_what_a_later_version_wrote() {
        let mut newer = content(edit());
        newer.insert("weather".to_owned(), json!("rain"));
        assert!(is_open(&newer));
        let settled = settled_by_author(newer);
        assert!(!is_open(&settled));
        assert_eq!((&settled["weather"], &settled["settled"]), (&json!("rain"), &json!("by its author")));
    }

    #[test]
    fn an_alternative_of_an_unknown_kind_is_an_error() {
        let mut unknown = content(edit());
        unknown.insert("kind".to_owned(), json!("picnic"));
        let errors = Alternative::parse(&unknown).expect_err("unknown kind");
        assert_eq!(errors, [FieldError { field: "kind", problem: content::Problem::UnknownCode }]);
    }

    #[test]
    fn taking_an_alternative_changes_only_the_fields_in_which_it_clashed() {
        let alternative = Alternative::parse(&content(edit())).expect("valid");
        let now = content(json!({"participants": 14, "volunteers": 3, "note": "Sataa", "place": "Talo"}));
        let expected = content(json!({"participants": 15, "volunteers": 3, "place": "Talo"}));
        assert_eq!(alternative.taken(&now), Some(expected));
        assert_eq!(Alternative { proposal: Proposal::Deletion, ..alternative }.taken(&now), None);
    }

    #[test]
    fn what_is_settled_is_not_asked_about() {
        let id = |n: u8| RecordId::from_bytes([n; 16]);
        let open = Alternative::parse(&content(edit())).expect("valid");
        let left = |alternative| [Settlement::Alternative { alternative, taken: false }];
        assert!(open.is_open(id(1), &left(id(2))));
        assert!(!open.is_open(id(1), &left(id(1))));
        assert!(!Alternative { settled_by_author: true, ..open }.is_open(id(1), &[]));
    }
}
