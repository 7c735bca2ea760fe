//! Passkeys and recovery codes.

use server::store::{
    Act, PasskeyRow, PasskeyUse,
    keys::{PASSKEYS_MAX, Removal},
};
use uuid::Uuid;

use super::{bench::*, people::done};
use crate::support::NOW_MS;

fn key(user: domain::UserId, credential: &[u8]) -> PasskeyRow {
    PasskeyRow {
        id: Uuid::new_v4(),
        credential: credential.to_vec(),
        user,
        key: "{}".to_owned(),
        counter: 0,
        name: "Puhelin".to_owned(),
        created_ms: NOW_MS,
        last_used_ms: None,
        suspect_ms: None,
        by_mail: false,
    }
}

async fn add(db: &impl Database, key: &PasskeyRow) -> bool {
    db.store().add_passkey(key, done(Act::PasskeyAdded)).await.expect("an answer")
}

async fn find(db: &impl Database, credential: &[u8]) -> Option<PasskeyRow> {
    db.store().passkey(credential).await.expect("a look-up")
}

async fn use_it(db: &impl Database, id: Uuid, counter: u32) -> bool {
    let used = PasskeyUse { key: "{\"new\":1}", counter, at_ms: NOW_MS + 1 };
    db.store().passkey_used(id, used).await.expect("an answer")
}

async fn remove(db: &impl Database, key: &PasskeyRow, needs_way: bool) -> Removal {
    db.store().remove_passkey(key.user, key.id, needs_way, done(Act::PasskeyRemoved)).await.expect("an answer")
}

async fn log_length(db: &impl Database) -> usize {
    db.store().audit_of(HERE, 99).await.expect("the log").len()
}

pub async fn a_passkey_is_found_by_its_credential_and_is_one_persons<D: Database>(db: &D) {
    let (phone, stick) = (key(AINO, b"phone"), PasskeyRow { created_ms: NOW_MS + 1, ..key(AINO, b"stick") });
    assert!(add(db, &stick).await && add(db, &phone).await);
    assert_eq!(find(db, b"phone").await, Some(phone.clone()));
    assert_eq!(find(db, b"other").await, None);
    assert!(!add(db, &key(BERIT, b"phone")).await, "the authenticator has it for Aino");
    assert_eq!(db.store().passkeys(AINO).await.expect("keys"), [phone.clone(), stick]);
    assert_eq!(db.store().passkeys(BERIT).await.expect("keys"), []);
    assert!(!db.store().rename_passkey(BERIT, phone.id, "Oma").await.expect("an answer"));
    assert!(db.store().rename_passkey(AINO, phone.id, "Vanha puhelin").await.expect("an answer"));
    assert_eq!(find(db, b"phone").await.map(|key| key.name).as_deref(), Some("Vanha puhelin"));
    assert_eq!(log_length(db).await, 2);
}

pub async fn a_person_has_so_many_passkeys_and_no_more<D: Database>(db: &D) {
    for n in 0..PASSKEYS_MAX {
        assert!(add(db, &key(AINO, &n.to_be_bytes())).await);
    }
    assert!(!add(db, &key(AINO, b"one more")).await);
    assert!(add(db, &key(BERIT, b"somebody else's")).await);
}

pub async fn a_passkeys_counter_only_grows_or_stays_nought<D: Database>(db: &D) {
    let (counts, does_not) = (key(AINO, b"counts"), key(AINO, b"does not"));
    assert!(add(db, &counts).await && add(db, &does_not).await);
    assert!(use_it(db, does_not.id, 0).await && use_it(db, does_not.id, 0).await);
    assert!(use_it(db, counts.id, 5).await);
    for copy in [5, 4, 0] {
        assert!(!use_it(db, counts.id, copy).await, "{copy}");
    }
    let found = find(db, b"counts").await.expect("there");
    assert_eq!((found.counter, found.last_used_ms, found.key.as_str()), (5, Some(NOW_MS + 1), "{\"new\":1}"));
    assert!(use_it(db, counts.id, 6).await);
}

pub async fn a_passkey_that_may_have_been_copied_is_accepted_no_more<D: Database>(db: &D) {
    let phone = key(AINO, b"phone");
    assert!(add(db, &phone).await);
    let before = log_length(db).await;
    for _ in 0..2 {
        db.store().suspect_passkey(phone.id, done(Act::PasskeyCopied)).await.expect("marked");
    }
    assert_eq!(log_length(db).await, before + 1, "said once");
    assert_eq!(find(db, b"phone").await.and_then(|key| key.suspect_ms), Some(NOW_MS));
    assert!(!use_it(db, phone.id, 9).await);
}

pub async fn the_last_way_in_stays_for_whoever_needs_one<D: Database>(db: &D) {
    let (phone, stick) = (key(AINO, b"phone"), key(AINO, b"stick"));
    assert!(add(db, &phone).await && add(db, &stick).await);
    assert_eq!(remove(db, &PasskeyRow { user: BERIT, ..phone.clone() }, false).await, Removal::Unknown);
    assert_eq!(remove(db, &phone, true).await, Removal::Removed);
    assert_eq!(remove(db, &phone, true).await, Removal::Unknown);
    assert_eq!(remove(db, &stick, true).await, Removal::LastWayIn);
    assert!(find(db, b"stick").await.is_some());
    // A key that may have been copied is no way in: it does not count, and it can go.
    let copied = key(AINO, b"copied");
    assert!(add(db, &copied).await);
    db.store().suspect_passkey(copied.id, done(Act::PasskeyCopied)).await.expect("marked");
    assert_eq!(remove(db, &stick, true).await, Removal::LastWayIn);
    assert_eq!(remove(db, &copied, true).await, Removal::Removed);
    db.store().set_recovery_codes(AINO, &[b"code".to_vec()], false, done(Act::RecoveryCodesMade)).await.expect("set");
    assert_eq!(remove(db, &stick, true).await, Removal::Removed);
    // Who has no role may be without.
    let berits = key(BERIT, b"berit");
    assert!(add(db, &berits).await);
    assert_eq!(remove(db, &berits, false).await, Removal::Removed);
}

pub async fn a_recovery_code_is_used_once_and_a_new_set_replaces_the_old<D: Database>(db: &D) {
    let set = async |user, codes: &[&[u8]]| {
        let codes: Vec<Vec<u8>> = codes.iter().map(|code| code.to_vec()).collect();
        db.store().set_recovery_codes(user, &codes, false, done(Act::RecoveryCodesMade)).await.expect("set");
    };
    let take = async |user, code: &[u8]| {
        db.store().use_recovery_code(user, code, done(Act::RecoveryCodeUsed)).await.expect("an answer")
    };
    set(AINO, &[b"one", b"two", b"three"]).await;
    set(BERIT, &[b"berit"]).await;
    assert_eq!(db.store().recovery_code(b"one").await.expect("a look-up"), Some((AINO, false)));
    assert_eq!(db.store().recovery_code(b"four").await.expect("a look-up"), None);
    let before = log_length(db).await;
    assert_eq!(take(BERIT, b"one").await, None, "it is Aino's");
    assert_eq!(take(AINO, b"one").await, Some(2));
    assert_eq!(take(AINO, b"one").await, None);
    assert_eq!(log_length(db).await, before + 1);
    assert_eq!(db.store().recovery_codes_left(AINO).await.expect("a number"), 2);
    // Two at once: one of them.
    let both = tokio::join!(take(AINO, b"two"), take(AINO, b"two"));
    assert!(matches!(both, (Some(1), None) | (None, Some(1))), "{both:?}");
    set(AINO, &[b"four"]).await;
    assert_eq!(take(AINO, b"three").await, None);
    assert_eq!(take(AINO, b"four").await, Some(0));
    assert_eq!(db.store().recovery_codes_left(BERIT).await.expect("a number"), 1);
}
