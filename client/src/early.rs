//! The device while the second WebAssembly file is still coming: what Home can ask for at once, it does; the rest waits for the
//! file and then happens.

use std::rc::Rc;

use app::phone::{Actions, Failed, LocalFuture, Phone, PhoneOf};
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
}

async fn actions(device: &Device) -> Option<Rc<dyn Actions>> {
    device.taken_up().await;
    device.0.phone.get().map(|phone: Phone| phone.actions.get_value())
}

impl Actions for Early {
    fn save(&self, edits: Vec<(RecordId, Kind, Body)>) -> LocalFuture<Result<Vec<ChangeId>, Failed>> {
        let device = self.0.clone();
        Box::pin(async move {
            match actions(&device).await {
                Some(actions) => actions.save(edits).await,
                None => Ok(Vec::new()),
            }
        })
    }

    fn undo(&self, changes: Vec<ChangeId>) -> LocalFuture<Result<(), Failed>> {
        let device = self.0.clone();
        Box::pin(async move {
            match actions(&device).await {
                Some(actions) => actions.undo(changes).await,
                None => Ok(()),
            }
        })
    }

    fn throw_away(&self, change: ChangeId) -> LocalFuture<Result<(), Failed>> {
        let device = self.0.clone();
        Box::pin(async move {
            match actions(&device).await {
                Some(actions) => actions.throw_away(change).await,
                None => Ok(()),
            }
        })
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

    fn save_file(&self) -> LocalFuture<Result<(), Failed>> {
        let device = self.0.clone();
        Box::pin(async move {
            match actions(&device).await {
                Some(actions) => actions.save_file().await,
                None => Ok(()),
            }
        })
    }

    // Only the screens of the second file ask for these, and with it come the device's own.
    fn take_in(&self, _: Vec<FiledChange>) -> LocalFuture<Result<usize, Failed>> {
        Box::pin(async { Ok(0) })
    }

    fn read_file(&self, _: web_sys::HtmlInputElement) -> LocalFuture<Option<String>> {
        Box::pin(async { None })
    }

    fn phones(&self) -> LocalFuture<Option<Vec<PhoneOf>>> {
        Box::pin(async { None })
    }

    fn phone_seen(&self, _: String) -> LocalFuture<Option<Vec<PhoneOf>>> {
        Box::pin(async { None })
    }

    fn sign_out(&self) {
        self.later(|actions| actions.sign_out());
    }

    fn download(&self, name: &str, text: &str) {
        let (name, text) = (name.to_owned(), text.to_owned());
        self.later(move |actions| actions.download(&name, &text));
    }
}
