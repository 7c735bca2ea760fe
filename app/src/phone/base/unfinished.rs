//! The way back to an unfinished form: on Home, and in the form of the same group.

use domain::date;
use leptos::prelude::*;

use super::{address::Link, draft::Draft, phone::phone};
use crate::{format::short_day, texts::volunteer as t};

/// The way back to an unfinished form.
#[component]
pub fn Unfinished(draft: Draft) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let own = draft.series().and_then(|id| phone.records.one_series(id));
    let name = own.map_or_else(|| t::other_gathering(lang).to_owned(), |series| series.name);
    let of = |field: &str| draft.content.get(field);
    let mut day = of("date").and_then(|day| date::parse(day.as_str()?)).map(|day| short_day(lang, day));
    if let (Some(day), Some(count)) = (&mut day, of("participants").and_then(|count| count.as_u64())) {
        *day = format!("{day} ({count})");
    }
    let text = t::draft_continue(lang, name, day.unwrap_or_default());
    view! { <Link href=format!("/app/kesken/{}", draft.id) class="button">{text}</Link> }
}
