//! The report as files: spreadsheets, which the server makes of the same records, and the annual report's paragraph as a document in each
//! language, which needs no network.

use std::sync::Arc;

use domain::{
    Lang, date,
    report::{
        packs::Pack,
        range::Range,
        words::{self, InWords},
        written,
    },
};
use leptos::prelude::*;

use super::work::Done;
use crate::{phone::base::phone::phone, texts::association as t};

/// The shown pack as a spreadsheet, and all packs as one.
#[component]
pub fn Spreadsheets(range: RwSignal<Range>, pack: RwSignal<Pack>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let address = move |pack: Option<Pack>| {
        let home = phone.identity.association.get()?;
        let [first, last] = [range.get().first(), range.get().last()].map(date::iso);
        let pack = pack.map(|pack| format!("&pack={}", pack.code())).unwrap_or_default();
        Some(format!("/api/v1/report.xlsx?association={home}&from={first}&to={last}{pack}"))
    };
    view! {
        <p class="row">
            <a class="button" href=move || address(Some(pack.get())) rel="external" download="">
                {move || t::spreadsheet(lang, words::pack(lang, pack.get()))}
            </a>
            <a class="button quiet" href=move || address(None) rel="external" download="">{t::spreadsheet_of_all(lang)}</a>
        </p>
    }
}

/// The annual report as a document, in each language that there is. Nothing of another pack.
#[component]
pub fn Documents(done: RwSignal<Option<Arc<Done>>>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let download = move |done: &Done, of: Lang| {
        let name = untrack(|| phone.identity.association_name()).unwrap_or_default();
        let in_words = InWords { lang: of, series: &done.series };
        let today = phone.clock.today.get_untracked();
        let title = words::pack(of, done.pack);
        let text = written::document(&in_words, &name, title, done.range, today, (&done.sentences, &done.figures));
        let file = format!("hytevihko-{}-{}.html", done.range, of.tag());
        phone.act(move |actions| actions.download(&file, &text));
    };
    let buttons = move |done: Arc<Done>| {
        let button = move |of: Lang| {
            let done = done.clone();
            view! {
                <button class="button quiet" on:click=move |_| download(&done, of)>{t::document(lang, of.own_name())}</button>
            }
        };
        view! { <p class="row">{Lang::offered().map(button).collect_view()}</p> }
    };
    move || done.get().filter(|done| !done.sentences.is_empty()).map(buttons)
}
