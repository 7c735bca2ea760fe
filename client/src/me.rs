//! Who uses this device: asked from the server, and remembered for use without a network.

use app::phone::{Me, Membership, Memory, Phone, REMOVED};
use domain::{AssociationId, UserId};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use sync::{
    engine::Failure,
    protocol::me::{MeReply, MyDevice},
};

use crate::{browser, device::Device, net, removal};

const KEY: &str = "hytevihko-me";
const CHOSEN_KEY: &str = "hytevihko-association";
const CLEARED_KEY: &str = "hytevihko-cleared";

/// The user that this device remembers.
pub fn remembered() -> Option<Me> {
    MeReply::read(&serde_json::from_str(&browser::local_get(KEY)?).ok()?).map(known)
}

/// Asks who is signed in. No answer changes nothing; true when it is another user, who has a database of their own (S10).
pub async fn refresh(device: &Device, phone: Phone) -> bool {
    match net::get::<Value>("/api/v1/me").await {
        Ok(answer) => {
            let Some(mut reply) = MeReply::read(&answer) else { return false };
            device.compare_clocks(reply.server_time as f64);
            // Not by `Display`: see `net::pull`.
            browser::local_set(KEY, &serde_json::to_string(&answer).unwrap_or_default());
            if let Some(met) = &reply.device {
                meet(device, reply.user, met);
            }
            let ended = std::mem::take(&mut reply.ended);
            let me = known(reply);
            let before = phone.identity.me.get_untracked();
            let is_other_user = before.as_ref().is_none_or(|before| before.user != me.user);
            if is_other_user {
                device.close(phone);
            }
            // At each answer, and all of them: an earlier forgetting may have failed.
            if !is_other_user && !ended.is_empty() {
                if let Some(left) = before.as_ref().and_then(|before| left(before, &ended)) {
                    browser::local_set(REMOVED, &format!("{} {left}", me.user));
                }
                let forgetting = removal::forgetting(device.clone(), ended);
                spawn_local(async move {
                    if let Ok(forgetting) = forgetting.await {
                        forgetting.await;
                    }
                });
            }
            phone
                .status
                .memory
                .update(|memory| *memory = memory.or_else(|| cleared(me.user)).or_else(|| removed(me.user)));
            if before.as_ref() == Some(&me) {
                return false;
            }
            let association = phone.identity.association.get_untracked();
            if !me.memberships.iter().any(|membership| Some(membership.association) == association) {
                phone.identity.association.set(me.memberships.first().map(|membership| membership.association));
            }
            phone.identity.me.set(Some(me));
            is_other_user
        }
        Err(failure) => {
            if failure == Failure::SignIn {
                phone.identity.sign_in_needed.set(true);
            }
            false
        }
    }
}

/// The server names this device by a cookie, which outlives a cleared storage: a device that it has met and that knows nothing of
/// itself was cleared, and says so until the user has seen it. One that is new to the server may be one that was cleared with its
/// cookies: the user is told of the device before it.
fn meet(device: &Device, user: UserId, met: &MyDevice) {
    if !device.take_id(met.id) {
        return;
    }
    let cleared = met.last_contact.map(|last_contact| (last_contact, met.waiting.unwrap_or(0)));
    let before = met.before.as_ref().map(|before| (before.last_contact, before.waiting));
    for (name, contact) in [("cleared", cleared), ("before", before)] {
        if let Some((last_contact, waiting)) = contact {
            browser::local_set(CLEARED_KEY, &format!("{name} {last_contact} {waiting} {user}"));
        }
    }
}

/// What is to be said of a cleared storage, until it was seen; to its own user.
fn cleared(user: UserId) -> Option<Memory> {
    let text = browser::local_get(CLEARED_KEY)?;
    let (name, numbers) = text.split_once(' ')?;
    let (numbers, whose) = numbers.rsplit_once(' ')?;
    let (last_contact, waiting) = numbers.split_once(' ')?;
    if UserId::parse(whose) != Some(user) {
        return None;
    }
    let (last_contact, waiting) = (last_contact.parse().ok()?, waiting.parse().ok()?);
    Some(match name {
        "cleared" => Memory::Cleared { last_contact, waiting },
        _ => Memory::NewPhone { last_contact, waiting },
    })
}

/// What the associations are called that a user belonged to when they were asked for the last time, and that the server says they have
/// left. What waits here of them stays; the server takes none of it while the membership is over.
///
/// Only by that word: an association that is not named may be one that came in after the backup which the server was restored from (S9),
/// or one in which they are something that this version does not know.
fn left(before: &Me, ended: &[AssociationId]) -> Option<String> {
    let left = before.memberships.iter().filter(|one| ended.contains(&one.association));
    let names: Vec<&str> = left.map(|one| one.name.as_str()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// What is to be said of it, until it was seen; to the user whose it is.
fn removed(user: UserId) -> Option<Memory> {
    browser::local_get(REMOVED).filter(|text| text.starts_with(&user.to_string())).map(|_| Memory::Removed)
}

pub fn cleared_seen() {
    browser::local_remove(CLEARED_KEY);
    browser::local_remove(REMOVED);
}

pub fn forget() {
    browser::local_remove(KEY);
}

/// The association of several that is in view when the app opens.
pub fn choose(association: AssociationId) {
    browser::local_set(CHOSEN_KEY, &association.to_string());
}

/// What the app keeps of an answer. The chosen association comes first.
fn known(reply: MeReply) -> Me {
    let memberships = reply.associations.into_iter();
    let mut memberships: Vec<Membership> = memberships
        .map(|membership| Membership { association: membership.id, name: membership.name, role: membership.role })
        .collect();
    let chosen = browser::local_get(CHOSEN_KEY).and_then(|id| AssociationId::parse(&id));
    if let Some(at) = memberships.iter().position(|membership| Some(membership.association) == chosen) {
        memberships.swap(0, at);
    }
    Me { user: reply.user, nickname: reply.nickname, memberships }
}
