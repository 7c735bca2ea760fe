//! For the wellbeing services county, after the criteria of Länsi-Uusimaa and others: open to all, free of charge, across the region.

use crate::report::{key::Table, measure::Measure, summing::Summed, tidy::Figure};

pub const TABLES: &[Table] =
    &[Table::Whole, Table::ByMunicipality, Table::MunicipalityByForm, Table::ByTargetGroup, Table::ByLanguage];

pub const MEASURES: &[Measure] =
    &[Measure::Gatherings, Measure::Visits, Measure::Free, Measure::Open, Measure::VolunteerHours];

pub const OF_CODE: &[Measure] = &[Measure::Gatherings, Measure::Visits];

pub fn figures(summed: &Summed) -> Vec<Figure> {
    [
        (Table::Whole, MEASURES),
        (Table::ByMunicipality, MEASURES),
        (Table::MunicipalityByForm, MEASURES),
        (Table::ByTargetGroup, OF_CODE),
        (Table::ByLanguage, OF_CODE),
    ]
    .iter()
    .flat_map(|(table, measures)| summed.table(*table, measures))
    .collect()
}
