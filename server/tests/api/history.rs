//! A gathering's history: for the reviewers of its association, and for nobody else.

use domain::{AssociationId, RecordId};
use serde_json::{Value, json};

use super::world::*;
use crate::support::{club, new_record, with};

fn address(association: AssociationId, gathering: RecordId) -> String {
    format!("/api/v1/gatherings/history?association={association}&gathering={gathering}")
}

async fn history(world: &World, person: &Person, gathering: RecordId) -> Vec<Value> {
    let answer = world.get(&address(CHOIR, gathering), Some(person)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["revisions"].as_array().cloned().expect("revisions")
}

fn review_of(gathering: RecordId, revision: u32, verdict: &str) -> Value {
    json!({"change": new_change(), "record": new_record(), "kind": "review", "base": 0, "made_at": 1,
        "content": {"gathering": gathering, "revision": revision, "verdict": verdict, "comment": "Onko näin?"}})
}

#[tokio::test]
async fn a_reviewer_reads_who_recorded_changed_and_reviewed_a_gathering() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    let record = new_record();
    world.push(&aino, &[edit_of(record, 0, with(club(14), json!({"note": "Satoi"}))), new_gathering(club(3))]).await;
    world.push(&rauha, &[review_of(record, 1, "returned")]).await;
    world.push(&aino, &[edit_of(record, 1, with(club(15), json!({"note": null})))]).await;
    world.push(&rauha, &[deletion_of(record, 2)]).await;
    let told = history(&world, &rauha, record).await;
    let told: Vec<_> =
        told.iter().map(|one| (&one["kind"], &one["rev"], &one["by"], &one["content"]["participants"])).collect();
    let (gathering, review) = (json!("gathering"), json!("review"));
    let (aino, rauha, none) = (json!("Aino-7X"), json!("Rauha-9Z"), Value::Null);
    let [one, two, three, fourteen, fifteen] = [1, 2, 3, 14, 15].map(|n| json!(n));
    let expected = [
        (&gathering, &three, &rauha, &none),
        (&gathering, &two, &aino, &fifteen),
        (&review, &one, &rauha, &none),
        (&gathering, &one, &aino, &fourteen),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn the_device_is_called_as_in_the_list_of_devices_and_its_id_stays_with_its_user() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    let record = new_record();
    let mut body = push_body(&aino, CHOIR, &[edit_of(record, 0, club(14))]);
    body["thrown"] = json!(0);
    assert_eq!(world.post_push(Some(&aino), &[], bytes(&body)).await.status, 200);
    let devices = world.get(&format!("/api/v1/devices?association={CHOIR}"), Some(&rauha)).await.json();
    let answer = world.get(&address(CHOIR, record), Some(&rauha)).await;
    let told = &answer.json()["revisions"][0];
    assert_eq!(told["device"], devices["devices"][0]["device"]);
    assert!(told["device"].as_str().is_some_and(|code| code.len() == 7), "{told}");
    assert!(!answer.body.contains("00000000d001") && !answer.body.contains(&AINO.to_string()), "{}", answer.body);
}

#[tokio::test]
async fn another_associations_gathering_is_answered_as_one_that_does_not_exist() {
    let world = World::new().await;
    let (rauha, cecilia) = (world.sign_in(RAUHA).await, world.sign_in(CECILIA).await);
    let canary = "kanarialintu-muistiinpano";
    let [foreign, missing] = [(); 2].map(|()| new_record());
    world.push_to(SCOUTS, &cecilia, &[edit_of(foreign, 0, with(club(14), json!({"note": canary})))]).await;
    // Rauha reviews both: even so, each answers for itself only.
    let choirs = world.a_reviewer_of(CHOIR).await;
    for person in [&rauha, &choirs] {
        let [of_foreign, of_missing] = [
            world.get(&address(CHOIR, foreign), Some(person)).await,
            world.get(&address(CHOIR, missing), Some(person)).await,
        ];
        assert_eq!(of_foreign.code_of(404), "not-found");
        assert_eq!((of_foreign.status, &of_foreign.body), (of_missing.status, &of_missing.body));
        assert!(!of_foreign.body.contains(canary));
    }
    // The association that the address names is the sign-in's own, or nothing is told at all.
    let [named, nowhere] = [SCOUTS, AssociationId::from_bytes([0xcf; 16])];
    let refused = world.get(&address(named, foreign), Some(&choirs)).await;
    assert_eq!(refused.code_of(403), "not-allowed");
    assert_eq!(refused.body, world.get(&address(nowhere, foreign), Some(&choirs)).await.body);
    let own = world.get(&address(SCOUTS, foreign), Some(&rauha)).await;
    assert!(own.body.contains(canary), "where it is, it is told: the canary is alive");
}

/// One id in two associations: each is told of its own.
#[tokio::test]
async fn an_id_that_two_associations_use_tells_each_its_own() {
    let world = World::new().await;
    let (aino, cecilia, rauha) = (world.sign_in(AINO).await, world.sign_in(CECILIA).await, world.sign_in(RAUHA).await);
    let record = new_record();
    world.push(&aino, &[edit_of(record, 0, club(14))]).await;
    world.push_to(SCOUTS, &cecilia, &[edit_of(record, 0, with(club(99), json!({"note": "kanarialintu"})))]).await;
    world.push_to(SCOUTS, &rauha, &[review_of(record, 1, "returned")]).await;
    let told = history(&world, &rauha, record).await;
    assert_eq!((told.len(), &told[0]["content"]["participants"]), (1, &json!(14)), "{told:?}");
}

#[tokio::test]
async fn a_history_is_shown_to_reviewers_only() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let record = new_record();
    world.push(&aino, &[edit_of(record, 0, club(14))]).await;
    // Not even to whoever recorded it.
    for user in [AINO, BERIT, CECILIA, COORDINATOR] {
        let person = world.sign_in(user).await;
        assert_eq!(world.get(&address(CHOIR, record), Some(&person)).await.code_of(403), "not-allowed");
    }
    let as_volunteer = world.sign_in_as_volunteer(RAUHA).await;
    assert_eq!(world.get(&address(CHOIR, record), Some(&as_volunteer)).await.code_of(403), "not-allowed");
    let removed = world.somebody_removed_from(CHOIR).await;
    assert_eq!(world.get(&address(CHOIR, record), Some(&removed)).await.code_of(403), "not-allowed");
    assert_eq!(world.get(&address(CHOIR, record), None).await.code_of(401), "not-signed-in");
    let rauha = world.sign_in(RAUHA).await;
    for query in ["", &format!("?association={CHOIR}"), &format!("?gathering={record}"), "?association=x&gathering=y"] {
        let answer = world.get(&format!("/api/v1/gatherings/history{query}"), Some(&rauha)).await;
        assert_eq!(answer.code_of(400), "unreadable", "{query}");
    }
    // A review or a group is no gathering.
    assert_eq!(world.get(&address(CHOIR, MONDAYS), Some(&rauha)).await.code_of(404), "not-found");
}

#[tokio::test]
async fn of_a_long_history_the_newest_is_told() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    let record = new_record();
    let most = sync::limits::HISTORY_MAX;
    for first in (0..=most).step_by(50) {
        let edits: Vec<Value> = (first..(first + 50).min(most + 1)).map(|n| edit_of(record, n, club(n % 50))).collect();
        world.push(&aino, &edits).await;
    }
    let answer = world.get(&address(CHOIR, record), Some(&rauha)).await.json();
    let told = answer["revisions"].as_array().expect("revisions");
    assert_eq!((told.len(), &answer["more"]), (most as usize, &json!(true)));
    assert_eq!((&told[0]["rev"], &told[told.len() - 1]["rev"]), (&json!(most + 1), &json!(2)));
}
