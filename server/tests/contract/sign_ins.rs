//! Who is signed in.

use domain::permission::people::Class;
use server::store::{Act, AuditEntry, SignIn, Way};
use uuid::Uuid;

use super::{bench::*, people::done};
use crate::support::NOW_MS;

pub fn sign_in(user: domain::UserId, expires_ms: i64) -> SignIn {
    SignIn {
        id: Uuid::new_v4(),
        user,
        device: None,
        class: Class::Own,
        way: Way::Passkey,
        created_ms: NOW_MS,
        rotated_ms: NOW_MS,
        last_used_ms: NOW_MS,
        proved_ms: NOW_MS,
        expires_ms,
    }
}

async fn find(db: &impl Database, hash: &[u8]) -> Option<SignIn> {
    db.store().sign_in(hash).await.expect("a look-up")
}

pub async fn a_sign_in_is_found_by_its_hash_until_it_is_removed<D: Database>(db: &D) {
    let aino = sign_in(AINO, NOW_MS + 1);
    db.store().add_sign_in(b"one", aino, None, None).await.expect("added");
    assert_eq!((find(db, b"one").await, find(db, b"two").await), (Some(aino), None));
    db.store().remove_sign_in(b"one", Some(done(Act::SignedOut))).await.expect("removed");
    assert_eq!(find(db, b"one").await, None);
    // Once more: nothing happens, and nothing is logged.
    db.store().remove_sign_in(b"one", Some(done(Act::SignedOut))).await.expect("nothing");
    assert_eq!(db.store().audit_of(HERE, 9).await.expect("the log").len(), 1);
}

pub async fn sign_ins_that_ran_out_are_forgotten_at_the_next_one<D: Database>(db: &D) {
    db.store().add_sign_in(b"old", sign_in(AINO, NOW_MS + 1), None, None).await.expect("added");
    let new = SignIn { created_ms: NOW_MS + 2, ..sign_in(AINO, NOW_MS + 9) };
    db.store().add_sign_in(b"new", new, None, None).await.expect("added");
    assert_eq!(find(db, b"old").await, None);
    assert_eq!(find(db, b"new").await, Some(new));
}

pub async fn a_browsers_new_sign_in_ends_the_one_before<D: Database>(db: &D) {
    db.store().add_sign_in(b"aino", sign_in(AINO, i64::MAX), None, None).await.expect("added");
    db.store().add_sign_in(b"elsewhere", sign_in(AINO, i64::MAX), None, None).await.expect("added");
    db.store().add_sign_in(b"berit", sign_in(BERIT, i64::MAX), Some(b"aino"), None).await.expect("added");
    assert_eq!(find(db, b"aino").await, None);
    assert!(find(db, b"elsewhere").await.is_some() && find(db, b"berit").await.is_some());
}

pub async fn an_old_cookie_is_valid_until_the_new_one_comes_back<D: Database>(db: &D) {
    let aino = sign_in(AINO, i64::MAX);
    db.store().add_sign_in(b"one", aino, None, None).await.expect("added");
    assert!(db.store().rotate_sign_in(aino.id, b"one", NOW_MS, b"two", NOW_MS + 1).await.expect("rotated"));
    let rotated = SignIn { rotated_ms: NOW_MS + 1, ..aino };
    assert_eq!((find(db, b"one").await, find(db, b"two").await), (Some(rotated), Some(rotated)));
    let is_replaced = async |hash: &[u8]| db.store().is_replaced(hash).await.expect("a look-up");
    assert!(is_replaced(b"one").await && !is_replaced(b"two").await && !is_replaced(b"none").await);
    // Another tab, which saw the sign-in before it was rotated: nothing happens.
    assert!(!db.store().rotate_sign_in(aino.id, b"one", NOW_MS, b"late", NOW_MS + 1).await.expect("an answer"));
    assert_eq!((find(db, b"two").await, find(db, b"late").await), (Some(rotated), None));
    // The answer was lost: the old one rotates again, and the one that was never seen is none.
    assert!(db.store().rotate_sign_in(aino.id, b"one", NOW_MS + 1, b"three", NOW_MS + 2).await.expect("rotated"));
    assert_eq!(find(db, b"two").await, None);
    db.store().sign_in_used(aino.id, b"one", NOW_MS + 3).await.expect("used");
    assert!(find(db, b"one").await.is_some());
    db.store().sign_in_used(aino.id, b"three", NOW_MS + 4).await.expect("used");
    assert_eq!(find(db, b"one").await, None);
    assert_eq!(find(db, b"three").await.map(|found| found.last_used_ms), Some(NOW_MS + 4));
}

pub async fn a_person_ends_their_own_sign_ins_only<D: Database>(db: &D) {
    let (here, there, berits) = (sign_in(AINO, i64::MAX), sign_in(AINO, i64::MAX), sign_in(BERIT, i64::MAX));
    for (hash, one) in [(b"here ", here), (b"there", there), (b"berit", berits)] {
        db.store().add_sign_in(hash, one, None, None).await.expect("added");
    }
    assert!(!db.store().end_sign_in(AINO, berits.id, done(Act::SignInEnded)).await.expect("an answer"));
    assert_eq!(db.store().sign_ins(AINO).await.expect("sign-ins").len(), 2);
    assert!(db.store().end_sign_in(AINO, there.id, done(Act::SignInEnded)).await.expect("an answer"));
    db.store().proved_again(here.id, AuditEntry { at_ms: NOW_MS + 5, ..done(Act::ProvedAgain) }).await.expect("proved");
    assert_eq!(find(db, b"here ").await.map(|found| found.proved_ms), Some(NOW_MS + 5));
    db.store().end_sign_ins(AINO, Some(here.id), done(Act::SignInEnded)).await.expect("ended");
    assert_eq!(db.store().sign_ins(AINO).await.expect("sign-ins").len(), 1);
    db.store().end_sign_ins(AINO, None, done(Act::SignInEnded)).await.expect("ended");
    assert_eq!(db.store().sign_ins(AINO).await.expect("sign-ins"), []);
    assert!(find(db, b"berit").await.is_some());
}

pub async fn a_browser_stays_let_in_for_the_same_person_by_whoever_let_it_in<D: Database>(db: &D) {
    for association in [HERE, THERE] {
        db.join(association, AINO, "Aino").await;
    }
    db.join(HERE, BERIT, "Berit").await;
    let add = async |hash: &[u8], one: SignIn, replaces: Option<&[u8]>, by| {
        db.store().add_sign_in_let_in(hash, one, replaces, None, by).await.expect("added");
    };
    let here = async |association| {
        let all = db.store().sign_ins_let_in(association).await.expect("sign-ins");
        all.into_iter().map(|one| (one.nickname, one.sign_in.id)).collect::<Vec<_>>()
    };
    let [one, two, three, four] = [AINO, AINO, AINO, BERIT].map(|user| sign_in(user, i64::MAX));
    add(b"one", one, None, Some(HERE)).await;
    add(b"elsewhere", sign_in(AINO, i64::MAX), None, None).await;
    assert_eq!((here(HERE).await, here(THERE).await), (vec![("Aino".to_owned(), one.id)], Vec::new()));
    add(b"two", two, Some(b"one"), Some(THERE)).await;
    let aino = |id| vec![("Aino".to_owned(), id)];
    assert_eq!((here(HERE).await, here(THERE).await), (aino(two.id), aino(two.id)));
    // By a cookie of before a rotation, and by the same association once more.
    assert!(db.store().rotate_sign_in(two.id, b"two", NOW_MS, b"newer", NOW_MS + 1).await.expect("rotated"));
    add(b"three", three, Some(b"two"), Some(HERE)).await;
    assert_eq!((here(HERE).await, here(THERE).await), (aino(three.id), aino(three.id)));
    // Somebody else on that browser was let in by nobody.
    add(b"four", four, Some(b"three"), None).await;
    assert_eq!((here(HERE).await, here(THERE).await), (Vec::new(), Vec::new()));
}
