//! The frame of the app: header, current screen, undo bar and navigation.

use leptos::prelude::*;

use crate::{
    phone::{
        base::{
            address::{Address, Link, address},
            choices::{Associations, Languages},
            icons::{CHART, CHECK, GEAR, HOME, Icon, LIST, OUT},
            part::{Lazy, LazyScreen, MemoryNotice, Wanted, main_part},
            phone::{Phone, phone},
            widgets::{NextFrame, Show, Skeleton, focus},
        },
        first::home::HomePage,
        seam,
    },
    texts::{common, joining, volunteer as t},
};

#[component]
pub fn App(phone: Phone) -> impl IntoView {
    provide_context(phone);
    Address::follow();
    seam::provide_main_part();
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("lang", phone.lang.get().tag());
        }
    });
    view! {
        // Another language draws everything anew: texts are plain strings, and not a signal each (docs/adr/0008).
        {move || {
            phone.lang.track();
            view! { <Frame /> }
        }}
    }
}

#[component]
fn Frame() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let address = address();
    let screen = Memo::new(move |_| address.below());
    // Whoever belongs to no association has another Home, of the main part.
    let is_home = Memo::new(move |_| screen.with(String::is_empty) && phone.identity.association.with(Option::is_some));
    // Focus goes to the new screen's heading, but not on the first one: the page itself has just been opened.
    Effect::new(move |before: Option<String>| {
        let path = address.path();
        if before.is_some_and(|before| before != path) {
            focus("main h1");
            request_animation_frame(|| window().scroll_to_with_x_and_y(0.0, 0.0));
        }
        path
    });
    view! {
        <a class="skip" href="#content">{common::skip_to_content(lang)}</a>
        <div class="app">
            <header>
                <Link href="/app" class="frame-brand">{common::product(lang)}</Link>
                <Associations />
                <Languages />
            </header>
            <StatusLine />
            <main id="content" tabindex="-1">
                <Show when=move || phone.identity.me.get().is_some() fallback=Nobody>
                    {move || {
                        let screen = screen.get();
                        match is_home.get() {
                            true => view! { <HomePage /> }.into_any(),
                            false => view! { <LazyScreen part=main_part() draw=Box::new(move |draw| draw(Wanted::Screen(&screen))) /> }.into_any(),
                        }
                    }}
                </Show>
            </main>
            <Lazy wanted=|| Wanted::Foot />
            <Show when=move || phone.identity.me.get().is_some()><Navigation /></Show>
        </div>
    }
}

/// What concerns the whole phone, and the polite announcements.
#[component]
fn StatusLine() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let notice = move || {
        if let Some(reason) = phone.status.storage_problem.get() {
            let text = match reason.as_str() {
                "blocked" => t::storage_blocked(lang).to_owned(),
                _ => t::storage_problem(lang, reason),
            };
            return Some((true, text));
        }
        if phone.status.unreadable.get() > 0 {
            return Some((true, t::unreadable_rows(lang, phone.status.unreadable.get())));
        }
        if phone.status.update_needed.get() {
            return Some((true, t::update_first(lang).to_owned()));
        }
        if phone.identity.me.get().is_some() && phone.identity.sign_in_needed.get() {
            return Some((false, way_back(phone).0.to_owned()));
        }
        if !phone.status.online.get() {
            return Some((false, t::no_network(lang).to_owned()));
        }
        phone.status.clock_is_off.get().then(|| (false, t::clock_hint(lang).to_owned()))
    };
    view! {
        <p class="visually-hidden" role="status">{move || phone.status.said.get()}</p>
        {move || notice().map(|(urgent, text)| {
            let class = if urgent { "status-line ask" } else { "status-line" };
            let sign_in = (!urgent && phone.identity.sign_in_needed.get()).then(|| {
                let (_, href, text) = way_back(phone);
                view! { " "<a href=href>{text}</a> }
            });
            view! { <p class=class role=if urgent { "alert" } else { "status" }>{text}{sign_in}</p> }
        })}
        {move || phone.status.memory.get().filter(|memory| !memory.is_calm()).map(|memory| view! { <MemoryNotice memory /> })}
    }
}

/// What whoever has to sign in again is told, and the link to it: a volunteer comes back by an invitation. Nobody has to before recording.
fn way_back(phone: Phone) -> (&'static str, &'static str, &'static str) {
    let lang = phone.lang.get_untracked();
    match phone.identity.is_reviewer() {
        true => (t::sign_in_again(lang), "/kirjaudu?to=/app", t::sign_in(lang)),
        false => (joining::new_invitation(lang), "/app/kutsu", joining::title(lang)),
    }
}

#[component]
fn Navigation() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let waiting = move || phone.records.outbox.with(|outbox| outbox.waiting());
    view! {
        <nav class="frame-nav" aria-label=common::product(lang)>
            <NextFrame>
                <ul>
                    <li><Link href="/app" exact=true><Icon path=HOME />{t::home(lang)}</Link></li>
                    <li><Link href="/app/kerrat"><Icon path=LIST />{t::my_gatherings(lang)}</Link></li>
                    {move || if phone.identity.is_reviewer() {
                        view! {
                            <li><Link href="/app/yhdistys"><Icon path=CHECK />{common::month_tab(lang)}</Link></li>
                            <li><Link href="/app/vuosi"><Icon path=CHART />{common::year_tab(lang)}</Link></li>
                        }.into_any()
                    } else {
                        view! {
                            <li>
                                <Link href="/app/lahtevat">
                                    <Icon path=OUT />
                                    <span>{t::outgoing(lang)}{move || (waiting() > 0).then(|| format!(" ({})", waiting()))}</span>
                                </Link>
                            </li>
                        }.into_any()
                    }}
                    <li><Link href="/app/asetukset"><Icon path=GEAR />{t::settings(lang)}</Link></li>
                </ul>
            </NextFrame>
        </nav>
    }
}

/// Nobody is signed in, as far as is known by now.
#[component]
fn Nobody() -> impl IntoView {
    let phone = phone();
    view! {
        <Show when=move || phone.records.loaded.get() fallback=Skeleton>
            <LazyScreen part=main_part() draw=Box::new(|draw| draw(Wanted::NotSignedIn)) />
        </Show>
    }
}
