//! What is kept about one person, and how it is deleted.

use domain::{Area, DeviceId, Kind, Role, UserId};
use serde_json::json;
use server::store::{Act, AuditEntry, Deletion, DeviceReport, Grant, InvitationState, PullQuery};
use sync::account::DeviceCounts;

use super::{
    bench::*,
    invitations::{accept, add, invitation},
};
use crate::support::{NOW_MS, change, club, new_record};

/// What is written when Aino wished to be deleted.
fn wished(user: UserId) -> AuditEntry {
    let subject = Some(user.uuid());
    AuditEntry { at_ms: NOW_MS, actor: Some(user), association: None, act: Act::PersonDeleted, subject }
}

async fn delete<D: Database>(db: &D, user: UserId) -> Deletion {
    db.store().delete_person(user, wished(user), &|| Ok(())).await.expect("an answer")
}

/// Aino volunteers, with one gathering, a sign-in and a phone; the other one's gathering came before it.
async fn filled<D: Database>(db: &D) {
    db.join(HERE, REVIEWER, "Rauha").await;
    db.store().add_member(HERE, REVIEWER, Role::Reviewer).await.expect("a member");
    let joining = invitation(Grant::Member(HERE, Role::Volunteer), Some(1));
    add(db, &joining).await;
    assert!(accept(db, &joining, AINO, "Aino", NOW_MS).await);
    for scribe in [volunteer(AINO), reviewer()] {
        let taken = scribe.take(&**db.store(), &[change(Kind::Gathering, new_record(), 0, club(14))]).await;
        only(&taken.results);
    }
    let mut tx = db.store().begin(&[HERE]).await.expect("begin");
    let counts = Some(DeviceCounts { counter: 3, waiting: 1, thrown: 0 });
    let report = DeviceReport { device: DeviceId::from_bytes([9; 16]), user: AINO, counts, brought: None };
    tx.seen(HERE, report, NOW_MS).await.expect("seen");
    tx.commit().await.expect("commit");
}

pub async fn a_person_is_shown_all_that_is_kept_about_them_and_nothing_of_others<D: Database>(db: &D) {
    filled(db).await;
    let own = invitation(Grant::Member(HERE, Role::Volunteer), Some(1));
    add(db, &server::store::Invitation { made_by: Some(AINO), ..own }).await;
    let rows = db.store().own_rows(AINO).await.expect("rows");
    assert_eq!(rows.memberships.iter().map(|one| one.nickname.as_str()).collect::<Vec<_>>(), ["Aino"]);
    assert_eq!(rows.devices.iter().map(|one| (one.made, one.waiting)).collect::<Vec<_>>(), [(3, 1)]);
    let counts: Vec<_> = rows.counts.iter().map(|one| (one.kind, one.year, one.count)).collect();
    assert_eq!(counts, [(Kind::Gathering, Some(2026), 1)]);
    assert_eq!((rows.invitations.len(), rows.accepted.len()), (1, 1));
    assert!(rows.audit.iter().all(|row| row.actor == Some(AINO) || row.subject == Some(AINO.uuid())));
    assert!(rows.audit.iter().any(|row| row.act == Act::Joined));
    let contents = db.store().own_contents(AINO).await.expect("contents");
    assert_eq!(contents.len(), 1);
    assert_eq!((contents[0].association, contents[0].content["participants"].clone()), (HERE, json!(14)));
}

pub async fn a_deleted_person_is_gone_at_once_and_their_records_stay<D: Database>(db: &D) {
    filled(db).await;
    let told = |records: Vec<sync::protocol::PullRecord>| -> Vec<(u64, Option<String>)> {
        records.into_iter().map(|record| (record.seq, record.by)).collect()
    };
    assert_eq!(told(pull_all(db, EVERYTHING).await), [(1, Some("Aino".to_owned())), (2, Some("Rauha".to_owned()))]);
    assert_eq!(delete(db, AINO).await, Deletion::Deleted);
    let store = db.store();
    assert_eq!(store.person(AINO).await.expect("a look-up"), None);
    assert_eq!(store.members(HERE).await.expect("members").len(), 1);
    assert_eq!(store.sign_ins(AINO).await.expect("sign-ins"), []);
    assert_eq!(store.last_contacts(AINO).await.expect("contacts"), []);
    assert_eq!(store.own_contents(AINO).await.expect("contents"), []);
    let left = store.own_rows(AINO).await.expect("rows");
    assert!(left.memberships.is_empty() && left.devices.is_empty() && left.accepted.is_empty());
    let log = store.audit_of(HERE, 1).await.expect("the log");
    assert_eq!((log[0].act, log[0].subject), (Act::PersonDeleted, Some(AINO.uuid())));
    assert!(server::store::audit::verify(&**store).await.expect("rows").broken_at.is_none());

    // A reviewer's phone that has read everything is told anew, without the nickname; numbers stay in order (S8).
    let after = PullQuery { after: 2, ..EVERYTHING };
    assert_eq!(told(pull_all(db, after).await), [(3, None)]);
    let taken = reviewer().take(&**store, &[change(Kind::Gathering, new_record(), 0, club(9))]).await;
    assert_eq!((taken.loaded.seq, taken.writes.seq), (3, 4));
    assert_eq!(delete(db, AINO).await, Deletion::Unknown);
}

pub async fn where_the_deletion_cannot_be_remembered_nothing_is_deleted<D: Database>(db: &D) {
    filled(db).await;
    let full = || Err(std::io::Error::other("the disk is full"));
    assert!(db.store().delete_person(AINO, wished(AINO), &full).await.is_err());
    assert!(db.store().person(AINO).await.expect("a look-up").is_some());
    assert_eq!(db.store().sign_ins(AINO).await.expect("sign-ins").len(), 1);
    assert_eq!(pull_all(db, PullQuery { after: 2, ..EVERYTHING }).await, []);
}

pub async fn the_last_reviewer_and_the_last_operator_are_not_deleted<D: Database>(db: &D) {
    filled(db).await;
    assert_eq!(delete(db, REVIEWER).await, Deletion::LastReviewer);
    db.store().add_member(HERE, AINO, Role::Reviewer).await.expect("a member");
    db.store().add_operator(REVIEWER).await.expect("an operator");
    assert_eq!(delete(db, REVIEWER).await, Deletion::LastOperator);
    db.store().add_operator(AINO).await.expect("an operator");
    let area = Area::parse("municipality", "755").expect("an area");
    db.store().add_coordinator(REVIEWER, area).await.expect("a coordinator");
    assert_eq!(delete(db, REVIEWER).await, Deletion::Deleted);
    assert_eq!(db.store().officials().await.expect("officials").len(), 1);
}

pub async fn what_a_deleted_person_invited_to_is_revoked<D: Database>(db: &D) {
    filled(db).await;
    let theirs =
        server::store::Invitation { made_by: Some(AINO), ..invitation(Grant::Member(HERE, Role::Volunteer), Some(1)) };
    let renewal =
        server::store::Invitation { renews: Some(AINO), ..invitation(Grant::Member(HERE, Role::Volunteer), Some(1)) };
    let ([theirs, _], [renewal, _]) = (add(db, &theirs).await, add(db, &renewal).await);
    assert_eq!(delete(db, AINO).await, Deletion::Deleted);
    let found = db.store().invitation(&theirs).await.expect("a look-up").expect("known");
    assert_eq!((found.state(NOW_MS), found.made_by), (InvitationState::Revoked, Some(UserId::DELETED)));
    assert_eq!(db.store().invitation(&renewal).await.expect("a look-up"), None, "nobody becomes her by it");
}
