//! `GET /api/v1/audit`: what was done in an association, for its reviewers. Acts are told by code; a phone makes sentences of them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// So many entries are told at once.
pub const ENTRIES_MAX: u32 = 50;

/// A part of the association's log, the newest entry first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AuditLog))]
pub struct AuditReply {
    pub entries: Vec<EntryShown>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AuditEntry))]
pub struct EntryShown {
    /// Counted from the association's first entry, which has 1. What is before it is asked for by it.
    pub number: u64,
    /// Milliseconds since 1970.
    pub at: i64,
    /// A code; later versions have more of them.
    #[cfg_attr(feature = "openapi", schema(example = "member-removed"))]
    pub act: String,
    pub by: Somebody,
    /// To whom it was done, where that is a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whom: Option<Somebody>,
}

/// A person, as the association may know them today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Somebody {
    /// `me`, `member`, `former` (belongs no more), or `service` (whoever runs the server, and what it does by itself).
    #[cfg_attr(feature = "openapi", schema(example = "member"))]
    pub is: String,
    /// What the association calls them, or called them until it forgot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
}

/// The values of [`Somebody::is`].
pub mod is {
    pub const ME: &str = "me";
    pub const MEMBER: &str = "member";
    pub const FORMER: &str = "former";
    pub const SERVICE: &str = "service";
}

impl AuditReply {
    /// Reads an answer; none where it is no answer of ours.
    pub fn read(answer: &Value) -> Option<AuditReply> {
        let entries = answer.get("entries")?.as_array()?.iter().filter_map(EntryShown::read).collect();
        Some(AuditReply { entries })
    }

    /// Whether there are older entries than these.
    pub fn has_older(&self) -> bool {
        self.entries.last().is_some_and(|last| last.number > 1)
    }
}

impl EntryShown {
    fn read(one: &Value) -> Option<EntryShown> {
        Some(EntryShown {
            number: one.get("number")?.as_u64()?,
            at: one.get("at")?.as_i64()?,
            act: one.get("act")?.as_str()?.to_owned(),
            by: Somebody::read(one.get("by")?)?,
            whom: one.get("whom").and_then(Somebody::read),
        })
    }
}

impl Somebody {
    fn read(one: &Value) -> Option<Somebody> {
        let nickname = one.get("nickname").and_then(Value::as_str).map(str::to_owned);
        Some(Somebody { is: one.get("is")?.as_str()?.to_owned(), nickname })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_server_writes_is_read_by_hand() {
        let text = concat!(
            r#"{"entries":[{"number":2,"at":1795780800000,"act":"member-removed","by":{"is":"me","nickname":"Rauha"},"#,
            r#""whom":{"is":"former"}},{"number":1,"at":1795780700000,"act":"invited","by":{"is":"service"}}]}"#
        );
        let somebody =
            |is: &str, nickname: Option<&str>| Somebody { is: is.to_owned(), nickname: nickname.map(str::to_owned) };
        let entries = vec![
            EntryShown {
                number: 2,
                at: 1_795_780_800_000,
                act: "member-removed".to_owned(),
                by: somebody(is::ME, Some("Rauha")),
                whom: Some(somebody(is::FORMER, None)),
            },
            EntryShown {
                number: 1,
                at: 1_795_780_700_000,
                act: "invited".to_owned(),
                by: somebody(is::SERVICE, None),
                whom: None,
            },
        ];
        let reply = AuditReply { entries };
        assert_eq!(serde_json::to_string(&reply).expect("json"), text);
        assert!(!reply.has_older());
        assert_eq!(AuditReply::read(&serde_json::from_str(text).expect("json")), Some(reply));
        assert_eq!(AuditReply::read(&json!({"welcome": "to the hotel"})), None);
    }
}
