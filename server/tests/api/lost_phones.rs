//! A volunteer's lost phone: the reviewers of the association that let it in end its sign-in, and nobody else does; what it holds is handed in.

use domain::{AssociationId, Role, UserId, permission::people::Class};
use serde_json::{Value, json};
use server::{
    identity::sign_in,
    retention,
    store::{Act, Way},
};

use super::world::*;
use crate::support::club;

/// Invites somebody to an association, and accepts it: as somebody new, or as whoever is signed in on that browser.
async fn let_in(world: &World, reviewer: &Person, association: AssociationId, me: Option<&Person>) -> Person {
    accept(world, &invite(world, reviewer, association).await, me, None).await
}

async fn invite(world: &World, reviewer: &Person, association: AssociationId) -> String {
    let body = json!({"association": association, "role": "volunteer"});
    let invited = world.post(Some(reviewer), "/api/v1/invitations", bytes(&body)).await.json();
    let url = invited["url"].as_str().expect("an address");
    url.split_once('#').expect("a token").1.to_owned()
}

async fn accept(world: &World, token: &str, me: Option<&Person>, attempt: Option<&str>) -> Person {
    let join_as = if me.is_some() { "me" } else { "new" };
    let body = json!({"token": token, "as": join_as, "nickname": "Eino-5V", "attempt": attempt});
    let accepted = world.post(me, "/api/v1/invitations/accept", bytes(&body)).await;
    assert_eq!(accepted.status, 200, "{}", accepted.body);
    let nobody = Person::of(AINO, &accepted);
    let me = world.get("/api/v1/me", Some(&nobody)).await.json();
    let user = me["user"].as_str().and_then(UserId::parse).expect("a user");
    Person::of(user, &accepted)
}

async fn sign_ins(world: &World, reviewer: &Person, association: AssociationId) -> Vec<Value> {
    let answer = world.get(&format!("/api/v1/sign-ins?association={association}"), Some(reviewer)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["sign_ins"].as_array().cloned().expect("sign-ins")
}

async fn end(world: &World, by: &Person, association: AssociationId, sign_in: &Value) -> Answer {
    let body = json!({"association": association, "sign_in": sign_in});
    world.post(Some(by), "/api/v1/sign-ins/end", bytes(&body)).await
}

async fn hand_in(world: &World, phone: &Person, association: AssociationId) -> Answer {
    let body = json!({"magic": "hytevihko-hand-in-1", "user": phone.user, "association": association, "schema": 1,
        "epoch": "", "changes": [new_gathering(club(14))]});
    world.post(Some(phone), "/api/v1/sync/hand-in", bytes(&body)).await
}

async fn quarantined(world: &World, reviewer: &Person, association: AssociationId) -> usize {
    let answer = world.get(&format!("/api/v1/quarantine?association={association}"), Some(reviewer)).await;
    answer.json()["records"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn whoever_was_let_in_sees_among_their_own_data_by_whom() {
    let world = World::new().await;
    let first = let_in(&world, &world.a_reviewer_of(CHOIR).await, CHOIR, None).await;
    let phone = let_in(&world, &world.a_reviewer_of(SCOUTS).await, SCOUTS, Some(&first)).await;
    let page = world.get_in("fi", "/oma/tiedot", Some(&phone)).await.body;
    let file = world.form(Some(&phone), "/oma/tiedot.json", "").await.json();
    let by = file["sign_ins"][0]["let_in_by"].as_array().expect("a list");
    let names: Vec<&str> = by.iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names.len(), 2, "{file}");
    assert!(names.contains(&"Kuoro ry"), "{names:?}");
    assert!(page.contains(&format!("Kutsunut: {}", names.join(", "))), "{page}");
}

/// A volunteer's sign-in of anybody, on a browser that an association let in.
async fn phone_of(world: &World, user: UserId, association: AssociationId) -> Person {
    let made = sign_in::prepare(&world.server, &Default::default(), user, Way::Invitation, Class::Volunteer);
    let cookies = made.keep_let_in(&world.server, None, Some(association)).await.expect("a sign-in");
    Person::with_cookie(user, &cookies[0])
}

#[tokio::test]
async fn a_reviewer_ends_the_sign_in_of_a_lost_phone_and_it_hands_in_and_forgets() {
    let world = World::new().await;
    let reviewer = world.a_reviewer_of(CHOIR).await;
    let (lost, other) = (let_in(&world, &reviewer, CHOIR, None).await, let_in(&world, &reviewer, CHOIR, None).await);
    let shown = sign_ins(&world, &reviewer, CHOIR).await;
    assert_eq!(shown.len(), 2);
    assert!(shown.iter().all(|one| one["by"] == "Eino-5V" && one["has_run_out"] == false && one["device"].is_string()));
    let mut ended = None;
    for one in &shown {
        let before = world.get("/api/v1/me", Some(&lost)).await.status;
        assert_eq!(before, 200);
        let answer = end(&world, &reviewer, CHOIR, &one["sign_in"]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        if world.get("/api/v1/me", Some(&lost)).await.status == 401 {
            ended = Some(answer);
            break;
        }
        assert_eq!(world.get("/api/v1/me", Some(&other)).await.code_of(401), "sign-in-ended");
    }
    let left = ended.expect("one of them").json()["sign_ins"].as_array().map(Vec::len);
    assert!(left.is_some_and(|left| left < 2), "the list is told as it is then");
    assert_eq!(world.get("/api/v1/me", Some(&lost)).await.code_of(401), "sign-in-ended");
    let push = bytes(&push_body(&lost, CHOIR, &[new_gathering(club(14))]));
    assert_eq!(world.post_push(Some(&lost), &[], push).await.code_of(401), "not-signed-in");
    assert_eq!(hand_in(&world, &lost, CHOIR).await.status, 200);
    assert_eq!(quarantined(&world, &reviewer, CHOIR).await, 1);
    assert_eq!(world.records("gathering").await.len(), 0, "a reviewer decides");

    let log = world.server.store.audit_of(CHOIR, 1_000).await.expect("the log");
    let entry = log.iter().find(|row| row.act == Act::SignInEnded && row.subject == Some(lost.user.uuid()));
    assert_eq!(entry.expect("an entry").actor, Some(reviewer.user));
    // And whoever lost it reads so in their own log when they are back.
    assert!(end(&world, &reviewer, CHOIR, &shown[0]["sign_in"]).await.code_of(404) == "not-found", "ended once");
}

#[tokio::test]
async fn who_is_more_than_a_volunteer_ends_their_own_and_nobody_else_sees_them() {
    let world = World::new().await;
    let reviewer = world.a_reviewer_of(CHOIR).await;
    let second = world.a_reviewer_of(CHOIR).await;
    let coordinator = world.a_coordinator_of(&[domain::Area::Nation], 0xd1).await;
    let operator = world.an_operator().await;
    for user in [coordinator.user, operator.user] {
        world.server.store.add_member(CHOIR, user, Role::Volunteer).await.expect("a member");
    }
    // What they see elsewhere they see with sign-ins of another class: only those that are a volunteer's are seen, and they end nothing else.
    let seen_of = async || {
        let log = sign_ins(&world, &reviewer, CHOIR).await;
        log.len()
    };
    assert_eq!(seen_of().await, 0, "none of these is a volunteer's sign-in that the choir let in");
    let phone = phone_of(&world, second.user, CHOIR).await;
    assert_eq!(seen_of().await, 0, "a reviewer ends their own, also on a volunteer's phone");
    let [of_coordinator, of_operator] =
        [phone_of(&world, coordinator.user, CHOIR).await, phone_of(&world, operator.user, CHOIR).await];
    let shown = sign_ins(&world, &reviewer, CHOIR).await;
    assert_eq!(shown.len(), 2, "a volunteer's phone is one, and it is not told that its user is more elsewhere");
    // Nobody but the choir's reviewers, as reviewers.
    let as_volunteer = world.sign_in_as_volunteer(reviewer.user).await;
    let aino = world.sign_in(AINO).await;
    for one in &shown {
        for by in [&phone, &of_coordinator, &of_operator, &coordinator, &operator, &as_volunteer, &aino] {
            let refused = end(&world, by, CHOIR, &one["sign_in"]).await;
            assert_eq!(refused.code_of(403), "not-allowed");
            let path = format!("/api/v1/sign-ins?association={CHOIR}");
            assert_eq!(world.get(&path, Some(by)).await.code_of(403), "not-allowed");
        }
    }
    for one in &shown {
        assert_eq!(end(&world, &second, CHOIR, &one["sign_in"]).await.status, 200);
    }
    for by in [&coordinator, &operator, &second, &phone] {
        assert_eq!(world.get("/api/v1/me", Some(by)).await.status, 200, "and theirs go on");
    }
    for by in [&of_coordinator, &of_operator] {
        assert_eq!(world.get("/api/v1/me", Some(by)).await.code_of(401), "sign-in-ended");
    }
}

#[tokio::test]
async fn another_associations_phone_is_none_of_ours_and_its_name_is_as_good_as_no_name() {
    let world = World::new().await;
    let (choirs, scouts) = (world.a_reviewer_of(CHOIR).await, world.a_reviewer_of(SCOUTS).await);
    // The scouts let in their volunteer, who sings too.
    let phone = let_in(&world, &scouts, SCOUTS, None).await;
    world.server.store.add_member(CHOIR, phone.user, Role::Volunteer).await.expect("a member");
    assert_eq!(sign_ins(&world, &choirs, CHOIR).await, [] as [Value; 0]);
    let theirs = sign_ins(&world, &scouts, SCOUTS).await[0]["sign_in"].clone();
    let (foreign, missing) =
        (end(&world, &choirs, CHOIR, &theirs).await, end(&world, &choirs, CHOIR, &json!("x")).await);
    assert_eq!((foreign.code_of(404), &foreign.body), ("not-found".to_owned(), &missing.body));
    assert_eq!(end(&world, &choirs, SCOUTS, &theirs).await.code_of(403), "not-allowed");
    assert_eq!(end(&world, &scouts, CHOIR, &theirs).await.code_of(403), "not-allowed");
    // By the id that the database has, and by the cookie's hash.
    let id = world.server.store.sign_ins(phone.user).await.expect("sign-ins")[0].id;
    for name in [id.to_string(), phone.cookie().to_owned()] {
        assert_eq!(end(&world, &choirs, CHOIR, &json!(name)).await.body, missing.body);
    }
    assert_eq!(world.get("/api/v1/me", Some(&phone)).await.status, 200);
    // A member who has left is none of the association's business any more.
    let gone = let_in(&world, &choirs, CHOIR, None).await;
    let one = sign_ins(&world, &choirs, CHOIR).await[0]["sign_in"].clone();
    let entry = world.server.entry(Some(choirs.user), Act::MemberRemoved, Some(gone.user.uuid()));
    assert!(world.server.store.end_membership(CHOIR, gone.user, entry).await.expect("removed"));
    assert_eq!(sign_ins(&world, &choirs, CHOIR).await, [] as [Value; 0]);
    assert_eq!(end(&world, &choirs, CHOIR, &one).await.body, missing.body);
    assert_eq!(world.get("/api/v1/me", Some(&gone)).await.status, 200);
}

#[tokio::test]
async fn a_phone_of_two_associations_is_ended_by_either_and_hands_in_to_both() {
    let world = World::new().await;
    let (choirs, scouts) = (world.a_reviewer_of(CHOIR).await, world.a_reviewer_of(SCOUTS).await);
    let first = let_in(&world, &choirs, CHOIR, None).await;
    let phone = let_in(&world, &scouts, SCOUTS, Some(&first)).await;
    assert_eq!(phone.user, first.user);
    let [ours, theirs] = [sign_ins(&world, &choirs, CHOIR).await, sign_ins(&world, &scouts, SCOUTS).await];
    assert_eq!((ours.len(), theirs.len()), (1, 1), "whoever let it in before has let it in still");
    assert_ne!(ours[0]["sign_in"], theirs[0]["sign_in"], "what they call it does not tell that they share a volunteer");
    assert_ne!(ours[0]["device"], theirs[0]["device"]);
    assert_eq!(hand_in(&world, &phone, CHOIR).await.code_of(403), "not-allowed", "alive, it pushes");
    assert_eq!(end(&world, &scouts, SCOUTS, &theirs[0]["sign_in"]).await.status, 200);
    for association in [CHOIR, SCOUTS] {
        assert_eq!(hand_in(&world, &phone, association).await.status, 200);
    }
    assert_eq!((quarantined(&world, &choirs, CHOIR).await, quarantined(&world, &scouts, SCOUTS).await), (1, 1));
    // Of what the scouts did the choir hears nothing.
    let log = world.server.store.audit_of(CHOIR, 1_000).await.expect("the log");
    assert!(log.iter().all(|row| row.act != Act::SignInEnded));
}

#[tokio::test]
async fn a_sign_in_that_has_run_out_can_still_be_ended_so_that_its_phone_forgets() {
    let world = World::new().await;
    let phone = let_in(&world, &world.a_reviewer_of(CHOIR).await, CHOIR, None).await;
    let summer = world.later("2027-07-01T10:00:00Z").without_demo();
    summer.server.store.forget(retention::cutoffs(summer.server.clock.now_ms())).await.expect("forgotten");
    assert_eq!(summer.get("/api/v1/me", Some(&phone)).await.code_of(401), "not-signed-in");
    assert_eq!(hand_in(&summer, &phone, CHOIR).await.code_of(401), "not-signed-in");
    let reviewer = summer.a_reviewer_of(CHOIR).await;
    let shown = sign_ins(&summer, &reviewer, CHOIR).await;
    assert_eq!((shown.len(), &shown[0]["has_run_out"]), (1, &json!(true)));
    assert_eq!(end(&summer, &reviewer, CHOIR, &shown[0]["sign_in"]).await.status, 200);
    assert_eq!(summer.get("/api/v1/me", Some(&phone)).await.code_of(401), "sign-in-ended");
    assert_eq!(hand_in(&summer, &phone, CHOIR).await.status, 200, "what it holds is not lost");
    // Within a year of its beginning it is over for good, and nothing is kept of it.
    let another = let_in(&world, &world.a_reviewer_of(CHOIR).await, CHOIR, None).await;
    let later = world.later("2027-11-22T10:00:00Z").without_demo();
    later.server.store.forget(retention::cutoffs(later.server.clock.now_ms())).await.expect("forgotten");
    assert_eq!(later.server.store.sign_ins(another.user).await.expect("sign-ins"), []);
    assert_eq!(world.one_number("select count(*) from let_in").await, 0);
}

#[tokio::test]
async fn a_phone_that_asks_again_after_a_lost_answer_is_let_in_as_well() {
    let world = World::new().await;
    let reviewer = world.a_reviewer_of(CHOIR).await;
    let token = invite(&world, &reviewer, CHOIR).await;
    let attempt = "0190f3a0-0000-4000-8000-0000000000aa";
    accept(&world, &token, None, Some(attempt)).await;
    let phone = accept(&world, &token, None, Some(attempt)).await;
    for one in sign_ins(&world, &reviewer, CHOIR).await {
        assert_eq!(end(&world, &reviewer, CHOIR, &one["sign_in"]).await.status, 200);
    }
    assert_eq!(world.get("/api/v1/me", Some(&phone)).await.code_of(401), "sign-in-ended");
}
