//! The device's implementation of `Services`: small browser services that every screen may call at once, without the
//! second WebAssembly file.

use app::{
    phone::{LocalFuture, Services, Undo, fetch_texts},
    texts::{self, common},
};
use domain::{AssociationId, Lang, RecordId};
use leptos::{prelude::*, task::spawn_local};

use crate::{browser, device::Device, me};

impl Services for Device {
    fn new_id(&self) -> RecordId {
        browser::new_record_id()
    }

    fn set_language(&self, lang: Lang) {
        let Some(phone) = self.0.phone.get() else { return };
        let fetched = fetch_texts(lang, "");
        // The last tap counts, and not the file that comes last.
        let asked = self.0.languages_asked.get() + 1;
        self.0.languages_asked.set(asked);
        let device = self.clone();
        spawn_local(async move {
            let speaks = fetched.await.is_some_and(texts::speak);
            if device.0.languages_asked.get() != asked {
                return;
            }
            if speaks {
                browser::set_cookie(&format!("kieli={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.tag()));
                phone.lang.set(lang);
            } else {
                let text = common::language_missing(phone.lang.get_untracked()).to_owned();
                // What can still be taken back stays on offer.
                match phone.undo.with_untracked(Option::is_some) {
                    true => phone.status.said.set(text),
                    false => phone.undo.set(Some(Undo { text, ..Undo::default() })),
                }
            }
        });
    }

    fn choose_association(&self, association: AssociationId) {
        me::choose(association);
        if let Some(phone) = self.0.phone.get() {
            phone.identity.association.set(Some(association));
        }
    }

    fn take_new_version(&self) {
        crate::worker::take_over();
    }

    fn memory_seen(&self) {
        me::cleared_seen();
        if let Some(phone) = self.0.phone.get() {
            phone.status.memory.set(None);
        }
    }

    fn taken_up(&self) -> LocalFuture<()> {
        let device = self.clone();
        Box::pin(async move { device.taken_up().await })
    }

    fn confirm(&self, question: &str) -> bool {
        window().confirm_with_message(question).unwrap_or(false)
    }
}
