//! What cannot be read back is an error that says so, and never a figure with a hole (protection rule 6 is about hidden values,
//! not about lost ones).

use serde_json::json;
use server::reports::releases::release_due;

use super::world::*;
use crate::support::{club, new_record, with};

/// After the fourth quarter's release day.
const JANUARY: &str = "2027-01-20T10:00:00Z";

/// A municipality with an ordinary and a sensitive gathering.
async fn recorded() -> World {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let peers = with(club(9), json!({"form": "vertaistuki"}));
    world.push(&aino, &[new_gathering(club(14)), new_gathering(peers)]).await;
    world
}

async fn csv_of(world: &World) -> Answer {
    let coordinator = world.sign_in(COORDINATOR).await;
    world.get("/kunta/csv?vuosi=2026", Some(&coordinator)).await
}

async fn releases_of(world: &World) -> i64 {
    world.one_number("select count(*) from release").await
}

#[tokio::test]
async fn sums_with_an_unreadable_row_are_not_shown_without_it() {
    for damage in [
        "update tally set form = 'tulevaisuus'",
        "update association set no_activity = '[\"heinäkuu\"]'",
        "update association set home = '000'",
    ] {
        let world = recorded().await;
        assert_eq!(csv_of(&world).await.status, 200);
        world.damage(damage).await;
        assert_eq!(csv_of(&world).await.code_of(503), "damaged", "{damage}");
        let coordinator = world.sign_in(COORDINATOR).await;
        let page = world.get_in("en", "/kunta", Some(&coordinator)).await;
        assert_eq!(page.status, 503, "{damage}");
        assert!(page.body.contains("cannot be read"), "{damage}: the page says so");
    }
}

#[tokio::test]
async fn a_release_is_not_frozen_with_a_hole() {
    for (damage, mend) in [
        ("update sensitive_gathering set form = 'tulevaisuus'", "update sensitive_gathering set form = 'vertaistuki'"),
        ("update sensitive_gathering set municipality = '000'", "update sensitive_gathering set municipality = '755'"),
        ("update sensitive_gathering set visits = -1", "update sensitive_gathering set visits = 9"),
        ("update tally set form = 'tulevaisuus'", "update tally set form = 'kerho'"),
        ("update tally set municipality = '000'", "update tally set municipality = '755'"),
    ] {
        let world = recorded().await;
        world.damage(damage).await;
        let later = world.at(JANUARY).await;
        let error = release_due(&later.server).await.expect_err(damage);
        assert!(error.to_string().starts_with("damaged: "), "{error}");
        assert_eq!(releases_of(&later).await, 0, "{damage}");
        world.damage(mend).await;
        release_due(&later.server).await.expect("mended");
        assert_eq!(releases_of(&later).await, 1, "{mend}");
        let waiting = "select count(*) from sensitive_gathering where released_in is null";
        assert_eq!(later.one_number(waiting).await, 0, "it is counted after all");
    }
}

#[tokio::test]
async fn a_release_that_cannot_be_read_back_is_not_shown_as_none() {
    let world = recorded().await;
    let later = world.at(JANUARY).await;
    release_due(&later.server).await.expect("released");
    assert_eq!(csv_of(&later).await.status, 200);
    later.damage("update release set quarter = 99999999").await;
    assert_eq!(csv_of(&later).await.code_of(503), "damaged");
}

#[tokio::test]
async fn a_gathering_that_cannot_be_read_waits_and_holds_up_no_other() {
    let world = World::new().await;
    let (aino, cecilia) = (world.sign_in(AINO).await, world.sign_in(CECILIA).await);
    let (bad, good) = (new_record(), new_record());
    world.push(&aino, &[edit_of(bad, 0, with(club(14), json!({"form": "retki"}))), edit_of(good, 0, club(5))]).await;
    world.damage("update record set content = replace(content, 'retki', 'tulevaisuus') where kind = 'gathering'").await;
    // In one batch: what touches it is not decided, and everything else is taken (S6).
    let edit = |id, count: u32| edit_of(id, 1, json!({"participants": count}));
    let body = bytes(&push_body(&aino, CHOIR, &[edit(bad, 15), edit(good, 6), new_gathering(club(7))]));
    let answer = world.post_push(Some(&aino), &[], body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let results: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    let told = |at: usize| (results["results"][at]["outcome"].clone(), results["results"][at]["code"].clone());
    assert_eq!(told(0), (json!("again-later"), json!("damaged")));
    assert_eq!([told(1).0, told(2).0], [json!("stored"), json!("stored")]);
    world.push_to(SCOUTS, &cecilia, &[new_gathering(club(3))]).await;
    // A pull cannot leave a row out without a word.
    world.damage("update record set kind = 'tulevaisuus' where kind = 'gathering'").await;
    let path = format!("/api/v1/sync/pull?association={CHOIR}");
    assert_eq!(world.get(&path, Some(&aino)).await.code_of(503), "damaged");
}
