//! The board on a narrow screen: a card for each group, with the same content.

use domain::{
    Date, Month, RecordId,
    board::{Cell, Row as BoardRow},
    report::range::Days,
    review::BulkApproval,
};
use leptos::prelude::*;

use super::{cell, model::Model};
use crate::{
    phone::{
        association::{
            gathering::{Gatherings, MissingDays},
            slices::one_by_one,
        },
        base::{
            phone::phone,
            widgets::{Folded, focus},
        },
    },
    texts::{association as t, board as b, common},
};

#[component]
pub fn List(model: Model) -> impl IntoView {
    let groups = one_by_one(model.groups(), |group| *group);
    let is_year = Memo::new(move |_| model.is_year.get());
    move || {
        let is_year = is_year.get();
        let card = move |group: Option<RecordId>| match is_year {
            true => view! { <GroupsYear group model /> }.into_any(),
            false => view! { <GroupsMonth group model /> }.into_any(),
        };
        view! {
            <div class="month-grid"><For each=move || groups.get() key=|group| *group let:group>{card(group)}</For></div>
        }
    }
}

/// One group's month: missing days, gatherings, and one button that approves what is on the screen. A gathering is not drawn anew, with
/// its open question, before something of it has changed.
#[component]
fn GroupsMonth(group: Option<RecordId>, model: Model) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let row = model.row(group);
    let of_row = move |read: fn(&BoardRow) -> Vec<Date>| row.with(|row| row.as_ref().map(read)).unwrap_or_default();
    let missing = Memo::new(move |_| of_row(|row| row.missing().collect()));
    let ids = Memo::new(move |_| {
        let newest_first = |row: &BoardRow| {
            let mut ids: Vec<RecordId> = row.entries().map(|entry| entry.listed.gathering).collect();
            ids.reverse();
            ids
        };
        row.with(|row| row.as_ref().map(newest_first)).unwrap_or_default()
    });
    let bulk = Memo::new(move |_| row.with(|row| row.as_ref().map_or(BulkApproval::Nothing, BoardRow::bulk)));
    let button = move || {
        let to_approve = match bulk.get() {
            BulkApproval::Nothing => return None,
            BulkApproval::Done => Vec::new(),
            BulkApproval::Approve(gatherings) => gatherings,
        };
        let is_done = to_approve.is_empty();
        let text = match to_approve.len() {
            0 => t::approved_all(lang).to_owned(),
            count => t::approve_month(lang, count),
        };
        Some(view! {
            <button class="button" disabled=is_done on:click=move |_| model.approve(to_approve.clone())>
                {text}<span class="visually-hidden">" "{move || model.name(group)}</span>
            </button>
        })
    };
    view! {
        <section class="card">
            <h2>{move || model.name(group)}</h2>
            <MissingDays group days=missing />
            <Gatherings rows=Signal::derive(move || model.gatherings(&ids.get())) unsettled=model.unsettled ask=model.ask />
            {button}
        </section>
    }
}

/// One group's year: the months that have something, each of which opens.
#[component]
fn GroupsYear(group: Option<RecordId>, model: Model) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let row = model.row(group);
    let columns = model.columns();
    let open = RwSignal::new(false);
    let whole = move || {
        let sum = |row: &BoardRow| {
            let mut whole = Cell::default();
            for cell in &row.cells {
                whole.entries.extend(&cell.entries);
                whole.missing.extend(&cell.missing);
            }
            cell::month_line(lang, &whole)
        };
        row.with(|row| row.as_ref().map(sum)).unwrap_or_default()
    };
    let months = move || {
        let row = row.get();
        let cells = row.into_iter().flat_map(|row| row.cells).zip(columns.get());
        let has_something = |(cell, _): &(Cell, _)| !cell.entries.is_empty() || !cell.missing.is_empty();
        let line = move |(cell, span): (Cell, Days)| {
            let month = Month::of(span.first);
            let open = move |_| {
                model.open_month(month);
                focus("main h1");
            };
            view! {
                <li>
                    <p>{cell::month_line(lang, &cell)}</p>
                    <button class="button quiet" on:click=open>
                        {common::month_name(lang, month)}<span class="visually-hidden">" "{model.name(group)}</span>
                    </button>
                </li>
            }
        };
        cells.filter(has_something).map(line).collect_view()
    };
    let months = StoredValue::new(months);
    view! {
        <section class="card">
            <h2>{move || model.name(group)}</h2>
            <p>{whole}</p>
            <Folded summary=b::view_year(lang) open>
                <ul class="list">{move || months.with_value(|months| months())}</ul>
            </Folded>
        </section>
    }
}
