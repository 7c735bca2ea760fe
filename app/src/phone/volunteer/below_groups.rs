//! The part of Home below the groups: a new version, waiting changes, weeks without a record, the end of the year, and
//! the offer to install the app.

use domain::{date, turn::ending_year};
use leptos::prelude::*;
use sync::{engine::Phase, local::EntryState};

use crate::{
    format::short_day,
    phone::{
        base::{address::Link, phone::phone, widgets::Show},
        forms::people::has_unanswered,
        volunteer::{missing::Missing, prerender::draw_ahead},
    },
    texts::{groups as g, my_year as y, volunteer as t},
};

/// An unsent gathering older than this is mentioned with more weight, days.
const OLD_UNSENT_DAYS: i32 = 3;

/// `install` offers the app for the home screen, at the end.
pub fn below_groups(install: fn() -> AnyView) -> AnyView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    draw_ahead();
    let ending = Memo::new(move |_| ending_year(phone.clock.today.get()));
    // Never in a form, nor while something is on its way.
    let is_sending = move || phone.records.phase.with(|phase| matches!(phase, Phase::Pushing { .. }));
    view! {
        <Show when=move || phone.status.new_version.get() && !is_sending()>
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
        {install()}
    }
    .into_any()
}

#[component]
fn Waiting() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    move || {
        phone.records.outbox.with(|outbox| {
            let gatherings = outbox.entries.values().filter(|entry| entry.kind == domain::Kind::Gathering);
            let waiting: Vec<i64> =
                gatherings.filter(|entry| entry.state == EntryState::Waiting).map(|entry| entry.made_at).collect();
            let today = phone.clock.today.get();
            let oldest = waiting.iter().min().map(|oldest| date::in_helsinki(*oldest).0);
            let is_old = oldest.is_some_and(|day| day < date::plus_days(today, -OLD_UNSENT_DAYS));
            let text = match waiting.len() {
                0 => return None,
                count if is_old => t::old_unsent(lang, count),
                count => t::waiting(lang, count),
            };
            let class = if is_old { "notice ask" } else { "notice" };
            let since = oldest
                .filter(|day| *day < today)
                .map(|day| format!(" {}", t::waiting_since(lang, short_day(lang, day))));
            Some(view! { <p class=class>{text}{since}" "<Link href="/app/lahtevat">{t::outgoing(lang)}</Link></p> })
        })
    }
}
