//! "Lähtevät": the changes that wait on this phone, and those that the server refused.

use domain::{ChangeId, Kind};
use leptos::prelude::*;
use sync::{Entry, engine::Phase, local::EntryState};

use crate::{
    phone::base::{
        address::Link,
        draft::About,
        icons::{Icon, MEND, PHONE},
        keep::drafts,
        phone::{Phone, phone},
        place,
        save_file::SaveFile,
        widgets::Show,
        words::change_name,
    },
    texts::{problems, volunteer as t},
};

/// After this long without a network nothing has begun to be sent.
const ASKED: std::time::Duration = std::time::Duration::from_millis(700);

#[component]
pub fn OutgoingPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let entries =
        Memo::new(move |_| phone.records.outbox.with(|outbox| outbox.entries.values().cloned().collect::<Vec<_>>()));
    let of = move |refused: bool| {
        let is = |entry: &Entry| matches!(entry.state, EntryState::Refused { .. }) == refused;
        entries.get().into_iter().filter(is).collect::<Vec<_>>()
    };
    let is_sending = move || phone.records.phase.with(|phase| matches!(phase, Phase::Pushing { .. }));
    // What was asked for and is still here after a while has not gone: the answer, if any, stands beside each.
    let asked = RwSignal::new(false);
    let send = move |_| {
        phone.act(|actions| actions.send_now());
        asked.set(false);
        set_timeout(move || asked.set(true), ASKED);
    };
    view! {
        <h1 tabindex="-1">{t::outgoing(lang)}</h1>
        <Show when=move || entries.with(Vec::is_empty)><p class="empty">{t::nothing_waiting(lang)}</p></Show>
        <Show when=move || !of(true).is_empty()>
            <h2>{t::refused_title(lang)}</h2>
            <ul class="list">{move || of(true).into_iter().map(|entry| view! { <Item entry /> }).collect_view()}</ul>
        </Show>
        <Show when=move || !of(false).is_empty()>
            <h2>{t::waiting_title(lang)}</h2>
            <ul class="list">{move || of(false).into_iter().map(|entry| view! { <Item entry /> }).collect_view()}</ul>
            <button class="button big" on:click=send disabled=is_sending>{move || if is_sending() { t::state_sending(lang) } else { t::send_now(lang) }}</button>
            <p role="status">{move || (asked.get() && !is_sending()).then(|| if phone.status.online.get() { t::not_sent_yet(lang) } else { t::no_network_now(lang) })}</p>
        </Show>
        <Show when=move || !entries.with(Vec::is_empty)>
            <section class="card"><SaveFile /></section>
        </Show>
    }
}

#[component]
fn Item(entry: Entry) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let title = match entry.body.content() {
        Some(content) => change_name(phone, entry.kind, Some(content)),
        // Its name is in what is kept of it, on the phone that deleted it.
        None => {
            let kept = untrack(|| drafts(phone))
                .into_iter()
                .find(|draft| matches!(draft.about, About::Deleted { was, .. } if was == entry.record));
            let name = kept.map(|draft| format!(": {}", change_name(phone, entry.kind, Some(&draft.content))));
            format!("{}{}", t::deleted(lang), name.unwrap_or_default())
        }
    };
    let id = entry.record;
    let change = entry.change;
    let state = entry.state.clone();
    let text = move || match &state {
        EntryState::Waiting => place::waiting(phone).to_owned(),
        EntryState::Refused { code, fields } => t::state_refused(lang, problems::refusal(lang, code, fields)),
    };
    let is_refused = matches!(entry.state, EntryState::Refused { .. });
    let (class, icon) = if is_refused { ("badge refused", MEND) } else { ("badge waiting", PHONE) };
    let mended_at = match entry.kind {
        Kind::Gathering => Some(format!("/app/kerta/{id}")),
        Kind::Series => Some(format!("/app/ryhma/{id}")),
        Kind::YearlyPeople => Some("/app/vuoteni".to_owned()),
        _ => None,
    };
    let mended_at = mended_at.filter(|_| is_refused);
    let thrown = title.clone();
    view! {
        <li>
            <p><strong>{title}</strong></p>
            <p class=class><Icon path=icon /><span>{text}</span></p>
            <p class="row">
                {mended_at.map(|href| view! { <Link href class="button">{t::edit(lang)}</Link> })}
                {is_refused.then(|| view! {
                    <button class="button quiet" on:click=move |_| throw_away(phone, change, &thrown)>{t::throw_away(lang)}</button>
                })}
            </p>
        </li>
    }
}

/// By name, and only after the browser's own question: a refused change is the one thing here that cannot be undone.
fn throw_away(phone: Phone, change: ChangeId, name: &str) {
    let question = t::throw_away_sure(phone.lang.get_untracked(), name);
    if phone.ask(|services| services.confirm(&question)) {
        phone.run(async move { phone.actions().await.throw_away(change).await });
    }
}
