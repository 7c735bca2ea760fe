use domain::{ChangeId, Content, Kind, RecordId};
use serde_json::json;

use super::*;
use crate::{
    canonical::content_hash,
    local::{Body, EntryState},
    outbox::Edit,
    protocol::{ChangeResult, Outcome, RecordKey},
    view::{self, Delivery},
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
            seal: String::new(),
            whose: None,
        };
        mend(&mut result);
        let reply = PushReply { magic: PUSH_MAGIC.into(), epoch: "e".into(), server_time: 77, results: vec![result] };
        self.engine.handle(Event::Pushed(Ok(reply)), at(2))
    }

    fn delivery(&self) -> Delivery {
        view::shown(self.engine.outbox(), Kind::Gathering)[0].delivery.clone()
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
    assert_eq!(phone.delivery(), Delivery::Received { at: Some(77) });
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
fn what_can_be_undone_is_known_and_what_was_not_taken_is_not_of_it() {
    let mut phone = Phone::new();
    let writes = phone.engine.outbox().edit(edit(1, 1, Body::Content(content(14))));
    phone.engine.handle(Event::Saved { writes, hold: Some(change(1)) }, at(5));
    assert_eq!(phone.engine.undoable(5), [change(1)].into());
    assert_eq!(phone.engine.undoable(4 + limits::UNDO_MS), [change(1)].into());
    assert_eq!(phone.engine.undoable(5 + limits::UNDO_MS), [].into());
    // Its sign-in has ended: it waits for the next try, and may be handed in.
    assert_eq!(pushes(&phone.engine.handle(Event::SendAll, at(6))), [change(1)]);
    phone.engine.handle(Event::Pushed(Err(Failure::SignIn)), at(7));
    assert_eq!(phone.engine.undoable(8), [].into());
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
fn a_removed_member_is_not_asked_to_sign_in_and_what_waits_is_kept_and_rarely_sent() {
    let mut phone = Phone::new();
    phone.save(1, 1, Body::Content(content(1)));
    phone.engine.handle(Event::Pushed(Err(Failure::Removed)), at(5));
    assert!(!phone.engine.sign_in_needed);
    assert_eq!(phone.engine.outbox().waiting(), 1);
    let soon = phone.engine.handle(Event::TryNow, at(4 + limits::RETRY_DELAY_MS_MAX));
    assert_eq!(pushes(&soon), []);
    let later = phone.engine.handle(Event::TryNow, at(6 + limits::LEASE_MS + limits::RETRY_DELAY_MS_MAX));
    assert_eq!(pushes(&later), [change(1)]);
}

#[test]
fn s11_the_volunteer_is_told_when_the_association_changed_a_count() {
    let mut phone = Phone::new();
    phone.save(1, 1, Body::Content(content(14)));
    phone.receipt(1, Outcome::Stored, 1, |_| ());
    let reply = PullReply {
        magic: PULL_MAGIC.into(),
        epoch: "e".into(),
        records: vec![pulled(1, 2, 12)],
        next: 5,
        more: false,
        reset: false,
    };
    phone.engine.phase = Phase::Pulling { association: ASSOCIATION };
    phone.engine.handle(Event::Pulled(Ok(reply)), at(3));
    assert_eq!(view::shown(phone.engine.outbox(), Kind::Gathering)[0].count_changed, Some((14, 12)));
}

fn epoch_reply(epoch: &str) -> PushReply {
    PushReply { magic: PUSH_MAGIC.into(), epoch: epoch.into(), server_time: 0, results: Vec::new() }
}

fn wanted(epoch: &str, records: &[u8]) -> Event {
    let wanted = records.iter().map(|n| RecordKey { kind: Kind::Gathering, id: record(*n) }).collect();
    Event::Offered(Ok(OfferReply { magic: OFFER_MAGIC.into(), epoch: epoch.into(), wanted, closed: false }))
}

fn offers(commands: &[Command]) -> Vec<(String, usize, usize)> {
    commands
        .iter()
        .filter_map(|command| match command {
            Command::Offer { epoch, holds, contents, .. } => Some((epoch.clone(), holds.len(), contents.len())),
            _ => None,
        })
        .collect()
}

/// A phone that has received one gathering in epoch "e" and then hears of epoch "f".
fn phone_of_a_restored_server() -> (Phone, Vec<Command>) {
    let mut phone = Phone::new();
    phone.save(1, 1, Body::Content(content(14)));
    phone.receipt(1, Outcome::Stored, 1, |_| ());
    phone.engine.handle(Event::Pulled(Err(Failure::NoAnswer)), at(3));
    phone.engine.handle(Event::TryNow, at(100_000));
    let writes = phone.engine.outbox().edit(edit(2, 2, Body::Content(content(20))));
    phone.engine.handle(Event::Saved { writes, hold: None }, at(100_000));
    let commands = phone.engine.handle(Event::Pushed(Ok(epoch_reply("f"))), at(100_001));
    (phone, commands)
}

#[test]
fn s9_a_new_epoch_is_answered_by_offering_before_anything_is_sent_or_taken() {
    let (mut phone, commands) = phone_of_a_restored_server();
    assert_eq!(offers(&commands), [("f".to_owned(), 1, 0)]);
    assert_eq!(phone.engine.outbox().waiting(), 1);
    assert_eq!(phone.engine.outbox().epoch(ASSOCIATION), "e", "a phone that is killed now begins anew");
    let commands = phone.engine.handle(wanted("f", &[1, 7]), at(100_002));
    assert_eq!(offers(&commands), [("f".to_owned(), 0, 1)], "only what it holds");
    let commands = phone.engine.handle(wanted("f", &[]), at(100_003));
    assert_eq!(pushes(&commands), [change(2)]);
    assert_eq!(phone.engine.outbox().epoch(ASSOCIATION), "f");
    assert_eq!(phone.engine.outbox().cursors[&ASSOCIATION].seq, 0);
}

#[test]
fn s9_where_offers_are_closed_a_waiting_edit_goes_on_without_a_base_and_is_asked_about() {
    let (mut phone, _) = phone_of_a_restored_server();
    phone.save(3, 1, Body::Content(content(15)));
    let base = |phone: &Phone| phone.engine.outbox().entry(change(3)).expect("waits").base;
    assert_eq!(base(&phone), 1);
    let reply = OfferReply { magic: OFFER_MAGIC.into(), epoch: "f".into(), wanted: Vec::new(), closed: true };
    let commands = phone.engine.handle(Event::Offered(Ok(reply)), at(100_002));
    assert_eq!((pushes(&commands), base(&phone)), (vec![change(2), change(3)], 0));
    assert_eq!(phone.engine.outbox().epoch(ASSOCIATION), "f");
}

#[test]
fn s9_an_offer_that_gets_no_answer_starts_again() {
    let (mut phone, _) = phone_of_a_restored_server();
    phone.engine.handle(Event::Offered(Err(Failure::NoAnswer)), at(100_002));
    assert_eq!(phone.engine.outbox().epoch(ASSOCIATION), "e");
    let commands = phone.engine.handle(Event::SendAll, at(300_000));
    assert_eq!(pushes(&commands), [change(2)]);
    let commands = phone.engine.handle(Event::Pushed(Ok(epoch_reply("f"))), at(300_001));
    assert_eq!(offers(&commands).len(), 1);
}

#[test]
fn s9_a_page_of_another_epoch_is_not_applied_before_the_offer() {
    let (mut phone, _) = phone_of_a_restored_server();
    phone.engine.phase = Phase::Pulling { association: ASSOCIATION };
    let reply = PullReply {
        magic: PULL_MAGIC.into(),
        epoch: "f".into(),
        records: vec![pulled(1, 1, 12)],
        next: 5,
        more: false,
        reset: true,
    };
    let commands = phone.engine.handle(Event::Pulled(Ok(reply.clone())), at(100_002));
    assert_eq!(offers(&commands).len(), 1);
    assert_eq!(shown_participants(&phone), 14);
    phone.engine.handle(wanted("f", &[]), at(100_003));
    phone.engine.phase = Phase::Pulling { association: ASSOCIATION };
    phone.engine.handle(Event::Pulled(Ok(reply)), at(100_004));
    assert_eq!(shown_participants(&phone), 12, "the same revision with another content: the server's is adopted");
}

#[test]
fn s9_an_offer_that_is_too_large_is_halved() {
    let (mut phone, _) = phone_of_a_restored_server();
    phone.engine.handle(wanted("f", &[1]), at(100_002));
    phone.engine.handle(Event::Offered(Err(Failure::TooLarge)), at(100_003));
    let Phase::Idle = phone.engine.phase else { panic!("the offer is over") };
    phone.engine.handle(Event::SendAll, at(300_000));
    let commands = phone.engine.handle(Event::Pushed(Ok(epoch_reply("f"))), at(300_001));
    assert_eq!(pushes(&commands), [change(2)], "what cannot travel by itself is left out");
}

#[test]
fn an_answer_to_a_contact_that_was_given_up_is_none() {
    let mut phone = Phone::new();
    phone.save(1, 1, Body::Content(content(14)));
    let contact = phone.engine.contact();
    phone.engine.handle(Event::Rang, at(1 + limits::LEASE_MS));
    phone.engine.handle(Event::TryNow, at(2 + limits::LEASE_MS));
    let late = phone.engine.answer(contact, Event::Pushed(Err(Failure::UpdateFirst)), at(3 + limits::LEASE_MS));
    assert!(late.is_empty() && !phone.engine.update_needed);
}

fn shown_participants(phone: &Phone) -> u64 {
    phone.engine.outbox().content(Kind::Gathering, record(1)).expect("shown")["participants"].as_u64().expect("number")
}

fn pulled(n: u8, rev: u32, participants: u32) -> crate::protocol::PullRecord {
    crate::protocol::PullRecord {
        kind: Kind::Gathering,
        id: record(n),
        rev,
        seq: 5,
        content: Some(content(participants)),
        deleted: false,
        mine: true,
        by: None,
        seal: String::new(),
    }
}

#[test]
fn a_pull_that_tells_nothing_new_writes_nothing() {
    let mut phone = Phone::new();
    let reply = PullReply {
        magic: PULL_MAGIC.into(),
        epoch: "e".into(),
        records: Vec::new(),
        next: 5,
        more: false,
        reset: false,
    };
    let mut commits = || {
        phone.engine.phase = Phase::Pulling { association: ASSOCIATION };
        let commands = phone.engine.handle(Event::Pulled(Ok(reply.clone())), at(3));
        commands.into_iter().filter(|command| matches!(command, Command::Commit(_))).count()
    };
    assert_eq!((commits(), commits()), (1, 0));
}
