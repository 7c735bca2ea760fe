//! The association's own figures of a range: the whole, by everything, and against the year before.

use crate::report::{key::Table, measure::Measure, summing::Summed, tidy::Figure};

pub const TABLES: &[Table] = &[
    Table::Whole,
    Table::BySeries,
    Table::ByMonth,
    Table::ByForm,
    Table::ByPlace,
    Table::ByTargetGroup,
    Table::ByTheme,
    Table::ByFunder,
    Table::ByWeekday,
    Table::ByMunicipality,
    Table::ByLanguage,
    Table::SeriesByMonth,
];

pub const TABLES_COMPARED: &[Table] = &[Table::Whole, Table::BySeries, Table::ByForm, Table::ByMonth];

/// The tables that are shown, one under the other.
pub const BREAKDOWNS: &[Table] = &[
    Table::BySeries,
    Table::ByMonth,
    Table::ByForm,
    Table::ByPlace,
    Table::ByTargetGroup,
    Table::ByTheme,
    Table::ByFunder,
    Table::ByWeekday,
    Table::ByMunicipality,
    Table::ByLanguage,
];

pub const WHOLE: &[Measure] = &[
    Measure::Gatherings,
    Measure::Cancelled,
    Measure::Groups,
    Measure::Visits,
    Measure::Average,
    Measure::DistinctPeople,
    Measure::FirstTimers,
    Measure::Residents,
    Measure::Digital,
    Measure::Volunteers,
    Measure::VolunteerHours,
    Measure::DistinctVolunteers,
    Measure::Staff,
    Measure::StaffHours,
    Measure::Women,
    Measure::Men,
    Measure::OtherGender,
    Measure::GenderUnknown,
    Measure::Outings,
    Measure::OutingPeople,
    Measure::OutingDays,
    Measure::OutingNights,
    Measure::PersonDays,
    Measure::PersonNights,
    Measure::Free,
    Measure::Open,
    Measure::MunicipalPremises,
    Measure::Counted,
    Measure::Sample,
    Measure::Estimated,
    Measure::Waiting,
    Measure::MissingWeeks,
];

/// Of each group of a breakdown.
pub const OF_GROUP: &[Measure] = &[
    Measure::Gatherings,
    Measure::Visits,
    Measure::Average,
    Measure::FirstTimers,
    Measure::Volunteers,
    Measure::VolunteerHours,
];

/// Of each series: what is asked once a year belongs to it, and weeks without a record.
pub const OF_SERIES: &[Measure] = &[
    Measure::Gatherings,
    Measure::Cancelled,
    Measure::Visits,
    Measure::Average,
    Measure::DistinctPeople,
    Measure::FirstTimers,
    Measure::Volunteers,
    Measure::VolunteerHours,
    Measure::DistinctVolunteers,
    Measure::MissingWeeks,
];

pub const COMPARED: &[Measure] = &[Measure::Gatherings, Measure::Visits, Measure::Volunteers, Measure::VolunteerHours];

/// Of each month: these are twelve rows of a measure.
pub const MONTHS_COMPARED: &[Measure] = &[Measure::Gatherings, Measure::Visits];

pub fn figures(summed: &Summed) -> Vec<Figure> {
    let mut figures = summed.table(Table::Whole, WHOLE);
    for table in BREAKDOWNS {
        figures.extend(summed.table(*table, measures(*table)));
    }
    figures.extend(summed.table(Table::SeriesByMonth, &[Measure::Visits]));
    for table in TABLES_COMPARED {
        let measures = if *table == Table::ByMonth { MONTHS_COMPARED } else { COMPARED };
        figures.extend(summed.year_on_year(*table, measures));
    }
    figures
}

pub fn measures(table: Table) -> &'static [Measure] {
    if table == Table::BySeries { OF_SERIES } else { OF_GROUP }
}
