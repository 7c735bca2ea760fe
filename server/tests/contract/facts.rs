//! Facts about a database itself.

use domain::{DeviceId, Kind, Quarter};
use server::store::{Fact, SignIn};
use sync::account::{DeviceAccount, DeviceCounts};

use super::{bench::*, sign_ins::sign_in};
use crate::support::{NOW_MS, change, club, new_record};

pub async fn a_fact_is_what_was_last_said_until_it_is_removed<D: Database>(db: &D) {
    let fact = async |fact| db.store().fact(fact).await.expect("a look-up");
    assert_eq!(fact(Fact::Demo).await, None);
    for value in ["1", "2"] {
        db.store().set_fact(Fact::Demo, value).await.expect("written");
        assert_eq!(fact(Fact::Demo).await.as_deref(), Some(value));
    }
    assert_eq!(fact(Fact::ReleasesHeld).await, None, "another one");
    db.store().remove_fact(Fact::Demo).await.expect("removed");
    db.store().remove_fact(Fact::Demo).await.expect("nothing to remove");
    assert_eq!(fact(Fact::Demo).await, None);
}

pub async fn a_database_is_empty_until_somebody_is_in_it<D: Database>(db: &D) {
    assert!(db.store().is_empty().await.expect("a look-up"));
    db.store().set_fact(Fact::RestoredAt, "1").await.expect("written");
    assert!(db.store().is_empty().await.expect("a look-up"), "what is known of it is nobody");
    db.name(AINO, "Aino").await;
    assert!(!db.store().is_empty().await.expect("a look-up"));
}

pub async fn a_database_with_an_association_is_not_empty<D: Database>(db: &D) {
    volunteer(AINO).take(&**db.store(), &[change(Kind::Gathering, new_record(), 0, club(9))]).await;
    assert!(!db.store().is_empty().await.expect("a look-up"));
}

pub async fn the_newest_moment_is_the_latest_of_all_kinds<D: Database>(db: &D) {
    let newest = async || db.store().newest_ms().await.expect("a look-up");
    assert_eq!(newest().await, None);
    let sign_in = SignIn { created_ms: NOW_MS - 5, ..sign_in(AINO, NOW_MS + 9) };
    db.store().add_sign_in(b"one", sign_in, None, None).await.expect("added");
    assert_eq!(newest().await, Some(NOW_MS - 5));
    db.release(Quarter::new(2026, 1).expect("a quarter"), "{}").await;
    assert_eq!(newest().await, Some(NOW_MS));
    let mut tx = db.store().begin(&[HERE]).await.expect("begin");
    let device = DeviceId::new(AINO.uuid());
    let account = DeviceAccount::after(None, DeviceCounts { counter: 0, waiting: 0, thrown: 0 }, None);
    tx.save_device_account(AINO, device, &account, NOW_MS + 7).await.expect("saved");
    tx.commit().await.expect("commit");
    assert_eq!(newest().await, Some(NOW_MS + 7));
}
