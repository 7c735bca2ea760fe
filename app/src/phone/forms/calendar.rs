//! Choosing the day: "Tänään", "Eilen" or "Muu päivä", which opens a calendar made of plain buttons.

use std::time::Duration;

use domain::{Date, Month, bounds::LAST_YEAR, date};
use leptos::prelude::*;

use crate::{
    format::day,
    phone::{
        base::{
            phone::phone,
            widgets::{Pressed, Show},
        },
        forms::editing::described,
    },
    texts::{common, volunteer as t},
};

/// How long a second tap may come after the first.
const DOUBLE_TAP: Duration = Duration::from_millis(500);

/// As far as a calendar goes that goes ahead.
const LAST_DAY: Date = Date::constant(LAST_YEAR, 12, 31);

#[component]
pub fn DayChoice(value: RwSignal<Date>) -> impl IntoView {
    let phone = phone();
    let (lang, today) = (phone.lang.get_untracked(), phone.clock.today);
    let yesterday = move || date::plus_days(today.get(), -1);
    let open = RwSignal::new(false);
    let choose = move |chosen: Date| {
        value.set(chosen);
        // The second tap of a trembling finger is still on the day, and not on what comes into its place.
        let close = move || {
            let _ = open.try_set(false);
        };
        set_timeout(close, DOUBLE_TAP);
    };
    let pressed = |on: bool| if on { "true" } else { "false" };
    let is_other = move || value.get() != today.get() && value.get() != yesterday();
    view! {
        <fieldset id="date" tabindex="-1" aria-describedby=described("date")>
            <legend>{t::date(lang)}</legend>
            <div class="calendar-days">
                <Pressed
                    label=t::today_button(lang)
                    is_it=Signal::derive(move || value.get() == today.get())
                    press=Callback::new(move |()| choose(today.get_untracked()))
                />
                <Pressed
                    label=t::yesterday_button(lang)
                    is_it=Signal::derive(move || value.get() == yesterday())
                    press=Callback::new(move |()| choose(untrack(yesterday)))
                />
                <button type="button" class="chip" aria-pressed=move || pressed(is_other()) aria-expanded=move || pressed(open.get())
                    on:click=move |_| open.update(|open| *open = !*open)>
                    {move || if is_other() { day(lang, value.get()) } else { t::other_day(lang).to_owned() }}
                </button>
            </div>
            <Show when=move || open.get()><Calendar value choose=Callback::new(choose) /></Show>
        </fieldset>
    }
}

/// A day that may lie ahead, such as the first or the last of a break.
#[component]
pub fn AnyDay(label: &'static str, value: RwSignal<Date>, chosen: Callback<()>) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let open = RwSignal::new(false);
    let choose = Callback::new(move |day: Date| {
        open.set(false);
        value.set(day);
        chosen.run(());
    });
    view! {
        <button type="button" class="chip" aria-expanded=move || open.get().to_string() on:click=move |_| open.update(|open| *open = !*open)>
            {label}" "{move || day(lang, value.get())}
        </button>
        <Show when=move || open.get()><Calendar value choose ahead=true /></Show>
    }
}

#[component]
fn Calendar(value: RwSignal<Date>, choose: Callback<Date>, #[prop(optional)] ahead: bool) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let month = RwSignal::new(Month::of(value.get_untracked()));
    // Tomorrow, which a phone with a fast clock takes for today, is allowed and not offered.
    let last = move || if ahead { LAST_DAY } else { phone.clock.today.get() };
    let days = move || {
        let first = month.get().first_day();
        let blanks = (0..date::weekday(first)).map(|_| view! { <span></span> }.into_any());
        let count = date::day_number(month.get().last_day()) - date::day_number(first) + 1;
        let buttons = (0..count).map(|offset| {
            let this = date::plus_days(first, offset);
            let label = day(lang, this);
            let current = (this == value.get()).then_some("date");
            view! {
                <button type="button" aria-label=label aria-current=current disabled={move || this > last()}
                    on:click=move |_| choose.run(this)>{this.day()}</button>
            }
            .into_any()
        });
        blanks.chain(buttons).collect_view()
    };
    let whole = NodeRef::<leptos::html::Div>::new();
    // It opens below the finger, and often below the Save bar.
    Effect::new(move |_| {
        if let Some(whole) = whole.get() {
            request_animation_frame(move || whole.scroll_into_view_with_bool(false));
        }
    });
    let step = move |months: i32| month.update(|month| *month = month.plus(months));
    view! {
        <div class="calendar-box" node_ref=whole>
            <div class="row">
                <button type="button" class="button quiet" aria-label=t::earlier_month(lang) on:click=move |_| step(-1)>"‹"</button>
                <strong aria-live="polite">{move || format!("{} {}", common::month_name(lang, month.get()), month.get().year())}</strong>
                <button type="button" class="button quiet" aria-label=t::later_month(lang)
                    disabled={move || month.get() >= Month::of(last())} on:click=move |_| step(1)>"›"</button>
            </div>
            <div class="calendar">
                {move || (0..7).map(|day| view! { <span aria-hidden="true">{common::weekday_short(lang, day)}</span> }).collect_view()}
                {days}
            </div>
        </div>
    }
}
