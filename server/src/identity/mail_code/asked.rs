//! How often codes are asked for: by a neighbourhood, by a person, and for an address.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    net::IpAddr,
};

use domain::UserId;

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Requests of one neighbourhood (`ClientAddress::neighbourhood`) in an hour, whatever the address: a hall in which ten reviewers have
/// forgotten their keys.
const NEIGHBOURHOOD_HOUR_MAX: usize = 20;
/// Seconds after which whoever asked too often may come again; some of the hour has passed by then.
pub const RETRY_S: u64 = 15 * 60;
/// Requests of one person in an hour to confirm an address, so that nobody sends letters to strangers.
const PERSON_HOUR_MAX: usize = 5;
/// Letters to one address in an hour, and in a day.
const ADDRESS_HOUR_MAX: usize = 5;
pub const ADDRESS_DAY_MAX: usize = 20;
/// Letters to an address in a day beyond these, for a browser on which its person has been: a flood of others' requests does not use them up.
pub const RESERVE_DAY_MAX: usize = 3;
/// Entries of each list, 300 bytes each.
const KEPT_MAX: usize = 20_000;

/// When each one asked in the last day.
#[derive(Debug)]
struct Times<K>(HashMap<K, VecDeque<i64>>);

impl<K> Default for Times<K> {
    fn default() -> Times<K> {
        Times(HashMap::new())
    }
}

impl<K: Hash + Eq> Times<K> {
    /// Whether there is room for another one. Moments that the clock has not reached are forgotten: it was put back.
    fn has_room(&mut self, key: &K, now_ms: i64) -> bool {
        if self.0.len() >= KEPT_MAX && !self.0.contains_key(key) {
            self.0.retain(|_, times| times.iter().any(|at| (0..DAY_MS).contains(&(now_ms - at))));
        }
        self.0.len() < KEPT_MAX || self.0.contains_key(key)
    }

    /// Counts one, where fewer than so many were counted in each of these times back, the longest last.
    fn take(&mut self, key: K, now_ms: i64, limits: &[(i64, usize)]) -> bool {
        let times = self.0.entry(key).or_default();
        let longest = limits.last().map_or(DAY_MS, |(ms, _)| *ms);
        times.retain(|at| (0..longest).contains(&(now_ms - at)));
        let is_free = |(ms, max): &(i64, usize)| times.iter().filter(|at| now_ms - **at < *ms).count() < *max;
        let may = limits.iter().all(is_free);
        if may {
            times.push_back(now_ms);
        }
        may
    }
}

/// Who asked, and for whom.
#[derive(Debug, Default)]
pub struct Asked {
    neighbourhoods: Times<IpAddr>,
    people: Times<UserId>,
    addresses: Times<String>,
    /// Letters by which somebody confirms an address.
    confirmed: Times<String>,
    reserve: Times<String>,
}

/// For what a letter to an address is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    SignIn,
    /// Asked for by somebody who is signed in: strangers use up nothing of it.
    Confirm,
    /// Asked for on a browser on which the address's person has been.
    Reserve,
}

impl Asked {
    /// Counts a neighbourhood's request; false where it asks too often. Whoever has so many of them that the list is full is not held back by
    /// it: it begins anew, so that they keep nobody else out.
    pub fn neighbourhood(&mut self, place: IpAddr, now_ms: i64) -> bool {
        if !self.neighbourhoods.has_room(&place, now_ms) {
            self.neighbourhoods.0.clear();
        }
        self.neighbourhoods.take(place, now_ms, &[(HOUR_MS, NEIGHBOURHOOD_HOUR_MAX)])
    }

    /// Counts a person's request to confirm an address.
    pub fn person(&mut self, user: UserId, now_ms: i64) -> bool {
        self.people.has_room(&user, now_ms) && self.people.take(user, now_ms, &[(HOUR_MS, PERSON_HOUR_MAX)])
    }

    /// Counts a letter to an address. Where the list is full, there is none: that would take 20,000 reviewers in a day.
    pub fn address(&mut self, budget: Budget, address: &str, now_ms: i64) -> bool {
        let address = address.to_owned();
        let usual = [(HOUR_MS, ADDRESS_HOUR_MAX), (DAY_MS, ADDRESS_DAY_MAX)];
        let limits = if budget == Budget::Reserve { &[(DAY_MS, RESERVE_DAY_MAX)][..] } else { &usual };
        let times = self.of(budget);
        times.has_room(&address, now_ms) && times.take(address, now_ms, limits)
    }

    /// Gives a letter back that was counted at this moment and has not been sent.
    pub fn give_back(&mut self, budget: Budget, address: &str, asked_ms: i64) {
        let times = self.of(budget).0.get_mut(address);
        if let Some(times) = times
            && let Some(at) = times.iter().rposition(|at| *at == asked_ms)
        {
            times.remove(at);
        }
    }

    fn of(&mut self, budget: Budget) -> &mut Times<String> {
        match budget {
            Budget::SignIn => &mut self.addresses,
            Budget::Confirm => &mut self.confirmed,
            Budget::Reserve => &mut self.reserve,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn an_address_gets_five_letters_an_hour_and_twenty_a_day() {
        let mut asked = Asked::default();
        let mut sent = 0;
        for minute in 0..24 * 60 {
            sent += usize::from(asked.address(Budget::SignIn, "rauha@kuoro.example", minute * 60_000));
            let by_then = ADDRESS_DAY_MAX.min(ADDRESS_HOUR_MAX * (minute as usize / 60 + 1));
            assert!(sent <= by_then, "{minute} {sent}");
        }
        assert_eq!(sent, ADDRESS_DAY_MAX);
        assert!(asked.address(Budget::SignIn, "aino@kuoro.example", 1), "another one is not held back");
        assert!(asked.address(Budget::SignIn, "rauha@kuoro.example", DAY_MS));
    }

    #[test]
    fn a_letter_that_was_not_sent_is_given_back_and_each_budget_is_its_own() {
        let (mut asked, rauha) = (Asked::default(), "rauha@kuoro.example");
        for budget in [Budget::SignIn, Budget::Confirm] {
            assert!((0..5).all(|at| asked.address(budget, rauha, at)));
            assert!(!asked.address(budget, rauha, 5));
            asked.give_back(budget, rauha, 3);
            // One that was never counted, or was given back.
            asked.give_back(budget, rauha, 3);
            asked.give_back(budget, "aino@kuoro.example", 3);
            assert!(asked.address(budget, rauha, 5) && !asked.address(budget, rauha, 6));
        }
        assert!((0..RESERVE_DAY_MAX).all(|_| asked.address(Budget::Reserve, rauha, HOUR_MS)));
        assert!(!asked.address(Budget::Reserve, rauha, DAY_MS));
    }

    #[test]
    fn a_neighbourhood_asks_twenty_times_an_hour_and_a_clock_that_is_put_back_locks_nobody_out() {
        let mut asked = Asked::default();
        let hall = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
        assert!((0..NEIGHBOURHOOD_HOUR_MAX).all(|_| asked.neighbourhood(hall, DAY_MS)));
        assert!(!asked.neighbourhood(hall, DAY_MS + HOUR_MS - 1) && asked.neighbourhood(hall, DAY_MS + HOUR_MS));
        assert!(asked.neighbourhood(hall, 0));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut asked = Asked::default();
        for n in 0..KEPT_MAX as u32 + 10 {
            assert!(asked.neighbourhood(IpAddr::V4(n.into()), 0), "whoever comes last is not kept out");
            let had_room = asked.address(Budget::SignIn, &n.to_string(), 0);
            assert_eq!(had_room, (n as usize) < KEPT_MAX);
        }
        assert!(asked.neighbourhoods.0.len() <= KEPT_MAX && asked.addresses.0.len() <= KEPT_MAX);
        assert!(asked.address(Budget::SignIn, "rauha@kuoro.example", DAY_MS), "a day later there is room");
    }
}
