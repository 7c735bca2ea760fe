//! Whoever has left, and what their phones may still do: hand in what they hold, and nothing else.

use domain::{AssociationId, Role, UserId};
use serde_json::{Value, json};
use server::{
    retention,
    store::{Act, AuditEntry},
};
use sync::limits::HANDED_IN_MAX;

use super::world::*;
use crate::support::{club, new_record, with};

const NOWHERE: AssociationId = AssociationId::from_bytes([0xcf; 16]);

fn body(user: UserId, association: AssociationId, changes: &[Value]) -> Value {
    json!({"magic": "hytevihko-hand-in-1", "user": user, "association": association, "schema": 1, "epoch": "",
           "changes": changes})
}

async fn post(world: &World, person: &Person, association: AssociationId, changes: &[Value]) -> Answer {
    world.post(Some(person), "/api/v1/sync/hand-in", bytes(&body(person.user, association, changes))).await
}

/// What a hand-in to the choir was answered: outcome and code of each change.
async fn hand_in(world: &World, person: &Person, changes: &[Value]) -> Vec<(String, Option<String>)> {
    let answer = post(world, person, CHOIR, changes).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let results = answer.json()["results"].as_array().cloned().expect("results");
    for (result, change) in results.iter().zip(changes) {
        assert_eq!((&result["change"], &result["record"]), (&change["change"], &change["record"]));
        assert_eq!(result["sent_hash"].as_str().map(str::len), Some(64));
    }
    let text = |result: &Value, name: &str| result[name].as_str().map(str::to_owned);
    results.iter().map(|result| (text(result, "outcome").unwrap_or_default(), text(result, "code"))).collect()
}

fn given() -> (String, Option<String>) {
    ("given".to_owned(), None)
}

fn refused(code: &str) -> (String, Option<String>) {
    ("refused".to_owned(), Some(code.to_owned()))
}

async fn remove(world: &World, user: UserId) {
    let (at_ms, subject) = (world.server.clock.now_ms(), Some(user.uuid()));
    let entry = AuditEntry { at_ms, actor: None, association: Some(CHOIR), act: Act::MemberRemoved, subject };
    assert!(world.server.store.end_membership(CHOIR, user, entry).await.expect("removed"));
}

async fn waiting(world: &World, reviewer: &Person) -> Vec<Value> {
    let answer = world.get(&format!("/api/v1/quarantine?association={CHOIR}"), Some(reviewer)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["records"].as_array().cloned().expect("records")
}

async fn decide(world: &World, reviewer: &Person, what: &str, changes: &[Value]) -> Value {
    let body = json!({"association": CHOIR, "changes": changes});
    let answer = world.post(Some(reviewer), &format!("/api/v1/quarantine/{what}"), bytes(&body)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

/// How many entries of the choir's log say so.
async fn logged(world: &World, act: Act) -> usize {
    let log = world.server.store.audit_of(CHOIR, 1_000).await.expect("the log");
    log.iter().filter(|row| row.act == act).count()
}

#[tokio::test]
async fn what_a_removed_member_hands_in_is_nowhere_until_the_association_takes_it_in() {
    let world = World::new().await;
    let (rauha, aino, berit) = (world.sign_in(RAUHA).await, world.sign_in(AINO).await, world.sign_in(BERIT).await);
    remove(&world, AINO).await;
    let gathering = new_gathering(with(club(14), json!({"series": MONDAYS})));
    let tallied = || world.one_number("select count(*) from tally");
    let seq = world.one_number("select sum(seq) from association").await;

    // An app that does not know of it pushes, and is answered as before.
    let push = bytes(&push_body(&aino, CHOIR, std::slice::from_ref(&gathering)));
    assert_eq!(world.post_push(Some(&aino), &[], push).await.code_of(403), "removed");
    assert_eq!(hand_in(&world, &aino, std::slice::from_ref(&gathering)).await, [given()]);
    // The answer may be lost.
    assert_eq!(hand_in(&world, &aino, std::slice::from_ref(&gathering)).await, [given()]);

    assert_eq!((world.records("gathering").await.len(), tallied().await), (0, 0));
    assert_eq!(world.pull(&berit, CHOIR).await.iter().filter(|one| one["kind"] == "gathering").count(), 0);
    assert_eq!(world.one_number("select count(*) from revision where kind = 'gathering'").await, 0);
    assert_eq!(world.one_number("select sum(seq) from association").await, seq, "no phone hears of anything");

    let shown = waiting(&world, &rauha).await;
    assert_eq!(shown.len(), 1);
    let one = &shown[0];
    assert_eq!((&one["by"], &one["date"], &one["participants"]), (&json!("Aino-7X"), &json!("2026-11-16"), &json!(14)));
    assert_eq!((&one["series"], &one["change"]), (&json!(MONDAYS), &gathering["change"]));

    let after = decide(&world, &rauha, "take", &[gathering["change"].clone()]).await;
    assert_eq!((&after["records"], &after["not_taken"]), (&json!([]), &json!(0)));
    let records = world.records("gathering").await;
    assert_eq!((records.len(), tallied().await), (1, 1));
    assert_eq!((&records[0]["id"], &records[0]["by"]), (&gathering["record"], &json!("Aino-7X")));
    let kept = "select count(*) from quarantine where decided = 'taken' and content is not null";
    assert_eq!(world.one_number(kept).await, 1, "a restore may lose the record");
    // From the phone once more, and from another reviewer: nothing changes.
    assert_eq!(hand_in(&world, &aino, std::slice::from_ref(&gathering)).await, [given()]);
    decide(&world, &rauha, "take", &[gathering["change"].clone()]).await;
    decide(&world, &rauha, "discard", &[gathering["change"].clone()]).await;
    assert_eq!(world.records("gathering").await, records);
    let acts = [Act::HandedIn, Act::HandedInTaken, Act::HandedInDiscarded];
    assert_eq!(all(acts.map(|act| logged(&world, act))).await, [1, 1, 0]);
}

#[tokio::test]
async fn what_was_thrown_away_does_not_come_back_by_a_repeat() {
    let world = World::new().await;
    let (rauha, aino) = (world.sign_in(RAUHA).await, world.sign_in(AINO).await);
    remove(&world, AINO).await;
    let both = [new_gathering(with(club(14), json!({"note": "kanarialintu"}))), new_gathering(club(15))];
    hand_in(&world, &aino, &both).await;
    let after = decide(&world, &rauha, "discard", &[both[0]["change"].clone(), json!(new_change())]).await;
    assert_eq!(after["records"].as_array().map(Vec::len), Some(1));
    assert_eq!(hand_in(&world, &aino, &both).await, [given(), given()]);
    let shown = waiting(&world, &rauha).await;
    assert_eq!((shown.len(), &shown[0]["participants"]), (1, &json!(15)));
    assert_eq!(world.records("gathering").await.len(), 0);
    let kept = "select count(*) from quarantine where content like '%kanarialintu%'";
    assert_eq!(world.one_number(kept).await, 0, "what nobody wanted is not kept");
    assert_eq!(logged(&world, Act::HandedInDiscarded).await, 1);
}

#[tokio::test]
async fn nobody_hands_in_who_did_not_leave_this_association() {
    let world = World::new().await;
    let (aino, berit) = (world.sign_in(AINO).await, world.sign_in(BERIT).await);
    let one = [new_gathering(club(14))];
    assert_eq!(post(&world, &berit, CHOIR, &one).await.code_of(403), "not-allowed", "a member pushes");
    remove(&world, AINO).await;
    let (foreign, missing) = (post(&world, &aino, SCOUTS, &one).await, post(&world, &aino, NOWHERE, &one).await);
    assert_eq!((foreign.code_of(403), &foreign.body), ("not-allowed".to_owned(), &missing.body));
    // In the name of whoever was removed.
    let forged = bytes(&body(AINO, CHOIR, &one));
    let answer = world.post(Some(&berit), "/api/v1/sync/hand-in", forged.clone()).await;
    assert_eq!(answer.code_of(403), "not-allowed");
    assert_eq!(world.post(None, "/api/v1/sync/hand-in", forged).await.code_of(401), "not-signed-in");
    assert_eq!(world.one_number("select count(*) from quarantine").await, 0);
}

#[tokio::test]
async fn a_device_that_was_signed_in_after_the_removal_is_a_foreign_one() {
    let world = World::new().await;
    let before = world.sign_in(AINO).await;
    remove(&world, AINO).await;
    let later = world.later("2026-11-21T10:30:00Z");
    let after = later.sign_in(AINO).await;
    let one = [new_gathering(club(14))];
    assert_eq!(post(&later, &after, CHOIR, &one).await.code_of(403), "not-allowed");
    assert_eq!(hand_in(&later, &before, &one).await, [given()]);
}

#[tokio::test]
async fn thirty_days_after_a_removal_nothing_is_taken_any_more_and_what_nobody_decided_is_gone() {
    let world = World::new().await.without_demo();
    let aino = world.sign_in(AINO).await;
    remove(&world, AINO).await;
    assert!(retention::look(&world.server).await.expect("noted").is_none());
    let day_30 = world.later("2026-12-21T09:55:00Z").without_demo();
    let one = [new_gathering(club(14))];
    assert_eq!(hand_in(&day_30, &aino, &one).await, [given()]);
    let day_31 = world.later("2026-12-21T10:05:00Z").without_demo();
    assert_eq!(post(&day_31, &aino, CHOIR, &one).await.code_of(403), "not-allowed");
    let push = bytes(&push_body(&aino, CHOIR, &one));
    assert_eq!(day_31.post_push(Some(&aino), &[], push).await.code_of(403), "removed", "and its phone keeps it");
    assert_eq!(waiting(&day_31, &day_31.sign_in(RAUHA).await).await.len(), 1);
    // The job runs every day.
    for day in 22..=31 {
        retention::look(&world.later(&format!("2026-12-{day}T10:00:00Z")).server).await.expect("looked");
    }
    for day in 1..=19 {
        retention::look(&world.later(&format!("2027-01-{day:02}T10:00:00Z")).server).await.expect("looked");
    }
    assert_eq!(world.one_number("select count(*) from quarantine").await, 1, "its thirty days are from the hand-in");
    retention::look(&world.later("2027-01-20T10:00:00Z").server).await.expect("looked");
    assert_eq!(world.one_number("select count(*) from quarantine").await, 0);
}

#[tokio::test]
async fn only_gatherings_of_ones_own_are_handed_in() {
    let world = World::new().await;
    let (rauha, aino, berit) = (world.sign_in(RAUHA).await, world.sign_in(AINO).await, world.sign_in(BERIT).await);
    let (own, anothers) = (new_record(), new_record());
    world.push(&aino, &[edit_of(own, 0, club(10))]).await;
    world.push(&berit, &[edit_of(anothers, 0, club(11))]).await;
    remove(&world, AINO).await;
    let series = json!({"change": new_change(), "record": new_record(), "kind": "series", "base": 0, "made_at": 1,
        "content": {"name": "Uusi kerho", "form": "kerho", "municipality": "755"}});
    let association = json!({"change": new_change(), "record": CHOIR, "kind": "association", "base": 1, "made_at": 1,
        "content": {"name": "Anastettu ry", "home": "755"}});
    let of_nothing = with(club(5), json!({"series": new_record()}));
    let named = with(club(5), json!({"note": "131052-308T"}));
    let told = hand_in(
        &world,
        &aino,
        &[
            edit_of(own, 1, club(12)),
            // The choir lets its volunteers change what others recorded; whoever has left is none.
            edit_of(anothers, 1, club(99)),
            deletion_of(own, 1),
            series,
            association,
            new_gathering(of_nothing),
            new_gathering(named),
            new_gathering(json!({"form": "kerho"})),
        ],
    )
    .await;
    let not_allowed = refused("not-allowed");
    assert_eq!(
        told[..5],
        [given(), refused("recorded-by-another"), not_allowed.clone(), not_allowed.clone(), not_allowed]
    );
    assert_eq!(told[5], ("again-later".to_owned(), Some("unknown-series".to_owned())));
    assert!(told[6..].iter().all(|(outcome, _)| outcome == "refused"), "{told:?}");
    let shown = waiting(&world, &rauha).await;
    assert_eq!((shown.len(), &shown[0]["is_edit"]), (1, &json!(true)));
    decide(&world, &rauha, "take", &[shown[0]["change"].clone()]).await;
    let records = world.records("gathering").await;
    let count =
        |id| records.iter().find(|one| one["id"] == json!(id)).map(|one| one["content"]["participants"].clone());
    assert_eq!((count(own), count(anothers)), (Some(json!(12)), Some(json!(11))));
}

#[tokio::test]
async fn a_phone_hands_in_so_much_and_no_more_and_another_one_has_its_own_measure() {
    let world = World::new().await;
    let (phone, tablet) = (world.sign_in(AINO).await, world.sign_in(AINO).await);
    remove(&world, AINO).await;
    for _ in 0..HANDED_IN_MAX / 50 {
        let fifty: Vec<Value> = (0..50).map(|count| new_gathering(club(count))).collect();
        assert!(hand_in(&world, &phone, &fifty).await.iter().all(|told| *told == given()));
    }
    let one_more = [new_gathering(club(14))];
    assert_eq!(hand_in(&world, &phone, &one_more).await, [refused("quarantine-full")]);
    assert_eq!(hand_in(&world, &tablet, &one_more).await, [given()]);
    assert_eq!(world.one_number("select count(*) from quarantine").await, HANDED_IN_MAX as i64 + 1);
    let fifty_one: Vec<Value> = (0..51).map(|count| new_gathering(club(count))).collect();
    assert_eq!(post(&world, &tablet, CHOIR, &fifty_one).await.code_of(413), "too-large");
}

#[tokio::test]
async fn what_came_by_a_push_before_the_removal_needs_no_decision() {
    let world = World::new().await;
    let (rauha, aino) = (world.sign_in(RAUHA).await, world.sign_in(AINO).await);
    let gathering = new_gathering(club(14));
    world.push(&aino, std::slice::from_ref(&gathering)).await;
    remove(&world, AINO).await;
    assert_eq!(hand_in(&world, &aino, std::slice::from_ref(&gathering)).await, [given()]);
    // The id of a change with another content.
    let other = with(gathering.clone(), json!({"content": club(99)}));
    assert_eq!(hand_in(&world, &aino, &[other]).await[0].0, "refused");
    assert_eq!(waiting(&world, &rauha).await.len(), 0);
    assert_eq!(world.records("gathering").await.len(), 1);
}

#[tokio::test]
async fn a_sign_in_that_was_ended_from_elsewhere_hands_in_and_does_nothing_else() {
    let world = World::new().await;
    let (rauha, lost, own) = (world.sign_in(RAUHA).await, world.sign_in(AINO).await, world.sign_in(AINO).await);
    let id = |sign_in: &server::store::SignIn| format!("id={}", sign_in.id);
    let of_lost = {
        let hash = sign_in_hash(&lost);
        world.server.store.sign_in(&hash).await.expect("a look-up").expect("there")
    };
    let one = [new_gathering(club(14))];
    assert_eq!(post(&world, &lost, CHOIR, &one).await.code_of(403), "not-allowed", "it is alive: it pushes");
    let ended = world.form(Some(&own), "/oma/kirjautuminen", &id(&of_lost)).await;
    assert_eq!(ended.headers["location"], "/oma?tehty=lopetettu");

    assert_eq!(world.get("/api/v1/me", Some(&lost)).await.code_of(401), "sign-in-ended");
    assert_eq!(
        world.get("/api/v1/me", Some(&lost)).await.json()["user"],
        json!(AINO),
        "whoever else is here forgets nothing"
    );
    assert_eq!(world.get("/api/v1/me", Some(&own)).await.status, 200);
    let push = bytes(&push_body(&lost, CHOIR, &one));
    assert_eq!(world.post_push(Some(&lost), &[], push).await.code_of(401), "not-signed-in");
    let pull = bytes(&pull_body(&lost, CHOIR));
    assert_eq!(world.post(Some(&lost), "/api/v1/sync/pull", pull).await.code_of(401), "not-signed-in");
    let offer = json!({"magic": "hytevihko-offer-1", "user": AINO, "association": CHOIR,
        "device": "0190f3a0-0000-7000-8000-00000000d001", "schema": 1, "epoch": "", "holds": [], "records": []});
    assert_eq!(world.post(Some(&lost), "/api/v1/sync/offer", bytes(&offer)).await.code_of(401), "not-signed-in");
    assert_eq!(world.get("/oma/tiedot", Some(&lost)).await.status, 303);

    assert_eq!(post(&world, &lost, SCOUTS, &one).await.code_of(403), "not-allowed");
    assert_eq!(hand_in(&world, &lost, &one).await, [given()]);
    assert_eq!(world.records("gathering").await.len(), 0, "somebody may have found the phone: a reviewer looks first");
    assert_eq!(waiting(&world, &rauha).await.len(), 1);
    let late = world.later("2026-12-21T10:05:00Z");
    assert_eq!(post(&late, &lost, CHOIR, &one).await.code_of(401), "not-signed-in");
    // A phone that lay switched off is told to forget all the same.
    assert_eq!(late.get("/api/v1/me", Some(&lost)).await.code_of(401), "sign-in-ended");
    let spring = world.later("2027-04-21T10:00:00Z");
    spring.server.store.forget(retention::cutoffs(spring.server.clock.now_ms())).await.expect("forgotten");
    assert_eq!(spring.get("/api/v1/me", Some(&lost)).await.code_of(401), "sign-in-ended");
}

#[tokio::test]
async fn all_others_that_were_ended_are_told_and_whoever_signed_out_here_is_not() {
    let world = World::new().await;
    let (one, other, own) = (world.sign_in(AINO).await, world.sign_in(AINO).await, world.sign_in(AINO).await);
    world.form(Some(&one), "/kirjaudu/ulos", "").await;
    world.form(Some(&own), "/oma/muut", "").await;
    assert_eq!(world.get("/api/v1/me", Some(&one)).await.code_of(401), "not-signed-in");
    assert_eq!(world.get("/api/v1/me", Some(&other)).await.code_of(401), "sign-in-ended");
    // A removal after it: what was there before may still be handed in; of another association nothing.
    remove(&world, AINO).await;
    assert_eq!(hand_in(&world, &other, &[new_gathering(club(14))]).await, [given()]);
}

#[tokio::test]
async fn a_volunteers_sign_in_on_a_shared_phone_ends_none_of_a_reviewers_others() {
    let world = World::new().await;
    let (own, shared) = (world.sign_in(RAUHA).await, world.sign_in_as_volunteer(RAUHA).await);
    let [id, here] = [sign_in_hash(&own), sign_in_hash(&shared)];
    let found = async |hash: &[u8]| world.server.store.sign_in(hash).await.expect("a look-up").map(|one| one.id);
    let form = format!("id={}", found(&id).await.expect("there"));
    for (path, form) in [("/oma/kirjautuminen", form.as_str()), ("/oma/muut", "")] {
        let answer = world.form(Some(&shared), path, form).await;
        assert_eq!(answer.headers["location"], "/kirjaudu?to=/oma&varmista=1");
        assert!(found(&id).await.is_some(), "{path}");
    }
    assert_eq!(world.get("/api/v1/me", Some(&own)).await.status, 200);
    // Its own end is everybody's to say, and so is any end from a sign-in that hides nothing.
    let form = format!("id={}", found(&here).await.expect("there"));
    assert_eq!(world.form(Some(&shared), "/oma/kirjautuminen", &form).await.headers["location"], "/");
    assert_eq!(found(&here).await, None);
    let shared = world.sign_in_as_volunteer(RAUHA).await;
    world.form(Some(&own), "/oma/muut", "").await;
    assert_eq!(world.get("/api/v1/me", Some(&shared)).await.code_of(401), "sign-in-ended");
}

#[tokio::test]
async fn what_was_handed_in_is_in_ones_own_data_and_goes_with_the_person() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    remove(&world, AINO).await;
    hand_in(&world, &aino, &[new_gathering(with(club(14), json!({"note": "kanarialintu"})))]).await;
    assert!(world.get("/oma/tiedot", Some(&aino)).await.body.contains("odottaa yhdistyksen päätöstä. Kertoja: 1"));
    let file = world.form(Some(&aino), "/oma/tiedot.json", "").await.json();
    assert_eq!(file["handed_in"][0]["content"]["note"], "kanarialintu");
    assert_eq!(world.form(Some(&aino), "/oma/poista", "sana=POISTA").await.status, 200);
    assert_eq!(world.one_number("select count(*) from quarantine").await, 0);
}

#[tokio::test]
async fn whoever_comes_back_finds_what_they_handed_in_taken_once() {
    let world = World::new().await;
    let (rauha, aino) = (world.sign_in(RAUHA).await, world.sign_in(AINO).await);
    remove(&world, AINO).await;
    let gathering = new_gathering(club(14));
    hand_in(&world, &aino, std::slice::from_ref(&gathering)).await;
    world.server.store.add_member(CHOIR, AINO, Role::Volunteer).await.expect("back");
    assert_eq!(world.push(&aino, std::slice::from_ref(&gathering)).await[0]["outcome"], "stored");
    decide(&world, &rauha, "take", &[gathering["change"].clone()]).await;
    assert_eq!((world.records("gathering").await.len(), waiting(&world, &rauha).await.len()), (1, 0));
}

fn sign_in_hash(person: &Person) -> Vec<u8> {
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("cookie", person.cookie().parse().expect("a header"));
    server::identity::sign_in::token_hash(&headers).expect("a cookie")
}
