//! What happened to a gathering: who, when, on which device, and what was changed. The server has it, so that it needs the network.

use domain::{
    Content, Kind, RecordId,
    history::{Difference, Happened, happened},
    review::{Review, Verdict},
};
use leptos::{prelude::*, task::spawn_local};
use sync::protocol::history::{HistoryReply, RevisionShown};

use super::values::{field_name, value_text};
use crate::{
    phone::base::{
        actions::Refused,
        phone::{Phone, phone},
        place::moment,
    },
    texts::{association as t, board as b},
};

/// What the server has answered.
#[derive(Clone)]
enum Answer {
    NotYet,
    NoNetwork,
    /// It knows nothing of the gathering, or does not tell.
    None,
    Told(HistoryReply),
}

#[component]
pub fn History(id: RecordId) -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let answer = RwSignal::new(Answer::NotYet);
    let ask = move || {
        let Some(association) = phone.identity.association.get_untracked() else { return answer.set(Answer::None) };
        answer.set(Answer::NotYet);
        spawn_local(async move {
            let address = format!("/api/v1/gatherings/history?association={association}&gathering={id}");
            let told = match phone.actions().await.ask(address, None).await {
                Ok(said) => HistoryReply::read(&said).map_or(Answer::None, Answer::Told),
                Err(Refused::Code { .. }) => Answer::None,
                Err(Refused::NoAnswer | Refused::Odd) => Answer::NoNetwork,
            };
            // The gathering may be out of sight by now.
            let _ = answer.try_set(told);
        });
    };
    ask();
    view! {
        <div class="history" role="status">
            {move || match answer.get() {
                Answer::NotYet => view! { <div class="bone" aria-busy="true"></div> }.into_any(),
                Answer::NoNetwork => view! {
                    <p>{b::history_needs_network(lang)}</p>
                    <p><button class="button quiet" on:click=move |_| ask()>{t::try_again(lang)}</button></p>
                }.into_any(),
                Answer::None => view! { <p>{b::history_none(lang)}</p> }.into_any(),
                Answer::Told(reply) => {
                    let lines = (0..reply.revisions.len()).map(|index| line(phone, &reply, index)).collect_view();
                    view! { <ol class="list">{lines}</ol> }.into_any()
                }
            }}
        </div>
    }
}

/// One revision: when, who and what.
fn line(phone: Phone, reply: &HistoryReply, index: usize) -> impl IntoView + use<> {
    let lang = phone.lang.get_untracked();
    let revision = &reply.revisions[index];
    let when = moment(lang, revision.at);
    let who = match (&revision.by, &revision.device) {
        (Some(by), Some(device)) => t::phone_name(lang, by, device),
        (Some(by), None) => by.clone(),
        (None, _) => b::history_unknown(lang).to_owned(),
    };
    let (what, differences) = what(phone, reply, index);
    let difference = |one: &Difference| {
        let value = |value| value_text(phone, &one.field, value);
        let text =
            b::changed(lang, field_name(lang, &one.field), value(one.before.as_ref()), value(one.after.as_ref()));
        view! { <li>{text}</li> }
    };
    view! {
        <li>
            <p><strong>{what}</strong></p>
            <ul>{differences.iter().map(difference).collect_view()}</ul>
            <p class="small">{when}" · "{who}</p>
        </li>
    }
}

/// What a revision did, in words, and what it changed.
fn what(phone: Phone, reply: &HistoryReply, index: usize) -> (String, Vec<Difference>) {
    let lang = phone.lang.get_untracked();
    let RevisionShown { kind, rev, content, .. } = &reply.revisions[index];
    if *kind == Kind::Review {
        let review = content.as_ref().and_then(|content| Review::parse(content).ok());
        let text = match review {
            Some(Review { verdict: Verdict::Approved, .. }) => b::history_approved(lang).to_owned(),
            Some(Review { comment, .. }) => b::history_asked(lang, comment.unwrap_or_default()),
            None => b::history_review_gone(lang).to_owned(),
        };
        return (text, Vec::new());
    }
    // The newest stand first.
    let older = reply.revisions[index + 1..].iter().find(|one| one.kind == *kind && one.rev < *rev);
    if older.is_none() && *rev > 1 && reply.more {
        return (b::history_older(lang).to_owned(), Vec::new());
    }
    let before: Option<Option<&Content>> = older.map(|older| older.content.as_ref());
    match happened(*kind, before, content.as_ref()) {
        Happened::Recorded => (b::history_recorded(lang).to_owned(), Vec::new()),
        Happened::Deleted => (b::history_deleted(lang).to_owned(), Vec::new()),
        Happened::BroughtBack => (b::history_brought_back(lang).to_owned(), Vec::new()),
        Happened::Changed(all) if all.is_empty() => (b::history_same(lang).to_owned(), all),
        Happened::Changed(all) => (b::history_changed(lang).to_owned(), all),
    }
}
