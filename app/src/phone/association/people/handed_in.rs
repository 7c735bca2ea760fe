//! What came from phones that may not record any more.

use domain::codes::ActivityForm;
use leptos::prelude::*;
use sync::protocol::quarantine::QuarantinedRecord;

use super::model::People;
use crate::{
    format::short_day,
    phone::base::widgets::Show,
    texts::{members as t, volunteer},
};

/// What people who have left handed in: each is taken in or thrown away.
#[component]
pub fn HandedIn(people: People) -> impl IntoView {
    let phone = people.phone;
    let lang = phone.lang.get_untracked();
    let waiting = move || people.handed_in.get();
    let all = move || people.handed_in.with_untracked(|all| all.iter().map(|one| one.change).collect::<Vec<_>>());
    let one_line = move |one: QuarantinedRecord| {
        let series = one.series.and_then(|id| phone.records.one_series(id)).map(|series| series.name);
        let name = series.or_else(|| Some(ActivityForm::parse(&one.form)?.name(lang).to_owned())).unwrap_or_default();
        let day = one.day().map(|day| short_day(lang, day)).unwrap_or_default();
        let heads = match one.participants {
            Some(count) => volunteer::participants_count(lang, count),
            None => volunteer::cancelled(lang).to_owned(),
        };
        let title = format!("{day} {name}");
        let by = if one.by.is_empty() { t::nameless(lang).to_owned() } else { one.by.clone() };
        let edit = one.is_edit.then(|| format!(" · {}", t::is_edit(lang)));
        let (take, discard) = (format!("{}: {title}", t::take_in(lang)), format!("{}: {title}", t::discard(lang)));
        let change = one.change;
        view! {
            <li>
                <p><strong>{title}</strong></p>
                <p class="small">{heads}" · "{by}{edit}</p>
                <p class="row">
                    <button class="button quiet" aria-label=take disabled=people.press.asking
                        on:click=move |_| people.decide(vec![change], true)>{t::take_in(lang)}</button>
                    <button class="button quiet" aria-label=discard disabled=people.press.asking
                        on:click=move |_| people.decide(vec![change], false)>{t::discard(lang)}</button>
                </p>
            </li>
        }
    };
    view! {
        <Show when=move || people.handed_in.with(|all| !all.is_empty())>
            <section>
                <h2>{move || t::handed_in(lang, people.handed_in.with(Vec::len))}</h2>
                <p>{t::handed_in_help(lang)}</p>
                <p class="row">
                    <button class="button" disabled=people.press.asking on:click=move |_| people.decide(all(), true)>{t::take_all(lang)}</button>
                    <button class="button quiet" disabled=people.press.asking on:click=move |_| people.decide(all(), false)>{t::discard_all(lang)}</button>
                </p>
                <ul class="list">{move || waiting().into_iter().map(one_line).collect_view()}</ul>
            </section>
        </Show>
    }
}
