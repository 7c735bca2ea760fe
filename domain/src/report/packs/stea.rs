//! For STEA and the federations (its guidance of 2021; the forms of Eläkeliitto, EKL and Martat): participants and organisers apart, hours
//! with preparation, and how the heads were counted. Of each funder and grant year, only the gatherings that are tagged so; all together
//! stands first, for a federation that has no tag.

use crate::report::{key::Table, measure::Measure, summing::Summed, tidy::Figure};

/// The series stand for what is asked once a year.
pub const TABLES: &[Table] = &[
    Table::Whole,
    Table::BySeries,
    Table::ByFunder,
    Table::FunderBySeries,
    Table::ByTargetGroup,
    Table::FunderByTargetGroup,
];

pub const OF_TAG: &[Measure] = &[
    Measure::Gatherings,
    Measure::Groups,
    Measure::Visits,
    Measure::Average,
    Measure::DistinctPeople,
    Measure::Volunteers,
    Measure::VolunteerHours,
    Measure::DistinctVolunteers,
    Measure::VolunteerClass,
    Measure::Counted,
    Measure::Sample,
    Measure::Estimated,
];

pub const OF_SERIES: &[Measure] = &[
    Measure::Gatherings,
    Measure::Visits,
    Measure::DistinctPeople,
    Measure::Volunteers,
    Measure::VolunteerHours,
    Measure::DistinctVolunteers,
];

pub const OF_TARGET_GROUP: &[Measure] = &[Measure::Gatherings, Measure::Visits];

pub fn figures(summed: &Summed) -> Vec<Figure> {
    [
        (Table::Whole, OF_TAG),
        (Table::ByTargetGroup, OF_TARGET_GROUP),
        (Table::ByFunder, OF_TAG),
        (Table::FunderBySeries, OF_SERIES),
        (Table::FunderByTargetGroup, OF_TARGET_GROUP),
    ]
    .iter()
    .flat_map(|(table, measures)| summed.table(*table, measures))
    .collect()
}
