//! A tidy table: each row is one figure, with what it covers. Screens, files and the API only lay it out.

use crate::{
    gathering::CountBasis,
    report::{
        export::Cell,
        key::{Group, Key, Table},
        measure::{Measure, Unit},
    },
};

/// Why there is no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missing {
    /// Nothing was held.
    NothingHeld,
    /// No gathering said it, no group answered.
    NotSaid,
    /// Known of whole calendar years only.
    YearsOnly,
    /// The age bands do not give this cutting, and it is not estimated.
    NoSuchBands,
    /// Per cents of fewer than [`crate::report::summing::SHARE_BASE_MIN`] say nothing.
    SmallBase,
}

impl Missing {
    pub const ALL: [Missing; 5] =
        [Missing::NothingHeld, Missing::NotSaid, Missing::YearsOnly, Missing::NoSuchBands, Missing::SmallBase];

    pub const fn code(self) -> &'static str {
        match self {
            Missing::NothingHeld => "nothing-held",
            Missing::NotSaid => "not-said",
            Missing::YearsOnly => "years-only",
            Missing::NoSuchBands => "no-such-bands",
            Missing::SmallBase => "small-base",
        }
    }
}

/// STEA's classes of the number of volunteers (its guidance of 2021).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VolunteerClass {
    None,
    From1To9,
    From10To29,
    From30To99,
    From100,
}

impl VolunteerClass {
    pub const fn of(volunteers: u64) -> VolunteerClass {
        match volunteers {
            0 => VolunteerClass::None,
            1..=9 => VolunteerClass::From1To9,
            10..=29 => VolunteerClass::From10To29,
            30..=99 => VolunteerClass::From30To99,
            100.. => VolunteerClass::From100,
        }
    }

    /// With en dashes: a spreadsheet would make a date of a hyphen.
    pub const fn code(self) -> &'static str {
        match self {
            VolunteerClass::None => "0",
            VolunteerClass::From1To9 => "1–9",
            VolunteerClass::From10To29 => "10–29",
            VolunteerClass::From30To99 => "30–99",
            VolunteerClass::From100 => "100+",
        }
    }
}

/// Whether a group meets a condition of the study centre, and why that cannot be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    Passes,
    Fails,
    /// The year goes on, and it does not pass yet.
    NotYet,
    /// It depends on how many of those aged 13–17 are 15 or more.
    StraddlesFifteen,
    /// Ages were not said, or not of enough people.
    AgesNotSaid,
    /// Enough people came in all, and nobody said whether they were the same.
    PeopleNotAsked,
    /// Durations were not said, or not of enough gatherings.
    DurationNotSaid,
}

impl Verdict {
    pub const ALL: [Verdict; 7] = [
        Verdict::Passes,
        Verdict::Fails,
        Verdict::NotYet,
        Verdict::StraddlesFifteen,
        Verdict::AgesNotSaid,
        Verdict::PeopleNotAsked,
        Verdict::DurationNotSaid,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Verdict::Passes => "passes",
            Verdict::Fails => "fails",
            Verdict::NotYet => "not-yet",
            Verdict::StraddlesFifteen => "straddles-fifteen",
            Verdict::AgesNotSaid => "ages-not-said",
            Verdict::PeopleNotAsked => "people-not-asked",
            Verdict::DurationNotSaid => "duration-not-said",
        }
    }
}

/// A figure's value, in the unit of its measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    Count(u64),
    QuarterHours(u64),
    Minutes(u64),
    /// One decimal.
    Tenths(u64),
    Share {
        part: u64,
        of: u64,
    },
    /// Somewhere between, both included.
    Range {
        least: u64,
        most: u64,
    },
    /// A class from the one to the other; the same when it is certain.
    Class {
        least: VolunteerClass,
        most: VolunteerClass,
    },
    Verdict(Verdict),
    /// A difference to the year before.
    Change(i64),
    /// The same in quarter hours.
    ChangeQuarterHours(i64),
    /// The same in whole per cents, rounded half away from zero.
    Percent(i64),
    Missing(Missing),
}

/// Over what a figure is known, and what may still change it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cover {
    /// Gatherings that said it; of what is asked once a year, groups that answered.
    pub known: u32,
    /// Held gatherings of the group; or groups with a held gathering, and one for all gatherings outside groups.
    pub of: u32,
    /// Of groups and not of gatherings.
    pub is_of_groups: bool,
    /// Visits of the gatherings that said it: what a part of the visits is a share of.
    pub visits: u64,
    /// Held gatherings not yet approved, those asked about included.
    pub waiting: u32,
    /// Of those, the ones that the reviewer has asked about.
    pub asked: u32,
    /// Weeks without a record; none where no weekday is usual.
    pub missing_weeks: Option<u32>,
}

impl Cover {
    /// Over everything that was recorded. What is false here is never shown as if it were the whole.
    pub fn is_whole(self) -> bool {
        self.known == self.of
    }
}

/// How the heads were counted: gatherings (or groups) of each basis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Basis {
    pub counted: u32,
    pub sample: u32,
    pub estimated: u32,
}

impl Basis {
    pub fn add(&mut self, basis: CountBasis, count: u32) {
        match basis {
            CountBasis::Counted => self.counted += count,
            CountBasis::Sample => self.sample += count,
            CountBasis::Estimated => self.estimated += count,
        }
    }

    pub fn sum(self) -> u32 {
        self.counted + self.sample + self.estimated
    }
}

/// Of which days a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// The report's.
    Whole,
    /// The part of it that can be compared with the year before.
    Compared,
    /// The same days of the year before.
    YearBefore,
    /// From the year before to now.
    Change,
    /// The same in per cents.
    ChangePercent,
}

impl Span {
    pub const ALL: [Span; 5] = [Span::Whole, Span::Compared, Span::YearBefore, Span::Change, Span::ChangePercent];

    pub const fn code(self) -> &'static str {
        match self {
            Span::Whole => "whole",
            Span::Compared => "compared",
            Span::YearBefore => "year_before",
            Span::Change => "change",
            Span::ChangePercent => "change_percent",
        }
    }
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    pub table: Table,
    pub group: Key<'static>,
    pub span: Span,
    pub measure: Measure,
    pub value: Value,
    pub covers: Cover,
    pub basis: Basis,
}

/// Columns of a tidy table's file, by their codes.
pub const COLUMNS: [&str; 19] = [
    "table",
    "group",
    "subgroup",
    "span",
    "measure",
    "value",
    "most",
    "of",
    "unit",
    "note",
    "known",
    "known_of",
    "known_unit",
    "counted",
    "sample",
    "estimated",
    "waiting",
    "asked_about",
    "missing_weeks",
];

/// The words of a file: in a language, or the stable codes ([`Codes`]).
pub trait Words {
    fn column(&self, code: &'static str) -> String;
    fn table(&self, table: Table) -> String;
    fn group(&self, group: &Group<'_>) -> String;
    fn span(&self, span: Span) -> String;
    fn measure(&self, measure: Measure) -> String;
    fn unit(&self, unit: Unit) -> String;
    fn missing(&self, why: Missing) -> String;
    fn verdict(&self, verdict: Verdict) -> String;
}

/// Stable codes in place of words, for programs.
pub struct Codes;

impl Words for Codes {
    fn column(&self, code: &'static str) -> String {
        code.to_owned()
    }

    fn table(&self, table: Table) -> String {
        table.code().to_owned()
    }

    fn group(&self, group: &Group<'_>) -> String {
        group.code()
    }

    fn span(&self, span: Span) -> String {
        span.code().to_owned()
    }

    fn measure(&self, measure: Measure) -> String {
        measure.code().to_owned()
    }

    fn unit(&self, unit: Unit) -> String {
        unit.code().to_owned()
    }

    fn missing(&self, why: Missing) -> String {
        why.code().to_owned()
    }

    fn verdict(&self, verdict: Verdict) -> String {
        verdict.code().to_owned()
    }
}

/// The header of a tidy table's file.
pub fn header(words: &dyn Words) -> Vec<Cell> {
    COLUMNS.iter().map(|code| Cell::Text(words.column(code))).collect()
}

/// One figure as cells, in the order of [`COLUMNS`]. A missing value is an empty cell with a note, never a zero.
pub fn cells(words: &dyn Words, figure: &Figure) -> Vec<Cell> {
    let Figure { table, group, span, measure, value, covers, basis } = figure;
    let count = |count: u64| Cell::Number(i64::try_from(count).unwrap_or(i64::MAX));
    let signed_hours = |quarters: i64| Cell::Hundredths(quarters.saturating_mul(25));
    let note = |text: String| (Cell::Empty, Cell::Empty, Cell::Empty, Cell::Text(text));
    let one = |cell: Cell| (cell, Cell::Empty, Cell::Empty, Cell::Empty);
    let (value, most, of, note) = match *value {
        Value::Count(value) => one(count(value)),
        Value::QuarterHours(quarters) => one(Cell::hours(quarters)),
        // To a hundredth of an hour, rounded half up.
        Value::Minutes(minutes) => one(Cell::Hundredths(i64::try_from((minutes * 10 + 3) / 6).unwrap_or(i64::MAX))),
        Value::Tenths(tenths) => one(Cell::Hundredths(i64::try_from(tenths * 10).unwrap_or(i64::MAX))),
        Value::Share { part, of } => (count(part), Cell::Empty, count(of), Cell::Empty),
        Value::Range { least, most } => (count(least), count(most), Cell::Empty, Cell::Empty),
        Value::Class { least, most } if least == most => note(least.code().to_owned()),
        Value::Class { least, most } => note(format!("{} … {}", least.code(), most.code())),
        Value::Verdict(verdict) => note(words.verdict(verdict)),
        Value::Change(change) => one(Cell::Number(change)),
        Value::ChangeQuarterHours(quarters) => one(signed_hours(quarters)),
        Value::Percent(percent) => one(Cell::Number(percent)),
        Value::Missing(why) => note(words.missing(why)),
    };
    let unit = match span {
        // Also where there are too few for per cents.
        Span::ChangePercent => Cell::text("%"),
        _ => Cell::Text(words.unit(measure.unit())),
    };
    vec![
        Cell::Text(words.table(*table)),
        Cell::Text(words.group(&group.0)),
        Cell::Text(words.group(&group.1)),
        Cell::Text(words.span(*span)),
        Cell::Text(words.measure(*measure)),
        value,
        most,
        of,
        unit,
        note,
        Cell::number(covers.known),
        Cell::number(covers.of),
        Cell::Text(words.unit(if covers.is_of_groups { Unit::Groups } else { Unit::Gatherings })),
        Cell::number(basis.counted),
        Cell::number(basis.sample),
        Cell::number(basis.estimated),
        Cell::number(covers.waiting),
        Cell::number(covers.asked),
        covers.missing_weeks.map_or(Cell::Empty, Cell::number),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_figure_is_an_empty_cell_with_its_reason() {
        let figure = Figure {
            table: Table::Whole,
            group: Key::all(),
            span: Span::Whole,
            measure: Measure::Age9To12,
            value: Value::Missing(Missing::NoSuchBands),
            covers: Cover { known: 0, of: 3, ..Cover::default() },
            basis: Basis::default(),
        };
        let cells = cells(&Codes, &figure);
        assert_eq!(cells.len(), COLUMNS.len());
        assert_eq!((&cells[5], &cells[9]), (&Cell::Empty, &Cell::text("no-such-bands")));
    }

    #[test]
    fn a_change_in_per_cents_is_in_per_cents_also_where_there_is_none() {
        for value in [Value::Percent(-4), Value::Missing(Missing::SmallBase)] {
            let figure = Figure {
                table: Table::Whole,
                group: Key::all(),
                span: Span::ChangePercent,
                measure: Measure::Visits,
                value,
                covers: Cover::default(),
                basis: Basis::default(),
            };
            assert_eq!(cells(&Codes, &figure)[8], Cell::text("%"));
        }
    }

    #[test]
    fn volunteers_are_classed_as_stea_classes_them() {
        let classes = [0, 1, 9, 10, 29, 30, 99, 100, 5_000].map(|count| VolunteerClass::of(count).code());
        assert_eq!(classes, ["0", "1–9", "1–9", "10–29", "10–29", "30–99", "30–99", "100+", "100+"]);
    }
}
