//! `POST /api/v1/sync/hand-in`: what a device still holds whose user was removed from the association, or whose sign-in was ended from
//! elsewhere. The server keeps it apart until the association decides; nothing is told but that it is kept.

use domain::{AssociationId, ChangeId, RecordId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub const HAND_IN_MAGIC: &str = "hytevihko-hand-in-1";

/// The code of `GET /api/v1/me`'s 401 where the sign-in was ended from elsewhere: what waits is handed in, and what was received is
/// forgotten.
pub const SIGN_IN_ENDED: &str = "sign-in-ended";

/// Whose sign-in was ended from elsewhere, by the body of a 401. None of any other, and of one that does not say whose.
pub fn ended_of(problem: &Value) -> Option<UserId> {
    problem.get("code").filter(|code| *code == SIGN_IN_ENDED)?;
    UserId::parse(problem.get("user")?.as_str()?)
}

/// Stable codes of what was not taken, beside those of a push.
pub mod codes {
    /// As much was handed in from this device as may be. The device keeps it, to be
    /// saved as a file; where the association has decided meanwhile, there is room again.
    pub const FULL: &str = "quarantine-full";
}

/// Body of a hand-in. Changes are read one by one, as those of a push.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = HandIn))]
pub struct HandInRequest {
    #[cfg_attr(feature = "openapi", schema(example = "hytevihko-hand-in-1"))]
    pub magic: String,
    /// Who made the changes; nothing is taken where it is not the user of the sign-in (S10).
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub user: UserId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub association: AssociationId,
    /// Version of the contents, see `limits::SCHEMA`.
    pub schema: u32,
    /// The server's epoch as the device last saw it. Of another one, no edit's base is believed (S9).
    #[serde(default)]
    pub epoch: String,
    /// At most 50, each a `Change`.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<super::Change>))]
    pub changes: Vec<Value>,
}

/// What became of a change that was handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum HandInOutcome {
    /// It is on the server's disk, and the association decides about it. The device may drop it.
    Given,
    /// Not taken, and never will be as it is: the device keeps it.
    Refused,
    /// Not taken now: the device keeps it.
    AgainLater,
}

/// The receipt for one change (S4): it names the change, the record and the hash of the content as sent, and tells nothing of what the
/// association has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandInResult {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub change: ChangeId,
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub record: RecordId,
    /// SHA-256 of the canonical content as sent, in hexadecimal.
    pub sent_hash: String,
    pub outcome: HandInOutcome,
    /// Why it was not taken, a stable code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// Answer to a hand-in that could be read; always status 200.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HandInReply {
    pub magic: String,
    /// The server's clock, milliseconds since 1970.
    pub server_time: i64,
    pub results: Vec<HandInResult>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_phone_forgets_by_a_word_that_names_its_user_alone() {
        let user = UserId::from_bytes([1; 16]);
        assert_eq!(ended_of(&json!({"code": SIGN_IN_ENDED, "user": user})), Some(user));
        for other in [
            json!({"code": SIGN_IN_ENDED}),
            json!({"code": SIGN_IN_ENDED, "user": 1}),
            json!({"code": "not-signed-in", "user": user}),
            json!("sign-in-ended"),
        ] {
            assert_eq!(ended_of(&other), None, "{other}");
        }
    }
}
