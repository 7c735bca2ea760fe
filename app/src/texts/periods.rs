//! Months and years that the association closes.

use domain::{Lang, period::Period};

use super::common;

super::texts!("periods");

/// `2025`, `maaliskuu 2025`.
pub fn name(lang: Lang, period: Period) -> String {
    match period {
        Period::Year(year) => year.to_string(),
        Period::Month(month) => format!("{} {}", common::month_name(lang, month), month.year()),
    }
}
