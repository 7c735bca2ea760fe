//! Records, their revisions, and what changes were answered.

use async_trait::async_trait;
use domain::{AssociationId, Content, DeviceId, Kind, RecordId, Role};
use sync::rules::{
    Keys, Loaded, Writes,
    pull::{PullPage, PullRow, page},
    rows::AboutRow,
};

use super::{PullQuery, Result, RevisionRow, RowsQuery};

#[async_trait]
pub trait Records: Send + Sync {
    /// The newest revisions of an association's records after a sequence number, in its order, at most `limit`. Whose a review's
    /// gathering is ([`PullRow::gathering`]) is loaded where `reviews_for` asks for it: a reviewer is given all reviews.
    async fn rows_after(&self, query: &RowsQuery) -> Result<Vec<PullRow>>;

    /// Whether a device has written a record of a kind for an association.
    async fn has_written(&self, association: AssociationId, device: DeviceId, kind: Kind) -> Result<bool>;

    /// What an association's records of a kind say now, at most `limit`, by their ids. Deleted ones say nothing.
    async fn contents(&self, association: AssociationId, kind: Kind, limit: u32) -> Result<Vec<(RecordId, Content)>>;

    /// The newest revisions of an association's gathering and of its reviews, at most `limit`, the newest first. None of another
    /// association's gathering.
    async fn revisions(&self, association: AssociationId, gathering: RecordId, limit: u32) -> Result<Vec<RevisionRow>>;

    /// As [`RecordsTx::load_rows`], outside the write transaction: one moment of the database, which nobody waits for.
    async fn look_up_rows(&self, association: AssociationId, keys: &Keys) -> Result<(Loaded, Vec<AboutRow>)>;

    /// Loads what an answer needs that writes nothing.
    async fn look_up(&self, association: AssociationId, keys: &Keys) -> Result<Loaded> {
        Ok(whole(self.look_up_rows(association, keys).await?))
    }

    /// What an association's own record says; none where it has none.
    async fn own_record(&self, association: AssociationId) -> Result<Option<Content>> {
        let own = (Kind::Association, RecordId::new(association.uuid()));
        let keys = Keys { records: vec![own], ..Keys::default() };
        let mut loaded = self.look_up(association, &keys).await?;
        Ok(loaded.records.remove(&own).and_then(|stored| stored.content))
    }

    /// A page of what a device is told; `sync::rules::pull` decides what is in it.
    async fn pull(&self, query: PullQuery) -> Result<PullPage> {
        let PullQuery { association, reader, after, limit } = query;
        let reviews_for = (reader.role != Role::Reviewer).then_some(reader);
        let rows = self.rows_after(&RowsQuery { association, after, limit, reviews_for }).await?;
        Ok(page(&reader, rows, after, limit))
    }
}

#[async_trait]
pub trait RecordsTx: Send {
    /// Loads what the keys name. Of `keys.about`, the rows of all reviews and alternatives, in any order; [`Loaded::reviews`] and
    /// [`Loaded::alternatives`] are left empty.
    async fn load_rows(&mut self, association: AssociationId, keys: &Keys) -> Result<(Loaded, Vec<AboutRow>)>;

    /// Writes what the rules decided: `sync::rules::rows` says which rows that changes. `now_ms` is the server's clock.
    async fn apply(&mut self, association: AssociationId, writes: &Writes, now_ms: i64) -> Result<()>;

    /// Loads what the rules need.
    async fn load(&mut self, association: AssociationId, keys: &Keys) -> Result<Loaded> {
        Ok(whole(self.load_rows(association, keys).await?))
    }
}

fn whole((mut loaded, about): (Loaded, Vec<AboutRow>)) -> Loaded {
    loaded.add_about(about);
    loaded.find_unreadable();
    loaded
}
