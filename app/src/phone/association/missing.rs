//! Weeks without a record, settled in bulk: held with these heads, not held, or the group was on a break. One save, and one undo.
//!
//! It needs no network: the weeks come from the local records, and the answers are gatherings and breaks like any others.

use std::collections::BTreeMap;

use domain::{
    Content, Date, FieldError, Kind, Lang, Month, Problem, RecordId, Series,
    content::overlay,
    date,
    report::missing_of_group,
    series::{Break, breaks_value, join_breaks},
    turn::ending_year,
};
use leptos::prelude::*;
use serde_json::{Value, json};
use sync::local::Body;

use crate::{
    format::{hours, short_day},
    phone::{
        base::{
            address::Link,
            draft::{About, Draft},
            keep::drafts,
            phone::{Phone, phone},
            records::Row,
            widgets::{Chip, Pressed, Show, YearSteps, focus},
        },
        forms::{
            counter::{read_hours, read_whole},
            editing::{Editing, GoesOn, SaveBar, ToMend, once_loaded},
            gathering_form::GatheringForm,
        },
    },
    texts::{association, common, gaps as t, paper, problems, volunteer as v},
};

/// A week without a record: its group, and the day on which it would have met.
type Gap = (RecordId, Date);
type Edit = (RecordId, Kind, Body);

/// What is said of a week, as it was typed.
#[derive(Clone, Debug, PartialEq)]
enum Answer {
    /// Participants, volunteers and hours.
    Held([String; 3]),
    NotHeld,
    OnBreak,
}

/// The fields of a held gathering, in the order of [`Answer::Held`].
const FIELDS: [&str; 3] = ["participants", "volunteers", "volunteer_quarter_hours"];
/// Under this name the answers are in their draft.
const ANSWERS: &str = "weeks";

type Answers = BTreeMap<Gap, Answer>;

/// A group and its weeks without a record.
#[derive(Clone, PartialEq)]
struct Group {
    id: RecordId,
    series: Series,
    days: Vec<Date>,
}

/// How many gatherings wait for approval and how many weeks are not recorded, each with the way there. Nothing where nothing is open.
pub fn still_open(lang: Lang, waiting: u32, missing: u32) -> Option<AnyView> {
    (waiting + missing > 0).then(|| {
        view! {
            <div class="notice">
                {(waiting > 0).then(|| view! { <p>{association::cover_waiting(lang, waiting)}</p> })}
                {(missing > 0).then(|| view! { <p>{association::cover_missing(lang, missing)}</p> })}
                <p class="row">
                    {(waiting > 0).then(|| view! {
                        <Link href="/app/yhdistys" class="button quiet">{association::to_waiting(lang)}</Link>
                    })}
                    {(missing > 0).then(|| view! {
                        <Link href="/app/yhdistys/kirjaamatta" class="button quiet">{t::title(lang)}</Link>
                    })}
                </p>
            </div>
        }
        .into_any()
    })
}

/// `/app/yhdistys/kirjaamatta`
#[component]
pub fn MissingPage() -> impl IntoView {
    once_loaded(|anew| view! { <MissingForm anew /> }.into_any())
}

#[component]
fn MissingForm(anew: RwSignal<()>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let begun = untrack(|| drafts(phone)).into_iter().find(|draft| draft.content.contains_key(ANSWERS));
    let goes_on = begun.is_some();
    let draft_id = begun.as_ref().map_or_else(|| phone.ask(|services| services.new_id()), |draft| draft.id);
    let answers = RwSignal::new(begun.map(|draft| read_answers(&draft.content)).unwrap_or_default());
    let errors = RwSignal::new(BTreeMap::<Gap, FieldError>::new());
    let association = phone.identity.association.get_untracked();
    let editing = Editing::new(
        draft_id,
        RwSignal::new(Vec::new()),
        move || Draft { id: draft_id, content: answers.with(write_answers), about: About::Paper, association },
        Vec::new,
    );
    let today = phone.clock.today;
    // In January it is the year that has ended that is settled.
    let this = today.get_untracked();
    let year = RwSignal::new(ending_year(this).unwrap_or(this.year()));
    let month = RwSignal::new(None::<u8>);
    let of_year = Memo::new(move |_| missing_in(phone, year.get(), date::plus_days(today.get(), -1)));
    let in_months = Memo::new(move |_| {
        let has = |number: &u8| of_year.with(|groups| groups.iter().any(|group| !in_month(group, *number).is_empty()));
        (1..=12).filter(has).collect::<Vec<u8>>()
    });
    let groups = Memo::new(move |_| {
        let mut groups = of_year.get();
        if let Some(number) = month.get() {
            groups.iter_mut().for_each(|group| group.days = in_month(group, number));
        }
        groups.retain(|group| !group.days.is_empty());
        groups
    });
    Effect::new(move |_| {
        if month.get().is_some_and(|number| !in_months.with(|months| months.contains(&number))) {
            month.set(None);
        }
    });
    // Those of another year that was looked at are saved with them.
    let open = Memo::new(move |_| answers.with(|answers| still_missing(phone, answers)));
    let filled = move || open.with(BTreeMap::len);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match untrack(|| edits(phone, &open.get())) {
            Ok(edits) if edits.is_empty() => {}
            Ok(edits) => editing.save(edits, t::settled(lang, untrack(filled)), "/app/yhdistys"),
            Err(wrong) => {
                month.set(None);
                wrong.keys().take(1).for_each(|(_, day)| year.set(day.year()));
                errors.set(wrong);
                focus("#errors");
            }
        }
    };
    let tab = move |number: u8| {
        let label = Month::new(year.get(), number).map(|month| common::month_name(lang, month)).unwrap_or_default();
        view! { <Chip label value=month of=Some(number) /> }
    };
    let group = move |id: RecordId| view! { <GroupWeeks id groups answers errors /> };
    let ids = move || groups.with(|groups| groups.iter().map(|group| group.id).collect::<Vec<_>>());
    view! {
        <h1 tabindex="-1">{t::title(lang)}</h1>
        <YearSteps year />
        <div class="chips">
            <Chip label=t::whole_year(lang) value=month of=None />
            {move || in_months.get().into_iter().map(tab).collect_view()}
        </div>
        <form class="edit-form" novalidate on:submit=save>
            <p>{t::help(lang)}</p>
            <ToMend line=problems::line>
                {move || errors.with(|errors| !errors.is_empty()).then(|| view! {
                    <p class="notice ask" role="alert">{paper::mend_lines(lang)}</p>
                })}
            </ToMend>
            {goes_on.then(|| view! { <GoesOn text=v::goes_on(lang) is_new=true anew /> })}
            <Show when=move || groups.with(Vec::is_empty)><p class="empty">{t::nothing(lang)}</p></Show>
            <For each=ids key=|id| *id let:id>{group(id)}</For>
            <SaveBar label=Signal::derive(move || t::save_all(lang, filled())) disabled=Signal::derive(move || filled() == 0) />
        </form>
    }
}

fn in_month(group: &Group, number: u8) -> Vec<Date> {
    group.days.iter().filter(|day| day.month() as u8 == number).copied().collect()
}

/// The weeks of a year until `last` of which nothing is known, by group.
fn missing_in(phone: Phone, year: i16, last: Date) -> Vec<Group> {
    let (Ok(first), Ok(end)) = (Date::new(year, 1, 1), Date::new(year, 12, 31)) else { return Vec::new() };
    let rows = phone.records.gatherings();
    let all = phone.records.series();
    let groups = all.iter().map(|(id, series)| {
        let days = missing_of_group(series, first, end.min(last), &recorded(&rows, *id));
        Group { id: *id, series: series.clone(), days }
    });
    groups.filter(|group| !group.days.is_empty()).collect()
}

/// The answers about weeks of which still nothing is known: somebody else may have recorded one in the meantime.
fn still_missing(phone: Phone, answers: &Answers) -> Answers {
    let rows = phone.records.gatherings();
    let mut by_group = BTreeMap::<RecordId, Option<(Series, Vec<Date>)>>::new();
    let mut is_missing = |(id, day): &Gap| {
        let group = by_group.entry(*id).or_insert_with(|| Some((phone.records.one_series(*id)?, recorded(&rows, *id))));
        let found = group.as_ref().map(|(series, recorded)| missing_of_group(series, *day, *day, recorded));
        found.is_some_and(|found| !found.is_empty())
    };
    answers.iter().filter(|(gap, _)| is_missing(gap)).map(|(gap, answer)| (*gap, answer.clone())).collect()
}

fn recorded(rows: &[Row], series: RecordId) -> Vec<Date> {
    rows.iter().filter(|row| row.gathering.series == Some(series)).map(|row| row.gathering.date).collect()
}

/// A new gathering, with the volunteers and hours of the last one before it, or else of the first one after it.
fn new_gathering(phone: Phone, id: RecordId, gap: Gap, series: &Series) -> GatheringForm {
    let rows = phone.records.gatherings();
    let mut held = rows.iter().filter(|row| row.gathering.series == Some(gap.0) && row.gathering.is_held());
    // Newest first.
    let before = held.clone().find(|row| row.gathering.date < gap.1);
    GatheringForm::new(id, Some((gap.0, series)), before.or_else(|| held.next_back()), series.municipality, gap.1)
}

/// The records that the answers make: gatherings, and the groups that were on a break. What is wrong is named by its week.
fn edits(phone: Phone, answers: &Answers) -> Result<Vec<Edit>, BTreeMap<Gap, FieldError>> {
    let (mut edits, mut wrong) = (Vec::new(), BTreeMap::new());
    let rows = phone.records.gatherings();
    let mut by_group = BTreeMap::<RecordId, Vec<(Date, bool)>>::new();
    for (gap, answer) in answers {
        let Some(series) = phone.records.one_series(gap.0) else { continue };
        by_group.entry(gap.0).or_default().push((gap.1, *answer == Answer::OnBreak));
        if *answer == Answer::OnBreak {
            continue;
        }
        let form = new_gathering(phone, phone.ask(|services| services.new_id()), *gap, &series);
        match read(&form, answer, phone.clock.today.get(), &series) {
            Ok(content) => edits.push((form.id, Kind::Gathering, Body::Content(content))),
            Err(error) => {
                wrong.insert(*gap, error);
            }
        }
    }
    for (id, days) in by_group {
        let new = Break::of_days(&days, &recorded(&rows, id));
        let content = phone.records.outbox.with(|outbox| outbox.content(Kind::Series, id));
        if let (false, Some(content), Some(series)) = (new.is_empty(), content, phone.records.one_series(id)) {
            edits.push((id, Kind::Series, Body::Content(with_breaks(content, &series, new))));
        }
    }
    if wrong.is_empty() { Ok(edits) } else { Err(wrong) }
}

fn with_breaks(content: Content, series: &Series, new: Vec<Break>) -> Content {
    let breaks = join_breaks(series.breaks.iter().copied().chain(new).collect());
    let mut patch = Content::new();
    patch.insert("breaks".to_owned(), breaks_value(&breaks));
    overlay(&content, &patch)
}

fn read(form: &GatheringForm, answer: &Answer, today: Date, series: &Series) -> Result<Content, FieldError> {
    match answer {
        Answer::Held(cells) => {
            let [participants, volunteers, quarter_hours] = numbers(cells, read_hours)?;
            form.participants.set(Some(participants));
            form.volunteers.set(Some(volunteers));
            form.quarter_hours.set(Some(quarter_hours));
        }
        _ => form.cancelled.set(true),
    }
    form.parse(today, &[&series.to_content()]).map_err(|errors| errors[0])
}

/// The numbers of a held gathering, each of which has to be said.
fn numbers(cells: &[String; 3], read_hours: fn(String) -> Option<u32>) -> Result<[u32; 3], FieldError> {
    let reads: [fn(String) -> Option<u32>; 3] = [read_whole, read_whole, read_hours];
    let mut numbers = [0; 3];
    for (((field, cell), number), read) in FIELDS.into_iter().zip(cells).zip(&mut numbers).zip(reads) {
        let problem = if cell.trim().is_empty() { Problem::Missing } else { Problem::NotANumber };
        *number = read(cell.clone()).ok_or(FieldError { field, problem })?;
    }
    Ok(numbers)
}

/// The weeks of one group.
#[component]
fn GroupWeeks(
    id: RecordId,
    groups: Memo<Vec<Group>>,
    answers: RwSignal<Answers>,
    errors: RwSignal<BTreeMap<Gap, FieldError>>,
) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let own = move || groups.with(|groups| groups.iter().find(|group| group.id == id).cloned());
    let name = move || own().map(|group| group.series.name).unwrap_or_default();
    let days = Memo::new(move |_| own().map(|group| group.days).unwrap_or_default());
    let rest = move |answer: Answer| {
        answers.update(|answers| {
            for day in days.get_untracked() {
                answers.entry((id, day)).or_insert_with(|| answer.clone());
            }
        });
    };
    let has_rest = move || answers.with(|answers| days.get().iter().any(|day| !answers.contains_key(&(id, *day))));
    view! {
        <section class="card">
            <h2>{name}</h2>
            <Show when=has_rest>
                <p class="row">
                    <button type="button" class="button quiet" on:click=move |_| rest(Answer::NotHeld)>{t::rest_not_held(lang)}<span class="visually-hidden">" "{name}</span></button>
                    <button type="button" class="button quiet" on:click=move |_| rest(Answer::OnBreak)>{t::rest_on_break(lang)}<span class="visually-hidden">" "{name}</span></button>
                </p>
            </Show>
            <For each=move || days.get() key=|day| *day let:day><Week gap=(id, day) days answers errors /></For>
        </section>
    }
}

/// One week: what happened, and the numbers if it was held.
#[component]
fn Week(
    gap: Gap,
    /// All weeks of the group that are shown.
    days: Memo<Vec<Date>>,
    answers: RwSignal<Answers>,
    errors: RwSignal<BTreeMap<Gap, FieldError>>,
) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let answer = Memo::new(move |_| answers.with(|answers| answers.get(&gap).cloned()));
    let error = Memo::new(move |_| errors.with(|errors| errors.get(&gap).copied()));
    let problem_id = format!("gap-{}-{}", gap.0, date::iso(gap.1));
    // A second press takes the answer back, but no number that was typed.
    let choose = move |chosen: Answer| {
        errors.update(|errors| {
            errors.remove(&gap);
        });
        answers.update(|answers| match answers.get(&gap) {
            Some(Answer::Held(cells)) if is_alike(&chosen, &Answer::Held(cells.clone())) && !cells[0].is_empty() => {}
            Some(now) if is_alike(now, &chosen) => drop(answers.remove(&gap)),
            _ => drop(answers.insert(gap, chosen)),
        });
    };
    let chip = move |label: &'static str, alike: Answer, chosen: fn(Phone, Gap) -> Answer| {
        view! {
            <Pressed label is_it=Signal::derive(move || answer.with(|now| now.as_ref().is_some_and(|now| is_alike(now, &alike))))
                press=Callback::new(move |()| choose(untrack(|| chosen(phone, gap)))) />
        }
    };
    let cell = move |at: usize, label: &'static str, problem_id: String| {
        let text = move || match answer.get() {
            Some(Answer::Held(cells)) => cells[at].clone(),
            _ => String::new(),
        };
        let is_wrong = move || error.get().is_some_and(|error| error.field == FIELDS[at]);
        let typed = move |event: leptos::ev::Event| {
            errors.update(|errors| {
                errors.remove(&gap);
            });
            answers.update(|answers| {
                if let Some(Answer::Held(cells)) = answers.get_mut(&gap) {
                    cells[at] = event_target_value(&event);
                }
            });
        };
        view! {
            <label class="field">
                <span>{label}</span>
                <input class="number" autocomplete="off" inputmode="decimal" aria-invalid=move || is_wrong().then_some("true")
                    aria-describedby=move || is_wrong().then(|| problem_id.clone()) prop:value=text on:input=typed />
            </label>
        }
    };
    let numbers = {
        let problem_id = problem_id.clone();
        move || {
            view! {
                <div class="row">
                    {cell(0, paper::participants(lang), problem_id.clone())}
                    {cell(1, v::volunteers(lang), problem_id.clone())}
                    {cell(2, paper::hours(lang), problem_id.clone())}
                </div>
            }
        }
    };
    let is_held = move || answer.with(|answer| matches!(answer, Some(Answer::Held(_))));
    let is_on_break = move || answer.with(|answer| *answer == Some(Answer::OnBreak));
    let later = move || days.get().into_iter().filter(|day| *day > gap.1).collect::<Vec<_>>();
    // The break begins here where the week before has another answer.
    let begins = move || {
        let before = days.get().into_iter().rfind(|day| *day < gap.1);
        let goes_on = before
            .is_some_and(|before| answers.with(|answers| answers.get(&(gap.0, before)) == Some(&Answer::OnBreak)));
        is_on_break() && !goes_on && !later().is_empty()
    };
    let until = move |event: leptos::ev::Event| {
        let Some(last) = date::parse(&event_target_value(&event)) else { return };
        let ends_before = |day: &Date| *day > last;
        answers.update(|answers| {
            for day in untrack(later) {
                let key = (gap.0, day);
                if !ends_before(&day) {
                    answers.insert(key, Answer::OnBreak);
                } else if answers.get(&key) == Some(&Answer::OnBreak) {
                    answers.remove(&key);
                } else {
                    break;
                }
            }
        });
    };
    let last_of_break = move || {
        let goes_on = |day: &Date| answers.with(|answers| answers.get(&(gap.0, *day)) == Some(&Answer::OnBreak));
        later().into_iter().take_while(goes_on).last().unwrap_or(gap.1)
    };
    let choice = move |day: Date| {
        view! { <option value=date::iso(day) selected=move || last_of_break() == day>{short_day(lang, day)}</option> }
    };
    view! {
        <fieldset>
            <legend>{short_day(lang, gap.1)}</legend>
            <div class="chips">
                {chip(t::held(lang), Answer::Held(Default::default()), as_last_time)}
                {chip(t::not_held(lang), Answer::NotHeld, |_, _| Answer::NotHeld)}
                {chip(t::on_break(lang), Answer::OnBreak, |_, _| Answer::OnBreak)}
            </div>
            <Show when=is_held>{numbers.clone()}</Show>
            <Show when=begins>
                <label class="field">
                    <span>{t::break_until(lang)}</span>
                    <select on:change=until>
                        {move || std::iter::once(gap.1).chain(later()).map(choice).collect_view()}
                    </select>
                </label>
            </Show>
            {move || error.get().map(|error| view! { <p class="error" id=problem_id.clone()>{problems::line(lang, error)}</p> })}
        </fieldset>
    }
}

/// The same answer, whatever the numbers.
fn is_alike(one: &Answer, other: &Answer) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}

/// Held, with everything but the participants as last time.
fn as_last_time(phone: Phone, gap: Gap) -> Answer {
    let Some(series) = phone.records.one_series(gap.0) else { return Answer::Held(Default::default()) };
    // It is not kept: the gathering gets its id when it is saved.
    let form = new_gathering(phone, gap.0, gap, &series);
    let text = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let quarters = form.quarter_hours.get_untracked().unwrap_or(0);
    let hours = hours(phone.lang.get_untracked(), quarters.into());
    Answer::Held([String::new(), text(form.volunteers.get_untracked()), hours])
}

/// Answers as their draft keeps them: `{"weeks": {"<series>/<day>": ["14", "2", "4"] | "-" | "break"}}`.
fn write_answers(answers: &Answers) -> Content {
    let weeks: Content = answers
        .iter()
        .map(|((series, day), answer)| {
            let answer = match answer {
                Answer::Held(cells) => json!(cells),
                Answer::NotHeld => json!("-"),
                Answer::OnBreak => json!("break"),
            };
            (format!("{series}/{}", date::iso(*day)), answer)
        })
        .collect();
    let mut content = Content::new();
    content.insert(ANSWERS.to_owned(), Value::Object(weeks));
    content
}

fn read_answers(content: &Content) -> Answers {
    let weeks = content.get(ANSWERS).and_then(Value::as_object).into_iter().flatten();
    let read = |(key, answer): (&String, &Value)| {
        let (series, day) = key.split_once('/')?;
        let answer = match answer {
            Value::String(text) if text == "break" => Answer::OnBreak,
            Value::String(_) => Answer::NotHeld,
            Value::Array(cells) => {
                Answer::Held([0, 1, 2].map(|at| cells.get(at).and_then(Value::as_str).unwrap_or_default().to_owned()))
            }
            _ => return None,
        };
        Some(((RecordId::parse(series)?, date::parse(day)?), answer))
    };
    weeks.filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERIES: RecordId = RecordId::from_bytes([1; 16]);

    fn series(breaks: Value) -> Series {
        let content = json!({"name": "x", "form": "kerho", "municipality": "005", "weekday": 0, "breaks": breaks});
        Series::parse(content.as_object().expect("object")).expect("valid")
    }

    #[test]
    fn answers_are_read_as_they_were_written() {
        let day = |day| Date::constant(2026, 11, day);
        let held = Answer::Held(["14".to_owned(), String::new(), "4,5".to_owned()]);
        let answers: Answers =
            [((SERIES, day(2)), held), ((SERIES, day(9)), Answer::NotHeld), ((SERIES, day(16)), Answer::OnBreak)]
                .into();
        assert_eq!(read_answers(&write_answers(&answers)), answers);
        let odd = json!({"weeks": {"x/2026-11-02": "-", "nothing": "-", (format!("{SERIES}/2026-11-02")): 14}});
        assert_eq!(read_answers(odd.as_object().expect("object")), Answers::new());
    }

    #[test]
    fn a_new_break_is_joined_to_those_of_the_group_and_what_this_version_does_not_know_stays() {
        let series = series(json!([{"from": "2026-06-01", "to": "2026-06-30"}]));
        let mut content = series.to_content();
        content.insert("colour".to_owned(), json!("green"));
        let july = Break { from: Date::constant(2026, 7, 1), to: Date::constant(2026, 7, 27) };
        let whole = with_breaks(content, &series, vec![july]);
        assert_eq!(whole["breaks"], json!([{"from": "2026-06-01", "to": "2026-07-27"}]));
        assert_eq!(whole["colour"], "green");
    }

    #[test]
    fn a_held_week_needs_each_of_its_numbers() {
        // Hours are read by the browser.
        let hours = |text: String| (text == "4,5").then_some(18);
        let of = |cells: [&str; 3]| numbers(&cells.map(str::to_owned), hours);
        assert_eq!(of(["14", "2", "4,5"]), Ok([14, 2, 18]));
        assert_eq!(of([" ", "2", "4,5"]), Err(FieldError { field: "participants", problem: Problem::Missing }));
        assert_eq!(of(["14", "kaksi", "4,5"]), Err(FieldError { field: "volunteers", problem: Problem::NotANumber }));
        assert_eq!(of(["14", "2", ""]), Err(FieldError { field: FIELDS[2], problem: Problem::Missing }));
    }
}
