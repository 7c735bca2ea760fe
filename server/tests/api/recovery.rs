//! Recovery codes, and the pages `/kirjaudu` and `/oma`.

use domain::{Area, UserId};
use server::store::Act;

use super::world::*;

/// A person's new set of codes, as the page shows it once.
async fn new_codes(world: &World, person: &Person) -> Vec<String> {
    let page = world.form(Some(person), "/oma/varakoodit", "").await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.headers["cache-control"], "no-store");
    page.body.split("<code>").skip(1).filter_map(|rest| rest.split("</code>").next()).map(str::to_owned).collect()
}

async fn try_code(world: &World, person: Option<&Person>, code: &str, more: &str) -> Answer {
    world.form(person, "/kirjaudu/varakoodi", &format!("koodi={code}{more}")).await
}

#[tokio::test]
async fn a_recovery_code_signs_in_once_and_says_how_many_are_left() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let codes = new_codes(&world, &rauha).await;
    assert_eq!(codes.len(), 10);
    let typed = codes[0].to_lowercase().replace('-', "+").replace('0', "o").replace('1', "l");
    let answer = try_code(&world, None, &typed, "&to=/app/vuosi").await;
    assert_eq!(
        (answer.status.as_u16(), &answer.headers["location"]),
        (303, &"/oma?tehty=varakoodi&to=/app/vuosi".parse().expect("a value"))
    );
    let there = Person::of(RAUHA, &answer);
    let page = world.get_in("fi", "/oma?tehty=varakoodi&to=/app/vuosi", Some(&there)).await;
    assert!(page.body.contains("Käyttämättä: 9.") && page.body.contains("href=\"/app/vuosi\""), "{}", page.body);
    for code in [&codes[0], "7K3FQ-M0N1P-T5X2A", "7K3FQ-M0N1P-T5X2U"] {
        let again = try_code(&world, None, code, "").await;
        assert_eq!(again.status, 422);
        assert!(!again.headers.contains_key("set-cookie"));
        assert!(again.body.contains("Koodi ei kelpaa") && again.body.contains("aria-invalid=\"true\""));
    }
    // A new set ends the old one.
    let newer = new_codes(&world, &rauha).await;
    assert_eq!(try_code(&world, None, &codes[1], "").await.status, 422);
    assert_eq!(
        try_code(&world, None, &newer[1], "").await.headers["location"],
        "/oma?tehty=varakoodi&to=/app/yhdistys"
    );
    let rows = world.server.store.audit_rows(0, 100).await.expect("the log");
    let acts: Vec<Act> = rows.into_iter().map(|row| row.act).collect();
    assert!(acts.contains(&Act::RecoveryCodesMade) && acts.contains(&Act::RecoveryCodeUsed));
}

#[tokio::test]
async fn no_code_is_in_the_database() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let codes = new_codes(&world, &rauha).await;
    let other = world.at(NOON).await;
    assert_eq!(try_code(&other, None, &codes[0], "").await.status, 422, "another key: the same file is worth nothing");
    assert_eq!(try_code(&world, None, &codes[0], "").await.status, 303);
}

#[tokio::test]
async fn what_was_typed_wrong_stays_to_be_mended() {
    let world = World::new().await;
    let answer = try_code(&world, None, "7K3FQ-M0N", "&oma=1&to=/kunta").await;
    assert_eq!(answer.status, 422);
    for kept in ["value=\"7K3FQ-M0N\"", "Nyt merkkejä on: 8.", "value=\"/kunta\"", "checked"] {
        assert!(answer.body.contains(kept), "{kept}: {}", answer.body);
    }
    let hostile = try_code(&world, None, "%22%3E%3Cscript%3Ealert%281%29%3C%2Fscript%3E", "").await;
    assert_eq!(hostile.status, 422);
    assert!(!hostile.body.contains("<script>alert"));
}

#[tokio::test]
async fn another_persons_code_is_no_further_proof_and_is_not_used_up() {
    let world = World::new().await;
    let (rauha, aino) = (world.sign_in(RAUHA).await, world.sign_in(AINO).await);
    let (rauhas, ainos) = (new_codes(&world, &rauha).await, new_codes(&world, &aino).await);
    let later = world.later("2026-11-21T10:16:00Z");
    let again = "&varmista=1&to=/oma";
    assert_eq!(try_code(&later, Some(&rauha), &ainos[0], again).await.status, 422);
    let proved = try_code(&later, Some(&rauha), &rauhas[0], again).await;
    assert_eq!(proved.status, 303);
    assert!(!proved.headers.contains_key("set-cookie"), "the same sign-in, fresh again");
    assert_eq!(new_codes(&later, &rauha).await.len(), 10);
    assert_eq!(try_code(&later, None, &ainos[0], "").await.status, 303, "Aino's is as it was");
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_the_page_that_signs_in_and_back() {
    let world = World::new().await;
    assert_eq!(world.get("/oma", None).await.headers["location"], "/kirjaudu?to=/oma");
    assert_eq!(world.get("/oma/tiedot", None).await.headers["location"], "/kirjaudu?to=/oma/tiedot");
    for (language, title) in [("fi", "Kirjaudu"), ("sv", "Logga in"), ("en", "Sign in")] {
        let page = world.get_in(language, "/kirjaudu?to=/oma", None).await;
        assert!(page.body.contains(&format!("<h1>{title}</h1>")), "{}", page.body);
        assert!(page.body.contains("data-to=\"/oma\"") && page.body.contains("data-domain=\"localhost\""));
        assert!(page.body.contains("to=/kirjaudu%3Fto%3D/oma"), "the language's links lead back: {}", page.body);
    }
    for elsewhere in ["//evil.example", "/%09/evil.example", "https://evil.example", "/%5Cevil.example"] {
        let page = world.get(&format!("/kirjaudu?to={elsewhere}"), None).await;
        assert!(!page.body.contains("evil"), "{elsewhere}: {}", page.body);
    }
    // Nothing inline: the policy allows our own files only.
    let page = world.get("/kirjaudu", None).await;
    assert!(page.body.contains("<script type=\"module\" src=\"/passkey.js\">") && !page.body.contains("onclick"));
    let rauha = world.sign_in(RAUHA).await;
    let again = world.get_in("fi", "/kirjaudu?to=/oma&varmista=1", Some(&rauha)).await;
    assert!(again.body.contains("Varmista, että se olet sinä") && again.body.contains("data-again=\"1\""));
    let nobody = world.get_in("fi", "/kirjaudu?to=/oma&varmista=1", None).await;
    assert!(nobody.body.contains("<h1>Kirjaudu</h1>"));
    let signed_in = world.get_in("fi", "/kirjaudu", Some(&rauha)).await;
    assert!(signed_in.body.contains("on jo kirjautunut: Rauha-9Z"));
}

#[tokio::test]
async fn a_person_sees_who_they_are_and_ends_their_own_sign_ins_only() {
    let world = World::new().await;
    let (here, there) = (world.sign_in(RAUHA).await, world.sign_in(RAUHA).await);
    let aino = world.sign_in(AINO).await;
    let page = world.get_in("fi", "/oma", Some(&here)).await;
    for seen in ["Kuoro ry", "Partio ry", "sihteeri", "Rauha-9Z", "Tämä laite"] {
        assert!(page.body.contains(seen), "{seen}: {}", page.body);
    }
    assert!(!page.body.contains("Aino-7X"));
    let ainos = ids(&world, AINO).await[0];
    world.form(Some(&here), "/oma/kirjautuminen", &format!("id={ainos}")).await;
    assert_eq!(world.get("/api/v1/me", Some(&aino)).await.status, 200);
    world.form(Some(&here), "/oma/muut", "").await;
    assert_eq!(world.get("/api/v1/me", Some(&there)).await.code_of(401), "sign-in-ended");
    let mine = ids(&world, RAUHA).await;
    assert_eq!(mine.len(), 1);
    let ended = world.form(Some(&here), "/oma/kirjautuminen", &format!("id={}", mine[0])).await;
    assert_eq!(
        (&ended.headers["location"], world.get("/oma", Some(&here)).await.status.as_u16()),
        (&"/".parse().expect("a value"), 303)
    );
}

async fn ids(world: &World, user: UserId) -> Vec<uuid::Uuid> {
    world.server.store.sign_ins(user).await.expect("sign-ins").into_iter().map(|one| one.id).collect()
}

#[tokio::test]
async fn a_volunteers_keys_are_folded_away_and_a_coordinator_sees_their_area() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let page = world.get_in("fi", "/oma", Some(&aino)).await;
    assert!(page.body.contains("<summary>Vapaaehtoinen ei tarvitse pääsyavainta</summary>"));
    let coordinator = world.sign_in(COORDINATOR).await;
    let page = world.get_in("fi", "/oma", Some(&coordinator)).await;
    assert!(!page.body.contains("<summary>") && page.body.contains("koordinaattori"), "{}", page.body);
    world.server.store.add_coordinator(AINO, Area::Nation).await.expect("a coordinator");
    let page = world.get_in("fi", "/oma", Some(&aino)).await;
    assert!(!page.body.contains("Koko maa"), "by a volunteer's sign-in she is a volunteer: {}", page.body);
}

#[tokio::test]
async fn whoever_guesses_too_often_waits_with_what_they_have_typed() {
    let world = World::new().await;
    let rauha = world.sign_in(RAUHA).await;
    let codes = new_codes(&world, &rauha).await;
    for _ in 0..10 {
        assert_eq!(try_code(&world, None, "7K3FQ-M0N1P-T5X2A", "").await.status, 422);
    }
    // A right one is let in, but for when too many wait.
    let answers = all((0..21).map(|n| try_code(&world, None, &codes[n.min(1)], ""))).await;
    let waits = answers.last().expect("an answer");
    assert_eq!((answers[0].status.as_u16(), waits.status.as_u16()), (303, 429));
    assert!(waits.headers.contains_key("retry-after") && waits.body.contains(&codes[1]), "{}", waits.body);
    assert_eq!(try_code(&world.later("2026-11-21T10:01:01Z"), None, &codes[2], "").await.status, 303);
}

#[tokio::test]
async fn everybody_is_led_to_where_their_work_is() {
    let world = World::new().await;
    let operator = world.an_operator().await;
    let aino = world.sign_in(AINO).await;
    let coordinator = world.sign_in(COORDINATOR).await;
    for (person, leads_to) in [(operator, "/yllapito"), (aino, "/app"), (coordinator, "/kunta")] {
        let codes = new_codes(&world, &person).await;
        let answer = try_code(&world, None, &codes[0], "&to=https://evil.example").await;
        assert_eq!(answer.headers["location"], format!("/oma?tehty=varakoodi&to={leads_to}"));
    }
}

#[tokio::test]
async fn whoever_is_not_signed_in_signs_in_and_comes_back_to_the_page_that_they_asked_for() {
    let world = World::new().await;
    let codes = new_codes(&world, &world.sign_in(COORDINATOR).await).await;
    for (number, (asked, back)) in [
        ("/kunta", "/kunta"),
        ("/kunta?vuosi=2025&kunta=755", "/kunta?vuosi=2025&kunta=755"),
        ("/kunta/yhdistykset", "/kunta/yhdistykset"),
        ("/yllapito", "/yllapito"),
        ("/yhdistys/mukaan?vaihe=nimi", "/yhdistys/mukaan?vaihe=nimi"),
        // What is not a path of ours in plain characters is left away.
        ("/kunta?kunta=//evil.example", "/kunta"),
        ("/kunta?kunta=%22%3E%3Cscript", "/kunta?kunta=%22%3E%3Cscript"),
        ("/kunta?kunta=\\evil", "/kunta"),
    ]
    .into_iter()
    .enumerate()
    {
        let led = world.get(asked, None).await;
        assert_eq!(led.status, 303, "{asked}");
        let page = world.get(led.headers["location"].to_str().expect("text"), None).await;
        let value = format!("name=\"to\" value=\"{}\"", back.replace('&', "&amp;"));
        assert!(page.status == 200 && page.body.contains(&value), "{asked} {}", page.body);
        assert!(page.body.contains("<a href=\"/\" class=\"button quiet\""), "the demo's buttons are one step away");
        let to = back.replace('%', "%25").replace('&', "%26");
        let answer = try_code(&world, None, &codes[number], &format!("&to={to}")).await;
        let leads = answer.headers["location"].to_str().expect("text").to_owned();
        let person = Person::of(COORDINATOR, &answer);
        let told = world.get(&leads, Some(&person)).await;
        assert!(told.body.contains(&format!("href=\"{}\"", back.replace('&', "&amp;"))), "{leads} {}", told.body);
    }
}
