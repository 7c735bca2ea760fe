//! Between a store's rows and the rules: what loaded rows mean, and which rows a decision changes. Pure.
//!
//! A store only loads and saves. Which review is the latest, which alternative is open, which revision is the newest, and how the
//! sums change is decided here, the same for every database.

use std::collections::BTreeMap;

use domain::{
    AssociationId, Kind, Month, RecordId,
    association::Association,
    codes::{ActivityForm, Municipality},
    protection::Figures,
    release::WaitingGathering,
    report::{Amounts, Contribution},
    review::Review,
};

use super::{Effect, Loaded, NewRevision, Stored, Writes};

/// A record about another one: a review of a gathering, or an alternative to a record.
#[derive(Clone, Debug, PartialEq)]
pub struct AboutRow {
    pub about: RecordId,
    pub kind: Kind,
    pub id: RecordId,
    pub stored: Stored,
}

/// Something stored cannot be read back, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable(pub &'static str);

impl Loaded {
    /// Adds what is said about the records: of each gathering the review with the highest sequence number, of each record the
    /// alternatives that nobody settled, in sequence order. The rows may come in any order. A gathering with a review that cannot be
    /// read is unreadable.
    pub fn add_about(&mut self, mut rows: Vec<AboutRow>) {
        rows.sort_by_key(|row| row.stored.seq);
        for AboutRow { about, kind, id, stored } in rows {
            let Some(content) = &stored.content else { continue };
            match kind {
                Kind::Review => match Review::parse(content) {
                    Ok(review) => {
                        self.reviews.insert(about, (review.revision, review.verdict));
                    }
                    Err(_) => {
                        self.unreadable.insert(about);
                    }
                },
                Kind::Alternative if !content.contains_key("settled") => {
                    self.alternatives.entry(about).or_default().push((id, stored));
                }
                _ => {}
            }
        }
    }

    /// Finds the loaded gatherings whose form or municipality this version does not know. They could not be taken out of the sums in
    /// which they stand.
    pub fn find_unreadable(&mut self) {
        for ((kind, id), stored) in &self.records {
            let Some(content) = stored.content.as_ref().filter(|_| *kind == Kind::Gathering) else { continue };
            let code = |field: &str| content.get(field).and_then(|value| value.as_str()).unwrap_or_default();
            let is_known = ActivityForm::parse(code("form")).is_some()
                && Municipality::parse_or_successor(code("municipality")).is_some();
            if !is_known {
                self.unreadable.insert(*id);
            }
        }
    }
}

/// How a sensitive gathering's wait for its release changes. One that a release has counted is frozen there: the store leaves it.
#[derive(Clone, Debug, PartialEq)]
pub enum WaitingChange {
    Remove(RecordId),
    Add(WaitingGathering),
}

impl Writes {
    /// The new state of each changed record, and its place in [`Writes::revisions`]: of a record that changed twice in one batch,
    /// the last revision.
    pub fn newest(&self) -> Vec<(usize, &NewRevision)> {
        let newest: BTreeMap<(Kind, RecordId), (usize, &NewRevision)> = self
            .revisions
            .iter()
            .enumerate()
            .map(|(index, revision)| ((revision.kind, revision.record), (index, revision)))
            .collect();
        newest.into_values().collect()
    }

    /// What the association says of itself now, if this batch changed it.
    pub fn association(&self) -> Result<Option<Association>, Unreadable> {
        let mut of_association = self.revisions.iter().rev().filter(|revision| revision.kind == Kind::Association);
        let content = of_association.find_map(|revision| revision.content.as_ref());
        content.map(|content| Association::parse(content).map_err(|_| Unreadable("association"))).transpose()
    }

    /// What is added to the sums of ordinary activity: each gathering's old part is taken out, and its new part put in.
    pub fn tally_changes(&self) -> BTreeMap<(Municipality, Month, ActivityForm), Amounts> {
        let mut sums: BTreeMap<(Municipality, Month, ActivityForm), Amounts> = BTreeMap::new();
        let mut add = |part: &Contribution, amounts: &Amounts| {
            sums.entry((part.municipality, part.month, part.form)).or_default().add(amounts);
        };
        for effect in &self.effects {
            if let Some(before) = effect.before.as_ref().filter(|part| !part.sensitive) {
                add(before, &before.amounts.negated());
            }
            if let Some(after) = effect.after.as_ref().filter(|part| !part.sensitive) {
                add(after, &after.amounts);
            }
        }
        sums.retain(|_, amounts| *amounts != Amounts::default());
        sums
    }

    /// What becomes of the sensitive gatherings of an association that wait for a release, in order.
    pub fn waiting_changes(&self, association: AssociationId) -> Vec<WaitingChange> {
        self.effects.iter().flat_map(|effect| waiting_changes(association, effect)).collect()
    }
}

fn waiting_changes(association: AssociationId, effect: &Effect) -> impl Iterator<Item = WaitingChange> {
    let was_sensitive = effect.before.as_ref().is_some_and(|part| part.sensitive);
    let sensitive = effect.after.as_ref().filter(|part| part.sensitive);
    let added = sensitive.zip(effect.date).map(|(part, day)| {
        WaitingChange::Add(WaitingGathering {
            association,
            gathering: effect.gathering,
            day,
            municipality: part.municipality,
            form: part.form,
            figures: Figures {
                gatherings: 1,
                visits: part.amounts.get(Amounts::VISITS),
                volunteers: part.amounts.get(Amounts::VOLUNTEERS),
                quarter_hours: part.amounts.get(Amounts::QUARTER_HOURS),
            },
        })
    });
    was_sensitive.then_some(WaitingChange::Remove(effect.gathering)).into_iter().chain(added)
}

#[cfg(test)]
mod tests {
    use domain::{Date, UserId, review::Verdict};
    use serde_json::{Value, json};

    use super::*;

    fn id(n: u8) -> RecordId {
        RecordId::from_bytes([n; 16])
    }

    fn stored(seq: u64, content: Value) -> Stored {
        Stored { rev: 1, seq, content: content.as_object().cloned(), recorder: UserId::from_bytes([1; 16]) }
    }

    fn review(seq: u64, verdict: &str) -> AboutRow {
        let content = json!({"gathering": id(9).to_string(), "revision": 1, "verdict": verdict, "comment": "Selvä."});
        AboutRow { about: id(9), kind: Kind::Review, id: id(seq as u8), stored: stored(seq, content) }
    }

    fn part(sensitive: bool, visits: i64) -> Contribution {
        let mut amounts = Amounts::default();
        amounts.0[Amounts::VISITS] = visits;
        Contribution {
            municipality: Municipality::parse("755").expect("a code"),
            month: Month::of(Date::constant(2026, 11, 1)),
            form: ActivityForm::parse("kerho").expect("a code"),
            sensitive,
            amounts,
        }
    }

    fn effect(before: Option<Contribution>, after: Option<Contribution>) -> Effect {
        Effect { gathering: id(9), date: Some(Date::constant(2026, 11, 16)), before, after }
    }

    fn writes(effects: Vec<Effect>) -> Writes {
        Writes { effects, ..Writes::default() }
    }

    #[test]
    fn the_review_with_the_highest_number_is_the_latest_in_whatever_order_the_rows_come() {
        for rows in [[review(1, "approved"), review(2, "returned")], [review(2, "returned"), review(1, "approved")]] {
            let mut loaded = Loaded::default();
            loaded.add_about(rows.to_vec());
            assert_eq!(loaded.reviews[&id(9)], (1, Verdict::Returned));
        }
    }

    #[test]
    fn a_gathering_with_an_unreadable_review_is_unreadable_and_not_as_the_review_before_it_says() {
        let mut loaded = Loaded::default();
        loaded.add_about(vec![review(1, "approved"), review(2, "maybe")]);
        assert!(loaded.unreadable.contains(&id(9)));
    }

    #[test]
    fn alternatives_that_nobody_settled_are_open_in_order() {
        let alternative = |seq: u64, content| {
            let stored = stored(seq, content);
            AboutRow { about: id(9), kind: Kind::Alternative, id: id(seq as u8), stored }
        };
        let mut loaded = Loaded::default();
        let rows =
            vec![alternative(3, json!({})), alternative(2, json!({"settled": "yes"})), alternative(1, json!({}))];
        loaded.add_about(rows);
        let open: Vec<RecordId> = loaded.alternatives[&id(9)].iter().map(|(id, _)| *id).collect();
        assert_eq!(open, [id(1), id(3)]);
    }

    #[test]
    fn a_gathering_of_an_unknown_form_or_municipality_is_unreadable() {
        let is_unreadable = |content| {
            let mut loaded = Loaded::default();
            loaded.records.insert((Kind::Gathering, id(9)), stored(1, content));
            loaded.find_unreadable();
            loaded.unreadable.contains(&id(9))
        };
        assert!(!is_unreadable(json!({"form": "kerho", "municipality": "755"})));
        assert!(is_unreadable(json!({"form": "tulevaisuus", "municipality": "755"})));
        assert!(is_unreadable(json!({"form": "kerho", "municipality": "000"})));
    }

    #[test]
    fn the_sums_lose_the_old_part_and_gain_the_new_one() {
        let changed = writes(vec![effect(Some(part(false, 14)), Some(part(false, 15)))]).tally_changes();
        assert_eq!(changed.values().map(|amounts| amounts.0[Amounts::VISITS]).collect::<Vec<_>>(), [1]);
        let same = writes(vec![effect(Some(part(false, 14)), None), effect(None, Some(part(false, 14)))]);
        assert!(same.tally_changes().is_empty());
        assert!(writes(vec![effect(None, Some(part(true, 14)))]).tally_changes().is_empty());
    }

    #[test]
    fn a_gathering_waits_for_its_release_as_long_as_it_is_sensitive() {
        let association = AssociationId::from_bytes([1; 16]);
        let changes = |before, after| writes(vec![effect(before, after)]).waiting_changes(association);
        let [WaitingChange::Add(waiting)] = &changes(None, Some(part(true, 14)))[..] else { panic!("one is added") };
        assert_eq!((waiting.gathering, waiting.figures.visits), (id(9), 14));
        assert_eq!(changes(Some(part(true, 14)), Some(part(false, 14))), [WaitingChange::Remove(id(9))]);
        let edited = changes(Some(part(true, 14)), Some(part(true, 15)));
        assert!(matches!(edited[..], [WaitingChange::Remove(_), WaitingChange::Add(_)]));
    }
}
