//! Signing out is done when our own server says so, in words that nothing between it and the phone would use.

use axum::http::Method;
use sync::protocol::{HEADER, sign_out::SignOutReply};

use super::world::{AINO, World};

#[tokio::test]
async fn a_phone_is_told_in_our_own_words_that_its_sign_in_has_ended() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let headers = [("cookie", aino.cookie()), (HEADER, "1"), ("content-type", "application/json")];
    let answer = world.send(Method::POST, "/kirjaudu/ulos", &headers, b"{}".to_vec()).await;
    assert!(SignOutReply::is_done(answer.status.as_u16(), &answer.body), "{} {}", answer.status, answer.body);
    let cookie = answer.headers.get("set-cookie").and_then(|value| value.to_str().ok()).expect("a cookie");
    assert!(cookie.contains("Max-Age=0"), "{cookie}");
    assert_eq!(world.get("/api/v1/me", Some(&aino)).await.code_of(401), "not-signed-in");
    // Once more, as by a second tap: nobody is signed in.
    let again = world.send(Method::POST, "/kirjaudu/ulos", &headers, b"{}".to_vec()).await;
    assert!(SignOutReply::is_done(again.status.as_u16(), &again.body));
}

#[tokio::test]
async fn a_form_is_led_to_the_front_page_when_its_sign_in_has_ended() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let headers = [("cookie", aino.cookie()), ("content-type", "application/x-www-form-urlencoded")];
    let answer = world.send(Method::POST, "/kirjaudu/ulos", &headers, Vec::new()).await;
    assert_eq!((answer.status.as_u16(), answer.headers["location"].to_str().ok()), (303, Some("/")));
    assert_eq!(world.get("/api/v1/me", Some(&aino)).await.code_of(401), "not-signed-in");
}
