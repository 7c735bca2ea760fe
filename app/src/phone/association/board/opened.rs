//! What a cell of the grid opens: its gatherings, and the days that lack one.

use domain::{RecordId, board::Cell};
use leptos::{ev::KeyboardEvent, prelude::*};

use super::{cell::days, model::Model};
use crate::{
    phone::{
        association::gathering::{Gatherings, MissingDays},
        base::{
            phone::phone,
            widgets::{Show, after_paint, focus},
        },
    },
    texts::board as b,
};

/// Where the focus goes when the cell opens.
pub const HEADING: &str = "#board-open h2";

#[component]
pub fn Opened(model: Model, group: Option<RecordId>, column: usize, close: Callback<()>) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let row = model.row(group);
    let cell = Memo::new(move |_| {
        row.with(|row| row.as_ref().and_then(|row| row.cells.get(column).cloned())).unwrap_or_default()
    });
    let span = model.board.with_untracked(|board| board.columns.get(column).copied());
    let title = move || format!("{} {}", model.name(group), span.map(|span| days(lang, span)).unwrap_or_default());
    let ids = Memo::new(move |_| cell.with(ids));
    let missing = Memo::new(move |_| cell.with(|cell| cell.missing.clone()));
    let rows = Memo::new(move |_| model.gatherings(&ids.get()));
    // What was pressed may go with what it did: the focus then stays here, and does not begin at the top of the page.
    let acted = StoredValue::new(false);
    Effect::new(move |before: Option<()>| {
        rows.track();
        if before.is_some() && acted.get_value() {
            acted.set_value(false);
            after_paint(|| {
                if document().active_element().is_none_or(|active| active.tag_name() == "BODY") {
                    focus(HEADING);
                }
            });
        }
    });
    let pressed = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            close.run(());
        }
    };
    view! {
        <section class="card" id="board-open" on:keydown=pressed on:click=move |_| acted.set_value(true)>
            <h2 tabindex="-1">{title}</h2>
            <Show when=move || ids.with(Vec::is_empty)><p>{b::nothing_here(lang)}</p></Show>
            <MissingDays group days=missing />
            <Gatherings rows unsettled=model.unsettled ask=model.ask />
            <p><button class="button quiet" on:click=move |_| close.run(())>{b::close(lang)}</button></p>
        </section>
    }
}

pub fn ids(cell: &Cell) -> Vec<RecordId> {
    cell.entries.iter().map(|entry| entry.listed.gathering).collect()
}
