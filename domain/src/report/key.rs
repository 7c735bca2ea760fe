//! By what a report divides gatherings: dimensions, the groups that they make, and the tables.

use std::borrow::Cow;

use crate::{
    Gathering, Month, RecordId,
    codes::{ActivityForm, HandbookPart, Municipality, TargetGroup, Theme},
    date,
    gathering::{FunderTag, GatheringLanguage},
};

/// One group of gatherings. None is what was not said, or a gathering outside the series.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group<'a> {
    All,
    Series(Option<RecordId>),
    Month(Month),
    Form(ActivityForm),
    Place(Option<Cow<'a, str>>),
    TargetGroup(Option<TargetGroup>),
    Theme(Option<Theme>),
    /// A funder and the year of its grant.
    Funder(Option<(Cow<'a, str>, i16)>),
    /// 0 is Monday.
    Weekday(u8),
    Municipality(Municipality),
    Language(Option<GatheringLanguage>),
    /// A part of the handbook; none of other activity.
    Part(Option<HandbookPart>),
}

impl Group<'_> {
    pub fn into_owned(self) -> Group<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Group::All => Group::All,
            Group::Series(series) => Group::Series(series),
            Group::Month(month) => Group::Month(month),
            Group::Form(form) => Group::Form(form),
            Group::Place(place) => Group::Place(place.map(owned)),
            Group::TargetGroup(group) => Group::TargetGroup(group),
            Group::Theme(theme) => Group::Theme(theme),
            Group::Funder(tag) => Group::Funder(tag.map(|(funder, year)| (owned(funder), year))),
            Group::Weekday(day) => Group::Weekday(day),
            Group::Municipality(municipality) => Group::Municipality(municipality),
            Group::Language(language) => Group::Language(language),
            Group::Part(part) => Group::Part(part),
        }
    }

    /// The stable code; empty for all and for what was not said.
    pub fn code(&self) -> String {
        match self {
            Group::All => String::new(),
            Group::Series(series) => series.map(|id| id.to_string()).unwrap_or_default(),
            Group::Month(month) => month.to_string(),
            Group::Form(form) => form.code().to_owned(),
            Group::Place(place) => place.as_deref().unwrap_or_default().to_owned(),
            Group::TargetGroup(group) => group.map(TargetGroup::code).unwrap_or_default().to_owned(),
            Group::Theme(theme) => theme.map(Theme::code).unwrap_or_default().to_owned(),
            Group::Funder(tag) => tag.as_ref().map(|(funder, year)| format!("{funder} {year}")).unwrap_or_default(),
            Group::Weekday(day) => (day + 1).to_string(),
            Group::Municipality(municipality) => municipality.code().to_owned(),
            Group::Language(language) => language.map(GatheringLanguage::code).unwrap_or_default().to_owned(),
            Group::Part(part) => part.map(HandbookPart::code).unwrap_or_default().to_owned(),
        }
    }
}

/// A group, and within it a second one where a table crosses two; otherwise that is [`Group::All`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key<'a>(pub Group<'a>, pub Group<'a>);

impl Key<'_> {
    pub fn all() -> Key<'static> {
        Key(Group::All, Group::All)
    }

    pub fn into_owned(self) -> Key<'static> {
        Key(self.0.into_owned(), self.1.into_owned())
    }

    /// The group of other days that stands beside this one when years are compared: of a month, the same month so many years later.
    pub(super) fn years_later(&self, years: i32) -> Key<'static> {
        let later = |group: &Group<'_>| match group {
            Group::Month(month) => Group::Month(month.plus(years * 12)),
            group => group.clone().into_owned(),
        };
        Key(later(&self.0), later(&self.1))
    }
}

impl<'a> From<Group<'a>> for Key<'a> {
    fn from(group: Group<'a>) -> Key<'a> {
        Key(group, Group::All)
    }
}

/// By what gatherings are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    All,
    Series,
    Month,
    Form,
    Place,
    TargetGroup,
    Theme,
    Funder,
    Weekday,
    Municipality,
    Language,
    Part,
}

impl Dimension {
    /// Calls `each` with every group that the gathering belongs to: with one, or with several of target groups, themes and funders.
    pub fn groups<'a>(self, gathering: &'a Gathering, each: &mut dyn FnMut(Group<'a>)) {
        let defaults = &gathering.defaults;
        match self {
            Dimension::All => each(Group::All),
            Dimension::Series => each(Group::Series(gathering.series)),
            Dimension::Month => each(Group::Month(Month::of(gathering.date))),
            Dimension::Form => each(Group::Form(gathering.form)),
            Dimension::Place => each(Group::Place(defaults.place.as_deref().map(Cow::Borrowed))),
            Dimension::TargetGroup => {
                several(&defaults.target_groups, |group| Group::TargetGroup(group.copied()), each)
            }
            Dimension::Theme => several(&defaults.themes, |theme| Group::Theme(theme.copied()), each),
            Dimension::Funder => {
                let tag = |tag: &'a FunderTag| (Cow::Borrowed(tag.funder.as_str()), tag.year);
                several(&defaults.funders, |of| Group::Funder(of.map(tag)), each);
            }
            Dimension::Weekday => each(Group::Weekday(date::weekday(gathering.date))),
            Dimension::Municipality => each(Group::Municipality(gathering.municipality)),
            Dimension::Language => each(Group::Language(defaults.language)),
            Dimension::Part => each(Group::Part(gathering.form.part())),
        }
    }
}

/// One group for each item, each once; one for none.
fn several<'a, T: PartialEq>(
    items: &'a [T],
    group: impl Fn(Option<&'a T>) -> Group<'a>,
    each: &mut dyn FnMut(Group<'a>),
) {
    if items.is_empty() {
        return each(group(None));
    }
    for (at, item) in items.iter().enumerate() {
        // A group that is named twice counts once.
        if !items[..at].contains(item) {
            each(group(Some(item)));
        }
    }
}

/// Months of a table that crosses them with groups: nobody reads more columns.
pub const MONTHS_CROSSED_MAX: i32 = 24;

macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident = $code:literal: $first:ident $second:ident,)+) => {
        /// A table of a report.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Table { $($(#[$doc])* $name),+ }

        impl Table {
            pub const ALL: &'static [Table] = &[$(Table::$name),+];

            pub const fn code(self) -> &'static str {
                match self { $(Table::$name => $code),+ }
            }

            /// By what it divides, and what within that.
            pub const fn dimensions(self) -> (Dimension, Dimension) {
                match self { $(Table::$name => (Dimension::$first, Dimension::$second)),+ }
            }
        }
    };
}

tables! {
    /// Everything together, in one row.
    Whole = "whole": All All,
    BySeries = "by_series": Series All,
    ByMonth = "by_month": Month All,
    ByForm = "by_form": Form All,
    ByPlace = "by_place": Place All,
    ByTargetGroup = "by_target_group": TargetGroup All,
    ByTheme = "by_theme": Theme All,
    ByFunder = "by_funder": Funder All,
    ByWeekday = "by_weekday": Weekday All,
    ByMunicipality = "by_municipality": Municipality All,
    ByLanguage = "by_language": Language All,
    ByPart = "by_part": Part All,
    /// Of ranges of at most [`MONTHS_CROSSED_MAX`] months.
    SeriesByMonth = "series_by_month": Series Month,
    FunderBySeries = "funder_by_series": Funder Series,
    FunderByTargetGroup = "funder_by_target_group": Funder TargetGroup,
    MunicipalityByForm = "municipality_by_form": Municipality Form,
    PartByForm = "part_by_form": Part Form,
    PartByTargetGroup = "part_by_target_group": Part TargetGroup,
    PartByMunicipality = "part_by_municipality": Part Municipality,
}

impl Table {
    /// Whether a gathering may stand in several rows, so that the rows do not sum to the whole.
    pub fn overlaps(self) -> bool {
        let (first, second) = self.dimensions();
        let is_several = |one| matches!(one, Dimension::TargetGroup | Dimension::Theme | Dimension::Funder);
        is_several(first) || is_several(second)
    }
}
