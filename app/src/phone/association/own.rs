//! The association's own record, of which its room changes a field at a time.

use domain::{Kind, RecordId, association::Association};
use leptos::prelude::untrack;
use serde_json::Value;
use sync::{local::Body, view::Shown};

use crate::phone::base::phone::Phone;

pub type Edit = (RecordId, Kind, Body);

fn own(phone: Phone) -> Option<Shown> {
    let all = untrack(|| phone.records.shown(Kind::Association));
    all.into_iter().find(|shown| Association::parse(&shown.content).is_ok())
}

/// None where the record has not come yet.
pub fn id(phone: Phone) -> Option<RecordId> {
    own(phone).map(|own| own.id)
}

/// An edit of one field; null takes it away. None where the record has not come yet.
pub fn edit(phone: Phone, field: &str, value: Value) -> Option<Edit> {
    let own = own(phone)?;
    let mut content = own.content;
    content.insert(field.to_owned(), value);
    Some((own.id, Kind::Association, Body::Content(content)))
}

/// Saves one field, as [`edit`] has it.
pub fn save(phone: Phone, field: &str, value: Value, said: String) {
    if let Some(edit) = edit(phone, field, value) {
        phone.run(phone.save(vec![edit], said));
    }
}
