//! An association's log, for its reviewers: codes and nicknames, and nothing of others.

use domain::{AssociationId, UserId};
use serde_json::{Value, json};
use server::store::{Act, AuditEntry};

use super::world::*;

async fn log(world: &World, reviewer: &Person, before: Option<u64>) -> Vec<Value> {
    let before = before.map(|before| format!("&before={before}")).unwrap_or_default();
    let answer = world.get(&format!("/api/v1/audit?association={CHOIR}{before}"), Some(reviewer)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["entries"].as_array().cloned().expect("entries")
}

async fn write(world: &World, association: AssociationId, act: Act, by: Option<UserId>, whom: Option<UserId>) {
    let entry = world.server.entry(by, act, whom.map(UserId::uuid));
    world.server.store.audit(AuditEntry { association: Some(association), ..entry }).await.expect("written");
}

#[tokio::test]
async fn the_log_says_who_did_what_to_whom_as_the_association_knows_them_today() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let member = |name: &str| json!({"is": "member", "nickname": name});
    write(&world, CHOIR, Act::Renamed, Some(RAUHA), Some(AINO)).await;
    // Of the municipality, who is no member.
    write(&world, CHOIR, Act::InvitationRevoked, Some(COORDINATOR), None).await;
    // Somebody who is known to nobody any more.
    write(&world, CHOIR, Act::Joined, Some(UserId::from_bytes([0x77; 16])), None).await;
    write(&world, CHOIR, Act::HandedInExpired, None, None).await;
    let now = world.server.entry(Some(RAUHA), Act::MemberRemoved, Some(BERIT.uuid()));
    let entry = AuditEntry { association: Some(CHOIR), ..now };
    assert!(world.server.store.end_membership(CHOIR, BERIT, entry).await.expect("removed"));
    let entries = log(&world, &rauha, None).await;
    let told: Vec<Value> = entries.iter().map(|one| json!([one["act"], one["by"], one["whom"]])).collect();
    let me = json!({"is": "me", "nickname": "Rauha-9Z"});
    let service = json!({"is": "service"});
    assert_eq!(
        told,
        [
            json!(["member-removed", me, {"is": "former", "nickname": "Berit-8Y"}]),
            json!(["handed-in-expired", service, null]),
            json!(["joined", {"is": "former"}, null]),
            json!(["invitation-revoked", service, null]),
            json!(["renamed", me, member("Aino-7X")]),
        ]
    );
    // Thirty days later the association has forgotten the name.
    let later = world.later("2026-12-22T10:00:00Z");
    let cutoffs = server::retention::cutoffs(later.server.clock.now_ms());
    later.server.store.forget(cutoffs).await.expect("forgotten");
    assert_eq!(log(&later, &later.sign_in(RAUHA).await, None).await[0]["whom"], json!({"is": "former"}));
    let second = later.a_reviewer_of(CHOIR).await;
    assert_eq!(log(&later, &second, None).await[0]["by"], member("Rauha-9Z"));
}

#[tokio::test]
async fn the_log_has_no_id_and_does_not_tell_how_much_happens_elsewhere() {
    let world = World::new().await;
    let reviewer = world.a_reviewer_of(CHOIR).await;
    for _ in 0..7 {
        write(&world, SCOUTS, Act::Renamed, Some(RAUHA), Some(CECILIA)).await;
        write(&world, SCOUTS, Act::Joined, Some(CECILIA), None).await;
    }
    write(&world, CHOIR, Act::Renamed, Some(RAUHA), Some(AINO)).await;
    // A person of the scouts alone, by mistake in the choir's log.
    write(&world, CHOIR, Act::MemberRemoved, Some(CECILIA), Some(CECILIA)).await;
    let answer = world.get(&format!("/api/v1/audit?association={CHOIR}"), Some(&reviewer)).await;
    let numbers: Vec<u64> =
        log(&world, &reviewer, None).await.iter().filter_map(|one| one["number"].as_u64()).collect();
    assert_eq!(numbers, [2, 1], "counted from the association's own first entry");
    assert!(!answer.body.contains("Cecilia-6W") && !answer.body.contains("Partio"), "{}", answer.body);
    for id in [CHOIR.uuid(), SCOUTS.uuid(), RAUHA.uuid(), AINO.uuid(), CECILIA.uuid()] {
        assert!(!answer.body.contains(&id.to_string()) && !answer.body.contains(&id.simple().to_string()));
    }
    let is_id = |text: &str| uuid::Uuid::parse_str(text).is_ok();
    assert!(!answer.body.split('"').any(is_id), "{}", answer.body);
}

#[tokio::test]
async fn a_long_log_is_read_in_parts_without_a_gap() {
    let world = World::new().await;
    let reviewer = world.a_reviewer_of(CHOIR).await;
    for _ in 0..120 {
        write(&world, CHOIR, Act::Invited, Some(RAUHA), None).await;
    }
    let mut numbers = Vec::new();
    let mut before = None;
    loop {
        let part = log(&world, &reviewer, before).await;
        let Some(last) = part.last() else { break };
        before = last["number"].as_u64();
        numbers.extend(part.iter().filter_map(|one| one["number"].as_u64()));
        // What is written meanwhile moves nothing.
        write(&world, CHOIR, Act::Invited, Some(RAUHA), None).await;
    }
    assert_eq!(numbers, (1..=120).rev().collect::<Vec<_>>());
    for before in ["0", "18446744073709551615"] {
        let path = format!("/api/v1/audit?association={CHOIR}&before={before}");
        assert_eq!(world.get(&path, Some(&reviewer)).await.status, 200);
    }
    let path = format!("/api/v1/audit?association={CHOIR}&before=-1");
    assert_eq!(world.get(&path, Some(&reviewer)).await.code_of(400), "unreadable");
}
