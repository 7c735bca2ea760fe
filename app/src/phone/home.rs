//! Home: the group in turn, the other groups, what waits to be sent, and what the association returned.

use domain::{Date, RecordId, Series, date, review::ReviewState};
use leptos::prelude::*;
use sync::{engine::Phase, view::Place};

use super::{
    address::Link,
    context::{Phone, Row, phone},
    draft::{Draft, drafts, let_go},
    record::last_usual_day,
    screens::{Later, MemoryNotice, SecondFile},
    show::{Bones, Show},
    status::Badge,
};
use crate::{
    format::{clock, short_day},
    texts::{common, volunteer as t},
};

#[component]
pub fn HomePage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let series = Memo::new(move |_| phone.series_in_use());
    let in_turn = Memo::new(move |_| next_to_record(phone));
    let others = move || {
        let first = in_turn.get().map(|(id, _)| id);
        series.get().into_iter().filter(|(id, _)| Some(*id) != first).collect::<Vec<_>>()
    };
    // Until everything has arrived for the first time nothing stands that would jump when the next page does.
    let waits = Memo::new(move |waited: Option<&bool>| {
        let still_coming = waited == Some(&true) && matches!(phone.phase.get(), Phase::Pulling { .. });
        still_coming || !phone.has_received()
    });
    let whole = move || {
        SecondFile::fetch_later();
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
                        <span class="go">{t::record_gathering(lang)}</span>
                    </Link>
                }
            })}
            <section aria-labelledby="groups">
                <h2 id="groups">{t::groups(lang)}</h2>
                {move || series.with(Vec::is_empty).then(|| view! { <p class="empty">{t::no_groups(lang)}</p> })}
                <ul class="cards">
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
            <Later draw=|screens| (screens.below_groups)() />
            {move || phone.memory.get().filter(|memory| memory.is_calm()).map(|memory| view! { <MemoryNotice memory /> })}
            <Show when=move || phone.ready_without_network.get() && phone.has_received()>
                <p class="small">{t::ready_without_network(lang)}</p>
            </Show>
        }
    };
    view! {
        <h1 tabindex="-1" class="visually-hidden">{t::home(lang)}</h1>
        {move || if waits.get() {
            view! {
                <Bones />
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
        let all = phone.gatherings();
        let came_back = |row: &&Row| {
            let refused = matches!(row.shown.place, Place::Refused { .. });
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
                <button class="button quiet" on:click=move |_| phone.act(|actions| actions.seen(id))>{t::seen(lang)}</button>
            }
        });
        let asked = row.state == ReviewState::Returned || matches!(row.shown.place, Place::Refused { .. });
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
        (!rows.is_empty()).then(|| view! { <ul class="came-back">{rows.into_iter().map(item).collect_view()}</ul> })
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
        (!drafts.is_empty()).then(|| view! { <ul class="came-back">{drafts}</ul> })
    }
}

/// The way back to an unfinished form.
#[component]
pub fn Unfinished(draft: Draft) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let own = draft.series().and_then(|id| phone.one_series(id));
    let name = own.map_or_else(|| t::other_gathering(lang).to_owned(), |series| series.name);
    let of = |field: &str| draft.content.get(field);
    let mut day = of("date").and_then(|day| date::parse(day.as_str()?)).map(|day| short_day(lang, day));
    if let (Some(day), Some(count)) = (&mut day, of("participants").and_then(|count| count.as_u64())) {
        *day = format!("{day} ({count})");
    }
    let text = t::draft_continue(lang, name, day.unwrap_or_default());
    view! { <Link href=format!("/app/kesken/{}", draft.id) class="button">{text}</Link> }
}

fn when_text(day: Date, start: Option<u16>) -> impl Fn() -> String {
    let phone = phone();
    move || {
        let lang = phone.lang.get_untracked();
        let ago = date::day_number(phone.today.get()) - date::day_number(day);
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

/// The series in turn, with its day. What has been recorded is not asked for again.
pub fn next_to_record(phone: Phone) -> Option<(RecordId, Date)> {
    let rows = phone.gatherings();
    let is_open = |id, day| !rows.iter().any(|row| row.gathering.series == Some(id) && row.gathering.date >= day);
    in_turn(&phone.series_in_use(), phone.today.get(), phone.minutes.get(), is_open)
}

/// The series whose usual time is now or last passed, of those that are open for that day.
pub fn in_turn(
    series: &[(RecordId, Series)],
    today: Date,
    now: u16,
    is_open: impl Fn(RecordId, Date) -> bool,
) -> Option<(RecordId, Date)> {
    let last = |series: &Series| {
        let weekday = series.weekday?;
        let start = series.start.unwrap_or(0);
        let day = last_usual_day(weekday, today);
        // An hour early is in time: people record while the coffee is being made.
        let day = if day == today && now + 60 < start { date::plus_days(day, -7) } else { day };
        Some((day, start))
    };
    let all = series.iter().filter_map(|(id, series)| last(series).map(|at| (at, *id)));
    all.filter(|((day, _), id)| is_open(*id, *day)).max().map(|((day, _), id)| (id, day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn series(weekday: u8, start: &str) -> Series {
        let content = json!({"name": "x", "form": "kerho", "municipality": "005", "weekday": weekday, "start": start});
        Series::parse(content.as_object().expect("object")).expect("valid")
    }

    #[test]
    fn the_series_in_turn_is_the_one_whose_time_is_now_or_last_passed() {
        let id = |n| RecordId::from_bytes([n; 16]);
        let all = [(id(1), series(0, "13:00")), (id(2), series(5, "18:00"))];
        let saturday = Date::constant(2026, 11, 21);
        let any = |_, _| true;
        assert_eq!(in_turn(&all, saturday, 12 * 60, any), Some((id(1), Date::constant(2026, 11, 16))));
        assert_eq!(in_turn(&all, saturday, 17 * 60 + 30, any), Some((id(2), saturday)));
        let unrecorded = |other, _| other != id(2);
        assert_eq!(in_turn(&all, saturday, 17 * 60 + 30, unrecorded), Some((id(1), Date::constant(2026, 11, 16))));
        assert_eq!(in_turn(&all, saturday, 17 * 60 + 30, |_, _| false), None);
    }
}
