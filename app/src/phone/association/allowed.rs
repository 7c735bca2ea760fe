//! What the association lets its volunteers do beside recording: two boxes, each saved as it is ticked.

use domain::association::VolunteersMay;
use leptos::prelude::*;

use super::own;
use crate::{phone::base::phone::phone, texts::members as t};

#[component]
pub fn Allowed() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let is_known = Memo::new(move |_| phone.records.own_association().is_some());
    let save = move |what: VolunteersMay, may: bool| {
        own::save(phone, what.field(), what.edited(may), t::allowed_saved(lang).to_owned());
    };
    let choice = move |what: VolunteersMay| {
        let may = Memo::new(move |_| phone.records.own_association().is_some_and(|own| what.of(&own)));
        let (name, hint) = match what {
            VolunteersMay::SetUpSeries => (t::may_set_up_series(lang), None),
            VolunteersMay::ChangeOthers => (t::may_change_others(lang), Some(t::may_change_others_help(lang))),
        };
        view! {
            <label class="check">
                <input type="checkbox" name=what.field() prop:checked=move || may.get() aria-describedby=hint.map(|_| what.field())
                    on:change=move |event| save(what, event_target_checked(&event)) />
                <span>{name}</span>
            </label>
            {hint.map(|hint| view! { <p class="hint" id=what.field()>{hint}</p> })}
        }
    };
    // The association's record may be on its way.
    move || {
        is_known.get().then(|| {
            view! {
                <section class="card">
                    <h2>{t::allowed(lang)}</h2>
                    {VolunteersMay::ALL.map(choice).into_iter().collect_view()}
                </section>
            }
        })
    }
}
