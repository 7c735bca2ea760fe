//! The first simulator: three phones, one association, a network that loses, delays and doubles, and people who record,
//! edit, delete and review. Real engine, real outbox, real rules; one seed replays byte for byte.
//!
//! Safety is checked after every step, liveness after the faults stop. The mirror, restores, crashes in mid-write and seeded
//! bugs are not simulated yet; their place is here.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt::Write as _,
};

use domain::{AssociationId, ChangeId, Content, Date, DeviceId, Kind, RecordId, Role, UserId, permission::visible};
use serde_json::{Value, json};

use crate::{
    engine::{Command, Engine, Event, Failure, Now, Phase},
    outbox::{Body, Edit, EntryState, Outbox, Writes},
    protocol::{PullReply, PushReply, PushRequest},
    rules::Who,
    testing::memory_server::MemoryServer,
    view,
};

const ASSOCIATION: AssociationId = AssociationId::from_bytes([1; 16]);
const SERIES: RecordId = RecordId::from_bytes([2; 16]);
const TODAY: Date = Date::constant(2026, 11, 21);
const PHONES: usize = 3;

/// SplitMix64: small, seeded, the same on every machine.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn id(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.roll().to_be_bytes());
        bytes[8..].copy_from_slice(&self.roll().to_be_bytes());
        bytes
    }
}

/// A message under way, and when it arrives.
#[derive(Clone, Debug)]
enum Message {
    PushRequest { phone: usize, request: Box<PushRequest>, mangled: bool },
    PushReply { phone: usize, reply: Box<Result<PushReply, Failure>> },
    PullRequest { phone: usize, after: u64 },
    PullReply { phone: usize, reply: Box<Result<PullReply, Failure>> },
}

struct Phone {
    engine: Engine,
    /// What is on the disk: the outbox as of the last committed transaction.
    disk: Outbox,
    who: Who,
    rings_at: u64,
    /// Records that this phone's screen called saved, with the last content it called saved.
    promised: BTreeMap<RecordId, Option<Content>>,
}

/// What happened, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub steps: u64,
    pub saved: u64,
    pub edited: u64,
    pub deleted: u64,
    pub reviewed: u64,
    pub requests_lost: u64,
    pub replies_lost: u64,
    pub doubled: u64,
    pub late: u64,
    pub portals: u64,
    pub damaged: u64,
    pub restarts: u64,
    pub refused: u64,
    pub clashes: u64,
}

/// A finished run.
#[derive(Clone, Debug)]
pub struct Run {
    pub tally: Tally,
    /// Every step in words; two runs of one seed have the same.
    pub trace: String,
    /// The first broken promise, with its invariant; none when all held.
    pub broken: Option<String>,
}

struct World {
    dice: Dice,
    now: u64,
    server: MemoryServer,
    phones: Vec<Phone>,
    network: VecDeque<(u64, Message)>,
    faults: bool,
    tally: Tally,
    trace: String,
}

/// Runs `steps` steps under faults, then lets everything settle.
pub fn run(seed: u64, steps: u64) -> Run {
    let mut world = World::new(seed);
    let broken = world.safety_phase(steps).or_else(|| world.liveness_phase());
    Run { tally: world.tally, trace: world.trace, broken }
}

impl World {
    fn new(seed: u64) -> World {
        let mut server = MemoryServer::default();
        let reviewer = who(0, Role::Reviewer);
        let series = json!({"name": "Maanantaikerho", "form": "kerho", "municipality": "005"});
        let request = push_request(
            &reviewer,
            vec![json!({
                "change": ChangeId::from_bytes([3; 16]).to_string(), "record": SERIES.to_string(), "kind": "series",
                "content": series,
            })],
        );
        server.push(&reviewer, &request, 0);
        let phones = (0..PHONES)
            .map(|index| Phone {
                engine: Engine::default(),
                disk: Outbox::default(),
                who: who(index as u8, if index == 0 { Role::Reviewer } else { Role::Volunteer }),
                rings_at: 0,
                promised: BTreeMap::new(),
            })
            .collect();
        let mut world = World {
            dice: Dice::new(seed),
            now: 0,
            server,
            phones,
            network: VecDeque::new(),
            faults: true,
            tally: Tally::default(),
            trace: String::new(),
        };
        for phone in 0..PHONES {
            world.load(phone);
        }
        world
    }

    fn safety_phase(&mut self, steps: u64) -> Option<String> {
        for _ in 0..steps {
            self.tally.steps += 1;
            self.now += self.dice.below(20_000);
            self.deliver();
            let phone = self.dice.below(PHONES as u64) as usize;
            match self.dice.below(100) {
                0..30 => self.record(phone),
                30..45 => self.change(phone),
                45..50 => self.delete(phone),
                50..60 => self.review(),
                60..64 => self.restart(phone),
                64..75 => self.give(phone, Event::TryNow),
                75..80 => self.give(phone, Event::SendAll),
                _ => self.ring(),
            }
            if let Some(broken) = self.check() {
                return Some(broken);
            }
        }
        None
    }

    /// S12: faults stop; every outbox empties but for refused changes, and all devices hold the same.
    fn liveness_phase(&mut self) -> Option<String> {
        self.faults = false;
        for round in 0..60 {
            for phone in 0..PHONES {
                self.now += 1_000;
                self.give(phone, Event::SendAll);
                for _ in 0..40 {
                    self.now += 4_000;
                    self.deliver();
                    self.ring();
                }
            }
            let quiet = self.phones.iter().all(|phone| *phone.engine.phase() == Phase::Idle);
            if quiet && self.network.is_empty() && round >= 2 {
                break;
            }
        }
        self.check().or_else(|| self.check_settled())
    }

    fn check_settled(&self) -> Option<String> {
        for (index, phone) in self.phones.iter().enumerate() {
            if let Some(entry) = phone.disk.entries.values().find(|entry| entry.state == EntryState::Waiting) {
                return Some(format!("S12: phone {index} still waits with {:?} of {:?}", entry.change, entry.record));
            }
            let refused: BTreeSet<RecordId> = phone.disk.entries.values().map(|entry| entry.record).collect();
            for ((kind, id), stored) in &self.server.records {
                let held = phone.disk.records.get(&(*kind, *id));
                // A volunteer's phone may hold its own words in another's record, but is not given another's.
                let own = stored.recorder == phone.who.user;
                let seen = |content: &Option<Content>| {
                    content.as_ref().map(|content| visible(phone.who.role, own, *kind, content))
                };
                let same =
                    held.is_some_and(|held| held.rev == stored.rev && seen(&held.content) == seen(&stored.content));
                if !same && !refused.contains(id) {
                    return Some(format!("S12: phone {index} holds {id} as {held:?}, the server as {stored:?}"));
                }
            }
        }
        None
    }

    /// Safety, after every step.
    fn check(&self) -> Option<String> {
        if let Some((change, times)) = self.server.taken.iter().find(|(_, times)| **times > 1) {
            return Some(format!("S5: {change} had its effect {times} times"));
        }
        for pair in self.server.revisions.windows(2) {
            if pair[1].seq <= pair[0].seq {
                return Some(format!("S8: sequence {} came after {}", pair[1].seq, pair[0].seq));
            }
        }
        for (index, phone) in self.phones.iter().enumerate() {
            if **phone.engine.outbox() != phone.disk {
                return Some(format!("S2: phone {index} shows what its disk does not hold"));
            }
            for (record, content) in &phone.promised {
                let Some(content) = content else { continue };
                if phone.disk.entries.values().any(|entry| entry.record == *record) {
                    continue;
                }
                if let Some(field) = content.iter().find(|(name, value)| !self.server_has(*record, name, value)) {
                    return Some(format!("S1: {field:?} of {record} was called saved on phone {index} and is nowhere"));
                }
            }
        }
        None
    }

    /// Whether some revision of the record, or an alternative to it, says this.
    fn server_has(&self, record: RecordId, name: &str, value: &Value) -> bool {
        self.server.revisions.iter().filter_map(|revision| Some((revision.record, revision.content.as_ref()?))).any(
            |(id, content)| {
                let alternative = || content.get("content").and_then(|inner| inner.get(name));
                (id == record && content.get(name) == Some(value))
                    || (alternative_of(Some(content)) == Some(record) && alternative() == Some(value))
            },
        )
    }

    fn record(&mut self, phone: usize) {
        let participants = self.dice.below(40);
        let bad = self.dice.chance(5);
        let content = json!({
            "form": "kerho", "municipality": "005", "participants": participants, "volunteers": 2,
            "volunteer_quarter_hours": 16, "series": SERIES.to_string(),
            "date": if bad { "2031-01-01" } else { "2026-11-16" },
        });
        let record = RecordId::from_bytes(self.dice.id());
        self.tally.saved += 1;
        self.save(phone, record, content);
    }

    fn change(&mut self, phone: usize) {
        let Some(shown) = self.any_gathering(phone) else { return };
        let mut content = Value::Object(shown.1);
        match self.dice.below(3) {
            0 => content["participants"] = json!(self.dice.below(40)),
            1 => content["note"] = json!(format!("note {}", self.dice.below(9))),
            _ => content["date"] = json!("2026-11-17"),
        }
        self.tally.edited += 1;
        self.save(phone, shown.0, content);
    }

    fn delete(&mut self, phone: usize) {
        let Some((record, _)) = self.any_gathering(phone) else { return };
        self.tally.deleted += 1;
        self.edit(phone, record, Kind::Gathering, Body::Deleted);
        self.phones[phone].promised.insert(record, None);
    }

    fn review(&mut self) {
        let all = view::shown(self.phones[0].engine.outbox(), Kind::Gathering);
        let received: Vec<_> = all.into_iter().filter(|shown| shown.rev > 0).collect();
        if received.is_empty() {
            return;
        }
        let shown = &received[self.dice.below(received.len() as u64) as usize];
        let content = json!({"gathering": shown.id.to_string(), "revision": shown.rev, "verdict": "approved"});
        let record = RecordId::from_bytes(self.dice.id());
        self.tally.reviewed += 1;
        self.edit(0, record, Kind::Review, Body::Content(content.as_object().cloned().unwrap_or_default()));
    }

    fn any_gathering(&mut self, phone: usize) -> Option<(RecordId, Content)> {
        let all = view::shown(self.phones[phone].engine.outbox(), Kind::Gathering);
        if all.is_empty() {
            return None;
        }
        let shown = &all[self.dice.below(all.len() as u64) as usize];
        Some((shown.id, shown.content.clone()))
    }

    fn save(&mut self, phone: usize, record: RecordId, content: Value) {
        let content = content.as_object().cloned().unwrap_or_default();
        self.edit(phone, record, Kind::Gathering, Body::Content(content.clone()));
        self.phones[phone].promised.insert(record, Some(content));
    }

    fn edit(&mut self, phone: usize, record: RecordId, kind: Kind, body: Body) {
        let change = ChangeId::from_bytes(self.dice.id());
        let edit = Edit { change, association: ASSOCIATION, record, kind, body, made_at: self.now as i64 };
        let writes = self.phones[phone].engine.outbox().edit(edit);
        self.commit(phone, &writes);
        let hold = self.dice.chance(50).then_some(change);
        self.give(phone, Event::Saved { writes, hold });
    }

    /// The browser is killed and opened again: what was only in memory is gone.
    fn restart(&mut self, phone: usize) {
        self.tally.restarts += 1;
        self.phones[phone].engine = Engine::default();
        self.load(phone);
    }

    fn load(&mut self, phone: usize) {
        let outbox = Box::new(self.phones[phone].disk.clone());
        self.give(phone, Event::Loaded { outbox, associations: vec![ASSOCIATION] });
    }

    fn commit(&mut self, phone: usize, writes: &Writes) {
        self.phones[phone].disk.apply(writes);
    }

    fn ring(&mut self) {
        for phone in 0..PHONES {
            if self.phones[phone].rings_at <= self.now {
                self.phones[phone].rings_at = u64::MAX;
                self.give(phone, Event::Rang);
            }
        }
    }

    fn give(&mut self, phone: usize, event: Event) {
        let _ = writeln!(self.trace, "{} phone {phone} {}", self.now, name(&event));
        let now = Now { ms: self.now, dice: self.dice.roll() };
        let commands = self.phones[phone].engine.handle(event, now);
        for command in commands {
            match command {
                Command::Commit(writes) => self.commit(phone, &writes),
                Command::Wait { ms } => self.phones[phone].rings_at = self.now + ms,
                Command::Load => self.load(phone),
                Command::Pull { .. } => {
                    let after = self.phones[phone].disk.cursors.get(&ASSOCIATION).map_or(0, |cursor| cursor.seq);
                    self.send(Message::PullRequest { phone, after });
                }
                Command::Push { batch, .. } => {
                    let disk = &self.phones[phone].disk;
                    let changes = batch
                        .iter()
                        .filter_map(|change| serde_json::to_value(disk.entry(*change)?.to_change()).ok())
                        .collect();
                    let request = Box::new(push_request(&self.phones[phone].who, changes));
                    self.send(Message::PushRequest { phone, request, mangled: false });
                }
            }
        }
    }

    /// Puts a message on the wire: lost, late, or twice when faults are on.
    fn send(&mut self, message: Message) {
        let is_request = matches!(message, Message::PushRequest { .. } | Message::PullRequest { .. });
        if self.faults && self.dice.chance(15) {
            if is_request {
                self.tally.requests_lost += 1;
            } else {
                self.tally.replies_lost += 1;
            }
            return;
        }
        let copies = if self.faults && self.dice.chance(10) { 2 } else { 1 };
        self.tally.doubled += copies - 1;
        for _ in 0..copies {
            let late = self.faults && self.dice.chance(10);
            self.tally.late += u64::from(late);
            let delay = if late { 60_000 + self.dice.below(600_000) } else { self.dice.below(3_000) };
            self.network.push_back((self.now + delay, message.clone()));
        }
    }

    fn deliver(&mut self) {
        loop {
            let next =
                (0..self.network.len()).filter(|i| self.network[*i].0 <= self.now).min_by_key(|i| self.network[*i].0);
            let Some((_, message)) = next.and_then(|index| self.network.remove(index)) else { return };
            self.arrive(message);
        }
    }

    fn arrive(&mut self, message: Message) {
        match message {
            Message::PushRequest { phone, request, mangled: false } if self.faults && self.dice.chance(4) => {
                self.tally.damaged += 1;
                self.arrive(Message::PushRequest { phone, request: damage(request), mangled: true });
            }
            Message::PushRequest { phone, request, .. } => {
                let who = self.phones[phone].who;
                let reply = match self.server.push(&who, &request, self.now as i64) {
                    Some(mut reply) => {
                        for result in &reply.results {
                            use crate::protocol::Outcome;
                            self.tally.refused += u64::from(result.outcome == Outcome::Refused);
                            self.tally.clashes += u64::from(result.outcome == Outcome::Clash);
                        }
                        if self.faults && self.dice.chance(5) {
                            self.tally.portals += 1;
                            reply.magic = "<!doctype html>".into();
                        }
                        Ok(reply)
                    }
                    None => Err(Failure::NoAnswer),
                };
                self.send(Message::PushReply { phone, reply: Box::new(reply) });
            }
            Message::PullRequest { phone, after } => {
                let reply = self.server.pull(&self.phones[phone].who, after);
                self.send(Message::PullReply { phone, reply: Box::new(Ok(reply)) });
            }
            Message::PushReply { phone, reply } => self.give(phone, Event::Pushed(*reply)),
            Message::PullReply { phone, reply } => self.give(phone, Event::Pulled(*reply)),
        }
    }
}

fn name(event: &Event) -> String {
    match event {
        Event::Pushed(Ok(reply)) => {
            format!("pushed {:?}", reply.results.iter().map(|r| (r.change, r.outcome)).collect::<Vec<_>>())
        }
        Event::Pulled(Ok(reply)) => format!("pulled {} to {}", reply.records.len(), reply.next),
        Event::Saved { writes, .. } => {
            format!("saved {:?}", writes.put_entries.iter().map(|e| e.change).collect::<Vec<_>>())
        }
        Event::Loaded { outbox, .. } => format!("loaded {} waiting", outbox.waiting()),
        other => format!("{other:?}"),
    }
}

/// One change of a batch becomes unreadable on the way.
fn damage(mut request: Box<PushRequest>) -> Box<PushRequest> {
    if let Some(first) = request.changes.first_mut() {
        first["kind"] = json!("gatherink");
    }
    request
}

fn alternative_of(content: Option<&Content>) -> Option<RecordId> {
    content?.get("record")?.as_str().and_then(RecordId::parse)
}

fn who(index: u8, role: Role) -> Who {
    Who {
        user: UserId::from_bytes([10 + index; 16]),
        device: DeviceId::from_bytes([20 + index; 16]),
        association: ASSOCIATION,
        role,
        volunteers_set_up_series: true,
        today: TODAY,
    }
}

fn push_request(who: &Who, changes: Vec<Value>) -> PushRequest {
    PushRequest {
        magic: crate::protocol::PUSH_MAGIC.into(),
        user: who.user,
        association: who.association,
        device: who.device,
        schema: crate::limits::SCHEMA,
        epoch: MemoryServer::EPOCH.into(),
        counter: 0,
        thrown: 0,
        waiting: 0,
        changes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_seed_loses_doubles_or_holds_back_a_gathering() {
        let mut total = Tally::default();
        for seed in 0..60 {
            let run = run(seed, 300);
            assert_eq!(run.broken, None, "seed {seed}");
            total.clashes += run.tally.clashes;
            total.refused += run.tally.refused;
            total.requests_lost += run.tally.requests_lost;
            total.doubled += run.tally.doubled;
        }
        // The people and faults of the simulation reach the paths that they are there for.
        assert!(
            total.clashes > 10 && total.refused > 100 && total.requests_lost > 100 && total.doubled > 100,
            "{total:?}"
        );
    }

    #[test]
    fn one_seed_replays_byte_for_byte() {
        assert_eq!(run(42, 300).trace, run(42, 300).trace);
        assert_ne!(run(42, 300).trace, run(43, 300).trace);
    }
}
