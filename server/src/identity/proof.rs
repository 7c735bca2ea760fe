//! What follows when somebody has proved who they are, and when that has to be done again.

use axum::http::HeaderMap;
use domain::permission::people::Class;

use super::sign_in::{self, NewSignIn, Session};
use crate::{
    Server,
    http::problem::Problem,
    store::{Act, Way},
};

/// Takes a proof: the browser's sign-in of the same person is fresh again, if it lets them be all that they are; else there is a new one in
/// its place. Returns the values of the `Set-Cookie` headers.
pub async fn proved(server: &Server, headers: &HeaderMap, new: NewSignIn) -> Result<Vec<String>, Problem> {
    let session = sign_in::session(server, headers).await?.filter(|session| session.sign_in.user == new.user);
    if let Some(session) = session {
        let person = server.store.person(new.user).await?.ok_or(Problem::NotSignedIn)?;
        let class = sign_in::class_of(&person, new.is_own_device);
        // Who said once that the device is their own need not say so each time. An official's sign-in is never of that class.
        let is_own = session.sign_in.class == Class::Own && sign_in::class_of(&person, true) == Class::Own;
        // An official is more by one way than by the other: a code by e-mail freshens no sign-in that has another way's rights, and whoever
        // proves more than by e-mail gets the rights of that.
        let by_mail = |way| way == Way::Email;
        let is_as_much = !person.is_official() || by_mail(session.sign_in.way) == by_mail(new.way);
        if is_as_much && (session.sign_in.class == class || is_own) {
            let id = session.sign_in.id;
            server.store.proved_again(id, server.entry(Some(new.user), Act::ProvedAgain, Some(id))).await?;
            return Ok(Vec::new());
        }
    }
    sign_in::sign_in(server, headers, new).await
}

/// A sensitive act is open: the proof is fresh, and the sign-in lets the person be all that they are. A volunteer's phone on the hall's table
/// makes nobody a key to what else its owner is.
pub fn require_fresh(server: &Server, session: &Session) -> Result<(), Problem> {
    match !session.hides && session.is_fresh(server.clock.now_ms()) {
        true => Ok(()),
        false => Err(Problem::ProveAgain),
    }
}
