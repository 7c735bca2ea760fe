//! A phone's browser: the two copies of unsent changes, the witness, tabs, and crashes between any two writes.

use std::collections::{HashMap, VecDeque};

use domain::{AssociationId, ChangeId, Content, DeviceId, Kind, RecordId, UserId};
use litemap::LiteMap;

use super::{
    faults::Fault,
    network::Ask,
    people::Pending,
    world::{ASSOCIATIONS, HOUR, MINUTE, What, World},
};
use crate::{
    engine::{Command, Engine, Event, Now},
    limits,
    local::{Cursor, Entry, LocalRecord, LocalWrites},
    mirror::{self, AtStart, MirrorRow, MirrorWrite, Witness},
    mutant::{self, Mutant},
    outbox::{Inverse, Outbox},
    protocol::{PUSH_MAGIC, PushRequest},
    testing::memory_server::SimServer,
};

/// Commits that a database can lose at a crash.
const TAIL_MAX: usize = 30;

/// One browser.
pub(super) struct Phone {
    pub device: DeviceId,
    /// Those who use it; each has a database of their own (S10).
    pub profiles: Vec<Profile>,
    pub active: usize,
    pub pages: Vec<Page>,
    /// Who is signed in, as the server sees it.
    pub cookie: Option<UserId>,
    /// Hidden: its timers stand still.
    pub is_frozen: bool,
    pub offline_until: u64,
    /// What its clock shows, less the right time. Information only (S7).
    pub clock_off: i64,
}

/// One user on one device.
pub(super) struct Profile {
    pub user: UserId,
    pub associations: Vec<usize>,
    pub disk: Disk,
    pub mirror: LiteMap<String, MirrorRow>,
    pub witness: Witness,
    /// How many unsent changes were in both copies when the data was cleared.
    pub cleared: Option<usize>,
    /// Dropped by a commit after which the browser was killed at once.
    pub uncertain: usize,
    /// One copy was damaged, and is not healed yet.
    is_damaged: bool,
    /// A loss was told: the numbers of this profile need not add up any more.
    pub has_lost: bool,
    /// What the screen called saved, by record; none for a deletion.
    pub promised: HashMap<RecordId, Option<Content>>,
    /// The act that a crash has cut short.
    pub pending: Option<Pending>,
    /// How to take back what was saved in this session.
    pub inverse: Option<(RecordId, ChangeId, Inverse, Option<Option<Content>>)>,
    /// The last place in the queue that was ever given out.
    pub order: u64,
    /// The last version of each entry that was committed.
    pub versions: HashMap<ChangeId, u32>,
}

/// One tab.
pub(super) struct Page {
    pub id: u64,
    pub engine: Engine,
    pub timer: u64,
}

/// The database: what is in it, and how to lose its tail.
#[derive(Default)]
pub(super) struct Disk {
    pub now: Outbox,
    tail: VecDeque<Before>,
}

#[derive(Default)]
struct Before {
    entries: Vec<((u64, ChangeId), Option<Entry>)>,
    records: Vec<((Kind, RecordId), Option<LocalRecord>)>,
    cursors: Vec<(AssociationId, Option<Cursor>)>,
    counter: u64,
    thrown: u64,
}

impl Disk {
    fn commit(&mut self, writes: &LocalWrites) {
        let old = &self.now;
        let dropped = old.entries.keys().filter(|(_, change)| writes.drop_entries.contains(change)).copied();
        let put = writes.put_entries.iter().map(|entry| (entry.order, entry.change));
        let before = Before {
            entries: dropped.chain(put).map(|key| (key, old.entries.get(&key).cloned())).collect(),
            records: writes
                .put_records
                .iter()
                .map(|record| (record.kind, record.id))
                .map(|key| (key, old.records.get(&key).cloned()))
                .collect(),
            cursors: writes.cursors.iter().map(|(id, _)| (*id, old.cursors.get(id).cloned())).collect(),
            counter: old.counter,
            thrown: old.thrown,
        };
        self.tail.push_back(before);
        if self.tail.len() > TAIL_MAX {
            self.tail.pop_front();
        }
        self.now.apply(writes);
    }

    fn lose_tail(&mut self, commits: usize) {
        for _ in 0..commits {
            let Some(before) = self.tail.pop_back() else { return };
            for (key, entry) in before.entries.into_iter().rev() {
                match entry {
                    Some(entry) => self.now.entries.insert(key, entry),
                    None => self.now.entries.remove(&key),
                };
            }
            for (key, record) in before.records.into_iter().rev() {
                match record {
                    Some(record) => self.now.records.insert(key, record),
                    None => self.now.records.remove(&key),
                };
            }
            for (key, cursor) in before.cursors.into_iter().rev() {
                match cursor {
                    Some(cursor) => self.now.cursors.insert(key, cursor),
                    None => self.now.cursors.remove(&key),
                };
            }
            self.now.counter = before.counter;
            self.now.thrown = before.thrown;
        }
    }
}

impl Phone {
    pub fn new(device: DeviceId, profiles: Vec<Profile>) -> Phone {
        Phone {
            device,
            cookie: Some(profiles[0].user),
            profiles,
            active: 0,
            pages: Vec::new(),
            is_frozen: false,
            offline_until: 0,
            clock_off: 0,
        }
    }

    pub fn profile(&self) -> &Profile {
        &self.profiles[self.active]
    }

    pub fn profile_mut(&mut self) -> &mut Profile {
        &mut self.profiles[self.active]
    }
}

impl Profile {
    pub fn new(user: UserId, associations: Vec<usize>) -> Profile {
        Profile {
            user,
            associations,
            disk: Disk::default(),
            mirror: LiteMap::new(),
            witness: Witness::default(),
            cleared: None,
            uncertain: 0,
            is_damaged: false,
            has_lost: false,
            promised: HashMap::new(),
            pending: None,
            inverse: None,
            order: 0,
            versions: HashMap::new(),
        }
    }

    fn write_mirror(&mut self, writes: Vec<MirrorWrite>) {
        for write in writes {
            match write {
                MirrorWrite::Put { name, row } => self.mirror.insert(name, row),
                MirrorWrite::Drop { name } => self.mirror.remove(&name),
            };
        }
    }
}

/// How a commit went.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Committed {
    Done,
    Failed,
    Crashed,
}

impl<S: SimServer> World<S> {
    /// All that `mirror.rs` says of the order of writes, with a crash between any two of them.
    pub(super) fn commit(&mut self, phone: usize, writes: &LocalWrites) -> Committed {
        if self.crashes(phone, Fault::CrashBeforeMirror) {
            return Committed::Crashed;
        }
        let mut late_rows = Vec::new();
        for write in writes.mirror_before() {
            if mutant::is(Mutant::MirrorAfterDatabase) {
                late_rows.push(write);
                continue;
            }
            self.phones[phone].profile_mut().write_mirror(vec![write]);
            if self.crashes(phone, Fault::CrashBeforeCommit) {
                return Committed::Crashed;
            }
        }
        if self.faults && self.dice.one_in(300) {
            self.tally.count(Fault::QuotaAbort);
            if mutant::is(Mutant::AbortIgnored) {
                return Committed::Done;
            }
            let profile = self.phones[phone].profile_mut();
            if !mutant::is(Mutant::AbortedRowKept) {
                profile.write_mirror(writes.mirror_back(&profile.disk.now));
            }
            return Committed::Failed;
        }
        self.check_commit(phone, writes);
        self.phones[phone].profile_mut().disk.commit(writes);
        self.check_committed(phone, writes);
        self.phones[phone].profile_mut().uncertain += writes.drop_entries.len();
        if self.crashes(phone, Fault::CrashAfterCommit) {
            return Committed::Crashed;
        }
        let profile = self.phones[phone].profile_mut();
        profile.uncertain = 0;
        profile.witness = Witness::of(&profile.disk.now);
        profile.write_mirror(late_rows);
        for write in writes.mirror_after() {
            self.phones[phone].profile_mut().write_mirror(vec![write]);
            if self.crashes(phone, Fault::CrashAfterMirror) {
                return Committed::Crashed;
            }
        }
        self.check_mirror(phone, writes);
        let profile = self.phones[phone].profile_mut();
        for dropped in &writes.drop_entries {
            profile.versions.remove(dropped);
        }
        profile.versions.extend(writes.put_entries.iter().map(|entry| (entry.change, entry.version)));
        Committed::Done
    }

    fn crashes(&mut self, phone: usize, at: Fault) -> bool {
        if !self.faults || !self.dice.one_in(250) {
            return false;
        }
        self.tally.count(at);
        self.crash(phone);
        true
    }

    /// The browser is killed; sometimes it takes one copy with it.
    fn crash(&mut self, phone: usize) {
        self.say(format_args!("phone {phone} is killed"));
        let (mut damage, commits, row) = (self.dice.below(10), self.dice.below(12), self.dice.roll());
        let profile = self.phones[phone].profile_mut();
        profile.inverse = None;
        // While one copy has not been healed, the other stays: both at once is `DataCleared`.
        if profile.is_damaged {
            damage = 9;
        }
        profile.is_damaged |= damage < 8;
        match damage {
            0..3 => {
                profile.disk = Disk::default();
                self.tally.count(Fault::StoreWiped);
                self.reassess_owed();
            }
            3..6 => {
                let commits = if row % 2 == 0 { commits / 4 } else { commits };
                profile.disk.lose_tail(commits as usize + 1);
                self.tally.count(Fault::StoreTailLost);
                self.reassess_owed();
            }
            6 => {
                profile.mirror.clear();
                self.tally.count(Fault::MirrorLost);
            }
            7 => {
                let at = (row % profile.mirror.len().max(1) as u64) as usize;
                if let Some((_, row)) = profile.mirror.iter_mut().nth(at) {
                    row.text = row.text.replace(":1", ":9");
                    self.tally.count(Fault::MirrorDamaged);
                }
            }
            _ => {}
        }
        self.phones[phone].pages.clear();
        let after = MINUTE + self.dice.below(8 * HOUR);
        self.plan(after, What::Opens { phone });
    }

    /// Everything of the site is cleared but the witness, on a phone that was closed in order.
    pub(super) fn clear_data(&mut self, phone: usize) {
        self.tally.count(Fault::DataCleared);
        self.phones[phone].pages.clear();
        let profile = self.phones[phone].profile_mut();
        profile.cleared = Some(profile.disk.now.entries.len());
        profile.disk = Disk::default();
        profile.mirror.clear();
        profile.inverse = None;
        self.reassess_owed();
    }

    /// The app is opened: the two copies are reconciled, and the engine begins.
    pub(super) fn opens(&mut self, phone: usize) {
        if !self.phones[phone].pages.is_empty() {
            return;
        }
        let profile = self.phones[phone].profile_mut();
        let found = mirror::reconcile(AtStart {
            outbox: &profile.disk.now,
            unreadable: &[],
            mirror: &profile.mirror,
            witness: &profile.witness,
        });
        self.check_reconciled(phone, &found);
        let profile = self.phones[phone].profile_mut();
        profile.disk.commit(&found.database);
        profile.uncertain += found.database.drop_entries.len();
        if self.crashes(phone, Fault::CrashAfterCommit) {
            return;
        }
        let profile = self.phones[phone].profile_mut();
        profile.write_mirror(found.mirror);
        profile.uncertain = 0;
        profile.is_damaged = false;
        // Told, and remembered as told, by the witness.
        profile.cleared = None;
        profile.witness = Witness::of(&profile.disk.now);
        // What was read at start is on the disk for good.
        profile.disk.tail.clear();
        self.check_opened(phone);
        self.phones[phone].is_frozen = false;
        self.new_page(phone);
    }

    /// A tab, or the page after a new service worker took over.
    pub(super) fn new_page(&mut self, phone: usize) {
        let id = self.name();
        self.phones[phone].pages.push(Page { id, engine: Engine::default(), timer: 0 });
        self.load(phone, id);
    }

    fn load(&mut self, phone: usize, page: u64) {
        let profile = self.phones[phone].profile();
        let associations = profile.associations.iter().map(|index| ASSOCIATIONS[*index]).collect();
        let outbox = Box::new(profile.disk.now.clone());
        self.give(phone, page, None, Event::Loaded { outbox, associations });
    }

    pub(super) fn rings(&mut self, phone: usize, page: u64, timer: u64) {
        let is_current = self.phones[phone].pages.iter().any(|known| known.id == page && known.timer == timer);
        if is_current && !self.phones[phone].is_frozen {
            self.give(phone, page, None, Event::Rang);
        }
    }

    pub(super) fn tell_other_tabs(&mut self) {
        while let Some((phone, page)) = self.heard.pop() {
            if self.phones[phone].pages.iter().any(|known| known.id == page) {
                self.load(phone, page);
            }
        }
    }

    /// Marks that the other tabs have to read the database again.
    pub(super) fn wrote(&mut self, phone: usize, page: u64) {
        for other in &self.phones[phone].pages {
            if other.id != page && !self.heard.contains(&(phone, other.id)) {
                self.heard.push((phone, other.id));
            }
        }
    }

    /// Gives the engine of a page an event, or the answer to a contact, and carries out its commands.
    pub(super) fn give(&mut self, phone: usize, page: u64, contact: Option<u64>, event: Event) {
        let now = Now { ms: self.now, dice: self.dice.roll() };
        let name = event_name(&event);
        let Some(index) = self.phones[phone].pages.iter().position(|known| known.id == page) else { return };
        let engine = &mut self.phones[phone].pages[index].engine;
        let commands = match contact {
            Some(contact) => engine.answer(contact, event, now),
            None => engine.handle(event, now),
        };
        self.say(format_args!("phone {phone} page {page} {name} {}", commands.len()));
        for command in commands {
            match command {
                Command::Commit(writes) => match self.commit(phone, &writes) {
                    Committed::Done => self.wrote(phone, page),
                    Committed::Failed => return self.give(phone, page, None, Event::CommitFailed),
                    Committed::Crashed => return,
                },
                Command::Wait { ms } => {
                    let timer = self.name();
                    let known = self.phones[phone].pages.iter_mut().find(|known| known.id == page);
                    known.into_iter().for_each(|known| known.timer = timer);
                    self.plan(ms, What::Rings { phone, page, timer });
                }
                Command::Load => self.load(phone, page),
                Command::Push { association, batch } => {
                    let ask = Ask::Push(Box::new(self.push_request(phone, association, &batch)));
                    self.ask(phone, page, ask);
                }
                Command::Pull { association } => {
                    let profile = self.phones[phone].profile();
                    let Cursor { epoch, seq } = profile.disk.now.cursors.get(&association).cloned().unwrap_or_default();
                    let ask = Ask::Pull { user: profile.user, association, after: seq, epoch };
                    self.ask(phone, page, ask);
                }
                Command::Offer { association, epoch, holds, contents } => {
                    let (device, profile) = (self.phones[phone].device, self.phones[phone].profile());
                    let about = (association, epoch.as_str());
                    let request = profile.disk.now.offer_request(profile.user, device, about, &holds, &contents);
                    self.ask(phone, page, Ask::Offer(Box::new(request)));
                }
            }
        }
        self.check_screen(phone, page);
    }

    fn push_request(&self, phone: usize, association: AssociationId, batch: &[ChangeId]) -> PushRequest {
        let profile = self.phones[phone].profile();
        let disk = &profile.disk.now;
        let to_json = |change: &ChangeId| serde_json::to_value(disk.entry(*change)?.to_change()).ok();
        PushRequest {
            magic: PUSH_MAGIC.into(),
            user: profile.user,
            association,
            device: self.phones[phone].device,
            schema: limits::SCHEMA,
            epoch: disk.epoch(association).to_owned(),
            counter: disk.counter,
            waiting: disk.unheard() as u32,
            thrown: disk.thrown,
            changes: batch.iter().filter_map(to_json).collect(),
        }
    }

    /// Another user of the same browser opens the app.
    pub(super) fn switch_to(&mut self, phone: usize, profile: usize) {
        let phone = &mut self.phones[phone];
        if phone.active != profile {
            phone.pages.clear();
            phone.profile_mut().inverse = None;
            phone.active = profile;
        }
        phone.cookie = Some(phone.profile().user);
    }
}

fn event_name(event: &Event) -> String {
    match event {
        Event::Pushed(Ok(reply)) => {
            let mut text = "pushed".to_owned();
            for result in &reply.results {
                text.push_str(&format!(" {}:{:?}", result.change, result.outcome));
            }
            text
        }
        Event::Pulled(Ok(reply)) => format!("pulled {} to {} of {}", reply.records.len(), reply.next, reply.epoch),
        Event::Offered(Ok(reply)) => format!("offered, wanted {} by {}", reply.wanted.len(), reply.epoch),
        Event::Saved { writes, .. } => match writes.put_entries.first() {
            Some(entry) => format!("saved {} of {}", entry.change, entry.record),
            None => "dropped".to_owned(),
        },
        Event::Loaded { outbox, .. } => format!("loaded {}", outbox.waiting()),
        Event::CommitFailed => "commit failed".to_owned(),
        Event::Released(_) => "released".to_owned(),
        Event::TryNow => "try now".to_owned(),
        Event::SendAll => "send all".to_owned(),
        Event::Rang => "rang".to_owned(),
        Event::Pushed(Err(failure)) | Event::Pulled(Err(failure)) | Event::Offered(Err(failure)) => {
            format!("{failure:?}")
        }
    }
}
