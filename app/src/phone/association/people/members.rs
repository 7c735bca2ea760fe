//! The members, and what can be done with each.

use domain::{Role, bounds, date};
use leptos::{ev, prelude::*};
use sync::protocol::members::{Member, RemoveRequest, RenameRequest, RoleRequest};

use super::{
    model::{People, REMOVE, RENAME, ROLE},
    part::or_why,
};
use crate::{
    format::short_day,
    phone::base::widgets::Show,
    texts::{association, members as t, volunteer},
};

#[component]
pub fn Members(people: People) -> impl IntoView {
    let phone = people.phone;
    let lang = phone.lang.get_untracked();
    // Without a connection this device knows its own user.
    let only_me = move || {
        let is_told = people.members.with(|told| !matches!(told, Some(Err(()))));
        let me = phone.identity.me.get().filter(|me| !is_told && !me.nickname.is_empty())?;
        Some(view! { <p>{t::only_me(lang, me.nickname)}</p> })
    };
    view! {
        {only_me}
        {or_why(people, people.members, move |members| {
            // By who they are: a fold that is open does not become the next one's when somebody is removed.
            let key = |one: &Member| (one.member.clone(), one.nickname.clone(), one.is_reviewer());
            view! {
                <ul class="list">
                    <For each=move || members.clone() key let:one><Person people one /></For>
                </ul>
            }
            .into_any()
        })}
    }
}

/// A member, and what can be done with them.
#[component]
fn Person(people: People, one: Member) -> impl IntoView {
    let lang = people.phone.lang.get_untracked();
    let name = if one.nickname.is_empty() { t::nameless(lang).to_owned() } else { one.nickname.clone() };
    let role = if one.is_reviewer() { t::reviewer(lang) } else { t::volunteer(lang) };
    let used = match one.last_used {
        Some(at) => t::last_used(lang, short_day(lang, date::in_helsinki(at).0)),
        None => t::never_used(lang).to_owned(),
    };
    let (is_me, renewable) = (one.is_me, one.renewable && !one.is_me);
    let nickname = RwSignal::new(one.nickname.clone());
    let removing = RwSignal::new(false);
    let change = t::change(lang, &name);
    let sure = t::remove_sure(lang, &name);
    let remove_do = t::remove_do(lang, &name);
    let removed = t::removed(lang, &name);
    let changed = t::role_changed(lang, &name);
    let own = if one.is_reviewer() { Role::Reviewer } else { Role::Volunteer };
    // Nobody becomes a reviewer but by an invitation, with a sign-in of their own that proves who they are.
    let is_reviewer = one.is_reviewer();
    let field = format!("nickname-{}", one.member);
    let one = StoredValue::new(one);
    let rename = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (Some(association), one) = (people.home(), one.get_value()) else { return };
        let nickname = nickname.get_untracked().trim().to_owned();
        let request = RenameRequest { association, member: one.member.clone(), nickname };
        people.change(RENAME, serde_json::to_string(&request).ok(), &one, t::renamed(lang).to_owned());
    };
    let make_volunteer = move || {
        let (Some(association), one) = (people.home(), one.get_value()) else { return };
        let request = RoleRequest { association, member: one.member.clone(), role: Role::Volunteer.name().to_owned() };
        people.change(ROLE, serde_json::to_string(&request).ok(), &one, changed.clone());
    };
    let remove = Callback::new(move |()| {
        let (Some(association), one) = (people.home(), one.get_value()) else { return };
        let request = RemoveRequest { association, member: one.member.clone() };
        people.change(REMOVE, serde_json::to_string(&request).ok(), &one, removed.clone());
    });
    let renew = move |_| people.invite(own, Some(one.with_value(|one| one.member.clone())));
    view! {
        <li>
            <p><strong>{name}</strong>{is_me.then(|| format!(" {}", t::me(lang)))}</p>
            <p class="small">{role}" · "{used}</p>
            <details>
                <summary>{change}</summary>
                <form class="field" on:submit=rename>
                    <label for=field.clone()>{t::nickname(lang)}</label>
                    <input id=field autocomplete="off" maxlength=bounds::NICKNAME_MAX_CHARS prop:value=move || nickname.get()
                        on:input=move |event| nickname.set(event_target_value(&event)) />
                    <p><button class="button quiet" disabled=people.press.asking>{volunteer::save(lang)}</button></p>
                </form>
                <p class="row">
                    {renewable.then(|| view! { <button class="button quiet" disabled=people.press.asking on:click=renew>{t::renew(lang)}</button> })}
                    {is_reviewer.then(|| view! {
                        <button class="button quiet" disabled=people.press.asking on:click=move |_| make_volunteer()>{t::make_volunteer(lang)}</button>
                    })}
                    <button class="button quiet" aria-expanded=move || removing.get().to_string()
                        on:click=move |_| removing.update(|open| *open = !*open)>{t::remove(lang)}</button>
                </p>
                <Show when=move || removing.get()>
                    <div class="notice ask" role="group">
                        <p>{sure.clone()}</p>
                        <p class="row">
                            <button class="button" disabled=people.press.asking on:click=move |_| remove.run(())>{remove_do.clone()}</button>
                            <button class="button quiet" on:click=move |_| removing.set(false)>{association::file_cancel(lang)}</button>
                        </p>
                    </div>
                </Show>
            </details>
        </li>
    }
}
