//! Pushes that are refused as a whole: the server stores nothing of them (S4, S10, S13).

use serde_json::{Value, json};
use sync::limits;

use super::world::*;
use crate::support::{club, with};

/// Fails where anything at all was taken.
async fn nothing_was_taken(world: &World) {
    assert_eq!(world.records("gathering").await, Vec::<Value>::new());
    let rauha = world.sign_in(RAUHA).await;
    let there = world.pull(&rauha, SCOUTS).await;
    assert!(there.iter().all(|record| record["kind"] == "association"), "{there:?}");
}

#[tokio::test]
async fn a_push_without_a_sign_in_is_not_taken() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let body = bytes(&push_body(&aino, CHOIR, &[new_gathering(club(14))]));
    assert_eq!(world.post_push(None, &[], body.clone()).await.code_of(401), "not-signed-in");
    let forged = format!("__Host-hytevihko={}", "0".repeat(64));
    for cookie in [forged.as_str(), "__Host-hytevihko=short", "hytevihko=x", "__Host-hytevihko="] {
        let answer = world.post_push(None, &[("cookie", cookie)], body.clone()).await;
        assert_eq!(answer.code_of(401), "not-signed-in", "{cookie}");
    }
    nothing_was_taken(&world).await;
}

#[tokio::test]
async fn whoever_lets_bodies_drip_keeps_nobody_out_not_even_themselves() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let dripping: Vec<_> = (0..200).map(|_| world.begin_push(&aino)).collect();
    // Each has come as far as it will.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let start = std::time::Instant::now();
    assert_eq!(world.push(&aino, &[new_gathering(club(14))]).await[0]["outcome"], "stored");
    assert!(start.elapsed().as_secs() < 4, "{:?}", start.elapsed());
    dripping.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_sign_in_that_has_run_out_is_none() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let half_a_year_on = world.at("2027-05-20T10:01:00Z").await;
    assert_eq!(half_a_year_on.get("/api/v1/me", Some(&aino)).await.code_of(401), "not-signed-in");
    assert_eq!(world.at("2027-05-20T09:59:00Z").await.get("/api/v1/me", Some(&aino)).await.status, 200);
}

/// Signing out without a network: the app can only leave a mark, and the sign-in ends with the next request.
#[tokio::test]
async fn who_has_left_without_a_network_is_signed_out_by_the_next_request() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    // Signing in takes the mark away; some clients keep it without a value.
    assert_eq!(world.get_with_cookie("/api/v1/me", &aino, "__Host-hytevihko-left=").await.status, 200);
    for mark in ["__Host-hytevihko-left=1", "hytevihko-left=1"] {
        let aino = world.sign_in(AINO).await;
        assert_eq!(world.get_with_cookie("/api/v1/me", &aino, mark).await.code_of(401), "not-signed-in");
        assert_eq!(world.get("/api/v1/me", Some(&aino)).await.code_of(401), "not-signed-in");
    }
}

#[tokio::test]
async fn signing_in_takes_the_mark_of_a_sign_out_away() {
    let world = World::empty().await;
    server::demo::fill(&world.server).await.expect("the demo");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = world.send(axum::http::Method::POST, "/kirjaudu/demo", &form, b"who=sihteeri".to_vec()).await;
    let set: Vec<_> = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).collect();
    for (name, secure) in [("__Host-hytevihko-left=; ", true), ("hytevihko-left=; ", false)] {
        let mark = set.iter().find(|cookie| cookie.starts_with(name)).unwrap_or_else(|| panic!("{name} {set:?}"));
        assert!(mark.contains("Max-Age=0") && mark.contains("Secure") == secure, "{mark}");
    }
}

/// Whoever has no sign-in waits for nobody's writing, and keeps nobody from it.
#[tokio::test]
async fn the_mark_of_a_sign_out_without_a_sign_in_does_not_reach_the_writer() {
    let world = World::new().await;
    let writing = world.hold_the_writer().await;
    let forged = format!("__Host-hytevihko={}", "0".repeat(64));
    for sign_in in ["__Host-hytevihko=x", forged.as_str()] {
        for mark in ["__Host-hytevihko-left=1", "hytevihko-left=1"] {
            let cookies = format!("{sign_in}; {mark}");
            let headers = [("cookie", cookies.as_str())];
            let asked = world.send(axum::http::Method::GET, "/api/v1/me", &headers, Vec::new());
            let answer = tokio::time::timeout(std::time::Duration::from_secs(2), asked).await.expect("at once");
            assert_eq!(answer.code_of(401), "not-signed-in");
        }
    }
    drop(writing);
}

/// Tabs share a cookie: the queue of one user is not taken in the name of another (S10).
#[tokio::test]
async fn a_push_in_the_name_of_another_user_or_association_is_not_taken() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let berit = world.sign_in(BERIT).await;
    let change = [new_gathering(club(14))];
    for body in [
        push_body(&berit, CHOIR, &change),
        push_body(&aino, SCOUTS, &change),
        push_body(&aino, domain::AssociationId::from_bytes([7; 16]), &change),
    ] {
        assert_eq!(world.post_push(Some(&aino), &[], bytes(&body)).await.code_of(403), "not-allowed");
    }
    nothing_was_taken(&world).await;
    // The same push is taken in her own name: the change was not spent.
    assert_eq!(world.push(&aino, &change).await[0]["outcome"], "stored");
}

#[tokio::test]
async fn a_page_of_another_site_cannot_push() {
    let world = World::new().await.reached_at("https://hytevihko.fi");
    let aino = world.sign_in(AINO).await;
    let body = bytes(&push_body(&aino, CHOIR, &[new_gathering(club(14))]));
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example"), ("host", "hytevihko.fi")],
        &[("origin", "null"), ("host", "hytevihko.fi")],
        &[("origin", "https://hytevihko.fi.evil.example"), ("host", "hytevihko.fi")],
    ] {
        assert_eq!(world.post_push(Some(&aino), headers, body.clone()).await.code_of(403), "cross-site");
    }
    nothing_was_taken(&world).await;
    let own = [("origin", "https://hytevihko.fi"), ("host", "hytevihko.fi"), ("sec-fetch-site", "same-origin")];
    assert_eq!(world.post_push(Some(&aino), &own, body).await.status, 200);
}

#[tokio::test]
async fn a_page_of_another_site_cannot_sign_in_or_out() {
    let world = World::new().await;
    for path in ["/kirjaudu/demo", "/kirjaudu/ulos"] {
        let headers = [("sec-fetch-site", "cross-site"), ("content-type", "application/x-www-form-urlencoded")];
        let answer = world.send(axum::http::Method::POST, path, &headers, b"who=sihteeri".to_vec()).await;
        assert_eq!(answer.code_of(403), "cross-site");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
}

#[tokio::test]
async fn only_plain_json_is_read() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let body = bytes(&push_body(&aino, CHOIR, &[new_gathering(club(14))]));
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json", ""] {
        let answer = world.post_push(Some(&aino), &[("content-type", content_type)], body.clone()).await;
        assert_eq!(answer.code_of(415), "wrong-media-type", "{content_type}");
    }
    for coding in ["gzip", "br", "identity", ""] {
        let answer = world.post_push(Some(&aino), &[("content-encoding", coding)], body.clone()).await;
        assert_eq!(answer.code_of(415), "wrong-media-type", "{coding}");
    }
    nothing_was_taken(&world).await;
    let with_charset = [("content-type", "Application/JSON; charset=utf-8")];
    assert_eq!(world.post_push(Some(&aino), &with_charset, body).await.status, 200);
}

#[tokio::test]
async fn a_body_torn_anywhere_is_unreadable() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let whole = bytes(&push_body(&aino, CHOIR, &[new_gathering(club(14))]));
    for end in (0..whole.len()).step_by(7) {
        let answer = world.post_push(Some(&aino), &[], whole[..end].to_vec()).await;
        assert_eq!(answer.code_of(400), "unreadable", "torn at {end}");
    }
    for nonsense in [&b"\xff\xfe{}"[..], b"[]", b"null", b"\"hytevihko-push-1\"", b"<html>"] {
        assert_eq!(world.post_push(Some(&aino), &[], nonsense.to_vec()).await.code_of(400), "unreadable");
    }
    nothing_was_taken(&world).await;
}

#[tokio::test]
async fn a_wrong_magic_word_is_unreadable() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    for magic in [json!("hytevihko-push-2"), json!("hytevihko-pull-1"), json!(""), json!(1), Value::Null] {
        let body = with(push_body(&aino, CHOIR, &[new_gathering(club(14))]), json!({"magic": magic}));
        assert_eq!(world.post_push(Some(&aino), &[], bytes(&body)).await.code_of(400), "unreadable");
    }
    nothing_was_taken(&world).await;
}

#[tokio::test]
async fn more_than_256_kilobytes_are_too_many() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let mut body = bytes(&push_body(&aino, CHOIR, &[new_gathering(club(14))]));
    body.resize(limits::PUSH_BYTES_MAX + 1, b' ');
    assert_eq!(world.post_push(Some(&aino), &[], body.clone()).await.code_of(413), "too-large");
    let far_over = vec![b' '; 3 * limits::PUSH_BYTES_MAX];
    assert_eq!(world.post_push(Some(&aino), &[], far_over).await.code_of(413), "too-large");
    nothing_was_taken(&world).await;
    body.pop();
    assert_eq!(world.post_push(Some(&aino), &[], body).await.status, 200, "the limit itself is within");
}

#[tokio::test]
async fn a_note_of_ten_megabytes_is_too_large_as_a_whole() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let noted = with(club(14), json!({"note": "a".repeat(10 << 20)}));
    let body = bytes(&push_body(&aino, CHOIR, &[new_gathering(noted), new_gathering(club(3))]));
    assert_eq!(world.post_push(Some(&aino), &[], body).await.code_of(413), "too-large");
    nothing_was_taken(&world).await;
}

#[tokio::test]
async fn fifty_one_changes_are_too_many_and_fifty_are_not() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let mut changes: Vec<Value> = (0..=limits::CHANGES_PER_PUSH_MAX).map(|n| new_gathering(club(n as u32))).collect();
    let body = push_body(&aino, CHOIR, &changes);
    assert_eq!(world.post_push(Some(&aino), &[], bytes(&body)).await.code_of(413), "too-large");
    nothing_was_taken(&world).await;
    changes.pop();
    let results = world.push(&aino, &changes).await;
    assert!(results.iter().all(|result| result["outcome"] == "stored"));
    assert_eq!(world.records("gathering").await.len(), limits::CHANGES_PER_PUSH_MAX);
}

#[tokio::test]
async fn a_client_that_is_too_old_is_told_to_update() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let body = with(push_body(&aino, CHOIR, &[new_gathering(club(14))]), json!({"schema": 0}));
    assert_eq!(world.post_push(Some(&aino), &[], bytes(&body)).await.code_of(426), "update-first");
    nothing_was_taken(&world).await;
}

#[tokio::test]
async fn a_change_without_its_ids_makes_the_whole_push_unreadable() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    for field in ["change", "record"] {
        for wrong in [None, Some(json!("17")), Some(json!(17)), Some(Value::Null)] {
            let mut bad = crate::support::content(new_gathering(club(14)));
            bad.remove(field);
            bad.extend(wrong.map(|wrong| (field.to_owned(), wrong)));
            let body = push_body(&aino, CHOIR, &[new_gathering(club(14)), bad.into()]);
            assert_eq!(world.post_push(Some(&aino), &[], bytes(&body)).await.code_of(400), "unreadable");
        }
    }
    nothing_was_taken(&world).await;
}

#[tokio::test]
async fn a_push_without_changes_is_answered() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    assert_eq!(world.push(&aino, &[]).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_device_that_says_impossible_numbers_of_itself_is_still_served() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let said = json!({"counter": u64::MAX, "waiting": u32::MAX});
    let body = with(push_body(&aino, CHOIR, &[new_gathering(club(14))]), said);
    assert_eq!(world.post_push(Some(&aino), &[], bytes(&body)).await.status, 200);
}
