//! Every route of the table × everybody there is × their own, somebody else's and nobody's association. The rows come from the router's
//! table, and how a route is asked from [`requests`]: a route that is not known there fails the test.

use std::{collections::BTreeMap, time::Instant};

use axum::http::Method;
use domain::{Area, AssociationId, UserId, codes::Municipality};
use serde_json::{Value, json};
use server::http::{
    route::{Access, Route, Sort},
    routes::ROUTES,
};

use super::world::*;
use crate::support::{club, with};

/// An association that does not exist.
const NOWHERE: AssociationId = AssociationId::from_bytes([0xcf; 16]);
/// What the scouts write, and nobody else may ever read.
const CANARIES: [&str; 5] =
    ["Partio ry", "Cecilia-6W", "kanarialintu-muistiinpano", "kanarialintu-paikka", "kanarialintu-ryhma"];

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Asker {
    Nobody,
    /// Of the choir.
    Volunteer,
    /// Of the choir alone.
    Reviewer,
    Coordinator,
    Operator,
    /// Was a volunteer of the choir.
    Removed,
}

/// How a route that is about an association is asked about one: address and body.
fn request(route: &Route, association: AssociationId, user: UserId) -> Option<(String, Value)> {
    let query = format!("{}?association={association}", route.path);
    let own = json!({"association": association});
    let sync = json!({"user": user, "association": association, "device": "0190f3a0-0000-7000-8000-00000000d001",
        "schema": 1, "epoch": ""});
    let add = |base: &Value, more: Value| with(base.clone(), more);
    Some(match (route.method.as_str(), route.path) {
        (
            "GET",
            "/api/v1/devices"
            | "/api/v1/invitations"
            | "/api/v1/members"
            | "/api/v1/gatherings.xlsx"
            | "/api/v1/quarantine"
            | "/api/v1/sync/pull"
            | "/api/v1/sign-ins"
            | "/api/v1/audit"
            | "/api/v1/reminders",
        ) => (query, Value::Null),
        ("GET", "/api/v1/report.xlsx") => (format!("{query}&from=2026-01-01&to=2026-12-31"), Value::Null),
        // Of which association is said in the address: nobody else's file is read.
        ("POST", "/api/v1/import/preview" | "/api/v1/import/save" | "/api/v1/import/undo") => (query, Value::Null),
        ("GET", "/api/v1/gatherings/history") => {
            (format!("{query}&gathering=0190f3a0-0000-7000-8000-000000000077"), Value::Null)
        }
        ("POST", "/api/v1/devices/seen") => (route.path.to_owned(), add(&own, json!({"device": "2345-67"}))),
        ("POST", "/api/v1/invitations") => (route.path.to_owned(), add(&own, json!({"role": "volunteer"}))),
        ("POST", "/api/v1/invitations/revoke") => {
            (route.path.to_owned(), add(&own, json!({"id": "0190f3a0-0000-4000-8000-000000000001"})))
        }
        ("POST", "/api/v1/members/rename") => {
            (route.path.to_owned(), add(&own, json!({"member": "x", "nickname": "Uusi"})))
        }
        ("POST", "/api/v1/members/role") => {
            (route.path.to_owned(), add(&own, json!({"member": "x", "role": "volunteer"})))
        }
        ("POST", "/api/v1/members/remove") => (route.path.to_owned(), add(&own, json!({"member": "x"}))),
        ("POST", "/api/v1/quarantine/take" | "/api/v1/quarantine/discard") => {
            (route.path.to_owned(), add(&own, json!({"changes": []})))
        }
        ("POST", "/api/v1/sync/hand-in") => {
            (route.path.to_owned(), add(&sync, json!({"magic": "hytevihko-hand-in-1", "changes": []})))
        }
        ("POST", "/api/v1/sync/push") => (
            route.path.to_owned(),
            add(&sync, json!({"magic": "hytevihko-push-1", "counter": 0, "waiting": 0, "changes": []})),
        ),
        ("POST", "/api/v1/sync/pull") => (
            route.path.to_owned(),
            add(&sync, json!({"magic": "hytevihko-pull-1", "after": 0, "counter": 0, "waiting": 0, "thrown": 0})),
        ),
        ("POST", "/api/v1/sync/offer") => {
            (route.path.to_owned(), add(&sync, json!({"magic": "hytevihko-offer-1", "holds": [], "records": []})))
        }
        ("POST", "/api/v1/sign-ins/end") => (route.path.to_owned(), add(&own, json!({"sign_in": "x"}))),
        ("GET", "/api/v1/tokens") => (query, Value::Null),
        ("POST", "/api/v1/tokens") => {
            (route.path.to_owned(), add(&own, json!({"name": "Vuositilasto", "scope": "figures"})))
        }
        ("POST", "/api/v1/tokens/end") => {
            (route.path.to_owned(), add(&own, json!({"id": "0190f3a0-0000-4000-8000-000000000001"})))
        }
        ("GET", path) if route.access == Access::Program => {
            let path = path.replace("{association}", &association.to_string());
            (format!("{path}?pack=year&from=2026-01-01&to=2026-12-31"), Value::Null)
        }
        ("POST", "/api/v1/reminders/mail") => (route.path.to_owned(), add(&own, json!({"on": true, "lang": "fi"}))),
        ("POST", "/api/v1/reminders/here") => (route.path.to_owned(), add(&own, json!({"lang": "fi"}))),
        _ => return None,
    })
}

/// Whether the table lets the asker through a door, as far as the choir is concerned.
fn may(access: Access, asker: Asker) -> bool {
    match access {
        Access::Anyone => true,
        Access::SignedIn => asker != Asker::Nobody,
        Access::Member => matches!(asker, Asker::Volunteer | Asker::Reviewer),
        Access::Left => asker == Asker::Removed,
        Access::Reviewer | Access::Program => asker == Asker::Reviewer,
        Access::Coordinator => asker == Asker::Coordinator,
        Access::Operator => asker == Asker::Operator,
    }
}

async fn askers(world: &World) -> BTreeMap<Asker, Option<Person>> {
    let operator = world.an_operator().await;
    let reviewer = world.a_reviewer_of(CHOIR).await;
    let removed = world.somebody_removed_from(CHOIR).await;
    BTreeMap::from([
        (Asker::Nobody, None),
        (Asker::Volunteer, Some(world.sign_in(AINO).await)),
        (Asker::Reviewer, Some(reviewer)),
        (Asker::Coordinator, Some(world.sign_in(COORDINATOR).await)),
        (Asker::Operator, Some(operator)),
        (Asker::Removed, Some(removed)),
    ])
}

fn is_about_an_association(route: &&Route) -> bool {
    matches!(route.access, Access::Member | Access::Left | Access::Reviewer | Access::Program)
}

async fn ask(world: &World, route: &Route, person: Option<&Person>, path: &str, body: &Value) -> Answer {
    let mut headers = Vec::new();
    if let Some(person) = person {
        headers.push(("cookie", person.cookie()));
    }
    let form = route.sort == Sort::Form;
    if route.method == Method::POST {
        headers.push(("content-type", if form { "application/x-www-form-urlencoded" } else { "application/json" }));
    }
    let body = if body.is_null() { Vec::new() } else { bytes(body) };
    world.send(route.method.clone(), path, &headers, body).await
}

/// The scouts' records, with everything in them that must never be seen elsewhere.
async fn canaries(world: &World) {
    let cecilia = world.sign_in(CECILIA).await;
    let note = with(club(14), json!({"note": CANARIES[2], "place": CANARIES[3]}));
    world.push_to(SCOUTS, &cecilia, &[new_gathering(note)]).await;
    let series = json!({"change": new_change(), "record": crate::support::new_record(), "kind": "series", "base": 0,
        "content": {"name": CANARIES[4], "form": "kerho", "municipality": "755"}, "made_at": 1});
    world.push_to(SCOUTS, &cecilia, &[series]).await;
}

#[tokio::test]
async fn every_route_lets_in_exactly_whom_the_table_says() {
    let world = World::new().await;
    canaries(&world).await;
    let askers = askers(&world).await;
    let mut asked = 0;
    for route in ROUTES {
        for (asker, person) in &askers {
            // Leaving would end what the other rows ask with.
            if route.path == "/kirjaudu/ulos" {
                continue;
            }
            let user = person.as_ref().map_or(AINO, |person| person.user);
            let about_an_association = is_about_an_association(&route);
            let known = request(route, CHOIR, user);
            assert!(
                known.is_some() || !about_an_association,
                "{} {} is about an association: say in `request` how it is asked",
                route.method,
                route.path
            );
            let (path, body) = known.unwrap_or_else(|| (path_of(route), Value::Null));
            let answer = ask(&world, route, person.as_ref(), &path, &body).await;
            let refused = match answer.status.as_u16() {
                401 | 403 => true,
                303 => {
                    let leads_to = answer.headers["location"].to_str().expect("text");
                    let is_to_sign_in = leads_to.starts_with("/kirjaudu?to=") && !leads_to.ends_with("&varmista=1");
                    is_to_sign_in && route.access != Access::Anyone
                }
                _ => false,
            };
            let said = format!("{} {} as {asker:?}: {} {}", route.method, route.path, answer.status, answer.body.len());
            assert_eq!(!refused, may(route.access, *asker), "{said}");
            for canary in CANARIES {
                let is_page_of_everybody = route.access == Access::Anyone || route.access == Access::Coordinator;
                assert!(
                    !answer.body.contains(canary) || (is_page_of_everybody && canary == CANARIES[0]),
                    "{said}: {canary}"
                );
            }
            asked += 1;
        }
    }
    assert!(asked >= ROUTES.len().saturating_sub(1) * askers.len());
}

#[tokio::test]
async fn another_associations_door_and_no_door_at_all_are_the_same() {
    let world = World::new().await;
    canaries(&world).await;
    let askers = askers(&world).await;
    for route in ROUTES.iter().filter(is_about_an_association) {
        for (asker, person) in askers.iter().filter(|(asker, _)| **asker != Asker::Nobody) {
            let user = person.as_ref().map_or(AINO, |person| person.user);
            let mut answers = Vec::new();
            for association in [SCOUTS, NOWHERE] {
                let (path, body) = request(route, association, user).expect("a request");
                answers.push(ask(&world, route, person.as_ref(), &path, &body).await);
            }
            let [foreign, missing] = [&answers[0], &answers[1]];
            assert_eq!((foreign.status, &foreign.body), (missing.status, &missing.body), "{} as {asker:?}", route.path);
            assert_eq!(foreign.status, 403, "{} as {asker:?}", route.path);
            let names = |answer: &Answer| {
                let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
                names.sort_unstable();
                names
            };
            assert_eq!(names(foreign), names(missing), "{}", route.path);
        }
    }
}

/// Within noise: the medians of interleaved requests differ by less than what one request differs from the next.
#[tokio::test]
async fn another_associations_door_takes_as_long_as_none() {
    let world = World::new().await;
    canaries(&world).await;
    let reviewer = world.a_reviewer_of(CHOIR).await;
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..200 {
        for (which, association) in [SCOUTS, NOWHERE].into_iter().enumerate() {
            let begun = Instant::now();
            let answer = world.get(&format!("/api/v1/members?association={association}"), Some(&reviewer)).await;
            if round >= 20 {
                times[which].push(begun.elapsed().as_nanos() as f64);
            }
            assert_eq!(answer.status, 403);
        }
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let [foreign, missing] = &mut times;
    let ratio = median(foreign) / median(missing);
    assert!((0.8..1.25).contains(&ratio), "{ratio}");
}

/// Whose municipality's figures a coordinator sees: those of their own areas. Any other code is answered as one that no municipality has.
#[tokio::test]
async fn a_coordinator_looks_at_municipalities_of_their_own_areas_only() {
    let world = World::new().await;
    canaries(&world).await;
    // Siuntio and Akaa; Lohja lies in Siuntio's county, Inkoo too; Helsinki in neither.
    let siuntio = Municipality::parse("755").expect("a code");
    let of = |codes: &[&str]| codes.iter().map(|code| Area::parse("municipality", code).expect("an area")).collect();
    let county = Area::County(siuntio.county());
    let all: [(Vec<Area>, &[&str], &[&str]); 5] = [
        (of(&["755"]), &["755"], &["020", "444", "091", "999", "", "755%20", "0755"]),
        (of(&["755", "020"]), &["755", "020"], &["444", "091", "999", ""]),
        (vec![county], &["755", "444", "149"], &["020", "091", "999", ""]),
        (vec![county, Area::parse("municipality", "020").expect("an area")], &["020", "755", "444"], &["091", "999"]),
        (vec![Area::Nation], &[], &["755", "020", "091", "999"]),
    ];
    for (number, (areas, own, others)) in all.into_iter().enumerate() {
        let person = world.a_coordinator_of(&areas, 0xd0 + number as u8).await;
        let here = world.get("/kunta", Some(&person)).await;
        assert_eq!(here.status, 200, "{areas:?}");
        for code in own {
            for path in [format!("/kunta?kunta={code}"), format!("/kunta?vuosi=2025&kunta={code}")] {
                let answer = world.get(&path, Some(&person)).await;
                let name = Municipality::parse(code).expect("a code").name(domain::Lang::Fi);
                assert_eq!(answer.status, 200, "{areas:?} {path}");
                assert!(answer.body.contains(&format!("<h1>{name}")), "{areas:?} {path}");
                for chosen in others.iter().filter(|chosen| chosen.len() == 3) {
                    assert!(!answer.body.contains(&format!("kunta={chosen}")), "{areas:?} {path} {chosen}");
                }
                assert_eq!(answer.body.contains("aria-label=\"Valitse kunta\""), areas.len() > 1 || own.len() > 1);
            }
            let csv = world.get(&format!("/kunta/csv?kunta={code}"), Some(&person)).await;
            assert!(csv.status == 200 && csv.body.lines().skip(1).all(|line| line.starts_with(&format!("{code};"))));
        }
        let missing = world.get("/kunta?kunta=000", Some(&person)).await;
        for code in others {
            let foreign = world.get(&format!("/kunta?kunta={code}"), Some(&person)).await;
            assert_eq!(
                (foreign.status.as_u16(), without_nonce(&foreign)),
                (404, without_nonce(&missing)),
                "{areas:?} {code}"
            );
            let csv = world.get(&format!("/kunta/csv?kunta={code}"), Some(&person)).await;
            assert_eq!(csv.code_of(404), "not-found", "{areas:?} {code}");
        }
    }
}

/// A county's coordinator sees a municipality as its own coordinator does, and nothing beside it.
#[tokio::test]
async fn a_county_sees_of_a_municipality_what_its_own_coordinator_sees() {
    let world = World::new().await;
    canaries(&world).await;
    let siuntio = Municipality::parse("755").expect("a code");
    let own = world.sign_in(COORDINATOR).await;
    let county = world.a_coordinator_of(&[Area::County(siuntio.county())], 0xd9).await;
    for path in ["/kunta/csv?kunta=755", "/kunta/csv?kunta=755&vuosi=2025"] {
        let [theirs, ours] = [world.get(path, Some(&own)).await, world.get(path, Some(&county)).await];
        assert_eq!((theirs.status.as_u16(), &theirs.body), (200, &ours.body));
        assert!(CANARIES.iter().all(|canary| !ours.body.contains(canary)));
    }
    // Their own figures are not there yet: they are told what they can do, and where nothing is chosen there is no file.
    let page = world.get("/kunta", Some(&county)).await;
    assert!(page.body.contains("myöhemmässä versiossa") && page.body.contains("/kunta?kunta=755"), "{}", page.body);
    assert!(page.body.contains("href=\"/kunta/yhdistykset\""));
    assert_eq!(world.get("/kunta/csv", Some(&county)).await.code_of(404), "not-found");
    let nation = world.a_coordinator_of(&[Area::Nation], 0xda).await;
    let page = world.get("/kunta", Some(&nation)).await;
    assert!(page.status == 200 && page.body.contains("Koko maa") && !page.body.contains("kunta=755"), "{}", page.body);
    for person in [&county, &nation] {
        assert_eq!(world.get("/kunta/yhdistykset", Some(person)).await.status, 200);
    }
}

fn without_nonce(answer: &Answer) -> String {
    let mut text = answer.body.clone();
    while let Some((before, rest)) = text.split_once("nonce=\"") {
        text = format!("{before}{}", rest.split_once('"').expect("an end").1);
    }
    text
}
