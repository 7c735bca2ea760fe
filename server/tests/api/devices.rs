//! Phones that lost records are noticed, and their association's reviewers are told.

use serde_json::{Value, json};

use super::world::*;
use crate::support::{club, with};

const PHONE: &str = "0190f3a0-0000-7000-8000-00000000d001";

/// A push of some gatherings by a phone that tells of itself.
async fn push(world: &World, person: &Person, gatherings: usize, counter: u64, waiting: u64) {
    let changes: Vec<Value> = (0..gatherings).map(|_| new_gathering(club(14))).collect();
    let mut body = push_body(person, CHOIR, &changes);
    body["counter"] = json!(counter);
    body["waiting"] = json!(waiting);
    body["thrown"] = json!(0);
    assert_eq!(world.post_push(Some(person), &[], bytes(&body)).await.status, 200);
}

/// A pull by such a phone.
async fn pull(world: &World, person: &Person, counter: u64, waiting: u64) {
    let told = json!({"device": PHONE, "counter": counter, "waiting": waiting});
    let answer = world.post(Some(person), "/api/v1/sync/pull", bytes(&with(pull_body(person, CHOIR), told))).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

async fn devices(world: &World, person: &Person) -> Vec<Value> {
    let answer = world.get(&format!("/api/v1/devices?association={CHOIR}"), Some(person)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["devices"].as_array().cloned().expect("devices")
}

#[tokio::test]
async fn a_phone_whose_storage_was_cleared_is_noticed_by_its_first_pull() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    push(&world, &aino, 3, 5, 5).await;
    pull(&world, &aino, 5, 2).await;
    let before = devices(&world, &rauha).await;
    assert_eq!((before.len(), &before[0]["waiting"], &before[0]["missing"]), (1, &json!(2), &json!(0)));
    assert_eq!(before[0]["by"], "Aino-7X");
    assert!(before[0]["last_contact"].as_i64().is_some_and(|ms| ms > 0));
    pull(&world, &aino, 0, 0).await;
    assert_eq!(devices(&world, &rauha).await[0]["missing"], 2);
}

#[tokio::test]
async fn what_an_address_tells_of_a_device_is_not_remembered() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    push(&world, &aino, 3, 5, 5).await;
    let before = devices(&world, &rauha).await;
    let told = format!("association={CHOIR}&device={PHONE}&counter=0&waiting=0&thrown=0");
    assert_eq!(world.get(&format!("/api/v1/sync/pull?{told}"), Some(&aino)).await.status, 200);
    assert_eq!(devices(&world, &rauha).await, before, "a GET changes nothing");
}

#[tokio::test]
async fn a_reviewer_puts_the_notice_away() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    push(&world, &aino, 1, 1, 1).await;
    pull(&world, &aino, 4, 0).await;
    let code = devices(&world, &rauha).await[0]["device"].as_str().expect("a code").to_owned();
    assert!(!PHONE.contains(&code) && code.len() == 7, "{code}");
    let seen = |device: &str| bytes(&json!({"association": CHOIR, "device": device}));
    let answer = world.post(Some(&rauha), "/api/v1/devices/seen", seen(&code)).await;
    assert_eq!(answer.json()["devices"][0]["missing"], 0);
    assert_eq!(world.post(Some(&rauha), "/api/v1/devices/seen", seen("NO-SUCH")).await.code_of(404), "not-found");
    assert_eq!(world.post(Some(&rauha), "/api/v1/devices/seen", b"{}".to_vec()).await.code_of(400), "unreadable");
    assert_eq!(world.post(Some(&aino), "/api/v1/devices/seen", seen(&code)).await.code_of(403), "not-allowed");
    assert_eq!(world.post(None, "/api/v1/devices/seen", seen(&code)).await.code_of(401), "not-signed-in");
}

#[tokio::test]
async fn devices_are_shown_to_the_associations_reviewers_and_to_nobody_else() {
    let world = World::new().await;
    for user in [AINO, CECILIA, COORDINATOR] {
        let person = world.sign_in(user).await;
        let answer = world.get(&format!("/api/v1/devices?association={CHOIR}"), Some(&person)).await;
        assert_eq!(answer.code_of(403), "not-allowed");
    }
    assert_eq!(world.get(&format!("/api/v1/devices?association={CHOIR}"), None).await.code_of(401), "not-signed-in");
    let rauha = world.sign_in(RAUHA).await;
    assert_eq!(world.get("/api/v1/devices", Some(&rauha)).await.code_of(400), "unreadable");
}

#[tokio::test]
async fn a_browser_is_known_again_by_its_cookie_when_its_storage_is_empty() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let first = world.get("/api/v1/me", Some(&aino)).await;
    let cookie = first.headers["set-cookie"].to_str().expect("text").to_owned();
    let id = first.json()["device"]["id"].as_str().expect("an id").to_owned();
    assert!(cookie.starts_with(&format!("hytevihko-device={id}; Path=/; HttpOnly; SameSite=Lax")), "{cookie}");
    assert!(!cookie.contains("Secure"), "over plain HTTP");
    assert_eq!(
        first.json()["device"],
        json!({"id": id, "last_contact": null, "waiting": null, "counter": null, "before": null})
    );

    let told = json!({"device": id, "counter": 9, "waiting": 2});
    world.post(Some(&aino), "/api/v1/sync/pull", bytes(&with(pull_body(&aino, CHOIR), told))).await;
    let again = world.get_with_cookie("/api/v1/me", &aino, &format!("hytevihko-device={id}")).await;
    assert!(!again.headers.contains_key("set-cookie"));
    let device = &again.json()["device"];
    assert_eq!((&device["id"], &device["waiting"], &device["counter"]), (&json!(id), &json!(2), &json!(9)));
    let last_contact = device["last_contact"].as_i64().expect("a time");
    assert!(device["before"].is_null());
    // Cleared together with its cookies it is another device, and the user is told of the one before it.
    let cleared = world.get("/api/v1/me", Some(&aino)).await;
    assert_eq!(cleared.json()["device"]["before"], json!({"last_contact": last_contact, "waiting": 2}));
    // Somebody else on the same browser.
    let berit = world.sign_in(BERIT).await;
    let other = world.get_with_cookie("/api/v1/me", &berit, &format!("hytevihko-device={id}")).await;
    let nothing = json!({"id": id, "last_contact": null, "waiting": null, "counter": null, "before": null});
    assert_eq!(other.json()["device"], nothing);
}

#[tokio::test]
async fn the_device_cookie_is_secure_over_https() {
    let world = World::new().await.reached_at("https://hytevihko.fi");
    let aino = world.sign_in(AINO).await;
    let answer = world.get("/api/v1/me", Some(&aino)).await;
    assert!(answer.headers["set-cookie"].to_str().is_ok_and(|cookie| cookie.ends_with("; Secure")));
}
