//! One gathering as its reviewer sees it: its numbers, where it stands, and what can be done about it.

use domain::{
    Date, FieldError, RecordId,
    bounds::COMMENT_MAX_CHARS,
    date, personal,
    review::{Listed, ReviewState, Verdict},
};
use leptos::prelude::*;
use sync::view::{Delivery, Shown};

use super::history::History;
use crate::{
    format::short_day,
    phone::{
        base::{
            address::Link,
            half_written::Field,
            phone::phone,
            records::Row,
            widgets::Show,
            words::{key, numbers_text},
        },
        forms::editing::{SmallForm, half_written},
    },
    texts::{association as t, board as b, groups, problems, volunteer},
};

/// A gathering as the rules of the review know it.
pub fn listed(row: &Row) -> Listed {
    let Shown { id, rev, .. } = row.shown;
    Listed { gathering: id, revision: rev, state: row.state, is_received: is_received(row) }
}

fn is_received(row: &Row) -> bool {
    matches!(row.shown.delivery, Delivery::Received { .. })
}

/// Gatherings under a heading. One is not drawn anew, with its open question, before something of it has changed.
#[component]
pub fn Gatherings(
    #[prop(into)] rows: Signal<Vec<Row>>,
    /// Those that nobody approves before they are settled.
    unsettled: Memo<Vec<RecordId>>,
    /// The gathering whose question opens.
    ask: RwSignal<Option<RecordId>>,
) -> impl IntoView {
    view! { <ul class="list"><For each=move || rows.get() key let:row><Line row unsettled ask /></For></ul> }
}

/// Usual days without a record, each with the way to record it.
#[component]
pub fn MissingDays(group: Option<RecordId>, days: Memo<Vec<Date>>) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let day = move |day: Date| {
        let text = short_day(lang, day);
        group.map(|group| {
            view! {
                <Link href=format!("/app/kirjaa/{group}/{}", date::iso(day)) class="button quiet">
                    {groups::record(lang)}" "{text}
                </Link>
            }
        })
    };
    move || {
        let days = days.get();
        let listed = days.iter().map(|day| short_day(lang, *day)).collect::<Vec<_>>().join(", ");
        (!days.is_empty()).then(|| {
            view! {
                <div class="notice">
                    <p>{t::missing(lang, listed)}</p>
                    <p class="row">{days.into_iter().map(day).collect_view()}</p>
                </div>
            }
        })
    }
}

#[component]
fn Line(row: Row, unsettled: Memo<Vec<RecordId>>, ask: RwSignal<Option<RecordId>>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let (id, rev) = (row.shown.id, row.shown.rev);
    let received = is_received(&row);
    let can_return = received && row.state != ReviewState::Returned;
    // A question that somebody is in the middle of stands open; after an approval it waits to be asked for.
    let returning = RwSignal::new(
        received && row.state == ReviewState::Recorded && half_written(phone, Field::ReturnComment, id).is_some(),
    );
    Effect::new(move |_| {
        if can_return && ask.get() == Some(id) {
            returning.set(true);
            ask.set(None);
        }
    });
    let history = RwSignal::new(false);
    let (class, state) = match (received, row.state) {
        (false, _) => ("badge waiting", t::state_on_this_device(lang)),
        (true, ReviewState::Recorded) => ("badge recorded", t::state_recorded(lang)),
        (true, ReviewState::Approved) => ("badge received", t::state_approved(lang)),
        (true, ReviewState::Returned) => ("badge returned", t::state_returned(lang)),
    };
    let numbers = match &row.gathering.heads {
        None => volunteer::cancelled(lang).to_owned(),
        Some(heads) => {
            let (people, helpers) = (Some(heads.participants), Some(heads.volunteers));
            numbers_text(lang, people, helpers, Some(heads.volunteer_quarter_hours))
        }
    };
    let day = short_day(lang, row.gathering.date);
    let named = StoredValue::new(day.clone());
    let of_day = move || view! { <span class="visually-hidden">" "{named.get_value()}</span> };
    let approve = move |_| {
        let review = phone.review(id, rev, Verdict::Approved, None);
        phone.run(phone.save(vec![review], t::state_approved(lang).to_owned()));
    };
    // What waits is approved alone, too; what was asked, after all.
    let approve_text = match (received, row.state) {
        (true, ReviewState::Recorded) => Some(b::approve(lang)),
        (true, ReviewState::Returned) => Some(t::approve_after_all(lang)),
        _ => None,
    };
    let is_settled = Memo::new(move |_| !unsettled.with(|unsettled| unsettled.contains(&id)));
    let approve_button = move || {
        let text = approve_text.filter(|_| is_settled.get())?;
        Some(view! { <button class="button quiet" on:click=approve>{text}{of_day()}</button> })
    };
    view! {
        <li>
            <p><strong>{day}</strong>" "<span>{numbers}</span></p>
            {row.gathering.note.clone().map(|note| view! { <p class="small">{note}</p> })}
            <p class=class><span>{state}</span></p>
            {row.comment.clone().map(|comment| view! { <p class="small">"”"{comment}"”"</p> })}
            {row.shown.by.clone().map(|by| view! { <p class="small">{t::recorded_by(lang, by)}</p> })}
            <p class="row">
                {approve_button}
                {can_return.then(|| view! {
                    <button class="button quiet" aria-expanded=move || returning.get().to_string()
                        on:click=move |_| returning.update(|open| *open = !*open)>{t::return_gathering(lang)}{of_day()}</button>
                })}
                <Link href=format!("/app/kerta/{id}") class="button quiet">{volunteer::edit(lang)}{of_day()}</Link>
                {received.then(|| view! {
                    <button class="button quiet" aria-expanded=move || history.get().to_string()
                        on:click=move |_| history.update(|open| *open = !*open)>{b::history(lang)}{of_day()}</button>
                })}
            </p>
            <Show when=move || can_return && returning.get()><ReturnForm id rev /></Show>
            <Show when=move || history.get()><History id /></Show>
        </li>
    }
}

/// The question with which a gathering goes back to who recorded it.
#[component]
fn ReturnForm(id: RecordId, rev: u32) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let comment = RwSignal::new(half_written(phone, Field::ReturnComment, id).unwrap_or_default());
    let wrong = RwSignal::new(None::<String>);
    let kept = SmallForm::follow(Field::ReturnComment, id, move || comment.get());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = comment.get_untracked();
        wrong.set(match text.chars().count() {
            _ if text.trim().is_empty() => Some(t::return_needs_question(lang).to_owned()),
            length if length > COMMENT_MAX_CHARS => Some(problems::too_long(lang, COMMENT_MAX_CHARS)),
            _ => personal::find(&text).map(|problem| problems::what(lang, FieldError { field: "comment", problem })),
        });
        if wrong.with_untracked(Option::is_some) {
            return;
        }
        let review = phone.review(id, rev, Verdict::Returned, Some(text));
        kept.save(vec![review], t::state_returned(lang).to_owned());
    };
    view! {
        <form on:submit=send novalidate>
            <label class="field">
                <span>{t::return_comment(lang)}</span>
                <span class="hint">{t::return_hint(lang)}</span>
                <textarea rows="2" aria-invalid=move || wrong.with(Option::is_some).then_some("true") prop:value=move || comment.get()
                    on:input=move |event| comment.set(event_target_value(&event))></textarea>
            </label>
            {move || wrong.get().map(|wrong| view! { <p class="error" role="alert">{wrong}</p> })}
            <button class="button">{t::return_send(lang)}</button>
        </form>
    }
}
