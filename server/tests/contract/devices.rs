//! What devices report about themselves is stored together with what was received from them.

use domain::{AssociationId, DeviceId, Kind, Role, UserId};
use server::store::{
    DeviceReport, DeviceRow, LastContact,
    group::{Push, Writer},
};
use sync::{account::DeviceCounts, limits, protocol::Change, rules::Who};

use super::bench::*;
use crate::support::{NOW_MS, Scribe, change, club, new_record};

const PHONE: DeviceId = DeviceId::from_bytes([0xd1; 16]);

const fn told(counter: u64, waiting: u64) -> Option<DeviceCounts> {
    Some(DeviceCounts { counter, waiting, thrown: 0 })
}

/// A contact of Aino's phone that brings some new gatherings.
async fn contact<D: Database>(db: &D, association: AssociationId, told: Option<DeviceCounts>, gatherings: usize) {
    let who = Scribe::new(association, AINO, Role::Volunteer).0;
    let changes = (0..gatherings).map(|_| Ok(change(Kind::Gathering, new_record(), 0, club(14)))).collect();
    let report = DeviceReport { device: PHONE, user: AINO, counts: told, brought: None };
    let push = Push { who, changes, report, now_ms: NOW_MS };
    Writer::start(db.store().clone()).take(push).await.expect("taken");
}

async fn missing<D: Database>(db: &D, association: AssociationId) -> Vec<(UserId, u64)> {
    let devices = db.store().devices(association).await.expect("devices");
    devices.iter().map(|device| (device.user, device.missing - device.missing_seen)).collect()
}

pub async fn a_device_is_remembered_with_what_it_told<D: Database>(db: &D) {
    let last = async || db.store().last_contacts(AINO).await.expect("a look-up");
    assert_eq!(last().await, []);
    contact(db, HERE, None, 1).await;
    assert_eq!(last().await, [], "an app that does not count is not held to account");
    contact(db, HERE, told(7, 2), 2).await;
    assert_eq!(last().await, [LastContact { device: PHONE, at_ms: NOW_MS, counts: told(7, 2).expect("told") }]);
    // Another user of the same phone has storage of their own.
    assert_eq!(db.store().last_contacts(BERIT).await.expect("a look-up"), []);
}

/// The counts are the phone's, over all associations of its user.
pub async fn a_push_is_held_against_what_the_device_tells<D: Database>(db: &D) {
    for association in [HERE, THERE] {
        db.join(association, AINO, "Aino").await;
    }
    contact(db, HERE, told(3, 3), 2).await;
    contact(db, THERE, told(3, 1), 1).await;
    contact(db, HERE, told(3, 0), 0).await;
    assert_eq!(missing(db, HERE).await, [(AINO, 0)]);
    // Four more were made, of which one waits and none came.
    contact(db, HERE, told(7, 1), 1).await;
    assert_eq!((missing(db, HERE).await, missing(db, THERE).await), (vec![(AINO, 3)], vec![(AINO, 3)]));
    // Storage was cleared while two waited.
    contact(db, HERE, told(9, 2), 0).await;
    contact(db, HERE, told(0, 0), 0).await;
    assert_eq!(missing(db, HERE).await, [(AINO, 5)]);
}

/// A file may have brought them already, or may bring them later: no device has to answer for what it has given away.
pub async fn changes_of_a_file_are_nobodys_to_account_for<D: Database>(db: &D) {
    db.join(HERE, AINO, "Aino").await;
    let who = Scribe::new(HERE, AINO, Role::Volunteer).0;
    let filed: Vec<_> =
        (0..2).map(|_| Change { filed: true, ..change(Kind::Gathering, new_record(), 0, club(14)) }).collect();
    let push = |device: DeviceId, counts: DeviceCounts, changes: &[Change]| {
        let report = DeviceReport { device, user: AINO, counts: Some(counts), brought: None };
        let changes = changes.iter().cloned().map(Ok).collect();
        Push { who: Who { device, ..who }, changes, report, now_ms: NOW_MS }
    };
    let writer = Writer::start(db.store().clone());
    // The phone has met the server before; then it made two, and gave them away.
    contact(db, HERE, told(1, 0), 0).await;
    let helper = DeviceCounts { counter: 3, waiting: 0, thrown: 2 };
    let other = DeviceId::from_bytes([0xd2; 16]);
    writer.take(push(other, DeviceCounts { counter: 2, waiting: 0, thrown: 2 }, &filed)).await.expect("taken");
    // It comes back, and sends them in two pushes, one of them twice.
    for one in [&filed[..1], &filed[..1], &filed[1..]] {
        writer.take(push(PHONE, helper, one)).await.expect("taken");
        assert!(missing(db, HERE).await.iter().all(|(_, missing)| *missing == 0));
    }
    contact(db, HERE, Some(helper), 0).await;
    assert!(missing(db, HERE).await.iter().all(|(_, missing)| *missing == 0));
}

pub async fn of_a_users_many_devices_the_latest_and_those_with_something_waiting_are_remembered<D: Database>(db: &D) {
    db.join(HERE, AINO, "Aino").await;
    let most = limits::DEVICES_MAX as u8;
    let who = Scribe::new(HERE, AINO, Role::Volunteer).0;
    let writer = Writer::start(db.store().clone());
    for n in 1..=most + 5 {
        let device = DeviceId::from_bytes([n; 16]);
        let counts = told(3, if n == 1 { 3 } else { 0 });
        let report = DeviceReport { device, user: AINO, counts, brought: None };
        let now_ms = NOW_MS + i64::from(n);
        writer.take(Push { who, changes: Vec::new(), report, now_ms }).await.expect("taken");
    }
    let known = db.store().last_contacts(AINO).await.expect("a look-up");
    let known: Vec<u8> = known.iter().map(|last| last.device.uuid().as_bytes()[0]).collect();
    let expected: Vec<u8> = (7..=most + 5).rev().chain([1]).collect();
    assert_eq!(known, expected, "the first one has something that waits");
    assert_eq!(db.store().devices(HERE).await.expect("devices").len(), usize::from(most));
}

pub async fn a_reviewer_sees_the_devices_of_members_only<D: Database>(db: &D) {
    db.join(HERE, AINO, "Aino").await;
    contact(db, HERE, told(1, 1), 1).await;
    contact(db, THERE, told(1, 0), 0).await;
    let here = db.store().devices(HERE).await.expect("devices");
    let expected = DeviceRow {
        user: AINO,
        device: PHONE,
        nickname: "Aino".to_owned(),
        waiting: 0,
        last_contact_ms: NOW_MS,
        missing: 0,
        missing_seen: 0,
    };
    assert_eq!(here, [expected]);
    assert_eq!(db.store().devices(THERE).await.expect("devices"), []);
}

pub async fn a_notice_that_was_seen_is_remembered<D: Database>(db: &D) {
    for association in [HERE, THERE] {
        db.join(association, AINO, "Aino").await;
        contact(db, association, told(1, 1), 1).await;
    }
    contact(db, HERE, told(4, 0), 0).await;
    let there = missing(db, THERE).await;
    db.store().missing_seen(HERE, AINO, PHONE, missing(db, HERE).await[0].1).await.expect("remembered");
    assert_eq!(missing(db, HERE).await, [(AINO, 0)]);
    assert_eq!(missing(db, THERE).await, there, "the other association has not seen it");
    contact(db, HERE, told(5, 0), 0).await;
    assert_eq!(missing(db, HERE).await, [(AINO, 1)], "what is lost later is a notice again");
}
