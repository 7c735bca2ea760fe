//! What a cell of the board says, in words and with a mark: never by a colour alone.

use domain::{
    Lang,
    board::{Cell, Entry, Standing},
    date,
    report::range::Days,
};
use leptos::prelude::*;

use crate::{
    format::{number, short_day},
    texts::{association as t, board as b, common, volunteer},
};

/// Of more gatherings than these only the sum is told.
const LISTED_MAX: usize = 2;

/// What has to be done about a month or a cell, the first thing first.
pub const TO_DO: [Standing; 6] =
    [Standing::Clash, Standing::Twice, Standing::Missing, Standing::Asked, Standing::Recorded, Standing::WaitsHere];

/// The class of a standing's mark, and its words.
fn mark(lang: Lang, standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Clash => ("badge refused", b::two_versions(lang)),
        Standing::Twice => ("badge refused", t::same_gathering(lang)),
        Standing::Missing => ("badge missing", b::not_recorded(lang)),
        Standing::Asked => ("badge returned", t::state_returned(lang)),
        Standing::Recorded => ("badge recorded", b::to_approve(lang)),
        Standing::WaitsHere => ("badge waiting", t::state_on_this_device(lang)),
        Standing::Approved | Standing::Cancelled => ("badge received", t::state_approved(lang)),
        Standing::Break => ("small", b::on_break(lang)),
        Standing::Coming => ("small", b::to_come(lang)),
        Standing::Nothing => ("small", b::nothing(lang)),
    }
}

pub fn standing_text(lang: Lang, standing: Standing) -> &'static str {
    mark(lang, standing).1
}

pub fn standing_class(lang: Lang, standing: Standing) -> &'static str {
    mark(lang, standing).0
}

/// `9.–15.11.`, or the one day.
pub fn days(lang: Lang, span: Days) -> String {
    if span.first == span.last {
        return short_day(lang, span.first);
    }
    let month = domain::Month::of(span.last);
    b::days(lang, span.first.day(), span.last.day(), month.number(), common::month_short(lang, month))
}

/// A week's cell.
pub fn of_week(lang: Lang, cell: &Cell) -> AnyView {
    let standing = cell.standing();
    let entry = |entry: &Entry| {
        let heads =
            entry.heads.map_or_else(|| volunteer::cancelled(lang).to_owned(), |heads| number(lang, heads.into()));
        view! { <span><span class="small">{short_day(lang, entry.day)}</span>" "<strong>{heads}</strong></span> }
    };
    let lines = match cell.entries.len() {
        0 => {
            let days = [&cell.missing, &cell.on_break, &cell.coming];
            let listed = days.into_iter().flatten().map(|day| short_day(lang, *day)).collect::<Vec<_>>().join(", ");
            (!listed.is_empty()).then(|| view! { <span class="small">{listed}</span> }).into_any()
        }
        1..=LISTED_MAX => cell.entries.iter().map(entry).collect_view().into_any(),
        count => view! { <strong>{b::several(lang, count, number(lang, cell.visits()))}</strong> }.into_any(),
    };
    let state = match standing {
        Standing::Nothing => {
            view! { <span aria-hidden="true">"–"</span><span class="visually-hidden">{b::nothing(lang)}</span> }
                .into_any()
        }
        standing => {
            view! { <span class=standing_class(lang, standing)><span>{standing_text(lang, standing)}</span></span> }
                .into_any()
        }
    };
    view! { {lines}{state} }.into_any()
}

/// A month's cell in the year: how many were held, and how many of what has to be done. The marks' words are spoken, and stand under
/// the table.
pub fn of_month(lang: Lang, cell: &Cell) -> AnyView {
    let mark = |standing: Standing, count: Option<usize>| {
        view! {
            <span class=standing_class(lang, standing)>
                <span class="visually-hidden">{standing_text(lang, standing)}" "</span><span>{count}</span>
            </span>
        }
    };
    let to_do = TO_DO.map(|standing| (standing, cell.count(standing)));
    let marks = to_do.into_iter().filter(|(_, count)| *count > 0);
    let marks: Vec<_> = marks.map(|(standing, count)| mark(standing, Some(count)).into_any()).collect();
    let held = match (cell.held(), cell.standing()) {
        (0, Standing::Nothing | Standing::Break | Standing::Coming) => {
            return view! { <span aria-hidden="true">"–"</span><span class="visually-hidden">{b::nothing(lang)}</span> }.into_any();
        }
        (held, _) => held,
    };
    let is_done =
        matches!(cell.standing(), Standing::Approved | Standing::Cancelled | Standing::Break | Standing::Coming);
    view! {
        <strong>{held}<span class="visually-hidden">" "{common::gatherings(lang)}</span></strong>
        {if is_done && marks.is_empty() { mark(Standing::Approved, None).into_any() } else { marks.collect_view().into_any() }}
    }
    .into_any()
}

/// The same in words: `kertoja 4, kirjaamatta 1`.
pub fn month_line(lang: Lang, cell: &Cell) -> String {
    let mut parts = vec![b::value(lang, common::gatherings(lang), cell.held())];
    if cell.visits() > 0 {
        parts.push(b::value(lang, common::visits(lang), number(lang, cell.visits())));
    }
    for standing in TO_DO {
        let count = cell.count(standing);
        if count > 0 {
            parts.push(b::value(lang, standing_text(lang, standing).trim_end_matches('?'), count));
        }
    }
    parts.join(", ")
}

/// The week's number and its days, over a column.
pub fn week_head(lang: Lang, span: Days) -> impl IntoView + use<> {
    view! { <span class="small">{b::week(lang, date::week_number(span.first))}</span><br />{days(lang, span)} }
}
