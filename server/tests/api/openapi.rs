//! The OpenAPI description is complete and matches what the server does.

use serde_json::{Value, json};
use server::http::routes::ROUTES;

use super::{
    described::{DESCRIPTION, problems},
    world::*,
};
use crate::support::club;

#[test]
fn every_route_for_machines_is_described_and_every_described_route_exists() {
    // The router is made from the table, so that a route cannot hide.
    let is_for_machines = |path: &str| path.starts_with("/api/") || ["/healthz", "/readyz"].contains(&path);
    let mut routes: Vec<String> = ROUTES
        .iter()
        .filter(|route| is_for_machines(route.path))
        .map(|route| format!("{} {}", route.method.as_str().to_lowercase(), route.path))
        .collect();
    let operations = |(path, methods): (&String, &Value)| {
        let methods = methods.as_object().expect("methods").keys().map(|method| format!("{method} {path}"));
        methods.collect::<Vec<_>>()
    };
    let mut described: Vec<String> =
        DESCRIPTION["paths"].as_object().expect("paths").iter().flat_map(operations).collect();
    routes.sort_unstable();
    described.sort_unstable();
    // One address is asked in two ways.
    routes.dedup();
    assert!(routes.len() >= 6, "the route table was read: {routes:?}");
    assert_eq!(routes, described);
}

/// A client that is made from the description would otherwise leave the association out of the address.
#[test]
fn a_parameter_is_described_in_the_path_only_where_the_path_has_its_place() {
    let mut seen = 0;
    for (path, methods) in DESCRIPTION["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().expect("a name");
                let place = if path.contains(&format!("{{{name}}}")) { "path" } else { "query" };
                assert_eq!(parameter["in"], place, "{method} {path}: {name}");
                seen += 1;
            }
        }
    }
    assert!(seen > 0, "parameters were found");
}

#[tokio::test]
async fn every_described_route_answers_in_the_described_way() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    for (path, methods) in DESCRIPTION["paths"].as_object().expect("paths") {
        let is_get = methods.get("get").is_some();
        for person in [None, Some(&aino)] {
            let answer = match is_get {
                true => world.get(&format!("{path}?association={CHOIR}"), person).await,
                false => world.post_push(person, &[], Vec::new()).await,
            };
            assert_ne!(answer.status, 404, "{path}");
            assert_ne!(answer.status, 405, "{path}");
        }
    }
    let shown = world.get("/api/v1/openapi.json", None).await;
    assert_eq!(&shown.json(), &*DESCRIPTION);
}

#[tokio::test]
async fn what_a_phone_sends_is_described_too() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let changes = [new_gathering(club(14)), deletion_of(MONDAYS, 1)];
    let body = push_body(&aino, CHOIR, &changes);
    let pull = &DESCRIPTION["paths"]["/api/v1/sync/pull"];
    assert_eq!((&pull["get"]["deprecated"], pull["post"].get("deprecated")), (&json!(true), None));
    let schema = &pull["post"]["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(problems(schema, &pull_body(&aino, CHOIR), "pull"), Vec::<String>::new());
    let schema =
        &DESCRIPTION["paths"]["/api/v1/sync/push"]["post"]["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(problems(schema, &body, "push"), Vec::<String>::new());
}

/// A check that accepts everything would check nothing.
#[test]
fn the_check_finds_what_is_missing_wrong_or_not_described() {
    let reply = json!({"$ref": "#/components/schemas/PushReply"});
    let result =
        json!({"change": MONDAYS, "outcome": "stored", "record": MONDAYS, "sent_hash": "x", "rev": 1, "seq": 1});
    let good = json!({"magic": "m", "epoch": "e", "server_time": 1, "results": [result]});
    assert_eq!(problems(&reply, &good, "reply"), Vec::<String>::new());
    let spoilt = |pointer: &str, value: Option<Value>| {
        let mut spoilt = good.clone();
        let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
        let parent = spoilt.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
        match value {
            Some(value) => parent.insert(name.to_owned(), value),
            None => parent.remove(name),
        };
        problems(&reply, &spoilt, "reply").len()
    };
    assert_eq!(spoilt("/epoch", None), 1);
    assert_eq!(spoilt("/server_time", Some(json!("now"))), 1);
    assert_eq!(spoilt("/surprise", Some(json!(1))), 1);
    assert_eq!(spoilt("/results/0/outcome", Some(json!("swallowed"))), 1);
    assert_eq!(spoilt("/results/0/record", Some(json!("17"))), 1);
    assert_eq!(spoilt("/results/0/rev", Some(json!(-1))), 1);
}

#[tokio::test]
async fn an_address_that_is_not_there_has_the_envelope_too() {
    let world = World::new().await;
    assert_eq!(world.get("/api/v1/gatherings", None).await.code_of(404), "not-found");
    assert_eq!(world.get("/api/v1/sync/push", None).await.code_of(405), "wrong-method");
    assert_eq!(world.get("/nowhere", None).await.status, 404);
}
