//! Published values and their sums. A hidden value is never a number here, and so never a zero (rule 6).

use std::{iter::Sum, ops::Add};

/// A value as it is published.
///
/// There is no way to read it but to match it, so that every place that shows it has words for a hidden one:
///
/// ```compile_fail
/// println!("{}", domain::protection::Published::Exact(3_u64));
/// ```
/// ```compile_fail
/// let nothing: domain::protection::Published<u64> = Default::default();
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Published<T> {
    Exact(T),
    /// To the nearest [`super::ROUNDING`]; never zero, because a zero says that nothing happened.
    Rounded(T),
    /// Hidden to protect people; it says nothing about how large it is.
    Suppressed,
}

impl<T> Published<T> {
    pub const fn is_suppressed(&self) -> bool {
        matches!(self, Published::Suppressed)
    }
}

/// A sum of published values only (rules 3 and 7). A hidden part adds nothing but the words "at least".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum PublishedSum {
    Exact(u64),
    /// Some part is rounded: each is at most 2 off (hours: less than 5).
    Rounded(u64),
    /// What is published of it, as exact as its parts, and never zero; some part is hidden and not in it.
    AtLeast(u64),
    /// Nothing but zeros is published of it, and some part is hidden.
    Suppressed,
}

impl From<Published<u64>> for PublishedSum {
    fn from(value: Published<u64>) -> PublishedSum {
        match value {
            Published::Exact(exact) => PublishedSum::Exact(exact),
            Published::Rounded(rounded) => PublishedSum::Rounded(rounded),
            Published::Suppressed => PublishedSum::Suppressed,
        }
    }
}

impl Add for PublishedSum {
    type Output = PublishedSum;

    fn add(self, other: PublishedSum) -> PublishedSum {
        use PublishedSum::{AtLeast, Exact, Rounded, Suppressed};
        match (self, other) {
            (Exact(a), Exact(b)) => Exact(a + b),
            (Exact(a) | Rounded(a), Exact(b) | Rounded(b)) => Rounded(a + b),
            (Suppressed, Suppressed | Exact(0)) | (Exact(0), Suppressed) => Suppressed,
            (Suppressed, Exact(a) | Rounded(a) | AtLeast(a)) | (Exact(a) | Rounded(a) | AtLeast(a), Suppressed) => {
                AtLeast(a)
            }
            (AtLeast(a), Exact(b) | Rounded(b) | AtLeast(b)) | (Exact(a) | Rounded(a), AtLeast(b)) => AtLeast(a + b),
        }
    }
}

impl Sum for PublishedSum {
    fn sum<I: Iterator<Item = PublishedSum>>(parts: I) -> PublishedSum {
        parts.fold(PublishedSum::Exact(0), Add::add)
    }
}

/// A total over ordinary and sensitive activity (rule 7). Its parts stay beside it, because wherever it is shown the page says
/// that it is the sum of what is published: a true total would give the hidden part away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Total {
    /// Exact.
    pub ordinary: u64,
    pub sensitive: PublishedSum,
}

/// Puts an exact ordinary figure and a protected one side by side. Hours in whole hours.
pub fn total(ordinary: u64, sensitive: impl Into<PublishedSum>) -> Total {
    Total { ordinary, sensitive: sensitive.into() }
}

impl Total {
    pub fn sum(self) -> PublishedSum {
        PublishedSum::Exact(self.ordinary) + self.sensitive
    }
}

#[cfg(test)]
mod tests {
    use super::PublishedSum::{AtLeast, Exact, Rounded, Suppressed};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sum_with_a_hidden_part_is_at_least_what_is_published() {
        assert_eq!(Exact(3) + Rounded(10) + Suppressed, AtLeast(13));
        assert_eq!(Exact(0) + Suppressed, Suppressed);
        assert_eq!([Exact(0), Exact(0)].into_iter().sum::<PublishedSum>(), Exact(0));
    }

    #[test]
    fn a_total_with_a_hidden_sensitive_part_shows_the_ordinary_part_and_says_so() {
        assert_eq!(total(120, Published::Rounded(35)).sum(), Rounded(155));
        assert_eq!(total(120, Published::Suppressed).sum(), AtLeast(120));
        assert_eq!(total(0, Published::Suppressed).sum(), Suppressed);
        assert_eq!(total(120, Published::Exact(0)).sum(), Exact(120));
    }

    fn any_sum() -> impl Strategy<Value = PublishedSum> {
        let rounded = (1_u64..9).prop_map(|n| n * 5);
        prop_oneof![
            (0_u64..3).prop_map(Exact),
            rounded.clone().prop_map(Rounded),
            rounded.prop_map(AtLeast),
            Just(Suppressed)
        ]
    }

    proptest! {
        #[test]
        fn the_order_of_adding_does_not_matter(a in any_sum(), b in any_sum(), c in any_sum()) {
            prop_assert_eq!(a + b, b + a);
            prop_assert_eq!((a + b) + c, a + (b + c));
            prop_assert_ne!(a + b, AtLeast(0));
        }
    }
}
