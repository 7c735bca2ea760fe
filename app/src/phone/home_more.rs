//! What Home has below the groups: a question about weeks without a record, the year's end, and the way to install the app.

use domain::Date;
use leptos::prelude::*;

use super::{address::Link, context::phone, install::Install, missing::Missing, people::has_unanswered};
use crate::texts::{groups as g, my_year as y};

#[component]
pub fn BelowGroups() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let ending = Memo::new(move |_| ending_year(phone.today.get()));
    view! {
        <p><Link href="/app/ryhmat" class="button quiet">{g::change_groups(lang)}</Link></p>
        {move || ending.get().filter(|year| has_unanswered(phone, *year)).map(|year| view! {
            <div class="notice">
                <p>{y::year_ends(lang, year)}</p>
                <Link href="/app/vuoteni" class="button">{y::my_year(lang)}</Link>
            </div>
        })}
        <Missing />
        <Install on_home=true />
    }
}

/// The year about which is asked: in December the one that ends, in January the one that has ended.
pub fn ending_year(today: Date) -> Option<i16> {
    match today.month() {
        12 => Some(today.year()),
        1 => Some(today.year() - 1),
        _ => None,
    }
}
