//! The association's review of a gathering, and how pairs and alternatives are settled.

use serde_json::Value;

use crate::{
    Content, FieldError, Problem, RecordId, bounds,
    content::{self, Reader, put},
    period::Closing,
};

/// Approved, or returned with a comment that the volunteer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    Approved,
    Returned,
}

impl Verdict {
    pub const fn code(self) -> &'static str {
        match self {
            Verdict::Approved => "approved",
            Verdict::Returned => "returned",
        }
    }

    pub fn parse(code: &str) -> Option<Verdict> {
        [Verdict::Approved, Verdict::Returned].into_iter().find(|verdict| verdict.code() == code)
    }
}

/// A review names the gathering **and the revision seen**: nobody approves numbers that they did not see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub gathering: RecordId,
    pub revision: u32,
    pub verdict: Verdict,
    pub comment: Option<String>,
}

/// Every field of a review's content that this version knows.
pub const FIELDS: &[&str] = &["gathering", "revision", "verdict", "comment"];

impl Review {
    pub fn parse(content: &Content) -> Result<Review, Vec<FieldError>> {
        let mut read = Reader::new(content);
        let gathering = read.required("gathering", content::id(RecordId::parse));
        let revision = read.required("revision", content::number(1, u32::MAX));
        let verdict = read.required("verdict", content::code(Verdict::parse));
        let comment = read.optional("comment", content::line(bounds::COMMENT_MAX_CHARS));
        if verdict == Some(Verdict::Returned) && comment.is_none() {
            read.fail("comment", Problem::Missing);
        }
        let whole = gathering.zip(revision).zip(verdict).map(|((gathering, revision), verdict)| Review {
            gathering,
            revision,
            verdict,
            comment,
        });
        read.finish(whole)
    }

    pub fn to_content(&self) -> Content {
        let mut out = Content::new();
        put(&mut out, "gathering", Some(self.gathering.to_string()));
        put(&mut out, "revision", Some(self.revision));
        put(&mut out, "verdict", Some(self.verdict.code()));
        put(&mut out, "comment", self.comment.clone());
        out
    }
}

/// Where a gathering stands in its association's review.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ReviewState {
    /// Counts for the coordinator, as provisional.
    #[default]
    Recorded,
    Approved,
    /// Does not count until mended.
    Returned,
}

impl ReviewState {
    /// The stable code in files.
    pub const fn code(self) -> &'static str {
        match self {
            ReviewState::Recorded => "recorded",
            ReviewState::Approved => "approved",
            ReviewState::Returned => "returned",
        }
    }

    /// The state of a gathering at `revision` given its latest review; a review of an older revision says nothing of this one.
    pub fn of(revision: u32, latest: Option<(u32, Verdict)>) -> ReviewState {
        match latest {
            Some((seen, Verdict::Approved)) if seen == revision => ReviewState::Approved,
            Some((seen, Verdict::Returned)) if seen == revision => ReviewState::Returned,
            _ => ReviewState::Recorded,
        }
    }
}

/// What one press does with all gatherings that stand under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkApproval {
    /// Nothing can be approved in bulk, and something is not approved: it was returned, waits on this phone, or is one of a pair.
    Nothing,
    /// All of them are approved.
    Done,
    /// These, each with the revision that is on the screen.
    Approve(Vec<(RecordId, u32)>),
}

/// A gathering as its reviewer sees it in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    pub gathering: RecordId,
    pub revision: u32,
    pub state: ReviewState,
    /// The server has it as it is shown.
    pub is_received: bool,
}

impl BulkApproval {
    /// Left out is what was returned, what the server does not have as it is shown, and what nobody has settled: `unsettled` are the
    /// gatherings of unsettled pairs ([`crate::pair::unsettled_pairs`]) and those with an open alternative.
    pub fn of(listed: &[Listed], unsettled: &[RecordId]) -> BulkApproval {
        let waits = |one: &&Listed| {
            one.state == ReviewState::Recorded && one.is_received && !unsettled.contains(&one.gathering)
        };
        let approve: Vec<_> = listed.iter().filter(waits).map(|one| (one.gathering, one.revision)).collect();
        match approve.len() {
            0 if listed.is_empty() || listed.iter().any(|one| one.state != ReviewState::Approved) => {
                BulkApproval::Nothing
            }
            0 => BulkApproval::Done,
            _ => BulkApproval::Approve(approve),
        }
    }
}

/// The association's answer to "Sama kerta?" or to an alternative (invariants S11, S14), or its word that a period is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// Two gatherings of one series and date: both happened, or the same one (then one of them is deleted beside this).
    Pair { first: RecordId, second: RecordId, same: bool },
    /// An alternative was taken, or left.
    Alternative { alternative: RecordId, taken: bool },
    /// A month or a year was closed, or opened anew.
    Period(Closing),
}

pub const SETTLEMENT_FIELDS: &[&str] = &[
    "first",
    "second",
    "same",
    "alternative",
    "taken",
    "period",
    "closed",
    "gatherings",
    "cancelled",
    "visits",
    "volunteer_visits",
    "quarter_hours",
    "mark",
];

impl Settlement {
    pub fn parse(content: &Content) -> Result<Settlement, Vec<FieldError>> {
        let mut read = Reader::new(content);
        let whole = if read.has("period") {
            Closing::read(&mut read).map(Settlement::Period)
        } else if read.has("alternative") {
            let alternative = read.required("alternative", content::id(RecordId::parse));
            let taken = read.required("taken", content::yes_or_no);
            alternative.zip(taken).map(|(alternative, taken)| Settlement::Alternative { alternative, taken })
        } else {
            let first = read.required("first", content::id(RecordId::parse));
            let second = read.required("second", content::id(RecordId::parse));
            let same = read.required("same", content::yes_or_no);
            first.zip(second).zip(same).map(|((first, second), same)| Settlement::Pair { first, second, same })
        };
        read.finish(whole)
    }

    pub fn to_content(&self) -> Content {
        let mut out = Content::new();
        let text = |id: &RecordId| Value::from(id.to_string());
        match self {
            Settlement::Pair { first, second, same } => {
                put(&mut out, "first", Some(text(first)));
                put(&mut out, "second", Some(text(second)));
                put(&mut out, "same", Some(*same));
            }
            Settlement::Alternative { alternative, taken } => {
                put(&mut out, "alternative", Some(text(alternative)));
                put(&mut out, "taken", Some(*taken));
            }
            Settlement::Period(closing) => closing.write(&mut out),
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_later_revision_is_recorded_again() {
        assert_eq!(ReviewState::of(2, Some((2, Verdict::Approved))), ReviewState::Approved);
        assert_eq!(ReviewState::of(3, Some((2, Verdict::Approved))), ReviewState::Recorded);
        assert_eq!(ReviewState::of(1, None), ReviewState::Recorded);
    }

    #[test]
    fn a_gathering_is_not_returned_without_a_comment() {
        let id = "0190f3a0-0000-7000-8000-000000000001";
        let content = json!({"gathering": id, "revision": 1, "verdict": "returned"});
        let errors = Review::parse(content.as_object().expect("object")).expect_err("no comment");
        assert_eq!(errors, [FieldError { field: "comment", problem: Problem::Missing }]);
    }

    #[test]
    fn bulk_approval_leaves_out_what_has_to_be_looked_at() {
        let id = |n: u8| RecordId::from_bytes([n; 16]);
        let listed = |n, state| Listed { gathering: id(n), revision: u32::from(n), state, is_received: true };
        let (recorded, approved) = (listed(1, ReviewState::Recorded), listed(2, ReviewState::Approved));
        let returned = listed(3, ReviewState::Returned);
        let waiting = Listed { is_received: false, ..listed(4, ReviewState::Recorded) };
        let paired = listed(5, ReviewState::Recorded);
        let all = [recorded, approved, returned, waiting, paired];
        assert_eq!(BulkApproval::of(&all, &[id(5)]), BulkApproval::Approve(vec![(id(1), 1)]));
        assert_eq!(BulkApproval::of(&[approved, approved], &[]), BulkApproval::Done);
        for left in [returned, waiting, paired] {
            assert_eq!(BulkApproval::of(&[approved, left], &[id(5)]), BulkApproval::Nothing);
        }
        assert_eq!(BulkApproval::of(&[], &[]), BulkApproval::Nothing);
    }

    #[test]
    fn every_kind_of_settlement_is_read_and_written_back() {
        let id = |n: u8| RecordId::from_bytes([n; 16]);
        for settlement in [
            Settlement::Pair { first: id(1), second: id(2), same: true },
            Settlement::Alternative { alternative: id(3), taken: false },
            Settlement::Period(Closing { period: crate::period::Period::Year(2025), closed: true, seen: None }),
        ] {
            assert_eq!(Settlement::parse(&settlement.to_content()), Ok(settlement));
        }
    }
}
