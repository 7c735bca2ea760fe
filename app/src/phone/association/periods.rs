//! Closing a month or a year: what is open in it stands before the button, and nothing of it forbids to press it. Reports say of a closed
//! period whether its figures have changed since.

use domain::{
    Alternative, Date, Gathering, Kind, Lang, Month, RecordId,
    open::{Known, Open, days_of_series},
    period::{Changed, Closed, Closing, Period, Seen},
    review::Settlement,
    turn::ending_year,
    yearly_people::YearlyPeople,
};
use leptos::prelude::*;
use sync::local::Body;

use crate::{
    format::{hours, number, short_day},
    phone::{
        association::{deadlines::Deadlines, gathering::listed, reminding::Reminding},
        base::{
            address::Link,
            phone::{Phone, phone},
            records::Row,
            widgets::YearSteps,
        },
        forms::closed::closed,
    },
    texts::{association, gaps, periods as t},
};

/// `/app/yhdistys/jaksot`
#[component]
pub fn PeriodsPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let today = phone.clock.today;
    // In January it is the year that has ended that is closed.
    let this = today.get_untracked();
    let year = RwSignal::new(ending_year(this).unwrap_or(this.year()));
    let periods = Memo::new(move |_| {
        let months = (1..=12).rev().filter_map(|number| Month::new(year.get(), number)).map(Period::Month);
        // What goes on cannot be closed.
        let has_ended = |period: &Period| period.last_day() < today.get();
        std::iter::once(Period::Year(year.get())).chain(months).filter(has_ended).collect::<Vec<_>>()
    });
    let open = Memo::new(move |_| open_in(phone, &periods.get(), today.get()));
    let closed = Memo::new(move |_| closed(phone));
    let one = move |period: Period| {
        let open = Memo::new(move |_| open.with(|all| all.iter().find(|(of, _)| *of == period).map(|(_, open)| *open)));
        view! { <OnePeriod period closed open=Signal::derive(move || open.get().unwrap_or_default()) /> }
    };
    view! {
        <h1 tabindex="-1">{t::title(lang)}</h1>
        <p>{t::help(lang)}</p>
        <YearSteps year />
        <ChangedSince
            first=Signal::derive(move || Period::Year(year.get()).first_day())
            last=Signal::derive(move || Period::Year(year.get()).last_day())
        />
        <div class="month-grid"><For each=move || periods.get() key=|period| *period let:period>{one(period)}</For></div>
        <Deadlines />
        <Reminding />
        <p class="row">
            <Link href="/app/yhdistys" class="button quiet">{association::month_tab(lang)}</Link>
            <Link href="/app/yhdistys/kirjaamatta" class="button quiet">{gaps::title(lang)}</Link>
            <Link href="/app/vuosi" class="button quiet">{association::year_tab(lang)}</Link>
        </p>
    }
}

/// A period, what is open in it, and the button that closes it or opens it anew.
#[component]
fn OnePeriod(period: Period, closed: Memo<Closed>, open: Signal<Open>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let name = t::name(lang, period);
    let is_closed = Memo::new(move |_| closed.with(|closed| closed.get(period).is_some()));
    let title = name.clone();
    let press = move |close: bool| {
        let rows = phone.records.gatherings();
        let seen = close.then(|| Seen::of(figures(&rows), period));
        let closing = Settlement::Period(Closing { period, closed: close, seen });
        let id = phone.ask(|services| services.new_id());
        let name = t::name(lang, period);
        let said = if close { t::was_closed(lang, name) } else { t::was_opened(lang, name) };
        phone.run(phone.save(vec![(id, Kind::Settlement, Body::Content(closing.to_content()))], said));
    };
    let state = move || match is_closed.get() {
        true => view! { <p class="badge received"><span>{t::closed(lang)}</span></p> }.into_any(),
        false => view! {
            <p class="badge recorded"><span>{t::not_closed(lang)}</span></p>
            {move || open_list(lang, open.get())}
        }
        .into_any(),
    };
    let button = move || {
        let (class, text) = match is_closed.get() {
            true => ("button quiet", t::open_anew(lang, &name)),
            false => ("button", t::close(lang, &name)),
        };
        view! { <button class=class on:click=move |_| press(!is_closed.get_untracked())>{text}</button> }
    };
    view! {
        <section class="card">
            <h2>{title}</h2>
            {state}
            {button}
        </section>
    }
}

/// What is open, a line for each thing.
fn open_list(lang: Lang, open: Open) -> AnyView {
    if open.is_nothing() {
        return view! { <p>{t::nothing_open(lang)}</p> }.into_any();
    }
    let lines = [
        (open.not_sent, t::not_sent(lang, open.not_sent)),
        (open.to_approve, t::to_approve(lang, open.to_approve)),
        (open.asked, t::asked(lang, open.asked)),
        (open.missing, t::missing(lang, open.missing)),
        (open.pairs, t::pairs(lang, open.pairs)),
        (open.clashes, t::clashes(lang, open.clashes)),
        (open.people, t::people(lang, open.people)),
    ];
    let lines = lines.into_iter().filter(|(count, _)| *count > 0).map(|(_, line)| line);
    view! {
        <p>{t::still_open(lang)}</p>
        <ul>{lines.map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
    }
    .into_any()
}

fn figures(rows: &[Row]) -> impl Iterator<Item = (RecordId, &Gathering)> + Clone {
    rows.iter().map(|row| (row.shown.id, &row.gathering))
}

/// What is open in each of these periods, read from the records once for all.
fn open_in(phone: Phone, periods: &[Period], today: Date) -> Vec<(Period, Open)> {
    let rows = phone.records.gatherings();
    let gatherings: Vec<_> = rows.iter().map(|row| (listed(row), &row.gathering)).collect();
    let shown = |kind| phone.records.shown(kind).into_iter();
    let alternatives: Vec<_> = shown(Kind::Alternative)
        .filter_map(|shown| Some((shown.id, Alternative::parse(&shown.content).ok()?)))
        .collect();
    let answered: Vec<_> = shown(Kind::YearlyPeople)
        .filter_map(|shown| YearlyPeople::parse(&shown.content).ok())
        .filter(|answer| answer.distinct_people.is_some())
        .map(|answer| (answer.series, answer.year))
        .collect();
    let (series, settlements) = (phone.records.series(), phone.records.settlements());
    let known = Known {
        gatherings: &gatherings,
        days: &days_of_series(rows.iter().map(|row| (row.gathering.series, row.gathering.date))),
        series: &series,
        settlements: &settlements,
        alternatives: &alternatives,
        answered: &answered,
    };
    periods.iter().map(|period| (*period, Open::of(*period, &known, today))).collect()
}

/// In a report about the time from `first` to `last`: which closed periods say something else now, and what was said of why.
#[component]
pub fn ChangedSince(first: Signal<Date>, last: Signal<Date>) -> AnyView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let changed = Memo::new(move |_| {
        let rows = phone.records.gatherings();
        closed(phone).changed(figures(&rows), first.get(), last.get())
    });
    let said = move |seen: &Seen| {
        let count = |value: u64| number(lang, value);
        t::figures(lang, count(seen.gatherings.into()), count(seen.visits), hours(lang, seen.quarter_hours))
    };
    let one = move |Changed { period, then, now }: Changed| {
        let rows = phone.records.gatherings();
        let why = |row: &Row| {
            let reason = row.gathering.changed_because.clone().filter(|_| period.contains(row.gathering.date))?;
            let what = format!("{} {}: {reason}", short_day(lang, row.gathering.date), phone.name_of(&row.gathering));
            Some(view! { <li>{what}</li> })
        };
        view! {
            <div class="notice ask">
                <p>{t::changed(lang, t::name(lang, period), said(&then), said(&now))}</p>
                <ul>{rows.iter().filter_map(why).collect_view()}</ul>
            </div>
        }
    };
    (move || changed.get().into_iter().map(one).collect_view()).into_any()
}
