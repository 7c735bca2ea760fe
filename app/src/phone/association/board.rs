//! The association's review board: the weeks of a month or the months of a year, approved with one press. What has to be settled
//! stands first, and what is the same every month last.
//!
//! A wide screen has a grid for the keyboard (`grid.rs`), a narrow one a list (`list.rs`). What stands in a cell is `domain::board`'s.

mod cell;
mod grid;
mod keys;
mod list;
mod model;
mod opened;

use domain::{Date, Month, review::BulkApproval};
use grid::Grid;
use leptos::prelude::*;
use list::List;
use model::Model;

use crate::{
    phone::{
        association::{
            deadlines::Reminders,
            devices::{self, MissingRecords},
            missing::still_open,
            own_page::ContactDue,
            unsettled::{Clashes, Pairs},
            wide::is_wide,
        },
        base::{
            address::Link,
            phone::phone,
            widgets::{Chip, Show, Steps},
        },
    },
    texts::{association as t, board as b, common, gaps, members, own_page, periods, volunteer},
};

#[component]
pub fn BoardPage() -> impl IntoView {
    let phone = phone();
    let lang = phone.lang.get_untracked();
    let model = Model::new(phone);
    let devices = devices::ask(phone);
    let is_wide = is_wide();
    let title = move || match (model.is_year.get(), model.month.get()) {
        (true, month) => b::year_title(lang, month.year()),
        (false, month) => t::month_title(lang, common::month_name(lang, month), month.year()),
    };
    let words = move |of_month: fn(domain::Lang) -> &'static str, years: i16| {
        Signal::derive(move || match model.is_year.get() {
            true => (model.month.get().year() + years).to_string(),
            false => of_month(lang).to_owned(),
        })
    };
    let missing =
        Memo::new(move |_| model.board.with(|board| board.rows.iter().flat_map(|row| row.missing()).count() as u32));
    let is_last = move || {
        let now: Date = phone.clock.today.get();
        match model.is_year.get() {
            true => model.month.get().year() >= now.year(),
            false => model.month.get() >= Month::of(now),
        }
    };
    view! {
        <h1 tabindex="-1">{title}</h1>
        <div class="chips" role="group" aria-label=b::views(lang)>
            <Chip label=b::view_month(lang) value=model.is_year of=false />
            <Chip label=b::view_year(lang) value=model.is_year of=true />
        </div>
        <Steps
            earlier=words(volunteer::earlier_month, -1)
            later=words(volunteer::later_month, 1)
            is_last=Signal::derive(is_last)
            step=Callback::new(move |by: i32| model.step(by))
        />
        <Reminders />
        <ContactDue />
        <MissingRecords answer=devices />
        {move || still_open(lang, 0, missing.get())}
        <Pairs pairs=model.pairs />
        <Clashes clashes=model.clashes />
        <Show when=move || model.board.with(|board| board.is_empty()) && !model.is_year.get()>
            <p class="empty">{t::no_month(lang)}</p>
        </Show>
        {move || match is_wide.get() {
            true => view! { <Grid model /> }.into_any(),
            false => view! { <List model /> }.into_any(),
        }}
        <ApproveAll model />
        <p class="row">
            <Link href="/app/yhdistys/kirjaamatta" class="button quiet">{gaps::title(lang)}</Link>
            <Link href="/app/yhdistys/jaksot" class="button quiet">{periods::title(lang)}</Link>
            <Link href="/app/yhdistys/ihmiset" class="button quiet">{members::title(lang)}</Link>
            <Link href="/app/yhdistys/sivu" class="button quiet">{own_page::title(lang)}</Link>
        </p>
    }
}

/// One press for the whole month, where more than one group waits.
#[component]
fn ApproveAll(model: Model) -> impl IntoView {
    let lang = phone().lang.get_untracked();
    let waiting = Memo::new(move |_| {
        let is_waiting = |row: &&domain::board::Row| matches!(row.bulk(), BulkApproval::Approve(_));
        let groups = model.board.with(|board| board.rows.iter().filter(is_waiting).count());
        match model.board.with(domain::board::Board::bulk) {
            BulkApproval::Approve(all) if groups > 1 && !model.is_year.get() => all,
            _ => Vec::new(),
        }
    });
    move || {
        let all = waiting.get();
        (!all.is_empty()).then(|| {
            let text = b::approve_all(lang, all.len());
            view! { <p><button class="button big" on:click=move |_| model.approve(all.clone())>{text}</button></p> }
        })
    }
}
