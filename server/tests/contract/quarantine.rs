//! What people who have left handed in, apart from the records.

use domain::{ChangeId, DeviceId};
use server::{
    retention::{ENDED_MS, ENDED_SIGN_INS_MS, cutoffs},
    store::{Act, AuditEntry, Decided, Kept, QuarantineBounds, Quarantined},
};

use super::{bench::*, people::done, sign_ins::sign_in};
use crate::support::{NOW_MS, club, content, new_record};

const ROOM: QuarantineBounds = QuarantineBounds { records: 2, bytes: 100_000 };
const PHONE: DeviceId = DeviceId::from_bytes([0xd1; 16]);
const TABLET: DeviceId = DeviceId::from_bytes([0xd2; 16]);

fn handed(change: u8, participants: u32) -> Quarantined {
    Quarantined {
        association: HERE,
        change: ChangeId::from_bytes([change; 16]),
        record: domain::RecordId::from_bytes([change; 16]),
        user: AINO,
        device: PHONE,
        base: 0,
        content: content(club(participants)),
        sent_hash: format!("hash of {participants}"),
        made_at: 1,
        handed_in_ms: NOW_MS,
    }
}

async fn hand_in<D: Database>(db: &D, new: &[Quarantined], bounds: QuarantineBounds) -> Vec<Kept> {
    db.store().hand_in(new, bounds, here(Act::HandedIn)).await.expect("handed in")
}

fn here(act: Act) -> AuditEntry {
    AuditEntry { association: Some(HERE), ..done(act) }
}

async fn waiting<D: Database>(db: &D, of: domain::AssociationId) -> Vec<Quarantined> {
    db.store().quarantined(of, 100).await.expect("a look-up")
}

pub async fn what_was_handed_in_is_kept_as_it_is_and_once<D: Database>(db: &D) {
    let both = [handed(1, 14), handed(2, 15)];
    assert_eq!(hand_in(db, &both, ROOM).await, [Kept::There; 2]);
    assert_eq!(hand_in(db, &both, ROOM).await, [Kept::There; 2]);
    assert_eq!((waiting(db, HERE).await, waiting(db, THERE).await), (both.to_vec(), Vec::new()));
    // Another content, another record, another person under the same id.
    let others = [
        Quarantined { sent_hash: "another".to_owned(), ..handed(1, 14) },
        Quarantined { record: new_record(), ..handed(1, 14) },
        Quarantined { user: BERIT, ..handed(1, 14) },
    ];
    assert_eq!(hand_in(db, &others, ROOM).await, [Kept::SomethingElse; 3]);
    assert_eq!(waiting(db, HERE).await, both);
    // An id that two associations share stops nobody.
    let there = Quarantined { association: THERE, ..handed(1, 16) };
    assert_eq!(hand_in(db, std::slice::from_ref(&there), ROOM).await, [Kept::There]);
    assert_eq!((waiting(db, HERE).await.len(), waiting(db, THERE).await), (2, vec![there]));
    assert_eq!(db.store().audit_of(HERE, 9).await.expect("the log").len(), 2, "where something new was kept");
}

pub async fn a_device_has_so_much_room_and_no_more<D: Database>(db: &D) {
    let three = [handed(1, 14), handed(2, 15), handed(3, 16)];
    assert_eq!(hand_in(db, &three, ROOM).await, [Kept::There, Kept::There, Kept::Full]);
    let on_another = Quarantined { device: TABLET, ..handed(3, 16) };
    let of_another = Quarantined { user: BERIT, ..handed(4, 17) };
    assert_eq!(hand_in(db, &[on_another, of_another], ROOM).await, [Kept::There; 2]);
    let ids = [1, 2].map(|n| ChangeId::from_bytes([n; 16]));
    let decided = db.store().decide_quarantined(HERE, &ids, Decided::Discarded, here(Act::HandedInDiscarded)).await;
    assert_eq!(decided.expect("decided"), 2);
    assert_eq!(hand_in(db, &[handed(5, 18)], ROOM).await, [Kept::There], "only what waits takes room");
    let size = serde_json::to_string(&handed(6, 18).content).expect("json").len() as u64;
    for (bytes, kept) in [(size - 1, Kept::Full), (size, Kept::There)] {
        let on_a_third = Quarantined { device: DeviceId::from_bytes([0xd3; 16]), ..handed(6, 18) };
        assert_eq!(hand_in(db, &[on_a_third], QuarantineBounds { records: 9, bytes }).await, [kept]);
    }
}

pub async fn what_was_decided_waits_no_more_and_does_not_come_again<D: Database>(db: &D) {
    let all = [handed(1, 14), handed(2, 15)];
    hand_in(db, &all, ROOM).await;
    for (n, decided, act) in [(1, Decided::Taken, Act::HandedInTaken), (2, Decided::Discarded, Act::HandedInDiscarded)]
    {
        let id = [ChangeId::from_bytes([n; 16]), ChangeId::from_bytes([99; 16])];
        let elsewhere = db.store().decide_quarantined(THERE, &id, decided, here(act)).await;
        assert_eq!(elsewhere.expect("nothing"), 0, "another association's reviewer");
        assert_eq!(db.store().decide_quarantined(HERE, &id, decided, here(act)).await.expect("decided"), 1);
        assert_eq!(db.store().decide_quarantined(HERE, &id, Decided::Taken, here(act)).await.expect("once"), 0);
    }
    assert_eq!(hand_in(db, &all, ROOM).await, [Kept::There; 2]);
    assert_eq!(waiting(db, HERE).await, []);
    let log = db.store().audit_of(HERE, 9).await.expect("the log");
    let log: Vec<_> = log.iter().map(|row| (row.act, row.subject)).collect();
    let record = |n| Some(uuid::Uuid::from_bytes([n; 16]));
    assert_eq!(log[..2], [(Act::HandedInDiscarded, record(2)), (Act::HandedInTaken, record(1))]);
}

pub async fn after_thirty_days_it_is_gone_where_it_is_decided_or_its_person_has_left<D: Database>(db: &D) {
    for user in [AINO, BERIT] {
        db.join(HERE, user, "Jäsen").await;
    }
    let of = |user, change| Quarantined { user, ..handed(change, 14) };
    let room = QuarantineBounds { records: 9, ..ROOM };
    let nobodys = Quarantined { handed_in_ms: NOW_MS + 1, ..of(REVIEWER, 5) };
    hand_in(db, &[of(AINO, 1), of(AINO, 2), of(BERIT, 3), of(BERIT, 4), nobodys], room).await;
    let decided = [3].map(|n| ChangeId::from_bytes([n; 16]));
    db.store().decide_quarantined(HERE, &decided, Decided::Taken, here(Act::HandedInTaken)).await.expect("decided");
    // Aino was removed a while after her phone was lost; Berit is still a member.
    let removed = AuditEntry { at_ms: NOW_MS + 10, ..here(Act::MemberRemoved) };
    assert!(db.store().end_membership(HERE, AINO, removed).await.expect("removed"));
    let forget = async |after: i64| db.store().forget(cutoffs(NOW_MS + after)).await.expect("forgotten").handed_in;
    let expired = async || {
        let log = db.store().audit_of(HERE, 99).await.expect("the log");
        log.iter().filter(|row| row.act == Act::HandedInExpired && row.subject.is_none()).count()
    };
    assert_eq!((forget(ENDED_MS).await, forget(ENDED_MS + 1).await, expired().await), (0, 1, 0), "what was decided");
    assert_eq!((forget(ENDED_MS + 2).await, expired().await), (1, 1), "of somebody who never was a member");
    assert_eq!((forget(ENDED_MS + 10).await, expired().await), (0, 1));
    assert_eq!((forget(ENDED_MS + 11).await, expired().await), (2, 3), "thirty days after she was removed");
    assert_eq!(forget(100 * ENDED_MS).await, 0);
    let left: Vec<_> = waiting(db, HERE).await.iter().map(|one| (one.user, one.change)).collect();
    assert_eq!(left, [(BERIT, ChangeId::from_bytes([4; 16]))], "a member's is on no other disk");
}

pub async fn a_sign_in_that_was_ended_is_known_by_each_of_its_cookies_for_a_year<D: Database>(db: &D) {
    let aino = sign_in(AINO, i64::MAX);
    db.store().add_sign_in(b"one", aino, None, None).await.expect("added");
    assert!(db.store().rotate_sign_in(aino.id, b"one", NOW_MS, b"two", NOW_MS + 1).await.expect("rotated"));
    db.store().add_sign_in(b"kept", sign_in(AINO, i64::MAX), None, None).await.expect("added");
    db.store().add_sign_in(b"left", sign_in(BERIT, i64::MAX), None, None).await.expect("added");
    let ended = async |hash: &[u8]| db.store().ended_sign_in(hash).await.expect("a look-up");
    assert_eq!(ended(b"two").await, None);
    let end = AuditEntry { at_ms: NOW_MS + 5, ..done(Act::SignInEnded) };
    assert!(!db.store().end_sign_in(BERIT, aino.id, end).await.expect("not hers"));
    assert_eq!(ended(b"two").await, None);
    assert!(db.store().end_sign_in(AINO, aino.id, end).await.expect("ended"));
    db.store().remove_sign_in(b"left", None).await.expect("signed out here");
    let (one, two) = (ended(b"one").await.expect("there"), ended(b"two").await.expect("there"));
    assert_eq!(one, two);
    assert_eq!((one.id, one.user, one.created_ms, one.ended_ms), (aino.id, AINO, NOW_MS, NOW_MS + 5));
    assert_eq!((ended(b"kept").await, ended(b"left").await), (None, None));
    db.store().end_sign_ins(AINO, None, end).await.expect("all");
    assert!(ended(b"kept").await.is_some());
    db.store().forget(cutoffs(NOW_MS + 5 + ENDED_SIGN_INS_MS)).await.expect("forgotten");
    assert!(ended(b"one").await.is_some());
    db.store().forget(cutoffs(NOW_MS + 6 + ENDED_SIGN_INS_MS)).await.expect("forgotten");
    assert_eq!(ended(b"one").await, None);
}
