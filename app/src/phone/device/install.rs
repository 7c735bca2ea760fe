//! Installing the app: on a phone's home screen with a button where the browser supports it, with three pictures on an
//! iPhone; on a computer, which has no home screen, as an installed app.

use domain::Lang;
use js_sys::Reflect;
use leptos::prelude::*;
use sync::view::Delivery;
use wasm_bindgen::JsValue;

use crate::{
    phone::base::{
        icons::{HOME, Icon, PHONE, SHARE},
        method::method,
        phone::phone,
    },
    texts::install as t,
};

/// The event that `boot.js` keeps, under this name of the window.
const OFFER: &str = "hytevihkoInstall";
const NOT_NOW: &str = "hytevihko-install-not-now";

type Text = fn(Lang) -> &'static str;

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// The browser asks, when we ask it to.
    Button,
    /// On an iPhone or iPad only its owner can do it.
    Pictures,
    /// This browser does not install, or only from its menu.
    No,
    Installed,
}

fn how() -> How {
    let of_navigator = Reflect::get(&window().navigator(), &"standalone".into()).unwrap_or_default();
    let is_installed = of_navigator == JsValue::TRUE || matches_media("(display-mode: standalone)");
    match (is_installed, offer()) {
        (true, _) => How::Installed,
        (false, Some(_)) => How::Button,
        // Only Apple's browsers have the word, and say that it is not so.
        (false, None) if of_navigator == JsValue::FALSE => How::Pictures,
        (false, None) => How::No,
    }
}

fn matches_media(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|query| query.matches())
}

/// A phone and a tablet are touched; a pen on a phone is fine too, but its screen is narrow.
fn is_computer() -> bool {
    matches_media("(pointer: fine) and (min-width: 48em)")
}

/// The heading over it in the settings.
pub fn heading(lang: Lang) -> &'static str {
    if is_computer() { t::help_computer(lang) } else { t::help(lang) }
}

fn offer() -> Option<JsValue> {
    Reflect::get(&window(), &OFFER.into()).ok().filter(JsValue::is_object)
}

/// On Home it comes when there is a reason: after the first record that has arrived; on an iPhone before the first one, because
/// the installed app has a memory of its own. In the settings always.
#[component]
pub fn Install(#[prop(optional)] on_home: bool) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let way = RwSignal::new(how());
    let listener = window_event_listener_untyped("hytevihko-install", move |_| way.set(how()));
    on_cleanup(move || listener.remove());
    let not_now = RwSignal::new(on_home && stored().and_then(|storage| storage.get_item(NOT_NOW).ok()?).is_some());
    let has_mine = Memo::new(move |_| {
        let rows = phone.records.gatherings();
        let arrived =
            rows.iter().any(|row| row.shown.mine && matches!(row.shown.delivery, Delivery::Received { at: Some(_) }));
        (rows.iter().any(|row| row.shown.mine), arrived)
    });
    let shows = move || match way.get() {
        _ if not_now.get() => How::No,
        How::Button if on_home && !has_mine.get().1 => How::No,
        How::Pictures if on_home && has_mine.get().0 => How::No,
        How::Installed if on_home => How::No,
        way => way,
    };
    let install = move |_| {
        if let Some(offer) = offer() {
            if let Some(prompt) = method(&offer, "prompt") {
                let _ = prompt.call0(&offer);
            }
            // It can be asked once.
            let _ = Reflect::set(&window(), &OFFER.into(), &JsValue::NULL);
        }
        way.set(how());
    };
    let dismiss = move |_| {
        if let Some(storage) = stored() {
            let _ = storage.set_item(NOT_NOW, "1");
        }
        not_now.set(true);
    };
    let later =
        move || on_home.then(|| view! { <button class="button quiet" on:click=dismiss>{t::not_now(lang)}</button> });
    // What waits here does not move to the home screen's app.
    let why = move || match has_mine.get().0 {
        _ if phone.records.outbox.with(|outbox| outbox.waiting() > 0) => t::send_first(lang),
        true => t::why(lang),
        false => t::why_first(lang),
    };
    let of_device = move |phone: Text, computer: Text| if is_computer() { computer(lang) } else { phone(lang) };
    move || match shows() {
        How::No if on_home => None,
        How::No => Some(view! { <p>{of_device(t::installed_or_not, t::installed_or_not_computer)}</p> }.into_any()),
        How::Installed => Some(view! { <p>{of_device(t::installed, t::installed_computer)}</p> }.into_any()),
        How::Button => {
            let install_text = of_device(t::install, t::install_computer);
            Some(
                view! {
                    <section class="notice">
                        <h2>{of_device(t::title, t::title_computer)}</h2>
                        <p>{of_device(t::why, t::why_computer)}</p>
                        <p class="row"><button class="button" on:click=install>{install_text}</button>{later()}</p>
                    </section>
                }
                .into_any(),
            )
        }
        How::Pictures => Some(
            view! {
                <section class="notice">
                    <h2>{t::title(lang)}</h2>
                    <p>{why}</p>
                    <ol class="install-steps">
                        <li><Icon path=SHARE /><span>{t::ios_share(lang)}</span></li>
                        <li><Icon path=HOME /><span>{t::ios_add(lang)}</span></li>
                        <li><Icon path=PHONE /><span>{t::ios_open(lang)}</span></li>
                    </ol>
                    {later()}
                </section>
            }
            .into_any(),
        ),
    }
}

fn stored() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
