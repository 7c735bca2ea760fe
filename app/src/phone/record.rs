//! Recording a gathering: how many came, how many helped. Three numbers, the rest is remembered.

use domain::{
    FieldError, Kind, RecordId, bounds,
    codes::{ActivityForm, Municipality},
    date,
    gathering::CountBasis,
};
use leptos::{prelude::*, task::spawn_local};
use sync::outbox::Body;

use super::{
    address::address,
    calendar::DayChoice,
    context::{Row, phone},
    counter::Counter,
    gathering_form::GatheringForm,
    show::Show,
};
use crate::{
    format::{hours, short_day},
    texts::{problems, volunteer as t},
};

/// `/app/kirjaa/{series}`, `/app/kirjaa/muu`, `/app/kerta/{id}`, `/app/kesken/{id}`.
#[component]
pub fn RecordPage(what: String, id: String) -> impl IntoView {
    let phone = phone();
    // Said again with the same value, it must not draw the form anew under the thumb.
    let loaded = Memo::new(move |_| phone.loaded.get());
    move || {
        // Only the address and the loading decide which form this is; later changes must not rebuild it under the thumb.
        loaded.get().then(|| {
            let form = untrack(|| open_form(&what, &id));
            match form {
                Some((form, is_new)) => view! { <RecordForm form is_new /> }.into_any(),
                None => {
                    view! { <p class="empty">{move || t::no_gatherings(phone.lang.get_untracked())}</p> }.into_any()
                }
            }
        })
    }
}

fn open_form(what: &str, id: &str) -> Option<(GatheringForm, bool)> {
    let phone = phone();
    let today = phone.today.get();
    let rows = phone.gatherings();
    match what {
        "kerta" => {
            let id = RecordId::parse(id)?;
            let row = rows.into_iter().find(|row| row.shown.id == id)?;
            Some((GatheringForm::from_content(id, &row.shown.content, today), false))
        }
        "kesken" => {
            let id = RecordId::parse(id)?;
            let (_, state) = phone.drafts.get().into_iter().find(|(draft, _)| *draft == id)?;
            let content = serde_json::from_str(&state).ok()?;
            Some((GatheringForm::from_content(id, &content, today), true))
        }
        _ => {
            let series = phone.series();
            let chosen = RecordId::parse(id).and_then(|id| series.iter().find(|(other, _)| *other == id));
            let last =
                rows.iter().find(|row| row.gathering.is_held() && row.gathering.series == chosen.map(|(id, _)| *id));
            let home =
                phone.own_association().map(|association| association.home).or_else(|| Municipality::all().next())?;
            let new_id = phone.ask(|services| services.new_id());
            let chosen_ref = chosen.map(|(id, series)| (*id, series));
            let last = last.filter(|_| chosen.is_some());
            let form = GatheringForm::new(new_id, chosen_ref, last, home, today);
            // The day that the card on Home says, where that evening has not been recorded yet.
            let usual = chosen.and_then(|(id, series)| Some((*id, last_usual_day(series.weekday?, today))));
            let is_recorded =
                |id, day| rows.iter().any(|row| row.gathering.series == Some(id) && row.gathering.date == day);
            if let Some((_, day)) = usual.filter(|(id, day)| !is_recorded(*id, *day)) {
                form.date.set(day);
            }
            Some((form, true))
        }
    }
}

#[component]
fn RecordForm(form: GatheringForm, is_new: bool) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let address = address();
    let errors = RwSignal::new(Vec::<FieldError>::new());
    let failed = RwSignal::new(None::<String>);
    let saving = RwSignal::new(false);

    let rows = Memo::new(move |_| phone.gatherings());
    let last_count = move || {
        let own = |row: &&Row| row.gathering.series == form.series.get() && row.shown.id != form.id;
        let series = form.series.get()?;
        rows.with(|rows| {
            let held = rows.iter().filter(own).find_map(|row| row.gathering.heads.as_ref());
            held.map(|heads| heads.participants)
        })
        .filter(|_| !series.uuid().is_nil())
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

    // S1: a draft at most 300 ms after a change, and at once when the app is hidden (the browser keeps what was put).
    let draft_timer = StoredValue::new(None::<TimeoutHandle>);
    let touched = StoredValue::new(false);
    let keep_draft = move || {
        let content = form.content();
        if !is_new || !touched.get_value() {
            return;
        }
        if let Some(timer) = draft_timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        let put = move || {
            if let Ok(state) = serde_json::to_string(&content) {
                phone.act(|actions| actions.put_draft(form.id, state));
            }
        };
        if let Ok(timer) = set_timeout_with_handle(put, std::time::Duration::from_millis(250)) {
            draft_timer.set_value(Some(timer));
        }
    };
    Effect::new(move |_| keep_draft());
    let touch = Callback::new(move |()| touched.set_value(true));

    let save = move || {
        let today = phone.today.get_untracked();
        match untrack(|| form.parse(today)) {
            Err(problems) => {
                errors.set(problems);
                focus("errors");
            }
            Ok(content) if !saving.get_untracked() => {
                errors.set(Vec::new());
                saving.set(true);
                touched.set_value(false);
                if let Some(timer) = draft_timer.try_update_value(Option::take).flatten() {
                    timer.clear();
                }
                spawn_local(async move {
                    let edits = vec![(form.id, Kind::Gathering, Body::Content(content))];
                    let said = t::state_waiting(lang).to_owned();
                    let done = phone.save(edits, said).await;
                    saving.set(false);
                    match done {
                        Ok(()) => address.go("/app/kerrat"),
                        // Nothing false is said: the form keeps its content and its draft.
                        Err(reason) => {
                            touched.set_value(true);
                            failed.set(Some(reason.0));
                            focus("errors");
                        }
                    }
                });
            }
            Ok(_) => {}
        }
    };
    let title = move || {
        let series = phone.series();
        let own = form.series.get().and_then(|id| series.into_iter().find(|(other, _)| *other == id));
        own.map_or_else(|| t::other_gathering(lang).to_owned(), |(_, series)| series.name)
    };
    let whole = |number: u32| number.to_string();
    let number_error = move |field: &'static str| {
        move || errors.with(|all| all.iter().find(|e| e.field == field).map(|e| problems::problem(lang, e.problem)))
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
            {move || same_evening().map(|text| view! { <p class="notice">{text}</p> })}
            <Show when=move || form.rest.with(|_| form.series.get().is_none())>
                <FormChoice form touch />
            </Show>
            <Show when=move || !form.cancelled.get()>
                <Counter
                    id="participants"
                    label=t::how_many(lang)
                    hint=t::how_many_hint(lang)
                    value=form.participants
                    max=bounds::PARTICIPANTS_MAX
                    show=whole read=read_whole changed=touch
                />
                <FieldError text=Signal::derive(number_error("participants")) />
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
                    show=whole read=read_whole
                    changed=Callback::new(move |()| { form.volunteers_changed(); touch.run(()); })
                />
                <Counter
                    id="hours"
                    label=t::hours_together(lang)
                    hint=t::hours_hint(lang)
                    value=form.quarter_hours
                    max=bounds::VOLUNTEERS_MAX * bounds::QUARTER_HOURS_PER_DAY
                    step=2
                    show=Callback::new(move |quarters: u32| hours(lang, quarters.into()))
                    read=read_hours
                    changed=Callback::new(move |()| { form.hours_changed(); touch.run(()); })
                />
                <FieldError text=Signal::derive(number_error("volunteer_quarter_hours")) />
            </Show>
            <DayChoice value=form.date changed=touch />
            <FieldError text=Signal::derive(number_error("date")) />
            <label class="check">
                <input type="checkbox" prop:checked=move || form.cancelled.get()
                    on:change=move |event| { form.cancelled.set(event_target_checked(&event)); touch.run(()); } />
                <span>{t::not_held(lang)}</span>
            </label>
            <Details form touch />
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

/// The optional fields, folded.
#[component]
fn Details(form: GatheringForm, touch: Callback<()>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let text = move |signal: RwSignal<String>| {
        move |event: leptos::ev::Event| {
            signal.set(event_target_value(&event));
            touch.run(());
        }
    };
    let bases = [CountBasis::Counted, CountBasis::Sample, CountBasis::Estimated];
    let basis_name = move |basis: CountBasis| match basis {
        CountBasis::Counted => t::basis_counted(lang),
        CountBasis::Sample => t::basis_sample(lang),
        CountBasis::Estimated => t::basis_estimated(lang),
    };
    view! {
        <details class="more">
            <summary>{t::add_details(lang)}</summary>
            <Show when=move || !form.cancelled.get()>
                <Counter
                    id="first-timers"
                    label=t::first_timers(lang)
                    hint=""
                    value=form.first_timers
                    max=bounds::PARTICIPANTS_MAX
                    show=|number: u32| number.to_string()
                    read=read_whole
                    changed=touch
                />
                <fieldset>
                    <legend>{t::basis(lang)}</legend>
                    <div class="chips">
                        {bases.map(|basis| view! {
                            <button type="button" class="chip" aria-pressed=move || (form.basis.get() == basis).to_string()
                                on:click=move |_| { form.basis.set(basis); touch.run(()); }>{move || basis_name(basis)}</button>
                        }).into_iter().collect_view()}
                    </div>
                </fieldset>
            </Show>
            <label class="field">
                <span>{t::place(lang)}</span>
                <input maxlength=bounds::PLACE_MAX_CHARS.to_string() prop:value=move || form.place.get() on:input=text(form.place) />
            </label>
            <label class="field">
                <span>{t::municipality(lang)}</span>
                <select on:change=text(form.municipality)>
                    {move || Municipality::all().map(|place| view! {
                        <option value=place.code() selected=move || form.municipality.get() == place.code()>{place.name(lang)}</option>
                    }).collect_view()}
                </select>
            </label>
            <label class="field">
                <span>{t::note(lang)}</span>
                <span class="hint">{t::note_hint(lang)}</span>
                <textarea rows="3" maxlength=bounds::NOTE_MAX_CHARS.to_string() prop:value=move || form.note.get()
                    on:input=text(form.note)></textarea>
            </label>
        </details>
    }
}

#[component]
fn FieldError(text: Signal<Option<String>>) -> impl IntoView {
    move || text.get().map(|text| view! { <p class="error">{text}</p> })
}

/// A whole number as typed, with or without spaces.
fn read_whole(text: String) -> Option<u32> {
    text.replace(['\u{a0}', ' '], "").parse().ok()
}

/// Hours as typed, with a comma or a point, to the nearest quarter hour.
fn read_hours(text: String) -> Option<u32> {
    let text = text.trim().replace(',', ".");
    let is_decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    // The browser reads the number: Rust's own reader would bring 15 kB of tables. What is none is NaN and out of range.
    let hours = if is_decimal { wasm_bindgen::JsValue::from(text).unchecked_into_f64() } else { f64::NAN };
    (0.0..=1e6).contains(&hours).then(|| (hours * 4.0).round() as u32)
}

fn focus(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || {
        let element = document().get_element_by_id(&id);
        if let Some(element) = element.and_then(|e| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(e).ok()) {
            let _ = element.focus();
        }
    });
}

/// The day of the usual weekday that is today or last passed.
pub fn last_usual_day(weekday: u8, today: domain::Date) -> domain::Date {
    let back = (7 + i32::from(date::weekday(today)) - i32::from(weekday)) % 7;
    date::plus_days(today, -back)
}
