//! What the coordinator of a municipality sees of a year. One pure function makes the tables for the screen, the CSV
//! and the API, from sums and releases that are already protected or need no protection (docs/PRIVACY.md, rules 1–7).

use std::collections::BTreeSet;

use crate::{
    AssociationId, Date, Month, Quarter,
    codes::Municipality,
    gathering::{AGE_BANDS, GENDERS},
    protection::{
        Breakdown, Figures, Measure, OrdinaryRow, OrdinaryTable, Place, Published, PublishedSum, SensitiveRelease,
        Total, YearFigures, YearlyBreakdowns, ordinary_table, total, year_of,
    },
    report::Amounts,
};

/// Sums of one association's month of one form: ordinary activity only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TallyRow {
    pub month: Month,
    pub association: AssociationId,
    pub form: crate::codes::ActivityForm,
    pub amounts: Amounts,
}

/// An association as completeness sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAssociation {
    pub id: AssociationId,
    pub home_is_here: bool,
    /// Months in which it said "ei toimintaa".
    pub no_activity: Vec<Month>,
}

/// "x of y associations have reported this month".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Completeness {
    pub reported: usize,
    /// Associations whose home is here, and those that held something here in the past twelve months.
    pub expected: usize,
}

/// What a report is made of.
#[derive(Clone, Debug)]
pub struct Inputs {
    pub municipality: Municipality,
    pub year: i16,
    /// The server's day in Helsinki.
    pub today: Date,
    /// Rows from a year before the year's first month on.
    pub rows: Vec<TallyRow>,
    pub associations: Vec<KnownAssociation>,
    /// Releases of the year, with their numbers.
    pub releases: Vec<(u32, SensitiveRelease)>,
    pub breakdowns: Option<YearlyBreakdowns>,
}

/// The tables of one municipality and year, as they may be seen.
#[derive(Clone, Debug)]
pub struct MunicipalityReport {
    pub municipality: Municipality,
    pub year: i16,
    pub ordinary: OrdinaryTable,
    pub year_before: OrdinaryTable,
    /// Months of the year up to today's.
    pub completeness: Vec<(Month, Completeness)>,
    pub releases: Vec<(u32, SensitiveRelease)>,
    pub sensitive_year: YearFigures,
    pub breakdowns: Option<YearlyBreakdowns>,
    /// Ordinary gatherings of the year that were free of charge, open to all, in the municipality's free premises.
    pub free: u64,
    pub open: u64,
    pub municipal_premises: u64,
    /// Whole months of the year that lie behind: what a comparison with the year before may use.
    pub closed_months: u8,
}

/// The year so far against the same months of the year before; ordinary activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison {
    pub now: u64,
    pub before: u64,
}

impl Comparison {
    /// Change in whole percent, rounded half away from zero; none when there was nothing before.
    pub fn percent(self) -> Option<i64> {
        let (now, before) = (i64::try_from(self.now).ok()?, i64::try_from(self.before).ok()?);
        (before > 0).then(|| {
            let double = (now - before) * 200 / before;
            (double + double.signum()) / 2
        })
    }
}

impl MunicipalityReport {
    pub fn new(inputs: Inputs) -> MunicipalityReport {
        let Inputs { municipality, year, today, rows, associations, releases, breakdowns } = inputs;
        let ordinary_rows = |year| {
            let rows = rows.iter().map(|row| OrdinaryRow {
                form: row.form,
                month: row.month,
                figures: Figures {
                    gatherings: row.amounts.get(Amounts::GATHERINGS),
                    visits: row.amounts.get(Amounts::VISITS),
                    volunteers: row.amounts.get(Amounts::VOLUNTEERS),
                    quarter_hours: row.amounts.get(Amounts::QUARTER_HOURS),
                },
                provisional: row.amounts.get(Amounts::PROVISIONAL),
            });
            ordinary_table(rows, year)
        };
        let of_year =
            |index| rows.iter().filter(|row| row.month.year() == year).map(|row| row.amounts.get(index)).sum();
        let this_month = Month::of(today);
        let months = (1..=12).filter_map(|number| Month::new(year, number)).filter(|month| *month <= this_month);
        let place = Place::Municipality(municipality);
        MunicipalityReport {
            municipality,
            year,
            ordinary: ordinary_rows(year),
            year_before: ordinary_rows(year - 1),
            completeness: months.clone().map(|month| (month, completeness(&rows, &associations, month))).collect(),
            sensitive_year: year_of(releases.iter().map(|(_, release)| release), year, place),
            releases,
            breakdowns,
            free: of_year(Amounts::FREE),
            open: of_year(Amounts::OPEN),
            municipal_premises: of_year(Amounts::MUNICIPAL_PREMISES),
            closed_months: months.filter(|month| *month < this_month).count() as u8,
        }
    }

    /// Gatherings of the whole months behind, against the same months a year before.
    pub fn comparison(&self) -> Comparison {
        let sum = |table: &OrdinaryTable| {
            let months = table.months().take(self.closed_months.into());
            months.map(|month| table.month_total(month).gatherings).sum()
        };
        Comparison { now: sum(&self.ordinary), before: sum(&self.year_before) }
    }

    /// Gatherings of ordinary and sensitive activity together: the sum of what is published (rule 7).
    pub fn all_gatherings(&self) -> Total {
        total(self.ordinary.total().gatherings, self.sensitive_year.gatherings)
    }

    /// Visits per 1,000 residents in tenths, over ordinary activity.
    pub fn visits_per_thousand_tenths(&self) -> u64 {
        self.ordinary.total().visits * 10_000 / u64::from(self.municipality.population()).max(1)
    }

    /// Every figure of the report, one a line, for CSV and other exports: the same protected figures as on the screen.
    pub fn tidy(&self) -> Vec<TidyRow> {
        let mut out = Vec::new();
        for table in [&self.year_before, &self.ordinary] {
            for form in table.forms() {
                for month in table.months() {
                    let cell = table.cell(form, month);
                    for (measure, value) in [("gatherings", cell.gatherings), ("visits", cell.visits)] {
                        out.push(TidyRow::exact("ordinary", month.to_string(), form.code(), measure, value));
                    }
                }
            }
            for month in table.months() {
                let sum = table.month_total(month);
                let provisional = table.provisional_in(month).part;
                for (measure, value) in [
                    ("gatherings", sum.gatherings),
                    ("visits", sum.visits),
                    ("volunteers", sum.volunteers),
                    ("provisional_gatherings", provisional),
                ] {
                    out.push(TidyRow::exact("ordinary_total", month.to_string(), "", measure, value));
                }
                let hours = Value::QuarterHours(sum.quarter_hours);
                out.push(TidyRow::new("ordinary_total", month.to_string(), "", "volunteer_hours", hours));
            }
        }
        for (month, completeness) in &self.completeness {
            let period = month.to_string();
            out.push(TidyRow::exact("completeness", period.clone(), "", "reported", completeness.reported as u64));
            out.push(TidyRow::exact("completeness", period, "", "expected", completeness.expected as u64));
        }
        for (number, release) in &self.releases {
            let figures = release.figures(Place::Municipality(self.municipality));
            for measure in Measure::ALL {
                let value = Value::Published(figures.get(measure));
                let mut row =
                    TidyRow::new("sensitive", release.quarter().to_string(), "", measure_name(measure), value);
                row.release = Some(*number);
                out.push(row);
            }
        }
        let sensitive = &self.sensitive_year;
        for (measure, sum) in [
            ("gatherings", sensitive.gatherings),
            ("visits", sensitive.visits),
            ("volunteers", sensitive.volunteers),
            ("hours", sensitive.hours),
        ] {
            out.push(TidyRow::new("sensitive_year", self.year.to_string(), "", measure, Value::Sum(sum)));
        }
        if let Some(breakdowns) = &self.breakdowns {
            let period = self.year.to_string();
            let mut put = |table, names: &[&'static str], breakdown: &Breakdown| {
                for (name, cell) in names.iter().zip(&breakdown.cells) {
                    out.push(TidyRow::new(table, period.clone(), name, "visits", Value::Published(*cell)));
                }
                out.push(TidyRow::new(table, period.clone(), "total", "visits", Value::Published(breakdown.total)));
            };
            put("ages", &AGE_BANDS, &breakdowns.ages);
            put("genders", &GENDERS, &breakdowns.genders);
            put("residence", &["residents", "others"], &breakdowns.residence);
        }
        out
    }

    /// The quarters of the year that are not released yet, with their release days.
    pub fn quarters_to_come(&self) -> Vec<Quarter> {
        (1..=4)
            .filter_map(|number| Quarter::new(self.year, number))
            .filter(|quarter| !self.releases.iter().any(|(_, release)| release.quarter() == *quarter))
            .collect()
    }
}

/// A figure of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    Published(Published<u64>),
    Sum(PublishedSum),
    /// Exact, in quarter hours; written as hours.
    QuarterHours(u64),
}

/// One line of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TidyRow {
    pub table: &'static str,
    /// A month (`2026-11`), a quarter (`2026-Q4`) or a year.
    pub period: String,
    /// Code of the activity form, age band or other class; empty for all together.
    pub class: &'static str,
    pub measure: &'static str,
    pub value: Value,
    /// Number of the release that froze it.
    pub release: Option<u32>,
}

impl TidyRow {
    fn new(table: &'static str, period: String, class: &'static str, measure: &'static str, value: Value) -> TidyRow {
        TidyRow { table, period, class, measure, value, release: None }
    }

    fn exact(table: &'static str, period: String, class: &'static str, measure: &'static str, value: u64) -> TidyRow {
        TidyRow::new(table, period, class, measure, Value::Published(Published::Exact(value)))
    }
}

fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::Gatherings => "gatherings",
        Measure::Visits => "visits",
        Measure::Volunteers => "volunteers",
        Measure::Hours => "hours",
    }
}

/// Who has reported in `month`: by an ordinary gathering in it, or by saying that there was no activity.
fn completeness(rows: &[TallyRow], associations: &[KnownAssociation], month: Month) -> Completeness {
    let held = |row: &&TallyRow| row.amounts.get(Amounts::GATHERINGS) > 0;
    let held_since = |first: Month| -> BTreeSet<AssociationId> {
        let in_span = |row: &&TallyRow| row.month >= first && row.month <= month;
        rows.iter().filter(held).filter(in_span).map(|row| row.association).collect()
    };
    let home: BTreeSet<AssociationId> =
        associations.iter().filter(|association| association.home_is_here).map(|association| association.id).collect();
    let expected: BTreeSet<AssociationId> = home.union(&held_since(month.plus(-11))).copied().collect();
    let mut reported = held_since(month);
    reported.extend(associations.iter().filter(|a| a.no_activity.contains(&month)).map(|a| a.id));
    Completeness { reported: reported.intersection(&expected).count(), expected: expected.len() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::ActivityForm;

    const TODAY: Date = Date::constant(2026, 11, 21);

    fn row(year: i16, month: u8, association: u8, gatherings: i64) -> TallyRow {
        let mut amounts = Amounts::default();
        amounts.0[Amounts::GATHERINGS] = gatherings;
        amounts.0[Amounts::VISITS] = gatherings * 10;
        TallyRow {
            month: Month::new(year, month).expect("month"),
            association: AssociationId::from_bytes([association; 16]),
            form: ActivityForm::parse("kerho").expect("form"),
            amounts,
        }
    }

    fn association(id: u8, home_is_here: bool, no_activity: Vec<Month>) -> KnownAssociation {
        KnownAssociation { id: AssociationId::from_bytes([id; 16]), home_is_here, no_activity }
    }

    fn report(rows: Vec<TallyRow>, associations: Vec<KnownAssociation>) -> MunicipalityReport {
        MunicipalityReport::new(Inputs {
            municipality: Municipality::parse("005").expect("code"),
            year: 2026,
            today: TODAY,
            rows,
            associations,
            releases: Vec::new(),
            breakdowns: None,
        })
    }

    #[test]
    fn the_year_so_far_is_compared_with_the_same_whole_months() {
        let rows = vec![row(2026, 1, 1, 6), row(2026, 11, 1, 50), row(2025, 1, 1, 4), row(2025, 12, 1, 9)];
        let report = report(rows, Vec::new());
        assert_eq!(report.comparison(), Comparison { now: 6, before: 4 });
        assert_eq!(report.comparison().percent(), Some(50));
        assert_eq!(Comparison { now: 7, before: 8 }.percent(), Some(-13));
        assert_eq!(Comparison { now: 3, before: 0 }.percent(), None);
    }

    #[test]
    fn an_association_reports_by_a_gathering_or_by_saying_that_there_was_none() {
        let july = Month::new(2026, 7).expect("month");
        let known = vec![association(1, true, vec![july]), association(2, true, vec![]), association(3, false, vec![])];
        let report = report(vec![row(2026, 3, 3, 1), row(2026, 7, 3, 1), row(2025, 1, 4, 1)], known);
        let of = |number: u8| report.completeness[usize::from(number) - 1].1;
        assert_eq!(of(7), Completeness { reported: 2, expected: 3 });
        assert_eq!(of(8), Completeness { reported: 0, expected: 3 });
        assert_eq!(of(2), Completeness { reported: 0, expected: 2 }, "a guest counts for twelve months");
        assert_eq!(report.completeness.len(), 11);
    }

    #[test]
    fn the_export_says_the_same_as_the_screen() {
        let report = report(vec![row(2026, 3, 1, 4)], Vec::new());
        let exported = report.tidy().into_iter().find(|row| {
            (row.table, row.period.as_str(), row.class, row.measure) == ("ordinary", "2026-03", "kerho", "gatherings")
        });
        assert_eq!(exported.map(|row| row.value), Some(Value::Published(Published::Exact(4))));
    }
}
