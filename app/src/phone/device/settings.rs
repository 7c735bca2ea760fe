//! Settings: language, who is signed in, sign-out.

use leptos::prelude::*;

use crate::{
    phone::{
        base::{
            address::Link,
            choices::{Associations, LanguageList},
            phone::phone,
            save_file::SaveFile,
            widgets::Show,
        },
        device::{
            contact::ContactForm,
            install::{self, Install},
        },
    },
    texts::{common, joining, volunteer as t},
};

#[component]
pub fn SettingsPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let leaving = RwSignal::new(false);
    let going = RwSignal::new(false);
    let sign_out = move |_| match phone.records.outbox.with_untracked(|outbox| outbox.waiting()) {
        0 => {
            going.set(true);
            phone.act(|actions| actions.sign_out());
        }
        _ => leaving.set(true),
    };
    view! {
        <h1 tabindex="-1">{t::settings(lang)}</h1>
        <div class="settings">
            <section>
                <h2>{common::language(lang)}</h2>
                <div class="pick languages"><LanguageList /></div>
            </section>
            <section>
                <h2>{install::heading(lang)}</h2>
                <Install />
            </section>
            <section>
                <h2>{t::association(lang)}</h2>
                {move || phone.identity.me.get().map(|me| view! { <p>{t::signed_in_as(lang, me.nickname)}</p> })}
                <Associations />
                <p class="row">
                    <Link href="/app/kutsu" class="button quiet">{joining::title(lang)}</Link>
                    <a class="button quiet" href="/oma" rel="external">{joining::own_data(lang)}</a>
                </p>
                <Show when=move || phone.identity.is_reviewer() && phone.records.own_association().is_some()><ContactForm /></Show>
                <p class="small">{move || if phone.status.one_copy.get() { t::one_copy(lang) } else { t::two_copies(lang) }}</p>
                <Show when=move || leaving.get() fallback=move || view! {
                    <button class="button quiet" disabled=move || going.get() on:click=sign_out>{common::sign_out(lang)}</button>
                    <p role="status">{move || going.get().then(|| t::signing_out(lang))}</p>
                }><Leaving leaving /></Show>
            </section>
            <section>
                <h2>{common::about_service(lang)}</h2>
                <p class="row">
                    <a class="button quiet" href="/tietosuoja" rel="external">{common::privacy(lang)}</a>
                    <a class="button quiet" href="/saavutettavuus" rel="external">{common::accessibility(lang)}</a>
                </p>
            </section>
        </div>
    }
}

/// Signing out with something unsent (S10): send it, leave it, save it as a file, or throw it away.
#[component]
fn Leaving(leaving: RwSignal<bool>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let waiting = Memo::new(move |_| phone.records.outbox.with(|outbox| outbox.waiting()));
    let sending = RwSignal::new(false);
    let word = RwSignal::new(String::new());
    let sign_out = move || phone.act(|actions| actions.sign_out());
    Effect::new(move |_| {
        if sending.get() && waiting.get() == 0 {
            sign_out();
        }
    });
    let send = move |_| {
        sending.set(true);
        phone.act(|actions| actions.send_now());
    };
    let is_sure = move || word.get().trim().to_uppercase() == t::leaving_throw_word(lang);
    let throw = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !is_sure() {
            return;
        }
        phone.run(async move {
            phone.actions().await.throw_all().await?;
            sign_out();
            Ok(())
        });
    };
    view! {
        <div class="notice ask" role="group" aria-labelledby="leaving">
            <h3 id="leaving" tabindex="-1">{t::leaving_title(lang)}</h3>
            <p>{move || t::leaving(lang, waiting.get())}</p>
            <p><button class="button big" on:click=send>{t::leaving_send(lang)}</button></p>
            <p role="status">{move || sending.get().then(|| t::leaving_sending(lang))}</p>
            <p><button class="button quiet" on:click=move |_| sign_out()>{t::leaving_keep(lang)}</button></p>
            <p class="small">{t::leaving_keep_help(lang)}</p>
            <SaveFile />
            <details>
                <summary>{t::leaving_throw(lang)}</summary>
                <form on:submit=throw>
                    <label class="field">
                        <span>{t::leaving_throw_help(lang, t::leaving_throw_word(lang))}</span>
                        <input autocomplete="off" autocapitalize="characters" on:input=move |event| word.set(event_target_value(&event)) />
                    </label>
                    <button class="button" disabled=move || !is_sure()>{t::leaving_throw_do(lang)}</button>
                </form>
            </details>
            <p><button class="button quiet" on:click=move |_| leaving.set(false)>{t::leaving_not(lang)}</button></p>
        </div>
    }
}
