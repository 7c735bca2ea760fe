//! Pulls over HTTP: who may pull, from which cursor, and how much.

use serde_json::{Value, json};

use super::world::*;
use crate::support::{club, content, new_record, with};

fn ids(records: &[Value], kind: &str) -> Vec<Value> {
    records.iter().filter(|record| record["kind"] == kind).map(|record| record["id"].clone()).collect()
}

#[tokio::test]
async fn a_pull_needs_a_sign_in_and_a_membership() {
    let world = World::new().await;
    let path = |association| format!("/api/v1/sync/pull?association={association}");
    assert_eq!(world.get(&path(CHOIR), None).await.code_of(401), "not-signed-in");
    let cecilia = world.sign_in(CECILIA).await;
    assert_eq!(world.get(&path(CHOIR), Some(&cecilia)).await.code_of(403), "not-allowed");
    assert_eq!(world.get(&path(SCOUTS), Some(&cecilia)).await.status, 200);
}

#[tokio::test]
async fn a_pull_in_a_body_tells_what_one_by_address_tells() {
    let world = World::new().await;
    let (aino, berit, cecilia) = (world.sign_in(AINO).await, world.sign_in(BERIT).await, world.sign_in(CECILIA).await);
    world.push(&aino, &[new_gathering(club(14)), new_gathering(club(15))]).await;
    let ask = async |person: Option<&Person>, body: &Value| world.post(person, "/api/v1/sync/pull", bytes(body)).await;
    let all = ask(Some(&aino), &pull_body(&aino, CHOIR)).await.json();
    assert_eq!(all["records"], json!(world.pull(&aino, CHOIR).await));
    let second = with(pull_body(&aino, CHOIR), json!({"after": 3, "limit": 1, "epoch": all["epoch"]}));
    let second = ask(Some(&aino), &second).await.json();
    assert_eq!((&second["records"][0], &second["next"]), (&all["records"][3], &json!(4)));
    // Of another epoch: from zero.
    let anew = with(pull_body(&aino, CHOIR), json!({"after": 3, "epoch": "of-yesterday"}));
    let anew = ask(Some(&aino), &anew).await.json();
    assert_eq!((&anew["reset"], &anew["records"]), (&json!(true), &all["records"]));
    assert_eq!(ask(None, &pull_body(&aino, CHOIR)).await.code_of(401), "not-signed-in");
    assert_eq!(ask(Some(&berit), &pull_body(&aino, CHOIR)).await.code_of(403), "not-allowed");
    assert_eq!(ask(Some(&cecilia), &pull_body(&cecilia, CHOIR)).await.code_of(403), "not-allowed");
    let another = with(pull_body(&aino, CHOIR), json!({"magic": "hytevihko-push-1"}));
    assert_eq!(ask(Some(&aino), &another).await.code_of(400), "unreadable");
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_said_so() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    for query in [
        "",
        "?association=choir",
        &format!("?association={CHOIR}&after=-1"),
        &format!("?association={CHOIR}&limit=all"),
        &format!("?association={CHOIR}&association={SCOUTS}"),
    ] {
        assert_eq!(world.get(&format!("/api/v1/sync/pull{query}"), Some(&aino)).await.code_of(400), "unreadable");
    }
}

#[tokio::test]
async fn pages_of_any_size_give_the_same_records_in_order() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let changes: Vec<Value> = (0..40).map(|n| new_gathering(club(n))).collect();
    world.push(&aino, &changes).await;
    let all = world.pull(&aino, CHOIR).await;
    assert_eq!(all.len(), 42, "and the association and its series");
    for limit in [0, 1, 7, 42, 100_000] {
        let (mut after, mut records) = (0, Vec::new());
        loop {
            let path = format!("/api/v1/sync/pull?association={CHOIR}&after={after}&limit={limit}");
            let page = world.get(&path, Some(&aino)).await.json();
            records.extend(page["records"].as_array().cloned().expect("records"));
            after = page["next"].as_u64().expect("a cursor");
            if page["more"] == false {
                break;
            }
        }
        assert_eq!(records, all, "limit {limit}");
    }
    let beyond = format!("/api/v1/sync/pull?association={CHOIR}&after={}", u64::MAX);
    assert_eq!(world.get(&beyond, Some(&aino)).await.json()["records"], json!([]));
}

#[tokio::test]
async fn a_volunteer_gets_thirteen_months_and_a_reviewer_everything() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    let days = ["2025-10-31", "2025-11-01", "2025-11-30", "2025-12-01", "2026-11-21"];
    let changes = days.map(|day| new_gathering(with(club(14), json!({"date": day}))));
    world.push(&aino, &changes).await;
    let own = changes.map(|change| change["record"].clone());
    assert_eq!(ids(&world.pull(&aino, CHOIR).await, "gathering"), own[1..]);
    assert_eq!(ids(&world.pull(&aino, CHOIR).await, "series").len(), 1);
    assert_eq!(ids(&world.pull(&rauha, CHOIR).await, "gathering"), own);
    let in_december = world.at("2026-11-30T22:00:00Z").await;
    assert_eq!(ids(&in_december.pull(&aino, CHOIR).await, "gathering"), own[3..]);
    assert_eq!(ids(&in_december.pull(&rauha, CHOIR).await, "gathering"), own);
}

#[tokio::test]
async fn a_volunteer_gets_no_notes_of_others_and_nobodys_name() {
    let world = World::new().await;
    let (aino, berit, rauha) = (world.sign_in(AINO).await, world.sign_in(BERIT).await, world.sign_in(RAUHA).await);
    let noted = with(club(14), json!({"note": "Kahvinkeitin reistaili."}));
    world.push(&aino, &[edit_of(new_record(), 0, noted.clone())]).await;
    let of_berit = Value::Array(world.pull(&berit, CHOIR).await).to_string();
    assert!(!of_berit.contains("reistaili"));
    for (_, nickname) in NICKNAMES {
        assert!(!of_berit.contains(nickname), "{nickname}");
    }
    let of_rauha = world.pull(&rauha, CHOIR).await;
    let record = of_rauha.iter().find(|record| record["kind"] == "gathering").expect("the gathering");
    assert_eq!((content(record["content"].clone()), &record["by"]), (content(noted), &json!("Aino-7X")));
}

/// After a restore the sequence starts anew: a cursor of before means nothing (S9).
#[tokio::test]
async fn a_cursor_of_another_epoch_is_read_from_zero() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    world.push(&aino, &[new_gathering(club(14))]).await;
    let first = world.get(&format!("/api/v1/sync/pull?association={CHOIR}"), Some(&aino)).await.json();
    let epoch = first["epoch"].as_str().expect("an epoch");
    let pull = |epoch: &str| format!("/api/v1/sync/pull?association={CHOIR}&after={}&epoch={epoch}", first["next"]);
    let same = world.get(&pull(epoch), Some(&aino)).await.json();
    assert_eq!((&same["records"], same.get("reset")), (&json!([]), None));
    let other = world.get(&pull("another"), Some(&aino)).await.json();
    assert_eq!((&other["records"], &other["reset"]), (&first["records"], &json!(true)));
    // A restart is no restore.
    let restarted = world.at("2026-11-22T10:00:00Z").await;
    assert_eq!(restarted.get(&pull(epoch), Some(&aino)).await.json()["records"], json!([]));
}

#[tokio::test]
async fn me_tells_who_is_signed_in_and_where() {
    let world = World::new().await;
    assert_eq!(world.get("/api/v1/me", None).await.code_of(401), "not-signed-in");
    let rauha = world.sign_in(RAUHA).await;
    let me = world.get("/api/v1/me", Some(&rauha)).await.json();
    assert_eq!((&me["user"], &me["nickname"], &me["coordinates"]), (&json!(RAUHA), &json!("Rauha-9Z"), &Value::Null));
    let places: Vec<_> =
        me["associations"].as_array().expect("associations").iter().map(|one| [&one["id"], &one["role"]]).collect();
    assert_eq!(places, [[&json!(CHOIR), &json!("reviewer")], [&json!(SCOUTS), &json!("reviewer")]]);
}
