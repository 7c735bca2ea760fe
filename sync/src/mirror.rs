//! The mirror: the second copy of every unsent change (S3). Pure: what to write to it and when, and how to reconcile it
//! with the database at start.
//!
//! The mirror is a set of rows, named by us: in a browser, entries of Cache Storage. Each row is put or dropped by
//! itself, no transaction spans two of them, and a row can be damaged or missing.
//!
//! **The order of writes.** For every [`LocalWrites`]:
//!
//! 1. [`LocalWrites::mirror_before`], each row in its order. A row that cannot be put does not stop the save; the user is then told that there is
//!    no second copy.
//! 2. The database's transaction. If it does not commit: [`LocalWrites::mirror_back`], and nothing was saved.
//! 3. The [`Witness`] is replaced.
//! 4. [`LocalWrites::mirror_after`], each in its order. Only after it are an undo and a discard reported as done.
//!
//! A crash between any two of these leaves a state from which [`reconcile`] keeps what the screen called saved, and
//! does not bring back what it called undone:
//!
//! | crash after | database | mirror | at the next start |
//! |---|---|---|---|
//! | the row of a new change | without it | with it | it is put back: begun, not yet called saved |
//! | the row of an edit that joined | the older change | both | the newer one, which names what it replaced |
//! | the commit of a receipt | without it | with it | it is put back, sent again, and its stored result drops it (S5) |
//! | the tombstone of a receipt | lost its last commits: with it | tombstone | it stays received, and is pulled again |
//! | the commit of an undo | without it | with it | it is put back: it was not called undone yet |
//! | the tombstone of an undo | lost its last commits: with it | tombstone | it stays undone |
//!
//! **Versions.** [`Entry::version`] grows with every write of an entry, also when an undo restores an earlier form. Of
//! two forms of one change the higher version is newer; a tombstone covers the version that it names and all before it.

use domain::ChangeId;
use litemap::LiteMap;
use serde::{Deserialize, Serialize};

use crate::{
    canonical::text_hash,
    local::{Entry, Gone, LocalWrites},
    mutant::{self, Mutant},
    outbox::Outbox,
};

/// The name of the row that holds the device's counter.
pub const COUNTER_ROW: &str = "counter";

/// One row of the mirror: a text, and its hash by which damage is seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MirrorRow {
    pub text: String,
    /// SHA-256 of the text, in lower-case hexadecimal.
    pub hash: String,
}

/// What a row says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mirrored {
    /// An unsent change, and the ones whose place it took.
    Entry { entry: Entry, replaces: Vec<Gone> },
    /// The user took this change back, another took its place, or it was received. Kept until the next start has seen that it is gone.
    Gone(Gone),
    /// How many changes this device has ever made: a place in the queue is never given twice, also when the database was lost.
    Counter(u64),
}

/// A write to the mirror.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MirrorWrite {
    Put { name: String, row: MirrorRow },
    Drop { name: String },
}

/// The name of a change's row.
pub fn row_name(change: ChangeId) -> String {
    change.to_string()
}

/// Writes a row.
pub fn seal(mirrored: &Mirrored) -> MirrorRow {
    // Our own types are always JSON; a row without text would be seen as damaged and healed from the database.
    let text = serde_json::to_string(mirrored).unwrap_or_default();
    MirrorRow { hash: text_hash(&text), text }
}

/// Reads a row; none when it is damaged.
pub fn open(row: &MirrorRow) -> Option<Mirrored> {
    if text_hash(&row.text) != row.hash && !mutant::is(Mutant::MirrorHashIgnored) {
        return None;
    }
    serde_json::from_str(&row.text).ok()
}

fn put(name: String, mirrored: &Mirrored) -> MirrorWrite {
    MirrorWrite::Put { name, row: seal(mirrored) }
}

fn put_entry(entry: &Entry, replaces: &[Gone]) -> MirrorWrite {
    put(row_name(entry.change), &Mirrored::Entry { entry: entry.clone(), replaces: replaces.to_vec() })
}

impl LocalWrites {
    /// What the mirror gets before the database's transaction: the counter, and every entry.
    pub fn mirror_before(&self) -> Vec<MirrorWrite> {
        let counter = self.put_entries.iter().map(|entry| entry.order).max().filter(|_| self.counts);
        let counter = counter.map(|order| put(COUNTER_ROW.to_owned(), &Mirrored::Counter(order)));
        let replaces = |entry: &Entry| -> Vec<Gone> {
            self.gone.iter().filter(|gone| gone.change != entry.change).copied().collect()
        };
        counter.into_iter().chain(self.put_entries.iter().map(|entry| put_entry(entry, &replaces(entry)))).collect()
    }

    /// What the mirror gets after the database has committed: tombstones of what was dropped.
    pub fn mirror_after(&self) -> Vec<MirrorWrite> {
        let tombstones = self.gone.iter().map(|gone| match mutant::is(Mutant::TombstoneForgotten) {
            true => MirrorWrite::Drop { name: row_name(gone.change) },
            false => put(row_name(gone.change), &Mirrored::Gone(*gone)),
        });
        let is_gone = |change: &ChangeId| self.gone.iter().any(|gone| gone.change == *change);
        let stays = |change: &ChangeId| self.put_entries.iter().any(|entry| entry.change == *change);
        let received = self.drop_entries.iter().filter(|change| !is_gone(change) && !stays(change));
        // Of whatever version: a database that lost its last commits could bring back a form that the server never saw, and
        // its receipt would never match.
        let received =
            received.map(|change| put(row_name(*change), &Mirrored::Gone(Gone { change: *change, version: u32::MAX })));
        let early = self.put_entries.iter().filter(|e| e.sent && mutant::is(Mutant::MirrorDroppedBeforeReceipt));
        let early = early.map(|entry| MirrorWrite::Drop { name: row_name(entry.change) });
        tombstones.chain(received).chain(early).collect()
    }

    /// What the mirror gets when the database did not commit: what it had before. `outbox` is as before these writes.
    pub fn mirror_back(&self, outbox: &Outbox) -> Vec<MirrorWrite> {
        let back = |entry: &Entry| match outbox.entry(entry.change) {
            Some(before) => put_entry(before, &[]),
            None => MirrorWrite::Drop { name: row_name(entry.change) },
        };
        self.put_entries.iter().map(back).collect()
    }
}

/// What a third place (in a browser, `localStorage`) remembers by name only, so that a loss of both copies is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// In order.
    pub waiting: Vec<ChangeId>,
    pub counter: u64,
    #[serde(default)]
    pub thrown: u64,
}

impl Witness {
    pub fn of(outbox: &Outbox) -> Witness {
        let mut waiting: Vec<ChangeId> = outbox.entries.values().map(|entry| entry.change).collect();
        waiting.sort_unstable();
        Witness { waiting, counter: outbox.counter, thrown: outbox.thrown }
    }

    pub fn add(&mut self, change: ChangeId) {
        if let Err(at) = self.waiting.binary_search(&change) {
            self.waiting.insert(at, change);
        }
    }

    pub fn remove(&mut self, change: ChangeId) {
        if let Ok(at) = self.waiting.binary_search(&change) {
            self.waiting.remove(at);
        }
    }
}

/// What to tell the user, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// So many unsent changes are in neither place.
    Lost(usize),
    /// So many copies cannot be read and have no other; they are left where they are.
    Unreadable(usize),
    /// So many were missing in the database, and are back.
    HealedDatabase(usize),
    /// So many were missing in the mirror, and are back.
    HealedMirror(usize),
    AllWell,
}

/// What has to be written at start, and what was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reconciled {
    /// To be committed to the database first.
    pub database: LocalWrites,
    /// Then to the mirror, in order. Rows that cannot be read and have no other copy are not among them.
    pub mirror: Vec<MirrorWrite>,
    pub healed_database: usize,
    pub healed_mirror: usize,
    pub unreadable: usize,
    pub lost: usize,
}

impl Reconciled {
    pub fn health(&self) -> Health {
        match (self.lost, self.unreadable, self.healed_database, self.healed_mirror) {
            (0, 0, 0, 0) => Health::AllWell,
            (0, 0, 0, n) => Health::HealedMirror(n),
            (0, 0, n, _) => Health::HealedDatabase(n),
            (0, n, ..) => Health::Unreadable(n),
            (n, ..) => Health::Lost(n),
        }
    }
}

/// What was read at start.
#[derive(Clone, Copy, Debug)]
pub struct AtStart<'a> {
    /// As read from the database.
    pub outbox: &'a Outbox,
    /// Changes whose row in the database is there and cannot be read.
    pub unreadable: &'a [ChangeId],
    /// The mirror's rows by name.
    pub mirror: &'a LiteMap<String, MirrorRow>,
    pub witness: &'a Witness,
}

/// Compares the two copies and heals the poorer one. Applying what it says and comparing again finds nothing to do.
pub fn reconcile(found: AtStart<'_>) -> Reconciled {
    let AtStart { outbox, unreadable, mirror, witness } = found;
    let mut damaged: Vec<&String> = Vec::new();
    let mut in_mirror: LiteMap<ChangeId, Entry> = LiteMap::new();
    let mut gone: LiteMap<ChangeId, u32> = LiteMap::new();
    let mut tombstones: LiteMap<ChangeId, ()> = LiteMap::new();
    let mut mirror_counter = None;
    let mut bury = |Gone { change, version }| {
        let known = gone.entry(change).or_insert(version);
        *known = version.max(*known);
    };
    let mut all_replaced = Vec::new();
    for (name, row) in mirror {
        match open(row) {
            Some(Mirrored::Entry { entry, replaces }) => {
                all_replaced.push((Gone { change: entry.change, version: entry.version }, replaces));
                in_mirror.insert(entry.change, entry);
            }
            Some(Mirrored::Gone(one)) => {
                tombstones.insert(one.change, ());
                bury(one);
            }
            Some(Mirrored::Counter(counter)) => mirror_counter = Some(counter),
            None => damaged.push(name),
        }
    }
    all_replaced.into_iter().flat_map(|(_, replaces)| replaces).for_each(bury);

    let in_database: LiteMap<ChangeId, &Entry> = outbox.entries.values().map(|entry| (entry.change, entry)).collect();
    let mut found = Reconciled::default();
    let mut stands: LiteMap<ChangeId, Entry> = LiteMap::new();
    let mut all: Vec<ChangeId> = in_database.keys().chain(in_mirror.keys()).copied().collect();
    all.sort_unstable();
    all.dedup();
    for change in all {
        let (database, mirrored) = (in_database.get(&change).copied(), in_mirror.get(&change));
        // Only the database has it: it may be a received one that lost its row, and then the database its last commits. Nobody
        // may take back or replace what the server may hold.
        let may_be_sent = database.filter(|entry| mirrored.is_none() && !entry.sent).map(Entry::as_sent);
        // With the database went the epoch in which its base has a meaning: the server may have been restored since, and its
        // revision of that number may be another one. What differs is then asked about, and not overwritten (S9, S11).
        let without_base = mirrored
            .filter(|entry| database.is_none() && entry.base > 0 && outbox.epoch(entry.association).is_empty())
            .map(Entry::without_base);
        let newest = match (database, mirrored) {
            (Some(database), Some(mirrored))
                if mirrored.version > database.version && !mutant::is(Mutant::VersionIgnored) =>
            {
                mirrored
            }
            (Some(database), _) => may_be_sent.as_ref().unwrap_or(database),
            (None, Some(mirrored)) => without_base.as_ref().unwrap_or(mirrored),
            (None, None) => continue,
        };
        let version =
            database.or(mirrored).map_or(0, |entry| entry.version).max(mirrored.map_or(0, |entry| entry.version));
        if gone.get(&change).is_some_and(|gone| *gone >= version) {
            if database.is_some() {
                found.database.drop_entries.push(change);
            }
            if mirrored.is_some() {
                found.mirror.push(MirrorWrite::Drop { name: row_name(change) });
            }
            continue;
        }
        if database != Some(newest) {
            found.healed_database += usize::from(database.is_none());
            found.database.put_entries.push(newest.clone());
        }
        // Also where its row is damaged: then it is not among those read.
        if mirrored != Some(newest) {
            found.healed_mirror += usize::from(mirrored.is_none());
            found.mirror.push(put_entry(newest, &[]));
        }
        stands.insert(change, newest.clone());
    }
    // A tombstone has done its work when the database was opened anew and does not hold its change.
    let done = tombstones.keys().filter(|change| !in_database.contains_key(change) && !in_mirror.contains_key(change));
    found.mirror.extend(done.map(|change| MirrorWrite::Drop { name: row_name(*change) }));

    let orders = stands.values().map(|entry| entry.order);
    let counter =
        orders.chain([outbox.counter, mirror_counter.unwrap_or(0), witness.counter]).max().unwrap_or_default();
    let counter = if mutant::is(Mutant::CounterForgotten) { outbox.counter } else { counter };
    found.database.counter = (counter > outbox.counter).then_some(counter);
    // Places that were given out to what was never called saved: the phone died between two rows of the mirror.
    let known =
        stands.values().map(|entry| entry.order).chain([outbox.counter, witness.counter]).max().unwrap_or_default();
    let thrown = witness.thrown.saturating_sub(outbox.thrown) + counter.saturating_sub(known);
    found.database.thrown = i64::try_from(thrown).unwrap_or(0);
    if mirror_counter != Some(counter) && counter > 0 {
        found.mirror.insert(0, put(COUNTER_ROW.to_owned(), &Mirrored::Counter(counter)));
    }

    // What the witness does not know of was received long ago, or never called saved: the remains of a row, nothing more.
    let is_remains = |change: &ChangeId| {
        witness.counter > 0
            && !witness.waiting.contains(change)
            && !outbox.entries.values().any(|e| e.change == *change)
    };
    let stands_nowhere = |change: &ChangeId| !stands.contains_key(change) && !gone.contains_key(change);
    let unread: LiteMap<ChangeId, ()> = damaged
        .iter()
        .filter_map(|name| ChangeId::parse(name))
        .chain(unreadable.iter().copied())
        .filter(|change| stands_nowhere(change) && !is_remains(change))
        .map(|change| (change, ()))
        .collect();
    let remains = damaged.into_iter().filter(|name| ChangeId::parse(name).is_some_and(|change| is_remains(&change)));
    found.mirror.extend(remains.map(|name| MirrorWrite::Drop { name: name.clone() }));
    found.unreadable = unread.len();
    if mutant::is(Mutant::LossNotTold) {
        return found;
    }
    found.lost = witness.waiting.iter().filter(|change| stands_nowhere(change) && !unread.contains_key(change)).count();
    found
}

#[cfg(test)]
mod tests;
