//! What a user who was removed from an association has of it on this device.

use app::phone::LocalFuture;
use domain::AssociationId;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::{
    browser,
    device::{Device, WRITES},
};

/// Forgets what was received of an association to which the user belongs no more. What waits of it stays, and is sent.
#[wasm_split(screens, fallible)]
pub fn forgetting(device: Device, association: AssociationId) -> Result<LocalFuture<()>, SplitLoaderError> {
    Ok(Box::pin(async move {
        let Some(store) = device.store() else { return };
        let held = browser::lock(WRITES).await;
        let is_forgotten = store.forget(association).await.is_ok();
        drop(held);
        if is_forgotten {
            device.load().await;
            device.tell_other_tabs();
        }
    }))
}
