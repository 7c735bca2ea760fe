//! Whether two things have room side by side.

use leptos::prelude::*;

/// From this width on: 1024 px at the usual text size.
const WIDE: &str = "(min-width: 64em)";

pub fn is_wide_now() -> bool {
    window().match_media(WIDE).ok().flatten().is_some_and(|query| query.matches())
}

/// The same, as it follows the window, the text size and the zoom.
pub fn is_wide() -> RwSignal<bool> {
    let is_wide = RwSignal::new(is_wide_now());
    let resized = window_event_listener(leptos::ev::resize, move |_| {
        let now = is_wide_now();
        if is_wide.try_get_untracked() == Some(!now) {
            is_wide.set(now);
        }
    });
    on_cleanup(move || resized.remove());
    is_wide
}
