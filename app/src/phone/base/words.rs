//! The names and descriptions of records, in words that several rooms use.

use domain::{Content, Gathering, Kind, Lang, RecordId, codes::ActivityForm, date, gathering::CountBasis};
use leptos::prelude::*;
use sync::view::Delivery;

use super::{phone::Phone, records::Row};
use crate::{
    format::{hours, short_day},
    texts::{common, my_year::people_of_year, problems, volunteer as t},
};

pub fn count_text(lang: Lang, gathering: &Gathering) -> String {
    match &gathering.heads {
        None => t::cancelled(lang).to_owned(),
        Some(heads) => participants_text(lang, heads.participants),
    }
}

/// `Osallistujia 14 · vapaaehtoisia 2 · 4,5 h`, without what is not known.
pub fn numbers_text(lang: Lang, participants: Option<u32>, volunteers: Option<u32>, quarters: Option<u32>) -> String {
    let people = participants.map(|count| participants_text(lang, count));
    let helpers = volunteers.map(|count| format!("{} {count}", t::volunteers(lang).to_lowercase()));
    let hours = quarters.map(|quarters| format!("{}\u{a0}h", hours(lang, quarters.into())));
    [people, helpers, hours].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

pub fn participants_text(lang: Lang, count: u32) -> String {
    t::participants_count(lang, count)
}

pub fn basis_name(lang: Lang, basis: CountBasis) -> &'static str {
    match basis {
        CountBasis::Counted => t::basis_counted(lang),
        CountBasis::Sample => t::basis_sample(lang),
        CountBasis::Estimated => t::basis_estimated(lang),
    }
}

/// What a change is about, for whoever made it.
pub fn change_name(phone: Phone, kind: Kind, content: Option<&Content>) -> String {
    let lang = phone.lang.get_untracked();
    let text = |field: &str| content.and_then(|c| c.get(field)?.as_str()).unwrap_or_default().to_owned();
    let own = RecordId::parse(&text("series")).and_then(|id| phone.records.one_series(id));
    let day = date::parse(&text("date")).map(|day| short_day(lang, day)).unwrap_or_default();
    let what = match (kind, own) {
        (Kind::Gathering, Some(series)) => series.name,
        (Kind::Gathering, None) => ActivityForm::parse(&text("form"))
            .map_or_else(|| t::other_gathering(lang).to_owned(), |form| form.name(lang).to_owned()),
        (Kind::Review, _) => common::month_tab(lang).to_owned(),
        (Kind::Series, _) => text("name"),
        (Kind::YearlyPeople, own) => {
            let year = content.and_then(|content| content.get("year")?.as_u64()).unwrap_or(0);
            // An answer about no group is about the whole association.
            let whole = || phone.records.own_association().filter(|_| text("series").is_empty()).map(|own| own.name);
            people_of_year(lang, own.map(|series| series.name).or_else(whole).unwrap_or_default(), year)
        }
        (Kind::Association, _) => t::association(lang).to_owned(),
        _ => problems::other_field(lang).to_owned(),
    };
    format!("{what} {day}")
}

/// A row is drawn anew when anything that it shows has changed. (`{:?}` writes nothing in the browser: `xtask/src/site.rs`.)
pub fn key(row: &Row) -> String {
    let content = serde_json::to_string(&row.shown.content).unwrap_or_default();
    let place = match &row.shown.delivery {
        Delivery::Waiting { change } => format!("waiting {change}"),
        Delivery::Refused { change, code, .. } => format!("refused {change} {code}"),
        Delivery::Received { at } => format!("received {}", at.unwrap_or(0)),
    };
    let (shown, state) = (&row.shown, row.state as u8);
    let by = shown.by.as_deref().unwrap_or_default();
    format!("{} {} {place} {state} {by} {} {content}", shown.id, shown.rev, row.comment.as_deref().unwrap_or_default())
}
