//! After a restore, devices offer what they hold, and nothing that was received is lost (S9).

use serde_json::{Value, json};
use sync::{canonical::body_hash, limits};

use super::world::*;
use crate::support::{club, content, new_record, with};

/// What a device holds of the choir, as pulled from `world`, in the form of an offer's contents.
async fn held(world: &World, person: &Person) -> Vec<Value> {
    let mut all = world.pull(person, CHOIR).await;
    for record in &mut all {
        let object = record.as_object_mut().expect("a record");
        object.remove("seq");
        object.remove("by");
    }
    all
}

fn named(records: &[Value]) -> Vec<Value> {
    let name = |record: &Value| {
        let hash = body_hash(record["content"].as_object());
        json!({"kind": record["kind"], "id": record["id"], "rev": record["rev"], "hash": hash,
               "deleted": record["deleted"].as_bool().unwrap_or(false)})
    };
    records.iter().map(name).collect()
}

fn offer_body(world: &World, person: &Person, holds: &[Value], records: &[Value]) -> Value {
    json!({"magic": "hytevihko-offer-1", "user": person.user, "association": CHOIR,
           "device": "0190f3a0-0000-7000-8000-00000000d001", "schema": 1, "epoch": &*world.server.epoch,
           "holds": holds, "records": records})
}

async fn offer(world: &World, person: &Person, holds: &[Value], records: &[Value]) -> Value {
    let body = offer_body(world, person, holds, records);
    let answer = world.post(Some(person), "/api/v1/sync/offer", bytes(&body)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

/// Offers everything and gives what is asked for, as a device does.
async fn offer_all(world: &World, person: &Person, records: &[Value]) -> usize {
    let reply = offer(world, person, &named(records), &[]).await;
    let wanted = reply["wanted"].as_array().cloned().expect("wanted");
    let is_wanted =
        |record: &&Value| wanted.iter().any(|key| key["id"] == record["id"] && key["kind"] == record["kind"]);
    let asked: Vec<Value> = records.iter().filter(is_wanted).cloned().collect();
    offer(world, person, &[], &asked).await;
    wanted.len()
}

#[tokio::test]
async fn s9_a_restored_server_gets_back_what_a_device_holds_and_asks_for_nothing_twice() {
    let before = World::new().await;
    let aino = before.sign_in(AINO).await;
    let (kept, deleted) = (new_record(), new_record());
    before
        .push(&aino, &[edit_of(kept, 0, with(club(14), json!({"note": "Kahvit."}))), edit_of(deleted, 0, club(3))])
        .await;
    before.push(&aino, &[edit_of(kept, 1, club(15)), deletion_of(deleted, 1)]).await;
    let held = held(&before, &aino).await;

    let after = before.restored().await;
    assert_ne!(before.server.epoch, after.server.epoch);
    let aino = after.sign_in(AINO).await;
    assert_eq!(offer_all(&after, &aino, &held).await, 2, "the gathering and the deletion");
    let restored = after.records("gathering").await;
    let gathering = restored.iter().find(|record| record["id"] == json!(kept)).expect("there again");
    assert_eq!((&gathering["rev"], &gathering["content"]["participants"]), (&json!(2), &json!(15)));
    assert_eq!(gathering["by"], "Aino-7X", "the offer of its recorder says whose it is");
    assert!(restored.iter().any(|record| record["id"] == json!(deleted) && record["deleted"] == true));
    // An edit on what the device holds goes on from there.
    let results = after.push(&aino, &[edit_of(kept, 2, club(16))]).await;
    assert_eq!((&results[0]["outcome"], &results[0]["rev"]), (&json!("stored"), &json!(3)));

    let again = offer(&after, &aino, &named(&held), &[]).await;
    assert_eq!(again["wanted"], json!([]), "what the server has or has had is not asked for");
}

#[tokio::test]
async fn s9_a_restored_gathering_counts_once() {
    let before = World::new().await;
    let aino = before.sign_in(AINO).await;
    before.push(&aino, &[new_gathering(club(14))]).await;
    let held = held(&before, &aino).await;
    let after = before.restored().await;
    let (aino, rauha) = (after.sign_in(AINO).await, after.sign_in(RAUHA).await);
    offer_all(&after, &rauha, &held.iter().map(|record| with_mine(record, false)).collect::<Vec<_>>()).await;
    let unknown = after.records("gathering").await;
    assert_eq!(unknown[0].get("by"), None, "a reviewer's phone does not tell whose it is");
    offer_all(&after, &aino, &held).await;
    let known = after.records("gathering").await;
    assert_eq!((known.len(), &known[0]["by"]), (1, &json!("Aino-7X")));
}

fn with_mine(record: &Value, mine: bool) -> Value {
    let mut record = record.clone();
    record["mine"] = json!(mine);
    record
}

#[tokio::test]
async fn s9_what_differs_is_kept_beside_and_asked() {
    let before = World::new().await;
    let aino = before.sign_in(AINO).await;
    let record = new_record();
    before.push(&aino, &[edit_of(record, 0, club(14))]).await;
    let held = held(&before, &aino).await;
    let after = before.restored().await;
    let aino = after.sign_in(AINO).await;
    after.push(&aino, &[edit_of(record, 0, club(20))]).await;
    offer_all(&after, &aino, &held).await;
    offer_all(&after, &aino, &held).await;
    assert_eq!(after.records("gathering").await[0]["content"]["participants"], 20);
    let alternatives = after.records("alternative").await;
    assert_eq!(alternatives.len(), 1, "asked once, however often it is offered");
    assert_eq!(alternatives[0]["content"]["content"]["participants"], 14);
}

#[tokio::test]
async fn s9_a_server_that_was_not_restored_lately_asks_for_nothing_and_takes_nothing() {
    let world = World::new().await;
    let record = json!({"kind": "gathering", "id": new_record(), "rev": 1, "content": content(club(14)), "mine": true});
    let offered = async |world: &World| {
        let aino = world.sign_in(AINO).await;
        let records = std::slice::from_ref(&record);
        let reply = offer(world, &aino, &named(records), records).await;
        (reply["closed"].as_bool().unwrap_or(false), reply["wanted"].clone(), world.records("gathering").await.len())
    };
    assert_eq!(offered(&world).await, (true, json!([]), 0), "never restored");
    let restored = world.restored().await;
    assert_eq!(offered(&restored.at("2026-12-05T10:00:00Z").await).await, (true, json!([]), 0), "fourteen days ago");
    let (closed, _, taken) = offered(&restored.at("2026-12-05T09:59:00Z").await).await;
    assert_eq!((closed, taken), (false, 1), "a minute before");
}

#[tokio::test]
async fn s9_anothers_gathering_is_not_taken_over_by_an_offer() {
    let before = World::new().await;
    let (aino, berit) = (before.sign_in(AINO).await, before.sign_in(BERIT).await);
    let record = new_record();
    before.push(&aino, &[edit_of(record, 0, with(club(14), json!({"note": "Kahvit."})))]).await;
    let (aino_holds, berit_holds) = (held(&before, &aino).await, held(&before, &berit).await);
    let after = before.restored().await;
    after.forbid_changing_others().await;
    let (aino, berit) = (after.sign_in(AINO).await, after.sign_in(BERIT).await);
    // Berit's phone says that it is hers, first with what it was told, then with another number in a later revision.
    let hers: Vec<Value> = berit_holds.iter().map(|record| with_mine(record, true)).collect();
    offer_all(&after, &berit, &hers).await;
    let mut later = hers.iter().find(|record| record["kind"] == "gathering").cloned().expect("told");
    (later["rev"], later["content"]["participants"]) = (json!(2), json!(99));
    offer(&after, &berit, &[], &[later]).await;
    let taken = after.records("gathering").await;
    assert_eq!((taken[0].get("by"), &taken[0]["content"]["participants"]), (None, &json!(14)));
    offer_all(&after, &aino, &aino_holds).await;
    let given_back = after.records("gathering").await;
    assert_eq!((&given_back[0]["by"], &given_back[0]["rev"]), (&json!("Aino-7X"), &json!(1)));
    let asked = after.records("alternative").await;
    assert!(asked.iter().any(|asked| asked["content"]["content"]["participants"] == 99), "the association sees it");
}

#[tokio::test]
async fn s9_a_receipt_alone_proves_whose_a_gathering_is() {
    let before = World::new().await;
    let aino = before.sign_in(AINO).await;
    let record = new_record();
    let content = with(club(14), json!({"note": "Kahvit."}));
    let results = before.push(&aino, &[edit_of(record, 0, content.clone())]).await;
    let told = results[0].get("content").cloned().unwrap_or(content);
    let held = json!({"kind": "gathering", "id": record, "rev": 1, "content": told, "mine": true,
                      "seal": results[0]["seal"]});
    let after = before.restored().await;
    let aino = after.sign_in(AINO).await;
    offer_all(&after, &aino, &[held]).await;
    assert_eq!(after.records("gathering").await[0]["by"], "Aino-7X");
}

#[tokio::test]
async fn s9_a_volunteer_cannot_forge_a_review_by_an_offer() {
    let world = World::new().await.restored().await;
    let aino = world.sign_in(AINO).await;
    let gathering = new_record();
    world.push(&aino, &[edit_of(gathering, 0, club(14))]).await;
    let review = json!({"kind": "review", "id": new_record(), "rev": 1, "mine": true,
                        "content": {"gathering": gathering, "verdict": "approved", "revision": 1}});
    let reply = offer(&world, &aino, &named(std::slice::from_ref(&review)), &[review]).await;
    assert_eq!(reply["wanted"], json!([]));
    assert!(world.records("review").await.is_empty());
}

#[tokio::test]
async fn s9_a_push_before_the_offer_is_again_later_and_stores_nothing() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let mut body = push_body(&aino, CHOIR, &[new_gathering(club(14))]);
    body["epoch"] = json!("of-yesterday");
    let answer = world.post_push(Some(&aino), &[], bytes(&body)).await.json();
    assert_eq!(
        (&answer["results"][0]["outcome"], &answer["results"][0]["code"]),
        (&json!("again-later"), &json!("other-epoch"))
    );
    assert_eq!(answer["epoch"], json!(&*world.server.epoch));
    assert!(world.records("gathering").await.is_empty());
    body["epoch"] = answer["epoch"].clone();
    let answer = world.post_push(Some(&aino), &[], bytes(&body)).await.json();
    assert_eq!(answer["results"][0]["outcome"], "stored");
}

#[tokio::test]
async fn an_offer_that_is_not_one_is_refused_and_nothing_is_taken() {
    let world = World::new().await.restored().await;
    let (aino, cecilia) = (world.sign_in(AINO).await, world.sign_in(CECILIA).await);
    let record = json!({"kind": "gathering", "id": new_record(), "rev": 1, "content": content(club(14)), "mine": true});
    let good = offer_body(&world, &aino, &[], std::slice::from_ref(&record));
    let post =
        async |person: Option<&Person>, body: &Value| world.post(person, "/api/v1/sync/offer", bytes(body)).await;
    assert_eq!(post(None, &good).await.code_of(401), "not-signed-in");
    assert_eq!(post(Some(&cecilia), &good).await.code_of(403), "not-allowed");
    assert_eq!(world.post(Some(&aino), "/api/v1/sync/offer", b"{".to_vec()).await.code_of(400), "unreadable");
    let many: Vec<Value> = vec![record.clone(); limits::CHANGES_PER_PUSH_MAX + 1];
    assert_eq!(post(Some(&aino), &offer_body(&world, &aino, &[], &many)).await.code_of(413), "too-large");
    let mut elsewhere = good.clone();
    elsewhere["epoch"] = json!("another");
    assert_eq!(post(Some(&aino), &elsewhere).await.json()["epoch"], json!(&*world.server.epoch));
    assert!(world.records("gathering").await.is_empty());
    // One bad item among good ones: the good ones are taken.
    let bad = json!({"kind": "gathering", "id": new_record(), "rev": 1, "content": {"date": "1890-01-01"}});
    offer(&world, &aino, &[], &[json!("nonsense"), bad, record]).await;
    assert_eq!(world.records("gathering").await.len(), 1);
}
