//! A repeatable random generator: SplitMix64, seeded anew for every question, and ids made from it.
//!
//! Each gathering draws from its own seed (association, activity, day) and not from one long stream, so that tomorrow's
//! plan has the same past as today's.

use domain::{Date, date};

/// Any number does; changing it changes every figure of the demo.
const SEED: u64 = 0x4879_7465_7669_686b;
const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
const MS_PER_DAY: i64 = 86_400_000;
const MS_PER_MINUTE: i64 = 60_000;

/// SplitMix64 (Steele, Lea and Flood, 2014): eight lines, and good enough for head counts.
pub struct Random(u64);

impl Random {
    /// The stream that belongs to `parts`, always the same one.
    pub fn of(parts: &[u64]) -> Random {
        parts.iter().fold(Random(SEED), |random, part| Random(Random(random.0 ^ part).next()))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN_GAMMA);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `end` - 1; zero when `end` is zero.
    pub fn below(&mut self, end: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u32
    }

    /// From `min` to `max`, both included.
    pub fn between(&mut self, min: u32, max: u32) -> u32 {
        min + self.below(max + 1 - min)
    }

    /// True `percent` times of a hundred.
    pub fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of `items`; none of an empty list.
    pub fn one_of<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        items.get(self.below(items.len() as u32) as usize).copied()
    }

    /// `count` dealt out at random by `weights`; the parts sum to `count`.
    pub fn deal<const N: usize>(&mut self, count: u32, weights: [u32; N]) -> [u32; N] {
        let mut parts = [0; N];
        for _ in 0..count {
            let mut left = self.below(weights.iter().sum());
            for (part, weight) in parts.iter_mut().zip(weights) {
                if left < weight {
                    *part += 1;
                    break;
                }
                left -= weight;
            }
        }
        parts
    }

    /// The bytes of a UUIDv7 made at `minute` of `day`: as from a device, except that it is always the same.
    pub fn uuid_v7(&mut self, day: Date, minute: u16) -> [u8; 16] {
        let ms = i64::from(date::day_number(day)) * MS_PER_DAY + i64::from(minute) * MS_PER_MINUTE;
        let mut bytes = [0; 16];
        bytes[..6].copy_from_slice(&ms.to_be_bytes()[2..]);
        bytes[6..8].copy_from_slice(&self.next().to_be_bytes()[..2]);
        bytes[8..].copy_from_slice(&self.next().to_be_bytes());
        bytes[6] = bytes[6] & 0x0f | 0x70;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_are_dealt_sum_to_the_count() {
        let parts = Random::of(&[1]).deal(17, [3, 0, 5]);
        assert_eq!((parts.iter().sum::<u32>(), parts[1]), (17, 0));
    }

    #[test]
    fn an_id_is_of_version_seven_and_sorts_by_its_day() {
        let id = |day| domain::RecordId::from_bytes(Random::of(&[1]).uuid_v7(day, 780));
        let monday = id(Date::constant(2026, 11, 16));
        assert_eq!(monday.uuid().get_version_num(), 7);
        assert!(monday < id(Date::constant(2026, 11, 17)));
    }
}
