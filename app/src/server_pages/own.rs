//! What a person sees and changes of themselves. In sections, each of which stands by itself.

use domain::Lang;
use leptos::prelude::*;

use super::{
    document::{Document, Files},
    sign_in::Said,
};
use crate::texts::{common, own as t, own_data, sign_in};

/// What the page shows. Days are in the reader's language.
#[derive(Clone, Debug)]
pub struct Own {
    pub roles: Vec<Role>,
    pub sign_ins: Vec<SignInLine>,
    pub keys: Vec<Key>,
    /// Recovery codes that were not used.
    pub codes_left: u32,
    /// The person is more than a volunteer.
    pub needs_key: bool,
    /// The person has proved in the last minutes who they are.
    pub is_fresh: bool,
    /// The domain that passkeys are made for; none where there can be none.
    pub passkey_domain: Option<String>,
    /// Where codes are sent; none where there is nothing to see or to do.
    pub mail: Option<OwnMail>,
    /// What was done.
    pub said: Option<String>,
    /// A path of ours to go on to.
    pub go_on: String,
}

/// What a person is, and where.
#[derive(Clone, Debug)]
pub struct Role {
    pub place: String,
    pub role: &'static str,
    pub nickname: Option<String>,
}

#[derive(Clone, Debug)]
pub struct SignInLine {
    pub id: String,
    pub way: &'static str,
    pub begun: String,
    pub used: String,
    pub is_current: bool,
}

/// A passkey.
#[derive(Clone, Debug)]
pub struct Key {
    pub id: String,
    /// Empty where nobody gave it one.
    pub name: String,
    pub made: String,
    pub used: Option<String>,
    /// There may be a copy of it.
    pub is_suspect: bool,
}

/// Where codes are sent.
#[derive(Clone, Debug)]
pub struct OwnMail {
    pub address: Option<String>,
    /// The address to which a code was sent that confirms it.
    pub to_confirm: Option<String>,
    /// There is a mail server, and the person may have codes.
    pub is_set_up: bool,
}

#[component]
pub fn OwnPage(lang: Lang, files: Files, page: Own) -> impl IntoView {
    let said = page.said.clone().map(|said| {
        view! { <p class="notice" role="status">{said}</p> }
    });
    let on = Some(page.go_on.clone()).filter(|on| !on.starts_with("/oma"));
    let on = on.map(|on| view! { <p><a class="button quiet" href=on rel="external">{sign_in::go_on(lang)}</a></p> });
    // Without one they do not get in again.
    let lacks_key = page.needs_key && page.keys.is_empty();
    view! {
        <Document lang files title=t::title(lang).to_owned() here="/oma".to_owned()>
            <h1>{t::title(lang)}</h1>
            {said}
            {lacks_key.then(|| view! { <KeysAndCodes lang page=page.clone() /> })}
            {on}
            <Roles lang roles=page.roles.clone() />
            <SignIns lang sign_ins=page.sign_ins.clone() />
            {(!lacks_key).then(|| view! { <KeysAndCodes lang page=page.clone() /> })}
            <p><a class="button quiet" href="/oma/tiedot">{own_data::title(lang)}</a></p>
            <footer>
                <form method="post" action="/kirjaudu/ulos"><button class="button quiet">{common::sign_out(lang)}</button></form>
            </footer>
            <script type="module" src="/passkey.js"></script>
        </Document>
    }
}

/// A list; nothing where it would be empty, because a screen reader reads an empty list too.
fn list(lines: Vec<impl IntoView + 'static>) -> impl IntoView {
    (!lines.is_empty()).then(|| view! { <ul class="list">{lines}</ul> })
}

#[component]
fn Roles(lang: Lang, roles: Vec<Role>) -> impl IntoView {
    let none = roles.is_empty().then(|| view! { <p>{t::no_roles(lang)}</p> });
    let lines = roles.into_iter().map(|role| {
        let nickname = role.nickname.map(|name| view! { <span>{t::called(lang, name)}</span> });
        view! { <li><strong>{role.place} ": " {role.role}</strong> {nickname}</li> }
    });
    view! {
        <section aria-labelledby="roles">
            <h2 id="roles">{t::roles(lang)}</h2>
            {none}
            {list(lines.collect())}
        </section>
    }
}

#[component]
fn SignIns(lang: Lang, sign_ins: Vec<SignInLine>) -> impl IntoView {
    let others = (sign_ins.len() > 1).then(|| {
        view! { <form method="post" action="/oma/muut"><button class="button quiet">{t::end_others(lang)}</button></form> }
    });
    let lines = sign_ins.into_iter().map(|one| {
        let this = one.is_current.then(|| view! { <span class="badge received">{t::this_one(lang)}</span> });
        let label = t::end_named(lang, one.way, &one.begun);
        view! {
            <li>
                <strong>{one.way}</strong>
                {this}
                <span>{t::begun(lang, one.begun)} ", " {t::used(lang, one.used)}</span>
                <form method="post" action="/oma/kirjautuminen">
                    <button name="id" value=one.id aria-label=label>{t::end(lang)}</button>
                </form>
            </li>
        }
    });
    view! {
        <section aria-labelledby="sign-ins">
            <h2 id="sign-ins">{t::sign_ins(lang)}</h2>
            <p>{t::sign_ins_help(lang)}</p>
            <ul class="list">{lines.collect_view()}</ul>
            {others}
        </section>
    }
}

/// Folded away for whoever does not need them.
#[component]
fn KeysAndCodes(lang: Lang, page: Own) -> impl IntoView {
    let is_folded = !page.needs_key && page.keys.is_empty() && page.codes_left == 0;
    let help = if page.needs_key { t::keys_help(lang) } else { t::keys_for_volunteer_help(lang) };
    let proof = (!page.is_fresh).then(|| {
        view! {
            <p class="notice">
                {t::prove_first(lang)} " " <a href="/kirjaudu?to=/oma&varmista=1">{t::prove(lang)}</a>
            </p>
        }
    });
    let parts = view! {
        <p>{help}</p>
        {proof}
        <Keys lang page=page.clone() />
        <Codes lang left=page.codes_left is_fresh=page.is_fresh />
        {page.mail.clone().map(|mail| view! { <Mail lang mail is_fresh=page.is_fresh /> })}
    };
    view! {
        <section aria-labelledby="keys">
            <h2 id="keys">{t::keys(lang)}</h2>
            {if is_folded {
                view! { <details><summary>{t::keys_for_volunteer(lang)}</summary><div class="settings">{parts}</div></details> }
                    .into_any()
            } else {
                parts.into_any()
            }}
        </section>
    }
}

#[component]
fn Keys(lang: Lang, page: Own) -> impl IntoView {
    let Own { keys, is_fresh, passkey_domain, .. } = page;
    let none = keys.is_empty().then(|| view! { <p>{t::no_keys(lang)}</p> });
    let lines = keys.into_iter().map(|key| {
        let shown = if key.name.is_empty() { t::key_unnamed(lang).to_owned() } else { key.name.clone() };
        let used = key.used.map_or(t::key_never_used(lang).to_owned(), |day| t::used(lang, day));
        let suspect = key.is_suspect.then(|| view! { <p class="error">{t::key_suspect(lang)}</p> });
        let input = format!("name-{}", key.id);
        let remove = is_fresh.then(|| {
            let label = t::key_remove_named(lang, &shown);
            view! {
                <form method="post" action="/oma/avain/poista">
                    <button name="id" value=key.id.clone() aria-label=label>{t::key_remove(lang)}</button>
                </form>
            }
        });
        view! {
            <li>
                <strong>{shown}</strong>
                {suspect}
                <span>{t::key_made(lang, key.made)} ", " {used}</span>
                <form class="field" method="post" action="/oma/avain">
                    <label for=input.clone()>{t::key_name(lang)}</label>
                    <input id=input name="nimi" value=key.name maxlength="40" autocomplete="off" />
                    <button name="id" value=key.id>{t::key_rename(lang)}</button>
                </form>
                {remove}
            </li>
        }
    });
    let add = is_fresh.then(|| match passkey_domain {
        None => view! { <p>{sign_in::no_domain(lang)}</p> }.into_any(),
        Some(domain) => view! {
            <noscript><p class="notice">{sign_in::no_script(lang)}</p></noscript>
            <form class="field" data-passkey="register" data-domain=domain data-to="/oma?tehty=avain" hidden>
                <label for="name-new">{t::key_name(lang)}</label>
                <input id="name-new" name="nimi" value=t::key_name_new(lang) maxlength="40" autocomplete="off" />
                <button class="button">{t::key_add(lang)}</button>
            </form>
            <Said lang cancelled=t::key_cancelled(lang) />
            <span data-code="passkey-already-there" hidden>{t::key_already_there(lang)}</span>
            <span data-code="passkey-too-many" hidden>{t::key_too_many(lang)}</span>
        }
        .into_any(),
    });
    view! {
        <div class="card">
            <h3>{sign_in::passkey(lang)}</h3>
            {none}
            {list(lines.collect())}
            {add}
        </div>
    }
}

#[component]
fn Codes(lang: Lang, left: u32, is_fresh: bool) -> impl IntoView {
    let replace = (left > 0).then(|| view! { <p class="hint">{t::codes_replace(lang)}</p> });
    let make = is_fresh.then(|| {
        view! {
            <form method="post" action="/oma/varakoodit"><button class="button quiet">{t::codes_make(lang)}</button></form>
            {replace}
        }
    });
    view! {
        <div class="card">
            <h3>{t::codes(lang)}</h3>
            <p>{t::codes_help(lang)}</p>
            <p>{t::codes_left(lang, left)}</p>
            {make}
        </div>
    }
}

/// The address, the form that gives one, and the form that confirms it.
#[component]
fn Mail(lang: Lang, mail: OwnMail, is_fresh: bool) -> impl IntoView {
    let OwnMail { address, to_confirm, is_set_up } = mail;
    let has_one = address.is_some();
    let now = match &address {
        Some(address) => t::mail_now(lang, address),
        None => t::mail_none(lang).to_owned(),
    };
    let remove = has_one.then(|| {
        view! {
            <form method="post" action="/oma/sahkoposti/poista">
                <button>{t::mail_remove(lang)}</button>
            </form>
        }
    });
    let may_change = is_set_up && is_fresh;
    let confirm = to_confirm.filter(|_| may_change).map(|address| {
        view! {
            <form class="field" method="post" action="/oma/sahkoposti/koodi">
                <label for="mail-code">{t::mail_code(lang)}</label>
                <p class="hint" id="mail-code-help">{t::mail_code_help(lang, address)}</p>
                <input id="mail-code" name="koodi" required maxlength="40" autocomplete="one-time-code"
                    autocapitalize="characters" spellcheck="false" aria-describedby="mail-code-help" />
                <button class="button">{t::mail_confirm(lang)}</button>
            </form>
        }
    });
    let give = may_change.then(|| {
        view! {
            <form class="field" method="post" action="/oma/sahkoposti">
                <label for="mail-address">{if has_one { t::mail_new(lang) } else { t::mail_address(lang) }}</label>
                <input id="mail-address" name="osoite" type="email" required maxlength="254" autocomplete="email" />
                <button class="button quiet">{t::mail_give(lang)}</button>
            </form>
        }
    });
    view! {
        <div class="card">
            <h3>{sign_in::mail(lang)}</h3>
            <p>{if is_set_up { t::mail_help(lang) } else { t::mail_not_set_up(lang) }}</p>
            <p>{now}</p>
            {remove}
            {confirm}
            {give}
        </div>
    }
}

/// New recovery codes, which are shown this once.
#[component]
pub fn CodesPage(lang: Lang, files: Files, codes: Vec<String>) -> impl IntoView {
    // A code has nothing that an address would read otherwise.
    let file = format!("data:text/plain;charset=utf-8,{}%0A", codes.join("%0A"));
    let lines = codes.into_iter().map(|code| view! { <li><code>{code}</code></li> });
    view! {
        <Document lang files title=t::codes_title(lang).to_owned() here="/oma".to_owned()>
            <h1>{t::codes_title(lang)}</h1>
            <p class="lead">{t::codes_once(lang)}</p>
            <ol>{lines.collect_view()}</ol>
            <p>{t::codes_help(lang)}</p>
            <p class="row">
                <button class="button" type="button" data-print="" hidden>{t::codes_print(lang)}</button>
                <a class="button quiet" href=file download=t::codes_file(lang)>{t::codes_download(lang)}</a>
                <a class="button quiet" href="/oma">{t::codes_done(lang)}</a>
            </p>
            <script type="module" src="/passkey.js"></script>
        </Document>
    }
}
