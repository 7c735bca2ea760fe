//! "Oma vuoteni": what one volunteer recorded in a year, as a picture and three figures, to be shared. It names no
//! group and no place, so a shared picture tells nothing about other people.

use domain::{Month, turn::ending_year};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    format::{hours, number},
    phone::{
        base::{
            phone::{Phone, phone},
            records::Row,
            share::{as_address, share},
            widgets::{Show, YearSteps},
        },
        forms::people::PeopleQuestions,
    },
    texts::{common, my_year as t},
};

const WIDTH: u32 = 1080;
const HEIGHT: u32 = 720;

/// What one volunteer recorded in a month, or in a year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums {
    gatherings: u32,
    visits: u64,
    quarter_hours: u64,
}

#[component]
pub fn MyYearPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let today = phone.clock.today.get_untracked();
    // In January people look back.
    let year = RwSignal::new(ending_year(today).unwrap_or(today.year()));
    let months = Memo::new(move |_| months_of(phone, year.get()));
    let total = Memo::new(move |_| months.with(together));
    let picture = Memo::new(move |_| months.with(|months| picture(&months.map(|sums| sums.visits))));
    let told = move |name: String, sums: &Sums| {
        t::told(
            lang,
            name,
            number(lang, sums.gatherings.into()),
            number(lang, sums.visits),
            hours(lang, sums.quarter_hours),
        )
    };
    // What the browser cannot share is offered as a file.
    let give = move |text: String, with_picture: bool| {
        let svg = picture.get_untracked();
        spawn_local(async move {
            let shared = with_picture.then(|| (svg.clone(), WIDTH, HEIGHT));
            if !share(t::my_year(lang).to_owned(), text.clone(), shared).await {
                let (name, content) = if with_picture { ("hytevihko.svg", svg) } else { ("hytevihko.txt", text) };
                phone.act(move |actions| actions.download(name, &content));
            }
        });
    };
    let row = move |(at, sums): (usize, Sums)| {
        let month = Month::new(year.get_untracked(), at as u8 + 1)?;
        let name = format!("{} {}", common::month_name(lang, month), month.year());
        let text = told(name.clone(), &sums);
        let label = name.clone();
        Some(view! {
            <li>
                <p><strong>{common::month_name(lang, month)}</strong></p>
                <p>{t::figures(lang, number(lang, sums.gatherings.into()), number(lang, sums.visits), hours(lang, sums.quarter_hours))}</p>
                <p class="row"><button class="button quiet" on:click=move |_| give(text.clone(), false)>
                    {t::share(lang)}<span class="visually-hidden">" "{label}</span>
                </button></p>
            </li>
        })
    };
    let figure = move |name: &'static str, value: fn(&Sums) -> u64, quarters: bool| {
        let text = move || {
            let value = total.with(value);
            if quarters { hours(lang, value) } else { number(lang, value) }
        };
        view! { <div><dt>{name}</dt><dd>{text}</dd></div> }
    };
    view! {
        <h1 tabindex="-1">{t::my_year(lang)}" "{move || year.get()}</h1>
        <YearSteps year />
        <Show when=move || total.with(|sums| sums.gatherings > 0) fallback=move || view! { <p class="empty">{t::nothing(lang)}</p> }>
            <img class="my-year-picture" width=WIDTH height=HEIGHT alt=t::picture(lang) src=move || picture.with(|svg| as_address(svg)) />
            <dl class="figures">
                {figure(common::gatherings(lang), |sums| sums.gatherings.into(), false)}
                {figure(t::met(lang), |sums| sums.visits, false)}
                {figure(common::volunteer_hours(lang), |sums| sums.quarter_hours, true)}
            </dl>
            <p>{t::of_what(lang)}</p>
            <p class="row"><button class="button big" on:click=move |_| give(total.with_untracked(|sums| told(year.get_untracked().to_string(), sums)), true)>
                {t::share_year(lang)}
            </button></p>
        </Show>
        <PeopleQuestions year />
        <Show when=move || total.with(|sums| sums.gatherings > 0)>
            <h2>{t::by_month(lang)}</h2>
            <ul class="list">{move || {
                let months = months.get().into_iter().enumerate();
                months.filter(|(_, sums)| sums.gatherings > 0).rev().filter_map(row).collect_view()
            }}</ul>
        </Show>
    }
}

/// What this user has recorded in a year, by month.
fn months_of(phone: Phone, year: i16) -> [Sums; 12] {
    let mut months = [Sums::default(); 12];
    // What says something of somebody's health or life is in no picture: shared, a month of one group is its headcount.
    let is_shared = |row: &&Row| row.shown.mine && !row.gathering.is_sensitive() && row.gathering.date.year() == year;
    for row in phone.records.gatherings().iter().filter(is_shared) {
        let (Some(heads), Some(sums)) = (&row.gathering.heads, months.get_mut(row.gathering.date.month() as usize - 1))
        else {
            continue;
        };
        sums.gatherings += 1;
        sums.visits += u64::from(heads.participants);
        sums.quarter_hours += u64::from(heads.volunteer_quarter_hours);
    }
    months
}

fn together(months: &[Sums; 12]) -> Sums {
    let mut total = Sums::default();
    for sums in months {
        total.gatherings += sums.gatherings;
        total.visits += sums.visits;
        total.quarter_hours += sums.quarter_hours;
    }
    total
}

/// A row of twelve trees, in the colours of the year: the crown's area follows the visits of the month. No words: what it says
/// stands beside it.
fn picture(visits: &[u64; 12]) -> String {
    /// January to December.
    const CROWNS: [&str; 12] = [
        "#9fb8c4", "#b3c7cf", "#a9c29a", "#8fbf74", "#5fa55a", "#3f8f4f", "#2f7d47", "#4c8a3c", "#d9a441", "#d07a2d",
        "#a65a2e", "#8c7f86",
    ];
    const CROWN_MAX: u64 = 78;
    const CROWN_MIN: u64 = 14;
    let most = visits.iter().copied().max().unwrap_or(0).max(1);
    let mut trees = String::new();
    for (at, (count, crown)) in visits.iter().zip(CROWNS).enumerate() {
        // Two rows, so that neighbours have room for their crowns.
        let (x, foot) = (90 + (at as u64 % 6) * 180, if at < 6 { 340 } else { 640 });
        if *count == 0 {
            trees +=
                &format!(r##"<path d="M{x} {foot}v-26" stroke="#7a5c44" stroke-width="6" stroke-linecap="round"/>"##);
            continue;
        }
        // In whole numbers, per mille of the widest: the browser's side has no writer of fractions, which weighs a tenth of a screen.
        let radius = CROWN_MIN + (CROWN_MAX - CROWN_MIN) * (count * 1_000_000 / most).isqrt() / 1_000;
        let middle = foot - 70 - radius;
        let (light_x, light_y, light) = (x - radius * 3 / 10, middle - radius * 3 / 10, radius * 9 / 20);
        trees += &format!(
            r##"<path d="M{x} {foot}V{middle}" stroke="#7a5c44" stroke-width="12" stroke-linecap="round"/><circle cx="{x}" cy="{middle}" r="{radius}" fill="{crown}"/><circle cx="{light_x}" cy="{light_y}" r="{light}" fill="#fff" opacity=".16"/>"##
        );
    }
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"><path fill="#fbeccf" d="M0 0h{WIDTH}v{HEIGHT}H0z"/><circle cx="930" cy="110" r="64" fill="#f4c361"/><path fill="#e3d9ac" d="M0 340q270-36 540 0t540 0v110H0z"/><path fill="#cfc48f" d="M0 640q270-30 540 0t540 0v80H0z"/>{trees}</svg>"##
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_has_a_tree_a_month_and_no_words() {
        let svg = picture(&[0, 4, 16, 0, 0, 0, 0, 0, 0, 0, 0, 64]);
        assert_eq!(svg.matches("#7a5c44").count(), 12);
        assert_eq!(svg.matches(r#"opacity=".16""#).count(), 3);
        assert!(!svg.contains("<text"));
        // A crown of four times the visits is about twice as wide.
        assert!(svg.contains(r#"r="78""#) && svg.contains(r#"r="46""#) && svg.contains(r#"r="30""#), "{svg}");
    }
}
