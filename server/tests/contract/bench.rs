//! A database under test, and the people and associations who write to it.

use std::{future::Future, sync::Arc};

use domain::{
    AssociationId, Kind, Quarter, RecordId, Role, UserId,
    release::{Release, WaitingGathering},
};
use serde_json::json;
use server::store::{Freeze, PullQuery, ReleaseCell, Store, Transaction, sqlite::SqliteStore};
use sync::{
    protocol::{Change, ChangeResult, PullRecord},
    rules::pull::Reader,
};
use tempfile::TempDir;

use crate::support::{NOW_MS, Scribe, change};

/// Two associations; whatever is done in one is not seen in the other.
pub const HERE: AssociationId = AssociationId::from_bytes([0xa1; 16]);
pub const THERE: AssociationId = AssociationId::from_bytes([0xa2; 16]);
pub const REVIEWER: UserId = UserId::from_bytes([0xb0; 16]);
pub const AINO: UserId = UserId::from_bytes([0xb1; 16]);
pub const BERIT: UserId = UserId::from_bytes([0xb2; 16]);

const AREA: (&str, &str) = ("municipality", "755");

/// A database that can be made afresh.
pub trait Database {
    fn fresh() -> impl Future<Output = Self>;

    fn store(&self) -> &Arc<dyn Store>;

    /// Tells what an association calls a user.
    async fn name(&self, user: UserId, nickname: &str) {
        self.store().add_person(user, nickname).await.expect("a person");
    }

    /// Makes a user a volunteer of an association, which calls them so.
    async fn join(&self, association: AssociationId, user: UserId, nickname: &str) {
        self.name(user, nickname).await;
        self.store().add_member(association, user, Role::Volunteer).await.expect("a member");
    }

    /// Releases a quarter with one cell that says `figures`, and returns what it counted; none when it was released before.
    async fn release(&self, quarter: Quarter, figures: &str) -> Option<Vec<WaitingGathering>> {
        let mut tx = self.store().begin(&[]).await.expect("begin");
        if tx.is_released(quarter).await.expect("a look-up") {
            return None;
        }
        let mut waiting = tx.waiting(quarter.last_day()).await.expect("rows");
        let counted = freeze(&mut *tx, quarter, &waiting, figures).await;
        tx.commit().await.expect("commit");
        waiting.retain(|row| counted.contains(&(row.association, row.gathering)));
        Some(waiting)
    }

    /// The cells that [`Database::release`] froze.
    async fn frozen(&self, quarter: Quarter) -> Vec<ReleaseCell> {
        self.store().release_cells(AREA.0, AREA.1, quarter, quarter).await.expect("cells")
    }
}

/// Freezes the release of a quarter that counts of these rows what it has to, and returns what that is.
pub async fn freeze(
    tx: &mut dyn Transaction,
    quarter: Quarter,
    waiting: &[WaitingGathering],
    figures: &str,
) -> Vec<(AssociationId, RecordId)> {
    let release = Release::of(quarter, waiting, |_| false);
    let cell = ReleaseCell {
        quarter,
        number: 0,
        area_kind: AREA.0.to_owned(),
        area: AREA.1.to_owned(),
        form: String::new(),
        figures: figures.to_owned(),
    };
    tx.freeze(Freeze { quarter, counted: &release.counted, cells: &[cell] }, NOW_MS).await.expect("frozen");
    release.counted
}

/// SQLite in a file that goes with it.
pub struct SqliteFile {
    store: Arc<dyn Store>,
    _folder: TempDir,
}

impl Database for SqliteFile {
    async fn fresh() -> SqliteFile {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(&folder.path().join("test.db")).await.expect("a database");
        SqliteFile { store: Arc::new(store), _folder: folder }
    }

    fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }
}

pub fn deletion(kind: Kind, record: RecordId, base: u32) -> Change {
    Change { content: None, deleted: true, ..change(kind, record, base, json!({})) }
}

pub fn reviewer() -> Scribe {
    Scribe::new(HERE, REVIEWER, Role::Reviewer)
}

pub fn volunteer(user: UserId) -> Scribe {
    Scribe::new(HERE, user, Role::Volunteer)
}

/// Says of a gathering's revision that it is approved or returned; the review's id.
pub async fn review<D: Database>(db: &D, gathering: RecordId, revision: u32, verdict: &str) -> RecordId {
    let id = crate::support::new_record();
    let content = json!({"gathering": gathering, "revision": revision, "verdict": verdict, "comment": "Onko näin?"});
    let taken = reviewer().take(&**db.store(), &[change(Kind::Review, id, 0, content)]).await;
    only(&taken.results);
    id
}

/// The one result.
pub fn only(results: &[ChangeResult]) -> &ChangeResult {
    assert_eq!(results.len(), 1);
    &results[0]
}

pub const EVERYTHING: PullQuery = PullQuery {
    association: HERE,
    reader: Reader { user: REVIEWER, role: Role::Reviewer, first_day: None },
    after: 0,
    limit: 10_000,
};

/// All that a query gives, page by page.
pub async fn pull_all<D: Database>(db: &D, query: PullQuery) -> Vec<PullRecord> {
    let mut query = query;
    let mut records = Vec::new();
    loop {
        let page = db.store().pull(query).await.expect("a page");
        records.extend(page.records);
        assert!(page.next > query.after || !page.more, "the cursor stands still");
        query.after = page.next;
        if !page.more {
            return records;
        }
    }
}
