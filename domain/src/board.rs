//! The association's review board: its groups in rows, the weeks of a month or the months of a year in columns, and what
//! stands in each cell.
//!
//! The same cells are a grid on a wide screen and a list on a phone. What one press approves is [`BulkApproval`]'s answer for
//! the cells that are on the screen.

use std::collections::BTreeMap;

use crate::{
    Date, Gathering, Month, RecordId, Series, date,
    report::{missing_of_group, range::Days},
    review::{BulkApproval, Listed, ReviewState},
};

/// The weeks (Monday to Sunday) of a month, cut at its ends: four to six.
pub fn weeks(month: Month) -> Vec<Days> {
    let (mut first, end) = (month.first_day(), month.last_day());
    let mut weeks = Vec::new();
    while first <= end {
        let sunday = date::plus_days(first, 6 - i32::from(date::weekday(first)));
        let last = sunday.min(end);
        weeks.push(Days { first, last });
        first = date::plus_days(last, 1);
    }
    weeks
}

/// The twelve months of a year.
pub fn months(year: i16) -> Vec<Days> {
    let month =
        |number| Month::new(year, number).map(|month| Days { first: month.first_day(), last: month.last_day() });
    (1..=12).filter_map(month).collect()
}

/// What stands in a cell, or of one gathering in it. What has to be looked at first comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Two people changed it differently, and nobody has said which is right (S11).
    Clash,
    /// It may be the same gathering as another one (S14).
    Twice,
    /// The group's usual day has passed without a record.
    Missing,
    /// Returned with a question that has not been answered.
    Asked,
    /// Waits for the association's approval.
    Recorded,
    /// The server does not have it as it is shown.
    WaitsHere,
    Approved,
    /// Approved as one that was not held.
    Cancelled,
    /// The group was on a break.
    Break,
    /// The group's usual day is still to come.
    Coming,
    Nothing,
}

/// A gathering as the board is told of it.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    pub listed: Listed,
    pub gathering: &'a Gathering,
}

/// One gathering of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub listed: Listed,
    pub day: Date,
    /// None where it was not held.
    pub heads: Option<u32>,
    pub standing: Standing,
}

/// One group in one column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// In the order of their days.
    pub entries: Vec<Entry>,
    /// Usual days that have passed without a record.
    pub missing: Vec<Date>,
    /// Usual days on which the group was on a break.
    pub on_break: Vec<Date>,
    /// Usual days after today.
    pub coming: Vec<Date>,
}

impl Cell {
    /// The one thing to look at first.
    pub fn standing(&self) -> Standing {
        let of_days = |days: &[Date], standing| if days.is_empty() { Standing::Nothing } else { standing };
        let worst = self.entries.iter().map(|entry| entry.standing).min().unwrap_or(Standing::Nothing);
        worst
            .min(of_days(&self.missing, Standing::Missing))
            .min(of_days(&self.on_break, Standing::Break))
            .min(of_days(&self.coming, Standing::Coming))
    }

    /// Gatherings that were held.
    pub fn held(&self) -> usize {
        self.entries.iter().filter(|entry| entry.heads.is_some()).count()
    }

    /// Heads summed over the gatherings that were held.
    pub fn visits(&self) -> u64 {
        self.entries.iter().filter_map(|entry| entry.heads).map(u64::from).sum()
    }

    /// How many gatherings, or days without one, stand so.
    pub fn count(&self, standing: Standing) -> usize {
        match standing {
            Standing::Missing => self.missing.len(),
            Standing::Break => self.on_break.len(),
            Standing::Coming => self.coming.len(),
            Standing::Nothing => 0,
            of_gatherings => self.entries.iter().filter(|entry| entry.standing == of_gatherings).count(),
        }
    }

    /// What one press on the cell approves.
    pub fn bulk(&self) -> BulkApproval {
        bulk(&self.entries)
    }
}

/// One group's cells, one for each column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// None for gatherings outside any group.
    pub group: Option<RecordId>,
    pub cells: Vec<Cell>,
}

impl Row {
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.cells.iter().flat_map(|cell| &cell.entries)
    }

    /// What one press approves of this group.
    pub fn bulk(&self) -> BulkApproval {
        bulk(self.entries())
    }

    pub fn missing(&self) -> impl Iterator<Item = Date> {
        self.cells.iter().flat_map(|cell| &cell.missing).copied()
    }
}

/// What is known beside the gatherings.
#[derive(Clone, Copy)]
pub struct About<'a> {
    /// Ended groups too: their rows stay while they have gatherings.
    pub series: &'a [(RecordId, Series)],
    pub today: Date,
    /// Gatherings of unsettled pairs ([`crate::pair::unsettled_pairs`]).
    pub twice: &'a [RecordId],
    /// Gatherings with an alternative that nobody has settled.
    pub clashes: &'a [RecordId],
}

/// Groups × columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Board {
    pub columns: Vec<Days>,
    pub rows: Vec<Row>,
}

impl Board {
    /// The board of these columns, which follow one another. A group has a row when it has a gathering in them, or when it meets
    /// on a usual day and has not ended. A week is missing from the group's first gathering on: nobody knows when it began.
    pub fn new<'a>(seen: impl IntoIterator<Item = Seen<'a>>, columns: Vec<Days>, about: About<'_>) -> Board {
        let mut of_groups: BTreeMap<Option<RecordId>, (Vec<Seen<'a>>, Vec<Date>)> = BTreeMap::new();
        let is_known = |id: &RecordId| about.series.iter().any(|(known, _)| known == id);
        let whole =
            columns.first().zip(columns.last()).map(|(first, last)| Days { first: first.first, last: last.last });
        for one in seen {
            let (own, days) = of_groups.entry(one.gathering.series.filter(is_known)).or_default();
            days.push(one.gathering.date);
            if whole.is_some_and(|whole| whole.contains(one.gathering.date)) {
                own.push(one);
            }
        }
        let mut rows = Vec::new();
        let groups = about.series.iter().map(|(id, series)| (Some(*id), Some(series))).chain([(None, None)]);
        for (group, series) in groups {
            let (own, days) = of_groups.remove(&group).unwrap_or_default();
            let usual = series.filter(|series| !series.archived).and_then(|series| Some((series, series.weekday?)));
            if own.is_empty() && usual.is_none() {
                continue;
            }
            let mut cells = vec![Cell::default(); columns.len()];
            let place = |day: Date| columns.iter().position(|column| column.contains(day));
            for one in own {
                if let Some(place) = place(one.gathering.date) {
                    cells[place].entries.push(entry(one, &about));
                }
            }
            if let (Some((series, weekday)), Some(whole)) = (usual, whole) {
                for day in missing_of_group(series, whole.first, whole.last.min(about.today), &days) {
                    if let Some(place) = place(day) {
                        cells[place].missing.push(day);
                    }
                }
                for day in date::each_weekday(weekday, whole.first, whole.last) {
                    if let Some(place) = place(day) {
                        cells[place].has_usual_day(day, series, about.today);
                    }
                }
            }
            for cell in &mut cells {
                cell.entries.sort_by_key(|entry| (entry.day, entry.listed.gathering));
            }
            rows.push(Row { group, cells });
        }
        Board { columns, rows }
    }

    /// What one press approves of everything that is on the board.
    pub fn bulk(&self) -> BulkApproval {
        bulk(self.rows.iter().flat_map(Row::entries))
    }

    pub fn is_empty(&self) -> bool {
        self.rows.iter().all(|row| row.entries().next().is_none())
    }
}

impl Cell {
    /// A day of the group's usual weekday, whose gatherings are in the cell.
    fn has_usual_day(&mut self, day: Date, series: &Series, today: Date) {
        if self.entries.iter().any(|entry| entry.day == day) {
            return;
        }
        if series.is_on_break(day) {
            self.on_break.push(day);
        } else if day > today {
            self.coming.push(day);
        }
    }
}

fn entry(Seen { listed, gathering }: Seen<'_>, about: &About<'_>) -> Entry {
    let id = listed.gathering;
    let standing = match listed.state {
        _ if about.clashes.contains(&id) => Standing::Clash,
        _ if about.twice.contains(&id) => Standing::Twice,
        _ if !listed.is_received => Standing::WaitsHere,
        ReviewState::Returned => Standing::Asked,
        ReviewState::Recorded => Standing::Recorded,
        ReviewState::Approved if gathering.is_held() => Standing::Approved,
        ReviewState::Approved => Standing::Cancelled,
    };
    let heads = gathering.heads.as_ref().map(|heads| heads.participants);
    Entry { listed, day: gathering.date, heads, standing }
}

fn bulk<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> BulkApproval {
    let entries: Vec<&Entry> = entries.into_iter().collect();
    let unsettled =
        entries.iter().filter(|entry| entry.standing <= Standing::Twice).map(|entry| entry.listed.gathering);
    let listed: Vec<Listed> = entries.iter().map(|entry| entry.listed).collect();
    BulkApproval::of(&listed, &unsettled.collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Content, series::Break};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    const TODAY: Date = Date::constant(2026, 11, 18);

    fn id(n: u8) -> RecordId {
        RecordId::from_bytes([n; 16])
    }

    fn november() -> Vec<Days> {
        weeks(Month::new(2026, 11).expect("month"))
    }

    fn series(weekday: Option<u8>, archived: bool) -> Series {
        let mut content = json!({"name": "Kerho", "form": "kerho", "municipality": "005", "archived": archived});
        if let (Some(weekday), Some(content)) = (weekday, content.as_object_mut()) {
            content.insert("weekday".to_owned(), json!(weekday));
        }
        Series::parse(content.as_object().expect("object")).expect("valid")
    }

    fn gathering(group: Option<u8>, day: Date, extra: Value) -> Gathering {
        let mut content: Content = json!({"form": "kerho", "date": date::iso(day), "municipality": "005",
            "participants": 14, "volunteers": 2, "volunteer_quarter_hours": 16})
        .as_object()
        .cloned()
        .expect("object");
        if let Some(group) = group {
            content.insert("series".to_owned(), json!(id(group).to_string()));
        }
        content = crate::content::overlay(&content, extra.as_object().expect("object"));
        Gathering::parse(&content, Date::MAX).expect("valid")
    }

    fn cancelled() -> Value {
        json!({"status": "cancelled", "participants": null, "volunteers": null, "volunteer_quarter_hours": null})
    }

    fn listed(n: u8, state: ReviewState, is_received: bool) -> Listed {
        Listed { gathering: id(n), revision: u32::from(n), state, is_received }
    }

    fn about<'a>(series: &'a [(RecordId, Series)], twice: &'a [RecordId], clashes: &'a [RecordId]) -> About<'a> {
        About { series, today: TODAY, twice, clashes }
    }

    #[test]
    fn the_weeks_of_a_month_are_cut_at_its_ends() {
        let days: Vec<(i8, i8)> = november().iter().map(|week| (week.first.day(), week.last.day())).collect();
        assert_eq!(days, [(1, 1), (2, 8), (9, 15), (16, 22), (23, 29), (30, 30)]);
        assert_eq!(weeks(Month::new(2027, 2).expect("month")).len(), 4);
        let year = months(2026);
        assert_eq!((year.len(), year[1].last), (12, Date::constant(2026, 2, 28)));
    }

    #[test]
    fn a_groups_month_says_what_stands_in_each_week() {
        let mondays = [(id(0xf1), series(Some(0), false))];
        let on = |day| Date::constant(2026, 11, day);
        let (a, b) = (gathering(Some(0xf1), on(2), json!({})), gathering(Some(0xf1), on(16), cancelled()));
        let before = gathering(Some(0xf1), Date::constant(2026, 10, 5), json!({}));
        let seen = [
            Seen { listed: listed(1, ReviewState::Recorded, true), gathering: &a },
            Seen { listed: listed(2, ReviewState::Approved, true), gathering: &b },
            Seen { listed: listed(3, ReviewState::Recorded, true), gathering: &before },
        ];
        let board = Board::new(seen, november(), about(&mondays, &[], &[]));
        let [row] = &board.rows[..] else { panic!("one row: {board:?}") };
        let standing: Vec<Standing> = row.cells.iter().map(Cell::standing).collect();
        use Standing::{Cancelled, Coming, Missing, Nothing, Recorded};
        assert_eq!(standing, [Nothing, Recorded, Missing, Cancelled, Coming, Coming]);
        assert_eq!(row.missing().collect::<Vec<_>>(), [on(9)]);
        assert_eq!((row.cells[1].held(), row.cells[1].visits(), row.cells[3].held()), (1, 14, 0));
        assert_eq!(row.bulk(), BulkApproval::Approve(vec![(id(1), 1)]), "October is not on the screen");
    }

    #[test]
    fn what_has_to_be_looked_at_first_is_what_the_cell_says() {
        let on = Date::constant(2026, 11, 16);
        let held = gathering(Some(0xf1), on, json!({}));
        let mondays = [(id(0xf1), series(Some(0), false))];
        let all = [
            Seen { listed: listed(1, ReviewState::Approved, true), gathering: &held },
            Seen { listed: listed(2, ReviewState::Recorded, true), gathering: &held },
            Seen { listed: listed(3, ReviewState::Recorded, false), gathering: &held },
            Seen { listed: listed(4, ReviewState::Returned, true), gathering: &held },
            Seen { listed: listed(5, ReviewState::Recorded, true), gathering: &held },
            Seen { listed: listed(6, ReviewState::Recorded, true), gathering: &held },
        ];
        let (twice, clashes) = ([id(5)], [id(6), id(5)]);
        let standing = |of: &[Seen<'_>], twice: &[RecordId], clashes: &[RecordId]| {
            let board = Board::new(of.iter().copied(), november(), about(&mondays, twice, clashes));
            board.rows[0].cells[3].standing()
        };
        assert_eq!(standing(&all[..1], &[], &[]), Standing::Approved);
        assert_eq!(standing(&all[..3], &[], &[]), Standing::Recorded);
        assert_eq!(standing(&all[2..3], &[], &[]), Standing::WaitsHere);
        assert_eq!(standing(&all[..4], &[], &[]), Standing::Asked);
        assert_eq!(standing(&all[..5], &twice, &[]), Standing::Twice);
        assert_eq!(standing(&all, &twice, &clashes), Standing::Clash);
    }

    #[test]
    fn a_group_that_has_ended_or_never_met_misses_nothing_and_a_break_is_no_gap() {
        let mut with_break = series(Some(2), false);
        with_break.breaks = vec![Break { from: Date::constant(2026, 10, 8), to: Date::constant(2026, 11, 8) }];
        let all = [
            (id(0xf1), series(Some(0), true)),
            (id(0xf2), series(Some(1), false)),
            (id(0xf3), series(None, false)),
            (id(0xf4), with_break),
        ];
        let old = gathering(Some(0xf1), Date::constant(2026, 11, 2), json!({}));
        let summer = gathering(Some(0xf4), Date::constant(2026, 10, 7), json!({}));
        let outing = gathering(None, Date::constant(2026, 11, 14), json!({}));
        let of_nobody = gathering(Some(0x77), Date::constant(2026, 11, 15), json!({}));
        let seen = [(1, &old), (2, &summer), (3, &outing), (4, &of_nobody)]
            .map(|(n, gathering)| Seen { listed: listed(n, ReviewState::Approved, true), gathering });
        let board = Board::new(seen, november(), about(&all, &[], &[]));
        let groups: Vec<_> = board.rows.iter().map(|row| row.group).collect();
        assert_eq!(groups, [Some(id(0xf1)), Some(id(0xf2)), Some(id(0xf4)), None]);
        let missing: Vec<usize> = board.rows.iter().map(|row| row.missing().count()).collect();
        assert_eq!(missing, [0, 0, 2, 0], "the one that meets on Wednesdays, after its break");
        assert_eq!(board.rows[2].cells[1].standing(), Standing::Break);
        assert_eq!(board.rows[3].entries().count(), 2, "what belongs to no known group stands outside");
    }

    #[test]
    fn a_year_has_a_cell_a_month() {
        let mondays = [(id(0xf1), series(Some(0), false))];
        let held: Vec<Gathering> = [5, 12, 19, 26]
            .iter()
            .map(|day| gathering(Some(0xf1), Date::constant(2026, 10, *day), json!({})))
            .collect();
        let seen =
            (1..).zip(&held).map(|(n, gathering)| Seen { listed: listed(n, ReviewState::Approved, true), gathering });
        let board = Board::new(seen, months(2026), about(&mondays, &[], &[]));
        let row = &board.rows[0];
        assert_eq!((row.cells[9].held(), row.cells[9].visits(), row.cells[9].standing()), (4, 56, Standing::Approved));
        assert_eq!(row.cells[8].standing(), Standing::Nothing, "before it began");
        let counted =
            [Standing::Missing, Standing::Coming, Standing::Approved].map(|standing| row.cells[10].count(standing));
        assert_eq!((counted, row.cells[9].count(Standing::Approved)), ([3, 2, 0], 4));
        assert_eq!(row.cells[11].standing(), Standing::Coming);
        assert_eq!(board.bulk(), BulkApproval::Done);
    }

    proptest! {
        #[test]
        fn weeks_are_numbered_as_calendars_do(index in 24_000_i32..24_400) {
            for week in weeks(Month::from_index(index)) {
                prop_assert_eq!(i64::from(date::week_number(week.first)), i64::from(week.first.iso_week_date().week()));
            }
        }

        /// Whatever there is: each gathering of the span stands in exactly one cell, and one press approves each that may be approved
        /// once, at the revision that was on the screen, and nothing else.
        #[test]
        fn one_press_approves_exactly_what_may_be_approved(
            rows in prop::collection::vec((0_u8..4, -20_i32..50, 0_u8..3, any::<bool>(), any::<bool>(), 0_u8..8), 0..40),
        ) {
            let all = [(id(0xf1), series(Some(0), false)), (id(0xf2), series(None, true))];
            let first = Date::constant(2026, 11, 1);
            let mut twice = Vec::new();
            let mut clashes = Vec::new();
            let made: Vec<(Listed, Gathering)> = rows.iter().zip(1_u8..).map(|((group, day, state, received, held, sort), n)| {
                match sort { 0 => twice.push(id(n)), 1 => clashes.push(id(n)), _ => {} }
                let group = [Some(0xf1), Some(0xf2), Some(0x99), None][usize::from(*group)];
                let state = [ReviewState::Recorded, ReviewState::Approved, ReviewState::Returned][usize::from(*state)];
                let extra = if *held { json!({}) } else { cancelled() };
                (listed(n, state, *received), gathering(group, date::plus_days(first, *day), extra))
            }).collect();
            let seen = made.iter().map(|(listed, gathering)| Seen { listed: *listed, gathering });
            let board = Board::new(seen, november(), about(&all, &twice, &clashes));
            let in_month: Vec<_> = made.iter().filter(|(_, one)| one.date.month() == 11 && one.date.year() == 2026).collect();
            let mut stands: Vec<RecordId> =
                board.rows.iter().flat_map(Row::entries).map(|entry| entry.listed.gathering).collect();
            stands.sort_unstable();
            let mut expected: Vec<RecordId> = in_month.iter().map(|(listed, _)| listed.gathering).collect();
            expected.sort_unstable();
            prop_assert_eq!(stands, expected);
            let mut approved = match board.bulk() {
                BulkApproval::Approve(all) => all,
                BulkApproval::Nothing | BulkApproval::Done => Vec::new(),
            };
            approved.sort_unstable();
            let mut may: Vec<(RecordId, u32)> = in_month.iter().map(|(listed, _)| listed)
                .filter(|one| one.is_received && one.state == ReviewState::Recorded)
                .filter(|one| !twice.contains(&one.gathering) && !clashes.contains(&one.gathering))
                .map(|one| (one.gathering, one.revision)).collect();
            may.sort_unstable();
            prop_assert_eq!(&approved, &may);
            let of_cells: usize = board.rows.iter().flat_map(|row| &row.cells).map(|cell| match cell.bulk() {
                BulkApproval::Approve(all) => all.len(),
                _ => 0,
            }).sum();
            prop_assert_eq!(of_cells, may.len(), "cell by cell it is the same");
        }
    }
}
