//! The official code lists: municipalities, wellbeing services counties, activity forms, target groups and themes.
//!
//! The build script makes them from `domain/data`; sources and licences are in `domain/data/README.md`. A value of
//! these types is always an existing code.

use std::fmt;

use crate::Lang;

/// How gatherings of a form are usually recorded (`record_kind` in the data).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordKind {
    /// A recurring group.
    Series,
    /// One occasion.
    Single,
    /// A place is open, visits are counted.
    OpenDay,
    /// One-to-one contacts, counted as participants.
    Contacts,
    Any,
}

/// The parts in which a region's handbook of the associations' hyte work describes it (`handbook_part` in the data).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HandbookPart {
    /// A: support in a life situation.
    Support,
    /// B: inclusion and activity.
    Inclusion,
    /// C: special expertise.
    Expertise,
}

impl HandbookPart {
    pub const fn code(self) -> &'static str {
        match self {
            HandbookPart::Support => "a",
            HandbookPart::Inclusion => "b",
            HandbookPart::Expertise => "c",
        }
    }
}

/// What stands in a column of the file with one row for each gathering (`cell` in the data).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnCell {
    Id,
    Date,
    /// A local time of day.
    Time,
    Text,
    /// A whole number.
    Number,
    /// Hours with decimals; the content has quarter hours.
    Hours,
    YesNo,
    /// A code of a closed list.
    Code,
    Codes,
    /// Funders, each with the year of its grant.
    Tags,
    /// The name of what a column of codes or ids says: for people, and nothing of the content.
    Name,
}

/// How an import reads the cells of a column (`read_as` in the data).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadAs {
    Id,
    Day,
    Time,
    /// A group by its name.
    Series,
    /// A group by its id, as our own export has it.
    SeriesId,
    Form,
    Municipality,
    Text,
    PostalCode,
    Minutes,
    Number,
    /// Hours in the file, quarter hours in the record.
    Hours,
    YesNo,
    /// One of a closed list.
    Basis,
    Status,
    Mode,
    Language,
    Partner,
    TargetGroups,
    Themes,
    /// `STEA 2026; Kunta 2026`
    Funders,
    /// A band of [`crate::gathering::AGE_BANDS`].
    Age(usize),
    /// One of [`crate::gathering::GENDERS`].
    Gender(usize),
}

include!(concat!(env!("OUT_DIR"), "/codes.rs"));

/// The name in a line of `names`: `suomi|svenska|English`, left empty where there is none or it is like the Finnish one.
fn name(names: &'static str, line: u16, lang: Lang) -> &'static str {
    let mut names = names.split('\n').nth(line.into()).unwrap_or_default().split('|');
    let finnish = names.next().unwrap_or_default();
    let others = (lang as usize).checked_sub(1);
    let own = others.and_then(|others| names.nth(others)).unwrap_or_default();
    if own.is_empty() { finnish } else { own }
}

macro_rules! code_list {
    ($($(#[$doc:meta])* $name:ident: $codes:ident, $names:ident, $order:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u16);

        impl $name {
            /// The entry with this code, if there is one.
            pub fn parse(code: &str) -> Option<Self> {
                $codes.binary_search(&code).ok().map(|index| Self(index as u16))
            }

            pub fn code(self) -> &'static str {
                $codes[usize::from(self.0)]
            }

            pub fn name(self, lang: Lang) -> &'static str {
                name($names, self.0, lang)
            }

            /// Every entry, in the order of the data file.
            pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
                $order.iter().map(|index| Self(*index))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.code())
            }
        }
    )+};
}

code_list! {
    /// A municipality of 1 January 2026.
    Municipality: MUNICIPALITIES, MUNICIPALITIES_NAMES, MUNICIPALITIES_ORDER;
    /// A wellbeing services county, the City of Helsinki (90) or Åland (91).
    County: COUNTIES, COUNTIES_NAMES, COUNTIES_ORDER;
    /// A form of activity: club, outing, peer support group …
    ActivityForm: ACTIVITY_FORMS, ACTIVITY_FORMS_NAMES, ACTIVITY_FORMS_ORDER;
    /// Whom an activity is for.
    TargetGroup: TARGET_GROUPS, TARGET_GROUPS_NAMES, TARGET_GROUPS_ORDER;
    /// What an activity furthers.
    Theme: THEMES, THEMES_NAMES, THEMES_ORDER;
    /// A column of the file with one row for each gathering ([`crate::report::rows`]).
    Column: ROW_COLUMNS, ROW_COLUMNS_NAMES, ROW_COLUMNS_ORDER;
    /// A value in such a file, in words: `basis.counted` is "Laskettu".
    ValueName: ROW_VALUES, ROW_VALUES_NAMES, ROW_VALUES_ORDER;
    /// The name of a measure of the association's reports ([`crate::report::words`]).
    MeasureName: MEASURES, MEASURES_NAMES, MEASURES_ORDER;
    /// What a measure means, and its source.
    Definition: DEFINITIONS, DEFINITIONS_NAMES, DEFINITIONS_ORDER;
    /// Other words of those reports: `table.by_month` is "Kuukausittain".
    ReportWord: REPORT_WORDS, REPORT_WORDS_NAMES, REPORT_WORDS_ORDER;
}

impl Municipality {
    pub fn county(self) -> County {
        let code = MUNICIPALITIES_COUNTY[usize::from(self.0)];
        County::parse(code).expect("a test checks that every municipality's county exists")
    }

    /// Residents at the end of 2022.
    pub fn population(self) -> u32 {
        MUNICIPALITIES_POPULATION[usize::from(self.0)]
    }

    /// Whether Finnish, and whether Swedish, is an official language here.
    pub fn languages(self) -> (bool, bool) {
        MUNICIPALITIES_LANGUAGES[usize::from(self.0)]
    }

    /// Reads a record's code: a merged municipality is its successor, also for records of the time before the merger, because
    /// only municipalities of today have a coordinator.
    pub fn parse_or_successor(code: &str) -> Option<Municipality> {
        Municipality::parse(code).or_else(|| {
            let (_, successor, _) = MERGERS.iter().find(|(old, _, _)| *old == code)?;
            Municipality::parse(successor)
        })
    }
}

impl County {
    pub fn municipalities(self) -> impl Iterator<Item = Municipality> {
        Municipality::all().filter(move |municipality| municipality.county() == self)
    }
}

impl ActivityForm {
    /// The part of the handbook that describes the form; none of "other".
    pub fn part(self) -> Option<HandbookPart> {
        ACTIVITY_FORMS_PART[usize::from(self.0)]
    }

    pub fn record_kind(self) -> RecordKind {
        ACTIVITY_FORMS_KIND[usize::from(self.0)]
    }

    /// Whether taking part says something about a person's health or life situation.
    pub fn is_sensitive(self) -> bool {
        ACTIVITY_FORMS_SENSITIVE[usize::from(self.0)]
    }
}

impl Column {
    /// The field of the content that it holds: [`crate::gathering::FIELDS`], or `id` or `review`.
    pub fn field(self) -> &'static str {
        ROW_COLUMNS_FIELD[usize::from(self.0)]
    }

    /// Of a breakdown, the name of its part: `75` of `ages`.
    pub fn part(self) -> Option<&'static str> {
        Some(ROW_COLUMNS_PART[usize::from(self.0)]).filter(|part| !part.is_empty())
    }

    pub fn cell(self) -> ColumnCell {
        ROW_COLUMNS_CELL[usize::from(self.0)]
    }

    /// How an import reads its cells; none of a column that says by code what another says by name, or that nobody brings.
    pub fn read_as(self) -> Option<ReadAs> {
        ROW_COLUMNS_READ_AS[usize::from(self.0)]
    }

    /// What people call it beside its names in an export, as headings are compared. They are many, and only a server reads headings.
    pub fn others(self) -> impl Iterator<Item = &'static str> {
        ROW_COLUMNS_ALSO[usize::from(self.0)].split('|').filter(|other| !other.is_empty())
    }
}

impl TargetGroup {
    /// Whether belonging to the group says something about a person's health or life situation.
    pub fn is_sensitive(self) -> bool {
        TARGET_GROUPS_SENSITIVE[usize::from(self.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_whole_and_named_in_three_languages() {
        assert_eq!(Municipality::all().len(), 308);
        assert_eq!(County::all().len(), 23);
        assert_eq!(ActivityForm::all().len(), 21);
        assert_eq!(TargetGroup::all().len(), 13);
        assert_eq!(Theme::all().len(), 8);
        for lang in Lang::ALL {
            assert!(Municipality::all().all(|m| !m.name(lang).is_empty()));
            assert!(ActivityForm::all().all(|f| !f.name(lang).is_empty()));
            assert!(TargetGroup::all().all(|g| !g.name(lang).is_empty()));
            assert!(Theme::all().all(|t| !t.name(lang).is_empty()));
        }
    }

    #[test]
    fn a_name_that_a_language_lacks_is_finnish() {
        let names = "Utsjoki||Utsjoki (en)\nAkaa";
        assert_eq!(name(names, 0, Lang::Sv), "Utsjoki");
        assert_eq!(name(names, 0, Lang::En), "Utsjoki (en)");
        for lang in Lang::ALL {
            assert_eq!(name(names, 1, lang), "Akaa");
        }
    }

    #[test]
    fn every_municipality_has_a_county_and_residents() {
        for municipality in Municipality::all() {
            assert!(municipality.county().municipalities().any(|other| other == municipality));
            assert!(municipality.population() > 0);
            assert_ne!(municipality.languages(), (false, false));
        }
    }

    #[test]
    fn a_merged_municipality_is_read_as_its_successor() {
        assert_eq!(Municipality::parse("588"), None);
        assert_eq!(Municipality::parse_or_successor("588"), Municipality::parse("507"));
        assert_eq!(Municipality::parse_or_successor("999"), None);
    }

    #[test]
    fn sensitive_forms_and_groups_are_those_marked_in_the_data() {
        let forms: Vec<_> = ActivityForm::all().filter(|f| f.is_sensitive()).map(ActivityForm::code).collect();
        assert_eq!(forms, ["vertaistuki", "omaishoito"]);
        assert_eq!(TargetGroup::all().filter(|g| g.is_sensitive()).count(), 6);
    }
}
