//! The front page: what the product is and the ways in; in a demo the sign-in buttons and a guided tour.

use domain::Lang;
use leptos::prelude::*;

use super::document::{Document, Files};
use crate::{
    format::number,
    texts::{common, front as t, pages},
};

/// How far this browser has come on the demo's tour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tour {
    /// Recorded, approved, looked.
    pub done: [bool; 3],
    /// Gatherings of the demo's municipality this month.
    pub gatherings: u64,
}

/// `tour`: of a demo server.
#[component]
pub fn FrontPage(lang: Lang, files: Files, tour: Option<Tour>) -> impl IntoView {
    let title = format!("{} – {}", common::product(lang), pages::tagline(lang));
    let is_demo = tour.is_some();
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
            {match tour {
                Some(tour) => view! { {demo(lang)} {guided(lang, tour)} }.into_any(),
                None => ways_in(lang).into_any(),
            }}
            <p class="row">
                <a class="button quiet" href="/app" rel="external">{pages::open_app(lang)}</a>
                <a class="button quiet" href="/kunta">{pages::open_counts(lang)}</a>
                {is_demo.then(|| view! {
                    <a class="button quiet" href="/app/kutsu" rel="external">{t::have_invitation(lang)}</a>
                    <a class="button quiet" href="/yhdistys/pyynto">{t::bring_in(lang)}</a>
                })}
            </p>
        </Document>
    }
}

fn ways_in(lang: Lang) -> impl IntoView {
    let ways = [
        ("/app/kutsu", t::have_invitation(lang), t::have_invitation_hint(lang)),
        ("/kirjaudu", t::sign_in(lang), t::sign_in_hint(lang)),
        ("/yhdistys/pyynto", t::bring_in(lang), t::bring_in_hint(lang)),
    ];
    let ways = ways.map(|(href, name, hint)| {
        view! { <a class="card" href=href rel="external"><strong>{name}</strong><span>{hint}</span></a> }
    });
    view! {
        <section aria-labelledby="ways">
            <h2 id="ways">{t::ways_title(lang)}</h2>
            <div class="front-ways">{ways.into_iter().collect_view()}</div>
        </section>
    }
}

fn demo(lang: Lang) -> impl IntoView {
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
    view! {
        <section aria-labelledby="demo">
            <h2 id="demo">{pages::demo_title(lang)}</h2>
            <p>{pages::demo_lead(lang)}</p>
            <div class="front-ways">{buttons.into_iter().collect_view()}</div>
        </section>
    }
}

/// Record, approve, see the count move: each step signs in as whoever does it.
fn guided(lang: Lang, tour: Tour) -> impl IntoView {
    let count = number(lang, tour.gatherings);
    let look = if tour.done[0] { t::tour_look_hint(lang, count) } else { t::tour_look_before(lang, count) };
    let steps = [
        ("vapaaehtoinen", t::tour_record(lang), t::tour_record_hint(lang).to_owned()),
        ("sihteeri", t::tour_approve(lang), t::tour_approve_hint(lang).to_owned()),
        ("koordinaattori", t::tour_look(lang), look),
    ];
    let next = tour.done.iter().position(|done| !done);
    let steps = steps.into_iter().zip(tour.done).enumerate().map(|(index, ((who, name, hint), done))| {
        let is_next = next == Some(index);
        view! {
            <li>
                <form method="post" action="/kirjaudu/demo">
                    <input type="hidden" name="who" value=who />
                    <input type="hidden" name="kierros" value="1" />
                    <button class=if is_next { "button" } else { "button quiet" }>{name}</button>
                </form>
                <span>{hint}</span>
                {done.then(|| view! { <span class="badge received">{t::tour_done(lang)}</span> })}
            </li>
        }
    });
    view! {
        <section aria-labelledby="tour">
            <h2 id="tour">{t::tour_title(lang)}</h2>
            <p>{t::tour_lead(lang)}</p>
            <ol class="front-tour">{steps.collect_view()}</ol>
        </section>
    }
}
