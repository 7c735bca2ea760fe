//! Who asked to be reminded, and of what there is to remind.

use domain::{Date, Kind, Lang, Role, UserId, date, permission::people::Class, reminder::Brief, review::ReviewState};
use serde_json::json;
use server::store::{Act, Chosen, PushTo, RemindTo, Reminder, SignIn};
use uuid::Uuid;

use super::{bench::*, people::done, sign_ins};
use crate::support::{NOW_MS, TODAY, change, club, new_record, with};

const ADDRESS: &str = "rauha@kuoro.example";

/// Rauha reviews, has an address and is signed in.
async fn filled<D: Database>(db: &D) -> Uuid {
    db.join(HERE, REVIEWER, "Rauha").await;
    db.store().add_member(HERE, REVIEWER, Role::Reviewer).await.expect("a member");
    assert!(db.store().set_mail_address(REVIEWER, ADDRESS, done(Act::EmailSet)).await.expect("set"));
    sign_in(db, REVIEWER, Class::Own).await
}

async fn sign_in<D: Database>(db: &D, user: UserId, class: Class) -> Uuid {
    let sign_in = SignIn { class, ..sign_ins::sign_in(user, NOW_MS + class.whole_ms()) };
    db.store().add_sign_in(sign_in.id.as_bytes(), sign_in, None, None).await.expect("a sign-in");
    sign_in.id
}

fn wish(user: UserId, to: RemindTo) -> Reminder {
    Reminder { association: HERE, user, lang: Lang::Sv, looked: TODAY, to }
}

fn letter(user: UserId) -> Reminder {
    wish(user, RemindTo::Mail(ADDRESS.to_owned()))
}

fn message(user: UserId, sign_in: Uuid) -> Reminder {
    let endpoint = format!("https://push.example/{sign_in}");
    wish(user, RemindTo::Push(sign_in, PushTo { endpoint, p256dh: vec![4; 65], auth: vec![1; 16] }))
}

async fn remind<D: Database>(db: &D, reminder: &Reminder) -> bool {
    db.store().remind(reminder).await.expect("an answer")
}

async fn not_looked<D: Database>(db: &D, today: Date) -> Vec<Reminder> {
    db.store().not_looked(today, NOW_MS + 1).await.expect("wishes")
}

fn tomorrow() -> Date {
    date::plus_days(TODAY, 1)
}

pub async fn a_wish_is_kept_as_it_is_given_until_it_is_taken_back<D: Database>(db: &D) {
    let here = filled(db).await;
    let elsewhere = sign_in(db, REVIEWER, Class::Own).await;
    let (letter, message) = (letter(REVIEWER), message(REVIEWER, here));
    assert!(remind(db, &letter).await && remind(db, &message).await);
    let chosen = async |sign_in| db.store().chosen(HERE, REVIEWER, sign_in).await.expect("a look-up");
    assert_eq!(chosen(here).await, Chosen { by_mail: true, here: true });
    assert_eq!(chosen(elsewhere).await, Chosen { by_mail: true, here: false });
    assert_eq!(not_looked(db, TODAY).await, []);
    assert_eq!(not_looked(db, tomorrow()).await, [letter.clone(), message.clone()]);
    assert_eq!(db.store().reminders_of(REVIEWER).await.expect("all"), [letter, message]);
    db.store().stop_mail(HERE, REVIEWER).await.expect("stopped");
    db.store().stop_push(HERE, elsewhere).await.expect("nothing to stop");
    assert_eq!(chosen(here).await, Chosen { by_mail: false, here: true });
    db.store().stop_push(HERE, here).await.expect("stopped");
    assert_eq!(chosen(here).await, Chosen::default());
}

pub async fn only_a_reviewer_wishes_and_only_with_an_address_or_a_sign_in_of_their_own<D: Database>(db: &D) {
    let here = filled(db).await;
    db.join(HERE, AINO, "Aino").await;
    let volunteers = sign_in(db, AINO, Class::Volunteer).await;
    assert!(db.store().set_mail_address(AINO, "aino@kuoro.example", done(Act::EmailSet)).await.expect("set"));
    assert!(!remind(db, &letter(AINO)).await && !remind(db, &message(AINO, volunteers)).await);
    assert!(!remind(db, &message(REVIEWER, volunteers)).await, "another's sign-in");
    assert!(!remind(db, &message(REVIEWER, Uuid::new_v4())).await, "one that is none");
    assert!(!remind(db, &Reminder { association: THERE, ..letter(REVIEWER) }).await, "another association");
    assert!(db.store().remove_mail_address(REVIEWER, done(Act::EmailRemoved)).await.expect("removed"));
    assert!(!remind(db, &letter(REVIEWER)).await);
    assert_eq!(not_looked(db, tomorrow()).await, []);
    assert!(remind(db, &message(REVIEWER, here)).await);
    db.store().end_sign_ins(REVIEWER, None, done(Act::SignInEnded)).await.expect("ended");
    assert_eq!(db.store().reminders_of(REVIEWER).await.expect("all"), []);
}

pub async fn a_wish_that_is_not_taken_ends_no_other<D: Database>(db: &D) {
    let here = filled(db).await;
    db.join(HERE, AINO, "Aino").await;
    let volunteers = sign_in(db, AINO, Class::Volunteer).await;
    let kept = message(REVIEWER, here);
    assert!(remind(db, &kept).await);
    // The same browser, by the sign-in of somebody who may not, and by one that is none.
    for (user, sign_in) in [(AINO, volunteers), (REVIEWER, Uuid::new_v4())] {
        let RemindTo::Push(_, to) = &kept.to else { panic!("a browser") };
        assert!(!remind(db, &wish(user, RemindTo::Push(sign_in, to.clone()))).await);
        assert_eq!(db.store().reminders_of(REVIEWER).await.expect("all"), std::slice::from_ref(&kept));
    }
    assert!(remind(db, &letter(REVIEWER)).await, "and the next one is taken");
}

pub async fn a_day_is_looked_at_once_and_given_back_as_it_was<D: Database>(db: &D) {
    let here = filled(db).await;
    let all = [letter(REVIEWER), message(REVIEWER, here)];
    for one in &all {
        assert!(remind(db, one).await);
    }
    let look = async |reminders: &[Reminder]| db.store().look_at(reminders, tomorrow()).await.expect("looked");
    assert_eq!(look(&all).await, [true, true]);
    assert_eq!(look(&all).await, [false, false], "a second server");
    assert_eq!(not_looked(db, tomorrow()).await, []);
    db.store().give_back(&all[1..], tomorrow()).await.expect("given back");
    assert_eq!(not_looked(db, tomorrow()).await, all[1..]);
    db.store().stop_push(HERE, here).await.expect("stopped");
    assert_eq!(look(&all[1..]).await, [false], "who said no is told nothing");
    // Nor does asking anew, or in another language, make a day that was looked at another one.
    assert!(remind(db, &Reminder { lang: Lang::En, ..letter(REVIEWER) }).await);
    assert_eq!(not_looked(db, tomorrow()).await, []);
    let RemindTo::Push(_, PushTo { endpoint, .. }) = &all[1].to else { panic!("a browser") };
    assert!(remind(db, &all[1]).await);
    db.store().forget_browser(endpoint).await.expect("forgotten");
    assert_eq!(db.store().reminders_of(REVIEWER).await.expect("all").len(), 1);
}

pub async fn an_associations_gatherings_are_told_in_brief_by_their_latest_review<D: Database>(db: &D) {
    filled(db).await;
    let group = new_record();
    let series = json!({"name": "Maanantaikerho", "form": "kerho", "municipality": "755", "weekday": 0});
    let [recorded, approved, returned, mended, deleted] = [(); 5].map(|()| new_record());
    let changes: Vec<_> = [recorded, approved, returned, mended, deleted]
        .into_iter()
        .map(|id| change(Kind::Gathering, id, 0, with(club(14), json!({"series": group}))))
        .collect();
    for changes in [vec![change(Kind::Series, group, 0, series)], changes] {
        let taken = reviewer().take(&**db.store(), &changes).await;
        assert!(taken.results.iter().all(|result| result.rev == 1), "{:?}", taken.results);
    }
    review(db, approved, 1, "returned").await;
    review(db, approved, 1, "approved").await;
    review(db, returned, 1, "returned").await;
    review(db, mended, 1, "returned").await;
    let mend = change(Kind::Gathering, mended, 1, with(club(15), json!({"series": group})));
    let edits = [mend, deletion(Kind::Gathering, deleted, 1)];
    reviewer().take(&**db.store(), &edits).await;
    let (brief, series) = db.store().in_brief(HERE).await.expect("in brief");
    assert_eq!(series.iter().map(|(id, one)| (*id, one.weekday)).collect::<Vec<_>>(), [(group, Some(0))]);
    let expected = Brief { series: Some(group), day: Date::constant(2026, 11, 16), state: ReviewState::Recorded };
    assert!(brief.iter().all(|one| Brief { state: ReviewState::Recorded, ..*one } == expected), "{brief:?}");
    let count = |state| brief.iter().filter(|one| one.state == state).count();
    assert_eq!((count(ReviewState::Recorded), count(ReviewState::Approved), count(ReviewState::Returned)), (2, 1, 1));
    let (elsewhere, none) = db.store().in_brief(THERE).await.expect("in brief");
    assert!(elsewhere.is_empty() && none.is_empty());
}
