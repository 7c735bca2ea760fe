//! The association's figures of a range, in the shape that somebody asks for: computed from local records by the functions that the server
//! has, too, and laid out from one tidy table.

mod choice;
mod files;
mod layout;
mod paper;
mod work;

use std::{collections::BTreeMap, sync::Arc};

use choice::{RangeChoice, range_text};
use domain::report::{
    export,
    packs::Pack,
    range::Range,
    rows::{self, FileRow},
    words,
};
use files::{Documents, Spreadsheets};
use layout::Layout;
use leptos::prelude::*;
use paper::{Head, Notes, Paper, Print, Whole};
use work::{Done, follow};

use crate::{
    phone::{
        association::{
            asked::{Asking, Questions},
            import::Download,
            own_page::OwnWords,
            periods::ChangedSince,
        },
        base::{
            phone::phone,
            widgets::{Pressed, Show},
        },
    },
    texts::association as t,
};

#[component]
pub fn YearPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let year = RwSignal::new(phone.clock.today.get_untracked().year());
    let range = RwSignal::new(Range::Year(year.get_untracked()));
    let pack = RwSignal::new(Pack::Year);
    let done: RwSignal<Option<Arc<Done>>> = RwSignal::new(None);
    follow(phone, range, pack, done);
    let drawn: RwSignal<Option<Arc<Done>>> = RwSignal::new(None);
    let asking = Asking::provide();
    Effect::new(move |_| {
        drawn.track();
        asking.come_back();
    });
    let paper = Paper::new(done);
    let whole_year = Memo::new(move |_| range.get().whole_year());
    // What is asked of a year is drawn after its figures.
    let asked = Memo::new(move |_| {
        let drawn = drawn.with(|drawn| drawn.as_ref().and_then(|drawn| drawn.range.whole_year()));
        drawn.filter(|drawn| whole_year.get() == Some(*drawn))
    });
    Effect::new(move |_| {
        if let Some(asked) = asked.get() {
            year.set(asked);
        }
    });
    let title = move || match whole_year.get() {
        Some(year) => t::year_title(lang, year),
        None => range_text(lang, range.get()),
    };
    let is_empty = Memo::new(move |_| done.with(|done| done.as_ref().is_some_and(|done| !done.has_any)));
    // Every gathering of the range, whichever pack is shown.
    let download_rows = move |_| {
        let range = range.get_untracked();
        let all = untrack(|| phone.records.gatherings());
        let series: BTreeMap<_, _> = untrack(|| phone.records.series()).iter().cloned().collect();
        let mut text = export::csv(lang, [rows::header(lang).as_slice()]);
        for row in all.iter().filter(|row| range.days().contains(row.gathering.date)) {
            let name = row.gathering.series.and_then(|id| series.get(&id)).map(|series| series.name.as_str());
            let row = FileRow { id: row.shown.id, gathering: &row.gathering, series: name, state: row.state };
            export::push_row(lang, &rows::cells(lang, row), &mut text);
        }
        let name = format!("hytevihko-{range}.csv");
        phone.act(move |actions| actions.download(&name, &text));
    };
    let packs = Pack::ALL.iter().map(|of| {
        let of = *of;
        view! {
            <Pressed
                label=words::pack(lang, of)
                is_it=Signal::derive(move || pack.get() == of)
                press=Callback::new(move |()| pack.set(of))
            />
        }
    });
    view! {
        <Head paper />
        <h1 tabindex="-1">{title}</h1>
        <RangeChoice range />
        <fieldset>
            <legend>{t::pack(lang)}</legend>
            <div class="chips">{packs.collect_view()}</div>
        </fieldset>
        <ChangedSince
            first=Signal::derive(move || range.get().days().first)
            last=Signal::derive(move || range.get().days().last)
        />
        <Show when=move || pack.get() == Pack::Description><OwnWords /></Show>
        <Whole paper />
        <Show when=move || done.with(Option::is_some) fallback=move || view! { <p role="status">{t::counting(lang)}</p> }>
            <Show when=move || !is_empty.get() fallback=move || view! { <p class="empty">{t::nothing_this_year(lang)}</p> }>
                <Layout done drawn is_printed=paper.is_drawn() />
            </Show>
        </Show>
        <Notes paper />
        <Show when=move || !is_empty.get()>
            <Spreadsheets range pack />
            <Documents done />
            <Print paper />
        </Show>
        <Show when=move || whole_year.get().is_some() && drawn.with(Option::is_some) && !is_empty.get()>
            <Questions year />
        </Show>
        <p class="row"><button class="button" on:click=download_rows>{t::download_rows(lang)}</button></p>
        <Download />
    }
}
