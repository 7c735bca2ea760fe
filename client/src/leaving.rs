//! Whoever has left: what waits on this device is handed in, and after a sign-in was ended from elsewhere the rest is forgotten. In the
//! second WebAssembly file.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use app::phone::{HANDED_IN, Me, Memory, SIGN_IN_ENDED_LEFT};
use domain::{AssociationId, ChangeId, Role};
use leptos::{prelude::*, task::spawn_local};
use serde_json::Value;
use sync::{
    Event,
    engine::Failure,
    limits,
    outbox::Forgettable,
    protocol::{
        PushRequest,
        hand_in::{HAND_IN_MAGIC, HandInReply, HandInRequest, ended_of},
        me::MeReply,
    },
};

use crate::{
    browser,
    device::{Device, WRITES},
    me, net,
};

/// How often the server is asked whether the sign-in still stands, while the app is seen and has a network: with the request's own time, the
/// device knows within a minute.
const LOOK: Duration = Duration::from_secs(45);

/// Whether the interval runs: this tab takes up its user more than once.
static WATCHING: AtomicBool = AtomicBool::new(false);

/// Hands in a batch, and drops of it what the server has on its disk.
async fn hand_in(device: &Device, request: PushRequest, batch: &[ChangeId]) -> Option<Vec<ChangeId>> {
    let PushRequest { user, association, epoch, changes, .. } = request;
    let magic = HAND_IN_MAGIC.to_owned();
    let request = HandInRequest { magic, user, association, schema: limits::SCHEMA, epoch, changes };
    let body = serde_json::to_string(&request).ok()?;
    let answer = match net::text("/api/v1/sync/hand-in", Some(&body)).await {
        Ok(answer) => answer,
        // Too late, or of no association of theirs: never taken.
        Err(Failure::SignIn) => return Some(batch.to_vec()),
        Err(_) => return None,
    };
    let reply = serde_json::from_str::<HandInReply>(&answer).ok().filter(|reply| reply.magic == HAND_IN_MAGIC)?;
    let answered = reply.results.iter().map(|result| result.change).filter(|change| batch.contains(change)).collect();
    let held = browser::lock(WRITES).await;
    let phone = device.0.phone.get()?;
    // Another user may have come meanwhile, with a database of their own (S10).
    if phone.identity.user() != Some(user) {
        return None;
    }
    let outbox = device.stored().await.ok()?;
    let (writes, given) = outbox.handed_in(batch, &reply.results);
    if given == 0 {
        return Some(answered);
    }
    device.commit(&writes, Some(&outbox)).await.ok()?;
    device.give(Event::Saved { writes, hold: None });
    drop(held);
    device.tell_other_tabs();
    let before = kept(HANDED_IN, &user.to_string());
    browser::local_set(HANDED_IN, &format!("{user} {}", before + given));
    phone.status.memory.set(Some(Memory::HandedIn(before + given)));
    Some(answered)
}

/// A count that is kept for a user until they have seen it.
fn kept(key: &str, user: &str) -> usize {
    let kept = browser::local_get(key);
    let count = kept.as_deref().and_then(|kept| kept.strip_prefix(user)?.trim().parse().ok());
    count.unwrap_or(0)
}

/// Says again what was said and not seen, and begins to look whether the sign-in still stands.
pub fn watch(device: &Device) {
    if let Some(phone) = device.0.phone.get()
        && let Some(user) = phone.identity.user().map(|user| user.to_string())
        && phone.status.memory.get_untracked().is_none()
    {
        let said = [(HANDED_IN, Memory::HandedIn as fn(usize) -> Memory), (SIGN_IN_ENDED_LEFT, Memory::SignInEnded)];
        let said = said.into_iter().map(|(key, memory)| (kept(key, &user), memory)).find(|(count, _)| *count > 0);
        if let Some((count, memory)) = said {
            phone.status.memory.set(Some(memory(count)));
        }
    }
    let Some(phone) = device.0.phone.get() else { return };
    // Whoever is taken up next is asked about by the same.
    if WATCHING.swap(true, Ordering::Relaxed) {
        return;
    }
    let device = device.clone();
    let look = move || {
        let device = device.clone();
        spawn_local(async move { device.look_at_sign_in().await });
    };
    let _ = set_interval_with_handle(look.clone(), LOOK);
    // A sign-in that is refused may have been ended from elsewhere, which is another story than one that has run out. The first contact may
    // have been refused already. As long as the page.
    let owner = Owner::new();
    owner.with(|| {
        Effect::new(move |_| {
            if phone.identity.sign_in_needed.get() {
                look()
            }
        })
    });
    std::mem::forget(owner);
}

impl Device {
    async fn look_at_sign_in(&self) {
        let Some(phone) = self.0.phone.get() else { return };
        let is_seen = document().visibility_state() == web_sys::VisibilityState::Visible;
        let Some(user) = phone.identity.user().filter(|_| is_seen && self.0.is_leader.get()) else { return };
        let Some(answer) = net::ask("/api/v1/me", None).await else { return };
        let said = answer.text.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
        let Some(said) = said else { return };
        match answer.response.status() {
            200 => {
                let Some(reply) = MeReply::read(&said).filter(|reply| reply.user == user) else { return };
                let belongs = phone.identity.me.with_untracked(|me| {
                    me.iter().flat_map(|me| &me.memberships).any(|one| reply.ended.contains(&one.association))
                });
                // A membership has ended: what is known of oneself is asked for as at every start.
                if belongs {
                    me::refresh(self, phone).await;
                }
                // What others have recorded comes to a board that stands open.
                let reviews = |me: &Me| me.memberships.iter().any(|one| one.role == Role::Reviewer);
                if phone.identity.me.with_untracked(|me| me.as_ref().is_some_and(reviews)) {
                    self.give(Event::TryNow);
                }
            }
            // Another tab may have signed somebody else in meanwhile: the end of their sign-in says nothing of this user's phone.
            401 if ended_of(&said) == Some(user) => self.leave(phone).await,
            _ => {}
        }
    }

    /// The sign-in was ended from elsewhere: hands in what waits, and forgets the rest. What can never be handed in stays in the outbox
    /// for its user to save as a file, and the screen says so; what was received goes all the same. Where anything has no answer yet,
    /// nothing is forgotten.
    async fn leave(&self, phone: app::phone::Phone) {
        let Some(user) = phone.identity.user() else { return };
        // What was saved this moment can be taken back while its bar is shown: it is handed in at the next look.
        let mut tried = self.0.engine.borrow().undoable(browser::monotonic_ms());
        let mut answered = HashSet::new();
        while let Some((association, batch)) = self.mark_next(&tried).await {
            tried.extend(batch.iter().copied());
            let Some(request) = self.push_request(user, association, &batch) else { return };
            answered.extend(hand_in(self, request, &batch).await.unwrap_or_default());
        }
        // Under the lock to the end: nothing is called saved after this was read.
        let held = browser::lock(WRITES).await;
        let (Some(store), Ok(outbox)) = (self.store(), self.stored().await) else { return };
        if phone.identity.user() != Some(user) {
            return;
        }
        let left = outbox.waiting();
        match outbox.forgettable(&answered) {
            Forgettable::All => {
                if store.forget_all().await.is_err() {
                    return;
                }
                me::forget();
                me::cleared_seen();
                for key in [HANDED_IN, SIGN_IN_ENDED_LEFT] {
                    browser::local_remove(key);
                }
                self.tell_other_tabs();
                let _ = window().location().replace("/kirjaudu?lopetettu=1");
                return;
            }
            // It is looked again and again; mostly there is nothing left of it.
            Forgettable::Received if !outbox.records.is_empty() || !outbox.cursors.is_empty() => {
                if store.forget_received().await.is_err() {
                    return;
                }
                drop(held);
                self.load().await;
                self.tell_other_tabs();
            }
            Forgettable::Received | Forgettable::Nothing => {}
        }
        let text = format!("{user} {left}");
        // Said once, and again when it is another number.
        if browser::local_get(SIGN_IN_ENDED_LEFT).as_deref() != Some(&text) {
            browser::local_set(SIGN_IN_ENDED_LEFT, &text);
            phone.status.memory.set(Some(Memory::SignInEnded(left)));
        }
    }

    /// The next batch that was not tried yet, marked as sent: from then on the server may have it.
    async fn mark_next(&self, tried: &HashSet<ChangeId>) -> Option<(AssociationId, Vec<ChangeId>)> {
        let _held = browser::lock(WRITES).await;
        let outbox = self.stored().await.ok()?;
        let next = outbox.next_batch(tried, limits::CHANGES_PER_PUSH_MAX)?;
        let writes = outbox.mark_sent(&next.1);
        if !writes.is_empty() {
            self.commit(&writes, Some(&outbox)).await.ok()?;
            self.give(Event::Saved { writes, hold: None });
        }
        Some(next)
    }
}

/// Sends a batch, and hands it in where its user was removed. The engine hears what the push was answered: what is left goes on waiting.
pub async fn pushed(device: &Device, request: PushRequest, batch: &[ChangeId]) -> Event {
    let answer = net::push(&request).await;
    if let Err(Failure::Removed) = &answer {
        hand_in(device, request, batch).await;
    }
    Event::Pushed(answer)
}
