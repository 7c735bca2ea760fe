//! How much is answered for whom: every number, and the arithmetic behind it.
//!
//! **Rates** are buckets: so many requests at once, and so many a second after that. They hold back a program that has gone wrong, not people.
//!
//! - *An address.* The first visit of a phone takes some 20 requests (page, files, `me`, a pull for each association). Sixty phones behind one
//!   village hall's connection that open the app together: 1,200, within `ADDRESS_AT_ONCE`. Afterwards each asks once a minute, and
//!   once for each save: 60 phones × 4 a minute are 4 a second of `ADDRESS_A_SECOND`.
//! - *Signing in, an address.* A hundred people at an association evening in one hall within `SIGNING_IN_AT_ONCE`; then one a second.
//!   How often a code may be guessed is a matter of the code and counted beside this.
//! - *A person.* A phone that was without a network all summer has 1,000 changes: 20 pushes of 50, and a pull of 10 pages. A file of a
//!   lost phone may have 5,000: 100 pushes. All within `PERSON_AT_ONCE`.
//! - *An association.* Fifty phones, each a push and a pull a minute: 2 a second of `ASSOCIATION_A_SECOND`.
//!
//! - *An association's programs*, which read it with tokens or a reviewer's sign-in: they never use up what its phones need, and making more
//!   tokens gives them no more. Ten years of 5,000 gatherings are ten pages, and eight packs of ten years 80 reports: a nightly run is within
//!   `PROGRAMS_AT_ONCE`. Each answer of rows or figures reads all records of the association, 50 to 100 ms of a core: `PROGRAMS_A_SECOND` leaves the most of it.
//!
//! - *Asking to come in, a neighbourhood* (`ClientAddress::neighbourhood`). Whoever has no invitation and no sign-in can begin to ask, which
//!   makes a person, and ask, which fills one of the 20 places of a municipality. A federation's office that helps its
//!   associations one after the other asks `ASKED_AT_ONCE` times on one day, and a hall of beginners is within `BEGUN_AT_ONCE`; both
//!   come back within a day, evenly. So one neighbourhood cannot fill a municipality's places on one day, and keeps nobody else from
//!   beginning (500 an hour on the whole server). It is remembered until the server is started anew.
//!
//! This machine's own address is not held back: it is a proxy that nobody named, the operator, or a measurement. 32 clients that push as
//! fast as they can send 300 requests a second, from one address but of 32 persons: 10 a person and second.
//!
//! **Places** are for what is answered at the same time. A sync request takes 0.5 MB at most (its body twice over), so `SYNC_AT_ONCE` of them
//! take 64 MB. It takes its place when its body has arrived, so that slow senders keep nobody out: bodies on their way are no more than
//! there are connections, 512 × 0.5 MB at the very worst. A person has `PERSON_PLACES` of them: a phone asks one thing after the
//! other, and few people have five. A report takes 50 ms of a core; `REPORTS_AT_ONCE` are one for each core of a small machine, and
//! they let sync go first. A file that somebody brings takes up to 140 MB while it is read (`files.rs`): one is read at a time, and
//! `FILES_AT_ONCE` are on their way, 12 MB each, no two of one person. Whoever has waited `PLACE_WAIT` is asked to come again.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    num::NonZeroU32,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use domain::{AssociationId, UserId};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    nanos::Nanos,
    state::{StateStore, keyed::ShrinkableKeyedStateStore},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};

use super::{
    client_address::ClientAddress,
    problem::Problem,
    route::{Route, Sort},
};

/// Requests of one address (of IPv6: of one /64).
const ADDRESS_AT_ONCE: u32 = 1_500;
const ADDRESS_A_SECOND: u32 = 100;
/// Attempts to sign in from one address.
const SIGNING_IN_AT_ONCE: u32 = 120;
const SIGNING_IN_A_SECOND: u32 = 1;
/// Requests of one person, on all their devices.
const PERSON_AT_ONCE: u32 = 1_000;
const PERSON_A_SECOND: u32 = 20;
/// Pushes, offers and pulls of one association.
const ASSOCIATION_AT_ONCE: u32 = 2_000;
const ASSOCIATION_A_SECOND: u32 = 50;
/// Requests of one association's programs.
const PROGRAMS_AT_ONCE: u32 = 120;
const PROGRAMS_A_SECOND: u32 = 2;

/// Requests to come in that are sent from one neighbourhood: so many at once, and as many evenly over a day.
const ASKED_AT_ONCE: u32 = 8;
/// Associations that begin to ask from one neighbourhood.
const BEGUN_AT_ONCE: u32 = 24;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Requests of one address that are answered at the same time: a browser asks for six at once, so ten phones.
const ADDRESS_PLACES: usize = 64;
const SYNC_AT_ONCE: usize = 128;
/// Sync requests of one person that are answered at the same time.
const PERSON_PLACES: usize = 4;
const REPORTS_AT_ONCE: usize = 2;
/// Files that are on their way or wait to be read.
const FILES_AT_ONCE: usize = 4;
/// With this many sync requests on their way a report waits: a writer takes 32 pushes together.
const SYNC_FIRST: usize = 48;
/// How long a request waits for its place.
const PLACE_WAIT: Duration = Duration::from_secs(5);
/// How often a request looks whether it may go on: a report whether sync has become less, a person's whether theirs have.
const LOOK: Duration = Duration::from_millis(20);
/// What `Retry-After` says where no place was free, in seconds: a little more than the wait, so that nobody waits in two rows.
const BUSY_RETRY_S: u64 = 10;

/// Buckets that are kept before full ones are thrown away: 100 bytes each.
const BUCKETS_KEPT: usize = 10_000;
/// Beyond this many, all who are new have one bucket together.
const BUCKETS_MAX: usize = 100_000;
/// Full buckets are looked for this often, seconds.
const TIDY_S: u64 = 60;

const fn positive(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

const fn quota(a_second: u32, at_once: u32) -> Quota {
    Quota::per_second(positive(a_second)).allow_burst(positive(at_once))
}

/// So many at once, and as many evenly over a day after that.
fn quota_a_day(at_once: u32) -> Quota {
    Quota::with_period(DAY / at_once).unwrap_or(quota(1, at_once)).allow_burst(positive(at_once))
}

/// How full the bucket of each is, and that of all others together once [`BUCKETS_MAX`] are kept.
struct Levels<K>(Mutex<(HashMap<K, Nanos>, Option<Nanos>)>);

impl<K> Levels<K> {
    fn lock(&self) -> MutexGuard<'_, (HashMap<K, Nanos>, Option<Nanos>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Hash + Eq + Clone> StateStore for Levels<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let (each, others) = &mut *self.lock();
        if let Some(level) = each.get_mut(key) {
            let (outcome, new) = f(Some(*level))?;
            *level = new;
            return Ok(outcome);
        }
        let is_full = each.len() >= BUCKETS_MAX;
        let (outcome, new) = f(others.filter(|_| is_full))?;
        if is_full {
            *others = Some(new);
        } else {
            each.insert(key.clone(), new);
        }
        Ok(outcome)
    }
}

impl<K: Hash + Eq + Clone> ShrinkableKeyedStateStore<K> for Levels<K> {
    fn retain_recent(&self, drop_below: Nanos) {
        self.lock().0.retain(|_, level| *level > drop_below);
    }

    fn len(&self) -> usize {
        self.lock().0.len()
    }

    fn is_empty(&self) -> bool {
        self.lock().0.is_empty()
    }
}

/// A bucket for each key.
struct Buckets<K: Hash + Eq + Clone> {
    limiter: RateLimiter<K, Levels<K>, DefaultClock>,
    began: Instant,
    tidied_s: AtomicU64,
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    fn new(quota: Quota) -> Buckets<K> {
        let limiter = RateLimiter::new(quota, Levels(Mutex::default()), DefaultClock::default());
        Buckets { limiter, began: Instant::now(), tidied_s: AtomicU64::new(0) }
    }

    fn take(&self, key: &K) -> Result<(), Problem> {
        self.tidy();
        let wait = |until: governor::NotUntil<_>| until.wait_time_from(self.limiter.clock().now());
        self.limiter.check_key(key).map_err(wait).map_err(|wait| Problem::TooMany(wait.as_secs() + 1))
    }

    /// Forgets those who may ask as much as they like again.
    fn tidy(&self) {
        let now_s = self.began.elapsed().as_secs();
        let last_s = self.tidied_s.load(Ordering::Relaxed);
        if now_s >= last_s + TIDY_S
            && self.limiter.len() > BUCKETS_KEPT
            && self.tidied_s.compare_exchange(last_s, now_s, Ordering::Relaxed, Ordering::Relaxed).is_ok()
        {
            self.limiter.retain_recent();
        }
    }
}

/// What is left for whom.
pub struct Limits {
    addresses: Buckets<IpAddr>,
    signing_in: Buckets<IpAddr>,
    people: Buckets<UserId>,
    associations: Buckets<AssociationId>,
    programs: Buckets<AssociationId>,
    begun: Buckets<IpAddr>,
    asked: Buckets<IpAddr>,
    sync: Arc<Semaphore>,
    reports: Arc<Semaphore>,
    files: Arc<Semaphore>,
    reading: Arc<Semaphore>,
    bringing: Shares<UserId>,
    places: Shares<IpAddr>,
    persons: Shares<UserId>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            addresses: Buckets::new(quota(ADDRESS_A_SECOND, ADDRESS_AT_ONCE)),
            signing_in: Buckets::new(quota(SIGNING_IN_A_SECOND, SIGNING_IN_AT_ONCE)),
            people: Buckets::new(quota(PERSON_A_SECOND, PERSON_AT_ONCE)),
            associations: Buckets::new(quota(ASSOCIATION_A_SECOND, ASSOCIATION_AT_ONCE)),
            programs: Buckets::new(quota(PROGRAMS_A_SECOND, PROGRAMS_AT_ONCE)),
            begun: Buckets::new(quota_a_day(BEGUN_AT_ONCE)),
            asked: Buckets::new(quota_a_day(ASKED_AT_ONCE)),
            sync: Arc::new(Semaphore::new(SYNC_AT_ONCE)),
            reports: Arc::new(Semaphore::new(REPORTS_AT_ONCE)),
            files: Arc::new(Semaphore::new(FILES_AT_ONCE)),
            reading: Arc::new(Semaphore::new(1)),
            bringing: Shares::default(),
            places: Shares::default(),
            persons: Shares::default(),
        }
    }
}

impl Limits {
    /// Before anything is read of a request.
    pub fn address(&self, route: &Route, address: ClientAddress) -> Result<(), Problem> {
        if route.sort == Sort::Probe || address.is_this_machine() {
            return Ok(());
        }
        let network = address.network();
        if route.signs_in {
            self.signing_in.take(&network)?;
        }
        self.addresses.take(&network)
    }

    /// When it is known who asks.
    pub fn person(&self, user: UserId) -> Result<(), Problem> {
        self.people.take(&user)
    }

    /// When it is known that they belong to the association.
    pub fn association(&self, association: AssociationId) -> Result<(), Problem> {
        self.associations.take(&association)
    }

    /// When it is known that a program may read the association.
    pub fn program(&self, association: AssociationId) -> Result<(), Problem> {
        self.programs.take(&association)
    }

    /// When somebody who is not signed in begins to ask for their association to come in.
    pub fn begins_to_ask(&self, address: ClientAddress) -> Result<(), Problem> {
        if address.is_this_machine() { Ok(()) } else { self.begun.take(&address.neighbourhood()) }
    }

    /// When they ask.
    pub fn asks(&self, address: ClientAddress) -> Result<(), Problem> {
        if address.is_this_machine() { Ok(()) } else { self.asked.take(&address.neighbourhood()) }
    }

    /// An address's share of what is answered at the same time; none where nothing is counted.
    pub fn of_address(&self, route: &Route, address: ClientAddress) -> Result<Option<Share<IpAddr>>, Problem> {
        if route.sort == Sort::Probe || address.is_this_machine() {
            return Ok(None);
        }
        self.places.take(address.network(), ADDRESS_PLACES).map(Some).ok_or(Problem::TooMany(1))
    }

    /// A place for a sync request of this person, whose body is here.
    pub async fn sync_place(&self, user: UserId) -> Result<Place, Problem> {
        in_time(async {
            let of_person = loop {
                match self.persons.take(user, PERSON_PLACES) {
                    Some(share) => break share,
                    None => sleep(LOOK).await,
                }
            };
            Place { _of_person: Some(of_person), _of_sort: self.sync.clone().acquire_owned().await.ok() }
        })
        .await
    }

    /// A place for a report.
    pub async fn report_place(&self) -> Result<Place, Problem> {
        in_time(async {
            let place = self.reports.clone().acquire_owned().await.ok();
            while SYNC_AT_ONCE - self.sync.available_permits() >= SYNC_FIRST {
                sleep(LOOK).await;
            }
            Place { _of_person: None, _of_sort: place }
        })
        .await
    }

    /// A place for a file of this person, before it is here.
    pub async fn file_place(&self, user: UserId) -> Result<Place, Problem> {
        let of_person = self.bringing.take(user, 1).ok_or(Problem::TooMany(1))?;
        in_time(async {
            Place { _of_person: Some(of_person), _of_sort: self.files.clone().acquire_owned().await.ok() }
        })
        .await
    }

    /// The one place in which a file is read. It is given back when the reading has ended, however long somebody waits for it.
    pub async fn reading_place(&self) -> Result<Place, Problem> {
        in_time(async { Place { _of_person: None, _of_sort: self.reading.clone().acquire_owned().await.ok() } }).await
    }
}

async fn in_time(place: impl Future<Output = Place>) -> Result<Place, Problem> {
    timeout(PLACE_WAIT, place).await.map_err(|_| Problem::Busy(BUSY_RETRY_S))
}

/// Given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    _of_person: Option<Share<UserId>>,
    _of_sort: Option<OwnedSemaphorePermit>,
}

/// How many of something each has at this moment.
#[derive(Debug)]
struct Shares<K>(Arc<Mutex<HashMap<K, usize>>>);

impl<K> Default for Shares<K> {
    fn default() -> Shares<K> {
        Shares(Arc::default())
    }
}

impl<K: Hash + Eq + Copy> Shares<K> {
    fn take(&self, key: K, max: usize) -> Option<Share<K>> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let each = taken.entry(key).or_default();
        if *each >= max {
            return None;
        }
        *each += 1;
        Some(Share { key, taken: self.0.clone() })
    }
}

/// One of them, given back when it is dropped.
#[derive(Debug)]
pub struct Share<K: Hash + Eq> {
    key: K,
    taken: Arc<Mutex<HashMap<K, usize>>>,
}

impl<K: Hash + Eq> Drop for Share<K> {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(each) = taken.get_mut(&self.key) {
            *each -= 1;
            if *each == 0 {
                taken.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use axum::routing::get;

    use super::*;
    use crate::http::route::Access;

    const STRANGER: ClientAddress = ClientAddress(IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7)));

    fn person(n: usize) -> UserId {
        UserId::from_bytes([n as u8; 16])
    }

    fn pull() -> Route {
        Route::pull("/p", Access::Anyone, || get(|| async {}))
    }

    #[test]
    fn an_address_has_a_village_halls_worth_at_once_and_is_then_asked_to_wait() {
        let limits = Limits::default();
        let page = Route::page("/", Access::Anyone, || get(|| async {}));
        let taken = (0..5_000).take_while(|_| limits.address(&page, STRANGER).is_ok()).count();
        // While it counts, the bucket fills again.
        assert!((1_500..2_500).contains(&taken), "{taken}");
        assert!(matches!(limits.address(&page, STRANGER), Err(Problem::TooMany(1))));
        let neighbour = ClientAddress(Ipv4Addr::new(198, 51, 100, 8).into());
        assert!(limits.address(&page, neighbour).is_ok(), "nobody else has to wait");
        let own = ClientAddress(Ipv4Addr::LOCALHOST.into());
        assert!((0..5_000).all(|_| limits.address(&page, own).is_ok()));
    }

    #[test]
    fn a_neighbourhood_asks_to_come_in_as_often_as_a_days_helpers_do_and_is_told_when_it_may_again() {
        let limits = Limits::default();
        let v4 = |last| ClientAddress(Ipv4Addr::new(198, 51, 100, last).into());
        let v6 =
            |subnet: u16, host| ClientAddress(std::net::Ipv6Addr::new(0x2001, 0xdb8, 7, subnet, 0, 0, 0, host).into());
        for moves_on in [&v4 as &dyn Fn(u8) -> ClientAddress, &|n| v6(n.into(), n.into())] {
            assert!(
                (0..ASKED_AT_ONCE as u8).all(|n| limits.asks(moves_on(n)).is_ok()),
                "from one address after the other"
            );
            let Err(Problem::TooMany(wait_s)) = limits.asks(moves_on(99)) else { panic!("it is enough") };
            let longest_s = DAY.as_secs() / u64::from(ASKED_AT_ONCE) + 1;
            assert!((longest_s - 60..=longest_s).contains(&wait_s), "{wait_s}");
            assert!((0..BEGUN_AT_ONCE as u8).all(|n| limits.begins_to_ask(moves_on(n)).is_ok()));
            assert!(limits.begins_to_ask(moves_on(99)).is_err());
        }
        assert!(limits.asks(ClientAddress(Ipv4Addr::new(198, 51, 101, 1).into())).is_ok(), "nobody else has to wait");
        assert!((0..100).all(|_| limits.asks(ClientAddress(Ipv4Addr::LOCALHOST.into())).is_ok()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_report_waits_behind_sync_and_sync_does_not_wait_behind_reports() {
        let limits = Limits::default();
        let mut syncing = Vec::new();
        for n in 0..SYNC_FIRST {
            syncing.push(limits.sync_place(person(n)).await.expect("a place"));
        }
        let waited = limits.report_place().await;
        assert!(matches!(waited, Err(Problem::Busy(BUSY_RETRY_S))));
        syncing.pop();
        let _first = limits.report_place().await.expect("a place");
        let _second = limits.report_place().await.expect("a place");
        assert!(limits.report_place().await.is_err(), "two at once");
        assert!(limits.sync_place(person(200)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn one_person_does_not_take_all_places() {
        let limits = Limits::default();
        let mut taken = Vec::new();
        while let Ok(place) = limits.sync_place(person(1)).await {
            taken.push(place);
        }
        assert_eq!(taken.len(), PERSON_PLACES);
        assert!(limits.sync_place(person(2)).await.is_ok(), "nobody else waits for them");
        let waited = limits.sync_place(person(1));
        let given_back = async {
            sleep(PLACE_WAIT / 2).await;
            taken.pop();
        };
        assert!(tokio::join!(waited, given_back).0.is_ok(), "whoever waits has the next");
    }

    #[test]
    fn one_address_does_not_take_all_places() {
        let limits = Limits::default();
        let mut taken = Vec::new();
        while let Ok(place) = limits.of_address(&pull(), STRANGER) {
            taken.push(place);
        }
        assert_eq!(taken.len(), ADDRESS_PLACES);
        taken.pop();
        assert!(limits.of_address(&pull(), STRANGER).is_ok(), "a place is given back");
    }

    #[test]
    fn beyond_all_buckets_who_is_new_has_one_with_the_others_and_who_was_there_keeps_theirs() {
        let buckets = Buckets::new(quota(1, 2));
        for n in 0..BUCKETS_MAX {
            assert!(buckets.take(&n).is_ok());
        }
        let taken = (0..1_000).filter(|n| buckets.take(&(BUCKETS_MAX + n)).is_ok()).count();
        assert!((2..10).contains(&taken), "{taken}");
        assert!(buckets.take(&(BUCKETS_MAX - 1)).is_ok(), "a bucket of one's own");
        assert_eq!(buckets.limiter.len(), BUCKETS_MAX);
    }

    #[test]
    fn a_measurements_pushes_of_one_association_are_within() {
        let limits = Limits::default();
        let (user, association) = (UserId::from_bytes([1; 16]), AssociationId::from_bytes([2; 16]));
        for _ in 0..400 {
            assert!(limits.person(user).is_ok() && limits.association(association).is_ok());
        }
    }
}
