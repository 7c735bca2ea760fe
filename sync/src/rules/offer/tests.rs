use domain::{AssociationId, Date, DeviceId, yearly_people::YearlyPeople};
use serde_json::{Value, json};

use super::*;
use crate::content_hash;

const RECORD: RecordId = RecordId::from_bytes([1; 16]);
const AUTHOR: UserId = UserId::from_bytes([2; 16]);
const OTHER: UserId = UserId::from_bytes([3; 16]);

fn who(user: UserId, role: Role) -> Who {
    Who {
        user,
        device: DeviceId::from_bytes([4; 16]),
        association: AssociationId::from_bytes([5; 16]),
        role,
        volunteers_set_up_series: false,
        volunteers_change_others: false,
        today: Date::constant(2026, 11, 21),
    }
}

fn gathering(participants: u32, note: Option<&str>) -> Content {
    let mut content = json!({"form": "kerho", "date": "2026-11-16", "municipality": "005", "participants": participants,
                             "volunteers": 0, "volunteer_quarter_hours": 0});
    if let Some(note) = note {
        content["note"] = json!(note);
    }
    content.as_object().cloned().expect("object")
}

fn offered(rev: u32, content: Option<Content>, mine: bool) -> Offered {
    let deleted = content.is_none();
    Offered { kind: Kind::Gathering, id: RECORD, rev, content, deleted, mine, seal: String::new(), sealed: true }
}

/// The same without the server's seal: what anybody can write.
fn claimed(rev: u32, content: Option<Content>, mine: bool) -> Offered {
    let mut offered = [Offered { sealed: false, ..offered(rev, content, mine) }];
    check_seals(&SealKey::new("of the server"), &who(OTHER, Role::Volunteer), &mut offered);
    offered[0].clone()
}

/// What a store holds of one record, and all alternatives.
#[derive(Default)]
struct Server {
    loaded: Loaded,
}

impl Server {
    fn with(rev: u32, content: Option<Content>) -> Server {
        let mut server = Server::default();
        if let Some(content) = &content {
            server.loaded.bases.insert((Kind::Gathering, RECORD, rev), content.clone());
        }
        server.loaded.seq = 1;
        server.loaded.records.insert((Kind::Gathering, RECORD), Stored { rev, seq: 1, content, recorder: AUTHOR });
        server
    }

    fn offer(&mut self, who: &Who, offered: Offered) -> Writes {
        let writes = decide(self.loaded.clone(), who, &[offered]);
        self.loaded.seq = writes.seq;
        for new in &writes.revisions {
            let stored = Stored { rev: new.rev, seq: new.seq, content: new.content.clone(), recorder: new.recorder };
            self.loaded.records.insert((new.kind, new.record), stored);
            if let Some(content) = &new.content {
                self.loaded.bases.insert((new.kind, new.record, new.rev), content.clone());
            }
        }
        for corrected in &writes.corrected {
            let stored = self.loaded.records.get_mut(&(corrected.kind, corrected.record)).expect("there");
            (stored.seq, stored.recorder) = (corrected.seq, corrected.recorder);
        }
        writes
    }

    fn record(&self) -> &Stored {
        &self.loaded.records[&(Kind::Gathering, RECORD)]
    }

    fn participants(&self) -> Option<u64> {
        self.record().content.as_ref()?.get("participants")?.as_u64()
    }

    fn alternatives(&self) -> Vec<&Content> {
        let all = self.loaded.records.iter().filter(|((kind, _), _)| *kind == Kind::Alternative);
        all.filter_map(|(_, stored)| stored.content.as_ref()).collect()
    }
}

#[test]
fn s9_what_the_backup_lacks_is_adopted_at_its_revision() {
    let mut server = Server::default();
    server.offer(&who(AUTHOR, Role::Volunteer), offered(3, Some(gathering(14, None)), true));
    assert_eq!((server.record().rev, server.record().recorder, server.participants()), (3, AUTHOR, Some(14)));
}

#[test]
fn s9_an_offer_twice_changes_nothing_more() {
    let mut server = Server::with(2, Some(gathering(12, None)));
    let person = who(AUTHOR, Role::Volunteer);
    assert_eq!(server.offer(&person, offered(2, Some(gathering(14, None)), true)).revisions.len(), 1);
    assert!(server.offer(&person, offered(2, Some(gathering(14, None)), true)).revisions.is_empty());
    assert!(
        server.offer(&who(OTHER, Role::Volunteer), offered(2, Some(gathering(14, None)), false)).revisions.is_empty()
    );
}

#[test]
fn s9_the_recorders_own_offer_corrects_who_recorded_it() {
    let mut server = Server::default();
    server.offer(&who(OTHER, Role::Volunteer), offered(1, Some(gathering(14, None)), false));
    assert_eq!(server.record().recorder, UNKNOWN_RECORDER);
    let held =
        Held { kind: Kind::Gathering, id: RECORD, rev: 1, hash: content_hash(&gathering(14, None)), deleted: false };
    let author = who(AUTHOR, Role::Volunteer);
    assert_eq!(wanted(&server.loaded, &author, std::slice::from_ref(&held)).len(), 1);
    let writes = server.offer(&author, offered(1, Some(gathering(14, None)), true));
    assert!(writes.revisions.is_empty(), "a review of this revision still holds");
    assert_eq!((server.record().recorder, server.record().rev, server.record().seq), (AUTHOR, 1, 2));
    assert!(wanted(&server.loaded, &author, &[held]).is_empty());
}

#[test]
fn s9_a_higher_revision_is_adopted_and_what_the_phone_was_not_given_stays() {
    let mut server = Server::with(1, Some(gathering(12, Some("words of the recorder"))));
    server.offer(&who(OTHER, Role::Volunteer), offered(2, Some(gathering(14, None)), false));
    assert_eq!((server.record().rev, server.participants(), server.record().recorder), (2, Some(14), AUTHOR));
    assert_eq!(server.record().content.as_ref().expect("live")["note"], "words of the recorder");
}

#[test]
fn s9_the_same_revision_that_says_the_same_changes_nothing() {
    let mut server = Server::with(2, Some(gathering(12, Some("words of the recorder"))));
    let person = who(OTHER, Role::Volunteer);
    let held = |content: &Content| Held {
        kind: Kind::Gathering,
        id: RECORD,
        rev: 2,
        hash: content_hash(content),
        deleted: false,
    };
    assert!(wanted(&server.loaded, &person, &[held(&gathering(12, None))]).is_empty(), "what that user may see");
    assert_eq!(wanted(&server.loaded, &person, &[held(&gathering(13, None))]).len(), 1);
    assert!(server.offer(&person, offered(2, Some(gathering(12, None)), false)).revisions.is_empty());
}

#[test]
fn s9_the_same_revision_with_another_content_keeps_both() {
    let mut server = Server::with(2, Some(gathering(12, None)));
    server.offer(&who(AUTHOR, Role::Volunteer), offered(2, Some(gathering(14, None)), true));
    assert_eq!(server.participants(), Some(12));
    assert_eq!(server.alternatives()[0]["content"]["participants"], 14);
    assert_eq!(server.alternatives()[0]["fields"], json!(["participants"]));
}

#[test]
fn s9_an_older_revision_that_the_server_had_too_changes_nothing() {
    let mut server = Server::with(1, Some(gathering(12, None)));
    server.offer(&who(AUTHOR, Role::Volunteer), offered(2, Some(gathering(14, None)), true));
    let person = who(OTHER, Role::Volunteer);
    assert!(server.offer(&person, offered(1, Some(gathering(12, None)), false)).revisions.is_empty());
    server.offer(&person, offered(1, Some(gathering(13, None)), false));
    assert_eq!((server.participants(), server.alternatives().len()), (Some(14), 1), "and another one is kept");
}

#[test]
fn s9_a_tombstone_is_adopted_where_it_is_later_and_never_deletes_what_is_not() {
    let person = who(AUTHOR, Role::Volunteer);
    let mut server = Server::with(1, Some(gathering(12, None)));
    server.offer(&person, offered(2, None, true));
    assert_eq!(server.record().content, None);
    for rev in [2, 3] {
        let mut server = Server::with(rev, Some(gathering(12, None)));
        server.offer(&person, offered(2, None, true));
        assert_eq!(server.participants(), Some(12));
        assert_eq!(server.alternatives()[0]["deletion"], true);
    }
    let mut server = Server::with(2, None);
    server.offer(&person, offered(2, Some(gathering(12, None)), true));
    assert_eq!(server.participants(), Some(12), "an edit against a deletion keeps the record");
}

#[test]
fn s9_offers_are_taken_in_the_days_after_a_restore_only() {
    assert!(!is_open(None, 0), "never restored");
    let at = 1_795_255_200_000;
    assert!(is_open(Some(at), at) && is_open(Some(at), at + limits::OFFER_WINDOW_MS - 1));
    assert!(!is_open(Some(at), at + limits::OFFER_WINDOW_MS));
}

#[test]
fn s9_a_volunteer_who_was_told_a_gathering_does_not_become_its_recorder() {
    let mut server = Server::default();
    server.offer(&who(OTHER, Role::Volunteer), claimed(1, Some(gathering(14, Some("made up"))), true));
    assert_eq!((server.record().recorder, server.participants()), (UNKNOWN_RECORDER, Some(14)));
    server.offer(&who(AUTHOR, Role::Volunteer), offered(1, Some(gathering(14, Some("the recorder's"))), true));
    assert_eq!(server.record().recorder, AUTHOR);
}

#[test]
fn s9_what_nobody_is_known_to_have_recorded_is_changed_by_reviewers_only() {
    let mut server = Server::default();
    server.offer(&who(OTHER, Role::Volunteer), claimed(1, Some(gathering(14, None)), true));
    let edit = |who: &Who| {
        let (change, content) = (domain::ChangeId::from_bytes([1; 16]), Some(gathering(15, None)));
        let (kind, record) = (Kind::Gathering, RECORD);
        let change = Change { change, record, kind, base: 1, content, deleted: false, made_at: 0, filed: false };
        super::super::decide(server.loaded.clone(), who, &[Ok(change)]).0.remove(0)
    };
    for user in [OTHER, AUTHOR] {
        assert_eq!(edit(&who(user, Role::Volunteer)).code.as_deref(), Some("recorded-by-another"));
    }
    assert_eq!(edit(&who(OTHER, Role::Reviewer)).rev, 2);
    let allowed = Who { volunteers_change_others: true, ..who(OTHER, Role::Volunteer) };
    assert_eq!(edit(&allowed).rev, 2, "as any other's");
}

#[test]
fn s9_whoever_pushed_anothers_lost_gathering_first_gives_it_back() {
    let mut server = Server::with(1, Some(gathering(3, None)));
    if let Some(stored) = server.loaded.records.get_mut(&(Kind::Gathering, RECORD)) {
        stored.recorder = OTHER;
    }
    server.offer(&who(AUTHOR, Role::Volunteer), offered(1, Some(gathering(14, None)), true));
    assert_eq!(server.record().recorder, AUTHOR);
    assert_eq!(server.alternatives()[0]["content"]["participants"], 14, "and the association is asked");
}

#[test]
fn s9_a_volunteer_does_not_overwrite_anothers_gathering_by_a_later_revision_without_a_seal() {
    let mut server = Server::with(1, Some(gathering(12, None)));
    server.offer(&who(OTHER, Role::Volunteer), claimed(2, Some(gathering(99, None)), false));
    assert_eq!((server.record().rev, server.participants()), (1, Some(12)));
    assert_eq!(server.alternatives()[0]["content"]["participants"], 99);
    server.offer(&who(OTHER, Role::Volunteer), claimed(2, None, true));
    assert_eq!(server.participants(), Some(12), "nor deletes it");
    // Their own, and whatever a reviewer has, is theirs to write in any case.
    server.offer(
        &who(AUTHOR, Role::Volunteer),
        Offered { sealed: false, ..offered(2, Some(gathering(13, None)), false) },
    );
    server.offer(&who(OTHER, Role::Reviewer), claimed(3, Some(gathering(15, None)), false));
    assert_eq!((server.record().rev, server.participants(), server.record().recorder), (3, Some(15), AUTHOR));
}

#[test]
fn s9_an_offered_revision_is_a_few_steps_away_at_most() {
    let person = who(AUTHOR, Role::Volunteer);
    let mut server = Server::with(1, Some(gathering(12, None)));
    server.offer(&person, offered(limits::OFFERED_STEPS_MAX + 2, Some(gathering(14, None)), true));
    assert_eq!((server.record().rev, server.participants()), (1, Some(12)));
    assert_eq!(server.alternatives().len(), 1, "and is not lost");
    server.offer(&person, offered(limits::OFFERED_STEPS_MAX + 1, Some(gathering(15, None)), true));
    assert_eq!((server.record().rev, server.participants()), (limits::OFFERED_STEPS_MAX + 1, Some(15)));
}

#[test]
fn s9_edits_of_what_came_with_a_base_that_nobody_knows_are_never_refused() {
    let edit = |change: u8, base: u32, participants: u32| {
        let change = domain::ChangeId::from_bytes([change; 16]);
        let content = Some(gathering(participants, None));
        let (kind, record) = (Kind::Gathering, RECORD);
        Ok(Change { change, record, kind, base, content, deleted: false, made_at: 0, filed: false })
    };
    let person = who(AUTHOR, Role::Volunteer);
    let (results, writes) = super::super::decide(Loaded::default(), &person, &[edit(1, limits::REVISION_MAX, 14)]);
    let rev = results[0].rev;
    assert!(rev <= limits::BROUGHT_REVISION_MAX + 1, "{rev}");
    let mut loaded = Loaded::default();
    for new in &writes.revisions {
        let stored = Stored { rev: new.rev, seq: new.seq, content: new.content.clone(), recorder: new.recorder };
        loaded.records.insert((new.kind, new.record), stored);
    }
    let (results, _) = super::super::decide(loaded, &person, &[edit(2, rev, 15)]);
    assert_eq!((results[0].outcome, results[0].rev), (crate::protocol::Outcome::Stored, rev + 1));
}

#[test]
fn s9_a_bad_item_is_passed_over_and_the_rest_counts() {
    let good = serde_json::to_value(offered(1, Some(gathering(14, None)), true)).expect("json");
    let mut far = good.clone();
    far["rev"] = json!(limits::BROUGHT_REVISION_MAX + 1);
    let mut none = good.clone();
    none["rev"] = json!(0);
    let items = [json!(7), far, none, json!({"kind": "picnic", "id": RECORD, "rev": 1}), good];
    assert_eq!(read_records(&items).len(), 1);
    let mut wrong = gathering(14, None);
    wrong.insert("date".to_owned(), Value::from("2031-01-01"));
    let mut server = Server::default();
    assert!(server.offer(&who(AUTHOR, Role::Volunteer), offered(1, Some(wrong), true)).revisions.is_empty());
}

#[test]
fn s9_a_volunteer_forges_no_review() {
    let review = json!({"gathering": RECORD.to_string(), "revision": 1, "verdict": "approved"});
    let review = Offered {
        kind: Kind::Review,
        id: RecordId::from_bytes([8; 16]),
        rev: 1,
        content: review.as_object().cloned(),
        deleted: false,
        mine: true,
        seal: String::new(),
        sealed: true,
    };
    let loaded = Loaded::default;
    assert!(decide(loaded(), &who(OTHER, Role::Volunteer), std::slice::from_ref(&review)).revisions.is_empty());
    assert_eq!(decide(loaded(), &who(OTHER, Role::Reviewer), &[review]).revisions.len(), 1);
}

#[test]
fn s9_a_push_before_the_offer_has_to_come_again() {
    assert!(super::super::must_offer_first("old", "new"));
    assert!(!super::super::must_offer_first("", "new"), "a new device has nothing to offer");
    let item = json!({"change": RECORD, "record": RECORD, "kind": "gathering", "content": gathering(1, None)});
    let changes = super::super::read_changes(&[item]).expect("named");
    let results = super::super::before_the_offer(&changes);
    assert_eq!(results[0].outcome, crate::protocol::Outcome::AgainLater);
    assert_eq!(results[0].code.as_deref(), Some("other-epoch"));
    assert_eq!(results[0].sent_hash, content_hash(&gathering(1, None)));
}

#[test]
fn s9_what_everybody_sees_is_brought_back_by_a_volunteer_only_under_the_servers_seal() {
    let shown = json!({"name": "Kerho", "form": "kerho", "municipality": "005", "shown": true});
    let volunteer = Who { volunteers_set_up_series: true, ..who(AUTHOR, Role::Volunteer) };
    let reviewer = who(OTHER, Role::Reviewer);
    let said = |who: &Who, sealed| {
        let series = Offered { kind: Kind::Series, sealed, ..offered(2, shown.as_object().cloned(), true) };
        let mut server = Server::default();
        server.offer(who, series);
        let stored = server.loaded.records.get(&(Kind::Series, RECORD)).expect("adopted");
        stored.content.as_ref().expect("live").get("shown").cloned()
    };
    assert_eq!(said(&volunteer, false), None);
    assert_eq!(said(&volunteer, true), Some(json!(true)));
    assert_eq!(said(&reviewer, false), Some(json!(true)));
}

/// The id of the whole association's answer can be computed by anybody: a group's answer there would bar the way to it.
#[test]
fn a_volunteer_writes_no_group_s_answer_under_the_id_of_the_whole() {
    let group = RecordId::from_bytes([7; 16]);
    let content = json!({"name": "x", "form": "kerho", "municipality": "005"}).as_object().cloned();
    let loaded = || {
        let series = Stored { rev: 1, seq: 1, content: content.clone(), recorder: AUTHOR };
        Loaded { records: [((Kind::Series, group), series)].into(), ..Loaded::default() }
    };
    let sent = json!({"series": group.to_string(), "year": 2026, "distinct_people": 6}).as_object().cloned();
    let of = |role, record| {
        let who = who(OTHER, role);
        let change = Change {
            change: domain::ChangeId::from_bytes([9; 16]),
            record,
            kind: Kind::YearlyPeople,
            base: 0,
            content: sent.clone(),
            deleted: false,
            made_at: 0,
            filed: false,
        };
        let pushed = super::super::decide(loaded(), &who, &[Ok(change)]).0.remove(0).code;
        let offered =
            Offered { kind: Kind::YearlyPeople, id: record, sealed: false, ..offered(1, sent.clone(), false) };
        (pushed, decide(loaded(), &who, &[offered]).revisions.len())
    };
    let of_whole = |year| YearlyPeople::id_of_whole(AssociationId::from_bytes([5; 16]), year);
    let refused = (Some(crate::rules::codes::NOT_ALLOWED.to_owned()), 0);
    for year in [2026, 2031] {
        assert_eq!(of(Role::Volunteer, of_whole(year)), refused, "{year}");
    }
    assert_eq!(of(Role::Reviewer, of_whole(2026)), (None, 1));
    assert_eq!(of(Role::Volunteer, YearlyPeople::id(group, 2026)), (None, 1));
}

/// How many came to the whole association stands in what it gives to funders: its reviewers say it, whichever way it comes.
#[test]
fn an_answer_for_the_whole_association_is_a_reviewer_s() {
    let of = |series: Value| json!({"series": series, "year": 2026, "distinct_people": 673}).as_object().cloned();
    let group = RecordId::from_bytes([7; 16]);
    let (of_group, of_whole) = (of(json!(group.to_string())), of(Value::Null));
    let content = json!({"name": "x", "form": "kerho", "municipality": "005"}).as_object().cloned();
    let loaded = |stored: Option<&Content>| {
        let mut loaded = Loaded::default();
        let series = Stored { rev: 1, seq: 1, content: content.clone(), recorder: AUTHOR };
        loaded.records.insert((Kind::Series, group), series);
        if let Some(stored) = stored {
            let normal = record::normalise(Kind::YearlyPeople, stored, Date::MAX).expect("valid");
            loaded.bases.insert((Kind::YearlyPeople, RECORD, 1), normal.clone());
            let stored = Stored { rev: 1, seq: 2, content: Some(normal), recorder: AUTHOR };
            loaded.records.insert((Kind::YearlyPeople, RECORD), stored);
        }
        loaded
    };
    let push = |role, stored: Option<&Content>, sent: Option<&Content>| {
        let change = Change {
            change: domain::ChangeId::from_bytes([9; 16]),
            record: RECORD,
            kind: Kind::YearlyPeople,
            base: u32::from(stored.is_some()),
            content: sent.cloned(),
            deleted: sent.is_none(),
            made_at: 0,
            filed: false,
        };
        let result = super::super::decide(loaded(stored), &who(OTHER, role), &[Ok(change)]).0.remove(0);
        (result.outcome, result.code)
    };
    let stored = (crate::protocol::Outcome::Stored, None);
    let refused = (crate::protocol::Outcome::Refused, Some(crate::rules::codes::NOT_ALLOWED.to_owned()));
    let (group, whole) = (of_group.as_ref(), of_whole.as_ref());
    // New, of a group's answer, of the whole's, and taken away.
    for (before, after) in [(None, whole), (group, whole), (whole, whole), (whole, group), (whole, None)] {
        assert_eq!(push(Role::Volunteer, before, after), refused, "{before:?} {after:?}");
        assert_eq!(push(Role::Reviewer, before, after), stored, "{before:?} {after:?}");
    }
    assert_eq!(push(Role::Volunteer, None, group), stored);
    let offer = |role, sealed, before: Option<&Content>, after: Option<&Content>| {
        let offered = offered(1 + u32::from(before.is_some()), after.cloned(), false);
        let offered = Offered { kind: Kind::YearlyPeople, sealed, ..offered };
        let writes = decide(loaded(before), &who(OTHER, role), &[offered]);
        writes.revisions.iter().filter(|new| new.kind == Kind::YearlyPeople).count()
    };
    for (before, after) in [(None, whole), (whole, whole), (whole, group), (whole, None)] {
        assert_eq!(offer(Role::Volunteer, false, before, after), 0, "{before:?} {after:?}");
        assert_eq!(offer(Role::Reviewer, false, before, after), 1, "{before:?} {after:?}");
        // What the server once told is not lost where only a volunteer's phone holds it.
        assert_eq!(offer(Role::Volunteer, true, before, after), 1, "{before:?} {after:?}");
    }
    assert_eq!(offer(Role::Volunteer, false, None, group), 1);
}
