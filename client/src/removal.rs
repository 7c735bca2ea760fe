//! What a user who was removed from an association has of it on this device.

use app::phone::LocalFuture;
use domain::AssociationId;
use leptos::prelude::*;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::{
    browser,
    device::{Device, WRITES},
};

/// Forgets what was received of associations that the server says the user has left. What waits of them stays, and is sent.
#[wasm_split(screens, fallible)]
pub fn forgetting(device: Device, ended: Vec<AssociationId>) -> Result<LocalFuture<()>, SplitLoaderError> {
    Ok(Box::pin(async move {
        let Some((phone, store)) = device.0.phone.get().zip(device.store()) else { return };
        // The server names them at each answer; mostly there is nothing left of them.
        let here = phone.records.outbox.with_untracked(|outbox| {
            let is_here = |id: &AssociationId| {
                outbox.cursors.contains_key(id) || outbox.records.values().any(|record| record.association == *id)
            };
            ended.into_iter().filter(is_here).collect::<Vec<_>>()
        });
        let mut is_forgotten = false;
        for association in here {
            let held = browser::lock(WRITES).await;
            is_forgotten |= store.forget(association).await.is_ok();
            drop(held);
        }
        if is_forgotten {
            device.load().await;
            device.tell_other_tabs();
        }
    }))
}
