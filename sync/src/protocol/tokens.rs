//! `GET /api/v1/tokens` and `POST /api/v1/tokens`, `/end`: the tokens with which programs read an association, for its reviewers.

use domain::{AssociationId, permission::scope::Scope};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::me::text;

/// 409: the association has as many tokens as it may have.
pub const FULL: &str = "tokens-full";

/// An association's tokens that were not ended, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Tokens))]
pub struct TokensReply {
    pub tokens: Vec<TokenListed>,
}

/// A token without what opens the door: that is told once, when it is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TokenListed {
    #[cfg_attr(feature = "openapi", schema(format = Uuid))]
    pub id: String,
    pub name: String,
    /// `gatherings`, `figures`, or both with a space between.
    #[cfg_attr(feature = "openapi", schema(example = "gatherings figures"))]
    pub scope: String,
    /// What the association calls whoever made it.
    pub by: String,
    /// Milliseconds since 1970, as the other two.
    pub made: i64,
    /// From then on it opens nothing.
    pub expires: i64,
    /// To the hour; null where it never was.
    pub last_used: Option<i64>,
}

impl TokensReply {
    /// Reads an answer; none where it is no answer of ours. A token with a scope that this version does not know is shown all the same: it
    /// has to be possible to end it.
    pub fn read(answer: &Value) -> Option<TokensReply> {
        let tokens = answer.get("tokens")?.as_array()?.iter().filter_map(TokenListed::read).collect();
        Some(TokensReply { tokens })
    }
}

impl TokenListed {
    fn read(one: &Value) -> Option<TokenListed> {
        Some(TokenListed {
            id: text(one, "id")?.to_owned(),
            name: text(one, "name")?.to_owned(),
            scope: text(one, "scope")?.to_owned(),
            by: text(one, "by")?.to_owned(),
            made: one.get("made")?.as_i64()?,
            expires: one.get("expires")?.as_i64()?,
            last_used: one.get("last_used").and_then(Value::as_i64),
        })
    }

    pub fn scope(&self) -> Option<Scope> {
        Scope::parse(&self.scope)
    }
}

/// Makes a token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TokenWanted))]
pub struct TokenRequest {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub association: AssociationId,
    /// What it is for, at most 60 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 60))]
    pub name: String,
    /// `gatherings`, `figures`, or both with a space between.
    #[cfg_attr(feature = "openapi", schema(example = "figures"))]
    pub scope: String,
    /// For how long it is good: 1 to 730 days. A year where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 730))]
    pub days: Option<u32>,
}

/// A new token: said once, and kept by nobody but whoever made it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TokenMade))]
pub struct TokenReply {
    /// Names the token where it is ended; it opens nothing.
    #[cfg_attr(feature = "openapi", schema(format = Uuid))]
    pub id: String,
    /// What goes into the header `Authorization: Bearer …`.
    pub token: String,
    /// The address of the association's figures and rows, to which `/gatherings`, `/groups` and `/report` are added.
    pub address: String,
    /// Milliseconds since 1970.
    pub expires: i64,
}

/// A token is in no log, and in no failed test's words.
impl std::fmt::Debug for TokenReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenReply({}, …)", self.id)
    }
}

impl TokenReply {
    /// Reads an answer; none where it is no answer of ours.
    pub fn read(answer: &Value) -> Option<TokenReply> {
        Some(TokenReply {
            id: text(answer, "id")?.to_owned(),
            token: text(answer, "token")?.to_owned(),
            address: text(answer, "address")?.to_owned(),
            expires: answer.get("expires")?.as_i64()?,
        })
    }
}

/// Ends a token: from this moment it opens nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TokenEnded))]
pub struct EndTokenRequest {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub association: AssociationId,
    pub id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_server_writes_is_read_by_hand() {
        let one = TokenListed {
            id: "0190f3a0-0000-4000-8000-000000000001".to_owned(),
            name: "Vuositilasto".to_owned(),
            scope: "figures".to_owned(),
            by: "Rauha".to_owned(),
            made: 1,
            expires: 2,
            last_used: None,
        };
        let used = TokenListed { last_used: Some(3), scope: "later".to_owned(), ..one.clone() };
        assert_eq!((one.scope(), used.scope()), (Some(Scope::Figures), None));
        let reply = TokensReply { tokens: vec![one, used] };
        assert_eq!(TokensReply::read(&serde_json::to_value(&reply).expect("json")), Some(reply));
        let made = TokenReply {
            id: "7".to_owned(),
            token: "hyte_secret".to_owned(),
            address: "https://hyte.example/api/v1/associations/x".to_owned(),
            expires: 2,
        };
        assert!(!format!("{made:?}").contains("secret"));
        assert_eq!(TokenReply::read(&serde_json::to_value(&made).expect("json")), Some(made));
    }

    #[test]
    fn what_is_no_answer_of_ours_is_none() {
        let portal = json!({"welcome": "to the hotel"});
        assert_eq!((TokensReply::read(&portal), TokenReply::read(&portal)), (None, None));
    }
}
