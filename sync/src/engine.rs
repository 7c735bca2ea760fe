//! When to contact the server: a pure state machine, `handle(event, now) -> commands`. It awaits nothing, reads no
//! clock and makes no random number. `client` passes it the browser's events and carries out its commands in order; the
//! simulator does the same.

use std::{collections::HashSet, sync::Arc};

use domain::{AssociationId, ChangeId, Kind, RecordId};
use litemap::LiteMap;

use crate::{
    limits,
    local::{Cursor, LocalWrites},
    mutant::{self, Mutant},
    outbox::Outbox,
    protocol::{OFFER_MAGIC, OfferReply, PULL_MAGIC, PUSH_MAGIC, PullReply, PushReply},
};

mod offer;

/// The moment of an event, from outside.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// A clock that only grows while the page lives, milliseconds. Never compared with another machine's (S7).
    pub ms: u64,
    /// Random bits for the jitter of the back-off.
    pub dice: u64,
}

/// Why a contact did not succeed. Whatever it was, the queue is untouched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No answer, a wrong status, HTML, a torn body, a wrong magic word.
    NoAnswer,
    /// 401 or 403: recording goes on, sending waits for a sign-in.
    SignIn,
    /// 403 `removed`: the user belongs to the association no more. What waits of it is kept; no sign-in would change anything.
    Removed,
    /// 413: the batch was too large for something on the way.
    TooLarge,
    /// 426: this client is too old.
    UpdateFirst,
}

#[derive(Clone, Debug)]
pub enum Event {
    /// The local store was read: at start, and when another tab changed it.
    Loaded {
        outbox: Box<Outbox>,
        associations: Vec<AssociationId>,
    },
    /// A transaction of the screen's has committed. `hold` is the change whose undo bar is shown.
    Saved {
        writes: LocalWrites,
        hold: Option<ChangeId>,
    },
    /// The undo bar is gone before its time.
    Released(ChangeId),
    /// The browser says that there may be a network, or the app became visible: a reason to try now.
    TryNow,
    /// *Lähetä nyt*, or the app is being hidden: held changes go too.
    SendAll,
    /// The timer of [`Command::Wait`] rang.
    Rang,
    Pushed(Result<PushReply, Failure>),
    Pulled(Result<PullReply, Failure>),
    Offered(Result<OfferReply, Failure>),
    /// The local store could not commit what the engine asked for; what it holds is read again.
    CommitFailed,
}

/// What the driver does, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Commit to the local store in one transaction. On failure give [`Event::CommitFailed`] and drop the commands behind it.
    Commit(LocalWrites),
    Push {
        association: AssociationId,
        batch: Vec<ChangeId>,
    },
    Pull {
        association: AssociationId,
    },
    /// Tell a restored server what is held (S9), by [`Outbox::offer_request`]: a page of it, or the contents asked for.
    Offer {
        association: AssociationId,
        epoch: String,
        holds: Vec<(Kind, RecordId)>,
        contents: Vec<(Kind, RecordId)>,
    },
    /// Ring after this many milliseconds; a new wait replaces the old one.
    Wait {
        ms: u64,
    },
    /// Read the local store again and give [`Event::Loaded`].
    Load,
}

/// What the engine is doing, for the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    Idle,
    Pushing {
        association: AssociationId,
        batch: Vec<ChangeId>,
    },
    Pulling {
        association: AssociationId,
    },
    /// The server was restored: what is held is offered to it before anything is sent or taken (S9).
    Offering {
        association: AssociationId,
        epoch: String,
    },
}

#[derive(Debug)]
pub struct Engine {
    /// Shared with the screens; what they hold never changes under them.
    outbox: Arc<Outbox>,
    associations: Vec<AssociationId>,
    phase: Phase,
    /// What is left to be offered, in [`Phase::Offering`].
    offer: offer::Plan,
    /// The number of the contact under way, see [`Engine::answer`].
    contact: u64,
    /// Associations still to be pulled in this contact.
    to_pull: Vec<AssociationId>,
    /// Until when a change is not sent: its undo bar is shown, or the server said `again-later`.
    held: LiteMap<ChangeId, u64>,
    /// When the contact under way is given up.
    lease_until: u64,
    /// Contacts that failed one after the other.
    failures: u32,
    /// Pushes, one after the other, in which some change was answered `again-later` or not at all.
    postponed: u32,
    /// Not before this moment, unless something tells to try now.
    next_try: u64,
    batch_max: usize,
    pub sign_in_needed: bool,
    pub update_needed: bool,
    /// The server's clock minus ours at the last receipt is the driver's to show; this is the server's at that moment.
    pub last_contact: Option<i64>,
}

impl Default for Engine {
    fn default() -> Self {
        Engine {
            outbox: Arc::default(),
            associations: Vec::new(),
            phase: Phase::Idle,
            offer: offer::Plan::default(),
            contact: 0,
            to_pull: Vec::new(),
            held: LiteMap::new(),
            lease_until: 0,
            failures: 0,
            postponed: 0,
            next_try: 0,
            batch_max: limits::CHANGES_PER_PUSH_MAX,
            sign_in_needed: false,
            update_needed: false,
            last_contact: None,
        }
    }
}

impl Engine {
    pub fn outbox(&self) -> &Arc<Outbox> {
        &self.outbox
    }

    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Whether this change is on the wire at this moment.
    pub fn is_sending(&self, change: ChangeId) -> bool {
        matches!(&self.phase, Phase::Pushing { batch, .. } if batch.contains(&change))
    }

    /// Changes whose undo bar may still be shown at `now_ms`. What waits for another reason waits longer, but for its last moments.
    pub fn undoable(&self, now_ms: u64) -> HashSet<ChangeId> {
        let bar = now_ms + 1..=now_ms + limits::UNDO_MS;
        self.held.iter().filter(|(_, until)| bar.contains(until)).map(|(change, _)| *change).collect()
    }

    /// The number of the contact that was begun last. The driver notes it with every [`Command::Push`], [`Command::Pull`] and
    /// [`Command::Offer`], and gives it back with the answer.
    pub fn contact(&self) -> u64 {
        self.contact
    }

    /// As [`Engine::handle`], for the answer to contact `contact`. One that comes after its contact was given up is no answer
    /// to the contact of now: its page may be of another association, or further on than the cursor.
    pub fn answer(&mut self, contact: u64, event: Event, now: Now) -> Vec<Command> {
        if contact == self.contact || mutant::is(Mutant::LateAnswerTaken) {
            self.handle(event, now)
        } else {
            Vec::new()
        }
    }

    pub fn handle(&mut self, event: Event, now: Now) -> Vec<Command> {
        match event {
            Event::Loaded { outbox, associations } => {
                self.outbox = Arc::from(outbox);
                self.associations = associations;
                if self.next_try > now.ms { self.begin_if_due(now) } else { self.begin(now) }
            }
            Event::Saved { writes, hold } => {
                self.apply(&writes);
                if let Some(change) = hold {
                    self.held.insert(change, now.ms + limits::UNDO_MS);
                }
                self.begin_if_due(now)
            }
            Event::Released(change) => {
                self.held.remove(&change);
                self.begin_if_due(now)
            }
            Event::TryNow => self.begin(now),
            Event::SendAll => {
                self.held.clear();
                self.begin(now)
            }
            Event::Rang => self.begin_if_due(now),
            Event::Pushed(reply) => self.pushed(reply, now),
            Event::Pulled(reply) => self.pulled(reply, now),
            Event::Offered(reply) => self.offered(reply, now),
            Event::CommitFailed => {
                self.phase = Phase::Idle;
                self.failures += 1;
                // A full disk stays full for a while: asking again at once would only heat the phone.
                self.next_try = now.ms + delay(self.failures, now);
                vec![Command::Load, self.wait(now)]
            }
        }
    }

    /// Starts a contact at once: something says that now is a good moment.
    fn begin(&mut self, now: Now) -> Vec<Command> {
        self.failures = 0;
        self.next_try = 0;
        self.sign_in_needed = false;
        self.to_pull = self.associations.clone();
        self.begin_if_due(now)
    }

    fn begin_if_due(&mut self, now: Now) -> Vec<Command> {
        self.held.retain(|_, until| *until > now.ms);
        if self.phase != Phase::Idle {
            if now.ms < self.lease_until {
                return vec![Command::Wait { ms: self.lease_until - now.ms }];
            }
            // The lease ran out: whatever it was doing is taken as not answered.
            return self.failed(Failure::NoAnswer, now);
        }
        if now.ms < self.next_try {
            return vec![self.wait(now)];
        }
        self.next_step(now)
    }

    fn apply(&mut self, writes: &LocalWrites) {
        if !writes.is_empty() {
            Arc::make_mut(&mut self.outbox).apply(writes);
        }
    }

    fn start_contact(&mut self, phase: Phase, now: Now) {
        self.lease_until = now.ms + limits::LEASE_MS;
        self.contact += 1;
        self.phase = phase;
    }

    /// Push while anything is ready, then pull, then rest.
    fn next_step(&mut self, now: Now) -> Vec<Command> {
        let held: HashSet<ChangeId> = self.held.keys().copied().collect();
        if !self.update_needed
            && let Some((association, batch)) = self.outbox.next_batch(&held, self.batch_max)
        {
            self.start_contact(Phase::Pushing { association, batch: batch.clone() }, now);
            let marks = self.outbox.mark_sent(&batch);
            self.apply(&marks);
            let mut commands = Vec::new();
            if !marks.is_empty() {
                commands.push(Command::Commit(marks));
            }
            commands.push(Command::Push { association, batch });
            commands.push(Command::Wait { ms: limits::LEASE_MS });
            return commands;
        }
        if let Some(association) = self.to_pull.last().copied() {
            self.start_contact(Phase::Pulling { association }, now);
            return vec![Command::Pull { association }, Command::Wait { ms: limits::LEASE_MS }];
        }
        self.phase = Phase::Idle;
        self.failures = 0;
        self.next_try = 0;
        vec![self.wait(now)]
    }

    fn pushed(&mut self, reply: Result<PushReply, Failure>, now: Now) -> Vec<Command> {
        let Phase::Pushing { association, batch } = self.phase.clone() else { return Vec::new() };
        let reply = match reply {
            Ok(reply) if reply.magic == PUSH_MAGIC || mutant::is(Mutant::PortalAccepted) => reply,
            Ok(_) => return self.failed(Failure::NoAnswer, now),
            Err(failure) => return self.failed(failure, now),
        };
        self.last_contact = Some(reply.server_time);
        if self.outbox.is_other_epoch(association, &reply.epoch) {
            return self.begin_offer(association, reply.epoch, now);
        }
        let (mut writes, again) = self.outbox.settle(&batch, &reply.results, reply.server_time);
        // What is received is held in this epoch, and has to be offered in the next, even before the first pull (S9).
        if self.outbox.epoch(association).is_empty() && !reply.epoch.is_empty() {
            writes.cursors.push((association, Cursor { epoch: reply.epoch.clone(), seq: 0 }));
        }
        self.apply(&writes);
        self.batch_max = limits::CHANGES_PER_PUSH_MAX;
        let mut commands = Vec::new();
        if !writes.is_empty() {
            commands.push(Command::Commit(writes));
        }
        if !self.to_pull.contains(&association) {
            self.to_pull.push(association);
        }
        self.phase = Phase::Idle;
        self.postponed = if again.is_empty() { 0 } else { self.postponed + 1 };
        // What has to come again waits its time and lets the others pass.
        let until = now.ms + delay(self.postponed, now);
        self.held.extend(again.into_iter().map(|change| (change, until)));
        commands.extend(self.next_step(now));
        commands
    }

    fn pulled(&mut self, reply: Result<PullReply, Failure>, now: Now) -> Vec<Command> {
        let Phase::Pulling { association } = self.phase else { return Vec::new() };
        let reply = match reply {
            Ok(reply) if reply.magic == PULL_MAGIC => reply,
            Ok(_) => return self.failed(Failure::NoAnswer, now),
            Err(failure) => return self.failed(failure, now),
        };
        if self.outbox.is_other_epoch(association, &reply.epoch) {
            return self.begin_offer(association, reply.epoch, now);
        }
        let writes = self.outbox.pulled(association, &reply);
        self.apply(&writes);
        if !reply.more {
            self.to_pull.retain(|other| *other != association);
        }
        let mut commands = Vec::new();
        if !writes.is_empty() {
            commands.push(Command::Commit(writes));
        }
        commands.extend(self.next_step(now));
        commands
    }

    fn failed(&mut self, failure: Failure, now: Now) -> Vec<Command> {
        let phase = std::mem::replace(&mut self.phase, Phase::Idle);
        let mut commands = Vec::new();
        match (failure, phase) {
            (Failure::NoAnswer, Phase::Pushing { batch, .. }) if mutant::is(Mutant::PrunedBeforeReceipt) => {
                let writes = LocalWrites { drop_entries: batch, ..LocalWrites::default() };
                self.apply(&writes);
                commands.push(Command::Commit(writes));
            }
            (Failure::NoAnswer, _) => {}
            // The other associations' changes must not wait for one that is closed to this user.
            (Failure::SignIn | Failure::Removed, Phase::Pushing { batch, .. }) => {
                self.sign_in_needed |= failure == Failure::SignIn;
                let until = now.ms + limits::RETRY_DELAY_MS_MAX;
                self.held.extend(batch.into_iter().map(|change| (change, until)));
            }
            (Failure::SignIn | Failure::Removed, phase) => {
                self.sign_in_needed |= failure == Failure::SignIn;
                if let Phase::Pulling { association } | Phase::Offering { association, .. } = phase {
                    self.to_pull.retain(|other| *other != association);
                    self.hold_association(association, now);
                }
            }
            (Failure::UpdateFirst, _) => self.update_needed = true,
            (Failure::TooLarge, Phase::Pushing { batch, .. }) => {
                self.batch_max = (batch.len() / 2).max(1);
                if let [change] = batch[..] {
                    let writes = self.outbox.refuse_too_large(change);
                    self.apply(&writes);
                    commands.push(Command::Commit(writes));
                }
            }
            (Failure::TooLarge, Phase::Offering { .. }) => self.offer_was_too_large(),
            (Failure::TooLarge, _) => {}
        }
        self.failures += 1;
        self.next_try = now.ms + delay(self.failures, now);
        commands.push(self.wait(now));
        commands
    }

    /// Lets the other associations' changes pass those of one that is closed to this user.
    fn hold_association(&mut self, association: AssociationId, now: Now) {
        let until = now.ms + limits::RETRY_DELAY_MS_MAX;
        let waiting = self.outbox.entries.values().filter(|entry| entry.association == association);
        self.held.extend(waiting.map(|entry| (entry.change, until)));
    }

    /// When to look again: at the next try, when an undo bar goes, or after a long rest.
    fn wait(&self, now: Now) -> Command {
        let undo = self.held.values().min().copied();
        let retry = (self.next_try > now.ms).then_some(self.next_try);
        let at = undo.into_iter().chain(retry).min().unwrap_or(now.ms + limits::RETRY_DELAY_MS_MAX);
        Command::Wait { ms: at.saturating_sub(now.ms).max(1) }
    }
}

/// Full jitter: anywhere up to the doubled delay, so that a hall full of phones does not come at once.
fn delay(failures: u32, now: Now) -> u64 {
    let ceiling = limits::RETRY_DELAY_MS_MIN.saturating_mul(1 << failures.min(16)).min(limits::RETRY_DELAY_MS_MAX);
    limits::RETRY_DELAY_MS_MIN.max(now.dice % ceiling)
}

#[cfg(test)]
mod tests;
