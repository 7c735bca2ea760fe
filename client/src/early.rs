//! The device until the second WebAssembly file is here and the two copies have been compared: whatever is asked for then happens.

use std::rc::Rc;

use app::phone::{Actions, Failed, LocalFuture, PhoneOf};
use domain::{ChangeId, Kind, RecordId};
use leptos::{prelude::GetValue, task::spawn_local};
use sync::{file::FiledChange, outbox::Body};

use crate::device::Device;

pub struct Early(pub Device);

impl Early {
    /// Does it with the device's own actions, once they are there.
    fn later(&self, act: impl FnOnce(Rc<dyn Actions>) + 'static) {
        let device = self.0.clone();
        spawn_local(async move {
            if let Some(actions) = actions(&device).await {
                act(actions);
            }
        });
    }

    /// As [`Early::later`], with an answer. A page always has its phone; without one nothing has happened.
    fn answer<T: 'static>(
        &self,
        act: impl FnOnce(Rc<dyn Actions>) -> LocalFuture<T> + 'static,
        without: T,
    ) -> LocalFuture<T> {
        let device = self.0.clone();
        Box::pin(async move {
            match actions(&device).await {
                Some(actions) => act(actions).await,
                None => without,
            }
        })
    }
}

async fn actions(device: &Device) -> Option<Rc<dyn Actions>> {
    device.taken_up().await;
    device.0.phone.get().map(|phone| phone.actions.get_value())
}

impl Actions for Early {
    fn save(&self, edits: Vec<(RecordId, Kind, Body)>) -> LocalFuture<Result<Vec<ChangeId>, Failed>> {
        self.answer(move |actions| actions.save(edits), Ok(Vec::new()))
    }

    fn undo(&self, changes: Vec<ChangeId>) -> LocalFuture<Result<(), Failed>> {
        self.answer(move |actions| actions.undo(changes), Ok(()))
    }

    fn throw_away(&self, change: ChangeId) -> LocalFuture<Result<(), Failed>> {
        self.answer(move |actions| actions.throw_away(change), Ok(()))
    }

    fn put_draft(&self, id: RecordId, state: String) {
        self.later(move |actions| actions.put_draft(id, state));
    }

    fn drop_draft(&self, id: RecordId) {
        self.later(move |actions| actions.drop_draft(id));
    }

    fn send_now(&self) {
        self.later(|actions| actions.send_now());
    }

    fn seen(&self, record: RecordId) {
        self.later(move |actions| actions.seen(record));
    }

    fn sign_out(&self) {
        self.later(|actions| actions.sign_out());
    }

    fn download(&self, name: &str, text: &str) {
        let (name, text) = (name.to_owned(), text.to_owned());
        self.later(move |actions| actions.download(&name, &text));
    }

    fn throw_all(&self) -> LocalFuture<Result<(), Failed>> {
        self.answer(|actions| actions.throw_all(), Ok(()))
    }

    fn save_file(&self) -> LocalFuture<Result<(), Failed>> {
        self.answer(|actions| actions.save_file(), Ok(()))
    }

    fn take_in(&self, changes: Vec<FiledChange>) -> LocalFuture<Result<usize, Failed>> {
        self.answer(move |actions| actions.take_in(changes), Ok(0))
    }

    fn read_file(&self, input: web_sys::HtmlInputElement) -> LocalFuture<Option<String>> {
        self.answer(move |actions| actions.read_file(input), None)
    }

    fn phones(&self) -> LocalFuture<Option<Vec<PhoneOf>>> {
        self.answer(|actions| actions.phones(), None)
    }

    fn phone_seen(&self, device: String) -> LocalFuture<Option<Vec<PhoneOf>>> {
        self.answer(move |actions| actions.phone_seen(device), None)
    }
}
