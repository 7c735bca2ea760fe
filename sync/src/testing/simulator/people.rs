//! The people: what they do, and what their screens have promised them.

use std::collections::BTreeSet;

use domain::{ChangeId, Content, Kind, RecordId, Role, date, record::field_group};
use serde_json::{Value, json};

use super::{
    faults::Fault,
    phone::Committed,
    world::{ASSOCIATIONS, DAY, HOUR, MINUTE, SERIES, What, World, role},
};
use crate::{
    engine::Event,
    local::{Body, EntryState, LocalWrites},
    outbox::Edit,
    rules::codes,
    testing::memory_server::SimServer,
};

/// An act that was begun and not yet called done: after a crash it may be done or not, and nothing between.
pub(super) struct Pending {
    pub record: RecordId,
    /// It is done where this change is, or is not, in the outbox.
    pub change: ChangeId,
    pub is_there: bool,
    /// What is promised then; none where nothing is.
    pub promise: Option<Option<Content>>,
}

impl<S: SimServer> World<S> {
    /// A person takes up the phone, about once a day.
    pub(super) fn wakes(&mut self, phone: usize) {
        let next = DAY - 4 * HOUR + self.dice.below(8 * HOUR);
        self.plan(next, What::Wakes { phone });
        let sleeps = 25 * MINUTE + self.dice.below(20 * MINUTE);
        self.plan(sleeps, What::Sleeps { phone });
        for _ in 0..self.dice.below(5) {
            let after = self.dice.below(20 * MINUTE);
            self.plan(after, What::Acts { phone });
        }
        let profiles = self.phones[phone].profiles.len();
        if profiles > 1 && self.dice.chance(30) {
            self.tally.count(Fault::UserSwitched);
            let other = (self.phones[phone].active + 1) % profiles;
            self.switch_to(phone, other);
        }
        let user = self.phones[phone].profile().user;
        self.phones[phone].cookie = Some(user);
        match self.dice.below(100) {
            0..12 => self.phones[phone].offline_until = self.now + self.dice.below(30 * MINUTE),
            25..28 => self.phones[phone].offline_until = self.now + self.dice.below(4 * DAY),
            28..31 => {
                self.tally.count(Fault::ClockJump);
                let years = self.dice.below(61) as i64 - 30;
                self.phones[phone].clock_off = years * 365 * DAY as i64;
            }
            31..33 => {
                self.tally.count(Fault::SignInRevoked);
                self.phones[phone].cookie = None;
            }
            33..36 => {
                self.tally.count(Fault::OtherUsersCookie);
                let others: Vec<_> = self.phones.iter().flat_map(|p| &p.profiles).map(|p| p.user).collect();
                self.phones[phone].cookie = self.dice.pick(&others);
            }
            _ => {}
        }
        if self.dice.one_in(250) && !self.phones[phone].pages.is_empty() {
            self.clear_data(phone);
        }
        self.phones[phone].is_frozen = false;
        if self.phones[phone].pages.is_empty() {
            self.opens(phone);
        } else {
            let pages: Vec<u64> = self.phones[phone].pages.iter().map(|page| page.id).collect();
            for page in pages {
                self.give(phone, page, None, Event::TryNow);
            }
        }
        if self.dice.chance(8) && !self.phones[phone].pages.is_empty() {
            self.tally.count(Fault::TwoTabs);
            self.new_page(phone);
            // Busy in both at once.
            for _ in 0..5 {
                let after = self.dice.below(2 * MINUTE);
                self.plan(after, What::Acts { phone });
            }
        }
    }

    /// The app is hidden: what is held goes, and the timers stand still. One tab stays, or none.
    pub(super) fn sleeps(&mut self, phone: usize) {
        let pages: Vec<u64> = self.phones[phone].pages.iter().map(|page| page.id).collect();
        for page in pages {
            self.give(phone, page, None, Event::SendAll);
        }
        let stays = usize::from(!self.dice.chance(10));
        let known = &mut self.phones[phone];
        known.pages.truncate(stays);
        known.is_frozen = true;
        known.profile_mut().inverse = None;
    }

    pub(super) fn acts(&mut self, phone: usize) {
        let pages: Vec<u64> = self.phones[phone].pages.iter().map(|page| page.id).collect();
        let Some(page) = self.dice.pick(&pages) else { return };
        if self.phones[phone].is_frozen {
            return;
        }
        let Some(association) = self.dice.pick(&self.phones[phone].profile().associations.clone()) else { return };
        match self.dice.below(100) {
            0..42 => self.record(phone, page, association, None),
            42..62 => self.change(phone, page, association),
            62..67 => self.delete(phone, page, association),
            67..77 => self.undo(phone, page),
            77..82 => self.mend(phone, page),
            82..86 => self.set_up_series(phone, page, association),
            86..95 => self.review(phone, page, association),
            95..97 => {
                let held = self.phones[phone].profile().inverse.as_ref().map(|inverse| inverse.1);
                held.into_iter().for_each(|change| self.give(phone, page, None, Event::Released(change)));
            }
            _ => {
                self.tally.count(Fault::NewWorker);
                self.phones[phone].pages.retain(|known| known.id != page);
                self.new_page(phone);
            }
        }
    }

    fn record(&mut self, phone: usize, page: u64, association: usize, series: Option<RecordId>) {
        let known = series.map_or_else(|| self.series[association].clone(), |series| vec![series]);
        let disk = &self.phones[phone].profile().disk.now;
        let here: Vec<RecordId> = known.into_iter().filter(|id| disk.content(Kind::Series, *id).is_some()).collect();
        let series = self.dice.pick(&here);
        let day = if self.dice.chance(5) { date::plus_days(self.today(), 400) } else { self.today() };
        let mut content = json!({
            "form": "kerho", "municipality": "005", "participants": self.dice.below(40), "volunteers": 2,
            "volunteer_quarter_hours": 16, "date": day.to_string(),
        });
        if let Some(series) = series {
            content["series"] = json!(series);
        }
        let record = RecordId::from_bytes(self.dice.id());
        self.tally.saved += 1;
        self.remember(association, Kind::Gathering, record);
        self.save(phone, page, association, (Kind::Gathering, record), body(content), None);
    }

    /// A gathering that the person sees.
    fn some_gathering(&mut self, phone: usize, association: usize) -> Option<(RecordId, Content)> {
        for _ in 0..4 {
            let recent = self.recent[association].len() as u64;
            if recent == 0 {
                return None;
            }
            // Often one of the last, which others are at, too.
            let first = if self.dice.chance(60) { recent.saturating_sub(4) } else { 0 };
            let record = self.recent[association][(first + self.dice.below(recent - first)) as usize];
            let disk = &self.phones[phone].profile().disk.now;
            if let Some(content) = disk.content(Kind::Gathering, record) {
                return Some((record, content));
            }
        }
        None
    }

    fn change(&mut self, phone: usize, page: u64, association: usize) {
        let Some((record, content)) = self.some_gathering(phone, association) else { return };
        let mut content = Value::Object(content);
        let field = match self.dice.below(4) {
            0 | 1 => {
                content["participants"] = json!(self.dice.below(40));
                "participants"
            }
            2 => {
                content["note"] = json!(format!("note {}", self.dice.below(90)));
                "note"
            }
            _ => {
                content["place"] = json!(format!("place {}", self.dice.below(90)));
                "place"
            }
        };
        self.tally.edited += 1;
        self.save(phone, page, association, (Kind::Gathering, record), body(content), Some(field));
    }

    fn delete(&mut self, phone: usize, page: u64, association: usize) {
        let Some((record, _)) = self.some_gathering(phone, association) else { return };
        self.tally.deleted += 1;
        self.save(phone, page, association, (Kind::Gathering, record), Body::Deleted, None);
    }

    fn set_up_series(&mut self, phone: usize, page: u64, association: usize) {
        if self.series[association].len() > 12 {
            return;
        }
        let record = RecordId::from_bytes(self.dice.id());
        let content = json!({"name": "Torstaikerho", "form": "kerho", "municipality": "005"});
        self.series[association].push(record);
        self.save(phone, page, association, (Kind::Series, record), body(content), None);
        // And a gathering of it at once, which may be at the server before it.
        if self.phones[phone].pages.iter().any(|known| known.id == page) {
            self.record(phone, page, association, Some(record));
        }
    }

    /// The association approves, returns, merges a pair or deletes.
    fn review(&mut self, phone: usize, page: u64, association: usize) {
        let user = self.phones[phone].profile().user;
        if role(user, association) != Some(Role::Reviewer) {
            return self.change(phone, page, association);
        }
        let Some((gathering, _)) = self.some_gathering(phone, association) else { return };
        let disk = &self.phones[phone].profile().disk.now;
        let Some(rev) = disk.records.get(&(Kind::Gathering, gathering)).map(|held| held.rev).filter(|rev| *rev > 0)
        else {
            return;
        };
        let record = RecordId::from_bytes(self.dice.id());
        self.tally.reviewed += 1;
        match self.dice.below(10) {
            0..6 => {
                let review = json!({"gathering": gathering, "revision": rev, "verdict": "approved"});
                self.save(phone, page, association, (Kind::Review, record), body(review), None);
            }
            6 | 7 => {
                self.tally.count(Fault::Returned);
                let review =
                    json!({"gathering": gathering, "revision": rev, "verdict": "returned", "comment": "Montako?"});
                self.save(phone, page, association, (Kind::Review, record), body(review), None);
            }
            8 => {
                self.tally.count(Fault::Deleted);
                self.save(phone, page, association, (Kind::Gathering, gathering), Body::Deleted, None);
            }
            _ => {
                let Some((second, _)) = self.some_gathering(phone, association) else { return };
                if second == gathering {
                    return;
                }
                self.tally.count(Fault::Merged);
                let settlement = json!({"first": gathering, "second": second, "same": true});
                self.save(phone, page, association, (Kind::Settlement, record), body(settlement), None);
                if self.phones[phone].pages.iter().any(|known| known.id == page) {
                    self.save(phone, page, association, (Kind::Gathering, second), Body::Deleted, None);
                }
            }
        }
    }

    /// A refused change is mended or thrown away.
    fn mend(&mut self, phone: usize, page: u64) {
        let disk = &self.phones[phone].profile().disk.now;
        let refused = disk.entries.values().find(|entry| matches!(entry.state, EntryState::Refused { .. })).cloned();
        let Some(entry) = refused else { return };
        let is_without = |known| matches!(&entry.state, EntryState::Refused { code, .. } if code == known);
        let can_be_mended = !is_without(codes::UNKNOWN_GATHERING);
        if let (Some(content), true) = (entry.body.content(), can_be_mended && self.dice.chance(50)) {
            let mut content = Value::Object(content.clone());
            let association = super::world::number(entry.association);
            let field = if is_without(codes::UNKNOWN_SERIES) { "series" } else { "date" };
            content[field] = match field {
                "series" => json!(SERIES[association]),
                _ => json!(self.today().to_string()),
            };
            return self.save(phone, page, association, (entry.kind, entry.record), body(content), Some(field));
        }
        let Some(writes) = disk.drop_entry(entry.change) else { return };
        let pending = Pending { record: entry.record, change: entry.change, is_there: false, promise: None };
        self.tally.thrown_away += 1;
        // What only this phone has refused may still be taken: the server has stored no answer, and a copy of the request that
        // was late on its way can meet the series that somebody else has brought meanwhile. The record is then seen, and
        // deleted as any other.
        let may_be_taken = is_without(codes::UNKNOWN_SERIES) || is_without(codes::UNKNOWN_GATHERING);
        if self.act(phone, page, &writes, pending, None) && !may_be_taken {
            self.called_undone(entry.change);
        }
    }

    fn undo(&mut self, phone: usize, page: u64) {
        let Some((record, change, inverse, before)) = self.phones[phone].profile_mut().inverse.take() else { return };
        let new = ChangeId::from_bytes(self.dice.id());
        let profile = self.phones[phone].profile();
        let was_there = profile.disk.now.entry(change).is_some();
        let writes = profile.disk.now.undo(&inverse, new);
        let user = profile.user;
        self.tally.undone += 1;
        let said = writes.put_entries.iter().find(|entry| entry.change == new);
        let Some(said) = said else {
            // What it brings back shows that it was done; where there is nothing, that the edit is gone.
            let pending = match writes.put_entries.first() {
                Some(back) => Pending { record, change: back.change, is_there: true, promise: before },
                None => Pending { record, change, is_there: false, promise: before },
            };
            if self.act(phone, page, &writes, pending, None) && was_there {
                self.called_undone(change);
            }
            return;
        };
        let promise = Some(said.body.content().cloned());
        let touched = self.checks.touched.get(&change).cloned().flatten();
        self.checks.made(new, user, touched);
        let pending = Pending { record, change: new, is_there: true, promise };
        self.act(phone, page, &writes, pending, None);
    }

    /// Saves an edit as the screens do. `field` is what the person changed; none when the whole record is new to them.
    fn save(
        &mut self,
        phone: usize,
        page: u64,
        association: usize,
        (kind, record): (Kind, RecordId),
        body: Body,
        field: Option<&str>,
    ) {
        let change = ChangeId::from_bytes(self.dice.id());
        let made_at = self.now as i64 + self.phones[phone].clock_off;
        let edit = Edit { change, association: ASSOCIATIONS[association], record, kind, body, made_at };
        let profile = self.phones[phone].profile();
        let outbox = &profile.disk.now;
        let writes = outbox.edit(edit.clone());
        let inverse = outbox.inverse(&edit, &writes);
        // Edits of one record travel in each other: what was touched since the server last heard of it.
        let mut touched: Option<BTreeSet<String>> = field.map(|field| [field_group(kind, field).to_owned()].into());
        for entry in outbox.entries.values().filter(|entry| (entry.kind, entry.record) == (kind, record)) {
            let before = self.checks.touched.get(&entry.change).cloned().flatten();
            touched = touched.zip(before).map(|(mut all, more)| {
                all.extend(more);
                all
            });
        }
        let promise = Some(edit.body.content().cloned());
        let before = profile.promised.get(&record).cloned();
        let user = profile.user;
        self.checks.made(change, user, touched);
        self.checks.homes.insert(record, ASSOCIATIONS[association]);
        let pending = match (writes.put_entries.is_empty(), writes.drop_entries.first()) {
            (true, Some(dropped)) => Pending { record, change: *dropped, is_there: false, promise },
            _ => Pending { record, change, is_there: true, promise },
        };
        let hold = self.dice.chance(60).then_some(change);
        let shown = edit.body.content().cloned();
        if !self.act(phone, page, &writes, pending, hold) {
            return;
        }
        let profile = self.phones[phone].profile_mut();
        profile.inverse = Some((record, change, inverse, before));
        let whole = profile.disk.now.content(kind, record);
        let shows = |name: &String, value: &Value| whole.as_ref().and_then(|whole| whole.get(name)) == Some(value);
        let is_shown = shown.as_ref().is_none_or(|content| content.iter().all(|(name, value)| shows(name, value)));
        // The receipt may have come and brought others' changes; while it waits, it shows what was said.
        if profile.disk.now.entry(change).is_some() && !is_shown {
            self.broke(|| format!("S2: {change} of {record} was called saved as {shown:?}, and is {whole:?}"));
        }
    }

    /// Commits an act of a person. Whether it was done and said so.
    fn act(&mut self, phone: usize, page: u64, writes: &LocalWrites, pending: Pending, hold: Option<ChangeId>) -> bool {
        self.check_order(phone, writes);
        let (record, promise) = (pending.record, pending.promise.clone());
        self.phones[phone].profile_mut().pending = Some(pending);
        match self.commit(phone, writes) {
            Committed::Crashed => return false,
            Committed::Failed => {
                let pending = self.phones[phone].profile_mut().pending.take();
                // Called not saved: it must not be there later.
                let is_new = |pending: &Pending| {
                    writes.put_entries.iter().any(|entry| entry.change == pending.change && entry.version == 0)
                };
                if let Some(pending) = pending.filter(|pending| pending.is_there && is_new(pending)) {
                    self.called_undone(pending.change);
                }
                return false;
            }
            Committed::Done => {}
        }
        let profile = self.phones[phone].profile_mut();
        profile.pending = None;
        let given = writes.put_entries.iter().map(|entry| entry.order).max();
        profile.order = profile.order.max(given.unwrap_or(0));
        profile.promise(record, promise);
        self.wrote(phone, page);
        self.give(phone, page, None, Event::Saved { writes: writes.clone(), hold });
        true
    }
}

impl super::phone::Profile {
    /// Remembers what the screen said of a record; none where it said nothing that counts.
    pub(super) fn promise(&mut self, record: RecordId, promise: Option<Option<Content>>) {
        match promise {
            Some(promise) => self.promised.insert(record, promise),
            None => self.promised.remove(&record),
        };
    }
}

fn body(content: Value) -> Body {
    match content {
        Value::Object(content) => Body::Content(content),
        _ => Body::Deleted,
    }
}
