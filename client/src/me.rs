//! Who uses this device: asked of the server, remembered for use without a network.

use app::phone::{Me, Membership, Phone};
use domain::{AssociationId, Role, UserId};
use leptos::prelude::*;
use serde_json::Value;
use sync::engine::Failure;

use crate::{browser, device::Device, net};

const KEY: &str = "hytevihko-me";

/// The user that this device remembers.
pub fn remembered() -> Option<Me> {
    read(&serde_json::from_str(&browser::local_get(KEY)?).ok()?)
}

/// Asks who is signed in. No answer changes nothing; another user gets their own database (S10).
pub async fn refresh(device: &Device, phone: Phone) {
    match net::get::<Value>("/api/v1/me").await {
        Ok(answer) => {
            let Some(me) = read(&answer) else { return };
            if let Some(server) = answer.get("server_time").and_then(Value::as_f64) {
                device.compare_clocks(server);
            }
            browser::local_set(KEY, &answer.to_string());
            let known = phone.me.get_untracked();
            if known.as_ref() == Some(&me) {
                return;
            }
            let is_other_user = known.is_none_or(|known| known.user != me.user);
            let association = phone.association.get_untracked();
            if !me.memberships.iter().any(|membership| Some(membership.association) == association) {
                phone.association.set(me.memberships.first().map(|membership| membership.association));
            }
            phone.me.set(Some(me));
            if is_other_user {
                device.open_store().await;
            }
        }
        Err(Failure::SignIn) => phone.sign_in_needed.set(true),
        Err(_) => {}
    }
}

pub fn forget() {
    browser::local_remove(KEY);
}

fn read(answer: &Value) -> Option<Me> {
    let memberships = answer.get("associations")?.as_array()?.iter().filter_map(|membership| {
        Some(Membership {
            association: AssociationId::parse(membership.get("id")?.as_str()?)?,
            name: membership.get("name")?.as_str()?.to_owned(),
            role: Role::from_name(membership.get("role")?.as_str()?)?,
        })
    });
    Some(Me {
        user: UserId::parse(answer.get("user")?.as_str()?)?,
        nickname: answer.get("nickname")?.as_str()?.to_owned(),
        memberships: memberships.collect(),
    })
}
