//! A random history of two associations; the same seed gives the same history.

use domain::{ChangeId, Kind, RecordId, Role};
use serde_json::{Value, json};
use sync::{
    protocol::{Change, Outcome},
    testing::simulator::Dice,
};

use super::bench::*;
use crate::support::{Scribe, with};

pub struct History {
    dice: Dice,
    /// Gatherings, reviews and the number of revisions that they may have, of each association.
    gatherings: [Vec<(RecordId, u32)>; 2],
    reviews: [Vec<(RecordId, u32)>; 2],
    sent: [Vec<Change>; 2],
    outcomes: std::collections::BTreeMap<&'static str, u32>,
}

impl History {
    pub fn new(seed: u64) -> History {
        History {
            dice: Dice::new(seed),
            gatherings: Default::default(),
            reviews: Default::default(),
            sent: Default::default(),
            outcomes: Default::default(),
        }
    }

    /// One push of one to four changes by somebody.
    pub async fn step<D: Database>(&mut self, db: &D) {
        let place = self.below(2) as usize;
        let is_reviewer = self.dice.chance(50);
        let scribe = match is_reviewer {
            true => Scribe::new([HERE, THERE][place], REVIEWER, Role::Reviewer),
            false => {
                Scribe::new([HERE, THERE][place], if self.dice.chance(50) { AINO } else { BERIT }, Role::Volunteer)
            }
        };
        let many = 1 + self.below(4);
        let changes: Vec<Change> = (0..many).map(|_| self.change(place, is_reviewer)).collect();
        let taken = scribe.take(&**db.store(), &changes).await;
        for (change, result) in changes.iter().zip(&taken.results) {
            let name = match result.outcome {
                Outcome::Stored => "stored",
                Outcome::Merged => "merged",
                Outcome::Clash => "clash",
                Outcome::Refused => "refused",
                Outcome::AgainLater => "again-later",
            };
            *self.outcomes.entry(name).or_default() += 1;
            let known = if change.kind == Kind::Review { &mut self.reviews } else { &mut self.gatherings };
            match known[place].iter_mut().find(|(id, _)| *id == change.record) {
                Some((_, rev)) => *rev = (*rev).max(result.rev),
                None if result.rev > 0 => known[place].push((change.record, result.rev)),
                None => {}
            }
        }
        self.sent[place].extend(changes);
    }

    /// A history in which nothing clashed or was refused would show nothing.
    pub fn assert_was_eventful(&self) {
        for name in ["stored", "merged", "clash", "refused"] {
            assert!(self.outcomes.get(name).is_some_and(|times| *times > 3), "{name} in {:?}", self.outcomes);
        }
    }

    fn below(&mut self, end: u64) -> u32 {
        self.dice.below(end) as u32
    }

    fn id(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.dice.roll().to_be_bytes());
        bytes[8..].copy_from_slice(&self.dice.roll().to_be_bytes());
        bytes
    }

    fn one_of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.dice.below(all.len() as u64) as usize]
    }

    fn change(&mut self, place: usize, is_reviewer: bool) -> Change {
        let known = self.gatherings[place].len() as u64;
        let reviewed = self.reviews[place].len() as u64;
        let chance = self.below(100);
        match chance {
            0..5 if !self.sent[place].is_empty() => {
                let index = self.dice.below(self.sent[place].len() as u64) as usize;
                self.sent[place][index].clone()
            }
            // Few gatherings, so that people meet on them.
            5..35 | 80.. if known > 12 || (chance < 35 && known > 0) => {
                let (id, rev) = self.known_gathering(place);
                let content = if self.dice.chance(60) { self.part() } else { self.gathering() };
                self.of(Kind::Gathering, id, rev, content)
            }
            35..45 if known > 0 => {
                let (id, rev) = self.known_gathering(place);
                self.with_id(deletion(Kind::Gathering, id, rev))
            }
            45..70 if known > 0 && is_reviewer => {
                let (gathering, revision) = self.known_gathering(place);
                let id = RecordId::from_bytes(self.id());
                let content = self.review(gathering, revision.max(1));
                self.of(Kind::Review, id, 0, content)
            }
            70..80 if reviewed > 0 && is_reviewer => {
                let (gathering, revision) = self.known_gathering(place);
                let index = self.dice.below(reviewed) as usize;
                let (id, rev) = self.reviews[place][index];
                match self.below(3) {
                    0 => self.with_id(deletion(Kind::Review, id, rev)),
                    _ => {
                        let content = self.review(gathering, revision.max(1));
                        self.of(Kind::Review, id, rev, content)
                    }
                }
            }
            _ => {
                let id = RecordId::from_bytes(self.id());
                let content = self.gathering();
                self.of(Kind::Gathering, id, 0, content)
            }
        }
    }

    /// A gathering and the revision that somebody saw: mostly the newest.
    fn known_gathering(&mut self, place: usize) -> (RecordId, u32) {
        let index = self.dice.below(self.gatherings[place].len() as u64) as usize;
        let (id, rev) = self.gatherings[place][index];
        let seen = match self.below(10) {
            0 => self.below(u64::from(rev) + 1),
            1..4 => 1 + self.below(u64::from(rev.max(1))),
            _ => rev,
        };
        (id, seen)
    }

    fn of(&mut self, kind: Kind, record: RecordId, base: u32, content: Value) -> Change {
        self.with_id(crate::support::change(kind, record, base, content))
    }

    fn with_id(&mut self, change: Change) -> Change {
        Change { change: ChangeId::from_bytes(self.id()), ..change }
    }

    fn review(&mut self, gathering: RecordId, revision: u32) -> Value {
        let verdict = self.one_of(&["approved", "returned"]);
        json!({"gathering": gathering, "revision": revision, "verdict": verdict, "comment": "Onko näin?"})
    }

    /// An edit that says some fields only.
    fn part(&mut self) -> Value {
        match self.below(4) {
            0 => json!({"note": format!("Kahvit {}.", self.below(9))}),
            1 => json!({"free": self.dice.chance(50)}),
            2 => json!({"municipality": self.one_of(&["755", "149"])}),
            _ => json!({"form": self.one_of(&["kerho", "vertaistuki"])}),
        }
    }

    fn gathering(&mut self) -> Value {
        let participants = self.below(30);
        let form = self.one_of(&["kerho", "retki", "vertaistuki"]);
        let date = self.one_of(&["2026-03-31", "2026-05-04", "2026-08-31", "2026-11-16", "2026-11-17"]);
        let municipality = self.one_of(&["755", "149", "588"]);
        let mut whole = json!({"form": form, "date": date, "municipality": municipality});
        if self.dice.chance(10) {
            return with(
                whole,
                json!({"status": "cancelled", "participants": null, "volunteers": null,
                "volunteer_quarter_hours": null, "ages": null, "residents": null}),
            );
        }
        whole = with(
            whole,
            json!({"status": null, "participants": participants, "volunteers": 1 + self.below(4),
            "volunteer_quarter_hours": self.below(96), "ages": null, "residents": null}),
        );
        if self.dice.chance(30) {
            // Now and then they do not sum, or more came from here than came at all.
            whole = with(whole, json!({"ages": {"75": participants}, "residents": self.below(34)}));
        }
        if self.dice.chance(10) {
            whole = with(whole, json!({"sensitive": true}));
        }
        whole
    }
}
