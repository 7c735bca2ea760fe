//! Recording a gathering: how many came, how many helped. Three numbers, the rest is remembered.

use domain::{
    Content, Date, FieldError, Gathering, Kind, Problem, RecordId, bounds,
    codes::{ActivityForm, Municipality},
    content::overlay,
    date,
    review::ReviewState,
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use sync::outbox::Body;

use super::{
    address::{Link, address},
    calendar::DayChoice,
    context::{Row, phone},
    counter::{Counter, read_hours, read_whole},
    details::{Details, Folds},
    draft::{About, Draft, drafts, keep, over, remember, throw_away},
    gathering_form::GatheringForm,
    groups::may_set_up,
    home::in_turn,
    show::Show,
};
use crate::{
    format::{hours, short_day},
    texts::{groups as g, problems, volunteer as t},
};

/// `/app/kirjaa/{series}`, `/app/kirjaa/{series}/{date}`, `/app/kirjaa/muu`, `/app/kerta/{id}`, `/app/kesken/{id}`.
#[component]
pub fn RecordPage(what: String, id: String, day: String) -> impl IntoView {
    let phone = phone();
    // Said again with the same value, it must not draw the form anew under the thumb.
    let loaded = Memo::new(move |_| phone.loaded.get());
    let anew = RwSignal::new(());
    move || {
        // Only the address and the loading decide which form this is; later changes must not rebuild it under the thumb.
        anew.track();
        loaded.get().then(|| match untrack(|| open_form(&what, &id, &day)) {
            Some(opened) => view! { <RecordForm opened anew /> }.into_any(),
            None => view! { <p class="empty">{t::no_gatherings(phone.lang.get_untracked())}</p> }.into_any(),
        })
    }
}

/// A form, and what it is about.
struct Opened {
    form: GatheringForm,
    /// The gathering as it is, unless it is a new one.
    row: Option<Row>,
    /// Something was left unfinished here, and nobody has asked for it by name.
    goes_on: bool,
}

fn open_form(what: &str, id_text: &str, day: &str) -> Option<Opened> {
    let phone = phone();
    let today = phone.today.get();
    let drafts: Vec<Draft> = drafts(phone).into_iter().filter(Draft::is_unfinished).collect();
    let rows = phone.gatherings();
    let id = RecordId::parse(id_text);
    if let "kerta" | "kesken" = what {
        let id = id?;
        let draft = drafts.into_iter().find(|draft| draft.id == id);
        let row = rows.into_iter().find(|row| row.shown.id == id);
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
        return Some(Opened { form: GatheringForm::from_content(id, &content, today), row, goes_on });
    }
    // "nyt", a shortcut of the installed app: the group in turn.
    let id = match id_text {
        "nyt" => in_turn(&phone.series_in_use(), today, phone.minutes.get()).map(|(id, _)| id),
        _ => id,
    };
    let new = new_form(id, date::parse(day), today)?;
    // A form of this day that was left; those of other days are on Home. Outside a group there is no usual day.
    let of_day = Some(Value::from(date::iso(new.date.get())));
    let begun = drafts.into_iter().rfind(|draft| {
        let is_of_day = id.is_none() || draft.content.get("date") == of_day.as_ref();
        let is_saved = rows.iter().any(|row| row.shown.id == draft.id);
        draft.about == About::New && draft.series() == id && is_of_day && !is_saved
    });
    let goes_on = begun.is_some();
    let form = begun.map_or(new, |draft| GatheringForm::from_content(draft.id, &draft.content, today));
    Some(Opened { form, row: None, goes_on })
}

fn new_form(series: Option<RecordId>, day: Option<Date>, today: Date) -> Option<GatheringForm> {
    let phone = phone();
    let (all, rows) = (phone.series(), phone.gatherings());
    let chosen = series.and_then(|id| all.iter().find(|(other, _)| *other == id)).map(|(id, series)| (*id, series));
    let of_series = |row: &&Row| chosen.is_some_and(|(id, _)| row.gathering.series == Some(id));
    let last = rows.iter().filter(of_series).find(|row| row.gathering.is_held());
    let home = phone.own_association().map(|association| association.home).or_else(|| Municipality::all().next())?;
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
    let address = address();
    let Opened { form, row, goes_on } = opened;
    let errors = RwSignal::new(Vec::<FieldError>::new());
    let failed = RwSignal::new(None::<String>);
    let saving = RwSignal::new(false);
    let folds = Folds::new();
    let is_new = row.is_none();

    let rows = Memo::new(move |_| phone.gatherings());
    let last_count = move || {
        let series = form.series.get()?;
        let own = |row: &&Row| row.gathering.series == Some(series) && row.shown.id != form.id;
        rows.with(|rows| rows.iter().filter(own).find_map(|row| Some(row.gathering.heads.as_ref()?.participants)))
    };
    let same_evening = move || {
        let series = form.series.get()?;
        rows.with(|rows| {
            let same = |row: &&Row| {
                row.shown.id != form.id && row.gathering.series == Some(series) && row.gathering.date == form.date.get()
            };
            let heads = rows.iter().find(same)?.gathering.heads.as_ref().map_or(0, |heads| heads.participants);
            Some(t::same_evening(lang, heads, short_day(lang, form.date.get())))
        })
    };

    // S1: a draft at most 300 ms after a change, and at once when the app is hidden (the browser keeps what was put). What is on
    // the screen is known at once: another language draws the form anew.
    let draft_timer = StoredValue::new(None::<TimeoutHandle>);
    let touched = StoredValue::new(false);
    // What the form would hold untouched: not the content itself, in which a form says more than it was given.
    let untouched =
        row.as_ref().map(|row| GatheringForm::from_content(form.id, &row.shown.content, phone.today.get_untracked()));
    let before = StoredValue::new(untrack(|| untouched.as_ref().unwrap_or(&form).content()));
    let association = row.as_ref().map(|row| row.shown.association).or(phone.association.get_untracked());
    let unwritten = StoredValue::new(None::<Draft>);
    let stop_timer = move || {
        unwritten.set_value(None);
        if let Some(timer) = draft_timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    let write = move || {
        if let Some(draft) = unwritten.try_update_value(Option::take).flatten() {
            phone.act(|actions| actions.put_draft(draft.id, draft.write()));
        }
    };
    let keep_draft = move || {
        let content = form.content();
        if !touched.get_value() || saving.get_untracked() {
            return;
        }
        stop_timer();
        let about = if is_new { About::New } else { About::Edit { opened: before.get_value() } };
        let draft = Draft { id: form.id, content, about, association };
        remember(phone, &draft);
        unwritten.set_value(Some(draft));
        draft_timer.set_value(set_timeout_with_handle(write, std::time::Duration::from_millis(250)).ok());
    };
    Effect::new(move |_| keep_draft());
    let hidden = window_event_listener_untyped("visibilitychange", move |_| write());
    on_cleanup(move || {
        hidden.remove();
        write();
    });
    let touch = Callback::new(move |()| touched.set_value(true));
    let drop_draft = move || {
        touched.set_value(false);
        stop_timer();
        throw_away(phone, form.id);
    };

    let title = move || {
        let series = phone.series();
        let own = form.series.get().and_then(|id| series.into_iter().find(|(other, _)| *other == id));
        own.map_or_else(|| t::other_gathering(lang).to_owned(), |(_, series)| series.name)
    };
    let save = move || {
        let today = phone.today.get_untracked();
        match untrack(|| form.parse(today)) {
            Err(problems) => {
                folds.show(&problems);
                errors.set(problems);
                focus("errors");
            }
            Ok(content) if !saving.get_untracked() => {
                errors.set(Vec::new());
                saving.set(true);
                touched.set_value(false);
                stop_timer();
                let said = t::saved_what(lang, untrack(title), short_day(lang, form.date.get_untracked()));
                // What came while the form was open stands where the form says nothing else.
                let now = untrack(|| phone.gatherings()).into_iter().find(|row| !is_new && row.shown.id == form.id);
                let merged = now.map(|row| over(Kind::Gathering, &before.get_value(), &content, &row.shown.content));
                let is_valid = |content: &Content| Gathering::parse(&overlay(&Content::new(), content), today).is_ok();
                let content = merged.filter(is_valid).unwrap_or(content);
                spawn_local(async move {
                    let edits = vec![(form.id, Kind::Gathering, Body::Content(content))];
                    let done = phone.save(edits, said).await;
                    saving.set(false);
                    match done {
                        Ok(()) => address.go("/app/kerrat"),
                        // Nothing false is said: the form keeps its content and its draft.
                        Err(reason) => {
                            touched.set_value(true);
                            untrack(keep_draft);
                            failed.set(Some(reason.0));
                            focus("errors");
                        }
                    }
                });
            }
            Ok(_) => {}
        }
    };
    let whole = |number: u32| number.to_string();
    let problem = move |field: &'static str| {
        Signal::derive(move || {
            if form.wrong.with(|wrong| wrong.contains(&field)) {
                return Some(problems::problem(lang, Problem::NotANumber));
            }
            errors.with(|all| all.iter().find(|error| error.field == field).map(|error| problems::what(lang, *error)))
        })
    };
    let question = row.as_ref().and_then(|row| row.comment.clone());
    let is_approved = row.as_ref().is_some_and(|row| row.state == ReviewState::Approved);
    let numbers_are_right = move |_| {
        let checked = t::checked(lang, short_day(lang, phone.today.get_untracked()));
        form.note.update(|note| *note = [note.trim_end(), &checked].join(" ").trim_start().to_owned());
        save();
    };
    view! {
        <form
            class="record"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                save();
            }
        >
            <h1 tabindex="-1">{title}</h1>
            <div id="errors" tabindex="-1">
                {move || (!errors.with(Vec::is_empty)).then(|| view! {
                    <div class="notice ask" role="alert">
                        <p>{t::mend_these(lang)}</p>
                        <ul>{errors.get().into_iter().map(|e| view! { <li>{problems::line(lang, e)}</li> }).collect_view()}</ul>
                    </div>
                })}
                {move || failed.get().map(|reason| view! { <div class="notice ask" role="alert"><p>{t::not_saved(lang, reason)}</p></div> })}
            </div>
            {goes_on.then(|| view! {
                <div class="notice">
                    <p>{t::goes_on(lang)}</p>
                    <button type="button" class="button quiet" on:click=move |_| { drop_draft(); anew.set(()); }>
                        {if is_new { t::begin_anew(lang) } else { t::as_it_was(lang) }}
                    </button>
                </div>
            })}
            {question.map(|question| view! {
                <div class="notice ask">
                    <p><strong>{t::state_returned(lang, question)}</strong></p>
                    <p>{t::returned_help(lang)}</p>
                    <button type="button" class="button" disabled=move || saving.get() on:click=numbers_are_right>{t::numbers_are_right(lang)}</button>
                </div>
            })}
            {is_approved.then(|| view! { <p class="notice">{t::approved_already(lang)}</p> })}
            {move || same_evening().map(|text| view! { <p class="notice">{text}</p> })}
            <Show when=move || form.series.get().is_none()>
                <FormChoice form touch />
                <FieldError text=problem("form") />
            </Show>
            <Show when=move || !form.cancelled.get()>
                <Counter
                    id="participants"
                    label=t::how_many(lang)
                    hint=t::how_many_hint(lang)
                    value=form.participants
                    max=bounds::PARTICIPANTS_MAX
                    wrong=form.wrong
                    show=whole read=read_whole changed=touch
                />
                <FieldError text=problem("participants") />
                {move || last_count().map(|count| view! {
                    <div class="chips">
                        <button type="button" class="chip" aria-pressed=move || (form.participants.get() == Some(count)).to_string()
                            on:click=move |_| { form.participants.set(Some(count)); touch.run(()); }>
                            {t::last_time(lang, count)}
                        </button>
                    </div>
                })}
                <Counter
                    id="volunteers"
                    label=t::volunteers(lang)
                    hint=""
                    value=form.volunteers
                    max=bounds::VOLUNTEERS_MAX
                    wrong=form.wrong
                    show=whole read=read_whole
                    changed=Callback::new(move |()| { form.volunteers_changed(); touch.run(()); })
                />
                <FieldError text=problem("volunteers") />
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
                    changed=Callback::new(move |()| { form.hours_changed(); touch.run(()); })
                />
                <FieldError text=problem("volunteer_quarter_hours") />
            </Show>
            <DayChoice value=form.date changed=touch />
            <FieldError text=problem("date") />
            <label class="check">
                <input type="checkbox" prop:checked=move || form.cancelled.get()
                    on:change=move |event| { form.cancelled.set(event_target_checked(&event)); touch.run(()); } />
                <span>{t::not_held(lang)}</span>
            </label>
            <Details form folds touch problem=Callback::new(problem) />
            {move || form.series.get().filter(|_| may_set_up(phone)).map(|id| view! {
                <p><Link href=format!("/app/ryhma/{id}")>{g::change_this_group(lang)}</Link></p>
            })}
            {(!is_new).then(|| view! {
                <p><button type="button" class="button quiet" on:click=move |_| { drop_draft(); address.go("/app/kerrat"); }>{t::cancel(lang)}</button></p>
            })}
            <div class="save-bar">
                <button class="button big" type="submit" disabled=move || saving.get()>
                    {move || if saving.get() { t::saving(lang) } else { t::save(lang) }}
                </button>
            </div>
        </form>
    }
}

/// What was held, for a gathering outside any series.
#[component]
fn FormChoice(form: GatheringForm, touch: Callback<()>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let choice = move |activity: ActivityForm| {
        let code = activity.code();
        view! {
            <button type="button" class="chip" aria-pressed=move || (form.form.get() == code).to_string()
                on:click=move |_| { form.form.set(code.to_owned()); touch.run(()); }>{move || activity.name(lang)}</button>
        }
    };
    let usual = ["retki", "tapahtuma", "kerho", "vertaistuki", "talkoot", "ulkoilu"]
        .into_iter()
        .filter_map(ActivityForm::parse);
    view! {
        <fieldset>
            <legend>{t::form(lang)}</legend>
            <div class="chips">{usual.map(choice).collect_view()}</div>
            <label class="field">
                <span class="visually-hidden">{t::form(lang)}</span>
                <select prop:value=move || form.form.get()
                    on:change=move |event| { form.form.set(event_target_value(&event)); touch.run(()); }>
                    <option value="">"–"</option>
                    {move || ActivityForm::all().map(|activity| view! {
                        <option value=activity.code() selected=move || form.form.get() == activity.code()>{activity.name(lang)}</option>
                    }).collect_view()}
                </select>
            </label>
        </fieldset>
    }
}

#[component]
pub fn FieldError(text: Signal<Option<String>>) -> impl IntoView {
    move || text.get().map(|text| view! { <p class="error">{text}</p> })
}

pub fn focus(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id);
        if let Some(element) = element.and_then(|e| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(e).ok()) {
            let _ = element.focus();
        }
    });
}

/// The day of the usual weekday that is today or last passed.
pub fn last_usual_day(weekday: u8, today: Date) -> Date {
    let back = (7 + i32::from(date::weekday(today)) - i32::from(weekday)) % 7;
    date::plus_days(today, -back)
}
