use domain::{AssociationId, Kind, RecordId};
use serde_json::json;

use super::*;
use crate::{local::Body, outbox::Edit};

const RECORD: RecordId = RecordId::from_bytes([1; 16]);

fn change(n: u8) -> ChangeId {
    ChangeId::from_bytes([n; 16])
}

fn edit(n: u8, participants: u32) -> Edit {
    let content = json!({"participants": participants}).as_object().cloned().expect("object");
    Edit {
        change: change(n),
        association: AssociationId::from_bytes([9; 16]),
        record: RECORD,
        kind: Kind::Gathering,
        body: Body::Content(content),
        made_at: 0,
    }
}

/// A phone's two copies and its witness.
#[derive(Clone, Default)]
struct Phone {
    database: Outbox,
    mirror: LiteMap<String, MirrorRow>,
    witness: Witness,
}

impl Phone {
    fn mirror(&mut self, writes: &[MirrorWrite]) {
        for write in writes {
            match write {
                MirrorWrite::Put { name, row } => self.mirror.insert(name.clone(), row.clone()),
                MirrorWrite::Drop { name } => self.mirror.remove(name),
            };
        }
    }

    fn commit(&mut self, writes: &LocalWrites) {
        self.mirror(&writes.mirror_before());
        self.database.apply(writes);
        self.witness = Witness::of(&self.database);
        self.mirror(&writes.mirror_after());
    }

    fn start(&mut self) -> Health {
        let found = self.reconcile();
        self.database.apply(&found.database);
        self.mirror(&found.mirror);
        self.witness = Witness::of(&self.database);
        let again = self.reconcile();
        assert!(again.database.is_empty() && again.lost == 0, "nothing is left to do: {again:?}");
        found.health()
    }

    fn reconcile(&self) -> Reconciled {
        reconcile(AtStart { outbox: &self.database, unreadable: &[], mirror: &self.mirror, witness: &self.witness })
    }

    fn waiting(&self) -> Vec<ChangeId> {
        self.database.entries.values().map(|entry| entry.change).collect()
    }
}

#[test]
fn s3_a_wiped_database_is_healed_and_no_place_in_the_queue_is_given_twice() {
    let mut phone = Phone::default();
    phone.commit(&phone.database.edit(edit(1, 14)));
    phone.commit(&phone.database.drop_entry(change(1)).expect("unsent"));
    phone.commit(&phone.database.edit(edit(2, 14)));
    phone.database = Outbox::default();
    assert_eq!(phone.start(), Health::HealedDatabase(1));
    assert_eq!((phone.waiting(), phone.database.counter), (vec![change(2)], 2));
    assert_eq!(phone.start(), Health::AllWell);
}

#[test]
fn s3_a_lost_mirror_is_healed() {
    let mut phone = Phone::default();
    phone.commit(&phone.database.edit(edit(1, 14)));
    phone.mirror.clear();
    assert_eq!(phone.start(), Health::HealedMirror(1));
    phone.database = Outbox::default();
    assert_eq!(phone.start(), Health::HealedDatabase(1));
}

#[test]
fn s3_a_loss_of_both_is_told() {
    let mut phone = Phone::default();
    phone.commit(&phone.database.edit(edit(1, 14)));
    phone.mirror.clear();
    phone.database = Outbox::default();
    let found = phone.reconcile();
    assert_eq!((found.health(), found.database.counter), (Health::Lost(1), Some(1)));
}

#[test]
fn s3_a_damaged_row_is_seen_and_healed_from_the_other_copy() {
    let mut phone = Phone::default();
    phone.commit(&phone.database.edit(edit(1, 14)));
    let row = phone.mirror.get_mut(&row_name(change(1))).expect("mirrored");
    row.text = row.text.replace("14", "41");
    assert_eq!(open(row), None);
    let mut both = phone.clone();
    assert_eq!(phone.start(), Health::HealedMirror(1));
    both.database = Outbox::default();
    assert_eq!(both.reconcile().health(), Health::Unreadable(1));
    assert!(both.reconcile().mirror.iter().all(|write| !matches!(write, MirrorWrite::Drop { .. })), "it is left");
}

#[test]
fn s3_an_unreadable_row_of_the_database_is_healed_from_the_mirror() {
    let mut phone = Phone::default();
    phone.commit(&phone.database.edit(edit(1, 14)));
    let empty = Outbox::default();
    let unreadable = [change(1)];
    let (whole, empty_mirror) = (&phone.mirror, &LiteMap::new());
    let found = |mirror| AtStart { outbox: &empty, unreadable: &unreadable, mirror, witness: &phone.witness };
    assert_eq!(reconcile(found(whole)).health(), Health::HealedDatabase(1));
    assert_eq!(reconcile(found(empty_mirror)).health(), Health::Unreadable(1));
}

#[test]
fn s3_an_undone_change_does_not_come_back_with_a_database_that_lost_its_tail() {
    let mut phone = Phone::default();
    phone.commit(&phone.database.edit(edit(1, 14)));
    let before = phone.database.clone();
    phone.commit(&phone.database.drop_entry(change(1)).expect("unsent"));
    phone.database = before;
    phone.start();
    assert!(phone.waiting().is_empty());
}

#[test]
fn s3_an_undo_that_was_cut_short_is_not_done() {
    let mut phone = Phone::default();
    phone.commit(&phone.database.edit(edit(1, 14)));
    phone.database.apply(&phone.database.drop_entry(change(1)).expect("unsent"));
    assert_eq!(phone.start(), Health::HealedDatabase(1));
}

#[test]
fn s3_of_two_joined_edits_the_later_stands_wherever_the_crash_was() {
    let mut first = Phone::default();
    first.commit(&first.database.edit(edit(1, 14)));
    let writes = first.database.edit(edit(2, 15));
    let mut cut = first.clone();
    cut.mirror(&writes.mirror_before());
    cut.start();
    assert_eq!(cut.waiting(), [change(2)], "cut before the commit");
    let mut tail_lost = first.clone();
    tail_lost.commit(&writes);
    tail_lost.database = first.database.clone();
    tail_lost.start();
    assert_eq!(tail_lost.waiting(), [change(2)], "the database lost its tail");
}

#[test]
fn s3_an_edit_brought_back_by_undo_is_newer_than_its_tombstone() {
    let mut phone = Phone::default();
    phone.commit(&phone.database.edit(edit(1, 14)));
    let second = edit(2, 15);
    let writes = phone.database.edit(second.clone());
    let inverse = phone.database.inverse(&second, &writes);
    phone.commit(&writes);
    let before = phone.database.clone();
    phone.commit(&phone.database.undo(&inverse, change(3)));
    assert_eq!(phone.waiting(), [change(1)]);
    phone.database = before;
    phone.start();
    assert_eq!(phone.waiting(), [change(1)]);
}

#[test]
fn s3_a_save_that_did_not_commit_leaves_the_mirror_as_it_was() {
    let mut phone = Phone::default();
    phone.commit(&phone.database.edit(edit(1, 14)));
    let writes = phone.database.edit(edit(2, 15));
    phone.mirror(&writes.mirror_before());
    phone.mirror(&writes.mirror_back(&phone.database));
    assert_eq!(phone.start(), Health::AllWell);
    assert_eq!(phone.waiting(), [change(1)]);
}

#[test]
fn s3_a_received_change_stays_received_when_the_database_loses_its_tail() {
    let mut phone = Phone::default();
    phone.commit(&phone.database.edit(edit(1, 14)));
    let before = phone.database.clone();
    phone.commit(&phone.database.mark_sent(&[change(1)]));
    phone.commit(&LocalWrites { drop_entries: vec![change(1)], ..LocalWrites::default() });
    phone.database = before;
    phone.start();
    assert!(phone.waiting().is_empty());
}

#[test]
fn s3_an_entry_that_only_the_database_has_cannot_be_undone() {
    let mut phone = Phone::default();
    phone.commit(&phone.database.edit(edit(1, 14)));
    phone.mirror.clear();
    phone.start();
    assert_eq!(phone.database.drop_entry(change(1)), None, "it may have been sent");
}

#[test]
fn s9_an_edit_that_only_the_mirror_kept_has_no_base_where_the_epoch_is_lost_too() {
    let association = AssociationId::from_bytes([9; 16]);
    let mut phone = Phone::default();
    let cursor = crate::local::Cursor { epoch: "e".to_owned(), seq: 4 };
    phone.commit(&LocalWrites { cursors: vec![(association, cursor.clone())], ..LocalWrites::default() });
    let mut writes = phone.database.edit(edit(1, 14));
    writes.put_entries[0].base = 2;
    phone.commit(&writes);
    let base = |phone: &Phone| phone.database.entry(change(1)).expect("waits").base;

    let mut rewound = phone.clone();
    rewound.database = Outbox::default();
    rewound.database.cursors.insert(association, cursor);
    assert_eq!((rewound.start(), base(&rewound)), (Health::HealedDatabase(1), 2), "in an epoch that is known");

    phone.database = Outbox::default();
    assert_eq!((phone.start(), base(&phone)), (Health::HealedDatabase(1), 0));
    assert_eq!(phone.start(), Health::AllWell);
}
