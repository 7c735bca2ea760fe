//! What was done in the association: `/app/yhdistys/loki`. The server has it, so that it needs the network.

use domain::{AssociationId, date};
use leptos::{prelude::*, task::spawn_local};
use sync::protocol::audit::{AuditReply, EntryShown};

use crate::{
    acts::sentence,
    format::{clock, day},
    phone::base::{
        phone::{Phone, phone},
        widgets::Show,
    },
    texts::{association, log as t, members, volunteer},
};

/// What was told so far.
#[derive(Clone, PartialEq)]
enum Log {
    NotYet,
    NoNetwork,
    Told { entries: Vec<EntryShown>, has_older: bool },
}

#[component]
pub fn LogPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let log = RwSignal::new(Log::NotYet);
    let asking = RwSignal::new(false);
    let begin = move |association: Option<AssociationId>| {
        log.set(Log::NotYet);
        if let Some(association) = association {
            spawn_local(async move {
                let told = match ask(phone, association, None).await {
                    Some(reply) => Log::Told { has_older: reply.has_older(), entries: reply.entries },
                    None => Log::NoNetwork,
                };
                if phone.identity.association.get_untracked() == Some(association) {
                    let _ = log.try_set(told);
                }
            });
        }
    };
    // Asked anew whenever the screen opens, or another association comes into view.
    Effect::new(move |_| begin(phone.identity.association.get()));
    let older = move |_| {
        let before = log.with_untracked(|log| match log {
            Log::Told { entries, .. } => entries.last().map(|last| last.number),
            _ => None,
        });
        let (Some(association), Some(before), false) =
            (phone.identity.association.get_untracked(), before, asking.get_untracked())
        else {
            return;
        };
        asking.set(true);
        spawn_local(async move {
            let told = ask(phone, association, Some(before)).await;
            let _ = asking.try_set(false);
            // Entries of an association are never under those of another.
            let is_of_another = phone.identity.association.get_untracked() != Some(association);
            let Some(reply) = told.filter(|_| !is_of_another) else { return };
            let _ = log.try_update(|log| {
                // What was asked for follows what stands here, or is not shown.
                if let Log::Told { entries, has_older } = log
                    && entries.last().is_some_and(|last| last.number == before)
                {
                    *has_older = reply.has_older();
                    entries.extend(reply.entries);
                }
            });
        });
    };
    let has_older = move || log.with(|log| matches!(log, Log::Told { has_older: true, .. }));
    view! {
        <h1 tabindex="-1">{t::title(lang)}</h1>
        <p class="lead">{t::help(lang)}</p>
        {move || match log.get() {
            Log::NotYet => view! { <div class="bone tall" aria-busy="true"></div> }.into_any(),
            Log::NoNetwork => view! {
                <p>{members::need_network(lang)}</p>
                <p><button class="button quiet" on:click=move |_| begin(phone.identity.association.get_untracked())>
                    {association::try_again(lang)}
                </button></p>
            }.into_any(),
            Log::Told { entries, .. } => view! { <Lines entries /> }.into_any(),
        }}
        <Show when=has_older>
            <p><button class="button quiet" disabled=asking on:click=older>{t::older(lang)}</button></p>
        </Show>
    }
}

async fn ask(phone: Phone, association: AssociationId, before: Option<u64>) -> Option<AuditReply> {
    let before = before.map(|before| format!("&before={before}")).unwrap_or_default();
    let address = format!("/api/v1/audit?association={association}{before}");
    AuditReply::read(&phone.actions().await.ask(address, None).await.ok()?)
}

/// A sentence for each entry, and when it was.
#[component]
pub fn Lines(entries: Vec<EntryShown>) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    if entries.is_empty() {
        return view! { <p>{t::none(lang)}</p> }.into_any();
    }
    let line = |one: EntryShown| {
        let (date, minutes) = date::in_helsinki(one.at);
        let when = format!("{} {}", day(lang, date), volunteer::at_time(lang, clock(lang, minutes)));
        view! {
            <li>
                <p>{sentence(lang, &one.act, &one.by, one.whom.as_ref())}</p>
                <p class="small">{when}</p>
            </li>
        }
    };
    view! { <ol class="list">{entries.into_iter().map(line).collect_view()}</ol> }.into_any()
}
