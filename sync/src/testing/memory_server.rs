//! The real rules over a store in memory.

use std::collections::{BTreeMap, HashMap};

use domain::{ChangeId, Content, Kind, RecordId, permission::visible, review::Review};

use crate::{
    limits,
    protocol::{ChangeResult, PULL_MAGIC, PUSH_MAGIC, PullRecord, PullReply, PushReply, PushRequest},
    rules::{self, Keys, Loaded, NewRevision, Stored, Who, Writes},
};

/// One association's records, revisions and stored results.
#[derive(Clone, Debug, Default)]
pub struct MemoryServer {
    pub seq: u64,
    pub records: BTreeMap<(Kind, RecordId), Stored>,
    pub revisions: Vec<NewRevision>,
    results: HashMap<ChangeId, ChangeResult>,
    bases: HashMap<(Kind, RecordId, u32), Content>,
    /// What every change said when it was first taken, to prove that none had its effect twice.
    pub taken: HashMap<ChangeId, u32>,
}

impl MemoryServer {
    pub const EPOCH: &str = "memory";

    /// Handles a push as the server does. None where the batch could not be read.
    pub fn push(&mut self, who: &Who, request: &PushRequest, server_time: i64) -> Option<PushReply> {
        let changes = rules::read_changes(&request.changes)?;
        let loaded = self.load(&rules::keys(&changes));
        let (results, writes) = rules::decide(loaded, who, &changes);
        self.apply(&writes);
        Some(PushReply { magic: PUSH_MAGIC.into(), epoch: Self::EPOCH.into(), server_time, results })
    }

    pub fn load(&self, keys: &Keys) -> Loaded {
        let mut loaded = Loaded { seq: self.seq, ..Loaded::default() };
        for change in &keys.changes {
            if let Some(result) = self.results.get(change) {
                loaded.results.insert(*change, result.clone());
            }
        }
        for key in &keys.records {
            if let Some(stored) = self.records.get(key) {
                loaded.records.insert(*key, stored.clone());
            }
        }
        for key in &keys.bases {
            if let Some(content) = self.bases.get(key) {
                loaded.bases.insert(*key, content.clone());
            }
        }
        for about in &keys.about {
            let mut reviews: Vec<(u64, Review)> = self
                .of_kind(Kind::Review)
                .filter_map(|(_, stored)| Some((stored.seq, Review::parse(stored.content.as_ref()?).ok()?)))
                .filter(|(_, review)| review.gathering == *about)
                .collect();
            reviews.sort_by_key(|(seq, _)| *seq);
            if let Some((_, review)) = reviews.last() {
                loaded.reviews.insert(*about, (review.revision, review.verdict));
            }
            let open: Vec<(RecordId, Stored)> = self
                .of_kind(Kind::Alternative)
                .filter(|(_, stored)| {
                    let content = stored.content.as_ref();
                    let of = content.and_then(|c| c.get("record")?.as_str().and_then(RecordId::parse));
                    of == Some(*about) && content.is_some_and(|c| !c.contains_key("settled"))
                })
                .map(|(id, stored)| (id, stored.clone()))
                .collect();
            if !open.is_empty() {
                loaded.alternatives.insert(*about, open);
            }
        }
        loaded
    }

    pub fn apply(&mut self, writes: &Writes) {
        self.seq = writes.seq;
        for revision in &writes.revisions {
            let stored = Stored {
                rev: revision.rev,
                seq: revision.seq,
                content: revision.content.clone(),
                recorder: revision.recorder,
            };
            self.records.insert((revision.kind, revision.record), stored);
            if let Some(content) = &revision.content {
                self.bases.insert((revision.kind, revision.record, revision.rev), content.clone());
            }
            self.revisions.push(revision.clone());
        }
        for result in &writes.results {
            *self.taken.entry(result.change).or_default() += 1;
            self.results.insert(result.change, result.clone());
        }
    }

    pub fn pull(&self, who: &Who, after: u64) -> PullReply {
        let mut all: Vec<PullRecord> = self
            .records
            .iter()
            .filter(|(_, stored)| stored.seq > after)
            .map(|((kind, id), stored)| PullRecord {
                kind: *kind,
                id: *id,
                rev: stored.rev,
                seq: stored.seq,
                content: stored
                    .content
                    .as_ref()
                    .map(|content| visible(who.role, stored.recorder == who.user, *kind, content)),
                deleted: stored.content.is_none(),
                mine: stored.recorder == who.user,
                by: None,
            })
            .collect();
        all.sort_by_key(|record| record.seq);
        let more = all.len() > limits::PULL_PAGE_MAX as usize;
        all.truncate(limits::PULL_PAGE_MAX as usize);
        let next = all.last().map_or(after.max(self.seq), |record| record.seq);
        PullReply { magic: PULL_MAGIC.into(), epoch: Self::EPOCH.into(), records: all, next, more, reset: false }
    }

    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (RecordId, &Stored)> {
        self.records.iter().filter(move |((k, _), _)| *k == kind).map(|((_, id), stored)| (*id, stored))
    }
}
