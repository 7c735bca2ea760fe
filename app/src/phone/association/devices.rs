//! The reviewer's view of the association's phones: which changes wait on them, which are missing, and taking up a file
//! from a phone that cannot send.

use domain::date;
use leptos::{prelude::*, task::spawn_local};
use sync::{
    file::{self, FileProblem, FiledChange},
    protocol::devices::{DeviceShown, DevicesReply, SeenRequest},
};

use crate::{
    format::short_day,
    phone::base::{
        phone::{Phone, phone},
        words::{change_name, participants_text},
    },
    texts::{association as t, volunteer},
};

/// What the server has answered about the association's devices.
#[derive(Clone, PartialEq)]
pub enum Answer {
    NotYet,
    None,
    Devices(Vec<DeviceShown>),
}

/// Asked anew whenever the screen opens: it changes on other phones. Only reviewers are answer.
pub fn ask(phone: Phone) -> RwSignal<Answer> {
    let answer = RwSignal::new(Answer::NotYet);
    let home = Memo::new(move |_| phone.identity.association.get().filter(|_| phone.identity.is_reviewer()));
    Effect::new(move |_| {
        answer.set(Answer::NotYet);
        if home.get().is_some() {
            again(phone, answer);
        }
    });
    answer
}

fn again(phone: Phone, answer: RwSignal<Answer>) {
    let home = phone.identity.association.get_untracked();
    let Some(association) = home else { return answer.set(Answer::None) };
    spawn_local(async move {
        let devices = ask_server(phone, format!("/api/v1/devices?association={association}"), None).await;
        // Another association may be in view by now.
        if phone.identity.association.get_untracked() == home {
            answer.set(devices.map_or(Answer::None, Answer::Devices));
        }
    });
}

async fn ask_server(phone: Phone, address: String, body: Option<String>) -> Option<Vec<DeviceShown>> {
    let text = phone.actions().await.ask_server(address, body).await?;
    Some(serde_json::from_str::<DevicesReply>(&text).ok()?.devices)
}

/// Phones that lost records, until the reviewer has seen it. Stands above everything else.
#[component]
pub fn MissingRecords(answer: RwSignal<Answer>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let notice = move |device: DeviceShown| {
        let code = device.device.clone();
        let seen = move |_| {
            let Some(association) = phone.identity.association.get_untracked() else { return };
            let seen = SeenRequest { association, device: code.clone() };
            spawn_local(async move {
                let body = serde_json::to_string(&seen).ok();
                // Without an answer the notice stays: it was not written down that it has been seen.
                if let Some(devices) = ask_server(phone, "/api/v1/devices/seen".to_owned(), body).await {
                    answer.set(Answer::Devices(devices));
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
    move || match answer.get() {
        Answer::Devices(devices) => {
            devices.into_iter().filter(|one| one.missing > 0).map(notice).collect_view().into_any()
        }
        _ => ().into_any(),
    }
}

/// The list, those on which something waits first.
#[component]
pub fn Phones(answer: RwSignal<Answer>) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let line = move |one: DeviceShown| {
        let day = short_day(lang, date::in_helsinki(one.last_contact).0);
        let text = match one.waiting {
            0 => t::phone_contact(lang, day),
            count => t::phone_waits(lang, count, day),
        };
        view! { <li><p><strong>{t::phone_name(lang, one.by, one.device)}</strong></p><p class="small">{text}</p></li> }
    };
    let list = move |devices: Vec<DeviceShown>| {
        let (waiting, fine): (Vec<_>, Vec<_>) = devices.into_iter().partition(|one| one.waiting > 0);
        let is_empty = waiting.is_empty() && fine.is_empty();
        view! {
            {is_empty.then(|| view! { <p>{t::phones_none(lang)}</p> })}
            {(!waiting.is_empty()).then(|| view! { <ul class="list">{waiting.into_iter().map(line).collect_view()}</ul> })}
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
        {move || match answer.get() {
            Answer::NotYet => view! { <div class="bone" aria-busy="true"></div> }.into_any(),
            Answer::None => view! {
                <p>{t::phones_need_network(lang)}</p>
                <p><button class="button quiet" on:click=move |_| { answer.set(Answer::NotYet); again(phone, answer) }>{t::try_again(lang)}</button></p>
            }.into_any(),
            Answer::Devices(devices) => list(devices),
        }}
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
        let input = event_target::<web_sys::HtmlInputElement>(&event);
        spawn_local(async move {
            let Some(text) = phone.actions().await.read_file(input).await else {
                return file.set(File::Bad(t::file_unreadable(lang)));
            };
            // What volunteers may not do does not come by a file, either: it is taken up with a reviewer's rights.
            let association = untrack(|| phone.records.own_association());
            let set_up = association.is_none_or(|association| association.volunteers_set_up_series);
            file.set(match file::read(&text, set_up) {
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
        phone.run(async move {
            let taken = phone.actions().await.take_in(changes).await?;
            file.set(File::Taken(match taken {
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
        <section>
            <h3>{t::file_title(lang)}</h3>
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
