//! A server in memory that runs the real rules.

use std::collections::{BTreeMap, HashMap};

use domain::{ChangeId, Content, Kind, RecordId, UserId, alternative::is_open, permission::visible, review::Review};

use crate::{
    engine::Failure,
    limits,
    mutant::{self, Mutant},
    protocol::{
        ChangeResult, OFFER_MAGIC, OfferReply, OfferRequest, PULL_MAGIC, PUSH_MAGIC, PullRecord, PullReply, PushReply,
        PushRequest,
    },
    rules::{self, Corrected, Keys, Loaded, NewRevision, Stored, Who, Writes, offer, pull},
    seal::SealKey,
};

/// What the simulator asks of a server of one association, so that the same world can run over another store.
pub trait SimServer {
    /// A copy of all that is stored, as a backup is.
    type Snapshot: Clone;

    fn push(&mut self, who: &Who, request: &PushRequest, server_time: i64) -> Result<PushReply, Failure>;

    /// `user` is whose device asks (S10), `epoch` that of the cursor `after`.
    fn pull(&mut self, who: &Who, user: UserId, after: u64, epoch: &str) -> Result<PullReply, Failure>;

    fn offer(&mut self, who: &Who, request: &OfferRequest) -> Result<OfferReply, Failure>;

    fn snapshot(&mut self) -> Self::Snapshot;

    /// Goes back to a snapshot, under a new epoch (S9).
    fn restore(&mut self, snapshot: &Self::Snapshot, epoch: &str);

    fn epoch(&self) -> &str;

    /// The revisions from number `from` on, in the order of their sequence numbers.
    fn added(&mut self, from: usize) -> Vec<NewRevision>;

    /// The newest revision of every record.
    fn newest(&mut self) -> Vec<((Kind, RecordId), Stored)>;
}

/// The key of the seals of all servers in memory.
fn seal_key() -> SealKey {
    SealKey::new("in memory")
}

/// One association's records, revisions and stored results.
#[derive(Clone, Debug, Default)]
pub struct MemoryServer {
    epoch: String,
    seq: u64,
    /// Every revision, in the order of the sequence numbers; a corrected recorder stands here as its revision once more.
    revisions: Vec<NewRevision>,
    /// Stored results, in the order of storing.
    results: Vec<ChangeResult>,
    // What follows is made of the two above, so that going back to a backup is making it anew.
    newest: BTreeMap<(Kind, RecordId), usize>,
    numbers: HashMap<(Kind, RecordId, u32), usize>,
    known: HashMap<ChangeId, usize>,
    reviews: HashMap<RecordId, usize>,
    alternatives: HashMap<RecordId, Vec<RecordId>>,
}

/// Everything before these lengths.
#[derive(Clone, Copy, Debug)]
pub struct Backup {
    seq: u64,
    revisions: usize,
    results: usize,
}

impl MemoryServer {
    pub fn new(epoch: &str) -> MemoryServer {
        MemoryServer { epoch: epoch.to_owned(), ..MemoryServer::default() }
    }

    pub fn load(&self, keys: &Keys) -> Loaded {
        let mut loaded = Loaded { seq: self.seq, ..Loaded::default() };
        for change in &keys.changes {
            if let Some(index) = self.known.get(change) {
                loaded.results.insert(*change, self.results[*index].clone());
            }
        }
        for key in &keys.records {
            if let Some(stored) = self.stored(*key) {
                loaded.records.insert(*key, stored);
            }
        }
        for key in &keys.bases {
            if let Some(content) = self.numbers.get(key).and_then(|index| self.revisions[*index].content.clone()) {
                loaded.bases.insert(*key, content);
            }
        }
        for about in &keys.about {
            if let Some(review) = self.reviews.get(about).and_then(|index| self.review(*index)) {
                loaded.reviews.insert(*about, (review.revision, review.verdict));
            }
            let open: Vec<(RecordId, Stored)> = self
                .alternatives
                .get(about)
                .into_iter()
                .flatten()
                .filter_map(|id| Some((*id, self.stored((Kind::Alternative, *id))?)))
                .filter(|(_, stored)| stored.content.as_ref().is_some_and(is_open))
                .collect();
            if !open.is_empty() {
                loaded.alternatives.insert(*about, open);
            }
        }
        loaded
    }

    pub fn apply(&mut self, writes: &Writes) {
        let mut corrected = writes.corrected.iter().peekable();
        let mut revisions = writes.revisions.iter().peekable();
        while revisions.peek().is_some() || corrected.peek().is_some() {
            let before = |next: &&Corrected| revisions.peek().is_none_or(|revision| next.seq < revision.seq);
            let Some(corrected) = corrected.next_if(before) else {
                revisions.next().into_iter().for_each(|revision| self.add(revision.clone()));
                continue;
            };
            if let Some(index) = self.newest.get(&(corrected.kind, corrected.record)) {
                let revision = self.revisions[*index].clone();
                self.add(NewRevision { seq: corrected.seq, recorder: corrected.recorder, ..revision });
            }
        }
        self.seq = writes.seq;
        for result in &writes.results {
            self.known.insert(result.change, self.results.len());
            self.results.push(result.clone());
        }
    }

    fn add(&mut self, revision: NewRevision) {
        let index = self.revisions.len();
        self.newest.insert((revision.kind, revision.record), index);
        self.numbers.insert((revision.kind, revision.record, revision.rev), index);
        let about = revision.about;
        match (revision.kind, about) {
            (Kind::Review, Some(gathering)) => {
                self.reviews.insert(gathering, index);
            }
            (Kind::Alternative, Some(record)) => {
                let known = self.alternatives.entry(record).or_default();
                if !known.contains(&revision.record) {
                    known.push(revision.record);
                }
            }
            _ => {}
        }
        self.revisions.push(revision);
    }

    fn stored(&self, key: (Kind, RecordId)) -> Option<Stored> {
        let revision = &self.revisions[*self.newest.get(&key)?];
        let NewRevision { rev, seq, content, recorder, .. } = revision.clone();
        Some(Stored { rev, seq, content, recorder })
    }

    fn review(&self, index: usize) -> Option<Review> {
        Review::parse(self.revisions[index].content.as_ref()?).ok()
    }

    fn shown(&self, who: &Who, revision: &NewRevision) -> PullRecord {
        let own = revision.recorder == who.user;
        let seen = |content: &Content| visible(who.role, own, revision.kind, content);
        PullRecord {
            kind: revision.kind,
            id: revision.record,
            rev: revision.rev,
            seq: revision.seq,
            content: revision.content.as_ref().map(seen),
            deleted: revision.content.is_none(),
            mine: own,
            by: None,
            seal: String::new(),
        }
    }
}

impl SimServer for MemoryServer {
    type Snapshot = Backup;

    fn push(&mut self, who: &Who, request: &PushRequest, server_time: i64) -> Result<PushReply, Failure> {
        if request.user != who.user && !mutant::is(Mutant::UserNotChecked) {
            return Err(Failure::SignIn);
        }
        let changes = rules::read_changes(&request.changes).ok_or(Failure::NoAnswer)?;
        let reply =
            |epoch: &str, results| PushReply { magic: PUSH_MAGIC.into(), epoch: epoch.into(), server_time, results };
        if rules::must_offer_first(&request.epoch, &self.epoch) {
            return Ok(reply(&self.epoch, rules::before_the_offer(&changes)));
        }
        let loaded = self.load(&rules::keys(&changes));
        let (mut results, writes) = rules::decide(loaded, who, &changes);
        rules::seal(&seal_key(), who.association, &mut results);
        self.apply(&writes);
        Ok(reply(&self.epoch, results))
    }

    fn pull(&mut self, who: &Who, user: UserId, after: u64, epoch: &str) -> Result<PullReply, Failure> {
        if user != who.user {
            return Err(Failure::SignIn);
        }
        let reset = rules::must_offer_first(epoch, &self.epoch);
        let after = if reset { 0 } else { after };
        let first = self.revisions.partition_point(|revision| revision.seq <= after);
        let is_newest =
            |index: &usize| self.newest[&(self.revisions[*index].kind, self.revisions[*index].record)] == *index;
        let mut found = (first..self.revisions.len()).filter(is_newest);
        let mut page: Vec<PullRecord> = found
            .by_ref()
            .take(limits::PULL_PAGE_MAX as usize)
            .map(|index| self.shown(who, &self.revisions[index]))
            .collect();
        pull::seal(&seal_key(), who.association, who.user, &mut page);
        let more = found.next().is_some();
        let next = if more { page.last().map_or(after, |record| record.seq) } else { self.seq.max(after) };
        Ok(PullReply { magic: PULL_MAGIC.into(), epoch: self.epoch.clone(), records: page, next, more, reset })
    }

    fn offer(&mut self, who: &Who, request: &OfferRequest) -> Result<OfferReply, Failure> {
        if request.user != who.user {
            return Err(Failure::SignIn);
        }
        let mut wanted = Vec::new();
        if request.epoch == self.epoch {
            let holds = offer::read_holds(&request.holds);
            wanted = offer::wanted(&self.load(&offer::hold_keys(&holds)), who, &holds);
            let mut records = offer::read_records(&request.records);
            if !records.is_empty() {
                offer::check_seals(&seal_key(), who, &mut records);
                let writes = offer::decide(self.load(&offer::keys(&records)), who, &records);
                self.apply(&writes);
            }
        }
        Ok(OfferReply { magic: OFFER_MAGIC.into(), epoch: self.epoch.clone(), wanted, closed: false })
    }

    fn snapshot(&mut self) -> Backup {
        Backup { seq: self.seq, revisions: self.revisions.len(), results: self.results.len() }
    }

    fn restore(&mut self, backup: &Backup, epoch: &str) {
        let mut old = std::mem::replace(self, MemoryServer::new(epoch));
        old.revisions.truncate(backup.revisions);
        old.results.truncate(backup.results);
        old.revisions.into_iter().for_each(|revision| self.add(revision));
        self.apply(&Writes { seq: backup.seq, results: old.results, ..Writes::default() });
    }

    fn epoch(&self) -> &str {
        &self.epoch
    }

    fn added(&mut self, from: usize) -> Vec<NewRevision> {
        self.revisions[from..].to_vec()
    }

    fn newest(&mut self) -> Vec<((Kind, RecordId), Stored)> {
        self.newest.keys().filter_map(|key| Some((*key, self.stored(*key)?))).collect()
    }
}
