//! The list of gatherings with their state in words; edit, delete, undo.

use domain::Kind;
use leptos::{prelude::*, task::spawn_local};
use sync::outbox::Body;

use super::{
    address::Link,
    context::{Row, phone},
    show::Show,
    status::Badge,
};
use crate::{format::short_day, texts::volunteer as t};

/// Gatherings shown at first, and added by each "Näytä lisää".
const PAGE: usize = 30;

#[component]
pub fn GatheringsPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let rows = Memo::new(move |_| phone.gatherings());
    let count = RwSignal::new(PAGE);
    let page = move || rows.get().into_iter().take(count.get()).collect::<Vec<_>>();
    let has_more = move || rows.with(Vec::len) > count.get();
    view! {
        <h1 tabindex="-1">{t::my_gatherings(lang)}</h1>
        <Show when=move || phone.loaded.get() && rows.with(Vec::is_empty)>
            <p class="empty">{t::no_gatherings(lang)}</p>
        </Show>
        <ul class="list">
            <For each=page key=key let:row><Item row /></For>
        </ul>
        <Show when=has_more>
            <button class="button quiet" on:click=move |_| count.update(|count| *count += PAGE)>{t::show_more(lang)}</button>
        </Show>
    }
}

/// A row is drawn anew when anything that it shows has changed.
fn key(row: &Row) -> String {
    let content = serde_json::to_string(&row.shown.content).unwrap_or_default();
    format!("{}{}{:?}{:?}{content}", row.shown.id, row.shown.rev, row.shown.place, row.state)
}

#[component]
fn Item(row: Row) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let id = row.shown.id;
    let gathering = row.gathering.clone();
    let name = {
        let gathering = gathering.clone();
        Memo::new(move |_| phone.name_of(&gathering, &phone.series()))
    };
    let count = gathering.heads.as_ref().map(|heads| heads.participants);
    let count_text = move || match count {
        None => t::cancelled(lang).to_owned(),
        Some(1) => t::one_participant(lang).to_owned(),
        Some(count) => t::participants_count(lang, count),
    };
    let delete = move |_| {
        spawn_local(async move {
            let said = t::deleted(lang).to_owned();
            if let Err(reason) = phone.save(vec![(id, Kind::Gathering, Body::Deleted)], said).await {
                phone.storage_problem.set(Some(reason.0));
            }
        });
    };
    let may_change = row.shown.mine || phone.is_reviewer();
    view! {
        <li>
            <p class="head"><strong>{name}</strong>" "<span>{move || short_day(lang, gathering.date)}</span></p>
            <p>{count_text}</p>
            <Badge row=row.clone() />
            {may_change.then(|| view! {
                <p class="row">
                    <Link href=format!("/app/kerta/{id}") class="button quiet">
                        {t::edit(lang)}<span class="visually-hidden">" "{name}</span>
                    </Link>
                    <button class="button quiet" on:click=delete>
                        {t::delete(lang)}<span class="visually-hidden">" "{name}</span>
                    </button>
                </p>
            })}
        </li>
    }
}
