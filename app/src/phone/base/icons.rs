//! Small icons. They stand beside words, never instead of them.

use leptos::prelude::*;

/// A 24×24 outline by its path.
#[component]
pub fn Icon(path: &'static str) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
            <path d=path fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"></path>
        </svg>
    }
}

pub const HOME: &str = "M4 11l8-7 8 7v9H4zM10 20v-6h4v6";
pub const LIST: &str = "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01";
pub const OUT: &str = "M12 19V5M6 11l6-6 6 6";
pub const CHECK: &str = "M5 13l4 4L19 7";
pub const CHART: &str = "M4 20h16M7 16v-5M12 16V6M17 16v-8";
pub const GEAR: &str = "M4 7h10M18 7h2M4 17h2M10 17h10M14 5v4M6 15v4";
pub const PHONE: &str = "M8 3h8v18H8zM11 18h2";
pub const MEND: &str = "M12 8v5M12 16h.01M12 3l9 16H3z";
pub const QUESTION: &str = "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 17h.01";
pub const SHARE: &str = "M12 15V4M8 7l4-4 4 4M6 11H5v9h14v-9h-1";
