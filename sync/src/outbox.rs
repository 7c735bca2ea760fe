//! The outbox: the queue of unsent changes on a device, and the records that it has received. Pure data, and the rules
//! by which it changes.
//!
//! Every function returns the [`LocalWrites`] that the local store has to commit in one transaction (S2); nothing has
//! happened until it has committed.

use std::collections::{BTreeMap, HashSet};

use domain::{AssociationId, ChangeId, Content, DeviceId, Kind, RecordId, UserId, content::overlay};
use litemap::LiteMap;

use crate::{
    canonical::body_hash,
    limits,
    local::{Body, Cursor, Entry, EntryState, LocalRecord, LocalWrites, REFERENCES},
    merge::rebase,
    mutant::{self, Mutant},
    protocol::{
        ChangeResult, Held, OFFER_MAGIC, OfferRequest, Offered, Outcome, PullReply,
        hand_in::{HandInOutcome, HandInResult},
    },
    rules::{codes, reference},
};

/// All that a device holds of one user: the mirror in memory of the local store.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outbox {
    /// By place in the queue; two tabs may give the same one, so the change's id stands beside it.
    pub entries: LiteMap<(u64, ChangeId), Entry>,
    pub records: BTreeMap<(Kind, RecordId), LocalRecord>,
    pub cursors: LiteMap<AssociationId, Cursor>,
    /// How many changes this device has ever made.
    pub counter: u64,
    /// How many of them the server never gets: see [`LocalWrites::thrown`]. Told at each contact, so that they are not taken for lost.
    pub thrown: u64,
}

/// See [`Outbox::forgettable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forgettable {
    /// Something was not handed in yet.
    Nothing,
    /// Records and cursors. The entries are on no other disk, and stay.
    Received,
    All,
}

/// An edit as the screen makes it; ids are stamped by the device.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    pub change: ChangeId,
    pub association: AssociationId,
    pub record: RecordId,
    pub kind: Kind,
    pub body: Body,
    pub made_at: i64,
}

/// How to take an edit back: see [`Outbox::inverse`].
#[derive(Clone, Debug, PartialEq)]
pub struct Inverse {
    /// The edit turned round: what was there before it.
    edit: Edit,
    /// What the edit itself said.
    edited: Body,
    /// The edit on the wire behind which it waited, and the revision that one started from.
    behind: Option<(ChangeId, u32)>,
    /// For as long as it has not been sent.
    writes: LocalWrites,
}

/// A received content with edits of it on top, in their order; none when it is deleted.
pub(crate) fn with_edits<'a>(received: Option<Content>, edits: impl Iterator<Item = &'a Entry>) -> Option<Content> {
    edits.fold(received, |content, entry| match &entry.body {
        Body::Content(edited) => Some(overlay(&content.unwrap_or_default(), edited)),
        Body::Deleted => None,
    })
}

impl Outbox {
    /// Takes up what a committed transaction wrote.
    pub fn apply(&mut self, writes: &LocalWrites) {
        if !writes.drop_entries.is_empty() {
            self.entries.retain(|_, entry| !writes.drop_entries.contains(&entry.change));
        }
        self.counter = self.counter.max(writes.counter.unwrap_or(0));
        if !mutant::is(Mutant::ThrownForgotten) {
            self.thrown = self.thrown.saturating_add_signed(writes.thrown);
        }
        for entry in &writes.put_entries {
            self.counter = self.counter.max(entry.order);
            self.entries.insert((entry.order, entry.change), entry.clone());
        }
        for record in &writes.put_records {
            self.records.insert((record.kind, record.id), record.clone());
        }
        for (association, cursor) in &writes.cursors {
            self.cursors.insert(*association, cursor.clone());
        }
    }

    pub fn entry(&self, change: ChangeId) -> Option<&Entry> {
        self.entries.values().find(|entry| entry.change == change)
    }

    /// The content of one record as it is shown, with the device's own edits on top; none when it is deleted or not there.
    pub fn content(&self, kind: Kind, record: RecordId) -> Option<Content> {
        let received = self.records.get(&(kind, record)).and_then(|record| record.content.clone());
        with_edits(received, self.entries_of(kind, record))
    }

    fn entries_of(&self, kind: Kind, record: RecordId) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.values().filter(move |entry| entry.kind == kind && entry.record == record)
    }

    /// The edit of a record whose receipt later ones wait for.
    fn on_the_wire(&self, kind: Kind, record: RecordId) -> Option<&Entry> {
        self.entries_of(kind, record).rfind(|entry| entry.sent && entry.is_waiting())
    }

    /// The entry and the record writes of an edit. It joins a waiting edit of the same record that has not been on the wire,
    /// and takes the place of a refused one (S5, S6); behind one that was sent it waits for that one's receipt.
    pub fn edit(&self, edit: Edit) -> LocalWrites {
        let mut writes = LocalWrites { drop_draft: Some(edit.record), ..LocalWrites::default() };
        let behind = self.on_the_wire(edit.kind, edit.record);
        let joins: Vec<&Entry> =
            self.entries_of(edit.kind, edit.record).filter(|entry| !(entry.sent && entry.is_waiting())).collect();
        let held = self.records.get(&(edit.kind, edit.record));
        let base = match (joins.first(), behind) {
            (Some(joined), None) => joined.base,
            // After a restore, until the server has told of it, its revision of that number may be another one (S9).
            _ => held.filter(|record| record.seq > 0).map_or(0, |record| record.rev),
        };
        writes.drop_entries = joins.iter().map(|entry| entry.change).collect();
        writes.gone = joins.iter().map(|entry| entry.gone()).collect();
        // A record that was made and deleted before it was ever sent leaves nothing to tell.
        let never_left = behind.is_none() && base == 0 && held.is_none_or(|record| record.rev == 0);
        // The first one's place in the queue is used again.
        let unheard = joins.iter().filter(|entry| entry.is_unheard()).count() as i64;
        if never_left && edit.body == Body::Deleted {
            writes.thrown = unheard;
            return writes;
        }
        writes.thrown = (unheard - 1).max(0);
        writes.counts = joins.is_empty();
        let mut counted = self.counter;
        if mutant::is(Mutant::OrderReused) {
            counted = self.entries.len() as u64;
        }
        let order = joins.first().map_or(counted + 1, |joined| joined.order);
        writes.put_entries.push(Entry {
            change: edit.change,
            association: edit.association,
            record: edit.record,
            kind: edit.kind,
            base,
            body: match joins.first() {
                Some(joined) if mutant::is(Mutant::JoinedEditLost) => joined.body.clone(),
                _ => edit.body,
            },
            // The evening does not get younger by being mended before it is sent.
            made_at: joins.iter().map(|joined| joined.made_at).fold(edit.made_at, i64::min),
            order,
            state: EntryState::Waiting,
            sent: false,
            filed: false,
            version: 0,
        });
        writes
    }

    /// What takes an edit back, worked out before its writes are applied.
    pub fn inverse(&self, edit: &Edit, writes: &LocalWrites) -> Inverse {
        let before = self.content(edit.kind, edit.record);
        let replaced = writes.drop_entries.iter().filter_map(|change| Some(self.entry(*change)?.next())).collect();
        Inverse {
            edit: Edit { body: before.map_or(Body::Deleted, Body::Content), ..edit.clone() },
            edited: edit.body.clone(),
            behind: self.on_the_wire(edit.kind, edit.record).map(|entry| (entry.change, entry.base)),
            writes: LocalWrites {
                put_entries: replaced,
                drop_entries: vec![edit.change],
                // A place that was given out for it, or what it had thrown away.
                thrown: i64::from(writes.counts) - writes.thrown,
                ..LocalWrites::default()
            },
        }
    }

    /// Takes an edit back: what it replaced stands again. An edit that has been on the wire, or has taken the place of a refused
    /// one, is answered by a new one that says what was there before, of the fields that it had changed; `change` is that
    /// one's id.
    pub fn undo(&self, inverse: &Inverse, change: ChangeId) -> LocalWrites {
        let held = self.records.get(&(inverse.edit.kind, inverse.edit.record));
        let (is_known, revision) = (held.is_some(), held.map_or(0, |record| record.rev));
        let entry = self.entry(inverse.edit.change);
        let was_sent = match entry {
            Some(entry) => entry.sent,
            // Neither waiting nor replaced: it has been received meanwhile.
            None => is_known && inverse.writes.put_entries.iter().all(|entry| entry.base < revision),
        };
        // The edit before it was refused and made way for it ([`Outbox::refuse`]): dropping this one, or having thrown it away,
        // would leave neither. After a receipt it would stand on a later revision.
        let stands_alone = inverse.behind.is_some_and(|(before, base)| {
            self.entry(before).is_none() && entry.map_or(!is_known, |entry| entry.base <= base)
        });
        if was_sent || stands_alone {
            let (kind, record) = (inverse.edit.kind, inverse.edit.record);
            let now = self.content(kind, record);
            let body = match (&inverse.edit.body, &inverse.edited, now) {
                (Body::Content(before), Body::Content(edited), Some(now)) => {
                    Body::Content(rebase(kind, edited, before, &now))
                }
                (before, ..) => before.clone(),
            };
            return self.edit(Edit { change, body, ..inverse.edit.clone() });
        }
        let gone = self.entry(inverse.edit.change).map(Entry::gone).into_iter().collect();
        LocalWrites { gone, ..inverse.writes.clone() }
    }

    /// Throws away an entry that has not been sent, or that was refused. None when it may be with the server already.
    pub fn drop_entry(&self, change: ChangeId) -> Option<LocalWrites> {
        let entry = self.entry(change)?;
        (!entry.sent || !entry.is_waiting()).then(|| LocalWrites {
            drop_entries: vec![change],
            gone: vec![entry.gone()],
            thrown: i64::from(entry.is_unheard()),
            ..LocalWrites::default()
        })
    }

    /// Throws away all that waits or was refused, also what may be with the server already: whoever leaves this phone has asked for it
    /// by typing a word (S10).
    pub fn drop_all(&self) -> LocalWrites {
        LocalWrites {
            drop_entries: self.entries.values().map(|entry| entry.change).collect(),
            gone: self.entries.values().map(Entry::gone).collect(),
            thrown: self.entries.values().filter(|entry| entry.is_unheard() && !entry.filed).count() as i64,
            ..LocalWrites::default()
        }
    }

    /// The next batch: one association, one change a record, oldest first, within the limits of a push. `held` are changes
    /// whose undo bar is still on the screen.
    pub fn next_batch(&self, held: &HashSet<ChangeId>, most: usize) -> Option<(AssociationId, Vec<ChangeId>)> {
        if mutant::is(Mutant::RefusedBlocksQueue) && self.entries.values().any(|entry| !entry.is_waiting()) {
            return None;
        }
        // What waits behind a held change of its record is not ready either.
        let mut firsts = HashSet::new();
        let mut ready = |entry: &&Entry| {
            entry.is_waiting() && firsts.insert((entry.kind, entry.record)) && !held.contains(&entry.change)
        };
        let association = self.entries.values().find(|entry| ready(entry))?.association;
        let mut records = HashSet::new();
        let mut bytes = 0;
        let mut batch = Vec::new();
        for entry in self.entries.values().filter(|entry| entry.association == association && entry.is_waiting()) {
            // The first waiting entry of a record goes first, also when it is held.
            if !records.insert((entry.kind, entry.record)) || held.contains(&entry.change) {
                continue;
            }
            bytes += entry.body.content().map_or(0, |content| crate::canonical::canonical(content).len()) + 300;
            if batch.len() == most || (bytes > limits::PUSH_BYTES_MAX && !batch.is_empty()) {
                break;
            }
            batch.push(entry.change);
        }
        Some((association, batch))
    }

    /// Marks a batch as being on the wire.
    pub fn mark_sent(&self, batch: &[ChangeId]) -> LocalWrites {
        let put_entries = batch
            .iter()
            .filter_map(|change| self.entry(*change))
            .filter(|entry| !entry.sent && !mutant::is(Mutant::SentForgotten))
            .map(Entry::as_sent)
            .collect();
        LocalWrites { put_entries, ..LocalWrites::default() }
    }

    /// What receipts change (S4–S6). A result that does not name a change of the batch, its record and the hash of its content
    /// as sent is not a receipt and changes nothing. Returns also the changes that have to be sent again.
    ///
    /// What refers to a record that the server does not know, and that nothing here will bring, would be sent for ever: it is
    /// marked as refused, so that its author can mend it or throw it away (S6, S12). No answer is stored for it, and when the
    /// record does come, from another device, it waits again (`revive`).
    pub fn settle(
        &self,
        batch: &[ChangeId],
        results: &[ChangeResult],
        server_time: i64,
    ) -> (LocalWrites, Vec<ChangeId>) {
        let mut writes = LocalWrites::default();
        let mut again = Vec::new();
        for (position, change) in batch.iter().enumerate() {
            let Some(entry) = self.entry(*change) else { continue };
            let hash_matches =
                |result: &ChangeResult| result.sent_hash == entry.body.hash() || mutant::is(Mutant::ReceiptHashIgnored);
            let mut receipt = results
                .iter()
                .find(|result| result.change == *change && result.record == entry.record && hash_matches(result));
            if mutant::is(Mutant::ResultByPosition) {
                receipt = results.get(position);
            }
            match receipt {
                None => again.push(*change),
                Some(result) => match result.outcome {
                    // It stays marked as sent: a copy of the request that is still under way may be taken later.
                    Outcome::AgainLater if !mutant::is(Mutant::AgainLaterIsStored) => match self.unknown(entry, result)
                    {
                        Some((code, field)) => self.refuse_here(entry, code, &[field], &mut writes),
                        None => again.push(*change),
                    },
                    Outcome::Refused => {
                        let code = result.code.clone().unwrap_or_default();
                        self.refuse(entry, code, result.fields.clone(), &mut writes);
                    }
                    Outcome::Stored | Outcome::Merged | Outcome::Clash | Outcome::AgainLater => {
                        self.adopt(entry, result, server_time, &mut writes);
                    }
                },
            }
        }
        self.revive(&mut writes);
        (writes, again)
    }

    /// What receipts for a hand-in change: what the server has on its disk for the association to decide about leaves this device, by a
    /// receipt that names the change, its record and the hash of its content as sent (S4). All else stays as it is. No device has to
    /// account for it: the server received it as nobody's. Returns also how many left.
    pub fn handed_in(&self, batch: &[ChangeId], results: &[HandInResult]) -> (LocalWrites, usize) {
        let mut writes = LocalWrites::default();
        for entry in batch.iter().filter_map(|change| self.entry(*change)) {
            let is_receipt = |result: &&HandInResult| {
                result.change == entry.change
                    && result.record == entry.record
                    && result.sent_hash == entry.body.hash()
                    && result.outcome == HandInOutcome::Given
            };
            if results.iter().any(|result| is_receipt(&result)) {
                writes.drop_entries.push(entry.change);
                writes.thrown += i64::from(entry.is_unheard() && !entry.filed);
            }
        }
        let count = writes.drop_entries.len();
        (writes, count)
    }

    /// What a device may forget whose sign-in was ended from elsewhere, once the server has answered a hand-in of these changes, whatever
    /// it said. What was refused (a deletion, a group, a review), or waits for such, keeps nothing of what was received on a phone that may
    /// be lost; a change that has no answer yet keeps all.
    pub fn forgettable(&self, answered: &HashSet<ChangeId>) -> Forgettable {
        match (self.next_batch(answered, 1), self.waiting()) {
            (Some(_), _) => Forgettable::Nothing,
            (None, 0) => Forgettable::All,
            (None, _) => Forgettable::Received,
        }
    }

    /// Marks a change that is too large to travel by itself: it needs mending like a refused one.
    pub fn refuse_too_large(&self, change: ChangeId) -> LocalWrites {
        let mut writes = LocalWrites::default();
        if let Some(entry) = self.entry(change) {
            self.refuse_here(entry, codes::TOO_LARGE, &[], &mut writes);
        }
        writes
    }

    /// Why an entry that was answered `again-later` waits in vain, and for which of its fields. None while what it refers to
    /// waits here itself, or has been heard of in this epoch: another tab may have sent it meanwhile.
    fn unknown(&self, entry: &Entry, result: &ChangeResult) -> Option<(&'static str, &'static str)> {
        let (code, field, kind) = REFERENCES.into_iter().find(|(code, ..)| result.code.as_deref() == Some(code))?;
        let id = reference(entry.body.content()?, field)?;
        let waits = self.entries_of(kind, id).any(Entry::is_waiting);
        let is_known = self.records.get(&(kind, id)).is_some_and(|record| record.seq > 0);
        (!waits && !is_known).then_some((code, field))
    }

    /// Entries that were refused for want of a record that the server has told of in these writes: they wait again.
    fn revive(&self, writes: &mut LocalWrites) {
        for entry in self.entries.values() {
            let EntryState::Refused { code, .. } = &entry.state else { continue };
            let Some((_, field, kind)) = REFERENCES.into_iter().find(|(known, ..)| known == code) else { continue };
            let id = entry.body.content().and_then(|content| reference(content, field));
            let is_told =
                writes.put_records.iter().any(|record| record.kind == kind && record.seq > 0 && Some(record.id) == id);
            if is_told && !writes.drop_entries.contains(&entry.change) {
                writes.put_entries.push(Entry { state: EntryState::Waiting, ..entry.next() });
            }
        }
    }

    /// Refused by this device, without a receipt: an edit that takes its place does so as if its author had mended it.
    fn refuse_here(&self, entry: &Entry, code: &str, fields: &[&str], writes: &mut LocalWrites) {
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        self.refuse(entry, code.to_owned(), fields, writes);
        if writes.drop_entries.contains(&entry.change) {
            writes.gone.push(entry.gone());
            writes.thrown += 1;
        }
    }

    fn refuse(&self, entry: &Entry, code: String, fields: Vec<String>, writes: &mut LocalWrites) {
        match self.behind(entry) {
            // A later edit waits behind it and is whole in itself: it is the mended one.
            Some(later) => {
                writes.drop_entries.push(entry.change);
                writes.put_entries.push(Entry { base: entry.base, ..later.next() });
            }
            None => {
                let state = EntryState::Refused { code, fields };
                writes.put_entries.push(Entry { state, ..entry.next() });
            }
        }
    }

    /// The edit of the same record that waits for this one's receipt.
    fn behind(&self, entry: &Entry) -> Option<&Entry> {
        self.entries_of(entry.kind, entry.record).find(|later| later.order > entry.order && !later.sent)
    }

    fn adopt(&self, entry: &Entry, result: &ChangeResult, server_time: i64, writes: &mut LocalWrites) {
        let held = self.records.get(&(entry.kind, entry.record));
        let content = match (&result.content, entry.body.content()) {
            (Some(stored), _) => Some(stored.clone()),
            (None, Some(sent)) => Some(overlay(&Content::new(), sent)),
            (None, None) => None,
        };
        writes.drop_entries.push(entry.change);
        // A pull may have brought a later revision while the receipt was on its way.
        if held.is_none_or(|record| record.seq <= result.seq) {
            writes.put_records.push(LocalRecord {
                association: entry.association,
                kind: entry.kind,
                id: entry.record,
                rev: result.rev,
                seq: result.seq,
                content: content.clone(),
                mine: held.is_none_or(|record| record.mine),
                by: held.and_then(|record| record.by.clone()),
                received_at: Some(server_time),
                count_changed: None,
                seal: result.seal.clone(),
            });
        }
        // What was saved in a file twice, corrected in between: the correction cannot be changed any more, but it did see this.
        let corrections = self.entries_of(entry.kind, entry.record).filter(|later| {
            later.filed
                && later.sent
                && later.order > entry.order
                && later.base < result.rev
                && result.content.is_none()
        });
        writes.put_entries.extend(corrections.map(|later| Entry { base: result.rev, ..later.next() }));
        // One that was made on a later revision than this receipt's has nothing to learn from it: the entry had come back from
        // the mirror, or the receipt is a stored one.
        if let Some(later) = self.behind(entry).filter(|later| later.base <= result.rev) {
            let body = match (&later.body, entry.body.content(), &content) {
                (Body::Content(edited), Some(sent), Some(stored)) if !mutant::is(Mutant::RebaseForgotten) => {
                    Body::Content(rebase(entry.kind, sent, edited, stored))
                }
                (body, ..) => body.clone(),
            };
            writes.put_entries.push(Entry { base: result.rev, body, ..later.next() });
        }
    }

    /// What a page of a pull changes, with its cursor, in one transaction. Only what is later in the server's order is applied;
    /// what was held before a restore has no place in it ([`Outbox::begin_epoch`]) and gives way to what the server says.
    pub fn pulled(&self, association: AssociationId, reply: &PullReply) -> LocalWrites {
        let mut writes = LocalWrites::default();
        let skipped = usize::from(mutant::is(Mutant::CursorWithoutPage));
        for pulled in reply.records.iter().skip(skipped) {
            let held = self.records.get(&(pulled.kind, pulled.id));
            // What was taken up from a file may have come from its phone before, and is not ours then.
            let is_anothers = |record: &LocalRecord| record.mine && !pulled.mine && record.seq == pulled.seq;
            let is_older = held.is_some_and(|record| record.seq >= pulled.seq && !is_anothers(record));
            if is_older && !mutant::is(Mutant::LowerRevisionApplied) {
                continue;
            }
            writes.put_records.push(LocalRecord {
                association,
                kind: pulled.kind,
                id: pulled.id,
                rev: pulled.rev,
                seq: pulled.seq,
                content: pulled.content.clone().filter(|_| !pulled.deleted),
                mine: pulled.mine,
                by: pulled.by.clone(),
                received_at: held.and_then(|record| record.received_at),
                count_changed: held.filter(|_| pulled.mine && pulled.kind == Kind::Gathering).and_then(|record| {
                    let count = |content: &Option<Content>| content.as_ref()?.get("participants")?.as_u64();
                    let (was, is) = (count(&record.content)?, count(&pulled.content)?);
                    let was = record.count_changed.map_or(was, |(first, _)| first);
                    (was != is).then_some((was, is))
                }),
                seal: pulled.seal.clone(),
            });
        }
        self.revive(&mut writes);
        let cursor = Cursor { epoch: reply.epoch.clone(), seq: reply.next };
        // Nothing new is nothing to write: two tabs that tell each other of it would never come to rest.
        if self.cursors.get(&association) != Some(&cursor) {
            writes.cursors.push((association, cursor));
        }
        writes
    }

    /// The epoch in which an association was last heard of; empty before the first contact.
    pub fn epoch(&self, association: AssociationId) -> &str {
        self.cursors.get(&association).map_or("", |cursor| &cursor.epoch)
    }

    /// Whether `epoch` is not the one in which this device last heard of the association: the server was restored (S9).
    pub fn is_other_epoch(&self, association: AssociationId, epoch: &str) -> bool {
        let known = self.epoch(association);
        !mutant::is(Mutant::EpochIgnored) && !known.is_empty() && !epoch.is_empty() && known != epoch
    }

    /// All that the server has told of an association, to be offered to a restored one (S9).
    pub fn to_offer(&self, association: AssociationId) -> Vec<(Kind, RecordId)> {
        let told = self.records.values().filter(|record| record.association == association && record.rev > 0);
        told.map(|record| (record.kind, record.id)).collect()
    }

    /// Begins to follow a restored server, after everything was offered to it: the cursor starts from zero, and what is held
    /// loses its place in the server's order, so that whatever the server says of it is taken. A waiting edit of a record that
    /// the server `asked` for started from a revision that may be another one there, of the same number: it is sent as one
    /// whose base is not known, so that what differs is asked about and not overwritten (S11).
    pub fn begin_epoch(
        &self,
        association: AssociationId,
        epoch: &str,
        asked: &HashSet<(Kind, RecordId)>,
    ) -> LocalWrites {
        let of_asked = |entry: &&Entry| {
            entry.association == association && entry.base > 0 && asked.contains(&(entry.kind, entry.record))
        };
        let held = self.records.values().filter(|record| record.association == association);
        let reset = mutant::is(Mutant::ResetDropsOutbox);
        LocalWrites {
            drop_entries: self.entries.values().filter(|_| reset).map(|entry| entry.change).collect(),
            put_entries: self.entries.values().filter(of_asked).filter(|_| !reset).map(Entry::without_base).collect(),
            put_records: held.map(|record| LocalRecord { seq: 0, ..record.clone() }).collect(),
            cursors: vec![(association, Cursor { epoch: epoch.to_owned(), seq: 0 })],
            ..LocalWrites::default()
        }
    }

    /// The body of an offer: a page of what is held, or the contents that the server asked for.
    pub fn offer_request(
        &self,
        user: UserId,
        device: DeviceId,
        (association, epoch): (AssociationId, &str),
        holds: &[(Kind, RecordId)],
        contents: &[(Kind, RecordId)],
    ) -> OfferRequest {
        let held = |record: &LocalRecord| Held {
            kind: record.kind,
            id: record.id,
            rev: record.rev,
            hash: body_hash(record.content.as_ref()),
            deleted: record.content.is_none(),
        };
        let offered = |record: &LocalRecord| Offered {
            kind: record.kind,
            id: record.id,
            rev: record.rev,
            content: record.content.clone(),
            deleted: record.content.is_none(),
            mine: record.mine,
            seal: record.seal.clone(),
            sealed: false,
        };
        let records = |keys: &[(Kind, RecordId)]| -> Vec<&LocalRecord> {
            keys.iter().filter_map(|key| self.records.get(key)).collect()
        };
        OfferRequest {
            magic: OFFER_MAGIC.to_owned(),
            user,
            association,
            device,
            schema: limits::SCHEMA,
            epoch: epoch.to_owned(),
            holds: records(holds).into_iter().filter_map(|record| serde_json::to_value(held(record)).ok()).collect(),
            records: records(contents)
                .into_iter()
                .filter_map(|record| serde_json::to_value(offered(record)).ok())
                .collect(),
        }
    }

    /// How many changes the server has given no final answer to: those it hears of as waiting. One that it refused stays here
    /// until its author mends it, and is known to it.
    pub fn unheard(&self) -> usize {
        self.entries.values().filter(|entry| entry.is_unheard() && !entry.filed).count()
    }

    /// How many changes are on this device only.
    pub fn waiting(&self) -> usize {
        self.entries.len()
    }
}

#[cfg(test)]
mod tests;
