//! A text that is saved by itself: when its field is left, after a pause in typing, and when the screen is left.

use std::time::Duration;

use domain::{Lang, Problem, text};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};

use crate::{
    phone::{
        association::own::{self, Change},
        base::{half_written::Field, keep::throw_away, phone::phone},
        forms::editing::{SmallForm, half_written},
    },
    texts::{own_page as t, problems},
};

/// After so long without a key the text is saved, so that a phone that is put away has lost nothing.
const PAUSE: Duration = Duration::from_secs(5);

#[component]
pub fn TextBox(
    /// The record's field, which is the element's id.
    field: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    /// The language of the text: of one of several texts, which has several lines. A text in any language has one.
    #[prop(optional)]
    of: Option<Lang>,
    /// What is saved.
    value: Memo<String>,
    /// Most characters.
    max: usize,
    wrong: fn(&str) -> Option<Problem>,
    /// The change that a text in its normal form makes, and what is said of it; an empty text takes the field away.
    write: Callback<String, Option<(Change, String)>>,
) -> AnyView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    // The association in view may change by itself, and what was typed here is of the one before.
    let association = phone.identity.association.get_untracked();
    let is_of_another = move || phone.identity.association.get_untracked() != association;
    let about = own::id(phone);
    let begun = about.and_then(|about| half_written(phone, Field::Own(field), about));
    let problem = RwSignal::new(begun.as_ref().and_then(|begun| wrong(&text::normalise(begun))));
    let saved = RwSignal::new(value.get_untracked());
    let typed = RwSignal::new(begun.unwrap_or_else(|| value.get_untracked()));
    // What another device has written, or an undo has brought back, comes into the field only where nobody writes.
    Effect::new(move |before: Option<String>| {
        let now = value.get();
        if is_of_another() {
            return before.unwrap_or(now);
        }
        if before.is_some_and(|before| text::normalise(&typed.get_untracked()) == before) {
            typed.set(now.clone());
        }
        saved.set(now.clone());
        now
    });
    // Kept until it is saved, also where it is wrong and cannot be.
    if let Some(about) = about {
        SmallForm::follow(Field::Own(field), about, move || {
            let typed = typed.get();
            if saved.with(|saved| text::normalise(&typed) == *saved) { String::new() } else { typed }
        });
    }
    // What is on its way to the disk is not saved twice.
    let saving = StoredValue::new(None::<String>);
    let pause = StoredValue::new(None::<TimeoutHandle>);
    let stop_waiting = move || {
        if let Some(timer) = pause.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    let save = move || {
        stop_waiting();
        let (Some(now), Some(before)) = (typed.try_get_untracked(), saved.try_get_untracked()) else { return };
        let new = text::normalise(&now);
        let found = wrong(&new);
        let _ = problem.try_set(found);
        let is_on_its_way = saving.try_get_value().flatten().is_some_and(|saving| saving == new);
        if found.is_some() || new == before || is_on_its_way || is_of_another() {
            return;
        }
        let Some((change, said)) = write.run(new.clone()) else { return };
        saving.set_value(Some(new));
        phone.run(async move {
            let done = own::save_change(phone, change, said).await;
            saving.try_set_value(None);
            // A field that is still there sees by itself what was saved, and whether more was typed since.
            if let (Ok(_), Some(about), true) = (&done, about, typed.is_disposed()) {
                throw_away(phone, Field::Own(field).id(about));
            }
            done
        });
    };
    on_cleanup(save);
    let input = move |event| {
        typed.set(event_target_value(&event));
        // What is wrong is said when the field is left, and taken back as soon as it is mended.
        if problem.get_untracked().is_some() {
            problem.set(wrong(&text::normalise(&typed.get_untracked())));
        }
        stop_waiting();
        pause.set_value(set_timeout_with_handle(save, PAUSE).ok());
    };
    let count = move || typed.with(|typed| text::normalise(typed).chars().count());
    let ids = ["hint", "used", "problem"].map(|name| format!("{field}-{name}"));
    let [hint_id, used_id, problem_id] = ids.clone();
    let described = move || {
        let [hint_id, used_id, problem_id] = ids.clone();
        let parts = [(!hint.is_empty()).then_some(hint_id), Some(used_id), problem.get().map(|_| problem_id)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    let invalid = move || problem.get().map(|_| "true");
    let control = match of {
        Some(of) => view! {
            <textarea id=field rows="8" lang=of.tag() autocomplete="off" aria-invalid=invalid aria-describedby=described
                prop:value=move || typed.get() on:input=input on:change=move |_| save()></textarea>
        }
        .into_any(),
        None => view! {
            <input id=field autocomplete="off" aria-invalid=invalid aria-describedby=described
                prop:value=move || typed.get() on:input=input on:change=move |_| save() />
        }
        .into_any(),
    };
    let what_is_wrong = move || {
        let error = problem.get().map(|problem| domain::FieldError { field, problem });
        error.map(|error| view! { <p class="error" id=problem_id.clone()>{problems::what(lang, error)}</p> })
    };
    view! {
        <div class="field">
            <label for=field lang=of.map(Lang::tag)>{label}</label>
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=hint_id>{hint}</p> })}
            {control}
            <p class="small" id=used_id>{move || t::used(lang, count(), max)}</p>
            {what_is_wrong}
        </div>
    }
    .into_any()
}
