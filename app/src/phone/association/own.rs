//! The association's own record, of which its room changes a field at a time.

use domain::{Kind, association::Association};
use leptos::prelude::untrack;
use serde_json::Value;
use sync::local::Body;

use crate::phone::base::phone::Phone;

/// Saves one field; null takes it away. Nothing where the record has not come yet.
pub fn save(phone: Phone, field: &str, value: Value, said: String) {
    let all = untrack(|| phone.records.shown(Kind::Association));
    let Some(own) = all.into_iter().find(|shown| Association::parse(&shown.content).is_ok()) else { return };
    let mut content = own.content;
    content.insert(field.to_owned(), value);
    phone.run(phone.save(vec![(own.id, Kind::Association, Body::Content(content))], said));
}
