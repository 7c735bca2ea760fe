//! Tokens with which programs read the association, for its reviewers. All of it is the server's: nothing here works without a network.

use domain::{
    AssociationId, Date, Lang, Problem,
    bounds::{TOKEN_DAYS_MAX, TOKEN_DAYS_USUAL, TOKEN_NAME_MAX_CHARS},
    content, date,
    permission::scope::Scope,
    personal,
};
use leptos::{ev, prelude::*, task::spawn_local};
use sync::protocol::tokens::{EndTokenRequest, FULL, TokenListed, TokenReply, TokenRequest, TokensReply};

use crate::{
    format::day,
    phone::{
        association::press::{Press, Said, WhatBecame},
        base::{
            phone::{Phone, phone},
            share::copy,
            widgets::{Chip, Show, focus},
        },
    },
    texts::{association, members, problems, tokens as t},
};

/// Where the server describes what a program can ask.
const DESCRIPTION: &str = "/api/v1/openapi.json";

/// What a new token is for, and the token. It is said once, and goes with the screen.
#[derive(Clone, PartialEq)]
struct Made {
    name: String,
    scope: Scope,
    reply: TokenReply,
}

/// Copied freely, like the phone.
#[derive(Clone, Copy)]
struct Tokens {
    phone: Phone,
    /// What the server told last; none before it has, and `Err` where it could not.
    listed: RwSignal<Option<Result<Vec<TokenListed>, ()>>>,
    made: RwSignal<Option<Made>>,
    press: Press,
    /// What the next token is for, as it is typed.
    name: RwSignal<String>,
}

/// `/app/yhdistys/rajapinta`
#[component]
pub fn TokensPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let tokens = Tokens {
        phone,
        listed: RwSignal::new(None),
        made: RwSignal::new(None),
        press: Press::new(phone, |lang, code| (code == FULL).then(|| t::full(lang))),
        name: RwSignal::new(String::new()),
    };
    // Asked anew whenever the screen opens, or another association comes into view.
    Effect::new(move |_| {
        tokens.made.set(None);
        if phone.identity.association.get().is_some() {
            tokens.ask_list();
        }
    });
    view! {
        <h1 tabindex="-1">{t::title(lang)}</h1>
        <p>{t::help(lang)}</p>
        <WhatBecame press=tokens.press back="/app/yhdistys/rajapinta" />
        {move || tokens.made.get().map(|made| view! { <NewToken tokens made /> })}
        <Form tokens />
        {move || match tokens.listed.get() {
            Some(Err(())) => view! {
                <section class="card">
                    <p>{t::need_network(lang)}</p>
                    <p><button class="button quiet" on:click=move |_| tokens.ask_list()>{association::try_again(lang)}</button></p>
                </section>
            }.into_any(),
            None => view! { <div class="bone tall" aria-busy="true"></div> }.into_any(),
            Some(Ok(listed)) => view! { <List tokens listed /> }.into_any(),
        }}
        <p><a href=DESCRIPTION rel="external">{t::description(lang)}</a></p>
    }
}

impl Tokens {
    fn home(self) -> Option<AssociationId> {
        self.phone.identity.association.get_untracked()
    }

    fn ask_list(self) {
        let Some(association) = self.home() else { return };
        self.listed.set(None);
        spawn_local(async move {
            let address = format!("/api/v1/tokens?association={association}");
            let told = self.phone.actions().await.ask(address, None).await.ok();
            let told = told.and_then(|answer| TokensReply::read(&answer));
            self.put(association, told);
        });
    }

    /// Shows what was told of an association, if that is still in view.
    fn put(self, of: AssociationId, told: Option<TokensReply>) {
        if self.home() == Some(of) {
            let _ = self.listed.try_set(Some(told.map(|reply| reply.tokens).ok_or(())));
        }
    }

    fn make(self, name: String, scope: Scope, days: u32) {
        let (Some(association), lang) = (self.home(), self.phone.lang.get_untracked()) else { return };
        let request = TokenRequest { association, name: name.clone(), scope: scope.to_string(), days: Some(days) };
        self.press.tell("/api/v1/tokens", serde_json::to_string(&request).ok(), move |answer| {
            let reply = TokenReply::read(&answer)?;
            if self.home() == Some(association) {
                self.made.set(Some(Made { name, scope, reply }));
                self.name.set(String::new());
            }
            self.ask_list();
            Some(Said::Done(t::was_made(lang).to_owned()))
        });
    }

    fn end(self, one: &TokenListed) {
        let (Some(association), lang) = (self.home(), self.phone.lang.get_untracked()) else { return };
        if !self.phone.ask(|services| services.confirm(&t::end_sure(lang, &one.name))) {
            return;
        }
        let id = one.id.clone();
        let request = EndTokenRequest { association, id: id.clone() };
        self.press.tell("/api/v1/tokens/end", serde_json::to_string(&request).ok(), move |answer| {
            let reply = TokensReply::read(&answer)?;
            if self.made.with_untracked(|made| made.as_ref().is_some_and(|made| made.reply.id == id)) {
                self.made.set(None);
            }
            self.put(association, Some(reply));
            Some(Said::Done(t::ended(lang).to_owned()))
        });
    }
}

/// What a new token is for, what it opens, and for how long.
#[component]
fn Form(tokens: Tokens) -> impl IntoView {
    let lang = tokens.phone.lang.get_untracked();
    let name = tokens.name;
    let scope = RwSignal::new(Scope::Figures);
    let days = RwSignal::new(TOKEN_DAYS_USUAL);
    let wrong = RwSignal::new(None::<Problem>);
    let make = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let said = name.get_untracked().trim().to_owned();
        let problem =
            content::line(TOKEN_NAME_MAX_CHARS)(&said.as_str().into()).err().or_else(|| personal::find(&said));
        wrong.set(problem);
        if problem.is_some() {
            return focus("#token-name");
        }
        tokens.make(said, scope.get_untracked(), days.get_untracked());
    };
    let scopes = [Scope::Figures, Scope::Gatherings, Scope::Both];
    let lives = [(30, t::a_month(lang)), (TOKEN_DAYS_USUAL, t::a_year(lang)), (TOKEN_DAYS_MAX, t::two_years(lang))];
    view! {
        <section class="card">
            <h2>{t::make_title(lang)}</h2>
            <form novalidate on:submit=make>
                <label class="field">
                    <span>{t::name(lang)}</span>
                    <input id="token-name" autocomplete="off" aria-invalid=move || wrong.get().map(|_| "true") aria-describedby=move || wrong.get().map(|_| "token-problem")
                        prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event)) />
                </label>
                {move || wrong.get().map(|problem| view! { <p class="error" id="token-problem">{what_is_wrong(lang, problem)}</p> })}
                <fieldset>
                    <legend>{t::scope(lang)}</legend>
                    <div class="chips">{scopes.map(|of| view! { <Chip label=scope_name(lang, of) value=scope of /> })}</div>
                </fieldset>
                <Show when=move || scope.get().has_gatherings()><p class="hint">{t::gatherings_help(lang)}</p></Show>
                <fieldset>
                    <legend>{t::days(lang)}</legend>
                    <div class="chips">{lives.map(|(of, label)| view! { <Chip label value=days of /> })}</div>
                </fieldset>
                <button class="button" disabled=tokens.press.asking>{t::make(lang)}</button>
            </form>
        </section>
    }
}

fn what_is_wrong(lang: Lang, problem: Problem) -> String {
    problems::what(lang, domain::FieldError { field: "name", problem })
}

fn scope_name(lang: Lang, scope: Scope) -> &'static str {
    match scope {
        Scope::Figures => t::figures(lang),
        Scope::Gatherings => t::gatherings(lang),
        Scope::Both => t::both(lang),
    }
}

/// A new token: the only time that it can be seen.
#[component]
fn NewToken(tokens: Tokens, made: Made) -> impl IntoView {
    let lang = tokens.phone.lang.get_untracked();
    let Made { name, scope, reply: TokenReply { token, address, expires, .. } } = made;
    let year = tokens.phone.clock.today.get_untracked().year();
    let what = match scope {
        Scope::Gatherings => "gatherings".to_owned(),
        Scope::Figures | Scope::Both => format!("report?pack=year&from={year}-01-01&to={year}-12-31"),
    };
    let example = format!("curl -H \"Authorization: Bearer {token}\" \"{address}/{what}\"");
    let to_copy = token.clone();
    let copies = move |_| {
        let token = to_copy.clone();
        spawn_local(async move {
            let said = match copy(&token).await {
                true => Said::Done(t::copied(lang).to_owned()),
                false => Said::Not(t::not_copied(lang)),
            };
            let _ = tokens.press.said.try_set(Some(said));
        });
    };
    view! {
        <section class="card">
            <h2>{name}</h2>
            <p class="lead">{t::once(lang)}</p>
            <p>{t::valid_until(lang, day(lang, day_of(expires)))}</p>
            <label class="field"><span>{t::token(lang)}</span><input readonly autocomplete="off" spellcheck="false" prop:value=token /></label>
            <p class="row">
                <button class="button" on:click=copies>{t::copy(lang)}</button>
                <button class="button quiet" on:click=move |_| { tokens.made.set(None); focus("main h1") }>{members::done(lang)}</button>
            </p>
            <label class="field"><span>{t::example(lang)}</span><textarea readonly rows="4" spellcheck="false" prop:value=example></textarea></label>
        </section>
    }
}

fn day_of(ms: i64) -> Date {
    date::in_helsinki(ms).0
}

#[component]
fn List(tokens: Tokens, listed: Vec<TokenListed>) -> impl IntoView {
    let phone = tokens.phone;
    let lang = phone.lang.get_untracked();
    let today = phone.clock.today.get_untracked();
    let one_line = move |one: TokenListed| {
        let date = |ms| day(lang, day_of(ms));
        // A scope of a later version has no words here.
        let scope = one.scope().map_or(one.scope.clone(), |scope| scope_name(lang, scope).to_owned());
        let by = if one.by.is_empty() { members::nameless(lang).to_owned() } else { one.by.clone() };
        let made = t::made(lang, by, date(one.made));
        let until = match day_of(one.expires) < today {
            true => t::expired(lang, date(one.expires)),
            false => t::valid_until(lang, date(one.expires)),
        };
        let used = one.last_used.map_or(members::never_used(lang).to_owned(), |at| members::last_used(lang, date(at)));
        let (name, label) = (one.name.clone(), one.name.clone());
        view! {
            <li>
                <p><strong>{name}</strong></p>
                <p class="small">{scope}" · "{made}</p>
                <p class="small">{until}" · "{used}</p>
                <button class="button quiet" disabled=tokens.press.asking on:click=move |_| tokens.end(&one)>
                    {t::end(lang)}<span class="visually-hidden">" "{label}</span>
                </button>
            </li>
        }
    };
    let list = match listed.is_empty() {
        true => view! { <p class="empty">{t::none(lang)}</p> }.into_any(),
        false => view! { <ul class="list">{listed.into_iter().map(one_line).collect_view()}</ul> }.into_any(),
    };
    view! {
        <section>
            <h2>{t::all(lang)}</h2>
            {list}
        </section>
    }
}
