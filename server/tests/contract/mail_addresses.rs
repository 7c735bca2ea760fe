//! Where reviewers have codes sent.

use domain::{Role, UserId};
use server::store::{Act, Deletion, Forgotten};

use super::{bench::*, people::done};
use crate::support::NOW_MS;

const ADDRESS: &str = "aino@kuoro.example";

async fn set(db: &impl Database, user: UserId, address: &str) -> bool {
    db.store().set_mail_address(user, address, done(Act::EmailSet)).await.expect("an answer")
}

async fn remove(db: &impl Database, user: UserId) -> bool {
    db.store().remove_mail_address(user, done(Act::EmailRemoved)).await.expect("an answer")
}

async fn whose(db: &impl Database, address: &str) -> Option<UserId> {
    db.store().person_at(address).await.expect("a look-up")
}

async fn of(db: &impl Database, user: UserId) -> Option<String> {
    db.store().mail_address(user).await.expect("a look-up").map(|kept| kept.address)
}

pub async fn an_address_is_one_persons_and_a_person_has_one<D: Database>(db: &D) {
    for user in [AINO, BERIT] {
        db.join(HERE, user, "Jäsen").await;
    }
    let length = async || db.store().audit_of(HERE, 99).await.expect("the log").len();
    let before = length().await;
    assert!(set(db, AINO, ADDRESS).await);
    assert_eq!((whose(db, ADDRESS).await, whose(db, "other@kuoro.example").await), (Some(AINO), None));
    let kept = db.store().mail_address(AINO).await.expect("a look-up").expect("one");
    assert_eq!((kept.address.as_str(), kept.confirmed_ms), (ADDRESS, NOW_MS));
    assert!(!set(db, BERIT, ADDRESS).await && !set(db, UserId::from_bytes([9; 16]), "nobody@kuoro.example").await);
    assert_eq!((of(db, BERIT).await, whose(db, "nobody@kuoro.example").await), (None, None));
    assert!(set(db, AINO, ADDRESS).await && set(db, AINO, "new@kuoro.example").await);
    assert_eq!((whose(db, ADDRESS).await, of(db, AINO).await.as_deref()), (None, Some("new@kuoro.example")));
    assert!(set(db, BERIT, ADDRESS).await && remove(db, BERIT).await && !remove(db, BERIT).await);
    assert_eq!((of(db, BERIT).await, length().await), (None, before + 5), "what did nothing is not in the log");
}

pub async fn an_address_goes_with_the_reviewers_role_and_with_the_person<D: Database>(db: &D) {
    for user in [REVIEWER, AINO, BERIT] {
        db.join(HERE, user, "Jäsen").await;
    }
    for user in [REVIEWER, AINO] {
        db.store().add_member(HERE, user, Role::Reviewer).await.expect("a member");
    }
    for (user, address) in [(REVIEWER, "rauha@kuoro.example"), (AINO, ADDRESS), (BERIT, "berit@kuoro.example")] {
        assert!(set(db, user, address).await);
    }
    let forget = async || db.store().forget(server::retention::cutoffs(NOW_MS)).await.expect("forgotten");
    assert_eq!(forget().await, Forgotten { mail_addresses: 1, ..Forgotten::default() }, "Berit is no reviewer");
    assert!(db.store().end_membership(HERE, AINO, done(Act::MemberRemoved)).await.expect("removed"));
    assert_eq!(forget().await, Forgotten { mail_addresses: 1, ..Forgotten::default() });
    assert_eq!((of(db, AINO).await, of(db, REVIEWER).await.as_deref()), (None, Some("rauha@kuoro.example")));
    db.store().add_member(HERE, BERIT, Role::Reviewer).await.expect("another reviewer");
    let deleted = db.store().delete_person(REVIEWER, done(Act::PersonDeleted), &|| Ok(())).await.expect("an answer");
    assert_eq!((deleted, whose(db, "rauha@kuoro.example").await), (Deletion::Deleted, None));
}
