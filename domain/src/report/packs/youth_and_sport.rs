//! For youth and sport services, after the forms that Helsinki and Akaa have published: visits by age in the cuttings that the eight bands
//! give. Cuttings that they cannot give are said to be unavailable, and not estimated.

use crate::report::{key::Table, measure::Measure, summing::Summed, tidy::Figure};

pub const TABLES: &[Table] = &[Table::Whole, Table::BySeries, Table::ByForm];

pub const WHOLE: &[Measure] = &[
    Measure::Gatherings,
    Measure::Visits,
    Measure::Under29,
    Measure::Age0To6,
    Measure::Age7To28,
    Measure::Age29,
    Measure::Under20,
    Measure::Age20To63,
    Measure::Age64,
    Measure::Age7To12,
    Measure::Age13To17,
    Measure::Age18To19,
    Measure::Age20To28,
    Measure::Age29To63,
    Measure::Age64To74,
    Measure::Age75,
    Measure::AgeUnknown,
    Measure::Age9To12,
    Measure::Age18To24,
    Measure::Women,
    Measure::Men,
    Measure::OtherGender,
    Measure::GenderUnknown,
    Measure::Digital,
    Measure::InstructedHours,
];

pub const OF_GROUP: &[Measure] =
    &[Measure::Gatherings, Measure::Visits, Measure::Under29, Measure::Under20, Measure::InstructedHours];

pub fn figures(summed: &Summed) -> Vec<Figure> {
    let mut figures = summed.table(Table::Whole, WHOLE);
    figures.extend(summed.table(Table::BySeries, OF_GROUP));
    figures.extend(summed.table(Table::ByForm, OF_GROUP));
    figures
}
