//! `POST /api/v1/invitations`, `GET /api/v1/invitations`, and `/look`, `/accept`, `/revoke` below it: how somebody comes in.
//!
//! A token and a code are each enough to join: neither is ever in an address or in a log. Looking uses nothing up.

use domain::{
    AssociationId, RecordId,
    invitation_code::{Invitation, InvitationCode, is_token},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::me::text;

/// Stable codes of what becomes of an invitation instead; `code` of the envelope of errors.
pub mod codes {
    /// 404: no such invitation, or so wrong a code that it may never have been one.
    pub const UNKNOWN: &str = "invitation-unknown";
    /// 410: somebody has joined with it.
    pub const USED: &str = "invitation-used";
    /// 410: its time is over.
    pub const EXPIRED: &str = "invitation-expired";
    /// 410: whoever made it has taken it back.
    pub const REVOKED: &str = "invitation-revoked";
    /// 429: too many wrong ones from here; `Retry-After` says for how long.
    pub const TOO_MANY: &str = "too-many";
    /// 403: the sign-in is not fresh enough for this.
    pub const PROVE_AGAIN: &str = "prove-again";
    /// 409: an association would be without a reviewer.
    pub const LAST_REVIEWER: &str = "last-reviewer";
}

/// What one becomes by an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum InvitationKind {
    /// Of an association.
    Volunteer,
    /// Of an association.
    Reviewer,
    /// The first reviewer of an association that joins.
    Association,
    /// Of an area.
    Coordinator,
    Operator,
}

impl InvitationKind {
    pub const ALL: [InvitationKind; 5] = [
        InvitationKind::Volunteer,
        InvitationKind::Reviewer,
        InvitationKind::Association,
        InvitationKind::Coordinator,
        InvitationKind::Operator,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            InvitationKind::Volunteer => "volunteer",
            InvitationKind::Reviewer => "reviewer",
            InvitationKind::Association => "association",
            InvitationKind::Coordinator => "coordinator",
            InvitationKind::Operator => "operator",
        }
    }

    pub fn from_name(name: &str) -> Option<InvitationKind> {
        InvitationKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Names an invitation by exactly one of the two: what is in a link, or what is typed.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = InvitationNamed))]
pub struct LookRequest {
    /// 128 bits in base 64 for addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 22))]
    pub token: Option<String>,
    /// Twelve characters of Crockford's base 32, however they were typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(example = "7K3FQ9-M0N1PT", max_length = 64))]
    pub code: Option<String>,
}

impl LookRequest {
    pub fn of(invitation: &Invitation) -> LookRequest {
        match invitation {
            Invitation::Token(token) => LookRequest { token: Some(token.clone()), code: None },
            Invitation::Code(code) => LookRequest { token: None, code: Some(code.to_string()) },
        }
    }

    /// What it names; none where it is neither or both, or what can never have been given out.
    pub fn named(&self) -> Option<Invitation> {
        match (&self.token, &self.code) {
            (Some(token), None) => is_token(token).then(|| Invitation::Token(token.clone())),
            (None, Some(code)) => InvitationCode::parse(code).ok().map(Invitation::Code),
            _ => None,
        }
    }
}

/// What an invitation is for, told to whoever has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = InvitationLook))]
pub struct LookReply {
    pub kind: InvitationKind,
    /// Public name of the association that one joins.
    pub association: Option<String>,
    /// Name of the municipality, county or nation.
    pub area: Option<String>,
    /// Milliseconds since 1970.
    pub expires: i64,
    /// Nickname of whoever is signed in on this browser.
    pub signed_in: Option<String>,
    /// Whoever is signed in belongs to it already.
    pub is_member: bool,
    /// Nickname of the member whose invitation it is: for a new phone, or after a sign-in has run out. None of everybody else's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
}

impl LookReply {
    /// Reads an answer; none where it is no answer of ours, or of a kind that this version does not know.
    pub fn read(answer: &Value) -> Option<LookReply> {
        Some(LookReply {
            kind: InvitationKind::from_name(text(answer, "kind")?)?,
            association: text(answer, "association").map(str::to_owned),
            area: text(answer, "area").map(str::to_owned),
            expires: answer.get("expires")?.as_i64()?,
            signed_in: text(answer, "signed_in").map(str::to_owned),
            is_member: answer.get("is_member").and_then(Value::as_bool) == Some(true),
            member: text(answer, "member").map(str::to_owned),
        })
    }
}

/// As whom an invitation is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum JoinAs {
    /// Whoever is signed in on this browser.
    Me,
    /// Somebody new; whoever is signed in on this browser is signed out.
    New,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = InvitationAccepted))]
pub struct AcceptRequest {
    #[serde(flatten)]
    pub invitation: LookRequest,
    /// What the association calls the new member, at most 40 characters; empty where they do not say.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub nickname: String,
    #[serde(rename = "as")]
    pub join_as: JoinAs,
    /// Made by the phone, and the same while it tries again with this invitation. Where an answer was lost on its way, a server that
    /// keeps it answers the second time as the first, and does not say that the invitation has been used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    pub attempt: Option<RecordId>,
}

/// The sign-in is in the cookies of the same answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = InvitationNext))]
pub struct AcceptReply {
    /// Our own page to go to.
    #[cfg_attr(feature = "openapi", schema(example = "/app"))]
    pub next: String,
    /// The association that was joined, which the app has in view then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Uuid))]
    pub association: Option<AssociationId>,
}

impl AcceptReply {
    /// Reads an answer; none where it is no answer of ours. It leads nowhere but to a page of ours.
    pub fn read(answer: &Value) -> Option<AcceptReply> {
        let next = text(answer, "next")?;
        let is_ours = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\t', '\n', '\r']);
        let association = text(answer, "association").and_then(AssociationId::parse);
        is_ours.then(|| AcceptReply { next: next.to_owned(), association })
    }
}

/// A reviewer invites somebody to the association.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Invite))]
pub struct InviteRequest {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub association: AssociationId,
    /// `volunteer` or `reviewer`.
    #[cfg_attr(feature = "openapi", schema(example = "volunteer"))]
    pub role: String,
    /// The member whose new phone it is for; none for somebody new. Only of a member that the server says is `renewable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<String>,
}

/// A new invitation: said once, and kept by nobody but whoever made it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = InvitationMade))]
pub struct InviteReply {
    /// Names the invitation where it is taken back; nobody joins by it.
    pub id: String,
    /// `https://…/app/kutsu#token`
    pub url: String,
    /// In two groups.
    #[cfg_attr(feature = "openapi", schema(example = "7K3FQ9-M0N1PT"))]
    pub code: String,
    /// Milliseconds since 1970.
    pub expires: i64,
    pub qr: Qr,
}

/// A QR code as a drawing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Qr {
    /// Modules on a side, without the margin.
    pub size: u32,
    /// Path of the dark modules, a unit each, as an SVG has it.
    pub path: String,
}

impl InviteReply {
    /// Reads an answer; none where it is no answer of ours.
    pub fn read(answer: &Value) -> Option<InviteReply> {
        let qr = answer.get("qr")?;
        Some(InviteReply {
            id: text(answer, "id")?.to_owned(),
            url: text(answer, "url")?.to_owned(),
            code: text(answer, "code")?.to_owned(),
            expires: answer.get("expires")?.as_i64()?,
            qr: Qr { size: u32::try_from(qr.get("size")?.as_u64()?).ok()?, path: text(qr, "path")?.to_owned() },
        })
    }
}

/// The invitations of an association with which nobody has joined yet, the newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = OpenInvitations))]
pub struct OpenReply {
    pub open: Vec<OpenInvitation>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpenInvitation {
    pub id: String,
    /// `volunteer` or `reviewer`.
    #[cfg_attr(feature = "openapi", schema(example = "volunteer"))]
    pub role: String,
    /// Milliseconds since 1970.
    pub made: i64,
    /// Milliseconds since 1970.
    pub expires: i64,
}

impl OpenReply {
    /// Reads an answer; none where it is no answer of ours.
    pub fn read(answer: &Value) -> Option<OpenReply> {
        let open = answer.get("open")?.as_array()?.iter().filter_map(OpenInvitation::read).collect();
        Some(OpenReply { open })
    }
}

impl OpenInvitation {
    fn read(one: &Value) -> Option<OpenInvitation> {
        Some(OpenInvitation {
            id: text(one, "id")?.to_owned(),
            role: text(one, "role")?.to_owned(),
            made: one.get("made")?.as_i64()?,
            expires: one.get("expires")?.as_i64()?,
        })
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = InvitationRevoked))]
pub struct RevokeRequest {
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Uuid))]
    pub association: AssociationId,
    pub id: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn association() -> AssociationId {
        AssociationId::parse("0190f3a0-0000-7000-8000-000000000002").expect("id")
    }

    #[test]
    fn an_invitation_is_named_by_its_token_or_its_code() {
        let named = |invitation| serde_json::to_value(LookRequest::of(&invitation)).expect("json");
        let token = "AbCdEfGhIjKlMnOpQr_-0w".to_owned();
        assert_eq!(named(Invitation::Token(token.clone())), json!({ "token": token }));
        let code = InvitationCode::parse("7k3fq9m0n1pt").expect("a code");
        assert_eq!(named(Invitation::Code(code)), json!({"code": "7K3FQ9-M0N1PT"}));
        let read = |body| serde_json::from_value::<LookRequest>(body).expect("a body").named();
        assert!(read(json!({ "token": token })) == Some(Invitation::Token(token.clone())));
        assert!(read(json!({"code": " 7k3fq9 mon1pt"})) == Some(Invitation::Code(code)));
        for body in [json!({}), json!({"token": token, "code": "7K3FQ9-M0N1PT"}), json!({"token": "x"})] {
            assert!(read(body).is_none());
        }
        let accept = AcceptRequest {
            invitation: LookRequest::of(&Invitation::Code(code)),
            nickname: "Aino".to_owned(),
            join_as: JoinAs::New,
            attempt: None,
        };
        let body = json!({"code": "7K3FQ9-M0N1PT", "nickname": "Aino", "as": "new"});
        assert_eq!(serde_json::to_value(&accept).expect("json"), body);
        assert!(serde_json::from_value::<AcceptRequest>(body).expect("a body") == accept);
    }

    #[test]
    fn what_the_server_writes_is_read_by_hand() {
        let look = LookReply {
            kind: InvitationKind::Volunteer,
            association: Some("Kuoro".to_owned()),
            area: None,
            expires: 1_795_780_800_000,
            signed_in: Some("Aino".to_owned()),
            is_member: false,
            member: None,
        };
        let text = concat!(
            r#"{"kind":"volunteer","association":"Kuoro","area":null,"expires":1795780800000,"#,
            r#""signed_in":"Aino","is_member":false}"#
        );
        assert_eq!(serde_json::to_string(&look).expect("json"), text);
        assert_eq!(LookReply::read(&serde_json::from_str(text).expect("json")), Some(look));

        let made = InviteReply {
            id: "7".to_owned(),
            url: "https://hyte.example/app/kutsu#AbCdEfGhIjKlMnOpQr_-0w".to_owned(),
            code: "7K3FQ9-M0N1PT".to_owned(),
            expires: 1_795_780_800_000,
            qr: Qr { size: 29, path: "M0 0h7v1H0z".to_owned() },
        };
        assert_eq!(InviteReply::read(&serde_json::to_value(&made).expect("json")), Some(made));

        let one = OpenInvitation { id: "7".to_owned(), role: "reviewer".to_owned(), made: 1, expires: 2 };
        let open = OpenReply { open: vec![one] };
        assert_eq!(OpenReply::read(&serde_json::to_value(&open).expect("json")), Some(open));

        let revoke = RevokeRequest { association: association(), id: "7".to_owned() };
        let body = json!({"association": "0190f3a0-0000-7000-8000-000000000002", "id": "7"});
        assert_eq!(serde_json::to_value(&revoke).expect("json"), body);
        let invite = InviteRequest { association: association(), role: "volunteer".to_owned(), member: None };
        let body = json!({"association": "0190f3a0-0000-7000-8000-000000000002", "role": "volunteer"});
        assert_eq!(serde_json::to_value(&invite).expect("json"), body);
    }

    #[test]
    fn every_kind_has_the_name_that_it_has_on_the_wire() {
        for kind in InvitationKind::ALL {
            assert_eq!(serde_json::to_value(kind).expect("json"), json!(kind.name()));
            assert_eq!(InvitationKind::from_name(kind.name()), Some(kind));
        }
    }

    #[test]
    fn what_is_no_answer_of_ours_is_none() {
        let portal = json!({"welcome": "to the hotel"});
        assert_eq!(LookReply::read(&portal), None);
        assert_eq!(LookReply::read(&json!({"kind": "treasurer", "expires": 1})), None);
        assert_eq!(InviteReply::read(&portal), None);
        assert_eq!(OpenReply::read(&json!([])), None);
    }

    #[test]
    fn after_joining_nobody_is_led_to_another_site() {
        let next = |to: &str| AcceptReply::read(&json!({ "next": to })).map(|reply| reply.next);
        assert_eq!(next("/app").as_deref(), Some("/app"));
        for elsewhere in ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "app", ""] {
            assert_eq!(next(elsewhere), None, "{elsewhere}");
        }
    }
}
