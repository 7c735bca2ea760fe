//! Signing in, and proving again who one is: with a passkey by `public/passkey.js`, with a recovery code without any script.

use domain::Lang;
use leptos::prelude::*;

use super::document::{Document, Files};
use crate::texts::{pages, sign_in as t};

/// What the page shows.
#[derive(Clone, Debug, Default)]
pub struct SignIn {
    /// Its own address, as a value of a query: to come back to after the language was changed.
    pub here: String,
    /// A path of ours to go on to; empty: where the person's role begins.
    pub to: String,
    /// Whoever is signed in proves again who they are.
    pub is_again: bool,
    /// The sign-in of this device was ended from elsewhere, and the app has forgotten what it had.
    pub is_ended: bool,
    /// The domain that passkeys are made for; none where there can be none.
    pub passkey_domain: Option<String>,
    /// What whoever is signed in is called.
    pub signed_in: Option<String>,
    /// What was wrong with the code that was sent.
    pub problem: Option<BadRecoveryCode>,
    /// That code as it was typed.
    pub code: String,
    /// The box was ticked.
    pub is_own_device: bool,
    /// Codes by e-mail, where the operator has set a mail server.
    pub mail: Option<MailForm>,
    /// Further ways that the operator has configured.
    pub other_ways: Vec<OtherWay>,
}

/// The form that asks for a code by e-mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailForm {
    /// What was typed.
    pub address: String,
    /// It is no address.
    pub is_bad: bool,
}

/// Why a recovery code was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadRecoveryCode {
    /// It has so many characters.
    Length(usize),
    /// It is nobody's, or was used.
    Wrong,
    /// It was not looked at: there were too many wrong ones.
    TooMany,
}

/// A further way to sign in: a link, because a form may not lead to another site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherWay {
    pub name: String,
    pub href: String,
}

#[component]
pub fn SignInPage(lang: Lang, files: Files, page: SignIn) -> impl IntoView {
    let title = if page.is_again { t::title_again(lang) } else { t::title(lang) };
    let on = if page.to.is_empty() { "/app".to_owned() } else { page.to.clone() };
    let signed_in = page.signed_in.clone().filter(|_| !page.is_again).map(|name| {
        view! { <p class="notice">{t::signed_in(lang, name)} " " <a href=on rel="external">{t::go_on(lang)}</a></p> }
    });
    let lead = if page.is_again { t::lead_again(lang) } else { t::lead(lang) };
    let has_mistake = page.problem.is_some() || page.mail.as_ref().is_some_and(|mail| mail.is_bad);
    let mistake = has_mistake.then_some("! ");
    view! {
        <Document lang files title=[mistake.unwrap_or_default(), title].concat() here=page.here.clone()>
            <h1>{title}</h1>
            {page.is_ended.then(|| view! { <p class="notice" role="status">{t::ended(lang)}</p> })}
            <p class="lead">{lead}</p>
            {signed_in}
            <div class="columns">
                <Passkey lang page=page.clone() />
                <RecoveryCode lang page=page.clone() />
                {page.mail.clone().map(|mail| view! { <CodeByMail lang page=page.clone() mail /> })}
            </div>
            <OtherWays lang ways=page.other_ways />
            <section aria-labelledby="no-way">
                <h2 id="no-way">{t::no_way(lang)}</h2>
                <p>{t::no_way_help(lang)}</p>
                <p class="row">
                    <a class="button quiet" href="/app/kutsu" rel="external">{t::invitation(lang)}</a>
                    <a class="button quiet" href="/">{pages::back_to_start(lang)}</a>
                </p>
            </section>
            <script type="module" src="/passkey.js"></script>
        </Document>
    }
}

/// The words that `public/passkey.js` says, by the server's codes.
#[component]
pub(super) fn PasskeyWords(lang: Lang) -> impl IntoView {
    let words = [
        ("working", t::working(lang)),
        ("not-supported", t::not_supported(lang)),
        ("no-answer", t::no_answer(lang)),
        ("passkey-no-domain", t::no_domain(lang)),
        ("passkey-unknown", t::unknown(lang)),
        ("passkey-other-origin", t::other_origin(lang)),
        ("passkey-copied", t::copied(lang)),
        ("passkey-expired", t::expired(lang)),
        ("passkey-other-person", t::other_person(lang)),
        ("passkey-failed", t::failed(lang)),
        ("too-many", t::too_many(lang)),
    ];
    let words = words.map(|(code, words)| view! { <span data-code=code>{words}</span> });
    view! { <div data-words="" hidden>{words.into_iter().collect_view()}</div> }
}

#[component]
fn Passkey(lang: Lang, page: SignIn) -> impl IntoView {
    let Some(domain) = page.passkey_domain else {
        return view! {
            <section class="card" aria-labelledby="passkey">
                <h2 id="passkey">{t::passkey(lang)}</h2>
                <p>{t::no_domain(lang)}</p>
            </section>
        }
        .into_any();
    };
    let button = if page.is_again { t::passkey_button_again(lang) } else { t::passkey_button(lang) };
    let own = (!page.is_again).then(|| {
        view! {
            <label class="check">
                <input type="checkbox" name="oma" value="1" checked=page.is_own_device aria-describedby="own-help" />
                {t::own_device(lang)}
            </label>
            <p class="hint" id="own-help">{t::own_device_help(lang)}</p>
        }
    });
    view! {
        <section class="card" aria-labelledby="passkey">
            <h2 id="passkey">{t::passkey(lang)}</h2>
            <p>{t::passkey_help(lang)}</p>
            <noscript><p class="notice">{t::no_script(lang)}</p></noscript>
            <form data-passkey="sign-in" data-domain=domain data-to=page.to data-again=page.is_again.then_some("1") hidden>
                <button class="button big">{button}</button>
                {own}
            </form>
            <Said lang cancelled=t::cancelled(lang) />
        </section>
    }
    .into_any()
}

/// Where the script says what became of it. The words wait in the page, hidden.
#[component]
pub(super) fn Said(lang: Lang, cancelled: &'static str) -> impl IntoView {
    view! {
        <p role="status" data-said="status"></p>
        <p class="error" role="alert" data-said="alert" hidden></p>
        <p class="notice" data-said="elsewhere" hidden>{t::elsewhere(lang)} " " <a></a></p>
        <span data-code="cancelled" hidden>{cancelled}</span>
        <PasskeyWords lang />
    }
}

#[component]
fn RecoveryCode(lang: Lang, page: SignIn) -> impl IntoView {
    let button = if page.is_again { t::code_button_again(lang) } else { t::code_button(lang) };
    let problem = page.problem.map(|problem| {
        let what = match problem {
            BadRecoveryCode::Length(count) => t::code_length(lang, count),
            BadRecoveryCode::Wrong => t::code_wrong(lang).to_owned(),
            BadRecoveryCode::TooMany => t::too_many(lang).to_owned(),
        };
        view! { <p class="error" id="code-problem" role="alert">{what}</p> }
    });
    let is_bad = page.problem.is_some();
    let described = if is_bad { "code-problem code-help" } else { "code-help" };
    let own = (!page.is_again).then(|| {
        view! {
            <label class="check">
                <input type="checkbox" name="oma" value="1" checked=page.is_own_device />
                {t::own_device(lang)}
            </label>
        }
    });
    let again = page.is_again.then(|| view! { <input type="hidden" name="varmista" value="1" /> });
    view! {
        <section class="card" aria-labelledby="recovery">
            <h2 id="recovery">{t::code(lang)}</h2>
            <form class="field" method="post" action="/kirjaudu/varakoodi">
                <input type="hidden" name="to" value=page.to />
                {again}
                <label for="code">{t::code(lang)}</label>
                <p class="hint" id="code-help">{t::code_help(lang)}</p>
                {problem}
                <input id="code" name="koodi" value=page.code required maxlength="40" autocomplete="off" autocapitalize="characters"
                    spellcheck="false" aria-describedby=described aria-invalid=is_bad.then_some("true") autofocus=is_bad />
                {own}
                <button class="button quiet">{button}</button>
            </form>
        </section>
    }
}

#[component]
fn CodeByMail(lang: Lang, page: SignIn, mail: MailForm) -> impl IntoView {
    let problem = mail.is_bad.then(|| {
        view! { <p class="error" id="address-problem" role="alert">{t::mail_no_address(lang)}</p> }
    });
    let described = if mail.is_bad { "address-problem address-help" } else { "address-help" };
    let own = (!page.is_again).then(|| {
        view! {
            <label class="check">
                <input type="checkbox" name="oma" value="1" checked=page.is_own_device />
                {t::own_device(lang)}
            </label>
        }
    });
    let again = page.is_again.then(|| view! { <input type="hidden" name="varmista" value="1" /> });
    view! {
        <section class="card" aria-labelledby="by-mail">
            <h2 id="by-mail">{t::mail(lang)}</h2>
            <form class="field" method="post" action="/kirjaudu/sahkoposti">
                <input type="hidden" name="to" value=page.to />
                {again}
                <label for="address">{t::mail_address(lang)}</label>
                <p class="hint" id="address-help">{t::mail_help(lang)}</p>
                {problem}
                <input id="address" name="osoite" type="email" value=mail.address required maxlength="254" autocomplete="email"
                    aria-describedby=described aria-invalid=mail.is_bad.then_some("true") autofocus=mail.is_bad />
                {own}
                <button class="button quiet">{t::mail_button(lang)}</button>
            </form>
        </section>
    }
}

#[component]
fn OtherWays(lang: Lang, ways: Vec<OtherWay>) -> impl IntoView {
    if ways.is_empty() {
        return ().into_any();
    }
    let links = ways.into_iter().map(|way| view! { <a class="button quiet" href=way.href>{way.name}</a> });
    view! {
        <section aria-labelledby="other-ways">
            <h2 id="other-ways">{t::other_ways(lang)}</h2>
            <p class="row">{links.collect_view()}</p>
        </section>
    }
    .into_any()
}
