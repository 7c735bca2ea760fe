//! Prerenders the screens that most likely come next, outside the document, while the browser is idle. A browser
//! compiles a WebAssembly function at its first call; without the prerender a slow phone would compile the form between
//! the tap and its display.

use std::sync::atomic::{AtomicUsize, Ordering};

use leptos::{prelude::*, tachys::view::Render};

use crate::phone::{
    base::widgets::after_paint,
    volunteer::{
        gathering_list::GatheringList,
        record::{HowMany, Opened, RecordPage, open_form},
    },
};

/// Each in a task of its own. The form stands there three times: what it is filled from, and its first number, alone, so that its own task
/// has less left to compile.
const PARTS: [fn() -> AnyView; 4] = [
    || {
        open_form("kirjaa", "nyt", "");
        ().into_any()
    },
    || open_form("kirjaa", "nyt", "").map(|Opened { form, .. }| view! { <HowMany form /> }).into_any(),
    || view! { <RecordPage what="kirjaa".into() id="nyt".into() day=String::new() /> }.into_any(),
    || view! { <GatheringList /> }.into_any(),
];

static DRAWN: AtomicUsize = AtomicUsize::new(0);

/// Draws one after the other while the browser has nothing else to do and the screen that asks for it is shown. Nothing of it comes on
/// the page. A browser that does not say when it is idle draws nothing ahead.
pub fn draw_ahead() {
    let asker = Owner::current().map(|owner| owner.downgrade());
    request_idle_callback(move || {
        let Some(asker) = asker.as_ref().and_then(|asker| asker.upgrade()) else { return };
        let Some(part) = PARTS.get(DRAWN.fetch_add(1, Ordering::Relaxed)) else { return };
        asker.with(|| {
            let owner = Owner::new();
            // What was drawn goes with its signals, whoever takes them away: left alone, it would read them when they are no more.
            owner.with(|| StoredValue::new_local(part().build()));
            let asker = asker.downgrade();
            after_paint(move || {
                after_paint(move || {
                    owner.cleanup();
                    if let Some(asker) = asker.upgrade() {
                        asker.with(draw_ahead);
                    }
                });
            });
        });
    });
}
