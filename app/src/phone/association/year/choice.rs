//! Choosing the days of a report: a year, a half, a quarter, a month, or from one day to another.

use domain::{Date, Lang, Month, Quarter, date, report::range::Range};
use leptos::prelude::*;

use crate::{
    format::day,
    phone::base::{
        phone::phone,
        widgets::{Pressed, Show, Steps},
    },
    texts::{association as t, common},
};

/// `2026`, `marraskuu 2026`, `1.1.2026 – 30.6.2026`.
pub fn range_text(lang: Lang, range: Range) -> String {
    match range {
        Range::Year(year) => year.to_string(),
        Range::Month(month) => format!("{} {}", common::month_name(lang, month), month.year()),
        _ => days_text(lang, range.first(), range.last()),
    }
}

pub fn days_text(lang: Lang, first: Date, last: Date) -> String {
    format!("{} – {}", day(lang, first), day(lang, last))
}

type Name = fn(Lang) -> &'static str;
/// The range in which a day lies.
type RangeOf = fn(Date) -> Range;

/// The kinds of range.
const KINDS: [(Name, RangeOf); 5] = [
    (t::range_year, |day| Range::Year(day.year())),
    (t::range_half, Range::half_of),
    (t::range_quarter, |day| Range::Quarter(Quarter::of(day))),
    (t::range_month, |day| Range::Month(Month::of(day))),
    (t::range_days, |day| Range::Days(Month::of(day).first_day(), day)),
];

#[component]
pub fn RangeChoice(range: RwSignal<Range>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let today = phone.clock.today;
    let is_kind = move |at: usize| {
        let same =
            |of: fn(Date) -> Range| std::mem::discriminant(&of(today.get())) == std::mem::discriminant(&range.get());
        KINDS.get(at).is_some_and(|(_, of)| same(*of))
    };
    let kinds = KINDS.iter().enumerate().map(|(at, (name, of))| {
        // What is chosen now stays in view: of a year that has passed, its last half.
        let press = move |()| {
            let within = range.get_untracked().last().min(today.get_untracked());
            range.set(of(within));
        };
        view! {
            <Pressed label=name(lang) is_it=Signal::derive(move || is_kind(at)) press=Callback::new(press) />
        }
    });
    let is_days = Memo::new(move |_| matches!(range.get(), Range::Days(..)));
    view! {
        <fieldset>
            <legend>{t::range(lang)}</legend>
            <div class="chips">{kinds.collect_view()}</div>
        </fieldset>
        <Show when=is_days fallback=move || view! {
            <Steps
                earlier=Signal::derive(move || range_text(lang, range.get().step(-1)))
                later=Signal::derive(move || range_text(lang, range.get().step(1)))
                is_last=Signal::derive(move || range.get().last() >= today.get())
                step=Callback::new(move |steps: i32| range.update(|range| *range = range.step(steps)))
            />
        }>
            <DayFields range />
        </Show>
    }
}

/// The first and the last day. What is half typed changes nothing.
#[component]
fn DayFields(range: RwSignal<Range>) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let shown = range.get_untracked();
    let first = RwSignal::new(shown.first());
    let last = RwSignal::new(shown.last());
    let wrong = Memo::new(move |_| last.get() < first.get());
    let field = move |name: &'static str, id: &'static str, value: RwSignal<Date>| {
        let typed = move |event: leptos::ev::Event| {
            let Some(day) = date::parse(&event_target_value(&event)) else { return };
            value.set(day);
            let (first, last) = (first.get_untracked(), last.get_untracked());
            if first <= last {
                range.set(Range::Days(first, last));
            }
        };
        view! {
            <label class="field" for=id>
                <span>{name}</span>
                <input type="date" id=id value=date::iso(value.get_untracked()) on:change=typed />
            </label>
        }
    };
    view! {
        <div class="row">
            {field(t::range_first(lang), "range-first", first)}
            {field(t::range_last(lang), "range-last", last)}
        </div>
        {move || wrong.get().then(|| view! { <p class="error" role="alert">{t::range_wrong(lang)}</p> })}
    }
}
