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

/// What became of counting one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    Yes,
    TooOften,
    /// So many others are counted that this one is not known, and cannot be remembered.
    NoRoom,
}

/// When each one asked, as far back as is counted.
#[derive(Debug)]
struct Times<K>(HashMap<K, VecDeque<i64>>);

impl<K> Default for Times<K> {
    fn default() -> Times<K> {
        Times(HashMap::new())
    }
}

impl<K: Hash + Eq> Times<K> {
    /// Counts one, where fewer than so many were counted in each of these times back, the longest last. What no limit counts any more makes
    /// room for others, and so do moments that the clock has not reached: it was put back.
    fn take(&mut self, key: K, now_ms: i64, limits: &[(i64, usize)]) -> Taken {
        let longest = limits.last().map_or(DAY_MS, |(ms, _)| *ms);
        let counts = |at: &i64| (0..longest).contains(&(now_ms - at));
        if self.0.len() >= KEPT_MAX && !self.0.contains_key(&key) {
            self.0.retain(|_, times| times.iter().any(counts));
            if self.0.len() >= KEPT_MAX {
                return Taken::NoRoom;
            }
        }
        let times = self.0.entry(key).or_default();
        times.retain(counts);
        let is_free = |(ms, max): &(i64, usize)| times.iter().filter(|at| now_ms - **at < *ms).count() < *max;
        if !limits.iter().all(is_free) {
            return Taken::TooOften;
        }
        times.push_back(now_ms);
        Taken::Yes
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
        let limits = [(HOUR_MS, NEIGHBOURHOOD_HOUR_MAX)];
        let mut taken = self.neighbourhoods.take(place, now_ms, &limits);
        if taken == Taken::NoRoom {
            self.neighbourhoods.0.clear();
            taken = self.neighbourhoods.take(place, now_ms, &limits);
        }
        taken == Taken::Yes
    }

    /// Counts a person's request to confirm an address.
    pub fn person(&mut self, user: UserId, now_ms: i64) -> bool {
        self.people.take(user, now_ms, &[(HOUR_MS, PERSON_HOUR_MAX)]) == Taken::Yes
    }

    /// Counts a letter to an address. Where the list is full, there is none: that would take 20,000 reviewers in a day.
    pub fn address(&mut self, budget: Budget, address: &str, now_ms: i64) -> bool {
        let usual = [(HOUR_MS, ADDRESS_HOUR_MAX), (DAY_MS, ADDRESS_DAY_MAX)];
        let limits = if budget == Budget::Reserve { &[(DAY_MS, RESERVE_DAY_MAX)][..] } else { &usual };
        self.of(budget).take(address.to_owned(), now_ms, limits) == Taken::Yes
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

    #[test]
    fn what_is_counted_by_the_hour_makes_room_after_an_hour() {
        let mut asked = Asked::default();
        let user = |n: usize| UserId::from_bytes((n as u128).to_be_bytes());
        assert!((0..KEPT_MAX).all(|n| asked.person(user(n), 0)));
        assert!(!asked.person(user(KEPT_MAX), HOUR_MS - 1));
        assert!(asked.person(user(KEPT_MAX), HOUR_MS));
        assert_eq!(asked.people.0.len(), 1);
        // Nor does a full list of neighbourhoods begin anew for the sake of those that are forgotten anyway.
        let place = |n: u32| IpAddr::V4(n.into());
        assert!((0..KEPT_MAX as u32 - 1).all(|n| asked.neighbourhood(place(n), 0)));
        let hall = place(u32::MAX);
        assert!((0..NEIGHBOURHOOD_HOUR_MAX).all(|_| asked.neighbourhood(hall, HOUR_MS / 2)));
        assert!(asked.neighbourhood(place(KEPT_MAX as u32), HOUR_MS));
        assert!(!asked.neighbourhood(hall, HOUR_MS), "it is remembered");
    }
}
