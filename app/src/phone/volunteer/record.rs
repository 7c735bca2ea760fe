//! The record form: how many came, how many helped, for how long. All other fields are filled from the group and from
//! last time.

use domain::{
    Content, Date, Gathering, Kind, RecordId, bounds,
    codes::{ActivityForm, Municipality},
    content::overlay,
    date,
    review::ReviewState,
    turn::{in_turn, last_usual_day},
};
use leptos::prelude::*;
use serde_json::Value;
use sync::{local::Body, view::Delivery};

use crate::{
    format::{hours, short_day},
    phone::{
        base::{
            address::Link,
            draft::{About, Draft, over},
            keep::{drafts, keep, throw_away},
            phone::phone,
            records::Row,
            turn::{next_to_record, same_evening},
            unfinished::Unfinished,
            widgets::{Chip, NextFrame, Show},
            words::{numbers_text, participants_text},
        },
        forms::{
            calendar::DayChoice,
            closed::ClosedPeriod,
            counter::{Counter, read_hours, read_whole},
            details::{Details, Folds},
            editing::{Editing, FieldProblem, GATHERINGS, GoesOn, SaveBar, ToMend, described, invalid, once_loaded},
            gathering_form::GatheringForm,
        },
        volunteer::{gathering_list::may_change, groups::may_set_up},
    },
    texts::{groups as g, problems, volunteer as t},
};

/// So many more than last time, and four times as many, are asked about.
const MUCH_MORE: u32 = 30;

/// `/app/kirjaa/{series}`, `/app/kirjaa/{series}/{date}`, `/app/kirjaa/muu`, `/app/kerta/{id}`, `/app/kesken/{id}`.
#[component]
pub fn RecordPage(what: String, id: String, day: String) -> impl IntoView {
    let phone = phone();
    once_loaded(move |anew| match open_form(&what, &id, &day) {
        Some(opened) => view! { <RecordForm opened anew /> }.into_any(),
        None => view! { <p class="empty">{t::no_gatherings(phone.lang.get_untracked())}</p> }.into_any(),
    })
}

/// A form, and what it is about.
pub struct Opened {
    pub form: GatheringForm,
    /// The gathering as it is, unless it is a new one.
    row: Option<Row>,
    /// Something was left unfinished here, and nobody has asked for it by name.
    goes_on: bool,
    /// Another unfinished one of the group, of another day.
    other: Option<Draft>,
}

/// What an address of a form opens: begun anew, gone on with, or a gathering as it is. None where nothing is there to open.
pub fn open_form(what: &str, id_text: &str, day: &str) -> Option<Opened> {
    let phone = phone();
    let today = phone.clock.today.get();
    let drafts: Vec<Draft> = drafts(phone).into_iter().filter(Draft::is_unfinished).collect();
    let rows = phone.records.gatherings();
    let id = RecordId::parse(id_text);
    if let "kerta" | "kesken" = what {
        let id = id?;
        let draft = drafts.into_iter().find(|draft| draft.id == id);
        let row = rows.iter().find(|row| row.shown.id == id).cloned();
        let goes_on = draft.is_some() && what == "kerta";
        let (id, content) = match (&row, draft) {
            (Some(row), Some(draft)) => (id, draft.over(Kind::Gathering, &row.shown.content)),
            (Some(row), None) => (id, row.shown.content.clone()),
            // Somebody deleted it in the meantime: what was typed is a gathering of its own now.
            (None, Some(draft)) if draft.about != About::New => {
                throw_away(phone, draft.id);
                let new_id = phone.ask(|services| services.new_id());
                keep(phone, &Draft { id: new_id, about: About::New, ..draft.clone() });
                (new_id, draft.content)
            }
            (None, draft) => (id, draft?.content),
        };
        return Some(Opened { form: GatheringForm::from_content(id, &content, today), row, goes_on, other: None });
    }
    // "nyt", a shortcut of the installed app: the group in turn.
    let id = match id_text {
        "nyt" => {
            let any = || in_turn(&phone.records.series_in_use(), today, phone.clock.minutes.get(), |_, _| true);
            next_to_record(phone).or_else(any).map(|(id, _)| id)
        }
        _ => id,
    };
    let new = new_form(id, date::parse(day), today)?;
    // A form of this day that was left; those of other days are on Home. Outside a group there is no usual day.
    let of_day = Some(Value::from(date::iso(new.date.get())));
    let of_group = drafts.into_iter().filter(|draft| {
        let is_saved = rows.iter().any(|row| row.shown.id == draft.id);
        draft.about == About::New && draft.series() == id && !is_saved
    });
    let (mut of_day, mut of_others): (Vec<_>, Vec<_>) =
        of_group.partition(|draft| id.is_none() || draft.content.get("date") == of_day.as_ref());
    let (begun, other) = (of_day.pop(), of_others.pop());
    let goes_on = begun.is_some();
    let form = begun.map_or(new, |draft| GatheringForm::from_content(draft.id, &draft.content, today));
    Some(Opened { form, row: None, goes_on, other })
}

fn new_form(series: Option<RecordId>, day: Option<Date>, today: Date) -> Option<GatheringForm> {
    let phone = phone();
    let rows = phone.records.gatherings();
    let of_id = series.and_then(|id| Some((id, phone.records.one_series(id)?)));
    let chosen = of_id.as_ref().map(|(id, series)| (*id, series));
    let of_series = |row: &&Row| chosen.is_some_and(|(id, _)| row.gathering.series == Some(id));
    let last = rows.iter().filter(of_series).find(|row| row.gathering.is_held());
    let home =
        phone.records.own_association().map(|association| association.home).or_else(|| Municipality::all().next())?;
    let form = GatheringForm::new(phone.ask(|services| services.new_id()), chosen, last, home, today);
    // The day that the card on Home says, where that evening has not been recorded yet.
    let usual = chosen.and_then(|(_, series)| Some(last_usual_day(series.weekday?, today)));
    let usual = usual.filter(|day| !rows.iter().filter(of_series).any(|row| row.gathering.date == *day));
    if let Some(day) = day.filter(|day| *day <= today).or(usual) {
        form.date.set(day);
    }
    Some(form)
}

#[component]
fn RecordForm(opened: Opened, anew: RwSignal<()>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let Opened { form, row, goes_on, other } = opened;
    let folds = Folds::new();
    let is_new = row.is_none();

    let last_count = move || {
        let series = form.series.get()?;
        let day = form.date.get();
        let own =
            |row: &&Row| row.gathering.series == Some(series) && row.shown.id != form.id && row.gathering.date <= day;
        phone.records.gatherings().iter().filter(own).find_map(|row| Some(row.gathering.heads.as_ref()?.participants))
    };
    // Another's is looked at in the list, where it cannot be changed.
    let same_evening = move || {
        let (text, id) = same_evening(phone, form.series.get()?, form.date.get(), form.id)?;
        let rows = phone.records.gatherings();
        let is_open = rows.iter().any(|row| row.shown.id == id && may_change(phone, row));
        Some((text, if is_open { format!("/app/kerta/{id}") } else { GATHERINGS.to_owned() }))
    };

    // What the form would hold untouched: not the content itself, in which a form says more than it was given.
    let untouched = row
        .as_ref()
        .map(|row| GatheringForm::from_content(form.id, &row.shown.content, phone.clock.today.get_untracked()));
    let before = StoredValue::new(untrack(|| untouched.as_ref().unwrap_or(&form).content()));
    // What the server has taken already, and what the group gives, was not typed here.
    let taken = row.as_ref().filter(|row| !matches!(row.shown.delivery, Delivery::Refused { .. }));
    let taken = StoredValue::new(taken.map(|row| row.shown.content.clone()));
    let parse = move || {
        let given = form.series.get().and_then(|id| Some(phone.records.one_series(id)?.to_content()));
        let known = taken.get_value();
        form.parse(phone.clock.today.get(), &known.iter().chain(&given).collect::<Vec<_>>())
    };
    let association = row.as_ref().map(|row| row.shown.association).or(phone.identity.association.get_untracked());
    let editing = Editing::new(
        form.id,
        form.wrong,
        move || {
            let about = if is_new { About::New } else { About::Edit { opened: before.get_value() } };
            Draft { id: form.id, content: form.content(), about, association }
        },
        move || parse().err().unwrap_or_default(),
    );

    let title = move || {
        let own = form.series.get().and_then(|id| phone.records.one_series(id));
        own.map_or_else(|| t::other_gathering(lang).to_owned(), |series| series.name)
    };
    let summary = move || {
        let day = short_day(lang, form.date.get());
        if form.cancelled.get() {
            return format!("{day} · {}", t::cancelled(lang));
        }
        let numbers = numbers_text(lang, form.participants.get(), form.volunteers.get(), form.quarter_hours.get());
        format!("{day} · {numbers}")
    };
    // A slip of the finger makes 140 of 14.
    let much_more = move || {
        let (count, last) = (form.participants.get()?, last_count()?);
        let is_much = !form.cancelled.get() && count >= last + MUCH_MORE && count / 4 >= last;
        is_much.then(|| t::much_more(lang, count, last))
    };
    let save = move || {
        let today = phone.clock.today.get_untracked();
        match untrack(parse) {
            Err(problems) => {
                folds.show(&problems);
                editing.mend(problems);
            }
            Ok(content) => {
                let day = short_day(lang, form.date.get_untracked());
                let count = form.participants.get_untracked().filter(|_| !form.cancelled.get_untracked());
                let count = count.map_or(t::cancelled(lang).to_owned(), |count| participants_text(lang, count));
                let said = t::saved_what(lang, untrack(title), format!("{day} · {count}"));
                // What came while the form was open stands where the form says nothing else.
                let rows = untrack(|| phone.records.gatherings());
                let now = rows.iter().find(|row| !is_new && row.shown.id == form.id);
                let merged = now.map(|row| over(Kind::Gathering, &before.get_value(), &content, &row.shown.content));
                let is_valid = |content: &Content| Gathering::parse(&overlay(&Content::new(), content), today).is_ok();
                let content = merged.filter(is_valid).unwrap_or(content);
                editing.save(vec![(form.id, Kind::Gathering, Body::Content(content))], said, GATHERINGS);
            }
        }
    };
    let question = row.as_ref().and_then(|row| row.comment.clone());
    let recorded_for = row.as_ref().map(|row| row.gathering.date);
    let is_approved = row.as_ref().is_some_and(|row| row.state == ReviewState::Approved);
    let numbers_are_right = move |_| {
        let checked = t::checked(lang, short_day(lang, phone.clock.today.get_untracked()));
        form.note.update(|note| *note = [note.trim_end(), &checked].join(" ").trim_start().to_owned());
        save();
    };
    view! {
        <form
            class="edit-form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                save();
            }
        >
            <h1 tabindex="-1">{title}</h1>
            <ToMend line=problems::line />
            {goes_on.then(|| view! { <GoesOn text=t::goes_on(lang) is_new anew /> })}
            {other.map(|draft| view! { <div class="notice"><Unfinished draft /></div> })}
            {question.map(|question| view! {
                <div class="notice ask">
                    <p><strong>{t::state_returned(lang, question)}</strong></p>
                    <p>{t::returned_help(lang)}</p>
                    <button type="button" class="button" disabled=move || editing.is_saving() on:click=numbers_are_right>{t::numbers_are_right(lang)}</button>
                </div>
            })}
            {recorded_for.map(|day| view! { <p>{t::correcting(lang, short_day(lang, day))}</p> })}
            {is_approved.then(|| view! { <p class="notice">{t::approved_already(lang)}</p> })}
            <Show when=move || form.series.get().is_none()>
                <FormChoice form />
                <FieldProblem of="form" />
            </Show>
            <Show when=move || !form.cancelled.get()>
                <HowMany form />
                <FieldProblem of="participants" />
                {move || last_count().map(|count| view! {
                    <div class="chips"><Chip label=t::last_time(lang, count) value=form.participants of=Some(count) /></div>
                })}
            </Show>
            <NextFrame>
                <Show when=move || !form.cancelled.get()>
                    <Counter
                        id="volunteers"
                        label=t::volunteers(lang)
                        hint=""
                        value=form.volunteers
                        max=bounds::VOLUNTEERS_MAX
                        wrong=form.wrong
                        show=whole read=read_whole
                        changed=Callback::new(move |()| form.volunteers_changed())
                    />
                    <FieldProblem of="volunteers" />
                    <Counter
                        id="volunteer_quarter_hours"
                        label=t::hours_together(lang)
                        hint=t::hours_hint(lang)
                        value=form.quarter_hours
                        max=bounds::VOLUNTEERS_MAX * bounds::QUARTER_HOURS_PER_DAY
                        step=2
                        wrong=form.wrong
                        show=Callback::new(move |quarters: u32| hours(lang, quarters.into()))
                        read=read_hours
                        changed=Callback::new(move |()| form.hours_changed())
                    />
                    <FieldProblem of="volunteer_quarter_hours" />
                </Show>
                <DayChoice value=form.date />
                <FieldProblem of="date" />
                <label class="check">
                    <input type="checkbox" prop:checked=move || form.cancelled.get()
                        on:change=move |event| form.cancelled.set(event_target_checked(&event)) />
                    <span>{t::not_held(lang)}</span>
                </label>
                <Details form folds />
                <ClosedPeriod form />
                {move || form.series.get().filter(|_| may_set_up(phone)).map(|id| view! {
                    <p><Link href=format!("/app/ryhma/{id}")>{g::change_this_group(lang)}</Link></p>
                })}
                {(!is_new).then(|| view! {
                    <p><button type="button" class="button quiet" on:click=move |_| editing.leave(GATHERINGS)>{t::cancel(lang)}</button></p>
                })}
            </NextFrame>
            <SaveBar label=t::save(lang)>
                // The day and the numbers are in sight when Save is pressed, wherever the form has been scrolled to.
                <p class="small">{summary}</p>
                <div role="status">
                    {move || much_more().map(|text| view! { <p class="notice">{text}</p> })}
                    {move || same_evening().map(|(text, href)| view! {
                        <p class="notice">{text}" "<Link href>{t::look_at_it(lang)}</Link></p>
                    })}
                </div>
            </SaveBar>
        </form>
    }
}

fn whole(number: u32) -> String {
    number.to_string()
}

/// The first number of the form.
#[component]
pub fn HowMany(form: GatheringForm) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    view! {
        <Counter
            id="participants"
            label=t::how_many(lang)
            what=t::participants(lang)
            hint=t::how_many_hint(lang)
            value=form.participants
            max=bounds::PARTICIPANTS_MAX
            wrong=form.wrong
            show=whole read=read_whole
        />
    }
}

/// What was held, for a gathering outside any series.
#[component]
fn FormChoice(form: GatheringForm) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let usual = ["retki", "tapahtuma", "kerho", "vertaistuki", "talkoot", "ulkoilu"]
        .into_iter()
        .filter_map(ActivityForm::parse)
        .map(|activity| view! { <Chip label=activity.name(lang) value=form.form of=activity.code().to_owned() /> });
    view! {
        <fieldset>
            <legend>{t::form(lang)}</legend>
            <div class="chips">{usual.collect_view()}</div>
            <label class="field">
                <span class="visually-hidden">{t::form(lang)}</span>
                <select id="form" aria-invalid=invalid("form") aria-describedby=described("form") prop:value=move || form.form.get() on:change=move |event| form.form.set(event_target_value(&event))>
                    <option value="">"–"</option>
                    {move || ActivityForm::all().map(|activity| view! {
                        <option value=activity.code() selected=move || form.form.get() == activity.code()>{activity.name(lang)}</option>
                    }).collect_view()}
                </select>
            </label>
        </fieldset>
    }
}
