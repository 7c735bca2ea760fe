//! `GET /api/v1/reminders` and `POST /api/v1/reminders/mail`, `/here`: how a reviewer is reminded of an association's deadlines. Each answers
//! how it is then.

use domain::AssociationId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How whoever asks is reminded, and what is possible.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Reminders))]
pub struct RemindersReply {
    /// The server sends letters.
    pub has_mail: bool,
    /// They have confirmed an address.
    pub has_address: bool,
    /// They are reminded by e-mail.
    pub by_mail: bool,
    /// The key by which a browser knows who may send to it, 65 bytes in base64url; null where the server sends to no browser,
    /// or not to one that others use too.
    pub key: Option<String>,
    /// They are reminded in the browser of this sign-in.
    pub here: bool,
}

impl RemindersReply {
    /// Reads an answer; none where it is no answer of ours.
    pub fn read(answer: &Value) -> Option<RemindersReply> {
        let is = |name: &str| answer.get(name).and_then(Value::as_bool);
        Some(RemindersReply {
            has_mail: is("has_mail")?,
            has_address: is("has_address")?,
            by_mail: is("by_mail")?,
            key: answer.get("key").and_then(Value::as_str).map(str::to_owned),
            here: is("here")?,
        })
    }
}

/// Begins or ends the reminders by e-mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RemindByMail))]
pub struct RemindByMailRequest {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub association: AssociationId,
    pub on: bool,
    /// In which language.
    #[cfg_attr(feature = "openapi", schema(example = "fi", max_length = 35))]
    pub lang: String,
}

/// Begins the reminders in the browser of this sign-in, or ends them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = RemindHere))]
pub struct RemindHereRequest {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub association: AssociationId,
    /// Null ends them.
    #[serde(default)]
    pub browser: Option<BrowserTold>,
    /// In which language.
    #[cfg_attr(feature = "openapi", schema(example = "fi", max_length = 35))]
    pub lang: String,
}

/// A browser as its `PushSubscription` tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Browser))]
pub struct BrowserTold {
    /// Where its push service takes messages for it: of a push service that the server knows.
    #[cfg_attr(feature = "openapi", schema(max_length = 1024))]
    pub endpoint: String,
    /// Its public key, 65 bytes in base64url.
    pub p256dh: String,
    /// What it shares with whoever may send, 16 bytes in base64url.
    pub auth: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_server_writes_is_read_by_hand() {
        let reply =
            RemindersReply { has_mail: true, by_mail: true, key: Some("BP4z".to_owned()), ..Default::default() };
        let written = serde_json::to_value(&reply).expect("json");
        assert_eq!(RemindersReply::read(&written), Some(reply.clone()));
        assert_eq!(RemindersReply::read(&json!({"welcome": "to the hotel"})), None);
        let without = RemindersReply { key: None, ..reply };
        assert_eq!(RemindersReply::read(&serde_json::to_value(&without).expect("json")), Some(without));
    }
}
