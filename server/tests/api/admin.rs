//! The page for whoever operates the server.

use axum::http::Method;

use super::world::*;

const PAGE: &str = "/yllapito";

async fn send_form(world: &World, person: Option<&Person>, path: &str, body: &str) -> Answer {
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
    headers.extend(person.map(|person| ("cookie", person.cookie())));
    world.send(Method::POST, path, &headers, body.as_bytes().to_vec()).await
}

/// What stands between two texts.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after} after {before}")).0
}

#[tokio::test]
async fn an_operator_invites_the_first_coordinator_of_an_area() {
    let world = World::new().await;
    let operator = world.an_operator().await;
    let page = world.get(PAGE, Some(&operator)).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Koordinaattori: Siuntio") && page.body.contains("Avoimia kutsuja ei ole"));
    let made = send_form(&world, Some(&operator), "/yllapito/kutsu", "area=municipality%3A091").await;
    assert_eq!(made.status, 200);
    assert!(made.body.contains("Koordinaattori: Helsinki") && made.body.contains("M0 0h7v1h-7z"));
    let token = between(&made.body, "/app/kutsu#", "<");
    let look = world.post(None, "/api/v1/invitations/look", format!(r#"{{"token":"{token}"}}"#).into_bytes()).await;
    assert_eq!((look.json()["kind"].as_str(), look.json()["area"].as_str()), (Some("coordinator"), Some("Helsinki")));
    // It is in the list until it is taken back, and its link is nowhere any more.
    let page = world.get(PAGE, Some(&operator)).await;
    assert!(!page.body.contains(token));
    let id = between(&page.body, r#"name="id" value=""#, "\"");
    assert_eq!(send_form(&world, Some(&operator), "/yllapito/peru", &format!("id={id}")).await.status, 303);
    let look = world.post(None, "/api/v1/invitations/look", format!(r#"{{"token":"{token}"}}"#).into_bytes()).await;
    assert_eq!(look.code_of(410), "invitation-revoked");
    assert!(world.get(PAGE, Some(&operator)).await.body.contains("Avoimia kutsuja ei ole"));
}

#[tokio::test]
async fn a_form_without_an_area_says_so_beside_the_list() {
    let world = World::new().await;
    let operator = world.an_operator().await;
    for body in ["area=", "area=municipality%3A999", "area=x", ""] {
        let answer = send_form(&world, Some(&operator), "/yllapito/kutsu", body).await;
        assert_eq!(answer.status, 422, "{body}");
        assert!(answer.body.contains(r#"id="area-error""#) && answer.body.contains("Valitse ensin alue"));
    }
    assert_eq!(world.one_number("select count(*) from invitation").await, 0);
    assert_eq!(send_form(&world, Some(&operator), "/yllapito/kutsu", "operator=1").await.status, 200);
    assert_eq!(world.one_number("select count(*) from invitation where kind = 'operator'").await, 1);
}

#[tokio::test]
async fn whoever_signed_in_long_ago_proves_again_who_they_are_before_they_invite() {
    let world = World::new().await;
    let operator = world.an_operator().await;
    let later = world.at("2026-11-21T10:16:00Z").await;
    assert_eq!(later.get(PAGE, Some(&operator)).await.status, 200);
    let answer = send_form(&later, Some(&operator), "/yllapito/kutsu", "operator=1").await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.headers["location"], "/kirjaudu?to=/yllapito&varmista=1");
    assert_eq!(later.one_number("select count(*) from invitation").await, 0);
}

#[tokio::test]
async fn an_operator_takes_no_associations_invitation_back() {
    let world = World::new().await;
    let (operator, rauha) = (world.an_operator().await, world.sign_in(RAUHA).await);
    let body = format!(r#"{{"association":"{CHOIR}","role":"volunteer"}}"#);
    let made = world.post(Some(&rauha), "/api/v1/invitations", body.into_bytes()).await.json();
    let id = made["id"].as_str().expect("an id");
    assert!(!world.get(PAGE, Some(&operator)).await.body.contains(id), "it is the association's own");
    assert_eq!(send_form(&world, Some(&operator), "/yllapito/peru", &format!("id={id}")).await.status, 303);
    assert_eq!(world.one_number("select count(*) from invitation where revoked_at is not null").await, 0);
}

#[tokio::test]
async fn the_page_is_there_in_three_languages_and_for_operators_only() {
    let world = World::new().await;
    let operator = world.an_operator().await;
    for (language, title) in [("fi", "Ylläpito"), ("sv", "Underhåll"), ("en", "Operating this service")] {
        let page = world.get_in(language, PAGE, Some(&operator)).await;
        assert!(page.body.contains(title) && !page.body.contains("<script src"), "{language}");
    }
    assert_eq!(world.get(PAGE, None).await.status, 303);
    for person in [RAUHA, COORDINATOR] {
        let person = world.sign_in(person).await;
        let answer = world.get(PAGE, Some(&person)).await;
        assert_eq!(answer.status, 403);
        assert!(answer.body.contains("Sivu on palvelun ylläpitäjälle."));
        assert_eq!(send_form(&world, Some(&person), "/yllapito/kutsu", "operator=1").await.status, 403);
        assert_eq!(send_form(&world, Some(&person), "/yllapito/peru", "id=x").await.status, 403);
    }
    assert_eq!(world.one_number("select count(*) from invitation").await, 0);
}
