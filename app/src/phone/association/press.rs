//! A press that asks the server for something to be done, one thing at a time, and what became of it.

use domain::Lang;
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use sync::protocol::invitations::codes;

use crate::{
    phone::base::{actions::Refused, phone::Phone, widgets::focus},
    texts::members as t,
};

/// What became of the last press, and whether something is to be done about it.
#[derive(Clone, PartialEq)]
pub enum Said {
    Done(String),
    Not(&'static str),
    /// The server wants to know again who this is.
    ProveAgain,
    /// What was made stands on the screen.
    Seen,
}

/// Words for the code of a refusal that only one screen knows.
pub type Refusal = fn(Lang, &str) -> Option<&'static str>;

/// Copied freely, like the phone.
#[derive(Clone, Copy)]
pub struct Press {
    phone: Phone,
    refusal: Refusal,
    pub said: RwSignal<Option<Said>>,
    /// A question is on its way: another press does nothing.
    pub asking: RwSignal<bool>,
}

impl Press {
    pub fn new(phone: Phone, refusal: Refusal) -> Press {
        Press { phone, refusal, said: RwSignal::new(None), asking: RwSignal::new(false) }
    }

    /// Asks for something to be done; says why it was not, where it was not.
    pub fn tell(self, address: &'static str, body: Option<String>, then: impl FnOnce(Value) -> Option<Said> + 'static) {
        if self.asking.get_untracked() || body.is_none() {
            return;
        }
        self.asking.set(true);
        self.said.set(None);
        spawn_local(async move {
            let answer = self.phone.actions().await.ask(address.to_owned(), body).await;
            if self.asking.try_set(false).is_some() {
                return;
            }
            let lang = self.phone.lang.get_untracked();
            let said = match answer {
                Ok(answer) => then(answer).unwrap_or(Said::Not(t::not_done(lang))),
                Err(Refused::Code { code, .. }) if code == codes::PROVE_AGAIN => Said::ProveAgain,
                Err(Refused::Code { code, .. }) => {
                    Said::Not((self.refusal)(lang, &code).unwrap_or_else(|| t::not_done(lang)))
                }
                Err(_) => Said::Not(t::not_done(lang)),
            };
            self.said.set(Some(said));
            focus("main h1");
        });
    }
}

/// Says what became of the last press. `back` is the screen to which somebody comes who has proved again who they are.
#[component]
pub fn WhatBecame(press: Press, back: &'static str) -> AnyView {
    let lang = press.phone.lang.get_untracked();
    view! {
        <div role="status">{move || press.said.get().map(|said| match said {
            Said::Done(text) => view! { <p class="notice">{text}</p> }.into_any(),
            Said::Seen => ().into_any(),
            Said::Not(text) => view! { <p class="notice ask">{text}</p> }.into_any(),
            Said::ProveAgain => view! {
                <p class="notice ask">{t::prove_again(lang)}" "<a href=format!("/kirjaudu?to={back}") rel="external">{t::prove(lang)}</a></p>
            }.into_any(),
        })}</div>
    }
    .into_any()
}
