//! What is kept of what somebody hands in who has left. Their changes are decided as an ordinary volunteer's would be, and nothing of that
//! is written: what would be taken is kept apart, and the association decides.

use std::collections::HashMap;

use domain::{AssociationId, ChangeId, Date, DeviceId, Kind, Role, UserId};

use super::{Loaded, ReadChange, Who, codes, decide, refused};
use crate::{
    canonical::body_hash,
    limits,
    protocol::{
        Change, Outcome,
        hand_in::{HandInOutcome, HandInResult},
    },
};

/// A change that was handed in, with its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    pub result: HandInResult,
    /// It is to be kept before it is answered so.
    pub keep: Option<Change>,
}

/// Somebody who has left, as the rules know them: a volunteer who may do no more than record.
pub fn one_who_left(user: UserId, device: DeviceId, association: AssociationId, today: Date) -> Who {
    Who {
        user,
        device,
        association,
        role: Role::Volunteer,
        volunteers_set_up_series: false,
        volunteers_change_others: false,
        today,
    }
}

/// Whether the time since somebody left (both moments of the server, milliseconds) is one in which they may hand in.
pub fn is_in_time(left_ms: i64, now_ms: i64) -> bool {
    now_ms - left_ms < limits::HAND_IN_MS
}

/// The changes that are looked at: new gatherings and edits of them. A deletion brings nothing, and a group, a review or the association's
/// own record are not whoever has left's to say. From another epoch, nobody knows what an edit started from (S9).
pub fn to_check(changes: Vec<ReadChange>, is_same_epoch: bool) -> Vec<ReadChange> {
    let checked = |change: Change| {
        if change.kind != Kind::Gathering || change.content.is_none() {
            let sent_hash = body_hash(change.content.as_ref());
            return Err(Box::new(refused(change.change, change.record, sent_hash, codes::NOT_ALLOWED, Vec::new())));
        }
        let base = if is_same_epoch { change.base } else { 0 };
        Ok(Change { base, filed: false, ..change })
    };
    changes.into_iter().map(|read| read.and_then(checked)).collect()
}

/// Decides what is kept of what [`one_who_left`] hands in. `loaded` is what [`super::keys`] of the changes name.
pub fn judge(loaded: Loaded, who: &Who, changes: &[ReadChange]) -> Vec<Judged> {
    let known: HashMap<ChangeId, Outcome> =
        loaded.results.iter().map(|(change, result)| (*change, result.outcome)).collect();
    let (results, _) = decide(loaded, who, changes);
    let judged = |(read, decided): (&ReadChange, super::ChangeResult)| {
        let (change, record, sent_hash) = match read {
            Ok(change) => (change.change, change.record, body_hash(change.content.as_ref())),
            Err(refusal) => (refusal.change, refusal.record, refusal.sent_hash.clone()),
        };
        // The answer may be a stored one, to another content under the same id.
        let is_of_it = decided.record == record && decided.sent_hash == sent_hash;
        let (outcome, code) = match decided.outcome {
            _ if !is_of_it || read.is_err() => {
                (HandInOutcome::Refused, decided.code.unwrap_or_else(|| codes::NOT_ALLOWED.to_owned()))
            }
            Outcome::Stored | Outcome::Merged | Outcome::Clash => (HandInOutcome::Given, String::new()),
            Outcome::Refused => (HandInOutcome::Refused, decided.code.unwrap_or_default()),
            Outcome::AgainLater => (HandInOutcome::AgainLater, decided.code.unwrap_or_default()),
        };
        // What was taken while they were a member has its place already.
        let is_new = outcome == HandInOutcome::Given && !known.contains_key(&change);
        let code = Some(code).filter(|code| !code.is_empty());
        Judged {
            result: HandInResult { change, record, sent_hash, outcome, code },
            keep: read.as_ref().ok().filter(|_| is_new).cloned(),
        }
    };
    changes.iter().zip(results).map(judged).collect()
}

#[cfg(test)]
mod tests {
    use domain::RecordId;
    use serde_json::{Value, json};

    use super::*;
    use crate::rules::Stored;

    const AINO: UserId = UserId::from_bytes([1; 16]);
    const BERIT: UserId = UserId::from_bytes([2; 16]);

    fn who() -> Who {
        let (device, association) = (DeviceId::from_bytes([9; 16]), AssociationId::from_bytes([8; 16]));
        one_who_left(AINO, device, association, Date::constant(2026, 11, 21))
    }

    fn gathering(id: u8, base: u32, participants: i64) -> Change {
        let content = json!({"form": "kerho", "date": "2026-11-16", "municipality": "755",
                             "participants": participants, "volunteers": 2, "volunteer_quarter_hours": 16});
        Change {
            change: ChangeId::from_bytes([id; 16]),
            record: RecordId::from_bytes([id; 16]),
            kind: Kind::Gathering,
            base,
            content: content.as_object().cloned(),
            deleted: false,
            made_at: 1,
            filed: false,
        }
    }

    fn judged(loaded: Loaded, changes: Vec<Change>) -> Vec<(HandInOutcome, Option<String>, bool)> {
        let changes = to_check(changes.into_iter().map(Ok).collect(), true);
        let judged = judge(loaded, &who(), &changes);
        judged.into_iter().map(|one| (one.result.outcome, one.result.code, one.keep.is_some())).collect()
    }

    fn no(code: &str) -> (HandInOutcome, Option<String>, bool) {
        (HandInOutcome::Refused, Some(code.to_owned()), false)
    }

    #[test]
    fn whoever_has_left_may_do_no_more_than_record() {
        let who = who();
        assert_eq!((who.user, who.role), (AINO, Role::Volunteer));
        assert!(!who.volunteers_set_up_series && !who.volunteers_change_others);
    }

    #[test]
    fn a_new_gathering_is_kept_and_a_wrong_one_is_refused_as_in_a_push() {
        let mut wrong = gathering(2, 0, 14);
        wrong.content.as_mut().expect("a content").insert("participants".to_owned(), Value::from(-1));
        let told = judged(Loaded::default(), vec![gathering(1, 0, 14), wrong]);
        assert_eq!(told[0], (HandInOutcome::Given, None, true));
        assert_eq!((told[1].0, told[1].2), (HandInOutcome::Refused, false));
    }

    #[test]
    fn a_deletion_and_what_is_no_gathering_are_refused_also_from_one_who_was_a_reviewer() {
        let deletion = Change { content: None, deleted: true, ..gathering(1, 1, 14) };
        let series = Change { kind: Kind::Series, ..gathering(2, 0, 14) };
        let own = Change { kind: Kind::Association, ..gathering(3, 0, 14) };
        let told = judged(Loaded::default(), vec![deletion, series, own]);
        assert_eq!(told, [no(codes::NOT_ALLOWED), no(codes::NOT_ALLOWED), no(codes::NOT_ALLOWED)]);
    }

    #[test]
    fn an_edit_of_ones_own_is_kept_and_one_of_anothers_is_not_whatever_the_association_allows() {
        let mut loaded = Loaded::default();
        for (id, recorder) in [(1, AINO), (2, BERIT)] {
            let change = gathering(id, 0, 12);
            let stored = Stored { rev: 1, seq: u64::from(id), content: change.content.clone(), recorder };
            loaded.bases.insert((Kind::Gathering, change.record, 1), change.content.unwrap_or_default());
            loaded.records.insert((Kind::Gathering, change.record), stored);
        }
        let told = judged(loaded, vec![gathering(1, 1, 14), gathering(2, 1, 14)]);
        assert_eq!(told, [(HandInOutcome::Given, None, true), no(codes::RECORDED_BY_ANOTHER)]);
    }

    #[test]
    fn one_id_for_two_contents_keeps_the_first() {
        let told = judged(Loaded::default(), vec![gathering(1, 0, 14), gathering(1, 0, 15)]);
        assert_eq!(told, [(HandInOutcome::Given, None, true), no(codes::NOT_ALLOWED)]);
    }

    #[test]
    fn from_another_epoch_no_base_is_believed() {
        let changes = to_check(vec![Ok(gathering(1, 7, 14))], false);
        assert_eq!(changes[0].as_ref().map(|change| change.base), Ok(0));
    }

    #[test]
    fn thirty_days_are_thirty_days() {
        let day = 24 * 60 * 60 * 1_000;
        assert!(is_in_time(5, 5) && is_in_time(5, 5 + 30 * day - 1));
        assert!(!is_in_time(5, 5 + 30 * day));
    }
}
