//! Every route of the table, asked by whoever may not.

use axum::http::Method;
use server::http::{
    route::{Access, Route, Sort},
    routes::ROUTES,
};

use super::world::*;
use crate::support::club;

const ORIGIN: &str = "https://hytevihko.fi";

/// What an attacker's page makes a browser send, or can make it leave away.
const FORGED: [&[(&str, &str)]; 8] = [
    &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
    &[("origin", "https://other.hytevihko.fi"), ("sec-fetch-site", "same-site")],
    // The same host without encryption, as whoever controls the network can serve it.
    &[("origin", "http://hytevihko.fi"), ("host", "hytevihko.fi")],
    &[("origin", "https://hytevihko.fi:8443"), ("host", "hytevihko.fi:8443")],
    &[("origin", "null")],
    // An address that a person was made to open.
    &[("sec-fetch-site", "none")],
    // The host header is whatever was asked for.
    &[("origin", "https://evil.example"), ("host", "evil.example"), ("x-hytevihko", "1")],
    // Nothing at all.
    &[],
];

fn changing() -> impl Iterator<Item = &'static Route> {
    // Whoever comes back from another site is let in by a ticket: `a_return_without_its_ticket_changes_nothing`.
    ROUTES.iter().filter(|route| route.changes && route.sort != Sort::Return)
}

#[tokio::test]
async fn no_forged_request_is_accepted_by_any_route_that_changes_something() {
    let world = World::new().await.reached_at(ORIGIN);
    let rauha = world.sign_in(RAUHA).await;
    let push = bytes(&push_body(&rauha, CHOIR, &[new_gathering(club(14))]));
    let bodies = [
        ("application/json", push),
        ("text/plain", b"{}".to_vec()),
        ("application/x-www-form-urlencoded", b"who=sihteeri".to_vec()),
    ];
    let mut asked = 0;
    for route in changing() {
        for forged in FORGED {
            for (content_type, body) in &bodies {
                let mut headers = forged.to_vec();
                headers.extend([("cookie", rauha.cookie()), ("content-type", *content_type)]);
                let answer = world.send_as_it_is(Method::POST, &path_of(route), &headers, body.clone()).await;
                assert_eq!(answer.code_of(403), "cross-site", "{} {forged:?}", route.path);
                assert!(!answer.headers.contains_key("set-cookie"));
                asked += 1;
            }
        }
    }
    assert!(asked >= 5 * FORGED.len() * bodies.len(), "{asked}");
    assert_eq!(world.records("gathering").await.len(), 0);
    assert_eq!(world.get("/api/v1/me", Some(&rauha)).await.status, 200, "and nobody was signed out");
}

#[tokio::test]
async fn a_page_of_ours_and_an_app_of_an_earlier_release_are_served() {
    let world = World::new().await.reached_at(ORIGIN);
    let aino = world.sign_in(AINO).await;
    let body = bytes(&push_body(&aino, CHOIR, &[new_gathering(club(14))]));
    for own in [
        &[("origin", ORIGIN), ("sec-fetch-site", "same-origin"), ("x-hytevihko", "1")][..],
        &[("origin", ORIGIN)],
        &[("sec-fetch-site", "same-origin")],
        &[("x-hytevihko", "1")],
    ] {
        let mut headers = own.to_vec();
        headers.extend([("cookie", aino.cookie()), ("content-type", "application/json")]);
        let answer = world.send_as_it_is(Method::POST, "/api/v1/sync/push", &headers, body.clone()).await;
        assert_eq!(answer.status, 200, "{own:?} {}", answer.body);
    }
}

#[tokio::test]
async fn a_return_without_its_ticket_changes_nothing() {
    let world = World::new().await.reached_at(ORIGIN).with_a_provider();
    let rauha = world.sign_in(RAUHA).await;
    let returns: Vec<_> = ROUTES.iter().filter(|route| route.sort == Sort::Return).collect();
    assert_eq!(returns.len(), 1, "another one needs a reason");
    for ticket in ["", "__Host-hytevihko-oidc=eyJ4IjoxfQ.AAAA", "__Host-hytevihko-oidc="] {
        let cookies = format!("{}; {ticket}", rauha.cookie());
        let path = format!("{}?code=x&state=y", path_of(returns[0]));
        let answer = world.send_as_it_is(Method::GET, &path, &[("cookie", &cookies)], Vec::new()).await;
        assert_eq!(answer.status, 400);
        let set: Vec<_> = answer.headers.get_all("set-cookie").iter().filter_map(|one| one.to_str().ok()).collect();
        assert!(set.iter().all(|one| one.starts_with("__Host-hytevihko-oidc=;")), "{set:?}");
    }
    assert_eq!(world.get("/api/v1/me", Some(&rauha)).await.status, 200, "and nobody was signed out");
}

/// The table says what changes something; a GET does not but for a return, and a route answers to its own method only.
#[tokio::test]
async fn a_route_answers_to_its_own_method_only() {
    let world = World::new().await;
    for route in ROUTES {
        assert!(!route.changes || route.method == Method::POST || route.sort == Sort::Return, "{}", route.path);
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let is_listed = ROUTES.iter().any(|other| other.path == route.path && other.method == method);
            if !is_listed {
                let answer = world.send(method.clone(), &path_of(route), &[], Vec::new()).await;
                assert_eq!(answer.code_of(405), "wrong-method", "{method} {}", route.path);
            }
        }
    }
}

#[tokio::test]
async fn who_is_not_signed_in_opens_only_what_is_for_everyone() {
    let world = World::new().await;
    for route in ROUTES.iter().filter(|route| route.access != Access::Anyone) {
        let content_type = [("content-type", "application/json")];
        let answer = world.send(route.method.clone(), &path_of(route), &content_type, Vec::new()).await;
        match route.sort {
            Sort::Page | Sort::Report | Sort::Form if answer.status == 303 => {
                let leads_to = answer.headers["location"].to_str().expect("text");
                // They come back to the page that they asked for, and from a form to the page that it is on.
                let back =
                    leads_to.strip_prefix("/kirjaudu?to=").unwrap_or_else(|| panic!("{} {leads_to}", route.path));
                let is_page = |other: &&Route| other.path == back && other.method == Method::GET && other.is_page();
                assert!(ROUTES.iter().any(|other| is_page(&other)), "{} {leads_to}", route.path);
                assert!(route.method == Method::POST || back == route.path, "{} {leads_to}", route.path);
            }
            _ => assert_eq!(answer.code_of(401), "not-signed-in", "{}", route.path),
        }
    }
}

#[tokio::test]
async fn more_than_a_form_holds_is_not_read() {
    let world = World::empty().await;
    server::demo::fill(&world.server).await.expect("the demo");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let long = format!("who=sihteeri&x={}", "a".repeat(16 * 1024));
    let answer = world.send(Method::POST, "/kirjaudu/demo", &form, long.into_bytes()).await;
    assert_eq!(answer.code_of(413), "too-large");
    assert!(!answer.headers.contains_key("set-cookie"));
    let short = world.send(Method::POST, "/kirjaudu/demo", &form, b"who=sihteeri".to_vec()).await;
    assert_eq!(short.status, 303);
}

#[tokio::test]
async fn whoever_asks_without_end_is_asked_to_wait_in_their_language_and_nobody_else_is() {
    let world = World::new().await.behind_a_proxy();
    let from = |address: &'static str| [("x-forwarded-for", address), ("accept-language", "sv")];
    let mut taken = 0;
    let refused = loop {
        let answer = world.send(Method::GET, "/app", &from("198.51.100.7"), Vec::new()).await;
        if answer.status != 200 {
            break answer;
        }
        taken += 1;
        assert!(taken < 20_000, "never");
    };
    assert!(taken >= 1_500, "{taken}");
    assert_eq!(refused.status, 429);
    assert_eq!(refused.headers["retry-after"], "1");
    assert!(refused.body.contains("För många försök"), "{}", refused.body);
    assert_eq!(world.send(Method::GET, "/app", &from("198.51.100.8"), Vec::new()).await.status, 200);
    assert_eq!(world.send(Method::GET, "/healthz", &from("198.51.100.7"), Vec::new()).await.status, 200);
}

#[tokio::test]
async fn attempts_to_sign_in_are_counted_by_themselves() {
    let world = World::new().await.behind_a_proxy();
    let headers = [("x-forwarded-for", "2001:db8::1"), ("content-type", "application/x-www-form-urlencoded")];
    let mut refused = None;
    for _ in 0..400 {
        let answer = world.send(Method::POST, "/kirjaudu/demo", &headers, b"who=nobody".to_vec()).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("at some time it is enough");
    assert!(refused.headers["content-type"].to_str().is_ok_and(|kind| kind.starts_with("text/html")));
    // Another address of the same connection at home.
    let same = [("x-forwarded-for", "2001:db8::2"), headers[1]];
    assert_eq!(world.send(Method::POST, "/kirjaudu/demo", &same, b"who=nobody".to_vec()).await.status, 429);
    assert_eq!(world.send(Method::GET, "/", &headers[..1], Vec::new()).await.status, 200, "pages are open");
}

#[tokio::test]
async fn a_person_who_asks_without_end_is_asked_to_wait_and_nobody_else_is() {
    let world = World::new().await;
    let (aino, berit) = (world.sign_in(AINO).await, world.sign_in(BERIT).await);
    let until_refused = async || {
        for _ in 0..10_000 {
            let answer = world.get("/api/v1/me", Some(&aino)).await;
            if answer.status != 200 {
                return answer;
            }
        }
        panic!("at some time it is enough");
    };
    // A machine that is busy may take longer to ask than it takes for one more request to be free again.
    let page_refused = async |path: &str| {
        for _ in 0..50 {
            until_refused().await;
            let page = world.get(path, Some(&aino)).await;
            if page.status == 429 {
                return page;
            }
        }
        panic!("{path} is never refused");
    };
    let refused = until_refused().await;
    assert_eq!(refused.code_of(429), "too-many");
    assert_eq!(refused.headers["retry-after"], "1");
    let page = page_refused("/kunta").await;
    assert!(page.body.starts_with("<!DOCTYPE html>"), "{} {}", page.status, page.body);
    let page = page_refused("/yhdistys/pyynto").await;
    assert!(page.headers.contains_key("retry-after"), "{} {}", page.status, page.body);
    assert!(page.body.starts_with("<!DOCTYPE html>"), "{}", page.body);
    assert_eq!(world.get("/api/v1/me", Some(&berit)).await.status, 200);
}

#[tokio::test]
async fn choosing_a_language_leads_back_to_a_page_of_ours_and_nowhere_else() {
    let world = World::new().await;
    for (to, leads) in [
        ("/kunta?vuosi=2026", "/kunta?vuosi=2026"),
        ("/app/yhdistys", "/app/yhdistys"),
        // Browsers leave the tab away: two slashes remain, and a host.
        ("/%09/evil.example", "/"),
        ("/%0a/evil.example", "/"),
        ("/%5cevil.example", "/"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("", "/"),
    ] {
        let answer = world.get(&format!("/kieli/sv?to={to}"), None).await;
        assert_eq!(answer.headers["location"], leads, "{to}");
    }
}

#[tokio::test]
async fn a_browser_is_told_to_come_by_https_only_where_the_origin_is() {
    let world = World::new().await;
    for path in ["/", "/api/v1/me", "/nowhere", "/kunta"] {
        assert!(!world.get(path, None).await.headers.contains_key("strict-transport-security"), "{path}");
        let answer = world.reached_at(ORIGIN).get(path, None).await;
        assert_eq!(answer.headers["strict-transport-security"], "max-age=31536000", "{path}");
    }
}

#[tokio::test]
async fn a_browsers_report_of_a_broken_policy_is_counted_and_nothing_else_is_taken_there() {
    let world = World::new().await;
    let page = world.get("/", None).await;
    let policy = page.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.ends_with("report-uri /csp") && !policy.contains("unsafe-inline"), "{policy}");
    let report = |kind| async move {
        let headers = [("content-type", kind)];
        (World::new().await).send_as_it_is(Method::POST, "/csp", &headers, b"{}".to_vec()).await.status.as_u16()
    };
    assert_eq!(report("application/csp-report").await, 204);
    assert_eq!(report("text/plain").await, 415);
}
