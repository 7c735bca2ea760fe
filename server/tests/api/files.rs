//! Compressed answers, and the browser's files of earlier releases.

use std::borrow::Cow;

use axum::{
    body::Body,
    http::{Method, Request},
};
use server::{
    Server,
    assets::{Asset, Older},
    http::router::router,
};
use tower::ServiceExt;

use super::world::*;
use crate::support::club;

#[tokio::test]
async fn a_page_of_records_travels_compressed_where_the_browser_takes_it() {
    let world = World::new().await;
    let aino = world.sign_in(AINO).await;
    let changes: Vec<_> = (0..20).map(|_| new_gathering(club(14))).collect();
    world.push(&aino, &changes).await;
    let path = format!("/api/v1/sync/pull?association={CHOIR}");
    let get = async |accepts| {
        let headers = [("cookie", aino.cookie()), ("accept-encoding", accepts)];
        world.send(Method::GET, &path, &headers, Vec::new()).await
    };
    let (packed, plain) = (get("gzip, deflate, br").await, get("identity").await);
    assert_eq!(packed.headers["content-encoding"], "gzip");
    assert!(!plain.headers.contains_key("content-encoding"));
    assert_eq!((&packed.body, &packed.headers["vary"]), (&plain.body, &plain.headers["vary"]));
    assert_eq!(plain.headers["vary"], "accept-encoding");
}

#[tokio::test]
async fn an_older_apps_files_are_served_and_unknown_ones_are_not() {
    let world = World::new().await;
    let data = tempfile::tempdir().expect("a folder");
    let release = |name: &str| Asset {
        url: format!("/pkg/{name}"),
        role: "script".to_owned(),
        sha256: name.to_owned(),
        rooms: Vec::new(),
        media_type: "text/javascript".to_owned(),
    };
    let bytes = |url: &str| Some(Cow::Owned(url.as_bytes().to_vec()));
    Older::keep(data.path(), &[release("app-old.js")], bytes).expect("kept");
    let older = Older::keep(data.path(), &[release("app-new.js")], bytes).expect("kept");
    let router = router(Server { older: older.into(), ..world.server.clone() });
    let get = async |path: &str| {
        let request = Request::get(path).header("accept-encoding", "br").body(Body::empty()).expect("a request");
        router.clone().oneshot(request).await.expect("an answer")
    };
    let found = get("/pkg/app-old.js").await;
    let headers = found.headers().clone();
    assert_eq!((found.status().as_u16(), &headers["content-type"]), (200, &"text/javascript".parse().expect("text")));
    assert_eq!(headers["content-encoding"], "br");
    assert!(headers["cache-control"].to_str().is_ok_and(|cache| cache.contains("immutable")));
    let body = axum::body::to_bytes(found.into_body(), 1000).await.expect("a body");
    assert_eq!(&*body, b"/pkg/app-old.js.br");
    for unknown in ["/pkg/app-older.js", "/pkg/list.json", "/pkg/..%2Forder.json"] {
        assert_eq!(get(unknown).await.status(), 404, "{unknown}");
    }
}
