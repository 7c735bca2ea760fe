//! `hytevihko admin end`.

use super::{Result, area_and_name, entry, person, table::harmless};
use crate::{Server, config::admin::Ended, store::Act};

pub async fn end(server: &Server, what: Ended) -> Result<()> {
    let store = &server.store;
    match what {
        Ended::Coordinator { person: user, area } => {
            let person = person(server, user).await?;
            let mut areas = person.areas.clone();
            areas.retain(|one| area.is_none_or(|area| area == *one));
            if areas.is_empty() {
                let how = "`hytevihko admin list coordinators` says who is";
                return Err(format!("{user} does not coordinate that: {how}").into());
            }
            for area in areas {
                let audit = entry(server, Act::CoordinatorEnded, None, Some(user.uuid()));
                if store.end_coordinator(user, area, audit).await? {
                    println!(
                        "{} is no coordinator of {} any more.",
                        harmless(&person.nickname_or_id()),
                        area_and_name(area)
                    );
                }
            }
        }
        Ended::Operator { person: user } => {
            let person = person(server, user).await?;
            if !person.is_operator {
                let how = "`hytevihko admin list operators` says who is";
                return Err(format!("{user} is no operator: {how}").into());
            }
            if !store.end_operator(user, entry(server, Act::OperatorEnded, None, Some(user.uuid()))).await? {
                let how = "`hytevihko admin invite operator` first, and end this one when the other has come in";
                return Err(format!("{user} is the last operator: {how}").into());
            }
            println!("{} is no operator any more.", harmless(&person.nickname_or_id()));
        }
        Ended::SignIn { id } => {
            let all = store.all_sign_ins().await?;
            let whose = all.iter().find(|(sign_in, _)| sign_in.id == id).map(|(sign_in, _)| sign_in.user);
            let audit = entry(server, Act::SignInEnded, None, Some(id));
            let ended = match whose {
                Some(user) => store.end_sign_in(user, id, audit).await?,
                None => false,
            };
            if !ended {
                return Err(format!("there is no sign-in {id}: `hytevihko admin list sign-ins` says the ids").into());
            }
            println!("The sign-in is ended: that browser is signed out at its next contact.");
        }
        Ended::Invitation { id } => {
            let all = store.all_open_invitations(server.clock.now_ms()).await?;
            let association = all.iter().find(|one| one.id == id).and_then(|one| one.grant.association());
            if !store.revoke_any_invitation(id, entry(server, Act::InvitationRevoked, association, Some(id))).await? {
                let how = "`hytevihko admin list invitations` says the ids";
                return Err(format!("there is no invitation {id} that could still be accepted: {how}").into());
            }
            println!("The invitation is revoked.");
        }
        Ended::Membership { association, person: user } => {
            let members = store.members(association).await?;
            let Some(member) = members.iter().find(|member| member.user == user) else {
                let how = format!("`hytevihko admin list members --association {association}` says who is");
                return Err(format!("{user} is no member of {association}: {how}").into());
            };
            let audit = entry(server, Act::MemberRemoved, Some(association), Some(user.uuid()));
            if !store.end_membership(association, user, audit).await? {
                let how = format!("`hytevihko admin invite reviewer --association {association}` first");
                return Err(
                    format!("{user} is the last reviewer, without whom nobody can settle anything: {how}").into()
                );
            }
            let name = if member.nickname.is_empty() { user.to_string() } else { member.nickname.clone() };
            println!("{} is no member any more.", harmless(&name));
        }
    }
    Ok(())
}
