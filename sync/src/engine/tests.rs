use domain::{ChangeId, Content, Kind, RecordId};
use serde_json::json;

use super::*;
use crate::{
    canonical::content_hash,
    outbox::{Body, Edit, EntryState},
    protocol::{ChangeResult, Outcome},
    view::{self, Place},
};

const ASSOCIATION: AssociationId = AssociationId::from_bytes([9; 16]);

fn at(ms: u64) -> Now {
    Now { ms, dice: 7 }
}

fn change(n: u8) -> ChangeId {
    ChangeId::from_bytes([n; 16])
}

fn record(n: u8) -> RecordId {
    RecordId::from_bytes([n; 16])
}

fn content(participants: u32) -> Content {
    json!({"participants": participants}).as_object().cloned().expect("object")
}

fn edit(n: u8, of: u8, body: Body) -> Edit {
    Edit { change: change(n), association: ASSOCIATION, record: record(of), kind: Kind::Gathering, body, made_at: 0 }
}

struct Phone {
    engine: Engine,
}

impl Phone {
    fn new() -> Phone {
        let mut engine = Engine::default();
        let outbox = Box::new(Outbox::default());
        engine.handle(Event::Loaded { outbox, associations: Vec::new() }, at(0));
        Phone { engine }
    }

    fn save(&mut self, n: u8, of: u8, body: Body) -> Vec<Command> {
        let writes = self.engine.outbox().edit(edit(n, of, body));
        self.engine.handle(Event::Saved { writes, hold: None }, at(1))
    }

    fn receipt(&mut self, n: u8, outcome: Outcome, rev: u32, mend: impl FnOnce(&mut ChangeResult)) -> Vec<Command> {
        let entry = self.engine.outbox().entry(change(n)).expect("in the outbox").clone();
        let mut result = ChangeResult {
            change: entry.change,
            outcome,
            record: entry.record,
            sent_hash: entry.body.hash(),
            rev,
            seq: rev.into(),
            hash: entry.body.hash(),
            content: None,
            fields: Vec::new(),
            code: None,
        };
        mend(&mut result);
        let reply = PushReply { magic: PUSH_MAGIC.into(), epoch: "e".into(), server_time: 77, results: vec![result] };
        self.engine.handle(Event::Pushed(Ok(reply)), at(2))
    }

    fn place(&self) -> Place {
        view::shown(self.engine.outbox(), Kind::Gathering)[0].place.clone()
    }
}

fn pushes(commands: &[Command]) -> Vec<ChangeId> {
    commands
        .iter()
        .filter_map(|command| match command {
            Command::Push { batch, .. } => Some(batch.clone()),
            _ => None,
        })
        .flatten()
        .collect()
}

#[test]
fn s4_only_a_receipt_with_the_hash_as_sent_empties_the_outbox() {
    let mut phone = Phone::new();
    assert_eq!(pushes(&phone.save(1, 1, Body::Content(content(14)))), [change(1)]);
    phone.receipt(1, Outcome::Stored, 1, |result| result.sent_hash = content_hash(&content(15)));
    assert_eq!(phone.engine.outbox().waiting(), 1);
    phone.engine.handle(Event::SendAll, at(100_000));
    phone.receipt(1, Outcome::Stored, 1, |result| result.record = record(2));
    assert_eq!(phone.engine.outbox().waiting(), 1);
    phone.engine.handle(Event::SendAll, at(200_000));
    phone.receipt(1, Outcome::Stored, 1, |_| ());
    assert_eq!(phone.engine.outbox().waiting(), 0);
    assert_eq!(phone.place(), Place::Received { at: Some(77) });
}

#[test]
fn s4_a_captive_portal_or_a_wrong_magic_word_is_no_answer() {
    let mut phone = Phone::new();
    phone.save(1, 1, Body::Content(content(14)));
    let reply = PushReply { magic: "welcome to the hotel".into(), epoch: "".into(), server_time: 0, results: vec![] };
    phone.engine.handle(Event::Pushed(Ok(reply)), at(3));
    assert_eq!(phone.engine.outbox().waiting(), 1);
    assert_eq!(*phone.engine.phase(), Phase::Idle);
}

#[test]
fn s5_a_later_edit_waits_for_the_first_and_is_rebased_on_its_receipt() {
    let mut phone = Phone::new();
    phone.save(1, 1, Body::Content(content(14)));
    assert!(pushes(&phone.save(2, 1, Body::Content(content(15)))).is_empty());
    assert!(pushes(&phone.save(3, 1, Body::Content(content(16)))).is_empty());
    assert_eq!(phone.engine.outbox().waiting(), 2, "the two later edits are joined");
    let stored = json!({"participants": 14, "note": "by the association"}).as_object().cloned();
    let next = phone.receipt(1, Outcome::Merged, 4, |result| result.content = stored);
    assert_eq!(pushes(&next), [change(3)]);
    let entry = phone.engine.outbox().entry(change(3)).expect("waiting");
    let expected = json!({"participants": 16, "note": "by the association"});
    assert_eq!((entry.base, entry.body.content()), (4, expected.as_object()));
}

#[test]
fn s6_a_refused_change_stays_with_its_reason_and_lets_the_others_pass() {
    let mut phone = Phone::new();
    phone.save(1, 1, Body::Content(content(14)));
    phone.save(2, 2, Body::Content(content(20)));
    let next = phone.receipt(1, Outcome::Refused, 0, |result| result.code = Some("in-the-future".into()));
    assert_eq!(pushes(&next), [change(2)]);
    let entry = phone.engine.outbox().entry(change(1)).expect("kept");
    assert!(matches!(&entry.state, EntryState::Refused { code, .. } if code == "in-the-future"));
    phone.receipt(2, Outcome::Stored, 1, |_| ());
    phone.save(3, 1, Body::Content(content(13)));
    assert!(phone.engine.outbox().entry(change(3)).is_some(), "mending makes a new change");
    assert!(phone.engine.outbox().entry(change(1)).is_none());
}

#[test]
fn s6_a_change_that_has_to_wait_does_not_hold_up_the_others() {
    let mut phone = Phone::new();
    phone.save(1, 1, Body::Content(content(14)));
    phone.save(2, 2, Body::Content(content(20)));
    let next = phone.receipt(1, Outcome::AgainLater, 0, |_| ());
    assert_eq!(pushes(&next), [change(2)]);
}

#[test]
fn a_change_is_not_sent_while_its_undo_bar_is_shown() {
    let mut phone = Phone::new();
    let writes = phone.engine.outbox().edit(edit(1, 1, Body::Content(content(14))));
    let commands = phone.engine.handle(Event::Saved { writes, hold: Some(change(1)) }, at(0));
    assert_eq!(commands, [Command::Wait { ms: limits::UNDO_MS }]);
    assert!(phone.engine.outbox().drop_entry(change(1)).is_some(), "it can be undone");
    assert_eq!(pushes(&phone.engine.handle(Event::Rang, at(limits::UNDO_MS))), [change(1)]);
    assert!(phone.engine.outbox().drop_entry(change(1)).is_none(), "it may be with the server");
}

#[test]
fn hiding_the_app_sends_what_is_held() {
    let mut phone = Phone::new();
    let writes = phone.engine.outbox().edit(edit(1, 1, Body::Content(content(14))));
    phone.engine.handle(Event::Saved { writes, hold: Some(change(1)) }, at(0));
    assert_eq!(pushes(&phone.engine.handle(Event::SendAll, at(5))), [change(1)]);
}

#[test]
fn a_record_that_never_left_is_deleted_without_a_trace() {
    let mut phone = Phone::new();
    let writes = phone.engine.outbox().edit(edit(1, 1, Body::Content(content(14))));
    phone.engine.handle(Event::Saved { writes, hold: Some(change(1)) }, at(0));
    let writes = phone.engine.outbox().edit(edit(2, 1, Body::Deleted));
    phone.engine.handle(Event::Saved { writes, hold: None }, at(1));
    assert_eq!(phone.engine.outbox().waiting(), 0);
}

#[test]
fn sending_is_a_lease_that_runs_out() {
    let mut phone = Phone::new();
    phone.save(1, 1, Body::Content(content(14)));
    assert!(phone.engine.is_sending(change(1)));
    phone.engine.handle(Event::Rang, at(1 + limits::LEASE_MS));
    assert!(!phone.engine.is_sending(change(1)));
    let again = phone.engine.handle(Event::TryNow, at(2 + limits::LEASE_MS));
    assert_eq!(pushes(&again), [change(1)]);
}

#[test]
fn a_batch_that_is_too_large_is_halved_and_a_change_too_large_by_itself_needs_mending() {
    let mut phone = Phone::new();
    phone.save(1, 1, Body::Content(content(1)));
    phone.engine.handle(Event::Pushed(Err(Failure::TooLarge)), at(5));
    let entry = phone.engine.outbox().entry(change(1)).expect("kept");
    assert!(matches!(&entry.state, EntryState::Refused { code, .. } if code == "record-too-large"));
}

#[test]
fn a_lost_sign_in_leaves_the_queue_untouched() {
    let mut phone = Phone::new();
    phone.save(1, 1, Body::Content(content(1)));
    phone.engine.handle(Event::Pushed(Err(Failure::SignIn)), at(5));
    assert!(phone.engine.sign_in_needed);
    assert_eq!(phone.engine.outbox().waiting(), 1);
}

#[test]
fn s11_the_volunteer_is_told_when_the_association_changed_a_count() {
    let mut phone = Phone::new();
    phone.save(1, 1, Body::Content(content(14)));
    phone.receipt(1, Outcome::Stored, 1, |_| ());
    let pulled = crate::protocol::PullRecord {
        kind: Kind::Gathering,
        id: record(1),
        rev: 2,
        seq: 5,
        content: Some(content(12)),
        deleted: false,
        mine: true,
        by: None,
    };
    let reply = PullReply {
        magic: PULL_MAGIC.into(),
        epoch: "e".into(),
        records: vec![pulled],
        next: 5,
        more: false,
        reset: false,
    };
    phone.engine.phase = Phase::Pulling { association: ASSOCIATION };
    phone.engine.handle(Event::Pulled(Ok(reply)), at(3));
    assert_eq!(view::shown(phone.engine.outbox(), Kind::Gathering)[0].count_changed, Some((14, 12)));
}
