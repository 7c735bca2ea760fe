//! How long a bar is, and where an axis has its numbers.

/// Lengths in the drawing, in tenths of its unit.
pub type Tenths = i64;

/// A length for each amount, proportional to it. The largest has all of the length.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    most: u64,
    length: Tenths,
}

impl Scale {
    pub fn new(amounts: impl IntoIterator<Item = u64>, length: Tenths) -> Scale {
        Scale { most: amounts.into_iter().max().unwrap_or(0).max(1), length }
    }

    /// Rounded half up to a tenth of a unit.
    pub fn length(self, amount: u64) -> Tenths {
        let (amount, most) = (u128::from(amount.min(self.most)), u128::from(self.most));
        let length = u128::from(self.length.unsigned_abs());
        i64::try_from((amount * length * 2 + most) / (most * 2)).unwrap_or(self.length)
    }
}

/// Numbers at an axis, with nought and up to the first that is not less than the largest amount.
pub const TICKS_MAX: usize = 6;

/// Round numbers from nought on: whole units by 1, 2 or 5 and noughts. `unit` is what the reader takes for one: 4 of quarter hours.
pub fn ticks(most: u64, unit: u64) -> Vec<u64> {
    let unit = unit.max(1);
    let (mut step, mut factors) = (unit, [2, 5, 10].into_iter().cycle());
    let mut decade = unit;
    // One step fewer than numbers, because nought is one of them.
    while most.div_ceil(step) >= TICKS_MAX as u64 {
        let factor = factors.next().unwrap_or(10);
        step = decade.saturating_mul(factor);
        if factor == 10 {
            decade = step;
        }
    }
    (0..=most.div_ceil(step).max(1)).map(|at| step.saturating_mul(at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_largest_bar_is_as_long_as_there_is_room_and_nought_has_no_length() {
        let scale = Scale::new([3, 40, 0], 1_000);
        assert_eq!([0, 3, 20, 40].map(|amount| scale.length(amount)), [0, 75, 500, 1_000]);
        assert_eq!(Scale::new([0, 0], 1_000).length(0), 0);
        assert_eq!(Scale::new([], 1_000).length(0), 0);
        assert_eq!(Scale::new([u64::MAX, u64::MAX / 2 + 1], 1_000).length(u64::MAX / 2 + 1), 500);
    }

    #[test]
    fn an_axis_has_round_numbers() {
        assert_eq!(ticks(0, 1), [0, 1]);
        assert_eq!(ticks(5, 1), [0, 1, 2, 3, 4, 5]);
        assert_eq!(ticks(6, 1), [0, 2, 4, 6]);
        assert_eq!(ticks(214, 1), [0, 50, 100, 150, 200, 250]);
        assert_eq!(ticks(1_000, 1), [0, 200, 400, 600, 800, 1_000]);
        // Quarter hours: 0, 5 and 10 hours.
        assert_eq!(ticks(33, 4), [0, 8, 16, 24, 32, 40]);
        assert_eq!(ticks(u64::MAX, 1).len(), 5);
    }

    proptest! {
        #[test]
        fn numbers_at_an_axis_are_few_and_reach_the_largest(most in any::<u64>(), unit in 1_u64..61) {
            let ticks = ticks(most, unit);
            prop_assert!(ticks.len() <= TICKS_MAX && ticks.len() >= 2, "{:?}", ticks);
            prop_assert!(ticks.last().is_some_and(|last| *last >= most));
            prop_assert!(ticks.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", ticks);
        }

        #[test]
        fn a_bar_is_as_long_as_its_amount_asks(amounts in prop::collection::vec(0_u64..1_000_000, 1..20), length in 10_i64..7_000) {
            let scale = Scale::new(amounts.iter().copied(), length);
            let most = amounts.iter().copied().max().unwrap_or(0).max(1);
            for amount in amounts {
                let exact = amount as f64 / most as f64 * length as f64;
                prop_assert!((scale.length(amount) as f64 - exact).abs() <= 0.5 + 1e-6);
            }
        }
    }
}
