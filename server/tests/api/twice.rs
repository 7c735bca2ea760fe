//! A change has its effect once, however often and late it arrives, and its receipt proves what it is for (S4, S5).

use serde_json::{Value, json};
use sync::{canonical::body_hash, content_hash};

use super::world::*;
use crate::support::{club, content, new_record, with};

/// The results of a push, to the byte.
async fn raw_results(world: &World, person: &Person, changes: &[Value]) -> String {
    let answer = world.post_push(Some(person), &[], bytes(&push_body(person, CHOIR, changes))).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body.split_once("\"results\":").expect("results").1.to_owned()
}

#[tokio::test]
async fn a_push_sent_twice_has_the_same_results_to_the_byte_and_one_revision() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    let disputed = new_record();
    world.push(&aino, &[edit_of(disputed, 0, with(club(14), json!({"note": "Kahvit."})))]).await;
    world.push(&rauha, &[edit_of(disputed, 1, club(12))]).await;
    let changes = [
        new_gathering(with(
            club(14),
            json!({"note": "  Tuolit   loppuivat ä😀 \u{7}", "zeta": 1, "alpha": [null, 1.0]}),
        )),
        new_gathering(club(100_001)),
        edit_of(disputed, 1, club(15)),
        deletion_of(new_record(), 3),
        edit_of(disputed, 1, with(club(14), json!({"place": "Seurala"}))),
    ];
    let first = raw_results(&world, &aino, &changes).await;
    let outcomes: Vec<_> = first.matches("\"outcome\":\"").collect();
    assert_eq!(outcomes.len(), 5);
    for outcome in ["stored", "refused", "clash", "merged"] {
        assert!(first.contains(&format!("\"outcome\":\"{outcome}\"")), "{outcome}: {first}");
    }
    let held = world.records("gathering").await;
    let alternatives = world.records("alternative").await;
    for _ in 0..3 {
        assert_eq!(raw_results(&world, &aino, &changes).await, first);
    }
    assert_eq!(world.records("gathering").await, held);
    assert_eq!(world.records("alternative").await, alternatives);
    assert_eq!(alternatives.len(), 1);
}

#[tokio::test]
async fn whoever_only_names_a_change_is_told_nothing_of_what_is_stored() {
    let world = World::new().await;
    let (aino, berit) = (world.sign_in(AINO).await, world.sign_in(BERIT).await);
    let sent = new_gathering(with(club(14), json!({"note": "  Tuolit loppuivat. "})));
    let told = world.push(&aino, std::slice::from_ref(&sent)).await;
    assert_eq!(told[0]["content"]["note"], "Tuolit loppuivat.", "what was stored is not what was sent");
    let series = json!({"name": "Kerho", "form": "kerho", "municipality": "755"});
    for guess in [
        with(sent.clone(), json!({"kind": "series", "content": series})),
        with(sent.clone(), json!({"kind": "series"})),
        with(sent.clone(), json!({"content": club(14)})),
        with(sent.clone(), json!({"record": new_record()})),
        with(sent.clone(), json!({"kind": "picnic"})),
    ] {
        let result = &world.push(&berit, std::slice::from_ref(&guess)).await[0];
        assert_eq!((result.get("content"), result.get("hash"), result.get("seal")), (None, None, None), "{guess}");
    }
    assert_eq!(world.push(&aino, &[sent]).await, told);
}

#[tokio::test]
async fn a_repeat_is_known_in_other_company_and_after_a_restart_of_the_server() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let change = new_gathering(club(14));
    let first = world.push(&aino, std::slice::from_ref(&change)).await;
    let again = world.push(&aino, &[new_gathering(club(1)), change.clone(), change.clone()]).await;
    assert_eq!([&again[1], &again[2]], [&first[0], &first[0]]);
    let restarted = world.at("2026-11-29T10:00:00Z").await;
    assert_eq!(restarted.push(&aino, &[change]).await, first);
    assert_eq!(world.records("gathering").await.len(), 2);
}

#[tokio::test]
async fn a_change_that_arrives_after_a_newer_one_has_no_further_effect() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let id = new_record();
    let (first, second) = (edit_of(id, 0, club(14)), edit_of(id, 1, club(15)));
    let receipt = world.push(&aino, std::slice::from_ref(&first)).await;
    world.push(&aino, &[second]).await;
    assert_eq!(world.push(&aino, &[first]).await, receipt);
    let held = world.records("gathering").await;
    assert_eq!((held[0]["rev"].as_u64(), held[0]["content"]["participants"].as_u64()), (Some(2), Some(15)));
}

/// The same draft saved again after a save that seemed to fail: the same record with another change.
#[tokio::test]
async fn the_same_record_made_twice_is_one_gathering() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let id = new_record();
    let results = world.push(&aino, &[edit_of(id, 0, club(14)), edit_of(id, 0, club(14))]).await;
    assert_eq!([&results[0]["outcome"], &results[1]["outcome"]], ["stored", "merged"]);
    assert_eq!([&results[0]["rev"], &results[1]["rev"]], [1, 1]);
    assert_eq!(world.records("alternative").await.len(), 0);
}

#[tokio::test]
async fn a_receipt_names_the_hash_of_the_content_as_sent() {
    let world = World::new().await;
    let (aino, berit) = (world.sign_in(AINO).await, world.sign_in(BERIT).await);
    let id = new_record();
    // Sent with white space, a cleared field, a default and a field from the future: stored in another form.
    let as_sent = with(club(14), json!({"note": " Kahvit juotiin\n ", "place": null, "basis": "counted", "x": 1.50}));
    let results = world.push(&aino, &[edit_of(id, 0, as_sent.clone())]).await;
    let result = &results[0];
    assert_eq!(result["sent_hash"], content_hash(&content(as_sent)));
    assert_ne!(result["sent_hash"], result["hash"]);
    assert_eq!(result["hash"], content_hash(&content(result["content"].clone())));
    assert_eq!(result["content"]["note"], "Kahvit juotiin");
    // Sent in the stored form already: nothing to tell, and both hashes are one.
    let plain = club(3);
    let result = &world.push(&aino, &[new_gathering(plain.clone())]).await[0];
    assert_eq!(
        [&result["sent_hash"], &result["hash"]],
        [&content_hash(&content(plain)), &content_hash(&content(club(3)))]
    );
    assert!(result.get("content").is_none());
    // A merge, a clash, a refusal, a deletion and a wait too.
    let unknown = with(club(1), json!({"series": new_record()}));
    let changes = [
        edit_of(id, 0, with(club(14), json!({"place": "Seurala"}))),
        edit_of(id, 0, club(90)),
        new_gathering(club(100_001)),
        new_gathering(unknown),
        deletion_of(id, 9),
    ];
    let results = world.push(&berit, &changes).await;
    for (change, result) in changes.iter().zip(&results) {
        let hash = body_hash(change["content"].as_object());
        assert_eq!(result["sent_hash"], hash, "{result}");
        assert_eq!([&result["change"], &result["record"]], [&change["change"], &change["record"]]);
    }
}
