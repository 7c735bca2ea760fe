//! What is open in a period: what the association is shown before it closes one.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Alternative, Date, Gathering, Kind, RecordId, Series,
    alternative::Proposal,
    date,
    pair::unsettled_pairs,
    period::Period,
    report::missing_of_group,
    review::{Listed, ReviewState, Settlement},
    yearly_people::YearlyPeople,
};

/// All that the association has, from which is told what is open.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// In the order of their days, either way.
    pub gatherings: &'a [(Listed, &'a Gathering)],
    /// Of those gatherings, by [`days_of_series`].
    pub days: &'a DaysOfSeries,
    pub series: &'a [(RecordId, Series)],
    pub settlements: &'a [Settlement],
    pub alternatives: &'a [(RecordId, Alternative)],
    /// The series, or the whole association, and years of which is known how many different people came.
    pub answered: &'a [(Option<RecordId>, i16)],
}

/// The days of each series' gatherings, held and cancelled.
pub type DaysOfSeries = BTreeMap<RecordId, Vec<Date>>;

/// Of each gathering its series and its day; looked up once for all periods about which is asked.
pub fn days_of_series(gatherings: impl IntoIterator<Item = (Option<RecordId>, Date)>) -> DaysOfSeries {
    let mut days = DaysOfSeries::new();
    for (series, day) in gatherings {
        if let Some(series) = series {
            days.entry(series).or_default().push(day);
        }
    }
    days
}

/// What is open in a period, as counts. Nothing of it forbids to close it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// The server does not have them as they are shown here.
    pub not_sent: u32,
    pub to_approve: u32,
    /// Returned with a question.
    pub asked: u32,
    /// Weeks of which nothing was recorded.
    pub missing: u32,
    /// "Sama kerta?"
    pub pairs: u32,
    pub clashes: u32,
    /// Groups of a year of which nobody has said how many different people came; none where that is known of the whole association.
    pub people: u32,
}

impl Open {
    /// Weeks count as missing until the day before `today`.
    pub fn of(period: Period, known: &Known<'_>, today: Date) -> Open {
        let all = known.gatherings.iter();
        let own: Vec<_> = all.filter(|(_, gathering)| period.contains(gathering.date)).copied().collect();
        let count = |is_it: fn(&Listed) -> bool| own.iter().filter(|(listed, _)| is_it(listed)).count();
        let last = period.last_day().min(date::plus_days(today, -1));
        let missing = |(id, series): &(RecordId, Series)| {
            let recorded = known.days.get(id).map_or(&[][..], Vec::as_slice);
            missing_of_group(series, period.first_day(), last, recorded).len()
        };
        let held = own.iter().filter(|(_, gathering)| gathering.is_held());
        let met: BTreeSet<RecordId> = held.filter_map(|(_, gathering)| gathering.series).collect();
        let year = match period {
            Period::Year(year) => Some(year),
            Period::Month(_) => None,
        };
        let is_answered = |of: Option<RecordId>, year: i16| known.answered.contains(&(of, year));
        let unanswered = |year: i16| match is_answered(None, year) {
            true => 0,
            false => known.series.iter().filter(|(id, _)| met.contains(id) && !is_answered(Some(*id), year)).count(),
        };
        let is_of_period = |alternative: &Alternative| match (alternative.kind, year) {
            (Kind::Gathering, _) => own.iter().any(|(listed, _)| listed.gathering == alternative.record),
            (Kind::YearlyPeople, Some(year)) => {
                known.series.iter().any(|(id, _)| YearlyPeople::id(*id, year) == alternative.record)
                    || is_whole_of(alternative, year)
            }
            _ => false,
        };
        let clashes = known
            .alternatives
            .iter()
            .filter(|(id, alternative)| alternative.is_open(*id, known.settlements) && is_of_period(alternative));
        let pairs =
            unsettled_pairs(own.iter().map(|(listed, gathering)| (listed.gathering, *gathering)), known.settlements);
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Open {
            not_sent: number(count(|listed| !listed.is_received)),
            to_approve: number(count(|listed| listed.is_received && listed.state == ReviewState::Recorded)),
            asked: number(count(|listed| listed.is_received && listed.state == ReviewState::Returned)),
            missing: number(known.series.iter().map(missing).sum()),
            pairs: number(pairs.len()),
            clashes: number(clashes.count()),
            people: number(year.map_or(0, unanswered)),
        }
    }

    pub fn is_nothing(&self) -> bool {
        *self == Open::default()
    }
}

/// Whether an alternative is another answer for the whole association and that year.
fn is_whole_of(alternative: &Alternative, year: i16) -> bool {
    let Proposal::Edit { content, .. } = &alternative.proposal else { return false };
    YearlyPeople::parse(content).is_ok_and(|answer| (answer.series, answer.year) == (None, year))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TODAY: Date = Date::constant(2026, 11, 27);

    fn id(n: u8) -> RecordId {
        RecordId::from_bytes([n; 16])
    }

    fn period(text: &str) -> Period {
        Period::parse(text).expect("a period")
    }

    fn gathering(day: &str) -> Gathering {
        let content = json!({"form": "kerho", "date": day, "municipality": "005", "participants": 14, "volunteers": 2,
                             "volunteer_quarter_hours": 16, "series": id(7).to_string()});
        Gathering::parse(content.as_object().expect("object"), TODAY).expect("valid")
    }

    #[test]
    fn what_is_open_is_counted() {
        let days = ["2026-11-23", "2026-11-16", "2026-11-16", "2026-11-02", "2026-10-05"];
        let gatherings = days.map(gathering);
        let states = [
            (ReviewState::Recorded, false),
            (ReviewState::Recorded, true),
            (ReviewState::Approved, true),
            (ReviewState::Returned, true),
            (ReviewState::Recorded, true),
        ];
        let rows: Vec<(Listed, &Gathering)> = (1..)
            .zip(states)
            .map(|(n, (state, is_received))| Listed { gathering: id(n), revision: 1, state, is_received })
            .zip(&gatherings)
            .collect();
        let series = json!({"name": "x", "form": "kerho", "municipality": "005", "weekday": 0});
        let series = [(id(7), Series::parse(series.as_object().expect("object")).expect("valid"))];
        let alternative = |record, kind| Alternative {
            record,
            kind,
            against: 1,
            proposal: Proposal::Deletion,
            settled_by_author: false,
        };
        let of_whole = |year: i16| {
            let content = json!({"year": year, "distinct_people": 60}).as_object().cloned().expect("object");
            let proposal = Proposal::Edit { content, fields: vec!["distinct_people".to_owned()] };
            Alternative { proposal, ..alternative(id(30), Kind::YearlyPeople) }
        };
        let alternatives = [
            (id(20), alternative(id(2), Kind::Gathering)),
            (id(21), alternative(id(5), Kind::Gathering)),
            (id(22), alternative(YearlyPeople::id(id(7), 2026), Kind::YearlyPeople)),
            (id(23), alternative(id(3), Kind::Gathering)),
            (id(24), of_whole(2026)),
            (id(25), of_whole(2025)),
        ];
        let settlements = [Settlement::Alternative { alternative: id(23), taken: false }];
        let known = Known {
            gatherings: &rows,
            days: &days_of_series(gatherings.iter().map(|one| (one.series, one.date))),
            series: &series,
            settlements: &settlements,
            alternatives: &alternatives,
            answered: &[(Some(id(7)), 2025)],
        };
        let month = Open { not_sent: 1, to_approve: 1, asked: 1, missing: 1, pairs: 1, clashes: 1, people: 0 };
        assert_eq!(Open::of(period("2026-11"), &known, TODAY), month);
        // In October there are three Mondays more of which nothing is known, and one gathering to approve.
        let year = Open { to_approve: 2, missing: 4, clashes: 4, people: 1, ..month };
        assert_eq!(Open::of(period("2026"), &known, TODAY), year);
        for of in [Some(id(7)), None] {
            let answered = Known { answered: &[(of, 2026)], ..known };
            assert_eq!(Open::of(period("2026"), &answered, TODAY).people, 0, "{of:?}");
        }
        assert!(Open::of(period("2024"), &known, TODAY).is_nothing());
    }
}
