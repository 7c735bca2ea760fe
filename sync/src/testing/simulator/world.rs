//! The world: simulated time, the queue of events, and what happens next.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
    fmt::Write as _,
};

use domain::{AssociationId, ChangeId, Date, DeviceId, Kind, RecordId, Role, UserId, date};
use serde_json::json;

use super::{
    Run,
    checks::Checks,
    dice::Dice,
    faults::{Fault, Tally},
    network::{Ask, Fate},
    phone::{Phone, Profile},
};
use crate::{
    engine::{Event, Phase},
    limits,
    protocol::{PUSH_MAGIC, PushRequest},
    rules::Who,
    testing::memory_server::SimServer,
};

pub(super) const MINUTE: u64 = 60_000;
pub(super) const HOUR: u64 = 60 * MINUTE;
pub(super) const DAY: u64 = 24 * HOUR;
pub(super) const ASSOCIATIONS: [AssociationId; 2] =
    [AssociationId::from_bytes([1; 16]), AssociationId::from_bytes([2; 16])];
pub(super) const SERIES: [RecordId; 2] = [RecordId::from_bytes([3; 16]), RecordId::from_bytes([4; 16])];
const FIRST_DAY: Date = Date::constant(2026, 9, 21);
const USERS: [UserId; 4] = [
    UserId::from_bytes([10; 16]),
    UserId::from_bytes([11; 16]),
    UserId::from_bytes([12; 16]),
    UserId::from_bytes([13; 16]),
];

/// What a user is in an association.
pub(super) fn role(user: UserId, association: usize) -> Option<Role> {
    match (USERS.iter().position(|known| *known == user)?, association) {
        (0, 0) | (3, 1) => Some(Role::Reviewer),
        (2, 1) => None,
        _ => Some(Role::Volunteer),
    }
}

pub(super) fn number(association: AssociationId) -> usize {
    usize::from(association == ASSOCIATIONS[1])
}

/// What happens at a moment.
pub(super) enum What {
    Rings { phone: usize, page: u64, timer: u64 },
    Request { phone: usize, page: u64, contact: u64, cookie: Option<UserId>, ask: Ask, fate: Fate },
    Reply { phone: usize, page: u64, contact: u64, generation: u64, event: Event },
    Wakes { phone: usize },
    Acts { phone: usize },
    Sleeps { phone: usize },
    Opens { phone: usize },
    Backup,
    Restore,
}

struct Step {
    at: u64,
    number: u64,
    what: What,
}

impl PartialEq for Step {
    fn eq(&self, other: &Step) -> bool {
        self.number == other.number
    }
}

impl Eq for Step {}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Step) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Step {
    fn cmp(&self, other: &Step) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

pub struct World<S: SimServer> {
    pub(super) dice: Dice,
    pub(super) now: u64,
    pub(super) faults: bool,
    /// One for each association.
    pub(super) servers: Vec<S>,
    /// Each night's, newest last.
    backups: VecDeque<Vec<S::Snapshot>>,
    epochs: u64,
    /// Grows with each restore: what the old server sent does not arrive any more.
    pub(super) generation: u64,
    pub(super) phones: Vec<Phone>,
    queue: BinaryHeap<Reverse<Step>>,
    /// Names steps, pages and timers.
    counter: u64,
    /// Requests and replies under way.
    in_flight: usize,
    /// Pages that have to be told that another tab wrote.
    pub(super) heard: Vec<(usize, u64)>,
    /// Gatherings that people may touch, by association.
    pub(super) recent: [VecDeque<RecordId>; 2],
    pub(super) series: [Vec<RecordId>; 2],
    pub(super) tally: Tally,
    pub(super) checks: Checks,
    traced: bool,
    line: String,
    trace: String,
    digest: u64,
}

impl<S: SimServer> World<S> {
    pub fn new(seed: u64, traced: bool, server: impl Fn(&str) -> S) -> World<S> {
        let profile = |user: UserId| Profile::new(user, (0..2).filter(|at| role(user, *at).is_some()).collect());
        let phone = |index: u8, users: &[UserId]| {
            Phone::new(DeviceId::from_bytes([20 + index; 16]), users.iter().map(|user| profile(*user)).collect())
        };
        let mut world = World {
            dice: Dice::new(seed),
            now: 0,
            faults: true,
            servers: ASSOCIATIONS.iter().map(|_| server("epoch 0")).collect(),
            backups: VecDeque::new(),
            epochs: 0,
            generation: 0,
            phones: vec![phone(0, &USERS[..1]), phone(1, &USERS[1..2]), phone(2, &USERS[2..])],
            queue: BinaryHeap::new(),
            counter: 0,
            in_flight: 0,
            heard: Vec::new(),
            recent: Default::default(),
            series: [vec![SERIES[0]], vec![SERIES[1]]],
            tally: Tally::default(),
            checks: Checks::default(),
            traced,
            line: String::new(),
            trace: String::new(),
            digest: 0xcbf2_9ce4_8422_2325,
        };
        world.found_associations();
        world
    }

    /// Each association has a series before anybody records.
    fn found_associations(&mut self) {
        for (index, user) in [(0, USERS[0]), (1, USERS[3])] {
            let who = self.who(user, index).expect("a reviewer");
            let change = ChangeId::from_bytes([5 + index as u8; 16]);
            let request = PushRequest {
                magic: PUSH_MAGIC.into(),
                user,
                association: ASSOCIATIONS[index],
                device: who.device,
                schema: limits::SCHEMA,
                epoch: String::new(),
                counter: 0,
                waiting: 0,
                thrown: 0,
                changes: vec![json!({
                    "change": change, "record": SERIES[index], "kind": "series",
                    "content": {"name": "Maanantaikerho", "form": "kerho", "municipality": "005"},
                })],
            };
            self.checks.made(change, user, None);
            let reply = self.servers[index].push(&who, &request, 0);
            self.observe_push(index, &who, &request, &reply);
        }
    }

    pub(super) fn who(&self, user: UserId, association: usize) -> Option<Who> {
        Some(Who {
            user,
            device: DeviceId::from_bytes([0; 16]),
            association: ASSOCIATIONS[association],
            role: role(user, association)?,
            volunteers_set_up_series: true,
            // One association lets its volunteers change what others recorded, the other does not.
            volunteers_change_others: association == 0,
            today: self.today(),
        })
    }

    pub(super) fn today(&self) -> Date {
        date::plus_days(FIRST_DAY, (self.now / DAY) as i32)
    }

    pub(super) fn name(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }

    pub(super) fn plan(&mut self, after: u64, what: What) {
        self.in_flight += usize::from(is_message(&what));
        let number = self.name();
        self.queue.push(Reverse(Step { at: self.now + after, number, what }));
    }

    pub(super) fn broke(&mut self, what: impl FnOnce() -> String) {
        if self.checks.broken.is_none() {
            self.checks.broken = Some(what());
        }
    }

    /// One line of the trace.
    pub(super) fn say(&mut self, what: std::fmt::Arguments<'_>) {
        self.line.clear();
        // Writing to a string does not fail.
        let _ = writeln!(self.line, "{} {what}", self.now);
        for byte in self.line.bytes() {
            self.digest = (self.digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        if self.traced {
            self.trace.push_str(&self.line);
        }
    }

    /// The safety phase.
    pub fn live(&mut self, days: u64) {
        for phone in 0..self.phones.len() {
            let at = self.dice.below(HOUR);
            self.plan(at, What::Wakes { phone });
        }
        for day in 0..days {
            self.plan(day * DAY + 3 * HOUR, What::Backup);
        }
        // Real servers are hardly ever restored; here, some three times in a life.
        for _ in 0..3 {
            if days > 4 && self.dice.chance(50) {
                let at = self.dice.below((days - 3) * DAY) + 2 * DAY;
                self.plan(at, What::Restore);
            }
        }
        let end = days * DAY;
        while self.checks.broken.is_none() {
            let Some(Reverse(step)) = self.queue.pop() else { break };
            if step.at >= end {
                self.queue.push(Reverse(step));
                break;
            }
            self.step(step);
        }
        self.now = self.now.max(end);
        self.tally.device_days += days * self.phones.len() as u64;
    }

    fn step(&mut self, step: Step) {
        self.now = self.now.max(step.at);
        self.in_flight -= usize::from(is_message(&step.what));
        self.tally.events += 1;
        match step.what {
            What::Rings { phone, page, timer } => self.rings(phone, page, timer),
            What::Request { phone, page, contact, cookie, ask, fate } => {
                self.arrives(phone, page, contact, cookie, &ask, fate);
            }
            What::Reply { phone, page, contact, generation, event } => {
                if generation == self.generation {
                    self.give(phone, page, Some(contact), event);
                } else {
                    self.tally.count(Fault::ReplyLost);
                }
            }
            What::Wakes { phone } => self.wakes(phone),
            What::Acts { phone } => self.acts(phone),
            What::Sleeps { phone } => self.sleeps(phone),
            What::Opens { phone } => self.opens(phone),
            What::Backup => self.back_up(),
            What::Restore => self.restore(),
        }
        self.tell_other_tabs();
    }

    fn back_up(&mut self) {
        self.backups.push_back(self.servers.iter_mut().map(SimServer::snapshot).collect());
        if self.backups.len() > 2 {
            self.backups.pop_front();
        }
    }

    /// The server goes back to the backup of a day ago, under a new epoch.
    fn restore(&mut self) {
        let Some(backup) = self.backups.front().cloned() else { return };
        self.tally.count(Fault::ServerRestored);
        self.epochs += 1;
        self.generation += 1;
        let epoch = format!("epoch {}", self.epochs);
        self.say(format_args!("restored to {epoch}"));
        for (server, snapshot) in self.servers.iter_mut().zip(&backup) {
            server.restore(snapshot, &epoch);
        }
        // A backup of the lost epoch is of no use after this.
        self.backups.clear();
        self.back_up();
        self.observe_restore();
    }

    /// S12: the faults stop. Every profile has as many contacts as its batches need, and three more.
    pub fn settle(&mut self) {
        if self.checks.broken.is_some() {
            return;
        }
        self.faults = false;
        let waiting = |profile: &Profile| profile.disk.now.entries.len();
        let most = self.phones.iter().flat_map(|phone| &phone.profiles).map(waiting).max().unwrap_or(0);
        let contacts = 3 + most.div_ceil(limits::CHANGES_PER_PUSH_MAX);
        for _ in 0..contacts {
            for phone in 0..self.phones.len() {
                for profile in 0..self.phones[phone].profiles.len() {
                    self.contact(phone, profile);
                    if self.checks.broken.is_some() {
                        return;
                    }
                }
            }
        }
        self.check_settled();
    }

    /// One contact without faults.
    fn contact(&mut self, phone: usize, profile: usize) {
        self.switch_to(phone, profile);
        if self.phones[phone].pages.is_empty() {
            self.opens(phone);
        }
        let Some(page) = self.phones[phone].pages.first().map(|page| page.id) else { return };
        self.phones[phone].is_frozen = false;
        self.give(phone, page, None, Event::SendAll);
        self.tell_other_tabs();
        let most = self.tally.events + 20_000;
        while self.checks.broken.is_none() && (self.in_flight > 0 || self.is_busy(phone)) {
            if self.tally.events > most {
                self.broke(|| format!("S12: phone {phone} comes to no rest"));
            }
            let Some(Reverse(step)) = self.queue.pop() else { break };
            match step.what {
                What::Rings { .. } | What::Request { .. } | What::Reply { .. } => self.step(step),
                // Nobody does anything more.
                _ => {}
            }
        }
    }

    fn is_busy(&self, phone: usize) -> bool {
        self.phones[phone].pages.iter().any(|page| *page.engine.phase() != Phase::Idle)
    }

    pub fn finish(self) -> Run {
        Run { tally: self.tally, digest: self.digest, trace: self.trace, broken: self.checks.broken }
    }

    pub(super) fn remember(&mut self, association: usize, kind: Kind, record: RecordId) {
        if kind == Kind::Gathering {
            self.recent[association].push_back(record);
            if self.recent[association].len() > 24 {
                self.recent[association].pop_front();
            }
        }
    }
}

fn is_message(what: &What) -> bool {
    matches!(what, What::Request { .. } | What::Reply { .. })
}
