//! Puts the app on the page.

use app::phone::{App, Phone};
use leptos::prelude::*;

use crate::browser;

/// As [`show`], so many milliseconds later, in a task of its own, as in boot.js.
pub async fn show_after(ms: u32, phone: Phone) {
    browser::sleep(ms).await;
    show(phone);
}

/// Puts the app in the skeleton's place. The user who is remembered needs no network to get here.
pub fn show(phone: Phone) {
    // Only once: a slow database has it shown before there is anything to show.
    let Some(skeleton) = document().get_element_by_id("skeleton") else { return };
    skeleton.remove();
    mount_to_body(move || view! { <App phone /> });
}
