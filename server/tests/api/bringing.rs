//! How an association comes in: the steps of whoever was invited, and of whoever asks; and what a coordinator sees of it.

use std::collections::BTreeMap;

use axum::http::Method;
use domain::{Area, AssociationId, UserId};
use serde_json::{Value, json};

use super::world::*;

const INVITED: &str = "/yhdistys/mukaan";
const ASKING: &str = "/yhdistys/pyynto";
const ASSOCIATIONS: &str = "/kunta/yhdistykset";
const FORM: &str = "application/x-www-form-urlencoded";
const NAME: [(&str, &str); 3] = [("vaihe", "nimi"), ("name", "Kylän Väki ry"), ("home", "755")];
const BUSINESS_ID: [(&str, &str); 2] = [("vaihe", "tunnus"), ("business_id", "FI 1162976")];
const CONTACT: [(&str, &str); 3] =
    [("vaihe", "yhteys"), ("contact", "Sihteeri, toimisto 09 123 456"), ("nickname", "Maija-5Q")];
const GROUPS: [(&str, &str); 3] = [("vaihe", "ryhmat"), ("group", "kerho"), ("group", "vertaistuki")];
const FINISH: [(&str, &str); 2] = [("vaihe", "yhteenveto"), ("own_device", "1")];
const SEND: [(&str, &str); 1] = [("vaihe", "yhteenveto")];

/// A browser with its cookies, and where a proxy says that it is.
#[derive(Clone, Default)]
struct Browser(BTreeMap<String, String>, Option<&'static str>);

impl Browser {
    fn of(person: &Person) -> Browser {
        let (name, value) = person.cookie().split_once('=').expect("a cookie");
        Browser(BTreeMap::from([(name.to_owned(), value.to_owned())]), None)
    }

    async fn send(&mut self, world: &World, method: Method, path: &str, body: (&str, Vec<u8>)) -> Answer {
        let cookies: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let mut headers = vec![("content-type", body.0), ("accept-language", "fi")];
        if !cookies.is_empty() {
            headers.push(("cookie", &cookies));
        }
        headers.extend(self.1.map(|address| ("x-forwarded-for", address)));
        let answer = world.send(method, path, &headers, body.1).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().expect("text").split(';').next().expect("a cookie");
            let (name, value) = cookie.split_once('=').expect("a cookie");
            self.0.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    async fn get(&mut self, world: &World, path: &str) -> Answer {
        self.send(world, Method::GET, path, (FORM, Vec::new())).await
    }

    async fn post(&mut self, world: &World, path: &str, fields: &[(&str, &str)]) -> Answer {
        let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        self.send(world, Method::POST, path, (FORM, fields.join("&").into_bytes())).await
    }

    /// Sends a form and returns where it leads.
    async fn led(&mut self, world: &World, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(world, path, fields).await;
        assert_eq!(answer.status, 303, "{path} {fields:?} {}", answer.body);
        answer.headers["location"].to_str().expect("an address").to_owned()
    }

    /// Goes through the four steps.
    async fn fill_in(&mut self, world: &World, path: &str) {
        for (step, next) in
            [(&NAME[..], "tunnus"), (&BUSINESS_ID[..], "yhteys"), (&CONTACT[..], "ryhmat"), (&GROUPS[..], "yhteenveto")]
        {
            assert_eq!(self.led(world, path, step).await, format!("{path}?vaihe={next}"));
        }
    }

    async fn me(&mut self, world: &World) -> Value {
        self.get(world, "/api/v1/me").await.json()
    }
}

/// What stands between two marks.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("{before} in {text}")).1;
    rest.split_once(after).expect("an end").0
}

async fn coordinator(world: &World) -> Browser {
    Browser::of(&world.sign_in(COORDINATOR).await)
}

/// The token of an invitation that a coordinator makes.
async fn invite(world: &World, kind: &str) -> String {
    let fields = [("kutsu", kind), ("alue", "municipality:755")];
    let made = coordinator(world).await.post(world, "/kunta/yhdistykset/kutsu", &fields).await;
    assert_eq!(made.status, 200, "{}", made.body);
    between(&made.body, "/app/kutsu#", "\"").to_owned()
}

async fn accept(world: &World, token: &str) -> (Browser, Answer) {
    let mut browser = Browser::default();
    let body = json!({"token": token, "as": "new"});
    let accept = "/api/v1/invitations/accept";
    let answer = browser.send(world, Method::POST, accept, ("application/json", bytes(&body))).await;
    (browser, answer)
}

/// Somebody who has accepted an evening's invitation.
async fn invited(world: &World) -> Browser {
    let (browser, answer) = accept(world, &invite(world, "ilta").await).await;
    assert_eq!((answer.status.as_u16(), answer.json()["next"].as_str()), (200, Some(INVITED)));
    browser
}

async fn associations(world: &World) -> i64 {
    world.one_number("select count(*) from association").await
}

#[tokio::test]
async fn whoever_was_invited_brings_in_their_association_in_four_steps() {
    let world = World::new().await;
    let mut maija = invited(&world).await;
    let first = maija.get(&world, INVITED).await;
    assert!(first.body.contains("Vaihe 1/4"), "{}", first.body);
    assert!(between(&first.body, "value=\"755\"", ">").contains("selected"), "the municipality of whoever invited");
    maija.fill_in(&world, INVITED).await;
    let summary = maija.get(&world, INVITED).await;
    for told in ["Kylän Väki ry", "0116297-6", "Maija-5Q", "Kerho, Vertaistukiryhmä", "Kuka käyttää tätä laitetta?"]
    {
        assert!(summary.body.contains(told), "{told}");
    }
    assert_eq!(maija.led(&world, INVITED, &FINISH).await, "/yhdistys/valmis");
    let done = maija.get(&world, "/yhdistys/valmis").await;
    assert!(done.body.contains("Kylän Väki ry") && done.body.contains("/app/yhdistys/ihmiset"));

    let me = maija.me(&world).await;
    assert_eq!(me["associations"][0]["name"], "Kylän Väki ry");
    assert_eq!(me["associations"][0]["role"], "reviewer");
    let id = me["associations"][0]["id"].as_str().expect("an id");
    let pulled = maija.get(&world, &format!("/api/v1/sync/pull?association={id}")).await.json();
    let records = pulled["records"].as_array().expect("records");
    let told: Vec<_> = records.iter().map(|one| (one["kind"].as_str(), one["content"]["name"].as_str())).collect();
    let series = Some("series");
    assert_eq!(
        told,
        [(Some("association"), Some("Kylän Väki ry")), (series, Some("Kerho")), (series, Some("Vertaistukiryhmä"))]
    );
    let association = AssociationId::parse(id).expect("an id");
    let members = world.server.store.members(association).await.expect("members");
    assert_eq!(members.iter().map(|one| one.nickname.as_str()).collect::<Vec<_>>(), ["Maija-5Q"]);
    let log = world.server.store.audit_of(association, 9).await.expect("the log");
    assert_eq!(log.iter().map(|row| row.act.code()).collect::<Vec<_>>(), ["association-made"]);

    assert_eq!(maija.led(&world, INVITED, &FINISH).await, "/yhdistys/valmis", "pressed twice");
    assert_eq!(maija.get(&world, INVITED).await.status, 404, "once");
    assert_eq!(associations(&world).await, 3);
}

#[tokio::test]
async fn on_a_device_of_others_too_the_first_reviewer_is_signed_in_for_half_a_day() {
    let world = World::new().await;
    let mut maija = invited(&world).await;
    maija.fill_in(&world, INVITED).await;
    let unanswered = maija.led(&world, INVITED, &SEND).await;
    assert!(maija.get(&world, &unanswered).await.body.contains("own_device-error"));
    assert_eq!(associations(&world).await, 2);
    let before = maija.0["__Host-hytevihko"].clone();
    maija.led(&world, INVITED, &[("vaihe", "yhteenveto"), ("own_device", "0")]).await;
    assert_ne!(maija.0["__Host-hytevihko"], before);
    assert_eq!(maija.me(&world).await["associations"][0]["role"], "reviewer");
    let later = world.at("2026-11-21T23:00:00Z").await;
    assert_eq!(maija.get(&later, "/api/v1/me").await.status, 401);
}

#[tokio::test]
async fn whoever_leaves_goes_on_where_they_were() {
    let world = World::new().await;
    let mut maija = invited(&world).await;
    maija.led(&world, INVITED, &NAME).await;
    maija.led(&world, INVITED, &BUSINESS_ID).await;
    let tomorrow = world.at("2026-11-22T10:00:00Z").await;
    let page = maija.get(&tomorrow, INVITED).await;
    assert!(page.body.contains("Vaihe 3/4"), "{}", page.body);
    assert!(maija.get(&tomorrow, &format!("{INVITED}?vaihe=nimi")).await.body.contains("value=\"Kylän Väki ry\""));
    let skipped = maija.get(&tomorrow, &format!("{INVITED}?vaihe=yhteenveto")).await;
    assert!(skipped.body.contains("Vaihe 3/4"), "no step is skipped");

    maija.led(&world, INVITED, &CONTACT).await;
    maija.led(&world, INVITED, &GROUPS).await;
    assert!(maija.get(&tomorrow, INVITED).await.body.contains("Tarkista tiedot"));
    // From the summary back to a step, and from there to the summary again.
    let change = maija.get(&tomorrow, &format!("{INVITED}?vaihe=nimi&muutos=1")).await;
    assert!(change.body.contains("name=\"muutos\""));
    let renamed = [("vaihe", "nimi"), ("muutos", "1"), ("name", "Kylän Uusi Väki ry"), ("home", "755")];
    assert_eq!(maija.led(&world, INVITED, &renamed).await, format!("{INVITED}?vaihe=yhteenveto"));
    let summary = maija.get(&world, INVITED).await;
    assert!(summary.body.contains("Kylän Uusi Väki ry") && summary.body.contains("Maija-5Q"));
    // With the browser's back button, and on from an earlier step: still at the summary.
    maija.led(&world, INVITED, &BUSINESS_ID).await;
    assert!(maija.get(&world, INVITED).await.body.contains("Tarkista tiedot"));
}

#[tokio::test]
async fn what_is_wrong_is_told_beside_the_field_and_stays_as_it_was_typed() {
    let world = World::new().await;
    let mut maija = invited(&world).await;
    let long = "Yhdistys ".repeat(14);
    for (step, field, typed) in [
        ([("vaihe", "nimi"), ("name", ""), ("home", "755")], "name", None),
        ([("vaihe", "nimi"), ("name", long.as_str()), ("home", "755")], "name", Some(long.as_str())),
        ([("vaihe", "nimi"), ("name", "<b>Väki</b> ry"), ("home", "999")], "home", Some("&lt;b&gt;Väki")),
        ([("vaihe", "nimi"), ("name", "Kylän Väki ry"), ("home", "")], "home", Some("Kylän Väki ry")),
    ] {
        let back = maija.led(&world, INVITED, &step).await;
        assert_eq!(back, format!("{INVITED}?vaihe=nimi&tarkista=1"));
        let page = maija.get(&world, &back).await.body;
        assert!(
            page.contains(&format!("id=\"{field}-error\"")) && page.contains(&format!("href=\"#{field}\"")),
            "{page}"
        );
        assert!(page.contains("role=\"alert\"") && page.contains("Korjaa ensin"));
        assert!(typed.is_none_or(|typed| page.contains(typed.trim())), "{page}");
    }
    maija.led(&world, INVITED, &NAME).await;
    for wrong in ["0116297-5", "ei ole", ""] {
        let back = maija.led(&world, INVITED, &[("vaihe", "tunnus"), ("business_id", wrong)]).await;
        let page = maija.get(&world, &back).await.body;
        assert!(page.contains("id=\"business_id-error\"") && page.contains(&format!("value=\"{wrong}\"")), "{page}");
    }
    let none = [("vaihe", "tunnus"), ("business_id", ""), ("no_business_id", "1")];
    assert_eq!(maija.led(&world, INVITED, &none).await, format!("{INVITED}?vaihe=yhteys"));
    let back = maija.led(&world, INVITED, &[("vaihe", "yhteys"), ("contact", "Toimisto"), ("nickname", " ")]).await;
    let page = maija.get(&world, &back).await.body;
    assert!(page.contains("id=\"nickname-error\"") && page.contains("value=\"Toimisto\""));
    assert_eq!(maija.post(&world, INVITED, &[("vaihe", "kissa")]).await.code_of(400), "unreadable");
    assert_eq!(associations(&world).await, 2);
}

#[tokio::test]
async fn for_whoever_was_not_invited_there_is_no_such_page() {
    let world = World::new().await;
    for user in [AINO, RAUHA, COORDINATOR] {
        let mut browser = Browser::of(&world.sign_in(user).await);
        let missing = browser.get(&world, "/yhdistys/ei-ole").await;
        let page = browser.get(&world, INVITED).await;
        let without_nonce = |answer: &Answer| {
            let mut text = answer.body.clone();
            while let Some((before, rest)) = text.split_once("nonce=\"") {
                text = format!("{before}{}", rest.split_once('"').expect("an end").1);
            }
            text
        };
        assert_eq!((page.status.as_u16(), without_nonce(&page)), (404, without_nonce(&missing)));
        assert_eq!(browser.post(&world, INVITED, &NAME).await.status, 404);
        if user != RAUHA {
            assert_eq!(browser.get(&world, "/yhdistys/valmis").await.status, 404);
        }
    }
    assert_eq!(Browser::default().get(&world, INVITED).await.headers["location"], "/kirjaudu?to=/yhdistys/mukaan");
}

#[tokio::test]
async fn two_associations_of_one_evening_come_in_at_once_and_each_once() {
    let world = World::new().await;
    let token = invite(&world, "ilta").await;
    let ((mut maija, first), (mut pekka, second)) = tokio::join!(accept(&world, &token), accept(&world, &token));
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (200, 200));
    maija.fill_in(&world, INVITED).await;
    pekka.fill_in(&world, INVITED).await;
    // Maija presses twice.
    let mut again = maija.clone();
    let answers = tokio::join!(
        maija.post(&world, INVITED, &FINISH),
        again.post(&world, INVITED, &FINISH),
        pekka.post(&world, INVITED, &FINISH)
    );
    for answer in [&answers.0, &answers.1, &answers.2] {
        assert!([303, 404].contains(&answer.status.as_u16()), "{}", answer.body);
    }
    assert_eq!(associations(&world).await, 4);
    for browser in [&mut maija, &mut pekka] {
        assert_eq!(browser.me(&world).await["associations"].as_array().map(Vec::len), Some(1));
    }
    // The second one of the same name is warned of, without a word about who that is.
    let mut third = accept(&world, &token).await.0;
    third.fill_in(&world, INVITED).await;
    let summary = third.get(&world, INVITED).await.body;
    assert!(summary.contains("on jo mukana") && summary.matches("Maija-5Q").count() == 1, "only their own name");

    let over = world.at("2026-11-21T22:00:01Z").await.with_secret_of(&world);
    assert_eq!(accept(&over, &token).await.1.code_of(410), "invitation-expired", "the evening is over");
}

#[tokio::test]
async fn a_link_for_one_association_serves_one() {
    let world = World::new().await;
    let token = invite(&world, "yhdistys").await;
    assert_eq!(accept(&world, &token).await.1.status, 200);
    assert_eq!(accept(&world, &token).await.1.code_of(410), "invitation-used");
}

/// Somebody who has sent a request.
async fn asker(world: &World) -> Browser {
    let mut maija = Browser::default();
    assert!(maija.get(world, ASKING).await.body.contains("Vaihe 1/4"));
    assert!(maija.0.is_empty(), "looking makes nobody");
    maija.fill_in(world, ASKING).await;
    assert_eq!(maija.led(world, ASKING, &SEND).await, ASKING);
    maija
}

#[tokio::test]
async fn an_association_asks_and_comes_in_when_the_coordinator_says_yes() {
    let world = World::new().await;
    let mut maija = asker(&world).await;
    let waiting = maija.get(&world, ASKING).await.body;
    assert!(waiting.contains("Pyyntö odottaa vastausta") && waiting.contains("5.12.2026"), "{waiting}");
    assert_eq!(maija.me(&world).await["associations"], json!([]));
    assert_eq!(maija.post(&world, "/yhdistys/pyynto/jatka", &[("own_device", "1")]).await.status, 404, "not yet");

    let mut coordinator = coordinator(&world).await;
    let page = coordinator.get(&world, ASSOCIATIONS).await.body;
    assert!(page.contains("Kylän Väki ry") && page.contains("0116297-6") && page.contains("toimisto 09 123 456"));
    let question = between(&page, "/kunta/yhdistykset/pyynto?", "\"").replace("&amp;", "&");
    let question = coordinator.get(&world, &format!("{ASSOCIATIONS}/pyynto?{question}")).await.body;
    assert!(question.contains("Otetaanko yhdistys mukaan?") && question.contains("Kylän Väki ry"));
    assert_eq!(associations(&world).await, 2, "a question changes nothing");
    let id = between(&question, "name=\"id\" value=\"", "\"").to_owned();
    let yes = [("id", id.as_str()), ("vastaus", "hyvaksy")];
    assert_eq!(coordinator.led(&world, "/kunta/yhdistykset/pyynto", &yes).await, ASSOCIATIONS);
    let after = coordinator.get(&world, ASSOCIATIONS).await.body;
    assert!(after.contains("Kylän Väki ry") && after.contains("21.11.2026"));
    for body in [&page, &question, &after] {
        assert!(!body.contains("Maija-5Q"), "who it is is nobody's business");
    }
    assert_eq!(coordinator.post(&world, "/kunta/yhdistykset/pyynto", &yes).await.status, 404, "once");

    // With the sign-in that asked she is a volunteer, until she has said who uses the device.
    assert_eq!(maija.me(&world).await["associations"][0]["role"], "volunteer");
    assert!(maija.get(&world, ASKING).await.body.contains("Yhdistys on hyväksytty"));
    let unanswered = maija.led(&world, "/yhdistys/pyynto/jatka", &[]).await;
    assert!(maija.get(&world, &unanswered).await.body.contains("own_device-error"));
    // Another sign-in of hers than the one that asked does not become a reviewer's by it.
    let me = maija.me(&world).await["user"].as_str().and_then(UserId::parse).expect("a user");
    world.damage("update sign_in set class = 'volunteer'").await;
    let mut elsewhere = Browser::of(&world.sign_in(me).await);
    world.damage("update sign_in set class = 'volunteer'").await;
    let led = elsewhere.led(&world, "/yhdistys/pyynto/jatka", &[("own_device", "1")]).await;
    assert!(led.starts_with("/kirjaudu?to="), "{led}");

    // The answer may be lost on its way: the same browser gets another one.
    let mut lost = maija.clone();
    assert_eq!(lost.led(&world, "/yhdistys/pyynto/jatka", &[("own_device", "1")]).await, "/yhdistys/valmis");
    assert_eq!(maija.led(&world, "/yhdistys/pyynto/jatka", &[("own_device", "1")]).await, "/yhdistys/valmis");
    assert_eq!(maija.me(&world).await["associations"][0]["role"], "reviewer");
    assert!(maija.get(&world, "/yhdistys/valmis").await.body.contains("Kylän Väki ry"));
    assert_eq!(maija.get(&world, ASKING).await.headers["location"], "/yhdistys/valmis");
}

#[tokio::test]
async fn a_request_is_refused_or_runs_out_and_can_be_sent_again() {
    let world = World::new().await;
    let mut maija = asker(&world).await;
    assert_eq!(maija.led(&world, "/yhdistys/pyynto/peru", &[]).await, ASKING);
    assert!(maija.get(&world, ASKING).await.body.contains("Tarkista tiedot"), "a draft again");
    maija.led(&world, ASKING, &SEND).await;
    let mut coordinator = coordinator(&world).await;
    let page = coordinator.get(&world, ASSOCIATIONS).await.body;
    let id = between(&page, "pyynto?id=", "&").to_owned();
    let no = [("id", id.as_str()), ("vastaus", "hylkaa")];
    assert_eq!(coordinator.led(&world, "/kunta/yhdistykset/pyynto", &no).await, ASSOCIATIONS);
    assert!(maija.get(&world, ASKING).await.body.contains("Pyyntöä ei hyväksytty"));
    assert_eq!(maija.led(&world, ASKING, &SEND).await, ASKING, "first one has to look at the details again");
    maija.led(&world, "/yhdistys/pyynto/peru", &[]).await;
    maija.led(&world, ASKING, &SEND).await;
    let late = world.at("2026-12-05T10:30:00Z").await;
    assert!(maija.get(&late, ASKING).await.body.contains("Pyyntöön ei vastattu"));
    let mut then = Browser::of(&late.sign_in(COORDINATOR).await);
    assert!(!then.get(&late, ASSOCIATIONS).await.body.contains("Kylän Väki ry"));
    assert_eq!(associations(&world).await, 2);
}

#[tokio::test]
async fn a_coordinator_of_another_area_sees_nothing_and_answers_nothing() {
    let world = World::new().await;
    let elsewhere = UserId::from_bytes([0xea; 16]);
    world.server.store.add_person(elsewhere, "Naapuri").await.expect("a person");
    let akaa = Area::parse("municipality", "020").expect("an area");
    world.server.store.add_coordinator(elsewhere, akaa).await.expect("a coordinator");
    let mut neighbour = Browser::of(&world.sign_in(elsewhere).await);
    let mut maija = asker(&world).await;
    let page = coordinator(&world).await.get(&world, ASSOCIATIONS).await.body;
    let id = between(&page, "pyynto?id=", "&").to_owned();
    let theirs = neighbour.get(&world, ASSOCIATIONS).await.body;
    for told in ["Kylän Väki ry", "Kuoro ry", "Partio ry", id.as_str()] {
        assert!(!theirs.contains(told) && (page.contains(told)), "{told}");
    }
    for asked in [id.as_str(), "0190f3a0-0000-4000-8000-000000000001", "kissa"] {
        for answer in ["hyvaksy", "hylkaa"] {
            let fields = [("id", asked), ("vastaus", answer)];
            assert_eq!(neighbour.post(&world, "/kunta/yhdistykset/pyynto", &fields).await.status, 404);
            let question = format!("{ASSOCIATIONS}/pyynto?id={asked}&vastaus={answer}");
            assert_eq!(neighbour.get(&world, &question).await.status, 404);
        }
    }
    assert!(maija.get(&world, ASKING).await.body.contains("Pyyntö odottaa vastausta"));
    let invite = [("kutsu", "ilta"), ("alue", "municipality:755")];
    assert_eq!(neighbour.post(&world, "/kunta/yhdistykset/kutsu", &invite).await.status, 404, "another's area");
    // Who is no coordinator is told so, whatever they ask.
    let mut aino = Browser::of(&world.sign_in(AINO).await);
    assert_eq!(aino.get(&world, ASSOCIATIONS).await.status, 403);
    assert_eq!(aino.post(&world, "/kunta/yhdistykset/kutsu", &invite).await.status, 403);
}

#[tokio::test]
async fn a_municipality_without_a_coordinator_cannot_be_asked() {
    let world = World::new().await;
    let mut maija = Browser::default();
    let akaa = [("vaihe", "nimi"), ("name", "Kylän Väki ry"), ("home", "020")];
    let back = maija.led(&world, ASKING, &akaa).await;
    let page = maija.get(&world, &back).await.body;
    assert!(page.contains("ei ole vielä koordinaattoria") && page.contains("value=\"Kylän Väki ry\""), "{page}");
    assert_eq!(maija.led(&world, ASKING, &NAME).await, format!("{ASKING}?vaihe=tunnus"));
    // Whoever was invited meanwhile goes the other way, with what they have typed.
    assert_eq!(world.one_number("select count(*) from joining_request").await, 0);
}

#[tokio::test]
async fn an_invitation_can_be_taken_back_by_whoever_made_it() {
    let world = World::new().await;
    let token = invite(&world, "ilta").await;
    let mut coordinator = coordinator(&world).await;
    let page = coordinator.get(&world, ASSOCIATIONS).await.body;
    assert!(page.contains("Yhdistysilta") && page.contains("Voimassa 22.11.2026 klo 0.00 asti"), "{page}");
    let id = between(&page, "name=\"id\" value=\"", "\"").to_owned();
    let mut rauha = Browser::of(&world.sign_in(RAUHA).await);
    assert_eq!(rauha.post(&world, "/kunta/yhdistykset/peru", &[("id", &id)]).await.status, 403);
    assert_eq!(coordinator.led(&world, "/kunta/yhdistykset/peru", &[("id", &id)]).await, ASSOCIATIONS);
    assert_eq!(coordinator.post(&world, "/kunta/yhdistykset/peru", &[("id", &id)]).await.status, 404);
    assert_eq!(accept(&world, &token).await.1.code_of(410), "invitation-revoked");
}

#[tokio::test]
async fn a_second_coordinator_is_invited_with_a_fresh_proof_only() {
    let world = World::new().await;
    let fields = [("kutsu", "koordinaattori"), ("alue", "municipality:755")];
    let mut coordinator = coordinator(&world).await;
    let later = world.at("2026-11-21T10:20:00Z").await;
    let led = coordinator.led(&later, "/kunta/yhdistykset/kutsu", &fields).await;
    assert_eq!(led, "/kirjaudu?to=/kunta/yhdistykset&varmista=1");
    let (mut second, answer) = accept(&world, &invite(&world, "koordinaattori").await).await;
    assert_eq!(answer.json()["next"], "/oma?to=/kunta", "a passkey comes first");
    assert_eq!(second.get(&world, ASSOCIATIONS).await.status, 200);
}

#[tokio::test]
async fn without_a_demo_the_front_page_has_three_ways_in() {
    let world = World::new().await.without_demo();
    let page = Browser::default().get(&world, "/").await.body;
    for way in ["href=\"/app/kutsu\"", "href=\"/kirjaudu\"", "href=\"/yhdistys/pyynto\""] {
        assert!(page.contains(way), "{way}");
    }
    assert!(!page.contains("/kirjaudu/demo"));
}

#[tokio::test]
async fn the_demos_tour_marks_what_this_browser_has_done() {
    let world = World::empty().await;
    server::demo::fill(&world.server).await.expect("the demo");
    let mut visitor = Browser::default();
    let done = |page: &str| page.matches("badge received").count();
    assert_eq!(done(&visitor.get(&world, "/").await.body), 0);
    let sign_in = |who: &'static str| [("who", who), ("kierros", "1")];
    visitor.led(&world, "/kirjaudu/demo", &sign_in("vapaaehtoinen")).await;
    let me = visitor.me(&world).await;
    let gathering = new_gathering(crate::support::club(14));
    let push = json!({"magic": "hytevihko-push-1", "user": me["user"], "association": me["associations"][0]["id"],
        "device": me["device"]["id"], "schema": 1, "epoch": "", "counter": 1, "waiting": 1, "changes": [gathering]});
    let pushed = visitor.send(&world, Method::POST, "/api/v1/sync/push", ("application/json", bytes(&push))).await;
    assert_eq!(pushed.json()["results"][0]["outcome"], "stored", "{}", pushed.body);
    assert_eq!(done(&visitor.get(&world, "/").await.body), 1);
    assert_eq!(done(&Browser::default().get(&world, "/").await.body), 0, "another visitor's tour is their own");
    visitor.led(&world, "/kirjaudu/demo", &sign_in("koordinaattori")).await;
    assert_eq!(done(&visitor.get(&world, "/").await.body), 2);
}

/// Somebody at an address who sends a request; what their last step was answered with.
async fn ask_from(world: &World, address: &'static str) -> Answer {
    let mut browser = Browser(BTreeMap::new(), Some(address));
    let first = browser.post(world, ASKING, &NAME).await;
    if first.status != 303 {
        return first;
    }
    browser.fill_in(world, ASKING).await;
    browser.post(world, ASKING, &SEND).await
}

#[tokio::test]
async fn one_network_does_not_fill_a_municipalitys_places_and_is_told_when_it_may_ask_again() {
    let world = World::new().await.behind_a_proxy();
    // From one address after the other of one network, each time as somebody new.
    let addresses = ["192.0.2.1", "192.0.2.77", "192.0.2.200", "192.0.2.3"];
    for n in 0..8 {
        let answer = ask_from(&world, addresses[n % 4]).await;
        assert_eq!((answer.status.as_u16(), &answer.headers["location"]), (303, &ASKING.parse().expect("a header")));
    }
    let refused = ask_from(&world, "192.0.2.9").await;
    assert_eq!(refused.status, 429, "{}", refused.body);
    // The next place of eight a day is free after three hours, at 15.00 in Helsinki.
    let wait_s: u64 = refused.headers["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((3 * 3_600 - 120..=3 * 3_600 + 1).contains(&wait_s), "{wait_s}");
    assert!(refused.body.contains("Yritä uudelleen: 21.11.2026 klo 15.0"), "{}", refused.body);
    let waiting = "select count(*) from joining_request";
    assert_eq!(world.one_number(waiting).await, 8);
    // Nobody else has to wait: another network, and whoever was invited.
    assert_eq!(ask_from(&world, "198.51.100.4").await.status, 303);
    assert_eq!(ask_from(&world, "2001:db8:7:1::1").await.status, 303);
    let mut maija = invited(&world).await;
    maija.1 = Some("192.0.2.9");
    maija.fill_in(&world, INVITED).await;
    assert_eq!(maija.led(&world, INVITED, &FINISH).await, "/yhdistys/valmis");
    // Whoever takes a request back and sends it again asks again.
    let mut pekka = Browser(BTreeMap::new(), Some("203.0.113.5"));
    pekka.fill_in(&world, ASKING).await;
    for _ in 0..8 {
        assert_eq!(pekka.led(&world, ASKING, &SEND).await, ASKING);
        pekka.led(&world, "/yhdistys/pyynto/peru", &[]).await;
    }
    assert_eq!(pekka.post(&world, ASKING, &SEND).await.status, 429);
    assert!(pekka.get(&world, ASKING).await.body.contains("Tarkista tiedot"), "and nothing that was typed is lost");
}

#[tokio::test]
async fn one_network_does_not_make_people_without_end() {
    let world = World::new().await.behind_a_proxy();
    let people = "select count(*) from person";
    let before = world.one_number(people).await;
    let begin =
        async |address| Browser(BTreeMap::new(), Some(address)).post(&world, ASKING, &NAME).await.status.as_u16();
    for _ in 0..24 {
        assert_eq!(begin("2001:db8:7:1::1").await, 303);
    }
    // Another subnet of the same customer.
    for address in ["2001:db8:7:1::1", "2001:db8:7:ffff::2"] {
        assert_eq!(begin(address).await, 429);
    }
    assert_eq!(world.one_number(people).await, before + 24);
    assert_eq!(begin("2001:db8:8::1").await, 303);
}

#[tokio::test]
async fn a_coordinators_open_invitations_have_an_end_and_one_that_is_taken_back_makes_room() {
    let world = World::new().await;
    let mut coordinator = coordinator(&world).await;
    let fields = [("kutsu", "yhdistys"), ("alue", "municipality:755")];
    for _ in 0..100 {
        assert_eq!(coordinator.post(&world, "/kunta/yhdistykset/kutsu", &fields).await.status, 200);
    }
    let open = "select count(*) from invitation where revoked_at is null";
    for kind in ["yhdistys", "ilta", "koordinaattori"] {
        let fields = [("kutsu", kind), ("alue", "municipality:755")];
        let refused = coordinator.post(&world, "/kunta/yhdistykset/kutsu", &fields).await;
        assert_eq!(refused.status, 429, "{kind}");
        assert!(refused.body.contains("Voimassa olevia kutsuja on jo liian monta"), "{}", refused.body);
    }
    assert_eq!(world.one_number(open).await, 100);
    // Nobody else's are counted.
    let akaa = Area::parse("municipality", "020").expect("an area");
    let mut other = Browser::of(&world.a_coordinator_of(&[akaa], 0xdb).await);
    let theirs = [("kutsu", "ilta"), ("alue", "municipality:020")];
    assert_eq!(other.post(&world, "/kunta/yhdistykset/kutsu", &theirs).await.status, 200);
    let page = coordinator.get(&world, ASSOCIATIONS).await.body;
    let id = between(&page, "name=\"id\" value=\"", "\"").to_owned();
    coordinator.led(&world, "/kunta/yhdistykset/peru", &[("id", &id)]).await;
    assert_eq!(coordinator.post(&world, "/kunta/yhdistykset/kutsu", &fields).await.status, 200);
}
