//! A volunteer changes what they recorded; what others recorded only where the association has said so.

use serde_json::{Value, json};

use super::world::*;
use crate::support::{club, new_record, with};

/// The choir does not let its volunteers change what others recorded, as any association that has said nothing.
async fn strict() -> World {
    let world = World::new().await;
    world.forbid_changing_others().await;
    world
}

fn refusal(result: &Value) -> (&Value, &Value) {
    (&result["outcome"], &result["code"])
}

#[tokio::test]
async fn a_volunteer_neither_changes_nor_deletes_what_another_recorded() {
    let world = strict().await;
    let (aino, berit, rauha) = (world.sign_in(AINO).await, world.sign_in(BERIT).await, world.sign_in(RAUHA).await);
    let record = new_record();
    world.push(&aino, &[edit_of(record, 0, club(14))]).await;
    let (refused, why) = (json!("refused"), json!("recorded-by-another"));
    let results =
        world.push(&berit, &[edit_of(record, 1, club(15)), deletion_of(record, 1), edit_of(record, 0, club(16))]).await;
    assert!(results.iter().all(|result| refusal(result) == (&refused, &why)), "{results:?}");
    assert!(results.iter().all(|result| result.get("content").is_none()), "and nothing is told of it");
    assert_eq!(world.records("gathering").await[0]["content"]["participants"], 14);
    assert!(world.records("alternative").await.is_empty());
    // Its recorder and the reviewer do.
    assert_eq!(world.push(&aino, &[edit_of(record, 1, club(17))]).await[0]["outcome"], "stored");
    assert_eq!(world.push(&rauha, &[edit_of(record, 2, club(18))]).await[0]["outcome"], "stored");
    // What was deleted by its recorder is not brought back by another.
    assert_eq!(world.push(&aino, &[deletion_of(record, 3)]).await[0]["outcome"], "stored");
    assert_eq!(refusal(&world.push(&berit, &[edit_of(record, 4, club(19))]).await[0]), (&refused, &why));
}

#[tokio::test]
async fn a_second_record_of_the_same_evening_by_another_volunteer_is_taken() {
    let world = strict().await;
    let (aino, berit) = (world.sign_in(AINO).await, world.sign_in(BERIT).await);
    let evening = with(club(14), json!({"series": MONDAYS}));
    world.push(&aino, &[new_gathering(evening.clone())]).await;
    assert_eq!(world.push(&berit, &[new_gathering(evening)]).await[0]["outcome"], "stored");
}

#[tokio::test]
async fn what_a_reviewer_took_up_from_a_file_is_its_makers_again_when_their_phone_comes() {
    let world = strict().await;
    let (aino, berit, rauha) = (world.sign_in(AINO).await, world.sign_in(BERIT).await, world.sign_in(RAUHA).await);
    let record = new_record();
    let filed = with(edit_of(record, 0, club(14)), json!({"filed": true}));
    assert_eq!(world.push(&rauha, std::slice::from_ref(&filed)).await[0]["outcome"], "stored");
    let by = async || world.records("gathering").await[0]["by"].clone();
    assert_eq!(by().await, "Rauha-9Z");
    // Whoever knows the id and not the content, or the content and not the id, gains nothing.
    let guess = with(filed.clone(), json!({"content": club(15)}));
    world.push(&berit, &[guess, with(filed.clone(), json!({"change": new_change()}))]).await;
    assert_eq!(by().await, "Rauha-9Z");
    assert_eq!(world.push(&aino, std::slice::from_ref(&filed)).await[0]["outcome"], "stored");
    assert_eq!(by().await, "Aino-7X");
    assert_eq!(world.push(&aino, &[edit_of(record, 1, club(16))]).await[0]["outcome"], "stored");
    world.push(&rauha, &[filed]).await;
    assert_eq!(by().await, "Aino-7X", "and stays hers");
}

#[tokio::test]
async fn a_group_is_changed_by_any_volunteer_where_volunteers_set_up_groups() {
    let world = strict().await;
    let berit = world.sign_in(BERIT).await;
    let renamed = json!({"change": new_change(), "record": MONDAYS, "kind": "series", "base": 1,
                         "content": {"name": "Maanantairinki"}});
    assert_eq!(world.push(&berit, &[renamed]).await[0]["outcome"], "stored");
}

#[tokio::test]
async fn a_volunteer_changes_what_another_recorded_where_the_association_has_said_so() {
    let world = World::new().await;
    let (aino, berit) = (world.sign_in(AINO).await, world.sign_in(BERIT).await);
    let record = new_record();
    world.push(&aino, &[edit_of(record, 0, club(14))]).await;
    assert_eq!(world.push(&berit, &[edit_of(record, 1, club(15))]).await[0]["outcome"], "stored");
    world.forbid_changing_others().await;
    assert_eq!(world.push(&berit, &[edit_of(record, 2, club(16))]).await[0]["code"], "recorded-by-another");
}
