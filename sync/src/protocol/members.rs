//! `GET /api/v1/members` and `POST /api/v1/members/rename`, `/role`, `/remove`: an association's people, for its reviewers. Each answers
//! the list as it is then.

use domain::{AssociationId, Role};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The members of an association, by nickname.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Members))]
pub struct MembersReply {
    pub members: Vec<Member>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Member {
    /// Names the member within this association.
    #[cfg_attr(feature = "openapi", schema(format = Uuid))]
    pub member: String,
    /// What the association calls them.
    pub nickname: String,
    /// `volunteer` or `reviewer`.
    #[cfg_attr(feature = "openapi", schema(example = "volunteer"))]
    pub role: String,
    /// When a sign-in of theirs was last used, milliseconds since 1970; null where none ever was.
    pub last_used: Option<i64>,
    /// Whoever asks.
    pub is_me: bool,
    /// They can be invited again as who they are: for a new phone, or when a sign-in has run out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub renewable: bool,
}

impl MembersReply {
    /// Reads an answer; none where it is no answer of ours. A member with a role that this version does not know is left out.
    pub fn read(answer: &Value) -> Option<MembersReply> {
        let members = answer.get("members")?.as_array()?.iter().filter_map(Member::read).collect();
        Some(MembersReply { members })
    }
}

impl Member {
    fn read(one: &Value) -> Option<Member> {
        let text = |name: &str| Some(one.get(name)?.as_str()?.to_owned());
        let is = |name: &str| one.get(name).and_then(Value::as_bool) == Some(true);
        Some(Member {
            member: text("member")?,
            nickname: text("nickname")?,
            role: text("role").filter(|role| Role::from_name(role).is_some())?,
            last_used: one.get("last_used").and_then(Value::as_i64),
            is_me: is("is_me"),
            renewable: is("renewable"),
        })
    }

    pub fn is_reviewer(&self) -> bool {
        self.role == Role::Reviewer.name()
    }
}

/// Calls a member something else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MemberRenamed))]
pub struct RenameRequest {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub association: AssociationId,
    pub member: String,
    /// At most 40 characters.
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub nickname: String,
}

/// Makes a member a reviewer, or a volunteer again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MemberRole))]
pub struct RoleRequest {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub association: AssociationId,
    pub member: String,
    /// `volunteer` or `reviewer`.
    #[cfg_attr(feature = "openapi", schema(example = "reviewer"))]
    pub role: String,
}

/// Takes a member out of the association.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = MemberRemoved))]
pub struct RemoveRequest {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub association: AssociationId,
    pub member: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_server_writes_is_read_by_hand() {
        let text = concat!(
            r#"{"members":[{"member":"0190f3a0-0000-7000-8000-000000000001","nickname":"Aino","role":"reviewer","#,
            r#""last_used":1795780800000,"is_me":true},{"member":"0190f3a0-0000-7000-8000-000000000004","#,
            r#""nickname":"Eino","role":"volunteer","last_used":null,"is_me":false}]}"#
        );
        let member = |id: &str, nickname: &str, role: Role, last_used, is_me| Member {
            member: format!("0190f3a0-0000-7000-8000-00000000000{id}"),
            nickname: nickname.to_owned(),
            role: role.name().to_owned(),
            last_used,
            is_me,
            renewable: false,
        };
        let members = vec![
            member("1", "Aino", Role::Reviewer, Some(1_795_780_800_000), true),
            member("4", "Eino", Role::Volunteer, None, false),
        ];
        let reply = MembersReply { members };
        assert_eq!(serde_json::to_string(&reply).expect("json"), text);
        assert_eq!(MembersReply::read(&serde_json::from_str(text).expect("json")), Some(reply));
    }

    #[test]
    fn a_member_in_a_role_of_a_later_version_is_left_out() {
        let answer = json!({"members": [{"member": "x", "nickname": "Aino", "role": "treasurer"}]});
        assert_eq!(MembersReply::read(&answer), Some(MembersReply { members: Vec::new() }));
        assert_eq!(MembersReply::read(&json!({"welcome": "to the hotel"})), None);
    }
}
