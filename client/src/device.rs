//! The state of the device behind the screens: its database, its engine, and how far its start has come.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    pin::Pin,
    rc::Rc,
};

use app::phone::Phone;
use domain::{ChangeId, DeviceId, UserId};
use js_sys::{Function, Promise};
use leptos::prelude::*;
use store::{Contents, Copies, PhoneStore, StoreError};
use sync::{Engine, Event, LocalWrites, Outbox, limits, outbox::Inverse};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::{browser, stage};

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
    /// Resolved once there is something to save to.
    taken_up: Promise,
    resolve_taken_up: Option<Function>,
    /// The browser has been asked to keep this site's storage.
    pub asked_to_persist: Cell<bool>,
    /// Contacts that this tab left to the one that syncs, without hearing from it.
    pub left_to_leader: Cell<u32>,
    /// How often another language has been asked for.
    pub languages_asked: Cell<u32>,
}

impl Device {
    pub fn new() -> Device {
        let known = browser::local_get(DEVICE_KEY).and_then(|id| DeviceId::parse(&id));
        let id = known.unwrap_or_else(|| DeviceId::new(browser::new_record_id().uuid()));
        let mut resolve = None;
        let taken_up = Promise::new(&mut |resolved, _| resolve = Some(resolved));
        Device(Rc::new(Inner {
            taken_up,
            resolve_taken_up: resolve,
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
            asked_to_persist: Cell::new(false),
            left_to_leader: Cell::new(0),
            languages_asked: Cell::new(0),
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
        let Some(me) = phone.identity.me.get_untracked() else { return };
        let opened = loop {
            // Another tab with an older version may hold the database, and some browsers answer one request in ten not at all.
            match browser::within(SLOW_OPEN_MS, Box::pin(self.clone().open_database(me.user))).await {
                Some(opened) => break opened,
                None => {
                    phone.status.storage_problem.set(Some("blocked".to_owned()));
                    stage::show(phone);
                }
            }
        };
        match opened {
            Ok(()) => {
                phone.status.storage_problem.set(None);
                if let Some(found) = self.read().await {
                    phone.records.outbox.set(found.into());
                }
            }
            Err(error) => phone.status.storage_problem.set(Some(error.name())),
        }
    }

    async fn open_database(self, user: UserId) -> Result<(), StoreError> {
        let store = PhoneStore::open(user).await?;
        self.0.store.replace(Some(Rc::new(store)));
        Ok(())
    }

    /// Another user is here: what the one before has recorded is neither shown to them nor added to (S10).
    pub fn close(&self, phone: Phone) {
        self.0.store.replace(None);
        phone.records.loaded.set(false);
        phone.undo.set(None);
        phone.drafts.close();
        phone.status.memory.set(None);
        phone.status.one_copy.set(false);
        phone.status.said.set(String::new());
        self.give(Event::Loaded { outbox: Box::default(), associations: Vec::new() });
    }

    /// Resolves when there is something to save to: see [`crate::actions::take_up`].
    pub async fn taken_up(&self) {
        let _ = JsFuture::from(self.0.taken_up.clone()).await;
    }

    pub fn now_taken_up(&self) {
        if let Some(resolve) = &self.0.resolve_taken_up {
            let _ = resolve.call0(&JsValue::NULL);
        }
    }

    /// Commits, and says where there is no second copy. The lock of [`WRITES`] is held by the caller.
    pub fn commit<'a>(&'a self, writes: &'a LocalWrites, before: Option<&'a Outbox>) -> Committing<'a> {
        Box::pin(async move {
            let store = self.store().ok_or(StoreError::Aborted)?;
            let copies = store.commit(writes, before).await?;
            if let Some(phone) = self.0.phone.get()
                && phone.status.one_copy.get_untracked() != (copies == Copies::One)
            {
                phone.status.one_copy.set(copies == Copies::One);
            }
            Ok(())
        })
    }

    /// Reads the local store and gives it to the screens and the engine.
    pub async fn load(&self) {
        // Between another task's commit and its word to the engine what is read would be counted twice.
        let _held = browser::lock(WRITES).await;
        if let Some(outbox) = self.read().await {
            self.give_loaded(outbox);
        }
    }

    /// Gives the screens and the engine what was read under the lock of [`WRITES`], which the caller still holds.
    pub fn give_loaded(&self, outbox: Outbox) {
        let Some(phone) = self.0.phone.get() else { return };
        let associations = phone.identity.me.get_untracked().map(|me| me.memberships).unwrap_or_default();
        let associations = associations.iter().map(|membership| membership.association).collect();
        self.give(Event::Loaded { outbox: Box::new(outbox), associations });
    }

    /// Reads the local store. What it says of itself is shown; the outbox is the caller's to show.
    async fn read(&self) -> Option<Outbox> {
        match self.store()?.load().await {
            Ok(found) => self.show_found(found),
            Err(error) => {
                self.0.phone.get()?.status.storage_problem.set(Some(error.name()));
                None
            }
        }
    }

    /// Shows what the local store says of itself, and gives its outbox.
    pub fn show_found(&self, found: Contents) -> Option<Outbox> {
        let phone = self.0.phone.get()?;
        phone.drafts.read(found.drafts);
        phone.status.unreadable.set(found.unreadable);
        Some(found.outbox)
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
            phone.status.clock_is_off.set(off);
        }
    }
}
