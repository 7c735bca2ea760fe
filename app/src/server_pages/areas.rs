//! Which municipality a coordinator of several looks at, and the page of whoever coordinates an area that has no figures yet.

use domain::{Area, Lang, codes::Municipality};
use leptos::prelude::*;

use super::document::{Document, Files};
use crate::texts::{common, coordinator as t, invites};

/// The municipalities to choose from, by their names; nothing where there is no choice. `year` is kept, where one is shown.
#[component]
pub fn ChooseMunicipality(
    lang: Lang,
    choices: Vec<Municipality>,
    #[prop(into)] current: Option<Municipality>,
    #[prop(into)] year: Option<i16>,
) -> impl IntoView {
    if choices.len() < 2 && current.is_some() {
        return ().into_any();
    }
    let mut choices = choices;
    choices.sort_by_key(|one| one.name(lang));
    let year = year.map(|year| format!("&vuosi={year}")).unwrap_or_default();
    let links = choices
        .into_iter()
        .map(|one| {
            let href = format!("/kunta?kunta={}{year}", one.code());
            let is_current = (Some(one) == current).then_some("page");
            view! { <li><a href=href aria-current=is_current>{one.name(lang)}</a></li> }
        })
        .collect_view();
    view! { <nav class="pick" aria-label=t::choose_municipality(lang)><ul>{links}</ul></nav> }.into_any()
}

/// What a coordinator of a county or of the nation can do today.
#[component]
pub fn AreasPage(lang: Lang, files: Files, areas: Vec<Area>, choices: Vec<Municipality>) -> impl IntoView {
    let names: Vec<&str> = areas.iter().map(|area| area.name(lang)).collect();
    let title = t::areas_title(lang, names.join(", "));
    let municipalities = (!choices.is_empty()).then(|| {
        view! {
            <section aria-labelledby="municipalities">
                <h2 id="municipalities">{t::areas_municipalities(lang)}</h2>
                <p>{t::areas_municipalities_lead(lang)}</p>
                <ChooseMunicipality lang choices current=None year=None />
            </section>
        }
    });
    view! {
        <Document lang files title=title.clone() here="/kunta".to_owned()>
            <h1>{title}</h1>
            <p class="lead">{t::areas_lead(lang)}</p>
            <p>{t::areas_now(lang)}</p>
            <p class="row"><a class="button" href="/kunta/yhdistykset">{invites::link(lang)}</a></p>
            {municipalities}
            <footer>
                <form method="post" action="/kirjaudu/ulos"><button class="button quiet">{common::sign_out(lang)}</button></form>
            </footer>
        </Document>
    }
}
