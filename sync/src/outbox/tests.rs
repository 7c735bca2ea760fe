use serde_json::json;

use super::*;

const ASSOCIATION: AssociationId = AssociationId::from_bytes([9; 16]);
const RECORD: RecordId = RecordId::from_bytes([1; 16]);

fn change(n: u8) -> ChangeId {
    ChangeId::from_bytes([n; 16])
}

fn edit(n: u8, body: Body) -> Edit {
    Edit { change: change(n), association: ASSOCIATION, record: RECORD, kind: Kind::Gathering, body, made_at: 0 }
}

fn count(participants: u32) -> Body {
    Body::Content(json!({"participants": participants}).as_object().cloned().expect("object"))
}

fn participants(outbox: &Outbox) -> Option<u64> {
    outbox.content(Kind::Gathering, RECORD)?.get("participants")?.as_u64()
}

/// Saves, and answers how to take it back.
fn save(outbox: &mut Outbox, edit: Edit) -> Inverse {
    let writes = outbox.edit(edit.clone());
    let inverse = outbox.inverse(&edit, &writes);
    outbox.apply(&writes);
    inverse
}

fn undo(outbox: &mut Outbox, inverse: &Inverse) {
    let writes = outbox.undo(inverse, change(99));
    outbox.apply(&writes);
}

#[test]
fn s10_what_is_thrown_away_at_sign_out_is_gone_and_not_taken_for_lost() {
    let mut outbox = Outbox::default();
    for n in 1..=3 {
        save(&mut outbox, Edit { record: RecordId::from_bytes([n; 16]), ..edit(n, count(14)) });
    }
    let marks = outbox.mark_sent(&[change(1)]);
    outbox.apply(&marks);
    let thrown = outbox.drop_all();
    assert_eq!(thrown.gone.len(), 3, "the mirror must not bring them back");
    outbox.apply(&thrown);
    assert_eq!((outbox.entries.len(), outbox.counter - outbox.thrown), (0, 0));
}

#[test]
fn undoing_an_edit_of_an_unsent_gathering_keeps_the_gathering() {
    let mut outbox = Outbox::default();
    save(&mut outbox, edit(1, count(14)));
    let inverse = save(&mut outbox, edit(2, count(15)));
    undo(&mut outbox, &inverse);
    assert_eq!((participants(&outbox), outbox.waiting()), (Some(14), 1));
}

#[test]
fn what_is_mended_before_it_is_sent_does_not_get_younger() {
    let mut outbox = Outbox::default();
    save(&mut outbox, Edit { made_at: 1_000, ..edit(1, count(14)) });
    save(&mut outbox, Edit { made_at: 9_000, ..edit(2, count(15)) });
    let made: Vec<i64> = outbox.entries.values().map(|entry| entry.made_at).collect();
    assert_eq!(made, [1_000]);
}

#[test]
fn undoing_the_deletion_of_an_unsent_gathering_brings_it_back() {
    let mut outbox = Outbox::default();
    save(&mut outbox, edit(1, count(14)));
    let inverse = save(&mut outbox, edit(2, Body::Deleted));
    assert_eq!(participants(&outbox), None);
    undo(&mut outbox, &inverse);
    assert_eq!((participants(&outbox), outbox.waiting()), (Some(14), 1));
}

#[test]
fn undoing_the_first_save_leaves_nothing() {
    let mut outbox = Outbox::default();
    let inverse = save(&mut outbox, edit(1, count(14)));
    undo(&mut outbox, &inverse);
    assert_eq!((participants(&outbox), outbox.waiting()), (None, 0));
}

#[test]
fn undoing_a_deletion_that_is_on_its_way_sends_the_gathering_again() {
    let mut outbox = Outbox::default();
    outbox.apply(&LocalWrites {
        put_records: vec![LocalRecord {
            association: ASSOCIATION,
            kind: Kind::Gathering,
            id: RECORD,
            rev: 3,
            seq: 3,
            content: count(14).content().cloned(),
            mine: true,
            by: None,
            received_at: None,
            count_changed: None,
            seal: String::new(),
        }],
        ..LocalWrites::default()
    });
    let inverse = save(&mut outbox, edit(1, Body::Deleted));
    let marks = outbox.mark_sent(&[change(1)]);
    outbox.apply(&marks);
    undo(&mut outbox, &inverse);
    assert_eq!((participants(&outbox), outbox.waiting()), (Some(14), 2));
}

#[test]
fn undoing_an_edit_that_was_received_leaves_what_others_changed_since() {
    let record = |rev: u32, content: serde_json::Value| LocalRecord {
        association: ASSOCIATION,
        kind: Kind::Gathering,
        id: RECORD,
        rev,
        seq: rev.into(),
        content: content.as_object().cloned(),
        mine: true,
        by: None,
        received_at: None,
        count_changed: None,
        seal: String::new(),
    };
    let mut outbox = Outbox::default();
    outbox.apply(&LocalWrites { put_records: vec![record(1, json!({"participants": 14}))], ..LocalWrites::default() });
    let inverse = save(&mut outbox, edit(1, count(15)));
    let received = record(3, json!({"participants": 15, "note": "by the association"}));
    outbox.apply(&LocalWrites { drop_entries: vec![change(1)], put_records: vec![received], ..LocalWrites::default() });
    undo(&mut outbox, &inverse);
    let shown = outbox.content(Kind::Gathering, RECORD).expect("shown");
    assert_eq!((shown["participants"].as_u64(), shown["note"].as_str()), (Some(14), Some("by the association")));
}

#[test]
fn s9_a_waiting_edit_of_a_record_that_a_restored_server_asked_for_has_no_base_there() {
    let mut outbox = Outbox::default();
    let entry = |n: u8| Entry { base: 2, ..outbox.edit(edit(n, count(15))).put_entries[0].clone() };
    let (asked, other) = (entry(1), Entry { record: RecordId::from_bytes([7; 16]), ..entry(2) });
    outbox.apply(&LocalWrites { put_entries: vec![asked, other], ..LocalWrites::default() });
    let writes = outbox.begin_epoch(ASSOCIATION, "new", &HashSet::from([(Kind::Gathering, RECORD)]));
    outbox.apply(&writes);
    let base = |n: u8| outbox.entry(change(n)).expect("waits").base;
    assert_eq!((base(1), base(2)), (0, 2));
}

#[test]
fn s9_an_edit_between_the_new_epoch_and_its_first_page_has_no_base_there() {
    let mut outbox = Outbox::default();
    let held = |seq| LocalRecord {
        association: ASSOCIATION,
        kind: Kind::Gathering,
        id: RECORD,
        rev: 2,
        seq,
        content: count(14).content().cloned(),
        mine: true,
        by: None,
        received_at: None,
        count_changed: None,
        seal: String::new(),
    };
    outbox.apply(&LocalWrites { put_records: vec![held(7)], ..LocalWrites::default() });
    assert_eq!(outbox.edit(edit(1, count(15))).put_entries[0].base, 2);
    let writes = outbox.begin_epoch(ASSOCIATION, "new", &HashSet::new());
    outbox.apply(&writes);
    assert_eq!(outbox.edit(edit(1, count(15))).put_entries[0].base, 0);
    let deletion = outbox.edit(edit(2, Body::Deleted));
    assert_eq!(deletion.put_entries.len(), 1, "the server may have the record: its deletion is sent");
}

/// Sends everything that waits, as one batch.
fn send(outbox: &mut Outbox) -> Vec<ChangeId> {
    let (_, batch) = outbox.next_batch(&HashSet::new(), 50).expect("something waits");
    let marks = outbox.mark_sent(&batch);
    outbox.apply(&marks);
    batch
}

/// The answer to one change; returns whether it has to come again.
fn answer(outbox: &mut Outbox, n: u8, outcome: Outcome, code: &str) -> bool {
    let entry = outbox.entry(change(n)).expect("in the outbox");
    let result = ChangeResult {
        change: entry.change,
        outcome,
        record: entry.record,
        sent_hash: entry.body.hash(),
        rev: 1,
        seq: 1,
        hash: String::new(),
        content: None,
        fields: Vec::new(),
        code: Some(code.to_owned()).filter(|code| !code.is_empty()),
        seal: String::new(),
        whose: None,
    };
    let (writes, again) = outbox.settle(&[change(n)], &[result], 0);
    outbox.apply(&writes);
    !again.is_empty()
}

#[test]
fn undoing_an_edit_that_took_the_place_of_a_refused_one_says_what_was_before_it() {
    let mut outbox = Outbox::default();
    save(&mut outbox, edit(1, count(14)));
    send(&mut outbox);
    let inverse = save(&mut outbox, edit(2, count(15)));
    answer(&mut outbox, 1, Outcome::Refused, "in-the-future");
    assert_eq!((participants(&outbox), outbox.waiting()), (Some(15), 1), "the later edit is the mended one");
    undo(&mut outbox, &inverse);
    assert_eq!((participants(&outbox), outbox.waiting()), (Some(14), 1));
}

#[test]
fn undoing_an_edit_that_was_thrown_away_says_what_was_before_it() {
    let mut outbox = Outbox::default();
    save(&mut outbox, edit(1, count(14)));
    send(&mut outbox);
    let inverse = save(&mut outbox, edit(2, count(15)));
    answer(&mut outbox, 1, Outcome::Refused, "in-the-future");
    let writes = outbox.drop_entry(change(2)).expect("can be thrown away");
    outbox.apply(&writes);
    undo(&mut outbox, &inverse);
    assert_eq!((participants(&outbox), outbox.waiting()), (Some(14), 1));
}

#[test]
fn undoing_an_edit_whose_forerunner_was_received_only_drops_it() {
    let mut outbox = Outbox::default();
    save(&mut outbox, edit(1, count(14)));
    send(&mut outbox);
    let inverse = save(&mut outbox, edit(2, count(15)));
    answer(&mut outbox, 1, Outcome::Stored, "");
    undo(&mut outbox, &inverse);
    assert_eq!((participants(&outbox), outbox.waiting()), (Some(14), 0));
}

const SERIES: RecordId = RecordId::from_bytes([5; 16]);

fn of_series(participants: u32) -> Body {
    let content = json!({"participants": participants, "series": SERIES});
    Body::Content(content.as_object().cloned().expect("object"))
}

fn series(n: u8) -> Edit {
    let name = Body::Content(json!({"name": "Maanantaikerho"}).as_object().cloned().expect("object"));
    Edit { record: SERIES, kind: Kind::Series, ..edit(n, name) }
}

/// An outbox with a gathering that was refused because its series came from nowhere.
fn without_its_series() -> Outbox {
    let mut outbox = Outbox::default();
    save(&mut outbox, edit(1, of_series(14)));
    send(&mut outbox);
    assert!(!answer(&mut outbox, 1, Outcome::AgainLater, codes::UNKNOWN_SERIES));
    outbox
}

fn state(outbox: &Outbox, n: u8) -> (EntryState, bool) {
    let entry = outbox.entry(change(n)).expect("in the outbox");
    (entry.state.clone(), entry.sent)
}

#[test]
fn s6_a_gathering_waits_while_its_series_waits_on_the_same_phone() {
    let mut outbox = Outbox::default();
    save(&mut outbox, series(2));
    save(&mut outbox, edit(1, of_series(14)));
    send(&mut outbox);
    assert!(answer(&mut outbox, 1, Outcome::AgainLater, codes::UNKNOWN_SERIES));
    assert_eq!(state(&outbox, 1), (EntryState::Waiting, true));
    answer(&mut outbox, 2, Outcome::Stored, "");
    let is_again = answer(&mut outbox, 1, Outcome::AgainLater, codes::UNKNOWN_SERIES);
    assert!(is_again, "the server knows the series by now: the answer was given before that");
}

#[test]
fn s6_a_gathering_whose_series_nobody_here_will_bring_is_refused() {
    let outbox = without_its_series();
    let refused = EntryState::Refused { code: codes::UNKNOWN_SERIES.to_owned(), fields: vec!["series".to_owned()] };
    assert_eq!(state(&outbox, 1), (refused, true));
    assert_eq!(outbox.next_batch(&HashSet::new(), 50), None, "it holds up nothing (S12)");
}

#[test]
fn s6_a_gathering_whose_series_was_refused_or_thrown_away_is_refused_too() {
    let mut outbox = Outbox::default();
    save(&mut outbox, series(2));
    save(&mut outbox, edit(1, of_series(14)));
    send(&mut outbox);
    answer(&mut outbox, 2, Outcome::Refused, codes::NOT_ALLOWED);
    assert!(!answer(&mut outbox, 1, Outcome::AgainLater, codes::UNKNOWN_SERIES));
    assert!(matches!(state(&outbox, 1), (EntryState::Refused { .. }, true)));
}

#[test]
fn s6_a_gathering_without_its_series_is_mended_or_thrown_away() {
    let mut mended = without_its_series();
    save(&mut mended, edit(3, count(14)));
    assert_eq!(mended.entries.values().map(|entry| entry.change).collect::<Vec<_>>(), [change(3)]);
    assert_eq!(state(&mended, 3), (EntryState::Waiting, false));
    assert_eq!(send(&mut mended), [change(3)]);

    let mut thrown = without_its_series();
    let writes = thrown.drop_entry(change(1)).expect("can be thrown away");
    assert_eq!(writes.gone.len(), 1, "the mirror remembers it (S3)");
    thrown.apply(&writes);
    assert_eq!((participants(&thrown), thrown.waiting()), (None, 0));
}

/// A page with one record, the first revision of somebody else.
fn pull(outbox: &mut Outbox, kind: Kind, id: RecordId, seq: u64) {
    let by = Some("Aino".to_owned());
    let content = Some(Content::new());
    let seal = String::new();
    let told = crate::protocol::PullRecord { kind, id, rev: 1, seq, content, deleted: false, mine: false, by, seal };
    let (epoch, records) = ("e".to_owned(), vec![told]);
    let reply = PullReply { magic: String::new(), epoch, records, next: seq, more: false, reset: false };
    let writes = outbox.pulled(ASSOCIATION, &reply);
    outbox.apply(&writes);
}

#[test]
fn what_was_taken_up_from_a_file_and_had_come_from_its_phone_is_its_authors() {
    let mut outbox = Outbox::default();
    save(&mut outbox, edit(1, count(14)));
    answer(&mut outbox, 1, Outcome::Stored, "");
    let owner = |outbox: &Outbox| outbox.records.values().map(|it| (it.mine, it.by.clone())).next();
    assert_eq!(owner(&outbox), Some((true, None)));
    pull(&mut outbox, Kind::Gathering, RECORD, 1);
    assert_eq!(owner(&outbox), Some((false, Some("Aino".to_owned()))));
}

#[test]
fn s6_an_edit_behind_a_gathering_without_its_series_takes_its_place() {
    let mut outbox = Outbox::default();
    save(&mut outbox, edit(1, of_series(14)));
    send(&mut outbox);
    save(&mut outbox, edit(2, count(15)));
    assert!(!answer(&mut outbox, 1, Outcome::AgainLater, codes::UNKNOWN_SERIES));
    assert_eq!(send(&mut outbox), [change(2)]);
    assert_eq!((participants(&outbox), outbox.waiting()), (Some(15), 1));
}

#[test]
fn s6_a_gathering_waits_again_when_another_device_brought_its_series() {
    let mut outbox = without_its_series();
    pull(&mut outbox, Kind::Series, SERIES, 4);
    assert_eq!(state(&outbox, 1), (EntryState::Waiting, true));
    assert_eq!(send(&mut outbox), [change(1)], "under the same id: no answer was stored for it");
}

#[test]
fn s4_only_a_receipt_that_says_given_lets_go_of_what_was_handed_in() {
    let mut outbox = Outbox::default();
    for n in 1..=6 {
        save(&mut outbox, Edit { record: RecordId::from_bytes([n; 16]), ..edit(n, count(14)) });
    }
    let batch: Vec<ChangeId> = (1..=6).map(change).collect();
    let marks = outbox.mark_sent(&batch);
    outbox.apply(&marks);
    let result = |n: u8, outcome| HandInResult {
        change: change(n),
        record: RecordId::from_bytes([n; 16]),
        sent_hash: count(14).hash(),
        outcome,
        code: None,
    };
    let results = [
        result(1, HandInOutcome::Given),
        result(2, HandInOutcome::Refused),
        result(3, HandInOutcome::AgainLater),
        HandInResult { sent_hash: count(15).hash(), ..result(4, HandInOutcome::Given) },
        HandInResult { record: RECORD, ..result(5, HandInOutcome::Given) },
        // The sixth is not answered, and nobody has asked about a seventh.
        result(7, HandInOutcome::Given),
    ];
    let (writes, given) = outbox.handed_in(&batch, &results);
    outbox.apply(&writes);
    assert_eq!((given, outbox.waiting()), (1, 5));
    assert!(outbox.entry(change(1)).is_none());
    // The server's account of this device: made, minus those that are nobody's to account for, minus those that wait.
    assert_eq!(outbox.counter - outbox.thrown, 5);
    assert_eq!(outbox.handed_in(&batch, &results).1, 0, "a second answer changes nothing");
}

#[test]
fn what_can_never_be_handed_in_does_not_keep_on_a_lost_phone_what_was_received() {
    let mut outbox = Outbox::default();
    assert_eq!(outbox.forgettable(&HashSet::new()), Forgettable::All);
    save(&mut outbox, edit(1, count(14)));
    // A second edit of the same record waits behind the first, which may be with the server, and is not asked about.
    let marks = outbox.mark_sent(&[change(1)]);
    outbox.apply(&marks);
    save(&mut outbox, edit(2, count(15)));
    save(&mut outbox, Edit { record: RecordId::from_bytes([3; 16]), ..edit(3, count(16)) });
    let answered = |changes: &[u8]| changes.iter().map(|n| change(*n)).collect::<HashSet<_>>();
    assert_eq!(outbox.forgettable(&answered(&[])), Forgettable::Nothing, "no network: nothing is forgotten yet");
    assert_eq!(outbox.forgettable(&answered(&[1])), Forgettable::Nothing);
    assert_eq!(outbox.forgettable(&answered(&[1, 3])), Forgettable::Received);
}
