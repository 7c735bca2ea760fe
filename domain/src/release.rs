//! Which sensitive gatherings a quarter's release counts, and what it says (protection rule 5).
//!
//! A store loads the gatherings that no release has counted, [`Release::of`] decides, and the store freezes the decision by the
//! ids in [`Release::counted`]. So a gathering that arrives between the two is not taken for counted: it waits for the next one.

use std::collections::BTreeMap;

use crate::{
    AssociationId, Date, Quarter, RecordId,
    codes::{ActivityForm, Municipality},
    protection::{Figures, SensitiveRelease, SensitiveRow, YearlyBreakdowns, YearlyCounts, release, yearly_breakdowns},
    report::Amounts,
};

/// A sensitive gathering that no release has counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingGathering {
    pub association: AssociationId,
    pub gathering: RecordId,
    pub day: Date,
    pub municipality: Municipality,
    pub form: ActivityForm,
    pub figures: Figures,
}

/// A release as it is to be frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    pub quarter: Quarter,
    /// The gatherings that it counts, for ever and in no other release.
    pub counted: Vec<(AssociationId, RecordId)>,
    pub figures: SensitiveRelease,
}

impl Release {
    /// The release of a quarter: it counts what was held up to the quarter's end, late records of earlier quarters among them.
    /// `agreed` says whether an association has agreed to be shown where it is the only one (rule 4).
    pub fn of(quarter: Quarter, waiting: &[WaitingGathering], agreed: impl Fn(AssociationId) -> bool) -> Release {
        let last_day = quarter.last_day();
        let counted: Vec<&WaitingGathering> = waiting.iter().filter(|gathering| gathering.day <= last_day).collect();
        let rows: Vec<SensitiveRow> = counted
            .iter()
            .map(|gathering| SensitiveRow {
                municipality: gathering.municipality,
                form: gathering.form,
                association: gathering.association,
                figures: gathering.figures,
            })
            .collect();
        Release {
            quarter,
            counted: counted.iter().map(|gathering| (gathering.association, gathering.gathering)).collect(),
            figures: release(quarter, &rows, agreed),
        }
    }
}

/// The quarters from `next` on whose release day has come, oldest first.
pub fn due(next: Quarter, today: Date) -> impl Iterator<Item = Quarter> {
    std::iter::successors(Some(next), |quarter| Some(quarter.next()))
        .take_while(move |quarter| quarter.release_day() <= today)
}

/// The first quarter whose release day is still to come.
pub fn next_to_release(today: Date) -> Quarter {
    let last_closed = Quarter::from_index(Quarter::of(today).index() - 1);
    if last_closed.release_day() > today { last_closed } else { last_closed.next() }
}

/// The protected breakdowns of a closed year of ordinary activity, of every municipality that has sums.
pub fn yearly<'a>(
    sums: impl IntoIterator<Item = (Municipality, &'a Amounts)>,
) -> BTreeMap<Municipality, YearlyBreakdowns> {
    let mut years: BTreeMap<Municipality, Amounts> = BTreeMap::new();
    for (municipality, amounts) in sums {
        years.entry(municipality).or_default().add(amounts);
    }
    let breakdowns = |sum: Amounts| {
        yearly_breakdowns(&YearlyCounts {
            ages: std::array::from_fn(|index| sum.get(Amounts::AGES + index)),
            genders: std::array::from_fn(|index| sum.get(Amounts::GENDERS + index)),
            residents: sum.get(Amounts::RESIDENTS),
            others: sum.get(Amounts::RESIDENCE_KNOWN).saturating_sub(sum.get(Amounts::RESIDENTS)),
        })
    };
    years.into_iter().map(|(municipality, sum)| (municipality, breakdowns(sum))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protection::{Place, ProtectedFigures, Published};

    fn waiting(n: u8, day: Date, visits: u64) -> WaitingGathering {
        WaitingGathering {
            association: AssociationId::from_bytes([n; 16]),
            gathering: RecordId::from_bytes([n; 16]),
            day,
            municipality: Municipality::parse("755").expect("a code"),
            form: ActivityForm::parse("vertaistuki").expect("a code"),
            figures: Figures { gatherings: 1, visits, volunteers: 8, quarter_hours: 8 },
        }
    }

    #[test]
    fn a_release_counts_up_to_the_end_of_its_quarter_and_names_what_it_counted() {
        let quarter = Quarter::new(2026, 1).expect("a quarter");
        let all = [
            waiting(1, Date::constant(2026, 3, 31), 10),
            waiting(2, Date::constant(2026, 4, 1), 20),
            waiting(3, Date::constant(2025, 6, 1), 30),
        ];
        let release = Release::of(quarter, &all, |_| true);
        let ids: Vec<RecordId> = release.counted.iter().map(|(_, gathering)| *gathering).collect();
        assert_eq!(ids, [all[0].gathering, all[2].gathering]);
    }

    #[test]
    fn the_figures_of_a_release_are_those_of_what_it_counted() {
        let quarter = Quarter::new(2026, 1).expect("a quarter");
        let day = Date::constant(2026, 2, 2);
        let mut all: Vec<WaitingGathering> = (1..=5).map(|n| waiting(n, day, 10)).collect();
        let place = Place::Municipality(all[0].municipality);
        let figures = |all: &[WaitingGathering]| Release::of(quarter, all, |_| true).figures.figures(place);
        let counted = figures(&all);
        assert_eq!(counted.visits, Published::Rounded(50));
        all.push(waiting(6, Date::constant(2026, 5, 5), 90));
        assert_eq!(figures(&all), counted, "what waits for a later quarter is in no figure of this one");
        assert_eq!(figures(&all[5..]), ProtectedFigures::ZERO);
    }

    #[test]
    fn the_first_release_is_the_next_one_to_come() {
        let next = |month, day| next_to_release(Date::constant(2026, month, day)).to_string();
        assert_eq!((next(11, 21), next(10, 15), next(10, 14)), ("2026-Q4".into(), "2026-Q4".into(), "2026-Q3".into()));
        assert_eq!((next(1, 14), next(1, 15)), ("2025-Q4".into(), "2026-Q1".into()));
    }

    #[test]
    fn all_quarters_whose_day_has_come_are_due_oldest_first() {
        let first = Quarter::new(2025, 4).expect("a quarter");
        let due = |month, day| due(first, Date::constant(2026, month, day)).map(|q| q.to_string()).collect::<Vec<_>>();
        assert_eq!(due(1, 14), Vec::<String>::new());
        assert_eq!(due(1, 15), ["2025-Q4"]);
        assert_eq!(due(7, 20), ["2025-Q4", "2026-Q1", "2026-Q2"]);
    }
}
