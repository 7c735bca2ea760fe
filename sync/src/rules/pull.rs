//! What a device is told of an association: pure, over the rows that a store loaded.

use domain::{
    AssociationId, Content, Date, Kind, Month, RecordId, Role, UserId, date,
    permission::{Pulled, may_pull, visible},
};

use crate::{
    canonical::body_hash,
    limits,
    protocol::PullRecord,
    seal::{SealKey, Told},
};

/// Whose device asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    pub user: UserId,
    pub role: Role,
    /// Day number; gatherings before it are left out. None for a reviewer.
    pub first_day: Option<i32>,
}

impl Reader {
    /// A volunteer is given thirteen months, the month of `today` among them; a reviewer everything.
    pub fn new(user: UserId, role: Role, today: Date) -> Reader {
        let first_day = (role == Role::Volunteer)
            .then(|| date::day_number(Month::of(today).plus(1 - limits::VOLUNTEER_MONTHS).first_day()));
        Reader { user, role, first_day }
    }
}

/// The newest revision of a record, as a store holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct PullRow {
    pub kind: Kind,
    pub id: RecordId,
    pub rev: u32,
    pub seq: u64,
    /// None when deleted.
    pub content: Option<Content>,
    /// Bytes that the content takes.
    pub bytes: usize,
    pub recorder: UserId,
    /// What the association calls the recorder.
    pub nickname: Option<String>,
    /// Day number of a gathering.
    pub day: Option<i32>,
    /// Of a review: who recorded its gathering, and that gathering's day number.
    pub gathering: Option<(UserId, Option<i32>)>,
}

/// A page of records in sequence order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PullPage {
    pub records: Vec<PullRecord>,
    /// The cursor after this page. It moves over rows that are not for the reader, too.
    pub next: u64,
    pub more: bool,
}

/// The page that a reader gets of the first `limit` rows after the sequence number `after`: as many as fit
/// [`limits::PULL_PAGE_BYTES_MAX`], and one at least.
pub fn page(reader: &Reader, mut rows: Vec<PullRow>, after: u64, limit: u32) -> PullPage {
    let more = rows.len() >= limit as usize;
    let mut bytes = 0;
    let mut fits = |row: &PullRow| {
        bytes += row.bytes;
        bytes <= limits::PULL_PAGE_BYTES_MAX
    };
    let fit = rows.iter().position(|row| !fits(row)).map_or(rows.len(), |first| first.max(1));
    let is_cut = fit < rows.len();
    rows.truncate(fit);
    PullPage {
        more: more || is_cut,
        next: rows.last().map_or(after, |row| row.seq),
        records: rows.into_iter().filter(|row| is_for(reader, row)).map(|row| told(reader, row)).collect(),
    }
}

fn is_for(reader: &Reader, row: &PullRow) -> bool {
    let (is_own, day) = match row.kind {
        Kind::Review => {
            (row.gathering.is_some_and(|(by, _)| by == reader.user), row.gathering.and_then(|(_, day)| day))
        }
        _ => (row.recorder == reader.user, row.day),
    };
    let is_closing = row.content.as_ref().is_none_or(|content| content.contains_key("period"));
    may_pull(reader.role, reader.first_day, Pulled { kind: row.kind, is_own, day, is_closing })
}

fn told(reader: &Reader, row: PullRow) -> PullRecord {
    let mine = row.recorder == reader.user;
    PullRecord {
        kind: row.kind,
        id: row.id,
        rev: row.rev,
        seq: row.seq,
        deleted: row.content.is_none(),
        content: row.content.map(|content| visible(reader.role, mine, row.kind, &content)),
        mine,
        by: row.nickname.filter(|_| reader.role == Role::Reviewer && row.kind == Kind::Gathering),
        seal: String::new(),
    }
}

/// Marks what is told, so that the server knows it again (S9).
pub fn seal(key: &SealKey, association: AssociationId, user: UserId, records: &mut [PullRecord]) {
    for record in records {
        let PullRecord { kind, id, rev, .. } = *record;
        let hash = body_hash(record.content.as_ref());
        record.seal = key.seal(&Told { association, kind, id, rev, hash: &hash, mine: record.mine.then_some(user) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AINO: UserId = UserId::from_bytes([1; 16]);
    const BERIT: UserId = UserId::from_bytes([2; 16]);
    const TODAY: Date = Date::constant(2026, 11, 21);

    fn row(seq: u64, kind: Kind, day: Option<Date>, of: Option<UserId>) -> PullRow {
        let day = day.map(date::day_number);
        let content = serde_json::json!({"note": "Kahvit."}).as_object().cloned();
        PullRow {
            kind,
            id: RecordId::from_bytes([seq as u8; 16]),
            rev: 1,
            seq,
            content,
            bytes: 20,
            recorder: AINO,
            nickname: Some("Aino".to_owned()),
            day: day.filter(|_| kind == Kind::Gathering),
            gathering: of.map(|of| (of, day)),
        }
    }

    fn seqs(reader: &Reader, rows: &[PullRow]) -> Vec<u64> {
        page(reader, rows.to_vec(), 0, 100).records.iter().map(|record| record.seq).collect()
    }

    #[test]
    fn a_volunteer_is_given_thirteen_months() {
        let days = [(2025, 10, 31), (2025, 11, 1), (2026, 11, 20)];
        let rows: Vec<PullRow> = (1..)
            .zip(days)
            .map(|(seq, (year, month, day))| row(seq, Kind::Gathering, Some(Date::constant(year, month, day)), None))
            .collect();
        assert_eq!(seqs(&Reader::new(BERIT, Role::Volunteer, TODAY), &rows), [2, 3]);
        assert_eq!(seqs(&Reader::new(BERIT, Role::Reviewer, TODAY), &rows), [1, 2, 3]);
    }

    #[test]
    fn a_review_is_for_whoever_recorded_its_gathering_whoever_reviewed() {
        let of = |seq, by, day| row(seq, Kind::Review, Some(day), Some(by));
        let rows = [
            of(1, AINO, TODAY),
            of(2, BERIT, TODAY),
            of(3, BERIT, Date::constant(2025, 10, 31)),
            row(4, Kind::Review, None, None),
        ];
        assert_eq!(seqs(&Reader::new(BERIT, Role::Volunteer, TODAY), &rows), [2]);
    }

    #[test]
    fn a_page_moves_the_cursor_over_what_is_not_for_the_reader() {
        let old = |seq| row(seq, Kind::Gathering, Some(Date::constant(2020, 1, 1)), None);
        let volunteer = Reader::new(BERIT, Role::Volunteer, TODAY);
        let full = page(&volunteer, vec![old(4), old(9)], 3, 2);
        assert_eq!((full.records.len(), full.next, full.more), (0, 9, true));
        let last = page(&volunteer, vec![old(10)], 9, 2);
        assert_eq!((last.next, last.more), (10, false));
        let none = page(&volunteer, Vec::new(), 10, 2);
        assert_eq!((none.next, none.more), (10, false));
    }

    #[test]
    fn a_page_ends_where_its_bytes_do_and_says_that_there_is_more() {
        let large = |seq| PullRow { bytes: limits::PULL_PAGE_BYTES_MAX / 2, ..row(seq, Kind::Series, None, None) };
        let reviewer = Reader::new(BERIT, Role::Reviewer, TODAY);
        let first = page(&reviewer, vec![large(1), large(2), large(3)], 0, 10);
        assert_eq!((first.records.len(), first.next, first.more), (2, 2, true));
        let rest = page(&reviewer, vec![large(3)], 2, 10);
        assert_eq!((rest.records.len(), rest.next, rest.more), (1, 3, false));
        let huge = PullRow { bytes: limits::PULL_PAGE_BYTES_MAX + 1, ..large(4) };
        let one = page(&reviewer, vec![huge, large(5)], 3, 10);
        assert_eq!(
            (one.records.len(), one.next, one.more),
            (1, 4, true),
            "a page is never empty where there is something"
        );
    }

    #[test]
    fn of_what_the_association_settles_a_volunteer_is_told_which_periods_are_closed() {
        let settled = |seq, content: serde_json::Value| PullRow {
            content: content.as_object().cloned(),
            ..row(seq, Kind::Settlement, None, None)
        };
        let rows = [
            settled(1, serde_json::json!({"first": "a", "second": "b", "same": true})),
            settled(2, serde_json::json!({"period": "2025", "closed": true, "visits": 512, "mark": "1-0"})),
        ];
        let of = |role| page(&Reader::new(BERIT, role, TODAY), rows.to_vec(), 0, 10).records;
        let told = of(Role::Volunteer);
        assert_eq!(told.iter().map(|record| record.seq).collect::<Vec<_>>(), [2]);
        assert_eq!(serde_json::json!(told[0].content), serde_json::json!({"period": "2025", "closed": true}));
        assert_eq!(of(Role::Reviewer).len(), 2);
    }

    #[test]
    fn who_recorded_is_told_to_reviewers_only() {
        let rows = vec![row(1, Kind::Gathering, Some(TODAY), None)];
        let one = |user, role| page(&Reader::new(user, role, TODAY), rows.clone(), 0, 10).records.remove(0);
        assert_eq!(one(BERIT, Role::Reviewer).by.as_deref(), Some("Aino"));
        let (own, others) = (one(AINO, Role::Volunteer), one(BERIT, Role::Volunteer));
        assert_eq!((own.by, own.mine, own.content.map(|content| content.len())), (None, true, Some(1)));
        assert_eq!((others.by, others.mine, others.content.map(|content| content.len())), (None, false, Some(0)));
    }
}
