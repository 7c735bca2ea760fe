//! The rules by which the server decides about a batch of changes: the only place of that decision, pure, the same in
//! the server and in the simulator.
//!
//! A store loads what [`Keys`] name, [`decide`] returns the answers and the [`Writes`], and the store applies them in
//! the same transaction. So the rules run unchanged on SQLite, PostgreSQL and memory.

use std::collections::{HashMap, HashSet};

use domain::{
    Alternative, AssociationId, ChangeId, Content, Date, DeviceId, FieldError, Gathering, Kind, RecordId, Role, UserId,
    alternative::{Proposal, settled_by_author},
    content::overlay,
    permission::{may_change, may_change_others, may_say, may_write_under, sayable, visible},
    record,
    report::{Contribution, contribution},
    review::{Review, ReviewState, Verdict},
};
use serde_json::Value;

use crate::{
    canonical::{body_hash, canonical, content_hash, depth},
    limits,
    merge::three_way,
    mutant::{self, Mutant},
    protocol::{Change, ChangeResult, Outcome},
    seal::{SealKey, Told},
};

pub mod hand_in;
pub mod offer;
pub mod pull;
pub mod rows;

/// Stable codes of a refusal or a wait that is not about one field.
pub mod codes {
    /// The device has not offered what it holds since the server was restored (S9).
    pub const OTHER_EPOCH: &str = "other-epoch";
    pub const UNREADABLE: &str = "unreadable";
    pub const TOO_LARGE: &str = "record-too-large";
    pub const TOO_DEEP: &str = "too-deep";
    /// Fields that this version does not know take more room than they may.
    pub const TOO_MUCH_UNKNOWN: &str = "too-much-unknown";
    /// The sender has made as many new records today as they may.
    pub const TOO_MANY_TODAY: &str = "too-many-today";
    pub const NOT_ALLOWED: &str = "not-allowed";
    /// Somebody else's, and the association has not allowed it.
    pub const RECORDED_BY_ANOTHER: &str = "recorded-by-another";
    pub const UNKNOWN_SERIES: &str = "unknown-series";
    pub const UNKNOWN_GATHERING: &str = "unknown-gathering";
    /// What is stored of the gathering cannot be read, and would be lost from the sums.
    pub const DAMAGED: &str = "damaged";
}

/// Whose changes these are, and when.
#[derive(Clone, Copy, Debug)]
pub struct Who {
    pub user: UserId,
    pub device: DeviceId,
    pub association: AssociationId,
    pub role: Role,
    pub volunteers_set_up_series: bool,
    pub volunteers_change_others: bool,
    /// The server's day in Helsinki; bounds the dates of gatherings.
    pub today: Date,
}

impl Who {
    /// Whether this user may change a record of a kind that `recorder` made.
    pub(crate) fn may_change(&self, kind: Kind, recorder: UserId) -> bool {
        let is_own = recorder == self.user;
        may_change(self.role, kind, self.volunteers_set_up_series)
            && (is_own || may_change_others(self.role, kind, self.volunteers_change_others))
    }
}

/// The newest revision of a record as the server holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub rev: u32,
    pub seq: u64,
    /// None when deleted.
    pub content: Option<Content>,
    /// Who made the first revision.
    pub recorder: UserId,
}

/// What has to be loaded before a batch can be decided.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    pub changes: Vec<ChangeId>,
    pub records: Vec<(Kind, RecordId)>,
    /// Older revisions from which edits started.
    pub bases: Vec<(Kind, RecordId, u32)>,
    /// Gatherings whose latest review, and records whose open alternatives, matter.
    pub about: Vec<RecordId>,
}

impl Keys {
    /// Nothing is loaded twice.
    fn each_once(mut self) -> Keys {
        let mut seen = HashSet::new();
        self.records.retain(|key| seen.insert(*key));
        let mut seen = HashSet::new();
        self.about.retain(|key| seen.insert(*key));
        self
    }
}

/// What a store found of the [`Keys`].
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The association's last sequence number.
    pub seq: u64,
    pub results: HashMap<ChangeId, ChangeResult>,
    pub records: HashMap<(Kind, RecordId), Stored>,
    pub bases: HashMap<(Kind, RecordId, u32), Content>,
    /// Latest review of each gathering: the revision it saw, and what it said.
    pub reviews: HashMap<RecordId, (u32, Verdict)>,
    /// Open alternatives by the record they are of.
    pub alternatives: HashMap<RecordId, Vec<(RecordId, Stored)>>,
    /// Gatherings of which something stored cannot be read: no change of theirs is decided before that is mended.
    pub unreadable: HashSet<RecordId>,
    /// How many more new records the sender may make today; none where nobody counts.
    pub new_left: Option<u32>,
}

/// A revision to be added; also the new newest state of its record.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRevision {
    pub kind: Kind,
    pub record: RecordId,
    pub rev: u32,
    pub seq: u64,
    pub content: Option<Content>,
    pub change: ChangeId,
    pub author: UserId,
    pub device: DeviceId,
    pub recorder: UserId,
    pub made_at: i64,
    /// The record that this one is about: a review's gathering, an alternative's record, a gathering's series.
    pub about: Option<RecordId>,
    /// Day of a gathering, for the volunteer's thirteen months.
    pub day: Option<Date>,
}

/// How one gathering's part in the municipality's sums changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    pub gathering: RecordId,
    pub date: Option<Date>,
    pub before: Option<Contribution>,
    pub after: Option<Contribution>,
}

/// All that has to be written, in one transaction.
#[derive(Clone, Debug, Default)]
pub struct Writes {
    /// The association's sequence number after the batch.
    pub seq: u64,
    pub revisions: Vec<NewRevision>,
    /// Stored results (S5); `again-later` is never among them.
    pub results: Vec<ChangeResult>,
    pub effects: Vec<Effect>,
    /// Records whose recorder became known, by an offer (S9) or from the phone whose file somebody else had taken up.
    pub corrected: Vec<Corrected>,
    /// How many new records the sender made.
    pub made: u32,
}

/// A record that keeps its revision and gets its recorder. It takes a sequence number, so that every device hears of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Corrected {
    pub kind: Kind,
    pub record: RecordId,
    pub seq: u64,
    pub recorder: UserId,
}

/// A change that was read, or why it could not be.
pub type ReadChange = Result<Change, Box<ChangeResult>>;

/// Reads the changes of a batch one by one (S6). None where an item does not even name its change and record: the sender is
/// not one of ours and the whole batch is to be rejected.
pub fn read_changes(items: &[Value]) -> Option<Vec<ReadChange>> {
    items
        .iter()
        .map(|item| {
            let change = ChangeId::parse(item.get("change")?.as_str()?)?;
            let record = RecordId::parse(item.get("record")?.as_str()?)?;
            let content = item.get("content").and_then(Value::as_object);
            let sent_hash = body_hash(content);
            let refuse = |code| Err(Box::new(refused(change, record, sent_hash.clone(), code, Vec::new())));
            if depth(item) > limits::JSON_DEPTH_MAX {
                return Some(refuse(codes::TOO_DEEP));
            }
            if content.is_some_and(|content| canonical(content).len() > limits::RECORD_BYTES_MAX) {
                return Some(refuse(codes::TOO_LARGE));
            }
            Some(match serde_json::from_value::<Change>(item.clone()) {
                Ok(change) if change.deleted != change.content.is_some() && change.base <= limits::REVISION_MAX => {
                    Ok(change)
                }
                _ => refuse(codes::UNREADABLE),
            })
        })
        .collect()
}

/// What a store has to load for these changes.
pub fn keys(changes: &[ReadChange]) -> Keys {
    let mut keys = Keys::default();
    for read in changes {
        let change = match read {
            Ok(change) => change,
            Err(refusal) => {
                keys.changes.push(refusal.change);
                continue;
            }
        };
        keys.changes.push(change.change);
        keys.records.push((change.kind, change.record));
        keys.about.push(change.record);
        if change.base > 0 {
            keys.bases.push((change.kind, change.record, change.base));
        }
        let refers_to = |field: &str| reference(change.content.as_ref()?, field);
        if let (Kind::Gathering | Kind::YearlyPeople, Some(series)) = (change.kind, refers_to("series")) {
            keys.records.push((Kind::Series, series));
        }
        if let (Kind::Review, Some(gathering)) = (change.kind, refers_to("gathering")) {
            keys.records.push((Kind::Gathering, gathering));
            keys.about.push(gathering);
        }
    }
    keys.each_once()
}

/// Decides a batch, change by change, each on what the ones before it left. One result per change, in order (S6).
pub fn decide(mut loaded: Loaded, who: &Who, changes: &[ReadChange]) -> (Vec<ChangeResult>, Writes) {
    let mut writes = Writes { seq: loaded.seq, ..Writes::default() };
    let mut results = Vec::with_capacity(changes.len());
    for read in changes {
        let id = match read {
            Ok(change) => change.change,
            Err(refusal) => refusal.change,
        };
        let known = loaded.results.get(&id).filter(|_| !mutant::is(Mutant::StoredResultIgnored));
        let result = match (known, read) {
            (Some(known), _) => {
                let known = known.clone();
                if let Ok(change) = read
                    && is_its_makers(&known, who, change)
                {
                    Decision { loaded: &mut loaded, writes: &mut writes, who, change }.correct_recorder();
                }
                repeat(&known, &loaded, who, read)
            }
            (None, Err(refusal)) => (**refusal).clone(),
            (None, Ok(change)) => {
                let result = Decision { loaded: &mut loaded, writes: &mut writes, who, change }.result();
                ChangeResult { whose: whose(&loaded, who, read), ..result }
            }
        };
        let is_new = !loaded.results.contains_key(&id) || mutant::is(Mutant::StoredResultIgnored);
        if result.outcome != Outcome::AgainLater && is_new && !mutant::is(Mutant::ResultsNotStored) {
            loaded.results.insert(id, result.clone());
            writes.results.push(result.clone());
        }
        results.push(result);
    }
    (results, writes)
}

/// S5: a repeat gets the stored result. What is stored is told to a sender who says of the same record once more what was sent, and
/// as far as they may see it: who repeats it may see less than who sent it first, if a file brought it. Whoever only names the
/// change is told no more than that it was answered.
fn repeat(known: &ChangeResult, loaded: &Loaded, who: &Who, read: &ReadChange) -> ChangeResult {
    let nothing = || ChangeResult { hash: String::new(), content: None, ..known.clone() };
    let Ok(change) = read else { return nothing() };
    let is_repeat = known.record == change.record && known.sent_hash == body_hash(change.content.as_ref());
    let whose = whose(loaded, who, read);
    match (&known.content, is_repeat) {
        (_, false) => nothing(),
        (None, true) => ChangeResult { whose, ..known.clone() },
        // Of another kind, there is no such record: the stored content is not of it.
        (Some(_), true) if !loaded.records.contains_key(&(change.kind, change.record)) => nothing(),
        (Some(content), true) => {
            let content = visible(who.role, whose.is_some_and(|(_, mine)| mine.is_some()), change.kind, content);
            ChangeResult { hash: content_hash(&content), content: Some(content), whose, ..known.clone() }
        }
    }
}

/// Whether a repeat shows that a gathering is the sender's: it was given away as a file, somebody else took the file up and counts as
/// its recorder, and now it comes from the phone that made it. The id of a change is known to that phone and to the file only. A
/// reviewer sends what is in a file, and becomes nobody's gathering's maker by it.
fn is_its_makers(known: &ChangeResult, who: &Who, change: &Change) -> bool {
    let made_it = known.outcome == Outcome::Stored && known.rev == 1 && change.base == 0;
    let is_repeat = known.record == change.record && known.sent_hash == body_hash(change.content.as_ref());
    made_it && is_repeat && change.filed && change.kind == Kind::Gathering && who.role == Role::Volunteer
}

fn whose(loaded: &Loaded, who: &Who, read: &ReadChange) -> Option<(Kind, Option<UserId>)> {
    let Change { kind, record, .. } = *read.as_ref().ok()?;
    let recorder = loaded.records.get(&(kind, record)).map(|stored| stored.recorder);
    Some((kind, recorder.filter(|recorder| *recorder == who.user)))
}

/// Marks what receipts tell of the records, so that the server knows it again (S9).
pub fn seal(key: &SealKey, association: AssociationId, results: &mut [ChangeResult]) {
    for result in results {
        if let (Some((kind, mine)), rev @ 1..) = (result.whose, result.rev) {
            result.seal = key.seal(&Told { association, kind, id: result.record, rev, hash: &result.hash, mine });
        }
    }
}

/// Whether a device has to offer what it holds before its push can be taken (S9): it last saw another epoch.
pub fn must_offer_first(device_epoch: &str, server_epoch: &str) -> bool {
    !mutant::is(Mutant::PushBeforeOffer) && !device_epoch.is_empty() && device_epoch != server_epoch
}

/// The answers to a push before the offer: nothing is stored, everything is to come again.
pub fn before_the_offer(changes: &[ReadChange]) -> Vec<ChangeResult> {
    changes
        .iter()
        .map(|read| {
            let (change, record, hash) = match read {
                Ok(change) => {
                    let hash = body_hash(change.content.as_ref());
                    (change.change, change.record, hash)
                }
                Err(refusal) => (refusal.change, refusal.record, refusal.sent_hash.clone()),
            };
            let mut result = refused(change, record, hash, codes::OTHER_EPOCH, Vec::new());
            result.outcome = Outcome::AgainLater;
            result
        })
        .collect()
}

/// The record that a field names.
pub(crate) fn reference(content: &Content, field: &str) -> Option<RecordId> {
    content.get(field)?.as_str().and_then(RecordId::parse)
}

fn refused(change: ChangeId, record: RecordId, sent_hash: String, code: &str, fields: Vec<String>) -> ChangeResult {
    ChangeResult {
        change,
        outcome: Outcome::Refused,
        record,
        sent_hash,
        rev: 0,
        seq: 0,
        hash: String::new(),
        content: None,
        fields,
        code: Some(code.to_owned()),
        seal: String::new(),
        whose: None,
    }
}

/// Bytes of the fields that this version does not know.
fn unknown_bytes(kind: Kind, content: &Content) -> usize {
    let known = record::fields(kind);
    let unknown = content.iter().filter(|(name, _)| !known.contains(&name.as_str()));
    unknown.map(|(name, value)| name.len() + value.to_string().len()).sum()
}

/// One change being decided.
struct Decision<'a> {
    loaded: &'a mut Loaded,
    writes: &'a mut Writes,
    who: &'a Who,
    change: &'a Change,
}

impl Decision<'_> {
    fn result(mut self) -> ChangeResult {
        let change = self.change;
        if !may_change(self.who.role, change.kind, self.who.volunteers_set_up_series) {
            return self.refuse(codes::NOT_ALLOWED, Vec::new());
        }
        let current = self.loaded.records.get(&(change.kind, change.record)).cloned();
        if current.as_ref().is_some_and(|current| !self.who.may_change(change.kind, current.recorder)) {
            return self.refuse(codes::RECORDED_BY_ANOTHER, Vec::new());
        }
        let now = current.as_ref().and_then(|current| current.content.as_ref());
        if now.is_some_and(|now| !may_say(self.who.role, change.kind, now)) {
            return self.refuse(codes::NOT_ALLOWED, Vec::new());
        }
        if self.is_of_unreadable(current.as_ref()) {
            return self.later(codes::DAMAGED);
        }
        if change.kind == Kind::Review && current.as_ref().is_some_and(|current| !self.is_of_its_gathering(current)) {
            return self.refuse(codes::NOT_ALLOWED, vec!["gathering".to_owned()]);
        }
        match (&change.content, current) {
            (None, current) => self.delete(current),
            (Some(sent), None) => self.create(sent),
            (Some(sent), Some(current)) => self.edit(sent, &current),
        }
    }

    fn create(&mut self, sent: &Content) -> ChangeResult {
        let content = match self.checked(overlay(&Content::new(), sent), None) {
            Ok(content) => content,
            Err(result) => return *result,
        };
        if self.loaded.new_left == Some(0) {
            return self.later(codes::TOO_MANY_TODAY);
        }
        self.loaded.new_left = self.loaded.new_left.map(|left| left - 1);
        self.writes.made += 1;
        // A base without a record: the server was restored to before it (S9). What the phone holds is kept.
        let base = self.change.base.min(limits::BROUGHT_REVISION_MAX);
        let (rev, seq) = self.store(base + 1, Some(content.clone()), self.who.user);
        self.receipt(Outcome::Stored, rev, seq, Some(&content), Vec::new())
    }

    fn edit(&mut self, sent: &Content, current: &Stored) -> ChangeResult {
        let base = self.base().cloned();
        let Some(theirs) = &current.content else {
            return self.edit_of_deleted(sent, current, &base.unwrap_or_default());
        };
        if self.change.base == current.rev {
            let content = match self.checked(overlay(theirs, sent), Some(theirs)) {
                Ok(content) => content,
                Err(result) => return *result,
            };
            self.settle_own_alternatives();
            if content == *theirs {
                return self.receipt(Outcome::Stored, current.rev, current.seq, Some(&content), Vec::new());
            }
            let (rev, seq) = self.store(current.rev + 1, Some(content.clone()), current.recorder);
            return self.receipt(Outcome::Stored, rev, seq, Some(&content), Vec::new());
        }
        // Of a base that is not known any more, what stands now goes without saying.
        let said_before = base.clone().unwrap_or_else(|| theirs.clone());
        let base = base.unwrap_or_default();
        let mine = match self.checked(overlay(&base, sent), Some(&said_before)) {
            Ok(content) => content,
            Err(result) => return *result,
        };
        let mut merged = three_way(self.change.kind, &base, theirs, &mine);
        if mutant::is(Mutant::ClashOverwrites) {
            merged.content = mine.clone();
        }
        let all_mine = || mine.keys().filter(|name| mine.get(*name) != theirs.get(*name)).cloned().collect();
        // Once more: two changes of which neither alone makes a group ordinary may do so together.
        let (content, clashed) = match self.checked(merged.content, Some(theirs)) {
            Ok(content) => (content, merged.clashed),
            // Each side is valid and together they are not: the server's stays, all of mine is the alternative.
            Err(_) => (theirs.clone(), all_mine()),
        };
        self.settle_own_alternatives();
        let (rev, seq) = if content == *theirs {
            (current.rev, current.seq)
        } else {
            self.store(current.rev + 1, Some(content.clone()), current.recorder)
        };
        if clashed.is_empty() {
            return self.receipt(Outcome::Merged, rev, seq, Some(&content), Vec::new());
        }
        self.keep_alternative(Proposal::Edit { content: mine, fields: clashed.clone() }, rev);
        self.receipt(Outcome::Clash, rev, seq, Some(&content), clashed)
    }

    /// A deletion against an edit keeps the record and asks, unless the editor saw the deletion and brings the record back.
    fn edit_of_deleted(&mut self, sent: &Content, current: &Stored, base: &Content) -> ChangeResult {
        let content = match self.checked(overlay(base, sent), None) {
            Ok(content) => content,
            Err(result) => return *result,
        };
        let (rev, seq) = self.store(current.rev + 1, Some(content.clone()), current.recorder);
        if self.change.base == current.rev {
            return self.receipt(Outcome::Stored, rev, seq, Some(&content), Vec::new());
        }
        self.keep_alternative(Proposal::Deletion, rev);
        self.receipt(Outcome::Clash, rev, seq, Some(&content), Vec::new())
    }

    fn delete(&mut self, current: Option<Stored>) -> ChangeResult {
        let Some(current) = current else {
            return self.receipt(Outcome::Stored, 0, 0, None, Vec::new());
        };
        let Some(theirs) = &current.content else {
            return self.receipt(Outcome::Stored, current.rev, current.seq, None, Vec::new());
        };
        if self.change.base == current.rev || mutant::is(Mutant::DeletionWins) {
            let (rev, seq) = self.store(current.rev + 1, None, current.recorder);
            return self.receipt(Outcome::Stored, rev, seq, None, Vec::new());
        }
        self.keep_alternative(Proposal::Deletion, current.rev);
        self.receipt(Outcome::Clash, current.rev, current.seq, Some(theirs), Vec::new())
    }

    /// The change would have to take the part of a gathering out of the sums, which nobody can read: it waits, and holds up no other.
    fn is_of_unreadable(&self, current: Option<&Stored>) -> bool {
        let contents = [self.change.content.as_ref(), current.and_then(|current| current.content.as_ref())];
        let is_unreadable = |gathering: RecordId| self.loaded.unreadable.contains(&gathering);
        match self.change.kind {
            Kind::Gathering => is_unreadable(self.change.record),
            Kind::Review => {
                contents.into_iter().flatten().filter_map(|content| reference(content, "gathering")).any(is_unreadable)
            }
            _ => false,
        }
    }

    /// A review is neither deleted nor pointed at another gathering: a new one takes its place. The sums hold what the latest
    /// review of each gathering says, and only the gathering that a change names is loaded.
    fn is_of_its_gathering(&self, current: &Stored) -> bool {
        let sent = self.change.content.as_ref().and_then(|content| reference(content, "gathering"));
        sent.is_some() && sent == current.content.as_ref().and_then(|content| reference(content, "gathering"))
    }

    /// The revision on which the edit was made, where it was not a deletion.
    fn base(&self) -> Option<&Content> {
        self.loaded.bases.get(&(self.change.kind, self.change.record, self.change.base))
    }

    /// Checks a whole content as far as the sender's role may say it, that its new texts name nobody, and that what it refers to is known.
    /// What only another role says is as in `said_before`.
    fn checked(&self, content: Content, said_before: Option<&Content>) -> Result<Content, Box<ChangeResult>> {
        let wrong = |errors: Vec<FieldError>| {
            let code = errors.first().map_or(codes::UNREADABLE, |error| error.problem.code());
            Box::new(self.refuse(code, errors.iter().map(|error| error.field.to_owned()).collect()))
        };
        let content = sayable(self.who.role, self.change.kind, content, said_before);
        let content = record::normalise(self.change.kind, &content, self.who.today).map_err(wrong)?;
        let Who { role, association, .. } = *self.who;
        let Change { kind, record, .. } = *self.change;
        if !may_say(role, kind, &content) || !may_write_under(role, kind, record, association) {
            return Err(Box::new(self.refuse(codes::NOT_ALLOWED, Vec::new())));
        }
        if unknown_bytes(self.change.kind, &content) > limits::UNKNOWN_BYTES_MAX {
            return Err(Box::new(self.refuse(codes::TOO_MUCH_UNKNOWN, Vec::new())));
        }
        // What the record refers to already was known when that was stored; an edit that does not say it has not loaded it.
        let current = self.loaded.records.get(&(self.change.kind, self.change.record));
        let before = [current.and_then(|current| current.content.as_ref()), self.base()];
        let known: Vec<&Content> = before.into_iter().flatten().chain(self.sources(&content)).collect();
        let personal = record::personal_in_new_texts(self.change.kind, &content, &known);
        if !personal.is_empty() {
            return Err(wrong(personal));
        }
        let missing = |kind, field: &str| {
            let id = reference(&content, field);
            let refers_already = before.iter().flatten().any(|before| reference(before, field) == id);
            id.is_some_and(|id| !self.loaded.records.contains_key(&(kind, id))) && !refers_already
        };
        let wait = match self.change.kind {
            Kind::Gathering | Kind::YearlyPeople if missing(Kind::Series, "series") => codes::UNKNOWN_SERIES,
            Kind::Review if missing(Kind::Gathering, "gathering") => codes::UNKNOWN_GATHERING,
            _ => return Ok(content),
        };
        Err(Box::new(self.later(wait)))
    }

    /// Contents from which texts come into a record unread: its series, and the alternatives between which the association chooses.
    fn sources(&self, content: &Content) -> impl Iterator<Item = &Content> {
        let series = reference(content, "series").and_then(|id| self.loaded.records.get(&(Kind::Series, id)));
        let alternatives = self.loaded.alternatives.get(&self.change.record).into_iter().flatten();
        let proposed = alternatives.filter_map(|(_, stored)| stored.content.as_ref()?.get("content")?.as_object());
        series.and_then(|series| series.content.as_ref()).into_iter().chain(proposed)
    }

    /// Adds a revision of the change's record under the next sequence number (S8), and its effect on the sums.
    fn store(&mut self, rev: u32, content: Option<Content>, recorder: UserId) -> (u32, u64) {
        let change = self.change;
        let before = self.contribution(change.kind, change.record);
        let about = match change.kind {
            Kind::Gathering | Kind::YearlyPeople => "series",
            Kind::Review => "gathering",
            Kind::Settlement => "alternative",
            Kind::Association | Kind::Series | Kind::Alternative => "",
        };
        let about = content.as_ref().and_then(|content| reference(content, about));
        let seq = self.add(change.kind, change.record, rev, content, recorder, about);
        match change.kind {
            Kind::Gathering => self.effect(change.record, before),
            Kind::Review => self.review(about),
            _ => {}
        }
        (rev, seq)
    }

    fn add(
        &mut self,
        kind: Kind,
        record: RecordId,
        rev: u32,
        content: Option<Content>,
        recorder: UserId,
        about: Option<RecordId>,
    ) -> u64 {
        self.writes.seq += 1;
        let seq = self.writes.seq;
        let stored = Stored { rev, seq, content: content.clone(), recorder };
        self.loaded.records.insert((kind, record), stored);
        let day = (kind == Kind::Gathering)
            .then(|| content.as_ref()?.get("date")?.as_str().and_then(domain::date::parse))
            .flatten();
        if let Some(content) = &content {
            self.loaded.bases.insert((kind, record, rev), content.clone());
        }
        self.writes.revisions.push(NewRevision {
            kind,
            record,
            rev,
            seq,
            content,
            change: self.change.change,
            author: self.who.user,
            device: self.who.device,
            recorder,
            made_at: self.change.made_at,
            about,
            day,
        });
        seq
    }

    fn review(&mut self, gathering: Option<RecordId>) {
        let Some(gathering) = gathering else { return };
        let content = self.loaded.records.get(&(self.change.kind, self.change.record)).and_then(|r| r.content.as_ref());
        let Some(Ok(review)) = content.map(Review::parse) else { return };
        let before = self.contribution(Kind::Gathering, gathering);
        self.loaded.reviews.insert(gathering, (review.revision, review.verdict));
        self.effect(gathering, before);
    }

    fn effect(&mut self, gathering: RecordId, before: Option<(Date, Contribution)>) {
        let after = self.contribution(Kind::Gathering, gathering);
        if before == after {
            return;
        }
        let date = after.as_ref().or(before.as_ref()).map(|(date, _)| *date);
        let [before, after] = [before, after].map(|part| part.map(|(_, contribution)| contribution));
        self.writes.effects.push(Effect { gathering, date, before, after });
    }

    fn contribution(&self, kind: Kind, record: RecordId) -> Option<(Date, Contribution)> {
        if kind != Kind::Gathering {
            return None;
        }
        let stored = self.loaded.records.get(&(kind, record))?;
        let gathering = Gathering::parse(stored.content.as_ref()?, Date::MAX).ok()?;
        let state = ReviewState::of(stored.rev, self.loaded.reviews.get(&record).copied());
        contribution(&gathering, state).map(|part| (gathering.date, part))
    }

    /// The record is the user's from now on; its revision stays, and every device hears of it.
    fn correct_recorder(&mut self) {
        let (kind, record, recorder) = (self.change.kind, self.change.record, self.who.user);
        let Some(stored) = self.loaded.records.get_mut(&(kind, record)) else { return };
        if stored.recorder == recorder {
            return;
        }
        self.writes.seq += 1;
        let seq = self.writes.seq;
        (stored.seq, stored.recorder) = (seq, recorder);
        self.writes.corrected.push(Corrected { kind, record, seq, recorder });
    }

    /// Keeps what lost a clash as a record of its own, which the association settles (S11). Its id is the change's.
    fn keep_alternative(&mut self, proposal: Proposal, against: u32) {
        if mutant::is(Mutant::AlternativeForgotten) {
            return;
        }
        let Change { record, kind, change, .. } = *self.change;
        let alternative = Alternative { record, kind, against, proposal, settled_by_author: false };
        let id = RecordId::new(change.uuid());
        self.add(Kind::Alternative, id, 1, Some(alternative.to_content()), self.who.user, Some(record));
        if let Some(stored) = self.loaded.records.get(&(Kind::Alternative, id)) {
            self.loaded.alternatives.entry(self.change.record).or_default().push((id, stored.clone()));
        }
    }

    /// A later edit by the author of an alternative settles it.
    fn settle_own_alternatives(&mut self) {
        let open = self.loaded.alternatives.get_mut(&self.change.record);
        let own: Vec<(RecordId, Stored)> = open
            .map(|all| {
                let (own, others) = all.drain(..).partition(|(_, stored)| stored.recorder == self.who.user);
                *all = others;
                own
            })
            .unwrap_or_default();
        for (id, stored) in own {
            let content = settled_by_author(stored.content.unwrap_or_default());
            self.add(Kind::Alternative, id, stored.rev + 1, Some(content), stored.recorder, Some(self.change.record));
        }
    }

    fn sent_hash(&self) -> String {
        body_hash(self.change.content.as_ref())
    }

    fn refuse(&self, code: &str, fields: Vec<String>) -> ChangeResult {
        refused(self.change.change, self.change.record, self.sent_hash(), code, fields)
    }

    fn later(&self, code: &str) -> ChangeResult {
        ChangeResult { outcome: Outcome::AgainLater, ..self.refuse(code, Vec::new()) }
    }

    fn receipt(
        &self,
        outcome: Outcome,
        rev: u32,
        seq: u64,
        content: Option<&Content>,
        fields: Vec<String>,
    ) -> ChangeResult {
        let differs = content != self.change.content.as_ref();
        let shown = content.filter(|_| differs).map(|content| self.visible(content));
        // Of what the sender knows then: the hash of words that are not told would let them be guessed.
        let hash = body_hash(shown.as_ref().or(content.filter(|_| !differs)));
        ChangeResult {
            change: self.change.change,
            outcome,
            record: self.change.record,
            sent_hash: self.sent_hash(),
            rev,
            seq,
            hash,
            content: shown,
            fields,
            code: None,
            seal: String::new(),
            whose: None,
        }
    }

    /// What the sender may see of a content, in a receipt as in a pull.
    fn visible(&self, content: &Content) -> Content {
        let recorder = self.loaded.records.get(&(self.change.kind, self.change.record)).map(|stored| stored.recorder);
        visible(self.who.role, recorder == Some(self.who.user), self.change.kind, content)
    }
}
