//! Yearly breakdowns of ordinary activity by age, gender and residence (rule 1).
//!
//! Everybody is assumed to know the total of a breakdown, because the ordinary table shows the year's visits exactly.
//! So a cell of 1 to 4 is hidden together with others, and the *sum* of the hidden cells must leave enough possible
//! values.

use std::ops::RangeInclusive;

use super::{BREAKDOWN_SMALL_MAX, BREAKDOWN_TOTAL_MIN, POSSIBLE_VALUES_MIN, Published, PublishedSum};

/// Steps of the height up to which cells are hidden. The heights are fixed, and not "the smallest cell still shown", because
/// that would tell whoever knows this code that the hidden second cell is smaller than every shown one.
const HEIGHT_STEP: u64 = 5;

/// One breakdown of one place and year, as published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakdown {
    /// Visits, exact or hidden, in the order of the counts.
    pub cells: Vec<Published<u64>>,
    /// Visits of the breakdown; hidden when they are so few that nothing of it is shown.
    pub total: Published<u64>,
}

/// Protects the counts of one closed year, which together are one breakdown, complements and "not known" included.
///
/// When some cell is 1 to 4, every cell up to a height is hidden, zeros excepted. The height is 9, 14, 19 … : the first at
/// which at least two are hidden and their sum is neither so low that they must all be near 1, nor so high that all but the
/// small one must be near the height. If all that is not zero is hidden and the sum still is too low, zeros are hidden as well.
/// A breakdown of fewer than 10 visits is hidden whole.
///
/// Whoever knows the code, the total and every shown cell is left at least 5 possible values for each hidden cell (tried on
/// every small table). Only when the total itself is less than 4 are there fewer; then everything that it allows stays possible.
pub fn breakdown(counts: &[u64]) -> Breakdown {
    let total = counts.iter().sum();
    if total > 0 && total < BREAKDOWN_TOTAL_MIN {
        return Breakdown { cells: vec![Published::Suppressed; counts.len()], total: Published::Suppressed };
    }
    let hidden = hidden_counts(counts);
    let publish = |count: &u64| match &hidden {
        Some(hidden) if hidden.contains(count) => Published::Suppressed,
        _ => Published::Exact(*count),
    };
    Breakdown { cells: counts.iter().map(publish).collect(), total: Published::Exact(total) }
}

/// Which counts are hidden; none when there is nothing to hide.
fn hidden_counts(counts: &[u64]) -> Option<RangeInclusive<u64>> {
    if !counts.iter().any(|count| (1..=BREAKDOWN_SMALL_MAX).contains(count)) {
        return None;
    }
    let largest = counts.iter().copied().max().unwrap_or(0);
    let mut height = BREAKDOWN_SMALL_MAX + HEIGHT_STEP;
    while height < largest && !(is_high_enough(counts, height) && is_low_enough(counts, height)) {
        height += HEIGHT_STEP;
    }
    // At the top no shown cell bounds the height from outside, and so a high sum tells nothing; a low one still does.
    Some(if is_high_enough(counts, height) { 1..=height } else { 0..=height })
}

/// Number and sum of the cells from 1 to `height`.
fn hidden(counts: &[u64], height: u64) -> (u64, u64) {
    let cells = counts.iter().filter(|count| (1..=height).contains(*count));
    cells.fold((0, 0), |(number, sum), count| (number + 1, sum + count))
}

/// Whether one hidden cell can be anything from 1 to 6, all others being at least 1. When a sum is lower than this, and more is
/// hidden for it, each can still be 1 to 5.
fn is_high_enough(counts: &[u64], height: u64) -> bool {
    let (number, sum) = hidden(counts, height);
    number >= 2 && sum >= number + POSSIBLE_VALUES_MIN
}

/// Whether the hidden cells stand away from their height. One of them is 1 to 4 and none is over the height: with this sum the
/// small one can be 2 to 4 when the rest stand at the height, and a large one the height or up to 2 less. That makes six
/// values; one visit more would leave four.
fn is_low_enough(counts: &[u64], height: u64) -> bool {
    let (number, sum) = hidden(counts, height);
    sum <= height * number.saturating_sub(1) + 2
}

/// The counts of ordinary visits of one municipality in one closed year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct YearlyCounts {
    /// Eight bands, youngest first, and not known.
    pub ages: [u64; 9],
    /// Women, men, other, not known.
    pub genders: [u64; 4],
    pub residents: u64,
    /// Visits of others than residents, where residence was asked: the complement.
    pub others: u64,
}

/// The breakdowns that are published, each with its own total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearlyBreakdowns {
    pub ages: Breakdown,
    pub genders: Breakdown,
    /// Residents, others.
    pub residence: Breakdown,
}

/// Protects a municipality's year. To be computed once, with the release of the fourth quarter, and frozen like it: the
/// difference between two days' tables would be one gathering's people.
pub fn yearly_breakdowns(counts: &YearlyCounts) -> YearlyBreakdowns {
    YearlyBreakdowns {
        ages: breakdown(&counts.ages),
        genders: breakdown(&counts.genders),
        residence: breakdown(&[counts.residents, counts.others]),
    }
}

/// The breakdown of a county or the nation: cell by cell the sum of what its municipalities publish. A true sum would give the
/// hidden cells away as "the rest".
pub fn sum_of_breakdowns<'a>(parts: impl IntoIterator<Item = &'a Breakdown>) -> (Vec<PublishedSum>, PublishedSum) {
    let mut cells: Vec<PublishedSum> = Vec::new();
    let mut total = PublishedSum::Exact(0);
    for part in parts {
        cells.resize(cells.len().max(part.cells.len()), PublishedSum::Exact(0));
        for (sum, cell) in cells.iter_mut().zip(&part.cells) {
            *sum = *sum + (*cell).into();
        }
        total = total + part.total.into();
    }
    (cells, total)
}

#[cfg(test)]
mod tests {
    use super::Published::{Exact, Suppressed};
    use super::*;

    #[test]
    fn a_breakdown_without_small_cells_is_exact() {
        assert_eq!(breakdown(&[0, 5, 30]).cells, [Exact(0), Exact(5), Exact(30)]);
        assert_eq!(breakdown(&[0, 0]), Breakdown { cells: vec![Exact(0), Exact(0)], total: Exact(0) });
    }

    #[test]
    fn a_hidden_cell_hides_a_second_one_and_a_zero_stays_a_zero() {
        assert_eq!(breakdown(&[3, 0, 40, 90]).cells, [Suppressed, Exact(0), Suppressed, Exact(90)]);
        assert_eq!(breakdown(&[3, 0, 40, 90]).total, Exact(133));
    }

    #[test]
    fn few_residents_are_not_the_rest_of_the_others() {
        assert_eq!(breakdown(&[2, 60]), Breakdown { cells: vec![Suppressed, Suppressed], total: Exact(62) });
    }

    #[test]
    fn hidden_cells_that_must_all_be_one_hide_a_larger_one() {
        assert_eq!(breakdown(&[1, 1, 1, 200, 50]).cells, [Suppressed, Suppressed, Suppressed, Exact(200), Suppressed]);
    }

    #[test]
    fn hidden_cells_that_must_all_be_large_hide_a_larger_one() {
        assert_eq!(breakdown(&[4, 9, 60, 12]).cells, [Suppressed, Suppressed, Exact(60), Suppressed]);
    }

    #[test]
    fn a_breakdown_of_few_visits_is_hidden_with_its_zeros_and_total() {
        let hidden = Breakdown { cells: vec![Suppressed; 3], total: Suppressed };
        assert_eq!(breakdown(&[0, 3, 0]), hidden);
        assert_eq!(breakdown(&[0, 9, 0]), hidden);
    }

    #[test]
    fn many_cells_of_one_visit_are_hidden_among_zeros() {
        assert_eq!(breakdown(&[1, 1, 1, 1, 1, 1, 1, 3, 0]).cells, [Suppressed; 9]);
    }

    #[test]
    fn a_county_adds_what_its_municipalities_publish() {
        let parts = [breakdown(&[3, 60, 0]), breakdown(&[20, 70, 0])];
        let (cells, total) = sum_of_breakdowns(&parts);
        assert_eq!(cells, [PublishedSum::AtLeast(20), PublishedSum::AtLeast(70), PublishedSum::Exact(0)]);
        assert_eq!(total, PublishedSum::Exact(153));
    }

    #[test]
    fn residents_and_others_are_each_others_complement() {
        let counts = YearlyCounts { residents: 300, others: 1, ..YearlyCounts::default() };
        let published = yearly_breakdowns(&counts);
        assert_eq!(published.residence.cells, [Suppressed, Suppressed]);
        assert_eq!(published.ages.total, Exact(0));
    }
}
