//! The part of Home below the groups: a new version, waiting changes, weeks without a record, the end of the year, and
//! the offer to install the app.

use domain::{Date, date};
use leptos::prelude::*;
use sync::{engine::Phase, outbox::EntryState};

use super::{
    address::Link, ahead::draw_ahead, context::phone, install::Install, missing::Missing, people::has_unanswered,
    show::Show,
};
use crate::{
    format::short_day,
    texts::{groups as g, my_year as y, volunteer as t},
};

/// An unsent gathering older than this is mentioned with more weight, days.
const OLD_UNSENT_DAYS: i32 = 3;

#[component]
pub fn BelowGroups() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    draw_ahead();
    let ending = Memo::new(move |_| ending_year(phone.today.get()));
    // Never in a form, nor while something is on its way.
    let is_sending = move || phone.phase.with(|phase| matches!(phase, Phase::Pushing { .. }));
    view! {
        <Show when=move || phone.new_version.get() && !is_sending()>
            <p class="notice">
                <button class="button" on:click=move |_| phone.ask(|services| services.take_new_version())>{t::new_version(lang)}</button>
            </p>
        </Show>
        <Waiting />
        <p><Link href="/app/ryhmat" class="button quiet">{g::change_groups(lang)}</Link></p>
        {move || ending.get().filter(|year| has_unanswered(phone, *year)).map(|year| view! {
            <div class="notice">
                <p>{y::year_ends(lang, year)}</p>
                <Link href="/app/vuoteni" class="button">{y::my_year(lang)}</Link>
            </div>
        })}
        <Missing />
        <Install on_home=true />
    }
}

#[component]
fn Waiting() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    move || {
        phone.outbox.with(|outbox| {
            let gatherings = outbox.entries.values().filter(|entry| entry.kind == domain::Kind::Gathering);
            let waiting: Vec<i64> =
                gatherings.filter(|entry| entry.state == EntryState::Waiting).map(|entry| entry.made_at).collect();
            let today = phone.today.get();
            let oldest = waiting.iter().min().map(|oldest| date::in_helsinki(*oldest).0);
            let is_old = oldest.is_some_and(|day| day < date::plus_days(today, -OLD_UNSENT_DAYS));
            let text = match waiting.len() {
                0 => return None,
                1 if is_old => t::old_unsent_one(lang).to_owned(),
                count if is_old => t::old_unsent(lang, count),
                1 => t::waiting_one(lang).to_owned(),
                count => t::waiting_many(lang, count),
            };
            let class = if is_old { "notice ask" } else { "notice" };
            let since = oldest
                .filter(|day| *day < today)
                .map(|day| format!(" {}", t::waiting_since(lang, short_day(lang, day))));
            Some(view! { <p class=class>{text}{since}" "<Link href="/app/lahtevat">{t::outgoing(lang)}</Link></p> })
        })
    }
}

/// The year about which is asked: in December the one that ends, in January the one that has ended.
pub fn ending_year(today: Date) -> Option<i16> {
    match today.month() {
        12 => Some(today.year()),
        1 => Some(today.year() - 1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_asked_about_the_year_that_ends_or_has_just_ended() {
        let asked = |month| ending_year(Date::constant(2026, month, 15));
        assert_eq!([11, 12, 1, 2].map(asked), [None, Some(2026), Some(2025), None]);
    }
}
