//! The invariants, checked after every step on what that step changed, so that the cost does not grow with the history.
//! More expensive checks run at rare events: when the app is opened, when the server is restored, and at the end.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::{
    AssociationId, ChangeId, Content, DeviceId, Kind, RecordId, UserId, permission::visible, record::field_group,
};
use serde_json::Value;

use super::{
    network::Ask,
    phone::Profile,
    world::{ASSOCIATIONS, World, number, role},
};
use crate::{
    engine::Failure,
    local::{EntryState, LocalRecord, LocalWrites},
    mirror::{self, Mirrored, Reconciled, row_name},
    protocol::{OfferReply, OfferRequest, Outcome, PushReply, PushRequest},
    rules::{NewRevision, Who, offer::may_offer},
    testing::memory_server::SimServer,
};

/// A revision's number and content; none when deleted.
type Revision = (u32, Option<Content>);

/// What is known of all that happened.
#[derive(Default)]
pub(super) struct Checks {
    /// The first broken promise.
    pub broken: Option<String>,
    /// Every value that some revision or alternative on the server says, by record and field.
    said: HashSet<u64>,
    /// Values that a restored server lacks and some device still holds: it has to offer them.
    owed: HashSet<u64>,
    /// Values that went with the lost hours of a restored server and with no device, and those whose loss was told.
    excused: HashSet<u64>,
    /// The answer to each change in this epoch.
    answers: HashMap<ChangeId, (Outcome, u32, u64)>,
    /// What was answered in any epoch, and the hash of what was sent.
    receipts: HashMap<ChangeId, Vec<(String, Outcome)>>,
    /// The changes of each user's device that got a final answer, in any epoch.
    answered: HashMap<(DeviceId, UserId), HashSet<ChangeId>>,
    /// Changes that made a revision in this epoch.
    applied: HashSet<ChangeId>,
    /// Revisions of each record, oldest first.
    history: HashMap<(Kind, RecordId), Vec<Revision>>,
    /// How many revisions of each association were looked at, and the last one's sequence number.
    seen: [(usize, u64); 2],
    /// The field groups that a person changed; none for a whole record.
    pub touched: HashMap<ChangeId, Option<BTreeSet<String>>>,
    makers: HashMap<ChangeId, UserId>,
    /// Changes of which a screen said that they are undone.
    undone: HashSet<ChangeId>,
    /// What each user's devices have offered, by epoch.
    offered: HashSet<(UserId, String, Kind, RecordId)>,
    pub homes: HashMap<RecordId, AssociationId>,
}

impl Checks {
    pub fn made(&mut self, change: ChangeId, user: UserId, touched: Option<BTreeSet<String>>) {
        self.makers.insert(change, user);
        self.touched.insert(change, touched);
    }

    /// Takes up what a revision says.
    fn absorb(&mut self, revision: &NewRevision) {
        if let Some(content) = &revision.content {
            let inner = content.get("content").and_then(Value::as_object);
            match (revision.kind, revision.about) {
                (Kind::Alternative, Some(record)) => {
                    for (name, value) in inner.into_iter().flatten() {
                        self.said.insert(value_of(record, name, value));
                    }
                }
                _ => {
                    for (name, value) in content {
                        self.said.insert(value_of(revision.record, name, value));
                    }
                }
            }
        }
        self.history
            .entry((revision.kind, revision.record))
            .or_default()
            .push((revision.rev, revision.content.clone()));
    }

    fn is_kept(&self, value: u64) -> bool {
        self.said.contains(&value) || self.owed.contains(&value) || self.excused.contains(&value)
    }
}

/// A record's field saying a value, as one number.
fn value_of(record: RecordId, name: &str, value: &Value) -> u64 {
    let mut digest = 0xcbf2_9ce4_8422_2325_u64;
    let mut take = |bytes: &[u8]| {
        for byte in bytes {
            digest = (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        digest = digest.wrapping_mul(31);
    };
    take(record.uuid().as_bytes());
    take(name.as_bytes());
    match value {
        Value::String(text) => take(text.as_bytes()),
        other => take(other.to_string().as_bytes()),
    }
    digest
}

impl Profile {
    /// Every value that this device can still bring to the server: an entry that the mirror does not know as dropped, and a record
    /// that this user may offer there. A volunteer's phone brings back no review.
    fn held_values(&self, into: &mut HashSet<u64>) {
        let is_buried = |change: ChangeId| {
            let row = self.mirror.get(&row_name(change));
            matches!(row.and_then(mirror::open), Some(Mirrored::Gone(_)))
        };
        let may_bring = |record: &&LocalRecord| {
            let role = role(self.user, number(record.association));
            role.is_some_and(|role| may_offer(role, record.kind, true))
        };
        let entries = self.disk.now.entries.values().filter(|entry| !is_buried(entry.change));
        let entries = entries.filter_map(|entry| Some((entry.record, entry.body.content()?)));
        let records = self.disk.now.records.values().filter(may_bring);
        let records = records.filter_map(|record| Some((record.id, record.content.as_ref()?)));
        for (record, content) in entries.chain(records) {
            into.extend(content.iter().map(|(name, value)| value_of(record, name, value)));
        }
    }

    /// The first value that was called saved and is neither waiting here nor kept.
    fn lost(&self, record: RecordId, is_kept: impl Fn(u64) -> bool) -> Option<String> {
        let content = self.promised.get(&record)?.as_ref()?;
        let waits = |name: &String, value: &Value| {
            let mut of_record = self.disk.now.entries.values().filter(|entry| entry.record == record);
            of_record.any(|entry| entry.body.content().and_then(|content| content.get(name)) == Some(value))
        };
        let lost = |(name, value): &(&String, &Value)| !is_kept(value_of(record, name, value)) && !waits(name, value);
        content.iter().find(lost).map(|(name, value)| format!("{name} = {value} of {record}"))
    }
}

impl<S: SimServer> World<S> {
    fn new_revisions(&mut self, association: usize) -> Vec<NewRevision> {
        let new = self.servers[association].added(self.checks.seen[association].0);
        self.checks.seen[association].0 += new.len();
        for revision in &new {
            let (last, seq) = (self.checks.seen[association].1, revision.seq);
            if seq <= last {
                self.broke(|| format!("S8: sequence {seq} came after {last}"));
            }
            self.checks.seen[association].1 = seq;
            self.checks.homes.insert(revision.record, ASSOCIATIONS[association]);
        }
        new
    }

    pub(super) fn observe_push(
        &mut self,
        association: usize,
        who: &Who,
        request: &PushRequest,
        reply: &Result<PushReply, Failure>,
    ) {
        let new = self.new_revisions(association);
        let results = reply.as_ref().map_or(&[][..], |reply| &reply.results);
        let is_foreign = !request.epoch.is_empty() && request.epoch != self.servers[association].epoch();
        if is_foreign && (!new.is_empty() || results.iter().any(|result| result.outcome != Outcome::AgainLater)) {
            self.broke(|| format!("S9: a push of {} was taken before the offer", request.epoch));
        }
        let bases: HashMap<ChangeId, u32> = Ask::bases(request).into_iter().collect();
        for revision in &new {
            self.check_revision(who, revision, bases.get(&revision.change).copied().unwrap_or(0), &new);
            self.checks.absorb(revision);
        }
        self.checks.applied.extend(new.iter().map(|revision| revision.change));
        for result in results {
            self.tally.refused += u64::from(result.outcome == Outcome::Refused);
            self.tally.clashes += u64::from(result.outcome == Outcome::Clash);
            if result.outcome == Outcome::AgainLater {
                continue;
            }
            self.checks.answered.entry((who.device, who.user)).or_default().insert(result.change);
            let answer = (result.outcome, result.rev, result.seq);
            let first = *self.checks.answers.entry(result.change).or_insert(answer);
            if first != answer {
                self.broke(|| format!("S5: {} was answered {first:?}, and then {answer:?}", result.change));
            }
            let receipt = (result.sent_hash.clone(), result.outcome);
            let receipts = self.checks.receipts.entry(result.change).or_default();
            if !receipts.contains(&receipt) {
                receipts.push(receipt);
            }
            let alternative = (Kind::Alternative, RecordId::new(result.change.uuid()));
            if result.outcome == Outcome::Clash && !self.checks.history.contains_key(&alternative) {
                self.broke(|| format!("S11: {} clashed, and nothing was kept of it", result.change));
            }
        }
    }

    /// One revision that a push has made.
    fn check_revision(&mut self, who: &Who, revision: &NewRevision, base: u32, batch: &[NewRevision]) {
        let NewRevision { kind, record, change, rev, .. } = *revision;
        if self.checks.makers.get(&change).is_some_and(|maker| *maker != who.user || *maker != revision.author) {
            self.broke(|| format!("S10: {change} was taken as another user's"));
        }
        if kind == Kind::Alternative {
            return;
        }
        if self.checks.applied.contains(&change) {
            self.broke(|| format!("S5: {change} had its effect twice"));
        }
        if self.checks.undone.contains(&change) {
            self.broke(|| format!("S3: {change} was called undone, and the server has it"));
        }
        let Some(history) = self.checks.history.get(&(kind, record)) else { return };
        let Some((before, theirs)) = history.last() else { return };
        if rev <= *before {
            let before = *before;
            return self.broke(|| format!("S8: revision {rev} of {record} came after {before}"));
        }
        let asks = batch.iter().any(|other| other.kind == Kind::Alternative && other.change == change);
        let overwritten = match (theirs, &revision.content) {
            (Some(_), None) if base != *before => Some("by a deletion that did not see it".to_owned()),
            (None, Some(_)) if base != *before && !asks => Some("the deletion, without asking".to_owned()),
            (Some(theirs), Some(content)) => {
                let nothing = Content::new();
                let known = history.iter().find(|(number, _)| *number == base);
                let base_content = known.and_then(|(_, content)| content.as_ref()).unwrap_or(&nothing);
                let touched = self.checks.touched.get(&change).and_then(Option::as_ref);
                let is_blind = |name: &str| base != *before && theirs.get(name) != base_content.get(name);
                // An edit without a base, after a restore, brings all that its author saw and may add what the server lacks.
                let is_untouched =
                    |name: &str| base > 0 && touched.is_some_and(|touched| !touched.contains(field_group(kind, name)));
                let mut names = content.keys().chain(theirs.keys());
                names
                    .find(|name| content.get(*name) != theirs.get(*name) && (is_blind(name) || is_untouched(name)))
                    .map(|name| format!("{name}: {:?} by {:?}", theirs.get(name), content.get(name)))
            }
            _ => None,
        };
        if let Some(what) = overwritten {
            self.broke(|| format!("S11: {change} on revision {base} overwrote {record}, {what}"));
        }
    }

    pub(super) fn observe_offer(
        &mut self,
        phone: usize,
        association: usize,
        request: &OfferRequest,
        reply: &Result<OfferReply, Failure>,
    ) {
        let new = self.new_revisions(association);
        for revision in &new {
            let before = self.checks.history.get(&(revision.kind, revision.record)).and_then(|all| all.last());
            if let Some((before, content)) = before
                && revision.rev <= *before
                && *content != revision.content
            {
                let (record, rev, before) = (revision.record, revision.rev, *before);
                self.broke(|| format!("S9: revision {rev} of {record} was offered and replaced {before}"));
            }
            self.checks.absorb(revision);
        }
        if reply.as_ref().is_ok_and(|reply| reply.epoch == request.epoch) {
            self.tally.offered += request.holds.len() as u64;
            for item in crate::rules::offer::read_holds(&request.holds) {
                self.checks.offered.insert((request.user, request.epoch.clone(), item.kind, item.id));
            }
        }
        self.say(format_args!("phone {phone} offered {} and {}", request.holds.len(), request.records.len()));
    }

    /// The server forgot a day: what devices hold of it is owed, the rest is gone.
    pub(super) fn observe_restore(&mut self) {
        let checks = &mut self.checks;
        checks.said.clear();
        checks.history.clear();
        checks.answers.clear();
        checks.applied.clear();
        checks.seen = Default::default();
        for association in 0..ASSOCIATIONS.len() {
            for revision in self.new_revisions(association) {
                self.checks.absorb(&revision);
                self.checks.applied.insert(revision.change);
            }
        }
        let mut held = HashSet::new();
        let profiles = || self.phones.iter().flat_map(|phone| &phone.profiles);
        profiles().for_each(|profile| profile.held_values(&mut held));
        let (mut owed, mut excused) = (Vec::new(), Vec::new());
        for (record, content) in profiles().flat_map(|profile| &profile.promised) {
            for (name, value) in content.iter().flatten() {
                let value = value_of(*record, name, value);
                if !self.checks.said.contains(&value) {
                    if held.contains(&value) { owed.push(value) } else { excused.push(value) }
                }
            }
        }
        self.tally.gone_with_the_server += excused.len() as u64;
        self.checks.owed.extend(owed);
        self.checks.excused.extend(excused);
    }

    /// A device lost its records: what only it could have offered is gone.
    pub(super) fn reassess_owed(&mut self) {
        if self.checks.owed.is_empty() {
            return;
        }
        let mut held = HashSet::new();
        self.phones.iter().flat_map(|phone| &phone.profiles).for_each(|profile| profile.held_values(&mut held));
        let Checks { owed, said, excused, .. } = &mut self.checks;
        let (kept, gone): (HashSet<u64>, HashSet<u64>) = owed.drain().partition(|value| held.contains(value));
        *owed = kept;
        excused.extend(gone.into_iter().filter(|value| !said.contains(value)));
    }

    /// The screen says that a change is gone.
    pub(super) fn called_undone(&mut self, change: ChangeId) {
        self.checks.undone.insert(change);
        if self.checks.applied.contains(&change) {
            self.broke(|| format!("S5: {change} was called undone, and the server has it"));
        }
    }

    /// No place in the queue is given twice.
    pub(super) fn check_order(&mut self, phone: usize, writes: &LocalWrites) {
        if !writes.counts {
            return;
        }
        let known = self.phones[phone].profile().order;
        let given = writes.put_entries.iter().map(|entry| entry.order).max().unwrap_or(known + 1);
        if given <= known {
            self.broke(|| format!("S3: place {given} in the queue was given again, after {known}"));
        }
    }

    /// Before the database commits.
    pub(super) fn check_commit(&mut self, phone: usize, writes: &LocalWrites) {
        let profile = self.phones[phone].profile();
        let disk = &profile.disk.now;
        let mut broken = None;
        for change in &writes.drop_entries {
            let Some(entry) = disk.entry(*change).filter(|_| !writes.gone.iter().any(|gone| gone.change == *change))
            else {
                continue;
            };
            let hash = entry.body.hash();
            let receipts = self.checks.receipts.get(change);
            let mut outcomes =
                receipts.into_iter().flatten().filter(|(sent, _)| *sent == hash).map(|(_, outcome)| outcome);
            match outcomes.next() {
                None => broken = Some(format!("S4: {change} was dropped without a receipt")),
                Some(Outcome::Refused) if !writes.put_entries.iter().any(|later| later.record == entry.record) => {
                    broken = Some(format!("S6: {change} was refused and vanished"));
                }
                Some(_) => {}
            }
        }
        for entry in &writes.put_entries {
            if self.checks.undone.contains(&entry.change) {
                broken = Some(format!("S3: {} was called undone and came back", entry.change));
            }
        }
        let begins = |association: AssociationId| {
            writes
                .cursors
                .iter()
                .find(|(id, cursor)| *id == association && disk.is_other_epoch_really(*id, &cursor.epoch))
        };
        for record in &writes.put_records {
            let held = disk.records.get(&(record.kind, record.id));
            if held.is_some_and(|held| held.seq > record.seq) && begins(record.association).is_none() {
                broken = Some(format!("S8: {} fell back to sequence {}", record.id, record.seq));
            }
            if self.checks.homes.get(&record.id).is_some_and(|home| *home != record.association) {
                broken = Some(format!("S12: {} was stored as another association's", record.id));
            }
        }
        for (association, cursor) in writes.cursors.iter().filter(|(id, _)| begins(*id).is_some()) {
            let mut held = disk.records.values().filter(|held| held.association == *association && held.rev > 0);
            let is_offered = |kind, id| self.checks.offered.contains(&(profile.user, cursor.epoch.clone(), kind, id));
            if let Some(record) = held.find(|held| !is_offered(held.kind, held.id)) {
                broken = Some(format!("S9: {} was not offered to {}", record.id, cursor.epoch));
            }
        }
        if let Some(broken) = broken {
            self.broke(|| broken);
        }
    }

    /// When the database has committed, the mirror has it too, and what was dropped is kept somewhere.
    pub(super) fn check_committed(&mut self, phone: usize, writes: &LocalWrites) {
        self.check_mirror(phone, writes);
        let profile = self.phones[phone].profile();
        let is_kept = |value| self.checks.is_kept(value);
        let dropped =
            writes.drop_entries.iter().filter(|change| !writes.gone.iter().any(|gone| gone.change == **change));
        if dropped.count() == 0 {
            return;
        }
        let lost = writes.put_records.iter().find_map(|record| profile.lost(record.id, is_kept));
        if let Some(lost) = lost {
            self.broke(|| format!("S1: {lost} was called saved on phone {phone} and is nowhere"));
        }
    }

    /// Every entry that was written exists twice.
    pub(super) fn check_mirror(&mut self, phone: usize, writes: &LocalWrites) {
        let profile = self.phones[phone].profile();
        let alone = writes.put_entries.iter().map(|entry| entry.change).find(|change| !profile.is_mirrored(*change));
        if let Some(change) = alone {
            self.broke(|| format!("S3: {change} is not in the mirror of phone {phone}"));
        }
    }

    pub(super) fn check_reconciled(&mut self, phone: usize, found: &Reconciled) {
        self.tally.healed += (found.healed_database + found.healed_mirror) as u64;
        let profile = self.phones[phone].profile();
        let expected = profile.cleared;
        let (lost, unreadable) = (found.lost, found.unreadable);
        // Killed between the commit of a receipt and the witness, with the mirror gone: a loss too many is told, never too few.
        let at_least = expected.unwrap_or(0);
        // Before there is a witness, what is left of a save that was cut short is told, too.
        let at_most = at_least + profile.uncertain + usize::from(profile.witness.counter == 0);
        if lost < at_least || lost + unreadable > at_most {
            self.broke(|| format!("S3: {lost} lost and {unreadable} unreadable at start, not {expected:?}"));
        }
        if lost + unreadable > 0 {
            self.phones[phone].profile_mut().has_lost = true;
        }
        if expected.is_none() {
            return;
        }
        self.tally.losses_told += lost as u64;
        // What was only here is gone, and the user was told so.
        let (checks, profile) = (&self.checks, self.phones[phone].profile_mut());
        let gone: Vec<RecordId> = profile
            .promised
            .keys()
            .copied()
            .filter(|id| profile.lost(*id, |value| checks.is_kept(value)).is_some())
            .collect();
        gone.iter().for_each(|record| {
            profile.promised.remove(record);
        });
    }

    /// When the app has been opened: nothing that was called saved is lost, nothing that was called undone is back.
    pub(super) fn check_opened(&mut self, phone: usize) {
        let profile = self.phones[phone].profile_mut();
        if let Some(pending) = profile.pending.take()
            && profile.disk.now.entry(pending.change).is_some() == pending.is_there
        {
            profile.promise(pending.record, pending.promise);
        }
        let profile = self.phones[phone].profile();
        let is_kept = |value| self.checks.is_kept(value);
        let mut broken = None;
        for entry in profile.disk.now.entries.values() {
            if self.checks.undone.contains(&entry.change) {
                broken = Some(format!("S3: {} was called undone and is back", entry.change));
            }
            if profile.versions.get(&entry.change).is_some_and(|version| *version > entry.version) {
                broken = Some(format!("S3: {} fell back to its version {}", entry.change, entry.version));
            }
            if !profile.is_mirrored(entry.change) {
                broken = Some(format!("S3: {} is not in the mirror of phone {phone}", entry.change));
            }
            if !entry.sent && self.checks.applied.contains(&entry.change) {
                broken = Some(format!("S5: {} is taken as never sent, and the server has it", entry.change));
            }
        }
        if profile.disk.now.counter < profile.order {
            broken = Some(format!("S3: the counter fell from {} to {}", profile.order, profile.disk.now.counter));
        }
        // In a fixed order, so that a seed always tells the same.
        let lost = profile.promised.keys().filter_map(|record| profile.lost(*record, is_kept)).min();
        if let Some(lost) = lost {
            broken = Some(format!("S1: {lost} was called saved on phone {phone} and is nowhere"));
        }
        if let Some(broken) = broken {
            self.broke(|| broken);
        }
    }

    /// The screen shows what the disk holds. The records are compared now and then, the outbox always.
    pub(super) fn check_screen(&mut self, phone: usize, page: u64) {
        if self.heard.contains(&(phone, page)) {
            return;
        }
        let compares_all = self.dice.one_in(100);
        let Some(known) = self.phones[phone].pages.iter().find(|known| known.id == page) else { return };
        let (screen, disk) = (known.engine.outbox(), &self.phones[phone].profile().disk.now);
        let differs = screen.entries != disk.entries
            || screen.cursors != disk.cursors
            || screen.records.len() != disk.records.len()
            || (compares_all && screen.records != disk.records);
        if differs {
            self.broke(|| format!("S2: phone {phone} shows what its disk does not hold"));
        }
    }

    /// S12, after the faults and the contacts.
    pub(super) fn check_settled(&mut self) {
        if self.checks.broken.is_some() {
            return;
        }
        let newest: Vec<_> = self.servers.iter_mut().map(|server| server.newest()).collect();
        let mut broken = None;
        for (phone, profile) in
            self.phones.iter().enumerate().flat_map(|(index, phone)| phone.profiles.iter().map(move |one| (index, one)))
        {
            let disk = &profile.disk.now;
            if let Some(entry) = disk.entries.values().find(|entry| entry.state == EntryState::Waiting) {
                broken = Some(format!("S12: phone {phone} still waits with {entry:?}"));
            }
            let refused: HashSet<RecordId> = disk.entries.values().map(|entry| entry.record).collect();
            for association in &profile.associations {
                let Some(role) = role(profile.user, *association) else { continue };
                for ((kind, id), stored) in &newest[*association] {
                    let held = disk.records.get(&(*kind, *id));
                    // A volunteer's phone may hold its own words in another's record, but is not given another's.
                    let own = stored.recorder == profile.user;
                    let seen =
                        |content: &Option<Content>| content.as_ref().map(|content| visible(role, own, *kind, content));
                    let same =
                        held.is_some_and(|held| held.rev == stored.rev && seen(&held.content) == seen(&stored.content));
                    if !same && !refused.contains(id) {
                        broken = Some(format!("S12: phone {phone} holds {id} as {held:?}, the server as {stored:?}"));
                    }
                }
            }
            // What the server works out of the numbers that a phone tells of itself (`sync::account`): nothing is missing.
            let answered = self.checks.answered.get(&(self.phones[phone].device, profile.user)).map_or(0, HashSet::len);
            let known = disk.thrown + disk.unheard() as u64 + answered as u64;
            if disk.counter > known && !profile.has_lost {
                broken = Some(format!(
                    "lost phones: {phone} seems to be one: it made {}, of which {} were thrown away, {} wait and {answered} were answered",
                    disk.counter,
                    disk.thrown,
                    disk.unheard()
                ));
            }
            let is_kept = |value: u64| self.checks.said.contains(&value) || self.checks.excused.contains(&value);
            if let Some(lost) = profile.promised.keys().filter_map(|record| profile.lost(*record, is_kept)).min() {
                broken = Some(format!("S1: {lost} was called saved on phone {phone} and the server lacks it"));
            }
        }
        if let Some(broken) = broken {
            self.broke(|| broken);
        }
    }
}

impl Profile {
    fn is_mirrored(&self, change: ChangeId) -> bool {
        let Some(entry) = self.disk.now.entry(change) else { return true };
        let row = self.mirror.get(&row_name(change)).filter(|row| crate::canonical::text_hash(&row.text) == row.hash);
        matches!(row.and_then(mirror::open), Some(Mirrored::Entry { entry: mirrored, .. }) if mirrored == *entry)
    }
}

impl crate::Outbox {
    /// As [`crate::Outbox::is_other_epoch`], also when that is broken on purpose.
    fn is_other_epoch_really(&self, association: AssociationId, epoch: &str) -> bool {
        let known = self.epoch(association);
        !known.is_empty() && known != epoch
    }
}
