//! What is released is never revised, so a release that looks wrong waits until the operator has confirmed it.

use domain::Quarter;
use serde_json::json;
use server::{
    reports::releases::{Hold, Pending, confirm, pending, release_due},
    store::Fact,
};

use super::world::*;
use crate::support::{club, with};

/// After the release days of two quarters; the tests' day is in the first of them.
const MAY: &str = "2027-05-01T10:00:00Z";

fn quarters(of: &[(i16, u8)]) -> Vec<Quarter> {
    of.iter().map(|(year, number)| Quarter::new(*year, *number).expect("a quarter")).collect()
}

async fn released(world: &World) -> i64 {
    // As the clock's hour and a coordinator's page do it.
    release_due(&world.server).await.expect("no error");
    let coordinator = world.sign_in(COORDINATOR).await;
    assert_eq!(world.get("/kunta", Some(&coordinator)).await.status, 200, "the page says nothing of it");
    world.one_number("select count(*) from release").await
}

async fn waiting(world: &World) -> Pending {
    pending(&*world.server.store, &world.server.clock).await.expect("a look-up")
}

async fn confirmed(world: &World) -> Pending {
    confirm(&*world.server.store, &world.server.clock).await.expect("confirmed")
}

/// A municipality with a sensitive gathering.
async fn recorded() -> World {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    world.push(&aino, &[new_gathering(with(club(9), json!({"form": "vertaistuki"})))]).await;
    world
}

#[tokio::test]
async fn two_quarters_at_once_wait_until_they_are_confirmed() {
    let world = recorded().await;
    let ahead = world.at(MAY).await;
    assert_eq!(released(&ahead).await, 0, "a clock that is months ahead freezes nothing");
    let both = quarters(&[(2026, 4), (2027, 1)]);
    assert_eq!(waiting(&ahead).await, Pending { due: both.clone(), held: vec![Hold::Several] });
    // Right again, it was nothing.
    let right = world.at("2027-01-14T10:00:00Z").await;
    assert_eq!((released(&right).await, waiting(&right).await.due), (0, Vec::new()));

    let months_later = world.at(MAY).await;
    assert_eq!(confirmed(&months_later).await, Pending { due: both, held: Vec::new() });
    assert_eq!(released(&months_later).await, 2);
    // Only what the operator saw was confirmed.
    assert_eq!(released(&world.at("2027-12-01T10:00:00Z").await).await, 2);
}

#[tokio::test]
async fn a_quarter_waits_where_the_clock_went_back() {
    let world = recorded().await;
    let ahead = world.at("2027-03-01T10:00:00Z").await;
    let aino = ahead.sign_in(AINO).await;
    ahead.push(&aino, &[new_gathering(club(9))]).await;
    let back = world.at("2027-01-20T10:00:00Z").await;
    assert_eq!(released(&back).await, 0);
    assert_eq!(waiting(&back).await.held, [Hold::ClockBehind]);
    confirmed(&back).await;
    assert_eq!(released(&back).await, 1);
}

#[tokio::test]
async fn a_clock_that_nobody_set_decides_nothing() {
    let world = World::empty().await;
    let unset = world.at("1970-01-01T00:01:00Z").await;
    release_due(&unset.server).await.expect("no error");
    assert_eq!(confirmed(&unset).await.held, [Hold::ClockUnset], "nor can that be confirmed");
    // The first release is of the quarter that is next by a clock that was set.
    assert_eq!(waiting(&world.at("2027-01-15T10:00:00Z").await).await.due, []);
    assert_eq!(waiting(&world.at("2027-04-15T10:00:00Z").await).await.due, quarters(&[(2027, 1)]));
}

#[tokio::test]
async fn releases_are_held_after_a_restore_until_they_are_confirmed() {
    let world = recorded().await;
    world.server.store.set_fact(Fact::ReleasesHeld, "1").await.expect("written");
    let january = world.at("2027-01-20T10:00:00Z").await;
    assert_eq!(released(&january).await, 0);
    assert_eq!(waiting(&january).await.held, [Hold::Restored]);
    confirmed(&january).await;
    assert_eq!(released(&january).await, 1);
    // From then on by themselves.
    assert_eq!(released(&world.at("2027-04-20T10:00:00Z").await).await, 2);
}

#[tokio::test]
async fn a_demos_releases_wait_for_nobody() {
    let world = recorded().await;
    for (fact, value) in [(Fact::Demo, "1"), (Fact::ReleasesHeld, "1")] {
        world.server.store.set_fact(fact, value).await.expect("written");
    }
    assert_eq!(released(&world.at(MAY).await).await, 2);
}
