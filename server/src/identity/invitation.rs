//! Invitations: made with a token for a link and a code to be typed, found by either, accepted once the person says so.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    AssociationId, Role, UserId,
    invitation_code::{Invitation as Named, InvitationCode},
    permission::people::Class,
};
use qrcode::{Color, EcLevel, QrCode};
use sync::protocol::invitations::Qr;
use uuid::Uuid;

use super::{
    secret,
    sign_in::{self, Prepared, Session},
};
use crate::{
    Server,
    http::problem::Problem,
    store::{Acceptance, Act, AuditEntry, Grant, Invitation, InvitationHashes, InvitationState, Person, Way},
};
use axum::http::HeaderMap;

const HOUR_MS: i64 = 60 * 60 * 1000;
/// How long an invitation of one person lasts, milliseconds.
pub const PERSON_MS: i64 = 72 * HOUR_MS;
/// An association's link.
pub const ASSOCIATION_MS: i64 = 14 * 24 * HOUR_MS;
/// An association evening's, which many associations take.
pub const EVENING_MS: i64 = 12 * HOUR_MS;
/// Who may take an evening's at most: more than the associations of any municipality come to one, and a photograph of the code that goes
/// round the world has an end.
pub const EVENING_USES_MAX: u32 = 300;
/// Invitations of one association, or by one coordinator, that are open at the same time.
pub const OPEN_MAX: usize = 100;

/// For so long a lost answer is given again, milliseconds.
const LOST_ANSWER_MS: i64 = HOUR_MS;

/// A new invitation, with what is told only once.
#[derive(Clone, Debug)]
pub struct Made {
    pub invitation: Invitation,
    /// `https://…/app/kutsu#token`: the token is in the fragment, which no server and no log sees.
    pub url: String,
    pub code: InvitationCode,
}

/// Makes an invitation. `made_by` is none for the operator's command.
pub async fn make(
    server: &Server,
    made_by: Option<UserId>,
    grant: Grant,
    uses_max: Option<u32>,
    lasts_ms: i64,
) -> Result<Made, Problem> {
    make_for(server, made_by, grant, None, uses_max, lasts_ms).await
}

/// The same, for a member whose new phone it is for.
pub async fn renew(
    server: &Server,
    made_by: UserId,
    association: AssociationId,
    member: UserId,
) -> Result<Made, Problem> {
    let grant = Grant::Member(association, Role::Volunteer);
    make_for(server, Some(made_by), grant, Some(member), Some(1), PERSON_MS).await
}

async fn make_for(
    server: &Server,
    made_by: Option<UserId>,
    grant: Grant,
    renews: Option<UserId>,
    uses_max: Option<u32>,
    lasts_ms: i64,
) -> Result<Made, Problem> {
    let random = secret::random();
    let (mut token, mut bits) = ([0; 16], [0; 8]);
    token.copy_from_slice(&random[..16]);
    bits.copy_from_slice(&random[16..24]);
    let token = BASE64_URL_SAFE_NO_PAD.encode(token);
    let code = InvitationCode::from_bits(u64::from_be_bytes(bits));
    let now = server.clock.now_ms();
    let invitation = Invitation {
        id: Uuid::new_v4(),
        grant,
        renews,
        uses_max,
        uses: 0,
        made_by,
        made_ms: now,
        expires_ms: now + lasts_ms,
        is_revoked: false,
    };
    let hashes =
        InvitationHashes { token: hash(server, &Named::Token(token.clone())), code: hash(server, &Named::Code(code)) };
    let association = grant.association();
    let audit = AuditEntry { association, ..server.entry(made_by, Act::Invited, Some(invitation.id)) };
    server.store.add_invitation(&invitation, &hashes, audit).await?;
    Ok(Made { invitation, url: server.origin.url(&format!("/app/kutsu#{token}")), code })
}

/// The invitation of a token or a code, whatever has become of it.
pub async fn find(server: &Server, named: &Named) -> Result<Option<Invitation>, Problem> {
    Ok(server.store.invitation(&hash(server, named)).await?)
}

fn hash(server: &Server, named: &Named) -> Vec<u8> {
    match named {
        Named::Token(token) => server.secret.hash("invitation token", token.as_bytes()),
        Named::Code(code) => server.secret.hash("invitation code", code.canonical().as_bytes()),
    }
}

/// Accepts an invitation for whoever is signed in, or for somebody new, signs them in on the browser that sent `headers`, and returns
/// the values of the `Set-Cookie` headers.
///
/// # Errors
/// [`Problem::ProveAgain`] where the new sign-in would let the person be more than the invitation makes them: a reviewer's phone that lies
/// on a table with a volunteer's sign-in is not to become a reviewer's again by somebody else's invitation.
pub async fn accept(
    server: &Server,
    headers: &HeaderMap,
    invitation: &Invitation,
    me: Option<&Session>,
    nickname: &str,
    attempt: Option<Uuid>,
) -> Result<Vec<String>, Problem> {
    let now = server.clock.now_ms();
    let state = invitation.state(now);
    if let (InvitationState::Used, Some(attempt)) = (state, attempt)
        && let Some(user) = server.store.accepted_by(invitation.id, attempt, now - LOST_ANSWER_MS).await?
    {
        // The phone that accepted it has not heard so.
        let class = class_of(invitation);
        let prepared = sign_in::prepare(server, headers, user, Way::Invitation, class);
        let let_in_by = invitation.grant.association();
        return prepared.keep_let_in(server, sign_in::token_hash(headers), let_in_by).await;
    }
    if state != InvitationState::Open {
        return Err(Problem::InvitationOver(state));
    }
    if let Some(member) = invitation.renews {
        // What was right when the invitation was made has to be right still.
        let person = server.store.person(member).await?;
        let is_right = |person: &Person| match invitation.grant {
            Grant::Member(association, _) => is_renewable(person, association),
            _ => false,
        };
        let person = person.filter(is_right).ok_or(Problem::InvitationOver(InvitationState::Revoked))?;
        let prepared = sign_in::prepare(server, headers, person.user, Way::Invitation, Class::Volunteer);
        return take_up(server, headers, invitation, prepared, nickname, attempt).await;
    }
    // Whoever accepts on this device records or reviews with it. Officials never stay signed in for long.
    let user = me.map_or_else(|| UserId::new(Uuid::new_v4()), |session| session.person.user);
    // The classes are in the order of what they let a person be: somebody who is more than the invitation makes them stays so.
    let class = class_of(invitation).max(me.map_or(Class::Volunteer, |session| session.sign_in.class));
    if me.is_some_and(|session| session.hides && session.sign_in.class < class) {
        return Err(Problem::ProveAgain);
    }
    let mut prepared = sign_in::prepare(server, headers, user, Way::Invitation, class);
    if let Some(session) = me.filter(|session| session.sign_in.class != Class::Volunteer) {
        // An invitation, which they may have made themselves, is no proof of who somebody is that is more than a volunteer already.
        prepared.sign_in.proved_ms = session.sign_in.proved_ms;
        prepared.sign_in.expires_ms = prepared.sign_in.expires_ms.min(session.sign_in.expires_ms);
    }
    take_up(server, headers, invitation, prepared, nickname, attempt).await
}

/// The class of a sign-in that an invitation gives by itself.
fn class_of(invitation: &Invitation) -> Class {
    match (invitation.renews, invitation.grant) {
        (Some(_), _) | (None, Grant::Member(_, Role::Volunteer)) => Class::Volunteer,
        (None, Grant::Member(_, Role::Reviewer) | Grant::NewAssociation(_)) => Class::Own,
        (None, Grant::Coordinator(_) | Grant::Operator) => Class::Short,
    }
}

/// Whether an association can invite a person again as who they are: a volunteer of it and nothing else. Whoever is more has doors
/// that this association's reviewers may not open.
pub fn is_renewable(person: &Person, association: AssociationId) -> bool {
    let is_volunteer = matches!(
        person.memberships.as_slice(),
        [only] if only.role == Role::Volunteer && only.association == association
    );
    is_volunteer && !person.is_official()
}

async fn take_up(
    server: &Server,
    headers: &HeaderMap,
    invitation: &Invitation,
    prepared: Prepared,
    nickname: &str,
    attempt: Option<Uuid>,
) -> Result<Vec<String>, Problem> {
    let user = prepared.sign_in.user;
    let replaces = sign_in::token_hash(headers);
    let acceptance = Acceptance {
        invitation,
        user,
        nickname,
        token_hash: &prepared.token_hash,
        sign_in: prepared.sign_in,
        attempt,
        replaces: replaces.as_deref(),
    };
    let association = invitation.grant.association();
    let audit = AuditEntry { association, ..server.entry(Some(user), Act::Joined, Some(invitation.id)) };
    if server.store.accept(acceptance, audit).await? {
        return Ok(prepared.cookies);
    }
    // Somebody else was faster, or it was taken back meanwhile.
    let left = InvitationState::Used;
    Err(Problem::InvitationOver(left))
}

/// A QR code of an address, with the error correction of level M: it is read from paper on a table in a hall.
pub fn qr(url: &str) -> Option<Qr> {
    let code = QrCode::with_error_correction_level(url, EcLevel::M).ok()?;
    let size = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(size).enumerate() {
        // One rectangle for each run of dark modules.
        let mut x = 0;
        while x < size {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                path.push_str(&format!("M{x} {y}h{run}v1h-{run}z"));
            }
            x += run.max(1);
        }
    }
    Some(Qr { size: u32::try_from(size).ok()?, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_code_is_a_path_of_its_dark_modules() {
        let qr = qr("https://hytevihko.example.fi/app/kutsu#AAAAAAAAAAAAAAAAAAAAAA").expect("a code");
        assert!((21..=57).contains(&qr.size));
        // The finder pattern in the upper left corner begins with seven dark modules.
        assert!(qr.path.starts_with("M0 0h7v1h-7z"));
        assert!(qr.path.len() < 8_000, "{}", qr.path.len());
    }
}
