//! The number of different people, and of different volunteers, in one series and year, or in the whole association and year. It cannot
//! be summed from gatherings, so the association is asked once a year.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    AssociationId, Content, FieldError, Gathering, Problem, RecordId, bounds,
    content::{self, Reader, put},
    gathering::{CountBasis, Heads},
};

/// The answer for one series, or for the whole association, and one year, which are its key. It holds one number at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearlyPeople {
    /// None: the whole association. A program that does not know it yet reads no answer, and keeps the record as it came.
    pub series: Option<RecordId>,
    pub year: i16,
    pub distinct_people: Option<u32>,
    /// How they were counted.
    pub basis: CountBasis,
    /// How many different volunteers helped.
    pub distinct_volunteers: Option<u32>,
}

pub const FIELDS: &[&str] = &["series", "year", "distinct_people", "basis", "distinct_volunteers"];

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    People,
    Volunteers,
}

impl Asked {
    pub const ALL: [Asked; 2] = [Asked::People, Asked::Volunteers];

    pub fn answer(self, people: &YearlyPeople) -> Option<u32> {
        match self {
            Asked::People => people.distinct_people,
            Asked::Volunteers => people.distinct_volunteers,
        }
    }

    fn heads(self, heads: &Heads) -> u32 {
        match self {
            Asked::People => heads.participants,
            Asked::Volunteers => heads.volunteers,
        }
    }
}

impl YearlyPeople {
    /// The record of a series' year: the same on every phone, so that two answers meet (S11) instead of standing side by side.
    pub fn id(series: RecordId, year: i16) -> RecordId {
        let mut bytes = *series.uuid().as_bytes();
        for (byte, of_year) in bytes[14..].iter_mut().zip(year.to_be_bytes()) {
            *byte ^= of_year;
        }
        RecordId::from_bytes(bytes)
    }

    /// The record of the whole association's year.
    pub fn id_of_whole(association: AssociationId, year: i16) -> RecordId {
        YearlyPeople::id(RecordId::new(association.uuid()), year)
    }

    /// Whether a record of this id is, or in some year would be, the whole association's: see [`YearlyPeople::id_of_whole`].
    pub fn is_id_of_whole(association: AssociationId, id: RecordId) -> bool {
        id.uuid().as_bytes()[..14] == association.uuid().as_bytes()[..14]
    }

    pub fn parse(content: &Content) -> Result<YearlyPeople, Vec<FieldError>> {
        let mut read = Reader::new(content);
        let series = read.optional("series", content::id(RecordId::parse));
        let year = read.required("year", content::number(bounds::FIRST_YEAR as u32, 2100));
        let distinct_people = read.optional("distinct_people", content::number(0, bounds::DISTINCT_PEOPLE_MAX));
        let basis = read.optional("basis", content::code(CountBasis::parse)).unwrap_or(CountBasis::Counted);
        let distinct_volunteers = read.optional("distinct_volunteers", content::number(0, bounds::VOLUNTEERS_MAX));
        if !read.has("distinct_people") && !read.has("distinct_volunteers") {
            read.fail("distinct_people", Problem::Missing);
        }
        let whole =
            year.map(|year| YearlyPeople { series, year: year as i16, distinct_people, basis, distinct_volunteers });
        read.finish(whole)
    }

    pub fn to_content(&self) -> Content {
        let mut out = Content::new();
        put(&mut out, "series", self.series.map(|series| series.to_string()));
        put(&mut out, "year", Some(self.year));
        put(&mut out, "distinct_people", self.distinct_people);
        put(&mut out, "basis", (self.basis != CountBasis::Counted).then(|| self.basis.code()));
        put(&mut out, "distinct_volunteers", self.distinct_volunteers);
        out
    }

    /// What a form sends: also what is empty or the usual is said, so that it takes the place of what was there.
    pub fn to_edit(&self) -> Content {
        let mut out = self.to_content();
        out.insert("basis".to_owned(), self.basis.code().into());
        // Of the whole also that it is about no series.
        for field in ["series", "distinct_people", "distinct_volunteers"] {
            out.entry(field).or_insert(Value::Null);
        }
        out
    }
}

/// Whether a content is an answer for the whole association, which is the reviewers' to give.
pub fn is_of_whole(content: &Content) -> bool {
    content.get("series").is_none_or(|series| series.is_null())
}

/// Between which numbers an answer is expected, both included. Another one is asked about and not refused: not all gatherings may have
/// been recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// At least as many as at the fullest gathering; of the whole, as the largest group has.
    pub least: u64,
    /// At most as often as somebody came; of the whole, the sum of the groups, where a group without an answer has its visits.
    pub most: u64,
}

impl Expected {
    pub fn holds(self, answer: u32) -> bool {
        (self.least..=self.most).contains(&u64::from(answer))
    }
}

/// What a year's answers are expected to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpectedOfYear {
    /// Of each series with a held gathering.
    pub series: BTreeMap<RecordId, Expected>,
    pub whole: Expected,
}

impl ExpectedOfYear {
    /// `gatherings` and `answers` may be of other years, too.
    pub fn of<'a>(
        asked: Asked,
        year: i16,
        gatherings: impl IntoIterator<Item = &'a Gathering>,
        answers: &[YearlyPeople],
    ) -> ExpectedOfYear {
        let mut series: BTreeMap<RecordId, Expected> = BTreeMap::new();
        let mut whole = Expected::default();
        for gathering in gatherings.into_iter().filter(|gathering| gathering.date.year() == year) {
            let Some(heads) = &gathering.heads else { continue };
            let heads = u64::from(asked.heads(heads));
            let sum = match gathering.series {
                Some(id) => series.entry(id).or_default(),
                None => &mut whole,
            };
            sum.least = sum.least.max(heads);
            sum.most += heads;
        }
        for (id, of_series) in &series {
            let answer = answers.iter().find(|one| (one.series, one.year) == (Some(*id), year));
            let Expected { least, most } = match answer.and_then(|one| asked.answer(one)) {
                // Odd itself, and asked about where it stands.
                Some(answer) => Expected { least: u64::from(answer).max(of_series.least), most: answer.into() },
                None => *of_series,
            };
            whole.least = whole.least.max(least);
            whole.most += most.max(least);
        }
        ExpectedOfYear { series, whole }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Date;
    use serde_json::json;

    const SERIES: RecordId = RecordId::from_bytes([1; 16]);
    const OTHER: RecordId = RecordId::from_bytes([2; 16]);

    fn answer(series: Option<RecordId>, people: Option<u32>, volunteers: Option<u32>) -> YearlyPeople {
        let basis = CountBasis::Estimated;
        YearlyPeople { series, year: 2026, distinct_people: people, basis, distinct_volunteers: volunteers }
    }

    #[test]
    fn an_answer_is_read_and_written_back() {
        for series in [Some(SERIES), None] {
            for (people, volunteers) in [(Some(34), None), (Some(34), Some(0)), (Some(0), Some(7)), (None, Some(7))] {
                let answer = answer(series, people, volunteers);
                assert_eq!(YearlyPeople::parse(&answer.to_content()), Ok(answer.clone()));
                assert_eq!(is_of_whole(&answer.to_content()), series.is_none());
            }
        }
    }

    #[test]
    fn a_form_s_answer_takes_the_place_of_the_one_before() {
        let before = answer(Some(SERIES), Some(34), Some(7)).to_content();
        let now = YearlyPeople { basis: CountBasis::Counted, ..answer(Some(SERIES), None, Some(8)) };
        assert_eq!(content::overlay(&before, &now.to_edit()).get("distinct_people"), None);
        assert_eq!(YearlyPeople::parse(&content::overlay(&before, &now.to_edit())), Ok(now));
    }

    #[test]
    fn an_answer_for_the_whole_says_that_it_is_about_no_series() {
        let before = answer(Some(SERIES), Some(34), None).to_content();
        let whole = answer(None, Some(60), None);
        assert_eq!(YearlyPeople::parse(&content::overlay(&before, &whole.to_edit())), Ok(whole));
    }

    #[test]
    fn an_answer_without_a_number_is_none() {
        let missing = vec![FieldError { field: "distinct_people", problem: Problem::Missing }];
        assert_eq!(YearlyPeople::parse(&answer(Some(SERIES), None, None).to_content()), Err(missing));
        let mut wrong = answer(None, Some(1), None).to_content();
        wrong.insert("distinct_people".into(), json!("many"));
        let problems = YearlyPeople::parse(&wrong).expect_err("no number");
        assert_eq!(problems.len(), 1, "{problems:?}");
    }

    #[test]
    fn each_year_of_each_series_and_of_the_whole_has_one_record() {
        let association = AssociationId::from_bytes([9; 16]);
        let ids = |year| {
            [
                YearlyPeople::id(SERIES, year),
                YearlyPeople::id(OTHER, year),
                YearlyPeople::id_of_whole(association, year),
            ]
        };
        assert_eq!(ids(2026), ids(2026));
        let all: std::collections::BTreeSet<_> = [ids(2026), ids(2027)].concat().into_iter().collect();
        assert_eq!(all.len(), 6);
        for year in [2026, 2027] {
            let of_whole = ids(year).map(|id| YearlyPeople::is_id_of_whole(association, id));
            assert_eq!(of_whole, [false, false, true]);
        }
    }

    fn held(series: Option<RecordId>, date: &str, participants: u32, volunteers: u32) -> Gathering {
        let mut content = json!({"form": "kerho", "date": date, "municipality": "005", "participants": participants,
                                 "volunteers": volunteers, "volunteer_quarter_hours": volunteers});
        if let Some(series) = series {
            content["series"] = json!(series.to_string());
        }
        Gathering::parse(content.as_object().expect("object"), Date::MAX).expect("valid")
    }

    #[test]
    fn an_answer_is_expected_between_the_fullest_gathering_and_all_visits() {
        let year = [
            held(Some(SERIES), "2026-01-05", 10, 2),
            held(Some(SERIES), "2026-01-12", 14, 1),
            held(Some(OTHER), "2026-01-12", 5, 0),
            held(None, "2026-02-01", 30, 4),
            held(Some(SERIES), "2025-12-31", 99, 9),
        ];
        let of = |asked, answers: &[YearlyPeople]| ExpectedOfYear::of(asked, 2026, &year, answers);
        let people = of(Asked::People, &[]);
        assert_eq!(people.series[&SERIES], Expected { least: 14, most: 24 });
        assert_eq!(people.whole, Expected { least: 30, most: 59 });
        assert_eq!(of(Asked::Volunteers, &[]).whole, Expected { least: 4, most: 7 });
        // Answers of the groups tell more; one about volunteers alone says nothing of the people.
        let answers = [answer(Some(SERIES), Some(20), Some(2)), answer(Some(OTHER), None, Some(1))];
        assert_eq!(of(Asked::People, &answers).whole, Expected { least: 30, most: 20 + 5 + 30 });
        assert_eq!(of(Asked::Volunteers, &answers).whole, Expected { least: 4, most: 2 + 1 + 4 });
        assert!(people.whole.holds(30) && people.whole.holds(59));
        assert!(!people.whole.holds(29) && !people.whole.holds(60));
    }
}
