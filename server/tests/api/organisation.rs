//! Who comes with an account of their organisation. What the provider itself does is in `end2end/specs/organisation-account.spec.mjs`.

use domain::{Area, UserId};
use server::store::Way;

use super::world::*;

async fn a_coordinator(world: &World) -> UserId {
    let siuntio = Area::parse("municipality", "755").expect("an area");
    let now = world.server.clock.now_ms();
    let made = world.server.store.account_signs_in(b"an account", &[siuntio], "Koordinaattori", now).await;
    made.expect("an answer").expect("a person")
}

#[tokio::test]
async fn what_an_organisation_gives_is_there_with_its_own_sign_in_only() {
    let world = World::new().await;
    let user = a_coordinator(&world).await;
    for (way, status) in [(Way::OpenId, 200), (Way::Passkey, 403), (Way::Recovery, 403), (Way::Invitation, 403)] {
        let person = world.sign_in_by(user, way).await;
        assert_eq!(world.get("/kunta", Some(&person)).await.status, status, "{way:?}");
    }
}

#[tokio::test]
async fn who_came_with_an_account_is_told_where_else_they_are_signed_in() {
    let world = World::new().await.with_a_provider();
    let user = a_coordinator(&world).await;
    for (way, leads) in [(Way::OpenId, "/kirjaudu/oidc/ulos"), (Way::Passkey, "/")] {
        let person = world.sign_in_by(user, way).await;
        let headers = [("cookie", person.cookie()), ("content-type", "application/x-www-form-urlencoded")];
        let answer = world.send(axum::http::Method::POST, "/kirjaudu/ulos", &headers, Vec::new()).await;
        assert_eq!(answer.headers["location"], leads, "{way:?}");
    }
}

#[tokio::test]
async fn the_way_is_offered_where_there_is_a_provider() {
    let world = World::new().await;
    let link = "href=\"/kirjaudu/oidc?to=/kunta\"";
    assert!(!world.get("/kirjaudu?to=/kunta", None).await.body.contains("/kirjaudu/oidc"));
    let page = world.with_a_provider().get("/kirjaudu?to=/kunta", None).await.body;
    assert!(page.contains(link) && page.contains("Kunnan tunnukset"), "{page}");
    assert_eq!(world.get("/kirjaudu/oidc", None).await.status, 404);
    assert_eq!(world.get("/kirjaudu/oidc/paluu?code=x&state=y", None).await.status, 404);
}

#[tokio::test]
async fn another_sites_link_begins_no_sign_in() {
    let world = World::new().await.with_a_provider();
    for (site, begins) in [("cross-site", false), ("same-site", false), ("same-origin", true), ("none", true)] {
        let headers = [("sec-fetch-site", site)];
        let path = "/kirjaudu/oidc?to=/kunta&varmista=1";
        let answer = world.send(axum::http::Method::GET, path, &headers, Vec::new()).await;
        // The provider of this test answers nobody, so whoever gets as far is told so.
        assert_eq!(answer.status, if begins { 502 } else { 303 }, "{site}");
        let leads = answer.headers.get("location").map(|to| to.to_str().expect("a path"));
        assert_eq!(leads, (!begins).then_some("/kirjaudu?to=/kunta&varmista=1"), "{site}");
        assert!(!answer.headers.contains_key("set-cookie"), "{site}");
    }
}
