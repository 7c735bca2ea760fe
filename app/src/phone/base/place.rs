//! The status of a record in words: where it is between this phone, the server and the association.

use domain::{Lang, date, review::ReviewState};
use leptos::prelude::*;
use sync::{engine::Phase, local::EntryState, view::Delivery};

use crate::{
    format::{clock, short_day},
    phone::base::{
        icons::{CHECK, Icon, MEND, OUT, PHONE, QUESTION},
        phone::{Phone, phone},
        records::Row,
    },
    texts::{problems, volunteer as t},
};

/// A state in words, with its class and picture.
pub struct Words {
    pub class: &'static str,
    pub icon: &'static str,
    pub text: String,
}

/// The words for a gathering's place and review. Never a tick before the receipt.
pub fn words(phone: Phone, row: &Row) -> Words {
    let lang = phone.lang.get_untracked();
    let words = |class, icon, text: String| Words { class, icon, text };
    match (&row.shown.delivery, row.state) {
        (Delivery::Refused { code, fields, .. }, _) => {
            words("badge refused", MEND, t::state_refused(lang, problems::refusal(lang, code, fields)))
        }
        (Delivery::Waiting { change }, _) => {
            let is_sending = phone
                .records
                .phase
                .with(|phase| matches!(phase, Phase::Pushing { batch, .. } if batch.contains(change)));
            if is_sending {
                words("badge sending", OUT, t::state_sending(lang).to_owned())
            } else {
                words("badge waiting", PHONE, waiting(phone).to_owned())
            }
        }
        (Delivery::Received { .. }, ReviewState::Returned) => {
            words("badge returned", QUESTION, t::state_returned(lang, row.comment.clone().unwrap_or_default()))
        }
        (Delivery::Received { .. }, ReviewState::Approved) => {
            words("badge received", CHECK, t::state_approved(lang).to_owned())
        }
        (Delivery::Received { at: Some(at) }, _) => {
            words("badge received", CHECK, t::state_received(lang, moment(lang, *at)))
        }
        (Delivery::Received { at: None }, _) => {
            words("badge received", CHECK, t::state_received_elsewhere(lang).to_owned())
        }
    }
}

/// Of an unsent change: it waits for a network, or only until "Kumoa" is no longer offered, be it of a later one.
pub fn waiting(phone: Phone) -> &'static str {
    let lang = phone.lang.get_untracked();
    let can_be_undone = phone.undo.with(|undo| undo.as_ref().is_some_and(|undo| !undo.changes.is_empty()));
    if can_be_undone && phone.status.online.get() { t::state_leaving(lang) } else { t::state_waiting(lang) }
}

/// `ma 16.11. klo 15.02`
pub fn moment(lang: Lang, at: i64) -> String {
    let (day, minutes) = date::in_helsinki(at);
    format!("{} {}", short_day(lang, day), t::at_time(lang, clock(lang, minutes)))
}

/// Tells those who do not see the states what became of the last of what waited here. What was thrown away has not arrived, and what
/// is another user's is not looked at.
pub fn say_what_arrives() {
    let phone = phone();
    let left = Memo::new(move |_| {
        phone.records.outbox.with(|outbox| {
            let refused = outbox.entries.values().filter(|entry| entry.state != EntryState::Waiting).count();
            (outbox.entries.len() - refused, refused, outbox.thrown)
        })
    });
    Effect::new(move |before: Option<(usize, usize, u64)>| {
        let lang = phone.lang.get_untracked();
        let (waiting, refused, thrown) = left.get();
        if let Some((waited, refused_before, thrown_before)) = before
            && waiting < waited
            && thrown == thrown_before
            && phone.records.loaded.get_untracked()
        {
            if refused > refused_before {
                phone.status.said.set(t::refused_title(lang).to_owned());
            } else if waiting == 0 && refused == 0 {
                phone.status.said.set(t::nothing_waiting(lang).to_owned());
            }
        }
        (waiting, refused, thrown)
    });
}

/// The state beside a gathering.
#[component]
pub fn Badge(row: Row) -> impl IntoView {
    let phone = phone();
    move || {
        let Words { class, icon, text } = words(phone, &row);
        view! { <p class=class><Icon path=icon /><span>{text}</span></p> }
    }
}
