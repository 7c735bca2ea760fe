//! The front page: what the product is, and in a demo three sign-in buttons.

use domain::Lang;
use leptos::prelude::*;

use super::document::{Document, Files};
use crate::texts::{common, pages};

#[component]
pub fn FrontPage(lang: Lang, files: Files, demo: bool) -> impl IntoView {
    let ways = [
        ("vapaaehtoinen", pages::demo_volunteer(lang), pages::demo_volunteer_hint(lang)),
        ("sihteeri", pages::demo_reviewer(lang), pages::demo_reviewer_hint(lang)),
        ("koordinaattori", pages::demo_coordinator(lang), pages::demo_coordinator_hint(lang)),
    ];
    let buttons = ways.map(|(who, name, hint)| {
        view! {
            <form method="post" action="/kirjaudu/demo">
                <button class="front-way" name="who" value=who>
                    <strong>{name}</strong>
                    <span>{hint}</span>
                </button>
            </form>
        }
    });
    let title = format!("{} – {}", common::product(lang), pages::tagline(lang));
    view! {
        <Document lang files title here="/".to_owned()>
            <section class="front-hero">
                <h1>{pages::tagline(lang)}</h1>
                <p class="lead">{pages::front_lead(lang)}</p>
                <ul class="front-promises">
                    <li>{pages::promise_offline(lang)}</li>
                    <li>{pages::promise_heads(lang)}</li>
                    <li>{pages::promise_protected(lang)}</li>
                </ul>
            </section>
            {if demo {
                view! {
                    <section aria-labelledby="demo">
                        <h2 id="demo">{pages::demo_title(lang)}</h2>
                        <p>{pages::demo_lead(lang)}</p>
                        <div class="front-ways">{buttons.into_iter().collect_view()}</div>
                    </section>
                }
                .into_any()
            } else {
                view! { <p>{pages::no_demo_lead(lang)}</p> }.into_any()
            }}
            <p class="row">
                <a class="button quiet" href="/app" rel="external">{pages::open_app(lang)}</a>
                <a class="button quiet" href="/kunta">{pages::open_counts(lang)}</a>
            </p>
        </Document>
    }
}
