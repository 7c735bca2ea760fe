//! What the device does for the screens: saving, undoing, drafts, and small services of the browser.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    pin::Pin,
    rc::Rc,
};

use app::phone::{Actions, Failed, LocalFuture, Memory, Phone};
use domain::{AssociationId, ChangeId, Date, DeviceId, Kind, Lang, RecordId, UserId};
use leptos::{prelude::*, task::spawn_local};
use store::{Copies, PhoneStore, StoreError};
use sync::{
    Engine, Event, Outbox, Writes, limits,
    mirror::Verdict,
    outbox::{Body, Edit, Inverse, LocalRecord},
};

use crate::{browser, me};

/// The lock under which the outbox is read, changed and committed, by one task of one tab at a time.
pub(crate) const WRITES: &str = "hytevihko-writes";
/// Opening a database takes milliseconds; after this long something holds it.
const SLOW_OPEN_MS: u32 = 4_000;
const DEVICE_KEY: &str = "hytevihko-device";

/// One type for all that wait for a commit: a future is compiled into each place that awaits it.
type Committing<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + 'a>>;

/// The phone under the screens. Cloned freely: all clones are the same device.
#[derive(Clone)]
pub struct Device(pub(crate) Rc<Inner>);

pub(crate) struct Inner {
    pub phone: Cell<Option<Phone>>,
    pub store: RefCell<Option<Rc<PhoneStore>>>,
    pub engine: RefCell<Engine>,
    /// The server's cookie names it; until the first contact, one of our own.
    pub id: Cell<DeviceId>,
    /// Events that wait while the engine's commands are carried out; an answer has the number of its contact.
    pub events: RefCell<std::collections::VecDeque<(Option<u64>, Event)>>,
    pub running: Cell<bool>,
    pub timer: Cell<Option<TimeoutHandle>>,
    pub channel: Option<web_sys::BroadcastChannel>,
    /// How to take back what was saved since the app was opened.
    pub inverses: RefCell<HashMap<ChangeId, Inverse>>,
    /// This tab is the one that syncs.
    pub is_leader: Cell<bool>,
    /// Contacts that this tab left to the one that syncs, without hearing from it.
    pub left_to_leader: Cell<u32>,
}

impl Device {
    pub fn new() -> Device {
        let known = browser::local_get(DEVICE_KEY).and_then(|id| DeviceId::parse(&id));
        let id = known.unwrap_or_else(|| DeviceId::new(browser::new_record_id().uuid()));
        Device(Rc::new(Inner {
            phone: Cell::new(None),
            store: RefCell::new(None),
            engine: RefCell::new(Engine::default()),
            id: Cell::new(id),
            events: RefCell::default(),
            running: Cell::new(false),
            timer: Cell::new(None),
            channel: web_sys::BroadcastChannel::new("hytevihko").ok(),
            inverses: RefCell::default(),
            is_leader: Cell::new(false),
            left_to_leader: Cell::new(0),
        }))
    }

    /// Takes the id that the server knows this device by; true when the device had none before.
    pub fn take_id(&self, id: DeviceId) -> bool {
        let is_new = browser::local_get(DEVICE_KEY).is_none();
        browser::local_set(DEVICE_KEY, &id.to_string());
        self.0.id.set(id);
        is_new
    }

    pub fn attach(&self, phone: Phone) {
        self.0.phone.set(Some(phone));
    }

    /// Opens the database of the user and reads it. Its failure is told; nothing is called saved then.
    pub async fn open_store(&self) {
        let Some(phone) = self.0.phone.get() else { return };
        let Some(me) = phone.me.get_untracked() else { return };
        let opened = loop {
            // Another tab with an older version may hold the database, and some browsers answer one request in ten not at all.
            match browser::within(SLOW_OPEN_MS, Box::pin(self.clone().open_database(phone, me.user))).await {
                Some(opened) => break opened,
                None => {
                    phone.storage_problem.set(Some("blocked".to_owned()));
                    crate::show(phone);
                }
            }
        };
        match opened {
            Ok(()) => {
                phone.storage_problem.set(None);
                self.load().await;
            }
            Err(error) => phone.storage_problem.set(Some(error.name())),
        }
    }

    /// Opens the user's database and compares it with its mirror (S3).
    async fn open_database(self, phone: Phone, user: UserId) -> Result<(), StoreError> {
        let _held = browser::lock(WRITES).await;
        let store = PhoneStore::open(user).await?;
        match store.reconcile().await?.verdict() {
            Verdict::AllWell | Verdict::HealedMirror(_) => {}
            Verdict::HealedDatabase(count) => phone.memory.set(Some(Memory::Healed(count))),
            Verdict::Unreadable(count) => phone.memory.set(Some(Memory::Unreadable(count))),
            Verdict::Lost(count) => phone.memory.set(Some(Memory::Lost(count))),
        }
        self.0.store.replace(Some(Rc::new(store)));
        Ok(())
    }

    /// Commits, and says where there is no second copy. The lock of [`WRITES`] is held by the caller.
    pub fn commit<'a>(&'a self, writes: &'a Writes, before: Option<&'a Outbox>) -> Committing<'a> {
        Box::pin(async move {
            let store = self.store().ok_or(StoreError::Aborted)?;
            let copies = store.commit(writes, before).await?;
            if let Some(phone) = self.0.phone.get()
                && phone.one_copy.get_untracked() != (copies == Copies::One)
            {
                phone.one_copy.set(copies == Copies::One);
            }
            Ok(())
        })
    }

    /// Reads the local store and gives it to the screens and the engine.
    pub async fn load(&self) {
        let (Some(phone), Some(store)) = (self.0.phone.get(), self.store()) else { return };
        match store.load().await {
            Ok(found) => {
                phone.drafts.set(found.drafts);
                phone.unreadable.set(found.unreadable);
                let associations = phone.me.get_untracked().map(|me| me.memberships).unwrap_or_default();
                let associations = associations.iter().map(|membership| membership.association).collect();
                self.give(Event::Loaded { outbox: Box::new(found.outbox), associations });
            }
            Err(error) => phone.storage_problem.set(Some(error.name())),
        }
    }

    pub fn store(&self) -> Option<Rc<PhoneStore>> {
        self.0.store.borrow().clone()
    }

    /// Tells the other tabs that the local store has changed.
    pub fn tell_other_tabs(&self) {
        if let Some(channel) = &self.0.channel {
            let _ = channel.post_message(&"changed".into());
        }
    }

    /// S7: a clock that is far off is only mentioned.
    pub fn compare_clocks(&self, server_ms: f64) {
        if let Some(phone) = self.0.phone.get() {
            let off = (browser::now_ms() - server_ms).abs() > limits::CLOCK_HINT_MS as f64;
            phone.clock_is_off.set(off);
        }
    }

    async fn save_all(&self, edits: Vec<(RecordId, Kind, Body)>) -> Result<Vec<ChangeId>, Failed> {
        let phone = self.0.phone.get().ok_or_else(closed)?;
        let association = phone.association.get_untracked().ok_or_else(closed)?;
        // Nothing may change the outbox between reading it and committing what was made of it.
        let _held = browser::lock(WRITES).await;
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
            phone.drafts.update(|drafts| drafts.retain(|(id, _)| *id != record));
            self.give(Event::Saved { writes, hold: Some(change) });
        }
        self.tell_other_tabs();
        Ok(changes)
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
                Ok(()) => phone.drafts.update(|drafts| {
                    drafts.retain(|(draft, _)| *draft != id);
                    drafts.push((id, state));
                }),
                Err(error) => phone.storage_problem.set(Some(error.name())),
            }
        });
    }

    fn drop_draft(&self, id: RecordId) {
        let device = self.clone();
        spawn_local(async move {
            let (Some(phone), Some(store)) = (device.0.phone.get(), device.store()) else { return };
            if store.drop_draft(id).await.is_ok() {
                phone.drafts.update(|drafts| drafts.retain(|(draft, _)| *draft != id));
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
            let writes = Writes { put_records, ..Writes::default() };
            if device.commit(&writes, None).await.is_ok() {
                device.give(Event::Saved { writes, hold: None });
                device.tell_other_tabs();
            }
        });
    }

    fn memory_seen(&self) {
        me::cleared_seen();
        if let Some(phone) = self.0.phone.get() {
            phone.memory.set(None);
        }
    }

    fn new_id(&self) -> RecordId {
        browser::new_record_id()
    }

    fn set_language(&self, lang: Lang) {
        browser::set_cookie(&format!("kieli={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.tag()));
        if let Some(phone) = self.0.phone.get() {
            phone.lang.set(lang);
        }
    }

    fn take_new_version(&self) {
        crate::worker::take_over();
    }

    fn sign_out(&self) {
        // Records and unsent changes stay in the user's own database and go when they sign in again (S10).
        me::forget();
        submit_sign_out();
    }

    fn download(&self, name: &str, text: &str) {
        if let (Err(_), Some(phone)) = (browser::download(name, text), self.0.phone.get()) {
            phone.storage_problem.set(Some("download".to_owned()));
        }
    }

    fn confirm(&self, question: &str) -> bool {
        window().confirm_with_message(question).unwrap_or(false)
    }

    fn time_of_day(&self, ms: i64) -> String {
        browser::time_of(ms as f64).replace(':', ".")
    }

    fn day_of(&self, ms: i64) -> Date {
        browser::day_of(ms as f64)
    }
}

/// A form, so that the server's answer leads to the front page.
fn submit_sign_out() {
    use wasm_bindgen::JsCast;
    let Ok(form) = document().create_element("form") else { return };
    let form: web_sys::HtmlFormElement = form.unchecked_into();
    form.set_method("post");
    form.set_action("/kirjaudu/ulos");
    if let Some(body) = document().body() {
        let _ = body.append_child(&form);
    }
    let _ = form.submit();
}
