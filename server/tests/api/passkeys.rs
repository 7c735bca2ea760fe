//! Passkeys: made, used, copied, removed.

use axum::http::HeaderMap;
use domain::permission::people::Class;
use serde_json::{Value, json};
use server::{
    identity::sign_in,
    store::{Act, Way},
};

use super::{authenticator::*, world::*};

/// Rauha, signed in, with a passkey of hers.
async fn with_key(world: &World) -> (Person, Authenticator) {
    let rauha = world.sign_in(RAUHA).await;
    let key = Authenticator::new(RAUHA, "phone");
    let added = key.register(world, &rauha, "Puhelin").await;
    assert_eq!(added.status, 200, "{}", added.body);
    (rauha, key)
}

fn max_age(answer: &Answer) -> Option<i64> {
    let cookie = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .find_map(|cookie| cookie.to_str().ok().filter(|cookie| cookie.starts_with("__Host-hytevihko=")));
    cookie?.split("Max-Age=").nth(1)?.parse().ok()
}

const DAY: i64 = 24 * 60 * 60;

#[tokio::test]
async fn a_passkey_signs_its_person_in_on_another_browser_without_anything_typed() {
    let world = World::new().await;
    let (_, mut key) = with_key(&world).await;
    let answer = key.sign_in(&world, None, json!({})).await;
    assert_eq!((answer.status.as_u16(), answer.json()["to"].as_str()), (200, Some("/app/yhdistys")));
    assert_eq!(max_age(&answer), Some(7 * DAY), "a computer that others use too");
    let there = Person::of(RAUHA, &answer);
    assert_eq!(world.get("/api/v1/me", Some(&there)).await.json()["nickname"], "Rauha-9Z");
    let own = key.sign_in(&world, None, json!({"own_device": true, "to": "/app/vuosi"})).await;
    assert_eq!((max_age(&own), own.json()["to"].as_str()), (Some(365 * DAY), Some("/app/vuosi")));
    let elsewhere = key.sign_in(&world, None, json!({"to": "//evil.example"})).await;
    assert_eq!(elsewhere.json()["to"], "/app/yhdistys");
}

#[tokio::test]
async fn the_browser_is_asked_for_a_key_that_it_finds_by_itself_and_whose_user_is_verified() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let begun = world.post(Some(&rauha), "/api/v1/passkey/register/begin", b"{}".to_vec()).await.json();
    let selection = &begun["options"]["authenticatorSelection"];
    assert_eq!((&selection["residentKey"], &selection["userVerification"]), (&json!("required"), &json!("required")));
    assert_eq!(begun["options"]["rp"]["id"], "localhost");
    assert_eq!(begun["options"]["user"]["name"], "Rauha-9Z (Kuoro ry)");
    let asked = world.post(None, "/api/v1/passkey/begin", b"{}".to_vec()).await.json();
    assert_eq!(
        (&asked["options"]["userVerification"], &asked["options"]["allowCredentials"]),
        (&json!("required"), &json!([]))
    );
    // A key of the same device is not made twice.
    with_key(&world).await;
    let again = world.post(Some(&rauha), "/api/v1/passkey/register/begin", b"{}".to_vec()).await.json();
    assert_eq!(again["options"]["excludeCredentials"][0]["id"], base64(b"phone"));
    let second = Authenticator::new(RAUHA, "phone").register(&world, &rauha, "").await;
    assert_eq!(second.code_of(403), "passkey-failed");
}

#[tokio::test]
async fn a_ceremony_is_finished_once_and_by_whoever_began_it() {
    let world = World::new().await;
    let (rauha, mut key) = with_key(&world).await;
    let begun = world.post(None, "/api/v1/passkey/begin", b"{}".to_vec()).await.json();
    let body = bytes(&json!({"ceremony": begun["ceremony"], "credential": key.get(&begun)}));
    assert_eq!(world.post(None, "/api/v1/passkey/finish", body.clone()).await.status, 200);
    assert_eq!(world.post(None, "/api/v1/passkey/finish", body).await.code_of(410), "passkey-expired");
    // What one sign-in has begun is not finished by another, nor as something else.
    let aino = world.sign_in(AINO).await;
    let begun = world.post(Some(&rauha), "/api/v1/passkey/register/begin", b"{}".to_vec()).await.json();
    let stick = Authenticator::new(RAUHA, "stick");
    let body = bytes(&json!({"ceremony": begun["ceremony"], "name": "", "credential": stick.create(&begun)}));
    let stolen = world.post(Some(&aino), "/api/v1/passkey/register/finish", body).await;
    assert_eq!(stolen.code_of(410), "passkey-expired");
    let begun = world.post(None, "/api/v1/passkey/begin", b"{}".to_vec()).await.json();
    let body = bytes(&json!({"ceremony": begun["ceremony"], "name": "", "credential": stick.create(&begun)}));
    let mixed = world.post(Some(&rauha), "/api/v1/passkey/register/finish", body).await;
    assert_eq!(mixed.code_of(410), "passkey-expired");
    for body in [json!({}), json!({"ceremony": begun["ceremony"], "credential": {"id": 1}})] {
        let answer = world.post(None, "/api/v1/passkey/finish", bytes(&body)).await;
        assert!(matches!(answer.status.as_u16(), 400 | 410), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_key_whose_counter_goes_back_is_marked_and_never_taken_again() {
    let world = World::new().await;
    let (rauha, mut key) = with_key(&world).await;
    let mut copy = key.clone();
    for _ in 0..2 {
        assert_eq!(key.sign_in(&world, None, json!({})).await.status, 200);
    }
    let refused = copy.sign_in(&world, None, json!({})).await;
    assert_eq!(refused.code_of(403), "passkey-copied");
    assert_eq!(max_age(&refused), None);
    // Which of the two is the copy, nobody knows.
    assert_eq!(key.sign_in(&world, None, json!({})).await.code_of(403), "passkey-copied");
    let page = world.get_in("fi", "/oma", Some(&rauha)).await;
    assert!(page.body.contains("Tästä avaimesta voi olla kopio"), "{}", page.body);
    assert!(acts(&world).await.contains(&Act::PasskeyCopied));
}

#[tokio::test]
async fn a_key_that_does_not_count_is_taken_each_time() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let mut key = Authenticator { counter: None, ..Authenticator::new(RAUHA, "synchronised") };
    assert_eq!(key.register(&world, &rauha, "").await.status, 200);
    for _ in 0..3 {
        assert_eq!(key.sign_in(&world, None, json!({})).await.status, 200);
    }
}

#[tokio::test]
async fn a_key_of_another_address_is_told_so() {
    let world = World::new().await;
    let (rauha, mut key) = with_key(&world).await;
    key.origin = "https://hytevihko.evil.example";
    assert_eq!(key.sign_in(&world, None, json!({})).await.code_of(403), "passkey-other-origin");
    let elsewhere = Authenticator { origin: key.origin, ..Authenticator::new(RAUHA, "elsewhere") };
    assert_eq!(elsewhere.register(&world, &rauha, "").await.code_of(403), "passkey-other-origin");
    // Where the operator has said the address, its scheme and port count too.
    let moved = world.reached_at("https://hytevihko.fi");
    key.origin = "https://hytevihko.fi:8443";
    assert_eq!(key.sign_in(&moved, None, json!({})).await.code_of(403), "passkey-other-origin");
    // A number has no keys.
    let number = world.reached_at("http://127.0.0.1:3000");
    let answer = number.post(None, "/api/v1/passkey/begin", b"{}".to_vec()).await;
    assert_eq!(answer.code_of(409), "passkey-no-domain");
}

#[tokio::test]
async fn a_key_that_is_not_known_or_not_its_users_signs_nobody_in() {
    let world = World::new().await;
    let (_, mut key) = with_key(&world).await;
    let mut stranger = Authenticator::new(RAUHA, "stranger");
    assert_eq!(stranger.sign_in(&world, None, json!({})).await.code_of(403), "passkey-unknown");
    key.verifies = false;
    assert_eq!(key.sign_in(&world, None, json!({})).await.code_of(403), "passkey-failed");
    key.verifies = true;
    key.user = AINO;
    assert_eq!(key.sign_in(&world, None, json!({})).await.code_of(403), "passkey-failed");
    key.user = RAUHA;
    // A counter that was signed otherwise, and anything else that was.
    let begun = world.post(None, "/api/v1/passkey/begin", b"{}".to_vec()).await.json();
    let mut credential = key.get(&begun);
    let other = world.post(None, "/api/v1/passkey/begin", b"{}".to_vec()).await.json();
    credential["response"]["signature"] = key.get(&other)["response"]["signature"].clone();
    let body = bytes(&json!({"ceremony": begun["ceremony"], "credential": credential}));
    assert_eq!(world.post(None, "/api/v1/passkey/finish", body).await.code_of(403), "passkey-failed");
    assert_eq!(key.sign_in(&world, None, json!({})).await.status, 200, "and the key is as good as before");
}

#[tokio::test]
async fn a_key_is_made_and_removed_soon_after_a_proof_only() {
    let world = World::new().await;
    let (rauha, mut key) = with_key(&world).await;
    let later = world.later("2026-11-21T10:16:00Z");
    let stick = Authenticator::new(RAUHA, "stick");
    assert_eq!(stick.register(&later, &rauha, "").await.code_of(403), "prove-again");
    let page = later.get("/oma", Some(&rauha)).await;
    assert!(page.body.contains("/kirjaudu?to=/oma&amp;varmista=1"), "{}", page.body);
    let removing = later.form(Some(&rauha), "/oma/avain/poista", &format!("id={}", key_id(&later).await)).await;
    assert_eq!(removing.headers["location"], "/kirjaudu?to=/oma&varmista=1");
    // Somebody else's key proves nothing, and leaves whoever is signed in as they were.
    let aino = world.sign_in(AINO).await;
    let mut ainos = Authenticator::new(AINO, "aino");
    assert_eq!(ainos.register(&world, &aino, "").await.status, 200);
    let again = json!({"again": true, "to": "/oma"});
    let other = ainos.sign_in(&later, Some(&rauha), again.clone()).await;
    assert_eq!((other.code_of(403).as_str(), max_age(&other)), ("passkey-other-person", None));
    assert_eq!(ainos.sign_in(&later, None, again.clone()).await.code_of(401), "not-signed-in");
    // Her own does, in the same sign-in.
    let proved = key.sign_in(&later, Some(&rauha), again).await;
    assert_eq!((proved.json()["to"].as_str(), max_age(&proved)), (Some("/oma"), None));
    assert_eq!(stick.register(&later, &rauha, "").await.status, 200);
}

/// The id of Rauha's first key.
async fn key_id(world: &World) -> String {
    world.server.store.passkeys(RAUHA).await.expect("keys")[0].id.to_string()
}

/// A volunteer's phone lies on the table in the hall.
#[tokio::test]
async fn a_volunteers_sign_in_is_no_key_to_what_else_its_owner_is() {
    let world = World::new().await;
    let (_, mut key) = with_key(&world).await;
    let prepared = sign_in::prepare(&world.server, &HeaderMap::new(), RAUHA, Way::Invitation, Class::Volunteer);
    world.server.store.add_sign_in(&prepared.token_hash, prepared.sign_in, None, None).await.expect("added");
    let phone = Person::with_cookie(RAUHA, &prepared.cookies[0]);
    assert_eq!(Authenticator::new(RAUHA, "thief").register(&world, &phone, "").await.code_of(403), "prove-again");
    let answer = world.form(Some(&phone), "/oma/varakoodit", "").await;
    assert_eq!(answer.headers["location"], "/kirjaudu?to=/oma&varmista=1");
    // With her passkey she is a reviewer there, by a sign-in that takes the other one's place.
    let proved = key.sign_in(&world, Some(&phone), json!({"again": true})).await;
    assert_eq!(max_age(&proved), Some(7 * DAY));
    assert_eq!(world.get("/api/v1/me", Some(&phone)).await.code_of(401), "not-signed-in");
    let reviewer = Person::of(RAUHA, &proved);
    assert_eq!(world.get("/api/v1/me", Some(&reviewer)).await.json()["associations"][0]["role"], "reviewer");
}

#[tokio::test]
async fn a_clock_that_is_a_day_off_does_not_matter() {
    let world = World::new().await;
    let (_, mut key) = with_key(&world).await;
    for moment in ["2026-11-20T10:00:00Z", "2026-11-22T10:00:00Z"] {
        assert_eq!(key.sign_in(&world.at(moment).await, None, json!({})).await.status, 200, "{moment}");
    }
}

#[tokio::test]
async fn the_last_way_in_is_not_removed_and_a_removed_key_is_not_known() {
    let world = World::new().await;
    let (rauha, mut key) = with_key(&world).await;
    let id = format!("id={}", key_id(&world).await);
    let kept = world.form(Some(&rauha), "/oma/avain/poista", &id).await;
    assert_eq!(kept.headers["location"], "/oma?tehty=viimeinen");
    let mut stick = Authenticator::new(RAUHA, "stick");
    assert_eq!(stick.register(&world, &rauha, "Tikku <b>").await.status, 200);
    // Of a key of hers nobody else can say anything.
    let aino = world.sign_in(AINO).await;
    let foreign = world.form(Some(&aino), "/oma/avain/poista", &id).await;
    let missing = world.form(Some(&aino), "/oma/avain/poista", &format!("id={}", uuid::Uuid::nil())).await;
    assert_eq!(foreign.headers["location"], missing.headers["location"]);
    let removed = world.form(Some(&rauha), "/oma/avain/poista", &id).await;
    assert_eq!(removed.headers["location"], "/oma?tehty=poistettu");
    assert_eq!(key.sign_in(&world, None, json!({})).await.code_of(403), "passkey-unknown");
    assert_eq!(stick.sign_in(&world, None, json!({})).await.status, 200);
    let renamed = format!("id={}&nimi=+Avain%0A2+", key_id(&world).await);
    world.form(Some(&aino), "/oma/avain", &renamed).await;
    assert!(world.get("/oma", Some(&rauha)).await.body.contains("Tikku &lt;b&gt;"));
    world.form(Some(&rauha), "/oma/avain", &renamed).await;
    assert!(world.get("/oma", Some(&rauha)).await.body.contains("Avain 2"));
    let acts = acts(&world).await;
    assert!(acts.contains(&Act::PasskeyAdded) && acts.contains(&Act::PasskeyRemoved) && acts.contains(&Act::SignedIn));
}

#[tokio::test]
async fn nobody_has_more_than_ten_keys() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    for n in 0..10 {
        assert_eq!(Authenticator::new(RAUHA, &format!("key {n}")).register(&world, &rauha, "").await.status, 200);
    }
    assert_eq!(Authenticator::new(RAUHA, "eleven").register(&world, &rauha, "").await.code_of(409), "passkey-too-many");
}

/// What Rauha has done, by the log.
async fn acts(world: &World) -> Vec<Act> {
    let rows = world.server.store.audit_rows(0, 100).await.expect("the log");
    rows.into_iter().filter(|row| row.actor == Some(RAUHA)).map(|row| row.act).collect()
}

#[tokio::test]
async fn a_password_manager_may_send_more_than_is_read() {
    let world = World::new().await;
    let (_, mut key) = with_key(&world).await;
    let begun = world.post(None, "/api/v1/passkey/begin", b"{}".to_vec()).await.json();
    let mut credential = key.get(&begun);
    credential["authenticatorAttachment"] = json!("platform");
    credential["clientExtensionResults"] = json!({"credProps": {"rk": true}});
    let body: Value = json!({"ceremony": begun["ceremony"], "credential": credential, "new": 1});
    assert_eq!(world.post(None, "/api/v1/passkey/finish", bytes(&body)).await.status, 200);
}
