//! Keeping and discarding drafts: in memory, for all screens at once, and on the disk.

use domain::RecordId;
use leptos::prelude::*;

use super::{actions::Undo, draft::Draft, phone::Phone};

/// The drafts of the association in view, oldest first.
pub fn drafts(phone: Phone) -> Vec<Draft> {
    let association = phone.identity.association.get();
    let all = phone.drafts.all.get();
    let is_of = |draft: &Draft| draft.association.is_none() || draft.association == association;
    all.iter().filter_map(Draft::read).filter(is_of).collect()
}

/// Keeps a draft: known to all screens at once, and on the disk soon.
pub fn keep(phone: Phone, draft: &Draft) {
    keep_state(phone, draft.id, draft.write());
}

/// As [`keep`], of what is written already.
pub fn keep_state(phone: Phone, id: RecordId, state: String) {
    phone.drafts.update(id, state.clone());
    phone.act(move |actions| actions.put_draft(id, state));
}

/// Throws a draft away, and offers to take that back; `text` says what was done.
pub fn let_go(phone: Phone, id: RecordId, text: &str) {
    let draft = phone.drafts.all.with_untracked(|all| all.iter().find(|(other, _)| *other == id).and_then(Draft::read));
    throw_away(phone, id);
    if draft.is_some() {
        phone.undo.set(Some(Undo { draft, text: text.to_owned(), ..Undo::default() }));
    }
}

pub fn throw_away(phone: Phone, id: RecordId) {
    phone.drafts.update(id, String::new());
    phone.act(move |actions| actions.drop_draft(id));
}
