//! A coordinator sees protected counts, and can reach no gathering, recorder or note.

use std::collections::BTreeSet;

use ::demo::{PlannedReview, plan};
use domain::AssociationId;
use server::demo::{self, DemoPerson};

use super::world::*;
use crate::support::{TODAY, club};

#[tokio::test]
async fn a_coordinator_can_neither_pull_nor_push() {
    let world = World::new().await;
    let coordinator = world.sign_in(COORDINATOR).await;
    let aino = world.sign_in(AINO).await;
    world.push(&aino, &[new_gathering(club(14))]).await;
    for association in [CHOIR, SCOUTS, AssociationId::from_bytes([9; 16])] {
        let path = format!("/api/v1/sync/pull?association={association}");
        assert_eq!(world.get(&path, Some(&coordinator)).await.code_of(403), "not-allowed");
        for body in [
            push_body(&coordinator, association, &[]),
            push_body(&coordinator, association, &[new_gathering(club(14))]),
            push_body(&aino, association, &[new_gathering(club(14))]),
        ] {
            assert_eq!(world.post_push(Some(&coordinator), &[], bytes(&body)).await.code_of(403), "not-allowed");
        }
    }
    assert_eq!(world.records("gathering").await.len(), 1);
}

/// Every body that the demo's coordinator can get is searched for everything that is not theirs to see.
#[tokio::test]
async fn no_answer_to_a_coordinator_holds_a_gathering_a_recorder_or_a_note() {
    let world = World::empty().await;
    demo::fill(&world.server).await.expect("the demo");
    let coordinator = world.sign_in(DemoPerson::Coordinator.user()).await;

    let mut secrets: BTreeSet<String> =
        ["Vapaaehtoinen 1", "Vapaaehtoinen 2", "Vapaaehtoinen 3", "Sihteeri"].map(str::to_owned).into();
    let (mut gatherings, mut notes) = (0, BTreeSet::new());
    for association in plan(TODAY) {
        let path = format!("/api/v1/sync/pull?association={}", association.id);
        assert_eq!(world.get(&path, Some(&coordinator)).await.code_of(403), "not-allowed");
        for gathering in &association.gatherings {
            gatherings += 1;
            secrets.insert(gathering.id.to_string());
            secrets.insert(gathering.id.uuid().simple().to_string());
            notes.extend(gathering.content.get("note").and_then(|note| note.as_str()).map(str::to_owned));
            if let Some(PlannedReview::Returned { comment }) = gathering.review {
                notes.insert(comment.to_owned());
            }
        }
    }
    assert!(gatherings > 1_000 && notes.len() > 20, "the demo has something to hide");
    secrets.extend(notes);

    let mut seen = 0;
    for language in ["fi", "sv", "en"] {
        for path in [
            "/",
            "/kunta",
            "/kunta?vuosi=2026",
            "/kunta?vuosi=2025",
            "/kunta?vuosi=2024",
            "/kunta/csv",
            "/kunta/csv?vuosi=2025",
            "/kunta/csv?vuosi=2024",
            "/api/v1/me",
            "/api/v1/openapi.json",
            "/app",
            "/app/yhdistys",
        ] {
            let answer = world.get_in(language, path, Some(&coordinator)).await;
            assert_eq!(answer.status, 200, "{path}");
            seen += answer.body.len();
            let told = secrets.iter().find(|secret| answer.body.contains(secret.as_str()));
            assert_eq!(told, None, "in {path} ({language})");
            let headers = format!("{:?}", answer.headers);
            assert!(secrets.iter().all(|secret| !headers.contains(secret.as_str())), "in the headers of {path}");
        }
    }
    assert!(seen > 100_000, "the pages were read");
}

#[tokio::test]
async fn only_a_coordinator_sees_the_municipality() {
    let world = World::new().await;
    for user in [AINO, RAUHA] {
        let person = world.sign_in(user).await;
        assert_eq!(world.get("/kunta", Some(&person)).await.status, 403);
        assert_eq!(world.get("/kunta/csv", Some(&person)).await.code_of(403), "not-allowed");
    }
    let nobody = world.get("/kunta", None).await;
    assert_eq!((nobody.status.as_u16(), nobody.headers["location"].to_str().ok()), (303, Some("/kirjaudu?to=/kunta")));
    assert_eq!(world.get("/kunta/csv", None).await.code_of(401), "not-signed-in");
    let coordinator = world.sign_in(COORDINATOR).await;
    assert_eq!(world.get("/kunta", Some(&coordinator)).await.status, 200);
    assert_eq!(world.get("/kunta?vuosi=viime", Some(&coordinator)).await.status, 400);
    assert_eq!(world.get("/kunta/csv?vuosi=viime", Some(&coordinator)).await.code_of(400), "unreadable");
    for year in [i16::MIN, -1, 1999, 2000, 2027, i16::MAX] {
        assert_eq!(world.get(&format!("/kunta?vuosi={year}"), Some(&coordinator)).await.status, 200, "{year}");
    }
}

/// What belongs to one user is in no cache that another could be served from.
#[tokio::test]
async fn figures_and_sync_answers_are_not_kept() {
    let world = World::new().await;
    let coordinator = world.sign_in(COORDINATOR).await;
    for path in ["/kunta", "/kunta/csv", "/api/v1/me"] {
        let answer = world.get(path, Some(&coordinator)).await;
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff", "{path}");
        assert!(
            answer.headers["content-security-policy"]
                .to_str()
                .is_ok_and(|policy| policy.contains("default-src 'none'"))
        );
    }
}
