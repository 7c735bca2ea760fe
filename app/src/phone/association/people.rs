//! The association's people and devices in one place, for its reviewers: `/app/yhdistys/ihmiset`. What the server has to tell needs a
//! network; what this device knows stands here all the same.

mod handed_in;
mod invitations;
mod members;
mod model;
mod part;
mod sign_ins;

use domain::Role;
use handed_in::HandedIn;
use invitations::{Invitation, Open};
use leptos::prelude::*;
use members::Members;
use model::People;
use part::{Part, count, or_why};
use sign_ins::SignIns;

use super::{
    allowed::Allowed,
    devices::{self, Answer, HelpersFile, Phones},
    log::Lines,
    press::WhatBecame,
};
use crate::{
    phone::base::{address::Link, phone::phone},
    texts::{log as l, members as t, tokens},
};

/// So many of the log's newest entries stand here.
const NEWEST: usize = 3;

/// `/app/yhdistys/ihmiset`
#[component]
pub fn PeoplePage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let people = People::new(phone);
    let devices = devices::ask(phone);
    let device_count = Signal::derive(move || {
        devices.with(|answer| match answer {
            Answer::Devices(all) => Some(all.len()),
            Answer::NotYet | Answer::None => None,
        })
    });
    let log_count = Signal::derive(move || {
        // The newest entry's number is how many there are.
        people.log.with(|told| match told {
            Some(Ok(all)) => usize::try_from(all.first().map_or(0, |newest| newest.number)).ok(),
            _ => None,
        })
    });
    view! {
        <h1 tabindex="-1">{t::title(lang)}</h1>
        <WhatBecame press=people.press back="/app/yhdistys/ihmiset" />
        {move || people.made.get().map(|made| view! { <Invitation people made /> })}
        <section class="card">
            <h2>{t::invite(lang)}</h2>
            <p>{t::invite_help(lang)}</p>
            <p class="row">
                <button class="button" disabled=people.press.asking on:click=move |_| people.invite(Role::Volunteer, None)>{t::invite_volunteer(lang)}</button>
                <button class="button quiet" disabled=people.press.asking on:click=move |_| people.invite(Role::Reviewer, None)>{t::invite_reviewer(lang)}</button>
            </p>
        </section>
        <HandedIn people />
        <div class="month-grid">
            <Part title=t::all(lang) count=count(people.members)><Members people /></Part>
            <Part title=t::open(lang) count=count(people.open)><Open people /></Part>
            <Part title=t::devices(lang) count=device_count><Phones answer=devices /><HelpersFile /></Part>
            <Part title=t::sign_ins(lang) count=count(people.sign_ins)><SignIns people /></Part>
            <Part title=t::programs(lang) count=Signal::derive(|| None)>
                <p>{t::programs_help(lang)}</p>
                <p><Link href="/app/yhdistys/rajapinta" class="button quiet">{tokens::title(lang)}</Link></p>
            </Part>
            <Part title=l::title(lang) count=log_count>
                {or_why(people, people.log, move |mut entries| {
                    entries.truncate(NEWEST);
                    view! { <Lines entries /> }.into_any()
                })}
                <p><Link href="/app/yhdistys/loki" class="button quiet">{l::all(lang)}</Link></p>
            </Part>
        </div>
        <Allowed />
    }
}
