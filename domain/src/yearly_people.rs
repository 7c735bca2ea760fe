//! Different people in a year in one series: they cannot be summed from gatherings, so the association is asked once a year.

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
    pub basis: CountBasis,
}

pub const FIELDS: &[&str] = &["series", "year", "distinct_people", "basis"];

impl YearlyPeople {
    pub fn parse(content: &Content) -> Result<YearlyPeople, Vec<FieldError>> {
        let mut read = Reader::new(content);
        let series = read.required("series", content::id(RecordId::parse));
        let year = read.required("year", content::number(bounds::FIRST_YEAR as u32, 2100));
        let people = read.required("distinct_people", content::number(0, bounds::DISTINCT_PEOPLE_MAX));
        let basis = read.optional("basis", content::code(CountBasis::parse)).unwrap_or(CountBasis::Counted);
        let whole = series.zip(year).zip(people).map(|((series, year), distinct_people)| YearlyPeople {
            series,
            year: year as i16,
            distinct_people,
            basis,
        });
        read.finish(whole)
    }

    pub fn to_content(&self) -> Content {
        let mut out = Content::new();
        put(&mut out, "series", Some(self.series.to_string()));
        put(&mut out, "year", Some(self.year));
        put(&mut out, "distinct_people", Some(self.distinct_people));
        put(&mut out, "basis", (self.basis != CountBasis::Counted).then(|| self.basis.code()));
        out
    }
}
