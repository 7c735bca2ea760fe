//! Who people are: members, coordinators, operators.

use domain::{Area, Kind, RecordId, Role};
use serde_json::json;
use server::store::{Act, AuditEntry, Membership, Person};

use super::bench::*;
use crate::support::{NOW_MS, change};

async fn named(db: &impl Database) {
    let own = RecordId::new(HERE.uuid());
    let content = json!({"name": "Kuoro ry", "home": "755", "volunteers_set_up_series": false,
                         "volunteers_change_others": true});
    reviewer().take(&**db.store(), &[change(Kind::Association, own, 0, content)]).await;
}

fn area(kind: &str, code: &str) -> Area {
    Area::parse(kind, code).expect("an area")
}

/// What the reviewer does to Aino, for the log.
pub fn done(act: Act) -> AuditEntry {
    AuditEntry { at_ms: NOW_MS, actor: Some(REVIEWER), association: Some(HERE), act, subject: Some(AINO.uuid()) }
}

pub async fn a_person_is_known_with_everything_that_they_are<D: Database>(db: &D) {
    assert_eq!(db.store().person(AINO).await.expect("a look-up"), None);
    named(db).await;
    db.join(HERE, AINO, "Aino").await;
    for _ in 0..2 {
        db.store().add_coordinator(AINO, area("municipality", "755")).await.expect("a coordinator");
    }
    db.store().add_coordinator(AINO, area("nation", "")).await.expect("a coordinator");
    db.store().add_operator(AINO).await.expect("an operator");
    let expected = Person {
        user: AINO,
        nickname: "Aino".to_owned(),
        memberships: vec![Membership {
            association: HERE,
            name: "Kuoro ry".to_owned(),
            nickname: "Aino".to_owned(),
            role: Role::Volunteer,
            volunteers_set_up_series: false,
            volunteers_change_others: true,
        }],
        areas: vec![area("nation", ""), area("municipality", "755")],
        is_operator: true,
        has_account: false,
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

pub async fn each_association_calls_a_member_what_it_likes<D: Database>(db: &D) {
    named(db).await;
    db.join(HERE, AINO, "Aino").await;
    db.join(THERE, AINO, "Aino").await;
    assert!(db.store().rename_member(HERE, AINO, "Kahvivuoro", done(Act::Renamed)).await.expect("renamed"));
    assert!(!db.store().rename_member(HERE, BERIT, "Berit", done(Act::Renamed)).await.expect("no member"));
    let of = async |association| {
        let members = db.store().members(association).await.expect("members");
        members.into_iter().find(|member| member.user == AINO).map(|member| member.nickname)
    };
    assert_eq!(of(HERE).await.as_deref(), Some("Kahvivuoro"));
    assert_eq!(of(THERE).await.as_deref(), Some("Aino"));
}

pub async fn a_member_who_was_removed_is_none_at_once<D: Database>(db: &D) {
    named(db).await;
    db.join(HERE, AINO, "Aino").await;
    assert!(db.store().end_membership(HERE, AINO, done(Act::MemberRemoved)).await.expect("removed"));
    let person = db.store().person(AINO).await.expect("a look-up").expect("a person");
    assert_eq!(person.memberships, []);
    assert_eq!(db.store().members(HERE).await.expect("members"), []);
    assert_eq!(db.store().membership_ended(HERE, AINO).await.expect("a look-up"), Some(NOW_MS));
    assert!(!db.store().end_membership(HERE, AINO, done(Act::MemberRemoved)).await.expect("nobody there"));
    assert_eq!(db.store().audit_of(HERE, 9).await.expect("the log").len(), 1, "what did not happen is not in it");
}

pub async fn what_a_user_has_left_is_known_until_they_are_back<D: Database>(db: &D) {
    named(db).await;
    for association in [HERE, THERE] {
        db.join(association, AINO, "Aino").await;
    }
    let ended = async |user| db.store().ended_memberships(user).await.expect("a look-up");
    assert_eq!(ended(AINO).await, []);
    assert!(db.store().end_membership(HERE, AINO, done(Act::MemberRemoved)).await.expect("removed"));
    assert_eq!(ended(AINO).await, [HERE], "and not the one to which they belong");
    assert_eq!(ended(BERIT).await, [], "nor another's");
    assert!(db.store().end_membership(THERE, AINO, done(Act::MemberRemoved)).await.expect("removed"));
    assert_eq!(ended(AINO).await.len(), 2);
    db.join(HERE, AINO, "Aino").await;
    assert_eq!(ended(AINO).await, [THERE]);
}

pub async fn the_last_reviewer_stays<D: Database>(db: &D) {
    named(db).await;
    for user in [AINO, BERIT] {
        db.join(HERE, user, "Jäsen").await;
        db.store().add_member(HERE, user, Role::Reviewer).await.expect("a member");
    }
    let down = async |user| db.store().make_volunteer(HERE, user, done(Act::RoleChanged)).await.expect("an answer");
    let out = async |user| db.store().end_membership(HERE, user, done(Act::MemberRemoved)).await.expect("an answer");
    assert!(down(AINO).await);
    assert!(!down(BERIT).await && !out(BERIT).await);
    let roles: Vec<_> =
        db.store().members(HERE).await.expect("members").iter().map(|one| (one.user, one.role)).collect();
    assert_eq!(roles, [(BERIT, Role::Reviewer), (AINO, Role::Volunteer)]);
}

pub async fn areas_and_the_operators_role_can_be_taken_back<D: Database>(db: &D) {
    for user in [AINO, BERIT] {
        db.name(user, "Virkailija").await;
        db.store().add_operator(user).await.expect("an operator");
    }
    let county = area("county", area("municipality", "755").municipality().expect("one").county().code());
    db.store().add_coordinator(AINO, county).await.expect("a coordinator");
    assert_eq!(db.store().officials().await.expect("officials").len(), 2);
    assert!(db.store().end_coordinator(AINO, county, done(Act::CoordinatorEnded)).await.expect("ended"));
    assert!(!db.store().end_coordinator(AINO, county, done(Act::CoordinatorEnded)).await.expect("ended before"));
    assert!(db.store().end_operator(AINO, done(Act::OperatorEnded)).await.expect("ended"));
    assert!(!db.store().end_operator(BERIT, done(Act::OperatorEnded)).await.expect("the last one stays"));
    let left: Vec<_> = db.store().officials().await.expect("officials").iter().map(|person| person.user).collect();
    assert_eq!(left, [BERIT]);
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
