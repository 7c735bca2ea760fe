//! The words of the association's reports in each language, from `domain/data`: a phone has them in the association's part only, and the
//! server's files have the same ones.

use std::collections::BTreeMap;

use crate::{
    Lang, RecordId, Series,
    codes::{Definition, MeasureName, ReportWord, ValueName},
    gathering::GatheringLanguage,
    report::{
        chart::words::ChartWord,
        key::{Group, Key, Table},
        measure::{Measure, Unit},
        packs::{Pack, annual_report::Said},
        tidy::{Missing, Span, Verdict, Words},
    },
};

/// Words in a language, with the names of the series.
#[derive(Clone, Copy, Debug)]
pub struct InWords<'a> {
    pub lang: Lang,
    pub series: &'a BTreeMap<RecordId, Series>,
}

impl InWords<'_> {
    /// The name of a row of a table: its groups; nothing of the row that has all.
    pub fn key(&self, key: &Key<'_>) -> String {
        let names = [&key.0, &key.1].map(|group| self.group(group));
        let names: Vec<String> = names.into_iter().filter(|name| !name.is_empty()).collect();
        names.join(" · ")
    }
}

impl Words for InWords<'_> {
    fn column(&self, code: &'static str) -> String {
        word(self.lang, "column", code).to_owned()
    }

    fn table(&self, of: Table) -> String {
        table(self.lang, of).to_owned()
    }

    fn group(&self, group: &Group<'_>) -> String {
        let lang = self.lang;
        let not_said = || word(lang, "none", "said").to_owned();
        match group {
            Group::All => String::new(),
            Group::Series(None) => word(lang, "none", "series").to_owned(),
            // A series that this device does not know keeps its id, so that two are not taken for one.
            Group::Series(Some(id)) => self.series.get(id).map_or_else(|| id.to_string(), |series| series.name.clone()),
            Group::Month(month) => format!("{} {}", word(lang, "month", &month.number().to_string()), month.year()),
            Group::Form(form) => form.name(lang).to_owned(),
            Group::Place(place) => place.as_deref().map_or_else(not_said, str::to_owned),
            Group::TargetGroup(group) => group.map_or_else(not_said, |group| group.name(lang).to_owned()),
            Group::Theme(theme) => theme.map_or_else(not_said, |theme| theme.name(lang).to_owned()),
            Group::Funder(None) => not_said(),
            Group::Funder(Some((funder, year))) => format!("{funder} {year}"),
            Group::Weekday(day) => word(lang, "weekday", &(day + 1).to_string()).to_owned(),
            Group::Municipality(municipality) => municipality.name(lang).to_owned(),
            Group::Language(language) => language.map_or_else(not_said, |language| language_name(lang, language)),
            Group::Part(part) => {
                part.map_or_else(|| word(lang, "none", "part"), |part| word(lang, "part", part.code())).to_owned()
            }
        }
    }

    fn span(&self, span: Span) -> String {
        word(self.lang, "span", span.code()).to_owned()
    }

    fn measure(&self, measure: Measure) -> String {
        name(self.lang, measure).to_owned()
    }

    fn unit(&self, unit: Unit) -> String {
        word(self.lang, "unit", unit.code()).to_owned()
    }

    fn missing(&self, why: Missing) -> String {
        word(self.lang, "missing", why.code()).to_owned()
    }

    fn verdict(&self, verdict: Verdict) -> String {
        word(self.lang, "verdict", verdict.code()).to_owned()
    }
}

/// A measure's name.
pub fn name(lang: Lang, measure: Measure) -> &'static str {
    MeasureName::parse(measure.code()).map_or(measure.code(), |name| name.name(lang))
}

/// What a measure means, and where that comes from: the answer to "Mistä tämä tulee?".
pub fn definition(lang: Lang, measure: Measure) -> &'static str {
    Definition::parse(measure.code()).map_or("", |definition| definition.name(lang))
}

pub fn table(lang: Lang, table: Table) -> &'static str {
    word(lang, "table", table.code())
}

pub fn pack(lang: Lang, pack: Pack) -> &'static str {
    word(lang, "pack", pack.code())
}

/// What a chart says in words; with places for names and numbers in braces.
pub fn chart(lang: Lang, of: ChartWord) -> &'static str {
    word(lang, "chart", of.code())
}

/// A sentence of the annual report: `{0}` is its first figure, `{when}` the range, `{group}` the group's name. Whoever shows it writes the
/// numbers as the language does.
pub fn sentence(lang: Lang, said: Said) -> &'static str {
    word(lang, "sentence", said.code())
}

fn language_name(lang: Lang, language: GatheringLanguage) -> String {
    let code = format!("language.{}", language.code());
    ValueName::parse(&code).map_or(language.code(), |name| name.name(lang)).to_owned()
}

/// The word of a code; a test checks that each has one.
pub(super) fn word(lang: Lang, of: &str, code: &str) -> &'static str {
    ReportWord::parse(&format!("{of}.{code}")).map_or("", |word| word.name(lang))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tidy::COLUMNS;
    use std::collections::BTreeSet;

    #[test]
    fn everything_has_its_word_and_every_word_its_use() {
        let of = |of: &'static str, codes: Vec<&'static str>| {
            codes.into_iter().map(move |code| format!("{of}.{code}")).collect::<Vec<_>>()
        };
        let units = [
            Unit::Gatherings,
            Unit::Heads,
            Unit::People,
            Unit::Hours,
            Unit::Days,
            Unit::Groups,
            Unit::Weeks,
            Unit::Words,
        ];
        let used: BTreeSet<String> = [
            of("table", Table::ALL.iter().map(|one| one.code()).collect()),
            of("pack", Pack::ALL.iter().map(|one| one.code()).collect()),
            of("span", Span::ALL.iter().map(|one| one.code()).collect()),
            of("missing", Missing::ALL.iter().map(|one| one.code()).collect()),
            of("verdict", Verdict::ALL.iter().map(|one| one.code()).collect()),
            of("sentence", Said::ALL.iter().map(|one| one.code()).collect()),
            of("chart", ChartWord::ALL.iter().map(|one| one.code()).collect()),
            of("unit", units.iter().map(|one| one.code()).collect()),
            of("column", COLUMNS.to_vec()),
            of("none", vec!["series", "said", "part"]),
            of("number", vec!["thousand", "ten_thousand", "half", "percent", "day"]),
            of("document", vec!["part", "made"]),
            of("part", vec!["a", "b", "c"]),
            of("month", vec!["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"]),
            of("weekday", vec!["1", "2", "3", "4", "5", "6", "7"]),
        ]
        .concat()
        .into_iter()
        .collect();
        let there: BTreeSet<String> = ReportWord::all().map(|word| word.code().to_owned()).collect();
        assert_eq!(used, there);
        let measures: BTreeSet<&str> = Measure::ALL.iter().map(|measure| measure.code()).collect();
        assert_eq!(MeasureName::all().map(MeasureName::code).collect::<BTreeSet<_>>(), measures);
        assert_eq!(Definition::all().map(Definition::code).collect::<BTreeSet<_>>(), measures);
    }

    #[test]
    fn two_measures_never_have_one_name() {
        for lang in Lang::offered() {
            let names: BTreeSet<&str> = Measure::ALL.iter().map(|measure| name(lang, *measure)).collect();
            assert_eq!(names.len(), Measure::ALL.len());
        }
    }

    #[test]
    fn a_sentence_has_a_place_for_each_of_its_figures() {
        for lang in Lang::offered() {
            for said in Said::ALL {
                let template = sentence(lang, said);
                let places = (0..9).filter(|place| template.contains(&format!("{{{place}}}"))).count();
                assert_eq!(places, said.figures(), "{template}");
                assert_eq!(template.contains("{group}"), said == Said::Form, "{template}");
            }
        }
    }
}
