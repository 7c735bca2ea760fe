//! Whether the server says of itself that it is well.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use axum::{body::Body, http::Request};
use domain::AssociationId;
use server::{
    http::router::router,
    store::{Result, StoreError, Transaction, Transactions, group::Writer},
};
use tower::ServiceExt;

use super::world::*;

/// A database into which nothing can be written, or that does not say whether it can.
struct Unwritable {
    answers: bool,
}

#[async_trait]
impl Transactions for Unwritable {
    async fn begin(&self, _associations: &[AssociationId]) -> Result<Box<dyn Transaction>> {
        if !self.answers {
            tokio::time::sleep(Duration::from_secs(600)).await;
        }
        Err(StoreError::Damaged("on purpose"))
    }
}

/// The status with a writer of its own; the readers are well.
async fn status_with(world: &World, writer: Writer) -> u16 {
    let mut server = world.server.clone();
    server.writer = writer;
    let request = Request::get("/readyz").body(Body::empty()).expect("a request");
    router(server).oneshot(request).await.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn a_server_is_ready_while_its_database_can_be_read_and_written() {
    let world = World::new().await;
    assert_eq!(world.get("/readyz", None).await.status, 200);
    for answers in [true, false] {
        assert_eq!(status_with(&world, Writer::start(Arc::new(Unwritable { answers }))).await, 503, "{answers}");
    }
    assert_eq!(world.get("/readyz", None).await.status, 200);
    world.server.store.close().await;
    assert_eq!(world.get("/readyz", None).await.status, 503);
    assert_eq!(world.get("/healthz", None).await.status, 200);
}
