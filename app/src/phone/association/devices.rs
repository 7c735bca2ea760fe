//! The reviewer's view of the association's phones: which changes wait on them, which are missing, and taking up a file
//! from a phone that cannot send.

use domain::date;
use leptos::{prelude::*, task::spawn_local};
use sync::file::{self, FileProblem, FiledChange};

use crate::{
    format::short_day,
    phone::base::{
        actions::PhoneOf,
        phone::{Phone, phone},
        words::{change_name, participants_text},
    },
    texts::{association as t, volunteer},
};

/// What the server told of the phones.
#[derive(Clone, PartialEq)]
pub enum Told {
    NotYet,
    NoAnswer,
    Phones(Vec<PhoneOf>),
}

/// Asked anew whenever the screen opens: it changes on other phones. Only reviewers are told.
pub fn ask(phone: Phone) -> RwSignal<Told> {
    let told = RwSignal::new(Told::NotYet);
    let home = Memo::new(move |_| phone.identity.association.get().filter(|_| phone.identity.is_reviewer()));
    Effect::new(move |_| {
        told.set(Told::NotYet);
        if home.get().is_some() {
            again(phone, told);
        }
    });
    told
}

fn again(phone: Phone, told: RwSignal<Told>) {
    let asking = phone.act(|actions| actions.phones());
    let home = phone.identity.association.get_untracked();
    spawn_local(async move {
        let answer = asking.await.map_or(Told::NoAnswer, Told::Phones);
        // Another association may be in view by now.
        if phone.identity.association.get_untracked() == home {
            told.set(answer);
        }
    });
}

/// Phones that lost records, until the reviewer has seen it. Stands above everything else.
#[component]
pub fn MissingRecords(told: RwSignal<Told>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let notice = move |device: PhoneOf| {
        let code = device.device.clone();
        let seen = move |_| {
            let seeing = phone.act(|actions| actions.phone_seen(code.clone()));
            spawn_local(async move {
                // Without an answer the notice stays: it was not written down that it has been seen.
                if let Some(phones) = seeing.await {
                    told.set(Told::Phones(phones));
                }
            });
        };
        view! {
            <section class="notice ask" role="status">
                <p>{t::phone_missing(lang, t::phone_name(lang, &device.by, &device.device), device.missing)}</p>
                <button class="button" on:click=seen>{volunteer::seen(lang)}</button>
            </section>
        }
    };
    move || match told.get() {
        Told::Phones(phones) => phones.into_iter().filter(|one| one.missing > 0).map(notice).collect_view().into_any(),
        _ => ().into_any(),
    }
}

/// The list, those on which something waits first.
#[component]
pub fn Phones(told: RwSignal<Told>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let line = move |one: PhoneOf| {
        let day = short_day(lang, date::in_helsinki(one.last_contact).0);
        let text = match one.waiting {
            0 => t::phone_contact(lang, day),
            1 => t::phone_waits_one(lang, day),
            count => t::phone_waits(lang, count, day),
        };
        view! { <li><p class="head"><strong>{t::phone_name(lang, one.by, one.device)}</strong></p><p class="small">{text}</p></li> }
    };
    let list = move |phones: Vec<PhoneOf>| {
        let (waiting, fine): (Vec<_>, Vec<_>) = phones.into_iter().partition(|one| one.waiting > 0);
        let is_empty = waiting.is_empty() && fine.is_empty();
        view! {
            {is_empty.then(|| view! { <p class="empty">{t::phones_none(lang)}</p> })}
            <ul class="list">{waiting.into_iter().map(line).collect_view()}</ul>
            {(!fine.is_empty()).then(|| view! {
                <details>
                    <summary>{t::phones_fine(lang, fine.len())}</summary>
                    <ul class="list">{fine.into_iter().map(line).collect_view()}</ul>
                </details>
            })}
        }
        .into_any()
    };
    view! {
        <section class="card">
            <h2>{t::phones_title(lang)}</h2>
            {move || match told.get() {
                Told::NotYet => view! { <div class="bone" aria-busy="true"></div> }.into_any(),
                Told::NoAnswer => view! {
                    <p>{t::phones_need_network(lang)}</p>
                    <p><button class="button quiet" on:click=move |_| { told.set(Told::NotYet); again(phone, told) }>{t::try_again(lang)}</button></p>
                }.into_any(),
                Told::Phones(phones) => list(phones),
            }}
        </section>
    }
}

/// What was found in the chosen file.
#[derive(Clone)]
enum File {
    None,
    Bad(&'static str),
    Read { changes: Vec<FiledChange>, others: usize, unread: usize },
    Taken(String),
}

/// A file of a helper's phone, looked at before it is taken in.
#[component]
pub fn HelpersFile() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let file = RwSignal::new(File::None);
    let choose = move |event: leptos::ev::Event| {
        let reading = phone.act(|actions| actions.read_file(event_target::<web_sys::HtmlInputElement>(&event)));
        spawn_local(async move {
            let Some(text) = reading.await else { return file.set(File::Bad(t::file_unreadable(lang))) };
            file.set(match file::read(&text) {
                Err(FileProblem::TooLarge) => File::Bad(t::file_too_large(lang)),
                Err(FileProblem::Unreadable) => File::Bad(t::file_unreadable(lang)),
                Ok(filed) => {
                    let home = phone.identity.association.get_untracked();
                    let (changes, others): (Vec<_>, Vec<_>) =
                        filed.changes.into_iter().partition(|one| Some(one.association) == home);
                    File::Read { changes, others: others.len(), unread: filed.unreadable }
                }
            });
        });
    };
    let take = move |changes: Vec<FiledChange>| {
        let taking = phone.act(|actions| actions.take_in(changes));
        phone.run(async move {
            file.set(File::Taken(match taking.await? {
                0 => t::file_nothing_new(lang).to_owned(),
                count => t::file_taken(lang, count),
            }));
            Ok(())
        });
    };
    let preview = move |changes: Vec<FiledChange>, others: usize, unread: usize| {
        let name = |one: &FiledChange| {
            let content = one.change.content.as_ref();
            let count = content.and_then(|content| content.get("participants")?.as_u64());
            let count = count.and_then(|count| u32::try_from(count).ok());
            let count = count.map(|count| format!(" · {}", participants_text(lang, count)));
            let deleted = one.change.deleted.then(|| format!(" · {}", volunteer::deleted(lang)));
            view! { <li>{change_name(phone, one.change.kind, content)}{count}{deleted}</li> }
        };
        view! {
            <p><strong>{t::file_holds(lang, changes.len())}</strong></p>
            <ul class="list">{changes.iter().map(name).collect_view()}</ul>
            {(others > 0).then(|| view! { <p>{t::file_others(lang, others)}</p> })}
            {(unread > 0).then(|| view! { <p>{t::file_unread(lang, unread)}</p> })}
            <p class="row">
                {(!changes.is_empty()).then(|| view! {
                    <button class="button" on:click=move |_| take(changes.clone())>{t::file_take(lang)}</button>
                })}
                <button class="button quiet" on:click=move |_| file.set(File::None)>{t::file_cancel(lang)}</button>
            </p>
        }
    };
    view! {
        <section class="card">
            <h2>{t::file_title(lang)}</h2>
            <p class="small">{t::file_help(lang)}</p>
            // The browser's own button speaks the browser's language.
            <label class="button quiet file">
                {t::file_choose(lang)}<input type="file" class="visually-hidden" accept=".json,application/json" on:change=choose />
            </label>
            <div role="status">
                {move || match file.get() {
                    File::None => ().into_any(),
                    File::Bad(text) => view! { <p class="notice ask">{text}</p> }.into_any(),
                    File::Taken(text) => view! { <p class="notice">{text}</p> }.into_any(),
                    File::Read { changes, others, unread } => preview(changes, others, unread).into_any(),
                }}
            </div>
        </section>
    }
}
