//! The field for a code, in two groups as it is typed.

use domain::invitation_code::{CodeProblem, Invitation, in_groups};
use js_sys::Reflect;
use leptos::{ev, html, prelude::*};
use web_sys::HtmlInputElement;

use crate::{
    phone::base::{phone::phone, widgets::focus},
    texts::join as t,
};

/// A code, or a link that is pasted in its place.
#[component]
pub fn CodeForm(
    /// What is in the field; it stays when the code was not right.
    text: RwSignal<String>,
    found: Callback<Invitation>,
) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let problem = RwSignal::new(None);
    let field = NodeRef::<html::Input>::new();
    // Only Apple's browsers have the word: a code is no misspelt one.
    field.on_load(|field| {
        let _ = field.set_attribute("autocorrect", "off");
    });
    let look = move || match Invitation::parse(&text.get_untracked()) {
        Ok(invitation) => found.run(invitation),
        Err(error) => {
            problem.set(Some(match error {
                CodeProblem::Length(count) => t::code_length(lang, count),
                CodeProblem::Character(character) => t::code_character(lang, character),
            }));
            focus("#code");
        }
    };
    let typed = move |event: ev::Event| {
        problem.set(None);
        let field = event_target::<HtmlInputElement>(&event);
        let value = field.value();
        if value.contains(['#', '/']) {
            // A link, whole or in the middle of being pasted together.
            text.set(value.clone());
            if let Ok(invitation) = Invitation::parse(&value) {
                found.run(invitation);
            }
            return;
        }
        // A keyboard that is in the middle of a word of its own would write it a second time.
        let composes = Reflect::get(&event, &"isComposing".into()).is_ok_and(|composes| composes.is_truthy());
        if composes {
            return text.set(value);
        }
        let caret = field.selection_start().ok().flatten().map_or(value.len(), |caret| caret as usize);
        let (grouped, caret) = in_groups(&value, caret);
        if grouped != value {
            field.set_value(&grouped);
            let _ = field.set_selection_range(caret as u32, caret as u32);
        }
        text.set(grouped);
    };
    let regroup = move || {
        text.update(|text| {
            if !text.contains(['#', '/']) {
                *text = in_groups(text, 0).0;
            }
        });
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        look();
    };
    view! {
        <form class="field" on:submit=submit novalidate>
            <label for="code">{t::code(lang)}</label>
            <p class="hint" id="code-hint">{t::code_hint(lang)}</p>
            <input node_ref=field id="code" class="join-code" autocapitalize="characters" autocomplete="off" spellcheck="false"
                enterkeyhint="go" aria-describedby="code-hint code-problem"
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                prop:value=move || text.get() on:input=typed on:compositionend=move |_| regroup() on:blur=move |_| regroup() />
            <p class="error" id="code-problem" role="alert" hidden=move || problem.with(Option::is_none)>{move || problem.get()}</p>
            <p><button class="button big">{t::look(lang)}</button></p>
        </form>
    }
}
