//! Carries out the engine's commands, one after the other, and passes the browser's events to the engine.

use std::{sync::Arc, time::Duration};

use app::phone::LocalFuture;
use domain::AssociationId;
use leptos::{prelude::*, task::spawn_local};
use sync::{Command, Event, Now, engine::Failure, local::Cursor};

use crate::{
    actions, browser,
    device::{Device, WRITES},
    net,
};

/// How often the day and the series in turn are looked at again.
const CLOCK_TICK: Duration = Duration::from_secs(30);
/// Contacts left to the tab that syncs before this one does it itself: that tab may be frozen.
const LEFT_TO_LEADER_MAX: u32 = 3;

impl Device {
    /// Listens to the browser: network, visibility, other tabs, the clock.
    pub fn start(&self) {
        let Some(phone) = self.0.phone.get() else { return };
        let device = self.clone();
        window_event_listener_untyped("online", move |_| {
            phone.status.online.set(true);
            device.try_again();
        });
        window_event_listener_untyped("offline", move |_| phone.status.online.set(false));
        let device = self.clone();
        window_event_listener_untyped("pagehide", move |_| device.give(Event::SendAll));
        let device = self.clone();
        // `visibilitychange` bubbles from the document to the window.
        window_event_listener_untyped("visibilitychange", move |_| {
            if document().visibility_state() == web_sys::VisibilityState::Visible {
                device.try_again();
            } else {
                device.give(Event::SendAll);
            }
        });
        if let Some(channel) = &self.0.channel {
            let device = self.clone();
            let heard = wasm_bindgen::closure::Closure::<dyn Fn()>::new(move || {
                device.0.left_to_leader.set(0);
                let device = device.clone();
                spawn_local(async move { device.load().await });
            });
            channel.set_onmessage(Some(wasm_bindgen::JsCast::unchecked_ref(heard.as_ref())));
            heard.forget();
        }
        let _ = set_interval_with_handle(move || phone.clock.look(browser::now_ms() as i64), CLOCK_TICK);
        let device = self.clone();
        browser::when_leader("hytevihko-sync", move || {
            device.0.is_leader.set(true);
            device.give(Event::TryNow);
        });
        self.give(Event::TryNow);
    }

    /// The network may be back, or the user is: ask who is signed in, and sync.
    fn try_again(&self) {
        let device = self.clone();
        spawn_local(async move {
            let Some(phone) = device.0.phone.get() else { return };
            phone.clock.look(browser::now_ms() as i64);
            if phone.identity.me.get_untracked().is_none() || phone.identity.sign_in_needed.get_untracked() {
                if crate::me::refresh(&device, phone).await {
                    device.open_store().await;
                    actions::take_up(&device).await;
                }
                phone.records.loaded.set(true);
            }
            device.give(Event::TryNow);
        });
    }

    /// Gives the engine an event; its commands run in order, one event at a time.
    pub fn give(&self, event: Event) {
        // What the disk holds shows at once, also while a push is waiting for its answer.
        if let Event::Saved { .. } | Event::Loaded { .. } = &event {
            let now = self.now();
            let commands = self.0.engine.borrow_mut().handle(event, now);
            self.show();
            self.run_later(commands);
            return;
        }
        self.give_answer(None, event);
    }

    /// As [`Device::give`], for the answer to a contact.
    fn give_answer(&self, contact: Option<u64>, event: Event) {
        self.0.events.borrow_mut().push_back((contact, event));
        self.run_later(Vec::new());
    }

    fn run_later(&self, commands: Vec<Command>) {
        let device = self.clone();
        spawn_local(async move {
            device.carry_out(commands).await;
            if device.0.running.replace(true) {
                return;
            }
            loop {
                let event = device.0.events.borrow_mut().pop_front();
                let Some((contact, event)) = event else { break };
                let held = browser::lock(WRITES).await;
                let now = device.now();
                let commands = match contact {
                    Some(contact) => device.0.engine.borrow_mut().answer(contact, event, now),
                    None => device.0.engine.borrow_mut().handle(event, now),
                };
                // Shown after its transactions have committed: the screen never knows more than the disk.
                device.carry_out(commands).await;
                drop(held);
                device.show();
            }
            device.0.running.set(false);
        });
    }

    async fn carry_out(&self, commands: Vec<Command>) {
        for command in commands {
            match command {
                Command::Commit(writes) => {
                    if self.commit(&writes, None).await.is_err() {
                        self.0.events.borrow_mut().push_back((None, Event::CommitFailed));
                        return;
                    }
                    self.tell_other_tabs();
                }
                Command::Wait { ms } => self.ring_after(ms),
                Command::Load => {
                    let device = self.clone();
                    spawn_local(async move { device.load().await });
                }
                Command::Push { association, batch } => {
                    // In the main part: it is here before there is anything to send.
                    let user = self.0.phone.get().and_then(|phone| phone.identity.user());
                    let pushing = actions::pushing(self.clone(), user, association, batch);
                    let contact = Box::pin(async move {
                        match pushing.await {
                            Ok(pushing) => pushing.await,
                            Err(_) => Event::Pushed(Err(Failure::NoAnswer)),
                        }
                    });
                    self.talk(contact, Event::Pushed(Err(Failure::NoAnswer)));
                }
                Command::Offer { association, epoch, holds, contents } => {
                    // After a restore of the server only: in the second file.
                    let offering = actions::offering(self.clone(), association, epoch, holds, contents);
                    let contact = Box::pin(async move {
                        match offering.await {
                            Ok(offering) => offering.await,
                            Err(_) => Event::Offered(Err(Failure::NoAnswer)),
                        }
                    });
                    self.talk(contact, Event::Offered(Err(Failure::NoAnswer)));
                }
                Command::Pull { association } => {
                    let cursor = self.cursor(association);
                    let outbox = self.0.engine.borrow().outbox().clone();
                    let report = net::SelfReport {
                        device: self.0.id.get(),
                        counter: outbox.counter,
                        waiting: outbox.unheard(),
                        thrown: outbox.thrown,
                    };
                    let user = self.0.phone.get().and_then(|phone| phone.identity.user());
                    let contact = Box::pin(async move {
                        Event::Pulled(match user {
                            Some(user) => net::pull(user, association, &cursor, report).await,
                            None => Err(Failure::SignIn),
                        })
                    });
                    self.talk(contact, Event::Pulled(Err(Failure::NoAnswer)));
                }
            }
        }
    }

    /// One contact. Only the tab that syncs makes it, unless that one has not been heard of for a while.
    fn talk(&self, contact: LocalFuture<Event>, not_now: Event) {
        let number = Some(self.0.engine.borrow().contact());
        let left = self.0.left_to_leader.get();
        if !self.0.is_leader.get() && left < LEFT_TO_LEADER_MAX {
            self.0.left_to_leader.set(left + 1);
            self.give_answer(number, not_now);
            return;
        }
        let device = self.clone();
        spawn_local(async move {
            let event = contact.await;
            if let Event::Pushed(Ok(reply)) = &event {
                device.compare_clocks(reply.server_time as f64);
            }
            device.give_answer(number, event);
        });
    }

    fn cursor(&self, association: AssociationId) -> Cursor {
        self.cursor_in(self.0.engine.borrow().outbox(), association)
    }

    pub(crate) fn cursor_in(&self, outbox: &sync::Outbox, association: AssociationId) -> Cursor {
        outbox.cursors.get(&association).cloned().unwrap_or_default()
    }

    fn ring_after(&self, ms: u64) {
        let device = self.clone();
        let handle = set_timeout_with_handle(move || device.give(Event::Rang), Duration::from_millis(ms)).ok();
        if let Some(old) = self.0.timer.replace(handle) {
            old.clear();
        }
    }

    fn now(&self) -> Now {
        Now { ms: browser::monotonic_ms(), dice: browser::dice() }
    }

    /// Shows what the engine holds.
    fn show(&self) {
        let Some(phone) = self.0.phone.get() else { return };
        let engine = self.0.engine.borrow();
        if phone.records.outbox.with_untracked(|shown| !Arc::ptr_eq(shown, engine.outbox())) {
            phone.records.outbox.set(engine.outbox().clone());
        }
        if phone.records.phase.with_untracked(|shown| shown != engine.phase()) {
            phone.records.phase.set(engine.phase().clone());
        }
        if phone.identity.sign_in_needed.get_untracked() != engine.sign_in_needed {
            phone.identity.sign_in_needed.set(engine.sign_in_needed);
        }
        if phone.status.update_needed.get_untracked() != engine.update_needed {
            phone.status.update_needed.set(engine.update_needed);
        }
    }
}
