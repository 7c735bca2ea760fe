//! Pages of records, by their ids.
//!
//! The ids of records never change and their order does not either, whatever is written meanwhile: what is there from the first page to the
//! last is told exactly once. In an order by days, an edit between two pages would tell a gathering twice, or never.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::RecordId;
use serde::Deserialize;

use crate::http::problem::Problem;

/// Records in a page, where nobody says how many.
const LIMIT_USUAL: u32 = 100;
/// Most of them in a page.
pub const LIMIT_MAX: u32 = 500;

#[derive(Clone, Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// `next` of the page before; none for the first page.
    pub cursor: Option<String>,
    /// Records in a page: 100 where it is not said.
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<u32>,
}

/// A page that was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    after: Option<RecordId>,
    limit: usize,
}

impl PageParams {
    pub fn read(&self) -> Result<Wanted, Problem> {
        let limit = self.limit.unwrap_or(LIMIT_USUAL);
        if !(1..=LIMIT_MAX).contains(&limit) {
            return Err(Problem::Unreadable("A page has 1 to 500 records."));
        }
        let after = self.cursor.as_deref().map(|cursor| read(cursor).ok_or(NOT_OURS)).transpose()?;
        Ok(Wanted { after, limit: limit as usize })
    }
}

const NOT_OURS: Problem = Problem::Unreadable("The cursor is not one of ours.");

impl Wanted {
    /// The page's records in the order of their ids, and the cursor of the next page where there is one.
    pub fn of<T>(self, all: impl IntoIterator<Item = (RecordId, T)>) -> (Vec<(RecordId, T)>, Option<String>) {
        let is_after = |(id, _): &(RecordId, T)| self.after.is_none_or(|after| *id > after);
        let mut rest: Vec<(RecordId, T)> = all.into_iter().filter(is_after).collect();
        rest.sort_unstable_by_key(|(id, _)| *id);
        let has_more = rest.len() > self.limit;
        rest.truncate(self.limit);
        let next = rest.last().filter(|_| has_more).map(|(id, _)| write(*id));
        (rest, next)
    }
}

/// Nobody outside reads more from it than that it is one of ours.
fn write(last: RecordId) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(last.uuid().as_bytes())
}

fn read(cursor: &str) -> Option<RecordId> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
    Some(RecordId::from_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn page(cursor: Option<String>, limit: u32) -> Result<Wanted, Problem> {
        PageParams { cursor, limit: Some(limit) }.read()
    }

    #[test]
    fn a_page_that_cannot_be_is_said_so() {
        for (cursor, limit) in [(None, 0), (None, 501), (Some("x"), 1), (Some(""), 1), (Some("AAAA"), 1)] {
            assert!(page(cursor.map(str::to_owned), limit).is_err(), "{cursor:?} {limit}");
        }
        assert!(page(Some(write(RecordId::from_bytes([255; 16]))), 500).is_ok());
    }

    #[test]
    fn the_last_page_has_no_next_one() {
        let all = |count: u8| (0..count).map(|n| (RecordId::from_bytes([n; 16]), ()));
        assert_eq!(page(None, 3).expect("a page").of(all(3)).1, None);
        assert!(page(None, 3).expect("a page").of(all(4)).1.is_some());
        assert_eq!(page(None, 3).expect("a page").of(all(0)), (Vec::new(), None));
    }

    /// Between two pages somebody adds records and deletes others. A thousand such runs, the same ones each time.
    #[test]
    fn what_is_there_all_the_time_is_told_once_whatever_is_written_meanwhile() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        let mut lost = 0;
        for _ in 0..1_000 {
            let mut there: BTreeSet<u8> = (0..random(40)).map(|_| random(60) as u8).collect();
            let (mut stayed, limit) = (there.clone(), 1 + random(8) as u32);
            let (mut told, mut cursor) = (Vec::new(), None);
            loop {
                let ids = there.iter().map(|n| (RecordId::from_bytes([*n; 16]), *n));
                let (rows, next) = page(cursor, limit).expect("a page").of(ids);
                told.extend(rows.into_iter().map(|(_, n)| n));
                for _ in 0..random(4) {
                    let n = random(60) as u8;
                    if random(2) == 0 {
                        there.insert(n);
                    } else if there.remove(&n) {
                        stayed.remove(&n);
                        lost += 1;
                    }
                }
                cursor = next;
                if cursor.is_none() {
                    break;
                }
            }
            let once: BTreeSet<u8> = told.iter().copied().collect();
            assert_eq!(once.len(), told.len(), "nothing is told twice");
            assert!(stayed.is_subset(&once), "nothing is lost");
        }
        assert!(lost > 1_000, "the runs delete something");
    }
}
