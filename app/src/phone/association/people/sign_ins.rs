//! Phones that are signed in, to be ended when one is lost.

use domain::date;
use leptos::prelude::*;
use sync::protocol::sign_ins::SignInShown;

use super::{model::People, part::or_why};
use crate::{
    format::short_day,
    phone::base::widgets::Show,
    texts::{association, members as t},
};

#[component]
pub fn SignIns(people: People) -> impl IntoView {
    let lang = people.phone.lang.get_untracked();
    view! {
        <p>{t::sign_ins_help(lang)}</p>
        {or_why(people, people.sign_ins, move |all| match all.is_empty() {
            true => view! { <p>{t::sign_ins_none(lang)}</p> }.into_any(),
            false => view! { <ul class="list">{all.into_iter().map(|one| view! { <OnePhone people one /> }).collect_view()}</ul> }.into_any(),
        })}
        <p class="small">{t::sign_ins_own(lang)}" "<a href="/oma" rel="external">{t::sign_ins_own_link(lang)}</a></p>
    }
}

#[component]
fn OnePhone(people: People, one: SignInShown) -> impl IntoView {
    let lang = people.phone.lang.get_untracked();
    let name = if one.by.is_empty() { t::nameless(lang).to_owned() } else { one.by };
    let used = short_day(lang, date::in_helsinki(one.last_used).0);
    let phone = match &one.device {
        Some(code) => t::sign_in_phone(lang, code, used),
        None => t::sign_in_no_code(lang, used),
    };
    let has_run_out = one.has_run_out.then(|| view! { <p class="small">{t::sign_in_ran_out(lang)}</p> });
    let asked = RwSignal::new(false);
    let (sure, end_do, ended) =
        (t::sign_in_sure(lang, &name), t::sign_in_end_do(lang, &name), t::sign_in_ended(lang, &name));
    // Of several it says by itself which one it is.
    let label = format!("{}: {name}. {phone}", t::sign_in_end(lang));
    let end = Callback::new(move |()| people.end_sign_in(one.sign_in.clone(), ended.clone()));
    view! {
        <li>
            <p><strong>{name}</strong></p>
            <p class="small">{phone}</p>
            {has_run_out}
            <p><button class="button quiet" aria-label=label aria-expanded=move || asked.get().to_string()
                on:click=move |_| asked.update(|asked| *asked = !*asked)>{t::sign_in_end(lang)}</button></p>
            <Show when=move || asked.get()>
                <div class="notice ask" role="group">
                    <p>{sure.clone()}</p>
                    <p class="row">
                        <button class="button" disabled=people.press.asking on:click=move |_| end.run(())>{end_do.clone()}</button>
                        <button class="button quiet" on:click=move |_| asked.set(false)>{association::file_cancel(lang)}</button>
                    </p>
                </div>
            </Show>
        </li>
    }
}
