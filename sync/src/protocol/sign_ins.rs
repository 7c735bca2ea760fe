//! `GET /api/v1/sign-ins` and `POST /api/v1/sign-ins/end`: the phones of an association's volunteers that are signed in, for its reviewers.
//! Both answer the list as it is then.

use domain::AssociationId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The sign-ins of an association's volunteers on phones that it let in, by nickname.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SignIns))]
pub struct SignInsReply {
    pub sign_ins: Vec<SignInShown>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInShown {
    /// Names the sign-in within this association; it signs nobody in.
    #[cfg_attr(feature = "openapi", schema(format = Uuid))]
    pub sign_in: String,
    /// Whose it is, as the association calls them.
    pub by: String,
    /// The device's code, as in the list of devices; null where the sign-in has none.
    #[cfg_attr(feature = "openapi", schema(example = "7K3F-Q9"))]
    pub device: Option<String>,
    /// When it was last used, milliseconds since 1970.
    pub last_used: i64,
    /// It has run out and lets nobody in any more. The phone still holds what it received until the sign-in is ended.
    pub has_run_out: bool,
}

/// Ends a sign-in, because its phone is lost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = EndSignIn))]
pub struct EndRequest {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub association: AssociationId,
    pub sign_in: String,
}

impl SignInsReply {
    /// Reads an answer; none where it is no answer of ours.
    pub fn read(answer: &Value) -> Option<SignInsReply> {
        let sign_ins = answer.get("sign_ins")?.as_array()?.iter().filter_map(SignInShown::read).collect();
        Some(SignInsReply { sign_ins })
    }
}

impl SignInShown {
    fn read(one: &Value) -> Option<SignInShown> {
        let text = |name: &str| Some(one.get(name)?.as_str()?.to_owned());
        Some(SignInShown {
            sign_in: text("sign_in")?,
            by: text("by")?,
            device: text("device"),
            last_used: one.get("last_used")?.as_i64()?,
            has_run_out: one.get("has_run_out").and_then(Value::as_bool) == Some(true),
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
            r#"{"sign_ins":[{"sign_in":"0190f3a0-0000-8000-8000-000000000001","by":"Aino","device":"7K3F-Q9","#,
            r#""last_used":1795780800000,"has_run_out":false},{"sign_in":"0190f3a0-0000-8000-8000-000000000002","#,
            r#""by":"Eino","device":null,"last_used":1764244800000,"has_run_out":true}]}"#
        );
        let one = |id: u8, by: &str, device: Option<&str>, last_used, has_run_out| SignInShown {
            sign_in: format!("0190f3a0-0000-8000-8000-00000000000{id}"),
            by: by.to_owned(),
            device: device.map(str::to_owned),
            last_used,
            has_run_out,
        };
        let sign_ins = vec![
            one(1, "Aino", Some("7K3F-Q9"), 1_795_780_800_000, false),
            one(2, "Eino", None, 1_764_244_800_000, true),
        ];
        let reply = SignInsReply { sign_ins };
        assert_eq!(serde_json::to_string(&reply).expect("json"), text);
        assert_eq!(SignInsReply::read(&serde_json::from_str(text).expect("json")), Some(reply));
        assert_eq!(SignInsReply::read(&json!({"welcome": "to the hotel"})), None);
    }
}
