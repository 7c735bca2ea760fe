//! The simulator over the real database: runs one in a hundred of the seeds that `sync` runs in memory.

use std::{path::PathBuf, sync::Arc};

use domain::{AssociationId, Kind, RecordId, Role, UserId, permission::visible};
use server::{
    backup, folder,
    store::{PullQuery, Records, Store, Transactions, sqlite::SqliteStore},
};
use sync::{
    engine::Failure,
    limits,
    protocol::{OFFER_MAGIC, OfferReply, OfferRequest, PULL_MAGIC, PUSH_MAGIC, PullReply, PushReply, PushRequest},
    rules::{
        self, Keys, Loaded, NewRevision, Stored, Who, Writes, offer,
        pull::{self, Reader},
    },
    seal::SealKey,
    testing::{
        memory_server::SimServer,
        simulator::{self, DAYS},
    },
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Lives, at sixty days of three phones each, beside the four hundred in memory.
const SEEDS: u64 = 4;

/// One association's server on a database of its own.
struct OverSqlite {
    runtime: Arc<Runtime>,
    folder: TempDir,
    store: SqliteStore,
    key: SealKey,
    epoch: String,
    association: AssociationId,
    /// What was written, as the world asks for it.
    revisions: Vec<NewRevision>,
    backups: usize,
}

impl OverSqlite {
    fn new(runtime: Arc<Runtime>, epoch: &str) -> OverSqlite {
        let folder = tempfile::tempdir().expect("a folder");
        let store = runtime.block_on(SqliteStore::open(&folder::database(folder.path()))).expect("opens");
        let key = SealKey::new(&runtime.block_on(store.seal_key()).expect("a key"));
        let (epoch, association) = (epoch.to_owned(), AssociationId::from_bytes([1; 16]));
        OverSqlite { runtime, folder, store, key, epoch, association, revisions: Vec::new(), backups: 0 }
    }

    /// One transaction: load, decide, write.
    fn write<T>(&mut self, association: AssociationId, keys: &Keys, decide: impl FnOnce(Loaded) -> (T, Writes)) -> T {
        self.association = association;
        let (answer, writes) = self.runtime.block_on(async {
            let mut tx = self.store.begin(&[association]).await.expect("begins");
            let (answer, writes) = decide(tx.load(association, keys).await.expect("loads"));
            tx.apply(association, &writes, 0).await.expect("applies");
            tx.commit().await.expect("commits");
            (answer, writes)
        });
        self.revisions.extend(writes.revisions);
        for corrected in &writes.corrected {
            let before = |known: &&NewRevision| {
                (known.kind, known.record) == (corrected.kind, corrected.record) && known.seq < corrected.seq
            };
            let known = self.revisions.iter().rfind(before).cloned();
            let told_anew = |known| NewRevision { seq: corrected.seq, recorder: corrected.recorder, ..known };
            self.revisions.extend(known.map(told_anew));
        }
        self.revisions.sort_by_key(|revision| revision.seq);
        answer
    }

    fn load(&self, association: AssociationId, keys: &Keys) -> Loaded {
        self.runtime.block_on(self.store.look_up(association, keys)).expect("loads")
    }
}

impl SimServer for OverSqlite {
    type Snapshot = (PathBuf, usize);

    fn push(&mut self, who: &Who, request: &PushRequest, server_time: i64) -> Result<PushReply, Failure> {
        if request.user != who.user {
            return Err(Failure::SignIn);
        }
        let changes = rules::read_changes(&request.changes).ok_or(Failure::NoAnswer)?;
        let mut results = match rules::must_offer_first(&request.epoch, &self.epoch) {
            true => rules::before_the_offer(&changes),
            false => self.write(who.association, &rules::keys(&changes), |loaded| rules::decide(loaded, who, &changes)),
        };
        rules::seal(&self.key, who.association, &mut results);
        Ok(PushReply { magic: PUSH_MAGIC.into(), epoch: self.epoch.clone(), server_time, results })
    }

    fn pull(&mut self, who: &Who, user: UserId, after: u64, epoch: &str) -> Result<PullReply, Failure> {
        if user != who.user {
            return Err(Failure::SignIn);
        }
        let reset = rules::must_offer_first(epoch, &self.epoch);
        let query = PullQuery {
            association: who.association,
            // The world compares whole notebooks: what a volunteer's phone is spared is hidden below, and not left out.
            reader: Reader { user, role: Role::Reviewer, first_day: None },
            after: if reset { 0 } else { after },
            limit: limits::PULL_PAGE_MAX,
        };
        let page = self.runtime.block_on(self.store.pull(query)).expect("pulls");
        let mut records = page.records;
        for record in &mut records {
            record.content = record.content.take().map(|content| visible(who.role, record.mine, record.kind, &content));
            record.by = None;
        }
        pull::seal(&self.key, who.association, user, &mut records);
        let (magic, epoch) = (PULL_MAGIC.into(), self.epoch.clone());
        Ok(PullReply { magic, epoch, records, next: page.next, more: page.more, reset })
    }

    fn offer(&mut self, who: &Who, request: &OfferRequest) -> Result<OfferReply, Failure> {
        if request.user != who.user {
            return Err(Failure::SignIn);
        }
        let mut wanted = Vec::new();
        if request.epoch == self.epoch {
            let holds = offer::read_holds(&request.holds);
            wanted = offer::wanted(&self.load(who.association, &offer::hold_keys(&holds)), who, &holds);
            let mut records = offer::read_records(&request.records);
            if !records.is_empty() {
                offer::check_seals(&self.key, who, &mut records);
                let keys = offer::keys(&records);
                self.write(who.association, &keys, |loaded| ((), offer::decide(loaded, who, &records)));
            }
        }
        Ok(OfferReply { magic: OFFER_MAGIC.into(), epoch: self.epoch.clone(), wanted, closed: false })
    }

    fn snapshot(&mut self) -> Self::Snapshot {
        self.backups += 1;
        let file = self.folder.path().join(format!("{}.backup", self.backups));
        self.runtime.block_on(backup::backup(self.folder.path(), &file, false)).expect("a backup");
        (file, self.revisions.len())
    }

    fn restore(&mut self, (file, revisions): &Self::Snapshot, epoch: &str) {
        self.runtime.block_on(async {
            self.store.close().await;
            backup::restore(self.folder.path(), file, true).await.expect("restores");
            self.store = SqliteStore::open(&folder::database(self.folder.path())).await.expect("opens");
        });
        self.key = SealKey::new(&self.runtime.block_on(self.store.seal_key()).expect("a key"));
        self.revisions.truncate(*revisions);
        self.epoch = epoch.to_owned();
    }

    fn epoch(&self) -> &str {
        &self.epoch
    }

    fn added(&mut self, from: usize) -> Vec<NewRevision> {
        self.revisions[from..].to_vec()
    }

    fn newest(&mut self) -> Vec<((Kind, RecordId), Stored)> {
        let mut records: Vec<_> = self.revisions.iter().map(|revision| (revision.kind, revision.record)).collect();
        records.sort_unstable();
        records.dedup();
        let loaded = self.load(self.association, &Keys { records, ..Keys::default() });
        loaded.records.into_iter().collect()
    }
}

#[test]
fn one_life_in_a_hundred_is_lived_over_the_real_database() {
    let runtime = Arc::new(tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"));
    for seed in 0..SEEDS {
        let run = simulator::run_over(seed, DAYS, false, |epoch| OverSqlite::new(runtime.clone(), epoch));
        assert_eq!(run.broken, None, "seed {seed}");
        assert!(run.tally.events > 1_000, "{}", run.tally.events);
    }
}
