//! Ordinary activity: shown exactly and live, by form and month (rule 1).

use std::collections::BTreeMap;

use super::Figures;
use crate::{Month, codes::ActivityForm};

/// The ordinary gatherings of one form in one month, in the place that the table is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrdinaryRow {
    pub form: ActivityForm,
    pub month: Month,
    pub figures: Figures,
    /// Of the gatherings, those not yet approved.
    pub provisional: u64,
}

/// What is shown of one form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    pub gatherings: u64,
    pub visits: u64,
}

/// How many gatherings of how many; nothing of it is hidden.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub part: u64,
    pub whole: u64,
}

impl Share {
    /// Whole percent, rounded half up; none of nothing.
    pub const fn percent(self) -> Option<u64> {
        if self.whole == 0 { None } else { Some((self.part * 200 + self.whole) / (self.whole * 2)) }
    }
}

/// A year of ordinary activity: gatherings and visits by form and month, volunteers and hours by month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrdinaryTable {
    year: i16,
    cells: BTreeMap<(ActivityForm, Month), Activity>,
    months: BTreeMap<Month, (Figures, Share)>,
}

/// Makes the table of `year`; rows of other years are left out.
///
/// So are rows of a form that is sensitive by its code, whoever sends them: a slip of the caller must not print them exactly.
pub fn ordinary_table(rows: impl IntoIterator<Item = OrdinaryRow>, year: i16) -> OrdinaryTable {
    let mut table = OrdinaryTable { year, cells: BTreeMap::new(), months: BTreeMap::new() };
    for row in rows.into_iter().filter(|row| row.month.year() == year && !row.form.is_sensitive()) {
        let cell = table.cells.entry((row.form, row.month)).or_default();
        cell.gatherings += row.figures.gatherings;
        cell.visits += row.figures.visits;
        let (figures, provisional) = table.months.entry(row.month).or_default();
        *figures += row.figures;
        provisional.part += row.provisional;
        provisional.whole += row.figures.gatherings;
    }
    table
}

impl OrdinaryTable {
    pub fn year(&self) -> i16 {
        self.year
    }

    /// The twelve months, as columns.
    pub fn months(&self) -> impl Iterator<Item = Month> {
        (1..=12).filter_map(|number| Month::new(self.year, number))
    }

    /// Forms with anything in the year, in the order of their codes.
    pub fn forms(&self) -> Vec<ActivityForm> {
        let mut forms: Vec<_> = self.cells.keys().map(|(form, _)| *form).collect();
        forms.dedup();
        forms
    }

    pub fn cell(&self, form: ActivityForm, month: Month) -> Activity {
        self.cells.get(&(form, month)).copied().unwrap_or_default()
    }

    pub fn form_total(&self, form: ActivityForm) -> Activity {
        self.months().map(|month| self.cell(form, month)).fold(Activity::default(), |sum, cell| Activity {
            gatherings: sum.gatherings + cell.gatherings,
            visits: sum.visits + cell.visits,
        })
    }

    /// All forms of a month; volunteers and hours are shown here and in the year's total only.
    pub fn month_total(&self, month: Month) -> Figures {
        self.months.get(&month).map(|(figures, _)| *figures).unwrap_or_default()
    }

    pub fn total(&self) -> Figures {
        self.months.values().map(|(figures, _)| *figures).sum()
    }

    /// Gatherings of the year not yet approved, of all of them. Over ordinary activity only (rule 5).
    pub fn provisional(&self) -> Share {
        self.months.values().fold(Share::default(), |sum, (_, month)| Share {
            part: sum.part + month.part,
            whole: sum.whole + month.whole,
        })
    }

    pub fn provisional_in(&self, month: Month) -> Share {
        self.months.get(&month).map(|(_, share)| *share).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(form: &str, month: u8, visits: u64, provisional: u64) -> OrdinaryRow {
        OrdinaryRow {
            form: ActivityForm::parse(form).expect("code"),
            month: Month::new(2026, month).expect("month"),
            figures: Figures { gatherings: 2, visits, volunteers: 3, quarter_hours: 10 },
            provisional,
        }
    }

    #[test]
    fn ordinary_activity_is_shown_exactly_however_small() {
        let table = ordinary_table([row("kerho", 1, 1, 0), row("kerho", 2, 20, 1), row("retki", 1, 2, 2)], 2026);
        let january = Month::new(2026, 1).expect("month");
        let club = ActivityForm::parse("kerho").expect("code");
        assert_eq!(table.cell(club, january), Activity { gatherings: 2, visits: 1 });
        assert_eq!(table.form_total(club), Activity { gatherings: 4, visits: 21 });
        assert_eq!(table.month_total(january).visits, 3);
        assert_eq!(table.total(), Figures { gatherings: 6, visits: 23, volunteers: 9, quarter_hours: 30 });
        assert_eq!(table.forms().len(), 2);
        assert_eq!(table.months().count(), 12);
    }

    #[test]
    fn the_provisional_share_is_of_gatherings() {
        let table = ordinary_table([row("kerho", 1, 1, 0), row("kerho", 2, 20, 1), row("retki", 2, 2, 2)], 2026);
        assert_eq!(table.provisional(), Share { part: 3, whole: 6 });
        assert_eq!(table.provisional().percent(), Some(50));
        assert_eq!(table.provisional_in(Month::new(2026, 1).expect("month")).percent(), Some(0));
        assert_eq!(Share::default().percent(), None);
    }

    #[test]
    fn a_sensitive_form_and_another_year_are_left_out_of_the_ordinary_table() {
        let table = ordinary_table([row("vertaistuki", 1, 50, 0)], 2026);
        assert_eq!(table.total(), Figures::default());
        assert_eq!(ordinary_table([row("kerho", 1, 50, 0)], 2025).total(), Figures::default());
    }
}
