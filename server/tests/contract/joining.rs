//! Associations that come in: drafts, requests, and the association itself.

use domain::{
    Area, AssociationId, DeviceId, Kind, RecordId, Role, UserId,
    codes::Municipality,
    joining::{Draft, Known, Step},
    permission::people::Class,
};
use serde_json::json;
use server::store::{
    Act, AuditEntry, Grant, SignIn, Way,
    joining::{Answer, DRAFT_LASTS_MS, Ground, JoiningRequest, KeptDraft, NewAssociation},
};
use sync::rules::{self, Loaded, Writes};
use uuid::Uuid;

use super::{
    bench::*,
    invitations::{accept, add, invitation},
    people::done,
};
use crate::support::{NOW_MS, Scribe, change};

fn home(code: &str) -> Municipality {
    Municipality::parse(code).expect("a municipality")
}

fn area(code: &str) -> Area {
    Area::Municipality(home(code))
}

fn draft(name: &str) -> Draft {
    Draft { name: name.to_owned(), home: "755".to_owned(), ..Draft::default() }
}

fn kept(name: &str, updated_ms: i64) -> KeptDraft {
    KeptDraft { draft: draft(name), step: Step::Contact, updated_ms }
}

fn request(user: UserId, code: &str) -> JoiningRequest {
    JoiningRequest {
        id: Uuid::new_v4(),
        user,
        device: DeviceId::new(user.uuid()),
        home: home(code),
        draft: draft("Kylän Väki ry"),
        answer: Answer::Open,
        asked_ms: NOW_MS,
        expires_ms: NOW_MS + 1_000,
    }
}

/// The first record of a new association, as the rules decide.
fn writes(association: AssociationId, user: UserId, name: &str) -> Writes {
    let content = json!({"name": name, "home": "755", "business_id": "0116297-6"});
    let first = change(Kind::Association, RecordId::new(association.uuid()), 0, content);
    rules::decide(Loaded::default(), &Scribe::new(association, user, Role::Reviewer).0, &[Ok(first)]).1
}

async fn bring_in(db: &impl Database, association: AssociationId, user: UserId, ground: Ground) -> bool {
    let writes = writes(association, user, "Kylän Väki ry");
    let new = NewAssociation { association, reviewer: user, nickname: "Maija", ground, writes: &writes };
    let audit = AuditEntry { association: Some(association), ..done(Act::AssociationMade) };
    db.store().bring_in(new, audit).await.expect("an answer")
}

/// An evening's invitation that these people have accepted.
async fn evening(db: &impl Database, people: &[UserId]) -> Uuid {
    let evening = invitation(Grant::NewAssociation(Some(area("755"))), None);
    add(db, &evening).await;
    for user in people {
        assert!(accept(db, &evening, *user, "", NOW_MS).await);
    }
    evening.id
}

/// A sign-in, with which one can come in.
async fn sign_in(db: &impl Database, user: UserId) {
    db.name(user, "").await;
    let sign_in = SignIn {
        id: Uuid::new_v4(),
        user,
        device: None,
        class: Class::Volunteer,
        way: Way::Invitation,
        created_ms: NOW_MS,
        rotated_ms: NOW_MS,
        last_used_ms: NOW_MS,
        proved_ms: NOW_MS,
        expires_ms: i64::MAX,
    };
    db.store().add_sign_in(sign_in.id.as_bytes(), sign_in, None, None).await.expect("signed in");
}

pub async fn a_draft_is_kept_until_nobody_has_touched_it_for_long<D: Database>(db: &D) {
    let store = db.store();
    assert_eq!(store.joining_draft(AINO).await.expect("a look-up"), None);
    for name in ["Kylän", "Kylän Väki ry"] {
        store.keep_joining_draft(AINO, &kept(name, NOW_MS)).await.expect("kept");
    }
    assert_eq!(store.joining_draft(AINO).await.expect("a look-up"), Some(kept("Kylän Väki ry", NOW_MS)));
    assert_eq!(store.joining_draft(BERIT).await.expect("a look-up"), None, "another person's");
    let since = async |ms| store.joining_drafts_since(ms).await.expect("a number");
    assert_eq!((since(NOW_MS).await, since(NOW_MS + 1).await), (1, 0));

    store.keep_joining_draft(BERIT, &kept("Partio", NOW_MS + DRAFT_LASTS_MS)).await.expect("kept");
    assert!(store.joining_draft(AINO).await.expect("a look-up").is_some());
    store.keep_joining_draft(BERIT, &kept("Partio", NOW_MS + DRAFT_LASTS_MS + 1)).await.expect("kept");
    assert_eq!(store.joining_draft(AINO).await.expect("a look-up"), None);
}

pub async fn a_request_waits_for_the_coordinator_of_its_home<D: Database>(db: &D) {
    let store = db.store();
    store.keep_joining_draft(AINO, &kept("Kylän Väki ry", NOW_MS)).await.expect("kept");
    let asked = request(AINO, "755");
    assert!(store.ask_to_join(&asked, 20, done(Act::AssociationAsked)).await.expect("asked"));
    assert_eq!(store.joining_draft(AINO).await.expect("a look-up"), None, "the request has it now");
    assert_eq!(store.joining_request_of(AINO).await.expect("a look-up").as_ref(), Some(&asked));
    assert_eq!(store.joining_request(asked.id).await.expect("a look-up").as_ref(), Some(&asked));

    let open = async |areas: &[Area], at_ms| store.open_joining_requests(areas, at_ms).await.expect("requests").len();
    let county = Area::County(home("755").county());
    assert_eq!(open(&[area("755")], NOW_MS).await, 0, "who has no sign-in cannot come in");
    sign_in(db, AINO).await;
    assert_eq!(open(&[area("755")], NOW_MS).await, 1);
    assert_eq!((open(&[county], NOW_MS).await, open(&[area("020"), Area::Nation], NOW_MS).await), (1, 1));
    assert_eq!((open(&[area("020")], NOW_MS).await, open(&[], NOW_MS).await), (0, 0));
    assert_eq!(open(&[area("755")], NOW_MS + 1_000).await, 0, "its time is over");

    assert!(store.refuse_joining_request(asked.id, done(Act::AssociationRefused)).await.expect("refused"));
    assert!(!store.refuse_joining_request(asked.id, done(Act::AssociationRefused)).await.expect("once"));
    assert_eq!(open(&[area("755")], NOW_MS).await, 0);
    assert!(store.take_back_joining_request(AINO, NOW_MS).await.expect("a draft again"));
    assert!(!store.take_back_joining_request(AINO, NOW_MS).await.expect("once"));
    let again = store.joining_draft(AINO).await.expect("a look-up").expect("a draft");
    assert_eq!((again.draft, again.step), (asked.draft, Step::Summary));
}

pub async fn a_municipality_has_only_so_many_open_requests<D: Database>(db: &D) {
    let store = db.store();
    let ask = async |asked: &JoiningRequest| {
        store.ask_to_join(asked, 1, done(Act::AssociationAsked)).await.expect("an answer")
    };
    let first = request(AINO, "755");
    assert!(ask(&first).await && !ask(&request(BERIT, "755")).await);
    assert!(ask(&request(REVIEWER, "020")).await, "another municipality's");
    let anew = request(AINO, "755");
    assert!(ask(&anew).await, "in place of one's own");
    assert_eq!(store.joining_request(first.id).await.expect("a look-up"), None);
    let later = JoiningRequest { asked_ms: NOW_MS + 1_000, expires_ms: NOW_MS + 2_000, ..request(BERIT, "755") };
    assert!(ask(&later).await, "the first one's time is over");
}

pub async fn an_association_comes_in_once_by_an_invitation<D: Database>(db: &D) {
    let store = db.store();
    let evening = evening(db, &[AINO, BERIT]).await;
    store.keep_joining_draft(AINO, &kept("Kylän Väki ry", NOW_MS)).await.expect("kept");
    let [first, second, third] = [[0xc1; 16], [0xc2; 16], [0xc3; 16]].map(AssociationId::from_bytes);
    assert!(!bring_in(db, first, REVIEWER, Ground::Invitation(evening)).await, "who has not accepted");
    assert!(bring_in(db, first, AINO, Ground::Invitation(evening)).await);
    assert!(!bring_in(db, second, AINO, Ground::Invitation(evening)).await, "once a person");
    assert!(bring_in(db, third, BERIT, Ground::Invitation(evening)).await, "and once each");

    let aino = store.person(AINO).await.expect("a look-up").expect("a person");
    let told: Vec<_> = aino.memberships.iter().map(|one| (one.association, one.role, one.nickname.as_str())).collect();
    assert_eq!(told, [(first, Role::Reviewer, "Maija")]);
    assert_eq!(store.joining_draft(AINO).await.expect("a look-up"), None);
    assert_eq!(store.waiting_association(AINO, 0).await.expect("a look-up"), None);
    let records = pull_all(db, everything_of(first, AINO)).await;
    assert_eq!((records.len(), records[0].seq), (1, 1));
    assert_eq!(pull_all(db, everything_of(second, AINO)).await.len(), 0, "nothing is left of the second one");
    let acts: Vec<_> = store.audit_of(first, 9).await.expect("the log").iter().map(|row| row.act).collect();
    assert_eq!(acts, [Act::AssociationMade]);
}

fn everything_of(association: AssociationId, user: UserId) -> server::store::PullQuery {
    let reader = rules::pull::Reader { user, role: Role::Reviewer, first_day: None };
    server::store::PullQuery { association, reader, ..EVERYTHING }
}

pub async fn an_association_comes_in_once_by_a_request<D: Database>(db: &D) {
    let store = db.store();
    let asked = request(AINO, "755");
    assert!(store.ask_to_join(&asked, 20, done(Act::AssociationAsked)).await.expect("asked"));
    let [first, second] = [[0xc1; 16], [0xc2; 16]].map(AssociationId::from_bytes);
    assert!(!bring_in(db, first, AINO, Ground::Request(asked.id)).await, "who has no sign-in");
    sign_in(db, AINO).await;
    sign_in(db, BERIT).await;
    assert!(!bring_in(db, first, BERIT, Ground::Request(asked.id)).await, "somebody else's");
    assert!(bring_in(db, first, AINO, Ground::Request(asked.id)).await);
    assert!(!bring_in(db, second, AINO, Ground::Request(asked.id)).await);
    assert!(!store.refuse_joining_request(asked.id, done(Act::AssociationRefused)).await.expect("too late"));
    assert!(!store.take_back_joining_request(AINO, NOW_MS).await.expect("too late"));
    let answer = store.joining_request(asked.id).await.expect("a look-up").map(|request| request.answer);
    assert_eq!(answer, Some(Answer::Accepted));

    let late = request(BERIT, "755");
    assert!(store.ask_to_join(&late, 20, done(Act::AssociationAsked)).await.expect("asked"));
    let writes = writes(second, BERIT, "Myöhä ry");
    let new = NewAssociation {
        association: second,
        reviewer: BERIT,
        nickname: "",
        ground: Ground::Request(late.id),
        writes: &writes,
    };
    let after = AuditEntry { at_ms: NOW_MS + 1_000, ..done(Act::AssociationMade) };
    assert!(!store.bring_in(new, after).await.expect("an answer"), "its time is over");
}

pub async fn a_coordinator_learns_names_and_days_of_their_area_only<D: Database>(db: &D) {
    let store = db.store();
    let here = evening(db, &[AINO]).await;
    let association = AssociationId::from_bytes([0xc1; 16]);
    assert!(bring_in(db, association, AINO, Ground::Invitation(here)).await);
    let county = Area::County(home("755").county());
    for areas in [&[area("755")][..], &[county], &[area("020"), Area::Nation]] {
        let joined = store.joined(areas, 10).await.expect("associations");
        let told: Vec<_> = joined.iter().map(|one| (one.name.as_str(), one.home.code(), one.joined_ms)).collect();
        assert_eq!(told, [("Kylän Väki ry", "755", NOW_MS)]);
    }
    for areas in [&[][..], &[area("020")]] {
        assert_eq!(store.joined(areas, 10).await.expect("associations"), []);
    }
    let known = Known { name: "Kylän Väki ry".to_owned(), business_id: Some("0116297-6".to_owned()) };
    assert_eq!(store.known_in(home("755")).await.expect("associations"), [known]);
    assert_eq!(store.known_in(home("020")).await.expect("associations"), []);
}
