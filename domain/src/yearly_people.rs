//! The number of different people, and of different volunteers, in one series and year. It cannot be summed from gatherings, so
//! the association is asked once a year.

use crate::{
    Content, FieldError, RecordId, bounds,
    content::{self, Reader, put},
    gathering::CountBasis,
};

/// The answer for one series and year, which are its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearlyPeople {
    pub series: RecordId,
    pub year: i16,
    pub distinct_people: u32,
    /// How the people were counted.
    pub basis: CountBasis,
    /// How many different volunteers helped; asked like the people, and often left unanswered.
    pub distinct_volunteers: Option<u32>,
}

pub const FIELDS: &[&str] = &["series", "year", "distinct_people", "basis", "distinct_volunteers"];

impl YearlyPeople {
    /// The record of a series' year: the same on every phone, so that two answers meet (S11) instead of standing side by side.
    pub fn id(series: RecordId, year: i16) -> RecordId {
        let mut bytes = *series.uuid().as_bytes();
        for (byte, of_year) in bytes[14..].iter_mut().zip(year.to_be_bytes()) {
            *byte ^= of_year;
        }
        RecordId::from_bytes(bytes)
    }

    pub fn parse(content: &Content) -> Result<YearlyPeople, Vec<FieldError>> {
        let mut read = Reader::new(content);
        let series = read.required("series", content::id(RecordId::parse));
        let year = read.required("year", content::number(bounds::FIRST_YEAR as u32, 2100));
        let people = read.required("distinct_people", content::number(0, bounds::DISTINCT_PEOPLE_MAX));
        let basis = read.optional("basis", content::code(CountBasis::parse)).unwrap_or(CountBasis::Counted);
        let distinct_volunteers = read.optional("distinct_volunteers", content::number(0, bounds::VOLUNTEERS_MAX));
        let whole = series.zip(year).zip(people).map(|((series, year), distinct_people)| YearlyPeople {
            series,
            year: year as i16,
            distinct_people,
            basis,
            distinct_volunteers,
        });
        read.finish(whole)
    }

    pub fn to_content(&self) -> Content {
        let mut out = Content::new();
        put(&mut out, "series", Some(self.series.to_string()));
        put(&mut out, "year", Some(self.year));
        put(&mut out, "distinct_people", Some(self.distinct_people));
        put(&mut out, "basis", (self.basis != CountBasis::Counted).then(|| self.basis.code()));
        put(&mut out, "distinct_volunteers", self.distinct_volunteers);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_and_written_back() {
        let series = RecordId::from_bytes([1; 16]);
        for distinct_volunteers in [None, Some(0), Some(7)] {
            let basis = CountBasis::Estimated;
            let answer = YearlyPeople { series, year: 2026, distinct_people: 34, basis, distinct_volunteers };
            assert_eq!(YearlyPeople::parse(&answer.to_content()), Ok(answer));
        }
    }

    #[test]
    fn each_year_of_each_series_has_one_record() {
        let (a, b) = (RecordId::from_bytes([1; 16]), RecordId::from_bytes([2; 16]));
        assert_eq!(YearlyPeople::id(a, 2026), YearlyPeople::id(a, 2026));
        assert_ne!(YearlyPeople::id(a, 2026), YearlyPeople::id(a, 2027));
        assert_ne!(YearlyPeople::id(a, 2026), YearlyPeople::id(b, 2026));
    }
}
