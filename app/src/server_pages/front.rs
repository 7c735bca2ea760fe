//! The front page: what the product is, and in a demo three sign-in buttons.

use domain::Lang;
use leptos::prelude::*;

use super::document::{Document, Files};
use crate::texts::common;

#[component]
pub fn FrontPage(lang: Lang, files: Files, demo: bool) -> impl IntoView {
    let ways = [
        ("vapaaehtoinen", common::demo_volunteer(lang), common::demo_volunteer_hint(lang)),
        ("sihteeri", common::demo_reviewer(lang), common::demo_reviewer_hint(lang)),
        ("koordinaattori", common::demo_coordinator(lang), common::demo_coordinator_hint(lang)),
    ];
    let buttons = ways.map(|(who, name, hint)| {
        view! {
            <form method="post" action="/kirjaudu/demo">
                <button class="way" name="who" value=who>
                    <strong>{name}</strong>
                    <span>{hint}</span>
                </button>
            </form>
        }
    });
    let title = format!("{} – {}", common::product(lang), common::tagline(lang));
    view! {
        <Document lang files title here="/".to_owned()>
            <section class="hero">
                <h1>{common::tagline(lang)}</h1>
                <p class="lead">{common::front_lead(lang)}</p>
                <ul class="promises">
                    <li>{common::promise_offline(lang)}</li>
                    <li>{common::promise_heads(lang)}</li>
                    <li>{common::promise_protected(lang)}</li>
                </ul>
            </section>
            {if demo {
                view! {
                    <section aria-labelledby="demo">
                        <h2 id="demo">{common::demo_title(lang)}</h2>
                        <p>{common::demo_lead(lang)}</p>
                        <div class="ways">{buttons.into_iter().collect_view()}</div>
                    </section>
                }
                .into_any()
            } else {
                view! { <p>{common::no_demo_lead(lang)}</p> }.into_any()
            }}
            <p class="row">
                <a class="button quiet" href="/app" rel="external">{common::open_app(lang)}</a>
                <a class="button quiet" href="/kunta">{common::open_counts(lang)}</a>
            </p>
        </Document>
    }
}
