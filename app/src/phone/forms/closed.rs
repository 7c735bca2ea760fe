//! A gathering of a period that the association has closed: who changes it is told so and asked why, and may save in any case.

use domain::{
    Kind,
    period::{self, Closed, Period},
};
use leptos::prelude::*;

use crate::{
    phone::{
        base::phone::{Phone, phone},
        forms::{
            editing::{FieldProblem, described, invalid},
            gathering_form::GatheringForm,
        },
    },
    texts::common as t,
};

/// The periods that are closed.
pub fn closed(phone: Phone) -> Closed {
    let all = phone.records.shown(Kind::Settlement).into_iter();
    Closed::new(all.filter_map(|shown| Some((shown.seq, period::parse(&shown.content).ok()?))))
}

/// On the form of a gathering; nothing where its day is in no closed period.
#[component]
pub fn ClosedPeriod(form: GatheringForm) -> AnyView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let closed = Memo::new(move |_| closed(phone));
    let of_day = Memo::new(move |_| closed.with(|closed| closed.on(form.date.get())));
    let notice = move |period: Period| {
        view! {
            <div class="notice">
                <p>{t::period_is_closed(lang, t::period_name(lang, period))}</p>
                <label class="field">
                    <span>{t::why_now(lang)}</span>
                    <input id="changed_because" autocomplete="off" aria-invalid=invalid("changed_because") aria-describedby=described("changed_because")
                        prop:value=move || form.changed_because.get() on:input=move |event| form.changed_because.set(event_target_value(&event)) />
                </label>
                <FieldProblem of="changed_because" />
            </div>
        }
    };
    (move || of_day.get().map(notice)).into_any()
}
