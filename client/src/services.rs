//! The device's implementation of `Services`: small browser services that every screen may call at once, without the
//! second WebAssembly file.

use app::phone::Services;
use domain::{AssociationId, Lang, RecordId};
use leptos::prelude::*;

use crate::{browser, device::Device, me};

impl Services for Device {
    fn new_id(&self) -> RecordId {
        browser::new_record_id()
    }

    fn set_language(&self, lang: Lang) {
        browser::set_cookie(&format!("kieli={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.tag()));
        if let Some(phone) = self.0.phone.get() {
            phone.lang.set(lang);
        }
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

    fn confirm(&self, question: &str) -> bool {
        window().confirm_with_message(question).unwrap_or(false)
    }
}
