//! The report on paper, as a funder is handed it: whose it is, of which days and for whom, the whole as a table, and at its end what the
//! figures mean. It is drawn when somebody prints, so that the screen does not wait for it.

use std::sync::Arc;

use domain::report::{
    key::Table,
    measure::Measure,
    tidy::{Figure, Span, Words},
    words::{self, InWords},
    written::with_cover,
};
use leptos::prelude::*;

use super::{choice::days_text, layout::cover, work::Done};
use crate::{
    format::day,
    phone::base::{phone::phone, widgets::after_paint},
    texts::{association as t, common},
};

/// What is printed, and how.
#[derive(Clone, Copy)]
pub struct Paper {
    done: RwSignal<Option<Arc<Done>>>,
    is_drawn: RwSignal<bool>,
    is_large: RwSignal<bool>,
}

impl Paper {
    pub fn new(done: RwSignal<Option<Arc<Done>>>) -> Paper {
        let paper = Paper { done, is_drawn: RwSignal::new(false), is_large: RwSignal::new(false) };
        // Also from the browser's own menu.
        let printed = window_event_listener_untyped("beforeprint", move |_| paper.is_drawn.set(true));
        on_cleanup(move || printed.remove());
        paper
    }

    /// Whether somebody has printed, or is about to.
    pub fn is_drawn(self) -> RwSignal<bool> {
        self.is_drawn
    }

    fn shown(self) -> Option<Arc<Done>> {
        self.is_drawn.get().then(|| self.done.get()).flatten()
    }
}

/// How to print, and the button.
#[component]
pub fn Print(paper: Paper) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let print = move |_| {
        paper.is_drawn.set(true);
        after_paint(|| {
            let _ = window().print();
        });
    };
    view! {
        <fieldset>
            <legend>{t::on_paper(lang)}</legend>
            <label class="check">
                <input type="checkbox" prop:checked=move || paper.is_large.get()
                    on:change=move |event| paper.is_large.set(event_target_checked(&event)) />
                <span>{t::large_print(lang)}</span>
            </label>
            <p class="row"><button class="button quiet" on:click=print>{common::print(lang)}</button></p>
        </fieldset>
    }
}

/// Above everything: the association, for whom, the days, and the day of printing.
#[component]
pub fn Head(paper: Paper) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let association = move || phone.identity.association_name();
    let drawn = move |done: Arc<Done>| {
        view! {
            <div class="report-paper report-head" class:report-large=move || paper.is_large.get()>
                <p><strong>{association}</strong></p>
                <p>{words::pack(lang, done.pack)}</p>
                <p>{days_text(lang, done.range.first(), done.range.last())}</p>
                <p>{move || t::printed(lang, day(lang, phone.clock.today.get()))}</p>
            </div>
        }
    };
    move || paper.shown().map(drawn)
}

/// In place of the screen's list: each figure of the whole, with what it covers.
#[component]
pub fn Whole(paper: Paper) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let drawn = move |done: Arc<Done>| {
        let in_words = InWords { lang, series: &done.series };
        let is_whole = |figure: &&Figure| figure.table == Table::Whole && figure.span == Span::Whole;
        let row = |figure: &Figure| {
            view! {
                <tr>
                    <th scope="row">{words::name(lang, figure.measure)}</th>
                    <td>{with_cover(&in_words, figure)}</td>
                    <td>{cover(lang, figure)}</td>
                </tr>
            }
        };
        let rows: Vec<_> = done.figures.iter().filter(is_whole).map(row).collect();
        let columns = [in_words.column("measure"), in_words.column("value"), t::all_figures(lang).to_owned()];
        (!rows.is_empty()).then(|| {
            view! {
                <table class="report-paper report-whole">
                    <thead><tr>{columns.map(|name| view! { <th scope="col">{name}</th> }).into_iter().collect_view()}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            }
        })
    };
    move || paper.shown().map(drawn)
}

/// At the end: what each measure means, and where that comes from.
#[component]
pub fn Notes(paper: Paper) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let drawn = move |done: Arc<Done>| {
        let is_there = |measure: &&Measure| done.figures.iter().any(|figure| figure.measure == **measure);
        let note = |measure: &Measure| {
            let (name, definition) = (words::name(lang, *measure), words::definition(lang, *measure));
            view! { <p><strong>{name}":"</strong>" "{definition}</p> }
        };
        let notes = Measure::ALL.iter().filter(is_there).map(note).collect_view();
        view! {
            <section class="report-paper report-notes">
                <h2>{t::notes_title(lang)}</h2>
                {notes}
            </section>
        }
    };
    move || paper.shown().map(drawn)
}
