//! What the board shows, and what is done on it.

use std::cell::Cell;

use domain::{
    Alternative, Date, Kind, Month, RecordId,
    board::{About, Board, Row as BoardRow, Seen, months, weeks},
    report::range::Days,
    review::{BulkApproval, Verdict},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    phone::{
        association::{
            gathering::listed,
            slices::{Latest, breathe},
            unsettled,
        },
        base::{phone::Phone, records::Row},
    },
    texts::{association as t, board as b},
};

thread_local! {
    /// What was looked at last, for whoever comes back from a gathering that they have mended.
    static LAST: Cell<Option<(bool, Month)>> = const { Cell::new(None) };
}

/// A group's row as it is on the screen.
pub type RowShown = RwSignal<Option<BoardRow>>;

/// Copied freely, like the phone.
#[derive(Clone, Copy)]
pub struct Model {
    phone: Phone,
    /// The months of a year, and not the weeks of a month.
    pub is_year: RwSignal<bool>,
    /// The month in view; of the year, any of its months.
    pub month: RwSignal<Month>,
    pub today: Memo<Date>,
    pub board: Memo<Board>,
    /// What the association has to settle before it approves.
    pub pairs: Memo<Vec<(RecordId, RecordId)>>,
    pub clashes: Memo<Vec<(RecordId, Alternative)>>,
    /// Gatherings of unsettled pairs and with an open alternative: none of them is approved.
    pub unsettled: Memo<Vec<RecordId>>,
    /// The gathering whose question opens.
    pub ask: RwSignal<Option<RecordId>>,
    /// The rows on the screen. Another month comes to one after the other, in slices.
    rows: StoredValue<Vec<(Option<RecordId>, RowShown)>>,
}

impl Model {
    pub fn new(phone: Phone) -> Model {
        let this_month = Month::of(phone.clock.today.get_untracked());
        let (is_year, month) = LAST.get().unwrap_or((false, this_month));
        let (is_year, month) = (RwSignal::new(is_year), RwSignal::new(month));
        Effect::new(move |_| LAST.set(Some((is_year.get(), month.get()))));
        let today: Memo<Date> = Memo::new(move |_| phone.clock.today.get());
        let pairs = Memo::new(move |_| unsettled::pairs(phone));
        let clashes = Memo::new(move |_| unsettled::clashes(phone));
        let twice = Memo::new(move |_| pairs.get().into_iter().flat_map(|(a, b)| [a, b]).collect::<Vec<_>>());
        let clashing = Memo::new(move |_| {
            let of_gatherings =
                |(_, one): &(RecordId, Alternative)| (one.kind == Kind::Gathering).then_some(one.record);
            clashes.with(|all| all.iter().filter_map(of_gatherings).collect::<Vec<_>>())
        });
        let board = Memo::new(move |_| {
            let (rows, series) = (phone.records.gatherings(), phone.records.series());
            let columns = if is_year.get() { months(month.get().year()) } else { weeks(month.get()) };
            let (twice, clashes) = (twice.get(), clashing.get());
            let about = About { series: &series, today: today.get(), twice: &twice, clashes: &clashes };
            let seen = rows.iter().map(|row| Seen { listed: listed(row), gathering: &row.gathering });
            Board::new(seen, columns, about)
        });
        let unsettled = Memo::new(move |_| [twice.get(), clashing.get()].concat());
        let (ask, rows) = (RwSignal::new(None), StoredValue::new(Vec::new()));
        let model = Model { phone, is_year, month, today, board, pairs, clashes, unsettled, ask, rows };
        let latest = Latest::new();
        Effect::new(move |_| {
            board.track();
            let goes_on = latest.begin();
            spawn_local(async move {
                for (group, row) in rows.try_get_value().unwrap_or_default() {
                    if !goes_on() {
                        return;
                    }
                    let now = model.row_now(group);
                    if row.try_with_untracked(|row| *row != now) == Some(true) {
                        row.set(now);
                        breathe().await;
                    }
                }
            });
        });
        model
    }

    /// A month or a year on or back, and not beyond the present one.
    pub fn step(self, by: i32) {
        let months = if self.is_year.get_untracked() { 12 * by } else { by };
        let now = Month::of(self.phone.clock.today.get_untracked());
        let before = self.month.get_untracked();
        let to = before.plus(months);
        let is_over = if self.is_year.get_untracked() { to.year() > now.year() } else { to > now };
        if !is_over {
            self.month.set(to.min(now));
        }
    }

    /// Opens a month of the year.
    pub fn open_month(self, month: Month) {
        self.month.set(month);
        self.is_year.set(false);
    }

    pub fn row(self, group: Option<RecordId>) -> RowShown {
        let row = RwSignal::new(self.row_now(group));
        self.rows.update_value(|rows| rows.push((group, row)));
        on_cleanup(move || {
            let _ = self.rows.try_update_value(|rows| rows.retain(|(_, one)| *one != row));
        });
        row
    }

    fn row_now(self, group: Option<RecordId>) -> Option<BoardRow> {
        self.board.with_untracked(|board| board.rows.iter().find(|row| row.group == group).cloned())
    }

    /// What a group's row on the screen says.
    pub fn row_shown(self, group: Option<RecordId>) -> Option<BoardRow> {
        self.rows.with_value(|rows| {
            let row = rows.iter().find(|(one, _)| *one == group);
            row.and_then(|(_, row)| row.get_untracked())
        })
    }

    pub fn columns(self) -> Memo<Vec<Days>> {
        Memo::new(move |_| self.board.with(|board| board.columns.clone()))
    }

    pub fn groups(self) -> Memo<Vec<Option<RecordId>>> {
        Memo::new(move |_| self.board.with(|board| board.rows.iter().map(|row| row.group).collect()))
    }

    pub fn name(self, group: Option<RecordId>) -> String {
        let series = group.and_then(|id| self.phone.records.one_series(id));
        series.map_or_else(|| t::outside_series(self.phone.lang.get_untracked()).to_owned(), |series| series.name)
    }

    /// The gatherings of these ids, as the screens show them, in this order.
    pub fn gatherings(self, ids: &[RecordId]) -> Vec<Row> {
        let rows = self.phone.records.gatherings();
        ids.iter().filter_map(|id| rows.iter().find(|row| row.shown.id == *id).cloned()).collect()
    }

    /// Approves what is on the screen, each at the revision that is seen.
    pub fn approve(self, gatherings: Vec<(RecordId, u32)>) {
        let phone = self.phone;
        let review = |(id, rev): &(RecordId, u32)| phone.review(*id, *rev, Verdict::Approved, None);
        let reviews: Vec<_> = gatherings.iter().map(review).collect();
        let said = t::approved(phone.lang.get_untracked(), reviews.len());
        phone.run(phone.save(reviews, said));
    }

    /// The same of a cell, or says that there is nothing to approve in it.
    pub fn approve_or_say(self, bulk: BulkApproval) {
        match bulk {
            BulkApproval::Approve(all) => self.approve(all),
            BulkApproval::Nothing | BulkApproval::Done => self.say(b::nothing_to_approve),
        }
    }

    pub fn say(self, text: fn(domain::Lang) -> &'static str) {
        self.phone.status.said.set(text(self.phone.lang.get_untracked()).to_owned());
    }
}
