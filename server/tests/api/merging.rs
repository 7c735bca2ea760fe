//! Two people edit one gathering: nothing is overwritten without trace (S11).

use serde_json::json;
use sync::content_hash;

use super::world::*;
use crate::support::{club, content, new_record, with};

#[tokio::test]
async fn edits_of_different_groups_both_stand() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    let id = new_record();
    let first = with(club(14), json!({"place": "Seurala", "series": MONDAYS}));
    world.push(&aino, &[edit_of(id, 0, first.clone())]).await;
    world.push(&rauha, &[edit_of(id, 1, with(first.clone(), json!({"participants": 12})))]).await;
    let mine = with(first.clone(), json!({"place": "Nuorisotalo", "note": "Kahvit juotiin."}));
    let result = &world.push(&aino, &[edit_of(id, 1, mine)]).await[0];
    let both = with(first, json!({"participants": 12, "place": "Nuorisotalo", "note": "Kahvit juotiin."}));
    assert_eq!((&result["outcome"], &result["rev"], &result["content"]), (&json!("merged"), &json!(3), &both));
    assert_eq!(result["hash"], content_hash(&content(both.clone())));
    let held = world.records("gathering").await;
    assert_eq!((held.len(), &held[0]["content"], &held[0]["rev"]), (1, &both, &json!(3)));
    assert_eq!(world.records("alternative").await.len(), 0);
}

#[tokio::test]
async fn a_clash_in_one_group_keeps_the_servers_value_and_the_other_as_an_alternative() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    let id = new_record();
    world.push(&aino, &[edit_of(id, 0, club(14))]).await;
    world.push(&rauha, &[edit_of(id, 1, club(12))]).await;
    // The place is another group, and stands.
    let mine = with(club(15), json!({"place": "Seurala"}));
    let late = edit_of(id, 1, mine.clone());
    let result = &world.push(&aino, std::slice::from_ref(&late)).await[0];
    assert_eq!((&result["outcome"], &result["fields"]), (&json!("clash"), &json!(["participants"])));
    let stands = with(club(12), json!({"place": "Seurala"}));
    assert_eq!(result["content"], stands);
    let held = world.records("gathering").await;
    assert_eq!((&held[0]["content"], &held[0]["rev"]), (&stands, &json!(3)));
    let alternatives = world.records("alternative").await;
    assert_eq!(alternatives.len(), 1);
    let kept = &alternatives[0]["content"];
    assert_eq!((&kept["record"], &kept["fields"], &kept["content"]), (&json!(id), &json!(["participants"]), &mine));
    assert_eq!(alternatives[0]["id"], late["change"]);
    // A volunteer is never asked to merge anything.
    let pulled = world.pull(&aino, CHOIR).await;
    assert!(pulled.iter().all(|record| record["kind"] != "alternative"));
    // A later edit by the author of the alternative settles it.
    world.push(&aino, &[edit_of(id, 3, with(stands, json!({"participants": 13})))]).await;
    assert_eq!(world.records("alternative").await[0]["content"]["settled"], "by its author");
}

/// Each side is valid by itself, and together they are not: more first-timers than participants.
#[tokio::test]
async fn a_merge_that_would_not_be_valid_is_a_clash() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    let id = new_record();
    world.push(&aino, &[edit_of(id, 0, club(14))]).await;
    let cancelled = json!({"form": "kerho", "date": "2026-11-16", "municipality": "755", "status": "cancelled",
                           "participants": null, "volunteers": null, "volunteer_quarter_hours": null});
    world.push(&rauha, &[edit_of(id, 1, cancelled)]).await;
    let staffed = with(club(14), json!({"staff": 2}));
    let result = &world.push(&aino, &[edit_of(id, 1, staffed.clone())]).await[0];
    assert_eq!(result["outcome"], "clash");
    let held = world.records("gathering").await;
    assert_eq!((&held[0]["content"]["status"], &held[0]["rev"]), (&json!("cancelled"), &json!(2)));
    assert_eq!(world.records("alternative").await[0]["content"]["content"], staffed);
}

#[tokio::test]
async fn a_deletion_against_an_edit_keeps_the_record_and_asks() {
    let world = World::new().await;
    let (aino, berit) = (world.sign_in(AINO).await, world.sign_in(BERIT).await);
    let id = new_record();
    world.push(&aino, &[edit_of(id, 0, club(14))]).await;
    world.push(&aino, &[edit_of(id, 1, club(15))]).await;
    let result = &world.push(&berit, &[deletion_of(id, 1)]).await[0];
    assert_eq!((&result["outcome"], &result["content"]), (&json!("clash"), &club(15)));
    let held = world.records("gathering").await;
    assert_eq!((&held[0]["content"], held[0].get("deleted")), (&club(15), None));
    let asked = world.records("alternative").await;
    assert_eq!((asked.len(), &asked[0]["content"]["deletion"]), (1, &json!(true)));
}

#[tokio::test]
async fn an_edit_against_a_deletion_keeps_the_record_and_asks() {
    let world = World::new().await;
    let (aino, berit) = (world.sign_in(AINO).await, world.sign_in(BERIT).await);
    let id = new_record();
    world.push(&aino, &[edit_of(id, 0, club(14))]).await;
    let gone = &world.push(&aino, &[deletion_of(id, 1)]).await[0];
    assert_eq!((&gone["outcome"], &gone["rev"]), (&json!("stored"), &json!(2)));
    assert_eq!(world.records("gathering").await[0]["deleted"], true);
    let result = &world.push(&berit, &[edit_of(id, 1, club(15))]).await[0];
    assert_eq!((&result["outcome"], &result["rev"]), (&json!("clash"), &json!(3)));
    assert_eq!(world.records("gathering").await[0]["content"], club(15));
    assert_eq!(world.records("alternative").await[0]["content"]["deletion"], true);
}

/// One moves the gathering to another series, the other counts again: nothing to ask.
#[tokio::test]
async fn a_gathering_moved_to_another_series_still_merges() {
    let world = World::new().await;
    let (aino, rauha) = (world.sign_in(AINO).await, world.sign_in(RAUHA).await);
    let (id, tuesdays) = (new_record(), new_record());
    let set_up = json!({"change": new_change(), "record": tuesdays, "kind": "series", "base": 0,
                        "content": {"name": "Tiistaikerho", "form": "kerho", "municipality": "755"}});
    let first = with(club(14), json!({"series": MONDAYS}));
    world.push(&rauha, &[set_up, edit_of(id, 0, first.clone())]).await;
    world.push(&rauha, &[edit_of(id, 1, with(first.clone(), json!({"series": tuesdays})))]).await;
    let result = &world.push(&aino, &[edit_of(id, 1, with(first, json!({"participants": 15})))]).await[0];
    assert_eq!(result["outcome"], "merged", "{result}");
    let held = world.records("gathering").await;
    assert_eq!(held[0]["content"], with(club(15), json!({"series": tuesdays})));
}

/// An absent field says nothing: a client that sends only what changed is understood too.
#[tokio::test]
async fn an_edit_of_some_fields_keeps_the_others() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let id = new_record();
    let first = with(club(14), json!({"series": MONDAYS, "note": "Kahvit.", "place": "Seurala"}));
    world.push(&aino, &[edit_of(id, 0, first.clone())]).await;
    let result = &world.push(&aino, &[edit_of(id, 1, json!({"participants": 15, "place": null}))]).await[0];
    assert_eq!((&result["outcome"], &result["rev"]), (&json!("stored"), &json!(2)), "{result}");
    let expected = with(club(15), json!({"series": MONDAYS, "note": "Kahvit."}));
    assert_eq!(world.records("gathering").await[0]["content"], expected);
    // From the older revision, while another field moved on.
    let result = &world.push(&aino, &[edit_of(id, 1, json!({"free": true}))]).await[0];
    assert_eq!(result["outcome"], "merged", "{result}");
    assert_eq!(world.records("gathering").await[0]["content"], with(expected, json!({"free": true})));
}

/// A receipt tells a volunteer no more than a pull would (the association's notes are not for every volunteer).
#[tokio::test]
async fn a_receipt_gives_a_volunteer_no_note_of_another() {
    let world = World::new().await;
    let (aino, berit, rauha) = (world.sign_in(AINO).await, world.sign_in(BERIT).await, world.sign_in(RAUHA).await);
    const NOTE: &str = "Sovittiin seuraavan kerran aiheesta.";
    let id = new_record();
    world.push(&aino, &[edit_of(id, 0, with(club(14), json!({"note": NOTE})))]).await;
    let changes = [
        edit_of(id, 1, club(15)),
        edit_of(id, 1, with(club(14), json!({"free": true}))),
        edit_of(id, 1, club(90)),
        deletion_of(id, 1),
    ];
    for _ in 0..2 {
        let results = world.push(&berit, &changes).await;
        let outcomes: Vec<_> = results.iter().map(|result| result["outcome"].clone()).collect();
        assert_eq!(outcomes, ["stored", "merged", "clash", "clash"]);
        assert!(!json!(results).to_string().contains(NOTE), "{results:?}");
    }
    // It is still there for its author and for the reviewer.
    for person in [&aino, &rauha] {
        let held = world.pull(person, CHOIR).await;
        assert!(held.iter().any(|record| record["content"]["note"] == NOTE));
    }
}
