//! `GET /api/v1/gatherings/history`: the revisions of a gathering and of its reviews, for the reviewers of its association.

use domain::{Content, Kind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The newest revisions of a gathering and of its reviews, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = History))]
pub struct HistoryReply {
    pub revisions: Vec<RevisionShown>,
    /// There are older ones.
    pub more: bool,
}

/// One revision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RevisionShown {
    /// `gathering` or `review`.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "gathering"))]
    pub kind: Kind,
    pub rev: u32,
    /// Null where the record was deleted.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub content: Option<Content>,
    /// When the server stored it, milliseconds since 1970.
    pub at: i64,
    /// Who made it, as the association calls them; null where that is not known any more.
    pub by: Option<String>,
    /// The code of the device within this association, as `GET /api/v1/devices` has it; null where that is not known any more.
    #[cfg_attr(feature = "openapi", schema(example = "7K3F-Q9"))]
    pub device: Option<String>,
}

impl HistoryReply {
    /// Reads an answer; none where it is no answer of ours. A revision of a kind that this version does not know is left out.
    pub fn read(answer: &Value) -> Option<HistoryReply> {
        let revisions = answer.get("revisions")?.as_array()?.iter().filter_map(RevisionShown::read).collect();
        Some(HistoryReply { revisions, more: answer.get("more").and_then(Value::as_bool) == Some(true) })
    }
}

impl RevisionShown {
    fn read(one: &Value) -> Option<RevisionShown> {
        let text = |name: &str| Some(one.get(name)?.as_str()?.to_owned());
        Some(RevisionShown {
            kind: Kind::from_name(&text("kind")?)?,
            rev: u32::try_from(one.get("rev")?.as_u64()?).ok()?,
            content: one.get("content").and_then(Value::as_object).cloned(),
            at: one.get("at")?.as_i64()?,
            by: text("by"),
            device: text("device"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_server_writes_is_read_by_hand() {
        let text = concat!(
            r#"{"revisions":[{"kind":"gathering","rev":2,"content":null,"at":1795780800000,"by":null,"device":null},"#,
            r#"{"kind":"gathering","rev":1,"content":{"participants":14},"at":1795780700000,"by":"Aino","#,
            r#""device":"7K3F-Q9"}],"more":false}"#
        );
        let first = RevisionShown {
            kind: Kind::Gathering,
            rev: 1,
            content: json!({"participants": 14}).as_object().cloned(),
            at: 1_795_780_700_000,
            by: Some("Aino".to_owned()),
            device: Some("7K3F-Q9".to_owned()),
        };
        let deleted =
            RevisionShown { rev: 2, content: None, at: 1_795_780_800_000, by: None, device: None, ..first.clone() };
        let reply = HistoryReply { revisions: vec![deleted, first], more: false };
        assert_eq!(serde_json::to_string(&reply).expect("json"), text);
        assert_eq!(HistoryReply::read(&serde_json::from_str(text).expect("json")), Some(reply));
    }

    #[test]
    fn a_revision_of_a_kind_of_a_later_version_is_left_out() {
        let answer = json!({"revisions": [{"kind": "picnic", "rev": 1, "content": {}, "at": 1}], "more": true});
        assert_eq!(HistoryReply::read(&answer), Some(HistoryReply { revisions: Vec::new(), more: true }));
        assert_eq!(HistoryReply::read(&json!({"welcome": "to the hotel"})), None);
    }
}
