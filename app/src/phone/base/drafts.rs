//! The drafts in memory: those that the disk has, and over them the newer states that are not written yet.

use domain::RecordId;
use leptos::prelude::*;

/// Copied freely, like the phone.
#[derive(Clone, Copy)]
pub struct Drafts {
    /// Each draft's state as written, by its id.
    pub all: RwSignal<Vec<(RecordId, String)>>,
    /// The last state of drafts that the disk does not have yet; an empty one of a draft that is discarded.
    unwritten: RwSignal<Vec<(RecordId, String)>>,
}

impl Drafts {
    pub fn new() -> Drafts {
        Drafts { all: RwSignal::new(Vec::new()), unwritten: RwSignal::new(Vec::new()) }
    }

    /// Updates a draft in memory before it is written to disk; an empty string discards it.
    pub fn update(self, id: RecordId, state: String) {
        self.unwritten.update(|unwritten| put(unwritten, (id, state)));
        self.read(self.all.get_untracked());
    }

    /// The disk has this state of a draft.
    pub fn written(self, id: RecordId, state: String) {
        let word = (id, state);
        self.unwritten.update(|unwritten| unwritten.retain(|other| *other != word));
    }

    /// Takes the drafts as they were read from the disk: what it does not have yet stays as it was last updated.
    pub fn read(self, mut drafts: Vec<(RecordId, String)>) {
        put_over(&mut drafts, self.unwritten.get_untracked());
        self.all.set(drafts);
    }

    /// Another user comes, with drafts of their own.
    pub fn close(self) {
        self.unwritten.set(Vec::new());
        self.all.set(Vec::new());
    }
}

// Once, and not in each of its places: it is in the first file.
#[inline(never)]
fn put(drafts: &mut Vec<(RecordId, String)>, draft: (RecordId, String)) {
    drafts.retain(|(other, _)| *other != draft.0);
    drafts.push(draft);
}

/// Puts what the disk does not know yet over the drafts that were read from it.
fn put_over(drafts: &mut Vec<(RecordId, String)>, unwritten: Vec<(RecordId, String)>) {
    for word in unwritten {
        put(drafts, word);
    }
    drafts.retain(|(_, state)| !state.is_empty());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_on_the_disk_yet_stands_over_what_was_read_from_it() {
        let draft = |id: u8, state: &str| (RecordId::from_bytes([id; 16]), state.to_owned());
        let mut drafts = vec![draft(1, "Oliko"), draft(2, "thrown away"), draft(3, "of another form")];
        let mut unwritten = vec![draft(1, "Oliko koulu")];
        put(&mut unwritten, draft(2, ""));
        put(&mut unwritten, draft(4, "new"));
        // The last word counts.
        put(&mut unwritten, draft(1, "Oliko koululuokka mukana?"));
        let expected = vec![draft(3, "of another form"), draft(4, "new"), draft(1, "Oliko koululuokka mukana?")];
        put_over(&mut drafts, unwritten);
        assert_eq!(drafts, expected);
    }
}
