//! Records in, sums out: the accumulator of a report, fed row by row, and what it has summed.
//!
//! The association's own figures show everything: sensitive or not, approved or not, asked about or not. What is not approved is said beside
//! each figure ([`Cover::waiting`]). Only held gatherings count; cancelled ones are a figure of their own. An outing of several days counts
//! whole on its first day.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Date, Gathering, RecordId, Series,
    report::{
        key::{Dimension, Group, Key, MONTHS_CROSSED_MAX, Table},
        measure::Measure,
        missing_of_group,
        range::{Comparison, Days, Range},
        tidy::{Basis, Cover, Figure, Missing, Span, Value, VolunteerClass},
        totals::{OutingForms, Row, Totals},
    },
    yearly_people::{Asked, YearlyPeople},
};

/// What per cents are of, at least: of fewer, one evening is five of them.
pub const SHARE_BASE_MIN: u64 = 20;

/// Sums gatherings, one at a time and in any order, so that a phone can draw between slices of them. Nothing is allocated for a row but
/// the first of its group.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    range: Range,
    days: Days,
    today: Date,
    comparison: Option<Comparison>,
    outing_forms: OutingForms,
    tables: Vec<Summing<'a>>,
    /// Days of each series' gatherings, held or not, of any year.
    recorded: BTreeMap<RecordId, Vec<Date>>,
}

/// A table of some days while it is summed. The sums stand apart from their keys, so that a search goes over little memory.
#[derive(Clone, Debug)]
struct Summing<'a> {
    span: Span,
    table: Table,
    index: BTreeMap<Key<'a>, usize>,
    sums: Vec<Totals>,
}

impl<'a> Summing<'a> {
    fn new(span: Span, table: Table) -> Summing<'a> {
        Summing { span, table, index: BTreeMap::new(), sums: Vec::new() }
    }

    fn add(&mut self, gathering: &'a Gathering, of_row: &Totals) {
        let (first, second) = self.table.dimensions();
        first.groups(gathering, &mut |outer| {
            second.groups(gathering, &mut |inner| {
                let at = *self.index.entry(Key(outer.clone(), inner)).or_insert(self.sums.len());
                match self.sums.get_mut(at) {
                    Some(sum) => sum.add(of_row),
                    None => self.sums.push(*of_row),
                }
            });
        });
    }
}

impl<'a> Report<'a> {
    /// `tables` are those of the packs that are wanted, and `compared` those that they compare with the year before; a table that is not
    /// among them has no figures, and one that crosses months has none of a long range ([`MONTHS_CROSSED_MAX`]).
    pub fn new(
        range: Range,
        today: Date,
        tables: impl IntoIterator<Item = Table>,
        compared: impl IntoIterator<Item = Table>,
    ) -> Report<'a> {
        let is_of_range =
            |table: &Table| table.dimensions().1 != Dimension::Month || range.months() <= MONTHS_CROSSED_MAX;
        let whole = each_once(tables).filter(is_of_range).map(|table| Summing::new(Span::Whole, table));
        let compared = each_once(compared)
            .flat_map(|table| [Span::Compared, Span::YearBefore].map(|span| Summing::new(span, table)));
        Report {
            range,
            days: range.days(),
            today,
            comparison: range.comparison(today),
            outing_forms: OutingForms::new(),
            tables: whole.chain(compared).collect(),
            recorded: BTreeMap::new(),
        }
    }

    /// Adds a gathering of any day: also those outside the range tell when a series was active, and what the year before had.
    pub fn add(&mut self, row: Row<'a>) {
        let day = row.gathering.date;
        if let Some(series) = row.gathering.series {
            self.recorded.entry(series).or_default().push(day);
        }
        let is_in_range = self.days.contains(day);
        let is_compared = self.comparison.is_some_and(|comparison| comparison.now.contains(day));
        let is_before = self.comparison.is_some_and(|comparison| comparison.before.contains(day));
        if !is_in_range && !is_before {
            return;
        }
        let of_row = Totals::of(row, self.outing_forms);
        for table in &mut self.tables {
            let is_of_table = match table.span {
                Span::Compared => is_compared,
                Span::YearBefore => is_before,
                _ => is_in_range,
            };
            if is_of_table {
                table.add(row.gathering, &of_row);
            }
        }
    }

    /// What has been summed, with what is known of the series and of their years' people. A series that is not among `series` has no
    /// usual weekday.
    pub fn finish(self, series: &BTreeMap<RecordId, Series>, people: &[YearlyPeople]) -> Summed {
        // Of a series with a usual weekday, in the range and up to today.
        let last = self.days.last.min(self.today);
        let missing = self.recorded.iter().filter_map(|(id, recorded)| {
            let series = series.get(id).filter(|series| series.weekday.is_some())?;
            Some((*id, missing_of_group(series, self.days.first, last, recorded).len() as u32))
        });
        let missing = missing.collect();
        let year = self.range.whole_year();
        let of_year = people.iter().filter(|people| Some(people.year) == year);
        let mut totals = BTreeMap::new();
        for Summing { span, table, index, sums } in self.tables {
            for (key, at) in index {
                totals.insert((span, table, key.into_owned()), sums.get(at).copied().unwrap_or_default());
            }
        }
        Summed {
            range: self.range,
            today: self.today,
            comparison: self.comparison,
            totals,
            missing,
            people: of_year.map(|people| (people.series, people.clone())).collect(),
        }
    }
}

fn each_once(tables: impl IntoIterator<Item = Table>) -> impl Iterator<Item = Table> {
    let mut tables: Vec<Table> = tables.into_iter().collect();
    tables.sort_unstable();
    tables.dedup();
    tables.into_iter()
}

/// What a report has summed. Packs take their figures from it.
#[derive(Clone, Debug)]
pub struct Summed {
    range: Range,
    today: Date,
    comparison: Option<Comparison>,
    totals: BTreeMap<(Span, Table, Key<'static>), Totals>,
    /// Weeks without a record, of each series with a usual weekday.
    missing: BTreeMap<RecordId, u32>,
    /// Answers of the range's year, if it is one: of each series, and of the whole association.
    people: BTreeMap<Option<RecordId>, YearlyPeople>,
}

impl Summed {
    pub fn range(&self) -> Range {
        self.range
    }

    /// None when nothing can be compared.
    pub fn comparison(&self) -> Option<Comparison> {
        self.comparison
    }

    /// Whether the range's last day lies behind.
    pub fn is_over(&self) -> bool {
        self.range.last() < self.today
    }

    /// The rows of a table, in the order of their groups; a group without a held or cancelled gathering has none.
    pub fn rows(&self, table: Table) -> impl Iterator<Item = (&Key<'static>, &Totals)> {
        // No key is less than that of all.
        let from_first = self.totals.range((Span::Whole, table, Key::all())..);
        from_first
            .take_while(move |((span, of, _), _)| (*span, *of) == (Span::Whole, table))
            .map(|((.., key), totals)| (key, totals))
    }

    /// The sums of a group; nothing where it has none.
    pub fn totals(&self, span: Span, table: Table, key: &Key<'static>) -> Totals {
        self.totals.get(&(span, table, key.clone())).copied().unwrap_or_default()
    }

    /// One figure of a group.
    pub fn figure(&self, table: Table, key: &Key<'static>, measure: Measure) -> Figure {
        let totals = self.totals(Span::Whole, table, key);
        let (value, covers, basis) = match measure {
            Measure::Groups => self.groups(table, key, &totals),
            Measure::DistinctPeople => self.distinct(table, key, &totals, Asked::People),
            Measure::DistinctVolunteers => self.distinct(table, key, &totals, Asked::Volunteers),
            Measure::VolunteerClass => self.volunteer_class(table, key, &totals),
            Measure::MissingWeeks => self.missing_weeks_figure(key, &totals),
            measure => own(&totals, measure),
        };
        let covers = Cover { missing_weeks: self.missing_weeks(key), ..covers };
        Figure { table, group: key.clone(), span: Span::Whole, measure, value, covers, basis }
    }

    /// The figures of every group of a table. The whole has a row also when nothing was held.
    pub fn table(&self, table: Table, measures: &[Measure]) -> Vec<Figure> {
        let mut keys: Vec<Key<'static>> = self.rows(table).map(|(key, _)| key.clone()).collect();
        if table == Table::Whole && keys.is_empty() {
            keys.push(Key::all());
        }
        let figures =
            |key: &Key<'static>| measures.iter().map(|measure| self.figure(table, key, *measure)).collect::<Vec<_>>();
        keys.iter().flat_map(figures).collect()
    }

    /// Weeks without a record of a series, or of all; none where the group is another.
    fn missing_weeks(&self, Key(outer, inner): &Key<'static>) -> Option<u32> {
        match (outer, inner) {
            (Group::All, Group::All) => Some(self.missing.values().sum()),
            (Group::Series(Some(series)), Group::All) => self.missing.get(series).copied(),
            _ => None,
        }
    }

    fn missing_weeks_figure(&self, key: &Key<'static>, totals: &Totals) -> (Value, Cover, Basis) {
        let (_, cover, basis) = own(totals, Measure::Gatherings);
        let value =
            self.missing_weeks(key).map_or(Value::Missing(Missing::NotSaid), |weeks| Value::Count(weeks.into()));
        (value, cover, basis)
    }

    /// The part that each series has in a group, where that is known, and the whole of the series.
    fn series_of(
        &self,
        table: Table,
        Key(outer, inner): &Key<'static>,
    ) -> Option<Vec<(Option<RecordId>, Totals, Totals)>> {
        let is_held = |totals: &Totals| totals.gatherings() > 0;
        let whole = |series: Option<RecordId>| self.totals(Span::Whole, Table::BySeries, &Group::Series(series).into());
        let mut parts = Vec::new();
        match (table, outer, inner) {
            (_, Group::All, Group::All) => {
                for (key, totals) in self.rows(Table::BySeries) {
                    if let Key(Group::Series(series), _) = key {
                        parts.push((*series, *totals, *totals));
                    }
                }
            }
            (_, Group::Series(series), Group::All) => parts.push((*series, whole(*series), whole(*series))),
            (Table::FunderBySeries, Group::Funder(_), Group::Series(series)) => {
                let part = self.totals(Span::Whole, table, &Key(outer.clone(), inner.clone()));
                parts.push((*series, part, whole(*series)));
            }
            (Table::ByFunder, Group::Funder(_), _) => {
                for (Key(of, series), totals) in self.rows(Table::FunderBySeries) {
                    match series {
                        Group::Series(series) if of == outer => parts.push((*series, *totals, whole(*series))),
                        _ => {}
                    }
                }
            }
            _ => return None,
        }
        parts.retain(|(_, part, _)| is_held(part));
        Some(parts)
    }

    fn groups(&self, table: Table, key: &Key<'static>, totals: &Totals) -> (Value, Cover, Basis) {
        let (_, cover, basis) = own(totals, Measure::Gatherings);
        let count = |parts: Vec<(Option<RecordId>, Totals, Totals)>| {
            parts.iter().filter(|(series, ..)| series.is_some()).count()
        };
        let value = self
            .series_of(table, key)
            .map_or(Value::Missing(Missing::NotSaid), |parts| Value::Count(count(parts) as u64));
        (value, cover, basis)
    }

    /// Different people, who are asked about once a year and series, and cannot be summed: of several series at least the largest answer,
    /// at most their sum. Of a series that is only partly in the group, as with a funder's tag on some of its gatherings, at least those of
    /// the fullest gathering, and at most the answer or the visits; of volunteers, the most of one gathering, and the times that one helped.
    /// Gatherings outside series are a group that never answers.
    ///
    /// Where the association has answered for the whole of its year, that is the number of whatever has all gatherings of the year, as it
    /// was said; of a part there are no more than of the whole.
    fn distinct(&self, table: Table, key: &Key<'static>, totals: &Totals, asked: Asked) -> (Value, Cover, Basis) {
        let (_, cover, _) = own(totals, Measure::Gatherings);
        let Some(parts) = self.series_of(table, key).filter(|_| self.range.whole_year().is_some()) else {
            return (Value::Missing(Missing::YearsOnly), Cover { known: 0, ..cover }, Basis::default());
        };
        let of = parts.len() as u32;
        let answer = |series| {
            let people = self.people.get(&series)?;
            Some((u64::from(asked.answer(people)?), people.basis))
        };
        let mut basis = Basis::default();
        let of_whole = answer(None).filter(|_| totals.gatherings() > 0);
        if let Some((count, how)) = of_whole.filter(|_| self.is_all_held(key, totals)) {
            basis.add(how, 1);
            let cover = Cover { known: of, of, is_of_groups: true, visits: 0, ..cover };
            return (Value::Count(count), cover, basis);
        }
        let (mut least, mut most, mut answers) = (0_u64, 0_u64, 0);
        for (series, part, whole) in &parts {
            let Some((count, how)) = series.and_then(|series| answer(Some(series))) else { continue };
            let is_whole = part.gatherings() == whole.gatherings();
            // How many there were at once, and how often somebody was there: of those who are asked about.
            let (largest, times) = match asked {
                Asked::People => (part.largest, part.visits()),
                Asked::Volunteers => (part.largest_volunteers, part.volunteers),
            };
            least = least.max(if is_whole { count } else { u64::from(largest).min(count) });
            most += if is_whole { count } else { count.min(times) };
            basis.add(how, 1);
            answers += 1;
        }
        // An answer of a group that is above that of the whole is asked about where it was given, and not made less here.
        let most = of_whole.map_or(most, |(count, _)| most.min(count).max(least));
        let value = match answers {
            0 if totals.gatherings() == 0 => Value::Missing(Missing::NothingHeld),
            0 => Value::Missing(Missing::NotSaid),
            _ if least == most => Value::Count(least),
            _ => Value::Range { least, most },
        };
        (value, Cover { known: answers, of, is_of_groups: true, visits: 0, ..cover }, basis)
    }

    /// Whether a group that is not of one series has every held gathering of the range.
    fn is_all_held(&self, Key(outer, inner): &Key<'static>, totals: &Totals) -> bool {
        let is_of_series = [outer, inner].into_iter().any(|group| matches!(group, Group::Series(_)));
        let held: u32 = self.rows(Table::BySeries).map(|(_, totals)| totals.gatherings()).sum();
        !is_of_series && totals.gatherings() == held
    }

    /// Certain only where every group has answered and both ends of the range are of one class.
    fn volunteer_class(&self, table: Table, key: &Key<'static>, totals: &Totals) -> (Value, Cover, Basis) {
        let (volunteers, cover, basis) = self.distinct(table, key, totals, Asked::Volunteers);
        let (least, most) = match volunteers {
            Value::Count(count) => (count, count),
            Value::Range { least, most } => (least, most),
            other => return (other, cover, basis),
        };
        let most = if cover.is_whole() { VolunteerClass::of(most) } else { VolunteerClass::From100 };
        (Value::Class { least: VolunteerClass::of(least), most }, cover, basis)
    }

    /// Each measure of each group of a table, now, a year before, and the change; of the months that can be compared. Nothing when none can.
    pub fn year_on_year(&self, table: Table, measures: &[Measure]) -> Vec<Figure> {
        if self.comparison.is_none() {
            return Vec::new();
        }
        let is_of_it = |(span, of, _): &&(Span, Table, Key<'static>)| {
            *of == table && matches!(span, Span::Compared | Span::YearBefore)
        };
        let later =
            |(span, _, key): &(Span, Table, Key<'static>)| key.years_later(i32::from(*span == Span::YearBefore));
        let keys: BTreeSet<Key<'static>> = self.totals.keys().filter(is_of_it).map(later).collect();
        let mut figures = Vec::new();
        for key in &keys {
            for measure in measures {
                figures.extend(self.change(table, key, *measure));
            }
        }
        figures
    }

    fn change(&self, table: Table, key: &Key<'static>, measure: Measure) -> Vec<Figure> {
        let of = |span| {
            let key = key.years_later(-i32::from(span == Span::YearBefore));
            own(&self.totals(span, table, &key), measure)
        };
        let (now, covers, basis) = of(Span::Compared);
        let (before, covers_before, basis_before) = of(Span::YearBefore);
        let difference = |now: u64, before: u64| -> i64 {
            let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
            signed(now) - signed(before)
        };
        let percent = |now: u64, before: u64, base_min: u64| match before {
            before if before < base_min => Value::Missing(Missing::SmallBase),
            before => Value::Percent(percent_of(difference(now, before), before)),
        };
        let (change, percent) = match (now, before) {
            (Value::Count(now), Value::Count(before)) => {
                (Value::Change(difference(now, before)), percent(now, before, SHARE_BASE_MIN))
            }
            (Value::QuarterHours(now), Value::QuarterHours(before)) => {
                (Value::ChangeQuarterHours(difference(now, before)), percent(now, before, SHARE_BASE_MIN * 4))
            }
            _ => (Value::Missing(Missing::NotSaid), Value::Missing(Missing::NotSaid)),
        };
        let figure =
            |span, value, covers, basis| Figure { table, group: key.clone(), span, measure, value, covers, basis };
        vec![
            figure(Span::Compared, now, covers, basis),
            figure(Span::YearBefore, before, covers_before, basis_before),
            figure(Span::Change, change, covers, basis),
            figure(Span::ChangePercent, percent, covers, basis),
        ]
    }

    /// The answer of a series for the range's year.
    pub fn people(&self, series: RecordId) -> Option<&YearlyPeople> {
        self.people.get(&Some(series))
    }
}

/// What the sums say by themselves; nothing of a measure that needs more.
fn own(totals: &Totals, measure: Measure) -> (Value, Cover, Basis) {
    totals.figure(measure).unwrap_or((Value::Missing(Missing::NotSaid), Cover::default(), Basis::default()))
}

/// `part` in whole per cents of `base`, rounded half away from zero; nothing of nothing is 0.
pub fn percent_of(part: i64, base: u64) -> i64 {
    let base = i64::try_from(base).unwrap_or(i64::MAX);
    if base == 0 {
        return 0;
    }
    let double = part.saturating_mul(200) / base;
    (double + double.signum()) / 2
}
