//! Asks about weeks in which a group usually meets and nothing was recorded. One tap answers.

use domain::{Date, Kind, RecordId, Series, date, report::missing_of_group};
use leptos::prelude::*;
use sync::local::Body;

use crate::{
    format::short_day,
    phone::{
        base::{
            address::Link,
            phone::phone,
            widgets::{OneTap, Show},
        },
        forms::gathering_form::GatheringForm,
    },
    texts::groups as g,
};

/// How far back is asked, days: what is older nobody remembers.
const BACK_DAYS: i32 = 56;
/// The last round is the card's business, and not late.
const LATE_DAYS: i32 = 7;
const SHOWN_AT_FIRST: usize = 3;

/// Below the groups on Home.
#[component]
pub fn Missing() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let missing = Memo::new(move |_| {
        let rows = phone.records.gatherings();
        // Whoever has never recorded for a group is not asked about it.
        let asks = |id: RecordId| {
            phone.identity.is_reviewer() || rows.iter().any(|row| row.gathering.series == Some(id) && row.shown.mine)
        };
        let days_of = |id: RecordId| -> Vec<Date> {
            let own = rows.iter().filter(|row| row.gathering.series == Some(id));
            own.map(|row| row.gathering.date).collect()
        };
        let today = phone.clock.today.get();
        let of = |(id, series): (RecordId, Series)| {
            let days = missing_of(&series, &days_of(id), today);
            days.into_iter().map(move |day| (day, id, series.clone())).collect::<Vec<_>>()
        };
        let asked_about = phone.records.series_in_use().into_iter().filter(|(id, _)| asks(*id));
        let mut all: Vec<(Date, RecordId, Series)> = asked_about.flat_map(of).collect();
        all.sort_by_key(|(day, ..)| std::cmp::Reverse(*day));
        all
    });
    let all = RwSignal::new(false);
    let settles = OneTap::new();
    let shown = move || missing.get().into_iter().take(if all.get() { usize::MAX } else { SHOWN_AT_FIRST });
    let has_more = move || !all.get() && missing.with(Vec::len) > SHOWN_AT_FIRST;
    let item = move |(day, id, series): (Date, RecordId, Series)| {
        let name = series.name.clone();
        let when = short_day(lang, day);
        let (label, said) = (format!("{name} {when}"), g::was_not_held(lang, &name, &when));
        let which = label.clone();
        let not_held = move |_| {
            // A second tap would be the next week's.
            if !settles.takes() {
                return;
            }
            let new_id = phone.ask(|services| services.new_id());
            let home = series.municipality;
            let form = GatheringForm::new(new_id, Some((id, &series)), None, home, day);
            form.cancelled.set(true);
            let edits = vec![(new_id, Kind::Gathering, Body::Content(untrack(|| form.content())))];
            phone.run(settles.until(phone.save(edits, said.clone())));
        };
        view! {
            <li>
                <p><strong>{name}</strong>" "<span>{when}</span></p>
                <p class="row">
                    <Link href=format!("/app/kirjaa/{id}/{}", date::iso(day)) class="button quiet">{g::record(lang)}<span class="visually-hidden">" "{which}</span></Link>
                    <button class="button quiet" on:click=not_held>{g::not_held(lang)}<span class="visually-hidden">" "{label}</span></button>
                </p>
            </li>
        }
    };
    view! {
        <Show when=move || !missing.with(Vec::is_empty)>
            <section aria-labelledby="missing">
                <h2 id="missing">{g::missing_title(lang)}</h2>
                <p>{g::missing_help(lang)}</p>
                <ul class="list">{move || shown().map(item).collect_view()}</ul>
                <Show when=has_more>
                    <button class="button quiet" on:click=move |_| all.set(true)>{move || g::show_all(lang, missing.with(Vec::len))}</button>
                </Show>
            </section>
        </Show>
    }
}

/// Days from the group's first gathering on, at most [`BACK_DAYS`] back.
fn missing_of(series: &Series, recorded: &[Date], today: Date) -> Vec<Date> {
    missing_of_group(series, date::plus_days(today, -BACK_DAYS), date::plus_days(today, -LATE_DAYS), recorded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn weeks_are_asked_about_from_the_groups_beginning_until_a_week_ago() {
        let content = json!({"name": "x", "form": "kerho", "municipality": "005", "weekday": 0});
        let series = Series::parse(content.as_object().expect("object")).expect("valid");
        let day = |month, day| Date::constant(2026, month, day);
        let today = day(11, 22);
        // Held on a Tuesday, the week of 27 October is not missing.
        let recorded = [day(10, 12), day(10, 27), day(11, 9)];
        assert_eq!(missing_of(&series, &recorded, today), [day(10, 19), day(11, 2)]);
        assert_eq!(missing_of(&series, &[], today), []);
        let old = missing_of(&series, &[day(1, 5)], today);
        assert_eq!(old.first(), Some(&day(9, 28)));
        assert_eq!(old.last(), Some(&day(11, 9)));
    }
}
