//! Where the code is typed that was sent by e-mail. No script.

use domain::Lang;
use leptos::prelude::*;

use super::document::{Document, Files};
use crate::texts::sign_in as t;

/// What the page shows.
#[derive(Clone, Debug, Default)]
pub struct MailCode {
    /// Its own address, as a value of a query: to come back to after the language was changed.
    pub here: String,
    /// The page with the other ways to sign in, where another code can be asked for.
    pub other_ways: String,
    /// A path of ours to go on to; empty: where the person's role begins.
    pub to: String,
    /// Whoever is signed in proves again who they are.
    pub is_again: bool,
    /// The box on the page before was ticked.
    pub is_own_device: bool,
    /// What was wrong with the code that was sent.
    pub problem: Option<BadMailCode>,
    /// That code as it was typed.
    pub code: String,
}

/// Why a code was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadMailCode {
    /// It has so many characters.
    Length(usize),
    /// It is another one, or none any more.
    Wrong,
    /// It was not looked at: there were too many wrong ones.
    TooMany,
}

#[component]
pub fn MailCodePage(lang: Lang, files: Files, page: MailCode) -> impl IntoView {
    let title = t::mail_code_title(lang);
    let button = if page.is_again { t::mail_code_button_again(lang) } else { t::mail_code_button(lang) };
    let problem = page.problem.map(|problem| {
        let what = match problem {
            BadMailCode::Length(count) => t::mail_code_length(lang, count),
            BadMailCode::Wrong => t::mail_code_wrong(lang).to_owned(),
            BadMailCode::TooMany => t::too_many(lang).to_owned(),
        };
        view! { <p class="error" id="code-problem" role="alert">{what}</p> }
    });
    let is_bad = page.problem.is_some();
    let described = if is_bad { "code-problem code-help" } else { "code-help" };
    let mistake = if is_bad { "! " } else { "" };
    let again = page.is_again.then(|| view! { <input type="hidden" name="varmista" value="1" /> });
    let own = page.is_own_device.then(|| view! { <input type="hidden" name="oma" value="1" /> });
    view! {
        <Document lang files title=[mistake, title].concat() here=page.here.clone()>
            <h1>{title}</h1>
            <p class="lead">{t::mail_code_lead(lang)}</p>
            <form class="field" method="post" action="/kirjaudu/koodi">
                <input type="hidden" name="to" value=page.to />
                {again}
                {own}
                <label for="code">{t::mail_code(lang)}</label>
                <p class="hint" id="code-help">{t::mail_code_help(lang)}</p>
                {problem}
                <input id="code" name="koodi" value=page.code required maxlength="40" autocomplete="one-time-code"
                    autocapitalize="characters" spellcheck="false" aria-describedby=described
                    aria-invalid=is_bad.then_some("true") autofocus=is_bad />
                <button class="button">{button}</button>
            </form>
            <section aria-labelledby="no-code">
                <h2 id="no-code">{t::no_mail_code(lang)}</h2>
                <p>{t::no_mail_code_help(lang)}</p>
                <p class="row"><a class="button quiet" href=page.other_ways>{t::mail_other_ways(lang)}</a></p>
            </section>
        </Document>
    }
}
