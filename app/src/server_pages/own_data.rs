//! What the service keeps about whoever is signed in: to see, to download, to delete. Plain forms, no script.

use domain::Lang;
use leptos::prelude::*;

use super::document::{Document, Files};
use crate::texts::{own_data as t, pages};

/// What the page shows. Every line is in the reader's language.
#[derive(Clone, Debug)]
pub struct OwnDataShown {
    /// This sign-in does not show all of it.
    pub is_partial: bool,
    pub memberships: Vec<String>,
    pub sign_ins: Vec<String>,
    /// At most one line.
    pub mail_address: Vec<String>,
    /// Of deadlines.
    pub reminders: Vec<String>,
    pub devices: Vec<String>,
    pub recorded: Vec<String>,
    pub invitations: Vec<String>,
    /// For programs, that the reader made.
    pub tokens: Vec<String>,
    pub log: Vec<String>,
    /// There is more in the log than is shown.
    pub log_is_longer: bool,
    pub deletion: DeletionShown,
    /// The word that was typed is not the one that was asked for.
    pub wrong_word: bool,
}

/// Whether the reader can be deleted now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeletionShown {
    Ready,
    /// They have to prove again who they are.
    ProveFirst,
    /// They are the last reviewer of this association.
    LastReviewer(String),
    LastOperator,
    /// One of the demo's people, who are everybody's.
    Demo,
}

/// Where the reader proves again who they are, and comes back from.
pub const PROVE_AGAIN: &str = "/kirjaudu?to=/oma/tiedot&varmista=1";

#[component]
pub fn OwnDataPage(lang: Lang, files: Files, shown: OwnDataShown) -> impl IntoView {
    let OwnDataShown { is_partial, memberships, sign_ins, mail_address, devices, recorded, .. } = shown.clone();
    let OwnDataShown { reminders, invitations, tokens, log, .. } = shown.clone();
    let partial = is_partial.then(|| {
        view! { <p class="notice">{t::partial(lang)} " " <a href=PROVE_AGAIN>{t::prove(lang)}</a></p> }
    });
    let longer = shown.log_is_longer.then(|| view! { <p class="hint">{t::log_longer(lang)}</p> });
    let download = (!is_partial).then(|| {
        view! {
            <form method="post" action="/oma/tiedot.json">
                <button class="button">{t::download(lang)}</button>
                <p class="hint">{t::download_help(lang)}</p>
            </form>
        }
    });
    view! {
        <Document lang files title=t::title(lang).to_owned() here="/oma/tiedot".to_owned()>
            <h1>{t::title(lang)}</h1>
            <p class="lead">{t::lead(lang)}</p>
            {partial}
            {download}
            {part(lang, "memberships", t::memberships(lang), memberships)}
            {part(lang, "sign-ins", t::sign_ins(lang), sign_ins)}
            {part(lang, "mail-address", t::mail_title(lang), mail_address)}
            {part(lang, "reminders", t::reminders(lang), reminders)}
            {part(lang, "devices", t::devices(lang), devices)}
            {part(lang, "recorded", t::recorded(lang), recorded)}
            {part(lang, "invitations", t::invitations(lang), invitations)}
            {part(lang, "tokens", t::tokens(lang), tokens)}
            {part(lang, "log", t::log(lang), log)}
            {longer}
            <Deletion lang deletion=shown.deletion wrong_word=shown.wrong_word />
        </Document>
    }
}

/// A list under a heading; an empty one says so.
fn part(lang: Lang, id: &'static str, title: &'static str, lines: Vec<String>) -> impl IntoView {
    let none = lines.is_empty().then(|| view! { <p>{t::none(lang)}</p> });
    let list = (!lines.is_empty()).then(|| {
        view! { <ul>{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul> }
    });
    view! {
        <section aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {none}
            {list}
        </section>
    }
}

#[component]
fn Deletion(lang: Lang, deletion: DeletionShown, wrong_word: bool) -> impl IntoView {
    let now = match deletion {
        DeletionShown::Ready => {
            let error =
                wrong_word.then(|| view! { <p class="error" id="word-error" role="alert">{t::wrong_word(lang)}</p> });
            view! {
                <form class="field" method="post" action="/oma/poista">
                    <label for="word">{t::word_label(lang)}</label>
                    <input
                        id="word"
                        name="sana"
                        required
                        maxlength="20"
                        autocomplete="off"
                        autocapitalize="characters"
                        aria-describedby=wrong_word.then_some("word-error")
                        aria-invalid=wrong_word.then_some("true")
                    />
                    {error}
                    <button class="button quiet">{t::delete_button(lang)}</button>
                </form>
            }
            .into_any()
        }
        DeletionShown::ProveFirst => {
            view! { <p class="notice">{t::prove_first(lang)} " " <a href=PROVE_AGAIN>{t::prove(lang)}</a></p> }
                .into_any()
        }
        DeletionShown::LastReviewer(name) => view! { <p class="notice">{t::last_reviewer(lang, name)}</p> }.into_any(),
        DeletionShown::LastOperator => view! { <p class="notice">{t::last_operator(lang)}</p> }.into_any(),
        DeletionShown::Demo => view! { <p class="notice">{t::demo(lang)}</p> }.into_any(),
    };
    view! {
        <section aria-labelledby="delete">
            <h2 id="delete">{t::delete_title(lang)}</h2>
            <ul>
                <li>{t::delete_goes(lang)}</li>
                <li>{t::delete_stays(lang)}</li>
                <li>{t::delete_phone(lang)}</li>
                <li>{t::delete_backups(lang)}</li>
            </ul>
            {now}
        </section>
    }
}

/// After the deletion.
#[component]
pub fn DeletedPage(lang: Lang, files: Files) -> impl IntoView {
    view! {
        <Document lang files title=t::deleted_title(lang).to_owned() here="/".to_owned()>
            <h1>{t::deleted_title(lang)}</h1>
            <p class="lead">{t::deleted(lang)}</p>
            <p>{t::delete_phone(lang)}</p>
            <p><a class="button" href="/">{pages::back_to_start(lang)}</a></p>
        </Document>
    }
}
