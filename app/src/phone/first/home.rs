//! Home: the group in turn, the other groups, what waits to be sent, and what the association returned.

use domain::{Date, RecordId, Series, date, review::ReviewState};
use leptos::prelude::*;
use sync::{engine::Phase, view::Delivery};

use crate::{
    format::{clock, short_day},
    phone::base::{
        address::Link,
        draft::Draft,
        keep::{drafts, let_go},
        part::{Lazy, MemoryNotice, Wanted, main_part},
        phone::phone,
        place::Badge,
        records::Row,
        turn::next_to_record,
        unfinished::Unfinished,
        widgets::{Show, SkeletonBars},
    },
    texts::{common, volunteer as t},
};

#[component]
pub fn HomePage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let series = Memo::new(move |_| phone.records.series_in_use());
    let in_turn = Memo::new(move |_| next_to_record(phone));
    let others = move || {
        let first = in_turn.get().map(|(id, _)| id);
        series.get().into_iter().filter(|(id, _)| Some(*id) != first).collect::<Vec<_>>()
    };
    // Until everything has arrived for the first time nothing stands that would jump when the next page does.
    let waits = Memo::new(move |waited: Option<&bool>| {
        let still_coming = waited == Some(&true) && matches!(phone.records.phase.get(), Phase::Pulling { .. });
        still_coming || !phone.records.has_received()
    });
    let part = main_part();
    let whole = move || {
        part.fetch_later();
        view! {
            <CameBack />
            <Drafts />
            {move || in_turn.get().map(|(id, day)| {
                let name = series.get().into_iter().find(|(other, _)| *other == id).map(|(_, s)| (s.name, s.start));
                let (name, start) = name.unwrap_or_default();
                let when = when_text(day, start);
                view! {
                    <Link href=format!("/app/kirjaa/{id}") class="card primary">
                        <strong>{name}</strong>
                        <span>{when}</span>
                        <span class="home-go">{t::record_gathering(lang)}</span>
                    </Link>
                }
            })}
            <section aria-labelledby="groups">
                <h2 id="groups">{t::groups(lang)}</h2>
                {move || series.with(Vec::is_empty).then(|| view! { <p class="empty">{t::no_groups(lang)}</p> })}
                <ul class="home-cards">
                    <For each=others key=|(id, series)| (*id, series.name.clone()) let:item>
                        <SeriesCard id=item.0 series=item.1 />
                    </For>
                    <li>
                        <Link href="/app/kirjaa/muu" class="card">
                            <strong>{t::other_gathering(lang)}</strong>
                            <span>{t::other_gathering_hint(lang)}</span>
                        </Link>
                    </li>
                </ul>
            </section>
            <Lazy wanted=|| Wanted::BelowGroups />
            {move || phone.status.memory.get().filter(|memory| memory.is_calm()).map(|memory| view! { <MemoryNotice memory /> })}
            <Show when=move || phone.status.ready_without_network.get() && phone.records.has_received()>
                <p class="small">{t::ready_without_network(lang)}</p>
            </Show>
        }
    };
    view! {
        <h1 tabindex="-1" class="visually-hidden">{t::home(lang)}</h1>
        {move || if waits.get() {
            view! {
                <SkeletonBars />
                <p class="small">{t::fetching_groups(lang)}</p>
                <p><Link href="/app/kirjaa/muu" class="button quiet">{t::other_gathering(lang)}</Link></p>
            }.into_any()
        } else {
            whole().into_any()
        }}
    }
}

#[component]
fn SeriesCard(id: RecordId, series: Series) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let when = series.weekday.map(|weekday| {
        let start = series.start;
        move || {
            let time = start.map(|start| format!(" {}", t::at_time(lang, clock(lang, start)))).unwrap_or_default();
            format!("{}{time}", common::weekday_name(lang, weekday))
        }
    });
    view! {
        <li>
            <Link href=format!("/app/kirjaa/{id}") class="card">
                <strong>{series.name.clone()}</strong>
                <span>{when}</span>
            </Link>
        </li>
    }
}

/// Returned and refused gatherings, and counts that the association changed: they come first.
#[component]
fn CameBack() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let rows = move || {
        let all = phone.records.gatherings();
        let came_back = |row: &&Row| {
            let refused = matches!(row.shown.delivery, Delivery::Refused { .. });
            let asked = row.state == ReviewState::Returned && row.shown.mine;
            refused || asked || row.shown.count_changed.is_some()
        };
        all.iter().filter(came_back).cloned().collect::<Vec<_>>()
    };
    let item = move |row: Row| {
        let name = phone.name_of(&row.gathering);
        let id = row.shown.id;
        let day = short_day(lang, row.gathering.date);
        let changed = row.shown.count_changed.map(|(was, is)| {
            view! {
                <p>{t::count_changed(lang, was, is)}</p>
                <button class="button quiet" on:click=move |_| phone.act(move |actions| actions.seen(id))>{t::seen(lang)}</button>
            }
        });
        let asked = row.state == ReviewState::Returned || matches!(row.shown.delivery, Delivery::Refused { .. });
        view! {
            <li class="notice ask">
                <p><strong>{name}" "{day}</strong></p>
                {changed}
                {asked.then(|| view! {
                    <Badge row=row.clone() />
                    <Link href=format!("/app/kerta/{id}") class="button">{t::edit(lang)}</Link>
                })}
            </li>
        }
    };
    move || {
        let rows = rows();
        (!rows.is_empty())
            .then(|| view! { <ul class="home-came-back">{rows.into_iter().map(item).collect_view()}</ul> })
    }
}

/// Unfinished forms: "Kesken: Maanantaikerho 14.3. – jatka".
#[component]
fn Drafts() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let draft = move |draft: Draft| {
        let id = draft.id;
        view! {
            <li class="notice">
                <Unfinished draft />
                <button class="button quiet" on:click=move |_| let_go(phone, id, t::draft_thrown(lang))>
                    {t::throw_draft(lang)}
                </button>
            </li>
        }
    };
    move || {
        let drafts: Vec<_> = drafts(phone).into_iter().filter(Draft::is_unfinished).map(draft).collect();
        (!drafts.is_empty()).then(|| view! { <ul class="home-came-back">{drafts}</ul> })
    }
}

fn when_text(day: Date, start: Option<u16>) -> impl Fn() -> String {
    let phone = phone();
    move || {
        let lang = phone.lang.get_untracked();
        let ago = date::day_number(phone.clock.today.get()) - date::day_number(day);
        let day = match ago {
            0 => t::today(lang).to_owned(),
            1 => t::yesterday(lang).to_owned(),
            _ => short_day(lang, day),
        };
        match start {
            Some(start) => format!("{day} {}", t::at_time(lang, clock(lang, start))),
            None => day,
        }
    }
}
