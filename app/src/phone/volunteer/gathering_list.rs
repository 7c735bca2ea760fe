//! The list of gatherings, each with its status in words; edit, delete, undo.

use std::collections::HashSet;

use domain::{Date, Gathering, Kind, RecordId, date, permission::may_change_others};
use leptos::prelude::*;
use sync::{local::Body, view::Delivery};

use crate::{
    format::short_day,
    phone::base::{
        address::Link,
        draft::{About, Draft, KEPT_DAYS},
        keep::{drafts, keep, throw_away},
        phone::{Phone, phone},
        place::Badge,
        records::Row,
        widgets::{NextFrame, OneTap, Show, after_paint},
        words::{count_text, key},
    },
    texts::{my_year::my_year, volunteer as t},
};

/// Gatherings in the first frame: they fill the screen of a phone.
const AT_ONCE: usize = 4;
/// And in the next one.
const FIRST: usize = 12;
/// And added by each "Näytä lisää".
const MORE: usize = 30;

#[component]
pub fn GatheringsPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    view! {
        <h1 tabindex="-1">{t::my_gatherings(lang)}</h1>
        <p><Link href="/app/vuoteni" class="button quiet">{my_year(lang)}</Link></p>
        <Show when=move || phone.records.loaded.get() && phone.records.gatherings().is_empty()>
            <p class="empty">{t::no_gatherings(lang)}</p>
        </Show>
        <GatheringList />
        <NextFrame><DeletedList /></NextFrame>
    }
}

/// Whether this user may change a gathering: their own, or another's where the association has said so.
pub fn may_change(phone: Phone, row: &Row) -> bool {
    let others = || phone.records.own_association().is_some_and(|association| association.volunteers_change_others);
    let role = phone.identity.role();
    row.shown.mine || role.is_some_and(|role| may_change_others(role, Kind::Gathering, others()))
}

/// Latest first; before them what was saved just now, whatever its day.
#[component]
pub fn GatheringList() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let count = RwSignal::new(AT_ONCE);
    after_paint(move || {
        let _ = count.try_set(FIRST);
    });
    let settles = OneTap::new();
    let saved = StoredValue::new(just_saved(phone));
    let is_saved = move |row: &Row| saved.with_value(|saved| saved.contains(&row.shown.id));
    let page = move || {
        let all = phone.records.gatherings();
        let saved = all.iter().filter(|row| is_saved(row));
        let others = all.iter().filter(|row| !is_saved(row));
        saved.chain(others).take(count.get()).cloned().collect::<Vec<_>>()
    };
    let has_more = move || count.get() >= FIRST && phone.records.gatherings().len() > count.get();
    view! {
        <ul class="list">
            <For each=page key=key let:row><Item is_saved=is_saved(&row) row settles /></For>
        </ul>
        <Show when=has_more>
            <button class="button quiet" on:click=move |_| count.update(|count| *count += MORE)>{t::show_more(lang)}</button>
        </Show>
    }
}

/// The gatherings whose saving can still be taken back.
fn just_saved(phone: Phone) -> Vec<RecordId> {
    let changes = phone.undo.get_untracked().map(|undo| undo.changes).unwrap_or_default();
    let is_of = |row: &&Row| matches!(row.shown.delivery, Delivery::Waiting { change } if changes.contains(&change));
    untrack(|| phone.records.gatherings()).iter().filter(is_of).map(|row| row.shown.id).collect()
}

/// What is kept of deleted gatherings, with the day and the gathering that it was.
fn deleted_drafts(phone: Phone) -> Vec<(Date, RecordId, Draft)> {
    let deleted = drafts(phone).into_iter().filter_map(|draft| match draft.about {
        About::Deleted { was, on } => Some((on, was, draft)),
        _ => None,
    });
    deleted.collect()
}

/// "Poistetut": what was deleted on this phone, to be brought back.
#[component]
fn DeletedList() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let deleted = Memo::new(move |_| {
        let there: HashSet<RecordId> = phone.records.gatherings().iter().map(|row| row.shown.id).collect();
        let kept = deleted_drafts(phone).into_iter();
        // Taken back by "Kumoa", it is there.
        let mut kept: Vec<_> =
            kept.filter(|(_, was, draft)| !there.contains(was) && !there.contains(&draft.id)).collect();
        kept.sort_by_key(|(on, ..)| std::cmp::Reverse(*on));
        kept
    });
    Effect::new(move |_| {
        let oldest = date::plus_days(phone.clock.today.get(), -KEPT_DAYS);
        for (_, _, draft) in deleted.get().into_iter().filter(|(on, ..)| *on < oldest) {
            throw_away(phone, draft.id);
        }
    });
    let item = move |draft: Draft| {
        let gathering = Gathering::parse(&draft.content, Date::MAX).ok()?;
        let name = phone.name_of(&gathering);
        let day = short_day(lang, gathering.date);
        let count = count_text(lang, &gathering);
        let which = format!("{name} {day}");
        let said = t::restored_what(lang, &name, &day);
        let bring_back = {
            let draft = draft.clone();
            move |_| {
                let (draft, said) = (draft.clone(), said.clone());
                let edit = (draft.id, Kind::Gathering, Body::Content(draft.content.clone()));
                phone.run(async move {
                    phone.save(vec![edit], said).await?;
                    // Saving threw it away; taken back by "Kumoa", the gathering is among the deleted again.
                    keep(phone, &draft);
                    Ok(())
                });
            }
        };
        Some(view! {
            <li>
                <p><strong>{name.clone()}</strong>" "<span>{day}</span></p>
                <p>{count}</p>
                <p class="row"><button class="button quiet" on:click=bring_back>
                    {t::bring_back(lang)}<span class="visually-hidden">" "{which}</span>
                </button></p>
            </li>
        })
    };
    view! {
        <Show when=move || !deleted.with(Vec::is_empty)>
            <details>
                <summary>{move || t::deleted_list(lang, deleted.with(Vec::len))}</summary>
                <p class="hint">{t::deleted_help(lang)}</p>
                <ul class="list">{move || deleted.get().into_iter().filter_map(|(.., draft)| item(draft)).collect_view()}</ul>
            </details>
        </Show>
    }
}

#[component]
fn Item(row: Row, is_saved: bool, settles: OneTap) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let id = row.shown.id;
    let gathering = row.gathering.clone();
    let name = {
        let gathering = gathering.clone();
        Memo::new(move |_| phone.name_of(&gathering))
    };
    let count = count_text(lang, &gathering);
    let (content, association) = (row.shown.content.clone(), row.shown.association);
    let delete = move |_| {
        // The next row comes under the finger: a second tap would be meant for this one.
        if !settles.takes() {
            return;
        }
        let said = t::deleted_what(lang, name.get_untracked(), short_day(lang, gathering.date));
        let about = About::Deleted { was: id, on: phone.clock.today.get_untracked() };
        // It would come back as another gathering: a deletion is final for the one that it names.
        let before = deleted_drafts(phone).into_iter().find(|(_, was, _)| *was == id).map(|(.., draft)| draft.id);
        let kept_as = before.unwrap_or_else(|| phone.ask(|services| services.new_id()));
        keep(phone, &Draft { id: kept_as, content: content.clone(), about, association: Some(association) });
        phone.run(settles.until(phone.save(vec![(id, Kind::Gathering, Body::Deleted)], said)));
    };
    let day = short_day(lang, gathering.date);
    let which = day.clone();
    let may_change = may_change(phone, &row);
    view! {
        <li class=is_saved.then_some("gatherings-saved")>
            <p><strong>{name}</strong>" "<span>{day.clone()}</span></p>
            <p>{count}</p>
            <Badge row=row.clone() />
            {may_change.then(|| view! {
                <p class="row">
                    <Link href=format!("/app/kerta/{id}") class="button quiet">
                        {t::edit(lang)}<span class="visually-hidden">" "{name}" "{day}</span>
                    </Link>
                    <button class="button quiet" on:click=delete>
                        {t::delete(lang)}<span class="visually-hidden">" "{name}" "{which}</span>
                    </button>
                </p>
            })}
        </li>
    }
}
