//! For the region's description of the associations' work (Kumaja's handbook): what we do by its three parts, for whom, where, how much.
//! The association's own words stand beside it.

use crate::report::{key::Table, measure::Measure, summing::Summed, tidy::Figure};

pub const TABLES: &[Table] = &[Table::ByPart, Table::PartByForm, Table::PartByTargetGroup, Table::PartByMunicipality];

pub const MEASURES: &[Measure] = &[Measure::Gatherings, Measure::Visits, Measure::VolunteerHours];

pub fn figures(summed: &Summed) -> Vec<Figure> {
    TABLES.iter().flat_map(|table| summed.table(*table, MEASURES)).collect()
}
