//! Offers to a restored server what this device holds (S9). An interrupted offer leaves no state: the cursor still has
//! the old epoch, so the next contact detects the new epoch again and the offer starts from the beginning. Offering
//! twice changes nothing more.

use std::collections::{HashSet, VecDeque};

use super::{
    AssociationId, Command, Engine, Failure, Kind, Mutant, Now, OFFER_MAGIC, OfferReply, Phase, RecordId, limits,
    mutant,
};

/// What is left to be offered.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Records that have not been named yet.
    holds: VecDeque<(Kind, RecordId)>,
    /// Records whose content the server asked for.
    wanted: VecDeque<(Kind, RecordId)>,
    /// All that the server asked for in this offer: it says something else of them, or nothing.
    asked: HashSet<(Kind, RecordId)>,
    /// Those in the request under way.
    under_way: Vec<(Kind, RecordId)>,
    /// The request under way carries contents.
    carries_contents: bool,
    /// Halved by each 413, and kept for the next offer.
    halvings: u32,
    /// Contents that are too large for something on the way by themselves. They stay on this device.
    too_large: HashSet<(Kind, RecordId)>,
}

impl Engine {
    /// Begins to offer; what was being done waits.
    pub(super) fn begin_offer(&mut self, association: AssociationId, epoch: String, now: Now) -> Vec<Command> {
        let Plan { halvings, too_large, .. } = std::mem::take(&mut self.offer);
        let holds = self.outbox.to_offer(association).into_iter().filter(|key| !too_large.contains(key)).collect();
        let mut holds: VecDeque<_> = holds;
        if mutant::is(Mutant::OfferSkipped) {
            holds.clear();
        }
        self.offer = Plan { holds, halvings, too_large, ..Plan::default() };
        self.offer_step(association, epoch, now)
    }

    /// The contents asked for, then the next page, and in the end the new epoch.
    fn offer_step(&mut self, association: AssociationId, epoch: String, now: Now) -> Vec<Command> {
        let contents = self.next_contents();
        let at_most = (limits::OFFER_HOLDS_MAX >> self.offer.halvings).max(1);
        let page = if contents.is_empty() { self.offer.holds.len().min(at_most) } else { 0 };
        let holds: Vec<_> = self.offer.holds.drain(..page).collect();
        if !contents.is_empty() || !holds.is_empty() {
            self.offer.carries_contents = !contents.is_empty();
            self.offer.under_way = [contents.as_slice(), &holds].concat();
            self.start_contact(Phase::Offering { association, epoch: epoch.clone() }, now);
            let offer = Command::Offer { association, epoch, holds, contents };
            return vec![offer, Command::Wait { ms: limits::LEASE_MS }];
        }
        self.phase = Phase::Idle;
        self.offer.under_way.clear();
        let mut commands = Vec::new();
        // Another tab may have been faster.
        if self.outbox.epoch(association) != epoch {
            let writes = self.outbox.begin_epoch(association, &epoch, &self.offer.asked);
            self.apply(&writes);
            commands.push(Command::Commit(writes));
        }
        if !self.to_pull.contains(&association) {
            self.to_pull.push(association);
        }
        commands.extend(self.next_step(now));
        commands
    }

    /// As many contents as fit a push.
    fn next_contents(&mut self) -> Vec<(Kind, RecordId)> {
        let at_most = (limits::CHANGES_PER_PUSH_MAX >> self.offer.halvings).max(1);
        let mut bytes = 0;
        let mut contents = Vec::new();
        while let Some(key) = self.offer.wanted.front().copied() {
            let content = self.outbox.records.get(&key).and_then(|record| record.content.as_ref());
            bytes += content.map_or(0, |content| crate::canonical::canonical(content).len()) + 300;
            if contents.len() == at_most || (bytes > limits::PUSH_BYTES_MAX && !contents.is_empty()) {
                break;
            }
            self.offer.wanted.pop_front();
            contents.push(key);
        }
        contents
    }

    pub(super) fn offered(&mut self, reply: Result<OfferReply, Failure>, now: Now) -> Vec<Command> {
        let Phase::Offering { association, epoch } = self.phase.clone() else { return Vec::new() };
        let reply = match reply {
            Ok(reply) if reply.magic == OFFER_MAGIC => reply,
            Ok(_) => return self.failed(Failure::NoAnswer, now),
            Err(failure) => return self.failed(failure, now),
        };
        if reply.epoch != epoch {
            // Nothing was taken: restored once more meanwhile, or what was heard of the epoch was old.
            if reply.epoch.is_empty() {
                return self.failed(Failure::NoAnswer, now);
            }
            if !self.outbox.is_other_epoch(association, &reply.epoch) {
                self.phase = Phase::Idle;
                return self.next_step(now);
            }
            return self.begin_offer(association, reply.epoch, now);
        }
        if !self.offer.carries_contents && !mutant::is(Mutant::WantedForgotten) {
            let named: HashSet<_> = self.offer.under_way.iter().copied().collect();
            // What the server has of it is not known.
            if reply.closed {
                self.offer.asked.extend(&named);
            }
            let wanted = reply.wanted.iter().map(|key| (key.kind, key.id)).filter(|key| named.contains(key));
            let wanted: Vec<_> = wanted.collect();
            self.offer.asked.extend(&wanted);
            self.offer.wanted.extend(wanted);
        }
        self.offer_step(association, epoch, now)
    }

    /// 413: half as much at a time from now on, and without what is too large by itself.
    pub(super) fn offer_was_too_large(&mut self) {
        if let [key] = self.offer.under_way[..] {
            self.offer.too_large.insert(key);
        }
        self.offer.halvings = (self.offer.halvings + 1).min(16);
    }
}
