//! What is shown on a condition.

use leptos::{children::ViewFn, prelude::*};

/// As Leptos's `Show`, but one type for all conditions and contents: that one is compiled anew for each place.
#[component]
pub fn Show(
    #[prop(into)] when: Signal<bool>,
    children: ChildrenFn,
    #[prop(optional, into)] fallback: ViewFn,
) -> AnyView {
    let when = Memo::new(move |_| when.get());
    (move || if when.get() { children() } else { fallback.run() }).into_any()
}
