//! Who may sign in, and who is signed in.

use domain::{Kind, RecordId, Role};
use serde_json::json;
use server::store::{Membership, Person, SignIn};

use super::bench::*;
use crate::support::{NOW_MS, change};

async fn named(db: &impl Database) {
    let own = RecordId::new(HERE.uuid());
    let content = json!({"name": "Kuoro ry", "home": "755", "volunteers_set_up_series": false});
    reviewer().take(&**db.store(), &[change(Kind::Association, own, 0, content)]).await;
}

pub async fn a_person_is_known_with_their_memberships_and_municipality<D: Database>(db: &D) {
    assert_eq!(db.store().person(AINO).await.expect("a look-up"), None);
    named(db).await;
    db.join(HERE, AINO, "Aino").await;
    db.store().add_coordinator(AINO, "755").await.expect("a coordinator");
    let expected = Person {
        user: AINO,
        nickname: "Aino".to_owned(),
        memberships: vec![Membership {
            association: HERE,
            name: "Kuoro ry".to_owned(),
            role: Role::Volunteer,
            volunteers_set_up_series: false,
        }],
        coordinates: Some("755".to_owned()),
    };
    assert_eq!(db.store().person(AINO).await.expect("a look-up"), Some(expected));
    // Who is known already keeps their name.
    db.name(AINO, "Toinen").await;
    let again = db.store().person(AINO).await.expect("a look-up");
    assert_eq!(again.map(|person| person.nickname), Some("Aino".to_owned()));
}

pub async fn a_role_is_given_in_place_of_the_one_before<D: Database>(db: &D) {
    named(db).await;
    db.join(HERE, AINO, "Aino").await;
    db.store().add_member(HERE, AINO, Role::Reviewer).await.expect("a member");
    let person = db.store().person(AINO).await.expect("a look-up").expect("a person");
    assert_eq!(person.memberships.iter().map(|membership| membership.role).collect::<Vec<_>>(), [Role::Reviewer]);
}

pub async fn a_sign_in_is_found_by_its_hash_until_it_is_removed<D: Database>(db: &D) {
    let sign_in = SignIn { user: AINO, expires_ms: NOW_MS + 1 };
    db.store().add_sign_in(b"one", sign_in, NOW_MS).await.expect("added");
    let find = async |hash: &[u8]| db.store().sign_in(hash).await.expect("a look-up");
    assert_eq!((find(b"one").await, find(b"two").await), (Some(sign_in), None));
    db.store().remove_sign_in(b"one").await.expect("removed");
    assert_eq!(find(b"one").await, None);
}

pub async fn sign_ins_that_ran_out_are_forgotten_at_the_next_one<D: Database>(db: &D) {
    let until = |expires_ms| SignIn { user: AINO, expires_ms };
    db.store().add_sign_in(b"old", until(NOW_MS + 1), NOW_MS).await.expect("added");
    db.store().add_sign_in(b"new", until(NOW_MS + 9), NOW_MS + 2).await.expect("added");
    assert_eq!(db.store().sign_in(b"old").await.expect("a look-up"), None);
    assert!(db.store().sign_in(b"new").await.expect("a look-up").is_some());
}

pub async fn a_database_keeps_its_epoch<D: Database>(db: &D) {
    let epoch = db.store().epoch().await.expect("an epoch");
    assert!(!epoch.is_empty() && db.store().is_ready().await);
    assert_eq!(db.store().epoch().await.expect("an epoch"), epoch);
    let key = db.store().seal_key().await.expect("a key");
    assert_eq!((key.len(), db.store().seal_key().await.expect("a key")), (64, key));
    assert_eq!(db.store().restored_at_ms().await.expect("a look-up"), None, "it was never restored");
    db.store().close().await;
    assert!(!db.store().is_ready().await);
}
