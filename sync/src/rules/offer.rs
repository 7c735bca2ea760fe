//! What the server does with an offer (S9): after a restore from a backup, devices hold records that the backup lacks.
//!
//! It has the same shape as a push: a store loads what the [`Keys`] name, the rules decide, and the store applies the
//! [`Writes`] in the same transaction. A page that lists what a device holds: [`read_holds`], [`hold_keys`],
//! [`wanted`]. The contents that the server asked for: [`read_records`], [`keys`], [`decide`]. One request may have
//! both. Offering twice changes nothing more.
//!
//! | the server has | what is offered |
//! |---|---|
//! | nothing | is adopted at its revision, a deletion too |
//! | a lower revision | is adopted at its revision, a deletion too, where the server told it or the user may change it anyway; else as below |
//! | the same revision with, for that user, the same content | changes nothing |
//! | the same revision with another content | is kept as an alternative, and the association is asked (S11) |
//! | a higher revision | changes nothing where the server's own revision of that number has the same content, else is kept as an alternative |
//!
//! A deletion never wins over a record of the same or a higher revision: the record stays, and the association is
//! asked.
//!
//! An offer is the only way to write a revision's number, and whose a record is. So it is open in the days after a restore only
//! ([`is_open`]), its steps are bounded, and whose a record is counts only as the server's own seal says ([`check_seals`]).

use std::collections::HashSet;

use domain::{
    Content, Kind, RecordId, Role, UserId,
    alternative::Proposal,
    permission::{may_change, may_say, may_write_under, sayable, visible},
    record,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Decision, Keys, Loaded, Stored, Who, Writes, reference, unknown_bytes};
use crate::{
    canonical::{body_hash, canonical, depth},
    limits,
    mutant::{self, Mutant},
    protocol::{Change, Held, Offered, RecordKey},
    seal::{SealKey, Told},
};

/// The recorder of a record that was adopted from somebody else's device. It is nobody's own: until the recorder's own offer corrects
/// it, reviewers change it, and volunteers only where their association lets them change what others recorded.
pub const UNKNOWN_RECORDER: UserId = UserId::from_bytes([0; 16]);

/// Whether a server that was restored then takes offers now; both in milliseconds since 1970. A clock that was set back keeps it open.
pub fn is_open(restored_at_ms: Option<i64>, now_ms: i64) -> bool {
    restored_at_ms.is_some_and(|at| now_ms.saturating_sub(at) < limits::OFFER_WINDOW_MS)
}

/// Holds the seals of what is offered against what they should be. Without the server's seal nobody's claim that a record is theirs
/// counts.
pub fn check_seals(key: &SealKey, who: &Who, records: &mut [Offered]) {
    for offered in records {
        let (kind, id, rev) = (offered.kind, offered.id, offered.rev);
        let hash = body_hash(offered.content.as_ref());
        let mine = offered.mine.then_some(who.user);
        let told = Told { association: who.association, kind, id, rev, hash: &hash, mine };
        offered.sealed = key.is_of(&told, &offered.seal);
        offered.mine &= offered.sealed;
    }
}

/// Reads a page of what a device holds, item by item; what cannot be read is left out.
pub fn read_holds(items: &[Value]) -> Vec<Held> {
    read(items, |held: &Held| (held.kind, held.id, held.rev))
}

/// Reads the contents that were asked for, item by item. What cannot be read or is too large is left out: the rest counts.
pub fn read_records(items: &[Value]) -> Vec<Offered> {
    let mut records = read(items, |offered: &Offered| (offered.kind, offered.id, offered.rev));
    records.retain(|offered| {
        let fits = |content: &Content| canonical(content).len() <= limits::RECORD_BYTES_MAX;
        offered.deleted != offered.content.is_some() && offered.content.as_ref().is_none_or(fits)
    });
    records
}

/// Items that can be read, of a possible revision, the first of each record.
fn read<T: DeserializeOwned>(items: &[Value], name: impl Fn(&T) -> (Kind, RecordId, u32)) -> Vec<T> {
    let mut seen = HashSet::new();
    items
        .iter()
        .filter(|item| depth(item) <= limits::JSON_DEPTH_MAX)
        .filter_map(|item| serde_json::from_value::<T>(item.clone()).ok())
        .filter(|item| {
            let (kind, id, rev) = name(item);
            (1..=limits::BROUGHT_REVISION_MAX).contains(&rev) && seen.insert((kind, id))
        })
        .collect()
}

/// What a store has to load for a page of what a device holds.
pub fn hold_keys(holds: &[Held]) -> Keys {
    let mut keys = Keys::default();
    for held in holds {
        keys.records.push((held.kind, held.id));
        keys.bases.push((held.kind, held.id, held.rev));
    }
    keys
}

/// The records whose content the server asks for, because it may not have it.
pub fn wanted(loaded: &Loaded, who: &Who, holds: &[Held]) -> Vec<RecordKey> {
    let is_wanted = |held: &&Held| {
        if !may_offer(who.role, held.kind, who.volunteers_set_up_series) {
            return false;
        }
        let Some(stored) = loaded.records.get(&(held.kind, held.id)) else { return true };
        // Whose it is, only its recorder can tell.
        if stored.recorder == UNKNOWN_RECORDER || stored.rev < held.rev {
            return true;
        }
        let own = stored.recorder == who.user;
        let hash = |content: Option<&Content>| {
            body_hash(content.map(|content| visible(who.role, own, held.kind, content)).as_ref())
        };
        let same_then = || {
            let revision = loaded.bases.get(&(held.kind, held.id, held.rev));
            revision.is_some_and(|content| hash(Some(content)) == held.hash)
        };
        hash(stored.content.as_ref()) != held.hash && !same_then()
    };
    holds.iter().filter(is_wanted).map(|held| RecordKey { kind: held.kind, id: held.id }).collect()
}

/// What a store has to load for the contents that were asked for.
pub fn keys(records: &[Offered]) -> Keys {
    let mut keys = Keys::default();
    for offered in records {
        keys.records.push((offered.kind, offered.id));
        keys.records.push((Kind::Alternative, RecordId::new(id_of(offered).uuid())));
        keys.bases.push((offered.kind, offered.id, offered.rev));
        keys.about.push(offered.id);
        let gathering = offered.content.as_ref().and_then(|content| reference(content, "gathering"));
        if let (Kind::Review, Some(gathering)) = (offered.kind, gathering) {
            keys.records.push((Kind::Gathering, gathering));
            keys.about.push(gathering);
        }
    }
    keys.each_once()
}

/// Decides what becomes of each offered record. What is not valid or not for this user to change is passed over.
pub fn decide(mut loaded: Loaded, who: &Who, records: &[Offered]) -> Writes {
    let mut writes = Writes { seq: loaded.seq, ..Writes::default() };
    for offered in records.iter().filter(|offered| may_offer(who.role, offered.kind, who.volunteers_set_up_series)) {
        let change = Change {
            change: id_of(offered),
            record: offered.id,
            kind: offered.kind,
            base: offered.rev - 1,
            content: offered.content.clone(),
            deleted: offered.deleted,
            made_at: 0,
            filed: false,
        };
        let decision = Decision { loaded: &mut loaded, writes: &mut writes, who, change: &change };
        Offer { decision, offered }.take();
    }
    writes
}

/// What the role may change, and what only the server makes: a reviewer's phone may be the last that holds an alternative.
pub(crate) fn may_offer(role: Role, kind: Kind, volunteers_set_up_series: bool) -> bool {
    may_change(role, kind, volunteers_set_up_series) || (role == Role::Reviewer && kind == Kind::Alternative)
}

/// An id made of what is offered, so that the same offer, from whatever device, is one revision and one alternative.
fn id_of(offered: &Offered) -> domain::ChangeId {
    let hash = body_hash(offered.content.as_ref());
    let name = format!("offer {} {} {} {hash}", offered.kind.name(), offered.id, offered.rev);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Sha256::digest(name.as_bytes())[..16]);
    // The marks of a version 8 UUID, whose bits are the maker's own.
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    domain::ChangeId::from_bytes(bytes)
}

/// One offered record being decided.
struct Offer<'a> {
    decision: Decision<'a>,
    offered: &'a Offered,
}

impl Offer<'_> {
    fn take(mut self) {
        let offered = self.offered;
        let content = match &offered.content {
            None => None,
            Some(content) => match self.checked(content) {
                Some(content) => Some(self.sayable(content)),
                None => return,
            },
        };
        let current = self.decision.loaded.records.get(&(offered.kind, offered.id)).cloned();
        if self.decision.is_of_unreadable(current.as_ref()) {
            return;
        }
        let Some(current) = current else {
            let recorder = if offered.mine { self.decision.who.user } else { UNKNOWN_RECORDER };
            return self.adopt(content, recorder);
        };
        let moves_a_review = offered.kind == Kind::Review && !self.decision.is_of_its_gathering(&current);
        if moves_a_review {
            return;
        }
        let overwrites = current.rev == offered.rev && content.is_some() && mutant::is(Mutant::OfferOverwrites);
        let deletes = content.is_none() && mutant::is(Mutant::OfferedTombstoneWins);
        if self.may_replace(&current) || overwrites || deletes {
            let whole = content.map(|content| self.with_what_was_hidden(&current, content));
            self.adopt(whole, current.recorder);
        } else if !self.says_the_same(&current, content.as_ref()) {
            self.keep_both(&current, content);
        }
        // Whoever else has come to be its recorder since the restore: it was told to this user as their own.
        if offered.mine && current.recorder != self.decision.who.user {
            self.decision.correct_recorder();
        }
    }

    /// Whether what is offered takes the place of what the server has: a later revision, a few steps away, that the server itself has
    /// told, or that the user may write in any case. What a volunteer's device says of another's record without a seal stands beside.
    fn may_replace(&self, current: &Stored) -> bool {
        let (offered, who) = (self.offered, self.decision.who);
        let is_next = offered.rev > current.rev && offered.rev - current.rev <= limits::OFFERED_STEPS_MAX;
        let now = current.content.as_ref();
        let may_say = now.is_none_or(|now| may_say(who.role, offered.kind, now));
        is_next && (offered.sealed || may_say && who.may_change(offered.kind, current.recorder))
    }

    /// The normal form of a content that a push could have brought.
    fn checked(&self, content: &Content) -> Option<Content> {
        if self.offered.kind == Kind::Alternative {
            reference(content, "record")?;
        }
        let content = record::normalise(self.offered.kind, content, self.decision.who.today).ok()?;
        let (Offered { kind, id, .. }, Who { role, association, .. }) = (self.offered, self.decision.who);
        let may_say = may_say(*role, *kind, &content) && may_write_under(*role, *kind, *id, *association);
        let may_say = self.offered.sealed || may_say;
        Some(content)
            .filter(|content| may_say && unknown_bytes(self.offered.kind, content) <= limits::UNKNOWN_BYTES_MAX)
    }

    /// What the server itself has told is brought back whole. All else, as far as the sender's role may say it.
    fn sayable(&self, content: Content) -> Content {
        let (offered, who) = (self.offered, self.decision.who);
        let stored = self.decision.loaded.records.get(&(offered.kind, offered.id));
        let before = stored.and_then(|stored| stored.content.as_ref());
        if offered.sealed { content } else { sayable(who.role, offered.kind, content, before) }
    }

    fn adopt(&mut self, content: Option<Content>, recorder: UserId) {
        let offered = self.offered;
        if offered.kind == Kind::Alternative {
            let about = content.as_ref().and_then(|content| reference(content, "record"));
            self.decision.add(offered.kind, offered.id, offered.rev, content, recorder, about);
        } else {
            self.decision.store(offered.rev, content, recorder);
        }
    }

    fn is_own(&self, stored: &Stored) -> bool {
        let user = self.decision.who.user;
        stored.recorder == user || (stored.recorder == UNKNOWN_RECORDER && self.offered.mine)
    }

    /// A field that the phone was not given is not in what it offers, and its absence does not remove it.
    fn with_what_was_hidden(&self, current: &Stored, offered: Content) -> Content {
        let Some(stored) = &current.content else { return offered };
        let given = visible(self.decision.who.role, self.is_own(current), self.offered.kind, stored);
        let mut whole: Content =
            stored.iter().filter(|(name, _)| !given.contains_key(*name)).map(|(n, v)| (n.clone(), v.clone())).collect();
        whole.extend(offered);
        whole
    }

    /// Whether the server's newest revision, or its revision of the offered number, says the same to this user.
    fn says_the_same(&self, current: &Stored, content: Option<&Content>) -> bool {
        let offered = self.offered;
        let own = self.is_own(current);
        let seen = |content: Option<&Content>| {
            content.map(|content| visible(self.decision.who.role, own, offered.kind, content))
        };
        // A phone that holds a field which its user is not given has it from that user's own hand.
        let own_words = |server: Option<&Content>| {
            let (Some(content), Some(given)) = (content, seen(content)) else { return true };
            let written = content.iter().filter(|(name, _)| !given.contains_key(*name));
            written.into_iter().all(|(name, value)| server.and_then(|server| server.get(name)) == Some(value))
        };
        let same = |server: Option<&Content>| seen(content) == seen(server) && own_words(server);
        let revision = self.decision.loaded.bases.get(&(offered.kind, offered.id, offered.rev));
        same(current.content.as_ref()) || (revision.is_some() && content.is_some() && same(revision))
    }

    /// Both stay: the server's as the record, the offered one as an alternative, and the association is asked (S11).
    fn keep_both(&mut self, current: &Stored, content: Option<Content>) {
        let offered = self.offered;
        let alternative = (Kind::Alternative, RecordId::new(id_of(offered).uuid()));
        // It was offered before, and may be settled by now. Of two forms of an alternative the server's own is right.
        if offered.kind == Kind::Alternative || self.decision.loaded.records.contains_key(&alternative) {
            return;
        }
        match (content, &current.content) {
            (None, _) => self.decision.keep_alternative(Proposal::Deletion, current.rev),
            // Edited here, deleted there, in the same step: the record comes back, as in a clash.
            (Some(content), None) if current.rev == offered.rev => {
                let (rev, _) = self.decision.store(current.rev + 1, Some(content), current.recorder);
                self.decision.keep_alternative(Proposal::Deletion, rev);
            }
            (Some(content), theirs) => {
                let theirs = theirs.clone().unwrap_or_default();
                let differs = |name: &&String| content.get(*name) != theirs.get(*name);
                let fields = content.keys().filter(differs).cloned().collect();
                self.decision.keep_alternative(Proposal::Edit { content, fields }, current.rev);
            }
        }
    }
}

#[cfg(test)]
mod tests;
