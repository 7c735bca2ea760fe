//! What is kept no longer than it is needed.

use domain::{DeviceId, Kind, Role, UserId, permission::people::Class};
use server::{
    retention::{AUTHORS_MS, DEVICES_MS, ENDED_MS, cutoffs},
    store::{Account, Act, DeviceReport, Forgotten, Grant, SignIn, Way},
};
use sync::account::DeviceCounts;

use super::{
    bench::*,
    invitations::{accept, add, invitation},
    people::done,
};
use crate::support::{NOW_MS, change, club, new_record};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

async fn sign_in<D: Database>(db: &D, user: UserId, class: Class, at_ms: i64) {
    let id = uuid::Uuid::new_v4();
    let sign_in = SignIn {
        id,
        user,
        device: None,
        class,
        way: Way::Invitation,
        created_ms: at_ms,
        rotated_ms: at_ms,
        last_used_ms: at_ms,
        proved_ms: at_ms,
        expires_ms: at_ms + class.whole_ms(),
    };
    db.store().add_sign_in(id.as_bytes(), sign_in, None, None).await.expect("a sign-in");
}

async fn account<D: Database>(db: &D, user: UserId, now_ms: i64) -> Account {
    let all = db.store().accounts(now_ms).await.expect("accounts");
    all.into_iter().find(|account| account.user == user).expect("there")
}

async fn contact<D: Database>(db: &D, user: UserId, device: u8, waiting: u64, at_ms: i64) {
    let mut tx = db.store().begin(&[HERE]).await.expect("begin");
    let counts = Some(DeviceCounts { counter: waiting, waiting, thrown: 0 });
    let report = DeviceReport { device: DeviceId::from_bytes([device; 16]), user, counts, brought: None };
    tx.seen(HERE, report, at_ms).await.expect("seen");
    tx.commit().await.expect("commit");
}

pub async fn an_account_lies_idle_by_days_of_the_server_and_a_use_begins_anew<D: Database>(db: &D) {
    for (user, name) in [(AINO, "Aino"), (BERIT, "Berit")] {
        db.join(HERE, user, name).await;
    }
    sign_in(db, AINO, Class::Volunteer, NOW_MS).await;
    let day = async |n: i64| {
        let now = NOW_MS + n * DAY_MS;
        db.store().count_idle_day(now - DAY_MS, now).await.expect("counted");
        (account(db, AINO, now).await.idle_days, account(db, BERIT, now).await.idle_days)
    };
    assert_eq!(day(1).await, (0, 1), "the first day of the one, and the other one was there");
    assert_eq!((day(2).await, day(3).await), ((1, 2), (2, 3)));
    contact(db, BERIT, 1, 0, NOW_MS + 4 * DAY_MS - 1).await;
    assert_eq!((day(4).await, day(5).await), ((3, 0), (4, 1)));
    // Counted by calls, whatever the clock says.
    assert_eq!(day(900).await, (5, 2));
}

pub async fn whoever_is_signed_in_or_needed_is_known<D: Database>(db: &D) {
    for user in [REVIEWER, AINO, BERIT] {
        db.join(HERE, user, "Jäsen").await;
    }
    db.store().add_member(HERE, REVIEWER, Role::Reviewer).await.expect("a member");
    db.store().add_operator(BERIT).await.expect("an operator");
    sign_in(db, AINO, Class::Volunteer, NOW_MS).await;
    let told = async |now_ms| {
        let mut told = Vec::new();
        for user in [REVIEWER, AINO, BERIT] {
            let account = account(db, user, now_ms).await;
            told.push((account.is_signed_in, account.is_needed));
        }
        told
    };
    assert_eq!(told(NOW_MS + 179 * DAY_MS).await, [(false, true), (true, false), (false, true)]);
    // A second reviewer and a second operator, and half a year without a use.
    db.store().add_member(HERE, AINO, Role::Reviewer).await.expect("a member");
    db.store().add_operator(AINO).await.expect("an operator");
    assert_eq!(told(NOW_MS + 181 * DAY_MS).await, [(false, false); 3]);
}

pub async fn what_is_older_than_the_cutoffs_is_forgotten_and_nothing_else<D: Database>(db: &D) {
    for user in [AINO, BERIT] {
        db.join(HERE, user, "Jäsen").await;
    }
    db.join(HERE, REVIEWER, "Rauha").await;
    db.store().add_member(HERE, REVIEWER, Role::Reviewer).await.expect("a member");
    for class in [Class::Short, Class::Own, Class::Volunteer] {
        sign_in(db, REVIEWER, class, NOW_MS).await;
    }
    // Aino left; what she recorded has her nickname as long as the membership has it.
    let gathering = change(Kind::Gathering, new_record(), 0, club(14));
    volunteer(AINO).take(&**db.store(), &[gathering]).await;
    assert!(db.store().end_membership(HERE, AINO, done(Act::MemberRemoved)).await.expect("removed"));
    let [used, open] = [(); 2].map(|()| invitation(Grant::Member(HERE, Role::Volunteer), Some(1)));
    let bringing = invitation(Grant::NewAssociation(None), None);
    for one in [&used, &open, &bringing] {
        add(db, one).await;
    }
    assert!(accept(db, &used, BERIT, "Berit", NOW_MS).await);
    assert!(accept(db, &bringing, BERIT, "Berit", NOW_MS).await);
    contact(db, BERIT, 1, 0, NOW_MS).await;
    contact(db, BERIT, 2, 1, NOW_MS).await;
    let by = async || pull_all(db, EVERYTHING).await[0].by.clone();
    let forget = async |after: i64| db.store().forget(cutoffs(NOW_MS + after)).await.expect("forgotten");

    assert_eq!(forget(DAY_MS / 4).await, Forgotten::default());
    assert_eq!(by().await.as_deref(), Some("Jäsen"));
    assert_eq!(forget(DAY_MS).await, Forgotten::default(), "who is signed in no more can still be told to forget");
    let after = forget(ENDED_MS + DAY_MS).await;
    let expected = Forgotten { sign_ins: 1, invitations: 2, acceptances: 1, nicknames: 1, ..Forgotten::default() };
    assert_eq!(after, expected, "who is still to bring in an association keeps that invitation");
    assert!(db.store().waiting_association(BERIT, 0).await.expect("a look-up").is_some());
    assert_eq!(by().await, None);
    assert_eq!(forget(DEVICES_MS + DAY_MS).await, Forgotten { devices: 1, ..Forgotten::default() });
    let left = db.store().last_contacts(BERIT).await.expect("contacts");
    assert_eq!(left.iter().map(|one| one.counts.waiting).collect::<Vec<_>>(), [1], "where something waits, it stays");
    assert_eq!(db.store().devices(HERE).await.expect("devices").len(), 1);
}

pub async fn after_the_audit_period_nobody_knows_who_changed_what_and_a_repeat_is_answered_all_the_same<D: Database>(
    db: &D,
) {
    db.join(HERE, AINO, "Aino").await;
    let made = change(Kind::Gathering, new_record(), 0, club(14));
    let first = volunteer(AINO).take(&**db.store(), std::slice::from_ref(&made)).await;
    assert_eq!(db.store().forget(cutoffs(NOW_MS + AUTHORS_MS)).await.expect("forgotten").authors, 0);
    let gone = db.store().forget(cutoffs(NOW_MS + AUTHORS_MS + 1)).await.expect("forgotten");
    assert_eq!(gone.authors, 1);
    assert_eq!(db.store().forget(cutoffs(NOW_MS + AUTHORS_MS + 1)).await.expect("forgotten").authors, 0, "once");
    let told = db.store().revisions(HERE, made.record, 9).await.expect("revisions");
    assert_eq!((told[0].author, &told[0].nickname, told[0].device.uuid().is_nil()), (UserId::DELETED, &None, true));
    // From a drawer, after two winters (S5).
    let again = volunteer(AINO).take(&**db.store(), &[made]).await;
    assert_eq!((again.results, again.writes.revisions.len()), (first.results, 0));
    assert_eq!(db.store().own_contents(AINO).await.expect("contents").len(), 1, "it is still hers");
}
