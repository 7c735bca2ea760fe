//! Interval propagation: every unknown has a minimum and a maximum, and each known relation narrows some of them, until
//! nothing changes.

/// Stands for "no upper bound"; sums of it do not overflow.
pub const UNBOUNDED: i64 = i64::MAX / 1_000_000;

/// An unknown number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unknown(usize);

enum Fact {
    Sum { whole: Unknown, parts: Vec<Unknown> },
    AtMostTimes { small: Unknown, times: i64, large: Unknown },
}

#[derive(Default)]
pub struct Intervals {
    ranges: Vec<(i64, i64)>,
    facts: Vec<Fact>,
}

impl Intervals {
    pub fn unknown(&mut self, low: i64, high: i64) -> Unknown {
        self.ranges.push((low, high));
        Unknown(self.ranges.len() - 1)
    }

    /// `whole` is the sum of `parts`.
    pub fn sum(&mut self, whole: Unknown, parts: impl IntoIterator<Item = Unknown>) {
        self.facts.push(Fact::Sum { whole, parts: parts.into_iter().collect() });
    }

    /// `small` is at most `times` as many as `large`.
    pub fn at_most_times(&mut self, small: Unknown, times: i64, large: Unknown) {
        self.facts.push(Fact::AtMostTimes { small, times, large });
    }

    pub fn range(&self, unknown: Unknown) -> (i64, i64) {
        self.ranges[unknown.0]
    }

    pub fn propagate(&mut self) {
        let facts = std::mem::take(&mut self.facts);
        let mut moved = true;
        while moved {
            moved = false;
            for fact in &facts {
                moved |= match fact {
                    Fact::Sum { whole, parts } => self.narrow_sum(*whole, parts),
                    Fact::AtMostTimes { small, times, large } => {
                        let (least, most) = (self.range(*small).0, self.range(*large).1);
                        self.narrow(*small, 0, most.saturating_mul(*times))
                            | self.narrow(*large, (least + times - 1) / times, UNBOUNDED)
                    }
                };
            }
        }
        self.facts = facts;
    }

    fn narrow_sum(&mut self, whole: Unknown, parts: &[Unknown]) -> bool {
        let low: i64 = parts.iter().map(|part| self.range(*part).0).sum();
        let unbounded = parts.iter().filter(|part| self.range(**part).1 >= UNBOUNDED).count();
        let high: i64 = parts.iter().map(|part| self.range(*part).1).filter(|high| *high < UNBOUNDED).sum();
        let mut moved = self.narrow(whole, low, if unbounded > 0 { UNBOUNDED } else { high });
        let (whole_low, whole_high) = self.range(whole);
        for part in parts {
            let (part_low, part_high) = self.range(*part);
            let others_unbounded = unbounded - usize::from(part_high >= UNBOUNDED) > 0;
            let others_high = high - if part_high >= UNBOUNDED { 0 } else { part_high };
            let least = if others_unbounded { 0 } else { whole_low - others_high };
            let most = if whole_high >= UNBOUNDED { UNBOUNDED } else { whole_high - (low - part_low) };
            let narrowed = self.narrow(*part, least, most);
            moved |= narrowed;
            if narrowed {
                // The sums above are of the old range: the next round goes on from here.
                return true;
            }
        }
        moved
    }

    fn narrow(&mut self, unknown: Unknown, low: i64, high: i64) -> bool {
        let range = &mut self.ranges[unknown.0];
        let narrowed = (range.0.max(low), range.1.min(high));
        let moved = narrowed != *range;
        *range = narrowed;
        moved
    }
}
