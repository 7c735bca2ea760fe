//! Periods: a month or a year that the association closes, because its figures have gone to a funder or an annual meeting.
//!
//! Closing stops nobody from recording: a saved record is sacred. What was closed says what was seen then ([`Seen`]), so that every
//! report can say where its figures have changed since. Closing and opening anew are settlements ([`crate::review::Settlement`]), of
//! which the latest in the server's order stands (docs/adr/0024).

use std::fmt;

use crate::{
    Content, Date, FieldError, Gathering, Month, Problem, RecordId,
    content::{self, Reader, put},
    date,
};

/// A calendar month or year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    Year(i16),
    Month(Month),
}

impl Period {
    /// `2025` or `2025-03`.
    pub fn parse(text: &str) -> Option<Period> {
        match text.len() {
            4 => Some(Period::Year(date::parse(&format!("{text}-01-01"))?.year())),
            7 => Some(Period::Month(Month::of(date::parse(&format!("{text}-01"))?))),
            _ => None,
        }
    }

    pub fn first_day(self) -> Date {
        match self {
            Period::Year(year) => Date::new(year, 1, 1).unwrap_or(Date::MIN),
            Period::Month(month) => month.first_day(),
        }
    }

    pub fn last_day(self) -> Date {
        match self {
            Period::Year(year) => Date::new(year, 12, 31).unwrap_or(Date::MAX),
            Period::Month(month) => month.last_day(),
        }
    }

    pub fn contains(self, day: Date) -> bool {
        (self.first_day()..=self.last_day()).contains(&day)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Year(year) => write!(out, "{year:04}"),
            Period::Month(month) => write!(out, "{month}"),
        }
    }
}

/// The association closes a period, or opens it anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    pub period: Period,
    pub closed: bool,
    /// None when it is opened, and on a volunteer's phone, which is not given it.
    pub seen: Option<Seen>,
}

/// The fields of a closing that a volunteer's phone is given: enough to warn before a gathering of that time is changed.
pub(crate) const FOR_EVERYBODY: &[&str] = &["period", "closed"];

impl Closing {
    pub(crate) fn read(read: &mut Reader<'_>) -> Option<Closing> {
        let period = read.required("period", |value| value.as_str().and_then(Period::parse).ok_or(Problem::NotADate));
        let closed = read.required("closed", content::yes_or_no);
        let mut number = |field| read.optional(field, content::number(0, u32::MAX)).unwrap_or(0);
        let seen = Seen {
            gatherings: number("gatherings"),
            cancelled: number("cancelled"),
            visits: number("visits").into(),
            volunteers: number("volunteer_visits").into(),
            quarter_hours: number("quarter_hours").into(),
            mark: String::new(),
        };
        let mark = read.optional("mark", content::line(MARK_MAX_CHARS));
        let seen = mark.map(|mark| Seen { mark, ..seen });
        period.zip(closed).map(|(period, closed)| Closing { period, closed, seen })
    }

    pub(crate) fn write(&self, out: &mut Content) {
        put(out, "period", Some(self.period.to_string()));
        put(out, "closed", Some(self.closed));
        if let Some(seen) = &self.seen {
            put(out, "gatherings", Some(seen.gatherings));
            put(out, "cancelled", Some(seen.cancelled));
            put(out, "visits", Some(seen.visits));
            put(out, "volunteer_visits", Some(seen.volunteers));
            put(out, "quarter_hours", Some(seen.quarter_hours));
            put(out, "mark", Some(seen.mark.clone()));
        }
    }
}

/// What the gatherings of a period say: their sums, and a mark that is another one when any figure of any gathering is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub gatherings: u32,
    pub cancelled: u32,
    pub visits: u64,
    /// Volunteers, summed over gatherings.
    pub volunteers: u64,
    pub quarter_hours: u64,
    /// The version of its making, `-`, and sixteen hexadecimal digits.
    pub mark: String,
}

/// A mark of a later version may be longer.
const MARK_MAX_CHARS: usize = 80;
/// Stands before the digits. A change of [`MARKED`], or of how they are added up, takes the next one.
const MARK_VERSION: &str = "2-";
/// The fields of a gathering by which a figure of a report may be another one. Words, and how it was reviewed, are not among them.
const MARKED: [&str; 30] = [
    "series",
    "form",
    "date",
    "municipality",
    "place",
    "duration",
    "target_groups",
    "themes",
    "sensitive",
    "free",
    "open",
    "municipal_premises",
    "language",
    "funders",
    "participants",
    "first_timers",
    "digital_participants",
    "residents",
    "ages",
    "genders",
    "volunteers",
    "volunteer_quarter_hours",
    "staff",
    "staff_quarter_hours",
    "basis",
    "status",
    "mode",
    "days",
    "nights",
    "partner",
];

impl Seen {
    /// What the gatherings of `period` say, in whatever order they come.
    pub fn of<'a>(gatherings: impl IntoIterator<Item = (RecordId, &'a Gathering)>, period: Period) -> Seen {
        let mut seen = Seen::default();
        let mut mark = 0_u64;
        for (id, gathering) in gatherings.into_iter().filter(|(_, gathering)| period.contains(gathering.date)) {
            mark = mark.wrapping_add(mark_of(id, gathering));
            let Some(heads) = &gathering.heads else {
                seen.cancelled += 1;
                continue;
            };
            seen.gatherings += 1;
            seen.visits += u64::from(heads.participants);
            seen.volunteers += u64::from(heads.volunteers);
            seen.quarter_hours += u64::from(heads.volunteer_quarter_hours);
        }
        Seen { mark: format!("{MARK_VERSION}{mark:016x}"), ..seen }
    }

    /// Whether both say the same. A mark of another version cannot be compared: then the sums decide.
    pub fn is_same(&self, other: &Seen) -> bool {
        let sums = |seen: &Seen| (seen.gatherings, seen.cancelled, seen.visits, seen.volunteers, seen.quarter_hours);
        let is_ours = |seen: &Seen| seen.mark.starts_with(MARK_VERSION);
        sums(self) == sums(other) && (self.mark == other.mark || !is_ours(self) || !is_ours(other))
    }
}

/// FNV-1a over a gathering's id and figures. It tells slips and late records from what was seen; it keeps nobody out.
fn mark_of(id: RecordId, gathering: &Gathering) -> u64 {
    let content = gathering.to_content();
    let mut mark = 0xcbf2_9ce4_8422_2325_u64;
    let mut take = |bytes: &[u8]| {
        for byte in bytes {
            mark = (mark ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    take(id.uuid().as_bytes());
    for field in MARKED {
        // An absent field and its name are told from the field before.
        take(field.as_bytes());
        take(content.get(field).and_then(|value| serde_json::to_string(value).ok()).unwrap_or_default().as_bytes());
        take(&[0]);
    }
    mark
}

/// A closed period whose gatherings say something else now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub period: Period,
    pub then: Seen,
    pub now: Seen,
}

/// The periods that are closed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closed(Vec<Closing>);

impl Closed {
    /// Of closings with the server's order of each ([`u64::MAX`] for one that has not been sent), the latest of each period stands.
    pub fn new(closings: impl IntoIterator<Item = (u64, Closing)>) -> Closed {
        // Looked through, as there are few: every phone has this, and a tree or a sort is several times the code.
        let mut latest: Vec<(u64, Closing)> = Vec::new();
        for (seq, closing) in closings {
            match latest.iter_mut().find(|(_, known)| known.period == closing.period) {
                Some(known) if known.0 > seq => {}
                Some(known) => *known = (seq, closing),
                None => latest.push((seq, closing)),
            }
        }
        Closed(latest.into_iter().map(|(_, closing)| closing).filter(|closing| closing.closed).collect())
    }

    pub fn get(&self, period: Period) -> Option<&Closing> {
        self.0.iter().find(|closing| closing.period == period)
    }

    /// The closed period in which a day is: its year, or else its month.
    pub fn on(&self, day: Date) -> Option<Period> {
        let periods = [Period::Year(day.year()), Period::Month(Month::of(day))];
        periods.into_iter().find(|period| self.get(*period).is_some())
    }

    /// The closed periods that share a day with the time from `first` to `last`, and whose gatherings say something else now, in order.
    pub fn changed<'a>(
        &self,
        gatherings: impl Iterator<Item = (RecordId, &'a Gathering)> + Clone,
        first: Date,
        last: Date,
    ) -> Vec<Changed> {
        let within = |period: &Period| period.first_day() <= last && first <= period.last_day();
        let closings = self.0.iter().filter(|closing| within(&closing.period));
        let changed = closings.filter_map(|closing| {
            let (period, then) = (closing.period, closing.seen.clone()?);
            let now = Seen::of(gatherings.clone(), period);
            (!then.is_same(&now)).then_some(Changed { period, then, now })
        });
        let mut changed: Vec<Changed> = changed.collect();
        changed.sort_by_key(|changed| changed.period);
        changed
    }
}

/// A closing by itself, for whoever reads only those.
///
/// # Errors
/// What is wrong with its fields.
pub fn parse(content: &Content) -> Result<Closing, Vec<FieldError>> {
    let mut read = Reader::new(content);
    let closing = Closing::read(&mut read);
    read.finish(closing)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::content::overlay;

    const TODAY: Date = Date::constant(2026, 11, 27);
    const NOVEMBER: &str = "2026-11";

    fn id(n: u8) -> RecordId {
        RecordId::from_bytes([n; 16])
    }

    fn period(text: &str) -> Period {
        Period::parse(text).expect("a period")
    }

    fn gathering(day: &str, extra: Value) -> Gathering {
        let content = json!({"form": "kerho", "date": day, "municipality": "005", "participants": 14, "volunteers": 2,
                             "volunteer_quarter_hours": 16, "series": id(7).to_string()});
        let content = overlay(content.as_object().expect("object"), extra.as_object().expect("object"));
        Gathering::parse(&content, TODAY).expect("valid")
    }

    fn cancelled(day: &str) -> Gathering {
        gathering(
            day,
            json!({"status": "cancelled", "participants": null, "volunteers": null, "volunteer_quarter_hours": null}),
        )
    }

    fn all(gatherings: &[Gathering]) -> impl Iterator<Item = (RecordId, &Gathering)> + Clone {
        (1..).map(id).zip(gatherings)
    }

    fn close(text: &str, gatherings: &[Gathering]) -> Closing {
        let period = period(text);
        Closing { period, closed: true, seen: Some(Seen::of(all(gatherings), period)) }
    }

    #[test]
    fn a_period_is_a_year_or_a_month() {
        assert_eq!(period("2025"), Period::Year(2025));
        assert_eq!(period(NOVEMBER).to_string(), NOVEMBER);
        assert!(period("2025").contains(Date::constant(2025, 12, 31)) && !period("2025").contains(TODAY));
        for wrong in ["", "25", "2025-13", "2025-1", "2025-01-01", "vuosi", "-001"] {
            assert_eq!(Period::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_closing_is_read_and_written_back() {
        let closing = close("2026", &[gathering("2026-11-16", json!({})), cancelled("2026-11-23")]);
        let seen = closing.seen.clone().expect("seen");
        assert_eq!((seen.gatherings, seen.cancelled, seen.visits, seen.quarter_hours), (1, 1, 14, 16));
        let opened = Closing { period: period(NOVEMBER), closed: false, seen: None };
        for closing in [closing, opened] {
            let mut content = Content::new();
            closing.write(&mut content);
            assert_eq!(parse(&content), Ok(closing));
        }
        for wrong in [json!({"period": "2026-13", "closed": true}), json!({"period": "2026"}), json!({"period": 2026})]
        {
            assert!(parse(wrong.as_object().expect("object")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_latest_closing_of_a_period_stands() {
        let closing = |closed| Closing { period: Period::Year(2025), closed, seen: None };
        let is_closed = |all: &[(u64, bool)]| {
            Closed::new(all.iter().map(|(seq, closed)| (*seq, closing(*closed)))).get(Period::Year(2025)).is_some()
        };
        assert!(
            is_closed(&[(3, true)]) && !is_closed(&[(9, false), (3, true)]) && is_closed(&[(9, false), (12, true)])
        );
        assert!(is_closed(&[(u64::MAX, true), (12, false)]), "what is not sent yet is the latest");
        assert!(!is_closed(&[]));
    }

    #[test]
    fn a_day_is_in_the_closed_year_or_in_the_closed_month() {
        let closed = Closed::new([(1, close("2025", &[])), (2, close("2025-03", &[])), (3, close(NOVEMBER, &[]))]);
        let on = |year, month| closed.on(Date::constant(year, month, 3)).map(|period| period.to_string());
        assert_eq!(on(2025, 3).as_deref(), Some("2025"));
        assert_eq!(on(2026, 11).as_deref(), Some(NOVEMBER));
        assert_eq!(on(2026, 10), None);
    }

    #[test]
    fn a_figure_that_changes_after_closing_is_told_and_words_are_not() {
        let before = [gathering("2026-11-16", json!({})), gathering("2026-11-23", json!({"participants": 9}))];
        let closed = Closed::new([(1, close(NOVEMBER, &before))]);
        let (first, last) = (Date::constant(2026, 1, 1), TODAY);
        let changed = |now: &[Gathering]| closed.changed(all(now), first, last);
        assert_eq!(changed(&before), []);
        let words = json!({"note": "Kahvit", "postal_code": "00100", "changed_because": "Paikka puuttui"});
        assert_eq!(changed(&[gathering("2026-11-16", words), before[1].clone()]), []);
        // The sums are the same: two gatherings have exchanged their heads.
        let exchanged = [gathering("2026-11-16", json!({"participants": 9})), gathering("2026-11-23", json!({}))];
        assert_eq!(changed(&exchanged).len(), 1);
        let late = [before[0].clone(), before[1].clone(), gathering("2026-11-09", json!({}))];
        let told = changed(&late);
        assert_eq!((told[0].period, told[0].then.visits, told[0].now.visits), (period(NOVEMBER), 23, 37));
        let outside = [before[0].clone(), before[1].clone(), gathering("2026-10-09", json!({}))];
        assert_eq!(changed(&outside), []);
        assert_eq!(closed.changed(all(&late), first, Date::constant(2026, 10, 31)), [], "of another time");
    }

    #[test]
    fn a_mark_of_a_later_version_does_not_say_that_something_has_changed() {
        let gatherings = [gathering("2026-11-16", json!({}))];
        let ours = Seen::of(all(&gatherings), period(NOVEMBER));
        let theirs = Seen { mark: "3-abc".to_owned(), ..ours.clone() };
        assert!(theirs.is_same(&ours) && ours.is_same(&theirs));
        assert!(!theirs.is_same(&Seen { visits: 15, ..ours }));
    }

    #[test]
    fn every_field_of_a_gathering_is_marked_or_left_out_on_purpose() {
        let left_out = ["start", "postal_code", "note", "changed_because"];
        for field in crate::gathering::FIELDS {
            assert_ne!(MARKED.contains(field), left_out.contains(field), "{field} has to be decided about");
        }
    }

    proptest! {
        #[test]
        fn the_order_of_gatherings_does_not_matter(heads in proptest::collection::vec(0_u32..200, 1..12), turn in 0_usize..12) {
            let gatherings: Vec<Gathering> =
                heads.iter().map(|heads| gathering("2026-11-16", json!({"participants": heads}))).collect();
            let mut rows: Vec<_> = all(&gatherings).collect();
            let seen = Seen::of(rows.clone(), period(NOVEMBER));
            rows.rotate_left(turn % heads.len());
            prop_assert_eq!(&Seen::of(rows.clone(), period(NOVEMBER)), &seen);
            rows.pop();
            prop_assert!(!Seen::of(rows, period(NOVEMBER)).is_same(&seen));
        }
    }
}
