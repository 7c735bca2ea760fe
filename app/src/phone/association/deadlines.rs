//! By when the association's funders want its figures: kept in its record, and spoken of on top of its room for thirty days before.

use domain::{
    Date, Lang, Problem, bounds, content,
    deadline::{self, Deadline, near, to_approve},
    personal,
};
use leptos::prelude::*;

use super::own;
use crate::{
    format::{day, short_day},
    phone::{
        base::{
            phone::{Phone, phone},
            widgets::{Pressed, Show, focus},
        },
        forms::calendar::AnyDay,
    },
    texts::{groups, periods as t, problems, volunteer as v},
};

/// The days that most funders choose.
const USUAL: [(u8, u8); 3] = [(1, 31), (2, 28), (3, 31)];

fn list(phone: Phone) -> Vec<Deadline> {
    phone.records.own_association().map(|association| association.deadlines).unwrap_or_default()
}

/// A line for each deadline of the next thirty days.
#[component]
pub fn Reminders() -> AnyView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let lines = Memo::new(move |_| {
        let rows = phone.records.gatherings();
        let line = |(deadline, due): (Deadline, Date)| {
            let what = format!("{} {}", deadline.funder, short_day(lang, due));
            match to_approve(due, rows.iter().map(|row| (row.gathering.date, row.state))) {
                0 => t::remind_ready(lang, what),
                count => t::remind(lang, what, count),
            }
        };
        near(&list(phone), phone.clock.today.get()).into_iter().map(line).collect::<Vec<_>>()
    });
    (move || lines.get().into_iter().map(|line| view! { <p class="notice">{line}</p> }).collect_view()).into_any()
}

/// The list of deadlines, to be added to and taken from.
#[component]
pub fn Deadlines() -> AnyView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let today = phone.clock.today;
    let funder = RwSignal::new(String::new());
    let chosen = RwSignal::new(usual_day(today.get_untracked(), USUAL[1]));
    let wrong = RwSignal::new(None::<Problem>);
    let what = move |one: &Deadline| format!("{} {}", one.funder, day(lang, one.next(today.get_untracked())));
    let save = move |list: Vec<Deadline>, said: String| {
        own::save(phone, "deadlines", deadline::value(&list), said);
    };
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name = funder.get_untracked().trim().to_owned();
        let problem =
            content::line(bounds::FUNDER_MAX_CHARS)(&name.as_str().into()).err().or_else(|| personal::find(&name));
        wrong.set(problem);
        if problem.is_some() {
            return focus("#deadline-funder");
        }
        let one = Deadline::on(name, chosen.get_untracked());
        let mut all = untrack(|| list(phone));
        let said = t::deadline_added(lang, what(&one));
        all.push(one);
        save(all, said);
        funder.set(String::new());
    };
    let remove = move |one: &Deadline| {
        let mut all = untrack(|| list(phone));
        all.retain(|other| other != one);
        save(all, t::deadline_removed(lang, what(one)));
    };
    let row = move |one: Deadline| {
        let text = what(&one);
        let label = text.clone();
        view! {
            <li>
                <span>{text}</span>" "
                <button type="button" class="button quiet" on:click=move |_| remove(&one)>{v::delete(lang)}<span class="visually-hidden">" "{label}</span></button>
            </li>
        }
    };
    let usual = move |of: (u8, u8)| {
        let of = usual_day(today.get_untracked(), of);
        view! { <Pressed label=day(lang, of) is_it=Signal::derive(move || chosen.get() == of) press=Callback::new(move |()| chosen.set(of)) /> }
    };
    let has_room = move || list(phone).len() < bounds::DEADLINES_MAX;
    view! {
        <section class="card">
            <h2>{t::deadlines(lang)}</h2>
            <p class="hint">{t::deadlines_help(lang)}</p>
            <ul class="list">{move || list(phone).into_iter().map(row).collect_view()}</ul>
            <Show when=has_room>
                <form novalidate on:submit=add>
                    <label class="field">
                        <span>{groups::funder(lang)}</span>
                        <input id="deadline-funder" autocomplete="off" aria-invalid=move || wrong.get().map(|_| "true") aria-describedby=move || wrong.get().map(|_| "deadline-problem")
                            prop:value=move || funder.get() on:input=move |event| funder.set(event_target_value(&event)) />
                    </label>
                    {move || wrong.get().map(|problem| view! { <p class="error" id="deadline-problem">{what_is_wrong(lang, problem)}</p> })}
                    <div class="chips">
                        {USUAL.map(usual)}
                        <AnyDay label=t::other_day(lang) value=chosen chosen=Callback::new(|()| ()) />
                    </div>
                    <button class="button">{t::add_deadline(lang)}</button>
                </form>
            </Show>
        </section>
    }
    .into_any()
}

fn usual_day(today: Date, (month, day): (u8, u8)) -> Date {
    Deadline { funder: String::new(), month, day }.next(today)
}

fn what_is_wrong(lang: Lang, problem: Problem) -> String {
    problems::what(lang, domain::FieldError { field: "deadlines", problem })
}
