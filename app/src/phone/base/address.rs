//! The router: which screen an address names, and links and steps between screens without a page reload.

use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, HtmlElement};

use crate::phone::base::widgets::after_paint;

/// The path in the address bar. Copied freely, like the phone.
#[derive(Clone, Copy)]
pub struct Address(RwSignal<String>);

/// What an address names below `/app`: empty for Home, none where it is not ours.
pub fn below(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/app")?.trim_end_matches('/');
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

impl Address {
    /// Starts to follow the browser: its back and forward buttons, and clicks on links to our screens.
    pub fn follow() -> Address {
        let address = Address(RwSignal::new(current_path()));
        provide_context(address);
        window_event_listener(ev::popstate, move |_| address.show(current_path()));
        window_event_listener(ev::click, move |event| {
            if let Some(link) = followed_link(&event) {
                event.prevent_default();
                address.go(&(link.pathname() + &link.search()));
            }
        });
        address
    }

    pub fn path(self) -> String {
        self.0.get()
    }

    /// What it names below `/app`; empty for Home.
    pub fn below(self) -> String {
        self.0.with(|path| below(path).unwrap_or_default().to_owned())
    }

    /// Goes to a screen, as by a link. It is drawn after the next frame: that takes a cheap phone longer than a tap may wait for its
    /// answer.
    pub fn go(self, to: &str) {
        if current_path() == to.split('?').next().unwrap_or_default() {
            return window().scroll_to_with_x_and_y(0.0, 0.0);
        }
        let history = window().history();
        // The entry knows the screen before it, also after a reload.
        let from = JsValue::from_str(&current_path());
        let _ = history.and_then(|history| history.push_state_with_url(&from, "", Some(to)));
        // Somebody may have gone back by then.
        after_paint(move || self.show(current_path()));
    }

    /// The screen from which somebody went to this one.
    pub fn came_from() -> Option<String> {
        window().history().and_then(|history| history.state()).ok()?.as_string()
    }

    /// A step within the page, as to `#content`, is not another screen.
    fn show(self, path: String) {
        if self.0.with_untracked(|now| *now != path) {
            // The focus goes to the next heading. Taken away while it has the focus, an element has the browser lay out all at once.
            if let Some(element) = document().active_element().and_then(|active| active.dyn_into::<HtmlElement>().ok())
            {
                let _ = element.blur();
            }
            self.0.set(path);
        }
    }
}

/// The address of this component tree.
pub fn address() -> Address {
    expect_context::<Address>()
}

/// A link to another screen, marked where it leads to the one that is shown.
#[component]
pub fn Link(
    #[prop(into)] href: String,
    #[prop(optional)] class: &'static str,
    /// Marked only on this very screen, and not on those below it.
    #[prop(optional)]
    exact: bool,
    children: Children,
) -> impl IntoView {
    let address = address();
    let to = href.clone();
    let is_current = move || {
        let path = address.path();
        let is_below = |rest: &str| rest.is_empty() || (!exact && rest.starts_with('/'));
        path.strip_prefix(&to).is_some_and(is_below)
    };
    let class = (!class.is_empty()).then_some(class);
    view! { <a href=href class=class aria-current=move || is_current().then_some("page")>{children()}</a> }
}

pub fn current_path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// The link to one of our screens that a plain click means; the browser follows all others itself.
fn followed_link(event: &ev::MouseEvent) -> Option<HtmlAnchorElement> {
    let is_plain = event.button() == 0
        && !event.default_prevented()
        && !(event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key());
    if !is_plain {
        return None;
    }
    let element: Element = event.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = element.closest("a[href]").ok()??.dyn_into().ok()?;
    let is_ours = Some(link.origin()) == window().location().origin().ok()
        && link.hash().is_empty()
        && !link.has_attribute("download")
        && link.rel() != "external"
        && below(&link.pathname()).is_some();
    is_ours.then_some(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_below_app_are_ours() {
        assert_eq!(below("/app"), Some(""));
        assert_eq!(below("/app/"), Some(""));
        assert_eq!(below("/app/vuosi"), Some("/vuosi"));
        assert_eq!(below("/application/kirjaa/muu"), None);
        assert_eq!(below("/"), None);
    }
}
