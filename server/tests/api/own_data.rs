//! What a person sees of what is kept about them, downloads, and has deleted.

use std::path::Path;

use axum::http::Method;
use domain::Role;
use server::{
    deletions,
    retention::{self, IDLE_DAYS_MAX},
    store::Way,
};

use super::world::*;
use crate::support::{club, with};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

async fn post(world: &World, person: &Person, path: &str, body: &str) -> Answer {
    world.send(Method::POST, path, &[("cookie", person.cookie()), FORM], body.as_bytes().to_vec()).await
}

/// The choir, where Aino has recorded something.
async fn recorded() -> (World, Person) {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let evening = with(club(14), serde_json::json!({"note": "ainon-muistiinpano"}));
    assert_eq!(world.push(&aino, &[new_gathering(evening)]).await[0]["outcome"], "stored");
    let rauha = world.sign_in(RAUHA).await;
    let other = with(club(9), serde_json::json!({"note": "rauhan-muistiinpano", "date": "2026-11-17"}));
    assert_eq!(world.push(&rauha, &[new_gathering(other)]).await[0]["outcome"], "stored");
    (world, aino)
}

#[tokio::test]
async fn a_person_sees_and_downloads_what_is_kept_about_them_and_nothing_of_others() {
    let (world, aino) = recorded().await;
    let page = world.get("/oma/tiedot", Some(&aino)).await;
    assert_eq!(page.status, 200);
    for said in ["Kuoro ry", "Aino-7X", "2026", "Kertoja: 1", "21.11.2026", "kirjautuminen", "POISTA"] {
        assert!(page.body.contains(said), "{said} in {}", page.body);
    }
    assert_eq!(page.headers["cache-control"], "no-store");
    let swedish = world.get_in("sv", "/oma/tiedot", Some(&aino)).await;
    assert!(swedish.body.contains("Träffar: 1") && swedish.body.contains("RADERA"));

    let file = post(&world, &aino, "/oma/tiedot.json", "").await;
    assert_eq!(file.status, 200);
    assert!(file.headers["content-disposition"].to_str().is_ok_and(|value| value.starts_with("attachment")));
    let told = file.json();
    assert_eq!(told["records"].as_array().map(Vec::len), Some(1));
    assert_eq!(told["records"][0]["content"]["note"], "ainon-muistiinpano");
    assert_eq!(told["memberships"][0]["nickname"], "Aino-7X");
    assert_eq!((&told["counts"][0]["year"], &told["counts"][0]["count"]), (&2026.into(), &1.into()));
    assert_eq!(told["sign_ins"].as_array().map(Vec::len), Some(1));
    for other in ["rauhan-muistiinpano", "Rauha-9Z", &RAUHA.to_string()] {
        assert!(!file.body.contains(other) && !page.body.contains(other), "{other}");
    }
    let given = "select count(*) from audit where act = 'data-downloaded' and actor = subject";
    assert_eq!(world.one_number(given).await, 1);
}

#[tokio::test]
async fn a_sign_in_that_has_run_out_is_marked_and_nobody_is_said_to_be_signed_in_by_it() {
    let world = World::new().await;
    let rauha = world.sign_in_by(RAUHA, Way::Passkey).await;
    world.sign_in_on_a_shared_computer(RAUHA).await;
    let listed = async |world: &World| {
        let own = world.get_in("fi", "/oma", Some(&rauha)).await.body;
        let data = world.get_in("fi", "/oma/tiedot", Some(&rauha)).await.body;
        let file = post(world, &rauha, "/oma/tiedot.json", "").await.json();
        let sign_ins = file["sign_ins"].as_array().cloned().expect("sign-ins");
        let run_out = sign_ins.iter().filter(|one| one["has_run_out"] == true).count();
        let on_page = own.matches("action=\"/oma/kirjautuminen\"").count();
        (on_page, data.matches("vanhentunut").count(), sign_ins.len(), run_out)
    };
    assert_eq!(listed(&world).await, (2, 0, 2, 0));
    assert_eq!(listed(&world.later("2026-11-22T10:00:01Z")).await, (1, 1, 2, 1));
}

#[tokio::test]
async fn a_volunteer_types_a_word_and_is_gone_and_what_they_recorded_is_nobodys() {
    let (world, aino) = recorded().await;
    for wrong in ["", "sana=", "sana=KYLLÄ", "muu=POISTA"] {
        let refused = post(&world, &aino, "/oma/poista", wrong).await;
        assert_eq!(refused.status, 422, "{wrong}");
        assert!(refused.body.contains("Mitään ei poistettu"));
    }
    assert_eq!(world.get("/api/v1/me", Some(&aino)).await.status, 200);
    let done = post(&world, &aino, "/oma/poista", "sana=poista+").await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert!(done.body.contains("Tietosi on poistettu"));
    let cookie = done.headers["set-cookie"].to_str().expect("text");
    assert!(cookie.starts_with("__Host-hytevihko=;") && cookie.contains("Max-Age=0"), "{cookie}");
    assert_eq!(world.get("/api/v1/me", Some(&aino)).await.status, 401);
    assert_eq!(post(&world, &aino, "/oma/poista", "sana=POISTA").await.status, 303);

    let left = world.records("gathering").await;
    assert_eq!(left.len(), 2, "the association's records stay");
    let hers = left.iter().find(|record| record["content"]["note"] == "ainon-muistiinpano").expect("hers");
    assert!(hers.get("by").is_none_or(serde_json::Value::is_null), "{hers}");
    assert!(hers["seq"].as_u64() > left.iter().find(|other| *other != hers).and_then(|other| other["seq"].as_u64()));
}

#[tokio::test]
async fn the_last_reviewer_names_another_first_and_proves_who_they_are() {
    let (world, _) = recorded().await;
    let rauha = world.sign_in(RAUHA).await;
    let page = world.get("/oma/tiedot", Some(&rauha)).await;
    assert!(page.body.contains("ei ole muuta sihteeriä") && !page.body.contains("/oma/poista"));
    let refused = post(&world, &rauha, "/oma/poista", "sana=POISTA").await;
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("Kutsu ensin toinen sihteeri"));
    for association in [CHOIR, SCOUTS] {
        world.a_reviewer_of(association).await;
    }

    // As a volunteer of the hall's phone, and after the proof has grown old.
    let in_the_hall = world.sign_in_as_volunteer(RAUHA).await;
    let page = world.get("/oma/tiedot", Some(&in_the_hall)).await;
    assert!(page.body.contains("vain osa tiedoistasi"));
    let later = world.at("2026-11-21T10:20:00Z").await;
    for (world, person) in [(&world, &in_the_hall), (&later, &rauha)] {
        let answer = post(world, person, "/oma/poista", "sana=POISTA").await;
        assert_eq!(answer.status, 303);
        assert_eq!(answer.headers["location"], "/kirjaudu?to=/oma/tiedot&varmista=1");
    }
    assert_eq!(post(&world, &in_the_hall, "/oma/tiedot.json", "").await.status, 303);
    assert_eq!(post(&world, &rauha, "/oma/poista", "sana=POISTA").await.status, 200);
    assert_eq!(world.get("/api/v1/me", Some(&in_the_hall)).await.status, 401);
}

#[tokio::test]
async fn a_deletion_is_in_the_data_folders_list_before_it_is_answered_or_does_not_happen() {
    let (world, _) = recorded().await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = world.server.clone();
    server.data = folder.path().join("missing").as_path().into();
    assert!(retention::delete(&server, AINO, Some(AINO)).await.is_err());
    assert!(server.store.person(AINO).await.expect("a look-up").is_some());
    server.data = Path::new(folder.path()).into();
    assert_eq!(
        retention::delete(&server, AINO, Some(AINO)).await.expect("an answer"),
        server::store::Deletion::Deleted
    );
    let list = deletions::read(folder.path()).expect("a list");
    assert_eq!(list.into_iter().collect::<Vec<_>>(), [deletions::hash(AINO)]);
}

#[tokio::test]
async fn an_account_that_nobody_used_for_a_year_goes_and_a_demo_forgets_nobody() {
    let (world, _) = recorded().await;
    let day = async |moment: &str, demo| {
        let mut server = world.at(moment).await.server;
        server.demo = demo;
        retention::look(&server).await.expect("looked")
    };
    assert_eq!(day("2026-11-21T09:59:00Z", true).await, None);
    assert_eq!(day("2026-11-21T09:59:00Z", false).await, None, "the first time only the moment is noted");
    assert_eq!(day("2026-11-21T20:00:00Z", false).await, None, "once a day");
    let looked = day("2026-11-22T11:00:00Z", false).await.expect("a day later");
    assert_eq!(looked.accounts, 0);
    assert_eq!(world.one_number("select count(*) from idle where days = 0").await, 2, "Aino's and Rauha's");

    // A clock that jumps by years takes nobody.
    assert_eq!(day("2029-11-21T10:00:00Z", false).await, None);
    assert_eq!(day("2026-11-23T10:00:00Z", false).await, None, "and back");
    world.server.store.end_sign_ins(AINO, None, as_ended()).await.expect("ended");
    world.damage("update idle set days = 364").await;
    assert_eq!(IDLE_DAYS_MAX, 365);
    let looked = day("2026-11-24T10:00:00Z", false).await.expect("a day later");
    // Cecilia, Berit, Aino and the coordinator are unused; Rauha is signed in, and the last reviewer.
    assert_eq!(looked.accounts, 4);
    assert!(world.server.store.person(RAUHA).await.expect("a look-up").is_some());
    assert!(world.server.store.person(AINO).await.expect("a look-up").is_none());
    let roles: Vec<_> = world.server.store.members(CHOIR).await.expect("members").iter().map(|one| one.role).collect();
    assert_eq!(roles, [Role::Reviewer]);
}

fn as_ended() -> server::store::AuditEntry {
    let act = server::store::Act::SignInEnded;
    server::store::AuditEntry { at_ms: crate::support::NOW_MS, actor: None, association: None, act, subject: None }
}
