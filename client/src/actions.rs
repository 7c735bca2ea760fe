//! The device's implementation of `Actions`: saving, undoing, drafts, and reconciling the two copies at start. It is in
//! the second WebAssembly file, with the screens that call it.

use std::rc::Rc;

use app::phone::{Actions, Failed, LocalFuture, Memory, Refused};
use domain::{AssociationId, ChangeId, Kind, RecordId, UserId, date};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use store::StoreError;
use sync::{
    Event, LocalWrites, Outbox,
    engine::Failure,
    file::{self, FiledChange},
    limits,
    local::{Body, LocalRecord},
    mirror::Health,
    outbox::Edit,
    protocol::{PUSH_MAGIC, PushRequest, sign_out::SignOutReply},
};
use wasm_bindgen_futures::JsFuture;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::{
    browser,
    device::{Device, WRITES},
    leaving, me, net,
};

/// Compares the unsent changes with their second copy (S3) and heals the poorer one, at once or when the main part can be had; from then
/// on there is something to save to, and the screens get their [`Actions`].
pub async fn take_up(device: &Device) {
    loop {
        match taking_up(device.clone()).await {
            Ok(taking_up) => return taking_up.await,
            Err(_) => browser::sleep(MAIN_PART_RETRY_MS).await,
        }
    }
}

const MAIN_PART_RETRY_MS: u32 = 5_000;

#[wasm_split(screens, fallible)]
fn taking_up(device: Device) -> Result<LocalFuture<()>, SplitLoaderError> {
    Ok(Box::pin(async move { device.take_up().await }))
}

/// Offers what is held to a restored server (S9), and gives its answer.
#[wasm_split(screens, fallible)]
pub fn offering(
    device: Device,
    association: AssociationId,
    epoch: String,
    holds: Vec<(Kind, RecordId)>,
    contents: Vec<(Kind, RecordId)>,
) -> Result<LocalFuture<Event>, SplitLoaderError> {
    Ok(Box::pin(async move {
        let user = device.0.phone.get().and_then(|phone| phone.identity.user());
        let outbox = device.0.engine.borrow().outbox().clone();
        let about = (association, epoch.as_str());
        Event::Offered(match user {
            Some(user) => net::offer(&outbox.offer_request(user, device.0.id.get(), about, &holds, &contents)).await,
            None => Err(Failure::NoAnswer),
        })
    }))
}

/// Sends a batch of the user's outbox, and gives its answer. Nothing where another user has come since (S10).
#[wasm_split(screens, fallible)]
pub fn pushing(
    device: Device,
    user: Option<UserId>,
    association: AssociationId,
    batch: Vec<ChangeId>,
) -> Result<LocalFuture<Event>, SplitLoaderError> {
    let request = user.and_then(|user| device.push_request(user, association, &batch));
    Ok(Box::pin(async move {
        match request {
            Some(request) => leaving::pushed(&device, request, &batch).await,
            None => Event::Pushed(Err(Failure::NoAnswer)),
        }
    }))
}

impl Device {
    pub(crate) fn push_request(
        &self,
        user: UserId,
        association: AssociationId,
        batch: &[ChangeId],
    ) -> Option<PushRequest> {
        self.0.phone.get()?.identity.user().filter(|now| *now == user)?;
        let engine = self.0.engine.borrow();
        let outbox = engine.outbox();
        let changes =
            batch.iter().filter_map(|change| serde_json::to_value(outbox.entry(*change)?.to_change()).ok()).collect();
        Some(PushRequest {
            magic: PUSH_MAGIC.into(),
            user,
            association,
            device: self.0.id.get(),
            schema: limits::SCHEMA,
            epoch: self.cursor_in(outbox, association).epoch,
            counter: outbox.counter,
            waiting: outbox.unheard() as u32,
            thrown: outbox.thrown,
            changes,
        })
    }

    async fn take_up(&self) {
        let Some(phone) = self.0.phone.get() else { return };
        if let Some(store) = self.store() {
            // Held until what was read is given on: nothing may change it in between.
            let held = browser::lock(WRITES).await;
            let reconciled = store.reconcile().await;
            // Another user may have come while this one waited, and is shown nothing of what was found (S10).
            let is_still = || self.store().is_some_and(|now| Rc::ptr_eq(&now, &store));
            match reconciled {
                _ if !is_still() => drop(held),
                Ok((reconciled, found)) => {
                    match reconciled.health() {
                        Health::AllWell | Health::HealedMirror(_) => {}
                        Health::HealedDatabase(count) => phone.status.memory.set(Some(Memory::Healed(count))),
                        Health::Unreadable(count) => phone.status.memory.set(Some(Memory::Unreadable(count))),
                        Health::Lost(count) => phone.status.memory.set(Some(Memory::Lost(count))),
                    }
                    // In tasks of their own, so that a cheap phone answers a tap between them. The lock is held meanwhile, though other tabs
                    // wait for it: what was read would be old once one of them had written.
                    browser::sleep(0).await;
                    if is_still()
                        && let Some(outbox) = self.show_found(found)
                    {
                        self.give_loaded(outbox);
                    }
                    drop(held);
                }
                Err(error) => {
                    phone.status.storage_problem.set(Some(error.name()));
                    drop(held);
                    self.load().await;
                }
            }
            browser::sleep(0).await;
        }
        // Also without a database: whoever saves is told at once that it cannot be done.
        phone.set_actions(Rc::new(self.clone()));
        leaving::watch(self);
        self.now_taken_up();
    }

    async fn save_all(&self, edits: Vec<(RecordId, Kind, Body)>) -> Result<Vec<ChangeId>, Failed> {
        let phone = self.0.phone.get().ok_or_else(closed)?;
        let association = phone.identity.association.get_untracked().ok_or_else(closed)?;
        let store = self.store();
        // Nothing may change the outbox between reading it and committing what was made of it.
        let _held = browser::lock(WRITES).await;
        // Another user may have come while this one waited (S10).
        if store.map(|store| Rc::as_ptr(&store)) != self.store().map(|store| Rc::as_ptr(&store)) {
            return Err(closed());
        }
        let mut changes = Vec::with_capacity(edits.len());
        for (record, kind, body) in edits {
            let change = browser::new_change_id();
            let association = self.home_of(kind, record, &body).unwrap_or(association);
            let edit = Edit { change, association, record, kind, body, made_at: browser::now_ms() as i64 };
            let outbox = self.0.engine.borrow().outbox().clone();
            let writes = outbox.edit(edit.clone());
            self.commit(&writes, Some(&outbox)).await.map_err(failed)?;
            self.0.inverses.borrow_mut().insert(change, outbox.inverse(&edit, &writes));
            changes.push(change);
            // Its draft went in the same transaction.
            phone.drafts.update(record, String::new());
            phone.drafts.written(record, String::new());
            self.give(Event::Saved { writes, hold: Some(change) });
        }
        self.tell_other_tabs();
        // Now there is something to lose, and a tap to ask by: some browsers ask their user.
        if !self.0.asked_to_persist.replace(true) {
            browser::persist();
        }
        Ok(changes)
    }

    /// What is stored at this moment: another tab's last word may not have been heard yet. Under the lock of [`WRITES`].
    pub(crate) async fn stored(&self) -> Result<Outbox, Failed> {
        let store = self.store().ok_or_else(closed)?;
        Ok(store.load().await.map_err(failed)?.outbox)
    }

    /// The association of a record that is known here, or of its series: switching associations does not move it.
    fn home_of(&self, kind: Kind, record: RecordId, body: &Body) -> Option<AssociationId> {
        let outbox = self.0.engine.borrow().outbox().clone();
        let of = |kind, id| {
            let received = outbox.records.get(&(kind, id)).map(|record| record.association);
            let waits = || outbox.entries.values().find(|entry| entry.kind == kind && entry.record == id);
            received.or_else(|| waits().map(|entry| entry.association))
        };
        let series = || body.content()?.get("series")?.as_str().and_then(RecordId::parse);
        of(kind, record).or_else(|| of(Kind::Series, series()?))
    }

    async fn undo_all(&self, changes: Vec<ChangeId>) -> Result<(), Failed> {
        let _held = browser::lock(WRITES).await;
        for change in changes.into_iter().rev() {
            let inverse = self.0.inverses.borrow_mut().remove(&change);
            let Some(inverse) = inverse else { continue };
            let outbox = self.0.engine.borrow().outbox().clone();
            let writes = outbox.undo(&inverse, browser::new_change_id());
            self.commit(&writes, Some(&outbox)).await.map_err(failed)?;
            self.give(Event::Saved { writes, hold: None });
        }
        self.tell_other_tabs();
        Ok(())
    }
}

fn closed() -> Failed {
    Failed("InvalidStateError".to_owned())
}

fn failed(error: StoreError) -> Failed {
    Failed(error.name())
}

impl Actions for Device {
    fn save(&self, edits: Vec<(RecordId, Kind, Body)>) -> LocalFuture<Result<Vec<ChangeId>, Failed>> {
        let device = self.clone();
        Box::pin(async move { device.save_all(edits).await })
    }

    fn undo(&self, changes: Vec<ChangeId>) -> LocalFuture<Result<(), Failed>> {
        let device = self.clone();
        Box::pin(async move { device.undo_all(changes).await })
    }

    fn throw_away(&self, change: ChangeId) -> LocalFuture<Result<(), Failed>> {
        let device = self.clone();
        Box::pin(async move {
            let _held = browser::lock(WRITES).await;
            let writes = device.0.engine.borrow().outbox().drop_entry(change);
            if let Some(writes) = writes {
                device.commit(&writes, None).await.map_err(failed)?;
                device.give(Event::Saved { writes, hold: None });
                device.tell_other_tabs();
            }
            Ok(())
        })
    }

    fn put_draft(&self, id: RecordId, state: String) {
        let device = self.clone();
        spawn_local(async move {
            let (Some(phone), Some(store)) = (device.0.phone.get(), device.store()) else { return };
            match store.put_draft(id, &state).await {
                Ok(()) => phone.drafts.written(id, state),
                Err(error) => phone.status.storage_problem.set(Some(error.name())),
            }
        });
    }

    fn drop_draft(&self, id: RecordId) {
        let device = self.clone();
        spawn_local(async move {
            let (Some(phone), Some(store)) = (device.0.phone.get(), device.store()) else { return };
            if store.drop_draft(id).await.is_ok() {
                phone.drafts.written(id, String::new());
            }
        });
    }

    fn send_now(&self) {
        self.give(Event::SendAll);
    }

    fn seen(&self, record: RecordId) {
        let device = self.clone();
        spawn_local(async move {
            let _held = browser::lock(WRITES).await;
            let held = device.0.engine.borrow().outbox().records.get(&(Kind::Gathering, record)).cloned();
            let Some(held) = held else { return };
            let put_records = vec![LocalRecord { count_changed: None, ..held }];
            let writes = LocalWrites { put_records, ..LocalWrites::default() };
            if device.commit(&writes, None).await.is_ok() {
                device.give(Event::Saved { writes, hold: None });
                device.tell_other_tabs();
            }
        });
    }

    fn sign_out(&self) {
        // Records and unsent changes stay in the user's own database and go when they sign in again (S10).
        me::forget();
        spawn_local(async {
            let answer = net::ask("/kirjaudu/ulos", Some("{}")).await;
            let is_done = answer.is_some_and(|answer| {
                SignOutReply::is_done(answer.response.status(), &answer.text.unwrap_or_default())
            });
            // Without our own server's word the mark ends the sign-in at the next contact; signing in takes it away.
            let to = match is_done {
                true => "/",
                false => {
                    browser::set_cookie("__Host-hytevihko-left=1; Path=/; Secure; Max-Age=15552000; SameSite=Lax");
                    "/app"
                }
            };
            let _ = window().location().assign(to);
        });
    }

    fn throw_all(&self) -> LocalFuture<Result<(), Failed>> {
        let device = self.clone();
        Box::pin(async move {
            let _held = browser::lock(WRITES).await;
            let writes = device.stored().await?.drop_all();
            device.commit(&writes, None).await.map_err(failed)?;
            device.give(Event::Saved { writes, hold: None });
            device.tell_other_tabs();
            Ok(())
        })
    }

    fn save_file(&self) -> LocalFuture<Result<(), Failed>> {
        let device = self.clone();
        Box::pin(async move {
            let phone = device.0.phone.get().ok_or_else(closed)?;
            let held = browser::lock(WRITES).await;
            let outbox = device.stored().await?;
            let writes = outbox.mark_filed();
            if !writes.is_empty() {
                device.commit(&writes, Some(&outbox)).await.map_err(failed)?;
                device.give(Event::Saved { writes, hold: None });
                device.tell_other_tabs();
            }
            drop(held);
            let day = date::iso(phone.clock.today.get_untracked());
            browser::download(&format!("hytevihko-{day}.json"), &file::write(&outbox))
                .map_err(|_| Failed("download".to_owned()))
        })
    }

    fn take_in(&self, changes: Vec<FiledChange>) -> LocalFuture<Result<usize, Failed>> {
        let device = self.clone();
        Box::pin(async move {
            let _held = browser::lock(WRITES).await;
            let outbox = device.stored().await?;
            let writes = outbox.take_in(&changes);
            let count = writes.put_entries.len();
            if count > 0 {
                device.commit(&writes, Some(&outbox)).await.map_err(failed)?;
                device.give(Event::Saved { writes, hold: None });
                device.tell_other_tabs();
            }
            Ok(count)
        })
    }

    fn read_file(&self, input: web_sys::HtmlInputElement) -> LocalFuture<Option<String>> {
        Box::pin(async move {
            let chosen = input.files()?.get(0)?;
            // The same file may be chosen again.
            let text = JsFuture::from(chosen.text()).await.ok()?.as_string();
            input.set_value("");
            text
        })
    }

    fn ask_server(&self, address: String, body: Option<String>) -> LocalFuture<Option<String>> {
        Box::pin(async move { net::text(&address, body.as_deref()).await.ok() })
    }

    fn ask(&self, address: String, body: Option<String>) -> LocalFuture<Result<Value, Refused>> {
        Box::pin(async move {
            let answer = net::ask(&address, body.as_deref()).await.ok_or(Refused::NoAnswer)?;
            let status = answer.response.status();
            // A proxy's own words are no answer; a captive portal's are odd.
            let nonsense = if status >= 500 { Refused::NoAnswer } else { Refused::Odd };
            let said = answer.text.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
            let said = said.ok_or_else(|| nonsense.clone())?;
            if status == 200 {
                return Ok(said);
            }
            let code = said.get("code").and_then(Value::as_str).ok_or(nonsense)?.to_owned();
            let wait = answer.response.headers().get("retry-after").ok().flatten();
            let wait = wait.and_then(|seconds| seconds.trim().parse().ok()).unwrap_or(0);
            // Of trouble within there is nothing to say but to try again.
            Err(if status >= 500 { Refused::NoAnswer } else { Refused::Code { code, wait } })
        })
    }

    fn joined(&self, association: Option<AssociationId>, next: &str) {
        me::forget();
        me::cleared_seen();
        if let Some(association) = association {
            me::choose(association);
        }
        let _ = window().location().replace(next);
    }

    fn download(&self, name: &str, text: &str) {
        if let (Err(_), Some(phone)) = (browser::download(name, text), self.0.phone.get()) {
            phone.status.storage_problem.set(Some("download".to_owned()));
        }
    }
}
