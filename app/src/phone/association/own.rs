//! Records of which this room changes some fields at a time: the association's own, and what a group says of itself to everybody.

use std::cell::RefCell;

use domain::{Content, Kind, RecordId, association::Association};
use leptos::prelude::untrack;
use serde_json::Value;
use sync::{local::Body, view::Shown};

use crate::phone::base::{actions::Failed, phone::Phone};

/// What a press changes of a record: these fields; null takes one away.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub id: RecordId,
    pub kind: Kind,
    pub fields: Content,
}

thread_local! {
    /// Changes that are not among what is shown yet. Whoever leaves a text by ticking a box makes two at once, and each says the whole
    /// record: made of what is shown alone, the second would take the first one back.
    static ON_THEIR_WAY: RefCell<Vec<Change>> = const { RefCell::new(Vec::new()) };
}

/// The association's own record as it stands on this device. None where it has not come yet.
pub fn shown(phone: Phone) -> Option<Shown> {
    phone.records.shown(Kind::Association).into_iter().find(|shown| Association::parse(&shown.content).is_ok())
}

pub fn id(phone: Phone) -> Option<RecordId> {
    untrack(|| shown(phone)).map(|own| own.id)
}

/// A change of one field of the association's own record. None where that has not come yet.
pub fn change(phone: Phone, field: &str, value: Value) -> Option<Change> {
    let fields = Content::from_iter([(field.to_owned(), value)]);
    Some(Change { id: id(phone)?, kind: Kind::Association, fields })
}

/// Saves one field of the association's own record.
pub fn save(phone: Phone, field: &str, value: Value, said: String) {
    if let Some(change) = change(phone, field, value) {
        phone.run(save_change(phone, change, said));
    }
}

/// Saves a change over what is shown and what is on its way. Of a record that is no more, nothing is saved.
pub async fn save_change(phone: Phone, change: Change, said: String) -> Result<(), Failed> {
    let all = untrack(|| phone.records.shown(change.kind));
    let Some(shown) = all.into_iter().find(|shown| shown.id == change.id) else { return Ok(()) };
    let content = ON_THEIR_WAY.with_borrow_mut(|all| {
        all.push(change.clone());
        over(shown.content, change.id, all)
    });
    let done = phone.save(vec![(change.id, change.kind, Body::Content(content))], said).await;
    ON_THEIR_WAY.with_borrow_mut(|all| {
        if let Some(at) = all.iter().position(|one| *one == change) {
            all.remove(at);
        }
    });
    done
}

/// The content with all changes of the record that are on their way, in the order in which they were made.
fn over(mut content: Content, id: RecordId, on_their_way: &[Change]) -> Content {
    for change in on_their_way.iter().filter(|change| change.id == id) {
        content.extend(change.fields.clone());
    }
    content
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_has_those_before_it_that_are_on_their_way() {
        let object = |value: Value| value.as_object().cloned().expect("an object");
        let [own, other] = [1, 2].map(|byte| RecordId::from_bytes([byte; 16]));
        let of = |id, fields| Change { id, kind: Kind::Association, fields: object(fields) };
        let on_their_way = [
            of(own, json!({"about": "Kerho", "public": true})),
            of(other, json!({"name": "Toinen"})),
            of(own, json!({"public": null})),
        ];
        let content = over(object(json!({"name": "Kuoro", "public": true})), own, &on_their_way);
        assert_eq!(Value::Object(content), json!({"name": "Kuoro", "about": "Kerho", "public": null}));
    }
}
