//! For the municipality, after the forms that Äänekoski, Akaa, Pyhäjärvi and Kangasala have published.

use crate::report::{
    key::{Group, Table},
    measure::Measure,
    summing::Summed,
    tidy::Figure,
    totals::OutingForms,
};

pub const TABLES: &[Table] = &[Table::Whole, Table::ByForm, Table::ByPlace, Table::ByMunicipality];

pub const WHOLE: &[Measure] = &[
    Measure::Gatherings,
    Measure::Visits,
    Measure::Average,
    Measure::Residents,
    Measure::Under29,
    Measure::Volunteers,
    Measure::VolunteerHours,
    Measure::Staff,
    Measure::StaffHours,
    Measure::Free,
    Measure::Open,
    Measure::MunicipalPremises,
];

pub const OF_FORM: &[Measure] =
    &[Measure::Gatherings, Measure::Visits, Measure::Residents, Measure::Under29, Measure::VolunteerHours];

pub const OF_PLACE: &[Measure] = &[Measure::Gatherings, Measure::Visits, Measure::MunicipalPremises];

pub const OF_MUNICIPALITY: &[Measure] = &[Measure::Gatherings, Measure::Visits, Measure::Residents];

/// Of outings, and of camps.
pub const OF_OUTINGS: &[Measure] = &[
    Measure::Outings,
    Measure::OutingPeople,
    Measure::OutingDays,
    Measure::OutingNights,
    Measure::PersonDays,
    Measure::PersonNights,
];

pub fn figures(summed: &Summed) -> Vec<Figure> {
    let mut figures = summed.table(Table::Whole, WHOLE);
    figures.extend(summed.table(Table::Whole, OF_OUTINGS));
    figures.extend(summed.table(Table::ByForm, OF_FORM));
    let forms = OutingForms::new();
    let is_of_outings = |figure: &Figure| matches!(figure.group.0, Group::Form(form) if forms.contains(form));
    figures.extend(summed.table(Table::ByForm, OF_OUTINGS).into_iter().filter(is_of_outings));
    figures.extend(summed.table(Table::ByPlace, OF_PLACE));
    figures.extend(summed.table(Table::ByMunicipality, OF_MUNICIPALITY));
    figures
}
