//! The first start of a real server: a link for whoever operates it.

use super::{Result, invite::told, plain};
use crate::{
    Server,
    identity::invitation::{self, PERSON_MS},
    store::{Act, AuditEntry, Fact, Grant},
};

/// While nobody operates this server and nobody coordinates an area: revokes the link of the start before and makes a new one. What is
/// returned is for the terminal only; whoever reads it can come in.
pub async fn link(server: &Server) -> Result<Option<String>> {
    let store = &server.store;
    let before = store.fact(Fact::SetUpInvitation).await?.and_then(|id| id.parse().ok());
    let is_set_up = !store.officials().await?.is_empty();
    if let Some(before) = before {
        let at_ms = server.clock.now_ms();
        let audit =
            AuditEntry { at_ms, actor: None, association: None, act: Act::InvitationRevoked, subject: Some(before) };
        store.revoke_any_invitation(before, audit).await?;
    }
    if is_set_up {
        store.remove_fact(Fact::SetUpInvitation).await?;
        return Ok(None);
    }
    let made = invitation::make(server, None, Grant::Operator, Some(1), PERSON_MS).await.map_err(plain)?;
    store.set_fact(Fact::SetUpInvitation, &made.invitation.id.to_string()).await?;
    Ok(Some(format!(
        "Nobody operates this server yet. Whoever opens this link does; it is printed here and nowhere else, and the next start \
         makes another one:\n{}",
        told(server, &made)
    )))
}
