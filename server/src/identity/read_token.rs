//! Tokens with which a program reads one association, and does nothing else.
//!
//! A token signs nobody in: only [`Reading`] takes one, from `Authorization: Bearer …`, and never from an address or a cookie. It is of one
//! association and of the reviewer who made it, and good as long as they are one. Whatever is wrong with a token is answered with the same
//! bytes, and so is a right one at another association's address: nobody learns by it which associations there are.

use axum::{
    extract::{FromRequestParts, Path},
    http::{HeaderMap, header, request::Parts},
};
use domain::{
    AssociationId, UserId,
    bounds::{TOKEN_DAYS_MAX, TOKENS_MAX},
    invitation_code::ALPHABET,
    permission::scope::Scope,
};
use uuid::Uuid;

use super::{
    scope::reviewer,
    sign_in::{self, Session, USED_MS},
    typed_code::TypedCode,
};
use crate::{
    Server,
    http::{header::single, problem::Problem},
    store::{Act, AuditEntry, ReadToken},
};

/// What every token begins with, so that whoever finds one, a person or a program that looks for them, knows what it is.
pub const PREFIX: &str = "hyte_";
/// Characters after it, of five bits each: 160 bits.
const CHARS: usize = 32;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A new token, with what is told only once.
pub struct Made {
    pub row: ReadToken,
    pub token: String,
}

/// Makes a token of an association, by one of its reviewers. `days` is at most [`TOKEN_DAYS_MAX`].
///
/// # Errors
/// [`Problem::TokensFull`] where so many are alive that there is no room for another.
pub async fn make(
    server: &Server,
    user: UserId,
    association: AssociationId,
    name: String,
    scope: Scope,
    days: u32,
) -> Result<Made, Problem> {
    let token = random();
    let now = server.clock.now_ms();
    let row = ReadToken {
        id: Uuid::new_v4(),
        association,
        user,
        name,
        scope,
        made_ms: now,
        expires_ms: now + i64::from(days.min(TOKEN_DAYS_MAX)) * DAY_MS,
        last_used_ms: None,
        ended_ms: None,
    };
    let entry = server.entry(Some(user), Act::TokenMade, Some(row.id));
    let audit = AuditEntry { association: Some(association), ..entry };
    match server.store.add_read_token(&row, &hash(server, &token), TOKENS_MAX, audit).await? {
        true => Ok(Made { row, token }),
        false => Err(Problem::TokensFull),
    }
}

fn random() -> String {
    // In one group, so that no dash is in it.
    format!("{PREFIX}{}", TypedCode::<CHARS, CHARS>::random())
}

fn hash(server: &Server, token: &str) -> Vec<u8> {
    server.secret.hash("read token", token.as_bytes())
}

/// Whether it has the shape of a token: nobody looks for another in the database.
fn is_shaped(token: &str) -> bool {
    token.strip_prefix(PREFIX).is_some_and(|rest| rest.len() == CHARS && rest.bytes().all(|b| ALPHABET.contains(&b)))
}

/// Somebody who may read the association that the address names: a program with its token, or a reviewer's sign-in.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    pub association: AssociationId,
    pub scope: Scope,
}

impl Reading {
    /// Whether rows may be read.
    pub fn gatherings(self) -> Result<AssociationId, Problem> {
        if self.scope.has_gatherings() { Ok(self.association) } else { Err(Problem::NotAllowed) }
    }

    /// Whether figures may be read.
    pub fn figures(self) -> Result<AssociationId, Problem> {
        if self.scope.has_figures() { Ok(self.association) } else { Err(Problem::NotAllowed) }
    }
}

impl FromRequestParts<Server> for Reading {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Problem> {
        let named = Path::<String>::from_request_parts(parts, server).await.ok();
        // What is no id is nobody's association.
        let named = named.and_then(|Path(id)| AssociationId::parse(&id));
        let reading = match bearer(&parts.headers) {
            // Whoever shows a token is judged by it alone, whatever cookies come with it.
            Some(token) => by_token(server, token, named).await?,
            None => by_sign_in(server, &parts.headers, named).await?,
        };
        server.limits.program(reading.association)?;
        Ok(reading)
    }
}

/// What the header `Authorization` says: none where there is no such header, an empty text where it is another scheme's, or more than one.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let said = single(headers, &header::AUTHORIZATION)?;
    let token = said.and_then(|said| said.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    Some(token.map_or("", |(_, token)| token.trim()))
}

async fn by_token(server: &Server, token: &str, named: Option<AssociationId>) -> Result<Reading, Problem> {
    if !is_shaped(token) {
        return Err(Problem::TokenUnknown);
    }
    let now = server.clock.now_ms();
    let found = server.store.read_token(&hash(server, token)).await?;
    let found = found.filter(|found| found.is_alive(now) && Some(found.association) == named);
    let found = found.ok_or(Problem::TokenUnknown)?;
    // Its tokens are ended with a reviewer's role; should that ever be forgotten somewhere, they open nothing all the same.
    let person = server.store.person(found.user).await?.ok_or(Problem::TokenUnknown)?;
    reviewer(&person, found.association).map_err(|_| Problem::TokenUnknown)?;
    if found.last_used_ms.is_none_or(|used| now - used >= USED_MS) {
        server.store.read_token_used(found.id, now).await?;
    }
    Ok(Reading { association: found.association, scope: found.scope })
}

async fn by_sign_in(server: &Server, headers: &HeaderMap, named: Option<AssociationId>) -> Result<Reading, Problem> {
    let Session { person, .. } = sign_in::session(server, headers).await?.ok_or(Problem::NotSignedIn)?;
    let association = named.ok_or(Problem::NotAllowed)?;
    reviewer(&person, association)?;
    Ok(Reading { association, scope: Scope::Both })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_token_is_of_the_shape_that_is_read_and_never_the_same() {
        let (one, other) = (random(), random());
        assert!(is_shaped(&one) && one.len() == PREFIX.len() + CHARS && one != other);
        for wrong in ["", "hyte_", &one[1..], &one.to_lowercase(), &format!("{one}0"), &one.replace("hyte", "hyve")] {
            assert!(!is_shaped(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_header_is_read_as_one_bearers_or_as_a_wrong_token() {
        let read = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, HeaderValue::from_static(value));
            }
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(read(&[]), None);
        for good in ["Bearer hyte_A", "bearer hyte_A", "BEARER  hyte_A "] {
            assert_eq!(read(&[good]).as_deref(), Some("hyte_A"), "{good}");
        }
        for wrong in [&["hyte_A"][..], &["Basic hyte_A"], &[""], &["Bearer hyte_A", "Bearer hyte_A"]] {
            assert_eq!(read(wrong).as_deref(), Some(""), "{wrong:?}");
        }
    }
}
