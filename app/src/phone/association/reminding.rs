//! Reminders outside the app: by e-mail, or on this device by its browser. Only whoever ticks a box is asked for anything, or sent anything.

use domain::AssociationId;
use js_sys::{Object, Promise, Reflect};
use leptos::{prelude::*, task::spawn_local};
use sync::protocol::reminders::{BrowserTold, RemindByMailRequest, RemindHereRequest, RemindersReply};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::{
    phone::base::{method::method, phone::phone},
    texts::periods as t,
};

/// Whether this browser can remind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Can {
    Yes,
    /// Its user has said no, and only they can change that.
    Blocked,
    /// On an iPhone or iPad it can from the home screen only.
    FromHomeScreen,
    No,
}

impl Can {
    fn now() -> Can {
        let navigator = JsValue::from(window().navigator());
        let notification = property(&window(), "Notification");
        let has_all = property(&window(), "PushManager").is_some() && property(&navigator, "serviceWorker").is_some();
        match notification.filter(|_| has_all) {
            Some(notification) => match property(&notification, "permission").and_then(|said| said.as_string()) {
                Some(said) if said == "denied" => Can::Blocked,
                _ => Can::Yes,
            },
            // Only Apple's browsers on a phone have the word.
            None if property(&navigator, "standalone").is_some() => Can::FromHomeScreen,
            None => Can::No,
        }
    }
}

fn property(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &name.into()).ok().filter(|value| !value.is_null() && !value.is_undefined())
}

/// Calls a function of an object, and waits for what it promises.
async fn called(of: &JsValue, name: &str, with: &JsValue) -> Option<JsValue> {
    let promise = method(of, name)?.call1(of, with).ok()?.dyn_into::<Promise>().ok()?;
    JsFuture::from(promise).await.ok()
}

/// Asks the user, and then the browser, to take messages of whoever has the key. None where one of them will not.
async fn browser(key: &str) -> Option<BrowserTold> {
    let nothing = JsValue::UNDEFINED;
    let said = called(&property(&window(), "Notification")?, "requestPermission", &nothing).await?;
    if said.as_string()? != "granted" {
        return None;
    }
    let workers = property(&window().navigator(), "serviceWorker")?;
    let ready = property(&workers, "ready")?.dyn_into::<Promise>().ok()?;
    let manager = property(&JsFuture::from(ready).await.ok()?, "pushManager")?;
    let options = Object::new();
    Reflect::set(&options, &"userVisibleOnly".into(), &JsValue::TRUE).ok()?;
    Reflect::set(&options, &"applicationServerKey".into(), &key.into()).ok()?;
    let taken = match called(&manager, "subscribe", &options).await {
        Some(taken) => taken,
        // It takes messages of an earlier key: of this address before the server was set up anew.
        None => {
            let before = called(&manager, "getSubscription", &nothing).await.filter(JsValue::is_object)?;
            called(&before, "unsubscribe", &nothing).await?;
            called(&manager, "subscribe", &options).await?
        }
    };
    let told = method(&taken, "toJSON")?.call0(&taken).ok()?;
    let keys = property(&told, "keys")?;
    let text = |of: &JsValue, name: &str| property(of, name)?.as_string();
    Some(BrowserTold { endpoint: text(&told, "endpoint")?, p256dh: text(&keys, "p256dh")?, auth: text(&keys, "auth")? })
}

/// What the server told last; none before it has, and `Err` where it could not.
type Told = Option<Result<RemindersReply, ()>>;

#[component]
pub fn Reminding() -> AnyView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let told = RwSignal::new(None::<Result<RemindersReply, ()>>);
    let can = RwSignal::new(Can::now());
    let said = RwSignal::new(None::<&'static str>);
    let asking = RwSignal::new(false);
    let ask = move |association: AssociationId, address: String, body: Option<String>| async move {
        let answer = phone.actions().await.ask(address, body).await;
        let reply = answer.ok().as_ref().and_then(RemindersReply::read);
        // Another association may be in view by now, or another screen.
        let is_here = phone.identity.association.try_get_untracked().flatten() == Some(association);
        (is_here, reply)
    };
    // Asked anew whenever the screen opens, or another association comes into view.
    Effect::new(move |_| {
        let Some(association) = phone.identity.association.get() else { return };
        told.set(None);
        spawn_local(async move {
            let address = format!("/api/v1/reminders?association={association}");
            let (is_here, reply) = ask(association, address, None).await;
            if is_here {
                let _ = told.try_set(Some(reply.ok_or(())));
            }
        });
    });
    let tick = move |event: leptos::ev::Event, is_mail: bool| {
        let ticked: web_sys::HtmlInputElement = event_target(&event);
        let on = ticked.checked();
        let Some(association) = phone.identity.association.get_untracked() else { return };
        let key = told.with_untracked(|told| match told {
            Some(Ok(told)) => told.key.clone(),
            _ => None,
        });
        asking.set(true);
        said.set(None);
        spawn_local(async move {
            let lang_tag = lang.tag().to_owned();
            let asked = if is_mail {
                serde_json::to_string(&RemindByMailRequest { association, on, lang: lang_tag }).ok()
            } else {
                let browser = if on { browser(&key.unwrap_or_default()).await } else { None };
                // Its user, or the browser itself, may not want it.
                let is_wanted = !on || browser.is_some();
                let request = RemindHereRequest { association, browser, lang: lang_tag };
                is_wanted.then(|| serde_json::to_string(&request).ok()).flatten()
            };
            let address = if is_mail { "/api/v1/reminders/mail" } else { "/api/v1/reminders/here" };
            let (is_here, reply) = match asked {
                Some(body) => ask(association, address.to_owned(), Some(body)).await,
                None => (true, None),
            };
            if asking.try_set(false).is_some() || !is_here {
                return;
            }
            can.set(Can::now());
            let is_so = reply.as_ref().map(|reply| if is_mail { reply.by_mail } else { reply.here });
            // The box says what is, and not what was wished.
            ticked.set_checked(is_so.unwrap_or(!on));
            // What the browser's user has refused stands beside the box.
            let is_refused = !is_mail && can.get_untracked() == Can::Blocked;
            said.set(match is_so == Some(on) {
                true => Some(t::remind_saved(lang)),
                false => (!is_refused).then(|| t::remind_failed(lang)),
            });
            if let Some(reply) = reply {
                told.set(Some(Ok(reply)));
            }
        });
    };
    let here = move |is_on: bool| {
        let hint = move || match can.get() {
            Can::Yes => t::remind_here_help(lang),
            Can::Blocked => t::remind_blocked(lang),
            Can::FromHomeScreen => t::remind_ios(lang),
            Can::No => t::remind_unable(lang),
        };
        view! {
            <label class="check">
                <input type="checkbox" name="remind-here" prop:checked=is_on aria-describedby="remind-here-hint"
                    disabled=move || asking.get() || (can.get() != Can::Yes && !is_on) on:change=move |event| tick(event, false) />
                <span>{t::remind_here(lang)}</span>
            </label>
            <p class="hint" id="remind-here-hint">{hint}</p>
        }
    };
    let mail = move |told: &RemindersReply| {
        match told.has_address {
        true => {
            let is_on = told.by_mail;
            view! {
                <label class="check">
                    <input type="checkbox" name="remind-mail" prop:checked=is_on disabled=asking on:change=move |event| tick(event, true) />
                    <span>{t::remind_mail(lang)}</span>
                </label>
            }
            .into_any()
        }
        false => view! {
            <p>{t::remind_mail(lang)}": "{t::remind_no_address(lang)}" "<a href="/oma" rel="external">{t::remind_give_address(lang)}</a></p>
        }
        .into_any(),
    }
    };
    let boxes = move |told: Told| match told {
        None => ().into_any(),
        Some(Err(())) => view! { <p>{t::remind_failed(lang)}</p> }.into_any(),
        Some(Ok(told)) => view! {
            {told.key.is_some().then(|| here(told.here))}
            {told.has_mail.then(|| mail(&told))}
        }
        .into_any(),
    };
    // Where the server reminds nobody, nothing is said of it.
    let is_there = Memo::new(move |_| {
        told.with(|told| !matches!(told, Some(Ok(RemindersReply { key: None, has_mail: false, .. }))))
    });
    (move || {
        is_there.get().then(|| {
            view! {
                <section class="card">
                    <h2>{t::reminders(lang)}</h2>
                    <p class="hint">{t::reminders_help(lang)}</p>
                    {move || boxes(told.get())}
                    <p role="status">{move || said.get()}</p>
                </section>
            }
        })
    })
    .into_any()
}
