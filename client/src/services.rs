//! Small services of the browser that Home asks for too.

use domain::Lang;
use leptos::prelude::*;

use crate::{browser, device::Device, me};

pub fn set_language(device: &Device, lang: Lang) {
    browser::set_cookie(&format!("kieli={}; Path=/; Max-Age=31536000; SameSite=Lax", lang.tag()));
    if let Some(phone) = device.0.phone.get() {
        phone.lang.set(lang);
    }
}

pub fn memory_seen(device: &Device) {
    me::cleared_seen();
    if let Some(phone) = device.0.phone.get() {
        phone.memory.set(None);
    }
}

pub fn time_of_day(ms: i64) -> String {
    browser::time_of(ms as f64).replace(':', ".")
}
