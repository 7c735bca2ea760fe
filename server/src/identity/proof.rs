//! What follows when somebody has proved who they are, and when that has to be done again.

use axum::http::HeaderMap;
use domain::permission::people::Class;

use super::sign_in::{self, CameIn, NewSignIn, Session};
use crate::{
    Server,
    http::problem::Problem,
    store::{Act, Way},
};

/// Takes a proof: the browser's sign-in of the same person is fresh again, if it lets them be all that they are; else there is a new one in
/// its place.
pub async fn proved(server: &Server, headers: &HeaderMap, new: NewSignIn) -> Result<CameIn, Problem> {
    let session = sign_in::session(server, headers).await?.filter(|session| session.sign_in.user == new.user);
    if let Some(session) = session {
        let person = server.store.person(new.user).await?.ok_or(Problem::NotSignedIn)?;
        let class = sign_in::class_of(&person, new.is_own_device);
        // Who said once that the device is their own need not say so each time. An official's sign-in is never of that class.
        let is_own = session.sign_in.class == Class::Own && sign_in::class_of(&person, true) == Class::Own;
        // Whoever comes by another way than e-mail may do more, at once or once they are an official: a code by e-mail freshens no sign-in that
        // has another way's rights, and whoever proves more than by e-mail gets the rights of that. So a sign-in's way is that of its last proof.
        let is_as_much = is_by_mail(&session) == (new.way == Way::Email);
        if is_as_much && (session.sign_in.class == class || is_own) {
            let id = session.sign_in.id;
            server.store.proved_again(id, server.entry(Some(new.user), Act::ProvedAgain, Some(id))).await?;
            return Ok(CameIn { person: session.person, cookies: Vec::new() });
        }
        let new = NewSignIn { is_own_device: new.is_own_device || is_own, ..new };
        return sign_in::sign_in_proved(server, headers, new, server.clock.now_ms()).await;
    }
    sign_in::sign_in_proved(server, headers, new, server.clock.now_ms()).await
}

/// A sensitive act is open: the proof is fresh, and the sign-in lets the person be all that they are. A volunteer's phone on the hall's table
/// makes nobody a key to what else its owner is.
pub fn require_fresh(server: &Server, session: &Session) -> Result<(), Problem> {
    match !session.hides && session.is_fresh(server.clock.now_ms()) {
        true => Ok(()),
        false => Err(Problem::ProveAgain),
    }
}

/// Whether the last proof was a code by e-mail, or a key that was made after one.
pub fn is_by_mail(session: &Session) -> bool {
    session.sign_in.way == Way::Email
}

/// Passkeys, recovery codes and the address can be changed: as [`require_fresh`], and by another proof than e-mail where the person has one.
/// Else whoever reads a letter once would have the person's way in for good, and shut the person out.
pub async fn require_for_keys(server: &Server, session: &Session) -> Result<(), Problem> {
    require_fresh(server, session)?;
    match is_by_mail(session) && server.store.has_way_beside_mail(session.sign_in.user).await? {
        true => Err(Problem::ProveAgain),
        false => Ok(()),
    }
}
