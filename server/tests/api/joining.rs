//! Invitations: who makes them, who takes them up, and what becomes of wrong ones.

use axum::http::Method;
use serde_json::{Value, json};
use server::identity::sign_in;

use super::world::*;
use crate::support::{NOW_MS, club};

const LOOK: &str = "/api/v1/invitations/look";
const ACCEPT: &str = "/api/v1/invitations/accept";

async fn invite(world: &World, by: &Person, role: &str) -> Value {
    let body = json!({"association": CHOIR, "role": role});
    let answer = world.post(Some(by), "/api/v1/invitations", bytes(&body)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

fn token(invitation: &Value) -> String {
    let url = invitation["url"].as_str().expect("an address");
    url.split_once('#').expect("a fragment").1.to_owned()
}

async fn accept(world: &World, by: Option<&Person>, mut named: Value, join_as: &str) -> Answer {
    named["as"] = json!(join_as);
    world.post(by, ACCEPT, bytes(&named)).await
}

/// The `Cookie` header after an answer that signed somebody in.
fn signed_in(answer: &Answer) -> String {
    let cookies = answer.headers.get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
    cookies
        .filter_map(|cookie| cookie.split(';').next())
        .find(|one| one.starts_with("__Host-hytevihko="))
        .expect("signed in")
        .to_owned()
}

async fn me(world: &World, cookie: &str) -> Answer {
    world.send(Method::GET, "/api/v1/me", &[("cookie", cookie)], Vec::new()).await
}

#[tokio::test]
async fn a_volunteer_comes_in_by_link_or_by_code_and_records_at_once() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    for by_code in [false, true] {
        let invitation = invite(&world, &rauha, "volunteer").await;
        assert!(invitation["url"].as_str().is_some_and(|url| url.starts_with("http://127.0.0.1:3000/app/kutsu#")));
        assert!(invitation["qr"]["path"].as_str().is_some_and(|path| path.starts_with("M0 0h7")));
        // However it is typed.
        let typed = invitation["code"].as_str().expect("a code").to_lowercase().replace('-', " ").replace('0', "o");
        let named = if by_code { json!({"code": typed}) } else { json!({"token": token(&invitation)}) };
        for _ in 0..3 {
            // A mail program may open the link as often as it likes.
            let look = world.post(None, LOOK, bytes(&named)).await;
            assert_eq!(look.status, 200, "{}", look.body);
            let said = look.json();
            assert_eq!((&said["kind"], &said["association"]), (&json!("volunteer"), &json!("Kuoro ry")));
            assert_eq!(said["signed_in"], Value::Null);
        }
        let accepted = accept(&world, None, named.clone(), "new").await;
        assert_eq!((accepted.status.as_u16(), accepted.json()["next"].as_str()), (200, Some("/app")));
        let cookie = signed_in(&accepted);
        let me = me(&world, &cookie).await.json();
        assert_eq!(me["associations"][0]["role"], "volunteer");
        let push = json!({"magic": "hytevihko-push-1", "user": me["user"], "association": CHOIR,
            "device": me["device"]["id"], "schema": 1, "epoch": "", "counter": 1, "waiting": 1,
            "changes": [new_gathering(club(14))]});
        let pushed = world
            .send(
                Method::POST,
                "/api/v1/sync/push",
                &[("cookie", &cookie), ("content-type", "application/json")],
                bytes(&push),
            )
            .await;
        assert_eq!(pushed.status, 200, "{}", pushed.body);
        let again = accept(&world, None, named, "new").await;
        assert_eq!(again.code_of(410), "invitation-used");
    }
}

#[tokio::test]
async fn each_wrong_invitation_has_its_own_answer() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let look = async |world: &World, named: &Value| world.post(None, LOOK, bytes(named)).await;
    for wrong in [
        json!({"code": "ABCDEF-GHJKMN"}),
        json!({"code": "kissa"}),
        json!({"token": "AAAAAAAAAAAAAAAAAAAAAA"}),
        json!({}),
    ] {
        assert_eq!(look(&world, &wrong).await.code_of(404), "invitation-unknown", "{wrong}");
        assert_eq!(accept(&world, None, wrong, "new").await.code_of(404), "invitation-unknown");
    }
    let revoked = invite(&world, &rauha, "volunteer").await;
    let body = json!({"association": CHOIR, "id": revoked["id"]});
    let open = world.post(Some(&rauha), "/api/v1/invitations/revoke", bytes(&body)).await;
    assert_eq!(open.json()["open"], json!([]));
    assert_eq!(look(&world, &json!({"token": token(&revoked)})).await.code_of(410), "invitation-revoked");
    assert_eq!(world.post(Some(&rauha), "/api/v1/invitations/revoke", bytes(&body)).await.code_of(404), "not-found");

    let late = json!({"token": token(&invite(&world, &rauha, "volunteer").await)});
    let later = world.at("2026-11-24T10:05:00Z").await;
    let later = later.with_secret_of(&world);
    assert_eq!(look(&later, &late).await.code_of(410), "invitation-expired");
    assert_eq!(accept(&later, None, late.clone(), "new").await.code_of(410), "invitation-expired");
    let in_time = world.at("2026-11-24T09:59:00Z").await.with_secret_of(&world);
    assert_eq!(look(&in_time, &late).await.status, 200);
}

#[tokio::test]
async fn a_flood_of_wrong_codes_keeps_no_right_one_out() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let invitation = invite(&world, &rauha, "volunteer").await;
    let right = json!({"code": invitation["code"]});
    let link = json!({"token": token(&invitation)});
    let from = async |world: &World, address: &str, named: &Value| {
        let headers = [("content-type", "application/json"), ("x-forwarded-for", address)];
        world.send(Method::POST, LOOK, &headers, bytes(named)).await
    };
    let world = world.behind_a_proxy();
    let wrong = json!({"code": "000000-000000"});
    for _ in 0..10 {
        assert_eq!(from(&world, "192.0.2.7", &wrong).await.code_of(404), "invitation-unknown");
    }
    // The flood goes on, as many at once as are let wait; the right one is among them, and behind them.
    let flood = all((0..30).map(|_| from(&world, "192.0.2.7", &wrong)));
    let behind = async {
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        assert_eq!(from(&world, "192.0.2.7", &link).await.status, 200, "a link is nothing to guess");
        from(&world, "192.0.2.7", &right).await
    };
    let (flood, behind) = tokio::join!(flood, behind);
    assert_eq!(behind.status, 200, "a right one from the address itself: {}", behind.body);
    let refused: Vec<_> = flood.iter().filter(|answer| answer.status == 429).collect();
    assert_eq!(refused.len(), 10, "the queue has an end");
    assert_eq!(refused[0].code_of(429), "too-many");
    assert_eq!(refused[0].headers["retry-after"], "5");
    assert_eq!(from(&world, "192.0.2.8", &right).await.status, 200, "from elsewhere it is let in");
    // Thirty people of one hall, all right: none has to wait.
    for _ in 0..30 {
        assert_eq!(from(&world, "192.0.2.9", &right).await.status, 200);
    }
}

#[tokio::test]
async fn a_phone_that_did_not_hear_the_answer_asks_again_and_is_the_same_person() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let mut named = json!({"token": token(&invite(&world, &rauha, "volunteer").await)});
    named["attempt"] = json!("0190f3a0-0000-4000-8000-0000000000aa");
    let first = accept(&world, None, named.clone(), "new").await;
    let again = accept(&world, None, named.clone(), "new").await;
    let user = async |answer: &Answer| me(&world, &signed_in(answer)).await.json()["user"].clone();
    assert_eq!(user(&first).await, user(&again).await);
    named["attempt"] = json!("0190f3a0-0000-4000-8000-0000000000ab");
    assert_eq!(accept(&world, None, named.clone(), "new").await.code_of(410), "invitation-used");
    named["attempt"] = json!("0190f3a0-0000-4000-8000-0000000000aa");
    let later = world.at("2026-11-21T11:05:00Z").await.with_secret_of(&world);
    assert_eq!(accept(&later, None, named, "new").await.code_of(410), "invitation-used", "not for ever");
}

#[tokio::test]
async fn a_members_new_phone_is_the_same_member_and_nobody_who_is_more() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let renew = async |member: &Value| {
        let body = json!({"association": CHOIR, "role": "volunteer", "member": member});
        world.post(Some(&rauha), "/api/v1/invitations", bytes(&body)).await
    };
    let listed = members(&world, &rauha).await;
    let renewable = |name: &str| listed.iter().find(|one| one["nickname"] == name).expect("one")["renewable"] == true;
    assert!(renewable("Aino-7X") && !renewable("Rauha-9Z"));
    assert_eq!(renew(&member(&world, &rauha, "Rauha-9Z").await).await.code_of(404), "not-found");
    let invitation = renew(&member(&world, &rauha, "Aino-7X").await).await.json();
    let named = json!({"token": token(&invitation)});
    assert_eq!(world.post(None, LOOK, bytes(&named)).await.json()["member"], "Aino-7X");
    // Somebody else's browser, asked as whom: it is Aino's invitation.
    let berit = world.sign_in(BERIT).await;
    // Meanwhile Aino has joined the scouts too: the choir's reviewer cannot open that door.
    world.server.store.add_member(SCOUTS, AINO, domain::Role::Volunteer).await.expect("a member");
    assert_eq!(accept(&world, Some(&berit), named.clone(), "me").await.code_of(410), "invitation-revoked");
    assert_eq!(renew(&member(&world, &rauha, "Aino-7X").await).await.code_of(404), "not-found");
    let berits = renew(&member(&world, &rauha, "Berit-8Y").await).await.json();
    let accepted = accept(&world, None, json!({"token": token(&berits)}), "new").await;
    let me = me(&world, &signed_in(&accepted)).await.json();
    assert_eq!((&me["user"], &me["nickname"]), (&json!(BERIT), &json!("Berit-8Y")));
}

#[tokio::test]
async fn of_two_who_accept_one_invitation_at_once_one_comes_in() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let named = json!({"token": token(&invite(&world, &rauha, "volunteer").await)});
    let before = members(&world, &rauha).await.len();
    let (one, two) =
        tokio::join!(accept(&world, None, named.clone(), "new"), accept(&world, None, named.clone(), "new"));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410]);
    assert_eq!(members(&world, &rauha).await.len(), before + 1);
}

#[tokio::test]
async fn who_is_signed_in_chooses_as_whom_to_accept() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let cecilia = world.sign_in(CECILIA).await;
    let named = json!({"token": token(&invite(&world, &rauha, "volunteer").await)});
    let look = world.post(Some(&cecilia), LOOK, bytes(&named)).await.json();
    assert_eq!((&look["signed_in"], &look["is_member"]), (&json!("Cecilia-6W"), &json!(false)));
    let accepted = accept(&world, Some(&cecilia), named, "me").await;
    let me_now = me(&world, &signed_in(&accepted)).await.json();
    assert_eq!(me_now["user"], json!(CECILIA));
    assert_eq!(me_now["associations"].as_array().map(Vec::len), Some(2));
    // Cecilia's sign-in on this browser before is no more.
    assert_eq!(world.get("/api/v1/me", Some(&cecilia)).await.code_of(401), "not-signed-in");

    let named = json!({"token": token(&invite(&world, &rauha, "volunteer").await)});
    let berit = world.sign_in(BERIT).await;
    let accepted = accept(&world, Some(&berit), named, "new").await;
    assert_ne!(me(&world, &signed_in(&accepted)).await.json()["user"], json!(BERIT));
    assert_eq!(world.get("/api/v1/me", Some(&berit)).await.code_of(401), "not-signed-in");
}

#[tokio::test]
async fn a_reviewer_is_invited_by_a_reviewer_who_has_just_proved_who_they_are() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let body = |role: &str| bytes(&json!({"association": CHOIR, "role": role}));
    let path = "/api/v1/invitations";
    assert_eq!(world.post(Some(&aino), path, body("volunteer")).await.code_of(403), "not-allowed");
    let rauha = world.sign_in(RAUHA).await;
    assert_eq!(world.post(Some(&rauha), path, body("treasurer")).await.code_of(400), "unreadable");
    let invitation = invite(&world, &rauha, "reviewer").await;
    let later = world.at("2026-11-21T10:20:00Z").await.with_secret_of(&world);
    assert_eq!(later.post(Some(&rauha), path, body("reviewer")).await.code_of(403), "prove-again");
    assert_eq!(later.post(Some(&rauha), path, body("volunteer")).await.status, 200);
    let accepted = accept(&later, Some(&aino), json!({"token": token(&invitation)}), "me").await;
    assert_eq!(accepted.json()["next"], "/app/yhdistys");
    assert_eq!(me(&later, &signed_in(&accepted)).await.json()["associations"][0]["role"], "reviewer");
}

#[tokio::test]
async fn a_phone_with_a_volunteers_sign_in_does_not_become_a_reviewers_by_somebody_elses_invitation() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    // Rauha, a reviewer, records with a phone that lies on the hall's table.
    let volunteer = json!({"token": token(&invite(&world, &rauha, "volunteer").await)});
    let table = world.sign_in_as_volunteer(RAUHA).await;
    assert_eq!(world.get("/api/v1/me", Some(&table)).await.json()["associations"][0]["role"], "volunteer");
    let accepted = accept(&world, Some(&table), volunteer, "me").await;
    let still = signed_in(&accepted);
    assert_eq!(me(&world, &still).await.json()["associations"][0]["role"], "volunteer");
    let reviewer = json!({"token": token(&invite(&world, &rauha, "reviewer").await)});
    let path = ACCEPT;
    let mut body = reviewer.clone();
    body["as"] = json!("me");
    let headers = [("cookie", still.as_str()), ("content-type", "application/json")];
    assert_eq!(world.send(Method::POST, path, &headers, bytes(&body)).await.code_of(403), "prove-again");
    let members = format!("/api/v1/members?association={CHOIR}");
    assert_eq!(world.send(Method::GET, &members, &headers[..1], Vec::new()).await.code_of(403), "not-allowed");
}

async fn members(world: &World, by: &Person) -> Vec<Value> {
    let answer = world.get(&format!("/api/v1/members?association={CHOIR}"), Some(by)).await;
    answer.json()["members"].as_array().cloned().expect("members")
}

async fn member(world: &World, by: &Person, nickname: &str) -> Value {
    members(world, by).await.into_iter().find(|one| one["nickname"] == nickname).expect("a member")["member"].clone()
}

#[tokio::test]
async fn a_removed_member_loses_everything_at_once() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let aino = world.sign_in(AINO).await;
    world.push(&aino, &[new_gathering(club(14))]).await;
    assert_eq!(world.get("/api/v1/me", Some(&aino)).await.json().get("ended"), None);
    let body = json!({"association": CHOIR, "member": member(&world, &rauha, "Aino-7X").await});
    let left = world.post(Some(&rauha), "/api/v1/members/remove", bytes(&body)).await;
    assert_eq!(left.json()["members"].as_array().map(Vec::len), Some(2));
    let pull = format!("/api/v1/sync/pull?association={CHOIR}");
    assert_eq!(world.get(&pull, Some(&aino)).await.code_of(403), "not-allowed");
    let me = world.get("/api/v1/me", Some(&aino)).await.json();
    assert_eq!(
        (&me["associations"], &me["ended"]),
        (&json!([]), &json!([CHOIR])),
        "their phone is told what to forget"
    );
    assert_eq!(world.get("/api/v1/me", Some(&rauha)).await.json().get("ended"), None);
    let push = |of: &Person, association| bytes(&push_body(of, association, &[new_gathering(club(14))]));
    assert_eq!(world.post_push(Some(&aino), &[], push(&aino, CHOIR)).await.code_of(403), "removed");
    // A stranger, and somebody in their name, are told no more than before.
    assert_eq!(world.post_push(Some(&aino), &[], push(&aino, SCOUTS)).await.code_of(403), "not-allowed");
    let berit = world.sign_in(BERIT).await;
    assert_eq!(world.post_push(Some(&berit), &[], push(&aino, CHOIR)).await.code_of(403), "not-allowed");
    assert_eq!(world.post(Some(&rauha), "/api/v1/members/remove", bytes(&body)).await.code_of(404), "not-found");
    assert_eq!(world.records("gathering").await.len(), 1, "what was recorded stays");
}

#[tokio::test]
async fn an_association_never_loses_its_last_reviewer() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let me = member(&world, &rauha, "Rauha-9Z").await;
    let body = json!({"association": CHOIR, "member": me, "role": "volunteer"});
    assert_eq!(world.post(Some(&rauha), "/api/v1/members/role", bytes(&body)).await.code_of(409), "last-reviewer");
    let body = json!({"association": CHOIR, "member": me});
    assert_eq!(world.post(Some(&rauha), "/api/v1/members/remove", bytes(&body)).await.code_of(409), "last-reviewer");
    let aino = member(&world, &rauha, "Aino-7X").await;
    let body = json!({"association": CHOIR, "member": aino, "role": "reviewer"});
    assert_eq!(world.post(Some(&rauha), "/api/v1/members/role", bytes(&body)).await.code_of(409), "invite-instead");
}

#[tokio::test]
async fn an_association_calls_its_members_what_it_likes_and_nobody_elses() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let aino = member(&world, &rauha, "Aino-7X").await;
    let rename = async |member: &Value, nickname: &str| {
        let body = json!({"association": CHOIR, "member": member, "nickname": nickname});
        world.post(Some(&rauha), "/api/v1/members/rename", bytes(&body)).await
    };
    assert_eq!(rename(&aino, "  Kahvivuoro  ").await.status, 200);
    assert_eq!(member(&world, &rauha, "Kahvivuoro").await, aino);
    for bad in ["", "   ", &"a".repeat(41)] {
        assert_eq!(rename(&aino, bad).await.code_of(400), "unreadable");
    }
    // The same person has another name in another association, so that the two cannot be joined.
    let scouts = world.get(&format!("/api/v1/members?association={SCOUTS}"), Some(&rauha)).await.json();
    let here = member(&world, &rauha, "Rauha-9Z").await;
    assert!(
        scouts["members"].as_array().is_some_and(|all| all.len() == 2 && all.iter().all(|one| one["member"] != here))
    );
    assert!(!scouts.to_string().contains(&RAUHA.to_string()));
    for unknown in [json!(CECILIA), json!("x"), scouts["members"][1]["member"].clone()] {
        assert_eq!(rename(&unknown, "Vieras").await.code_of(404), "not-found");
    }
}

#[tokio::test]
async fn a_cookie_is_changed_for_one_of_two_tabs_and_again_where_the_answer_was_lost() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let spring = world.at("2027-04-01T10:00:00Z").await;
    let headers = std::iter::once((axum::http::header::COOKIE, aino.cookie().parse().expect("a header"))).collect();
    // Two tabs ask at the same moment: each has read the sign-in before the other has changed it.
    let tab = sign_in::session(&spring.server, &headers).await.expect("a look-up").expect("a sign-in");
    assert!(sign_in::rotate(&spring.server, &tab).await.expect("rotated").is_some());
    assert_eq!(sign_in::rotate(&spring.server, &tab).await.expect("an answer"), None);
    let changes = async |moment: &str| {
        let answer = world.at(moment).await.get("/api/v1/me", Some(&aino)).await;
        assert_eq!(answer.status, 200);
        answer.headers.get_all("set-cookie").iter().any(|cookie| cookie.as_bytes().starts_with(b"__Host-hytevihko="))
    };
    assert!(!changes("2027-04-01T10:01:00Z").await, "the answer may be on its way");
    assert!(changes("2027-04-01T10:05:00Z").await, "it was lost");
}

#[tokio::test]
async fn a_sign_in_ends_unused_after_its_class_and_its_cookie_changes() {
    let world = World::new().await;
    let (rauha, aino, coordinator) =
        (world.sign_in(RAUHA).await, world.sign_in(AINO).await, world.sign_in(COORDINATOR).await);
    let is_in = async |moment: &str, person: &Person| {
        let then = world.at(moment).await;
        then.get("/api/v1/me", Some(person)).await.status == 200
    };
    assert!(is_in("2026-11-21T21:59:00Z", &coordinator).await);
    assert!(!is_in("2026-11-22T10:00:00Z", &coordinator).await, "twelve hours after it was used");
    assert!(!is_in("2026-12-21T10:05:00Z", &rauha).await, "thirty days unused");
    let spring = world.at("2027-05-01T10:00:00Z").await;
    let answer = spring.get("/api/v1/me", Some(&aino)).await;
    assert_eq!(answer.status, 200, "a club rests for half a year");
    let rotated = signed_in(&answer);
    assert_ne!(rotated, aino.cookie());
    assert_eq!(me(&spring, &rotated).await.status, 200);
    assert!(world.one_number("select last_used_at from sign_in where class = 'volunteer'").await > NOW_MS);
}

#[tokio::test]
async fn nobody_proves_who_they_are_by_an_invitation_that_they_made_themselves() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let later = world.at("2026-11-21T10:20:00Z").await.with_secret_of(&world);
    let reviewer = bytes(&json!({"association": CHOIR, "role": "reviewer"}));
    assert_eq!(later.post(Some(&rauha), "/api/v1/invitations", reviewer.clone()).await.code_of(403), "prove-again");
    let own = json!({"token": token(&invite(&later, &rauha, "volunteer").await)});
    let cookie = signed_in(&accept(&later, Some(&rauha), own, "me").await);
    let headers = [("cookie", cookie.as_str()), ("content-type", "application/json")];
    let again = later.send(Method::POST, "/api/v1/invitations", &headers, reviewer).await;
    assert_eq!(again.code_of(403), "prove-again");
    assert_eq!(me(&later, &cookie).await.json()["associations"][0]["role"], "reviewer", "and nothing was lost");
}

#[tokio::test]
async fn a_reviewer_who_was_made_a_volunteer_does_not_come_back_by_their_own_invitation() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let other = world.a_reviewer_of(CHOIR).await;
    let own = json!({"token": token(&invite(&world, &rauha, "reviewer").await)});
    let body = json!({"association": CHOIR, "member": member(&world, &other, "Rauha-9Z").await, "role": "volunteer"});
    assert_eq!(world.post(Some(&other), "/api/v1/members/role", bytes(&body)).await.status, 200);
    assert_eq!(accept(&world, Some(&rauha), own, "me").await.code_of(410), "invitation-revoked");
}

#[tokio::test]
async fn whoever_was_removed_is_not_signed_in_elsewhere_by_the_name_that_they_had() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let aino = member(&world, &rauha, "Aino-7X").await;
    let body = json!({"association": CHOIR, "role": "volunteer", "member": aino});
    let renewal = world.post(Some(&rauha), "/api/v1/invitations", bytes(&body)).await.json();
    world.server.store.add_member(SCOUTS, AINO, domain::Role::Volunteer).await.expect("a member");
    let body = json!({"association": CHOIR, "member": aino});
    assert_eq!(world.post(Some(&rauha), "/api/v1/members/remove", bytes(&body)).await.status, 200);
    let named = json!({"token": token(&renewal)});
    assert_eq!(accept(&world, None, named, "new").await.code_of(410), "invitation-revoked");
}

/// The names of the associations that a sign-in belongs to.
async fn belongs_to(world: &World, cookie: &str) -> Vec<String> {
    let me = me(world, cookie).await.json();
    let mut names: Vec<_> = me["associations"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["name"].as_str().expect("a name").to_owned())
        .collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn a_volunteer_of_two_associations_keeps_both_when_one_of_them_invites_them_again() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    world.server.store.add_member(SCOUTS, AINO, domain::Role::Volunteer).await.expect("a member");
    let aino = world.sign_in(AINO).await;
    let both = ["Kuoro ry", "Partio ry"];
    assert_eq!(belongs_to(&world, aino.cookie()).await, both);
    // A new invitation to one of them, on the phone on which they are signed in.
    let named = json!({"token": token(&invite(&world, &rauha, "volunteer").await)});
    let cookie = signed_in(&accept(&world, Some(&aino), named, "me").await);
    assert_eq!(belongs_to(&world, &cookie).await, both);
    // The cookie is changed half a year later, and with the changed one another invitation is accepted.
    let spring = world.at("2027-05-01T10:00:00Z").await.with_secret_of(&world);
    let rotated = signed_in(&me(&spring, &cookie).await);
    assert_ne!(rotated, cookie);
    assert_eq!(belongs_to(&spring, &rotated).await, both);
    let rauha = spring.sign_in(RAUHA).await;
    let named = json!({"token": token(&invite(&spring, &rauha, "volunteer").await)});
    let still = Person::with_cookie(AINO, &rotated);
    let cookie = signed_in(&accept(&spring, Some(&still), named, "me").await);
    assert_eq!(belongs_to(&spring, &cookie).await, both);
    let now = spring.server.store.person(AINO).await.expect("a look-up").expect("a person");
    assert_eq!(now.memberships.len(), 2);
}

/// One association's reviewers have no way into another's: they could accept such an invitation themselves.
#[tokio::test]
async fn no_association_renews_by_itself_whoever_belongs_to_another_too() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let aino = member(&world, &rauha, "Aino-7X").await;
    let body = json!({"association": CHOIR, "role": "volunteer", "member": aino});
    let renewal = world.post(Some(&rauha), "/api/v1/invitations", bytes(&body)).await.json();
    world.server.store.add_member(SCOUTS, AINO, domain::Role::Volunteer).await.expect("a member");
    let again = world.post(Some(&rauha), "/api/v1/invitations", bytes(&body)).await;
    assert_eq!(again.code_of(404), "not-found");
    let named = json!({"token": token(&renewal)});
    assert_eq!(accept(&world, None, named, "new").await.code_of(410), "invitation-revoked");
    let person = world.server.store.person(AINO).await.expect("a look-up").expect("a person");
    assert_eq!(person.memberships.len(), 2, "and nothing was lost");
}
